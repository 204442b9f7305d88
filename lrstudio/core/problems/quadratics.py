"""Quadratic bowls in any number of dimensions: all curvatures are constant and known."""

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.hyperparameters import Condition, Dimension
from lrstudio.core.problem import (
    Interval,
    Point,
    Problem,
    diagonal_matrices,
    numbered,
    plane_matrices,
)


class SumSquares(Problem, tag="sum_squares", frozen=True, kw_only=True):
    """Sum of squares: a bowl whose axes grow steeper one by one.

    f(x) = Σᵢ i xᵢ²

    The condition number is the number of dimensions. Rules that scale each coordinate by itself do
    not see it.

    Surjanovic & Bingham, "Virtual Library of Simulation Experiments", 2013.
    """

    dim: Dimension = 2

    family = "bowls"
    aliases = ("axis-parallel hyper-ellipsoid", "weighted sphere")
    traits = ("convex", "separable", "smooth", "scalable")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-10.0, 10.0),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-8.0 if i % 2 == 0 else 6.0 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0,) * self.dim,)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        weighted = numbered(position) * position
        return (weighted * position).sum(axis=0), 2 * weighted

    def hessians(self, position: Array) -> tuple[Array, int]:
        return diagonal_matrices(2 * numbered(position) + 0 * position), self.dim


class RotatedHyperEllipsoid(Problem, tag="rotated_hyper_ellipsoid", frozen=True, kw_only=True):
    """Rotated hyper-ellipsoid: squares of partial sums; in spite of its name it is not rotated.

    f(x) = Σᵢ Σⱼ xⱼ²         j ≤ i

    Symbols: j, the number of a parameter from 1 to i.

    The double sum counts the first coordinate N times and the last one once: the same as the sum of
    squares with its axes in the opposite order.

    Surjanovic & Bingham, "Virtual Library of Simulation Experiments", 2013.
    """

    dim: Dimension = 2

    family = "bowls"
    aliases = ("extended sum of squares",)
    traits = ("convex", "separable", "smooth", "scalable")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-65.536, 65.536),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-50.0 if i % 2 == 0 else 40.0 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0,) * self.dim,)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        weighted = (len(position) + 1 - numbered(position)) * position
        return (weighted * position).sum(axis=0), 2 * weighted

    def hessians(self, position: Array) -> tuple[Array, int]:
        counts = len(position) + 1 - numbered(position)
        return diagonal_matrices(2 * counts + 0 * position), self.dim


class IllConditionedQuadratic(Problem, tag="ill_conditioned_quadratic", frozen=True, kw_only=True):
    """Ill-conditioned quadratic: a valley with curvature 1 along and κ across.

    f(x, y) = ½ (x² + κ y²)

    Gradient descent is stable while η < 2/κ and then needs about κ steps along the valley; the best
    heavy ball needs about √κ.

    Closed form.
    """

    kappa: Condition = 1000.0

    family = "bowls"
    traits = ("convex", "separable", "smooth")
    domain = ((-10.0, 10.0), (-10.0, 10.0))
    start = (-8.0, 1.0)
    minima = ((0.0, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        steep = self.kappa * y
        return (np.square(x) + steep * y) / 2, np.stack([x, steep])

    def hessians(self, position: Array) -> tuple[Array, int]:
        return plane_matrices(1.0, 0.0, self.kappa, position.shape[1]), self.dim


class Trid(Problem, tag="trid", frozen=True, kw_only=True):
    """Trid: a bowl that ties each coordinate to its neighbours.

    f(x) = Σᵢ (xᵢ − 1)² − Σᵢ xᵢ xᵢ₋₁

    Minimum at xᵢ = i (N + 1 − i) with f = −N (N + 4) (N − 1)/6. The condition number grows with the
    square of the dimensions: 3 in the plane, 19 in six.

    Neumaier's function 6; Surjanovic & Bingham, "Virtual Library of Simulation Experiments", 2013.
    """

    dim: Dimension = 2

    family = "bowls"
    aliases = ("Neumaier 6",)
    traits = ("convex", "smooth", "scalable")

    @property
    def minimum_value(self) -> float:  # type: ignore[override]
        return -self.dim * (self.dim + 4) * (self.dim - 1) / 6

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-float(self.dim**2), float(self.dim**2)),) * self.dim

    @property
    def start(self) -> Point:
        return tuple((-0.75 if i % 2 == 0 else 0.5) * self.dim**2 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return (tuple(i * (self.dim + 1.0 - i) for i in range(1, self.dim + 1)),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        off = position - 1
        loss = np.square(off).sum(axis=0) - (position[1:] * position[:-1]).sum(axis=0)
        gradient = 2 * off
        gradient[1:] -= position[:-1]
        gradient[:-1] -= position[1:]
        return loss, gradient

    def hessians(self, position: Array) -> tuple[Array, int]:
        matrices = diagonal_matrices(np.full(position.shape, 2.0))
        places = np.arange(self.dim - 1)
        matrices[places, places + 1] = matrices[places + 1, places] = -1.0
        return matrices, self.dim
