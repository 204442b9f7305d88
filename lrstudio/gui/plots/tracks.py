"""The ways of runs across a plane, thinned to what pixels can show.

A hundred thousand steps of a run mostly fall into pixels that the run is in already. Steps that
stay in the pixel of the one before are left out; what remains of a long noisy way is thinned to
its first part and to the extremes of stretches of the rest, which look the same.
"""

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from lrstudio.core.arrays import distinct
from lrstudio.engine import Trajectory
from lrstudio.engine.planes import Plane
from lrstudio.gui.plots.decimation import Reals
from lrstudio.gui.plots.frame import Frame

Rows = NDArray[np.intp]

EXACT_POINTS = 2000
"""So many pixels of a way are kept as they are, ..."""
MORE_POINTS = 3000
"""... and so many extremes of the rest: more would only overlap."""
_MORE_AT_ONCE = 400
_FAR = 1e6
"""Pixels; what is further away is drawn there, Qt cannot go further."""


class Way(Struct, frozen=True):
    """Points of one lane in pixels, and the rows of the trajectory that they are."""

    x: Reals
    y: Reals
    rows: Rows

    def __len__(self) -> int:
        return len(self.rows)

    def until(self, row: int) -> "Way":
        """The points up to a row, that one included."""
        end = int(np.searchsorted(self.rows, row, side="right"))
        return Way(self.x[:end], self.y[:end], self.rows[:end])


class WayBook:
    """The ways of all lanes in the pixels of one frame, kept up to date while they grow."""

    def __init__(self, trajectory: Trajectory, plane: Plane, frame: Frame) -> None:
        self.trajectory, self.plane, self.frame = trajectory, plane, frame
        self.rows = 0
        self.ways = [_NO_WAY] * len(trajectory.plan.lanes)

    def extend(self, rows: int) -> None:
        """Take in the rows up to `rows`."""
        if rows <= self.rows:
            return
        x, y = self.plane.ways(self.trajectory, self.rows, rows)
        x, y = self.frame.x(x), self.frame.y(y)
        for lane, known in enumerate(self.ways):
            exact = max(EXACT_POINTS - len(known), 0)
            more = _MORE_AT_ONCE if self.rows else MORE_POINTS
            added = thinned(x[:, lane], y[:, lane], self.rows, exact, more)
            self.ways[lane] = _compact(_joined(known, added))
        self.rows = rows


def thinned(
    x: Reals, y: Reals, first_row: int = 0, exact: int = EXACT_POINTS, more: int = MORE_POINTS
) -> Way:
    """The points (n,) that enter another pixel than the one before, and the last one.

    A way ends where it is no longer a number. Beyond `exact` points only about `more` are kept.
    """
    is_nan = np.isnan(x) | np.isnan(y)
    end = int(is_nan.argmax()) if is_nan.any() else len(x)
    if not end:
        return _NO_WAY
    x = np.clip(np.ascontiguousarray(x[:end]), -_FAR, _FAR)
    y = np.clip(np.ascontiguousarray(y[:end]), -_FAR, _FAR)
    # Both pixel numbers in one: one comparison does for two.
    pixel = np.floor(x).astype(np.int64) * (1 << 32) + np.floor(y).astype(np.int64)
    is_kept = np.empty(end, dtype=bool)
    is_kept[0] = is_kept[-1] = True
    np.not_equal(pixel[1:-1], pixel[:-2], out=is_kept[1:-1])
    rows = np.flatnonzero(is_kept)
    if len(rows) > exact + more:
        rows = _thinned_further(x, y, rows, exact, more)
    return Way(x[rows], y[rows], rows + first_row)


def departure(way: Way, width: float, height: float) -> tuple[float, float, float] | None:
    """Where a way that has left the picture crossed its edge for the last time, and in which
    direction (radians, clockwise from the right); None if it was never inside.
    """
    begin = np.stack((way.x[:-1], way.y[:-1]))
    step = np.stack((np.diff(way.x), np.diff(way.y)))
    edge = np.array([[width], [height]])
    with np.errstate(divide="ignore", invalid="ignore"):
        to_low, to_high = -begin / step, (edge - begin) / step
    # Along an edge nothing is crossed: such a step is inside for all of its length, or never.
    is_between = (begin >= 0) & (begin <= edge)
    is_along = step == 0
    first = np.where(is_along, np.where(is_between, 0.0, 2.0), np.minimum(to_low, to_high))
    last = np.where(is_along, np.where(is_between, 1.0, -1.0), np.maximum(to_low, to_high))
    enters, leaves = np.maximum(first.max(0), 0.0), np.minimum(last.min(0), 1.0)
    crossing = np.flatnonzero(enters <= leaves)
    if not len(crossing):
        return None
    index = int(crossing[-1])
    x, y = (begin + step * leaves)[:, index].tolist()
    across, down = step[:, index].tolist()
    return x, y, math.atan2(down, across)


def _thinned_further(x: Reals, y: Reals, rows: Rows, exact: int, more: int) -> Rows:
    """The first rows, and the extremes of even stretches of the rest."""
    kept, rest = rows[:exact], rows[exact:]
    stretch = -(-4 * len(rest) // more)
    whole = len(rest) // stretch * stretch
    blocks = rest[:whole].reshape(-1, stretch)
    block_x, block_y = x[blocks], y[blocks]
    places = np.stack(
        [block_x.argmin(1), block_x.argmax(1), block_y.argmin(1), block_y.argmax(1)], axis=1
    )
    extremes = np.take_along_axis(blocks, places, axis=1).ravel()
    return distinct(np.concatenate((kept, extremes, rest[whole:], rows[-1:])))


def _joined(one: Way, other: Way) -> Way:
    if not len(one) or not len(other):
        return one if len(one) else other
    parts = zip((one.x, one.y, one.rows), (other.x, other.y, other.rows), strict=True)
    return Way(*(np.concatenate(pair) for pair in parts))


def _compact(way: Way) -> Way:
    """The way thinned again when growing has made it twice as long as it need be."""
    if len(way) <= 2 * (EXACT_POINTS + MORE_POINTS):
        return way
    places = np.arange(len(way))
    kept = _thinned_further(way.x, way.y, places, EXACT_POINTS, MORE_POINTS)
    return Way(way.x[kept], way.y[kept], way.rows[kept])


_NO_WAY = Way(np.empty(0), np.empty(0), np.empty(0, np.intp))
