"""Quantities that are drawn and exported against the step.

A new one is one entry here: the window's plots, the exported figures and the table's columns all
read this list.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec

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
