"""Variants that no framework has, against the loops of the authors' own packages."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS
from lrstudio.core.arrays import Array
from lrstudio.engine import replay
from tests.engine.rules import noise

STEPS = 60
GRADIENTS = noise(STEPS, 3, 1)[:, :, 0] + np.array([0.5, -1.0, 0.0])
START = np.array([1.0, -0.5, 2.0])
FACTORS = 0.2 + np.abs(np.cos(np.arange(STEPS)))


def prodigy(
    d0: float, coefficient: float, decay: float, *, is_decoupled: bool, is_safe: bool
) -> Iterator[Array]:
    """`prodigyopt.Prodigy` 1.1.2 without bias correction."""
    p, d, d_max = START.copy(), d0, d0
    m, v, s = np.zeros(3), np.zeros(3), np.zeros(3)
    numerator, beta3 = 0.0, math.sqrt(0.999)
    for lr, gradient in zip(FACTORS, GRADIENTS, strict=True):
        g = gradient if is_decoupled else gradient + decay * p
        dlr = d * lr
        numerator *= beta3
        numerator += (d / d0) * dlr * float(g @ (START - p))
        m = 0.9 * m + 0.1 * d * g
        v = 0.999 * v + 0.001 * d * d * g * g
        s = beta3 * s + (d / d0) * (d if is_safe else dlr) * g
        d_hat = coefficient * numerator / float(np.abs(s).sum())
        if d == d0:
            d = max(d, d_hat)
        d_max = max(d_max, d_hat)
        d = d_max
        if is_decoupled:
            p = p - decay * dlr * p
        p = p - dlr * m / (np.sqrt(v) + d * 1e-8)
        yield p


def dadapt(d0: float, decay: float, *, is_decoupled: bool) -> Iterator[Array]:
    """`dadaptation.DAdaptAdam` 3.2 without bias correction."""
    p, d, root = START.copy(), d0, math.sqrt(0.999)
    m, v, s = np.zeros(3), np.zeros(3), np.zeros(3)
    weighted = 0.0
    for lr, gradient in zip(FACTORS, GRADIENTS, strict=True):
        g = gradient if is_decoupled else gradient + decay * p
        dlr = d * lr
        gained = dlr * float(g @ (s / (np.sqrt(v) + 1e-8)))
        m = 0.9 * m + dlr * 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        s = root * s + dlr * (1 - root) * g
        weighted = root * weighted + (1 - root) * gained
        d = max(d, weighted / ((1 - root) * float(np.abs(s).sum())))
        if is_decoupled:
            p = p - decay * dlr * p
        p = p - m / (np.sqrt(v) + 1e-8)
        yield p


def schedule_free(lr: float, r: float, power: float, warmup: int, decay: float) -> Iterator[Array]:
    """`schedulefree.AdamWScheduleFree` 1.4.1: the points where gradients are taken."""
    y, z, v = START.copy(), START.copy(), np.zeros(3)
    total, top, beta1 = 0.0, 0.0, 0.9
    for k, (factor, g) in enumerate(zip(FACTORS, GRADIENTS, strict=True)):
        rate = lr * factor * min((k + 1) / warmup, 1.0) if warmup else lr * factor
        top = max(rate, top)
        weight = (k + 1) ** r * top**power
        total += weight
        part = weight / total
        v = 0.999 * v + 0.001 * g * g
        direction = g / (np.sqrt(v / (1 - 0.999 ** (k + 1))) + 1e-8) + decay * y
        y = y + part * (z - y)
        y = y + rate * (beta1 * (1 - part) - 1) * direction
        z = z - rate * direction
        yield y


def assert_close(rule: str, fields: dict[str, Any], expected: Iterator[Array]) -> None:
    positions = replay(OPTIMIZERS[rule](**fields), GRADIENTS, START, FACTORS)
    wanted = np.array(list(expected))
    assert positions[1:] == pytest.approx(wanted, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("decay", ["coupled", "decoupled"])
@pytest.mark.parametrize("is_safe", [False, True])
@pytest.mark.parametrize("weight_decay", [0.0, 0.3])
def test_prodigy(decay: str, is_safe: bool, weight_decay: float) -> None:
    fields = {"d0": 1e-3, "d_coef": 0.7, "weight_decay": weight_decay, "decay": decay}
    loop = prodigy(1e-3, 0.7, weight_decay, is_decoupled=decay == "decoupled", is_safe=is_safe)
    assert_close("prodigy", {**fields, "safeguard_warmup": is_safe}, loop)


@pytest.mark.parametrize("decay", ["coupled", "decoupled"])
@pytest.mark.parametrize("weight_decay", [0.0, 0.3])
def test_d_adaptation(decay: str, weight_decay: float) -> None:
    fields = {"d0": 1e-3, "weight_decay": weight_decay, "decay": decay}
    loop = dadapt(1e-3, weight_decay, is_decoupled=decay == "decoupled")
    assert_close("dadapt_adam", fields, loop)


@pytest.mark.parametrize("r", [0.0, 1.5])
@pytest.mark.parametrize("power", [0.0, 2.0, 3.3])
@pytest.mark.parametrize("warmup", [0, 7])
@pytest.mark.parametrize("decay", [0.0, 0.2])
def test_schedule_free_adamw(r: float, power: float, warmup: int, decay: float) -> None:
    fields = {
        "lr": 0.05,
        "weight_time": r,
        "weight_power": power,
        "warmup_steps": warmup,
        "weight_decay": decay,
    }
    assert_close("schedule_free_adamw", fields, schedule_free(0.05, r, power, warmup, decay))
