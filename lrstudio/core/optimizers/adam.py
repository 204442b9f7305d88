"""Adam, AdamW and AMSGrad: momentum and scaling, both corrected for their start at zero."""

from types import SimpleNamespace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import (
    AmsGrad,
    Beta1,
    Beta2,
    DecayKind,
    Epsilon,
    LearningRate,
    WeightDecay,
)
from lrstudio.core.optimizer import Optimizer

EpsilonForm = Annotated[
    Literal["outside", "hat"],
    meta(
        "",
        "Epsilon form",
        "Added to the root of the corrected v (textbook, PyTorch, Optax), or to √v before the "
        "correction (Keras; epsilon with a hat in the paper), where it weighs up to 1/√(1−β₂) "
        "times as much at first.",
    ),
]
EpsilonRoot = Annotated[
    float,
    meta(
        "ε₀",
        "Epsilon in the root",
        "Small number added to the corrected v inside the square root, besides ε outside it "
        "(Optax).",
        low=0.0,
        high=1e-3,
        ge=0.0,
        le=1e3,
    ),
]
Lazy = Annotated[
    bool,
    meta(
        "",
        "Lazy",
        "Coordinates whose gradient is exactly zero keep their place and their moments.",
    ),
]
CorrectsMean = Annotated[
    bool,
    meta("", "Corrects the mean", "Divide m by 1−β₁ᵗ, which makes up for its start at zero."),
]
CorrectsSpread = Annotated[
    bool,
    meta("", "Corrects the spread", "Divide v by 1−β₂ᵗ, which makes up for its start at zero."),
]


def moments(g: ArrayLike, s: SimpleNamespace, h: Any) -> None:
    """Running means of the gradient and of its square, in `s.m` and `s.v`."""
    s.m = h.beta1 * s.m + (1 - h.beta1) * g
    s.v = h.beta2 * s.v + (1 - h.beta2) * np.square(g)


def root(v: ArrayLike, h: Any) -> ArrayLike:
    """√(v + ε₀) + ε."""
    return np.sqrt(v + h.eps_root) + h.eps if np.any(h.eps_root) else np.sqrt(v) + h.eps


def scaled_mean(
    rate: ArrayLike, s: SimpleNamespace, v: ArrayLike, h: Any, t: ArrayLike
) -> ArrayLike:
    """`rate` times the corrected mean over the corrected spread, with ε as `h.eps_form` has it.

    The corrections are numbers that all coordinates share, so they are put into the rate and ε, as
    section 2 of the paper has it: no coordinate is divided for them.
    """
    of_mean, of_spread = 1 - h.beta1**t, 1 - h.beta2**t
    if h.eps_form == "outside" and np.any(h.eps_root):
        return rate / of_mean * s.m / root(v / of_spread, h)
    spread = np.sqrt(of_spread)
    floored = root(v, h) if h.eps_form == "hat" else np.sqrt(v) + spread * h.eps
    return rate * spread / of_mean * s.m / floored


def adam(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
    """Kingma & Ba's Algorithm 1, with the maximum of Reddi et al. where `h.amsgrad` is set."""
    moments(g, s, h)
    v = s.v
    if h.amsgrad:
        v = s.v_max = np.maximum(s.v_max, s.v)
    return scaled_mean(-h.lr, s, v, h, t)


class Adam(Optimizer, tag="adam", frozen=True, kw_only=True):
    """Adam: steps scaled by a running mean and a running spread of the gradient.

    m ← β₁ m + (1−β₁) g            v ← β₂ v + (1−β₂) g²
    x ← x − η m̂ / (√(v̂+ε₀) + ε)    m̂ = m/(1−β₁ᵗ),  v̂ = v/(1−β₂ᵗ)        ε outside
    x ← x − η √(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√(v+ε₀) + ε)                        ε hat
    AMSGrad: max(v₁ … v_t) instead of v
    Lazy: m, v and x stay where g = 0

    Outside is `torch.optim.Adam` (2.13) and, with ε₀, `optax.adam` (0.2.8); hat with ε = 1e-7 is
    `keras.optimizers.Adam` (3.15), where weight decay is always decoupled; hat and lazy is
    `torch.optim.SparseAdam`. With AMSGrad the maximum is taken before the correction, as PyTorch
    and Keras do; Optax takes it afterwards, which is the rule AMSGrad here. The first step has
    length η in every coordinate.

    Used wherever one setting has to work without much tuning, for noisy gradients and parameters
    of very different scales; the usual first choice for transformers and embeddings.

    Kingma & Ba, "Adam: A Method for Stochastic Optimization", 2015, arXiv:1412.6980, Algorithm 1;
    AMSGrad: Reddi, Kale & Kumar, "On the Convergence of Adam and Beyond", 2018, arXiv:1904.09237.
    """

    lr: LearningRate = 1e-3
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-8
    eps_form: EpsilonForm = "outside"
    eps_root: EpsilonRoot = 0.0
    amsgrad: AmsGrad = False
    lazy: Lazy = False
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2015
    family = "adam"
    aliases = ("adaptive moment estimation", "AMSGrad", "SparseAdam")
    slots = ("m", "v", "v_max")
    momentum_name = "beta1"

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        if not h.lazy:
            return adam(g, s, h, t)
        before = s.m, s.v, s.v_max
        step = adam(g, s, h, t)
        is_met = g != 0
        s.m, s.v, s.v_max = (
            np.where(is_met, new, old) for new, old in zip((s.m, s.v, s.v_max), before, strict=True)
        )
        return np.where(is_met, step, 0.0)


class AdamW(Optimizer, tag="adamw", frozen=True, kw_only=True):
    """AdamW: Adam with weight decay that is not scaled by the gradient's spread.

    m ← β₁ m + (1−β₁) g            v ← β₂ v + (1−β₂) g²
    x ← x − η m̂ / (√(v̂+ε₀) + ε) − η λ x                                  ε outside
    x ← x − η √(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√(v+ε₀) + ε) − η λ x                ε hat

    Outside is `torch.optim.AdamW` (2.13) and `optax.adamw` (0.2.8; there λ = 1e-4 by default); hat
    with ε = 1e-7 and λ = 0.004 is `keras.optimizers.AdamW` (3.15).

    Used to train nearly all transformers, for language and for vision, mostly with a warm-up and a
    cosine or linear decay; λ is tuned together with η.

    Loshchilov & Hutter, "Decoupled Weight Decay Regularization", 2019, arXiv:1711.05101,
    Algorithm 2.
    """

    lr: LearningRate = 1e-3
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-8
    eps_form: EpsilonForm = "outside"
    eps_root: EpsilonRoot = 0.0
    amsgrad: AmsGrad = False
    weight_decay: WeightDecay = 0.01

    decay: ClassVar[str] = "decoupled"
    year = 2019
    family = "adam"
    aliases = ("decoupled weight decay",)
    slots = ("m", "v", "v_max")
    momentum_name = "beta1"
    update = staticmethod(adam)


class AMSGrad(Optimizer, tag="amsgrad", frozen=True, kw_only=True):
    """AMSGrad: Adam that never forgets a large gradient, so that no rate ever grows again.

    m ← β₁ m + (1−β₁) g            v ← β₂ v + (1−β₂) g²
    u ← max(u, v)                  v/(1−β₂ᵗ) instead of v, where the spread is corrected
    x ← x − η m / (√(u+ε₀) + ε)    m/(1−β₁ᵗ) instead of m, where the mean is corrected

    Symbols: u, the largest v so far.

    Without corrections, as published; with both it is `optax.amsgrad` (0.2.8). PyTorch and Keras
    take the maximum before the correction, which is the rule Adam with its switch AMSGrad; the two
    differ greatly in the first thousand steps.

    Used as a safeguard where Adam fails to converge because rare large gradients are forgotten.

    Reddi, Kale & Kumar, "On the Convergence of Adam and Beyond", 2018, arXiv:1904.09237,
    Algorithm 2.
    """

    lr: LearningRate = 1e-3
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-8
    eps_root: EpsilonRoot = 0.0
    corrects_mean: CorrectsMean = False
    corrects_spread: CorrectsSpread = False
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2018
    family = "adam"
    slots = ("m", "v", "u")
    momentum_name = "beta1"

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        moments(g, s, h)
        m = s.m / (1 - h.beta1**t) if h.corrects_mean else s.m
        s.u = np.maximum(s.u, s.v / (1 - h.beta2**t) if h.corrects_spread else s.v)
        return -h.lr * m / root(s.u, h)
