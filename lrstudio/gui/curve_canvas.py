"""A curve that is drawn by hand: drag its points, double-click for a new one, Delete for none."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrstudio.core import SCHEDULES
from lrstudio.gui import theme
from lrstudio.gui.parameter_texts import wrapped

Points = tuple[tuple[float, float], ...]

_HEIGHT = 120
_MARGIN = 9.0
_RADIUS = 4.5
_REACH = 10.0
"""Pixels around a point within which the mouse takes hold of it."""
_SAMPLES = 200
_NUDGE = 0.01
_TIP = (
    "Drag a point; double-click where a new one is wanted; Delete or a right click takes the "
    "chosen one away. Space goes on to the next point, the arrows move it."
)
_MOVES = {
    Qt.Key.Key_Left: (-_NUDGE, 0.0),
    Qt.Key.Key_Right: (_NUDGE, 0.0),
    Qt.Key.Key_Up: (0.0, _NUDGE),
    Qt.Key.Key_Down: (0.0, -_NUDGE),
}


class CurveCanvas(QWidget):
    """Factor against the share of the run; says where points are wanted, decides nothing."""

    dragged = Signal(object, bool)
    """The points as they are wanted now, and whether the hand is still on them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: Points = ()
        self._chosen = -1
        self._is_dragging = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setToolTip(wrapped(_TIP))
        self.setAccessibleName("Curve with points to drag")
        self.setAccessibleDescription(_TIP)
        theme.notifier.changed.connect(self.update)

    def show_points(self, points: Points) -> None:
        """Show other points, sorted by their place; one that is dragged stays in the hand."""
        self._points = tuple(sorted(points))
        self._chosen = min(self._chosen, len(points) - 1)
        self.update()

    def place_of(self, number: int) -> QPointF:
        """Where on the canvas a point is."""
        x, y = self._points[number]
        plot = self._plot()
        return QPointF(
            plot.left() + x * plot.width(), plot.bottom() - y / self._top * plot.height()
        )

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, _HEIGHT)

    @property
    def _top(self) -> float:
        """Factor at the upper edge: the whole rate, or more where the curve goes beyond it."""
        return max([1.0, *(y for _, y in self._points)])

    def _plot(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)

    def _values(self, place: QPointF) -> tuple[float, float]:
        """Share and factor at a place of the canvas, with few digits, within the bounds."""
        plot = self._plot()
        x = (place.x() - plot.left()) / max(plot.width(), 1.0)
        y = (plot.bottom() - place.y()) / max(plot.height(), 1.0) * self._top
        return round(min(max(x, 0.0), 1.0), 3), round(max(y, 0.0), 3)

    def _number_at(self, place: QPointF) -> int:
        """The point below the mouse; -1 where there is none."""
        distances = [(self.place_of(i) - place).manhattanLength() for i in range(len(self._points))]
        nearest = min(range(len(distances)), key=distances.__getitem__, default=-1)
        return nearest if nearest >= 0 and distances[nearest] <= _REACH else -1

    def _move(self, number: int, values: tuple[float, float], is_going_on: bool) -> None:
        """A point goes elsewhere, but not past its neighbours."""
        low = self._points[number - 1][0] if number > 0 else 0.0
        high = self._points[number + 1][0] if number + 1 < len(self._points) else 1.0
        moved = (min(max(values[0], low), high), values[1])
        self._take((*self._points[:number], moved, *self._points[number + 1 :]), is_going_on)

    def _remove(self, number: int) -> None:
        if 0 <= number < len(self._points) and len(self._points) > 1:
            self._take(self._points[:number] + self._points[number + 1 :], is_going_on=False)

    def _take(self, points: Points, is_going_on: bool) -> None:
        self.show_points(points)
        self.dragged.emit(self._points, is_going_on)

    def paintEvent(self, event: QPaintEvent) -> None:
        worn, plot = theme.current(), self._plot()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(worn.background))
        painter.setPen(QColor(worn.accent if self.hasFocus() else worn.border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        zero = QPen(QColor(worn.axis), 1.0)
        zero.setDashPattern([3.0, 3.0])
        painter.setPen(zero)
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(worn.accent), 1.5))
        painter.drawPolyline(self._curve(plot))
        for number in range(len(self._points)):
            is_chosen = number == self._chosen
            painter.setBrush(QColor(worn.accent if is_chosen else worn.background))
            painter.drawEllipse(self.place_of(number), _RADIUS, _RADIUS)
        painter.end()

    def _curve(self, plot: QRectF) -> QPolygonF:
        factors = SCHEDULES["drawn"](points=self._points).factors(_SAMPLES)
        return QPolygonF(
            [
                QPointF(
                    plot.left() + plot.width() * k / _SAMPLES,
                    plot.bottom() - plot.height() * factor / self._top,
                )
                for k, factor in enumerate(factors.tolist())
            ]
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._chosen = self._number_at(event.position())
            self._is_dragging = self._chosen >= 0
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._is_dragging:
            self._move(self._chosen, self._values(event.position()), is_going_on=True)
        else:
            is_over = self._number_at(event.position()) >= 0
            shape = Qt.CursorShape.OpenHandCursor if is_over else Qt.CursorShape.CrossCursor
            self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._is_dragging:
            self._is_dragging = False
            self.dragged.emit(self._points, False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._number_at(event.position()) < 0:
            new = self._values(event.position())
            self._take((*self._points, new), is_going_on=False)
            self._chosen = self._points.index(new)
            self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._remove(self._number_at(QPointF(event.pos())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._remove(self._chosen)
        elif key in _MOVES and self._chosen >= 0:
            x, y = self._points[self._chosen]
            across, up = _MOVES[key]
            moved = (round(x + across, 3), round(max(y + up * self._top, 0.0), 3))
            self._move(self._chosen, moved, is_going_on=False)
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_PageDown) and self._points:
            self._chosen = (self._chosen + 1) % len(self._points)
            self.update()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._chosen < 0 and self._points:
            self._chosen = 0
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)
