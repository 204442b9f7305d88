"""Rules that are rightly unlike the others, each with its reason.

A test of the battery that does not hold for a rule by its mathematics is named here; whatever is
not named must pass.
"""

from typing import Any

from lrstudio.core import identifier

WHOLE = "one length for the whole step, from all coordinates of the gradient"

ENDLESS = "down an endless slope the way gets longer at every step, and with it the rate"

EXCEPTIONS: dict[str, dict[str, str]] = {
    "recorded": {},
    "stands still at rate 0": {},
    "stands still at gradient 0": {
        "asgd": "its own decay term pulls towards zero all the time",
    },
    "decays at gradient 0": {
        "schedule_free_adamw": "the first average is the first point, whatever Keras' form decayed",
    },
    "coordinates are independent": {
        "dog": WHOLE,
        "dowg": WHOLE,
        "dadapt_adam": WHOLE,
        "prodigy": WHOLE,
        "polyak": WHOLE,
        "momo": WHOLE,
        "momo_adam": WHOLE,
    },
    "finite on repeated gradients": {
        "dowg": ENDLESS,
        "dadapt_adam": ENDLESS,
        "prodigy": ENDLESS,
    },
    "goes down a slope": {},
    "all slots change": {
        "dog": "the start is kept, from which the distance is measured",
        "dowg": "the start is kept, from which the distance is measured",
        "prodigy": "the start is kept, from which the distance is measured",
    },
}


def is_excused(test: str, cls: type[Any]) -> bool:
    """Whether a rule is excused from a test."""
    return identifier(cls) in EXCEPTIONS[test]


def test_reasons_are_given() -> None:
    assert all(len(reason) > 20 for known in EXCEPTIONS.values() for reason in known.values())
