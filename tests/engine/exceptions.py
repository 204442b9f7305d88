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
        "barzilai_borwein": "the step is as long as two points of all coordinates say",
        "lamb": "the step is as long as the whole vector of parameters",
        "novograd": "the gradient is divided by the length of the whole vector",
    },
    "runs into what is no number": {
        "armijo": "its search takes no step to where the loss is no number",
        "conjugate_gradient": "its search takes no step to where the loss is no number",
        "lbfgs": "its search shortens some of the steps to where the loss is infinite",
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
