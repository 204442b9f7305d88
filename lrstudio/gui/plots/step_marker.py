"""A vertical line at one place, with a dot on every curve: the play-head and the crosshair.

Where the lanes are at several places there is no line, but still a dot on every curve.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from lrstudio.gui.plots.pyqtgraph_parts import ViewBox

_DOT_RADIUS = 3.5
_REACH = 6.0


Dot = tuple[float, float, QColor]
"""Where it is in pixels of the view, and its colour."""


class StepMarker(QGraphicsObject):
    """Moves without disturbing the curves: only two narrow strips are painted again."""

    def __init__(self, view: ViewBox, z: float, is_hollow: bool = False) -> None:
        super().__init__(view)
        self._view = view
        self._is_hollow = is_hollow
        self._colour = QColor()
        self._background = QColor()
        self._dots: Sequence[Dot] = ()
        self._has_line = True
        self._bounds = QRectF()
        self.setZValue(z)
        self.setVisible(False)

    def set_colours(self, line: str, background: str) -> None:
        """Colour of the line, and of the rim (or inside) of the dots."""
        self._colour, self._background = QColor(line), QColor(background)
        self.update()

    def place(self, x: float | None, dots: Sequence[Dot] = ()) -> None:
        """Stand at pixel column `x`, if there is one, with these dots."""
        view = self._view.rect()
        is_seen = x is not None and -_REACH <= x <= view.width() + _REACH
        dots = [dot for dot in dots if -_REACH <= dot[0] <= view.width() + _REACH]
        self.setVisible(is_seen or bool(dots))
        if not self.isVisible():
            return
        self._has_line = x is not None
        at = round(dots[0][0] if x is None else x - 0.5) + 0.5
        self._dots = [(left - at, y, colour) for left, y, colour in dots]
        self.setPos(QPointF(at, 0.0))
        reach = [left for left, *_ in self._dots] or [0.0]
        left, right = min(*reach, 0.0), max(*reach, 0.0)
        bounds = QRectF(left - _REACH, 0.0, right - left + 2 * _REACH, view.height())
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(self._colour, 0.0))
        height = self._bounds.height()
        if self._has_line:
            painter.drawLine(QPointF(0.0, 0.0), QPointF(0.0, height))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for x, y, colour in self._dots:
            if 0.0 <= y <= height:
                self._paint_dot(painter, QPointF(x, y), colour)

    def _paint_dot(self, painter: QPainter, at: QPointF, colour: QColor) -> None:
        rim, inside = (colour, self._background) if self._is_hollow else (self._background, colour)
        painter.setPen(QPen(rim, 1.5))
        painter.setBrush(inside)
        painter.drawEllipse(at, _DOT_RADIUS, _DOT_RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
