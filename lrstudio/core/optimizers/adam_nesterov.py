"""Adam that looks ahead: Nesterov's momentum, and optimism."""

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

MomentumForm = Annotated[
    Literal["warming", "constant"],
    meta(
        "",
        "Momentum form",
        "Momentum that grows from about half of β₁ to β₁ (PyTorch, Keras), or β₁ from the start "
        "(Optax).",
    ),
]
MomentumDecay = Annotated[
    float,
    meta(
        "ψ",
        "Momentum decay",
        "How fast the momentum grows to β₁: 1/ψ steps bring it closer by 4 per cent.",
        scale="log",
        low=1e-4,
        high=1.0,
        ge=0.0,
        le=1e3,
    ),
]
LooksAhead = Annotated[
    bool,
    meta("", "Nesterov", "The mean of the gradient one step ahead instead of the mean itself."),
]
Present = Annotated[
    float,
    meta(
        "α",
        "Weight of this step",
        "Factor on the direction of this step, before what is added for its change.",
        low=0.0,
        high=2.0,
        ge=0.0,
        le=1e6,
    ),
]
Optimism = Annotated[
    float,
    meta(
        "o",
        "Optimism",
        "Factor on the change of the direction since the last step, which is expected to go on.",
        low=0.0,
        high=2.0,
        ge=0.0,
        le=1e6,
    ),
]


def corrected_mean(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
    """m̂, or its value one step ahead where `h.nesterov` is set."""
    if not h.nesterov:
        return s.m / (1 - h.beta1**t)
    return h.beta1 * (s.m / (1 - h.beta1 ** (t + 1))) + (1 - h.beta1) * (g / (1 - h.beta1**t))


class NAdam(Optimizer, tag="nadam", frozen=True, kw_only=True):
    """NAdam: Adam whose momentum is Nesterov's, felt where it is about to lead.

    m ← β₁ m + (1−β₁) g            v ← β₂ v + (1−β₂) g²            v̂ = v/(1−β₂ᵗ)
    μ_t = β₁ (1 − ½ · 0.96^(tψ))   warming
    μ_t = β₁                       constant
    m̂ = μ_{t+1} m / (1 − μ₁ … μ_{t+1}) + (1−μ_t) g / (1 − μ₁ … μ_t)
    x ← x − η m̂ / (√(v̂+ε₀) + ε)

    Symbols: μ, the momentum of a step, which its index numbers.

    Warming with ψ = 0.004 is `torch.optim.NAdam` (2.13), with ψ = 1 and ε = 1e-7
    `keras.optimizers.Nadam` (3.15). Constant is `optax.nadam` (0.2.8), which is
    `optax.adam(nesterov=True)`; with decoupled decay `optax.nadamw`.

    Used where Adam is, when a little less overshoot at the same rate is welcome.

    Dozat, "Incorporating Nesterov Momentum into Adam", 2016.
    """

    lr: LearningRate = 2e-3
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-8
    eps_root: EpsilonRoot = 0.0
    momentum_form: MomentumForm = "warming"
    momentum_decay: MomentumDecay = 4e-3
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2016
    family = "adam"
    aliases = (
        "Nesterov Adam",
        "NAdamW",
    )
    slots = ("m", "v")
    lane_slots = ("product",)
    momentum_name = "beta1"

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.product = s.product + 1

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        moments(g, s, h)
        if h.momentum_form == "constant":
            mu = mu_next = h.beta1
            product, product_next = h.beta1**t, h.beta1 ** (t + 1)
        else:
            mu = h.beta1 * (1 - 0.5 * np.power(0.96, t * h.momentum_decay))
            mu_next = h.beta1 * (1 - 0.5 * np.power(0.96, (t + 1) * h.momentum_decay))
            product = s.product = s.product * mu
            product_next = product * mu_next
        m_hat = mu_next / (1 - product_next) * s.m + (1 - mu) / (1 - product) * g
        return -h.lr * m_hat / root(s.v / (1 - h.beta2**t), h)


class OptimisticAdam(Optimizer, tag="optimistic_adam", frozen=True, kw_only=True):
    """Optimistic Adam: a step that counts on the direction to change as it just did.

    m ← β₁ m + (1−β₁) g            v ← β₂ v + (1−β₂) g²
    d = m̂ / (√(v̂+ε₀) + ε)          m̂ = m/(1−β₁ᵗ),  v̂ = v/(1−β₂ᵗ)
    Nesterov: m̂ = β₁ m/(1−β₁ᵗ⁺¹) + (1−β₁) g/(1−β₁ᵗ)
    x ← x − η ((α+o) d − o d′)     d′ is d of the step before, d itself at the first

    Symbols: d, the direction of this step; d′, that of the step before.

    With Nesterov this is `optax.optimistic_adam_v2` (0.2.8; o is called beta there), and
    `optax.optimistic_adam` with o = optimism/η.

    Used for games, such as generative adversarial networks, where plain descent circles around
    the equilibrium.

    Daskalakis, Ilyas, Syrgkanis & Zeng, "Training GANs with Optimism", 2018, arXiv:1711.00141,
    Algorithm 1.
    """

    lr: LearningRate = 1e-3
    alpha: Present = 1.0
    optimism: Optimism = 1.0
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-8
    eps_root: EpsilonRoot = 0.0
    nesterov: LooksAhead = False
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2018
    family = "adam"
    aliases = ("OAdam",)
    slots = ("m", "v", "d")
    momentum_name = "beta1"

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        moments(g, s, h)
        d = corrected_mean(g, s, h, t) / root(s.v / (1 - h.beta2**t), h)
        before = np.where(t > 1, s.d, d)
        s.d = d
        return -h.lr * ((h.alpha + h.optimism) * d - h.optimism * before)
