"""The picture of all ways across a landscape, drawn on while they grow."""

import math
from collections.abc import Sequence
from itertools import product

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from lrstudio.gui import theme
from lrstudio.gui.plots.lane_looks import LaneLook
from lrstudio.gui.plots.strokes import (
    Stroke,
    dash_lengths,
    draw_line,
    draw_rim,
    line_path,
    transparent_image,
)
from lrstudio.gui.plots.tracks import Way, WayBook

_RIM = 1.5
"""Pixels from the middle of a way to that of its light rim."""
_LONG_STEP = 7.0
"""Single steps of at least so many pixels get a dot: one sees what the optimizer does."""
_DOTS_APART = 10.0
"""Pixels between the dots of a way; where they would merge, one stands for several."""
_MOST_DOTS = 200
_MOST_CANDIDATES = 1000
_DOT_RADIUS = 2.1
_OVERLAP = 3
"""Points that are drawn again when a way grows, so that no gap shows where it is continued."""


class TrackPicture:
    """Keeps the last picture; faint ways have neither rim nor dashes nor dots."""

    def __init__(self, is_faint: bool = False) -> None:
        self._is_faint = is_faint
        self._image: QImage | None = None
        self._shown: tuple[WayBook, Sequence[LaneLook], float] | None = None
        self._rows = 0
        self._pens: list[_Pen] = []

    def drawn(self, book: WayBook, looks: Sequence[LaneLook], ratio: float, rows: int) -> QImage:
        """The picture of the first `rows` rows; `ratio` device pixels make a pixel."""
        shown = (book, looks, ratio)
        is_same = self._shown is not None and all(
            new is old or new == old for new, old in zip(shown, self._shown, strict=True)
        )
        if not is_same or rows < self._rows or self._image is None:
            self._image = transparent_image(book.frame.width, book.frame.height)
            self._pens = [_Pen(look, ratio, self._is_faint) for look in looks]
            self._rows = 0
        self._shown = shown
        if rows > self._rows:
            self._draw(self._image, book, rows)
            self._rows = rows
        return self._image

    def forget(self) -> None:
        """Let go of the run."""
        self._image = self._shown = None
        self._rows = 0
        self._pens = []

    def _draw(self, image: QImage, book: WayBook, rows: int) -> None:
        painter = QPainter(image)
        pairs = list(zip(self._pens, book.ways, strict=True))
        pairs.sort(key=_rank)
        # All rims below all lines: where lanes share a valley one sees the others in the gaps.
        for pen, way in pairs:
            pen.draw_rim(painter, way, rows)
        for pen, way in pairs:
            pen.draw(painter, way, rows)
        painter.end()


def _rank(pair: tuple["_Pen", Way]) -> bool:
    """Highlighted lanes are drawn over the others."""
    return pair[0].look.is_highlighted


class _Pen:
    """Draws one lane, and knows how far it has come."""

    def __init__(self, look: LaneLook, ratio: float, is_faint: bool) -> None:
        self.look = look
        self._ratio = ratio
        self._is_faint = is_faint
        self._is_plain = is_faint or look.is_faded or look.is_one_of_many
        self._row = -1
        self._length = 0.0
        self._dots = _Scatter(_DOTS_APART * ratio)

    def draw_rim(self, painter: QPainter, way: Way, rows: int) -> None:
        """Draw the light rim of what has been added: it sets the line off from the ground."""
        first, last = self._news(way, rows)
        if last > first and not self._is_plain:
            ground = QColor(theme.current().background)
            begin = max(first - 1, 0)
            path = line_path(way.x[begin:last], way.y[begin:last])
            draw_rim(painter, path, ground, _RIM * self._ratio)

    def draw(self, painter: QPainter, way: Way, rows: int) -> None:
        """Draw what has been added up to a row."""
        first, last = self._news(way, rows)
        if last <= first:
            return
        begin = max(first - 1 - _OVERLAP, 0)
        x, y = way.x[begin:last], way.y[begin:last]
        ends = self._length + np.cumsum(dash_lengths(x, y))
        known = float(ends[first - 2 - begin] - self._length) if first - begin > 1 else 0.0
        stroke = self.look.stroke(self._ratio)
        if self._is_faint:
            stroke = Stroke(QColor(self.look.faint_colour), self._ratio)
        draw_line(painter, line_path(x, y), stroke.starting_at(self._length - known))
        if not self._is_plain:
            self._draw_dots(painter, way, max(first, 1), last)
        self._length = float(ends[-1]) - known if len(ends) else self._length
        self._row = int(way.rows[last - 1])

    def _news(self, way: Way, rows: int) -> tuple[int, int]:
        """The points of a way that are to be drawn now."""
        if not self.look.is_visible or not len(way):
            return 0, 0
        first = int(np.searchsorted(way.rows, self._row, side="right"))
        return first, int(np.searchsorted(way.rows, rows))

    def _draw_dots(self, painter: QPainter, way: Way, first: int, last: int) -> None:
        across, down = np.diff(way.x[first - 1 : last]), np.diff(way.y[first - 1 : last])
        is_far = np.hypot(across, down) >= _LONG_STEP * self._ratio
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.look.colour))
        radius = _DOT_RADIUS * self._ratio
        for index in (np.flatnonzero(is_far) + first)[:_MOST_CANDIDATES].tolist():
            if len(self._dots) == _MOST_DOTS:
                return
            place = QPointF(way.x[index], way.y[index])
            if self._dots.add(place):
                painter.drawEllipse(place, radius, radius)


class _Scatter:
    """Points that keep a distance, found again by the square they lie in."""

    def __init__(self, apart: float) -> None:
        self._apart = apart
        self._count = 0
        self._squares: dict[tuple[int, int], list[QPointF]] = {}

    def __len__(self) -> int:
        return self._count

    def add(self, point: QPointF) -> bool:
        """Take the point in, unless there is one too close to it."""
        column, row = int(point.x() // self._apart), int(point.y() // self._apart)
        for square in product(range(column - 1, column + 2), range(row - 1, row + 2)):
            for other in self._squares.get(square, ()):
                if math.hypot(point.x() - other.x(), point.y() - other.y()) < self._apart:
                    return False
        self._squares.setdefault((column, row), []).append(point)
        self._count += 1
        return True
