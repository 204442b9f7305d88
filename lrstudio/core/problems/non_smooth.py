"""Kinks, creases and cusps: where the gradient jumps or has no limit."""

import itertools
import math

import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.hyperparameters import Dimension
from lrstudio.core.problem import Interval, Point, Problem


class Bukin6(Problem, tag="bukin6", frozen=True, kw_only=True):
    """Bukin N 6: a ridge turned upside down, with a floor as sharp as a knife.

    f(x, y) = 100 √|y − 0.01x²| + 0.01 |x + 10|

    The slope grows without bound towards the floor, on which the minimum (−10, 1) lies: no fixed
    learning rate settles. On the floor itself the root's gradient is taken as 0.

    Mishra, "Some New Test Functions for Global Optimization and Performance of Repulsive Particle
    Swarm Method", 2006.
    """

    family = "non_smooth"
    is_smooth = False
    domain = ((-15.0, -5.0), (-3.0, 3.0))
    start = (-13.0, -1.5)
    minima = ((-10.0, 1.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        off, aside = y - 0.01 * np.square(x), x + 10
        root = np.sqrt(np.abs(off))
        slope = 50 * np.sign(off) / np.where(root > 0, root, 1.0)
        loss = 100 * root + 0.01 * np.abs(aside)
        return loss, np.stack([0.01 * np.sign(aside) - 0.02 * x * slope, slope])


class CrossInTray(Problem, tag="cross_in_tray", frozen=True, kw_only=True):
    """Cross-in-tray: a cross of creases over a tray of shallow cups.

    f(x, y) = −0.0001 (a |sin x sin y| + 1)^0.1
    a = exp(|100 − r/π|)         r = √(x² + y²)

    Symbols: a, a factor that falls from e¹⁰⁰ at the origin; r, the distance from it.

    Minima at (±1.3494, ±1.3494) with f = −2.0626. At the creases, where a sine vanishes, the loss
    drops within 10⁻⁴⁰ of a unit; on them the gradient is taken as 0. Very far out the function
    falls without end: positions are kept within the domain.

    Mishra, "Some New Test Functions for Global Optimization and Performance of Repulsive Particle
    Swarm Method", 2006.
    """

    family = "non_smooth"
    traits = ("multimodal",)
    is_confined = True
    minimum_value = -2.062611870822737
    domain = ((-10.0, 10.0), (-10.0, 10.0))
    start = (-4.0, 8.5)

    @property
    def minima(self) -> tuple[Point, ...]:
        return tuple(itertools.product((_TRAY, -_TRAY), repeat=2))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        radius = np.hypot(x, y)
        (a, b), (along_a, along_b) = np.sin(position), np.cos(position)
        exponent, product = 100 - radius / np.pi, a * b
        size, rise = np.abs(product), np.abs(exponent)
        # In logarithms, which do not overflow where the tenth power does not.
        logarithm = np.logaddexp(0.0, rise + np.log(np.where(size > 0, size, 1e-300)))
        loss = -1e-4 * np.exp(0.1 * logarithm)
        inward = -np.sign(exponent) * size / (np.pi * np.where(radius > 0, radius, np.inf))
        side = np.sign(product)
        slope = 0.1 * loss * np.exp(rise - logarithm)
        gradient = np.stack([side * along_a * b + inward * x, side * a * along_b + inward * y])
        return loss, slope * gradient


_TRAY = 1.3494066171539107


class HolderTable(Problem, tag="holder_table", frozen=True, kw_only=True):
    """Holder table: a table that stands on its four corners.

    f(x, y) = −a |sin x cos y|         a = exp(|1 − r/π|)         r = √(x² + y²)

    Symbols: a, a factor that grows outwards; r, the distance from the origin.

    Minima at (±8.0550, ±9.6646) with f = −19.209, each in the last hole before the corner; farther
    out there are ever deeper ones: positions are kept within the domain. At its kinks, which are
    lines along the axes and the circle r = π, the gradient is taken as the mean of both sides.

    Mishra, "Some New Test Functions for Global Optimization and Performance of Repulsive Particle
    Swarm Method", 2006.
    """

    family = "non_smooth"
    traits = ("multimodal",)
    is_confined = True
    minimum_value = -19.208502567886732
    domain = ((-10.0, 10.0), (-10.0, 10.0))
    start = (-0.5, 1.5)

    @property
    def minima(self) -> tuple[Point, ...]:
        x, y = 8.055023475736563, 9.664590019241272
        return tuple(itertools.product((x, -x), (y, -y)))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        radius = np.hypot(x, y)
        a, b, exponent = np.sin(x), np.cos(y), 1 - radius / np.pi
        product, scale = a * b, np.exp(np.abs(exponent))
        side = np.sign(product) * scale
        loss = -np.abs(product) * scale
        inward = -np.sign(exponent) / (np.pi * np.where(radius > 0, radius, np.inf)) * loss
        along_x, along_y = inward * x - side * np.cos(x) * b, inward * y + side * a * np.sin(y)
        return loss, np.stack([along_x, along_y])


class Alpine1(Problem, tag="alpine1", frozen=True, kw_only=True):
    """Alpine 1: sharp valleys along all coordinates, many of them at sea level.

    f(x) = Σᵢ |xᵢ sin xᵢ + 0.1xᵢ|

    f = 0 wherever every xᵢ is 0 or has sin xᵢ = −0.1: at 8^N points of the domain, of which lists
    name only the origin. In more than two dimensions only that one is named here as well. At the
    kinks the gradient is taken as 0.

    Jamil & Yang, "A Literature Survey of Benchmark Functions for Global Optimisation Problems",
    2013, arXiv:1308.4008, function 6.
    """

    dim: Dimension = 2

    family = "non_smooth"
    traits = ("separable", "multimodal", "scalable")
    is_smooth = False

    @property
    def minima_are_examples(self) -> bool:  # type: ignore[override]
        return len(self.minima) == 1

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-10.0, 10.0),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-7.6 if i % 2 == 0 else 8.2 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        zeros = _alpine_zeros() if self.dim == 2 else (0.0,)
        return ((0.0,) * self.dim, *_others(zeros, self.dim))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        factor = np.sin(position) + 0.1
        height = position * factor
        slope = np.sign(height) * (factor + position * np.cos(position))
        return np.abs(height).sum(axis=0), slope


def _alpine_zeros() -> tuple[float, ...]:
    """The zeros of one term in the domain, of which 0 is the first."""
    angle = math.asin(0.1)
    falling = (-angle + 2 * math.pi * turn for turn in (-1, 0, 1))
    rising = (math.pi + angle + 2 * math.pi * turn for turn in (-2, -1, 0, 1))
    return (0.0, *falling, *rising)


def _others(zeros: tuple[float, ...], dim: int) -> tuple[Point, ...]:
    """All points of these coordinates but the origin."""
    if len(zeros) == 1:
        return ()
    return tuple(p for p in itertools.product(zeros, repeat=dim) if any(p))


class Salomon(Problem, tag="salomon", frozen=True, kw_only=True):
    """Salomon: rings around a cusp.

    f(x) = 1 − cos 2πr + 0.1r         r = √(Σᵢ xᵢ²)

    Symbols: r, the distance from the origin.

    Ring-shaped valleys one unit apart, each a tenth deeper than the next outer one; the slope does
    not vanish at the minimum, and at the cusp itself the gradient is taken as 0.

    Salomon, "Re-evaluating Genetic Algorithm Performance under Coordinate Rotation of Benchmark
    Functions", 1996.
    """

    dim: Dimension = 2

    family = "non_smooth"
    traits = ("multimodal", "scalable")
    is_smooth = False

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-100.0, 100.0),) * self.dim

    @property
    def view(self) -> tuple[Interval, ...]:
        return ((-3.5, 3.5),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-2.7 if i % 2 == 0 else 1.6 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0,) * self.dim,)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        radius = np.sqrt(np.square(position).sum(axis=0))
        loss = 2 * np.square(np.sin(np.pi * radius)) + 0.1 * radius
        slope = 2 * np.pi * np.sin(2 * np.pi * radius) + 0.1
        return loss, slope / np.where(radius > 0, radius, np.inf) * position
