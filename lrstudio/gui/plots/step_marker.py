"""A vertical line at one step, with a dot on every curve: the play-head and the crosshair."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from lrstudio.gui.plots.pyqtgraph_parts import ViewBox

_DOT_RADIUS = 3.5
_REACH = 6.0


class StepMarker(QGraphicsObject):
    """Moves without disturbing the curves: only two narrow strips are painted again."""

    def __init__(self, view: ViewBox, z: float, is_hollow: bool = False) -> None:
        super().__init__(view)
        self._view = view
        self._is_hollow = is_hollow
        self._colour = QColor()
        self._background = QColor()
        self._dots: Sequence[tuple[float, QColor]] = ()
        self._height = 0.0
        self.setZValue(z)
        self.setVisible(False)

    def set_colours(self, line: str, background: str) -> None:
        """Colour of the line, and of the rim (or inside) of the dots."""
        self._colour, self._background = QColor(line), QColor(background)
        self.update()

    def place(self, x: float | None, dots: Sequence[tuple[float, QColor]] = ()) -> None:
        """Stand at pixel column `x` with dots at these heights; None hides the marker."""
        width = self._view.rect().width()
        self.setVisible(x is not None and -_REACH <= x <= width + _REACH)
        if x is None:
            return
        height = self._view.rect().height()
        if height != self._height:
            self.prepareGeometryChange()
            self._height = height
        self._dots = dots
        self.setPos(QPointF(round(x - 0.5) + 0.5, 0.0))
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(-_REACH, 0.0, 2 * _REACH, self._height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(self._colour, 0.0))
        painter.drawLine(QPointF(0.0, 0.0), QPointF(0.0, self._height))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for y, colour in self._dots:
            if 0.0 <= y <= self._height:
                self._paint_dot(painter, y, colour)

    def _paint_dot(self, painter: QPainter, y: float, colour: QColor) -> None:
        rim, inside = (colour, self._background) if self._is_hollow else (self._background, colour)
        painter.setPen(QPen(rim, 1.5))
        painter.setBrush(inside)
        painter.drawEllipse(QPointF(0.0, y), _DOT_RADIUS, _DOT_RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
