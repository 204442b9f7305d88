"""What a model would say all over the plane of its two features, or along its only one."""

from typing import NamedTuple

import numpy as np

from lrstudio.core import Problem
from lrstudio.core.arrays import Array
from lrstudio.core.data_problem import DataProblem
from lrstudio.core.heads import HalfSquares
from lrstudio.core.table import Table
from lrstudio.engine.planes import Range, Ranges

_AIR = 0.08
_MOST_PRODUCTS = 40_000_000
_FEWEST_CELLS, _MOST_CELLS = 24, 80
_CURVE_POINTS = 200


class Decisions(NamedTuple):
    """Scores of the classes at places x `(columns,)` and y `(rows,)`, in the units of the data."""

    x: Array
    y: Array
    margins: Array
    """`(classes, rows, columns)`: how far a class is ahead of the best other; above 0 it is
    chosen."""
    log_odds: Array | None
    """`(classes, rows, columns)`: log p/(1 − p) of a class; None where scores mean no odds."""


def has_decisions(problem: Problem) -> bool:
    """Whether a problem tells classes from two features."""
    if not isinstance(problem, DataProblem):
        return False
    train = problem.sample.train
    return train.columns == 2 and bool(train.classes)


def has_fit(problem: Problem) -> bool:
    """Whether a problem tells a quantity from one feature."""
    if not isinstance(problem, DataProblem):
        return False
    train = problem.sample.train
    return train.columns == 1 and not train.classes


def data_ranges(problem: DataProblem) -> Ranges:
    """Where the examples are, with some air; upwards the second feature, or else the target."""
    across, up = (np.concatenate(part) for part in zip(*_places(problem), strict=True))
    return _with_air(across), _with_air(up)


def decisions(
    problem: DataProblem, point: Array, x_range: Range, y_range: Range, cells: int | None = None
) -> Decisions:
    """What the model with the parameters `point` `(dim,)` says of a part of the plane."""
    count = cells or cells_for(problem)
    x, y = np.linspace(*x_range, count + 1), np.linspace(*y_range, count + 1)
    across, up = np.meshgrid(x, y)
    features = problem.sample.scaled(np.column_stack([across.ravel(), up.ravel()]))
    with np.errstate(all="ignore"):
        scores = _scores(problem.learner.predicted(point[:, None], features)[0])
        margins = np.stack([_ahead(scores, k, np.maximum) for k in range(len(scores))])
        log_odds = None
        if not isinstance(problem.learner.network.head, HalfSquares):
            log_odds = np.stack([_ahead(scores, k, np.logaddexp) for k in range(len(scores))])
    shape = (len(scores), *across.shape)
    return Decisions(
        x, y, margins.reshape(shape), None if log_odds is None else log_odds.reshape(shape)
    )


def fitted(problem: DataProblem, point: Array, x_range: Range) -> Array:
    """The curve `(n, 2)` that a model of one feature draws through the examples."""
    x = np.linspace(*x_range, _CURVE_POINTS)
    outputs = problem.learner.predicted(point[:, None], problem.sample.scaled(x[:, None]))
    return np.stack([x, outputs[0, 0]], axis=1)


def examples(problem: DataProblem, table: Table) -> Array:
    """Where the examples of a table stand `(N, 2)`: features in the units of the data, and of a
    single feature the target as the model is given it.
    """
    features = problem.sample.original(table.features)
    up = features[:, 1] if table.columns > 1 else table.target
    return np.stack([features[:, 0], up], axis=1)


def cells_for(problem: DataProblem) -> int:
    """So many cells along each axis that a frame has time for them."""
    affordable = (_MOST_PRODUCTS / (2 * problem.dim)) ** 0.5
    return int(max(_FEWEST_CELLS, min(_MOST_CELLS, affordable)))


def _places(problem: DataProblem) -> list[Array]:
    sample = problem.sample
    return [examples(problem, t).T for t in (sample.train, sample.validation) if t.examples]


def _scores(outputs: Array) -> Array:
    """Scores `(classes, n)`; a single output is the log-odds of the second of two."""
    return np.concatenate([-outputs / 2, outputs / 2]) if len(outputs) == 1 else outputs


def _ahead(scores: Array, k: int, joined: np.ufunc) -> Array:
    return np.asarray(scores[k] - joined.reduce(np.delete(scores, k, axis=0), axis=0))


def _with_air(values: Array) -> Range:
    low, high = float(values.min()), float(values.max())
    air = _AIR * (high - low) or 1.0
    return low - air, high + air
