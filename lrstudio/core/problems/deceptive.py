"""Deceptive landscapes: where the loss falls leads away from the best minimum."""

import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.hyperparameters import Dimension
from lrstudio.core.problem import Interval, Point, Problem


class Schwefel(Problem, tag="schwefel", frozen=True, kw_only=True):
    """Schwefel: the best minimum lies far from the second best.

    f(x) = 418.9828872724339 N − Σᵢ xᵢ sin √|xᵢ|

    Minimum at xᵢ = 420.97 with f = 0; with the usual constant 418.9829 it would be 2.5e−5 N.
    Coordinates are in the hundreds and curvatures below 1, so that learning rates of 1 to 10 are
    right. Outside the domain there are deeper minima: positions are kept within it.

    Schwefel, "Numerical Optimization of Computer Models", 1981.
    """

    dim: Dimension = 2

    family = "deceptive"
    aliases = ("Schwefel 2.26",)
    traits = ("separable", "multimodal", "scalable")
    is_confined = True

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-500.0, 500.0),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-100.0 if i % 2 == 0 else 330.0 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((420.96874635998205,) * self.dim,)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        root = np.sqrt(np.abs(position))
        wave = np.sin(root)
        loss = (418.9828872724339 - position * wave).sum(axis=0)
        return loss, -wave - 0.5 * root * np.cos(root)


class Eggholder(Problem, tag="eggholder", frozen=True, kw_only=True):
    """Eggholder: hundreds of holes, the deepest at the edge.

    f(x, y) = −(y + 47) sin √|y + x/2 + 47| − x sin √|x − (y + 47)|

    Minimum at (512, 404.23) with f = −959.64, where the function still falls outwards: positions
    are kept within the domain. Where a root vanishes, its gradient is taken as 0.

    Mishra, "Some New Test Functions for Global Optimization and Performance of Repulsive Particle
    Swarm Method", 2006.
    """

    family = "deceptive"
    traits = ("multimodal",)
    is_confined = True
    minimum_value = -959.6406627208509
    domain = ((-512.0, 512.0), (-512.0, 512.0))
    start = (440.0, 330.0)
    minima = ((512.0, 404.2318051137578),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        shifted = y + 47
        a, b = shifted + x / 2, x - shifted
        first, second = np.sqrt(np.abs(a)), np.sqrt(np.abs(b))
        # y + 47 times the slope of sin √|a| along a, and x times that of sin √|b| along b
        rise = shifted * np.cos(first) * np.sign(a) / (2 * np.where(first > 0, first, np.inf))
        fall = x * np.cos(second) * np.sign(b) / (2 * np.where(second > 0, second, np.inf))
        wave, other = np.sin(first), np.sin(second)
        loss = -shifted * wave - x * other
        return loss, np.stack([-0.5 * rise - other - fall, -wave - rise + fall])


class Adjiman(Problem, tag="adjiman", frozen=True, kw_only=True):
    """Adjiman: a slope that leads over the edge of the domain.

    f(x, y) = cos x sin y − x/(y² + 1)

    Minimum at (2, 0.10578) with f = −2.0218, on the edge of the domain; beyond it the function
    falls without end: positions are kept within the domain.

    Jamil & Yang, "A Literature Survey of Benchmark Functions for Global Optimisation Problems",
    2013, arXiv:1308.4008, function 5.
    """

    family = "deceptive"
    traits = ("smooth",)
    is_confined = True
    minimum_value = -2.021806783359787
    domain = ((-1.0, 2.0), (-1.0, 1.0))
    start = (-0.8, 0.8)
    minima = ((2.0, 0.1057834694517169),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        (sine_x, sine_y), (cosine_x, cosine_y) = np.sin(position), np.cos(position)
        spread = np.square(y) + 1
        along_x = -sine_x * sine_y - 1 / spread
        along_y = cosine_x * cosine_y + 2 * x * y / np.square(spread)
        return cosine_x * sine_y - x / spread, np.stack([along_x, along_y])
