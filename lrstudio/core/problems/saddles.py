"""Saddles that nothing holds: functions without a minimum."""

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.problem import Problem, plane_matrices


class Saddle(Problem, tag="saddle", frozen=True, kw_only=True):
    """Saddle: a pass that goes down on both sides without end.

    f(x, y) = x² − y²

    There is no minimum. On the line y = 0 every rule runs into the saddle; beside it the distance
    grows by the factor 1 + 2η at each step of gradient descent.

    Closed form.
    """

    family = "saddles"
    aliases = ("saddle point",)
    traits = ("separable", "smooth")
    minimum_value = None
    is_bounded_below = False
    domain = ((-2.0, 2.0), (-2.0, 2.0))
    start = (1.6, 0.001)
    minima = ()

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        return np.square(x) - np.square(y), np.stack([2 * x, -2 * y])

    def hessians(self, position: Array) -> tuple[Array, int]:
        return plane_matrices(2.0, 0.0, -2.0, position.shape[1]), self.dim


class MonkeySaddle(Problem, tag="monkey_saddle", frozen=True, kw_only=True):
    """Monkey saddle: a pass with room for two legs and a tail.

    f(x, y) = x³ − 3xy²

    All second derivatives vanish at the origin, so that curvature says nothing there; the function
    falls along three valleys and has no minimum.

    Hilbert & Cohn-Vossen, "Anschauliche Geometrie", 1932.
    """

    family = "saddles"
    traits = ("smooth",)
    minimum_value = None
    is_bounded_below = False
    domain = ((-2.0, 2.0), (-2.0, 2.0))
    start = (1.6, 0.05)
    minima = ()

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        xx, yy = np.square(x), np.square(y)
        return x * (xx - 3 * yy), np.stack([3 * (xx - yy), -6 * x * y])

    def hessians(self, position: Array) -> tuple[Array, int]:
        x, y = 6 * position
        return plane_matrices(x, -y, -x, position.shape[1]), self.dim
