"""How a curve gets onto the screen fast and still looks drawn with a pen.

Qt strokes a wide antialiased line point by point: on a dense, noisy curve that takes seconds. Two
ways around it are used here, both a hundred times faster:

* a calm curve is a thin line drawn a few times, shifted by less than a pixel;
* a noisy one is a stack of vertical bars, one per pixel column, written into the image by NumPy.
"""

import math

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from lrstudio.gui.plots.decimation import Reals
from lrstudio.gui.plots.pyqtgraph_parts import functions

Pixels = NDArray[np.uint32]

_FAR = 1e6
"""Qt's rasteriser misdraws coordinates of many millions of pixels."""


class Stroke(Struct, frozen=True):
    """A line's colour, width in pixels, and dash pattern in line widths.

    `begun` is how many pixels of the line came before what is drawn.
    """

    colour: QColor
    width: float
    dash: tuple[float, ...] = ()
    begun: float = 0.0

    def in_pixels(self) -> tuple[float, ...]:
        """The dash pattern in pixels."""
        return tuple(length * self.width for length in self.dash)

    def starting_at(self, length: float) -> "Stroke":
        """The same line, from a place on that is `length` pixels along it."""
        return replace(self, begun=length)


def transparent_image(width: int, height: int) -> QImage:
    """An empty picture that can be drawn on by QPainter and by NumPy."""
    image = QImage(max(width, 1), max(height, 1), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image


def pixels_of(image: QImage) -> Pixels:
    """The pixels of a 32-bit image as (height, width); writing to them changes the image."""
    row = image.bytesPerLine() // 4
    return np.frombuffer(image.bits(), np.uint32).reshape(image.height(), row)[:, : image.width()]


def line_path(x: Reals, y: Reals) -> QPainterPath:
    """A path through the points; a point that is not a number interrupts it."""
    y = np.clip(y, -_FAR, _FAR)
    return functions.arrayToQPath(x, y, connect="finite")


def dash_lengths(x: Reals, y: Reals) -> Reals:
    """How far each piece of a line advances its dashes: Qt counts a thin line's pixels, which are
    as many as its longer side is long.
    """
    lengths: Reals = np.maximum(np.abs(np.diff(x)), np.abs(np.diff(y)))
    return lengths


def draw_line(painter: QPainter, path: QPainterPath, stroke: Stroke) -> None:
    """Draw a calm curve: antialiased, in the stroke's full width."""
    pen = QPen(stroke.colour, 1.0)
    pen.setCosmetic(True)
    if stroke.dash:
        # Without dashes flat ends would leave gaps where a curve is made of short pieces.
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern(list(stroke.in_pixels()))
        pen.setDashOffset(stroke.begun)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for shift in _shifts(stroke.width):
        painter.translate(shift)
        painter.drawPath(path)
        painter.translate(-shift)


def draw_rim(painter: QPainter, path: QPainterPath, colour: QColor, radius: float) -> None:
    """Draw beside a line on all sides, so that it stands off from what is below; the line itself
    is drawn over it.
    """
    pen = QPen(colour, 1.0)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # On a sharp screen one thin line on each side would leave a gap to the line itself.
    for reach in (radius - 1.0, radius) if radius > 2.0 else (radius,):
        for across, down in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            shift = QPointF(across, down) * reach
            painter.translate(shift)
            painter.drawPath(path)
            painter.translate(-shift)


def draw_fine(painter: QPainter, path: QPainterPath, colour: QColor, width: float = 1.1) -> None:
    """Draw a line as well as Qt can, for pictures that stay: the fast one has tiny gaps."""
    painter.setPen(QPen(colour, width))  # up to 1 Qt would take its fast way
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawPath(path)


def draw_thin(painter: QPainter, path: QPainterPath, stroke: Stroke) -> None:
    """Draw a long zigzag as cheaply as Qt can."""
    painter.setPen(QPen(stroke.colour, 0.0))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawPath(path)


def fill_bars(pixels: Pixels, top: Reals, bottom: Reals, colour: QColor, thickness: float) -> None:
    """Fill pixel columns from `top` to `bottom` (width,); NaN leaves a column empty.

    Bars are at least `thickness` tall and reach their neighbours, so that they read as one band.
    """
    height = len(pixels)
    top, bottom = _joined(top, bottom, thickness)
    is_drawn = ~np.isnan(top)
    if not is_drawn.any():
        return
    top = np.where(is_drawn, np.clip(np.rint(top), 0, height), height)
    bottom = np.where(is_drawn, np.clip(np.rint(bottom), 0, height), 0)
    first, last = int(top.min()), int(bottom.max())
    # Row minus top is huge where the row is above it: one unsigned comparison does for two.
    rows = np.arange(first, max(last, first), dtype=np.uint16)[:, None]
    tall = np.maximum(bottom - top, 0).astype(np.uint16)
    is_inside = (rows - top.astype(np.uint16)) < tall
    np.putmask(pixels[first : max(last, first)], is_inside, np.uint32(colour.rgba()))


def _joined(top: Reals, bottom: Reals, thickness: float) -> tuple[Reals, Reals]:
    """Bars stretched to at least `thickness` and until they touch the bar to their left."""
    short = np.maximum(thickness - (bottom - top), 0.0) / 2
    top, bottom = top - short, bottom + short
    left_top, left_bottom = np.roll(top, 1), np.roll(bottom, 1)
    left_top[0], left_bottom[0] = top[0], bottom[0]
    joined_top = np.fmin(top, np.where(np.isnan(top), np.nan, left_bottom))
    joined_bottom = np.fmax(bottom, np.where(np.isnan(bottom), np.nan, left_top))
    return joined_top, joined_bottom


def _shifts(width: float) -> list[QPointF]:
    """Where a one-pixel pen draws again to look `width` pixels wide in every direction."""
    more = max(width - 1.0, 0.0)
    if more == 0.0:
        return [QPointF(0.0, 0.0)]
    if more <= 1.0:
        return [QPointF(0.0, 0.0), QPointF(more, 0.0), QPointF(0.0, more)]
    count = 4 + 2 * math.ceil(more)
    turns = [2 * math.pi * k / count for k in range(count)]
    ring = [QPointF(math.cos(a) * more / 2, math.sin(a) * more / 2) for a in turns]
    return [QPointF(0.0, 0.0), *ring]
