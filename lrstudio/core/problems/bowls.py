"""One bowl or two: the problems on which everything can be worked out by hand."""

from typing import Annotated

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import Condition, Dimension
from lrstudio.core.problem import (
    Interval,
    Point,
    Problem,
    diagonal_matrices,
    plane_matrices,
)

Curvature = Annotated[
    float,
    meta(
        "λ",
        "Curvature",
        "Second derivative; gradient descent is stable while η < 2/λ.",
        scale="log",
        low=0.01,
        high=100.0,
        gt=0.0,
        le=1e9,
    ),
]
Angle = Annotated[
    float,
    meta(
        "φ",
        "Angle",
        "Rotation of the axes in degrees; diagonal scaling cannot undo it.",
        low=0.0,
        high=90.0,
        ge=-360.0,
        le=360.0,
    ),
]


class Quadratic(Problem, tag="quadratic", frozen=True, kw_only=True):
    """Quadratic: the parabola, on which one number decides everything.

    f(x) = ½ λ x²

    Gradient descent multiplies x by 1 − ηλ at each step: slow below 1/λ, at once at 1/λ,
    oscillating above it, diverging above 2/λ. The heavy ball with momentum β bears rates up to
    2(1 + β)/λ, but Nesterov's momentum only up to 2(1 + β)/((1 + 2β)λ): at β = 0.9 it diverges from
    1.357/λ on, where gradient descent still converges.

    Closed form.
    """

    lam: Curvature = 1.0

    family = "one_dimension"
    aliases = ("parabola", "stability limit", "Nesterov counter-example")
    traits = ("convex", "separable", "smooth")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-3.0, 3.0),)

    @property
    def start(self) -> Point:
        return (2.5,)

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0,),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        (x,) = position
        return self.lam / 2 * np.square(x), self.lam * position

    def hessians(self, position: Array) -> tuple[Array, int]:
        return np.full((1, *position.shape), self.lam), self.dim


class DoubleWell(Problem, tag="double_well", frozen=True, kw_only=True):
    """Double well: two equal valleys with a hill between them.

    f(x) = x⁴/4 − x²/2

    Minima at ±1 with f = −¼ and curvature 2; a maximum at 0. Where one ends depends on the start
    and on the learning rate.

    Closed form.
    """

    family = "one_dimension"
    traits = ("separable", "multimodal", "smooth")
    minimum_value = -0.25

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-2.0, 2.0),)

    @property
    def start(self) -> Point:
        return (0.1,)

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((1.0,), (-1.0,))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        (x,) = position
        square = np.square(x)
        return square * (square / 4 - 0.5), position * (np.square(position) - 1)

    def hessians(self, position: Array) -> tuple[Array, int]:
        return diagonal_matrices(3 * np.square(position) - 1), self.dim


class Ellipse(Problem, tag="ellipse", frozen=True, kw_only=True):
    """Ellipse: a valley κ times steeper across than along.

    f(x, y) = x² + κ y²

    Gradient descent is stable while η < 1/κ, and then needs about κ steps along the valley.

    Closed form.
    """

    kappa: Condition = 10.0

    family = "bowls"
    aliases = ("ill-conditioned quadratic", "elliptic bowl")
    traits = ("convex", "separable", "smooth")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-10.0, 10.0), (-10.0, 10.0))

    @property
    def start(self) -> Point:
        return (-8.0, 6.0)

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        steep = self.kappa * y
        return np.square(x) + steep * y, np.stack([2 * x, 2 * steep])

    def hessians(self, position: Array) -> tuple[Array, int]:
        return plane_matrices(2.0, 0.0, 2 * self.kappa, position.shape[1]), self.dim


class RotatedEllipse(Problem, tag="rotated_ellipse", frozen=True, kw_only=True):
    """Rotated ellipse: the same valley, turned away from the axes.

    f(x, y) = u² + κ v²            u = x cos φ + y sin φ,  v = −x sin φ + y cos φ

    Symbols: u, the distance from the steep axis; v, the distance from the flat one.

    Rules that scale each coordinate by itself lose their advantage here.

    Closed form.
    """

    kappa: Condition = 10.0
    angle: Angle = 30.0

    family = "bowls"
    traits = ("convex", "smooth")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-10.0, 10.0), (-10.0, 10.0))

    @property
    def start(self) -> Point:
        return (-8.0, 6.0)

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        c, s = np.cos(np.deg2rad(self.angle)), np.sin(np.deg2rad(self.angle))
        u, v = c * x + s * y, c * y - s * x
        steep = self.kappa * v
        gradient = np.stack([2 * (c * u - s * steep), 2 * (s * u + c * steep)])
        return np.square(u) + steep * v, gradient

    def hessians(self, position: Array) -> tuple[Array, int]:
        c, s = np.cos(np.deg2rad(self.angle)), np.sin(np.deg2rad(self.angle))
        along, across = c * c + self.kappa * s * s, s * s + self.kappa * c * c
        mixed = 2 * c * s * (1 - self.kappa)
        return plane_matrices(2 * along, mixed, 2 * across, position.shape[1]), self.dim


class Sphere(Problem, tag="sphere", frozen=True, kw_only=True):
    """Sphere: the round bowl in N dimensions.

    f(x) = Σᵢ xᵢ²

    η = ½ reaches the minimum in one step; every rule should do well.

    De Jong, "An Analysis of the Behavior of a Class of Genetic Adaptive Systems", 1975, F1.
    """

    dim: Dimension = 2

    family = "bowls"
    aliases = ("bowl", "global minimum")
    traits = ("convex", "separable", "smooth", "scalable")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-5.12, 5.12),) * self.dim

    @property
    def start(self) -> Point:
        return (-4.0, 3.0, *(2.0,) * (self.dim - 2))

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((0.0,) * self.dim,)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        return np.square(position).sum(axis=0), 2 * position

    def hessians(self, position: Array) -> tuple[Array, int]:
        return diagonal_matrices(np.full(position.shape, 2.0)), self.dim


class SaddleWithWells(Problem, tag="saddle_with_wells", frozen=True, kw_only=True):
    """Saddle with wells: a pass between two valleys.

    f(x, y) = x⁴/4 − x²/2 + y²/2

    Minima at (±1, 0) with f = −¼; a saddle at the origin. A start on the y axis runs into the
    saddle and stays; a little noise, or momentum with a start beside it, leaves it.

    Closed form.
    """

    family = "saddles"
    traits = ("separable", "multimodal", "smooth")
    minimum_value = -0.25

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-2.0, 2.0), (-2.0, 2.0))

    @property
    def start(self) -> Point:
        return (0.01, 1.6)

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((1.0, 0.0), (-1.0, 0.0))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        square = np.square(x)
        loss = square * (square / 4 - 0.5) + np.square(y) / 2
        return loss, np.stack([x * (square - 1), y])

    def hessians(self, position: Array) -> tuple[Array, int]:
        bend = 3 * np.square(position[0]) - 1
        return plane_matrices(bend, 0.0, 1.0, position.shape[1]), self.dim
