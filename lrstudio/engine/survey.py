"""The loss over a plane, on ever finer grids."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from lrstudio.core import Problem
from lrstudio.core.arrays import Array
from lrstudio.engine.planes import Plane, Range

CELLS = (6, 12, 24, 48, 96)
"""Cells along each axis, from the first glance to the finished picture."""
_MOST_NUMBERS = 1_000_000
"""Coordinates of all points that are evaluated at once: bounds the memory."""
_MOST_PRODUCTS = 400_000_000
"""Coordinates of all points times examples: bounds the time until one can walk away."""
_MOST_POINTS, _LEAST_POINTS = 256, 4


class Grid(NamedTuple):
    """Losses `(rows, columns)` at places x `(columns,)` and y `(rows,)` of a plane."""

    x: Array
    y: Array
    loss: Array


def survey(
    plane: Plane, x_range: Range, y_range: Range, cells: tuple[int, ...] = CELLS
) -> Iterator[Grid | None]:
    """Yields each grid that is complete, and None after each batch of points before.

    Every `yield` is a place where the caller may walk away. A grid with twice the cells of the one
    before takes over what is known.
    """
    before: Grid | None = None
    for count in cells:
        x, y = np.linspace(*x_range, count + 1), np.linspace(*y_range, count + 1)
        loss = np.full((count + 1, count + 1), np.nan)
        is_open = np.ones(loss.shape, dtype=bool)
        if before is not None and 2 * (len(before.x) - 1) == count:
            loss[::2, ::2] = before.loss
            is_open[::2, ::2] = False
        rows, columns = np.nonzero(is_open)
        size = batch_size(plane.problem)
        for first in range(0, len(rows), size):
            at = rows[first : first + size], columns[first : first + size]
            loss[at] = losses(plane, x[at[1]], y[at[0]])
            yield None
        before = Grid(x, y, loss)
        yield before


def losses(plane: Plane, x: Array, y: Array) -> Array:
    """The loss at places `(...)` of a plane; far outside it may be no number."""
    with np.errstate(all="ignore"):
        return np.asarray(plane.problem.loss(plane.points(x, y)), dtype=np.float64)


def batch_size(problem: Problem) -> int:
    """Points that are evaluated at once."""
    sampling = problem.sampling
    examples = 1 if sampling is None else sampling.examples
    most = min(_MOST_NUMBERS // problem.dim, _MOST_PRODUCTS // (problem.dim * examples))
    return max(_LEAST_POINTS, min(_MOST_POINTS, most))
