"""Small signs that are drawn on a curve or at the edge of a picture."""

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

_CROSS_ARM = 4.0
CROSS_REACH = 5.0
"""Pixels of a cross around its centre, with the width of the pen."""
_ARROW = 9.0


def draw_cross(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    """× where a run diverged."""
    arm = _CROSS_ARM
    pen = QPen(colour, 2.0)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.drawLine(centre + QPointF(-arm, -arm), centre + QPointF(arm, arm))
    painter.drawLine(centre + QPointF(-arm, arm), centre + QPointF(arm, -arm))


def draw_edge_arrow(painter: QPainter, tip: QPointF, is_up: bool, colour: QColor) -> None:
    """A triangle at the top or bottom edge that points out of the picture."""
    draw_triangle(painter, tip, -math.pi / 2 if is_up else math.pi / 2, _ARROW, colour)


def draw_triangle(
    painter: QPainter, tip: QPointF, angle: float, size: float, colour: QColor
) -> None:
    """A filled arrow head whose tip points along `angle` (radians, clockwise from right)."""
    along = QPointF(math.cos(angle), math.sin(angle))
    across = QPointF(-along.y(), along.x())
    base = tip - along * size
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([tip, base + across * (size / 2), base - across * (size / 2)]))
