"""A small picture of what a model learns from: its examples, each class in its colour."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from lrstudio.core.arrays import Array
from lrstudio.core.data_problem import DataProblem
from lrstudio.core.table import Table
from lrstudio.gui import theme

_MOST_EXAMPLES = 250
_RADIUS = 1.3
_MARGIN = 5.0


def draw_examples(painter: QPainter, problem: DataProblem, frame: QRectF) -> None:
    """Dots at the examples in two features, or in the two leading principal components of more."""
    table = problem.sample.train
    rows = np.linspace(0, table.examples - 1, min(table.examples, _MOST_EXAMPLES)).astype(np.intp)
    places = _in_the_plane(table, rows)
    low, high = places.min(axis=0), places.max(axis=0)
    share = (places - low) / np.where(high > low, high - low, 1.0)
    inner = frame.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    painter.setPen(Qt.PenStyle.NoPen)
    slots = table.labels[rows] if table.classes else np.zeros(len(rows), dtype=np.intp)
    for slot, (x, y) in zip(slots.tolist(), share.tolist(), strict=True):
        painter.setBrush(QColor(theme.colour_for(slot)))
        place = QPointF(inner.left() + x * inner.width(), inner.bottom() - y * inner.height())
        painter.drawEllipse(place, _RADIUS, _RADIUS)


def _in_the_plane(table: Table, rows: Array) -> Array:
    """Places `(n, 2)`; of a single feature the target is drawn upwards."""
    features = table.features[rows]
    if table.columns == 1:
        return np.column_stack([features[:, 0], table.target[rows]])
    if table.columns == 2:
        return features
    off = features - features.mean(axis=0)
    _, vectors = np.linalg.eigh(off.T @ off)
    return np.asarray(off @ vectors[:, ::-1][:, :2])
