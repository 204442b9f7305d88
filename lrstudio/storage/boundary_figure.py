"""Which class a model chooses where, with the examples on it; or the curve that it fits.

One run is shown at one step: the filled regions belong to the classes, deeper where the model is
surer of itself, and end at the decision boundary.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from msgspec.structs import replace

from lrstudio.core.arrays import Array
from lrstudio.core.data_problem import DataProblem
from lrstudio.core.table import Table
from lrstudio.engine import Trajectory
from lrstudio.engine.decisions import (
    Decisions,
    data_ranges,
    decisions,
    examples,
    fitted,
    has_decisions,
    has_fit,
)
from lrstudio.engine.planes import Range
from lrstudio.engine.survey import Grid
from lrstudio.engine.travelled import best_lane
from lrstudio.storage.contours import Relief, filled_above, outlines
from lrstudio.storage.figure import Area, Axis, Entry, Figure, Line, Mark, Symbols
from lrstudio.storage.palette import colour, figure_colours, mixed
from lrstudio.storage.symbols import symbol_for
from lrstudio.storage.view import View, titles

SIZE = (800, 700)
SHADES = ((None, 0.13), (0.75, 0.22), (0.95, 0.33))
"""From which probability on a region is how deep; None is where the class is chosen."""
_POINT = 3.6
_MANY = 600


def has_boundary(trajectory: Trajectory | None) -> bool:
    """Whether a run has such a picture."""
    if trajectory is None or not trajectory.plan.lanes:
        return False
    problem = trajectory.plan.experiment.problem
    return has_decisions(problem) or has_fit(problem)


def boundary_figure(trajectory: Trajectory, view: View | None = None) -> Figure:
    """The picture of a run for which `has_boundary` says that there is one."""
    view = view or View()
    problem = trajectory.plan.experiment.problem
    assert isinstance(problem, DataProblem)
    across, up = data_ranges(problem)
    names = axis_names(problem)
    title, _ = titles(trajectory)
    figure = Figure(
        title=title,
        subtitle=boundary_note(trajectory, view),
        x=Axis(names[0], *(view.x_range or across)),
        y=Axis(names[1], *(view.y_range or up)),
        marks=(),
        legend=class_entries(problem, view.is_dark),
        size=view.size or SIZE,
        is_dark=view.is_dark,
        has_grid=False,
    )
    x, y = (figure.x.low, figure.x.high), (figure.y.low, figure.y.high)
    return replace(figure, marks=boundary_marks(trajectory, view, x, y))


def boundary_marks(trajectory: Trajectory, view: View, x: Range, y: Range) -> tuple[Mark, ...]:
    """What is drawn in this part of the plane."""
    problem = trajectory.plan.experiment.problem
    assert isinstance(problem, DataProblem)
    point = _point(trajectory, view)
    marks: list[Mark] = []
    if np.isfinite(point).all():
        if has_decisions(problem):
            marks += _regions(decisions(problem, point, x, y), view.is_dark)
        else:
            lane = trajectory.plan.lanes[shown_lane(trajectory, view)]
            line = colour(trajectory.plan.contender(lane).colour, view.is_dark)
            marks.append(Line(fitted(problem, point, x), line, 2.0))
    return (*marks, *_examples(problem, view.is_dark))


def shown_lane(trajectory: Trajectory, view: View) -> int:
    """The lane that is shown: the chosen one, or the best."""
    is_there = view.lane is not None and view.lane < len(trajectory.plan.lanes)
    return view.lane if is_there and view.lane is not None else best_lane(trajectory)


def boundary_note(trajectory: Trajectory, view: View) -> str:
    """Whose decisions are shown, and when."""
    lane = shown_lane(trajectory, view)
    step = trajectory.step(_row(trajectory, view))
    name = trajectory.plan.contender(trajectory.plan.lanes[lane]).name
    has_held = bool(_problem(trajectory).sample.validation.examples)
    held = "; hollow: kept for validation" if has_held else ""
    if not np.isfinite(_point(trajectory, view)).all():
        return f"{name} has diverged before step {step:,}{held}"
    return f"{name} at step {step:,}{held}"


def class_entries(problem: DataProblem, is_dark: bool) -> tuple[Entry, ...]:
    """The names of the classes with their colours."""
    classes = problem.sample.train.classes
    return tuple(
        Entry(name, colour(k, is_dark), symbol=symbol_for(k)) for k, name in enumerate(classes)
    )


def axis_names(problem: DataProblem) -> tuple[str, str]:
    """What stands to the right and upwards."""
    table = problem.sample.train
    target = f"{table.target_name} (in spreads)" if problem.scale_target else table.target_name
    first, second = (*table.feature_names, target)[:2]
    return first, second


def _problem(trajectory: Trajectory) -> DataProblem:
    problem = trajectory.plan.experiment.problem
    assert isinstance(problem, DataProblem)
    return problem


def _row(trajectory: Trajectory, view: View) -> int:
    return max(0, trajectory.rows - 1) if view.step is None else trajectory.row_of(view.step)


def _point(trajectory: Trajectory, view: View) -> Array:
    lane = shown_lane(trajectory, view)
    if not trajectory.rows:
        return trajectory.plan.initial_positions()[:, lane]
    return trajectory.position[_row(trajectory, view), :, lane]


def _regions(found: Decisions, is_dark: bool) -> Iterator[Mark]:
    greys = figure_colours(is_dark)
    for threshold, depth in SHADES:
        for k in range(len(found.margins)):
            heights = found.margins if threshold is None else found.log_odds
            if heights is None:
                continue
            level = 0.0 if threshold is None else float(np.log(threshold / (1 - threshold)))
            rings = filled_above(_relief(found, heights[k]), level)
            if rings:
                yield Area(rings, mixed(colour(k, is_dark), greys.background, depth))
    pairs = found.margins if len(found.margins) > 2 else found.margins[1:]
    for margins in pairs:
        yield Line(outlines(_relief(found, margins), 0.0), greys.text, 1.4)


def _relief(found: Decisions, heights: Array) -> Relief:
    return Relief(Grid(found.x, found.y, np.clip(heights, -1e6, 1e6)), 0.0)


@lru_cache(maxsize=8)
def _examples(problem: DataProblem, is_dark: bool) -> tuple[Mark, ...]:
    """Training examples filled, those kept for validation hollow; a class is colour and shape."""
    sample = problem.sample
    size = _POINT if sample.train.examples + sample.validation.examples <= _MANY else 0.7 * _POINT
    marks = []
    for table, is_hollow in ((sample.validation, True), (sample.train, False)):
        for k, points in enumerate(_by_class(problem, table)):
            if len(points):
                tint = colour(k, is_dark)
                background = figure_colours(is_dark).background
                marks.append(Symbols(points, symbol_for(k), tint, size, is_hollow, background))
    return tuple(marks)


def _by_class(problem: DataProblem, table: Table) -> list[Array]:
    points = examples(problem, table)
    if not table.classes:
        return [points]
    return [points[table.labels == k] for k in range(len(table.classes))]
