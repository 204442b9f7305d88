"""The contenders as a Qt model: shown as the document has them, edited through the document."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from msgspec.structs import replace
from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor, QIcon

from lrstudio.core import parameters
from lrstudio.engine import Contender, edits
from lrstudio.gui import theme
from lrstudio.gui.document import Document
from lrstudio.gui.list_changes import (
    Change,
    Inserted,
    Moved,
    Removed,
    Replaced,
    change_between,
)
from lrstudio.gui.panel_parts import described

Index = QModelIndex | QPersistentModelIndex
SUMMARY_ROLE = Qt.ItemDataRole.UserRole
"""The muted words at the right of a row."""
LONGEST_NAME = 200

_ROLE = Qt.ItemDataRole
_MIME = "application/x-lrstudio-contender"


class ContenderModel(QAbstractListModel):
    """One row per contender."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._contenders = document.experiment.contenders
        self._token = uuid4().hex
        theme.notifier.changed.connect(self.on_theme_changed)

    def show_contenders(self, contenders: tuple[Contender, ...]) -> Change | None:
        """Follow the document and tell the views what happened; None if nothing did."""
        if contenders is self._contenders:
            return None
        change = change_between(self._contenders, contenders)
        self._follow(change, contenders)
        return change

    def on_theme_changed(self) -> None:
        """Swatches have other colours now."""
        if self._contenders:
            self.dataChanged.emit(self.index(0), self.index(len(self._contenders) - 1))

    def rename(self, row: int, typed: str) -> bool:
        """Give a contender another name; an empty one is refused and the old one stays."""
        name = _tidy(typed)
        if not name:
            return False
        self._replace(row, f"Rename to {name}", name=name)
        return True

    def set_enabled(self, row: int, is_enabled: bool) -> None:
        """Let a contender run or keep it out."""
        word = "Enable" if is_enabled else "Disable"
        self._replace(row, f"{word} {self._contenders[row].name}", enabled=is_enabled)

    def set_colour(self, row: int, slot: int) -> None:
        """Draw a contender in another colour and dash pattern."""
        self._replace(row, f"Change colour of {self._contenders[row].name}", colour=slot)

    def _replace(self, row: int, text: str, **changes: Any) -> None:
        changed = replace(self._contenders[row], **changes)
        new = edits.with_contender(self._document.experiment, row, changed)
        self._document.edit(text, new)

    def _follow(self, change: Change, contenders: tuple[Contender, ...]) -> None:
        parent = QModelIndex()
        match change:
            case Inserted(row):
                self.beginInsertRows(parent, row, row)
                self._contenders = contenders
                self.endInsertRows()
            case Removed(row):
                self.beginRemoveRows(parent, row, row)
                self._contenders = contenders
                self.endRemoveRows()
            case Moved(row, target):
                # Qt counts the target before the row is taken out.
                before = target + 1 if target > row else target
                self.beginMoveRows(parent, row, row, parent, before)
                self._contenders = contenders
                self.endMoveRows()
            case Replaced(rows):
                self._contenders = contenders
                for row in rows:
                    self.dataChanged.emit(self.index(row), self.index(row))
            case _:
                self.beginResetModel()
                self._contenders = contenders
                self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._contenders)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        show = _SHOWN.get(_ROLE(role))
        if show is None or not index.isValid():
            return None
        return show(self._contenders[index.row()])

    def setData(self, index: Index, value: Any, role: int = _ROLE.EditRole) -> bool:
        if role == _ROLE.EditRole:
            return self.rename(index.row(), str(value))
        if role == _ROLE.CheckStateRole:
            self.set_enabled(index.row(), Qt.CheckState(value) == Qt.CheckState.Checked)
            return True
        return False

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():  # between the rows: where one can be dropped
            return Qt.ItemFlag.ItemIsDropEnabled
        flag = Qt.ItemFlag
        return (
            flag.ItemIsEnabled
            | flag.ItemIsSelectable
            | flag.ItemIsEditable
            | flag.ItemIsUserCheckable
            | flag.ItemIsDragEnabled
            | flag.ItemNeverHasChildren
        )

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: list[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(_MIME, f"{self._token} {indexes[0].row()}".encode())
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        token, _, dragged = bytes(data.data(_MIME).data()).decode("ascii", "replace").partition(" ")
        if token != self._token:  # of another window, whose contenders are not ours
            return False
        before = row if row >= 0 else len(self._contenders)
        return self.moveRows(QModelIndex(), int(dragged), 1, QModelIndex(), before)

    def moveRows(self, parent: Index, row: int, count: int, new_parent: Index, before: int) -> bool:
        """A row was dropped before another one: one edit of the document."""
        rows = len(self._contenders)
        if count != 1 or not 0 <= row < rows or not 0 <= before <= rows:
            return False
        target = before - 1 if before > row else before
        if target == row:
            return False
        new = edits.with_moved(self._document.experiment, row, target)
        self._document.edit(f"Move {self._contenders[row].name}", new)
        return True


def summary(contender: Contender) -> str:
    """What tells contenders of one rule apart: learning rate and schedule, in few words."""
    schedule = type(contender.schedule)
    words = [f"η {contender.optimizer.lr:.3g}"]
    name = described(schedule).id.replace("_", " ")
    if name != "constant":
        words.append(name)
    elif contender.schedule.warmup:
        words.append("warm-up")
    return " · ".join(words)


def details(contender: Contender) -> str:
    """Rule and schedule with every value that is not the default."""
    lines = [contender.name]
    for config in (contender.optimizer, contender.schedule, contender.schedule.warmup):
        if config is not None:
            values = [
                f"{p.symbol or p.label} = {getattr(config, p.name)}"
                for p in parameters(type(config))
                if p.name == "lr" or getattr(config, p.name) != p.default
            ]
            lines.append(
                ": ".join([described(type(config)).title, *filter(None, [", ".join(values)])])
            )
    return "\n".join(lines)


def _tidy(name: str) -> str:
    """One line that any file can hold: pasted text may carry halves of characters."""
    writable = name.encode("utf-8", "ignore").decode()
    return " ".join(writable.split())[:LONGEST_NAME]


def _check_state(contender: Contender) -> Qt.CheckState:
    return Qt.CheckState.Checked if contender.enabled else Qt.CheckState.Unchecked


def _text_colour(contender: Contender) -> QColor | None:
    return None if contender.enabled else QColor(theme.current().muted)


def _name(contender: Contender) -> str:
    return contender.name


def _spoken(contender: Contender) -> str:
    return f"{contender.name}, {summary(contender)}"


def _swatch(contender: Contender) -> QIcon:
    return theme.swatch_icon(contender.colour)


_SHOWN: dict[Qt.ItemDataRole, Callable[[Contender], Any]] = {
    _ROLE.DisplayRole: _name,
    _ROLE.EditRole: _name,
    _ROLE.CheckStateRole: _check_state,
    _ROLE.DecorationRole: _swatch,
    _ROLE.ForegroundRole: _text_colour,
    _ROLE.ToolTipRole: details,
    _ROLE.AccessibleTextRole: _spoken,
    SUMMARY_ROLE: summary,
}
