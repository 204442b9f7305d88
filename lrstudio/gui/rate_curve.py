"""The learning rate of a contender over a run, at as many steps as a picture needs."""

import numpy as np
from msgspec.structs import replace

from lrstudio.core import Schedule
from lrstudio.core.arrays import Array, distinct

EXACT_STEPS = 20_000
"""Runs up to this length are evaluated at every step, longer ones at this many steps."""


def rate_curve(lr: float, schedule: Schedule, steps: int) -> tuple[Array, Array]:
    """Steps `(n,)` and the learning rates `(n,)` of the updates that leave them, n ≤ `EXACT_STEPS`.

    A run may have a hundred million steps; a preview must cost the same for any of them.
    """
    if steps <= EXACT_STEPS:
        at = np.arange(steps, dtype=np.float64)
        return at, _rates(lr, schedule.at(at, steps))
    warmup = schedule.warmup
    rising = min(warmup.steps, steps) if warmup else 0
    share = EXACT_STEPS // 4 if rising else 0
    count = min(rising, share)
    rise = np.empty(0)
    if warmup and count:  # a shorter warm-up runs through the same shape
        shorter = max(round(warmup.steps * count / rising), 1)
        rise = replace(warmup, steps=shorter).factors(count)
    span = steps - rising
    after = distinct(np.linspace(0, max(span - 1, 0), EXACT_STEPS - share).round())
    after = after[:span]
    at = np.concatenate([np.arange(len(rise)) * (rising / max(len(rise), 1)), rising + after])
    return at, _rates(lr, np.concatenate([rise, schedule.body(after, span)]))


def _rates(lr: float, factors: Array) -> Array:
    with np.errstate(over="ignore"):
        return np.asarray(lr * factors)


def columns(at: Array, rates: Array, steps: int, width: int) -> tuple[Array, Array]:
    """A line through the least and the largest rate of each of `width` columns: x 0…1, and rate."""
    if len(at) <= 2 * width:
        return at / max(steps - 1, 1), rates
    column = (at * width // steps).astype(int)
    first = np.flatnonzero(np.diff(column, prepend=-1))
    low, high = np.fmin.reduceat(rates, first), np.fmax.reduceat(rates, first)
    is_falling = rates[first] > rates[np.append(first[1:], len(rates)) - 1]
    pairs = np.where(is_falling, [high, low], [low, high])
    x = at[first] / max(steps - 1, 1)
    return np.repeat(x, 2), pairs.T.ravel()
