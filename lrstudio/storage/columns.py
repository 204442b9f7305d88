"""The columns of an exported table: what each is called, what it means, where it comes from.

A new column is one entry here; the table and its description in the sidecar follow.
"""

import unicodedata
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from lrstudio.core import Schedule
from lrstudio.core.arrays import Array
from lrstudio.core.declaration import identifier
from lrstudio.engine import Contender, Lane, Trajectory

MOST_COORDINATES = 100
"""Parameters up to which each has a column; of a model with thousands there are none."""


class Run(NamedTuple):
    """A lane under the number by which tables call it, from 1 in the order of the contenders."""

    number: int
    lane: Lane
    contender: Contender


class Label(NamedTuple):
    """A column that is the same in all rows of a run."""

    name: str
    meaning: str
    cell: Callable[[Run], str | int]


class Quantity(NamedTuple):
    """A column of numbers; `values(trajectory, lane, first_row, last_row)` is `(n,)`."""

    name: str
    meaning: str
    values: Callable[[Trajectory, int, int, int], Array]


def runs(trajectory: Trajectory) -> tuple[Run, ...]:
    """All lanes in the order of the contenders, numbered."""
    plan = trajectory.plan
    lanes = sorted(plan.lanes, key=lambda lane: (lane.contender, lane.index))
    return tuple(Run(n, lane, plan.contender(lane)) for n, lane in enumerate(lanes, start=1))


def schedule_name(schedule: Schedule) -> str:
    """The id of a schedule, with its warm-up if it has one."""
    name = identifier(type(schedule))
    return f"warmup+{name}" if schedule.warmup else name


LABELS = (
    Label("run", "Number of the run: a contender from a start with a seed.", lambda r: r.number),
    Label("contender", "Name of the contender.", lambda r: r.contender.name),
    Label("optimizer", "Id of its optimizer.", lambda r: identifier(type(r.contender.optimizer))),
    Label("schedule", "Id of its schedule.", lambda r: schedule_name(r.contender.schedule)),
    Label("start", "Number of the start point, from 1.", lambda r: r.lane.start + 1),
    Label("seed", "Seed of the noise, and of all else that is random.", lambda r: r.lane.seed),
)


def quantities(trajectory: Trajectory) -> tuple[Quantity, ...]:
    """The columns of numbers that a trajectory has."""
    problem = trajectory.plan.experiment.problem
    names = problem.coordinates if problem.dim <= MOST_COORDINATES else ()
    coordinates = (
        Quantity(_ascii(name), f"Coordinate {name} of the position.", partial(_coordinate, i))
        for i, name in enumerate(names)
    )
    extra = (_EVALUATIONS,) if trajectory.plan.has_extra_evaluations else ()
    cycled = (_MOMENTUM,) if trajectory.plan.cycles_momentum else ()
    own: tuple[Quantity, ...] = _SAMPLED_QUANTITIES if trajectory.plan.is_sampled else _QUANTITIES
    if problem.minimum_value is None:
        own = tuple(q for q in own if q not in (_EXCESS, _FULL_EXCESS))
    curvature = (_CURVATURE,) if trajectory.plan.curvature_rows else ()
    moved = (
        Quantity(
            f"offset_{_ascii(name)}",
            f"How far the function has moved in {name}: the loss is f(x - offset).",
            partial(_offset, i),
        )
        for i, name in enumerate(names if trajectory.plan.is_drifting else ())
    )
    return (*own, *cycled, *extra, *curvature, *coordinates, *moved)


def descriptions(trajectory: Trajectory) -> tuple[tuple[str, str], ...]:
    """Name and meaning of all columns in their order."""
    labels = ((label.name, label.meaning) for label in LABELS)
    return (*labels, *((column.name, column.meaning) for column in quantities(trajectory)))


def _step(trajectory: Trajectory, lane: int, first: int, last: int) -> Array:
    return trajectory.steps_array(first, last)


def _learning_rate(trajectory: Trajectory, lane: int, first: int, last: int) -> Array:
    return trajectory.learning_rate(first, last, slice(lane, lane + 1))[:, 0]


def _momentum(trajectory: Trajectory, lane: int, first: int, last: int) -> Array:
    return trajectory.momentum(first, last, slice(lane, lane + 1))[:, 0]


def _loss(trajectory: Trajectory, lane: int, first: int, last: int) -> Array:
    return trajectory.loss[first:last, lane]


def _excess(trajectory: Trajectory, lane: int, first: int, last: int) -> Array:
    minimum: float = trajectory.plan.experiment.problem.floor
    return trajectory.loss[first:last, lane] - minimum


def _full_excess(trajectory: Trajectory, lane: int, first: int, last: int) -> Array:
    at, minimum = trajectory.steps_array(first, last), trajectory.plan.experiment.problem.floor
    known = trajectory.measured_steps()
    return _where_known(at, known, trajectory.measures[: len(known), 0, lane]) - minimum


def _gradient_norm(trajectory: Trajectory, lane: int, first: int, last: int) -> Array:
    return trajectory.gradient_norm[first:last, lane]


def _evaluations(trajectory: Trajectory, lane: int, first: int, last: int) -> Array:
    return trajectory.evaluations_at(first, last, slice(lane, lane + 1))[:, 0]


def _curvature(trajectory: Trajectory, lane: int, first: int, last: int) -> Array:
    at, known = trajectory.steps_array(first, last), trajectory.curvature.steps()
    return _where_known(at, known, trajectory.curvature.values[: len(known), lane])


def _where_known(at: Array, known: Array, measured: Array) -> Array:
    """What was measured at some of the steps `at` `(n,)`; NaN at the others."""
    values = np.full(len(at), np.nan)
    if len(known):
        row = np.minimum(np.searchsorted(known, at), len(known) - 1)
        is_known = known[row] == at
        values[is_known] = measured[row[is_known]]
    return values


def _coordinate(coordinate: int, trajectory: Trajectory, lane: int, first: int, last: int) -> Array:
    return trajectory.position[first:last, coordinate, lane]


def _offset(coordinate: int, trajectory: Trajectory, lane: int, first: int, last: int) -> Array:
    assert trajectory.offsets is not None
    return trajectory.offsets.between(first, last, lane)[:, coordinate]


_STEP = Quantity("step", "Number of updates made; 0 is the start.", _step)
_RATE = Quantity(
    "learning_rate",
    "Rate of the update that leaves this row; empty at the end and after a divergence.",
    _learning_rate,
)
_EXCESS = Quantity("loss_minus_minimum", "Loss above the global minimum, f − f*.", _excess)
_FULL_EXCESS = Quantity(
    "loss_minus_minimum",
    "Loss of all training examples above the global minimum, f − f*, where it was measured; empty "
    "in between.",
    _full_excess,
)
_QUANTITIES = (
    _STEP,
    _RATE,
    Quantity("loss", "Loss at the position; empty after a divergence, as all that follows.", _loss),
    _EXCESS,
    Quantity("gradient_norm", "Euclidean norm of the gradient, noise included.", _gradient_norm),
)
_SAMPLED_QUANTITIES = (
    _STEP,
    _RATE,
    Quantity(
        "loss",
        "Loss of the row's mini-batch at the position; empty after a divergence, as all that "
        "follows.",
        _loss,
    ),
    _FULL_EXCESS,
    Quantity(
        "gradient_norm",
        "Euclidean norm of the gradient of the row's mini-batch, noise included.",
        _gradient_norm,
    ),
)
_EVALUATIONS = Quantity(
    "evaluations",
    "Gradients used so far, one for each step and those that rules asked for besides.",
    _evaluations,
)
_MOMENTUM = Quantity("momentum", "Momentum or β₁ of the update that leaves this row.", _momentum)


_CURVATURE = Quantity(
    "largest_curvature",
    "Largest eigenvalue of the Hessian, where it was measured; empty in between.",
    _curvature,
)


def _ascii(name: str) -> str:
    return unicodedata.normalize("NFKC", name)
