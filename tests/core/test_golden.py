"""Every rule and schedule against what PyTorch, Optax and Keras really compute.

The numbers in `tests/golden` come from `tests/golden/make_goldens.py`. What no framework has is
compared with a loop over plain Python floats.
"""

import json
import math
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS, PROBLEMS, SCHEDULES, converted
from lrstudio.core.arrays import Array
from lrstudio.engine import replay

GOLDEN = Path(__file__).parents[1] / "golden"
TOLERANCE = 1e-12
"""Rounding of some ten operations in another order, kept up for 200 updates."""


def cases(name: str) -> list[dict[str, Any]]:
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))["cases"]


def named(case: dict[str, Any]) -> str:
    return f"{case['config']['rule']} = {case['call']}"


def relative_error(got: Any, expected: Any) -> float:
    """Largest error, against the value itself or a thousandth of the largest value."""
    got, expected = np.asarray(got), np.asarray(expected)
    assert got.shape == expected.shape
    size = np.maximum(np.abs(expected), 1e-3 * np.abs(expected).max())
    return float((np.abs(got - expected) / size).max())


IN_NO_FRAMEWORK = {
    "chebyshev",
    "drawn",
    "inverse_sqrt",
    "noam",
    "rex",
    "warmup_restarts",
    "warmup_stable_decay",
    "reduce_on_plateau",
}
"""Their closed forms are in test_schedules; what listens is in test_listeners and frameworks."""

OPTIMIZER_CASES = cases("optimizers.json")
SCHEDULE_CASES = cases("schedules.json")
PROBLEM_CASES = json.loads((GOLDEN / "problems.json").read_text(encoding="utf-8"))["cases"]


@pytest.fixture(scope="module")
def recorded() -> dict[str, Array]:
    with np.load(GOLDEN / "optimizers.npz") as file:
        return dict(file)


def test_every_rule_and_schedule_has_golden_cases() -> None:
    assert {c["config"]["rule"] for c in SCHEDULE_CASES} == set(SCHEDULES) - IN_NO_FRAMEWORK


@pytest.mark.parametrize("is_scheduled", [False, True], ids=["fixed", "scheduled"])
@pytest.mark.parametrize("number", range(len(OPTIMIZER_CASES)), ids=map(named, OPTIMIZER_CASES))
def test_the_rule_moves_like_the_frameworks(
    number: int, is_scheduled: bool, recorded: dict[str, Array]
) -> None:
    config = OPTIMIZER_CASES[number]["config"]
    optimizer = converted(config, OPTIMIZERS[config["rule"]])
    factors = recorded["factors"] if is_scheduled else None
    positions = replay(optimizer, recorded["gradients"], recorded["start"], factors)
    expected = recorded["positions"][number, int(is_scheduled)]
    # Coordinates by themselves: one is of the size 1e-4, where another's error would not show.
    for got, wanted in zip(positions[recorded["rows"]].T, expected.T, strict=True):
        assert relative_error(got, wanted) <= TOLERANCE


@pytest.mark.parametrize("case", SCHEDULE_CASES, ids=map(named, SCHEDULE_CASES))
def test_the_schedule_gives_the_frameworks_rates(case: dict[str, Any]) -> None:
    schedule = converted(case["config"], SCHEDULES[case["config"]["rule"]])
    factors = schedule.factors(121)
    assert relative_error(factors[: len(case["factors"])], case["factors"]) <= TOLERANCE


@pytest.mark.parametrize("case", PROBLEM_CASES, ids=lambda case: case["config"]["function"])
def test_loss_and_gradient_agree_with_sixty_digits(case: dict[str, Any]) -> None:
    problem = converted(case["config"], PROBLEMS[case["config"]["function"]])
    for at in case["points"]:
        loss, gradient = problem.loss_and_gradient(np.array(at["x"]))
        # Losses are sums of terms larger than themselves; hence against the terms' size.
        assert loss == pytest.approx(at["f"], rel=1e-13)
        assert relative_error(gradient, at["grad"]) <= TOLERANCE


# --- what no framework has ---------------------------------------------------------------------

Loop = Callable[[float, list[float], list[float]], Iterator[float]]


def adadelta_outside(x: float, gradients: list[float], rates: list[float]) -> Iterator[float]:
    v = s = 0.0
    for g, rate in zip(gradients, rates, strict=True):
        v = 0.9 * v + 0.1 * g * g
        delta = math.sqrt(s + 1e-3) / (math.sqrt(v) + 1e-3) * g
        s = 0.9 * s + 0.1 * delta * delta
        x -= rate * delta
        yield x


def dampened_inside(x: float, gradients: list[float], rates: list[float]) -> Iterator[float]:
    b = 0.0
    for number, (g, rate) in enumerate(zip(gradients, rates, strict=True)):
        b = 0.9 * b - (0.7 if number else 1.0) * rate * g
        x += b
        yield x


def adagrad_outside_decoupled(
    x: float, gradients: list[float], rates: list[float]
) -> Iterator[float]:
    s = 0.5
    for number, (g, rate) in enumerate(zip(gradients, rates, strict=True)):
        s += g * g
        x = x - rate / (1 + 0.05 * number) * g / (math.sqrt(s) + 1e-3) - rate * 0.1 * x
        yield x


def adadelta_decoupled_outside(
    x: float, gradients: list[float], rates: list[float]
) -> Iterator[float]:
    steps = adadelta_outside(0.0, gradients, [1.0] * len(rates))
    before = 0.0
    for step, rate in zip(steps, rates, strict=True):
        x = x + rate * (step - before) - rate * 0.1 * x
        before = step
        yield x


LOOPS: list[tuple[str, dict[str, Any], Loop]] = [
    ("adadelta", {"lr": 1.0, "eps": 1e-3, "eps_position": "outside"}, adadelta_outside),
    ("momentum", {"lr": 0.02, "dampening": 0.3, "lr_position": "inside"}, dampened_inside),
    (
        "adagrad",
        {
            "lr": 0.1,
            "eps": 1e-3,
            "initial_accumulator": 0.5,
            "lr_decay": 0.05,
            "weight_decay": 0.1,
            "decay": "decoupled",
        },
        adagrad_outside_decoupled,
    ),
    (
        "adadelta",
        {
            "lr": 0.5,
            "eps": 1e-3,
            "eps_position": "outside",
            "weight_decay": 0.1,
            "decay": "decoupled",
        },
        adadelta_decoupled_outside,
    ),
]


@pytest.mark.parametrize(("rule", "fields", "loop"), LOOPS, ids=[x[2].__name__ for x in LOOPS])
def test_the_rule_moves_like_a_loop_over_floats(
    rule: str, fields: dict[str, Any], loop: Loop, recorded: dict[str, Array]
) -> None:
    optimizer = OPTIMIZERS[rule](**fields)
    gradients, start, factors = (recorded[n] for n in ("gradients", "start", "factors"))
    for scale in (np.ones(len(factors)), factors):
        positions = replay(optimizer, gradients, start, scale)
        for j in range(len(start)):
            rates = (fields["lr"] * scale).tolist()
            expected = list(loop(float(start[j]), gradients[:, j].tolist(), rates))
            assert relative_error(positions[1:, j], expected) <= TOLERANCE


@pytest.mark.parametrize("rule", ["momentum", "nesterov"])
def test_the_rates_place_matters_only_under_a_schedule(
    rule: str, recorded: dict[str, Array]
) -> None:
    rules = [OPTIMIZERS[rule](lr=0.02, lr_position=place) for place in ("outside", "inside")]
    gradients, start = recorded["gradients"], recorded["start"]
    fixed = [replay(o, gradients, start) for o in rules]
    scheduled = [replay(o, gradients, start, recorded["factors"]) for o in rules]
    assert relative_error(*fixed) <= TOLERANCE
    assert relative_error(*scheduled) > 1e-3


# --- live --------------------------------------------------------------------------------------


@pytest.mark.frameworks
@pytest.mark.timeout(600)
def test_the_frameworks_still_say_the_same(recorded: dict[str, Array]) -> None:
    # Not by importing them: the generator has to choose Keras' backend before that.
    if not all(map(find_spec, ("torch", "optax", "keras"))):
        pytest.skip("needs the `frameworks` extra")
    from tests.golden import make_goldens

    live, index = make_goldens.optimizer_data()
    assert index == OPTIMIZER_CASES
    assert live.keys() == recorded.keys()
    for name, array in recorded.items():
        assert relative_error(live[name], array) <= TOLERANCE, name
    for got, expected in zip(make_goldens.schedule_data(), SCHEDULE_CASES, strict=True):
        assert got["config"] == expected["config"]
        assert relative_error(got["factors"], expected["factors"]) <= TOLERANCE
