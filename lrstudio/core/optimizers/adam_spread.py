"""Adam with another measure of the gradient's spread, or with doubts about its own."""

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
from lrstudio.core.optimizers.adam import EpsilonForm, EpsilonRoot, moments, root
from lrstudio.core.optimizers.adam_nesterov import LooksAhead, corrected_mean

MaximumEpsilon = Annotated[
    Literal["inside", "outside"],
    meta(
        "",
        "Epsilon position",
        "Added to the size of the gradient inside the maximum (PyTorch, Optax), or to the maximum "
        "(Keras).",
    ),
]
Threshold = Annotated[
    float,
    meta(
        "ρₘ",
        "Threshold",
        "Length of the average from which on its spread is trusted; plain momentum before.",
        low=4.0,
        high=20.0,
        ge=0.0,
        le=1e9,
    ),
]
TinyEpsilon = Annotated[
    float,
    meta(
        "ε",
        "Epsilon",
        "Small number added to the denominator; it bounds the step where the spread vanishes.",
        scale="log",
        low=1e-16,
        high=1e-1,
        ge=0.0,
        le=1e3,
    ),
]
InnerEpsilon = Annotated[
    float,
    meta(
        "ε₀",
        "Epsilon in the spread",
        "Small number added to the spread at every step, where it accumulates.",
        scale="log",
        low=1e-16,
        high=1e-3,
        ge=0.0,
        le=1e3,
    ),
]
FirstMean = Annotated[
    float,
    meta(
        "m₀",
        "Initial mean",
        "Value that the mean of the gradient starts with; above 0 it moves by itself.",
        low=0.0,
        high=1e-3,
        ge=0.0,
        le=1e6,
    ),
]
FirstSpread = Annotated[
    float,
    meta(
        "v₀",
        "Initial spread",
        "Value that the mean of the squared gradient starts with.",
        scale="log",
        low=1e-9,
        high=1.0,
        ge=0.0,
        le=1e6,
    ),
]


class Adamax(Optimizer, tag="adamax", frozen=True, kw_only=True):
    """Adamax: Adam that divides by the largest recent gradient instead of a mean square.

    m ← β₁ m + (1−β₁) g
    u ← max(β₂ u, |g| + ε),  x ← x − η/(1−β₁ᵗ) · m/u              ε inside
    u ← max(β₂ u, |g|),      x ← x − η/(1−β₁ᵗ) · m/(u + ε)        ε outside

    Symbols: u, the largest size of recent gradients.

    Inside is `torch.optim.Adamax` (2.13) and `optax.adamax` (0.2.8), with decoupled decay
    `optax.adamaxw`; outside with ε = 1e-7 is `keras.optimizers.Adamax` (3.15). The paper has no ε.

    Used for sparse gradients with rare large ones, since one such gradient fades only slowly.

    Kingma & Ba, "Adam: A Method for Stochastic Optimization", 2015, arXiv:1412.6980, Algorithm 2.
    """

    lr: LearningRate = 2e-3
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-8
    eps_position: MaximumEpsilon = "inside"
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2015
    family = "adam"
    aliases = (
        "infinity norm Adam",
        "AdamaxW",
    )
    slots = ("m", "u")
    momentum_name = "beta1"

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.m = h.beta1 * s.m + (1 - h.beta1) * g
        size = np.absolute(g)
        if h.eps_position == "inside":
            u = s.u = np.maximum(h.beta2 * s.u, size + h.eps)
        else:
            s.u = np.maximum(h.beta2 * s.u, size)
            u = s.u + h.eps
        return -h.lr / (1 - h.beta1**t) * s.m / u


class RAdam(Optimizer, tag="radam", frozen=True, kw_only=True):
    """RAdam: Adam that trusts its measure of spread only once it rests on enough gradients.

    m ← β₁ m + (1−β₁) g            v ← β₂ v + (1−β₂) g²
    ρ∞ = 2/(1−β₂) − 1              ρ = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ)
    r = √((ρ−4)(ρ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρ))
    x ← x − η m̂                    while ρ < ρₘ
    x ← x − η r m̂ / (√(v̂+ε₀) + ε)                  from then on, ε outside
    x ← x − η r m̂ √(1−β₂ᵗ) / (√(v+ε₀) + ε)         ε hat

    Symbols: ρ, the number of gradients that v is worth; ρ∞, its limit; r, the share of the rate
    that such a v is trusted with.

    Hat is `torch.optim.RAdam` (2.13), outside `optax.radam` (0.2.8), there also with Nesterov's
    m̂ = β₁ m/(1−β₁ᵗ⁺¹) + (1−β₁) g/(1−β₁ᵗ). All switch at ρₘ = 5, where the paper has 4. With
    β₂ = 0.999 the first five steps are as long as those of plain momentum, with β₂ ≤ 2/3 all are.

    Used to do without the warm-up of the rate that Adam often needs.

    Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond", 2020, arXiv:1908.03265,
    Algorithm 2.
    """

    lr: LearningRate = 1e-3
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-8
    eps_form: EpsilonForm = "outside"
    eps_root: EpsilonRoot = 0.0
    threshold: Threshold = 5.0
    nesterov: LooksAhead = False
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2020
    family = "adam"
    aliases = ("rectified Adam",)
    slots = ("m", "v")
    momentum_name = "beta1"

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        moments(g, s, h)
        # As exact as can be: ρ takes a thousandfold of its error.
        power = np.float_power(h.beta2, t)
        longest = 2 / (1 - h.beta2) - 1
        rho = longest - 2 * t * power / (1 - power)
        r = np.sqrt((rho - 4) * (rho - 2) * longest / ((longest - 4) * (longest - 2) * rho))
        m_hat = corrected_mean(g, s, h, t)
        if h.eps_form == "hat":
            scaled = r * np.sqrt(1 - power) * m_hat / root(s.v, h)
        else:
            scaled = r * m_hat / root(s.v / (1 - power), h)
        return -h.lr * np.where(rho >= h.threshold, scaled, m_hat)


class AdaBelief(Optimizer, tag="adabelief", frozen=True, kw_only=True):
    """AdaBelief: long steps where the gradient is as expected, short ones where it surprises.

    m ← β₁ m + (1−β₁) g            m̂ = m/(1−β₁ᵗ)
    s ← β₂ s + (1−β₂) (g−m)² + ε₀  ŝ = s/(1−β₂ᵗ)
    x ← x − η m̂ / (√ŝ + ε)
    Nesterov: m̂ = β₁ m/(1−β₁ᵗ⁺¹) + (1−β₁) g/(1−β₁ᵗ)

    Symbols: s, the running mean of the squared surprise; ŝ, the same corrected for its start at 0.

    `optax.adabelief` (0.2.8). As published, ε₀ is added to the state itself, where it adds up to
    ε₀/(1−β₂); the paper has one ε for both.

    Used as a replacement of Adam that is to generalize like gradient descent with momentum.

    Zhuang et al., "AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients",
    2020, arXiv:2010.07468, Algorithm 2.
    """

    lr: LearningRate = 1e-3
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: TinyEpsilon = 1e-16
    eps_root: InnerEpsilon = 1e-16
    nesterov: LooksAhead = False
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "decoupled"

    year = 2020
    family = "adam"
    aliases = ("belief",)
    slots = ("m", "s")
    momentum_name = "beta1"

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.m = h.beta1 * s.m + (1 - h.beta1) * g
        s.s = h.beta2 * s.s + (1 - h.beta2) * np.square(g - s.m) + h.eps_root
        m_hat = corrected_mean(g, s, h, t)
        return -h.lr * m_hat / (np.sqrt(s.s / (1 - h.beta2**t)) + h.eps)


class Yogi(Optimizer, tag="yogi", frozen=True, kw_only=True):
    """Yogi: Adam whose measure of spread changes only by as much as the new gradient says.

    m ← β₁ m + (1−β₁) g            m starts at m₀
    v ← v − (1−β₂) sign(v − g²) g²         v starts at v₀
    x ← x − η m̂ / (√v̂ + ε)         m̂ = m/(1−β₁ᵗ),  v̂ = v/(1−β₂ᵗ)

    With m₀ = v₀ = 1e-6 this is `optax.yogi` (0.2.8), which therefore moves where the gradient is
    zero. The paper's listing leaves out the corrections.

    Used where gradients are sparse or change their size at times: the rate never jumps up.

    Zaheer, Reddi, Sachan, Kale & Kumar, "Adaptive Methods for Nonconvex Optimization", 2018,
    Algorithm 2.
    """

    lr: LearningRate = 0.01
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-3
    initial_mean: FirstMean = 0.0
    initial_spread: FirstSpread = 1e-6
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "decoupled"

    year = 2018
    family = "adam"
    slots = ("m", "v")
    momentum_name = "beta1"

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.m = s.m + h.initial_mean
        s.v = s.v + h.initial_spread

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.m = h.beta1 * s.m + (1 - h.beta1) * g
        square = np.square(g)
        s.v = s.v - (1 - h.beta2) * np.sign(s.v - square) * square
        return -h.lr * (s.m / (1 - h.beta1**t)) / (np.sqrt(s.v / (1 - h.beta2**t)) + h.eps)
