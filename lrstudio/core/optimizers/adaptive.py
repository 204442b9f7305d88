"""Rules that scale every coordinate by the size of its past gradients."""

from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import (
    Accumulator,
    Centered,
    DecayKind,
    Epsilon,
    EpsilonPosition,
    LearningRate,
    Momentum,
    RateDecay,
    RatePosition,
    Rho,
    WeightDecay,
)
from lrstudio.core.optimizer import Optimizer

NesterovMomentum = Annotated[
    bool,
    meta("", "Nesterov", "Look ahead along the momentum, where there is any."),
]
BiasCorrection = Annotated[
    bool,
    meta("", "Bias correction", "Divide running means by 1 − ρᵗ, for they start at zero."),
]


class Adagrad(Optimizer, tag="adagrad", frozen=True, kw_only=True):
    """Adagrad: coordinates with a history of large gradients take smaller steps.

    s ← s + g²                     s starts at s₀
    x ← x − η/(1+δ(t−1)) · g / (√s + ε)         ε outside
    x ← x − η/(1+δ(t−1)) · g / √(s + ε)         ε inside

    Outside with s₀ = 0 is `torch.optim.Adagrad` (2.13); inside with s₀ = 0.1 and ε = 1e-7 is
    `optax.adagrad` (0.2.8) and, with η = 0.001 by default, `keras.optimizers.Adagrad` (3.15).
    There, what has seen no gradient stands still even where ε is 0, as with Optax.

    Used for sparse features, such as words or clicks in linear models and embeddings, where rare
    coordinates deserve long steps. The sum only grows, so that long runs come to a halt.

    Symbols: s, the sum of the squared gradients so far.

    Duchi, Hazan & Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic
    Optimization", 2011.
    """

    lr: LearningRate = 0.01
    eps: Epsilon = 1e-10
    eps_position: EpsilonPosition = "outside"
    initial_accumulator: Accumulator = 0.0
    lr_decay: RateDecay = 0.0
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2011
    family = "adaptive"
    aliases = ("adaptive gradient",)
    slots = ("s",)

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.s = s.s + h.initial_accumulator

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.s = s.s + np.square(g)
        rate = h.lr / (1 + (t - 1) * h.lr_decay) if np.any(h.lr_decay) else h.lr
        if h.eps_position == "inside":
            return -rate * g * np.where(s.s > 0, 1 / np.sqrt(s.s + h.eps), 0.0)
        return -rate * g / (np.sqrt(s.s) + h.eps)


class RMSProp(Optimizer, tag="rmsprop", frozen=True, kw_only=True):
    """RMSProp: the gradient divided by a running root mean square of itself.

    v ← ρ v + (1−ρ) g²             v starts at s₀
    centred: m ← ρ m + (1−ρ) g and v − m² instead of v
    corrected: v/(1−ρᵗ) instead of v, m/(1−ρᵗ) instead of m
    x ← x − η g / (√v + ε)         ε outside
    x ← x − η g / √(v + ε)         ε inside
    b ← μ b + g/√v,  x ← x − η b   with momentum, rate outside the buffer
    b ← μ b + η g/√v,  x ← x − b   with momentum, rate inside the buffer
    with Nesterov momentum the step is η (g/√v + μ b), or η g/√v + μ b

    ε and rate outside with ρ = 0.99 is `torch.optim.RMSprop` (2.13); both inside with ρ = 0.9 is
    `optax.rmsprop` (0.2.8) and, with η = 0.001 and ε = 1e-7 by default,
    `keras.optimizers.RMSprop` (3.15). Unless centred or corrected, the first step is 1/√(1−ρ)
    times η. Rounding can make v − m² negative where the gradient is constant, of which PyTorch and
    Optax make NaN; here it is zero then.

    Used for recurrent networks and reinforcement learning, where the size of the gradients drifts
    and Adagrad would come to a halt; elsewhere Adam, which adds momentum and a corrected start.

    Tieleman & Hinton, "Lecture 6.5: rmsprop", 2012.
    """

    lr: LearningRate = 0.01
    rho: Rho = 0.9
    eps: Epsilon = 1e-8
    eps_position: EpsilonPosition = "outside"
    momentum: Momentum = 0.0
    lr_position: RatePosition = "outside"
    nesterov: NesterovMomentum = False
    centered: Centered = False
    bias_correction: BiasCorrection = False
    initial_accumulator: Accumulator = 0.0
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2012
    family = "adaptive"
    aliases = ("root mean square propagation",)
    momentum_name = "momentum"
    slots = ("v", "m", "b")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.v = s.v + h.initial_accumulator

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.v = h.rho * s.v + (1 - h.rho) * np.square(g)
        correction = 1 / (1 - h.rho**t) if h.bias_correction else 1.0
        spread = s.v * correction if h.bias_correction else s.v
        if h.centered:
            s.m = h.rho * s.m + (1 - h.rho) * g
            mean = s.m * correction if h.bias_correction else s.m
            # A spread is never negative; rounding makes it so when the gradient is constant. What
            # has overflown stays so, as in PyTorch, instead of becoming no number.
            centred = np.maximum(spread - np.square(mean), 0.0)
            spread = np.where(np.isfinite(spread), centred, spread)
        scaled = g / root(spread, h)
        if not np.any(h.momentum):
            return -h.lr * scaled
        descent = h.lr * scaled if h.lr_position == "inside" else scaled
        s.b = h.momentum * s.b + descent
        step = descent + h.momentum * s.b if h.nesterov else s.b
        return -step if h.lr_position == "inside" else -h.lr * step


class Adadelta(Optimizer, tag="adadelta", frozen=True, kw_only=True):
    """Adadelta: steps in the units of past steps, so that a learning rate of 1 is natural.

    v ← ρ v + (1−ρ) g²
    Δ = √(s+ε) / √(v+ε) · g        ε inside both roots, as published
    Δ = √(s+ε) / (√v + ε) · g      ε outside the lower root, as widely printed
    s ← ρ s + (1−ρ) Δ²
    x ← x − η Δ

    The learning rate is a plain multiplier. Inside is `torch.optim.Adadelta` (2.13),
    `optax.adadelta` (0.2.8) and, with η = 0.001, ρ = 0.95 and ε = 1e-7 by default,
    `keras.optimizers.Adadelta` (3.15). Without a learning rate `optax.adadelta` climbs.

    Used where no rate is to be chosen; it starts slowly, because past steps start at zero.

    Symbols: Δ, the step before the learning rate; s, the running mean of the squared steps, 0 at
    the start.

    Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012, arXiv:1212.5701, Algorithm 1.
    """

    lr: LearningRate = 1.0
    rho: Rho = 0.9
    eps: Epsilon = 1e-6
    eps_position: EpsilonPosition = "inside"
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2012
    family = "adaptive"
    slots = ("v", "s")

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.v = h.rho * s.v + (1 - h.rho) * np.square(g)
        delta = np.sqrt(s.s + h.eps) / root(s.v, h) * g
        s.s = h.rho * s.s + (1 - h.rho) * np.square(delta)
        return -h.lr * delta


def root(v: ArrayLike, h: Any) -> ArrayLike:
    """√v with ε outside or inside the root."""
    return np.sqrt(v + h.eps) if h.eps_position == "inside" else np.sqrt(v) + h.eps
