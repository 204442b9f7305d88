"""A handful of minima in the plane: where one ends depends on start, rule and learning rate."""

import itertools
import math

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.hyperparameters import Dimension
from lrstudio.core.problem import (
    Interval,
    Point,
    Problem,
    diagonal_matrices,
    numbered,
    plane_matrices,
)


class SixHumpCamel(Problem, tag="six_hump_camel", frozen=True, kw_only=True):
    """Six-hump camel: three pairs of minima, one pair deeper than the others.

    f(x, y) = (4 − 2.1x² + x⁴/3) x² + xy + (4y² − 4) y²

    Global minima at ±(0.0898, −0.7127) with f = −1.0316.

    Branin, "Widely Convergent Method for Finding Multiple Solutions of Simultaneous Nonlinear
    Equations", 1972; Dixon & Szegő, "Towards Global Optimisation 2", 1978.
    """

    family = "few_minima"
    traits = ("multimodal", "smooth")
    minimum_value = -1.0316284534898774
    domain = ((-3.0, 3.0), (-2.0, 2.0))
    start = (-2.5, 1.5)
    minima = (
        (0.08984201310031806, -0.7126564030207396),
        (-0.08984201310031806, 0.7126564030207396),
    )
    local_minima = (
        (-1.7036067149699808, 0.7960835686726251),
        (1.7036067149699808, -0.7960835686726251),
        (-1.6071047529201972, -0.5686514548841314),
        (1.6071047529201972, 0.5686514548841314),
    )

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        xx, yy = np.square(x), np.square(y)
        loss = (4 - 2.1 * xx + np.square(xx) / 3) * xx + x * y + (4 * yy - 4) * yy
        along_x = x * (8 + xx * (2 * xx - 8.4)) + y
        return loss, np.stack([along_x, x + y * (16 * yy - 8)])

    def hessians(self, position: Array) -> tuple[Array, int]:
        xx, yy = np.square(position)
        bend = 8 + xx * (10 * xx - 25.2)
        return plane_matrices(bend, 1.0, 48 * yy - 8, position.shape[1]), self.dim


class Branin(Problem, tag="branin", frozen=True, kw_only=True):
    """Branin: three equal minima in a row along a curved valley.

    f(x, y) = (y − a x² + b x − 6)² + c cos x + 10
    a = 5.1/(4π²)         b = 5/π         c = 10 (1 − 1/(8π))

    Symbols: a, the bend of the valley; b, its slope; c, the depth of the waves along it.

    Minima at (−π, 12.275), (π, 2.275) and (3π, 2.475) with f = 10/(8π) = 0.3979.

    Branin, "Widely Convergent Method for Finding Multiple Solutions of Simultaneous Nonlinear
    Equations", 1972.
    """

    family = "few_minima"
    aliases = ("Branin-Hoo", "Branin RCOS")
    traits = ("multimodal", "smooth")
    minimum_value = 10 / (8 * math.pi)
    domain = ((-5.0, 10.0), (0.0, 15.0))
    start = (-3.0, 2.0)
    minima = ((-math.pi, 12.275), (math.pi, 2.275), (3 * math.pi, 2.475))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        a, b, c = 5.1 / (4 * np.pi**2), 5 / np.pi, 10 * (1 - 1 / (8 * np.pi))
        off = y - a * np.square(x) + b * x - 6
        loss = np.square(off) + c * np.cos(x) + 10
        return loss, np.stack([2 * off * (b - 2 * a * x) - c * np.sin(x), 2 * off])

    def hessians(self, position: Array) -> tuple[Array, int]:
        x, y = position
        a, b, c = 5.1 / (4 * np.pi**2), 5 / np.pi, 10 * (1 - 1 / (8 * np.pi))
        off, slope = y - a * np.square(x) + b * x - 6, b - 2 * a * x
        xx = 2 * np.square(slope) - 4 * a * off - c * np.cos(x)
        return plane_matrices(xx, 2 * slope, 2.0, position.shape[1]), self.dim


class FreudensteinRoth(Problem, tag="freudenstein_roth", frozen=True, kw_only=True):
    """Freudenstein–Roth: the wider valley leads to the wrong minimum.

    f(x, y) = [x − 13 + ((5 − y) y − 2) y]² + [x − 29 + ((y + 1) y − 14) y]²

    Minimum at (5, 4) with f = 0; from the usual start most rules end at (11.41, −0.8968) with
    f = 48.98.

    Freudenstein & Roth, "Numerical Solution of Systems of Nonlinear Equations", 1963.
    """

    family = "few_minima"
    traits = ("multimodal", "smooth")
    domain = ((-10.0, 10.0), (-10.0, 10.0))
    start = (0.5, -2.0)
    minima = ((5.0, 4.0),)
    local_minima = ((11.412778986902094, -0.8968052532744765),)  # y = (2 − √22)/3

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        a = x - 13 + ((5 - y) * y - 2) * y
        b = x - 29 + ((y + 1) * y - 14) * y
        along_y = a * ((10 - 3 * y) * y - 2) + b * ((3 * y + 2) * y - 14)
        return np.square(a) + np.square(b), np.stack([2 * (a + b), 2 * along_y])

    def hessians(self, position: Array) -> tuple[Array, int]:
        x, y = position
        a = x - 13 + ((5 - y) * y - 2) * y
        b = x - 29 + ((y + 1) * y - 14) * y
        ay, by = (10 - 3 * y) * y - 2, (3 * y + 2) * y - 14
        yy = np.square(ay) + np.square(by) + a * (10 - 6 * y) + b * (6 * y + 2)
        return plane_matrices(4.0, 2 * (ay + by), 2 * yy, position.shape[1]), self.dim


class DoubleWellPlane(Problem, tag="double_well_plane", frozen=True, kw_only=True):
    """Double well in the plane: two equal minima on either side of a pass.

    f(x, y) = (x² − 1)² + y²

    Minima at (±1, 0) with f = 0 and curvatures 8 and 2; a saddle at the origin with f = 1.

    Closed form.
    """

    family = "few_minima"
    traits = ("separable", "multimodal", "smooth")
    domain = ((-3.0, 3.0), (-3.0, 3.0))
    start = (0.05, 2.5)
    minima = ((1.0, 0.0), (-1.0, 0.0))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        off = np.square(x) - 1
        return np.square(off) + np.square(y), np.stack([4 * x * off, 2 * y])

    def hessians(self, position: Array) -> tuple[Array, int]:
        bend = 12 * np.square(position[0]) - 4
        return plane_matrices(bend, 0.0, 2.0, position.shape[1]), self.dim


class Zirilli(Problem, tag="zirilli", frozen=True, kw_only=True):
    """Zirilli: two wells, one a little deeper.

    f(x, y) = 0.25x⁴ − 0.5x² + 0.1x + 0.5y²

    Global minimum at (−1.0467, 0) with f = −0.3524; the other, at (0.9456, 0), has f = −0.1526.

    Aluffi-Pentini, Parisi & Zirilli, "Global Optimization and Stochastic Differential Equations",
    1985.
    """

    family = "few_minima"
    aliases = ("Aluffi-Pentini",)
    traits = ("separable", "multimodal", "smooth")
    minimum_value = -0.35238607380003645
    domain = ((-10.0, 10.0), (-10.0, 10.0))
    start = (3.0, -8.0)
    minima = ((-1.0466805318046022, 0.0),)
    local_minima = ((0.9456492739235914, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        square = np.square(x)
        loss = (0.25 * square - 0.5) * square + 0.1 * x + 0.5 * np.square(y)
        return loss, np.stack([(square - 1) * x + 0.1, y])

    def hessians(self, position: Array) -> tuple[Array, int]:
        bend = 3 * np.square(position[0]) - 1
        return plane_matrices(bend, 0.0, 1.0, position.shape[1]), self.dim


class Hosaki(Problem, tag="hosaki", frozen=True, kw_only=True):
    """Hosaki: two holes in a plain that fades out.

    f(x, y) = (1 − 8x + 7x² − 7x³/3 + x⁴/4) y² e^(−y)

    Minimum at (4, 2) with f = −52/3 e^(−2) = −2.3458; a smaller one at (1, 2). For negative y the
    function is unbounded below: positions are kept within the domain.

    Bekey & Ung, "A Comparative Evaluation of Two Global Search Algorithms", 1974.
    """

    family = "few_minima"
    traits = ("multimodal", "smooth")
    is_confined = True
    minimum_value = -52 / 3 * math.exp(-2)
    domain = ((0.0, 5.0), (0.0, 6.0))
    start = (2.3, 5.0)
    minima = ((4.0, 2.0),)
    local_minima = ((1.0, 2.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        across = 1 + x * (x * (7 + x * (x / 4 - 7 / 3)) - 8)
        slope = x * (14 + x * (x - 7)) - 8
        fading = np.exp(-y)
        height = np.square(y) * fading
        return across * height, np.stack([slope * height, across * y * (2 - y) * fading])


class Qing(Problem, tag="qing", frozen=True, kw_only=True):
    """Qing: every coordinate may have either sign at the minimum.

    f(x) = Σᵢ (xᵢ² − i)²

    2^N minima at xᵢ = ±√i. From six dimensions on only one of them is named here.

    Jamil & Yang, "A Literature Survey of Benchmark Functions for Global Optimisation Problems",
    2013, arXiv:1308.4008, function 98.
    """

    dim: Dimension = 2

    family = "few_minima"
    traits = ("separable", "multimodal", "smooth", "scalable")

    @property
    def minima_are_examples(self) -> bool:  # type: ignore[override]
        return len(self.minima) == 1

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-500.0, 500.0),) * self.dim

    @property
    def view(self) -> tuple[Interval, ...]:
        return ((-2.5, 2.5),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-2.2 if i % 2 == 0 else 0.3 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        roots = [math.sqrt(i) for i in range(1, self.dim + 1)]
        signs = (1.0, -1.0) if self.dim < 6 else (1.0,)
        return tuple(itertools.product(*([s * root for s in signs] for root in roots)))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        off = np.square(position) - numbered(position)
        return np.square(off).sum(axis=0), 4 * position * off

    def hessians(self, position: Array) -> tuple[Array, int]:
        return diagonal_matrices(12 * np.square(position) - 4 * numbered(position)), self.dim
