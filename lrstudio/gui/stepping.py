"""Keys and wheel notches that step a number, shared by field and slider."""

from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent

STEP_KEYS = MappingProxyType(
    {
        Qt.Key.Key_Up: (1, False),
        Qt.Key.Key_Down: (-1, False),
        Qt.Key.Key_PageUp: (1, True),
        Qt.Key.Key_PageDown: (-1, True),
    }
)
"""Key to direction and whether it is a page, as `lrstudio.gui.scales.stepped` takes them."""

_NOTCH = 120  # eighths of a degree


class WheelNotches:
    """Counts whole notches: touch pads send many small parts of one."""

    def __init__(self) -> None:
        self._rest = 0

    def of(self, event: QWheelEvent) -> tuple[int, ...]:
        """The directions to step in for this event, such as (1, 1) for two notches up."""
        self._rest += event.angleDelta().y()
        count = int(self._rest / _NOTCH)
        self._rest -= count * _NOTCH
        return (1 if count > 0 else -1,) * abs(count)
