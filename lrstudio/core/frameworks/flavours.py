"""Flavours: one rule with the defaults and the switches of a framework, or of the textbook."""

from typing import Annotated, Literal

from msgspec.structs import replace

from lrstudio.core.declaration import meta
from lrstudio.core.frameworks import FRAMEWORKS
from lrstudio.core.optimizer import Optimizer
from lrstudio.core.validation import Refused

FlavourId = Literal["textbook", "torch", "keras", "optax"]
Flavour = Annotated[
    FlavourId,
    meta(
        "", "Flavour", "Whose defaults and whose variant of the rule: the paper's or a framework's."
    ),
]
TEXTBOOK: FlavourId = "textbook"
FLAVOURS = {TEXTBOOK: "Textbook", **{f.id: f.title for f in FRAMEWORKS.values()}}
"""Titles by id."""


def flavours_of(rule: type[Optimizer]) -> tuple[str, ...]:
    """The flavours that a rule has: the textbook's, and of each framework that knows it."""
    return (TEXTBOOK, *(f.id for f in FRAMEWORKS.values() if f.calls_of(rule)))


def flavoured(rule: type[Optimizer], flavour: str) -> Optimizer:
    """The rule with a flavour's defaults; raises `Refused` where the framework has no such rule."""
    if flavour == TEXTBOOK:
        return rule()
    defaults = FRAMEWORKS[flavour].defaults(rule)
    if defaults is None:
        raise Refused(f"{FLAVOURS[flavour]} has no such rule")
    return defaults


def differences(optimizer: Optimizer, flavour: str) -> tuple[str, ...]:
    """Names of the fields that differ from the flavour's defaults."""
    if flavour not in flavours_of(type(optimizer)):
        flavour = TEXTBOOK
    defaults = flavoured(type(optimizer), flavour)
    fields = (f for f in optimizer.__struct_fields__ if f != "modifiers")
    return tuple(f for f in fields if getattr(optimizer, f) != getattr(defaults, f))


def reflavoured(optimizer: Optimizer, before: str, after: str) -> Optimizer:
    """The rule in another flavour: what was changed by hand stays, all else follows."""
    changed = {name: getattr(optimizer, name) for name in differences(optimizer, before)}
    return replace(flavoured(type(optimizer), after), modifiers=optimizer.modifiers, **changed)
