"""The first rows of a table that is about to be opened, with what its columns are."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from lrstudio.core.epochs import counted
from lrstudio.core.sheet import Column, Sheet, short
from lrstudio.gui import theme
from lrstudio.gui.parameter_texts import wrapped

Index = QModelIndex | QPersistentModelIndex
MOST_ROWS = 100
_MOST_COLUMNS = 200
_NARROWEST, _WIDEST = 64, 160
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class PreviewModel(QAbstractTableModel):
    """The head of a sheet."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sheet: Sheet | None = None
        self._columns: tuple[Column, ...] = ()

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Show another sheet, or none."""
        self.beginResetModel()
        self._sheet = sheet
        self._columns = sheet.columns[:_MOST_COLUMNS] if sheet else ()
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        is_below = parent is not None and parent.isValid()
        return 0 if self._sheet is None or is_below else min(self._sheet.rows, MOST_ROWS)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(column, index.row())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.kind == "number" else _LEFT
        if role == Qt.ItemDataRole.ForegroundRole:
            is_missing = np.isnan(column.values[index.row()])
            return QColor(theme.current().muted) if is_missing else None
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            is_text = role == Qt.ItemDataRole.DisplayRole and self._sheet is not None
            return str(self._sheet.lines[section]) if is_text else None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{column.name}\n{kind_text(column)}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.kind == "number" else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return wrapped(column.problem or f"{column.name}: {kind_text(column)}")
        return None


class Preview(QTableView):
    """A table to look at; its row numbers are the lines of the file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("csv_preview")
        self.setAccessibleName("First rows")
        self._model = PreviewModel(self)
        self.setModel(self._model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)  # Tab leads on, arrows move in the table
        self.setWordWrap(False)
        self.verticalHeader().setDefaultSectionSize(22)
        self.verticalHeader().setDefaultAlignment(_RIGHT)
        self.horizontalHeader().setHighlightSections(False)

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Show the head of a sheet, or nothing."""
        self._model.show_sheet(sheet)
        self.resizeColumnsToContents()
        for column in range(self._model.columnCount()):
            width = min(max(self.columnWidth(column), _NARROWEST), _WIDEST)
            self.setColumnWidth(column, width)


def kind_text(column: Column) -> str:
    """What a column holds, in a few words."""
    if column.problem:
        return "text" if column.kind == "text" else "faulty number"
    gaps = f", {column.missing:,} missing" if column.missing else ""
    if column.kind == "category":
        return f"{counted(len(column.categories), 'category')}{gaps}"
    return f"number{gaps}"


def _cell(column: Column, row: int) -> str:
    value = column.values[row]
    if np.isnan(value):
        return "?" if column.problem else "missing"
    if column.kind == "number":
        return short(value).replace("-", "−", 1) if value < 0 else short(value)
    return column.categories[int(value)] if column.categories else "…"
