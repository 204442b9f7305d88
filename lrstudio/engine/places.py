"""Where a lane ended, in words: its coordinates, and what the function is like there."""

import numpy as np

from lrstudio.core import Problem
from lrstudio.core.arrays import Array
from lrstudio.core.differences import central_hessians
from lrstudio.engine.significant import significant

STEEP = 1e-3
"""Gradient norm above which a place is no minimum and no saddle."""
ZERO = 1e-9
"""Size of a coordinate, against the size of the domain, that is shown as 0."""
SETTLED_SLOPE = 1e-5
"""Gradient norm up to which a place of a convex function, which has no saddles, is a minimum."""
LEVEL = 1e-7
"""Curvature, against the largest there, that is no more than differences of gradients leave."""
BESIDE = 1e-6
"""How far beside a place it is looked whether the loss falls there."""
ROUNDING = 1e-14
"""Part of a loss that rounding may add or take, some dozens of its last digits."""
MOST_CURVED = 50
"""Parameters up to which all second derivatives are found for a sentence."""


def kind_of_place(problem: Problem, position: Array, gradient: float) -> str:
    """What kind of place it is, by the curvature there; `gradient` is its norm."""
    if not problem.is_free(tuple(position)).all():
        return "the edge of the domain"
    is_convex = "convex" in problem.traits
    if gradient > (SETTLED_SLOPE if is_convex else STEEP) or problem.dim > MOST_CURVED:
        return f"hardly moving, gradient {significant(gradient, 2)}"
    if is_convex:
        return "a minimum"
    curvatures = _curvatures(problem, position)
    if not np.isfinite(curvatures).all():
        return f"hardly moving, gradient {significant(gradient, 2)}"
    if "smooth" not in problem.traits and _falls_beside(problem, position):
        return "a cusp or a kink, where the slope is taken as 0"
    eigenvalues = np.linalg.eigvalsh(curvatures)
    lowest, highest = float(eigenvalues[0]), float(eigenvalues[-1])
    level = LEVEL * max(-lowest, highest)
    if lowest > level:
        return "a local minimum"
    if lowest < -level:
        return "a saddle" if highest > level else "a maximum"
    return "a minimum or a saddle, level along some directions"


def _curvatures(problem: Problem, position: Array) -> Array:
    """Second derivatives `(dim, dim)`; at a kink, where there are none, how the slope changes."""
    if "smooth" in problem.traits:
        return problem.hessian(tuple(position))
    matrix, _ = central_hessians(
        lambda points: np.asarray(problem.loss_and_gradient(points)[1]), position[:, None]
    )
    return matrix[:, :, 0]


def _falls_beside(problem: Problem, position: Array) -> bool:
    """Whether the loss falls beside a place as it does at a kink or a cusp.

    More than the slope there and rounding explain, and at a tenth of the distance by more than a
    hundredth, as it were at a maximum.
    """
    ends = np.concatenate([np.eye(len(position)), -np.eye(len(position))], axis=1)
    step = BESIDE * max(1.0, float(np.abs(position).max()))
    loss = float(problem.loss(position))
    far, near = (loss - problem.loss(position[:, None] + s * ends) for s in (step, step / 10))
    explained = STEEP * step + ROUNDING * abs(loss)
    return bool(((near > explained) & (near > 0.03 * far)).any())


def place_of(problem: Problem, position: Array) -> str:
    """A position as text; what is as good as zero is shown as zero."""
    extent = max(high - low for low, high in problem.domain)
    return point(tuple(np.where(np.abs(position) < ZERO * extent, 0.0, position)))


def point(coordinates: tuple[float, ...]) -> str:
    """A point as text: (1, −0.5); long ones are cut."""
    shown = ", ".join(significant(c, 3) for c in coordinates[:4])
    return f"({shown}{', …' if len(coordinates) > 4 else ''})"
