"""One quantity of a growing run, ready to be drawn at any zoom."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from lrstudio.engine import NEVER, STEPS, Series, Trajectory, XAxis
from lrstudio.engine.trajectory import Integers
from lrstudio.gui.plots.decimation import Pyramid, Reals

_VALUES_PER_FRAME = 1 << 20
"""A finished long run is taken in over several frames, so that no frame stalls."""
_MOST_PACES = 12
"""Where lanes go along the axis at more different paces, they are all looked at together, ..."""
_MOST_SAMPLES = 8.0
"""... in up to so many times as many columns as there are pixels."""


class Spans(Struct, frozen=True):
    """What every pixel column shows, from x `first` to x `last`; `low` and `high` are (n, lanes).

    `first` and `last` are (n, 1) where all lanes have the same coordinates and (n, lanes) else;
    they are equal where a column is a single row.
    """

    first: Reals
    last: Reals
    low: Reals
    high: Reals

    @property
    def middle(self) -> Reals:
        """The middle of each column, of the shape of `first`."""
        return (self.first + self.last) / 2


def of_lane(table: Reals, lane: int) -> Reals:
    """The column (n,) of a lane, in a table that may have one for all."""
    return table[:, lane if table.shape[1] > 1 else 0]


class SeriesData:
    """A series of one trajectory with its pyramid; keeps up with a run that is being computed."""

    def __init__(self, series: Series, trajectory: Trajectory) -> None:
        self.series = series
        self.trajectory = trajectory
        lanes = len(trajectory.plan.lanes)
        self._pyramid = Pyramid(lanes, self._values)
        self._rows_per_frame = max(1024, _VALUES_PER_FRAME // max(lanes, 1))

    @property
    def rows(self) -> int:
        """How many rows have been taken in."""
        return self._pyramid.rows

    def refresh(self) -> bool:
        """Take in new rows, a bounded number at a time; whether there were any."""
        available = self.series.available(self.trajectory)
        rows = min(available, self.rows + self._rows_per_frame)
        is_new = rows > self.rows
        self._pyramid.extend(rows)
        return is_new

    def spans(self, first: float, last: float, columns: int, axis: XAxis = STEPS) -> Spans:
        """Columns between two coordinates, and the neighbours that the lines at the edges lead to.

        Lanes that go along the axis at different paces are looked at one pace after the other.
        """
        ends = np.stack(axis.stretch(self.trajectory, first, last))
        if ends.shape[1] == 1:
            return self._stretch(*ends[:, 0], columns, axis)
        paces, pace_of = np.unique(ends, axis=1, return_inverse=True)
        if paces.shape[1] > _MOST_PACES:
            return self._all_paces(ends, columns, axis)
        found = [self._stretch(low, high, columns, axis) for low, high in paces.T.tolist()]
        return _together(found, pace_of.ravel())

    def _all_paces(self, ends: Reals, columns: int, axis: XAxis) -> Spans:
        """All lanes at once, with columns for the one of which the fewest rows are seen."""
        low, high = float(ends[0].min()), float(ends[1].max())
        shortest = max(float((ends[1] - ends[0]).min()), 1.0)
        samples = min(max((high - low) / shortest, 1.0), _MOST_SAMPLES)
        return self._stretch(low, high, round(columns * samples), axis)

    def _stretch(self, low: float, high: float, columns: int, axis: XAxis) -> Spans:
        """Columns between two rows, which may lie between rows or outside the data."""
        beyond = max((high - low) / columns, 1.0)
        found = self._pyramid.query(low - beyond, high + beyond + 1, columns + 2)
        edges, newest = found.edges, max(self.rows - 1, 0)
        return Spans(
            axis.at(self.trajectory, np.minimum(edges[:-1], newest)),
            axis.at(self.trajectory, np.minimum(edges[1:] - 1, newest)),
            found.low,
            found.high,
        )

    def values_at(self, rows: Integers) -> Reals:
        """The values (lanes,) of each lane in a row of its own; NaN where that is -1."""
        rows = np.minimum(rows, self.rows - 1)
        if len(rows) and (rows == rows[0]).all() and rows[0] != NEVER:
            return self._values(int(rows[0]), int(rows[0]) + 1)[0]
        values = np.full(len(rows), np.nan)
        for row in np.unique(rows[rows != NEVER]).tolist():
            lanes = rows == row
            values[lanes] = self._values(row, row + 1)[0, lanes]
        return values

    def last_points(self, lanes: NDArray[np.intp], axis: XAxis = STEPS) -> tuple[Reals, Reals]:
        """Coordinate and value of the last recorded row before each of these lanes diverged."""
        plan = self.trajectory.plan
        rows = (self.trajectory.diverged_at - 1) // plan.stride
        rows = np.clip(rows, 0, max(self.rows - 1, 0))
        x = axis.at_lanes(self.trajectory, rows)[lanes]
        ends = zip(rows[lanes].tolist(), lanes.tolist(), strict=True)
        return x, np.array([self._values(row, row + 1)[0, lane] for row, lane in ends])

    def _values(self, first_row: int, last_row: int) -> Reals:
        return self.series.values(self.trajectory, first_row, last_row)


def _together(parts: Sequence[Spans], part_of: Integers) -> Spans:
    """Each lane from its own part; a shorter one ends in columns of no value at its last place."""
    length = max(len(part.low) for part in parts)
    lanes = range(len(part_of))
    columns = [
        (
            _extended(of_lane(part.first, lane), length, is_known=True),
            _extended(of_lane(part.last, lane), length, is_known=True),
            _extended(part.low[:, lane], length),
            _extended(part.high[:, lane], length),
        )
        for lane, part in zip(lanes, (parts[i] for i in part_of), strict=True)
    ]
    return Spans(*(np.stack(tables, axis=1) for tables in zip(*columns, strict=True)))


def _extended(values: Reals, length: int, is_known: bool = False) -> Reals:
    """The values with the last of them, or nothing, repeated up to a length."""
    last = values[-1] if is_known and len(values) else np.nan
    return np.concatenate((values, np.full(length - len(values), last)))
