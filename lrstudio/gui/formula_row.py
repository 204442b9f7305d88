"""Rows for what is typed as a formula: the text itself, and a number for each constant in it."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lrstudio.core import Parameter
from lrstudio.gui import theme
from lrstudio.gui.form_rows import NumberRow, ParameterRow
from lrstudio.gui.formula_field import FormulaField
from lrstudio.gui.number_field import ErrorLine

Constants = tuple[tuple[str, float], ...]
_NEW = 1.0
"""What a new constant begins with."""


class FormulaRow(ParameterRow):
    """A formula, and the sentence when it is none."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.field = FormulaField(self)
        self._place_wide(self.field)
        error = ErrorLine(self.field, self)
        error.setObjectName(f"error_{parameter.name}")
        self._place_below(error, 2)
        self.field.value_changed.connect(self.on_typed)
        self.field.committed.connect(self.on_committed)

    def show_value(self, value: str, is_other_subject: bool) -> None:
        if is_other_subject:
            self.field.show_value(value)
        else:
            self.field.set_value(value)
        self._mark(value)

    def reset(self) -> None:
        self.field.take(self.parameter.default)

    def on_typed(self, value: str) -> None:
        """Another formula was typed and more may follow."""
        self._mark(value)
        self.edited.emit(value, True)

    def on_committed(self, value: str) -> None:
        """The formula stays."""
        self.edited.emit(value, False)


class ConstantsRow(ParameterRow):
    """A number with a slider for each constant, each with its own label, mark and help."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._constants: Constants = ()
        self._rows: dict[str, NumberRow] = {}
        self._hide_own_marks()
        self._content = QWidget(self)
        self._layout = QVBoxLayout(self._content)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.SPACING)
        self._place_full(self._content)

    def show_value(self, value: Constants, is_other_subject: bool) -> None:
        if [name for name, _ in value] != list(self._rows):
            self._build(value)
        self._constants = value
        for name, number in value:
            self._rows[name].show_value(number, is_other_subject)

    def reset(self) -> None:
        self.edited.emit(self.parameter.default, False)

    def on_row_edited(self, value: Any, is_going_on: bool) -> None:
        """One of the constants was edited."""
        row = self.sender()
        pairs = ((n, value if self._rows[n] is row else v) for n, v in self._constants)
        self._constants = tuple(pairs)
        self.edited.emit(self._constants, is_going_on)

    def _hide_own_marks(self) -> None:
        for mark in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            mark.hide()

    def _build(self, constants: Constants) -> None:
        """Rows for other names; those that stay keep what is half typed."""
        names = [name for name, _ in constants]
        for name in [n for n in self._rows if n not in names]:
            row = self._rows.pop(name)
            row.blockSignals(True)  # a field that loses the focus now speaks of what is gone
            self._layout.removeWidget(row)
            row.setParent(None)
            row.deleteLater()
        self._rows = {name: self._rows.get(name) or self._made(name) for name in names}
        for place, row in enumerate(self._rows.values()):
            self._layout.insertWidget(place, row)
            row.show()

    def _made(self, name: str) -> NumberRow:
        row = NumberRow(_constant(self.parameter, name), self._content)
        row.edited.connect(self.on_row_edited)
        return row


def _constant(parameter: Parameter, name: str) -> Parameter:
    """One constant as something that a number field can edit."""
    return Parameter(
        name=f"{parameter.name}_{name}",
        kind="real",
        default=dict(parameter.default).get(name, _NEW),
        symbol=name if len(name) <= 3 else "",
        label="Constant" if len(name) <= 3 else name,
        help=f"Value of {name} in the formula.",
        minimum=parameter.minimum,
        maximum=parameter.maximum,
        low=parameter.low,
        high=parameter.high,
    )
