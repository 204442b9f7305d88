"""Quantities that are drawn and exported against the step.

A new one is one entry here: the window's plots, the exported figures and the table's columns all
read this list.
"""

from collections.abc import Callable, Mapping
from functools import partial
from operator import attrgetter
from types import MappingProxyType

import msgspec
import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.engine.plan import Plan
from lrstudio.engine.trajectory import Trajectory

Values = Callable[[Trajectory, int, int], Array]


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One quantity per lane and recorded row."""

    id: str
    title: str
    symbol: str
    is_logarithmic: bool
    values: Values
    """`values(trajectory, first_row, last_row) -> (n, lanes)`."""
    available: Callable[[Trajectory], int] = attrgetter("rows")
    """How many rows of it are known so far."""
    limit: "Series | None" = None
    """What it is compared with, lane by lane; drawn finely dashed."""


def _loss(trajectory: Trajectory, first: int, last: int) -> Array:
    return trajectory.loss[first:last]


def _excess(trajectory: Trajectory, first: int, last: int) -> Array:
    return trajectory.loss[first:last] - trajectory.plan.experiment.problem.floor


def _learning_rate(trajectory: Trajectory, first: int, last: int) -> Array:
    return trajectory.learning_rate(first, last)


def _momentum(trajectory: Trajectory, first: int, last: int) -> Array:
    return trajectory.momentum(first, last)


def _gradient_norm(trajectory: Trajectory, first: int, last: int) -> Array:
    return trajectory.gradient_norm[first:last]


SERIES: Mapping[str, Series] = MappingProxyType(
    {
        series.id: series
        for series in (
            Series(id="loss", title="Loss", symbol="f", is_logarithmic=False, values=_loss),
            Series(
                id="excess",
                title="Loss above the minimum",
                symbol="f − f*",
                is_logarithmic=True,
                values=_excess,
            ),
            Series(
                id="learning_rate",
                title="Learning rate",
                symbol="η",
                is_logarithmic=False,
                values=_learning_rate,
            ),
            Series(
                id="gradient_norm",
                title="Gradient norm",
                symbol="‖g‖",
                is_logarithmic=True,
                values=_gradient_norm,
            ),
        )
    }
)


MOMENTUM = Series(
    id="momentum", title="Momentum", symbol="μ", is_logarithmic=False, values=_momentum
)
"""Momentum or β₁; of interest where a schedule cycles it."""


def metric_series(plan: Plan, metric: int) -> Series:
    """One of the problem's metrics, straight from one measurement to the next."""
    told = plan.experiment.problem.metrics[metric]
    return Series(
        id=told.id,
        title=told.title,
        symbol=told.symbol,
        is_logarithmic=told.is_loss,
        values=partial(_metric, metric, 0.0),
        available=_measured_rows,
    )


def excess_series(plan: Plan) -> Series:
    """The loss of all examples above the minimum, of a sampled problem."""
    problem = plan.experiment.problem
    return Series(
        id="full_excess",
        title="Loss of all above the minimum",
        symbol="f − f*",
        is_logarithmic=True,
        values=partial(_metric, 0, problem.floor),
        available=_measured_rows,
    )


def _measured_rows(trajectory: Trajectory) -> int:
    """Rows up to the last measurement."""
    return _rows_until(trajectory, trajectory.measured_steps())


def _rows_until(trajectory: Trajectory, known: Array) -> int:
    """Rows up to the last of the known steps."""
    if not len(known):
        return 0
    last = int(known[-1])
    is_end = last == trajectory.plan.experiment.steps
    return trajectory.rows if is_end else min(trajectory.rows, last // trajectory.plan.stride + 1)


def _metric(metric: int, floor: float, trajectory: Trajectory, first: int, last: int) -> Array:
    known = trajectory.measured_steps()
    at = trajectory.steps_array(first, last)
    return _between(at, known, trajectory.measures[:, metric]) - floor


def _between(at: Array, known: Array, table: Array) -> Array:
    """Values `(n, lanes)` at some steps, straight from one known row of the table to the next."""
    before = np.searchsorted(known, at, side="right") - 1
    after = np.minimum(before + 1, len(known) - 1)
    width = known[after] - known[before]
    share = ((at - known[before]) / np.where(width > 0, width, 1))[:, None]
    low, high = table[before], table[after]
    # Where a measurement itself is meant, the next one, which may be missing, plays no part.
    return np.asarray(np.where(share == 0, low, low + share * (high - low)))


def _curved_rows(trajectory: Trajectory) -> int:
    return _rows_until(trajectory, trajectory.curvature.steps())


def _curvature(trajectory: Trajectory, first: int, last: int) -> Array:
    known = trajectory.curvature.steps()
    return _between(trajectory.steps_array(first, last), known, trajectory.curvature.values)


def _stability_limit(trajectory: Trajectory, first: int, last: int) -> Array:
    """2/η; at the end of a run, where no update follows, as at the one before."""
    begin = max(0, first - 1)
    rates = trajectory.learning_rate(begin, last)
    if len(rates) > 1 and trajectory.diverged_at.size:
        rates[-1] = np.where(np.isnan(rates[-1]), rates[-2], rates[-1])
    with np.errstate(divide="ignore"):
        limit = 2.0 / rates[first - begin :]
    return np.where(np.isfinite(limit), limit, np.nan)


CURVATURE = Series(
    id="curvature",
    title="Largest curvature",
    symbol="λmax",
    is_logarithmic=True,
    values=_curvature,
    available=_curved_rows,
    limit=Series(
        id="stability_limit",
        title="Edge of stability of gradient descent",
        symbol="2/η",
        is_logarithmic=True,
        values=_stability_limit,
    ),
)
"""Gradient descent is stable along all directions while λmax stays below 2/η."""


def curvature_series(plan: Plan) -> tuple[Series, ...]:
    """The largest eigenvalue of the Hessian, where it is measured, against 2/η."""
    return (CURVATURE,) if plan.curvature_rows else ()


def series_of(plan: Plan) -> tuple[Series, ...]:
    """All series of a run but those of single parameters, losses first."""
    losses = loss_series(plan)
    others = tuple(
        metric_series(plan, i)
        for i, metric in enumerate(plan.experiment.problem.metrics)
        if not metric.is_loss
    )
    momentum = (MOMENTUM,) if plan.cycles_momentum else ()
    curvature = curvature_series(plan)
    rate, norm = SERIES["learning_rate"], SERIES["gradient_norm"]
    return (*losses, *others, rate, *momentum, norm, *curvature)


def loss_series(plan: Plan) -> tuple[Series, ...]:
    """The losses of a run, first the one that it is judged by."""
    problem = plan.experiment.problem
    is_known = problem.minimum_value is not None
    measured = [metric_series(plan, i) for i, m in enumerate(problem.metrics) if m.is_loss]
    if not plan.is_sampled:
        own = (SERIES["excess"], SERIES["loss"]) if is_known else (SERIES["loss"],)
        return (*own, *measured[1:])
    return (*((excess_series(plan),) if is_known else ()), *measured, SERIES["loss"])


def parameter_series(plan: Plan, coordinate: int) -> Series:
    """The series of one coordinate of the position."""
    name = plan.experiment.problem.coordinates[coordinate]

    def values(trajectory: Trajectory, first: int, last: int) -> Array:
        return trajectory.position[first:last, coordinate]

    return Series(
        id=f"parameter_{coordinate}",
        title=f"Parameter {name}",
        symbol=name,
        is_logarithmic=False,
        values=values,
    )
