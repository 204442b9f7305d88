"""The heights of a plane as bands of colour and lines along their borders."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from lrstudio.engine.planes import Plane, Range
from lrstudio.gui.plots.decimation import Reals
from lrstudio.storage import contours
from lrstudio.storage.contours import Relief, contour_levels, relief

_KEPT = 12
"""Grids that are kept: going back and forth between views costs nothing."""


class Stretch(Struct, frozen=True):
    """A plane and the part of it that is looked at."""

    plane: Plane
    x: Range
    y: Range


@lru_cache(maxsize=_KEPT)
def heights(stretch: Stretch, cells: tuple[int, int]) -> Relief:
    """The loss on a grid of `cells` over the stretch."""
    return relief(stretch.plane, stretch.x, stretch.y, cells)


@lru_cache(maxsize=_KEPT)
def levels(stretch: Stretch, cells: tuple[int, int]) -> tuple[float, ...]:
    """Where the bands part so that the valley and the heights both show, ascending."""
    return tidy_levels(heights(stretch, cells))


def tidy_levels(cut: Relief) -> tuple[float, ...]:
    """The same for known heights."""
    return tuple(_tidy(contour_levels(cut), cut.floor))


def bands(cut: Relief, borders: Sequence[float], width: int, height: int) -> NDArray[np.uint8]:
    """The number of the band of every pixel (height, width), the top row first."""
    loss = _resampled(_resampled(cut.loss, height, axis=0), width, axis=1)[::-1]
    band = np.zeros(loss.shape, dtype=np.uint8)
    for border in borders:
        band += loss > border
    return band


def outlines(cut: Relief, borders: Sequence[float]) -> list[tuple[Reals, Reals]]:
    """Lines along the borders: x and y with NaN after each line."""
    lines = (contours.outlines(cut, border) for border in borders)
    return [(np.ascontiguousarray(x), np.ascontiguousarray(y)) for x, y in (c.T for c in lines)]


def _tidy(borders: Reals, floor: float) -> list[float]:
    """Heights above the floor rounded to two digits: they stand at the colour bar."""
    tidied = [floor + float(f"{border - floor:.1e}") for border in borders.tolist()]
    return sorted(set(tidied))


def _resampled(values: Reals, count: int, axis: int) -> Reals:
    """Values at the middles of `count` pixels along an axis, interpolated between grid points."""
    cells = values.shape[axis] - 1
    place = (np.arange(count) + 0.5) * (cells / count)
    first = np.minimum(place.astype(np.intp), cells - 1)
    share = place - first
    share = share[:, None] if axis == 0 else share
    low, high = values.take(first, axis), values.take(first + 1, axis)
    # In place: a screen full of intermediate results takes longer than the arithmetic.
    high -= low
    high *= share
    high += low
    return high
