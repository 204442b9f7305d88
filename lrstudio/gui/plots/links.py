"""What all plots against the step have in common: what is along them, and the stretch they show."""

from PySide6.QtCore import QObject, Signal

from lrstudio.engine import STEPS, Trajectory, XAxis, x_axis_for

_FEWEST_STEPS = 4.0
_AIR = 0.015
"""Room before the first and after the last step, as a share of the run: marks stand there."""


class XLink(QObject):
    """The x axis of linked plots and the visible stretch of it."""

    changed = Signal()
    axis_changed = Signal()
    """Everything lies elsewhere now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted = STEPS.id
        self._axis = STEPS
        self._trajectory: Trajectory | None = None
        self._steps = 100
        self._length = 100.0
        self._visible: tuple[float, float] | None = None

    @property
    def axis(self) -> XAxis:
        """What is along the plots."""
        return self._axis

    @property
    def visible(self) -> tuple[float, float]:
        """First and last coordinate shown."""
        air = _AIR * self._length
        return self._visible or (-air, self._length + air)

    @property
    def is_zoomed(self) -> bool:
        """Whether somebody chose what to look at."""
        return self._visible is not None

    def show_trajectory(self, trajectory: Trajectory) -> None:
        """The run that is shown; one of another length shows the whole of it again."""
        self._trajectory = trajectory
        axis, steps = x_axis_for(trajectory.plan, self._wanted), trajectory.plan.experiment.steps
        is_other, self._axis = axis is not self._axis, axis
        before, self._length = self.visible, axis.length(trajectory)
        if is_other or steps != self._steps:
            self._visible = None
        self._steps = steps
        if is_other:
            self.axis_changed.emit()
        if is_other or before != self.visible:
            self.changed.emit()

    def keep_up(self) -> None:
        """A run that is being computed may have become longer than was to be foreseen."""
        if self._trajectory is not None:
            self.show_trajectory(self._trajectory)

    def set_axis(self, wanted: str) -> None:
        """Have another axis, where a run can be measured so; the stretch stays as it can."""
        self._wanted = wanted
        if self._trajectory is None or x_axis_for(self._trajectory.plan, wanted) is self._axis:
            return
        shares = self._visible and [place / self._length for place in self._visible]
        self.show_trajectory(self._trajectory)
        if shares:
            self.show(shares[0] * self._length, shares[1] * self._length)

    def forget(self) -> None:
        """Let go of the run."""
        self._trajectory = None

    def show(self, first: float, last: float) -> None:
        """Look at a stretch, as far as the run goes."""
        air = _AIR * self._length
        low, high = -air, self._length + air
        fewest = _FEWEST_STEPS * self._length / max(self._steps, 1)
        length = min(max(last - first, fewest), high - low)
        first = min(max((first + last - length) / 2, low), high - length)
        visible = None if length >= high - low else (first, first + length)
        if visible != self._visible:
            self._visible = visible
            self.changed.emit()

    def reset(self) -> None:
        """Show the whole run."""
        if self._visible is not None:
            self._visible = None
            self.changed.emit()
