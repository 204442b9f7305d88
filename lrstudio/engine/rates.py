"""Learning rates of all lanes: that of the optimizer times the factor of the schedule."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lrstudio.core import Schedule
from lrstudio.core.arrays import Array, Places
from lrstudio.engine.experiment import Contender


class Rates:
    """The rates of `contenders`, one for each lane, over a run of `steps`.

    They are worked out where they are asked for, never as a table of the whole run, which may have
    a hundred million steps.
    """

    def __init__(self, contenders: Sequence[Contender], steps: int) -> None:
        self.steps = steps
        self._contenders = contenders
        places: dict[Schedule, int] = {}
        rows = [places.setdefault(c.schedule, len(places)) for c in contenders]
        self.schedules = tuple(places)
        """The different schedules."""
        self.row_of: Places = np.array(rows, dtype=np.intp)
        """Place of each lane's schedule among them `(lanes,)`."""
        rates = [c.optimizer.lr for c in contenders]
        self.base: Array = np.array(rates, dtype=np.float64)
        """Learning rates before the schedule `(lanes,)`."""

    def factors(self, updates: Places) -> Array:
        """Factors `(schedules, n)` of the updates `(n,)`, counted from 0."""
        table = [schedule.at(updates, self.steps) for schedule in self.schedules]
        return np.array(table).reshape(len(table), len(updates))

    def next_factors(self, updates: Places) -> Array:
        """Factors `(schedules, n)` of the updates after these; the last keeps its own."""
        return self.factors(np.minimum(updates + 1, self.steps - 1))

    def at(self, updates: Places, lanes: slice = slice(None)) -> Array:
        """Rates `(n, lanes)` of the updates `(n,)`."""
        rows = self.row_of[lanes].tolist()
        factors = {row: self.schedules[row].at(updates, self.steps) for row in dict.fromkeys(rows)}
        table = np.array([factors[row] for row in rows]).reshape(len(rows), len(updates))
        with np.errstate(over="ignore"):  # a rate may leave the finite numbers, as a loss may
            return np.asarray(table.T * self.base[lanes])

    def of(self, lanes: slice, factors: Array) -> Array:
        """Rates `(n, lanes)` of some lanes, with the factors `(schedules, n)` of n updates."""
        return np.asarray(factors[self.row_of[lanes]].T * self.base[lanes])

    def momenta(self, lanes: slice, updates: Places) -> Array:
        """Momenta (or β₁) `(n, lanes)` of updates `(n,)`: the schedule's where it cycles them.

        Else the rule's own; NaN where a rule has none.
        """
        table = np.full((len(updates), len(self._contenders[lanes])), np.nan)
        for column, contender in enumerate(self._contenders[lanes]):
            name = contender.optimizer.momentum_name
            if name is not None:
                cycled = contender.schedule.momentum_at(updates, self.steps)
                table[:, column] = getattr(contender.optimizer, name) if cycled is None else cycled
        return table

    @property
    def listen(self) -> bool:
        """Whether any schedule depends on the losses."""
        return any(schedule.listens for schedule in self.schedules)

    def listening(self, lanes: slice) -> NDArray[np.bool_]:
        """Which of some lanes have a schedule that depends on the losses `(lanes,)`."""
        return np.array([self.schedules[row].listens for row in self.row_of[lanes]], dtype=np.bool_)

    def are_shared(self, lanes: slice) -> bool:
        """Whether all of some lanes have the same rate at every step."""
        if self.listening(lanes).any():
            return False
        kinds = zip(self.base[lanes].tolist(), self.row_of[lanes].tolist(), strict=True)
        return len(set(kinds)) == 1
