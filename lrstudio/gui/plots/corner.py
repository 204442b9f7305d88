"""The text in the corner between two axes."""

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from lrstudio.gui import theme

_MARGIN = 4


class Corner(QGraphicsWidget):
    """A line of quiet text. It takes no room in width: a long one reaches below the bottom axis."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = ""
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show another text, in the font and colour of the theme."""
        self.prepareGeometryChange()
        self.text = text
        self.setFont(theme.small_font())
        height = math.ceil(self._metrics().height()) + 2 * _MARGIN
        self.setMinimumHeight(height)
        self.setMaximumHeight(height)
        self.update()

    def advance(self) -> float:
        """Pixels from the beginning of the text to its end."""
        return self._metrics().horizontalAdvance(self.text)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self.advance() + 2 * _MARGIN, self.size().height())

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setFont(self.font())
        painter.setPen(QColor(theme.current().muted))
        painter.drawText(QPointF(_MARGIN, _MARGIN + self._metrics().ascent()), self.text)

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self.font())
