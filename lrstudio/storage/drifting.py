"""A function that moves, in a picture of its landscape: how far it is, and its optimum's way."""

from collections.abc import Iterable, Iterator

import numpy as np
from msgspec.structs import replace

from lrstudio.core.arrays import Array
from lrstudio.engine import Trajectory
from lrstudio.engine.planes import Plane
from lrstudio.storage.figure import Area, Axis, Figure, Line, Mark, Marker

Shift = tuple[float, float]

MOST_POINTS = 3000


def shift_at(trajectory: Trajectory, row: int, lane: int, plane: Plane) -> Shift:
    """How far the function of a lane lies from its place in the picture at a row."""
    if trajectory.offsets is None or not trajectory.rows:
        return 0.0, 0.0
    x, y = plane.displaced(trajectory.offsets.at(row, lane)[None, :])[0].tolist()
    return x, y


def way_of_offset(trajectory: Trajectory, row: int, lane: int, plane: Plane) -> Array:
    """The offsets up to a row in the picture `(n, 2)`; of long ways not every row."""
    if trajectory.offsets is None or not trajectory.rows:
        return np.empty((0, 2))
    rows = np.append(np.arange(0, row, max(1, (row + 1) // MOST_POINTS)), row)
    return plane.displaced(trajectory.offsets.between(0, row + 1, lane)[rows])


def at_home(figure: Figure, shift: Shift) -> Figure:
    """The figure of the same part of the picture, before the function moved."""
    return replace(figure, x=_moved_axis(figure.x, -shift[0]), y=_moved_axis(figure.y, -shift[1]))


def moved(marks: Iterable[Mark], shift: Shift) -> Iterator[Mark]:
    """The same marks elsewhere."""
    across = np.array(shift)
    for mark in marks:
        if isinstance(mark, Area):
            yield replace(mark, rings=tuple(ring + across for ring in mark.rings))
        elif isinstance(mark, Line):
            yield replace(mark, points=mark.points + across)
        elif isinstance(mark, Marker):
            yield replace(mark, x=mark.x + shift[0], y=mark.y + shift[1])
        else:
            yield mark


def _moved_axis(axis: Axis, by: float) -> Axis:
    return replace(axis, low=axis.low + by, high=axis.high + by) if by else axis
