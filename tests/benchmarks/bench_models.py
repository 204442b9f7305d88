"""How fast models learn beside PyTorch, in one process and in turns, one thread each.

`python tests/benchmarks/bench_models.py` prints the ratios. Needs the `frameworks` extra.
"""

import os
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from sys import path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the window and the command line do

import pytest

if __name__ == "__main__":
    path.insert(0, str(Path(__file__).parents[2]))

from lrstudio.core import DATASETS, OPTIMIZERS, PROBLEMS
from lrstudio.engine import Contender, Experiment, Recording, run
from tests.benchmarks.timing import in_turns, say

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not find_spec("torch"), reason="needs the `frameworks` extra"),
]

LANES = 32
HIDDEN = 32
STEPS = 560
"""Twenty epochs of digits in batches of 64."""


METRICS = {"metrics at start and end": STEPS, "metrics after each epoch": None}
"""When all examples are measured, and every how many steps that is."""


def race(
    hidden: int | None, rates: int, seeds: int = 1, metrics_every: int | None = None
) -> Experiment:
    """Adam on digits, with so many learning rates and seeds."""
    fields: dict[str, Any] = {"data": DATASETS["digits"](), "batch_size": 64}
    fields |= {"validation_share": 0.0, "scale_features": False}
    if hidden is None:
        problem = PROBLEMS["softmax_regression"](**fields)
    else:
        problem = PROBLEMS["perceptron"](**fields, hidden_layers=1, width=hidden)
    contenders = tuple(
        Contender(name=str(i), optimizer=OPTIMIZERS["adam"](lr=1e-3 * (1 + i / 50)))
        for i in range(rates)
    )
    return Experiment(
        problem=problem,
        contenders=contenders,
        steps=STEPS,
        seeds=tuple(range(seeds)),
        metrics_every=metrics_every,
    )


def ours(experiment: Experiment) -> Callable[[], object]:
    return lambda: run(experiment, Recording(every=20))


@pytest.mark.parametrize("when", METRICS)
@pytest.mark.parametrize(("name", "hidden", "goal"), [("softmax", None, 4), ("MLP", HIDDEN, None)])
def test_one_lane_beside_a_loop_over_modules(
    name: str, hidden: int | None, goal: int | None, when: str
) -> None:
    from tests.benchmarks import torch_models

    every = METRICS[when]
    data = torch_models.Data(DATASETS["digits"]().table(), each_epoch=every is None)
    loop = partial(torch_models.module_loop, data, hidden, STEPS)
    own, theirs = in_turns(7, ours(race(hidden, 1, metrics_every=every)), loop)
    told = f" (goal {goal})" if goal else ""
    say(
        f"{name}, 1 lane, {when}: {STEPS / own:,.0f} steps/s; PyTorch's modules "
        f"{STEPS / theirs:,.0f}; ratio {theirs / own:.2f}{told}"
    )


@pytest.mark.parametrize("when", METRICS)
@pytest.mark.parametrize(("name", "hidden", "goal"), [("softmax", None, 3), ("MLP", HIDDEN, 2)])
def test_many_lanes_beside_a_batched_product(
    name: str, hidden: int | None, goal: int, when: str
) -> None:
    from tests.benchmarks import torch_models

    every = METRICS[when]
    data = torch_models.Data(DATASETS["digits"]().table(), each_epoch=every is None)
    plain, fused = (torch_models.batched(data, hidden, LANES, is_fused=f) for f in (False, True))
    taken = in_turns(
        5,
        ours(race(hidden, LANES, metrics_every=every)),
        ours(race(hidden, 1, seeds=LANES, metrics_every=every)),
        partial(plain, STEPS),
        partial(fused, STEPS),
    )
    shared, own, theirs, faster = (LANES * STEPS / seconds / 1e3 for seconds in taken)
    say(
        f"{name}, {LANES} lanes, {when}: {shared:.0f} k lane-steps/s on shared batches, {own:.0f} "
        f"k on batches of their own; PyTorch's batched product {theirs:.0f} k, ratio "
        f"{shared / theirs:.2f} (goal {goal}); with its fused Adam {faster:.0f} k, ratio "
        f"{shared / faster:.2f}"
    )


if __name__ == "__main__":
    for when in METRICS:
        test_one_lane_beside_a_loop_over_modules("softmax", None, 4, when)
        test_one_lane_beside_a_loop_over_modules("MLP", HIDDEN, None, when)
        test_many_lanes_beside_a_batched_product("softmax", None, 3, when)
        test_many_lanes_beside_a_batched_product("MLP", HIDDEN, 2, when)
