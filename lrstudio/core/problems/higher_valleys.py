"""Classical valleys in three and four dimensions."""

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.problem import Problem

TWO_PI = 2 * np.pi


class Powell(Problem, tag="powell", frozen=True, kw_only=True):
    """Powell singular: a valley without curvature at its end.

    f(x) = (x₁ + 10x₂)² + 5 (x₃ − x₄)² + (x₂ − 2x₃)⁴ + 10 (x₁ − x₄)⁴

    Two of the four curvatures vanish at the minimum, so that no fixed learning rate converges at a
    linear pace, and Newton's method only does so.

    Powell, "An Iterative Method for Finding Stationary Values of a Function of Several Variables",
    1962.
    """

    family = "valleys"
    traits = ("convex", "smooth")
    domain = ((-4.0, 5.0),) * 4
    start = (3.0, -1.0, 0.0, 1.0)
    minima = ((0.0, 0.0, 0.0, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x1, x2, x3, x4 = position
        a, b, c, d = x1 + 10 * x2, x3 - x4, x2 - 2 * x3, x1 - x4
        cc, dd = np.square(c), np.square(d)
        loss = np.square(a) + 5 * np.square(b) + np.square(cc) + 10 * np.square(dd)
        c3, d3 = 4 * cc * c, 40 * dd * d
        return loss, np.stack([2 * a + d3, 20 * a + c3, 10 * b - 2 * c3, -10 * b - d3])

    def hessians(self, position: Array) -> tuple[Array, int]:
        x1, x2, x3, x4 = position
        terms = (
            ((1, 10, 0, 0), 2 + 0 * x1),
            ((0, 0, 1, -1), 10 + 0 * x1),
            ((0, 1, -2, 0), 12 * np.square(x2 - 2 * x3)),
            ((1, 0, 0, -1), 120 * np.square(x1 - x4)),
        )
        return sum(np.multiply.outer(np.outer(d, d), bend) for d, bend in terms), self.dim


class Colville(Problem, tag="colville", frozen=True, kw_only=True):
    """Colville: two coupled Rosenbrock valleys.

    f(x) = 100 (x₁² − x₂)² + (x₁ − 1)² + (x₃ − 1)² + 90 (x₃² − x₄)²
       + 10.1 [(x₂ − 1)² + (x₄ − 1)²] + 19.8 (x₂ − 1) (x₄ − 1)

    Minimum at (1, 1, 1, 1) with condition number 1398. On the way from the usual start there is a
    long stay near (−1, 1, −1, 1), which is nearly stationary.

    Colville, "A Comparative Study of Nonlinear Programming Codes", 1968.
    """

    family = "valleys"
    aliases = ("Wood",)
    traits = ("smooth",)
    domain = ((-10.0, 10.0),) * 4
    start = (-3.0, -1.0, -3.0, -1.0)
    minima = ((1.0, 1.0, 1.0, 1.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x1, x2, x3, x4 = position
        a, b = np.square(x1) - x2, np.square(x3) - x4
        p1, p2, p3, p4 = x1 - 1, x2 - 1, x3 - 1, x4 - 1
        loss = 100 * np.square(a) + np.square(p1) + np.square(p3) + 90 * np.square(b)
        loss = loss + 10.1 * (np.square(p2) + np.square(p4)) + 19.8 * p2 * p4
        along_1, along_2 = 400 * x1 * a + 2 * p1, 20.2 * p2 + 19.8 * p4 - 200 * a
        along_3, along_4 = 360 * x3 * b + 2 * p3, 20.2 * p4 + 19.8 * p2 - 180 * b
        return loss, np.stack([along_1, along_2, along_3, along_4])


class HelicalValley(Problem, tag="helical_valley", frozen=True, kw_only=True):
    """Helical valley: the floor winds around an axis.

    f(x) = 100 [(x₃ − 10θ)² + (r − 1)²] + x₃²
    θ = arctan(x₂/x₁) / (2π)         r = √(x₁² + x₂²)

    Symbols: θ, the angle around the third axis, between −½ and ½ of a turn; r, the distance from
    that axis.

    Minimum at (1, 0, 0). The loss jumps where the angle does, on the half-plane x₁ < 0, x₂ = 0; on
    the axis itself the gradient of θ and r is taken as 0.

    Fletcher & Powell, "A Rapidly Convergent Descent Method for Minimization", 1963.
    """

    family = "valleys"
    aliases = ("Fletcher-Powell helix",)
    traits = ()
    domain = ((-10.0, 10.0),) * 3
    start = (-1.0, 0.5, 5.0)
    minima = ((1.0, 0.0, 0.0),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x1, x2, x3 = position
        radius = np.hypot(x1, x2)
        safe = np.where(radius > 0, radius, np.inf)
        a, b = x3 - 10 * (np.arctan2(x2, x1) / TWO_PI), radius - 1
        loss = 100 * (np.square(a) + np.square(b)) + np.square(x3)
        turn, out = 2000 * a / (TWO_PI * safe), 200 * b
        cosine, sine = x1 / safe, x2 / safe
        along_1, along_2 = out * cosine + turn * sine, out * sine - turn * cosine
        return loss, np.stack([along_1, along_2, 200 * a + 2 * x3])
