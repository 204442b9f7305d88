"""Axes with a quiet grid and readable numbers: 0.002, 25 000, 10⁻⁶."""

import math
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from lrstudio.gui import theme
from lrstudio.gui.plots.decimation import LOG_FLOOR
from lrstudio.gui.plots.pyqtgraph_parts import AxisItem, ViewBox
from lrstudio.storage.ticks import Tick, Ticks, linear_ticks, log_ticks, number

LEFT_WIDTH = 56
"""Equal in all plots, so that axes of plots above each other line up."""
BOTTOM_HEIGHT = 20

_RAISED = str.maketrans("0123456789-\u2212", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_PIXELS_PER_LABEL = {"bottom": 64, "left": 38}
_CLOSE = 0.08
"""Labels nearer than this share of the axis to that of the floor give way to it."""
_LABEL_OVERHANG = {"bottom": (48, 0), "left": (0, 9)}
_LABEL_GAP = 16
_AROUND_CORNER = 9
"""Pixels before the text in the corner and between it and the first label."""
_RIGHT_MARGIN = 10
"""Pixels right of the axis that its last label may reach into."""


class Axis(AxisItem):
    """A left or bottom axis whose ticks come from the module that the exported figures use.

    Coordinates of a logarithmic axis are exponents of ten; whole numbers only has no ticks between
    the steps of a run.
    """

    def __init__(self, side: str, view: ViewBox, is_whole: bool = False) -> None:
        super().__init__(side, maxTickLength=0)
        self._side = side
        self._is_whole = is_whole
        self._is_logarithmic = False
        self._labels: dict[float, str] = {}
        self._first = float("-inf")
        """Where the leftmost label may begin."""
        self.linkToView(view)
        self.setZValue(-200)  # the grid lies below the curves
        self.setStyle(tickAlpha=255, hideOverlappingLabels=True, autoExpandTextSpace=False)
        self.setGrid(255)
        if side == "left":
            self.setWidth(LEFT_WIDTH)
            self.setStyle(tickTextOffset=6)
        else:
            self.setHeight(BOTTOM_HEIGHT)
            self.setStyle(tickTextOffset=4)

    def set_logarithmic(self, is_logarithmic: bool) -> None:
        """Label the coordinates as exponents of ten."""
        if is_logarithmic != self._is_logarithmic:
            self._is_logarithmic = is_logarithmic
            self.picture = None
            self.update()

    def set_whole(self, is_whole: bool) -> None:
        """Label whole numbers only, or also what lies between."""
        if is_whole != self._is_whole:
            self._is_whole = is_whole
            self.picture = None
            self.update()

    def keep_clear(self, width: float) -> None:
        """A text of this width stands in the corner: no label of a bottom axis runs into it."""
        first = width + _AROUND_CORNER - LEFT_WIDTH
        if first != self._first:
            self._first = first
            self.picture = None
            self.update()

    def apply_theme(self) -> None:
        """Take over the colours and the font of the current theme."""
        colours = theme.current()
        self.setPen(colours.grid)
        self.setTickPen(colours.grid)
        self.setTextPen(colours.muted)
        self.setTickFont(theme.small_font())

    def updateAutoSIPrefix(self) -> None:
        # pyqtgraph would set the text of the label, which is never shown, at every change of range.
        self._updateLabel()

    def _updateLabel(self) -> None:
        # The same at every change of the looks: seven times before an axis is first seen.
        self.picture = None
        self.update()

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float | None, list[float]]]:
        ticks = self._ticks(minVal, maxVal, max(2, int(size / self._room_for_label(maxVal))))
        labelled = [(self._coordinate(tick), self._text(tick, ticks)) for tick in ticks.major]
        if self._is_logarithmic:
            labelled = _with_floor(labelled, minVal, maxVal)
        if self._is_whole:
            labelled = [(v, text) for v, text in labelled if v >= 0 and v == round(v)]
        self._labels = dict(labelled)
        return [(None, list(self._labels))]

    def tickStrings(
        self,
        values: list[float],
        scale: float,
        spacing: float | None,
    ) -> list[str]:
        return [self._labels[value] for value in values]

    def generateDrawSpecs(self, p: QPainter) -> tuple[Any, Any, Any] | None:
        specs = super().generateDrawSpecs(p)
        if specs is None or self._side == "left":
            return specs
        line, ticks, texts = specs
        last = self.rect().right() + _RIGHT_MARGIN
        texts = [
            (_moved_before(last, rect), flags, text)
            for rect, flags, text in texts
            if rect.left() >= self._first
        ]
        return line, ticks, texts

    def boundingRect(self) -> QRectF:
        # Room for a label whose tick is at the very end of the axis.
        across, down = _LABEL_OVERHANG[self._side]
        return super().boundingRect().adjusted(-across, -down, across, down)

    def _ticks(self, low: float, high: float, most: int) -> Ticks:
        if not self._is_logarithmic:
            return linear_ticks(low, high, most)
        # Beyond these powers there are no numbers; views never show much of that.
        return log_ticks(10.0 ** max(low, -300.0), 10.0 ** min(high, 300.0), most)

    def _room_for_label(self, highest: float) -> float:
        """Pixels between ticks: steps are written out, and have up to nine digits."""
        usual = _PIXELS_PER_LABEL[self._side]
        if not self._is_whole:
            return usual
        widest = QFontMetricsF(theme.small_font()).horizontalAdvance(number(highest, 0))
        return max(usual, widest + _LABEL_GAP)

    def _coordinate(self, tick: Tick) -> float:
        return math.log10(tick.value) if self._is_logarithmic else tick.value

    def _text(self, tick: Tick, ticks: Ticks) -> str:
        if tick.power:
            return tick.label + tick.power.translate(_RAISED)
        if self._is_whole:
            return number(tick.value, 0)
        if ticks.exponent and tick.value:
            return f"{tick.label}×10{str(ticks.exponent).translate(_RAISED)}"
        return tick.label


def _moved_before(right: float, label: QRectF) -> QRectF:
    """A label moved to the left as far as it would be cut."""
    return label.translated(min(0.0, right - label.right()), 0.0)


def _with_floor(
    labelled: list[tuple[float, str]], low: float, high: float
) -> list[tuple[float, str]]:
    """Ticks with one that says what lies on the lowest line of a logarithmic axis."""
    floor = math.log10(LOG_FLOOR)
    if not low <= floor <= high:
        return labelled
    apart = (high - low) * _CLOSE
    others = [(value, text) for value, text in labelled if value > floor + apart]
    return [(floor, f"≤ 10{f'{floor:.0f}'.translate(_RAISED)}"), *others]
