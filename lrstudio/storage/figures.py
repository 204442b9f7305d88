"""All pictures that a run offers, by id. A new one is one entry here.

Every series of the engine has its figure by itself.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from lrstudio.engine import SERIES, Series, Trajectory, parameter_series, series_of
from lrstudio.storage.boundary_figure import boundary_figure, has_boundary
from lrstudio.storage.figure import Figure
from lrstudio.storage.landscape_figure import landscape_figure
from lrstudio.storage.series_figure import series_figure
from lrstudio.storage.view import View

Build = Callable[[Trajectory, View | None], Figure]

_MOST_PARAMETERS = 4


class FigureKind(NamedTuple):
    """A picture that can be made of a run."""

    id: str
    title: str
    build: Build
    """`build(trajectory, view)`; without a view the builder chooses everything."""


def _of_series(series: Series, trajectory: Trajectory, view: View | None = None) -> Figure:
    return series_figure(trajectory, series, view)


FIGURES: Mapping[str, FigureKind] = MappingProxyType(
    {
        "landscape": FigureKind("landscape", "Landscape", landscape_figure),
        **{s.id: FigureKind(s.id, s.title, partial(_of_series, s)) for s in SERIES.values()},
    }
)
"""The pictures that a run of a function has."""


def figure_kinds(trajectory: Trajectory) -> tuple[FigureKind, ...]:
    """All pictures of a run: those that every run has, then one per coordinate."""
    return (*_common(trajectory), *_parameters(trajectory, trajectory.plan.dim))


def standard_figures(trajectory: Trajectory) -> tuple[FigureKind, ...]:
    """What is exported when all pictures are asked for: coordinates only where they are few."""
    dim = trajectory.plan.dim
    return (*_common(trajectory), *_parameters(trajectory, dim if dim <= _MOST_PARAMETERS else 0))


def _common(trajectory: Trajectory) -> Iterator[FigureKind]:
    yield FIGURES["landscape"]
    if has_boundary(trajectory):
        yield FigureKind("boundary", "Decision boundary", boundary_figure)
    for series in series_of(trajectory.plan):
        yield FigureKind(series.id, series.title, partial(_of_series, series))


def _parameters(trajectory: Trajectory, count: int) -> Iterator[FigureKind]:
    for coordinate in range(count):
        series = parameter_series(trajectory.plan, coordinate)
        yield FigureKind(series.id, series.title, partial(_of_series, series))
