"""Marks of a figure on the screen: the same polygons and lines as in its files."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from lrstudio.gui import theme
from lrstudio.gui.plots.decimation import Reals
from lrstudio.gui.plots.frame import Frame
from lrstudio.gui.plots.pyqtgraph_parts import ViewBox
from lrstudio.gui.plots.strokes import line_path
from lrstudio.storage.figure import Area, Entry, Line, Mark, Symbols

_LEGEND_SYMBOL = 4.5
_PLATE_MARGIN, _GAP = 6.0, 6.0
_FULL_SIZE, _SMALLEST = 320, 0.6
"""Symbols are drawn smaller in a picture of fewer pixels."""


class MarksItem(QGraphicsObject):
    """Covers the view with areas, lines and symbols, and says in a corner what these are."""

    def __init__(self, view: ViewBox) -> None:
        super().__init__(view)
        self._view = view
        self._marks: Sequence[Mark] = ()
        self._legend: Sequence[Entry] = ()
        self._names = ("", "")

    @property
    def marks(self) -> Sequence[Mark]:
        """What is drawn."""
        return self._marks

    def show_marks(
        self,
        marks: Sequence[Mark],
        legend: Sequence[Entry] = (),
        names: tuple[str, str] = ("", ""),
    ) -> None:
        """Draw these marks; the names are those of the axes, to the right and upwards."""
        self._marks, self._legend, self._names = marks, legend, names
        self.update()

    def boundingRect(self) -> QRectF:
        return self._view.rect()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        (left, right), (bottom, top) = self._view.viewRange()
        size = self._view.rect().size().toSize()
        frame = Frame(size.width(), size.height(), left, right, bottom, top)
        if frame.is_empty:
            return
        painter.setClipRect(self._view.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = min(1.0, max(_SMALLEST, min(frame.width, frame.height) / _FULL_SIZE))
        for mark in self._marks:
            _paint(painter, mark, frame, scale)
        if self._legend:
            _paint_legend(painter, self._legend)
        _paint_names(painter, self._names, frame)


def _paint(painter: QPainter, mark: Mark, frame: Frame, scale: float) -> None:
    if isinstance(mark, Area):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mark.colour))
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.OddEvenFill)
        for ring in mark.rings:
            path.addPolygon(_polygon(_pixels(ring, frame)))
        painter.drawPath(path)
    elif isinstance(mark, Line):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(mark.colour), mark.width))
        painter.drawPath(line_path(*np.ascontiguousarray(_pixels(mark.points, frame).T)))
    elif isinstance(mark, Symbols):
        colour, halo = QColor(mark.colour), QColor(mark.halo)
        painter.setPen(QPen(colour if mark.is_hollow else halo, 1.0))
        painter.setBrush(halo if mark.is_hollow else colour)
        outline = _polygon(scale * mark.size * mark.outline)
        for x, y in _pixels(mark.points, frame).tolist():
            painter.drawPolygon(outline.translated(x, y))


def _paint_legend(painter: QPainter, entries: Sequence[Entry]) -> None:
    """A plate in the upper left corner with the symbols and names of the classes."""
    font = theme.small_font()
    metrics = QFontMetricsF(font)
    line = metrics.height() + 2
    width = max(metrics.horizontalAdvance(entry.label) for entry in entries)
    offset = 2 * _LEGEND_SYMBOL + _GAP
    plate = QRectF(8, 8, width + offset + 2 * _PLATE_MARGIN, line * len(entries) + _PLATE_MARGIN)
    _paint_plate(painter, plate)
    painter.setFont(font)
    for n, entry in enumerate(entries):
        middle = plate.top() + _PLATE_MARGIN / 2 + line * (n + 0.5)
        x = plate.left() + _PLATE_MARGIN
        if entry.symbol is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(entry.colour))
            outline = _polygon(_LEGEND_SYMBOL * entry.symbol)
            painter.drawPolygon(outline.translated(x + _LEGEND_SYMBOL, middle))
        painter.setPen(QColor(theme.current().text))
        baseline = middle + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(x + offset, baseline), entry.label)


def _paint_names(painter: QPainter, names: tuple[str, str], frame: Frame) -> None:
    """What the axes measure, in the corner where they end."""
    text = f"{names[1]} ↑   {names[0]} →" if any(names) else ""
    font = theme.small_font()
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(text)
    if not text or width > frame.width - 2 * _PLATE_MARGIN:
        return
    size = (width + 2 * _PLATE_MARGIN, metrics.height() + 2)
    plate = QRectF(frame.width - size[0] - 4, frame.height - size[1] - 4, *size)
    _paint_plate(painter, plate)
    painter.setFont(font)
    painter.setPen(QColor(theme.current().text))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


def _paint_plate(painter: QPainter, plate: QRectF) -> None:
    ground = QColor(theme.current().background)
    ground.setAlphaF(0.85)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(plate, 4, 4)


def _pixels(points: Reals, frame: Frame) -> Reals:
    return np.stack([frame.x(points[:, 0]), frame.y(points[:, 1])], axis=1)


def _polygon(points: Reals) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points.tolist()])
