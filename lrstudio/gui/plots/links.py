"""What all plots against the step have in common: the stretch of steps they show."""

from PySide6.QtCore import QObject, Signal

_FEWEST_STEPS = 4.0
_AIR = 0.015
"""Room before the first and after the last step, as a share of the run: marks stand there."""


class XLink(QObject):
    """The visible stretch of steps, shared by linked plots."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps = 100.0
        self._visible: tuple[float, float] | None = None

    @property
    def visible(self) -> tuple[float, float]:
        """First and last step shown."""
        air = _AIR * self._steps
        return self._visible or (-air, self._steps + air)

    @property
    def is_zoomed(self) -> bool:
        """Whether somebody chose what to look at."""
        return self._visible is not None

    def set_steps(self, steps: int) -> None:
        """The length of the run; another length shows the whole run again."""
        if float(steps) != self._steps:
            self._steps = float(steps)
            self._visible = None
            self.changed.emit()

    def show(self, first: float, last: float) -> None:
        """Look at a stretch of steps, as far as the run goes."""
        air = _AIR * self._steps
        low, high = -air, self._steps + air
        length = min(max(last - first, _FEWEST_STEPS), high - low)
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
