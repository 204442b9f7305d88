"""A few quiet words in the upper left corner of a picture."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lrstudio.gui import theme

_MARGIN = 8.0
_PADDING = 6.0


def paint_sign(painter: QPainter, words: str) -> None:
    """Write the words on a ground of their own, in the corner of the painter's coordinates."""
    colours, font = theme.current(), theme.small_font()
    metrics = QFontMetricsF(font)
    size = metrics.horizontalAdvance(words) + 2 * _PADDING, metrics.height() + _PADDING
    place = QRectF(QPointF(_MARGIN, _MARGIN), QPointF(_MARGIN + size[0], _MARGIN + size[1]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colours.border), 1.0))
    painter.setBrush(QColor(colours.background))
    painter.drawRoundedRect(place, 4.0, 4.0)
    painter.setFont(font)
    painter.setPen(QColor(colours.muted))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
