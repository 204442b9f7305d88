"""Long curves reduced to one lowest and one highest value per pixel column.

A screen is a thousand columns wide, a run has a hundred thousand rows: what is drawn of a column
is the span from its smallest to its largest value. A pyramid of such spans (of 16 rows, of 64, of
256, ...) grows with the run, so a frame reads a few thousand numbers however long the run is.

Two promises that a picture of a diverging run needs: a value that is not a number never hides its
finite neighbours, and the newest row is always part of the picture.
"""

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from lrstudio.core.arrays import distinct

Reals = NDArray[np.float64]
Source = Callable[[int, int], Reals]

LOG_FLOOR = 1e-16
"""The smallest value that a logarithmic axis tells from zero; all below lies on one line."""
DRAWN_LIMIT = 1e100
"""What is drawn (never the data) is cut off here: arithmetic on axis ranges overflows later."""

_FIRST_BUCKET = 16
_FACTOR = 4
_CHUNK_ROWS = 1 << 16


def on_axis(values: Reals, is_logarithmic: bool) -> Reals:
    """Values as coordinates of an axis: themselves or log₁₀, cut to what can be drawn."""
    if not is_logarithmic:
        return np.clip(values, -DRAWN_LIMIT, DRAWN_LIMIT)
    return np.log10(np.clip(values, LOG_FLOOR, DRAWN_LIMIT))


class Columns(Struct, frozen=True):
    """Spans of a stretch of rows: column c covers the rows from edges[c] up to edges[c + 1].

    `low` and `high` are (columns, lanes); NaN where a lane has no finite value in a column.
    """

    edges: NDArray[np.intp]
    low: Reals
    high: Reals


class Pyramid:
    """Smallest and largest values of growing columns of numbers, at several resolutions.

    `source(first_row, last_row)` returns the values themselves, (rows, lanes); they are read where
    a query looks closely, and never copied.
    """

    def __init__(self, lanes: int, source: Source) -> None:
        self._lanes = lanes
        self._source = source
        self._rows = 0
        self._levels: list[_Level] = []

    @property
    def rows(self) -> int:
        """How many rows have been taken in."""
        return self._rows

    def extend(self, rows: int) -> None:
        """Take in the rows of the source that have been added, up to `rows` of them."""
        while self._rows < rows:
            until = min(rows, self._rows - self._rows % _CHUNK_ROWS + _CHUNK_ROWS)
            self._take(until)

    def query(self, first_row: float, last_row: float, columns: int) -> Columns:
        """Spans of `columns` even stretches between two rows (which may lie outside the data).

        Edges are moved to bucket borders, by a quarter of a column at most; columns without rows
        are left out, so there are fewer than asked for where the data is sparse or has ended.
        """
        stretch = max(last_row - first_row, 1e-9) / columns
        level = self._level_for(stretch)
        bucket = level.bucket if level else 1
        edges = self._edges(first_row, last_row, columns, bucket)
        if len(edges) < 2:
            nothing = np.empty((0, self._lanes))
            return Columns(np.empty(0, np.intp), nothing, nothing)
        first, starts = edges[0] // bucket, edges[:-1] // bucket
        if level is None:
            low = high = self._source(int(first), int(edges[-1]))
        else:
            last = -(-int(edges[-1]) // bucket)
            low, high = level.low[first:last], level.high[first:last]
        return Columns(
            edges,
            np.fmin.reduceat(low, starts - first, axis=0),
            np.fmax.reduceat(high, starts - first, axis=0),
        )

    def _edges(
        self, first_row: float, last_row: float, columns: int, bucket: int
    ) -> NDArray[np.intp]:
        """Row numbers that part the columns, rising, within the data, on bucket borders."""
        nominal = first_row + (last_row - first_row) * (np.arange(columns + 1) / columns)
        inside = np.clip(nominal, 0.0, float(self._rows))
        snapped = np.rint(inside / bucket).astype(np.intp) * bucket
        snapped[0] = int(inside[0]) // bucket * bucket
        snapped[-1] = -(-int(np.ceil(inside[-1])) // bucket) * bucket
        # A run that ends inside a bucket: what rint cut off there belongs to the last column.
        snapped[inside >= self._rows] = self._rows
        edges: NDArray[np.intp] = distinct(np.minimum(snapped, self._rows))
        return edges

    def _level_for(self, stretch: float) -> "_Level | None":
        """The coarsest level with at least two buckets per column."""
        fitting = [level for level in self._levels if level.bucket <= stretch / 2]
        return fitting[-1] if fitting else None

    def _take(self, rows: int) -> None:
        """Fold rows into every level, from the bucket on that was last left incomplete."""
        start = self._rows // _FIRST_BUCKET * _FIRST_BUCKET
        low = high = self._source(start, rows)
        bucket, factor = _FIRST_BUCKET, _FIRST_BUCKET
        index = 0
        while True:
            if index == len(self._levels):
                self._levels.append(_Level(bucket, self._lanes))
            level = self._levels[index]
            first = self._rows // bucket
            low, high = _folded(low, factor, np.fmin), _folded(high, factor, np.fmax)
            level.put(first, low, high)
            if first + len(low) <= 1:
                break
            index, bucket, factor = index + 1, bucket * _FACTOR, _FACTOR
            again = self._rows // bucket * _FACTOR
            low, high = level.low[again : first + len(low)], level.high[again : first + len(high)]
        self._rows = rows


class _Level:
    """Spans of buckets of equally many rows; the last one may be incomplete."""

    def __init__(self, bucket: int, lanes: int) -> None:
        self.bucket = bucket
        self.low: Reals = np.empty((0, lanes))
        self.high: Reals = np.empty((0, lanes))

    def put(self, first: int, low: Reals, high: Reals) -> None:
        """Write spans from bucket `first` on, with room to spare for those that follow."""
        needed = first + len(low)
        if needed > len(self.low):
            self.low, self.high = _grown(self.low, needed), _grown(self.high, needed)
        self.low[first:needed] = low
        self.high[first:needed] = high


def _grown(array: Reals, needed: int) -> Reals:
    larger = np.full((max(needed, 2 * len(array), 64), array.shape[1]), np.nan)
    larger[: len(array)] = array
    return larger


def _folded(values: Reals, factor: int, smaller: np.ufunc) -> Reals:
    """Each `factor` rows folded into one by `smaller` (fmin or fmax), the rest into a last one."""
    whole = len(values) // factor
    folded = values[: whole * factor].reshape(whole, factor, values.shape[1])
    # Halving a block runs five times faster than reducing along a middle axis.
    while folded.shape[1] > 1:
        half = folded.shape[1] // 2
        folded = smaller(folded[:, :half], folded[:, half:])
    rest = values[whole * factor :]
    if not len(rest):
        return folded[:, 0]
    return np.concatenate((folded[:, 0], smaller.reduce(rest, axis=0, keepdims=True)))
