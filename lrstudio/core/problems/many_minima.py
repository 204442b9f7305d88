"""Landscapes with many minima, in any number of dimensions."""

import itertools

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.hyperparameters import Dimension
from lrstudio.core.problem import Interval, Point, Problem, diagonal_matrices

TWO_PI = 2 * np.pi


class Rastrigin(Problem, tag="rastrigin", frozen=True, kw_only=True):
    """Rastrigin: a bowl covered with a regular grid of minima.

    f(x) = 10 N + Σᵢ (xᵢ² − 10 cos 2πxᵢ)

    A learning rate large enough jumps from basin to basin; one small enough stays in the first.

    Rastrigin, "Systems of Extremal Control", 1974; in N dimensions Mühlenbein et al., 1991.
    """

    dim: Dimension = 2

    family = "many_minima"
    traits = ("separable", "multimodal", "smooth", "scalable")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-5.12, 5.12),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-3.6 if i % 2 == 0 else 2.7 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0,) * self.dim,)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        phase = TWO_PI * position
        ripple = np.square(position) + 10 * (1 - np.cos(phase))
        return ripple.sum(axis=0), 2 * position + 10 * TWO_PI * np.sin(phase)

    def hessians(self, position: Array) -> tuple[Array, int]:
        bends = 2 + 10 * TWO_PI**2 * np.cos(TWO_PI * position)
        return diagonal_matrices(bends), self.dim


class Ackley(Problem, tag="ackley", frozen=True, kw_only=True):
    """Ackley: a rippled plain with a cusp in the middle.

    f(x) = −20 exp(−0.2 √(1/N Σᵢ xᵢ²)) − exp(1/N Σᵢ cos 2πxᵢ) + 20 + e

    The slope does not vanish at the minimum: a fixed learning rate keeps jumping over it, a
    decaying one settles. At the cusp itself the gradient is taken as 0.

    Ackley, "A Connectionist Machine for Genetic Hillclimbing", 1987; a = 20, b = 0.2, c = 2π.
    """

    dim: Dimension = 2

    family = "many_minima"
    traits = ("multimodal", "scalable")
    is_smooth = False

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-32.768, 32.768),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-15.4 if i % 2 == 0 else 10.3 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0,) * self.dim,)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        phase = TWO_PI * position
        radius = np.sqrt(np.square(position).sum(axis=0) / self.dim)
        cone = 20 * np.exp(-0.2 * radius)
        ripple = np.exp(np.cos(phase).sum(axis=0) / self.dim)
        # expm1 and the exact e keep the loss exact near the minimum, where it would cancel.
        loss = -20 * np.expm1(-0.2 * radius) + (np.e - ripple)
        slope = 0.2 * cone / (self.dim * np.where(radius > 0, radius, np.inf))
        return loss, slope * position + ripple * TWO_PI / self.dim * np.sin(phase)


class StyblinskiTang(Problem, tag="styblinski_tang", frozen=True, kw_only=True):
    """Styblinski–Tang: two wells of different depth in every coordinate.

    f(x) = ½ Σᵢ (xᵢ⁴ − 16xᵢ² + 5xᵢ)

    Minimum at xᵢ = −2.9035 with f = −39.166 N, among 2^N minima in all: good for statistics over
    starts.

    Styblinski & Tang, "Experiments in Nonconvex Optimization: Stochastic Approximation with
    Function Smoothing and Simulated Annealing", 1990.
    """

    dim: Dimension = 2

    family = "many_minima"
    traits = ("separable", "multimodal", "smooth", "scalable")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-5.0, 5.0),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(0.4 if i % 2 == 0 else -0.3 for i in range(self.dim))

    @property
    def minimum_value(self) -> float:  # type: ignore[override]
        # Σ over coordinates, in the arithmetic that the loss itself uses.
        return float(self.loss(np.asarray(self.minima[0])))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((_DEEP,) * self.dim,)

    @property
    def local_minima(self) -> tuple[Point, ...]:
        if self.dim > 6:  # 2^N − 1 of them: too many to name
            return ()
        corners = itertools.product((_DEEP, _SHALLOW), repeat=self.dim)
        return tuple(c for c in corners if c != self.minima[0])

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        square = np.square(position)
        loss = (square * (square - 16) + 5 * position).sum(axis=0) / 2
        return loss, position * (2 * square - 16) + 2.5

    def hessians(self, position: Array) -> tuple[Array, int]:
        return diagonal_matrices(6 * np.square(position) - 16), self.dim


# Roots of the derivative 2x³ − 16x + 2.5: the outer two are minima.
_DEEP, _SHALLOW = -2.9035340277711770, 2.7468027709908369
