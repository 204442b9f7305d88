"""Figures as SVG documents.

Curves are thinned to what the page can show and cut at the edge of the plot here, so that a run
of a million steps makes a file of some hundred kilobytes and no reader has to clip.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from msgspec import Struct

from lrstudio.storage import layout as page
from lrstudio.storage.figure import (
    Area,
    Array,
    Dots,
    Figure,
    Line,
    Mark,
    Marker,
    Note,
    Symbols,
    Thinning,
)
from lrstudio.storage.geometry import (
    Points,
    clipped,
    column_extremes,
    joined,
    pieces,
    without_repetition,
    without_straight_points,
)
from lrstudio.storage.layout import Layout, PlacedEntry, lay_out
from lrstudio.storage.palette import FigureColours, figure_colours
from lrstudio.storage.signs import dots, sign
from lrstudio.storage.svg_elements import (
    Anchor,
    closed,
    element,
    escaped,
    filled,
    number,
    opened,
    stroke,
    words,
)
from lrstudio.storage.ticks import Tick, Ticks, power_label

MOST_POINTS = 300_000
"""Points of all curves that may be drawn; where there are hundreds, each gets coarser."""

_FONTS = "DejaVu Sans, Helvetica, Arial, sans-serif"
_MOST_PER_CURVE = 20_000
_COLUMN = 0.5  # pixels
_LEGEND_SYMBOL = 5.0  # pixels
_CURVE, _GROUND = 0.03, 0.1  # pixels off a straight line, for runs and for contours


def svg(figure: Figure) -> str:
    """The figure as an SVG document."""
    lines = sum(isinstance(mark, Line) for mark in figure.marks)
    layout, colours = lay_out(figure), figure_colours(figure.is_dark)
    return "\n".join(_Page(figure, layout, colours, MOST_POINTS // max(1, lines)).document())


class _Page(Struct, frozen=True):
    """A figure, where its parts stand, its greys, and how many points a curve may have."""

    figure: Figure
    layout: Layout
    colours: FigureColours
    most_points: int

    def document(self) -> Iterator[str]:
        width, height = self.figure.size
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="{_FONTS}">'
        )
        yield f"<title>{escaped(self.figure.title)}</title>"
        yield element("rect", {"width": width, "height": height, "fill": self.colours.background})
        if self.figure.has_grid:
            yield self._grid()
        for mark in self.figure.marks:
            yield from self._mark(mark)
        yield from self._frame()
        yield from self._titles()
        for placed in self.layout.legend:
            yield from self._legend_entry(placed)
        yield "</svg>\n"

    # --- axes and words ----------------------------------------------------------------------

    def _grid(self) -> str:
        left, top, right, bottom = map(number, self.layout.plot)
        across = [f"M{left},{number(y)}H{right}" for _, y in self._across(self.layout.y_ticks)]
        down = [f"M{number(x)},{top}V{bottom}" for _, x in self._down(self.layout.x_ticks)]
        return stroke("".join(across + down), self.colours.grid)

    def _frame(self) -> Iterator[str]:
        left, top, right, bottom = self.layout.plot
        path = [f"M{number(left)},{number(top)}V{number(bottom)}H{number(right)}"]
        for tick, x in self._down(self.layout.x_ticks):
            path.append(f"M{number(x)},{number(bottom)}v{page.TICK_LENGTH:g}")
            baseline = bottom + page.TICK_LENGTH + page.TEXT_SIZE
            yield from self._powered(tick, x, baseline, "middle")
        for tick, y in self._across(self.layout.y_ticks):
            path.append(f"M{number(left)},{number(y)}h-{page.TICK_LENGTH:g}")
            end = left - page.TICK_LENGTH - 4
            yield from self._powered(tick, end, y + page.TEXT_SIZE / 3, "end")
        yield stroke("".join(path + self._minor_ticks()), self.colours.axis)

    def _minor_ticks(self) -> list[str]:
        left, _, _, bottom = self.layout.plot
        x_ticks, y_ticks = self.layout.x_ticks, self.layout.y_ticks
        below = self._down(Ticks(x_ticks.minor))
        beside = self._across(Ticks(y_ticks.minor))
        return [f"M{number(x)},{number(bottom)}v3" for _, x in below] + [
            f"M{number(left)},{number(y)}h-3" for _, y in beside
        ]

    def _titles(self) -> Iterator[str]:
        figure, layout, text = self.figure, self.layout, self.colours.text
        left, top, right, bottom = layout.plot
        title, subtitle = page.headline(figure)
        x, y = layout.title
        bold: dict[str, str | float] = {"font-size": page.TITLE_SIZE, "font-weight": "bold"}
        yield element("text", {"x": x, "y": y, **bold, "fill": text}, title)
        yield words(subtitle, layout.subtitle, page.TEXT_SIZE, self.colours.muted, "end")
        yield words(figure.x.label, layout.x_label, page.LABEL_SIZE, text, "middle")
        x, y = layout.y_label
        upright: dict[str, str | float] = {"text-anchor": "middle", "fill": text}
        upright |= {"transform": f"rotate(-90 {number(x)} {number(y)})", "x": x, "y": y}
        yield element("text", {**upright, "font-size": page.LABEL_SIZE}, figure.y.label)
        yield from self._exponent(layout.x_ticks, right, bottom + 2.7 * page.TEXT_SIZE, "end")
        yield from self._exponent(layout.y_ticks, left, top - 8, "start")

    def _exponent(self, ticks: Ticks, x: float, y: float, anchor: Anchor) -> Iterator[str]:
        if ticks.exponent:
            factor = Tick(0, "×10", power_label(ticks.exponent))
            yield from self._powered(factor, x, y, anchor)

    def _legend_entry(self, placed: PlacedEntry) -> Iterator[str]:
        entry, x, y = placed.entry, placed.x, placed.y
        baseline = y + page.TEXT_SIZE / 3
        if entry.symbol is not None:
            middle = np.array([x + page.SWATCH / 2, y])
            yield filled(closed(middle + _LEGEND_SYMBOL * entry.symbol), entry.colour)
        elif entry.colour:
            line = f"M{number(x)},{number(y)}h{page.SWATCH:g}"
            yield stroke(line, entry.colour, 2.0, entry.dash)
        start = (x + page.SWATCH + page.GAP, baseline)
        note = (entry.note, self.colours.muted) if entry.note else None
        yield words(entry.label, start, page.TEXT_SIZE, self.colours.text, note=note)

    def _powered(self, tick: Tick, x: float, y: float, anchor: Anchor) -> Iterator[str]:
        """A label with its power raised; they meet at one point whatever font is used."""
        colour, size = self.colours.text, page.TEXT_SIZE
        if not tick.power:
            yield words(tick.label, (x, y), size, colour, anchor)
            return
        base = page.text_width(tick.label, size)
        power = page.text_width(tick.power, page.POWER_SIZE)
        meet = x + {"start": base, "middle": (base - power) / 2, "end": -power}[anchor]
        yield words(tick.label, (meet, y), size, colour, "end")
        yield words(tick.power, (meet + 1, y - size * 0.4), page.POWER_SIZE, colour)

    def _down(self, ticks: Ticks) -> list[tuple[Tick, float]]:
        return [(t, float(self._x(np.array(t.value)))) for t in ticks.major]

    def _across(self, ticks: Ticks) -> list[tuple[Tick, float]]:
        return [(t, float(self._y(np.array(t.value)))) for t in ticks.major]

    # --- marks -------------------------------------------------------------------------------

    def _x(self, values: Array) -> Array:
        left, _, right, _ = self.layout.plot
        return left + (right - left) * self.figure.x.place(values)

    def _y(self, values: Array) -> Array:
        _, top, _, bottom = self.layout.plot
        return bottom - (bottom - top) * self.figure.y.place(values)

    def _pixels(self, points: Array) -> Points:
        return np.stack((self._x(points[:, 0]), self._y(points[:, 1])), axis=1)

    def _mark(self, mark: Mark) -> Iterator[str]:
        if isinstance(mark, Line):
            yield from self._line(mark)
        elif isinstance(mark, Area):
            rings = (without_straight_points(self._pixels(r), _GROUND) for r in mark.rings)
            yield filled("".join(map(closed, rings)), mark.colour)
        elif isinstance(mark, Dots):
            yield from self._dots(mark)
        elif isinstance(mark, Symbols):
            yield from self._symbols(mark)
        else:
            yield from self._sign(mark)

    def _line(self, line: Line) -> Iterator[str]:
        parts = [
            thin
            for piece in pieces(self._pixels(line.points))
            for thin in self._thinned(piece, line.thinning)
        ]
        tolerance = _GROUND if line.thinning == "none" else _CURVE
        path = "".join(
            opened(without_straight_points(cut, tolerance))
            for cut in clipped(joined(parts), self.layout.plot)
        )
        if path:
            yield stroke(path, line.colour, line.width, line.dash, line.opacity)

    def _thinned(self, piece: Points, thinning: Thinning) -> Iterable[Points]:
        if thinning == "columns":
            # A column keeps up to four points.
            width = 4 * (self.layout.plot[2] - self.layout.plot[0]) / self.most_points
            return (column_extremes(piece, max(_COLUMN, width)),)
        if thinning == "repetition":
            return without_repetition(piece, min(_MOST_PER_CURVE, self.most_points))
        return (piece,)

    def _dots(self, mark: Dots) -> Iterator[str]:
        points = self._pixels(mark.points)
        points = points[self._is_within(points)]
        if len(points):
            yield dots(points, mark.colour, mark.size / 2)

    def _symbols(self, mark: Symbols) -> Iterator[str]:
        points = self._pixels(mark.points)
        points = points[self._is_within(points)]
        path = "".join(closed(middle + mark.size * mark.outline) for middle in points)
        if path:
            # Not by the even-odd rule: where two overlap there is no hole.
            fill, rim = (mark.halo, mark.colour) if mark.is_hollow else (mark.colour, mark.halo)
            yield element("path", {"d": path, "fill": fill, "stroke": rim})

    def _sign(self, mark: Marker | Note) -> Iterator[str]:
        points = self._pixels(np.array([[mark.x, mark.y]]))
        if not self._is_within(points).all():
            return
        x, y = points[0].tolist()
        if isinstance(mark, Note):
            yield words(mark.text, (x, y), page.TEXT_SIZE, mark.colour, mark.anchor)
        else:
            yield from sign(mark, x, y)

    def _is_within(self, points: Points) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        left, top, right, bottom = self.layout.plot
        x, y = points.T
        inside = (left - 1 <= x) & (x <= right + 1) & (top - 1 <= y) & (y <= bottom + 1)
        return np.asarray(inside)
