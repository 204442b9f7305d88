"""Adam and its variants: momentum and scaling, both corrected for their start at zero."""

from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np

from lrstudio.core.arrays import ArrayLike
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


def adam(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
    """Kingma & Ba's Algorithm 1, with the maximum of Reddi et al. where `h.amsgrad` is set."""
    s.m = h.beta1 * s.m + (1 - h.beta1) * g
    s.v = h.beta2 * s.v + (1 - h.beta2) * np.square(g)
    v = s.v
    if h.amsgrad:
        v = s.v_max = np.maximum(s.v_max, s.v)
    m_hat = s.m / (1 - h.beta1**t)
    v_hat = v / (1 - h.beta2**t)
    return -h.lr * m_hat / (np.sqrt(v_hat) + h.eps)


class Adam(Optimizer, tag="adam", frozen=True, kw_only=True):
    """Adam: steps scaled by a running mean and a running spread of the gradient.

    m ← β₁ m + (1−β₁) g            v ← β₂ v + (1−β₂) g²
    x ← x − η m̂ / (√v̂ + ε)         m̂ = m/(1−β₁ᵗ),  v̂ = v/(1−β₂ᵗ)
    AMSGrad: v̂ = max(v₁ … v_t)/(1−β₂ᵗ)

    This is `torch.optim.Adam` (2.13), also with `amsgrad=True`, and `optax.adam` (0.2.8). The
    first step has length η in every coordinate.

    Used as the first choice where gradients are sparse, noisy or of very different size, and where
    nobody has time to tune a rate for SGD; for weight decay AdamW has taken its place.

    Kingma & Ba, "Adam: A Method for Stochastic Optimization", 2015, arXiv:1412.6980, Algorithm 1;
    AMSGrad: Reddi, Kale & Kumar, "On the Convergence of Adam and Beyond", 2018, arXiv:1904.09237.
    """

    lr: LearningRate = 1e-3
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-8
    amsgrad: AmsGrad = False
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2015
    family = "adam"
    aliases = ("adaptive moment estimation", "AMSGrad")
    slots = ("m", "v", "v_max")
    update = staticmethod(adam)


class AdamW(Optimizer, tag="adamw", frozen=True, kw_only=True):
    """AdamW: Adam with weight decay that is not scaled by the gradient's spread.

    m ← β₁ m + (1−β₁) g            v ← β₂ v + (1−β₂) g²
    x ← x − η m̂ / (√v̂ + ε) − η λ x

    This is `torch.optim.AdamW` (2.13) and `optax.adamw` (0.2.8; there λ = 1e-4 by default).

    Used to train nearly all transformers, for language and for vision, mostly with a warm-up and a
    cosine or linear decay; where Adam would need weight decay.

    Loshchilov & Hutter, "Decoupled Weight Decay Regularization", 2019, arXiv:1711.05101,
    Algorithm 2.
    """

    lr: LearningRate = 1e-3
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-8
    amsgrad: AmsGrad = False
    weight_decay: WeightDecay = 0.01

    decay: ClassVar[str] = "decoupled"
    year = 2019
    family = "adam"
    aliases = ("decoupled weight decay",)
    slots = ("m", "v", "v_max")
    update = staticmethod(adam)
