"""Where a series of losses heads for: whether it falls, steadily, or levels off."""

from itertools import pairwise

import numpy as np

from lrstudio.core.arrays import Array, quantile

STILL_FALLING = 0.02
"""Share of the loss that must be lost over the tail for a straight run to count as descending."""


def fall_of(gap: Array) -> float:
    """Share of the loss that is gone between the two halves of the tail, medians compared.

    Negative where it rises.
    """
    half = len(gap) // 2
    if half == 0:
        return 0.0
    early, late = _median(gap[:half]), _median(gap[half:])
    return (early - late) / early if early > 0 else 0.0


def _median(values: Array) -> float:
    return quantile(values, 0.5)


def is_steady(gap: Array, trend: float) -> bool:
    """Whether each part of the tail lies on the same side of the one before.

    Of noise alone, one in thousands does.
    """
    parts = [_median(part) for part in np.array_split(gap, min(8, len(gap)))]
    return all((late < early) == (trend > 0) for early, late in pairwise(parts))


def levels_off(gap: Array) -> bool:
    """Whether a smooth decline heads for a value that is nearly reached (Aitken's estimate)."""
    half = (len(gap) - 1) // 2
    if half == 0:
        return False
    last, middle, first = gap[-1], gap[-1 - half], gap[-1 - 2 * half]
    earlier, later = first - middle, middle - last
    if not 0 <= later < earlier:
        return bool(later == 0)
    remaining = later * later / (earlier - later)
    return bool(remaining < STILL_FALLING * last)
