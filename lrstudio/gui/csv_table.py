"""A table that is looked at: its first rows, and what is chosen among its columns."""

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QSplitter, QVBoxLayout, QWidget

from lrstudio.core.epochs import counted
from lrstudio.core.sheet import Choice, Sheet, number_of_features
from lrstudio.gui import theme
from lrstudio.gui.csv_columns import ColumnChooser, named_box
from lrstudio.gui.csv_preview import Preview

_MOST_NAMED = 3


class TableView(QSplitter):
    """Rows at the left; target, features and what is done about gaps at the right."""

    changed = Signal()
    """The user chose something else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview = Preview()
        self._columns = ColumnChooser()
        self._missing = named_box("csv_missing")
        self._missing.addItem("Refuse", "refuse")
        self._missing.addItem("Drop such rows", "drop")
        self._form = QFormLayout()
        self._lay_out()
        self._columns.changed.connect(self.changed)
        self._missing.activated.connect(self.changed)

    def show_sheet(self, sheet: Sheet | None, choice: Choice | None) -> None:
        """Show a sheet, or none, and a choice among its columns."""
        self._preview.show_sheet(sheet)
        self._columns.show_sheet(sheet, choice)
        for widget in (self._columns, self._missing):
            widget.setEnabled(sheet is not None)

    def show_missing(self, missing: str) -> None:
        """What is done about gaps."""
        self._missing.setCurrentIndex(self._missing.findData(missing))

    def choice(self) -> Choice:
        """What is chosen."""
        return replace(self._columns.choice(), missing=self._missing.currentData())

    def add_row(self, label: str, widget: QWidget) -> None:
        """Put something else below the choice."""
        self._form.addRow(label, widget)

    def _lay_out(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(theme.SPACING, 0, 0, 0)
        column.setSpacing(theme.SPACING)
        column.addWidget(self._columns, 1)
        self._form.setVerticalSpacing(theme.SPACING // 2)
        self._form.addRow("Missing values", self._missing)
        column.addLayout(self._form)
        self.addWidget(self._preview)
        self.addWidget(right)
        self.setStretchFactor(0, 1)
        self.setChildrenCollapsible(False)
        self.setSizes([540, 330])


def summary(sheet: Sheet, choice: Choice, rows: NDArray[np.intp]) -> str:
    """What the kept rows make, in a few sentences."""
    left_out = sheet.rows - len(rows)
    features, columns = number_of_features(sheet, choice, rows), len(choice.features)
    text = f"{counted(len(rows), 'example')} with {counted(features, 'feature')}"
    text += f" from {counted(columns, 'column')}." if features != columns else "."
    if left_out:
        text += f" {counted(left_out, 'row')} left out: values missing."
    unusable = [c.name for c in sheet.columns if c.problem]
    if unusable:
        more = f" and {len(unusable) - _MOST_NAMED:,} more" * (len(unusable) > _MOST_NAMED)
        text += f" Nothing can be learnt from {', '.join(unusable[:_MOST_NAMED])}{more}."
    return text
