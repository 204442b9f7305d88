"""Rules that start from the origin or the start anew at each step, with sums of all gradients."""

from types import SimpleNamespace
from typing import Annotated, Any, ClassVar

import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import (
    Accumulator,
    DecayKind,
    Epsilon,
    LearningRate,
    Momentum,
    WeightDecay,
)
from lrstudio.core.optimizer import Optimizer

RatePower = Annotated[
    float,
    meta(
        "p",
        "Rate exponent",
        "The rate falls with the sum of squared gradients to this power; 0 keeps it.",
        low=0.0,
        high=1.0,
        ge=0.0,
        le=10.0,
    ),
]
L1 = Annotated[
    float,
    meta(
        "λ₁",
        "L1 strength",
        "Parameters whose sum of gradients is smaller are exactly zero.",
        low=0.0,
        high=1.0,
        ge=0.0,
        le=1e6,
    ),
]
L2 = Annotated[
    float,
    meta("λ₂", "L2 strength", "Pull towards zero.", low=0.0, high=1.0, ge=0.0, le=1e6),
]
L2Shrinkage = Annotated[
    float,
    meta(
        "λₛ",
        "L2 shrinkage",
        "Pull towards zero that is added to the gradient, but not to its square.",
        low=0.0,
        high=1.0,
        ge=0.0,
        le=1e6,
    ),
]
RateBeta = Annotated[
    float,
    meta(
        "β",
        "Rate offset",
        "Makes the rate η/(β + √n) instead of η/√n.",
        low=0.0,
        high=10.0,
        ge=0.0,
        le=1e6,
    ),
]
BetAlpha = Annotated[
    float,
    meta(
        "α",
        "Caution",
        "Bounds the first bets: 1/α of the wealth, and less as gradients add up.",
        scale="log",
        low=1.0,
        high=1000.0,
        gt=0.0,
        le=1e6,
    ),
]
FirstScale = Annotated[
    float,
    meta(
        "ε",
        "First scale",
        "Smallest size of a gradient; what it is matters for the first steps only.",
        scale="log",
        low=1e-12,
        high=1e-1,
        gt=0.0,
        le=1e3,
    ),
]


class FTRL(Optimizer, tag="ftrl", frozen=True, kw_only=True):
    """Follow the regularized leader: the best point for all gradients so far, often zero.

    n ← o + g²                     o = s₀ at first
    z ← z + g + 2 λₛ x − (nᵖ − oᵖ)/η · x
    x ← (w − z) / (nᵖ/η + 2 λ₂ + β/η)        w = max(−λ₁, min(z, λ₁))

    Symbols: n, sum of squared gradients; o, this sum before the step; z, sum of gradients as seen
    from the origin; w, the part of z that the L1 strength makes up for.

    The start is forgotten at once: without a gradient the first step leads to zero. A rate of zero
    has no meaning here, for it divides. This is `keras.optimizers.Ftrl` (3.15), whose exponent is
    −p, with η = 0.001 by default and weight decay beforehand.

    Used for linear models with millions of sparse features, in the prediction of clicks.

    McMahan et al., "Ad Click Prediction: a View from the Trenches", 2013, Algorithm 1.
    """

    lr: LearningRate = 0.1
    power: RatePower = 0.5
    initial_accumulator: Accumulator = 0.1
    l1: L1 = 0.0
    l2: L2 = 0.0
    l2_shrinkage: L2Shrinkage = 0.0
    beta: RateBeta = 0.0
    weight_decay: WeightDecay = 0.0

    decay: ClassVar[str] = "decoupled"
    year = 2013
    family = "adaptive"
    aliases = ("FTRL-proximal",)
    slots = ("n", "z")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.n = s.n + h.initial_accumulator

    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        if not np.any(h.weight_decay):
            return cls.update(g, s, h, t)
        pull = h.lr * h.weight_decay * x
        s.x = x - pull
        return cls.update(g, s, h, t) - pull

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        before = _power(s.n, h.power)
        s.n = s.n + np.square(g)
        after = _power(s.n, h.power)
        if np.any(h.l2_shrinkage):
            g = g + 2 * h.l2_shrinkage * s.x
        s.z = s.z + (g - (after - before) / h.lr * s.x)
        curvature = after / h.lr + 2 * h.l2
        if np.any(h.beta):
            curvature = curvature + h.beta / h.lr
        excess = np.minimum(np.maximum(s.z, -h.l1), h.l1) - s.z if np.any(h.l1) else -s.z
        # What has seen no gradient is zero, as published, where Keras divides zero by zero.
        return np.where(excess == 0, 0.0, excess / curvature) - s.x


def _power(n: ArrayLike, power: ArrayLike) -> ArrayLike:
    """A root as a root in every company; NumPy takes one only where all lanes do."""
    is_root = np.equal(power, 0.5)
    if np.all(is_root):
        return np.sqrt(n)
    return np.where(is_root, np.sqrt(n), np.power(n, power))


class MADGRAD(Optimizer, tag="madgrad", frozen=True, kw_only=True):
    """MADGRAD: dual averaging from the start, scaled by a cube root, with momentum.

    w = (η + ε) √t
    q ← q + w g²,  s ← s + w g
    z = x₀ − s / (q^(1/3) + ε)
    x ← μ x + (1−μ) z

    Symbols: w, weight of the step; q, weighted sum of squared gradients; s, weighted sum of
    gradients; z, the point that dual averaging leads to.

    The rate enters as η + ε, so that a rate of zero still moves a little. This is
    `optax.contrib.madgrad` (0.2.8) and, with λ = 0, the authors' own program.

    Used for images and language in the place of SGD and Adam alike, with less weight decay than
    Adam is given.

    Defazio & Jelassi, "Adaptivity without Compromise: A Momentumized, Adaptive, Dual Averaged
    Gradient Method for Stochastic Optimization", 2021, arXiv:2101.11075.
    """

    lr: LearningRate = 0.01
    momentum: Momentum = 0.9
    eps: Epsilon = 1e-6
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2021
    family = "adaptive"
    aliases = ("momentumized adaptive dual averaged gradient",)
    momentum_name = "momentum"
    slots = ("q", "s", "x0")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.x0 = s.x

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        weight = (h.lr + h.eps) * np.sqrt(t)
        s.q = s.q + weight * np.square(g)
        s.s = s.s + weight * g
        z = s.x0 - s.s / (np.cbrt(s.q) + h.eps)
        return (1 - h.momentum) * (z - s.x)


class COCOB(Optimizer, tag="cocob", frozen=True, kw_only=True):
    """COCOB: every coordinate bets on its gradient, and needs no learning rate.

    L ← max(L, |g|)                L starts at ε
    G ← G + |g|
    C ← C − g
    R ← max(R − g (x − x₀), 0)
    x ← x₀ + C (L + R) / (L max(G + L, α L))

    Symbols: L, largest gradient; G, sum of the sizes of gradients; C, sum of negative gradients;
    R, reward of all bets.

    The learning rate multiplies the gradient, which changes the first steps alone. This is
    `optax.contrib.cocob` (0.2.8).

    Used where no learning rate is to be tuned, and for embeddings and other coordinates of very
    different scales.

    Orabona & Tommasi, "Training Deep Networks without Learning Rates Through Coin Betting", 2017,
    arXiv:1705.07795, Algorithm 2.
    """

    lr: LearningRate = 1.0
    alpha: BetAlpha = 100.0
    eps: FirstScale = 1e-8
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2017
    family = "rate_free"
    aliases = ("continuous coin betting",)
    slots = ("scale", "sizes", "sums", "reward", "x0")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.x0 = s.x
        s.scale = s.scale + h.eps

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        g = h.lr * g
        size = np.abs(g)
        s.scale = np.maximum(s.scale, size)
        s.sizes = s.sizes + size
        s.sums = s.sums - g
        s.reward = np.maximum(s.reward - g * (s.x - s.x0), 0.0)
        bound = s.scale * np.maximum(s.sizes + s.scale, h.alpha * s.scale)
        return s.x0 - s.x + s.sums / bound * (s.scale + s.reward)
