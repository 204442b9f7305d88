"""Gradient descent, with and without momentum."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.hyperparameters import (
    Dampening,
    DecayKind,
    LearningRate,
    Momentum,
    RatePosition,
    WeightDecay,
)
from lrstudio.core.optimizer import Optimizer


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
    slots = ("b",)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        if h.lr_position == "inside":
            descent = h.lr * g
            s.b = h.momentum * s.b - descent
            return h.momentum * s.b - descent
        s.b = h.momentum * s.b + g
        return -h.lr * (g + h.momentum * s.b)
