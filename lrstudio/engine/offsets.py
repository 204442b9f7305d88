"""How far a function moved in the course of a run, recorded with it."""

import numpy as np

from lrstudio.core.arrays import Array, Places
from lrstudio.engine.plan import Plan


class Offsets:
    """Where the function was at each recorded row; lanes of one seed share a column."""

    def __init__(self, plan: Plan) -> None:
        first: dict[int, int] = {}
        for lane in plan.lanes:
            first.setdefault(lane.seed, lane.index)
        columns = {seed: column for column, seed in enumerate(first)}
        self._first: Places = np.array(list(first.values()), dtype=np.intp)
        self._column_of = [columns[lane.seed] for lane in plan.lanes]
        self._rows: Array = np.zeros((plan.rows, plan.dim, len(first)))
        self._last: Array = np.zeros((plan.dim, len(first)))
        self.has_moved = False
        """Whether the function was ever anywhere else than at its place."""

    def take(self, offset: Array) -> None:
        """Take over the last step of a stretch `(n, dim, lanes)`."""
        self.has_moved = self.has_moved or bool(offset.any())
        self._last = offset[-1][:, self._first]

    def write(self, target: slice, offset: Array) -> None:
        """Record rows `(n, dim, lanes)`."""
        self._rows[target] = offset[:, :, self._first]

    def at(self, row: int, lane: int) -> Array:
        """How far the function of a lane had moved at a recorded row `(dim,)`."""
        return self._rows[row, :, self._column_of[lane]]

    def between(self, first: int, last: int, lane: int) -> Array:
        """The same for the rows `first <= row < last` `(n, dim)`."""
        return self._rows[first:last, :, self._column_of[lane]]

    def last(self, lane: int) -> Array:
        """The same at the last step that was computed `(dim,)`."""
        return self._last[:, self._column_of[lane]]
