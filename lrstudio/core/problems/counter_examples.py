"""Counter-examples: functions on which a good rule, in good use elsewhere, goes wrong."""

from typing import Annotated

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.problem import SUBSCRIPTS, Interval, Point, Problem

Layers = Annotated[
    int,
    meta("N", "Layers", "Number of layers, each a single weight.", low=2, high=8, ge=2, le=20),
]


class HeavyBallCycle(Problem, tag="heavy_ball_cycle", frozen=True, kw_only=True):
    """Heavy-ball cycle: a convex function on which tuned momentum runs in circles.

    f′(x) = 25x         x < 1
    f′(x) = x + 24         1 ≤ x < 2
    f′(x) = 25x − 24         x ≥ 2

    Curvature 25, but for a stretch where it is 1. With η = 1/9 and momentum 4/9, which are best for
    quadratics with curvatures from 1 to 25, the heavy ball visits −1.8024, 2.1159 and 0.6465 again
    and again for every start between 3.07 and 3.46; from 1.5 it converges. Gradient descent with
    η = 2/26 converges from everywhere. At 1 and 2 the slope bends, but does not jump.

    Lessard, Recht & Packard, "Analysis and Design of Optimization Algorithms via Integral Quadratic
    Constraints", 2016, arXiv:1408.3595, section 4.6.
    """

    family = "counter_examples"
    aliases = ("Lessard Recht Packard", "momentum cycle")
    traits = ("convex", "separable")
    domain = ((-4.0, 4.0),)
    start = (3.2,)
    minima = ((0.0,),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        # The slope is 25x, less 24 times the way gone between 1 and 2.
        gone = np.minimum(np.maximum(position - 1, 0.0), 1.0)
        behind = np.maximum(position - 2, 0.0)
        loss = 12.5 * np.square(position) - 12 * np.square(gone) - 24 * behind
        return loss[0], 25 * position - 24 * gone

    def hessians(self, position: Array) -> tuple[Array, int]:
        is_flat = (position >= 1) & (position < 2)
        return np.where(is_flat, 1.0, 25.0)[None], self.dim


class DeepLinear(Problem, tag="deep_linear", frozen=True, kw_only=True):
    """Deep linear: the smallest deep network, whose flattest minimum large rates select.

    f(x) = ½ (Πᵢ xᵢ − 1)²

    One weight for each layer, and one example that is to be multiplied by 1. Every point with
    product 1 is a minimum; a few are named here. In two layers the curvature there is x₁² + x₂²,
    from 2 at (1, 1) to any size: gradient descent leaves those that are sharper than 2/η and comes
    to rest at a flatter one, at the edge of stability. The origin is a saddle; for more layers than
    two it has no curvature at all.

    Saxe, McClelland & Ganguli, "Exact Solutions to the Nonlinear Dynamics of Learning in Deep
    Linear Neural Networks", 2014, arXiv:1312.6120; Cohen et al., 2021, arXiv:2103.00065.
    """

    dim: Layers = 2

    family = "counter_examples"
    aliases = ("edge of stability", "scalar factorization")
    traits = ("multimodal", "smooth", "scalable")
    minima_are_examples = True

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-3.0, 3.0),) * self.dim

    @property
    def start(self) -> Point:
        return (2.8, *(0.2,) * (self.dim - 1))

    @property
    def minima(self) -> tuple[Point, ...]:
        rest = (1.0,) * (self.dim - 2)
        pairs = ((1.0, 1.0), (-1.0, -1.0), (2.0, 0.5), (0.5, 2.0), (-2.0, -0.5), (-0.5, -2.0))
        return tuple((*pair, *rest) for pair in pairs)

    @property
    def coordinates(self) -> tuple[str, ...]:
        return tuple("w" + str(i + 1).translate(SUBSCRIPTS) for i in range(self.dim))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        before, behind = _products(position), _products(position[::-1])
        residual = before[-1] - 1
        others = [a * b for a, b in zip(before[:-1], behind[-2::-1], strict=True)]
        return np.square(residual) / 2, residual * np.stack(others)

    def hessians(self, position: Array) -> tuple[Array, int]:
        residual = np.multiply.reduce(position, axis=0) - 1
        matrices = np.empty((self.dim, *position.shape))
        for i, j in np.ndindex(self.dim, self.dim):
            one = np.multiply.reduce(np.delete(position, i, 0), axis=0)
            other = np.multiply.reduce(np.delete(position, j, 0), axis=0)
            both = np.multiply.reduce(np.delete(position, [i, j], 0), axis=0)
            matrices[i, j] = one * other + (residual * both if i != j else 0.0)
        return matrices, self.dim


def _products(rows: ArrayLike) -> list[ArrayLike]:
    """Products of the first 0, 1, …, N rows."""
    found = [0 * rows[0] + 1]
    for row in rows:
        found.append(found[-1] * row)
    return found
