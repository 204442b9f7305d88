"""The ground of a landscape: bands of colour with lines between them, or a curve."""

from time import perf_counter

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from lrstudio.engine.planes import Plane
from lrstudio.gui import theme
from lrstudio.gui.gate import Gate
from lrstudio.gui.plots.decimation import on_axis
from lrstudio.gui.plots.frame import Frame
from lrstudio.gui.plots.plane_keeper import is_same_ground, is_same_space
from lrstudio.gui.plots.pyqtgraph_parts import ViewBox
from lrstudio.gui.plots.small_sign import paint_sign
from lrstudio.gui.plots.strokes import (
    Stroke,
    draw_fine,
    draw_line,
    line_path,
    pixels_of,
    transparent_image,
)
from lrstudio.gui.plots.surveyor import Surveyor
from lrstudio.gui.plots.terrain import Stretch, bands, heights, levels, outlines
from lrstudio.storage import palette
from lrstudio.storage.contours import Relief

_SETTLING_MS = 140
_COARSE_PIXELS = 4
_FINE_PIXELS = 2
_PATIENCE_SECONDS = 0.025
"""A ground that takes longer is not drawn again while the view moves."""


_DIMMED = 0.4
"""Opacity of a ground that is about to be replaced."""


class Ground(Struct, frozen=True):
    """A drawn ground: what it shows, in which pixels, between which levels."""

    plane: Plane
    frame: Frame
    is_dark: bool
    is_fine: bool
    image: QImage
    levels: tuple[float, ...]
    floor: float
    relief: Relief | None = None


class TerrainItem(QGraphicsObject):
    """Covers the view with the ground; coarse while the view moves, fine once it rests.

    Where the loss takes long, a thread computes it once the view rests, and the ground becomes
    finer by and by.
    """

    levels_changed = Signal()

    def __init__(self, view: ViewBox, gate: Gate | None = None) -> None:
        """Whoever computes is held off at the `gate` while the fine ground is drawn."""
        super().__init__(view)
        self._view = view
        self._gate = gate or Gate()
        self._plane: Plane | None = None
        self._shift = (0.0, 0.0)
        self._ground: Ground | None = None
        self._is_slow = False
        self._ratio = 1.0
        self._surveyor = Surveyor(self._gate, self)
        self._surveyor.grown.connect(self.on_surveyor_grown)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLING_MS)
        self._settling.timeout.connect(self.on_settling_timeout)
        self.setZValue(-50)

    @property
    def ground(self) -> Ground | None:
        """What is drawn at present."""
        return self._ground

    def show_plane(self, plane: Plane | None) -> None:
        """Draw another ground; the same one costs nothing."""
        if plane != self._plane:
            self._plane = plane
            self._is_slow = False
            if plane is None or not plane.is_slow:
                self._surveyor.cancel()
            self.update()

    def shift_to(self, shift: tuple[float, float]) -> None:
        """Show the function moved so far, in the units of the axes."""
        if shift != self._shift:
            self._shift = shift
            self.update()

    def stop(self) -> None:
        """No more refining."""
        self._settling.stop()
        self._surveyor.stop()

    def on_surveyor_grown(self) -> None:
        """A finer picture of the heights is there."""
        self.update()

    def on_settling_timeout(self) -> None:
        """The view rests: draw it properly."""
        frame = self._frame()
        if self._plane is None or frame.is_empty:
            return
        if self._is_surveyed:
            self._request_survey()
        else:
            with self._gate.closed():
                self._draw(self._plane, frame, is_fine=True)
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
        frame = self._frame()
        if self._plane is None or frame.is_empty:
            return
        if self._is_surveyed:
            self._follow_survey(frame)
            self._paint_surveyed(painter, frame)
            return
        known = self._ground
        is_same = (
            known is not None
            and known.plane == self._plane
            and known.is_dark == theme.current().is_dark
        )
        if not is_same or (known.frame != frame and not self._is_slow):
            self._draw(self._plane, frame, is_fine=False)
        if self._ground.frame != frame or not self._ground.is_fine:
            self._settling.start()
        self._paint_ground(painter, frame)

    @property
    def _is_surveyed(self) -> bool:
        """Whether the heights are computed in a thread."""
        return self._plane is not None and self._plane.is_slow and not self._plane.is_curve

    def _follow_survey(self, frame: Frame) -> None:
        """Draw what the surveyor knows of the view, or have it begin."""
        assert self._plane is not None
        job = self._surveyor.job
        if job is None or job.stretch.plane is not self._plane:
            self._settling.stop()
            self._request_survey()
        elif job.stretch != _stretch(self._plane, frame):
            self._settling.start()
        elif job.found is not None and self._is_other(job.found[0], frame):
            with self._gate.closed():
                self._set_ground(_bands(self._plane, frame, *job.found, is_fine=True))

    def _is_other(self, found: Relief, frame: Frame) -> bool:
        ground, is_dark = self._ground, theme.current().is_dark
        if ground is None:
            return True
        return ground.relief is not found or (ground.frame, ground.is_dark) != (frame, is_dark)

    def _request_survey(self) -> None:
        assert self._plane is not None
        self._surveyor.request(_stretch(self._plane, self._frame()))

    def _paint_surveyed(self, painter: QPainter, frame: Frame) -> None:
        """What is known of the plane; before anything is, that of the one before, dimmed."""
        assert self._plane is not None
        ground = self._ground
        if ground is not None and is_same_ground(ground.plane, self._plane):
            self._paint_ground(painter, frame)
            return
        if ground is not None and is_same_space(ground.plane.problem, self._plane.problem):
            painter.setOpacity(_DIMMED)
            painter.drawImage(self._view.rect(), ground.image)
            painter.setOpacity(1.0)
        paint_sign(painter, "computing the heights…")

    def _paint_ground(self, painter: QPainter, frame: Frame) -> None:
        """The picture where its part of the plane lies now."""
        ground = self._ground
        assert ground is not None
        painter.setClipRect(self._view.rect())
        if ground.frame == frame:
            ground.image.setDevicePixelRatio(self._ratio)
            painter.drawImage(QPointF(0.0, 0.0), ground.image)
            ground.image.setDevicePixelRatio(1.0)
            return
        size = self._view.rect().size()
        x = frame.x(np.array([ground.frame.left, ground.frame.right])) / frame.width
        y = frame.y(np.array([ground.frame.top, ground.frame.bottom])) / frame.height
        corner = QPointF(x[0] * size.width(), y[0] * size.height())
        far = QPointF(x[1] * size.width(), y[1] * size.height())
        painter.drawImage(QRectF(corner, far), ground.image)

    def _frame(self) -> Frame:
        """What is looked at, as the function sees it, which may have moved."""
        (left, right), (bottom, top) = self._view.viewRange()
        across, up = self._shift
        size = (self._view.rect().size() * self._ratio).toSize()
        return Frame(
            size.width(), size.height(), left - across, right - across, bottom - up, top - up
        )

    def _draw(self, plane: Plane, frame: Frame, is_fine: bool) -> None:
        started = perf_counter()
        if plane.is_curve:
            ground = _curve(plane, frame)
        else:
            ground = _contours(plane, frame, is_fine, self._ground)
        if not is_fine:
            self._is_slow = perf_counter() - started > _PATIENCE_SECONDS
        self._set_ground(ground)

    def _set_ground(self, ground: Ground) -> None:
        before, self._ground = self._ground, ground
        if before is None or (before.levels, before.is_dark) != (ground.levels, ground.is_dark):
            self.levels_changed.emit()


def _stretch(plane: Plane, frame: Frame) -> Stretch:
    return Stretch(plane, (frame.left, frame.right), (frame.bottom, frame.top))


def _contours(plane: Plane, frame: Frame, is_fine: bool, before: Ground | None) -> Ground:
    stretch = _stretch(plane, frame)
    coarse = _cells(frame, _COARSE_PIXELS)
    # While the view moves the bands keep their levels: they must not breathe under the hand.
    is_moving = before is not None and before.plane == plane and not is_fine
    borders = before.levels if before is not None and is_moving else levels(stretch, coarse)
    cut = heights(stretch, _cells(frame, _FINE_PIXELS) if is_fine else coarse)
    return _bands(plane, frame, cut, borders, is_fine)


def _bands(
    plane: Plane, frame: Frame, cut: Relief, borders: tuple[float, ...], is_fine: bool
) -> Ground:
    """Bands of colour between the borders, and lines along these."""
    image = transparent_image(frame.width, frame.height)
    is_dark = theme.current().is_dark
    pixels_of(image)[:] = _table(len(borders), is_dark)[
        bands(cut, borders, frame.width, frame.height)
    ]
    painter = QPainter(image)
    colour = QColor(theme.current().contour)
    for x, y in outlines(cut, borders):
        path = line_path(frame.x(x), frame.y(y))
        if is_fine:
            draw_fine(painter, path, colour)
        else:
            draw_line(painter, path, Stroke(colour, 1.0))
    painter.end()
    return Ground(plane, frame, is_dark, is_fine, image, tuple(borders), cut.floor, cut)


def _curve(plane: Plane, frame: Frame) -> Ground:
    x = np.linspace(frame.left, frame.right, frame.width + 1)
    with np.errstate(all="ignore"):
        loss = on_axis(np.asarray(plane.problem.loss(x[None, :])), False)
    image = transparent_image(frame.width, frame.height)
    painter = QPainter(image)
    draw_line(
        painter, line_path(frame.x(x), frame.y(loss)), Stroke(QColor(theme.current().axis), 1.6)
    )
    painter.end()
    return Ground(plane, frame, theme.current().is_dark, True, image, (), 0.0)


def _cells(frame: Frame, pixels: int) -> tuple[int, int]:
    return max(frame.width // pixels, 8), max(frame.height // pixels, 8)


def _table(count: int, is_dark: bool) -> np.ndarray:
    """The colour of each band as a pixel, lowest ground first."""
    chosen = palette.landscape_map(is_dark)[np.arange(count + 1) * 255 // max(count, 1)]
    red, green, blue = chosen.astype(np.uint32).T
    return np.uint32(0xFF000000) | red << 16 | green << 8 | blue
