"""Schedules made of pieces that are given one by one."""

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike, Places
from lrstudio.core.declaration import meta
from lrstudio.core.expressions import in_turn
from lrstudio.core.hyperparameters import Length
from lrstudio.core.schedule import Schedule
from lrstudio.core.schedule_parameters import HIGHEST, LONGEST, AfterEnd

Points = tuple[tuple[float, float], ...]

ConstantShare = Annotated[
    float,
    meta("f", "Factor", "Factor on the rate.", low=0.0, high=2.0, ge=0, le=HIGHEST),
]
StepPoints = Annotated[
    tuple[
        tuple[
            Annotated[float, meta("", "Step", "A step.", ge=-LONGEST, le=LONGEST)],
            Annotated[float, meta("", "Factor", "The factor there.", ge=-HIGHEST, le=HIGHEST)],
        ],
        ...,
    ],
    meta(
        "",
        "Points",
        "Pairs of a step and the factor from there on.",
        unit="steps",
        max_length=1000,
    ),
]
PieceShape = Annotated[
    Literal["hold", "linear", "cosine"],
    meta("", "Between points", "Hold the factor, or go straight or along a cosine to the next."),
]
Ratio = Annotated[
    float,
    meta(
        "ρ",
        "Curvature ratio",
        "Smallest over largest curvature: one over the condition number.",
        scale="log",
        low=1e-3,
        high=1.0,
        ge=1e-9,
        le=1,
    ),
]


class ConstantFactor(Schedule, tag="constant_factor", frozen=True, kw_only=True):
    """Constant factor: a share of the rate for some steps, then the full rate.

    factor = f                     while k < T, 1 from then on

    Left without a length it scales the whole run, which is what a product with another schedule
    is for.

    Used as the simplest warm-up, a low rate for the first steps.

    `torch.optim.lr_scheduler.ConstantLR`, 2.13 (which never lets go of its factor where T = 0).
    """

    family = "steps"

    factor: ConstantShare = 0.5
    length: Length = None

    def body(self, k: Array, span: int) -> Array:
        if self.length is None:
            return np.full_like(k, self.factor)
        return np.where(k < self.length, self.factor, 1.0)


class Piecewise(Schedule, tag="piecewise", frozen=True, kw_only=True):
    """Piecewise: given factors at given steps, held or joined.

    factor = yᵢ                                   hold, from step xᵢ on
    factor = yᵢ + (yᵢ₊₁ − yᵢ) p                    linear
    factor = yᵢ₊₁ + ½ (yᵢ − yᵢ₊₁)(1 + cos πp)      cosine
    p = (k − xᵢ) / (xᵢ₊₁ − xᵢ)

    Symbols: y, the factor of a point; i, the number of the last point that is not after step k; p,
    the share of the way from one point to the next; x, the step of a point.

    Before the first point and after the last their factors stand. Of points at one step the last
    one counts.

    Used where a paper prints its rates as a table of epochs.

    `optax.piecewise_constant_schedule` and `piecewise_interpolate_schedule`, 0.2.8;
    `keras.optimizers.schedules.PiecewiseConstantDecay`, 3.15 (which changes one step after each of
    its boundaries).
    """

    family = "steps"

    points: StepPoints = ((0.0, 1.0), (100.0, 0.5), (200.0, 0.1))
    shape: PieceShape = "hold"

    def body(self, k: Array, span: int) -> Array:
        x, y = in_order(self.points)
        if len(x) == 0:
            return np.ones_like(k)
        place = np.searchsorted(x, k, side="right") - 1
        here = np.maximum(place, 0)
        if self.shape == "hold":
            return y[here]
        ahead = np.minimum(place + 1, len(x) - 1)
        way = (k - x[here]) / np.where(ahead > here, x[ahead] - x[here], 1.0)
        if self.shape == "cosine":
            joined = y[ahead] + (y[here] - y[ahead]) / 2 * (1 + np.cos(np.pi * way))
        else:
            joined = (y[ahead] - y[here]) * way + y[here]
        return np.where(ahead > here, joined, y[here])

    def body_formula(self, k: ArrayLike, span: int) -> ArrayLike:
        """Piece by piece."""
        x, y = (ends.tolist() for ends in in_order(self.points))
        if self.shape == "hold" or not x:
            return in_turn(k, x[1:], y or [1.0])
        joined = [self._joined(k, x[i : i + 2], y[i : i + 2]) for i in range(len(x) - 1)]
        return in_turn(k, x, [y[0], *joined, y[-1]])

    def _joined(self, k: ArrayLike, x: Sequence[float], y: Sequence[float]) -> ArrayLike:
        way = (k - x[0]) / (x[1] - x[0])
        if self.shape == "cosine":
            return y[1] + (y[0] - y[1]) / 2 * (1 + np.cos(np.pi * way))
        return y[0] + (y[1] - y[0]) * way


class Chebyshev(Schedule, tag="chebyshev", frozen=True, kw_only=True):
    """Chebyshev steps: the best step sizes for a quadratic, in an order that stays stable.

    factor = 1 / (c − r cos θⱼ)    c, r = (1 ± ρ)/2,  θⱼ = π (j + ½)/n,  j = σ(k)
    σ₂ₙ(2i) = σₙ(i)                σ₂ₙ(2i+1) = 2n − 1 − σₙ(i)

    Symbols: c, the middle between the smallest curvature, ρ, and the largest, 1; r, half of what
    lies between them; θ, the angle of a root of Chebyshev's polynomial; j, the number of that root;
    n, the length, rounded up to a power of two; σ, the order in which the roots are taken; i, a
    step of the order that is half as long.

    Single steps are far beyond what is stable, up to
    1/ρ times the rate 1/(largest curvature); the fractal order has each one damped by its
    neighbours. After n steps the last one is held, or they start over ("continue").

    Used with plain gradient descent, where it gives the speed of momentum without any: after n
    steps the error is the smallest that n fixed step sizes can reach.

    Agarwal, Goel & Zhang, "Acceleration via Fractal Learning Rate Schedules", 2021,
    arXiv:2103.01338; `pytorch_optimizer.get_chebyshev_schedule`, 4.1 (whose first step is
    made three times).
    """

    family = "steps"

    ratio: Ratio = 0.05
    length: Length = 64
    after: AfterEnd = "continue"

    def body(self, k: Array, span: int) -> Array:
        levels = max((span if self.length is None else self.length) - 1, 0).bit_length()
        n = 2**levels
        k = np.minimum(k, n - 1) if self.after == "hold" else np.mod(k, n)
        theta = np.pi * (fractal_order(k.astype(np.int64), levels) + 0.5) / n
        centre, radius = (1 + self.ratio) / 2, (1 - self.ratio) / 2
        return np.asarray(1 / (centre - radius * np.cos(theta)))


def fractal_order(k: Places, levels: int) -> Places:
    """σ(k) for n = 2^levels: the halves of every half face each other."""
    order = np.zeros_like(k)
    for level in range(levels):
        is_odd = (k >> (levels - 1 - level)) & 1
        order = np.where(is_odd, 2 ** (level + 1) - 1 - order, order)
    return order


def in_order(points: Points) -> tuple[Array, Array]:
    """Places and values of points, sorted; of several at one place the last."""
    last = dict(points)
    x = np.array(sorted(last), dtype=np.float64)
    return x, np.array([last[place] for place in x.tolist()], dtype=np.float64)
