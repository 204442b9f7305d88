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
    "stands still at rate 0": {
        "rprop": "the rate is the first step alone, which bounds lengthen",
        "ftrl": "the rate divides; Keras has no zero for it either",
        "madgrad": "the rate enters as η + ε, as published",
    },
    "stands still at gradient 0": {
        "asgd": "its own decay term pulls towards zero all the time",
        "yogi": "an initial mean above 0 moves it by itself, as in Optax",
        "ftrl": "the best point for no gradients at all is the origin",
        "fromage": "every step shrinks the parameters, or they would grow",
    },
    "decays at gradient 0": {
        "schedule_free_adamw": "the first average is the first point, whatever Keras' form decayed",
        "yogi": "an initial mean above 0 moves it by itself, as in Optax",
        "adopt": "coupled decay is part of the gradient, and the first gradient makes no step",
        "ftrl": "the start is forgotten whatever decays",
        "cocob": "coupled decay is bet on like any gradient, in steps that are tiny at first",
        "rmsprop": "coupled decay is a constant gradient, whose centred spread is zero",
    },
    "coordinates are independent": {
        "dog": WHOLE,
        "dowg": WHOLE,
        "dadapt_adam": WHOLE,
        "prodigy": WHOLE,
        "polyak": WHOLE,
        "momo": WHOLE,
        "momo_adam": WHOLE,
        "barzilai_borwein": "the step is as long as two points of all coordinates say",
        "lamb": "the step is as long as the whole vector of parameters",
        "novograd": "the gradient is divided by the length of the whole vector",
        "lars": "the step is as long as a share of the whole vector of parameters",
        "fromage": "the step is as long as a share of the whole vector of parameters",
    },
    "all slots change": {
        "madgrad": "the start is kept, from which all steps are taken",
        "cocob": "the start is kept, to which all bets are added",
        "dog": "the start is kept, from which the distance is measured",
        "dowg": "the start is kept, from which the distance is measured",
        "prodigy": "the start is kept, from which the distance is measured",
    },
    "runs into what is no number": {
        "armijo": "its search takes no step to where the loss is no number",
        "conjugate_gradient": "its search takes no step to where the loss is no number",
        "lbfgs": "its search shortens some of the steps to where the loss is infinite",
    },
    "finite on repeated gradients": {
        "dowg": ENDLESS,
        "dadapt_adam": ENDLESS,
        "prodigy": ENDLESS,
    },
    "goes down a slope": {
        "adopt": "the first gradient makes no step: it only sets the spread",
    },
}


def is_excused(test: str, cls: type[Any]) -> bool:
    """Whether a rule is excused from a test."""
    return identifier(cls) in EXCEPTIONS[test]


def test_reasons_are_given() -> None:
    assert all(len(reason) > 20 for known in EXCEPTIONS.values() for reason in known.values())
