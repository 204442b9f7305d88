"""The list of a chooser: title, year and one line of what it is, with a star at the right."""

from math import cos, pi, sin

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from lrstudio.core.search import Entry
from lrstudio.gui import theme
from lrstudio.gui.chooser_model import (
    CHOSEN_ROLE,
    DETAIL_ROLE,
    ENTRY_ROLE,
    FAVOURITE_ROLE,
    ChooserModel,
    Index,
)
from lrstudio.gui.chooser_pictures import PICTURE, Pictures

ROW_HEIGHT = 42
HEADING_HEIGHT = 28
_MARGIN = 8
_STAR = 30  # width of the column with the stars
_STAR_RADIUS = 7.0
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ELIDE = Qt.TextElideMode.ElideRight
_STATE = QStyle.StateFlag


class ChooserList(QListView):
    """Rows to choose from with the mouse; the keys stay with the search field."""

    chosen = Signal(int)
    """A row was clicked."""
    star_clicked = Signal(int)
    """The star of a row was clicked."""

    def __init__(
        self, model: ChooserModel, pictures: Pictures | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(_RowPainter(pictures, self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT // 2)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def rows_on_a_page(self) -> int:
        """How far Page Up and Page Down go."""
        return max(1, self.viewport().height() // ROW_HEIGHT - 1)

    def sizeHint(self) -> QSize:
        model = self.model()
        heights = (self.sizeHintForRow(row) for row in range(model.rowCount()))
        return QSize(super().sizeHint().width(), sum(heights) + 2 * self.frameWidth())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place = event.position().toPoint()
        index = self.indexAt(place)
        if event.button() != Qt.MouseButton.LeftButton or index.data(ENTRY_ROLE) is None:
            return
        is_star = star_area(self.visualRect(index)).contains(place)
        (self.star_clicked if is_star else self.chosen).emit(index.row())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # what is pressed is chosen on release, and never merely selected


def star_area(row: QRect) -> QRect:
    """Where the star of a row is clicked."""
    return QRect(row.right() - _STAR + 1, row.top(), _STAR, row.height())


class _RowPainter(QStyledItemDelegate):
    """Draws rules on two lines and headings on one, in the colours of that moment."""

    def __init__(self, pictures: Pictures | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        is_heading = index.data(ENTRY_ROLE) is None
        return QSize(0, HEADING_HEIGHT if is_heading else ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        entry = index.data(ENTRY_ROLE)
        if entry is None:
            _draw_heading(painter, option.rect, index.data())
        else:
            self._draw_rule(painter, option, index, entry)
        painter.restore()

    def _draw_rule(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, entry: Entry
    ) -> None:
        is_current = bool(option.state & _STATE.State_Selected)
        is_hovered = bool(option.state & _STATE.State_MouseOver)
        _draw_background(painter, option.rect, is_current, is_hovered)
        is_favourite = index.data(FAVOURITE_ROLE)
        if is_favourite or is_current or is_hovered:
            _draw_star(painter, star_area(option.rect), is_favourite)
        room = option.rect.adjusted(_MARGIN, 4, -_STAR - 2, -4)
        if self._pictures is not None:
            top = option.rect.top() + (option.rect.height() - PICTURE.height()) // 2
            painter.drawPixmap(QPoint(room.left(), top), self._pictures(entry.id))
            room.setLeft(room.left() + PICTURE.width() + _MARGIN)
        first, second = QRect(room), QRect(room)
        first.setBottom(room.center().y())
        second.setTop(room.center().y() + 1)
        first.setRight(_draw_detail(painter, first, index.data(DETAIL_ROLE)))
        _draw_title(painter, first, option.font, entry.title, index.data(CHOSEN_ROLE))
        _draw_words(painter, second, theme.small_font(), theme.current().muted, entry.summary)


def _draw_heading(painter: QPainter, row: QRect, title: str) -> None:
    font = theme.small_font()
    font.setBold(True)
    room = row.adjusted(_MARGIN, 6, -_MARGIN, 0)
    _draw_words(painter, room, font, theme.current().muted, title)


def _draw_background(painter: QPainter, row: QRect, is_current: bool, is_hovered: bool) -> None:
    if is_current or is_hovered:
        colours = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.selection if is_current else colours.raised))
        painter.drawRoundedRect(QRectF(row).adjusted(0, 0.5, 0, -0.5), 4, 4)


def _draw_detail(painter: QPainter, room: QRect, words: str) -> int:
    """Draw at the right; returns where that begins."""
    if not words:
        return room.right()
    painter.setFont(theme.small_font())
    painter.setPen(QColor(theme.current().muted))
    painter.drawText(room, _RIGHT, words)
    return room.right() - painter.fontMetrics().horizontalAdvance(words) - _MARGIN


def _draw_title(painter: QPainter, room: QRect, font: QFont, title: str, is_chosen: bool) -> None:
    font = QFont(font)
    font.setWeight(QFont.Weight.DemiBold if is_chosen else QFont.Weight.Medium)
    colours = theme.current()
    _draw_words(painter, room, font, colours.accent if is_chosen else colours.text, title)


def _draw_words(painter: QPainter, room: QRect, font: QFont, colour: str, words: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(room, _LEFT, painter.fontMetrics().elidedText(words, _ELIDE, room.width()))


def _draw_star(painter: QPainter, area: QRect, is_favourite: bool) -> None:
    colours = theme.current()
    colour = QColor(colours.accent if is_favourite else colours.muted)
    pen = QPen(colour, 1.2)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(colour if is_favourite else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(_STAR_SHAPE.translated(QRectF(area).center()))


def _star_shape() -> QPolygonF:
    """Five points around the origin, the first one above it."""
    radii = (_STAR_RADIUS, 0.45 * _STAR_RADIUS)
    angles = (-pi / 2 + pi / 5 * n for n in range(10))
    return QPolygonF(
        [
            QPointF(radii[n % 2] * cos(angle), radii[n % 2] * sin(angle))
            for n, angle in enumerate(angles)
        ]
    )


_STAR_SHAPE = _star_shape()
