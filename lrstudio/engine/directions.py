"""Which plane of thousands of coordinates is worth looking at.

* two coordinates that one picks;
* the two leading principal directions of the runs, as in Lorch, "Visualizing Deep Network Training
  Trajectories with PCA", 2016, and Li et al. 2018, section 7;
* two random directions, each filter of them as long as that filter of the point in the middle: Li,
  Xu, Taylor, Studer & Goldstein, "Visualizing the Loss Landscape of Neural Nets", 2018,
  arXiv:1712.09913, section 4.
"""

from typing import Literal

import numpy as np
from msgspec.structs import replace

from lrstudio.core import Problem
from lrstudio.core.arrays import Array, Places
from lrstudio.core.problem import Layer
from lrstudio.engine.planes import CoordinatePlane, DirectionPlane, Plane
from lrstudio.engine.trajectory import Trajectory
from lrstudio.engine.travelled import best_lane, end_point, travelled

Kind = Literal["coordinates", "principal", "random"]

MOST_PICKED = 20
"""A model with more weights shows its principal directions unless something else is chosen."""
_NOTHING = 1e-7
"""Movement along a direction of less than this share of the largest is rounding."""
_RANDOM_RANGE = (-1.0, 1.0)
_MOST_DRAWN = 8
_MOVING = "; the plane moves with the function"
_PARALLEL = 1e-6
"""Sine of the angle below which two directions span no plane."""


def default_kind(problem: Problem) -> Kind:
    """Principal directions for a model of many weights; else coordinates."""
    is_large_model = problem.sampling is not None and problem.dim > MOST_PICKED
    return "principal" if is_large_model else "coordinates"


def default_plane(trajectory: Trajectory) -> Plane:
    """What is shown of a run where nobody has chosen."""
    return plane_of(default_kind(trajectory.plan.experiment.problem), trajectory)


def plane_of(
    kind: Kind, trajectory: Trajectory, coordinates: tuple[int, int] = (0, 1), seed: int = 0
) -> Plane:
    """A plane of a kind for a run; the seed is for random ones."""
    problem = trajectory.plan.experiment.problem
    if kind == "principal" and problem.dim > 2:
        return principal_plane(trajectory)
    if kind == "random" and problem.dim > 2:
        return random_plane(trajectory, seed)
    return coordinate_plane(trajectory, coordinates)


def coordinate_plane(trajectory: Trajectory, coordinates: tuple[int, int]) -> CoordinatePlane:
    """Two coordinates; the others at the first minimum, or where the best run ended."""
    problem = trajectory.plan.experiment.problem
    if problem.dim <= 2 or problem.minima or not trajectory.plan.lanes:
        return CoordinatePlane(problem, coordinates)
    end = end_point(trajectory, best_lane(trajectory))
    name = (
        f"the end of {_best_name(trajectory)}{_of_drift(trajectory, ', moving with the function')}"
    )
    return CoordinatePlane(problem, coordinates, tuple(end.tolist()), name)


def principal_plane(trajectory: Trajectory) -> DirectionPlane:
    """Through the mean of the runs, along the directions in which they spread most."""
    points = travelled(trajectory)
    directions, shares = principal_directions(points)
    first, second = (_percent(share) for share in shares)
    return DirectionPlane(
        trajectory.plan.experiment.problem,
        points.mean(axis=1),
        directions,
        ("PC1", "PC2"),
        (f"PC1, {first} of the movement", f"PC2, {second} of the movement"),
        f"PC1 {first}, PC2 {second} of the movement{_of_loss(trajectory)}"
        f"{_of_drift(trajectory, _MOVING)}",
    )


def random_plane(trajectory: Trajectory, seed: int = 0) -> DirectionPlane:
    """Through the end of the best run, along two random directions of the length of its filters."""
    problem = trajectory.plan.experiment.problem
    centre = end_point(trajectory, best_lane(trajectory))
    directions = random_directions(centre, problem.layers, seed)
    plane = DirectionPlane(problem, centre, directions, ("d₁", "d₂"), least=_RANDOM_RANGE)
    share = _percent(share_in(plane, travelled(trajectory)))
    caption = (
        f"{share} of the movement{_of_loss(trajectory)}; about the end of "
        f"{_best_name(trajectory)}; filters as long as there{_of_drift(trajectory, _MOVING)}"
    )
    labels = (f"Random direction 1 (both {share} of the movement)", "Random direction 2")
    return replace(plane, labels=labels, caption=caption)


def principal_directions(points: Array) -> tuple[Array, Array]:
    """The two leading principal directions `(dim, 2)` of points `(dim, n)`, orthonormal, and the
    share of the variance that each explains `(2,)`.

    The first points from the earlier points to the later ones, the largest entry of the second is
    positive. Where the points do not spread, any direction at right angles is as good.
    """
    off = points - points.mean(axis=1, keepdims=True)
    is_wide = off.shape[0] > off.shape[1]
    values, vectors = np.linalg.eigh(off.T @ off if is_wide else off @ off.T)
    values, vectors = values[::-1][:2], vectors[:, ::-1][:, :2]
    raw = off @ vectors if is_wide else vectors
    total = float(np.square(off).sum())
    has_spread = values > _NOTHING**2 * max(total, np.finfo(float).tiny)
    directions = _orthonormal(raw, has_spread)
    along = directions.T @ off
    shares = np.square(along).sum(axis=1) / total if total > 0 else np.zeros(2)
    half = max(1, off.shape[1] // 2)
    if along[0, half:].sum() < along[0, :half].sum():
        directions[:, 0] *= -1
    directions[:, 1] *= np.sign(directions[np.abs(directions[:, 1]).argmax(), 1]) or 1.0
    return directions, shares


def random_directions(centre: Array, layers: tuple[Layer, ...], seed: int) -> Array:
    """Two random directions `(dim, 2)`, each filter as long as in the centre `(dim,)`.

    Filters of a single weight leave it only its sign: there the second one is drawn again while it
    is parallel to the first, and at last without regard to filters.
    """
    random = np.random.default_rng(seed)
    first = filter_normalized(random.standard_normal(len(centre)), centre, layers)
    for _ in range(_MOST_DRAWN):
        draw = random.standard_normal(len(centre))
        second = filter_normalized(draw, centre, layers)
        if not _are_parallel(first, second):
            return np.stack([first, second], axis=1)
    return np.stack([first, draw / np.linalg.norm(draw)], axis=1)


def filter_normalized(direction: Array, centre: Array, layers: tuple[Layer, ...]) -> Array:
    """A direction `(dim,)` each filter of which has the norm of that filter of the centre.

    A filter is what leads into one unit: a column of weights `(inputs, outputs)`. Biases, gains
    and shifts do not move. Where no weights are known as such, the whole is one filter; where
    nothing has a length, the direction has length 1.
    """
    result = np.zeros_like(direction)
    for layer in layers:
        if len(layer.shape) == 2:
            d, w = (v[layer.places].reshape(layer.shape) for v in (direction, centre))
            lengths = np.linalg.norm(d, axis=0)
            result[layer.places] = (d / lengths * np.linalg.norm(w, axis=0)).ravel()
    if all(len(layer.shape) != 2 for layer in layers):
        result = direction * (np.linalg.norm(centre) / np.linalg.norm(direction))
    return result if result.any() else direction / np.linalg.norm(direction)


def _are_parallel(one: Array, other: Array) -> bool:
    one, other = one / np.linalg.norm(one), other / np.linalg.norm(other)
    return bool(np.linalg.norm(other - (one @ other) * one) < _PARALLEL)


def share_in(plane: Plane, points: Array) -> float:
    """Share of the movement of points `(dim, n)` about their mean that a plane shows."""
    middle = points.mean(axis=1, keepdims=True)
    total = float(np.square(points - middle).sum())
    shown = plane.points(*plane.project(points)) - plane.points(*plane.project(middle))
    return float(np.square(shown).sum()) / total if total > 0 else 0.0


def _orthonormal(raw: Array, has_spread: Places) -> Array:
    """Unit vectors along those columns that mean something, and others at right angles to them."""
    random = np.random.default_rng(0)
    spare = random.standard_normal((len(raw), 2))
    if raw.shape[1] < 2:  # a single point
        raw, has_spread = spare, np.zeros(2, dtype=bool)
    lengths = np.where(has_spread, np.linalg.norm(raw, axis=0), 1.0)
    q, r = np.linalg.qr(np.where(has_spread, raw / lengths, spare))
    return np.asarray(q * np.where(np.diag(r) < 0, -1.0, 1.0))


def _best_name(trajectory: Trajectory) -> str:
    plan = trajectory.plan
    return plan.contender(plan.lanes[best_lane(trajectory)]).name


def _percent(share: float) -> str:
    percent = 100 * share
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.2g} %"


def _of_loss(trajectory: Trajectory) -> str:
    """What the heights are, where that is not plain."""
    sampling = trajectory.plan.experiment.problem.sampling
    return "" if sampling is None else f"; loss of all {sampling.examples:,} training examples"


def _of_drift(trajectory: Trajectory, told: str) -> str:
    """What is told where the function moves: heights are those of the plane as it goes along.

    Else the heights would change as well while it moves at right angles to the plane.
    """
    return told if trajectory.plan.is_drifting else ""
