"""What a typed formula costs beside the same problem written by hand.

`python tests/benchmarks/bench_formula.py` prints the ratios.
"""

from pathlib import Path
from sys import path
from typing import Any

import numpy as np
import pytest

if __name__ == "__main__":
    path.insert(0, str(Path(__file__).parents[2]))

from lrstudio.core import OPTIMIZERS, Problem
from lrstudio.engine import Contender, Experiment, Recording, run
from lrstudio.engine.evaluation import Evaluator
from tests.benchmarks.timing import in_turns, say
from tests.core.typed_formula.twins import TYPED, built_in, typed

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

LANES = 1000
CALLS = 200
GOAL = 2.0


def evaluations(problem: Problem) -> Any:
    """Losses and gradients of all lanes, many times over."""
    low, high = np.array(problem.domain).T[:, :, None]
    position = np.random.default_rng(0).uniform(low, high, (problem.dim, LANES))
    evaluator = Evaluator(problem, position)

    def work() -> None:
        for _ in range(CALLS):
            evaluator.evaluate()

    return work


def calls(problem: Problem) -> Any:
    """The same without a tape, as a notebook asks for it."""
    low, high = np.array(problem.domain).T[:, :, None]
    position = np.random.default_rng(0).uniform(low, high, (problem.dim, LANES))

    def work() -> None:
        for _ in range(CALLS):
            problem.loss_and_gradient(position)

    return work


WAYS = {f"{LANES} lanes": evaluations, "asked directly": calls}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("text", "name", "parameters"), TYPED)
def test_a_formula_beside_the_problem_written_by_hand(
    text: str, name: str, parameters: dict[str, Any], way: str
) -> None:
    problem, work = built_in(name, parameters), WAYS[way]
    own, hand = in_turns(9, work(typed(text, problem)), work(problem))
    micro = 1e6 / CALLS
    say(
        f"{name:17} × {problem.dim:2}, {way:14}: typed {own * micro:6.1f} µs, by hand "
        f"{hand * micro:6.1f} µs, ratio {own / hand:.2f} (goal {GOAL:g})"
    )


def test_a_race_on_a_formula() -> None:
    problem = built_in("rosenbrock", {})
    starts = np.random.default_rng(0).uniform(-2, 2, (LANES, 2))
    adam = Contender(name="Adam", optimizer=OPTIMIZERS["adam"](lr=1e-3))

    def race(chosen: Problem) -> Any:
        experiment = Experiment(
            problem=chosen,
            contenders=(adam,),
            starts=tuple(map(tuple, starts.tolist())),
            steps=1000,
        )
        return lambda: run(experiment, Recording(every=1000))

    own, hand = in_turns(5, race(typed(TYPED[0][0], problem)), race(problem))
    say(f"Adam on Rosenbrock, {LANES} lanes × 1000 steps: ratio {own / hand:.2f} (goal {GOAL:g})")


if __name__ == "__main__":
    for row in TYPED:
        for told in WAYS:
            test_a_formula_beside_the_problem_written_by_hand(*row, told)
    test_a_race_on_a_formula()
