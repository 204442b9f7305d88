"""Armijo's search: shorten the step until the loss falls by a share of what the slope promises."""

import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.core.searches.line import Flags, Line, Sample

MOST_TRIALS = 60
"""Trials of one search; halved so often, a step is lost in rounding."""


def backtracking(
    line: Line, start: Sample, t: Array, *, shrink: Array, share: Array, where: Flags
) -> Array:
    """First of t, t·shrink, t·shrink², … `(lanes,)` that lowers the loss enough.

    Enough is f(x + t d) ≤ f(x) + share · t · slope. A trial whose loss is not a number is too long.
    A lane that finds none in `MOST_TRIALS` trials stays where it is: its step is 0. Armijo,
    "Minimization of functions having Lipschitz continuous first partial derivatives", 1966.
    """
    found = np.zeros_like(t)
    searching = where.copy()
    for _ in range(MOST_TRIALS):
        if not searching.any():
            break
        now = line.at(t, searching)
        is_enough = searching & (now.loss <= start.loss + share * t * start.slope)
        found = np.where(is_enough, t, found)
        searching &= ~is_enough
        t = np.where(searching, t * shrink, t)
    return found
