"""One crosshair for all plots, and the box in which a plot says what it reads there."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pyqtgraph import ViewBox
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from lrstudio.gui import theme
from lrstudio.gui.plots.lane_looks import LaneLook

_GAP = 14.0
_PADDING = 7.0
_SWATCH = 18.0
_COLUMN_GAP = 14.0
_WIDEST_NAME = 130.0


class Crosshair(QObject):
    """The step that the mouse points at, shared by every plot of a run."""

    moved = Signal(object)  # the step as an int, or None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._step: int | None = None

    @property
    def step(self) -> int | None:
        """The step pointed at, None while the mouse is elsewhere."""
        return self._step

    def move_to(self, step: int | None) -> None:
        """Point at another step."""
        if step != self._step:
            self._step = step
            self.moved.emit(step)


@dataclass(frozen=True)
class Reading:
    """One line of a read-out: how the contender is drawn, its name, its value."""

    look: LaneLook
    name: str
    value: str


class Readout(QGraphicsObject):
    """A small translucent box beside a pixel column, never under the mouse.

    In a plot too low for a line per contender it has several columns, without names.
    """

    def __init__(self, view: ViewBox) -> None:
        super().__init__(view)
        self._view = view
        self._title = ""
        self._readings: Sequence[Reading] = ()
        self._size = QRectF()
        self._rows = 1
        self._name_width = 0.0
        self._value_width = 0.0
        self.setZValue(50)
        self.setVisible(False)

    @property
    def readings(self) -> Sequence[Reading]:
        """What the box says."""
        return self._readings

    def show_readings(self, x: float | None, title: str, readings: Sequence[Reading]) -> None:
        """Say these readings beside pixel column `x`; None hides the box."""
        self.setVisible(x is not None)
        if x is None:
            return
        self._title, self._readings = title, readings
        size = self._measured()
        if size != self._size:
            self.prepareGeometryChange()
            self._size = size
        self.setPos(self._beside(x))
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
        line = QFontMetricsF(painter.font()).height()
        painter.setPen(QColor(colours.muted))
        title = QRectF(_PADDING, _PADDING - 2, self._size.width() - 2 * _PADDING, line)
        painter.drawText(title, Qt.AlignmentFlag.AlignLeft, self._title)
        for index, reading in enumerate(self._readings):
            column, row = divmod(index, self._rows)
            left = _PADDING + column * (self._column_width() + _COLUMN_GAP)
            top = title.bottom() + row * line
            self._paint_reading(painter, QRectF(left, top, self._column_width(), line), reading)

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
            elide = Qt.TextElideMode.ElideRight
            name = metrics.elidedText(reading.name, elide, self._name_width + 1)
            painter.drawText(row.adjusted(_SWATCH + 6, 0, 0, 0), Qt.AlignmentFlag.AlignLeft, name)
        painter.drawText(row, Qt.AlignmentFlag.AlignRight, reading.value)

    def _measured(self) -> QRectF:
        """Size of the box; decides how many lines it has and whether names fit."""
        metrics = QFontMetricsF(theme.tabular_font(theme.small_font()))
        count = max(len(self._readings), 1)
        room = (self._view.rect().height() - 2 * _PADDING) / metrics.height()
        self._rows = min(count, max(int(room) - 1, 1))
        columns = -(-count // self._rows)
        names = [metrics.horizontalAdvance(r.name) for r in self._readings]
        values = [metrics.horizontalAdvance(r.value) for r in self._readings]
        self._name_width = min(max(names, default=0.0), _WIDEST_NAME) if columns == 1 else 0.0
        self._value_width = max(values, default=0.0)
        width = columns * (self._column_width() + _COLUMN_GAP) - _COLUMN_GAP
        width = max(width, metrics.horizontalAdvance(self._title)) + 2 * _PADDING
        height = metrics.height() * (1 + self._rows) + 2 * _PADDING - 3
        return QRectF(0.0, 0.0, math.ceil(width), math.ceil(height))

    def _column_width(self) -> float:
        name = self._name_width + 12 if self._name_width else 0.0
        return _SWATCH + 6 + name + self._value_width

    def _beside(self, x: float) -> QPointF:
        """Right of the line in the left half of the plot, left of it in the right half."""
        width = self._view.rect().width()
        is_left = x > width / 2
        left = x - _GAP - self._size.width() if is_left else x + _GAP
        return QPointF(round(left), 4.0)
