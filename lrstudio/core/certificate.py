"""What a problem claims, checked: computed from the problem as it is configured, never typed in.

The gradient is compared with differences of the loss, the gradient and the curvature are taken at
every known minimum, and a search over the domain tries to find anything lower. All random points
have a fixed seed, so that a certificate is the same on every machine.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.core.problem import Point, Problem

MOST_MINIMA = 64
"""Minima that are looked at; more are of the same kind."""
_SEED = 4
_POINTS, _COORDINATES = 24, 12
_POINTS_OF_A_MODEL, _COORDINATES_OF_A_MODEL = 2, 6
"""Each loss of a model looks at all of its examples."""
_WIDEST, _SHRINK, _SPACINGS = 1e-2, 4.0, 10
"""Of the differences: the largest spacing against the domain, and how it shrinks."""
_RESOLVED = 1e6
"""Slopes below so many roundings of the loss over the domain are compared absolutely."""
_CLIMBERS, _ROUNDS, _MOST_NUMBERS = 64, 160, 2_000_000
_LONGER, _SHORTER = 1.5, 0.9
"""Factors on a climber's step after a success and a failure: it holds at one success in five."""


class CheckedMinimum(NamedTuple):
    """A minimum that the problem names, with what was found there."""

    point: Point
    is_global: bool
    loss: float
    gradient_norm: float
    """Over the coordinates in which the minimum is no edge of the domain."""
    curvature: tuple[float, float] | None
    """Smallest and largest eigenvalue of the Hessian, where it exists and is not too large."""


class Search(NamedTuple):
    """What was found in the domain from random points, without looking at gradients."""

    lowest: float
    point: Point
    evaluations: int


class Certificate(NamedTuple):
    """Everything that was checked about a problem."""

    minima: tuple[CheckedMinimum, ...]
    gradient_points: int
    gradient_error: float
    """Largest relative difference between the gradient and differences of the loss."""
    search: Search | None
    """None for a model, whose least loss is not known."""


@lru_cache(maxsize=256)
def certificate(problem: Problem) -> Certificate:
    """The certificate of a problem; it takes a few hundredths of a second and is kept."""
    with np.errstate(all="ignore"):  # spacings may lead out of the domain
        points, error = _gradient_error(problem)
        search = _search(problem) if problem.sampling is None else None
    return Certificate(_minima(problem), points, error, search)


def _minima(problem: Problem) -> tuple[CheckedMinimum, ...]:
    known = [(point, True) for point in problem.minima]
    known += [(point, False) for point in problem.local_minima]
    return tuple(_checked(problem, *one) for one in known[:MOST_MINIMA])


def _checked(problem: Problem, point: Point, is_global: bool) -> CheckedMinimum:
    loss, gradient = problem.loss_and_gradient(np.array(point))
    free = np.asarray(gradient)[problem.is_free(point)]
    norm = float(np.linalg.norm(free))
    return CheckedMinimum(point, is_global, float(loss), norm, problem.curvature_at(point))


# --- the gradient ------------------------------------------------------------------------------


def _gradient_error(problem: Problem) -> tuple[int, float]:
    """Number of points, and the largest relative difference at any of them."""
    random = np.random.default_rng(_SEED)
    is_model = problem.sampling is not None
    points = _scattered(problem, random, _POINTS_OF_A_MODEL if is_model else _POINTS)
    several = _COORDINATES_OF_A_MODEL if is_model else _COORDINATES
    coordinates = random.permutation(problem.dim)[:several]
    loss, gradient = problem.loss_and_gradient(points)
    low, high = np.array(problem.domain).T
    extent = float((high - low).max())
    rounding = np.finfo(float).eps * np.abs(loss) / extent
    size = np.maximum(np.abs(gradient).max(axis=0), _RESOLVED * rounding)
    worst = 0.0
    for i in coordinates:
        off = np.abs(_slope(problem, points, i, high[i] - low[i]) - gradient[i])
        worst = max(worst, float((off / np.where(size > 0, size, 1.0)).max()))
    return points.shape[1], worst


def _scattered(problem: Problem, random: "np.random.Generator", count: int) -> Array:
    """Points `(dim, 2 count)`: all over the domain, and at all distances from minima and start."""
    low, high = np.array(problem.domain).T[:, :, None]
    everywhere = random.uniform(low, high, (problem.dim, count))
    known = np.array([*problem.minima[:3], problem.start]).T
    centres = known[:, np.arange(count) % known.shape[1]]
    distances = 10.0 ** random.uniform(-3, -1, count) * (high - low)
    beside = centres + distances * random.standard_normal(centres.shape)
    return np.concatenate([everywhere, np.clip(beside, low, high)], axis=1)


def _slope(problem: Problem, points: Array, coordinate: int, width: float) -> Array:
    """Derivative `(n,)` along a coordinate, from losses alone.

    Central differences at ten spacings, extrapolated twice; of these the one that agrees best with
    its neighbour is taken (Ridders, "Accurate Computation of F'(x) and F'(x) F''(x)", 1982).
    """
    spacing = width * _WIDEST * _SHRINK ** -np.arange(_SPACINGS)
    moved = np.repeat(points[:, :, None], 2 * _SPACINGS, axis=2)
    moved[coordinate, :, :_SPACINGS] += spacing
    moved[coordinate, :, _SPACINGS:] -= spacing
    ahead, behind = moved[coordinate, :, :_SPACINGS], moved[coordinate, :, _SPACINGS:]
    loss = problem.loss(moved.reshape(problem.dim, -1)).reshape(moved.shape[1:])
    first = (loss[:, :_SPACINGS] - loss[:, _SPACINGS:]) / (ahead - behind)
    second = _extrapolated(first, _SHRINK**2)
    third = _extrapolated(second, _SHRINK**4)
    disagreement = np.abs(third - second[:, 1:])
    best = np.where(np.isfinite(disagreement), disagreement, np.inf).argmin(axis=1)
    return np.asarray(third[np.arange(len(third)), best])


def _extrapolated(values: Array, factor: float) -> Array:
    """Of values whose error falls by a factor from one to the next, what they tend to."""
    return (factor * values[:, 1:] - values[:, :-1]) / (factor - 1)


# --- the search --------------------------------------------------------------------------------


def _search(problem: Problem) -> Search:
    """The lowest loss in the domain that can be found quickly.

    The best of many random points climb down in random steps, each as long as its own success
    allows: an evolution strategy (Rechenberg, 1973), which needs no gradient and minds no kink.
    """
    random = np.random.default_rng(_SEED)
    low, high = np.array(problem.domain).T[:, :, None]
    affordable = _MOST_NUMBERS // (_ROUNDS * problem.dim)
    climbers = max(2, min(_CLIMBERS, affordable))
    rounds = min(_ROUNDS, max(10, _MOST_NUMBERS // (climbers * problem.dim)))
    first = random.uniform(low, high, (problem.dim, 16 * climbers))
    loss = _finite(problem.loss(first))
    chosen = np.argsort(loss)[:climbers]
    x, loss = first[:, chosen], loss[chosen]
    step = np.full(climbers, 0.1)
    for _ in range(rounds):
        trial = x + step * (high - low) * random.standard_normal(x.shape)
        trial = np.clip(trial, low, high)
        found = _finite(problem.loss(trial))
        is_better = found < loss
        x, loss = np.where(is_better, trial, x), np.where(is_better, found, loss)
        step *= np.where(is_better, _LONGER, _SHORTER)
    best = int(loss.argmin())
    return Search(float(loss[best]), tuple(x[:, best].tolist()), (16 + rounds) * climbers)


def _finite(loss: Array) -> Array:
    return np.where(np.isfinite(loss), loss, np.inf)
