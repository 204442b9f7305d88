"""The list of contenders: swatch, name and, quietly at the right, what is special about each."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QDropEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from lrstudio.gui import theme
from lrstudio.gui.contender_model import (
    LONGEST_NAME,
    SEPARATOR,
    SUMMARY_ROLE,
    ContenderModel,
)

Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 26
"""Pixels of a row."""

_SWATCH = QSize(*theme.SWATCH)
_GAP = 8
_SUMMARY_SHARE = 0.35  # of the room for words, where the name would like all of it
_ELIDE = Qt.TextElideMode.ElideRight


class ContenderList(QListView):
    """Shows a `ContenderModel`; double click or F2 renames, Space toggles, rows can be dragged."""

    def __init__(self, model: ContenderModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("contender_list")
        self.setAccessibleName("Contenders")
        self.setModel(model)
        self.setItemDelegate(_RowPainter(self))
        self.setIconSize(_SWATCH)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)

    def dropEvent(self, event: QDropEvent) -> None:
        # Not QListView's, which handles its own rows in a way of its own: the model decides.
        QAbstractItemView.dropEvent(self, event)


class _RowPainter(QStyledItemDelegate):
    """Leaves room at the right of the name for the summary, and draws it muted."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        room = _rooms(option, index)[0].width()
        # In the middle: "Adam with a long name 2" ends in what tells it apart.
        middle = Qt.TextElideMode.ElideMiddle
        option.text = option.fontMetrics.elidedText(option.text, middle, room)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        full = QStyleOptionViewItem(option)
        super().initStyleOption(full, index)
        room = _rooms(full, index)[1]
        painter.save()
        painter.setPen(QColor(theme.current().muted))
        painter.setFont(option.font)
        words = option.fontMetrics.elidedText(shown_summary(full, index), _ELIDE, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = super().createEditor(parent, option, index)
        if isinstance(editor, QLineEdit):
            editor.setMaxLength(LONGEST_NAME)
            editor.setObjectName("contender_name")
        return editor


def _rooms(option: QStyleOptionViewItem, index: Index) -> tuple[QRect, QRect]:
    """Where the name and the summary go: the name is shortened last."""
    text, room = _room(option)
    metrics = option.fontMetrics
    name = metrics.horizontalAdvance(index.data()) + 2 * _GAP
    wanted = metrics.horizontalAdvance(shown_summary(option, index)) + 1
    width = min(wanted, max(room - name, round(_SUMMARY_SHARE * room)))
    border = option.rect.right() - _GAP // 2 - width
    words = QRect(border, option.rect.top(), width, option.rect.height())
    text.setRight(border - _GAP)
    return text, words


def _room(option: QStyleOptionViewItem) -> tuple[QRect, int]:
    """Where the style puts the text, and how many pixels there are up to the end of the row."""
    element = QStyle.SubElement.SE_ItemViewItemText
    text = option.widget.style().subElementRect(element, option, option.widget)
    return text, option.rect.right() - _GAP // 2 - text.left()


def shown_summary(option: QStyleOptionViewItem, index: Index) -> str:
    """As many parts of the summary as leave the name whole, and the first one in any case.

    Half a word ("η 0.01 · cos…") says less than none; the tool tip has everything.
    """
    metrics, room = option.fontMetrics, _room(option)[1]
    name = metrics.horizontalAdvance(index.data()) + 2 * _GAP
    parts = index.data(SUMMARY_ROLE).split(SEPARATOR)
    for count in range(len(parts), 1, -1):
        words: str = SEPARATOR.join(parts[:count])
        if name + metrics.horizontalAdvance(words) + 1 <= room:
            return words
    return str(parts[0])
