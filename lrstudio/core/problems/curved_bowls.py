"""Bowls that are no quadratics: flat bottoms, steep or vanishing walls."""

from typing import Annotated

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike, power
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import Dimension
from lrstudio.core.problem import (
    Interval,
    Point,
    Problem,
    diagonal_matrices,
    numbered,
    plane_matrices,
)

FewDimensions = Annotated[
    int,
    meta(
        "N",
        "Dimensions",
        "Number of coordinates; powers up to the N-th make the bowl badly scaled.",
        low=2,
        high=6,
        ge=2,
        le=10,
    ),
]


class SumOfDifferentPowers(Problem, tag="sum_different_powers", frozen=True, kw_only=True):
    """Sum of different powers: a bowl that is flatter along each next axis.

    f(x) = Σᵢ |xᵢ|^(i+1)

    Only the first axis has curvature at the minimum: along all others gradients vanish faster than
    the distance, and convergence is slower than linear.

    Surjanovic & Bingham, "Virtual Library of Simulation Experiments", 2013.
    """

    dim: Dimension = 2

    family = "bowls"
    traits = ("convex", "separable", "smooth", "scalable")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-1.0, 1.0),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-0.9 if i % 2 == 0 else 0.8 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0,) * self.dim,)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        exponent, size = numbered(position), np.abs(position)
        slope = power(size, exponent)
        return (slope * size).sum(axis=0), (exponent + 1) * slope * np.sign(position)

    def hessians(self, position: Array) -> tuple[Array, int]:
        exponent = numbered(position)
        bends = exponent * (exponent + 1) * np.power(np.abs(position), exponent - 1)
        return diagonal_matrices(bends), self.dim


class Exponential(Problem, tag="exponential", frozen=True, kw_only=True):
    """Exponential: a bell turned upside down, flat far away.

    f(x) = −exp(−½ Σᵢ xᵢ²)

    Round and well conditioned at the minimum, but convex only within the unit ball: outside it
    gradients shrink with the distance.

    Jamil & Yang, "A Literature Survey of Benchmark Functions for Global Optimisation Problems",
    2013, arXiv:1308.4008, function 54.
    """

    dim: Dimension = 2

    family = "bowls"
    traits = ("smooth", "scalable")
    minimum_value = -1.0

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-1.0, 1.0),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-0.9 if i % 2 == 0 else 0.7 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0,) * self.dim,)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        bell = np.exp(-0.5 * np.square(position).sum(axis=0))
        return -bell, bell * position


class Brown(Problem, tag="brown", frozen=True, kw_only=True):
    """Brown: neighbours are each other's exponents.

    f(x) = Σᵢ [(xᵢ²)^(xᵢ₊₁² + 1) + (xᵢ₊₁²)^(xᵢ² + 1)]

    Nearly a quadratic at the minimum, with walls that grow like 16¹⁷ towards the corner of the
    domain: the loss spans twenty orders of magnitude.

    Jamil & Yang, "A Literature Survey of Benchmark Functions for Global Optimisation Problems",
    2013, arXiv:1308.4008, function 25.
    """

    dim: Dimension = 2

    family = "bowls"
    traits = ("scalable",)

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-1.0, 4.0),) * self.dim

    @property
    def view(self) -> tuple[Interval, ...]:
        return ((-1.0, 1.5),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(1.3 if i % 2 == 0 else -0.5 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0,) * self.dim,)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        square = np.square(position)
        logarithm = np.log(np.where(square > 0, square, 1.0))  # 0² ln 0² is taken as 0
        a, b = square[:-1], square[1:]
        first, second = np.power(a, b + 1), np.power(b, a + 1)
        slope = np.zeros_like(position)
        slope[:-1] = (b + 1) * np.power(a, b) + second * logarithm[1:]
        slope[1:] += (a + 1) * np.power(b, a) + first * logarithm[:-1]
        return (first + second).sum(axis=0), 2 * position * slope


class Perm(Problem, tag="perm", frozen=True, kw_only=True):
    """Perm: sums of powers that vanish together at (1, 2, …, N).

    f(x) = Σₖ [Σᵢ (iᵏ + ½) ((xᵢ/i)ᵏ − 1)]²

    Symbols: k, a power from 1 to N.

    A long, flat floor leads to the minimum, and the condition number grows by orders of magnitude
    with each dimension. Lists name one zero; in the plane, where a line meets an ellipse, there is
    a second one at (23/13, 14/13), and from four dimensions on there are more than are named here.

    Surjanovic & Bingham, "Virtual Library of Simulation Experiments", 2013; Perm d, β with β = ½.
    """

    dim: FewDimensions = 2

    family = "bowls"
    aliases = ("Perm d beta",)
    traits = ("multimodal", "smooth", "scalable")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-float(self.dim), float(self.dim)),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-0.5 * i for i in range(1, self.dim + 1))

    @property
    def minima(self) -> tuple[Point, ...]:
        known = tuple(float(i) for i in range(1, self.dim + 1))
        return (known, (23 / 13, 14 / 13)) if self.dim == 2 else (known,)

    @property
    def minima_are_examples(self) -> bool:  # type: ignore[override]
        return self.dim > 3

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        number = numbered(position)
        ratio = position / number
        loss, gradient, raised = 0.0, 0.0, 1.0
        for k in range(1, self.dim + 1):
            weight = number**k + 0.5
            slope = weight * raised  # (iᵏ + ½) (xᵢ/i)ᵏ⁻¹
            raised = raised * ratio
            off = (weight * (raised - 1)).sum(axis=0)
            loss = loss + np.square(off)
            gradient = gradient + (2 * k * off) * slope / number
        return loss, gradient

    def hessians(self, position: Array) -> tuple[Array, int]:
        number = numbered(position)
        weights = [(number**k + 0.5) / number**k for k in range(1, self.dim + 1)]
        return _hessians_of_sums(position, number, weights), self.dim


class PermZero(Problem, tag="perm0", frozen=True, kw_only=True):
    """Perm zero: sums of powers that vanish together at (1, ½, …, 1/N).

    f(x) = Σₖ [Σᵢ (i + 10) (xᵢᵏ − 1/iᵏ)]²

    Symbols: k, a power from 1 to N.

    Walls that grow like the 2N-th power around a floor along which the loss hardly changes. Lists
    name one zero; in the plane, where a line meets an ellipse, there is a second one at
    (11/23, 45/46), in three dimensions there are four, and from four on more than are named here.

    Surjanovic & Bingham, "Virtual Library of Simulation Experiments", 2013; Perm 0, d, β with
    β = 10.
    """

    dim: FewDimensions = 2

    family = "bowls"
    aliases = ("Perm 0 d beta",)
    traits = ("multimodal", "smooth", "scalable")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-float(self.dim), float(self.dim)),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-0.75 * self.dim if i % 2 == 0 else 0.75 * self.dim for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        known = tuple(1.0 / i for i in range(1, self.dim + 1))
        return (known, *_PERM_ZEROS.get(self.dim, ()))

    @property
    def minima_are_examples(self) -> bool:  # type: ignore[override]
        return self.dim > 3

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        number = numbered(position)
        weight = number + 10
        loss, gradient, raised = 0.0, 0.0, 1.0
        for k in range(1, self.dim + 1):
            slope = weight * raised
            raised = raised * position
            off = (weight * (raised - number ** (-float(k)))).sum(axis=0)
            loss = loss + np.square(off)
            gradient = gradient + (2 * k * off) * slope
        return loss, gradient

    def hessians(self, position: Array) -> tuple[Array, int]:
        number = numbered(position)
        weights = [number + 10 for _ in range(self.dim)]
        return _hessians_of_sums(position, 1 / number, weights), self.dim


def _hessians_of_sums(position: Array, zero: Array, weights: list[Array]) -> Array:
    """Of Σₖ [Σᵢ wᵢₖ (xᵢᵏ − zᵢᵏ)]², with the weights of each power k from 1 on."""
    matrices = np.zeros((len(position), *position.shape))
    for k, weight in enumerate(weights, start=1):
        off = (weight * (position**k - zero**k)).sum(axis=0)
        slope = k * weight * position ** (k - 1)
        matrices += 2 * slope[:, None] * slope
        if k > 1:
            matrices += diagonal_matrices(2 * off * k * (k - 1) * weight * position ** (k - 2))
    return matrices


_PERM_ZEROS: dict[int, tuple[Point, ...]] = {
    2: ((11 / 23, 45 / 46),),
    3: (  # common roots of the three equations
        (0.34709674264667066, 0.98358113298102644, 0.43940735141904914),
        (0.44757600802706054, 0.98351679210400969, 0.35444582613750393),
        (1.0002051560101800, 0.32724108364046799, 0.49262950873351830),
    ),
}


class LogisticValley(Problem, tag="logistic_valley", frozen=True, kw_only=True):
    """Logistic valley: two logistic losses that pull apart, held by a weak decay.

    f(x, y) = log(1 + e^(−x)) + log(1 + e^(x−y)) + 0.05y²

    What training a small classifier looks like: convex, smooth, almost straight far from the
    minimum and gently curved near it. The minimum (1.178, 2.355) has y = 2x.

    Closed form.
    """

    family = "bowls"
    traits = ("convex", "smooth")
    minimum_value = 0.8143729909485946
    domain = ((-6.0, 6.0), (-6.0, 6.0))
    start = (-5.0, 4.0)
    minima = ((1.1775052641535602, 2.3550105283071203),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        first, second = np.logaddexp(0, -x), np.logaddexp(0, x - y)
        low, high = np.exp(-x - first), np.exp(x - y - second)  # 1/(1 + eˣ), 1/(1 + e^(y−x))
        loss = first + second + 0.05 * np.square(y)
        return loss, np.stack([high - low, 0.1 * y - high])

    def hessians(self, position: Array) -> tuple[Array, int]:
        x, y = position
        first, second = np.logaddexp(0, -x), np.logaddexp(0, x - y)
        a, b = np.exp(-x - 2 * first), np.exp(x - y - 2 * second)
        return plane_matrices(a + b, -b, 0.1 + b, position.shape[1]), self.dim
