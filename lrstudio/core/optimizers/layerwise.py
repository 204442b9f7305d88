"""Adam's relatives that look at the length of a whole vector: LAMB and NovoGrad."""

from types import SimpleNamespace
from typing import Annotated, Any, Literal

import numpy as np

from lrstudio.core.arrays import ArrayLike, norm
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import Beta1, Beta2, Epsilon, LearningRate, WeightDecay
from lrstudio.core.optimizer import Optimizer
from lrstudio.core.optimizers.adam import EpsilonRoot, moments, root

LambDecay = Annotated[
    Literal["inside", "outside"],
    meta(
        "",
        "Decay form",
        "λx is part of the direction whose length is measured (the paper, Optax), or ηλx is "
        "subtracted from the parameters before (Keras).",
    ),
]


class LAMB(Optimizer, tag="lamb", frozen=True, kw_only=True):
    """LAMB: Adam's direction, with a step as long as the parameters are.

    m ← β₁ m + (1−β₁) g            v ← β₂ v + (1−β₂) g²
    u = m̂ / (√(v̂+ε₀) + ε)          m̂ = m/(1−β₁ᵗ),  v̂ = v/(1−β₂ᵗ)
    u ← u + λ x                    decay inside
    x ← x − ηλ x                   decay outside, before the rest
    x ← x − η ‖x‖/‖u‖ u            the ratio is 1 where a length is 0

    Symbols: u, the direction, as Adam has it.

    Inside is `optax.lamb` (0.2.8), outside with ε = 1e-7 `keras.optimizers.Lamb` (3.15). Lengths
    are those of a layer of a model, or of all coordinates of a function.

    Used to train with very large batches, where one rate has to suit all layers.

    You et al., "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes", 2020,
    arXiv:1904.00962, Algorithm 2.
    """

    lr: LearningRate = 1e-3
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-6
    eps_root: EpsilonRoot = 0.0
    weight_decay: WeightDecay = 0.0
    decay: LambDecay = "inside"

    year = 2020
    family = "trust"
    aliases = (
        "layer-wise Adam",
        "large batch",
    )
    slots = ("m", "v")
    momentum_name = "beta1"
    needs = ("layers",)

    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        u = cls.update(g, s, h, t)
        if not np.any(h.weight_decay):
            return -h.lr * trust_ratio(x, u) * u
        if h.decay == "inside":
            u = u + h.weight_decay * x
            return -h.lr * trust_ratio(x, u) * u
        shrunk = x - h.lr * h.weight_decay * x
        return -h.lr * h.weight_decay * x - h.lr * trust_ratio(shrunk, u) * u

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        """The direction u, without decay."""
        moments(g, s, h)
        return s.m / (1 - h.beta1**t) / root(s.v / (1 - h.beta2**t), h)


class NovoGrad(Optimizer, tag="novograd", frozen=True, kw_only=True):
    """NovoGrad: the gradient divided by its running length, then carried by momentum.

    v ← β₂ v + (1−β₂) ‖g‖²         v = ‖g‖² at the first step
    m ← β₁ m + g/(√(v+ε₀) + ε) + λ x       from m = 0
    x ← x − η m

    Symbols: v, the running mean of the squared length of the gradient; m, the momentum buffer, 0 at
    the start.

    `optax.novograd` (0.2.8), there with β₁ = 0.9, β₂ = 0.25 and ε = 1e-6. Lengths are those of a
    layer of a model, or of all coordinates of a function. In the long run a step is 1/(1−β₁) times
    η, as with momentum.

    Used for speech and language models, with less memory than Adam: v is one number for a layer.

    Ginsburg et al., "Stochastic Gradient Methods with Layer-wise Adaptive Moments for Training of
    Deep Networks", 2019, arXiv:1905.11286, Algorithm 1.
    """

    lr: LearningRate = 0.01
    beta1: Beta1 = 0.95
    beta2: Beta2 = 0.98
    eps: Epsilon = 1e-8
    eps_root: EpsilonRoot = 0.0
    weight_decay: WeightDecay = 0.0

    year = 2019
    family = "trust"
    aliases = ("layer-wise normalization",)
    slots = ("m",)
    lane_slots = ("v",)
    momentum_name = "beta1"
    needs = ("layers",)

    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        return cls.update(g, s, h, t)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        square = np.square(norm(g))
        s.v = np.where(t > 1, h.beta2 * s.v + (1 - h.beta2) * square, square)
        w = g / root(s.v, h)
        if np.any(h.weight_decay):
            w = w + h.weight_decay * s.x
        s.m = h.beta1 * s.m + w
        return -h.lr * s.m


def trust_ratio(x: ArrayLike, u: ArrayLike) -> ArrayLike:
    """‖x‖/‖u‖ `(lanes,)`, and 1 where one of them is zero."""
    length, size = norm(x), norm(u)
    return np.where(np.minimum(length, size) > 0, length / size, 1.0)
