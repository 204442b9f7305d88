"""The strip beside a landscape that says how high its bands are."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrstudio.gui import theme
from lrstudio.gui.plots.numbers import readable
from lrstudio.storage import palette

_STRIP = 10
_MARGIN_TOP = 22
_MARGIN_BOTTOM = 20
_PIXELS_PER_LABEL = 44
_USUAL = "10000"
"""There is always room for this, so that the picture beside it rarely changes its width."""


class ColourBar(QWidget):
    """Bands from low to high with a few labelled borders; heights above the minimum."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("colourBar")
        self.setAccessibleName("Heights of the colours")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setBackgroundRole(self.backgroundRole().Base)
        self.setAutoFillBackground(True)
        self._heights: Sequence[float] = ()
        self._title = "f"
        self._digits = 2

    def show_levels(self, levels: Sequence[float], floor: float) -> None:
        """Label these levels by their height above the floor."""
        self._heights = [level - floor for level in levels]
        self._title = "f" if floor == 0 else "f − f*"
        self._digits = next((n for n in (2, 3, 4, 5) if self._are_told_apart(n)), 6)
        described = ", ".join(self._text(height) for height in self._heights)
        self.setAccessibleDescription(f"{self._title} at the borders: {described}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(theme.small_font())
        texts = [_USUAL, self._title, *(self._text(height) for height in self._heights)]
        widest = max(metrics.horizontalAdvance(text) for text in texts)
        # Widths in steps: the picture should not shift by a pixel with every other label.
        return QSize(_STRIP + 6 + 8 * (int(widest) // 8 + 1) + 6, 80)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = theme.current()
        painter.setFont(theme.small_font())
        room = QRectF(0, _MARGIN_TOP, _STRIP, self.height() - _MARGIN_TOP - _MARGIN_BOTTOM)
        count = len(self._heights) + 1
        if room.height() < count or not self._heights:
            return
        band = room.height() / count
        table = palette.landscape_map(colours.is_dark)
        for index in range(count):
            red, green, blue = table[index * 255 // (count - 1)].tolist()
            top = round(room.bottom() - (index + 1) * band)
            bottom = round(room.bottom() - index * band)
            painter.fillRect(0, top, _STRIP, bottom - top, QColor(red, green, blue))
        painter.setPen(QPen(QColor(colours.contour), 1))
        painter.drawRect(QRectF(0.5, round(room.top()) + 0.5, _STRIP - 1, round(room.height()) - 1))
        self._paint_labels(painter, room, band)

    def _paint_labels(self, painter: QPainter, room: QRectF, band: float) -> None:
        painter.setPen(QColor(theme.current().muted))
        every = max(1, round(_PIXELS_PER_LABEL / band))
        line = painter.fontMetrics().height()
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for index in range((len(self._heights) - 1) % every, len(self._heights), every):
            middle = room.bottom() - (index + 1) * band
            place = QRectF(_STRIP + 5, middle - line / 2, self.width(), line)
            painter.drawText(place, flags, self._text(self._heights[index]))
        painter.drawText(QRectF(0, 2, self.width(), line), flags, self._title)

    def _are_told_apart(self, digits: int) -> bool:
        return len({f"{height:.{digits - 1}e}" for height in self._heights}) == len(self._heights)

    def _text(self, height: float) -> str:
        """Levels are round to two digits: no zeros after them; more where they lie so close that
        two digits would be the same.
        """
        if 1e-3 <= height < 1e5:
            return f"{float(f'{height:.{self._digits - 1}e}'):g}"
        return readable(height).replace(".00e", "e").replace("0e", "e")
