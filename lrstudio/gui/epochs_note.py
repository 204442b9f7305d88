"""What steps are in epochs, said quietly below the field that counts them."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from lrstudio.core.epochs import counted
from lrstudio.gui import theme
from lrstudio.gui.number_field import NumberField
from lrstudio.gui.typed_numbers import epochs_of


class EpochsNote(QLabel):
    """`= 2.5 epochs`; hidden where the problem has no epochs, or nothing counts steps."""

    def __init__(self, field: NumberField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self.setObjectName(f"epochs_{field.parameter.name}")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "muted")
        self.setFont(theme.small_font())
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.hide()

    def show_value(self, value: Any) -> None:
        """Say how many epochs these steps are; of epochs how many steps each has."""
        text = self._told(value)
        self.setText(text)
        self.setVisible(bool(text))

    def _told(self, value: Any) -> str:
        parameter, per_epoch = self._field.parameter, self._field.steps_per_epoch
        if per_epoch is None or not parameter.unit:
            return ""
        if parameter.unit == "epochs":
            return f"of {counted(per_epoch, 'step')} each"
        epochs = epochs_of(parameter.kind, value, per_epoch)
        return f"= {epochs}" if epochs else ""
