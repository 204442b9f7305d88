"""Rules that are rightly unlike the others, each with its reason.

A test of the battery that does not hold for a rule by its mathematics is named here; whatever is
not named must pass.
"""

from typing import Any

from lrstudio.core import identifier

EXCEPTIONS: dict[str, dict[str, str]] = {
    "recorded": {},
    "stands still at rate 0": {},
    "stands still at gradient 0": {},
    "coordinates are independent": {},
    "finite on repeated gradients": {},
    "goes down a slope": {},
}


def is_excused(test: str, cls: type[Any]) -> bool:
    """Whether a rule is excused from a test."""
    return identifier(cls) in EXCEPTIONS[test]


def test_reasons_are_given() -> None:
    assert all(len(reason) > 20 for known in EXCEPTIONS.values() for reason in known.values())
