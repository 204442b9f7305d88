"""What curves are drawn against: steps, epochs, or evaluations of the gradient.

The one place where horizontal coordinates come from: plots, cross-hair, play-head and exported
figures all ask here. A step of one rule may cost more evaluations than that of another, so against
evaluations every lane has coordinates of its own.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.core.epochs import counted, epoch_at
from lrstudio.engine.plan import Plan
from lrstudio.engine.trajectory import NEVER, Integers, Trajectory

_THIN_SPACE = "\u2009"


class XAxis(ABC):
    """A measure of how far a run has come; it never decreases along a lane."""

    id: str
    title: str
    """Label of the axis in a figure."""
    name: str
    """Its entry in a menu."""
    unit: str
    """One or two short words for the corner of a plot."""
    tip: str
    """What choosing it does, in one sentence."""
    is_whole: bool = True
    """Whether only whole numbers are labelled."""

    def is_offered(self, plan: Plan) -> bool:
        """Whether a run can be measured so."""
        return True

    @abstractmethod
    def length(self, trajectory: Trajectory) -> float:
        """The whole run; it may grow with a run that is being computed."""

    @abstractmethod
    def at(self, trajectory: Trajectory, rows: Integers) -> Array:
        """Coordinates of rows, `(n, 1)` where all lanes have the same and `(n, lanes)` else."""

    @abstractmethod
    def at_lanes(self, trajectory: Trajectory, rows: Integers) -> Array:
        """Coordinates `(lanes,)` of one row per lane."""

    @abstractmethod
    def rows_at(self, trajectory: Trajectory, x: float) -> Integers:
        """The row `(lanes,)` in which each lane is at a coordinate; -1 where it is not there."""

    @abstractmethod
    def stretch(self, trajectory: Trajectory, first: float, last: float) -> tuple[Array, Array]:
        """The rows, `(1,)` or `(lanes,)` and with fractions, that lie at two coordinates."""

    @abstractmethod
    def snapped(self, trajectory: Trajectory, x: float) -> float:
        """The nearest coordinate at which there is something to read."""

    @abstractmethod
    def words(self, plan: Plan, x: float) -> str:
        """A coordinate as it is read: "step 212"."""


class _Steps(XAxis):
    """Updates: the same coordinates for all lanes."""

    id = "steps"
    title = "Step"
    name = "&Steps"
    unit = "step"
    tip = "Draw the plots against the number of updates"

    def per_unit(self, plan: Plan) -> float:
        """Steps that one unit of the axis is."""
        return 1.0

    def length(self, trajectory: Trajectory) -> float:
        return trajectory.plan.experiment.steps / self.per_unit(trajectory.plan)

    def at(self, trajectory: Trajectory, rows: Integers) -> Array:
        return self.at_lanes(trajectory, rows)[:, None]

    def at_lanes(self, trajectory: Trajectory, rows: Integers) -> Array:
        plan = trajectory.plan
        steps = np.minimum(rows * plan.stride, plan.experiment.steps)
        return np.asarray(steps / self.per_unit(plan), dtype=np.float64)

    def rows_at(self, trajectory: Trajectory, x: float) -> Integers:
        step = round(max(x, 0.0) * self.per_unit(trajectory.plan))
        return np.full(len(trajectory.plan.lanes), trajectory.row_of(step))

    def stretch(self, trajectory: Trajectory, first: float, last: float) -> tuple[Array, Array]:
        per_row = trajectory.plan.stride / self.per_unit(trajectory.plan)
        return np.array([first / per_row]), np.array([last / per_row])

    def snapped(self, trajectory: Trajectory, x: float) -> float:
        return float(self.at_lanes(trajectory, self.rows_at(trajectory, x)[:1])[0])

    def words(self, plan: Plan, x: float) -> str:
        per_epoch = plan.steps_per_epoch
        epoch = f" (epoch {epoch_at(round(x), per_epoch)})" if per_epoch else ""
        return f"step {x:,.0f}{epoch}".replace(",", _THIN_SPACE)


class _Epochs(_Steps):
    """Passes over the examples."""

    id = "epochs"
    title = "Epoch"
    name = "&Epochs"
    unit = "epoch"
    tip = "Draw the plots against passes over the examples"
    is_whole = False

    def is_offered(self, plan: Plan) -> bool:
        return plan.steps_per_epoch is not None

    def per_unit(self, plan: Plan) -> float:
        return float(plan.steps_per_epoch or 1)

    def words(self, plan: Plan, x: float) -> str:
        step = round(x * self.per_unit(plan))
        epoch = epoch_at(step, plan.steps_per_epoch or 1)
        return f"epoch {epoch} (step {step:,})".replace(",", _THIN_SPACE)


class _Evaluations(XAxis):
    """Gradients that were asked for: what a run costs, whatever its rule does with a step."""

    id = "evaluations"
    title = "Evaluations"
    name = "E&valuations"
    unit = "evals"
    tip = (
        "Draw the plots against the gradients that were evaluated: the fair comparison where one "
        "rule asks for more of them in a step than another"
    )

    def length(self, trajectory: Trajectory) -> float:
        used = trajectory.evaluations
        most = float(used.max()) if len(used) else 0.0
        return max(most, float(trajectory.plan.experiment.steps))

    def at(self, trajectory: Trajectory, rows: Integers) -> Array:
        return np.asarray(trajectory.evaluations_in(rows), dtype=np.float64)

    def at_lanes(self, trajectory: Trajectory, rows: Integers) -> Array:
        return np.asarray(trajectory.evaluations_of_lanes(rows), dtype=np.float64)

    def rows_at(self, trajectory: Trajectory, x: float) -> Integers:
        rows = self._last_rows(trajectory, x)
        newest = np.full(len(rows), max(trajectory.rows - 1, 0))
        is_there = (x >= 0) & (x <= self.at_lanes(trajectory, newest))
        return np.where(is_there, rows, NEVER)

    def stretch(self, trajectory: Trajectory, first: float, last: float) -> tuple[Array, Array]:
        begin, end = self._last_rows(trajectory, first), self._last_rows(trajectory, last)
        return begin.astype(np.float64), end.astype(np.float64)

    def snapped(self, trajectory: Trajectory, x: float) -> float:
        return min(max(float(round(x)), 0.0), self.length(trajectory))

    def words(self, plan: Plan, x: float) -> str:
        return counted(round(x), "evaluation").replace(",", _THIN_SPACE)

    def _last_rows(self, trajectory: Trajectory, x: float) -> Integers:
        """The last row `(lanes,)` in which no more than `x` were used, found by halving."""
        lanes = len(trajectory.plan.lanes)
        low = np.zeros(lanes, dtype=np.intp)
        high = np.full(lanes, max(trajectory.rows - 1, 0))
        while (low < high).any():
            middle = (low + high + 1) // 2
            is_within = self.at_lanes(trajectory, middle) <= x
            low, high = np.where(is_within, middle, low), np.where(is_within, high, middle - 1)
        return low


STEPS: XAxis = _Steps()
X_AXES: Mapping[str, XAxis] = MappingProxyType(
    {axis.id: axis for axis in (STEPS, _Epochs(), _Evaluations())}
)
"""All of them by id, in the order of the menu."""


def x_axis_for(plan: Plan, wanted: str) -> XAxis:
    """The axis that was chosen; steps where a run cannot be measured so."""
    axis = X_AXES.get(wanted, STEPS)
    return axis if axis.is_offered(plan) else STEPS
