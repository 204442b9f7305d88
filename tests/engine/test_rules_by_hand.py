"""Rules that none of the three frameworks has, against loops over plain Python floats."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS, Optimizer
from lrstudio.engine import replay
from tests.engine.rules import noise

STEPS = 60
GRADIENTS = noise(STEPS, 3, 1)[:, :, 0] * np.array([1.0, 1e-3, 50.0])
FACTORS = 1 + 0.5 * np.cos(np.arange(STEPS))
START = (1.0, -0.5, 2.0)

Loop = Callable[[float, list[float], list[float]], Iterator[float]]


def quasi_hyperbolic(x: float, gradients: list[float], rates: list[float]) -> Iterator[float]:
    b = 0.0
    for g, rate in zip(gradients, rates, strict=True):
        b = 0.95 * b + 0.05 * g
        x -= rate * (0.3 * g + 0.7 * b)
        yield x


def aggregated(x: float, gradients: list[float], rates: list[float]) -> Iterator[float]:
    velocities = [0.0, 0.0, 0.0]
    for g, rate in zip(gradients, rates, strict=True):
        velocities = [(1 - 0.2**k) * v - g for k, v in enumerate(velocities)]
        x += rate * sum(velocities) / 3
        yield x


def resilient(x: float, gradients: list[float], rates: list[float]) -> Iterator[float]:
    """Igel & Hüsken's iRprop without weight backtracking, which never looks at the rate again."""
    size, before = rates[0], 0.0
    for gradient in gradients:
        turn = gradient * before
        before = 0.0 if turn < 0 else gradient
        size = min(size * 1.2, 0.2) if turn > 0 else max(size * 0.5, 0.01) if turn < 0 else size
        x -= size * ((before > 0) - (before < 0))
        yield x


def decayed_sign(x: float, gradients: list[float], rates: list[float]) -> Iterator[float]:
    m = 0.0
    for g, rate in zip(gradients, rates, strict=True):
        m = 0.8 * m + 0.2 * g
        x -= rate * ((m > 0) - (m < 0) + 0.1 * x)
        yield x


RULES: list[tuple[Optimizer, Loop]] = [
    (OPTIMIZERS["qhm"](lr=0.02, momentum=0.95, nu=0.7), quasi_hyperbolic),
    (OPTIMIZERS["aggmo"](lr=0.02, damping=0.2), aggregated),
    (OPTIMIZERS["rprop"](lr=0.05, smallest_step=0.01, largest_step=0.2), resilient),
    (OPTIMIZERS["signum"](lr=0.02, momentum=0.8, weight_decay=0.1), decayed_sign),
]


@pytest.mark.parametrize(("rule", "loop"), RULES, ids=[loop.__name__ for _, loop in RULES])
def test_the_rule_moves_like_a_loop_over_floats(rule: Optimizer, loop: Loop) -> None:
    positions = replay(rule, GRADIENTS, START, FACTORS)
    rates = (rule.lr * FACTORS).tolist()
    for j, x in enumerate(START):
        expected = list(loop(x, GRADIENTS[:, j].tolist(), rates))
        np.testing.assert_allclose(positions[1:, j], expected, rtol=1e-12)


def test_rprop_never_looks_at_a_later_rate_even_without_end() -> None:
    gradients, rates = [[1.0], [1.0], [-1.0], [1.0]], [1.0, np.inf, np.nan, 1.0]
    rule = OPTIMIZERS["rprop"](lr=0.1)
    moved = replay(rule, gradients, [0.0], rates)
    assert np.array_equal(moved, replay(rule, gradients, [0.0]))
    assert np.isfinite(moved).all()


def test_a_bounded_start_is_within_the_bounds() -> None:
    rule = OPTIMIZERS["rprop"](lr=5.0, largest_step=1.0, bounded_start=True)
    assert replay(rule, [[1.0]], [0.0])[1, 0] == -1.0
    free = OPTIMIZERS["rprop"](lr=5.0, largest_step=1.0)
    assert replay(free, [[1.0]], [0.0])[1, 0] == -5.0
