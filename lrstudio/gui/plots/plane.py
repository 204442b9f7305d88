"""What of a problem a landscape shows: the whole plane, a slice through it, or a curve."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lrstudio.core import Problem
from lrstudio.engine import Trajectory
from lrstudio.gui.plots.decimation import DRAWN_LIMIT, Reals

Range = tuple[float, float]
Point = tuple[float, ...]

_AIR = 0.04
"""Room around starts outside of the domain, as a share of its extent."""
_FAR = 10.0
"""Starts further outside than so many extents would make a dot of the domain."""


@dataclass(frozen=True)
class Plane:
    """Two coordinates of a problem, all others held at the first minimum.

    In one dimension the second axis is the loss.
    """

    problem: Problem
    coordinates: tuple[int, int] = (0, 1)

    @property
    def is_curve(self) -> bool:
        """Whether the loss is an axis of the picture."""
        return self.problem.dim == 1

    @property
    def is_slice(self) -> bool:
        """Whether there are coordinates that the picture does not show."""
        return self.problem.dim > 2

    @property
    def base(self) -> Point:
        """The point that the slice goes through."""
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
    def caption(self) -> str:
        """What is to be known about coordinates that are not shown."""
        if not self.is_slice:
            return ""
        others = "the others" if self.problem.dim > 3 else self._other_name()
        return f"{others} at the first minimum; runs projected onto this plane"

    def home(self, starts: Sequence[Point]) -> tuple[Range, Range]:
        """The problem's view, widened where a start lies outside, but not absurdly far."""
        across = self._stretch(self.coordinates[0] if not self.is_curve else 0, starts)
        if self.is_curve:
            return across, self._heights(across)
        return across, self._stretch(self.coordinates[1], starts)

    def ways(self, trajectory: Trajectory, first_row: int, last_row: int) -> tuple[Reals, Reals]:
        """Where the lanes were in the picture, two arrays (rows, lanes)."""
        rows = slice(first_row, last_row)
        if self.is_curve:
            y = trajectory.loss[rows]
            return trajectory.position[rows, 0], np.clip(y, -DRAWN_LIMIT, DRAWN_LIMIT)
        x, y = (trajectory.position[rows, c] for c in self.coordinates)
        return np.clip(x, -DRAWN_LIMIT, DRAWN_LIMIT), np.clip(y, -DRAWN_LIMIT, DRAWN_LIMIT)

    def place(self, point: Point) -> tuple[float, float]:
        """Where a point stands in the picture."""
        if self.is_curve:
            with np.errstate(all="ignore"):
                height = float(self.problem.loss(np.array(point)))
            return point[0], min(max(height, -DRAWN_LIMIT), DRAWN_LIMIT)
        return point[self.coordinates[0]], point[self.coordinates[1]]

    def moved(self, point: Point, x: float, y: float) -> Point:
        """The point with the coordinates of the picture replaced."""
        moved = list(point)
        moved[0 if self.is_curve else self.coordinates[0]] = x
        if not self.is_curve:
            moved[self.coordinates[1]] = y
        return tuple(moved)

    def loss_at(self, x: float, y: float) -> float:
        """The loss under a place of the picture; at a curve y does not matter."""
        with np.errstate(all="ignore"):
            return float(self.problem.loss(np.array(self.moved(self.base, x, y))))

    def on_plane(self, points: Sequence[Point]) -> list[Point]:
        """Those of the points that lie in the slice."""
        hidden = set(range(self.problem.dim)) - ({0} if self.is_curve else set(self.coordinates))
        base = self.base
        return [p for p in points if all(math.isclose(p[i], base[i]) for i in hidden)]

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
