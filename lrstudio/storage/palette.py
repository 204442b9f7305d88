"""Colours and dash patterns of everything that is drawn, without Qt.

The window, the SVG export and the command line share these numbers, so a run looks the same
wherever it is drawn. Contenders take the colours of Okabe & Ito ("Color Universal Design", 2008),
which people with any common colour blindness tell apart; each colour also has a dash pattern, so
that a greyscale print still tells the runs apart.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

_Reals = NDArray[np.float64]

# Ordered per theme so that the faint ones come last. Orange on white is the one colour below the
# 3:1 that a curve needs (2.3:1): it is the sixth, and its dashes carry it.
_LIGHT = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00")
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


@dataclass(frozen=True)
class FigureColours:
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


def dash(slot: int) -> tuple[float, ...]:
    """Lengths drawn and left blank in turn, in line widths; () is a solid line.

    Each further round of six colours moves on by one pattern: the first 36 slots all differ.
    """
    return _DASHES[(slot + slot // len(_LIGHT)) % len(_DASHES)]


def figure_colours(dark: bool = False) -> FigureColours:
    """Background, text, grid, axes and iso-lines of a picture."""
    return _DARK_FIGURE if dark else _LIGHT_FIGURE


@cache
def landscape_map(dark: bool = False) -> NDArray[np.uint8]:
    """Colours of a landscape from low ground to high, (256, 3) uint8, read-only.

    Equal steps along the map look equally far apart (distances in OKLab), and lightness goes one
    way only. A curve outlined with the background colour is readable on all of it.
    """
    anchors = _oklab(np.array([_rgb(h) for h in (_DARK_GROUND if dark else _LIGHT_GROUND)]))
    length = np.linalg.norm(np.diff(anchors, axis=0), axis=1)
    place = np.concatenate(([0.0], np.cumsum(length)))
    even = np.linspace(0.0, place[-1], 256)
    lab = np.stack([np.interp(even, place, axis) for axis in anchors.T], axis=1)
    table = np.rint(_srgb(lab) * 255).astype(np.uint8)
    table.flags.writeable = False
    return table


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio of two colours, from 1 to 21."""
    dim, bright = sorted((luminance(first), luminance(second)))
    return (bright + 0.05) / (dim + 0.05)


def luminance(hexadecimal: str) -> float:
    """WCAG relative luminance of "#rrggbb", from 0 (black) to 1 (white)."""
    return float(_linear(_rgb(hexadecimal)) @ (0.2126, 0.7152, 0.0722))


def _rgb(hexadecimal: str) -> _Reals:
    return np.frombuffer(bytes.fromhex(hexadecimal[1:]), np.uint8) / 255.0


def _linear(rgb: _Reals) -> _Reals:
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


# Björn Ottosson, "A perceptual color space for image processing", 2020: linear sRGB to cone
# responses, and their cube roots to lightness and two colour axes.
_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def _oklab(rgb: _Reals) -> _Reals:
    lab: _Reals = np.cbrt(_linear(rgb) @ _CONES.T) @ _LAB.T
    return lab


def _srgb(lab: _Reals) -> _Reals:
    linear = (lab @ np.linalg.inv(_LAB).T) ** 3 @ np.linalg.inv(_CONES).T
    linear = np.clip(linear, 0.0, 1.0)
    gamma = 1.055 * linear ** (1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, linear * 12.92, gamma)
