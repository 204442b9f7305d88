"""Planes through the space of a problem's coordinates: where points lie, and the loss there.

A plane is spanned by two coordinates, or by two directions of any kind (`engine.directions`). Runs
are projected onto it; what of them is not in it does not show.
"""

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct

from lrstudio.core import Problem
from lrstudio.core.arrays import Array, Places
from lrstudio.engine.trajectory import Trajectory
from lrstudio.engine.travelled import extents, visited

Range = tuple[float, float]
Ranges = tuple[Range, Range]
Point = tuple[float, ...]

LARGEST = 1e100
"""Places are cut to this: differences of what is drawn stay finite."""
MOST_HANDLES = 20
"""With more coordinates a start is not a thing that one puts somewhere in a plane."""

MOST_STARTS = 1000
_FAST_COORDINATES = 64
_QUICK_PRODUCTS = 5_000_000
_AIR = 0.04
"""Room around starts outside of the domain, as a share of its extent."""
_FAR = 10.0
"""Starts further outside than so many extents would make a dot of the domain."""


class CoordinatePlane(Struct, frozen=True):
    """Two coordinates of a problem, all others held at one point.

    In one dimension the second axis is the loss.
    """

    problem: Problem
    coordinates: tuple[int, int] = (0, 1)
    held: Point | None = None
    """Where the others are held; at the first minimum if it is not given."""
    held_name: str = ""

    @property
    def is_curve(self) -> bool:
        """Whether the loss is an axis of the picture."""
        return self.problem.dim == 1

    @property
    def is_slice(self) -> bool:
        """Whether there are coordinates that the picture does not show."""
        return self.problem.dim > 2

    @property
    def is_slow(self) -> bool:
        """Whether the loss on a grid takes longer than a frame may."""
        return is_slow(self.problem)

    @property
    def has_handles(self) -> bool:
        """Whether starts can be put somewhere in the picture."""
        return self.problem.dim <= MOST_HANDLES

    @property
    def base(self) -> Point:
        """The point that the slice goes through."""
        if self.held is not None:
            return self.held
        minima = self.problem.minima
        return minima[0] if minima else (0.0,) * self.problem.dim

    @property
    def names(self) -> tuple[str, str]:
        """What stands at the axes."""
        names = self.problem.coordinates
        if self.is_curve:
            return names[0], "f"
        return names[self.coordinates[0]], names[self.coordinates[1]]

    @property
    def labels(self) -> tuple[str, str]:
        """What stands at the axes where there is room."""
        return self.names

    @property
    def caption(self) -> str:
        """What is to be known about coordinates that are not shown."""
        if not self.is_slice:
            return ""
        others = "the others" if self.problem.dim > 3 else self._other_name()
        where = "the first minimum" if self.problem.minima and not self.held else self.held_name
        return f"{others} at {where or '0'}; runs projected onto this plane"

    def range_for(self, trajectory: Trajectory) -> Ranges:
        """The domain of a function with the starts; of a model, where the runs went."""
        if self.problem.sampling is None or self.is_curve:
            return self.home(trajectory.plan.starts)
        x, y = self.project(visited(trajectory))
        return extents(x), extents(y)

    def home(self, starts: Sequence[Point]) -> Ranges:
        """The problem's view, widened where a start lies outside, but not absurdly far."""
        across = self._stretch(self.coordinates[0] if not self.is_curve else 0, starts)
        if self.is_curve:
            return across, self._heights(across)
        return across, self._stretch(self.coordinates[1], starts)

    def ways(self, trajectory: Trajectory, first_row: int, last_row: int) -> tuple[Array, Array]:
        """Where the lanes were in the picture, two arrays (rows, lanes)."""
        rows = slice(first_row, last_row)
        y = trajectory.loss[rows] if self.is_curve else None
        return self._cut(trajectory.position[rows].swapaxes(0, 1), y)

    def at(self, trajectory: Trajectory, rows: Places) -> tuple[Array, Array]:
        """Where each lane was at a row of its own, two arrays (lanes,)."""
        lanes = np.arange(len(rows))
        y = trajectory.loss[rows, lanes] if self.is_curve else None
        return self._cut(trajectory.position[rows, :, lanes].T, y)

    def project(self, points: Array) -> tuple[Array, Array]:
        """Where points `(dim, ...)` lie in the plane, two arrays `(...)`."""
        return points[self.coordinates[0]], points[self.coordinates[1]]

    def place(self, point: Point) -> tuple[float, float]:
        """Where a point stands in the picture."""
        if self.is_curve:
            with np.errstate(all="ignore"):
                height = float(self.problem.loss(np.array(point)))
            return point[0], min(max(height, -LARGEST), LARGEST)
        return point[self.coordinates[0]], point[self.coordinates[1]]

    def moved(self, point: Point, x: float, y: float) -> Point:
        """The point with the coordinates of the picture replaced."""
        moved = list(point)
        moved[0 if self.is_curve else self.coordinates[0]] = x
        if not self.is_curve:
            moved[self.coordinates[1]] = y
        return tuple(moved)

    def points(self, x: Array, y: Array) -> Array:
        """The points `(dim, ...)` at places `(...)` of the plane."""
        shape = np.broadcast_shapes(x.shape, y.shape)
        points = np.empty((self.problem.dim, *shape))
        points[:] = np.array(self.base).reshape(-1, *(1 for _ in shape))
        points[self.coordinates[0]], points[self.coordinates[1]] = x, y
        return points

    def displaced(self, offsets: Array) -> Array:
        """Offsets `(n, dim)` as they look in the picture `(n, 2)`; one alone is drawn across."""
        if self.is_curve:
            return np.concatenate((offsets, np.zeros_like(offsets)), axis=1)
        return np.clip(offsets[:, list(self.coordinates)], -LARGEST, LARGEST)

    def loss_at(self, x: float, y: float) -> float:
        """The loss under a place of the picture; at a curve y does not matter."""
        with np.errstate(all="ignore"):
            return float(self.problem.loss(np.array(self.moved(self.base, x, y))))

    def on_plane(self, points: Sequence[Point]) -> list[Point]:
        """Those of the points that lie in the plane."""
        hidden = set(range(self.problem.dim)) - ({0} if self.is_curve else set(self.coordinates))
        base = self.base
        return [p for p in points if all(math.isclose(p[i], base[i]) for i in hidden)]

    def _cut(self, points: Array, loss: Array | None) -> tuple[Array, Array]:
        if loss is not None:
            return points[0], np.clip(loss, -LARGEST, LARGEST)
        x, y = self.project(points)
        return np.clip(x, -LARGEST, LARGEST), np.clip(y, -LARGEST, LARGEST)

    def _stretch(self, coordinate: int, starts: Sequence[Point]) -> Range:
        low, high = self.problem.view[coordinate]
        width = high - low
        air = _AIR * width
        nearest, farthest = low - _FAR * width, high + _FAR * width
        values = [s[coordinate] for s in starts if nearest <= s[coordinate] <= farthest]
        bottom, top = min(values, default=low), max(values, default=high)
        return bottom - air if bottom < low else low, top + air if top > high else high

    def _heights(self, across: Range) -> Range:
        with np.errstate(all="ignore"):
            loss = self.problem.loss(np.linspace(*across, 400)[None, :])
        finite = loss[np.isfinite(loss)]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
        air = 0.06 * (high - low) or 1.0
        return low - air, high + air

    def _other_name(self) -> str:
        return next(
            name for i, name in enumerate(self.problem.coordinates) if i not in self.coordinates
        )


class DirectionPlane(Struct, frozen=True, eq=False, dict=True):
    """The plane origin + D a through any two directions D `(dim, 2)`.

    A point p lies at the a that minimises ‖p − origin − D a‖: its orthogonal projection, whether
    or not the directions are orthogonal or of unit length.
    """

    problem: Problem
    origin: Array
    """`(dim,)`"""
    directions: Array
    """`(dim, 2)`"""
    names: tuple[str, str]
    labels: tuple[str, str] = ("", "")
    """The same where there is room for more."""
    caption: str = ""
    least: Range | None = None
    """What of both axes is shown in any case."""

    is_curve = False
    is_slice = True
    has_handles = False
    coordinates = (0, 1)

    @property
    def is_slow(self) -> bool:
        """Whether the loss on a grid takes longer than a frame may."""
        return is_slow(self.problem)

    @cached_property
    def _left_inverse(self) -> Array:
        d = self.directions
        return np.asarray(np.linalg.solve(d.T @ d, d.T))

    @cached_property
    def _at_origin(self) -> Array:
        return np.asarray(self._left_inverse @ self.origin)

    def range_for(self, trajectory: Trajectory) -> Ranges:
        """Where the runs went, with some air."""
        x, y = self.project(visited(trajectory))
        return extents(x, self.least), extents(y, self.least)

    def ways(self, trajectory: Trajectory, first_row: int, last_row: int) -> tuple[Array, Array]:
        """Where the lanes were in the picture, two arrays (rows, lanes)."""
        positions = trajectory.position[first_row:last_row]
        with np.errstate(all="ignore"):
            places = self._left_inverse @ positions - self._at_origin[:, None]
        x, y = np.clip(places.swapaxes(0, 1), -LARGEST, LARGEST)
        return x, y

    def at(self, trajectory: Trajectory, rows: Places) -> tuple[Array, Array]:
        """Where each lane was at a row of its own, two arrays (lanes,)."""
        x, y = self.project(trajectory.position[rows, :, np.arange(len(rows))].T)
        return np.clip(x, -LARGEST, LARGEST), np.clip(y, -LARGEST, LARGEST)

    def project(self, points: Array) -> tuple[Array, Array]:
        """Where points `(dim, n)` lie in the plane, two arrays `(n,)`."""
        with np.errstate(all="ignore"):
            x, y = self._left_inverse @ points - self._at_origin[:, None]
        return x, y

    def place(self, point: Point) -> tuple[float, float]:
        """Where a point stands in the picture."""
        x, y = self.project(np.array(point)[:, None])
        return float(x[0]), float(y[0])

    def moved(self, point: Point, x: float, y: float) -> Point:
        """The point moved along the directions to another place of the picture."""
        before = self.place(point)
        step = self.directions @ np.array([x - before[0], y - before[1]])
        return tuple((np.array(point) + step).tolist())

    def points(self, x: Array, y: Array) -> Array:
        """The points `(dim, ...)` at places `(...)` of the plane."""
        x, y = np.broadcast_arrays(x, y)
        shape = (-1, *(1 for _ in x.shape))
        across, up = (direction.reshape(shape) for direction in self.directions.T)
        return np.asarray(self.origin.reshape(shape) + across * x + up * y)

    def displaced(self, offsets: Array) -> Array:
        """Offsets `(n, dim)` as they look in the picture `(n, 2)`."""
        return np.clip(offsets @ self._left_inverse.T, -LARGEST, LARGEST)

    def loss_at(self, x: float, y: float) -> float:
        """The loss under a place of the picture."""
        with np.errstate(all="ignore"):
            return float(self.problem.loss(self.points(np.array(x), np.array(y))))

    def on_plane(self, points: Sequence[Point]) -> list[Point]:
        """Those of the points that lie in the plane."""
        return [point for point in points if self._is_on_plane(np.array(point))]

    def _is_on_plane(self, point: Array) -> bool:
        x, y = self.project(point[:, None])
        off = np.linalg.norm(point - self.points(x, y)[:, 0])
        return bool(off <= 1e-9 * (1 + np.linalg.norm(point)))


Plane = CoordinatePlane | DirectionPlane


def is_slow(problem: Problem) -> bool:
    """Whether a grid of losses takes longer than a frame may: models, and very many dimensions."""
    return problem.sampling is not None or problem.dim > _FAST_COORDINATES


def has_movable_starts(plane: Plane, trajectory: Trajectory) -> bool:
    """Whether a start can be put somewhere in the picture: not one that the seed draws."""
    experiment = trajectory.plan.experiment
    return plane.has_handles and (bool(experiment.starts) or not experiment.problem.is_start_drawn)


def shown_starts(plane: Plane, trajectory: Trajectory) -> tuple[Point, ...]:
    """Where runs began: the starts that were given, or those that the seeds drew."""
    if has_movable_starts(plane, trajectory):
        return trajectory.plan.starts
    if not trajectory.rows:
        return ()
    first = trajectory.position[0].T[:MOST_STARTS]
    return tuple(dict.fromkeys(tuple(point.tolist()) for point in first))


def is_quick(problem: Problem) -> bool:
    """Whether the loss at a single point may be asked for while the mouse moves."""
    examples = 1 if problem.sampling is None else problem.sampling.examples
    return problem.dim * examples <= _QUICK_PRODUCTS
