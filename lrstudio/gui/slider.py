"""A slider for a parameter: exact values, a scale that fits, keys that walk sensible numbers.

Qt's slider counts whole positions. Here the position is only a picture of the value: showing
0.0015 and letting go again leaves 0.0015, and a value beyond the slider's ends stays what it is.
"""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from lrstudio.core import Parameter
from lrstudio.gui.scales import scale_of, stepped
from lrstudio.gui.scrolling import takes_wheel
from lrstudio.gui.stepping import STEP_KEYS, WheelNotches
from lrstudio.gui.typed_numbers import shortest

_POSITIONS = 10_000
_HANDLE = 12  # pixels, as in the style sheet
_STEPS = {**STEP_KEYS, Qt.Key.Key_Right: (1, False), Qt.Key.Key_Left: (-1, False)}


class ParameterSlider(QSlider):
    """Drags a number over the range that its parameter declares worth covering."""

    moved = Signal(object, bool)
    """The user's new value, and whether the handle or key is still held; once more at the end."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        """Raises ValueError for a parameter without a finite range; ask `scale_of` before."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        scale = scale_of(parameter)
        if scale is None:
            raise ValueError(f"{parameter.name} has no range that a slider could cover")
        self.parameter = parameter
        self._scale = scale
        self._value = scale.low
        self._grip = 0.0
        self._has_moved = False
        self._wheel = WheelNotches()
        self.setRange(0, _POSITIONS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{parameter.label}, slider")
        self.setMinimumWidth(4 * _HANDLE)

    def shown_value(self) -> float:
        """The exact value, also where the handle can only point at the nearest end."""
        return self._value

    def show_value(self, value: float) -> None:
        """Show a value and emit nothing."""
        if value == self._value:
            return
        self._value = value
        self.setAccessibleDescription(shortest(value))
        self.setValue(round(self._scale.fraction(value) * _POSITIONS))

    def _move_to(self, value: float) -> None:
        if value != self._value:
            self._has_moved = True
            self.show_value(value)
            self.moved.emit(value, True)

    def _finish(self) -> None:
        if self._has_moved:
            self._has_moved = False
            self.moved.emit(self._value, False)

    def _step(self, direction: int, is_page: bool) -> None:
        value = stepped(self.parameter, self._value, direction, is_page)
        low, high = self._scale.low, self._scale.high
        if direction > 0 and value > high:
            value = max(self._value, high)
        elif direction < 0 and value < low:
            value = min(self._value, low)
        self._move_to(value)

    def _track(self) -> float:
        return float(max(self.width() - _HANDLE, 1))

    def _handle_x(self) -> float:
        return _HANDLE / 2 + self._scale.fraction(self._value) * self._track()

    def _drag_to(self, place: QPointF) -> None:
        self._move_to(self._scale.value((place.x() - self._grip - _HANDLE / 2) / self._track()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        offset = event.position().x() - self._handle_x()
        is_on_handle = abs(offset) <= _HANDLE / 2
        self._grip = offset if is_on_handle else 0.0
        if not is_on_handle:
            self._drag_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self._finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(event.key())
        if step:
            self._step(*step)
        elif event.key() == Qt.Key.Key_Home:
            self._move_to(self._scale.low)
        elif event.key() == Qt.Key.Key_End:
            self._move_to(self._scale.high)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self._finish()
        super().keyReleaseEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not takes_wheel(self):
            event.ignore()
            return
        for direction in self._wheel.of(event):
            self._step(direction, is_page=False)
        self._finish()
