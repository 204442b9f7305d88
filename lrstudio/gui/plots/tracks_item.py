"""The ways of all runs on a landscape: what lies behind the play-head strong, the rest faint."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from lrstudio.engine import Trajectory
from lrstudio.engine.planes import Plane
from lrstudio.gui.plots.frame import Frame
from lrstudio.gui.plots.lane_looks import LaneLook
from lrstudio.gui.plots.pyqtgraph_parts import ViewBox
from lrstudio.gui.plots.track_picture import TrackPicture
from lrstudio.gui.plots.tracks import Way, WayBook, departure


class TracksItem(QGraphicsObject):
    """Covers the view with the pictures of the ways."""

    def __init__(self, view: ViewBox) -> None:
        super().__init__(view)
        self._view = view
        self._trajectory: Trajectory | None = None
        self._plane: Plane | None = None
        self._looks: Sequence[LaneLook] = ()
        self._rows = 0
        self._row: int | None = None
        self._gone = TrackPicture()
        self._whole = TrackPicture(is_faint=True)
        self._book: WayBook | None = None
        self._ratio = 1.0
        self.setZValue(0)

    def nearest_row(self, x: float, y: float, reach: float) -> int | None:
        """The row whose drawn point is nearest to a pixel, if any is within reach."""
        best, row = reach * self._ratio, None
        for way, look in zip(self._ways, self._looks, strict=False):
            if len(way) and look.is_visible:
                distance = np.hypot(way.x - x * self._ratio, way.y - y * self._ratio)
                index = int(distance.argmin())
                if distance[index] < best:
                    best, row = float(distance[index]), int(way.rows[index])
        return row

    def departure(self, lane: int) -> tuple[float, float, float] | None:
        """Pixel and direction in which a lane left the picture before the play-head."""
        if lane >= len(self._ways):
            return None
        way = self._ways[lane] if self._row is None else self._ways[lane].until(self._row)
        size = self._view.rect().size() * self._ratio
        found = departure(way, size.width(), size.height())
        return found and (found[0] / self._ratio, found[1] / self._ratio, found[2])

    def prepare(self, ratio: float) -> None:
        """Draw the pictures now, for a screen with `ratio` device pixels per pixel."""
        self._ratio = ratio
        self._draw()

    def show_run(self, trajectory: Trajectory | None, plane: Plane | None) -> None:
        """Draw the ways of another run."""
        self._trajectory, self._plane = trajectory, plane
        self._rows = trajectory.rows if trajectory else 0
        if trajectory is None:
            self._book = None
            self._gone.forget()
            self._whole.forget()
        self.update()

    def set_looks(self, looks: Sequence[LaneLook]) -> None:
        """Colour, dash, width and visibility of each lane."""
        self._looks = looks
        self.update()

    def set_rows(self, rows: int) -> None:
        """So many rows have been computed."""
        if rows != self._rows:
            self._rows = rows
            self.update()

    def set_row(self, row: int | None) -> None:
        """The play-head stands at a row; None at the last."""
        if row != self._row:
            self._row = row
            self.update()

    def boundingRect(self) -> QRectF:
        return self._view.rect()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        self._ratio = widget.devicePixelRatioF() if widget else 1.0
        for image in self._draw():
            self._paint(painter, image)

    def _draw(self) -> list[QImage]:
        frame = self._frame()
        if self._trajectory is None or self._plane is None or not self._rows or frame.is_empty:
            return []
        wanted = (self._trajectory, self._plane, frame)
        if self._book is None or wanted != (
            self._book.trajectory,
            self._book.plane,
            self._book.frame,
        ):
            self._book = WayBook(*wanted)
        self._book.extend(self._rows)
        gone = self._rows if self._row is None else min(self._row + 1, self._rows)
        pictures = [self._gone.drawn(self._book, self._looks, self._ratio, gone)]
        if gone < self._rows:
            whole = self._whole.drawn(self._book, self._looks, self._ratio, self._rows)
            pictures.insert(0, whole)
        return pictures

    @property
    def _ways(self) -> list[Way]:
        return self._book.ways if self._book else []

    def _paint(self, painter: QPainter, image: QImage) -> None:
        image.setDevicePixelRatio(self._ratio)
        painter.drawImage(QPointF(0.0, 0.0), image)
        image.setDevicePixelRatio(1.0)

    def _frame(self) -> Frame:
        (left, right), (bottom, top) = self._view.viewRange()
        size = (self._view.rect().size() * self._ratio).toSize()
        return Frame(size.width(), size.height(), left, right, bottom, top)
