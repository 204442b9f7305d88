"""Where the runs of a trajectory went: a selection of positions that says what is worth showing."""

import numpy as np

from lrstudio.core.arrays import Array, Places
from lrstudio.engine.trajectory import NEVER, Trajectory

MOST_POINTS = 256
"""Positions that are looked at, evenly over the recorded rows of all lanes."""
_FEW_NUMBERS = 100_000
"""Coordinates of all recorded positions up to which all of them are looked at."""
_CLIMB = 10.0
_AIR = 0.12
"""Room around the runs, as a share of their extent."""


def travelled(trajectory: Trajectory) -> Array:
    """Positions `(dim, n)` of all lanes, at most some 256, evenly over the recorded rows.

    A lane that has diverged counts only until its loss has climbed ten times as high above the
    lowest as it was at the start: where it flew off to would hide everything else.
    """
    return _positions(trajectory, _evenly(trajectory.rows, _rows_of_each(trajectory)))


def visited(trajectory: Trajectory) -> Array:
    """The same from all rows of a small run, and more of the first ones of a large run.

    Runs go far within their first few steps, which rows that lie evenly would leave out.
    """
    count, most = trajectory.rows, _rows_of_each(trajectory)
    if count * len(trajectory.plan.lanes) * trajectory.plan.dim <= _FEW_NUMBERS:
        return _positions(trajectory, np.arange(count))
    first = np.geomspace(1, max(count, 1), most).astype(np.intp) - 1
    return _positions(trajectory, np.union1d(_evenly(count, most), first[:count]))


def _rows_of_each(trajectory: Trajectory) -> int:
    return max(2, MOST_POINTS // max(1, len(trajectory.plan.lanes)))


def _positions(trajectory: Trajectory, rows: Places) -> Array:
    lanes = _evenly(len(trajectory.plan.lanes), MOST_POINTS)
    if not len(rows) or not len(lanes):
        return trajectory.plan.initial_positions()[:, :1]
    loss = trajectory.loss[rows][:, lanes]
    lowest = np.nanmin(loss) if np.isfinite(loss).any() else 0.0
    with np.errstate(all="ignore"):
        is_low = loss - lowest <= _CLIMB * (loss[0] - lowest)
    stays = trajectory.diverged_at[lanes] == NEVER
    is_kept = np.isfinite(loss) & (is_low | stays)
    positions = trajectory.position[rows][:, :, lanes].swapaxes(0, 1)
    return np.asarray(positions[:, is_kept])


def best_lane(trajectory: Trajectory) -> int:
    """The lane that ended lowest so far; of those that have diverged none, unless all have."""
    loss = trajectory.final_loss
    return int(np.where(np.isnan(loss), np.inf, loss).argmin()) if len(loss) else 0


def end_point(trajectory: Trajectory, lane: int) -> Array:
    """The last recorded position `(dim,)` of a lane that is a number."""
    if not trajectory.rows:
        return trajectory.plan.initial_positions()[:, lane]
    last = trajectory.rows - 1
    if trajectory.diverged_at[lane] != NEVER:
        last = min(last, max(0, int(trajectory.diverged_at[lane] - 1) // trajectory.plan.stride))
    return trajectory.position[last, :, lane].copy()


def extents(values: Array, least: tuple[float, float] | None = None) -> tuple[float, float]:
    """The range of values `(n,)` and of what is shown `least`, with air; never empty."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    if least is not None:
        low, high = min(low, least[0]), max(high, least[1])
    air = _AIR * (high - low) or max(0.5, abs(low))
    return low - air, high + air


def _evenly(count: int, most: int) -> Places:
    """At most `most` of the numbers below `count`, the first and the last among them."""
    if count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).round().astype(np.intp)
