"""Ripples on a bowl or in a valley: many minima, in an order that leads to the best."""

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

PI = np.pi


class Griewank(Problem, tag="griewank", frozen=True, kw_only=True):
    """Griewank: a wide bowl with ripples that are seen from nearby only.

    f(x) = 1/4000 Σᵢ xᵢ² − Πᵢ cos(xᵢ/√i) + 1

    Curvatures near 1 from the ripples, near 1/2000 from the bowl: steps that cross the ripples must
    be thousands of times longer than those that settle in one.

    Griewank, "Generalized Descent for Global Optimization", 1981.
    """

    dim: Dimension = 2

    family = "many_minima"
    traits = ("multimodal", "smooth", "scalable")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-600.0, 600.0),) * self.dim

    @property
    def view(self) -> tuple[Interval, ...]:
        return ((-14.0, 14.0),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-9.0 if i % 2 == 0 else 7.0 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0,) * self.dim,)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        root = np.sqrt(numbered(position))
        phase = position / root
        waves = np.multiply.reduce(np.cos(phase), axis=0)
        loss = np.square(position).sum(axis=0) / 4000 - waves + 1
        # No floating-point number is a zero of the cosine, so that tan is always finite.
        return loss, position / 2000 + waves * np.tan(phase) / root


class Levy(Problem, tag="levy", frozen=True, kw_only=True):
    """Levy: waves along a bowl, the same in every coordinate but the last.

    f(x) = sin²(πw₁) + Σᵢ (wᵢ − 1)² [1 + 10 sin²(πwᵢ + 1)] + (w_N − 1)² [1 + sin²(2πw_N)]
    w = 1 + ¼ (x − 1)         i < N

    Symbols: w, the parameters on a scale of their own.

    Some collections print sin²(πwᵢ₊₁) for sin²(πwᵢ + 1); this is the published form.

    Levy & Montalvo, "The Tunneling Algorithm for the Global Minimization of Functions", 1985.
    """

    dim: Dimension = 2

    family = "many_minima"
    traits = ("separable", "multimodal", "smooth", "scalable")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-10.0, 10.0),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-7.0 if i % 2 == 0 else 8.0 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((1.0,) * self.dim,)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        off = (position - 1) / 4  # w − 1, with which all sines are the same
        inner, last = off[:-1], off[-1]
        wave, end = np.sin(PI * inner + 1), np.sin(2 * PI * last)
        body = np.square(inner) * (1 + 10 * np.square(wave))
        loss = np.square(np.sin(PI * off[0])) + body.sum(axis=0)
        loss = loss + np.square(last) * (1 + np.square(end))
        gradient = np.zeros_like(position)
        ripple = 10 * PI * np.square(inner) * np.sin(2 * (PI * inner + 1))
        gradient[:-1] = (2 * inner * (1 + 10 * np.square(wave)) + ripple) / 4
        ripple = 2 * PI * np.square(last) * np.sin(4 * PI * last)
        gradient[-1] += (2 * last * (1 + np.square(end)) + ripple) / 4
        gradient[0] += PI / 4 * np.sin(2 * PI * off[0])
        return loss, gradient


class Levy13(Problem, tag="levy13", frozen=True, kw_only=True):
    """Levy N 13: an egg box in a bowl.

    f(x, y) = sin²(3πx) + (x − 1)² [1 + sin²(3πy)] + (y − 1)² [1 + sin²(2πy)]

    Minimum at (1, 1) with condition number 90, among minima a third of a unit apart.

    Levy & Montalvo, "The Tunneling Algorithm for the Global Minimization of Functions", 1985.
    """

    family = "many_minima"
    traits = ("multimodal", "smooth")
    domain = ((-10.0, 10.0), (-10.0, 10.0))
    view = ((-0.4, 2.4), (0.0, 2.0))
    start = (2.3, 0.2)
    minima = ((1.0, 1.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        u, v = position - 1  # by which the phases are shifted by half turns, no more
        a, b, c = (np.square(np.sin(w)) for w in (3 * PI * u, 3 * PI * v, 2 * PI * v))
        uu, vv = np.square(u), np.square(v)
        along_x = 3 * PI * np.sin(6 * PI * u) + 2 * u * (1 + b)
        along_y = 3 * PI * uu * np.sin(6 * PI * v) + 2 * v * (1 + c)
        along_y = along_y + 2 * PI * vv * np.sin(4 * PI * v)
        return a + uu * (1 + b) + vv * (1 + c), np.stack([along_x, along_y])


class Bohachevsky1(Problem, tag="bohachevsky1", frozen=True, kw_only=True):
    """Bohachevsky 1: a bowl with ripples along both axes.

    f(x, y) = x² + 2y² − 0.3 cos 3πx − 0.4 cos 4πy + 0.7

    From afar the ripples are noise on a quadratic; near the minimum they are all there is.

    Bohachevsky, Johnson & Stein, "Generalized Simulated Annealing for Function Optimization", 1986.
    """

    family = "many_minima"
    traits = ("separable", "multimodal", "smooth")
    domain = ((-100.0, 100.0), (-100.0, 100.0))
    view = ((-1.6, 1.6), (-1.2, 1.2))
    start = (-1.3, 1.0)
    minima = ((0.0, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        loss = np.square(x) + 2 * np.square(y) + 0.6 * np.square(np.sin(1.5 * PI * x))
        loss = loss + 0.8 * np.square(np.sin(2 * PI * y))  # 1 − cos 2φ = 2 sin² φ
        along_x = 2 * x + 0.9 * PI * np.sin(3 * PI * x)
        return loss, np.stack([along_x, 4 * y + 1.6 * PI * np.sin(4 * PI * y)])

    def hessians(self, position: Array) -> tuple[Array, int]:
        x, y = position
        xx, yy = np.cos(3 * PI * x), np.cos(4 * PI * y)
        curvatures = 2 + 2.7 * PI**2 * xx, 4 + 6.4 * PI**2 * yy
        return plane_matrices(curvatures[0], 0.0, curvatures[1], position.shape[1]), self.dim


class Bohachevsky2(Problem, tag="bohachevsky2", frozen=True, kw_only=True):
    """Bohachevsky 2: a bowl with a checkerboard of ripples.

    f(x, y) = x² + 2y² − 0.3 cos 3πx cos 4πy + 0.3

    As Bohachevsky 1, but the ripples are a product and the coordinates no longer separate.

    Bohachevsky, Johnson & Stein, "Generalized Simulated Annealing for Function Optimization", 1986.
    """

    family = "many_minima"
    traits = ("multimodal", "smooth")
    domain = ((-100.0, 100.0), (-100.0, 100.0))
    view = ((-1.6, 1.6), (-1.2, 1.2))
    start = (-1.3, 1.0)
    minima = ((0.0, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        a, b = 3 * PI * x, 4 * PI * y
        ripple = np.square(np.sin((a - b) / 2)) + np.square(np.sin((a + b) / 2))
        along_x = 2 * x + 0.9 * PI * np.sin(a) * np.cos(b)
        along_y = 4 * y + 1.2 * PI * np.cos(a) * np.sin(b)
        loss = np.square(x) + 2 * np.square(y) + 0.3 * ripple  # 1 − cos a cos b
        return loss, np.stack([along_x, along_y])


class Bohachevsky3(Problem, tag="bohachevsky3", frozen=True, kw_only=True):
    """Bohachevsky 3: a bowl with slanted ripples.

    f(x, y) = x² + 2y² − 0.3 cos(3πx + 4πy) + 0.3

    All waves run in one direction, aslant to the axes of the bowl.

    Bohachevsky, Johnson & Stein, "Generalized Simulated Annealing for Function Optimization", 1986.
    """

    family = "many_minima"
    traits = ("multimodal", "smooth")
    domain = ((-100.0, 100.0), (-100.0, 100.0))
    view = ((-1.6, 1.6), (-1.2, 1.2))
    start = (-1.3, 1.0)
    minima = ((0.0, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        phase = PI * (3 * x + 4 * y)
        slope = 0.3 * PI * np.sin(phase)
        loss = np.square(x) + 2 * np.square(y) + 0.6 * np.square(np.sin(phase / 2))
        return loss, np.stack([2 * x + 3 * slope, 4 * y + 4 * slope])

    def hessians(self, position: Array) -> tuple[Array, int]:
        x, y = position
        bend = 0.3 * PI**2 * np.cos(PI * (3 * x + 4 * y))
        return plane_matrices(2 + 9 * bend, 12 * bend, 4 + 16 * bend, len(x)), self.dim


class EggCrate(Problem, tag="egg_crate", frozen=True, kw_only=True):
    """Egg crate: a tray of cups in a shallow bowl.

    f(x, y) = x² + y² + 25 (sin² x + sin² y)

    One cup at every multiple of π or close to it; only the one at the origin reaches 0.

    Jamil & Yang, "A Literature Survey of Benchmark Functions for Global Optimisation Problems",
    2013, arXiv:1308.4008, function 52.
    """

    family = "many_minima"
    traits = ("separable", "multimodal", "smooth")
    domain = ((-5.0, 5.0), (-5.0, 5.0))
    start = (-4.2, 3.8)
    minima = ((0.0, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        cups = np.square(position) + 25 * np.square(np.sin(position))
        return cups.sum(axis=0), 2 * position + 25 * np.sin(2 * position)

    def hessians(self, position: Array) -> tuple[Array, int]:
        return diagonal_matrices(2 + 50 * np.cos(2 * position)), self.dim


class CosineMixture(Problem, tag="cosine_mixture", frozen=True, kw_only=True):
    """Cosine mixture: a small bowl with five waves across it.

    f(x) = Σᵢ xᵢ² − 0.1 Σᵢ cos 5πxᵢ

    Minimum at the origin with f = −0.1 N, among minima near ±0.4 and ±0.8 in every coordinate.

    Breiman & Cutler, "A Deterministic Algorithm for Global Optimization", 1993.
    """

    dim: Dimension = 2

    family = "many_minima"
    traits = ("separable", "multimodal", "smooth", "scalable")

    @property
    def minimum_value(self) -> float:  # type: ignore[override]
        return -0.1 * self.dim

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-1.0, 1.0),) * self.dim

    @property
    def start(self) -> Point:
        return tuple(-0.9 if i % 2 == 0 else 0.6 for i in range(self.dim))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0,) * self.dim,)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        height = np.square(position) + 0.2 * np.square(np.sin(2.5 * PI * position))
        gradient = 2 * position + 0.5 * PI * np.sin(5 * PI * position)
        return height.sum(axis=0) - 0.1 * self.dim, gradient

    def hessians(self, position: Array) -> tuple[Array, int]:
        return diagonal_matrices(2 + 2.5 * PI**2 * np.cos(5 * PI * position)), self.dim
