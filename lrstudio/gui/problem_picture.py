"""Small pictures of landscapes: for the list of problems and for the preview."""

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QPolygonF

from lrstudio.core import Problem
from lrstudio.core.arrays import Array
from lrstudio.core.data_problem import DataProblem
from lrstudio.gui import theme
from lrstudio.gui.data_picture import data_picture
from lrstudio.storage.contours import Slice, spread_levels
from lrstudio.storage.palette import landscape_map

_COUNTS = (9, 6, 4, 2)
_MOST_LINES = 0.3  # share of the pixels that may lie on an iso-line
_DOT = 2.0  # radius of a minimum, in pixels


def problem_picture(
    problem: Problem, width: int, height: int, ratio: float = 1.0, line: str = ""
) -> QPixmap:
    """A landscape in the colours of the theme: banded in the plane, a curve in one dimension.

    `width` and `height` are in pixels of the screen's layout, `ratio` is how sharp the screen is,
    `line` is the colour of the iso-lines. A problem in many dimensions is drawn in two, a model by
    its data: each of its losses looks at all of them.
    """
    if isinstance(problem, DataProblem):
        return data_picture(problem.data, width, height, ratio)
    drawn = planar(problem)
    columns, rows = round(width * ratio), round(height * ratio)
    if drawn.dim == 1:
        image = _blank(columns, rows)
    else:
        image = _banded(drawn, columns, rows, QColor(line or theme.current().contour))
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    frame = QRectF(0, 0, width, height)
    if drawn.dim == 1:
        _draw_curve(painter, drawn, frame)
    else:
        _draw_minima(painter, drawn, frame)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(theme.current().border))
    painter.drawRect(frame.adjusted(0, 0, -1, -1))
    painter.end()
    return QPixmap.fromImage(image)


def planar(problem: Problem) -> Problem:
    """The same function in two dimensions, where it comes in any number of them."""
    if problem.dim > 2 and "dim" in problem.__struct_fields__:
        return replace(problem, dim=2)
    return problem


def _blank(columns: int, rows: int) -> QImage:
    image = QImage(columns, rows, QImage.Format.Format_RGB888)
    image.fill(QColor(theme.current().background))
    return image


def _banded(problem: Problem, columns: int, rows: int, line: QColor) -> QImage:
    across, up = problem.view[:2]
    cut = Slice(problem, (0, 1), across, up, (columns - 1, rows - 1))
    loss = cut.loss[::-1]  # an image counts its rows from the top
    for count in _COUNTS:  # fewer bands where they would cover the picture with tiny rings
        levels = spread_levels(loss, cut.floor, count)
        band = np.searchsorted(levels, loss)
        borders = _borders(band)
        if borders.mean() <= _MOST_LINES:
            break
    pixels = landscape_map(theme.current().is_dark)[band * 255 // max(len(levels), 1)]
    pixels[borders] = line.getRgb()[:3]
    height, width = band.shape  # less than asked for where there are too many coordinates
    image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.scaled(columns, rows) if (width, height) != (columns, rows) else image.copy()


def _borders(band: Array) -> Array:
    """Where a band meets the next one, one pixel thin."""
    borders = np.zeros(band.shape, dtype=bool)
    borders[:, 1:] = band[:, 1:] != band[:, :-1]
    borders[1:] |= band[1:] != band[:-1]
    return borders


def _draw_minima(painter: QPainter, problem: Problem, frame: QRectF) -> None:
    (left, right), (low, high) = problem.view[:2]
    painter.setPen(QPen(QColor(theme.current().background), 1.0))
    painter.setBrush(QColor(theme.current().text))
    for point in problem.minima:
        x = frame.width() * (point[0] - left) / (right - left)
        y = frame.height() * (high - point[1]) / (high - low)
        painter.drawEllipse(QPointF(x, y), _DOT, _DOT)


def _draw_curve(painter: QPainter, problem: Problem, frame: QRectF) -> None:
    (low, high), count = problem.view[0], round(frame.width())
    x = np.linspace(low, high, count)
    with np.errstate(all="ignore"):
        loss = problem.loss(x[None])
    is_finite = np.isfinite(loss)
    loss = np.where(is_finite, loss, loss[is_finite].max() if is_finite.any() else 0.0)
    share = (loss - loss.min()) / (float(np.ptp(loss)) or 1.0)
    inner = frame.adjusted(2, 4, -2, -4)
    across = np.linspace(inner.left(), inner.right(), count)
    up = inner.bottom() - share * inner.height()
    curve = [QPointF(*point) for point in zip(across.tolist(), up.tolist(), strict=True)]
    painter.setPen(QPen(QColor(theme.current().text), 1.4))
    painter.drawPolyline(QPolygonF(curve))
    painter.setBrush(QColor(theme.current().text))
    for (minimum,) in problem.minima:
        share = (minimum - low) / (high - low)
        painter.drawEllipse(QPointF(2 + share * inner.width(), inner.bottom()), _DOT, _DOT)
