"""All lanes of one plot as a single graphics item with a finished picture of itself.

The picture changes only when data, range, size or looks do; moving a marker across it costs a copy
of the pixels under the marker.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from lrstudio.gui.plots.curve_picture import Contents, CurvePicture
from lrstudio.gui.plots.decimation import Reals, on_axis
from lrstudio.gui.plots.frame import Frame
from lrstudio.gui.plots.lane_looks import LaneLook
from lrstudio.gui.plots.marks import draw_cross, draw_edge_arrow
from lrstudio.gui.plots.pyqtgraph_parts import ViewBox
from lrstudio.gui.plots.series_data import Spans, of_lane


class EndMark(Struct, frozen=True):
    """Where a lane diverged: its last finite coordinate and value."""

    lane: int
    x: float
    value: float


class CurvesItem(QGraphicsObject):
    """Draws the spans of many lanes; lives in a ViewBox and covers it."""

    def __init__(self, view: ViewBox) -> None:
        super().__init__(view)
        self._view = view
        self._spans: Spans | None = None
        self._is_logarithmic = False
        self._looks: Sequence[LaneLook] = ()
        self._ends: Sequence[EndMark] = ()
        self._picture = CurvePicture()
        self._contents: Contents | None = None
        self._crosses: list[tuple[QPointF, QColor]] = []
        self._departures: list[tuple[QPointF, bool, QColor]] = []

    def show_spans(
        self, spans: Spans | None, is_logarithmic: bool, ends: Sequence[EndMark] = ()
    ) -> None:
        """Draw these columns from now on."""
        self._spans, self._is_logarithmic, self._ends = spans, is_logarithmic, ends
        self._contents = None
        self.update()

    def set_looks(self, looks: Sequence[LaneLook]) -> None:
        """Colour, dash, width and visibility of each lane, in the order of the columns."""
        self._looks = looks
        self._contents = None
        self.update()

    def boundingRect(self) -> QRectF:
        return self._view.rect()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        contents = self._current(widget.devicePixelRatioF() if widget else 1.0)
        if contents is None:
            return
        image = self._picture.drawn(contents)
        image.setDevicePixelRatio(contents.ratio)
        painter.drawImage(QPointF(0.0, 0.0), image)
        image.setDevicePixelRatio(1.0)
        for tip, is_up, colour in self._departures:
            draw_edge_arrow(painter, tip, is_up, colour)
        for centre, colour in self._crosses:
            draw_cross(painter, centre, colour)

    def _current(self, ratio: float) -> Contents | None:
        """What is to be seen now; the same object as long as that has not changed."""
        if self._spans is None:
            return None
        frame = self._frame(ratio)
        known = self._contents
        if frame.is_empty:
            return None
        if known is None or (known.frame, known.ratio) != (frame, ratio):
            self._contents = Contents(frame, ratio, self._spans, self._is_logarithmic, self._looks)
            self._crosses = list(self._found_crosses())
            self._departures = list(self._found_departures(self._spans))
        return self._contents

    def _frame(self, ratio: float = 1.0) -> Frame:
        (left, right), (bottom, top) = self._view.viewRange()
        size = (self._view.rect().size() * ratio).toSize()
        return Frame(size.width(), size.height(), left, right, bottom, top)

    def _found_crosses(self) -> Iterator[tuple[QPointF, QColor]]:
        """Where × stands: the last finite points of diverged lanes."""
        frame = self._frame()
        for end in self._ends:
            look = self._looks[end.lane]
            value = on_axis(np.array([end.value]), self._is_logarithmic)
            x, y = float(frame.x(np.array([end.x]))[0]), float(frame.y(value)[0])
            if look.is_visible and 0 <= y <= frame.height and 0 <= x <= frame.width:
                yield QPointF(x, y), QColor(look.colour)

    def _found_departures(self, spans: Spans) -> Iterator[tuple[QPointF, bool, QColor]]:
        """Arrows at the top or bottom edge where a lane leaves the picture for good."""
        frame = self._frame()
        x = frame.x(spans.middle)
        low = frame.y(on_axis(spans.low, self._is_logarithmic))
        for lane, look in enumerate(self._looks):
            place = _departure(of_lane(x, lane), low[:, lane], frame) if look.is_visible else None
            if place is not None:
                at, is_up = place
                yield QPointF(at, 1.0 if is_up else frame.height - 1.0), is_up, QColor(look.colour)


def _departure(x: Reals, y: Reals, frame: Frame) -> tuple[float, bool] | None:
    """Where a curve crosses the top (True) or bottom edge and does not come back."""
    known = np.flatnonzero(~np.isnan(y))
    if not len(known) or 0 <= y[known[-1]] <= frame.height:
        return None
    is_up = bool(y[known[-1]] < 0)
    inside = known[y[known] >= 0] if is_up else known[y[known] <= frame.height]
    at = float(x[min(inside[-1] + 1, known[-1])] if len(inside) else x[known[0]])
    return (at, is_up) if 0 <= at <= frame.width else None
