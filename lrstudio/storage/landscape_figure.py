"""The landscape: heights, minima, starts, and the ways that the runs took.

In the plane filled contours; in one dimension the curve itself; in more a plane through all of them
and the runs projected onto it.
"""

from collections.abc import Iterator
from itertools import chain

import numpy as np
from msgspec.structs import replace

from lrstudio.core import Problem
from lrstudio.core.arrays import Array
from lrstudio.engine import Trajectory
from lrstudio.engine.directions import default_plane
from lrstudio.engine.planes import Plane, Range, shown_starts
from lrstudio.storage.contours import contour_levels, filled_above, outlines, relief
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
from lrstudio.storage.view import View, drawn_lanes, legend, titles
from lrstudio.storage.ways import Way

SIZE = (800, 700)

_CURVE_POINTS = 1000
_FAINT = 0.5


def landscape_figure(trajectory: Trajectory, view: View | None = None) -> Figure:
    """The landscape with the ways of the shown lanes, up to the play-head in full strength."""
    view = view or View()
    plane = view.plane or default_plane(trajectory)
    lanes = drawn_lanes(trajectory, view)
    title, subtitle = titles(trajectory, plane.caption)
    x, y = _axes(plane, trajectory, view)
    figure = Figure(
        title=title,
        subtitle=subtitle,
        x=x,
        y=y,
        marks=(),
        legend=legend(lanes, with_outcome=True),
        size=view.size or SIZE,
        is_dark=view.is_dark,
        has_grid=plane.is_curve,
    )
    lane = lanes[0].lane if lanes else 0  # whose function is shown, where each has its own
    row = max(trajectory.rows - 1 if view.step is None else trajectory.row_of(view.step), 0)
    shift = shift_at(trajectory, row, lane, plane)
    places = plane.ways(trajectory, 0, trajectory.rows)
    ways = [Way(trajectory, lane, figure, view, places) for lane in lanes]
    # Halos below all lines: in the gaps of one line's dashes the others show.
    layers = (
        moved(_ground(plane, at_home(figure, shift), view), shift),
        _way_of_optimum(plane, trajectory, row, lane, view),
        *(way.halo_line() for way in ways),
        *(way.line() for way in ways),
        _starts(plane, trajectory, view),
        *(way.signs() for way in ways),
        moved(_minima(plane, view), shift),
    )
    return replace(figure, marks=tuple(chain.from_iterable(layers)))


def _axes(plane: Plane, trajectory: Trajectory, view: View) -> tuple[Axis, Axis]:
    across, up = plane.range_for(trajectory)
    names = plane.labels
    x = Axis(names[0], *(view.x_range or across))
    if plane.is_curve:
        y_range = view.y_range or _heights(_curve(plane.problem, x))
        return x, Axis("Loss f", *y_range)
    return x, Axis(names[1], *(view.y_range or up))


# --- the ground ----------------------------------------------------------------------------------


def _ground(plane: Plane, figure: Figure, view: View) -> Iterator[Mark]:
    if plane.is_curve:
        yield Line(_curve(plane.problem, figure.x), figure_colours(view.is_dark).muted, 1.4)
    else:
        yield from _contours(plane, figure, view)


def _contours(plane: Plane, figure: Figure, view: View) -> Iterator[Mark]:
    """Each level is painted over all that is lower, so that no seams show."""
    table = landscape_map(view.is_dark)
    x, y = (figure.x.low, figure.x.high), (figure.y.low, figure.y.high)
    corners = np.array([[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]])
    yield Area((corners,), _hexadecimal(table[0]))
    cut = view.relief or relief(plane, x, y)
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


def _minima(plane: Plane, view: View) -> Iterator[Mark]:
    """Stars: large at global minima, small at others."""
    colours = figure_colours(view.is_dark)
    for point in plane.on_plane(plane.problem.local_minima):
        yield Marker(*plane.place(point), "star", colours.muted, 11.0, colours.background)
    for point in plane.on_plane(plane.problem.minima):
        yield Marker(*plane.place(point), "star", colours.text, 17.0, colours.background)


def _way_of_optimum(
    plane: Plane, trajectory: Trajectory, row: int, lane: int, view: View
) -> Iterator[Mark]:
    """Where the first minimum went up to the play-head, if the function moves."""
    way = way_of_offset(trajectory, row, lane, plane)
    if len(way) and plane.problem.minima:
        home = np.array(plane.place(plane.problem.minima[0]))
        colour = figure_colours(view.is_dark).text
        yield Line(way + home, colour, 1.0, (), _FAINT, thinning="repetition")


def _starts(plane: Plane, trajectory: Trajectory, view: View) -> Iterator[Mark]:
    colours = figure_colours(view.is_dark)
    starts = shown_starts(plane, trajectory)
    size = 11.0 if len(starts) <= 5 else 7.0
    for start in starts:
        yield Marker(*plane.place(start), "ring", colours.text, size, colours.background)
