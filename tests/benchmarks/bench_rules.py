"""What a step of each rule costs beside one of Adam, at a thousand lanes, in turns.

`python tests/benchmarks/bench_rules.py` prints a line for each rule and variant of a framework;
`pytest -m benchmark tests/benchmarks/bench_rules.py` holds them against the goal: three times
Adam, unless a rule's mathematics costs more (`DEAR`). The time is that of the update alone, with
gradients at hand.
"""

from functools import partial
from pathlib import Path
from sys import path

import numpy as np
import pytest

if __name__ == "__main__":
    path.insert(0, str(Path(__file__).parents[2]))

from lrstudio.core import OPTIMIZERS, Optimizer, flavoured, flavours_of, identifier
from lrstudio.engine.stepping import Stepper, Surroundings
from tests.benchmarks.timing import in_turns, say

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

DIM, LANES, STEPS = 2, 1000, 200
GOAL = 3.0

DEAR = {
    "armijo": "searches along the line",
    "conjugate_gradient": "searches along the line",
    "lbfgs": "keeps a history and searches along the line",
    "newton": "solves a linear system in each lane",
    "muon": "orthogonalises a matrix",
    "sophia": "asks for second derivatives",
}
"""Rules that cost more by their mathematics; they are not timed here."""


def optimizers() -> dict[str, Optimizer]:
    """Each rule in each of its flavours, if that is another rule."""
    found: dict[str, Optimizer] = {}
    for name, cls in OPTIMIZERS.items():
        if name not in DEAR:
            for flavour in flavours_of(cls):
                optimizer = flavoured(cls, flavour)
                if optimizer not in found.values():
                    found[f"{name} ({flavour})"] = optimizer
    return found


def stepping(optimizer: Optimizer) -> partial[None]:
    """A run of updates with gradients at hand."""
    generator = np.random.default_rng(0)
    position = generator.standard_normal((DIM, LANES))
    gradients = generator.standard_normal((16, DIM, LANES))
    loss = np.ones(LANES)
    stepper = Stepper(
        [optimizer],
        position,
        np.zeros_like(position),
        is_rate_shared=True,
        surroundings=Surroundings(loss=loss),
    )
    stepper.rate[...] = 1e-4
    return partial(_advance, stepper, gradients)


def _advance(stepper: Stepper, gradients: np.ndarray) -> None:
    with np.errstate(all="ignore"):
        for k in range(STEPS):
            np.copyto(stepper.gradient, gradients[k % len(gradients)])
            stepper.advance()


def ratios() -> dict[str, float]:
    """Cost of a step against Adam's."""
    with np.errstate(all="ignore"):
        return _ratios()


def _ratios() -> dict[str, float]:
    adam = stepping(OPTIMIZERS["adam"]())
    found = {}
    for name, optimizer in optimizers().items():
        own, adams = in_turns(5, stepping(optimizer), adam)
        found[name] = own / adams
    return found


def test_no_rule_costs_more_than_three_steps_of_adam() -> None:
    found = ratios()
    for name, ratio in sorted(found.items(), key=lambda item: -item[1]):
        say(f"{name}: {ratio:.2f} times Adam (goal {GOAL:g})")
    assert set(DEAR) <= set(map(identifier, OPTIMIZERS.values()))
    assert max(found.values()) <= GOAL


if __name__ == "__main__":
    test_no_rule_costs_more_than_three_steps_of_adam()
