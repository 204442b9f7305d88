"""Heights of a landscape: on which grid, at which levels, and the curves along them."""

from functools import cached_property
from itertools import pairwise
from typing import Any

import contourpy
import numpy as np

from lrstudio.core import Problem
from lrstudio.core.arrays import Array, quantile
from lrstudio.engine.planes import CoordinatePlane, Plane, Range
from lrstudio.engine.survey import CELLS as SURVEY_CELLS
from lrstudio.engine.survey import Grid, losses, survey

CELLS = (300, 260)

_COUNTS = (14, 10, 7, 5)
_MOST_POINTS = 40_000  # of all outlines
_MOST_CELLS = 20_000_000
"""Coordinates in all points of a grid; a thousand dimensions get a coarse picture."""
_LOWEST_QUANTILE = 0.004
_MIDDLE_SHARE = 0.55


class Relief:
    """Losses `(rows, columns)` at places x and y; what is no number counts as the highest."""

    def __init__(self, grid: Grid, floor: float | None) -> None:
        """The heights are measured from the `floor`, or from the lowest loss if that is lower or
        no floor is known.
        """
        self.x, self.y = grid.x, grid.y
        finite = grid.loss[np.isfinite(grid.loss)]
        highest = finite.max() if len(finite) else 0.0
        self.loss: Array = np.where(np.isfinite(grid.loss), grid.loss, highest)
        lowest = float(self.loss.min())
        self.floor = lowest if floor is None else min(floor, lowest)

    @cached_property
    def generator(self) -> Any:  # the kind of its answers depends on arguments
        """What finds the curves along a level.

        `contourpy.contour_generator` would look for masks first, and import numpy.ma for that.
        """
        x, y = np.meshgrid(self.x, self.y)
        return contourpy.SerialContourGenerator(
            x,
            y,
            self.loss,
            np.zeros(self.loss.shape, dtype=bool),
            corner_mask=False,
            line_type=contourpy.LineType.ChunkCombinedNan,
            fill_type=contourpy.FillType.OuterOffset,
            quad_as_tri=False,
            z_interp=contourpy.ZInterp.Linear,
        )


class Slice(Relief):
    """The loss on a grid through the plane of two coordinates, the others at the first minimum."""

    def __init__(
        self,
        problem: Problem,
        coordinates: tuple[int, int],
        x_range: Range,
        y_range: Range,
        cells: tuple[int, int] = CELLS,
    ) -> None:
        super().__init__(
            _grid(CoordinatePlane(problem, coordinates), x_range, y_range, cells),
            problem.minimum_value,
        )


def relief(
    plane: Plane, x_range: Range, y_range: Range, cells: tuple[int, int] | None = None
) -> Relief:
    """The loss over a part of a plane; a slow one has the cells of a finished survey."""
    if plane.is_slow and cells is None:
        grid = next(g for g in survey(plane, x_range, y_range, SURVEY_CELLS[-1:]) if g)
    else:
        grid = _grid(plane, x_range, y_range, cells or CELLS)
    return Relief(grid, plane.problem.minimum_value)


def _grid(plane: Plane, x_range: Range, y_range: Range, cells: tuple[int, int]) -> Grid:
    coarse = min(1.0, (_MOST_CELLS / (cells[0] * cells[1] * plane.problem.dim)) ** 0.5)
    columns, rows = (max(8, int(n * coarse)) for n in cells)
    x, y = np.linspace(*x_range, columns + 1), np.linspace(*y_range, rows + 1)
    return Grid(x, y, losses(plane, x, y[:, None]))


def contour_levels(cut: Relief) -> Array:
    """Levels to draw, ascending: fewer where they would cover the picture with tiny rings."""
    for count in _COUNTS:
        levels = spread_levels(cut.loss, cut.floor, count)
        if sum(len(outlines(cut, level)) for level in levels) <= _MOST_POINTS:
            break
    return levels


def spread_levels(loss: Array, floor: float, count: int = _COUNTS[0]) -> Array:
    """At most `count` levels that show the valley floor and the heights alike, ascending.

    They are spaced evenly in a power of the height above `floor`. The power is chosen so that half
    of the picture lies below the middle level: near 1 for bumps on a plain, ½ for a bowl (rings of
    equal width), near 0 (a geometric series) for a narrow valley between high walls.
    """
    height = loss - floor
    top, middle = float(height.max()), quantile(height, 0.5)
    lowest = quantile(height, _LOWEST_QUANTILE)
    if not 0 < middle < top:
        return floor + np.linspace(0, top, count + 1)[1:-1] if top > 0 else np.empty(0)
    power = np.clip(np.log(_MIDDLE_SHARE) / np.log(middle / top), 0.05, 1.0)
    even = np.linspace((lowest / top) ** power, 1.0, count + 1)[:-1]
    levels: Array = floor + top * even ** (1 / power)
    return levels[levels > floor]


def filled_above(cut: Relief, level: float) -> tuple[Array, ...]:
    """Rings `(n, 2)` around everything above a level, those around holes included."""
    points, offsets = cut.generator.filled(level, np.inf)
    return tuple(
        polygon[first:last]
        for polygon, ends in zip(points, offsets, strict=True)
        for first, last in pairwise(ends)
    )


def outlines(cut: Relief, level: float) -> Array:
    """Curves along a level `(n, 2)`, with a row of NaN after each."""
    gap = np.full((1, 2), np.nan)
    curves = cut.generator.lines(level)[0][0]
    return gap if curves is None else np.concatenate((curves, gap))
