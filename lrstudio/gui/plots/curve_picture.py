"""The finished picture of all lanes of a plot, drawn on while a run grows.

As long as nothing but new columns at the right has come, only the strip from the last column on
is drawn; everything else of the picture is left as it is.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from lrstudio.gui import theme
from lrstudio.gui.plots.decimation import Reals, on_axis
from lrstudio.gui.plots.frame import Frame
from lrstudio.gui.plots.lane_looks import LaneLook
from lrstudio.gui.plots.series_data import Spans, of_lane
from lrstudio.gui.plots.strokes import (
    dash_lengths,
    draw_line,
    draw_thin,
    fill_bars,
    line_path,
    pixels_of,
    transparent_image,
)
from lrstudio.storage.palette import mixed

_CALM_INK_PER_COLUMN = 8
"""A curve that goes up and down by more pixels than this per column is drawn as a band."""
_FEWEST_COLUMNS = 40
"""A lane that ends sooner is too short for a band: a run that diverged after a few steps."""
_BAND = 0.32
"""How much of its colour a band has: the line in its middle tells whose it is."""
_CALMING = 9
"""Columns whose middle is taken for the line in a band."""
_DEAR_INK = 20_000
"""A zigzag of so many pixels is drawn thin: antialiasing it would take milliseconds."""


class Contents(Struct, frozen=True):
    """What a picture shows; `frame` is in device pixels, `ratio` of them make a pixel."""

    frame: Frame
    ratio: float
    spans: Spans
    is_logarithmic: bool
    looks: Sequence[LaneLook]


class _Lane(Struct, frozen=True):
    """One lane in pixels: its spans, the line to draw and how."""

    look: LaneLook
    column: int
    top: Reals
    bottom: Reals
    is_noisy: bool
    is_thin: bool
    x: Reals
    y: Reals


class CurvePicture:
    """Keeps the last picture and what it showed."""

    def __init__(self) -> None:
        self._image: QImage | None = None
        self._contents: Contents | None = None
        self._kinds: list[tuple[bool, bool]] = []

    def drawn(self, contents: Contents) -> QImage:
        """The picture of these contents, made with as little drawing as possible."""
        if contents is self._contents and self._image is not None:
            return self._image
        lanes = _lanes(contents)
        kinds = [(lane.is_noisy, lane.is_thin) for lane in lanes]
        column = self._first_new_column(contents) if kinds == self._kinds else 0
        if self._image is None or not column:
            self._image = transparent_image(contents.frame.width, contents.frame.height)
        self._contents, self._kinds = contents, kinds
        if len(contents.spans.low):
            _draw(self._image, contents, lanes, column)
        return self._image

    def forget(self) -> None:
        """Draw everything anew next time."""
        self._contents = None

    def _first_new_column(self, new: Contents) -> int:
        """The first column that may look different now; 0 if everything may."""
        old = self._contents
        if old is None or (old.frame, old.ratio) != (new.frame, new.ratio):
            return 0
        if old.looks is not new.looks or old.is_logarithmic != new.is_logarithmic:
            return 0
        known = len(old.spans.low) - 1
        is_longer = len(new.spans.low) > known > 0
        starts = old.spans.first, new.spans.first
        if not is_longer or not np.array_equal(starts[0][:known], starts[1][:known]):
            return 0
        # The middle of a band also looks at what comes after it.
        return max(0, known - _CALMING)


def _lanes(contents: Contents) -> list[_Lane]:
    """The visible lanes in the order in which they are drawn."""
    frame, spans = contents.frame, contents.spans
    x = frame.x(spans.middle)
    # A larger value is further up, which is a smaller number of pixels.
    top = frame.y(on_axis(spans.high, contents.is_logarithmic))
    bottom = frame.y(on_axis(spans.low, contents.is_logarithmic))
    shown = [k for k, look in enumerate(contents.looks) if look.is_visible]
    shown.sort(key=lambda k: contents.looks[k].is_highlighted)
    return [_lane(contents, k, of_lane(x, k), top[:, k], bottom[:, k]) for k in shown]


def _lane(contents: Contents, column: int, x: Reals, top: Reals, bottom: Reals) -> _Lane:
    is_noisy = _is_noisy(top, bottom, contents.frame)
    line = (x, _calmed((top + bottom) / 2)) if is_noisy else _zigzag(x, top, bottom)
    ink = np.nansum(np.abs(np.diff(np.clip(line[1], 0, contents.frame.height))))
    is_thin = bool(ink > _DEAR_INK * contents.ratio)
    return _Lane(contents.looks[column], column, top, bottom, is_noisy, is_thin, *line)


def _draw(image: QImage, contents: Contents, lanes: Sequence[_Lane], column: int) -> None:
    """Draw everything from a column on; what was there is wiped out."""
    left = int(contents.frame.x(contents.spans.middle[column]).min()) if column else 0
    left = min(max(left, 0), image.width())
    strip = QRect(left, 0, image.width() - left, image.height())
    painter = QPainter(image)
    if column:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.fillRect(strip, QColor(0, 0, 0, 0))
    painter.end()
    # Bands below all lines: a noisy lane must not hide a calm one.
    covering = _covering(contents, [lane for lane in lanes if lane.is_noisy])
    for lane in lanes:
        if lane.is_noisy:
            _draw_band(image, lane, covering[lane.column], left, contents.ratio)
    painter = QPainter(image)
    painter.setClipRect(strip)
    for lane in lanes:
        _draw_line(painter, lane, max(left - 2, 0), contents.ratio)
    painter.end()


def _draw_band(image: QImage, lane: _Lane, covering: Reals, left: int, ratio: float) -> None:
    is_covered = covering >= 0
    top = np.where(is_covered, lane.top[covering], np.nan)
    bottom = np.where(is_covered, lane.bottom[covering], np.nan)
    colour = QColor(mixed(lane.look.colour, theme.current().background, _BAND))
    thickness = lane.look.stroke(ratio).width
    fill_bars(pixels_of(image)[:, left:], top[left:], bottom[left:], colour, thickness)


def _draw_line(painter: QPainter, lane: _Lane, left: int, ratio: float) -> None:
    """Draw a lane's line from pixel column `left` on, its dashes where they have always been."""
    stroke = lane.look.stroke(ratio)
    first = max(int(np.searchsorted(lane.x, left)) - 1, 0)
    if first and stroke.dash:
        known = ~np.isnan(lane.y[: first + 1])
        x, y = lane.x[: first + 1][known], lane.y[: first + 1][known]
        stroke = stroke.starting_at(float(dash_lengths(x, y).sum()))
    path = line_path(lane.x[first:], lane.y[first:])
    (draw_thin if lane.is_thin else draw_line)(painter, path, stroke)


def _zigzag(x: Reals, top: Reals, bottom: Reals) -> tuple[Reals, Reals]:
    """Two points per column, entered from the side where the curve comes from."""
    if np.array_equal(top, bottom, equal_nan=True):
        return x, np.ascontiguousarray(top)
    middle = (top + bottom) / 2
    is_sinking = np.diff(middle, prepend=middle[0]) >= 0
    y = np.empty(2 * len(x))
    y[0::2] = np.where(is_sinking, top, bottom)
    y[1::2] = np.where(is_sinking, bottom, top)
    return np.repeat(x, 2), y


def _is_noisy(top: Reals, bottom: Reals, frame: Frame) -> bool:
    """Whether the line through these spans would blacken a band rather than be a line."""
    known = np.count_nonzero(~np.isnan(top))
    if known < _FEWEST_COLUMNS or 2 * len(top) <= frame.width:
        return False
    spans = np.clip(bottom, 0, frame.height) - np.clip(top, 0, frame.height)
    return float(np.nansum(spans)) > _CALM_INK_PER_COLUMN * known


def _calmed(middle: Reals) -> Reals:
    """The middle of a band, freed from single columns that stand out."""
    half = _CALMING // 2
    padded = np.concatenate((np.full(half, np.nan), middle, np.full(half, np.nan)))
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(padded, _CALMING), axis=1)
    known = np.count_nonzero(~np.isnan(windows), axis=1)
    # NaN is sorted to the end, so the median of what is known is at half of it.
    return np.where(np.isnan(middle), np.nan, windows[np.arange(len(middle)), known // 2])


def _covering(contents: Contents, lanes: Sequence[_Lane]) -> dict[int, Reals]:
    """`_column_of_pixel` of these lanes, by column; worked out once where it is the same."""
    spans = contents.spans
    if spans.first.shape[1] > 1:
        return {lane.column: _column_of_pixel(contents.frame, spans, lane.column) for lane in lanes}
    shared = _column_of_pixel(contents.frame, spans, 0) if lanes else np.empty(0)
    return {lane.column: shared for lane in lanes}


def _column_of_pixel(frame: Frame, spans: Spans, lane: int) -> Reals:
    """For each pixel column the index of the span that covers its middle, -1 where none does."""
    centres = frame.x(of_lane(spans.middle, lane))
    borders = np.concatenate(([-np.inf], (centres[1:] + centres[:-1]) / 2, [np.inf]))
    middles = np.arange(frame.width) + 0.5
    column = np.searchsorted(borders, middles) - 1
    first = frame.x(of_lane(spans.first, lane)[:1])[0]
    last = frame.x(of_lane(spans.last, lane)[-1:])[0]
    return np.where((middles >= first - 1) & (middles <= last + 1), column, -1)
