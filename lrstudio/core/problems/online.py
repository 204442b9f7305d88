"""Problems that come in pieces, one at each step, on which some rule goes wrong."""

from typing import Annotated, Literal

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.problem import Interval, Point, Problem, Rows
from lrstudio.core.sampling import Sampling

PERIOD = 3
"""Of so many pieces one is steep."""


class AdamTrap(Problem, tag="adam_trap", frozen=True, kw_only=True):
    """Adam trap: one large gradient against two small ones, which Adam counts as equals.

    f₁(x) = C x         f₂(x) = f₃(x) = −x
    f(x) = (C − 2)/3 x         −1 ≤ x ≤ 1

    The pieces take turns, one a step, and x is kept within its domain. The mean slope is positive
    and the minimum at −1. Adam divides the rare large gradient by its own size and so takes it for
    about as much as one of the small ones: with β₁ = 0, β₂ = 1/(1 + C²) and the rate α/√t it goes
    to +1, the worst point. AMSGrad remembers how large gradients have been and goes to −1. With
    β₂ = 0.999 Adam arrives as well.

    Drawn at random instead of in turn, the pieces are those of the stochastic example of the same
    paper, with δ = (C − 2)/3.

    Reddi, Kale and Kumar, On the convergence of Adam and beyond, 2018, arXiv:1904.09237, theorems 1
    and 3.
    """

    steep: Annotated[
        float,
        meta(
            "C",
            "Steep slope",
            "Slope of every third piece.",
            scale="log",
            low=2.5,
            high=100.0,
            gt=2.0,
            le=1e6,
        ),
    ] = 4.0
    order: Annotated[
        Literal["in_order", "replacement"],
        meta("", "Order", "Whether the pieces take turns or are drawn at random."),
    ] = "in_order"

    family = "counter_examples"
    aliases = ("Reddi", "AMSGrad counter-example", "Adam does not converge")
    traits = ("convex", "separable", "smooth")
    is_confined = True
    is_smooth = False  # at the minimum the loss ends, it does not level out

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-1.0, 1.0),)

    @property
    def start(self) -> Point:
        return (0.0,)

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((-1.0,),)

    @property
    def slope(self) -> float:
        """Of the mean of the pieces."""
        return (self.steep - 2) / PERIOD

    @property
    def minimum_value(self) -> float:  # type: ignore[override]
        return -self.slope

    @property
    def sampling(self) -> Sampling:
        return Sampling(PERIOD, 1, self.order)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        (x,) = position
        return self.slope * x, np.full_like(position, self.slope)

    def on_examples(
        self, position: Array, rows: Rows, gradient: Array | None = None
    ) -> tuple[Array, Array]:
        slopes = np.array([self.steep, -1.0, -1.0])[rows].mean(axis=-1)
        if gradient is None:
            gradient = np.empty_like(position)
        gradient[...] = slopes
        return slopes * position[0], gradient

    def hessians(self, position: Array) -> tuple[Array, int]:
        return np.zeros((1, *position.shape)), self.dim
