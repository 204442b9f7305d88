"""A function that moves, in its landscape: how far it is, and the way that its optimum took."""

from collections.abc import Collection, Sequence

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from lrstudio.core.arrays import Array
from lrstudio.engine import Trajectory
from lrstudio.engine.planes import Plane
from lrstudio.gui import theme
from lrstudio.gui.plots.frame import Frame
from lrstudio.gui.plots.lane_looks import LaneLook
from lrstudio.gui.plots.pyqtgraph_parts import ViewBox
from lrstudio.gui.plots.strokes import Stroke, draw_line, line_path
from lrstudio.storage.drifting import Shift, shift_at, way_of_offset

Way = tuple[Array, Array]

STILL: Shift = (0.0, 0.0)
NO_WAY: Way = (np.empty(0), np.empty(0))

_OPACITY = 0.55


def followed_lane(highlighted: Collection[int], looks: Sequence[LaneLook]) -> int:
    """The lane whose function is shown: one that stands out, else the first that is to be seen."""
    if highlighted:
        return min(highlighted)
    return next((lane for lane, look in enumerate(looks) if look.is_visible), 0)


def shift_of(plane: Plane, trajectory: Trajectory, row: int, lane: int) -> Shift:
    """How far the function of a lane lies from its place in the picture, at a row."""
    return shift_at(trajectory, row, lane, plane)


def way_of_optimum(plane: Plane, trajectory: Trajectory, row: int, lane: int) -> Way:
    """The way of the first minimum up to a row, x and y in the picture."""
    minima = plane.on_plane(plane.problem.minima)
    way = way_of_offset(trajectory, row, lane, plane)
    if not minima or not len(way):
        return NO_WAY
    x, y = plane.place(minima[0])
    return way[:, 0] + x, way[:, 1] + y


class OptimumWay(QGraphicsObject):
    """Draws the way of the optimum, faintly, below those of the runs."""

    def __init__(self, view: ViewBox) -> None:
        super().__init__(view)
        self._view = view
        self._x, self._y = NO_WAY
        self.setOpacity(_OPACITY)
        self.setZValue(-40)

    def show_way(self, x: Array, y: Array) -> None:
        """Draw another way; none where there are no points."""
        if len(x) or len(self._x):
            self._x, self._y = x, y
            self.update()

    @property
    def points(self) -> Way:
        """What is drawn."""
        return self._x, self._y

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
        if frame.is_empty or len(self._x) < 2:
            return
        painter.setClipRect(self._view.rect())
        path = line_path(frame.x(self._x), frame.y(self._y))
        draw_line(painter, path, Stroke(QColor(theme.current().text), 1.0))
