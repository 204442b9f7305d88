"""Outlines of the signs by which classes are told apart, for every device the same polygons."""

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from lrstudio.core.arrays import Array


def _polygon(corners: int, first_degrees: float, size: float) -> Array:
    angles = np.radians(first_degrees) + 2 * math.pi * np.arange(corners) / corners
    outline = size * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    outline.setflags(write=False)
    return outline


SYMBOLS: Mapping[str, Array] = MappingProxyType(
    {
        "circle": _polygon(20, 0, 1.0),
        "square": _polygon(4, 45, 1.25),
        "triangle": _polygon(3, -90, 1.35),
        "diamond": _polygon(4, 0, 1.3),
        "tip": _polygon(3, 90, 1.35),
        "pentagon": _polygon(5, -90, 1.2),
    }
)
"""Corners `(n, 2)` about the middle, y down, all with about the area of a circle of radius 1."""


def symbol_for(place: int) -> Array:
    """The outline of the class with this number."""
    outlines = tuple(SYMBOLS.values())
    return outlines[place % len(outlines)]
