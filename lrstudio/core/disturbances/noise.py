"""Noise in the gradient and in the loss, besides the Gaussian noise that experiments have."""

from typing import Annotated, Literal

import numpy as np

from lrstudio.core.arrays import Array, Places
from lrstudio.core.declaration import meta
from lrstudio.core.disturbance import Disturbance, Target

RelativeNoise = Annotated[
    float,
    meta(
        "σ",
        "Relative noise",
        "Standard deviation of the noise, in sizes of the gradient.",
        scale="log",
        low=1e-2,
        high=10.0,
        ge=0.0,
        le=1e6,
    ),
]
Reach = Annotated[
    Literal["coordinate", "gradient"],
    meta(
        "",
        "Drawn for",
        "A draw of its own for each coordinate, or one for the whole function.",
    ),
]
NoiseScale = Annotated[
    float,
    meta(
        "σ",
        "Scale",
        "Size of the noise; its standard deviation where ν is large.",
        scale="log",
        low=1e-3,
        high=100.0,
        ge=0.0,
        le=1e6,
    ),
]
DegreesOfFreedom = Annotated[
    float,
    meta(
        "ν",
        "Degrees of freedom",
        "How heavy the tails are: 1 is the Cauchy distribution, 30 nearly the normal one.",
        scale="log",
        low=1.0,
        high=30.0,
        ge=0.5,
        le=1e6,
    ),
]
LossNoiseSize = Annotated[
    float,
    meta(
        "σ",
        "Noise of the loss",
        "Standard deviation of what is added to the loss.",
        scale="log",
        low=1e-6,
        high=100.0,
        ge=0.0,
        le=1e6,
    ),
]
LabelNoiseSize = Annotated[
    float,
    meta(
        "σ",
        "Noise of the label",
        "Standard deviation of the noise in the label.",
        scale="log",
        low=1e-3,
        high=10.0,
        ge=0.0,
        le=1e6,
    ),
]


class MultiplicativeNoise(Disturbance, tag="multiplicative_noise", frozen=True, kw_only=True):
    """Multiplicative noise: the gradient is too large or too small by a random factor.

    gᵢ ← (1 + σ ξᵢ) gᵢ                   drawn for each coordinate
    f ← f* + (1 + σ ξ)(f − f*)           drawn for the whole function, and g with it

    Symbols: ξ, a standard normal number, another one at each step; i, the number of a coordinate;
    f, the loss that rules see; f*, the loss at the minimum.

    It vanishes at the minimum, where all examples agree: a constant rate still converges, as long
    as it is small enough. On a quadratic with curvature λ the mean square of the distance shrinks
    while η < 2/(λ(1 + σ²)).

    Hodgkinson & Mahoney, "Multiplicative Noise and Heavy Tails in Stochastic Optimization", 2021,
    arXiv:2006.06293.
    """

    sigma: RelativeNoise = 0.5
    drawn_for: Reach = "coordinate"

    @property
    def target(self) -> Target:
        return "factor" if self.drawn_for == "coordinate" else "scale"

    def draw(self, generator: "np.random.Generator", before: Array, steps: Places) -> Array:
        return 1.0 + self.sigma * generator.standard_normal((len(steps), len(before)))


class HeavyTailedNoise(Disturbance, tag="heavy_tailed_noise", frozen=True, kw_only=True):
    """Heavy-tailed noise: mostly small, now and then enormous, added to the gradient.

    gᵢ ← gᵢ + σ τᵢ

    Symbols: τ, a number of Student's t distribution with ν degrees of freedom, another one for each
    coordinate and step; i, the number of a coordinate.

    The variance is σ² ν/(ν − 2). With ν ≤ 2 it is infinite, with ν ≤ 1 there is not even a mean:
    averages over many steps do not settle, and what a run comes to is up to a few draws. Rules that
    bound their steps, by clipping or by the sign, are hardly touched.

    Zhang, Karimireddy, Veit, Kim, Reddi, Kumar & Sra, "Why are Adaptive Methods Good for Attention
    Models?", 2020, arXiv:1912.03194.
    """

    sigma: NoiseScale = 1.0
    nu: DegreesOfFreedom = 1.5

    @property
    def target(self) -> Target:
        return "gradient"

    def draw(self, generator: "np.random.Generator", before: Array, steps: Places) -> Array:
        return self.sigma * generator.standard_t(self.nu, (len(steps), len(before)))


class LossNoise(Disturbance, tag="loss_noise", frozen=True, kw_only=True):
    """Loss noise: what rules and schedules are told of the loss is wrong by a random amount.

    f ← f + σ ξ

    Symbols: ξ, a standard normal number, another one at each step; f, the loss that is told.

    It matters to those who listen to the loss: Polyak's step size, a reduction on a plateau. All
    evaluations of one step share one error, as those on one mini-batch do, so that a line search,
    which compares losses within a step, is not disturbed. The gradient stays exact, and the loss
    that is recorded is the true one.

    Berahas, Cao & Scheinberg, "Global Convergence Rate Analysis of a Generic Line Search Algorithm
    with Noise", 2021, arXiv:1910.04055.
    """

    sigma: LossNoiseSize = 0.1

    @property
    def target(self) -> Target:
        return "loss"

    def draw(self, generator: "np.random.Generator", before: Array, steps: Places) -> Array:
        return self.sigma * generator.standard_normal((len(steps), len(before)))


class LabelNoise(Disturbance, tag="label_noise", frozen=True, kw_only=True):
    """Label noise: the loss is read as a squared error whose label is wrong by a random amount.

    r = √(2(f − f*))
    f ← f* + ½ (r + σ ξ)²        g ← (1 + σ ξ/r) g

    Symbols: r, the error of the one prediction that the loss would be made of; ξ, a standard normal
    number, another one at each step; f, the loss that rules see; f*, the loss at the minimum.

    Near a minimum the gradient vanishes, but its noise, σ ξ ∇r, does not, and is the longer the
    more the ground curves: among minima of equal height it drives runs to the flat ones. Where f*
    is not known it counts as 0, and below it as reached; at a minimum itself the gradient is 0.

    Damian, Ma & Lee, "Label Noise SGD Provably Prefers Flat Global Minimizers", 2021,
    arXiv:2106.06530.
    """

    sigma: LabelNoiseSize = 0.5

    @property
    def target(self) -> Target:
        return "residual"

    def draw(self, generator: "np.random.Generator", before: Array, steps: Places) -> Array:
        return self.sigma * generator.standard_normal((len(steps), len(before)))
