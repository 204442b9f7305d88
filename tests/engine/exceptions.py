"""Rules that are rightly unlike the others, each with its reason.

A test of the battery that does not hold for a rule by its mathematics is named here; whatever is
not named must pass.
"""

from typing import Any

from lrstudio.core import identifier

EXCEPTIONS: dict[str, dict[str, str]] = {
    "recorded": {},
    "stands still at rate 0": {
        "rprop": "the rate is the first step alone, which bounds lengthen",
        "ftrl": "the rate divides; Keras has no zero for it either",
        "madgrad": "the rate enters as η + ε, as published",
    },
    "stands still at gradient 0": {
        "ftrl": "the best point for no gradients at all is the origin",
        "fromage": "every step shrinks the parameters, or they would grow",
    },
    "decays at gradient 0": {
        "ftrl": "the start is forgotten whatever decays",
        "cocob": "coupled decay is bet on like any gradient, in steps that are tiny at first",
        "rmsprop": "coupled decay is a constant gradient, whose centred spread is zero",
    },
    "coordinates are independent": {
        "lars": "the step is as long as a share of the whole vector of parameters",
        "fromage": "the step is as long as a share of the whole vector of parameters",
    },
    "finite on repeated gradients": {},
    "goes down a slope": {},
    "all slots change": {
        "madgrad": "the start is kept, from which all steps are taken",
        "cocob": "the start is kept, to which all bets are added",
    },
}


def is_excused(test: str, cls: type[Any]) -> bool:
    """Whether a rule is excused from a test."""
    return identifier(cls) in EXCEPTIONS[test]


def test_reasons_are_given() -> None:
    assert all(len(reason) > 20 for known in EXCEPTIONS.values() for reason in known.values())
