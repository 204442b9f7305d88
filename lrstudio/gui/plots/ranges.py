"""Which stretch of the vertical axis shows the runs best.

One diverging run would flatten all others if the axis simply covered everything: runs that go
wild may widen the picture of the tame ones only so far, and leave it at the edge.
"""

import math

import numpy as np
from numpy.typing import NDArray

from lrstudio.gui.plots.decimation import Reals, on_axis

Range = tuple[float, float]

_RUNAWAY = 1e4
"""A lane that grows to so many times what the others are is wild, diverged or not."""
_PADDING = 0.04


def good_range(
    low: Reals,
    high: Reals,
    has_diverged: NDArray[np.bool_],
    is_logarithmic: bool,
    starts: Reals | None = None,
) -> Range | None:
    """Axis range for the spans `low`..`high`, both (columns, lanes); None if nothing is finite.

    `starts` (lanes,) are the very first values, where they are seen: of a run that explodes within
    the first column, the column itself does not tell them. The result is in axis coordinates: log₁₀
    of the values on a logarithmic axis.
    """
    seen = ~np.isnan(low).all(axis=0)
    if not seen.any():
        return None
    # Cut before any arithmetic: multiples of the largest numbers overflow.
    low, high = on_axis(low[:, seen], False), on_axis(high[:, seen], False)
    has_diverged = has_diverged[seen]
    begins = _begins(low, None if starts is None else on_axis(starts[seen], False))
    is_wild = has_diverged | _runs_away(low, high, begins)
    lows, highs = on_axis(low, is_logarithmic), on_axis(high, is_logarithmic)
    begins = on_axis(begins, is_logarithmic)
    tame_low = np.nanmin(np.append(lows[:, ~is_wild], begins))
    tame_high = np.nanmax(np.append(highs[:, ~is_wild], begins))
    slack = _slack(tame_high - tame_low, tame_low, tame_high, is_logarithmic)
    bottom = max(float(np.nanmin(lows)), tame_low - slack)
    top = min(float(np.nanmax(highs)), tame_high + slack)
    return _rounded(bottom, top, is_logarithmic)


def _begins(low: Reals, starts: Reals | None) -> Reals:
    """What each lane begins with: its very first value, or its first column as far as is known."""
    first = _first_finite(low)
    return first if starts is None else np.where(np.isfinite(starts), starts, first)


def _runs_away(low: Reals, high: Reals, begins: Reals) -> NDArray[np.bool_]:
    """Lanes that became far larger than every start and than the lower half of the lanes."""
    peak = np.nanmax(np.maximum(np.abs(low), np.abs(high)), axis=0)
    start = np.nanmax(np.abs(begins))
    usual = np.sort(peak)[(len(peak) - 1) // 2]
    is_wild: NDArray[np.bool_] = peak > _RUNAWAY * max(start, usual, 1e-300)
    return is_wild


def _first_finite(values: Reals) -> Reals:
    rows = np.isfinite(values).argmax(axis=0)
    return values[rows, np.arange(values.shape[1])]


def _slack(span: float, low: float, high: float, is_logarithmic: bool) -> float:
    """How far wild lanes may widen the range: the tame ones keep about half of the height."""
    if is_logarithmic:
        return max(3.0, span / 2)
    return span or max(abs(low), abs(high)) or 1.0


def _rounded(bottom: float, top: float, is_logarithmic: bool) -> Range:
    """The range with some air, on a grid: it then rests while a run grows or a slider moves."""
    least = 0.5 if is_logarithmic else max(abs(bottom), abs(top)) * 1e-6 or 1.0
    if top - bottom < least:
        middle = (top + bottom) / 2
        half = 0.5 if is_logarithmic else abs(middle) / 2 or 1.0
        bottom, top = middle - half, middle + half
    air = _PADDING * (top - bottom)
    grid = 10.0 ** math.floor(math.log10(top - bottom)) / 10
    return math.floor((bottom - air) / grid) * grid, math.ceil((top + air) / grid) * grid
