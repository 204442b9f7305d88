"""Plates: wide, nearly flat bowls with one slow direction."""

import math

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.hyperparameters import Dimension
from lrstudio.core.problem import Interval, Point, Problem, numbered, plane_matrices


class Booth(Problem, tag="booth", frozen=True, kw_only=True):
    """Booth: two lines that cross away from the origin.

    f(x, y) = (x + 2y − 7)² + (2x + y − 5)²

    A tilted quadratic with condition number 9; a first exercise that every rule solves.

    Jamil & Yang, "A Literature Survey of Benchmark Functions for Global Optimisation Problems",
    2013, arXiv:1308.4008, function 17.
    """

    family = "plates"
    traits = ("convex", "smooth")
    domain = ((-10.0, 10.0), (-10.0, 10.0))
    start = (-8.0, -3.0)
    minima = ((1.0, 3.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        a, b = x + 2 * y - 7, 2 * x + y - 5
        return np.square(a) + np.square(b), np.stack([2 * a + 4 * b, 4 * a + 2 * b])

    def hessians(self, position: Array) -> tuple[Array, int]:
        return plane_matrices(10.0, 8.0, 10.0, position.shape[1]), self.dim


class Matyas(Problem, tag="matyas", frozen=True, kw_only=True):
    """Matyas: a plate with one slow diagonal.

    f(x, y) = 0.26 (x² + y²) − 0.48xy

    Curvatures 0.04 and 1 along the diagonals: a rule that scales each coordinate by itself cannot
    tell them apart.

    Jamil & Yang, "A Literature Survey of Benchmark Functions for Global Optimisation Problems",
    2013, arXiv:1308.4008, function 71.
    """

    family = "plates"
    traits = ("convex", "smooth")
    domain = ((-10.0, 10.0), (-10.0, 10.0))
    start = (-8.0, -5.0)
    minima = ((0.0, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        loss = 0.26 * (np.square(x) + np.square(y)) - 0.48 * x * y
        return loss, np.stack([0.52 * x - 0.48 * y, 0.52 * y - 0.48 * x])

    def hessians(self, position: Array) -> tuple[Array, int]:
        return plane_matrices(0.52, -0.48, 0.52, position.shape[1]), self.dim


class McCormick(Problem, tag="mccormick", frozen=True, kw_only=True):
    """McCormick: a tilted trough with waves along it.

    f(x, y) = sin(x + y) + (x − y)² − 1.5x + 2.5y + 1

    Minimum at (½ − π/3, −½ − π/3) with f = −√3/2 − π/3. Each wave further down is lower by π, so it
    is the global minimum of the domain only: positions are kept within the domain.

    McCormick, "Computability of Global Solutions to Factorable Nonconvex Programs", 1976.
    """

    family = "plates"
    traits = ("multimodal", "smooth")
    is_confined = True
    minimum_value = -math.sqrt(3) / 2 - math.pi / 3
    domain = ((-1.5, 4.0), (-3.0, 4.0))
    start = (3.5, 0.5)
    minima = ((0.5 - math.pi / 3, -0.5 - math.pi / 3),)
    local_minima = ((0.5 + 2 * math.pi / 3, -0.5 + 2 * math.pi / 3),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        total, apart = x + y, x - y
        loss = np.sin(total) + np.square(apart) - 1.5 * x + 2.5 * y + 1
        slope = np.cos(total)
        return loss, np.stack([slope + 2 * apart - 1.5, slope - 2 * apart + 2.5])

    def hessians(self, position: Array) -> tuple[Array, int]:
        bend = -np.sin(position[0] + position[1])
        return plane_matrices(bend + 2, bend - 2, bend + 2, position.shape[1]), self.dim


class Zakharov(Problem, tag="zakharov", frozen=True, kw_only=True):
    """Zakharov: a plate between walls of the fourth power.

    f(x) = Σᵢ xᵢ² + s² + s⁴         s = ½ Σᵢ i xᵢ

    Symbols: s, a weighted sum of the parameters.

    The same learning rate that is calm near the minimum diverges from far out, where the curvature
    grows with s².

    Surjanovic & Bingham, "Virtual Library of Simulation Experiments", 2013.
    """

    dim: Dimension = 2

    family = "plates"
    traits = ("convex", "smooth", "scalable")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-5.0, 10.0),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-4.0 if i % 2 == 0 else 8.0 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0,) * self.dim,)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        number = numbered(position)
        s = 0.5 * (number * position).sum(axis=0)
        square = np.square(s)
        loss = np.square(position).sum(axis=0) + square + np.square(square)
        return loss, 2 * position + number * (s + 2 * s * square)

    def hessians(self, position: Array) -> tuple[Array, int]:
        number = np.arange(1.0, self.dim + 1)
        square = np.square(0.5 * (number @ position))
        coupled = np.multiply.outer(np.outer(number, number), 0.5 + 3 * square)
        return coupled + 2 * np.eye(self.dim)[:, :, None], self.dim
