"""One crosshair for all plots, and the box in which a plot says what it reads there."""

import math
from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from lrstudio.gui import theme
from lrstudio.gui.plots.lane_looks import LaneLook
from lrstudio.gui.plots.numbers import NO_VALUE
from lrstudio.gui.plots.pointed import Pointed
from lrstudio.gui.plots.pyqtgraph_parts import ViewBox

_GAP = 14.0
_PADDING = 7.0
_SWATCH = 18.0
_CLOSE_GAP = 10.0
_WIDEST_NAME = 130.0
_NARROWEST_NAME = 28.0
_LOW = 140.0
"""Below this height a box with a line per contender would cover the curves."""


class Crosshair(QObject):
    """What the mouse points at, shared by every plot of a run."""

    moved = Signal(object)  # `Pointed`, or None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pointed: Pointed | None = None

    @property
    def pointed(self) -> Pointed | None:
        """The place pointed at, None while the mouse is elsewhere."""
        return self._pointed

    def move_to(self, pointed: Pointed | None) -> None:
        """Point at another place."""
        if pointed != self._pointed:
            self._pointed = pointed
            self.moved.emit(pointed)


class Reading(Struct, frozen=True):
    """One line of a read-out: how the contender is drawn, its name, its value."""

    look: LaneLook
    name: str
    value: str

    @property
    def has_value(self) -> bool:
        """Whether any run of the contender has come that far."""
        return self.value != NO_VALUE


class Readout(QGraphicsObject):
    """A small translucent box beside a pixel column, never under the mouse.

    In a low plot it is a line at the upper or lower edge, of those contenders that have a value.
    """

    def __init__(self, view: ViewBox) -> None:
        super().__init__(view)
        self._view = view
        self._title = ""
        self._readings: Sequence[Reading] = ()
        self._size = QRectF()
        self._cells: list[QRectF] = []
        self._title_place = QRectF()
        self._name_width = 0.0
        self.setZValue(50)
        self.setVisible(False)

    @property
    def readings(self) -> Sequence[Reading]:
        """What the box says."""
        return self._readings

    def show_readings(
        self,
        x: float | None,
        title: str,
        readings: Sequence[Reading],
        heights: Sequence[float] = (),
    ) -> None:
        """Say these readings beside pixel column `x`; None hides the box.

        `heights` are the pixel rows of what is read: in a low plot the box keeps off them.
        """
        self.setVisible(x is not None)
        if x is None:
            return
        is_low = self._view.rect().height() < _LOW
        if is_low:
            readings = [reading for reading in readings if reading.has_value]
            self.setVisible(bool(readings))
        if not readings:
            return
        self._title, self._readings = title, readings
        size = self._arranged_in_line() if is_low else self._arranged_in_box()
        if size != self._size:
            self.prepareGeometryChange()
            self._size = size
        self.setPos(self._at_edge(x, heights) if is_low else self._beside(x))
        self.update()

    def boundingRect(self) -> QRectF:
        return self._size

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        colours = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(colours.background)
        ground.setAlpha(232)
        painter.setBrush(ground)
        painter.setPen(QPen(QColor(colours.grid), 1.0))
        painter.drawRoundedRect(self._size.adjusted(0.5, 0.5, -0.5, -0.5), 4.0, 4.0)
        painter.setFont(theme.tabular_font(theme.small_font()))
        painter.setPen(QColor(colours.muted))
        if self._title_place.width():
            painter.drawText(self._title_place, Qt.AlignmentFlag.AlignLeft, self._title)
        for cell, reading in zip(self._cells, self._readings, strict=True):
            self._paint_reading(painter, cell, reading)

    def _paint_reading(self, painter: QPainter, row: QRectF, reading: Reading) -> None:
        pen = QPen(QColor(reading.look.colour), 2.0)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if reading.look.dash:
            pen.setDashPattern(list(reading.look.dash))
        painter.setPen(pen)
        middle = row.center().y()
        painter.drawLine(QPointF(row.left(), middle), QPointF(row.left() + _SWATCH, middle))
        painter.setPen(QColor(theme.current().text))
        if self._name_width:
            metrics = QFontMetricsF(painter.font())
            elide = Qt.TextElideMode.ElideMiddle
            name = metrics.elidedText(reading.name, elide, self._name_width + 1)
            painter.drawText(row.adjusted(_SWATCH + 6, 0, 0, 0), Qt.AlignmentFlag.AlignLeft, name)
        painter.drawText(row, Qt.AlignmentFlag.AlignRight, reading.value)

    def _arranged_in_box(self) -> QRectF:
        """A line per contender below the title; returns the size of the box."""
        metrics = QFontMetricsF(theme.tabular_font(theme.small_font()))
        line = metrics.height()
        names, values = self._widths(metrics)
        self._name_width = min(max(names, default=0.0), _WIDEST_NAME)
        width = _SWATCH + 6 + self._name_width + 12 + max(values, default=0.0)
        width = max(width, metrics.horizontalAdvance(self._title))
        self._title_place = QRectF(_PADDING, _PADDING - 2, width, line)
        below = self._title_place.bottom()
        self._cells = [
            QRectF(_PADDING, below + row * line, width, line) for row in range(len(values))
        ]
        height = line * (1 + max(len(values), 1)) + 2 * _PADDING - 3
        return QRectF(0.0, 0.0, math.ceil(width + 2 * _PADDING), math.ceil(height))

    def _arranged_in_line(self) -> QRectF:
        """One value beside the other, with title and names where there is room for them."""
        metrics = QFontMetricsF(theme.tabular_font(theme.small_font()))
        names, values = self._widths(metrics)
        room = self._view.rect().width() - 2 * _PADDING
        title = metrics.horizontalAdvance(self._title) + _CLOSE_GAP
        plain = sum(values) + len(values) * (_CLOSE_GAP + _SWATCH + 6) - _CLOSE_GAP
        title = title if title + plain <= room else 0.0
        for_name = min(max(names), (room - title - plain) / len(values) - 12)
        self._name_width = for_name if for_name >= _NARROWEST_NAME else 0.0
        name = self._name_width + 12 if self._name_width else 0.0
        line = metrics.height()
        self._title_place = QRectF(_PADDING, 1.0, title, line)
        self._cells, left, top = [], _PADDING + title, 1.0
        for value in values:
            width = _SWATCH + 6 + name + value
            if self._cells and left + width > room + _PADDING + 1:
                left, top = _PADDING, top + line
            self._cells.append(QRectF(left, top, width, line))
            left += width + _CLOSE_GAP
        right = max(cell.right() for cell in self._cells)
        return QRectF(0.0, 0.0, math.ceil(right + _PADDING), math.ceil(top + line + 1))

    def _widths(self, metrics: QFontMetricsF) -> tuple[list[float], list[float]]:
        """Widths of all names and of all values."""
        names = [metrics.horizontalAdvance(reading.name) for reading in self._readings]
        return names, [metrics.horizontalAdvance(reading.value) for reading in self._readings]

    def _beside(self, x: float) -> QPointF:
        """Right of the line in the left half of the plot, left of it in the right half."""
        is_left = x > self._view.rect().width() / 2
        left = x - _GAP - self._size.width() if is_left else x + _GAP
        return QPointF(round(left), 4.0)

    def _at_edge(self, x: float, heights: Sequence[float]) -> QPointF:
        """As near to the line as there is room, at the edge where fewer curves are."""
        view, size = self._view.rect(), self._size
        left = max(min(self._beside(x).x(), view.width() - size.width()), 0.0)
        lowest = view.height() - size.height()
        above = sum(height < size.height() + 2 for height in heights)
        below = sum(height > lowest - 2 for height in heights)
        return QPointF(round(left), round(lowest) if above > below else 0.0)
