"""The learning rate of a contender over a run, at as many steps as a picture needs."""

import numpy as np

from lrstudio.core import Schedule
from lrstudio.core.arrays import Array, Places, distinct

EXACT_STEPS = 20_000
"""Runs up to this length are evaluated at every step, longer ones at this many steps."""


def rate_curve(lr: float, schedule: Schedule, steps: int) -> tuple[Array, Array]:
    """Steps `(n,)` and the learning rates `(n,)` of the updates that leave them, n ≤ `EXACT_STEPS`.

    A run may have a hundred million steps; a preview must cost the same for any of them. A
    schedule that listens to the loss is shown as it is while no loss changes anything.
    """
    at = np.arange(steps) if steps <= EXACT_STEPS else _sampled(schedule, steps)
    with np.errstate(over="ignore"):
        return at.astype(np.float64), np.asarray(lr * schedule.at(at, steps))


def _sampled(schedule: Schedule, steps: int) -> Places:
    """Steps `(n,)` of a long run; a warm-up has its own share of them."""
    rising = min(schedule.warmup.steps, steps) if schedule.warmup else 0
    share = min(rising, EXACT_STEPS // 4)
    rise = np.linspace(0, max(rising - 1, 0), share)
    after = np.linspace(rising, steps - 1, EXACT_STEPS - share if steps > rising else 0)
    return distinct(np.concatenate([rise, after]).round())


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
