"""Small pictures of data: a dot for each example, in the plane in which they differ most."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from lrstudio.core import DATASETS, Dataset, Refused, Table
from lrstudio.core.arrays import Array
from lrstudio.gui import theme
from lrstudio.gui.chooser_pictures import PICTURE

_MOST_DOTS = 300
_PIXELS_PER_DOT = 9.0
_FEW = 50
_MOST_FEATURES = 200
_COLOURS = 6
_MARGIN = 4


def picture_of(dataset: str) -> QPixmap:
    """The picture of a data set with its defaults, as lists show it."""
    return data_picture(DATASETS[dataset](), PICTURE.width(), PICTURE.height(), 2.0)


def data_picture(data: Dataset, width: int, height: int, ratio: float = 1.0) -> QPixmap:
    """The examples of a data set; a blank picture where they cannot be had.

    Classes have the colours of contenders. Where the target is a quantity it is the height.
    """
    image = QPixmap(round(width * ratio), round(height * ratio))
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(theme.current().background))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        across, up, colours = _dots(data)
        _draw(painter, QRectF(0, 0, width, height), across, up, colours)
    except Refused:
        pass
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.current().border)))
    painter.drawRect(0, 0, width - 1, height - 1)
    painter.end()
    return image


@lru_cache(maxsize=32)
def _dots(data: Dataset) -> tuple[Array, Array, NDArray[np.intp]]:
    """Places of some examples from 0 to 1, across and up, and the numbers of their classes."""
    table = data.table()
    few = np.random.default_rng(0).permutation(table.examples)[:_MOST_DOTS]
    across, up = plane(table.taken(few))
    if table.classes:
        return _shares(across), _shares(up), table.labels[few]
    target = _shares(table.target[few])
    return _shares(across), target, np.zeros(len(few), dtype=np.intp)


def plane(table: Table) -> tuple[Array, Array]:
    """The two directions in which examples differ most, or the features themselves if two."""
    features = table.features[:, :_MOST_FEATURES]
    if features.shape[1] == 1:
        return features[:, 0], np.random.default_rng(0).random(len(features))
    if features.shape[1] == 2:
        return features[:, 0], features[:, 1]
    spread = features.std(axis=0)
    scaled = (features - features.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    _, _, directions = np.linalg.svd(scaled, full_matrices=False)
    first, second = (scaled @ directions[:2].T).T
    return first, second


def _shares(values: Array) -> Array:
    low, high = values.min(), values.max()
    return (values - low) / (high - low) if high > low else np.full(len(values), 0.5)


def _draw(
    painter: QPainter, frame: QRectF, across: Array, up: Array, colours: NDArray[np.intp]
) -> None:
    inner = frame.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    count = min(len(across), int(inner.width() * inner.height() / _PIXELS_PER_DOT))
    radius = 1.0 if count > _FEW else 1.4
    painter.setPen(Qt.PenStyle.NoPen)
    shown = zip(across[:count].tolist(), up[:count].tolist(), colours.tolist(), strict=False)
    for x, y, colour in shown:
        painter.setBrush(QColor(theme.colour_for(colour % _COLOURS)))
        place = QPointF(inner.left() + x * inner.width(), inner.bottom() - y * inner.height())
        painter.drawEllipse(place, radius, radius)
