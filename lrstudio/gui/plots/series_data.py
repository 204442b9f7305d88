"""One quantity of a growing run, ready to be drawn at any zoom."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from lrstudio.engine import Series, Trajectory
from lrstudio.gui.plots.decimation import Pyramid, Reals

_VALUES_PER_FRAME = 1 << 20
"""A finished long run is taken in over several frames, so that no frame stalls."""


class Spans(Struct, frozen=True):
    """What every pixel column shows: `step` (n,) is its middle, `low` and `high` are (n, lanes).

    `first_step` and `last_step` (n,) bound the column; they are equal where it is a single row.
    """

    first_step: Reals
    last_step: Reals
    low: Reals
    high: Reals

    @property
    def step(self) -> Reals:
        """The middle of each column."""
        return (self.first_step + self.last_step) / 2


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

    def spans(self, first_step: float, last_step: float, columns: int) -> Spans:
        """Columns between two steps, and the neighbours that the lines at the edges lead to."""
        stride = self.trajectory.plan.stride
        first, last = first_step / stride, last_step / stride
        beyond = max((last - first) / columns, 1.0)
        found = self._pyramid.query(first - beyond, last + beyond + 1, columns + 2)
        steps = np.asarray(found.edges, dtype=np.float64) * stride
        # The last row of a run may come sooner than a whole stride after the one before.
        end = float(self.trajectory.step(max(self.rows - 1, 0)))
        return Spans(
            np.minimum(steps[:-1], end), np.minimum(steps[1:] - stride, end), found.low, found.high
        )

    def values_at(self, step: float) -> tuple[int, Reals]:
        """The recorded step nearest to a step, and the values (lanes,) there."""
        row = min(self.trajectory.row_of(round(step)), self.rows - 1)
        return self.trajectory.step(row), self._values(row, row + 1)[0]

    def last_points(self, lanes: NDArray[np.intp]) -> tuple[Reals, Reals]:
        """Step and value of the last recorded row before each of these lanes diverged."""
        plan = self.trajectory.plan
        rows = (self.trajectory.diverged_at[lanes] - 1) // plan.stride
        rows = np.clip(rows, 0, max(self.rows - 1, 0))
        values = [self._values(r, r + 1)[0, k] for r, k in zip(rows.tolist(), lanes, strict=True)]
        return rows * float(plan.stride), np.array(values)

    def _values(self, first_row: int, last_row: int) -> Reals:
        return self.series.values(self.trajectory, first_row, last_row)
