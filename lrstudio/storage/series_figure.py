"""Quantities against the step: loss, learning rate, gradient norm, a coordinate."""

import math
from collections.abc import Iterator

import numpy as np
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
    steps = np.asarray(trajectory.steps_array(first, last), dtype=np.float64)
    columns = [lane.lane for lane in lanes]
    values = series.values(trajectory, first, last)[:, columns]
    is_log = _is_log(series, values) if view.is_log is None else view.is_log
    limits = _limits(trajectory, series, columns, first, first + len(values))
    if is_log:
        values, limits = np.maximum(values, FLOOR), np.maximum(limits, FLOOR)  # keeps NaN
    diverged = np.array([lane.has_diverged for lane in lanes], dtype=bool)
    has_zero = series.id == "learning_rate"
    drawn = np.concatenate([values, limits])
    y_range = view.y_range or _y_range(drawn, diverged, is_log, has_zero)
    title, subtitle = titles(trajectory)
    x_range = view.x_range or (0.0, float(max(1, trajectory.step(trajectory.rows - 1))))
    figure = Figure(
        title=title,
        subtitle=subtitle,
        x=Axis("Step", *x_range),
        y=Axis(_label(series), *y_range, is_log=is_log),
        marks=(),
        legend=legend(lanes, series.id in _OUTCOMES),
        size=view.size or SIZE,
        is_dark=view.is_dark,
    )
    marks = _Marks(figure, steps, values, lanes, view)
    return replace(figure, marks=(*marks.limits(limits), *marks.all()))


def limit_note(series: Series) -> str:
    """What the finely dashed lines are."""
    if series.limit is None:
        return ""
    title = series.limit.title
    return f"dashed: {series.limit.symbol}, {title[:1].lower()}{title[1:]}"


class _Marks:
    """What is drawn into the axes of a series figure."""

    def __init__(
        self,
        figure: Figure,
        steps: Array,
        values: Array,
        lanes: tuple[Drawn, ...],
        view: View,
    ) -> None:
        self.figure, self.steps, self.values = figure, steps, values
        self.lanes, self.view = lanes, view
        self.colours = figure_colours(view.is_dark)

    def all(self) -> Iterator[Mark]:
        """Floor, play-head, curves, and signs on top of them."""
        if self.figure.y.is_log and self.figure.y.low < FLOOR:
            yield from self._floor()
        if self.view.step is not None:
            yield self._play_head(self.view.step)
        for lane, column in zip(self.lanes, self.values.T, strict=True):
            yield from self._curve(lane, column)
        for lane, column in zip(self.lanes, self.values.T, strict=True):
            if lane.has_diverged:
                yield from self._end(lane, column)
            if self.view.step is not None:
                yield from self._position(lane, column, self.view.step)

    def limits(self, limits: Array) -> Iterator[Mark]:
        """What each curve is compared with, finely dashed in its colour."""
        if not len(limits):
            return
        for lane, column in zip(self.lanes, limits.T, strict=True):
            points = np.stack((self.steps, column), axis=1)
            yield Line(points, lane.colour, 1.0, _FINE_DASH, thinning="columns")

    def _floor(self) -> Iterator[Mark]:
        x = self.figure.x
        line = np.array([[x.low, FLOOR], [x.high, FLOOR]])
        yield Line(line, self.colours.muted, dash=(4.0, 4.0))
        place = x.low + 0.01 * (x.high - x.low)
        yield Note(place, FLOOR * 1.3, "10⁻¹⁶ or less", self.colours.muted)

    def _play_head(self, step: int) -> Mark:
        ends = np.array([[step, self.figure.y.low], [step, self.figure.y.high]], dtype=np.float64)
        return Line(ends, self.colours.muted)

    def _curve(self, lane: Drawn, column: Array) -> Iterator[Mark]:
        points = np.stack((self.steps, column), axis=1)
        yield Line(points, lane.colour, lane.width, lane.dash, lane.opacity, thinning="columns")
        if np.isfinite(column).sum() == 1:
            yield Dots(points[np.isfinite(column)], lane.colour, 5.0)

    def _end(self, lane: Drawn, column: Array) -> Iterator[Mark]:
        """A cross where a diverged run ends, or an arrow where it leaves through the top."""
        finite = np.flatnonzero(np.isfinite(column))
        if not len(finite):
            return
        last = finite[-1]
        y = self.figure.y
        if column[last] <= y.high:
            yield self._marker(lane, float(self.steps[last]), float(column[last]), "cross")
            return
        inside = finite[column[finite] <= y.high]
        if len(inside):
            x = self._crossing(column, int(inside[-1]))
            yield self._marker(lane, x, y.high, "arrow")

    def _crossing(self, column: Array, row: int) -> float:
        """Step at which a curve that is below the top at `row` reaches it."""
        below, above = self.figure.y.place(column[row : row + 2])
        share = (1 - below) / (above - below) if above > below else 0.0
        return float(self.steps[row] + share * (self.steps[row + 1] - self.steps[row]))

    def _position(self, lane: Drawn, column: Array, step: int) -> Iterator[Mark]:
        row = int(np.abs(self.steps - step).argmin())
        if np.isfinite(column[row]):
            yield self._marker(lane, float(self.steps[row]), float(column[row]), "dot")

    def _marker(self, lane: Drawn, x: float, y: float, shape: str) -> Marker:
        halo = self.colours.background
        if shape == "arrow":
            return Marker(x, y, "arrow", lane.colour, 11.0, halo, angle=90.0)
        return Marker(x, y, "cross" if shape == "cross" else "dot", lane.colour, 9.0, halo)


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
    if view.x_range is None:
        return 0, trajectory.rows
    stride = trajectory.plan.stride
    low, high = (min(max(x, -1e18), 1e18) / stride for x in view.x_range)
    return max(0, math.floor(low)), max(1, min(trajectory.rows, math.ceil(high) + 2))


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
