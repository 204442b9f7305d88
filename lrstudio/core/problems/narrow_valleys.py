"""Narrow and curved valleys in the plane and in many dimensions."""

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.hyperparameters import Dimension
from lrstudio.core.problem import Interval, Point, Problem, numbered, plane_matrices


class DixonPrice(Problem, tag="dixon_price", frozen=True, kw_only=True):
    """Dixon–Price: a chain of parabolas, each of which sets the next.

    f(x) = (x₁ − 1)² + Σᵢ i (2xᵢ² − xᵢ₋₁)²         i ≥ 2

    Minima at xᵢ = 2^(2^(1−i) − 1); the last coordinate may as well be negative, so there are two.

    Dixon & Price, "The Truncated Newton Method for Sparse Unconstrained Optimisation Using
    Automatic Differentiation", 1989.
    """

    dim: Dimension = 2

    family = "valleys"
    traits = ("multimodal", "smooth", "scalable")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-10.0, 10.0),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-8.0 if i % 2 == 0 else 4.0 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        known = tuple(2.0 ** (2.0 ** (1 - i) - 1) for i in range(1, self.dim + 1))
        return known, (*known[:-1], -known[-1])

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        here, ahead = position[:-1], position[1:]
        number = numbered(position)[1:]
        off, first = 2 * np.square(ahead) - here, position[0] - 1
        weighted = 2 * number * off
        loss = np.square(first) + (0.5 * weighted * off).sum(axis=0)
        gradient = np.zeros_like(position)
        gradient[1:] = 4 * weighted * ahead
        gradient[:-1] -= weighted
        gradient[0] += 2 * first
        return loss, gradient


class Leon(Problem, tag="leon", frozen=True, kw_only=True):
    """Leon: a valley along a cubic parabola.

    f(x, y) = 100 (y − x³)² + (1 − x)²

    Steeper and more sharply bent than Rosenbrock's. Some tables print x² instead of x³, which is
    Rosenbrock's function itself.

    Lavi & Vogl, "Recent Advances in Optimization Techniques", 1966.
    """

    family = "valleys"
    traits = ("smooth",)
    domain = ((0.0, 10.0), (0.0, 10.0))
    view = ((0.0, 2.4), (0.0, 6.0))
    start = (2.0, 5.0)
    minima = ((1.0, 1.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        square, slope = np.square(x), 1 - x
        off = y - square * x
        steep = 200 * off
        gradient = np.stack([-3 * steep * square - 2 * slope, steep])
        return 0.5 * steep * off + np.square(slope), gradient

    def hessians(self, position: Array) -> tuple[Array, int]:
        x, y = position
        square = np.square(x)
        xx = 3000 * np.square(square) - 1200 * x * y + 2
        return plane_matrices(xx, -600 * square, 200.0, position.shape[1]), self.dim


class Zettl(Problem, tag="zettl", frozen=True, kw_only=True):
    """Zettl: a ring-shaped valley that slopes gently to one side.

    f(x, y) = x/4 + (x² − 2x + y²)²

    The floor is the circle of radius 1 around (1, 0); along it the loss falls by ½ in all, to
    f = −0.00379 at (−0.0299, 0).

    Jamil & Yang, "A Literature Survey of Benchmark Functions for Global Optimisation Problems",
    2013, arXiv:1308.4008, function 173.
    """

    family = "valleys"
    traits = ("smooth",)
    minimum_value = -0.003791237220468898
    domain = ((-1.0, 5.0), (-1.0, 5.0))
    start = (4.0, 3.0)
    minima = ((-0.029895985050660382, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        off = x * (x - 2) + np.square(y)
        steep = 4 * off
        return x / 4 + np.square(off), np.stack([0.25 + steep * (x - 1), steep * y])

    def hessians(self, position: Array) -> tuple[Array, int]:
        x, y = position
        off = x * (x - 2) + np.square(y)
        xx, yy = 4 * off + 8 * np.square(x - 1), 4 * off + 8 * np.square(y)
        return plane_matrices(xx, 8 * (x - 1) * y, yy, position.shape[1]), self.dim


class DeckkersAarts(Problem, tag="deckkers_aarts", frozen=True, kw_only=True):
    """Deckkers–Aarts: a canyon with two deep ends.

    f(x, y) = 10⁵ x² + y² − (x² + y²)² + 10^(−5) (x² + y²)⁴

    Minima at (0, ±14.945) with f = −24777, and a shallow one at the origin. Across the canyon the
    curvature is 10⁵ times that along it, and within the domain the loss reaches 4·10⁶.

    Dekkers & Aarts, "Global Optimization and Simulated Annealing", 1991.
    """

    family = "valleys"
    aliases = ("Dekkers-Aarts",)
    traits = ("multimodal", "smooth")
    minimum_value = -24776.51834231769
    domain = ((-20.0, 20.0), (-20.0, 20.0))
    view = ((-1.2, 1.2), (-20.0, 20.0))
    start = (-1.0, 3.0)
    minima = ((0.0, 14.945112151891959), (0.0, -14.945112151891959))
    local_minima = ((0.0, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        xx, yy = np.square(x), np.square(y)
        s = xx + yy
        square = np.square(s)
        loss = 1e5 * xx + yy - square + 1e-5 * np.square(square)
        slope = 4e-5 * square * s - 2 * s
        return loss, np.stack([2 * x * (1e5 + slope), 2 * y * (1 + slope)])

    def hessians(self, position: Array) -> tuple[Array, int]:
        x, y = position
        s = np.square(x) + np.square(y)
        slope, bend = 4e-5 * s**3 - 2 * s, 4 * (12e-5 * np.square(s) - 2)
        xx = 2 * (1e5 + slope) + bend * np.square(x)
        yy = 2 * (1 + slope) + bend * np.square(y)
        return plane_matrices(xx, bend * x * y, yy, position.shape[1]), self.dim


class WayburnSeader(Problem, tag="wayburn_seader1", frozen=True, kw_only=True):
    """Wayburn–Seader 1: a straight trench across steep walls of the twelfth power.

    f(x, y) = (x⁶ + y⁴ − 17)² + (2x + y − 4)²

    Minima at (1, 2) and (1.597, 0.806), close together in the same valley.

    Wayburn & Seader, "Homotopy Continuation Methods for Computer-Aided Process Design", 1987.
    """

    family = "valleys"
    traits = ("multimodal", "smooth")
    domain = ((-5.0, 5.0), (-5.0, 5.0))
    start = (-1.5, 1.0)
    minima = ((1.0, 2.0), (1.5968041538769333, 0.8063916922461333))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        xx, yy = np.square(x), np.square(y)
        x5 = np.square(xx) * x
        a, b = x5 * x + np.square(yy) - 17, 2 * x + y - 4
        gradient = np.stack([12 * x5 * a + 4 * b, 8 * yy * y * a + 2 * b])
        return np.square(a) + np.square(b), gradient
