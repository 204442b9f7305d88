"""The landscape: heights, minima, starts, and the ways that the runs took.

In the plane filled contours; in one dimension the curve itself; in more the slice through two
coordinates with the others at the first minimum, and the runs projected onto it.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import numpy as np

from lrstudio.core import Problem
from lrstudio.core.arrays import Array
from lrstudio.engine import Trajectory
from lrstudio.storage.contours import Slice, contour_levels, filled_above, outlines
from lrstudio.storage.drifting import at_home, moved, shift_at, way_of_offset
from lrstudio.storage.figure import (
    LARGEST,
    Area,
    Axis,
    Figure,
    Line,
    Mark,
    Marker,
)
from lrstudio.storage.palette import figure_colours, landscape_map
from lrstudio.storage.view import Range, View, drawn_lanes, legend, titles
from lrstudio.storage.ways import Way

SIZE = (800, 700)

_CURVE_POINTS = 1000
_FAINT = 0.5
_MARGIN = 0.04  # of the range, around starts that lie outside of the domain


def landscape_figure(trajectory: Trajectory, view: View | None = None) -> Figure:
    """The landscape with the ways of the shown lanes, up to the play-head in full strength."""
    view = view or View()
    problem = trajectory.plan.experiment.problem
    lanes = drawn_lanes(trajectory, view)
    title, subtitle = titles(trajectory, "others at the minimum" if problem.dim > 2 else "")
    x, y = _axes(trajectory, view)
    figure = Figure(
        title=title,
        subtitle=subtitle,
        x=x,
        y=y,
        marks=(),
        legend=legend(lanes, with_outcome=True),
        size=view.size or SIZE,
        is_dark=view.is_dark,
        has_grid=problem.dim == 1,
    )
    lane = lanes[0].lane if lanes else 0  # whose function is shown, where each has its own
    row = max(trajectory.rows - 1 if view.step is None else trajectory.row_of(view.step), 0)
    shift = shift_at(trajectory, row, lane, view.coordinates)
    ways = [Way(trajectory, lane, figure, view) for lane in lanes]
    # Halos below all lines: in the gaps of one line's dashes the others show.
    layers = (
        moved(_ground(problem, at_home(figure, shift), view), shift),
        _way_of_optimum(trajectory, row, lane, view),
        *(way.halo_line() for way in ways),
        *(way.line() for way in ways),
        _starts(trajectory, view),
        *(way.signs() for way in ways),
        moved(_minima(problem, view), shift),
    )
    return replace(figure, marks=tuple(chain.from_iterable(layers)))


def _axes(trajectory: Trajectory, view: View) -> tuple[Axis, Axis]:
    problem = trajectory.plan.experiment.problem
    across, up = (0, 0) if problem.dim == 1 else view.coordinates
    x = Axis(problem.coordinates[across], *(view.x_range or _range(trajectory, across)))
    if problem.dim == 1:
        y_range = view.y_range or _heights(_curve(problem, x))
        return x, Axis("Loss f", *y_range)
    return x, Axis(problem.coordinates[up], *(view.y_range or _range(trajectory, up)))


# --- the ground ----------------------------------------------------------------------------------


def _range(trajectory: Trajectory, coordinate: int) -> Range:
    """The domain of a coordinate, widened where a start lies outside."""
    low, high = trajectory.plan.experiment.problem.view[coordinate]
    starts = [start[coordinate] for start in trajectory.plan.starts]
    margin = _MARGIN * (high - low)
    below, above = min(starts) - margin, max(starts) + margin
    return below if min(starts) < low else low, above if max(starts) > high else high


def _ground(problem: Problem, figure: Figure, view: View) -> Iterator[Mark]:
    if problem.dim == 1:
        yield Line(_curve(problem, figure.x), figure_colours(view.is_dark).muted, 1.4)
    else:
        yield from _contours(problem, figure, view)


def _contours(problem: Problem, figure: Figure, view: View) -> Iterator[Mark]:
    """Each level is painted over all that is lower, so that no seams show."""
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


def _curve(problem: Problem, axis: Axis) -> Array:
    """Points `(n, 2)` of a loss of one coordinate."""
    x = np.linspace(axis.low, axis.high, _CURVE_POINTS)
    with np.errstate(all="ignore"):
        loss = np.clip(problem.loss(x[None, :]), -LARGEST, LARGEST)
    return np.stack((x, loss), axis=1)


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


def _way_of_optimum(trajectory: Trajectory, row: int, lane: int, view: View) -> Iterator[Mark]:
    """Where the first minimum went up to the play-head, if the function moves."""
    problem = trajectory.plan.experiment.problem
    way = way_of_offset(trajectory, row, lane, view.coordinates)
    if len(way) and problem.minima:
        home = np.array(_place(problem, problem.minima[0], view))
        colour = figure_colours(view.is_dark).text
        yield Line(way + home, colour, 1.0, (), _FAINT, thinning="repetition")


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
