"""Curved valleys, plateaus and several basins, all polynomials."""

import functools
from fractions import Fraction
from itertools import pairwise

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.hyperparameters import Dimension
from lrstudio.core.problem import (
    Interval,
    Point,
    Problem,
    diagonal_matrices,
    plane_matrices,
)


class Rosenbrock(Problem, tag="rosenbrock", frozen=True, kw_only=True):
    """Rosenbrock: a flat, curved valley between steep walls.

    f(x) = Σᵢ [100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²]

    Minimum at (1, …, 1); in the plane the condition number there is 2508 and gradient descent is
    stable while η < 0.002. From four dimensions on there is a second, local minimum near
    (−1, 1, …, 1) with f between 3.7 and 4.

    Rosenbrock, "An Automatic Method for Finding the Greatest or Least Value of a Function", 1960;
    Shang & Qiu, "A Note on the Extended Rosenbrock Function", 2006.
    """

    dim: Dimension = 2

    family = "valleys"
    aliases = ("banana",)
    traits = ("smooth", "scalable")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-2.048, 2.048),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-1.2 if i % 2 == 0 else 1.0 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((1.0,) * self.dim,)

    @property
    def local_minima(self) -> tuple[Point, ...]:
        return (_near_minus_one(self.dim),) if self.dim >= 4 else ()

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        here, ahead = position[:-1], position[1:]
        off = ahead - np.square(here)  # from the floor of the valley
        slope = 1 - here
        steep = 200 * off
        loss = (0.5 * steep * off + np.square(slope)).sum(axis=0)
        gradient = np.zeros_like(position)
        gradient[:-1] = -2 * (here * steep + slope)
        gradient[1:] += steep
        return loss, gradient

    def hessians(self, position: Array) -> tuple[Array, int]:
        here, ahead = position[:-1], position[1:]
        bends = np.zeros_like(position)
        bends[:-1] = 1200 * np.square(here) - 400 * ahead + 2
        bends[1:] += 200
        matrices = diagonal_matrices(bends)
        places = np.arange(self.dim - 1)
        matrices[places, places + 1] = matrices[places + 1, places] = -400 * here
        return matrices, self.dim


@functools.cache
def _near_minus_one(dim: int) -> Point:
    """The local minimum of Rosenbrock's function near (−1, 1, …, 1), to the last digit.

    By Newton's method from there. Its last steps take gradients in fractions, as rounded ones have
    lost the digits in question. Each coordinate is half as far from 1 as the one before it, so that
    all beyond the sixty-fourth are 1.
    """
    known = min(dim, 64)
    function, x = Rosenbrock(dim=known), np.array([-1.0, *(1.0,) * (known - 1)])
    for _ in range(12):
        x -= np.linalg.solve(function.hessian(tuple(x)), function.loss_and_gradient(x)[1])
    for _ in range(2):
        x -= np.linalg.solve(function.hessian(tuple(x)), _slope_in_fractions(x))
    return (*x.tolist(), *(1.0,) * (dim - known))


def _slope_in_fractions(x: Array) -> Array:
    """The gradient of Rosenbrock's function `(dim,)`, rounded once."""
    exact = [Fraction(coordinate) for coordinate in x.tolist()]
    steep = [200 * (ahead - here**2) for here, ahead in pairwise(exact)]
    along = [-2 * (here * s + 1 - here) for here, s in zip(exact, steep, strict=False)]
    zero = Fraction(0)
    slopes = zip((*along, zero), (zero, *steep), strict=True)
    return np.array([float(own + from_before) for own, from_before in slopes])


class Beale(Problem, tag="beale", frozen=True, kw_only=True):
    """Beale: a flat plateau with steep corners.

    f(x, y) = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²

    Minimum at (3, ½). Gradients differ by many orders of magnitude between plateau and corners,
    where clipping or warm-up earn their keep.

    Beale, "On an Iterative Method for Finding a Local Minimum of a Function of More than One
    Variable", 1958.
    """

    family = "valleys"
    traits = ("smooth",)

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-4.5, 4.5), (-4.5, 4.5))

    @property
    def start(self) -> Point:
        return (1.0, 1.5)

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((3.0, 0.5),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        y2 = np.square(y)
        y3 = y2 * y
        a, b, c = 1.5 - x + x * y, 2.25 - x + x * y2, 2.625 - x + x * y3
        loss = np.square(a) + np.square(b) + np.square(c)
        along_x = a * (y - 1) + b * (y2 - 1) + c * (y3 - 1)
        along_y = x * (a + 2 * b * y + 3 * c * y2)
        return loss, np.stack([2 * along_x, 2 * along_y])

    def hessians(self, position: Array) -> tuple[Array, int]:
        x, y = position
        y2 = np.square(y)
        y3 = y2 * y
        a, b, c = 1.5 - x + x * y, 2.25 - x + x * y2, 2.625 - x + x * y3
        ax, bx, cx, by, cy = y - 1, y2 - 1, y3 - 1, 2 * x * y, 3 * x * y2
        xx = np.square(ax) + np.square(bx) + np.square(cx)
        xy = ax * x + a + bx * by + 2 * b * y + cx * cy + 3 * c * y2
        yy = np.square(x) + np.square(by) + 2 * b * x + np.square(cy) + 6 * c * x * y
        return plane_matrices(2 * xx, 2 * xy, 2 * yy, position.shape[1]), self.dim


class Himmelblau(Problem, tag="himmelblau", frozen=True, kw_only=True):
    """Himmelblau: four equal minima around a hill.

    f(x, y) = (x² + y − 11)² + (x + y² − 7)²

    Which one is reached depends on the start, the rule and the learning rate.

    Himmelblau, "Applied Nonlinear Programming", 1972.
    """

    family = "few_minima"
    traits = ("multimodal", "smooth")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-5.0, 5.0), (-5.0, 5.0))

    @property
    def start(self) -> Point:
        return (-0.5, -0.5)

    @property
    def minima(self) -> tuple[Point, ...]:
        return (
            (3.0, 2.0),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.283185991286170),
            (3.584428340330492, -1.848126526964404),
        )

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        a, b = np.square(x) + y - 11, x + np.square(y) - 7
        gradient = np.stack([4 * x * a + 2 * b, 2 * a + 4 * y * b])
        return np.square(a) + np.square(b), gradient

    def hessians(self, position: Array) -> tuple[Array, int]:
        x, y = position
        a, b = np.square(x) + y - 11, x + np.square(y) - 7
        xx, yy = 4 * a + 8 * np.square(x) + 2, 2 + 4 * b + 8 * np.square(y)
        return plane_matrices(xx, 4 * (x + y), yy, position.shape[1]), self.dim


class ThreeHumpCamel(Problem, tag="three_hump_camel", frozen=True, kw_only=True):
    """Three-hump camel: a global basin between two local ones.

    f(x, y) = 2x² − 1.05x⁴ + x⁶/6 + xy + y²

    Minimum at the origin; local ones with f = 0.2986 near ±(1.7476, −0.8738).

    Branin & Hoo, "A Method for Finding Multiple Extrema of a Function of n Variables", 1972.
    """

    family = "few_minima"
    traits = ("multimodal", "smooth")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-5.0, 5.0), (-5.0, 5.0))

    @property
    def start(self) -> Point:
        return (-2.0, 3.0)

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0, 0.0),)

    @property
    def local_minima(self) -> tuple[Point, ...]:
        # y = −x/2 and x⁴ − 4.2x² + 3.5 = 0: the larger root is the minimum.
        x = float(np.sqrt((4.2 + np.sqrt(4.2**2 - 4 * 3.5)) / 2))
        return ((x, -x / 2), (-x, x / 2))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        square = np.square(x)
        loss = square * (2 + square * (square / 6 - 1.05)) + y * (x + y)
        along_x = x * (4 + square * (square - 4.2)) + y
        return loss, np.stack([along_x, x + 2 * y])

    def hessians(self, position: Array) -> tuple[Array, int]:
        square = np.square(position[0])
        bend = 4 + square * (5 * square - 12.6)
        return plane_matrices(bend, 1.0, 2.0, position.shape[1]), self.dim
