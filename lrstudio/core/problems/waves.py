"""Waves that cover the whole plane, as rings or as lattices."""

import itertools

import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.hyperparameters import Dimension
from lrstudio.core.problem import Interval, Point, Problem, numbered


class DropWave(Problem, tag="drop_wave", frozen=True, kw_only=True):
    """Drop wave: rings as from a drop in still water.

    f(x, y) = −(1 + cos 12r) / (0.5r² + 2)        r = √(x² + y²)

    Symbols: r, the distance from the origin.

    Each ring is a valley that leads nowhere; only the innermost hole has f = −1.

    Surjanovic & Bingham, "Virtual Library of Simulation Experiments", 2013.
    """

    family = "many_minima"
    traits = ("multimodal", "smooth")
    minimum_value = -1.0
    domain = ((-5.12, 5.12), (-5.12, 5.12))
    view = ((-1.8, 1.8), (-1.35, 1.35))
    start = (-1.2, 0.5)
    minima = ((0.0, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        radius = np.hypot(x, y)
        crest, spread = 1 + np.cos(12 * radius), 0.5 * np.square(radius) + 2
        safe = np.where(radius > 0, radius, np.inf)
        slope = 12 * np.sin(12 * radius) / (safe * spread) + crest / np.square(spread)
        return -crest / spread, slope * position


class Schaffer2(Problem, tag="schaffer2", frozen=True, kw_only=True):
    """Schaffer N 2: ever finer waves on a plain.

    f(x, y) = ½ + (sin²(x² − y²) − ½) / (1 + 0.001 (x² + y²))²

    Curvature 0.002 at the minimum, and waves whose length shrinks like 1/x: gradients say less the
    farther out one starts.

    Mishra, "Some New Test Functions for Global Optimization and Performance of Repulsive Particle
    Swarm Method", 2006.
    """

    family = "many_minima"
    aliases = ("Modified Schaffer 2",)
    traits = ("multimodal", "smooth")
    domain = ((-100.0, 100.0), (-100.0, 100.0))
    view = ((-4.0, 4.0), (-3.0, 3.0))
    start = (-3.4, 2.2)
    minima = ((0.0, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        (sine, cosine), spread = _phase(x, y), 1 + 0.001 * (np.square(x) + np.square(y))
        wave, square = np.square(sine) - 0.5, np.square(spread)
        turn, fade = 4 * sine * cosine / square, 0.004 * wave / (square * spread)
        return 0.5 + wave / square, np.stack([x * (turn - fade), y * (-turn - fade)])


class Schaffer4(Problem, tag="schaffer4", frozen=True, kw_only=True):
    """Schaffer N 4: ever finer waves, with the minima beside the origin.

    f(x, y) = ½ + (cos²(sin |x² − y²|) − ½) / (1 + 0.001 (x² + y²))²

    Four minima at (0, ±1.2531) and (±1.2531, 0) with f = 0.29258; the origin is a maximum. In spite
    of the absolute value the function is smooth, as the cosine is even.

    Mishra, "Some New Test Functions for Global Optimization and Performance of Repulsive Particle
    Swarm Method", 2006.
    """

    family = "many_minima"
    aliases = ("Modified Schaffer 4",)
    traits = ("multimodal", "smooth")
    minimum_value = 0.29257863203598056
    domain = ((-100.0, 100.0), (-100.0, 100.0))
    view = ((-4.0, 4.0), (-3.0, 3.0))
    start = (-3.1, 1.6)
    minima = (
        (0.0, 1.2531318314637332),
        (0.0, -1.2531318314637332),
        (1.2531318314637332, 0.0),
        (-1.2531318314637332, 0.0),
    )

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        (sine, cosine), spread = _phase(x, y), 1 + 0.001 * (np.square(x) + np.square(y))
        wave, square = np.square(np.cos(sine)) - 0.5, np.square(spread)
        turn = -2 * np.sin(2 * sine) * cosine / square
        fade = 0.004 * wave / (square * spread)
        return 0.5 + wave / square, np.stack([x * (turn - fade), y * (-turn - fade)])


def _phase(x: ArrayLike, y: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
    """Sine and cosine of x² − y², to the last digit.

    Far out the phase has five digits before the point, and would have as many fewer behind it: what
    is rounded off in (x − y)(x + y) is computed as well (Dekker, "A Floating-Point Technique for
    Extending the Available Precision", 1971) and added to sine and cosine.
    """
    apart, off_apart = _sum(x, -y)
    total, off_total = _sum(x, y)
    phase = apart * total
    (a, b), (c, d) = _halves(apart), _halves(total)
    off = b * d - (((phase - a * c) - b * c) - a * d)
    off = off + apart * off_total + total * off_apart
    sine, cosine = np.sin(phase), np.cos(phase)
    return sine + off * cosine, cosine - off * sine


def _sum(a: ArrayLike, b: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
    """A sum, and what its rounding lost."""
    total = a + b
    other = total - a
    return total, (a - (total - other)) + (b - other)


def _halves(number: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
    """The higher and the lower half of the digits."""
    scaled = (2.0**27 + 1) * number
    high = scaled - (scaled - number)
    return high, number - high


class Shubert(Problem, tag="shubert", frozen=True, kw_only=True):
    """Shubert: many equal minima in pairs.

    f(x, y) = s(x) s(y)         s(x) = Σₖ k cos((k + 1) x + k)

    Symbols: s, a sum of five waves; k, their number from 1 to 5.

    18 global minima with f = −186.73, where one factor is at its lowest and the other at its
    highest, among 760 minima in all. One period is 2π.

    Shubert, "A Sequential Method Seeking the Global Maximum of a Function", 1972.
    """

    family = "many_minima"
    traits = ("multimodal", "smooth")
    minimum_value = -186.73090883102384
    domain = ((-10.0, 10.0), (-10.0, 10.0))
    view = ((-2.6, 1.4), (-2.6, 0.4))
    start = (0.3, -0.3)

    @property
    def minima(self) -> tuple[Point, ...]:
        lows, highs = (
            [at + 2 * np.pi * turn for turn in (-1, 0, 1)] for at in (_SHUBERT_LOW, _SHUBERT_HIGH)
        )
        return (*itertools.product(highs, lows), *itertools.product(lows, highs))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        phases = {k: (k + 1) * position + k for k in range(1, 6)}
        total: ArrayLike = sum(k * np.cos(phase) for k, phase in phases.items())
        slope: ArrayLike = sum(-k * (k + 1) * np.sin(phase) for k, phase in phases.items())
        a, b = total
        return a * b, np.stack([slope[0] * b, a * slope[1]])


# Where the sum of the five waves is lowest and highest within one period.
_SHUBERT_LOW, _SHUBERT_HIGH = -1.4251284283197610, -0.8003211004719731


class Bird(Problem, tag="bird", frozen=True, kw_only=True):
    """Bird: two deep holes between sharp ridges.

    f(x, y) = sin x exp[(1 − cos y)²] + cos y exp[(1 − sin x)²] + (x − y)²

    Minima at (4.7010, 3.1529) and (−1.5821, −3.1302) with f = −106.76; the exponentials reach e⁴.

    Mishra, "Some New Test Functions for Global Optimization and Performance of Repulsive Particle
    Swarm Method", 2006.
    """

    family = "many_minima"
    traits = ("multimodal", "smooth")
    minimum_value = -106.76453674926468
    domain = ((-2 * np.pi, 2 * np.pi), (-2 * np.pi, 2 * np.pi))
    start = (0.5, -1.0)
    minima = (
        (4.701043130249553, 3.15293850372493),
        (-1.5821421769300335, -3.1302468034546562),
    )

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        sine, cosine, apart = np.sin(x), np.cos(y), x - y
        a, b = 1 - cosine, 1 - sine
        first, second = np.exp(np.square(a)), np.exp(np.square(b))
        along_x = np.cos(x) * (first - 2 * cosine * b * second) + 2 * apart
        along_y = np.sin(y) * (2 * sine * a * first - second) - 2 * apart
        loss = sine * first + cosine * second + np.square(apart)
        return loss, np.stack([along_x, along_y])


class Trigonometric(Problem, tag="trigonometric", frozen=True, kw_only=True):
    """Trigonometric: equations that all know the sum of all cosines.

    f(x) = Σᵢ rᵢ²         rᵢ = N − Σⱼ cos xⱼ + i (1 − cos xᵢ) − sin xᵢ

    Symbols: r, the residuals; j, the number of a parameter.

    f = 0 at the origin, where the curvature is 2 in every direction. Lists name no other zero, but
    in the plane there is one at (0.2431, 0.6127), and from three dimensions on there are more than
    are named here, and higher minima besides.

    Moré, Garbow & Hillstrom, "Testing Unconstrained Optimization Software", 1981, problem 26.
    """

    dim: Dimension = 2

    family = "many_minima"
    aliases = ("Spedicato",)
    traits = ("multimodal", "smooth", "scalable")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((0.0, float(np.pi)),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(0.7 if i % 2 == 0 else 2.0 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0,) * self.dim, *((_TRIGONOMETRIC_ZERO,) if self.dim == 2 else ()))

    @property
    def minima_are_examples(self) -> bool:  # type: ignore[override]
        return self.dim > 2

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        number, sine = numbered(position), np.sin(position)
        drop = 2 * np.square(np.sin(position / 2))  # 1 − cos x
        residual = drop.sum(axis=0) + number * drop - sine
        own = residual * (number * sine - np.cos(position))
        gradient = 2 * (sine * residual.sum(axis=0) + own)
        return np.square(residual).sum(axis=0), gradient


# The common root of the two equations in the plane beside the origin.
_TRIGONOMETRIC_ZERO = (0.24306420220156216, 0.61267611713733418)
