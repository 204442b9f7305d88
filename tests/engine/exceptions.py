"""Rules that are rightly unlike the others, each with its reason.

A test of the battery that does not hold for a rule by its mathematics is named here; whatever is
not named must pass.
"""

from typing import Any

from lrstudio.core import identifier

EXCEPTIONS: dict[str, dict[str, str]] = {
    "recorded": {},
    "stands still at rate 0": {},
    "stands still at gradient 0": {
        "yogi": "an initial mean above 0 moves it by itself, as in Optax",
    },
    "decays at gradient 0": {
        "yogi": "an initial mean above 0 moves it by itself, as in Optax",
        "adopt": "coupled decay is part of the gradient, and the first gradient makes no step",
    },
    "coordinates are independent": {
        "lamb": "the step is as long as the whole vector of parameters",
        "novograd": "the gradient is divided by the length of the whole vector",
    },
    "finite on repeated gradients": {},
    "goes down a slope": {
        "adopt": "the first gradient makes no step: it only sets the spread",
    },
}


def is_excused(test: str, cls: type[Any]) -> bool:
    """Whether a rule is excused from a test."""
    return identifier(cls) in EXCEPTIONS[test]


def test_reasons_are_given() -> None:
    assert all(len(reason) > 20 for known in EXCEPTIONS.values() for reason in known.values())
