"""Quantities along a run: loss, learning rate, gradient norm, a coordinate."""

import math
from collections.abc import Iterator
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from lrstudio.core.arrays import Array
from lrstudio.engine import Series, Trajectory
from lrstudio.engine.planes import Range
from lrstudio.storage.figure import LARGEST, Axis, Dots, Figure, Line, Mark, Marker, Note
from lrstudio.storage.palette import figure_colours
from lrstudio.storage.view import Drawn, View, drawn_lanes, legend, titles

SIZE = (900, 600)
FLOOR = 1e-16
"""On a logarithmic axis everything from here down is drawn on one labelled line."""

_LEAST_DECADES = 2.0  # that a diverged run is followed upwards
_FINE_DASH = (4.0, 3.0)
_PADDING = 0.04  # of the axis on both sides
_OUTCOMES = ("loss", "excess")  # series whose legend says what became of each contender


def series_figure(trajectory: Trajectory, series: Series, view: View | None = None) -> Figure:
    """One series of the shown lanes; runs that diverge are marked where they end or leave."""
    view = view or View()
    lanes = drawn_lanes(trajectory, view)
    first, last = _rows(trajectory, view)
    columns = [lane.lane for lane in lanes]
    values = series.values(trajectory, first, last)[:, columns]
    places = view.x_axis.at(trajectory, np.arange(first, first + len(values)))
    places = np.broadcast_to(places, (len(values), len(trajectory.plan.lanes)))[:, columns]
    is_log = _is_log(series, values) if view.is_log is None else view.is_log
    limits = _limits(trajectory, series, columns, first, first + len(values))
    if is_log:
        values, limits = np.maximum(values, FLOOR), np.maximum(limits, FLOOR)  # keeps NaN
    diverged = np.array([lane.has_diverged for lane in lanes], dtype=bool)
    has_zero = series.id == "learning_rate"
    drawn = np.concatenate([values, limits])
    y_range = view.y_range or _y_range(drawn, diverged, is_log, has_zero)
    title, subtitle = titles(trajectory)
    x_range = view.x_range or (0.0, _end(trajectory, view))
    figure = Figure(
        title=title,
        subtitle=subtitle,
        x=Axis(view.x_axis.title, *x_range),
        y=Axis(_label(series), *y_range, is_log=is_log),
        marks=(),
        legend=legend(lanes, series.id in _OUTCOMES),
        size=view.size or SIZE,
        is_dark=view.is_dark,
    )
    curves = tuple(map(_Curve, lanes, places.T, values.T))
    marks = _Marks(figure, curves, view.is_dark)
    row = _play_head_row(trajectory, view, range(first, first + len(values)))
    return replace(figure, marks=(*marks.limits(limits), *marks.all(row)))


def limit_note(series: Series) -> str:
    """What the finely dashed lines are."""
    if series.limit is None:
        return ""
    title = series.limit.title
    return f"dashed: {series.limit.symbol}, {title[:1].lower()}{title[1:]}"


class _Curve(Struct, frozen=True):
    """One lane: where its rows lie along the axis, and its values there, both `(n,)`."""

    lane: Drawn
    x: Array
    values: Array

    @property
    def points(self) -> Array:
        """Both as `(n, 2)`."""
        return np.stack((self.x, self.values), axis=1)


class _Marks:
    """What is drawn into the axes of a series figure."""

    def __init__(self, figure: Figure, curves: tuple[_Curve, ...], is_dark: bool) -> None:
        self.figure, self.curves = figure, curves
        self.colours = figure_colours(is_dark)

    def all(self, row: int | None) -> Iterator[Mark]:
        """Floor, play-head at a row, curves, and signs on top of them."""
        if self.figure.y.is_log and self.figure.y.low < FLOOR:
            yield from self._floor()
        if row is not None:
            yield from self._play_head(row)
        for curve in self.curves:
            yield from self._curve(curve)
        for curve in self.curves:
            if curve.lane.has_diverged:
                yield from self._end(curve)
            if row is not None and np.isfinite(curve.values[row]):
                yield self._marker(curve, row, "dot")

    def limits(self, limits: Array) -> Iterator[Mark]:
        """What each curve is compared with, finely dashed in its colour."""
        for curve, column in zip(self.curves, limits.T if len(limits) else (), strict=False):
            points = np.stack((curve.x, column), axis=1)
            yield Line(points, curve.lane.colour, 1.0, _FINE_DASH, thinning="columns")

    def _floor(self) -> Iterator[Mark]:
        x = self.figure.x
        line = np.array([[x.low, FLOOR], [x.high, FLOOR]])
        yield Line(line, self.colours.muted, dash=(4.0, 4.0))
        place = x.low + 0.01 * (x.high - x.low)
        yield Note(place, FLOOR * 1.3, "10⁻¹⁶ or less", self.colours.muted)

    def _play_head(self, row: int) -> Iterator[Mark]:
        """A line where all lanes are at the same place."""
        places = {float(curve.x[row]) for curve in self.curves}
        if len(places) == 1:
            x, y = places.pop(), self.figure.y
            yield Line(np.array([[x, y.low], [x, y.high]]), self.colours.muted)

    def _curve(self, curve: _Curve) -> Iterator[Mark]:
        lane, points = curve.lane, curve.points
        yield Line(points, lane.colour, lane.width, lane.dash, lane.opacity, thinning="columns")
        if np.isfinite(curve.values).sum() == 1:
            yield Dots(points[np.isfinite(curve.values)], lane.colour, 5.0)

    def _end(self, curve: _Curve) -> Iterator[Mark]:
        """A cross where a diverged run ends, or an arrow where it leaves through the top."""
        finite = np.flatnonzero(np.isfinite(curve.values))
        if not len(finite):
            return
        last, top = finite[-1], self.figure.y.high
        if curve.values[last] <= top:
            yield self._marker(curve, int(last), "cross")
            return
        inside = finite[curve.values[finite] <= top]
        if len(inside):
            x, colour = self._crossing(curve, int(inside[-1])), curve.lane.colour
            yield Marker(x, top, "arrow", colour, 11.0, self.colours.background, angle=90.0)

    def _crossing(self, curve: _Curve, row: int) -> float:
        """Where a curve that is below the top at `row` reaches it."""
        below, above = self.figure.y.place(curve.values[row : row + 2])
        share = (1 - below) / (above - below) if above > below else 0.0
        return float(curve.x[row] + share * (curve.x[row + 1] - curve.x[row]))

    def _marker(self, curve: _Curve, row: int, shape: Literal["cross", "dot"]) -> Marker:
        x, y = curve.points[row].tolist()
        return Marker(x, y, shape, curve.lane.colour, 9.0, self.colours.background)


def _limits(
    trajectory: Trajectory, series: Series, columns: list[int], first: int, last: int
) -> Array:
    if series.limit is None or last <= first:
        return np.empty((0, len(columns)))
    return series.limit.values(trajectory, first, last)[:, columns]


def _label(series: Series) -> str:
    is_named = series.title.endswith(series.symbol)
    limit = f", dashed: {series.limit.symbol}" if series.limit is not None else ""
    return (series.title if is_named else f"{series.title} {series.symbol}") + limit


def _rows(trajectory: Trajectory, view: View) -> tuple[int, int]:
    """The rows in the picture and one more on each side."""
    if view.x_range is None or not trajectory.plan.lanes:
        return 0, trajectory.rows
    low, high = (min(max(x, -1e18), 1e18) for x in view.x_range)
    first, last = view.x_axis.stretch(trajectory, low, high)
    begin, end = math.floor(float(first.min())), math.ceil(float(last.max()))
    return max(0, begin), max(1, min(trajectory.rows, end + 2))


def _play_head_row(trajectory: Trajectory, view: View, rows: range) -> int | None:
    """The place of the play-head among these rows; None where it is elsewhere, or nowhere."""
    row = None if view.step is None else trajectory.row_of(view.step)
    return rows.index(row) if row is not None and row in rows else None


def _end(trajectory: Trajectory, view: View) -> float:
    """The last place along the axis that a run has reached."""
    rows = np.full(len(trajectory.plan.lanes), max(trajectory.rows - 1, 0))
    return float(view.x_axis.at_lanes(trajectory, rows).max(initial=0.0)) or 1.0


def _is_log(series: Series, values: Array) -> bool:
    """The series' own preference, unless something negative would be hidden by it."""
    return series.is_logarithmic and not bool((values < 0).any())


def _y_range(values: Array, diverged: NDArray[np.bool_], is_log: bool, has_zero: bool) -> Range:
    """A range that shows the runs that stayed, and how the diverged ones set out."""
    drawn = np.clip(values, -LARGEST, LARGEST)
    scaled = np.log10(drawn) if is_log else drawn
    low, high = _extent(scaled)
    if diverged.any():
        kept_low, kept_high = _extent(scaled[:1] if diverged.all() else scaled[:, ~diverged])
        room = _room(kept_low, kept_high, bool(diverged.all()), is_log)
        low, high = max(low, kept_low - room), min(high, kept_high + room)
    if has_zero and not is_log:
        low = min(low, 0.0)
    if low == high:
        margin = 0.5 if is_log else max(abs(low) * 0.1, 1e-3)
        low, high = low - margin, high + margin
    margin = _PADDING * (high - low)
    low, high = low - (0.0 if has_zero and low == 0 else margin), high + margin
    return (10.0**low, 10.0**high) if is_log else (low, high)


def _room(low: float, high: float, is_all: bool, is_log: bool) -> float:
    """How far diverged runs are followed beyond what the others (or all starts) cover."""
    if is_all:
        return np.inf if is_log else 4 * max(high - low, abs(high))
    return max(_LEAST_DECADES if is_log else 0.0, (high - low) * 0.25)


def _extent(values: Array) -> Range:
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
