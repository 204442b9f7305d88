"""The way of one run over the landscape: its line, its single steps, its end or departure."""

import math
from collections.abc import Iterator

import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.engine import Trajectory
from lrstudio.storage.figure import Dots, Figure, Line, Mark, Marker, Shape
from lrstudio.storage.palette import figure_colours
from lrstudio.storage.view import Drawn, View

_VISIBLE_STEP = 0.008  # of the range; shorter steps get no dot
_MOST_DOTS = 40
_FAINT = 0.35
_HALO_WIDTH = 2.5  # pixels
_HALO_OPACITY = 0.75


class Way:
    """The way of one lane: its line, its end, where it leaves the picture."""

    def __init__(
        self,
        trajectory: Trajectory,
        lane: Drawn,
        figure: Figure,
        view: View,
        ways: tuple[Array, Array],
    ) -> None:
        """`ways` are the places x and y of all lanes `(rows, lanes)`."""
        self.lane, self.figure = lane, figure
        self.halo = figure_colours(view.is_dark).background
        rows = trajectory.rows
        self.points: Array = np.stack([way[:, lane.lane] for way in ways], axis=1)
        self.is_paused = view.step is not None
        self.row = rows - 1 if view.step is None else trajectory.row_of(view.step)

    def halo_line(self) -> Iterator[Mark]:
        """What sets the way off from the ground, where there are not too many ways for it."""
        if self.lane.opacity == 1:
            gone = self.points[: self.row + 1]
            width = self.lane.width + _HALO_WIDTH
            yield Line(gone, self.halo, width, (), _HALO_OPACITY, thinning="repetition")

    def line(self) -> Iterator[Mark]:
        """What was gone so far, what is still to come, and the single steps where one sees them."""
        lane, points = self.lane, self.points
        if self.row < len(points) - 1:
            rest = points[self.row :]
            opacity = lane.opacity * _FAINT
            yield Line(rest, lane.colour, lane.width, (), opacity, thinning="repetition")
        gone = points[: self.row + 1]
        yield Line(gone, lane.colour, lane.width, lane.dash, lane.opacity, thinning="repetition")
        dots = self._visible_steps(gone)
        if lane.opacity == 1 and len(dots):
            yield Dots(dots, lane.colour, lane.width + 2.2)

    def signs(self) -> Iterator[Mark]:
        """The play-head, or the end: a dot, a cross where it diverged, an arrow where it left."""
        finite = np.flatnonzero(np.isfinite(self.points).all(axis=1))
        if self.is_paused:
            if self.row in finite:
                yield self._sign(self.row, "dot", 11.0)
        elif len(finite):
            last = int(finite[-1])
            if self._is_inside(self.points[last : last + 1])[0]:
                shape: Shape = "cross" if self.lane.has_diverged else "dot"
                yield self._sign(last, shape, 9.0 if self.lane.opacity == 1 else 5.0)
            else:
                yield from self._departure(last)

    def _sign(self, row: int, shape: Shape, size: float) -> Marker:
        x, y = self.points[row].tolist()
        return Marker(x, y, shape, self.lane.colour, size, self.halo)

    def _departure(self, last: int) -> Iterator[Mark]:
        """An arrow where the way crosses the edge for the last time from a step inside."""
        inside = np.flatnonzero(self._is_inside(self.points[: last + 1]))
        if not len(inside):
            return
        begin, beyond = self._shares(self.points[inside[-1] : inside[-1] + 2])
        step = beyond - begin
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = (np.where(step > 0, 1.0, 0.0) - begin) / step
        edge = begin + min(np.nanmin(np.where(step == 0, np.inf, reach)), 1.0) * step
        axes = (self.figure.x, self.figure.y)
        x, y = (a.low + float(e) * (a.high - a.low) for a, e in zip(axes, edge, strict=True))
        width, height = self.figure.size
        angle = math.degrees(math.atan2(step[1] * height, step[0] * width))
        yield Marker(x, y, "arrow", self.lane.colour, 13.0, self.halo, angle)

    def _shares(self, points: Array) -> Array:
        """Positions in the picture as shares of its width and height."""
        x, y = self.figure.x.place(points[:, 0]), self.figure.y.place(points[:, 1])
        return np.stack((x, y), axis=1)

    def _is_inside(self, points: Array) -> Array:
        shares = self._shares(points)
        return np.asarray(((shares >= 0) & (shares <= 1)).all(axis=1))

    def _visible_steps(self, points: Array) -> Array:
        """The first positions that stand apart from the one before."""
        shares = self._shares(points[: 10 * _MOST_DOTS])
        lengths = np.hypot(*np.diff(shares, axis=0).T)
        apart = np.flatnonzero(lengths > _VISIBLE_STEP) + 1
        return points[apart[:_MOST_DOTS]]
