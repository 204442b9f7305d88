"""Descendants of Adam that scale a gradient by the spread that was known before it came."""

from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import (
    Beta1,
    Beta2,
    DecayKind,
    Epsilon,
    LearningRate,
    WeightDecay,
)
from lrstudio.core.optimizer import Optimizer
from lrstudio.core.optimizers.adam_spread import InnerEpsilon, TinyEpsilon

Clips = Annotated[
    bool,
    meta("", "Clips", "Cut the scaled gradient to ±(t−1)^¼, which soon is no cut at all."),
]
AdoptNesterov = Annotated[
    bool,
    meta("", "Nesterov", "Mix the scaled gradient into the mean once more, for this step alone."),
]


class ADOPT(Optimizer, tag="adopt", frozen=True, kw_only=True):
    """ADOPT: Adam that scales by the spread of the step before and converges with any β₂.

    n = g / max(√v, ε)             clipped to ±(t−1)^¼
    m ← β₁ m + (1−β₁) n
    x ← x − η m
    x ← x − η (β₁ m + (1−β₁) n)    Nesterov
    v ← β₂ v + (1−β₂) g²           after all that

    Symbols: n, the scaled gradient.

    The first gradient only sets v = g². `optax.contrib.adopt` (0.2.8).

    Used where Adam is, when its β₂ cannot be tuned to the problem.

    Taniguchi et al., "ADOPT: Modified Adam Can Converge with Any β₂ with the Optimal Rate", 2024,
    arXiv:2411.02853, Algorithm 2.
    """

    lr: LearningRate = 1e-3
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.9999
    eps: Epsilon = 1e-6
    clips: Clips = True
    nesterov: AdoptNesterov = False
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "decoupled"

    year = 2024
    family = "adam"
    slots = ("m", "v")
    momentum_name = "beta1"

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        is_first = t <= 1
        n = g / np.maximum(np.sqrt(s.v), h.eps)
        if h.clips:
            limit = np.power(t - 1, 0.25)
            n = np.minimum(np.maximum(n, -limit), limit)
        s.m = np.where(is_first, s.m, h.beta1 * s.m + (1 - h.beta1) * n)
        square = np.square(g)
        s.v = np.where(is_first, square, h.beta2 * s.v + (1 - h.beta2) * square)
        if h.nesterov:
            return -h.lr * np.where(is_first, s.m, h.beta1 * s.m + (1 - h.beta1) * n)
        return -h.lr * s.m


class ACProp(Optimizer, tag="acprop", frozen=True, kw_only=True):
    """ACProp: a gradient scaled by its spread around its mean, as it was one step before.

    x ← x − η g / (√ŝ + ε)         ŝ = s/(1−β₂ᵗ⁻¹), and 1 at the first step
    s ← β₂ s + (1−β₂) (g−m)² + ε₀  with the m from before this gradient
    m ← β₁ m + (1−β₁) g            after that

    Symbols: s, the running mean of the squared distance from m; ŝ, the s of the step before,
    corrected for its start at 0.

    `optax.contrib.acprop` (0.2.8): the mean only centres the spread and does not carry the step.

    Used where the spread has to be independent of the gradient it scales.

    Zhuang et al., "Momentum Centering and Asynchronous Update for Adaptive Gradient Methods",
    2021, arXiv:2110.05454, Algorithm 2.
    """

    lr: LearningRate = 1e-3
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: TinyEpsilon = 1e-16
    eps_root: InnerEpsilon = 1e-16
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "decoupled"

    year = 2021
    family = "adam"
    aliases = ("asynchronous centering",)
    slots = ("m", "s")

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        spread = np.where(t > 1, s.s / (1 - h.beta2 ** (t - 1)), 1.0)
        s.s = h.beta2 * s.s + (1 - h.beta2) * np.square(g - s.m) + h.eps_root
        s.m = h.beta1 * s.m + (1 - h.beta1) * g
        return -h.lr * g / (np.sqrt(spread) + h.eps)
