"""Rules that estimate the distance to the solution and take their learning rate from it."""

from types import SimpleNamespace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from lrstudio.core.arrays import ArrayLike, norm
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

InitialStep = Annotated[
    Literal["heuristic", "distance", "learning_rate"],
    meta(
        "",
        "First step",
        "What r is: a share of 1 + ‖x₀‖, the distance itself, or the rate of the first step.",
    ),
]
InitialSize = Annotated[
    float,
    meta(
        "r",
        "Initial size",
        "Guess that the first step is taken with; small, so that it does no harm.",
        scale="log",
        low=1e-8,
        high=1.0,
        ge=0.0,
        le=1e6,
    ),
]
SquaredDistance = Annotated[
    float,
    meta(
        "d₀",
        "Initial square",
        "Guess of the squared distance to the solution; too small is better than too large.",
        scale="log",
        low=1e-8,
        high=1.0,
        ge=0.0,
        le=1e6,
    ),
]
Distance = Annotated[
    float,
    meta(
        "d₀",
        "Initial distance",
        "Guess of the distance to the solution; too small is better than too large.",
        scale="log",
        low=1e-8,
        high=1.0,
        gt=0.0,
        le=1e6,
    ),
]
DistanceFactor = Annotated[
    float,
    meta(
        "ρ",
        "Factor of the estimate",
        "Factor on every estimate of the distance, for shorter or longer steps.",
        scale="log",
        low=0.1,
        high=10.0,
        ge=0.0,
        le=1e6,
    ),
]
Beta3 = Annotated[
    float,
    meta(
        "β₃",
        "Memory of the estimate",
        "Share of the sums behind the estimate that is kept at each step; √β₂ as published.",
        low=0.5,
        high=0.9999,
        ge=0.0,
        lt=1.0,
    ),
]
BiasCorrection = Annotated[
    bool,
    meta(
        "",
        "Bias correction",
        "Correct the moments for their start at zero, as Adam does; it makes early steps shorter.",
    ),
]
Safeguard = Annotated[
    bool,
    meta(
        "",
        "Safe warm-up",
        "Leave the rate out of the estimate's denominator; helps while a schedule warms up.",
    ),
]


class DoG(Optimizer, tag="dog", frozen=True, kw_only=True):
    """DoG: the rate is the distance from the start over the length of all gradients.

    r̄ ← max(r̄, ‖x − x₀‖)           G ← G + ‖g‖²
    x ← x − η r̄/√(G + ε) g
    r̄ starts at r (1 + ‖x₀‖)        heuristic
    r̄ starts at r                  distance
    r̄ starts at 0, the first step is η r g       learning_rate

    Symbols: r̄, the largest distance from the start so far; G, the sum of the squared lengths of all
    gradients.

    This is `optax.contrib.dog` (0.2.8); `optax.scale_by_distance_over_gradients` is the heuristic
    form without the minus sign. The authors recommend to average the points.

    Used where nobody has time to tune a learning rate; η stays 1.

    Ivgi, Hinder & Carmon, "DoG is SGD's Best Friend: A Parameter-Free Dynamic Step Size Schedule",
    2023, arXiv:2302.12022.
    """

    lr: LearningRate = 1.0
    initial: InitialSize = 1e-6
    initial_kind: InitialStep = "heuristic"
    eps: Epsilon = 1e-8
    weight_decay: WeightDecay = 0.0

    decay: ClassVar[str] = "coupled"
    family = "rate_free"
    aliases = ("distance over gradients",)
    year = 2023
    slots = ("x0",)
    lane_slots = ("r", "G")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.x0 = s.x
        if h.initial_kind == "heuristic":
            s.r = s.r + h.initial * (1 + norm(s.x))
        elif h.initial_kind == "distance":
            s.r = s.r + h.initial

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.r = np.maximum(s.r, norm(s.x0 - s.x))
        s.G = s.G + squared(g)
        rate = s.r / np.sqrt(s.G + h.eps)
        if h.initial_kind == "learning_rate":
            rate = np.where(t == 1, h.initial, rate)
        return -h.lr * (rate * g)


class DoWG(Optimizer, tag="dowg", frozen=True, kw_only=True):
    """DoWG: like DoG, with gradients weighted by the distance at which they were met.

    d ← max(d, ‖x − x₀‖²)          v ← v + d ‖g‖²
    x ← x − η d/(√v + ε) g

    Symbols: d, the largest squared distance from the start so far; v, the sum of the squared
    lengths of all gradients, each times its d.

    This is `optax.contrib.dowg` (0.2.8).

    Used like DoG; it grows faster from a start that was chosen too carefully.

    Khaled, Mishchenko & Jin, "DoWG Unleashed: An Efficient Universal Parameter-Free Gradient
    Descent Method", 2023, arXiv:2305.16284.
    """

    lr: LearningRate = 1.0
    initial: SquaredDistance = 1e-4
    eps: Epsilon = 1e-4
    weight_decay: WeightDecay = 0.0

    decay: ClassVar[str] = "coupled"
    family = "rate_free"
    aliases = ("distance over weighted gradients",)
    year = 2023
    slots = ("x0",)
    lane_slots = ("d", "v")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.x0 = s.x
        s.d = s.d + h.initial

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.d = np.maximum(s.d, squared(s.x0 - s.x))
        s.v = s.d * squared(g) + s.v
        return -h.lr * (s.d / (np.sqrt(s.v) + h.eps) * g)


class DAdaptAdam(Optimizer, tag="dadapt_adam", frozen=True, kw_only=True):
    """D-Adaptation Adam: Adam with a rate that a growing lower bound of the distance supplies.

    γ = d η                        times √(1−β₂ᵗ)/(1−β₁ᵗ) where corrected
    n ← √β₂ n + (1−√β₂) γ ⟨g, q/(√v + ε)⟩
    m ← β₁ m + (1−β₁) γ g          v ← β₂ v + (1−β₂) g²
    q ← √β₂ q + (1−√β₂) γ g        d ← max(d, n/((1−√β₂) ‖q‖₁))
    x ← x − m/(√v + ε) − γ λ x

    Symbols: γ, the rate in force; d, the estimate of the distance, d₀ at the start; n, the
    numerator of the estimate; q, the running sum of steps along the gradient.

    Without correction this is `DAdaptAdam(decouple=True)` of the package dadaptation (3.2), with
    it `optax.contrib.dadapt_adamw` (0.2.8). Coupled decay is added to the gradient instead. While
    all gradients are zero, x stays; Optax computes 0/0 there.

    Used where nobody has time to tune a learning rate; η stays 1, with a schedule if one likes.

    Defazio & Mishchenko, "Learning-Rate-Free Learning by D-Adaptation", 2023, arXiv:2301.07733.
    """

    lr: LearningRate = 1.0
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-8
    d0: Distance = 1e-6
    bias_correction: BiasCorrection = False
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "decoupled"

    family = "rate_free"
    aliases = ("DAdaptAdamW", "learning-rate-free")
    momentum_name = "beta1"
    year = 2023
    slots = ("m", "v", "q")
    lane_slots = ("d", "n")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.d = s.d + h.d0

    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        return with_decay(cls, x, g, s, h, t)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        root = np.sqrt(h.beta2)
        rate = estimated_rate(s, h, t)
        numerator = dot(g, s.q / (np.sqrt(s.v) + h.eps))
        s.m = h.beta1 * s.m + (1 - h.beta1) * rate * g
        s.v = h.beta2 * s.v + (1 - h.beta2) * np.square(g)
        s.q = root * s.q + (1 - root) * rate * g
        s.n = root * s.n + (1 - root) * rate * numerator
        s.d = np.maximum(s.d, ratio(s.n, (1 - root) * total(np.abs(s.q))))
        return -s.m / (np.sqrt(s.v) + h.eps)


class Prodigy(Optimizer, tag="prodigy", frozen=True, kw_only=True):
    """Prodigy: D-Adaptation that trusts recent gradients more, and so finds its rate sooner.

    γ = d η                        times √(1−β₂ᵗ)/(1−β₁ᵗ) where corrected
    m ← β₁ m + (1−β₁) d g          v ← β₂ v + (1−β₂) d² g²
    n ← β₃ n + d/d₀ · γ ⟨g, x₀ − x⟩
    q ← β₃ q + d/d₀ · γ g          with d instead of γ for a safe warm-up
    d ← max(d, ρ n/‖q‖₁)
    x ← x − γ m/(√v + d ε) − γ λ x

    Symbols: γ, the rate in force; d, the estimate of the distance, d₀ at the start; n, the
    numerator of the estimate; q, the sum in its denominator; x₀, the start.

    Without correction this is `Prodigy` of the package prodigyopt (1.1.2), with it
    `optax.contrib.prodigy` (0.2.8). Coupled decay is added to the gradient instead. While all
    gradients are zero, x stays; Optax computes 0/0 there.

    Used like D-Adaptation, and the more common choice today: Adam's quality with η = 1.

    Mishchenko & Defazio, "Prodigy: An Expeditiously Adaptive Parameter-Free Learner", 2023,
    arXiv:2306.06101, Algorithm 4.
    """

    lr: LearningRate = 1.0
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    beta3: Beta3 = 0.999**0.5
    eps: Epsilon = 1e-8
    d0: Distance = 1e-6
    d_coef: DistanceFactor = 1.0
    bias_correction: BiasCorrection = False
    safeguard_warmup: Safeguard = False
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "decoupled"

    family = "rate_free"
    aliases = ("learning-rate-free",)
    momentum_name = "beta1"
    year = 2023
    slots = ("x0", "m", "v", "q")
    lane_slots = ("d", "n")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.x0 = s.x
        s.d = s.d + h.d0

    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        return with_decay(cls, x, g, s, h, t)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        d, rate = s.d, estimated_rate(s, h, t)
        scaled = d * g
        s.m = h.beta1 * s.m + (1 - h.beta1) * scaled
        s.v = h.beta2 * s.v + (1 - h.beta2) * scaled * scaled
        s.q = h.beta3 * s.q + (d if h.safeguard_warmup else rate) * scaled / h.d0
        s.n = h.beta3 * s.n + d / h.d0 * (rate * dot(g, s.x0 - s.x))
        s.d = np.maximum(d, h.d_coef * ratio(s.n, total(np.abs(s.q))))
        return -rate * s.m / (np.sqrt(s.v) + s.d * h.eps)


def estimated_rate(s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
    """The rate `(lanes,)` that the estimate `s.d` of the distance makes of `h.lr`."""
    rate = s.d * h.lr
    return rate * (np.sqrt(1 - h.beta2**t) / (1 - h.beta1**t)) if h.bias_correction else rate


def with_decay(
    rule: type[Optimizer],
    x: ArrayLike,
    g: ArrayLike,
    s: SimpleNamespace,
    h: Any,
    t: ArrayLike,
) -> ArrayLike:
    """The step of a rule whose decoupled decay goes with the estimated rate."""
    if not np.any(h.weight_decay):
        return rule.update(g, s, h, t)
    if h.decay == "coupled":
        return rule.update(g + h.weight_decay * x, s, h, t)
    rate = estimated_rate(s, h, t)
    return rule.update(g, s, h, t) - h.weight_decay * rate * x


def ratio(numerator: ArrayLike, denominator: ArrayLike) -> ArrayLike:
    """Their ratio `(lanes,)`; 0 where the denominator is zero and nothing is known yet."""
    return numerator / np.where(denominator == 0, np.inf, denominator)


def total(columns: ArrayLike) -> ArrayLike:
    """Sum `(lanes,)` of each column `(dim, lanes)`."""
    return np.add.reduce(columns, axis=0)


def squared(columns: ArrayLike) -> ArrayLike:
    """Squared length `(lanes,)` of each column `(dim, lanes)`."""
    return total(np.square(columns))


def dot(one: ArrayLike, other: ArrayLike) -> ArrayLike:
    """Inner product `(lanes,)` of columns `(dim, lanes)`."""
    return total(one * other)
