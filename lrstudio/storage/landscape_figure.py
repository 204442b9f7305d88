"""The landscape: heights, minima, starts, and the ways that the runs took.

In the plane filled contours; in one dimension the curve itself; in more the slice through two
coordinates with the others at the first minimum, and the runs projected onto it.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

import numpy as np

from lrstudio.core import Problem
from lrstudio.core.arrays import Array
from lrstudio.engine import Trajectory
from lrstudio.storage.contours import Slice, contour_levels, filled_above, outlines
from lrstudio.storage.figure import (
    LARGEST,
    Area,
    Axis,
    Dots,
    Figure,
    Line,
    Mark,
    Marker,
)
from lrstudio.storage.palette import figure_colours, landscape_map
from lrstudio.storage.view import Drawn, Range, View, drawn_lanes, headline, legend

SIZE = (800, 700)

_CURVE_POINTS = 1000
_MARGIN = 0.04  # of the range, around starts that lie outside of the domain
_VISIBLE_STEP = 0.008  # of the range; shorter steps get no dot
_MOST_DOTS = 40
_FAINT = 0.35
_HALO_WIDTH = 2.5  # pixels
_HALO_OPACITY = 0.75


def landscape_figure(trajectory: Trajectory, view: View | None = None) -> Figure:
    """The landscape with the ways of the shown lanes, up to the play-head in full strength."""
    view = view or View()
    problem = trajectory.plan.experiment.problem
    lanes = drawn_lanes(trajectory, view)
    across = 0 if problem.dim == 1 else view.coordinates[0]
    x_range = view.x_range or _range(trajectory, across)
    names = problem.coordinates
    title, subtitle = headline(trajectory, "others at the minimum" if problem.dim > 2 else "")
    if problem.dim == 1:
        ground = _curve(problem, x_range, view)
        y_axis = Axis("Loss   f", *(view.y_range or _heights(ground.points)))
    else:
        up = view.coordinates[1]
        y_axis = Axis(names[up], *(view.y_range or _range(trajectory, up)))
    figure = Figure(
        title=title,
        subtitle=subtitle,
        x=Axis(names[across], *x_range),
        y=y_axis,
        marks=(),
        legend=legend(lanes, with_outcome=True),
        size=view.size or SIZE,
        is_dark=view.is_dark,
        has_grid=problem.dim == 1,
    )
    marks: Iterable[Mark] = [ground] if problem.dim == 1 else _ground(problem, figure, view)
    ways = [_Way(trajectory, lane, figure, view) for lane in lanes]
    # Halos below all lines: in the gaps of one line's dashes the others show.
    layers = (
        *(way.halo_line() for way in ways),
        *(way.line() for way in ways),
        _starts(trajectory, view),
        *(way.signs() for way in ways),
        _minima(problem, view),
    )
    return replace(figure, marks=(*marks, *chain.from_iterable(layers)))


# --- the ground ----------------------------------------------------------------------------------


def _range(trajectory: Trajectory, coordinate: int) -> Range:
    """The domain of a coordinate, widened where a start lies outside."""
    low, high = trajectory.plan.experiment.problem.domain[coordinate]
    starts = [start[coordinate] for start in trajectory.plan.starts]
    margin = _MARGIN * (high - low)
    below, above = min(starts) - margin, max(starts) + margin
    return below if min(starts) < low else low, above if max(starts) > high else high


def _ground(problem: Problem, figure: Figure, view: View) -> Iterator[Mark]:
    """Contours: each level is painted over all that is lower, so that no seams show."""
    table = landscape_map(view.is_dark)
    x, y = (figure.x.low, figure.x.high), (figure.y.low, figure.y.high)
    corners = np.array([[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]])
    yield Area((corners,), _hexadecimal(table[0]))
    cut = Slice(problem, view.coordinates, x, y)
    levels = contour_levels(cut)
    for n, level in enumerate(levels, start=1):
        rings = filled_above(cut, level)
        if rings:
            yield Area(rings, _hexadecimal(table[n * 255 // len(levels)]))
    colour = figure_colours(view.is_dark).contour
    for level in levels:
        yield Line(outlines(cut, level), colour, 0.8)


def _hexadecimal(rgb: Array) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in rgb)


def _curve(problem: Problem, x_range: Range, view: View) -> Line:
    x = np.linspace(*x_range, _CURVE_POINTS)
    with np.errstate(all="ignore"):
        loss = np.clip(problem.loss(x[None, :]), -LARGEST, LARGEST)
    return Line(np.stack((x, loss), axis=1), figure_colours(view.is_dark).muted, 1.4)


def _heights(points: Array) -> Range:
    finite = points[np.isfinite(points[:, 1]), 1]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    margin = 0.08 * (high - low) or 1.0
    return low - margin, high + margin


# --- signs on it ---------------------------------------------------------------------------------


def _minima(problem: Problem, view: View) -> Iterator[Mark]:
    """Stars: large at global minima, small at others."""
    colours = figure_colours(view.is_dark)
    for point in _on_the_slice(problem, problem.local_minima, view):
        x, y = _place(problem, point, view)
        yield Marker(x, y, "star", colours.muted, 11.0, colours.background)
    for point in _on_the_slice(problem, problem.minima, view):
        x, y = _place(problem, point, view)
        yield Marker(x, y, "star", colours.text, 17.0, colours.background)


def _on_the_slice(
    problem: Problem, points: tuple[tuple[float, ...], ...], view: View
) -> Iterator[tuple[float, ...]]:
    base = problem.minima[0] if problem.minima else ()
    for point in points:
        others = (i for i in range(problem.dim) if i not in view.coordinates)
        if problem.dim <= 2 or all(math.isclose(point[i], base[i]) for i in others):
            yield point


def _place(problem: Problem, point: tuple[float, ...], view: View) -> tuple[float, float]:
    """Where a point stands in the picture."""
    if problem.dim == 1:
        return point[0], float(problem.loss(np.array(point)))
    return point[view.coordinates[0]], point[view.coordinates[1]]


def _starts(trajectory: Trajectory, view: View) -> Iterator[Mark]:
    colours = figure_colours(view.is_dark)
    problem = trajectory.plan.experiment.problem
    size = 11.0 if len(trajectory.plan.starts) <= 5 else 7.0
    for start in trajectory.plan.starts:
        x, y = _place(problem, start, view)
        yield Marker(x, y, "ring", colours.text, size, colours.background)


# --- ways ----------------------------------------------------------------------------------------


class _Way:
    """The way of one lane: its line, its end, where it leaves the picture."""

    def __init__(self, trajectory: Trajectory, lane: Drawn, figure: Figure, view: View) -> None:
        self.lane, self.figure = lane, figure
        self.halo = figure_colours(view.is_dark).background
        rows = trajectory.rows
        position = trajectory.position[:rows, :, lane.lane]
        if position.shape[1] == 1:
            columns = position[:, 0], trajectory.loss[:rows, lane.lane]
        else:
            columns = position[:, view.coordinates[0]], position[:, view.coordinates[1]]
        self.points: Array = np.clip(np.stack(columns, axis=1), -LARGEST, LARGEST)
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
        lane = self.lane
        if self.is_paused:
            if np.isfinite(self.points[self.row]).all():
                x, y = self.points[self.row].tolist()
                yield Marker(x, y, "dot", lane.colour, 11.0, self.halo)
            return
        finite = np.flatnonzero(np.isfinite(self.points).all(axis=1))
        if not len(finite):
            return
        last = int(finite[-1])
        if not self._is_inside(self.points[last : last + 1])[0]:
            yield from self._departure(last)
            return
        x, y = self.points[last].tolist()
        is_cross = lane.has_diverged
        yield Marker(
            x,
            y,
            "cross" if is_cross else "dot",
            lane.colour,
            9.0 if lane.opacity == 1 else 5.0,
            self.halo,
        )

    def _departure(self, last: int) -> Iterator[Mark]:
        inside = np.flatnonzero(self._is_inside(self.points[: last + 1]))
        if not len(inside):
            return
        shares = self._shares(self.points[inside[-1] : inside[-1] + 2])
        begin, step = shares[0], shares[1] - shares[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = np.where(
                step > 0, (1 - begin) / step, np.where(step < 0, -begin / step, np.inf)
            )
        edge = begin + min(float(reach.min()), 1.0) * step
        width, height = self.figure.size
        angle = math.degrees(math.atan2(step[1] * height, step[0] * width))
        x, y = (
            axis.low + share * (axis.high - axis.low)
            for axis, share in zip((self.figure.x, self.figure.y), edge.tolist(), strict=True)
        )
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
