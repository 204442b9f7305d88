"""Rules whose step is as long as a share of the parameters."""

from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np

from lrstudio.core.arrays import ArrayLike, norm
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import DecayKind, Epsilon, LearningRate, Momentum, WeightDecay
from lrstudio.core.optimizer import Optimizer

Trust = Annotated[
    float,
    meta(
        "ζ",
        "Trust coefficient",
        "Share of the length of the parameters that a step of rate 1 has.",
        scale="log",
        low=1e-4,
        high=1.0,
        gt=0.0,
        le=1e6,
    ),
]
Nesterov = Annotated[bool, meta("", "Nesterov", "Look ahead along the momentum.")]
SmallestNorm = Annotated[
    float,
    meta(
        "δ",
        "Smallest norm",
        "Parameters and gradient count as at least so long.",
        scale="log",
        low=1e-12,
        high=1.0,
        ge=0.0,
        le=1e6,
    ),
]


class LARS(Optimizer, tag="lars", frozen=True, kw_only=True):
    """LARS: momentum whose steps are a share of the length of the parameters.

    r = ζ ‖x‖ / (‖g‖ + ε)          1 where either length is 0; g with λx added
    b ← μ b + η r g
    x ← x − b,  or with Nesterov momentum  x ← x − (η r g + μ b)

    Symbols: r, trust ratio; b, momentum buffer.

    ‖·‖ runs over a layer of a model, or over all coordinates of a function. This is `optax.lars`
    (0.2.8).

    Used to train image classifiers with batches of thousands.

    You, Gitman & Ginsburg, "Large Batch Training of Convolutional Networks", 2017,
    arXiv:1708.03888, Algorithm 1.
    """

    lr: LearningRate = 0.1
    momentum: Momentum = 0.9
    trust: Trust = 0.001
    eps: Epsilon = 0.0
    nesterov: Nesterov = False
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2017
    family = "trust"
    aliases = ("layer-wise adaptive rate scaling",)
    momentum_name = "momentum"
    needs = ("layers",)
    slots = ("b",)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        length, slope = norm(s.x), norm(g)
        ratio = np.where((length == 0) | (slope == 0), 1.0, h.trust * length / (slope + h.eps))
        descent = h.lr * ratio * g
        s.b = h.momentum * s.b + descent
        return -(descent + h.momentum * s.b) if h.nesterov else -s.b


class Fromage(Optimizer, tag="fromage", frozen=True, kw_only=True):
    """Fromage: steps of a share η of the parameters' length, which therefore do not grow.

    x ← (x − η g ‖x‖/‖g‖) / √(1+η²)         lengths at least δ

    ‖·‖ runs over a layer of a model, or over all coordinates of a function. This is
    `optax.fromage` (0.2.8).

    Used for generative adversarial networks and transformers, with a rate of 0.01 for all of them.

    Bernstein, Vahdat, Yue & Liu, "On the distance between two neural networks and the stability of
    learning", 2020, arXiv:2002.03432.
    """

    lr: LearningRate = 0.01
    smallest_norm: SmallestNorm = 1e-6

    year = 2020
    family = "trust"
    needs = ("layers",)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        length, slope = (np.maximum(norm(v), h.smallest_norm) for v in (s.x, g))
        ratio = np.where((length == 0) | (slope == 0), 1.0, length / slope)
        shrink = 1 / np.sqrt(1 + np.square(h.lr))
        return (shrink - 1) * s.x - shrink * h.lr * ratio * g
