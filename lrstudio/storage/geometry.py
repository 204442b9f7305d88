"""Curves made small enough for a page and cut at the edge of the plot.

Points are `(n, 2)` in pixels. A row with NaN lifts the pen; between two of them is one piece of
the curve.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


def pieces(points: Points) -> list[Points]:
    """The runs of finite points, those of a single point included."""
    is_finite = np.isfinite(points[:, 0]) & np.isfinite(points[:, 1])
    if is_finite.all():
        return [points] if len(points) else []
    return [points[a:b] for a, b in _true_runs(is_finite)]


def joined(parts: Sequence[Points]) -> Points:
    """Pieces as one array with a row of NaN after each."""
    gap = np.full((1, 2), np.nan)
    return np.concatenate([array for part in parts for array in (part, gap)]) if parts else gap


def column_extremes(points: Points, width: float = 1.0) -> Points:
    """One piece thinned to the lowest, highest, first and last point of each pixel column.

    What is drawn stays the same, pixel for pixel, because x never falls along the curve.
    """
    column = np.floor(points[:, 0] / width)
    starts = np.flatnonzero(np.diff(column, prepend=np.nan) != 0)
    if 4 * len(starts) >= len(points):
        return points
    ends = np.append(starts[1:], len(points)) - 1
    y = points[:, 1]
    index = np.arange(len(points))
    lengths = ends - starts + 1
    low, high = (np.repeat(f.reduceat(y, starts), lengths) for f in (np.minimum, np.maximum))
    last = len(points) - 1
    first_low = np.minimum.reduceat(np.where(y == low, index, last), starts)
    first_high = np.minimum.reduceat(np.where(y == high, index, last), starts)
    kept = np.unique(np.concatenate((starts, first_low, first_high, ends)))
    return np.take(points, kept, axis=0)


def without_straight_points(points: Points, tolerance: float = 0.03) -> Points:
    """One piece without the points that lie on the line between their neighbours.

    `tolerance` is in pixels off that line; the passes may add up to some times that.
    """
    for _ in range(_STRAIGHT_PASSES):
        if len(points) < 3:
            break
        chord = points[2:] - points[:-2]
        offset = points[1:-1] - points[:-2]
        area = np.abs(chord[:, 0] * offset[:, 1] - chord[:, 1] * offset[:, 0])
        is_between = np.einsum("ij,ij->i", offset, chord - offset) >= 0
        on_line = is_between & (area <= tolerance * np.hypot(chord[:, 0], chord[:, 1]))
        on_line[1::2] = False  # of two neighbours only one may go
        if not on_line.any():
            break
        points = points[np.concatenate(([True], ~on_line, [True]))]
    return points


_STRAIGHT_PASSES = 10


def without_repetition(points: Points, most: int) -> list[Points]:
    """One piece as pieces that never draw the same line between the same two spots again.

    Spots are half a pixel wide, wider where a long wandering run would else have more than `most`
    points.
    """
    size = 0.5
    while True:
        found = _distinct(points, size)
        if sum(len(piece) for piece in found) <= most:
            return found
        size *= 2


def _distinct(points: Points, size: float) -> list[Points]:
    # 15 bits for each of four numbers: a line between two spots becomes one key.
    spot = np.floor(np.clip(points, -_FAR, _FAR) / size).astype(np.int64) + (1 << 14)
    moved = np.flatnonzero(np.any(np.diff(spot, axis=0), axis=1)) + 1
    kept = np.unique(np.concatenate(([0], moved, [len(points) - 1])))
    key = (spot[kept, 0] << 15) + spot[kept, 1]
    line = (np.minimum(key[:-1], key[1:]) << 30) + np.maximum(key[:-1], key[1:])
    is_new = np.zeros(len(line), dtype=bool)
    is_new[np.unique(line, return_index=True)[1]] = True
    return [points[kept[a : b + 1]] for a, b in _true_runs(is_new)]


_FAR = 8191.0  # pixels; far outside of any page


def _true_runs(flags: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Begin and end (exclusive) of each run of True, `(runs, 2)`."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False]))))
    return edges.reshape(-1, 2)


def clipped(points: Points, box: Box) -> Iterator[Points]:
    """What lies inside the box, cut exactly at its edge; rows with NaN separate pieces."""
    if len(points) < 2:
        return
    begin, end = points[:-1], points[1:]
    with np.errstate(all="ignore"):  # segments that miss the box may give any number
        enter, leave = _crossings(begin, end - begin, box)
        # Measured from the end: from a begin 1e100 pixels away nothing would be left of it.
        _, back = _crossings(end, begin - end, box)
        starts = np.where((enter > 0)[:, None], end + back[:, None] * (begin - end), begin)
        ends = np.where((leave < 1)[:, None], begin + leave[:, None] * (end - begin), end)
    is_inside = enter <= leave
    goes_on = is_inside[:-1] & is_inside[1:] & (leave[:-1] == 1) & (enter[1:] == 0)
    for first, last in _groups(is_inside, goes_on):
        piece = np.concatenate((starts[first : first + 1], ends[first:last]))
        yield np.clip(piece, box[:2], box[2:])


def _groups(is_inside: NDArray[np.bool_], goes_on: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Segments drawn without lifting the pen: the first and, exclusive, the last of each group."""
    begins = is_inside & ~np.concatenate(([False], goes_on))
    ends = is_inside & ~np.concatenate((goes_on, [False]))
    return np.stack((np.flatnonzero(begins), np.flatnonzero(ends) + 1), axis=1)


def _crossings(begin: Points, step: Points, box: Box) -> tuple[Points, Points]:
    """Where each segment enters and leaves the box, as shares of its length (Liang & Barsky)."""
    enter, leave = np.zeros(len(begin)), np.ones(len(begin))
    low, high = np.array(box[:2]), np.array(box[2:])
    to_low, to_high = (low - begin) / step, (high - begin) / step
    for axis in range(2):
        first = np.minimum(to_low[:, axis], to_high[:, axis])
        second = np.maximum(to_low[:, axis], to_high[:, axis])
        is_parallel = step[:, axis] == 0
        is_between = (low[axis] <= begin[:, axis]) & (begin[:, axis] <= high[axis])
        first = np.where(is_parallel, np.where(is_between, 0.0, 2.0), first)
        second = np.where(is_parallel, np.where(is_between, 1.0, -1.0), second)
        enter, leave = np.maximum(enter, first), np.minimum(leave, second)
    return enter, leave
