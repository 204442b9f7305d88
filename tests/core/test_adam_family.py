"""Adam's family: what no framework computes, and what the frameworks' tables refuse."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from lrstudio.core import FRAMEWORKS, OPTIMIZERS, Refused, from_framework
from lrstudio.core.optimizers.adam import Adam, AdamW
from lrstudio.core.optimizers.adam_nesterov import NAdam
from lrstudio.core.optimizers.adam_spread import Adamax
from lrstudio.engine import replay

RNG = np.random.default_rng(11)
GRADIENTS = RNG.standard_normal(60).tolist()
FACTORS = RNG.uniform(0.0, 2.0, 60).tolist()

# --- rules as loops over floats ----------------------------------------------------------------

Loop = Callable[[float, float], Iterator[float]]


def adan_proximal(x: float, rate: float) -> Iterator[float]:
    m = v = n = 0.0
    for t, (g, factor) in enumerate(zip(GRADIENTS, FACTORS, strict=True), start=1):
        d = g - GRADIENTS[t - 2] if t > 1 else 0.0
        m = 0.98 * m + 0.02 * g
        v = 0.92 * v + 0.08 * d
        n = 0.99 * n + 0.01 * (g + 0.08 * d) ** 2
        mean = m / (1 - 0.98**t) + 0.08 * v / (1 - 0.92**t)
        step = rate * factor * mean / (math.sqrt(n / (1 - 0.99**t)) + 1e-8)
        x = (x - step) / (1 + rate * factor * 0.1)
        yield x


def yogi_from_a_mean_of_zero(x: float, rate: float) -> Iterator[float]:
    m, v = 0.0, 1e-6
    for t, (g, factor) in enumerate(zip(GRADIENTS, FACTORS, strict=True), start=1):
        m = 0.9 * m + 0.1 * g
        v += 0.001 * g * g * (1 if v < g * g else -1)
        x -= rate * factor * m / (1 - 0.9**t) / (math.sqrt(v / (1 - 0.999**t)) + 1e-3)
        yield x


def hat_with_epsilon_in_the_root(x: float, rate: float) -> Iterator[float]:
    m = v = 0.0
    for t, (g, factor) in enumerate(zip(GRADIENTS, FACTORS, strict=True), start=1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        size = rate * factor * math.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        x -= size * m / (math.sqrt(v + 0.01) + 1e-8)
        yield x


LOOPS: list[tuple[str, dict[str, Any], Loop]] = [
    ("adan", {"weight_decay": 0.1}, adan_proximal),
    ("yogi", {}, yogi_from_a_mean_of_zero),
    ("adam", {"eps_form": "hat", "eps_root": 0.01}, hat_with_epsilon_in_the_root),
]


@pytest.mark.parametrize(("rule", "fields", "loop"), LOOPS, ids=[x[2].__name__ for x in LOOPS])
def test_the_rule_moves_like_a_loop_over_floats(
    rule: str, fields: dict[str, Any], loop: Loop
) -> None:
    optimizer = OPTIMIZERS[rule](lr=0.05, **fields)
    got = replay(optimizer, np.array(GRADIENTS)[:, None], [2.0], FACTORS)[1:, 0]
    assert got == pytest.approx(list(loop(2.0, 0.05)), rel=1e-12)


# --- which variant is which --------------------------------------------------------------------


def test_lazy_coordinates_keep_their_place_and_their_moments() -> None:
    gradients = np.array([[1.0, 1.0], [0.0, 2.0], [0.0, -1.0], [3.0, 0.5]])
    positions = replay(Adam(lazy=True, lr=0.1), gradients, [0.0, 0.0])
    assert (positions[1:4, 0] == positions[1, 0]).all()
    # Two gradients met, at the first step and at the fourth; the count of steps went on.
    m, v = 0.9 * 0.1 + 0.1 * 3, 0.999 * 0.001 + 0.001 * 9
    step = m / (1 - 0.9**4) / (math.sqrt(v / (1 - 0.999**4)) + 1e-8)
    assert positions[4, 0] - positions[3, 0] == pytest.approx(-0.1 * step, rel=1e-12)
    eager = replay(Adam(lr=0.1), gradients, [0.0, 0.0])
    assert np.array_equal(positions[:, 1], eager[:, 1])


def test_a_maximum_before_and_after_the_correction_are_not_the_same() -> None:
    gradients = np.array([10.0] + [0.1] * 199)[:, None]
    before = replay(Adam(lr=0.1, amsgrad=True), gradients, [1.0])
    rule = OPTIMIZERS["amsgrad"](lr=0.1, corrects_mean=True, corrects_spread=True)
    after = replay(rule, gradients, [1.0])
    assert after[1] == pytest.approx(before[1], rel=1e-12)
    # What is corrected remembers the first gradient whole, what is not its thousandth part.
    assert before[-1] - before[20] < 3 * (after[-1] - after[20]) < 0


def test_the_epsilon_in_front_of_the_correction_weighs_more() -> None:
    first = [
        abs(replay(Adam(lr=1.0, eps=1e-3, eps_form=form), [[1.0]], [0.0])[1, 0])
        for form in ("outside", "hat")
    ]
    assert first == pytest.approx([1 / 1.001, 1 / (1 + 1e-3 / math.sqrt(1e-3))], rel=1e-12)


# --- the tables --------------------------------------------------------------------------------

READ = [
    ("torch", "Adam", {"decoupled_weight_decay": True}, Adam(decay="decoupled")),
    ("torch", "SparseAdam", {}, Adam(eps_form="hat", lazy=True)),
    ("torch", "NAdam", {"momentum_decay": 0}, NAdam(momentum_decay=0.0)),
    ("keras", "Adam", {}, Adam(eps=1e-7, eps_form="hat", decay="decoupled")),
    ("keras", "AdamW", {}, AdamW(eps=1e-7, eps_form="hat", weight_decay=0.004)),
    (
        "keras",
        "Nadam",
        {},
        NAdam(lr=0.001, eps=1e-7, momentum_decay=1.0, decay="decoupled"),
    ),
    ("optax", "adam", {"learning_rate": 0.1}, Adam(lr=0.1)),
    (
        "optax",
        "adam",
        {"learning_rate": 0.1, "nesterov": True},
        NAdam(lr=0.1, momentum_form="constant"),
    ),
    ("optax", "nadam", {"learning_rate": 0.1, "nesterov": False}, Adam(lr=0.1)),
    (
        "optax",
        "nadamw",
        {"learning_rate": 0.1},
        NAdam(lr=0.1, momentum_form="constant", weight_decay=1e-4, decay="decoupled"),
    ),
    (
        "optax",
        "adamaxw",
        {"learning_rate": 0.1},
        Adamax(lr=0.1, weight_decay=1e-4, decay="decoupled"),
    ),
    (
        "optax",
        "optimistic_adam",
        {"learning_rate": 0.5, "optimism": 0.25},
        OPTIMIZERS["optimistic_adam"](lr=0.5, optimism=0.5, nesterov=True),
    ),
    (
        "optax",
        "contrib.sophia",
        {"learning_rate": 0.1, "clip_threshold": None, "verbose": True},
        OPTIMIZERS["sophia"](lr=0.1, clip_threshold=0.0, weight_decay=1e-4),
    ),
]


@pytest.mark.parametrize(("framework", "name", "given", "expected"), READ)
def test_a_call_is_a_rule(framework: str, name: str, given: Any, expected: Any) -> None:
    assert from_framework(framework, name, given) == expected
    call, values = FRAMEWORKS[framework].write(expected) or pytest.fail("cannot be written")
    assert from_framework(framework, call.name, values) == expected


REFUSED = [
    ("torch", "Adam", {"lr": -1e-3}, "lr: expected a number >= 0"),
    ("torch", "Adam", {"betas": (0, 0.999)}, "both floats"),
    ("torch", "Adam", {"betas": (0.9, 1.0)}, r"betas: .* \[0, 1\)"),
    ("torch", "Adam", {"decoupled_weight_decay": 1}, "True or False"),
    ("torch", "SparseAdam", {"lr": 0.0}, "lr: expected a number > 0"),
    ("torch", "SparseAdam", {"weight_decay": 0.1}, "weight_decay"),
    ("torch", "NAdam", {"momentum_decay": -1.0}, "momentum_decay"),
    ("torch", "Adamax", {"fused": True}, "fused"),
    ("keras", "AdamW", {"weight_decay": None}, "weight_decay: expected a finite number"),
    ("keras", "Lion", {"beta_1": 0.0}, r"beta_1: .* \(0, 1\]"),
    ("optax", "adam", {}, "needs the argument 'learning_rate'"),
    ("optax", "adam", {"learning_rate": None}, "learning_rate: expected a finite number"),
    ("optax", "adam", {"learning_rate": abs}, "learning_rate: expected a finite number"),
    ("optax", "adam", {"learning_rate": 0.1, "mu_dtype": "bfloat16"}, "only None"),
    ("optax", "adamw", {"learning_rate": 0.1, "mask": abs}, "only None"),
    ("optax", "optimistic_adam", {"learning_rate": 0, "optimism": 1.0}, "learning_rate of 0"),
    ("optax", "contrib.adopt", {"learning_rate": 0.1, "clip_value_fn": abs}, "only None"),
    ("optax", "contrib.ademamix", {"learning_rate": 0.1, "b3": abs}, "b3: expected a finite"),
    ("optax", "contrib.sophia", {"learning_rate": 0.1, "clip_threshold": 0.0}, "> 0 or None"),
    ("optax", "contrib.sophia", {"learning_rate": 0.1, "update_interval": 0}, "at least 1"),
    ("optax", "contrib.sophia", {"learning_rate": 0.1, "update_interval": 2.0}, "whole number"),
]


@pytest.mark.parametrize(("framework", "name", "given", "sentence"), REFUSED)
def test_what_has_no_place_here_is_refused(
    framework: str, name: str, given: Any, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        from_framework(framework, name, given)


def test_what_a_framework_does_not_have_is_not_written() -> None:
    assert FRAMEWORKS["torch"].write(Adam(eps_root=1e-3)) is None
    assert FRAMEWORKS["torch"].write(NAdam(momentum_form="constant")) is None
    assert FRAMEWORKS["keras"].write(NAdam(momentum_decay=0.5)) is None
    assert FRAMEWORKS["optax"].write(Adam(amsgrad=True)) is None
