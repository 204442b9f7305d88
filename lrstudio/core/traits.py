"""What kinds of landscape there are, as people look for them; a new one is one line here."""

from typing import NamedTuple


class Trait(NamedTuple):
    """One property of a function that a list of problems can be filtered by."""

    id: str
    """An adjective, which stands in sentences after "is"."""
    title: str
    help: str


TRAITS = (
    Trait("convex", "Convex", "No chord lies below it, so that every minimum is global."),
    Trait("separable", "Separable", "A sum of functions of one coordinate each."),
    Trait("multimodal", "Multimodal", "Has several minima."),
    Trait("smooth", "Smooth", "Has a continuous second derivative everywhere in the domain."),
    Trait("scalable", "Any dimension", "Comes in any number of dimensions."),
)
