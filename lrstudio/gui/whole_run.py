"""The box beside a length: so many steps, or what it is where it is left open."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from lrstudio.core import Parameter
from lrstudio.core.declaration import WHOLE_RUN


class WholeRunBox(QCheckBox):
    """Ticked while a length is left open; clearing it needs some number to start from."""

    moved = Signal(object, bool)
    """The user's new length or None, and False: a click holds nothing."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(_words(parameter.left_open), parent)
        self.setObjectName(f"whole_run_{parameter.name}")
        self._length = usual_length(parameter)
        self.clicked.connect(self.on_clicked)

    def show_value(self, value: int | None) -> None:
        """Show whether a length is given; emits nothing. The last number is offered again."""
        self.setChecked(value is None)
        if value is not None:
            self._length = value

    def offer(self, length: int) -> None:
        """The length to start from when the box is cleared."""
        self._length = length

    def on_clicked(self, is_whole: bool) -> None:
        """The user ticked or cleared the box."""
        self.moved.emit(None if is_whole else self._length, False)


def _words(left_open: str) -> str:
    return f"Spans the {left_open}" if left_open == WHOLE_RUN else left_open.capitalize()


def usual_length(parameter: Parameter) -> int:
    """A number to start from where none was given: the middle of the slider's decades."""
    low, high = max(parameter.low or 1, 1), max(parameter.high or 1, 1)
    return round((low * high) ** 0.5)
