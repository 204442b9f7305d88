"""Gradient descent, with and without momentum."""

from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import (
    Dampening,
    DecayKind,
    LearningRate,
    Momentum,
    RatePosition,
    WeightDecay,
)
from lrstudio.core.optimizer import Optimizer

Mixture = Annotated[
    float,
    meta(
        "ν",
        "Share of momentum",
        "Weight of the momentum buffer in the step; the rest is the bare gradient.",
        low=0.0,
        high=1.0,
        ge=0.0,
        le=1.0,
    ),
]
Alpha = Annotated[
    float,
    meta(
        "α",
        "Weight of the gradient",
        "Factor on the present gradient.",
        low=0.0,
        high=2.0,
        ge=0.0,
        le=1e3,
    ),
]
Optimism = Annotated[
    float,
    meta(
        "β",
        "Optimism",
        "Factor on the change of the gradient, which is expected to go on.",
        low=0.0,
        high=2.0,
        ge=0.0,
        le=1e3,
    ),
]
Damping = Annotated[
    float,
    meta(
        "a",
        "Damping step",
        "The velocities keep shares 1 − aᵏ, k = 0, 1, 2: with 0.1 these are 0, 0.9 and 0.99.",
        low=0.01,
        high=0.9,
        gt=0.0,
        lt=1.0,
    ),
]


class SGD(Optimizer, tag="sgd", frozen=True, kw_only=True):
    """Gradient descent: a step along the negative gradient, as long as the learning rate says.

    x ← x − η g

    Stable on a quadratic while η < 2/λmax. With a noisy gradient this is stochastic gradient
    descent; `torch.optim.SGD`, `optax.sgd` and `keras.optimizers.SGD` without momentum.

    Used as the yardstick for every other rule, for convex and well-scaled problems, and where
    memory is short: it keeps nothing. Networks are rarely trained without momentum.

    Robbins & Monro, "A Stochastic Approximation Method", 1951.
    """

    lr: LearningRate = 0.01
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 1951
    family = "descent"
    aliases = ("stochastic gradient descent",)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        return -h.lr * g


class HeavyBall(Optimizer, tag="momentum", frozen=True, kw_only=True):
    """Momentum: the heavy ball, which keeps a share of its velocity.

    b ← μ b + (1−τ) g              (τ not applied to the first gradient)
    x ← x − η b                    rate outside the buffer
    b ← μ b − (1−τ) η g,  x ← x + b       rate inside the buffer

    Outside is the textbook's and PyTorch's form (`torch.optim.SGD(momentum=...)`, torch 2.13;
    `optax.sgd`, 0.2.8), inside is Keras' (`keras.optimizers.SGD`, 3.15). They agree at a fixed
    rate and part as soon as a schedule moves it. In the long run a step is 1/(1−μ) times that of
    gradient descent.

    Used for most convolutional networks, with a decaying rate: slower to tune than Adam, but often
    the better result on images. It pays along valleys, where plain descent zigzags.

    Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
    """

    lr: LearningRate = 0.01
    momentum: Momentum = 0.9
    dampening: Dampening = 0.0
    lr_position: RatePosition = "outside"
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 1964
    family = "descent"
    aliases = ("heavy ball", "Polyak momentum", "SGD with momentum")
    momentum_name = "momentum"
    slots = ("b",)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        if np.any(h.dampening):
            g = (1 - h.dampening * (t > 1)) * g
        if h.lr_position == "inside":
            s.b = h.momentum * s.b - h.lr * g
            return s.b
        s.b = h.momentum * s.b + g
        return -h.lr * s.b


class Nesterov(Optimizer, tag="nesterov", frozen=True, kw_only=True):
    """Nesterov momentum: the gradient is felt where the momentum is about to lead.

    b ← μ b + g
    x ← x − η (g + μ b)            rate outside the buffer
    b ← μ b − η g,  x ← x + μ b − η g     rate inside the buffer

    Outside is `torch.optim.SGD(nesterov=True)` (2.13) and `optax.sgd(nesterov=True)` (0.2.8),
    inside is `keras.optimizers.SGD(nesterov=True)` (3.15).

    The position is the point at which momentum has looked ahead; the parameters θ of Sutskever's
    form v ← μ v − η ∇f(θ + μ v), θ ← θ + v are x − μ b of the form with the rate inside.

    Used like heavy-ball momentum, whose overshooting it damps; on smooth convex problems it has the
    best possible rate. A common default for convolutional networks.

    Nesterov, "A method for solving the convex programming problem with convergence rate O(1/k²)",
    1983; in the form of Sutskever et al., 2013.
    """

    lr: LearningRate = 0.01
    momentum: Momentum = 0.9
    lr_position: RatePosition = "outside"
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 1983
    family = "descent"
    aliases = ("NAG", "accelerated gradient")
    momentum_name = "momentum"
    slots = ("b",)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        if h.lr_position == "inside":
            descent = h.lr * g
            s.b = h.momentum * s.b - descent
            return h.momentum * s.b - descent
        s.b = h.momentum * s.b + g
        return -h.lr * (g + h.momentum * s.b)


class QuasiHyperbolic(Optimizer, tag="qhm", frozen=True, kw_only=True):
    """Quasi-hyperbolic momentum: a mean of gradient descent and momentum.

    b ← μ b + (1−μ) g
    x ← x − η ((1−ν) g + ν b)

    ν = 0 is gradient descent, ν = 1 momentum with a buffer that is a mean; ν = μ is Nesterov's.

    Used as a momentum that may be as slow as 0.999 and still reacts at once.

    Ma & Yarats, "Quasi-hyperbolic momentum and Adam for deep learning", 2019, arXiv:1810.06801.
    """

    lr: LearningRate = 0.1
    momentum: Momentum = 0.999
    nu: Mixture = 0.7
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2019
    family = "descent"
    aliases = ("quasi-hyperbolic weighting",)
    momentum_name = "momentum"
    slots = ("b",)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.b = h.momentum * s.b + (1 - h.momentum) * g
        return -h.lr * ((1 - h.nu) * g + h.nu * s.b)


class AggregatedMomentum(Optimizer, tag="aggmo", frozen=True, kw_only=True):
    """Aggregated momentum: the mean of three velocities that keep different shares.

    vₖ ← (1 − aᵏ) vₖ − g           k = 0, 1, 2
    x ← x + η (v₀ + v₁ + v₂)/3

    Symbols: k, number of the velocity.

    The fast velocities break the oscillations of the slow one.

    Used where the share of momentum would otherwise have to be tuned.

    Lucas, Sun, Zemel & Grosse, "Aggregated Momentum: Stability Through Passive Damping", 2019,
    arXiv:1804.00325.
    """

    lr: LearningRate = 0.01
    damping: Damping = 0.1
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2018
    family = "descent"
    aliases = ("passive damping",)
    slots = ("v1", "v2")

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.v1 = (1 - h.damping) * s.v1 - g
        s.v2 = (1 - h.damping * h.damping) * s.v2 - g
        return h.lr / 3 * (s.v1 + s.v2 - g)  # v₀ keeps nothing


class OptimisticGradient(Optimizer, tag="optimistic_gradient", frozen=True, kw_only=True):
    """Optimistic gradient descent: steps along the gradient that is expected next.

    x ← x − η ((α + β) g − β g₋)   g₋ the gradient before, at first g itself

    This is `optax.optimistic_gradient_descent` (0.2.8).

    Used in games, where two players' gradients turn around each other and plain descent spirals
    outwards.

    Mokhtari, Ozdaglar & Pattathil, "A Unified Analysis of Extra-gradient and Optimistic Gradient
    Methods for Saddle Point Problems", 2020, arXiv:1901.08511; after Popov, 1980.
    """

    lr: LearningRate = 0.01
    alpha: Alpha = 1.0
    optimism: Optimism = 1.0
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 1980
    family = "descent"
    aliases = (
        "OGD",
        "past extragradient",
    )
    slots = ("g",)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        before = np.where(t > 1, s.g, g)
        s.g = g
        return -h.lr * ((h.alpha + h.optimism) * g - h.optimism * before)
