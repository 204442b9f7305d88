"""Steep ridges and drops: gradients that differ by many orders of magnitude, or vanish."""

import functools

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.hyperparameters import Dimension
from lrstudio.core.problem import Interval, Point, Problem, numbered

PI = np.pi


class GoldsteinPrice(Problem, tag="goldstein_price", frozen=True, kw_only=True):
    """Goldstein–Price: four minima between walls of a million.

    f(x, y) = [1 + (u + 1)² (19 − 14u + 3u²)] [30 + v² (18 − 16v + 3v²)]
    u = x + y         v = 2x − 3y

    Symbols: u, one slanted coordinate; v, the other.

    Minimum at (0, −1) with f = 3. Losses span six orders of magnitude: look at them on a log scale,
    and clip gradients.

    Goldstein & Price, "On Descent from Local Minima", 1971.
    """

    family = "steep"
    traits = ("multimodal", "smooth")
    minimum_value = 3.0
    domain = ((-2.0, 2.0), (-2.0, 2.0))
    start = (-1.5, 1.2)
    minima = ((0.0, -1.0),)
    local_minima = ((-0.6, -0.4), (1.8, 0.2), (1.2, 0.8))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        u, v = x + y, 2 * x - 3 * y
        first = 1 + np.square(u + 1) * (19 + u * (3 * u - 14))
        second = 30 + np.square(v) * (18 + v * (3 * v - 16))
        slope_u = 12 * (u + 1) * (u - 1) * (u - 2)
        slope_v = 12 * v * (v - 1) * (v - 3)
        a, b = slope_u * second, first * slope_v
        return first * second, np.stack([a + 2 * b, a - 3 * b])


class Easom(Problem, tag="easom", frozen=True, kw_only=True):
    """Easom: a needle in a plain.

    f(x, y) = −cos x cos y exp[−(x − π)² − (y − π)²]

    Minimum at (π, π) with f = −1. A few units away the loss is flat to the last digit: no rule that
    follows the gradient finds the hole unless it starts at its rim.

    Easom, "A Survey of Global Optimization Techniques", 1990.
    """

    family = "steep"
    traits = ("multimodal", "smooth")
    minimum_value = -1.0
    domain = ((-100.0, 100.0), (-100.0, 100.0))
    view = ((1.2, 5.1), (1.6, 4.7))
    start = (1.7, 4.3)
    minima = ((float(PI), float(PI)),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        off = position - PI
        bell = np.exp(-np.square(off).sum(axis=0))
        sine, (a, b) = np.sin(position), np.cos(position)
        slope = 2 * off
        along_x = bell * b * (sine[0] + slope[0] * a)
        along_y = bell * a * (sine[1] + slope[1] * b)
        return -a * b * bell, np.stack([along_x, along_y])


class Michalewicz(Problem, tag="michalewicz", frozen=True, kw_only=True):
    """Michalewicz: narrow ravines that cross on a plateau.

    f(x) = −Σᵢ sin xᵢ sin²⁰(i xᵢ²/π)

    One ravine in the first coordinate, two in the second, and so on; between them gradients vanish.
    In the plane the minimum is at (2.2029, π/2) with f = −1.8013. Outside the domain there are
    deeper ones: positions are kept within it.

    Michalewicz, "Genetic Algorithms + Data Structures = Evolution Programs", 1992; m = 10.
    """

    dim: Dimension = 2

    family = "steep"
    traits = ("separable", "multimodal", "smooth", "scalable")
    is_confined = True

    @property
    def minimum_value(self) -> float:  # type: ignore[override]
        return float(self.loss(np.array(self.minima[0])))

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((0.0, float(PI)),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(1.9 if i % 2 == 0 else 1.2 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return (_deepest_ravines(self.dim),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        number = numbered(position)
        phase = number * np.square(position) / PI
        sine, wave = np.sin(position), np.sin(phase)
        ravine = wave**19
        turn = 40 / PI * sine * number * position * np.cos(phase)
        loss = -(sine * ravine * wave).sum(axis=0)
        return loss, -ravine * (np.cos(position) * wave + turn)


@functools.lru_cache(maxsize=16)
def _deepest_ravines(count: int) -> Point:
    """Where each of the first terms is lowest.

    That of number i is near the middle of one of the ravines x² = π² (k + ½)/i that lie nearest to
    π/2, where sin x is largest; there Newton's method, on the logarithm, converges in a few steps.
    """
    number = np.arange(1.0, count + 1)[:, None]
    nearest = np.rint(number / 4 - 0.5) + np.arange(-2, 3)
    x = PI * np.sqrt((np.clip(nearest, 0, number - 1) + 0.5) / number)
    for _ in range(20):
        phase, slope = number * np.square(x) / PI, 2 * number * x / PI
        first = 1 / np.tan(x) + 20 * slope / np.tan(phase)
        second = -1 / np.sin(x) ** 2 - 20 * np.square(slope / np.sin(phase))
        second += 40 * number / PI / np.tan(phase)
        x = x - first / second
    depth: Array = np.sin(x) * np.sin(number * np.square(x) / PI) ** 20
    return tuple(x[np.arange(count), depth.argmax(axis=1)].tolist())
