"""The average of Schedule-Free learning, for rules and for the modifier that is put around any."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from lrstudio.core.arrays import ArrayLike, power


def share(rate: ArrayLike, s: SimpleNamespace, h: Any, importance: ArrayLike = 1.0) -> ArrayLike:
    """Share `(lanes,)` of the newest point in the average: w/Σw, 0 while all weights are 0.

    `s.top` is the largest rate so far, `s.total` the sum of the weights.
    """
    s.top = np.maximum(s.top, rate)
    weight = importance * power(s.top, h.weight_power)
    s.total = s.total + weight
    return weight / np.where(s.total == 0, 1.0, s.total)


def interpolated(
    inner: ArrayLike, x: ArrayLike, s: SimpleNamespace, h: Any, part: ArrayLike
) -> ArrayLike:
    """The step from y = `x` when z makes the step `inner` and the average follows by `part`."""
    s.z = s.z + inner
    s.mean = s.mean + part * (s.z - s.mean)
    return s.z + h.beta1 * (s.mean - s.z) - x
