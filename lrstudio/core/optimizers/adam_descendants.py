"""Adam's descendants with more means than two, or with less."""

from types import SimpleNamespace
from typing import Annotated, Any, Literal

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
from lrstudio.core.optimizers.adam import EpsilonRoot, moments, root

DifferenceMean = Annotated[
    float,
    meta(
        "β₂",
        "Mean of differences",
        "Share of the running mean of the gradient's change that is kept at each step.",
        low=0.0,
        high=0.999,
        ge=0.0,
        lt=1.0,
    ),
]
SquareMean = Annotated[
    float,
    meta(
        "β₃",
        "Second moment",
        "Share of the running mean of the squared gradient that is kept at each step.",
        low=0.5,
        high=0.9999,
        ge=0.0,
        lt=1.0,
    ),
]
SlowMean = Annotated[
    float,
    meta(
        "β₃",
        "Slow mean",
        "Share of the slow mean of the gradient that is kept at each step.",
        low=0.9,
        high=0.99999,
        ge=0.0,
        lt=1.0,
    ),
]
SlowWeight = Annotated[
    float,
    meta(
        "α",
        "Weight of the slow mean",
        "Factor on the slow mean, which is added to the fast one.",
        low=0.0,
        high=10.0,
        ge=0.0,
        le=1e6,
    ),
]
GradientWeight = Annotated[
    float,
    meta(
        "α",
        "Weight of the gradient",
        "Factor on the gradient of this step, which is added to the momentum.",
        low=0.0,
        high=100.0,
        ge=0.0,
        le=1e6,
    ),
]
AdanDecay = Annotated[
    Literal["proximal", "decoupled"],
    meta(
        "",
        "Decay form",
        "Proximal divides the parameters by 1 + ηλ after the step (the paper); decoupled subtracts "
        "ηλx (Optax).",
    ),
]


class Adan(Optimizer, tag="adan", frozen=True, kw_only=True):
    """Adan: Nesterov's look ahead, taken from the change of the gradient.

    d = g − g′                     0 at the first step
    m ← β₁ m + (1−β₁) g            v ← β₂ v + (1−β₂) d
    n ← β₃ n + (1−β₃) (g + (1−β₂) d)²
    u = (m̂ + (1−β₂) v̂) / (√(n̂+ε₀) + ε)
    m̂ = m/(1−β₁ᵗ),  v̂ = v/(1−β₂ᵗ),  n̂ = n/(1−β₃ᵗ)
    x ← (x − η u) / (1 + ηλ)       proximal decay
    x ← x − η (u + λ x)            decoupled decay

    Symbols: d, the change of the gradient; g′, the gradient of the step before; v, the running mean
    of the changes; n, the running mean of squares; n̂, the same corrected for its start at 0; u, the
    direction.

    The β are the shares that are kept, as in all programs; the paper's are 1 minus them. Decoupled
    with ε₀ = 1e-8 is `optax.adan` (0.2.8). No restarts.

    Used to train vision and language models in fewer epochs than AdamW, with larger rates.

    Xie, Zhou, Li, Lin & Yan, "Adan: Adaptive Nesterov Momentum Algorithm for Faster Optimizing
    Deep Models", 2022, arXiv:2208.06677, Algorithm 1.
    """

    lr: LearningRate = 1e-3
    beta1: Beta1 = 0.98
    beta2: DifferenceMean = 0.92
    beta3: SquareMean = 0.99
    eps: Epsilon = 1e-8
    eps_root: EpsilonRoot = 0.0
    weight_decay: WeightDecay = 0.0
    decay: AdanDecay = "proximal"

    year = 2022
    family = "adam"
    aliases = ("adaptive Nesterov momentum",)
    slots = ("m", "v", "n", "g")
    momentum_name = "beta1"

    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        if not np.any(h.weight_decay) or h.decay == "decoupled":
            return super().step(x, g, s, h, t)
        pull = h.lr * h.weight_decay
        return (cls.update(g, s, h, t) - pull * x) / (1 + pull)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        d = np.where(t > 1, g - s.g, 0.0)
        s.g = g
        s.m = h.beta1 * s.m + (1 - h.beta1) * g
        s.v = h.beta2 * s.v + (1 - h.beta2) * d
        s.n = h.beta3 * s.n + (1 - h.beta3) * np.square(g + (1 - h.beta2) * d)
        mean = s.m / (1 - h.beta1**t) + (1 - h.beta2) * (s.v / (1 - h.beta2**t))
        return -h.lr * mean / root(s.n / (1 - h.beta3**t), h)


class AdEMAMix(Optimizer, tag="ademamix", frozen=True, kw_only=True):
    """AdEMAMix: Adam with a second, very slow mean, which remembers thousands of gradients.

    m ← β₁ m + (1−β₁) g            n ← β₃ n + (1−β₃) g            v ← β₂ v + (1−β₂) g²
    x ← x − η (m̂ + α n) / (√(v̂+ε₀) + ε)         m̂ = m/(1−β₁ᵗ),  v̂ = v/(1−β₂ᵗ)

    Symbols: n, the slow running mean of the gradient, 0 at the start.

    The slow mean n is not corrected, so that it fills slowly. `optax.contrib.ademamix` (0.2.8) with
    fixed α and β₃.

    Used for long runs on language models, where old gradients still point the right way.

    Pagliardini, Ablin & Grangier, "The AdEMAMix Optimizer: Better, Faster, Older", 2024,
    arXiv:2409.03137, Algorithm 1.
    """

    lr: LearningRate = 1e-3
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    beta3: SlowMean = 0.9999
    alpha: SlowWeight = 5.0
    eps: Epsilon = 1e-8
    eps_root: EpsilonRoot = 0.0
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "decoupled"

    year = 2024
    family = "adam"
    aliases = ("mixture of averages",)
    slots = ("m", "n", "v")
    momentum_name = "beta1"

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        moments(g, s, h)
        s.n = h.beta3 * s.n + (1 - h.beta3) * g
        mean = s.m / (1 - h.beta1**t) + h.alpha * s.n
        return -h.lr * mean / root(s.v / (1 - h.beta2**t), h)


class SimplifiedAdEMAMix(Optimizer, tag="simplified_ademamix", frozen=True, kw_only=True):
    """Simplified AdEMAMix: one heavy momentum and the gradient itself do for two means.

    m ← β₁ m + g                   v ← β₂ v + (1−β₂) g²            v̂ = v/(1−β₂ᵗ)
    x ← x − η (m + α g) / (√(v̂+ε₀) + ε)

    Symbols: m, the momentum buffer, 0 at the start.

    `optax.contrib.simplified_ademamix` (0.2.8) with a fixed α. The momentum is a sum, so that a
    natural rate is 1−β₁ times that of Adam.

    Used with small batches in place of AdEMAMix, with one buffer less.

    Morwani, Vyas, Zhang & Kakade, "Connections between Schedule-Free Optimizers, AdEMAMix, and
    Accelerated SGD Variants", 2025, arXiv:2502.02431.
    """

    lr: LearningRate = 1e-4
    beta1: Beta1 = 0.99
    beta2: Beta2 = 0.95
    alpha: GradientWeight = 0.0
    eps: Epsilon = 1e-8
    eps_root: EpsilonRoot = 0.0
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "decoupled"

    year = 2025
    family = "adam"
    slots = ("m", "v")
    momentum_name = "beta1"

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.m = h.beta1 * s.m + g
        s.v = h.beta2 * s.v + (1 - h.beta2) * np.square(g)
        pull = s.m + h.alpha * g if np.any(h.alpha) else s.m
        return -h.lr * pull / root(s.v / (1 - h.beta2**t), h)
