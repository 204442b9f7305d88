"""Where title, legend, axes and plot stand on the page of a figure.

The page is laid out without asking a font: widths are those of DejaVu Sans, which is wider than
what most systems draw, so nothing is cut off anywhere.
"""

from msgspec import Struct

from lrstudio.storage.figure import Entry, Figure
from lrstudio.storage.geometry import Box
from lrstudio.storage.ticks import Tick, Ticks

TITLE_SIZE = 17.0
LABEL_SIZE = 15.0
TEXT_SIZE = 14.0
POWER_SIZE = 10.5
TICK_LENGTH = 5.0
SWATCH = 40.0
"""Length of the line that stands before a name in the legend."""
GAP = 8.0

_MARGIN = 16.0
_LINE = 22.0
_MOST_ENTRIES = 40
_LEGEND_SHARE = 0.2  # of the height of the page


class PlacedEntry(Struct, frozen=True):
    """A legend entry and the left end of its line, at half the height of its text."""

    entry: Entry
    x: float
    y: float


class Layout(Struct, frozen=True):
    """Pixels of everything that is not drawn in the coordinates of the axes."""

    plot: Box
    title: tuple[float, float]
    subtitle: tuple[float, float]
    legend: tuple[PlacedEntry, ...]
    x_label: tuple[float, float]
    y_label: tuple[float, float]
    x_ticks: Ticks
    y_ticks: Ticks


def lay_out(figure: Figure) -> Layout:
    """Place everything; the plot gets the room that the words leave."""
    width, height = figure.size
    top = _MARGIN + TITLE_SIZE if figure.title or figure.subtitle else _MARGIN - _LINE / 2
    rows = _fitting_rows(figure.legend, width - 2 * _MARGIN, _LEGEND_SHARE * height)
    plot_top = top + _LINE * len(rows) + _LINE * 0.8
    bottom = height - _MARGIN - LABEL_SIZE - TEXT_SIZE - TICK_LENGTH - 1.5 * GAP
    bottom = max(bottom, plot_top + 2 * _LINE)  # a page too small is cut off, not turned over
    y_ticks = figure.y.ticks(most_ticks(bottom - plot_top, 48))
    if y_ticks.exponent:
        plot_top += TEXT_SIZE  # a line for the factor that all labels have
    left = _MARGIN + LABEL_SIZE + GAP + _widest(y_ticks) + GAP + TICK_LENGTH
    x_ticks = figure.x.ticks(most_ticks(width - left - _MARGIN, 110))
    # A label may stand centred on the very end of the axis.
    right = max(width - max(_MARGIN + GAP, _widest(x_ticks) / 2 + 4), left + 2 * _LINE)
    legend = _placed(rows, _MARGIN, top + _LINE * 0.9)
    return Layout(
        plot=(left, plot_top, right, bottom),
        title=(_MARGIN, top),
        subtitle=(right, top),
        legend=legend,
        x_label=((left + right) / 2, height - _MARGIN),
        y_label=(_MARGIN + LABEL_SIZE * 0.75, (plot_top + bottom) / 2),
        x_ticks=x_ticks,
        y_ticks=y_ticks,
    )


def most_ticks(length: float, apart: float) -> int:
    """How many labels an axis of this length has room for, at least two."""
    return max(2, int(length / apart))


def headline(figure: Figure) -> tuple[str, str]:
    """Title and subtitle as far as they fit beside each other.

    What the subtitle begins with, the problem, is told even where its remarks are too long.
    """
    room = figure.size[0] - 2 * _MARGIN
    title = fitted(figure.title, TITLE_SIZE, room)
    room -= text_width(title, TITLE_SIZE) + 3 * GAP
    told = (figure.subtitle, figure.subtitle.partition(", ")[0])
    return title, next((text for text in told if text_width(text, TEXT_SIZE) <= room), "")


def fitted(text: str, size: float, width: float) -> str:
    """The text, its end replaced by an ellipsis where it is wider than `width`."""
    for length in range(len(text), 0, -1):
        shorter = text if length == len(text) else text[:length].rstrip() + "…"
        if text_width(shorter, size) <= width:
            return shorter
    return ""


def text_width(text: str, size: float) -> float:
    """Width of a text in pixels, rather too large than too small."""
    return sum(map(_em, text)) * size


def tick_width(tick: Tick) -> float:
    """Width of a tick's label with its power."""
    return text_width(tick.label, TEXT_SIZE) + text_width(tick.power, POWER_SIZE)


def entry_width(entry: Entry) -> float:
    """Width of a legend entry: line, name, note and the space to the next one."""
    text = f"{entry.label}  {entry.note}" if entry.note else entry.label
    return SWATCH + GAP + text_width(text, TEXT_SIZE) + 2.5 * GAP


def _em(character: str) -> float:
    if ord(character) >= 0x1100:
        return 0.6 if 0x2000 <= ord(character) < 0x2E80 else 1.0
    if character in "iljtfrI.,:;'|!()[] \u2009":
        return 0.4
    if character in "mwMW@%":
        return 0.98
    return 0.72 if character.isupper() else 0.64


def _widest(ticks: Ticks) -> float:
    return max((tick_width(tick) for tick in ticks.major), default=0.0)


def _fitting_rows(legend: tuple[Entry, ...], width: float, height: float) -> list[list[Entry]]:
    """The legend in rows, its end replaced by a count where it would fill the page."""
    for shown in range(min(len(legend), _MOST_ENTRIES), 0, -1):
        rest = len(legend) - shown
        more = (Entry(f"and {rest} more", ""),) if rest else ()
        rows = _rows((*legend[:shown], *more), width)
        if len(rows) * _LINE <= height:
            return rows
    return []


def _rows(entries: tuple[Entry, ...], width: float) -> list[list[Entry]]:
    rows: list[list[Entry]] = []
    used = width
    for entry in entries:
        needed = entry_width(entry)
        if not rows or used + needed > width:
            rows.append([])
            used = 0.0
        rows[-1].append(entry)
        used += needed
    return rows


def _placed(rows: list[list[Entry]], left: float, top: float) -> tuple[PlacedEntry, ...]:
    placed = []
    for row, entries in enumerate(rows):
        x = left
        for entry in entries:
            placed.append(PlacedEntry(entry, x, top + _LINE * row))
            x += entry_width(entry)
    return tuple(placed)
