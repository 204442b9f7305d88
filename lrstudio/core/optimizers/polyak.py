"""Rules that take the length of the step from the loss and a lower bound of it."""

from types import SimpleNamespace
from typing import Annotated, Any, Literal

import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import (
    Beta1,
    Beta2,
    Epsilon,
    LearningRate,
    Momentum,
    WeightDecay,
)
from lrstudio.core.optimizer import Optimizer
from lrstudio.core.optimizers.distance import dot, squared

TINY = float(np.finfo(np.float64).eps)
"""Squared lengths up to which a gradient counts as zero."""

LowerBound = Annotated[
    float,
    meta(
        "f*",
        "Lower bound",
        "What the loss cannot fall below; the smallest loss where it is known.",
        low=-10.0,
        high=10.0,
        ge=-1e12,
        le=1e12,
    ),
]
LargestRate = Annotated[
    float,
    meta(
        "γ",
        "Largest rate",
        "Step sizes above this are cut to it.",
        scale="log",
        low=1e-3,
        high=100.0,
        gt=0.0,
        le=1e9,
    ),
]
GapForm = Annotated[
    Literal["any", "positive"],
    meta(
        "",
        "Below the bound",
        "What a loss below the bound does: climb back, or stand still (SPS₊).",
    ),
]
ScaleForm = Annotated[
    Literal["outside", "inside"],
    meta(
        "",
        "Rate in the norm",
        "Learning rate outside the norm, as published, or inside it as in Optax, where it divides.",
    ),
]
AdaptBound = Annotated[
    bool,
    meta(
        "",
        "Adapt the bound",
        "Estimate the lower bound as the run goes on; the bound given is only a floor for it.",
    ),
]


class PolyakStep(Optimizer, tag="polyak", frozen=True, kw_only=True):
    """Polyak step size: as far as a straight line falls to the smallest loss.

    x ← x − η min((f − f*)/(‖g‖² + ε), γ) g           rate outside
    x ← x − min((f − f*)/(‖η g‖² + ε), γ) η g         rate inside
    SPS₊: max(f − f*, 0) instead of f − f*

    Inside is `optax.polyak_sgd` (0.2.8), where η is called scaling and larger values make shorter
    steps unless γ cuts them; at η = 1 both agree. There is no step where the denominator is below
    2.2e-16.

    Used where the smallest loss is known, as for models that can fit every example exactly.

    Polyak, "Introduction to Optimization", 1987; with a largest rate: Loizou, Vaswani, Laradji &
    Lacoste-Julien, "Stochastic Polyak Step-size for SGD", 2021, arXiv:2002.10542; SPS₊: Garrigos,
    Gower & Schaipp, 2023, arXiv:2307.14528.
    """

    lr: LearningRate = 1.0
    f_min: LowerBound = 0.0
    max_lr: LargestRate = 1.0
    eps: Epsilon = 0.0
    gap: GapForm = "any"
    lr_position: ScaleForm = "outside"

    family = "rate_free"
    aliases = ("SPS", "stochastic Polyak step size")
    needs = ("loss",)
    year = 1987

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        gap = s.loss - h.f_min
        if h.gap == "positive":
            gap = np.maximum(gap, 0.0)
        scaled = h.lr * g
        length = squared(scaled if h.lr_position == "inside" else g) + h.eps
        return -np.minimum(quotient(gap, length), h.max_lr) * scaled


class Momo(Optimizer, tag="momo", frozen=True, kw_only=True):
    """Momo: momentum whose rate follows from the loss and a lower bound of it.

    m ← μ m + (1−μ) g              f̄ and γ̄ are means of f and ⟨g, x⟩ in the same way
    τ = min(η, max((1+ηλ)(f̄ − f* − γ̄) + ⟨m, x⟩, 0)/‖m‖²)
    x ← x − τ m − ηλ/(1+ηλ) x

    Symbols: τ, the rate in force; f̄, the running mean of the loss; γ̄, the running mean of ⟨g, x⟩.

    The means start with their first values. With an adapting bound, f* becomes half of what the
    model allows where it was too high, and follows f̄ + ⟨m, x⟩ − γ̄ − τ‖m‖²/2 afterwards. This is
    `optax.contrib.momo` (0.2.8). There is no step where ‖m‖² is below 2.2e-16.

    Used instead of momentum with a rate that is chosen too large on purpose.

    Schaipp, Ohana, Eickenberg, Defazio & Gower, "MoMo: Momentum Models for Adaptive Learning
    Rates", 2023, arXiv:2305.07583, Algorithm 1.
    """

    lr: LearningRate = 1.0
    momentum: Momentum = 0.9
    f_min: LowerBound = 0.0
    adapt_bound: AdaptBound = False
    weight_decay: WeightDecay = 0.0

    family = "rate_free"
    aliases = ("momentum models",)
    momentum_name = "momentum"
    needs = ("loss",)
    year = 2023
    slots = ("m",)
    lane_slots = ("f", "gamma", "bound")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.bound = s.bound + h.f_min

    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        beta = np.where(t > 1, h.momentum, 0.0)
        remember(g, s, beta)
        length = squared(s.m)
        tau = model_rate(s, h, h.lr, length, 1.0)
        return shrunk(-tau * s.m, x, h)


class MomoAdam(Optimizer, tag="momo_adam", frozen=True, kw_only=True):
    """Momo-Adam: Adam whose rate follows from the loss and a lower bound of it.

    m ← β₁ m + (1−β₁) g            f̄ and γ̄ are means of f and ⟨g, x⟩ in the same way
    v ← β₂ v + (1−β₂) g²           D = √(v/(1−β₂ᵗ)) + ε,  b = 1−β₁ᵗ
    τ = min(η/b, max((1+ηλ)(f̄ − b f* − γ̄) + ⟨m, x⟩, 0)/⟨m, m/D⟩)
    x ← x − τ m/D − ηλ/(1+ηλ) x

    Symbols: τ, the rate in force; D, the scale of each coordinate; b, the correction for the start
    of the means at 0; f̄, the running mean of the loss; γ̄, the running mean of ⟨g, x⟩.

    With an adapting bound, f* becomes half of what the model allows where it was too high, and
    follows (f̄ + ⟨m, x⟩ − γ̄ − τ⟨m, m/D⟩/2)/b afterwards. This is `optax.contrib.momo_adam` (0.2.8).
    There is no step where ⟨m, m/D⟩ is below 2.2e-16.

    Used instead of Adam with a rate that is chosen too large on purpose.

    Schaipp, Ohana, Eickenberg, Defazio & Gower, "MoMo: Momentum Models for Adaptive Learning
    Rates", 2023, arXiv:2305.07583, Algorithm 3.
    """

    lr: LearningRate = 0.01
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-8
    f_min: LowerBound = 0.0
    adapt_bound: AdaptBound = False
    weight_decay: WeightDecay = 0.0

    family = "rate_free"
    aliases = ("momentum models",)
    momentum_name = "beta1"
    needs = ("loss",)
    year = 2023
    slots = ("m", "v")
    lane_slots = ("f", "gamma", "bound")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.bound = s.bound + h.f_min

    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        remember(g, s, h.beta1)
        s.v = h.beta2 * s.v + (1 - h.beta2) * np.square(g)
        direction = s.m / (h.eps + np.sqrt(s.v / (1 - h.beta2**t)))
        length = dot(s.m, direction)
        correction = 1 - h.beta1**t
        tau = model_rate(s, h, h.lr / correction, length, correction)
        return shrunk(-tau * direction, x, h)


def remember(g: ArrayLike, s: SimpleNamespace, beta: ArrayLike) -> None:
    """Take gradient, loss and ⟨g, x⟩ into their running means."""
    s.m = beta * s.m + (1 - beta) * g
    s.f = beta * s.f + (1 - beta) * s.loss
    s.gamma = beta * s.gamma + (1 - beta) * dot(g, s.x)


def model_rate(
    s: SimpleNamespace, h: Any, limit: ArrayLike, length: ArrayLike, correction: ArrayLike
) -> ArrayLike:
    """The rate τ `(lanes,)` at which the model of the loss meets its bound, at most `limit`."""
    growth = 1 + h.lr * h.weight_decay
    inner = dot(s.m, s.x)
    if h.adapt_bound:
        most = growth * (s.f - s.gamma) + inner
        halved = np.maximum(most / (2 * correction * growth), h.f_min)
        s.bound = np.where(most < growth * correction * s.bound, halved, s.bound)
    gap = np.maximum(growth * (s.f - correction * s.bound - s.gamma) + inner, 0.0)
    tau = np.minimum(limit, quotient(gap, length))
    if h.adapt_bound:
        model = (s.f + inner - s.gamma - 0.5 * tau * length) / correction
        s.bound = np.maximum(model, h.f_min)
    return tau


def shrunk(step: ArrayLike, x: ArrayLike, h: Any) -> ArrayLike:
    """The step with the decay of a proximal step, ηλ/(1+ηλ)."""
    if not np.any(h.weight_decay):
        return step
    decay = h.lr * h.weight_decay
    return step - decay / (1 + decay) * x


def quotient(gap: ArrayLike, length: ArrayLike) -> ArrayLike:
    """gap/length `(lanes,)`; 0 where the length is as good as zero."""
    is_zero = length <= TINY
    return np.where(is_zero, 0.0, gap / np.where(is_zero, 1.0, length))
