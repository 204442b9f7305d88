"""Colours and dash patterns of everything that is drawn, without Qt.

The window, the SVG export and the command line share these numbers, so a run looks the same
wherever it is drawn. Contenders take the colours of Okabe & Ito ("Color Universal Design", 2008),
which people with any common colour blindness tell apart; each colour also has a dash pattern, so
that a greyscale print still tells the runs apart.
"""

from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Ordered per theme so that the faint ones come last. Okabe & Ito's orange has 2.3:1 on white; here
# it is as much darker as the 3:1 that a curve needs.
_LIGHT = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#BF8300")
_DARK = ("#56B4E9", "#E69F00", "#F0E442", "#009E73", "#CC79A7", "#D55E00")

# Drawn and left blank in turn, in line widths. The gaps allow for flat caps.
_DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (5.0, 3.0),
    (2.0, 2.0),
    (7.0, 3.0, 2.0, 3.0),
    (12.0, 3.0),
    (7.0, 3.0, 2.0, 3.0, 2.0, 3.0),
)

# Low ground first. On paper the valley is the paper itself and heights are a pale slate; on a dark
# screen the valley is the darkest and heights are dim. Curves mostly live in valleys, and there
# they have their full contrast.
_LIGHT_GROUND = ("#FFFFFC", "#ECF7F4", "#DCEAF6", "#DFE4F3")
_DARK_GROUND = ("#0A1013", "#0C2229", "#152F45", "#2A3352")


class FigureColours(Struct, frozen=True):
    """The greys of a picture: what surrounds the curves, as "#rrggbb"."""

    background: str
    text: str
    muted: str
    grid: str
    axis: str
    contour: str


_LIGHT_FIGURE = FigureColours(
    background="#FFFFFF",
    text="#1F2328",
    muted="#59626D",
    grid="#E8EAEE",
    axis="#868E99",
    contour="#B4BECE",
)
_DARK_FIGURE = FigureColours(
    background="#15181C",
    text="#E6E8EB",
    muted="#9BA4AF",
    grid="#282C33",
    axis="#6C7580",
    contour="#41506A",
)


def colour(slot: int, dark: bool = False) -> str:
    """The colour of a palette slot as "#RRGGBB"; after six the colours begin again."""
    colours = _DARK if dark else _LIGHT
    return colours[slot % len(colours)]


def mixed(colour: str, other: str, share: float) -> str:
    """`share` of one colour and the rest of another, as "#rrggbb"."""
    one, two = (tuple(int(text[i : i + 2], 16) for i in (1, 3, 5)) for text in (colour, other))
    parts = zip(one, two, strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in parts)


def dash(slot: int) -> tuple[float, ...]:
    """Lengths drawn and left blank in turn, in line widths; () is a solid line.

    Each further round of six colours moves on by one pattern: the first 36 slots all differ.
    """
    return _DASHES[(slot + slot // len(_LIGHT)) % len(_DASHES)]


def figure_colours(dark: bool = False) -> FigureColours:
    """Background, text, grid, axes and iso-lines of a picture."""
    return _DARK_FIGURE if dark else _LIGHT_FIGURE


@cache
def landscape_map(dark: bool = False) -> "NDArray[np.uint8]":
    """Colours of a landscape from low ground to high, (256, 3) uint8, read-only.

    Equal steps along the map look equally far apart (distances in OKLab), and lightness goes one
    way only. A curve outlined with the background colour is readable on all of it.
    """
    # Late, because the window takes its colours from here and is shown before NumPy is loaded.
    from lrstudio.storage.oklab import even_ramp  # noqa: PLC0415

    return even_ramp(_DARK_GROUND if dark else _LIGHT_GROUND, count=256)


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio of two colours, from 1 to 21."""
    dim, bright = sorted((luminance(first), luminance(second)))
    return (bright + 0.05) / (dim + 0.05)


def luminance(hexadecimal: str) -> float:
    """WCAG relative luminance of "#rrggbb", from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(level / 255) for level in bytes.fromhex(hexadecimal[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(level: float) -> float:
    return float(level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4)
