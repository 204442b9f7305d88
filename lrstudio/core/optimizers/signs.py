"""Rules that look at the sign of the gradient alone."""

from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import DecayKind, LearningRate, Momentum, WeightDecay
from lrstudio.core.optimizer import Optimizer

Shrinkage = Annotated[
    float,
    meta(
        "η₋",
        "Shrinkage",
        "Factor on a coordinate's step after its gradient has changed sign.",
        low=0.1,
        high=0.9,
        gt=0.0,
        lt=1.0,
    ),
]
Growth = Annotated[
    float,
    meta(
        "η₊",
        "Growth",
        "Factor on a coordinate's step while its gradient keeps its sign.",
        low=1.01,
        high=2.0,
        gt=1.0,
        le=100.0,
    ),
]
SmallestStep = Annotated[
    float,
    meta(
        "Δ₋",
        "Smallest step",
        "No coordinate's step becomes shorter.",
        scale="log",
        low=1e-12,
        high=1e-2,
        ge=0.0,
        le=1e6,
    ),
]
LargestStep = Annotated[
    float,
    meta(
        "Δ₊",
        "Largest step",
        "No coordinate's step becomes longer.",
        scale="log",
        low=1e-3,
        high=1e3,
        gt=0.0,
        le=1e9,
    ),
]
BoundedStart = Annotated[
    bool,
    meta(
        "",
        "Bounded start",
        "Keep the first step, which is the learning rate, within the bounds too, as PyTorch does.",
    ),
]


class SignSGD(Optimizer, tag="sign_sgd", frozen=True, kw_only=True):
    """Sign descent: a step of the same length in every coordinate.

    x ← x − η sign(g)

    Symbols: sign, one or minus one, and zero where the gradient is zero.

    This is `optax.sign_sgd` (0.2.8).

    Used where workers may send one bit for each coordinate, and to see how much of Adam is in the
    sign alone.

    Bernstein, Wang, Azizzadenesheli & Anandkumar, "signSGD: Compressed Optimisation for Non-Convex
    Problems", 2018, arXiv:1802.04434, Algorithm 1.
    """

    lr: LearningRate = 0.01
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "decoupled"

    year = 2018
    family = "sign"
    aliases = ("signSGD",)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        return -h.lr * np.sign(g)


class Signum(Optimizer, tag="signum", frozen=True, kw_only=True):
    """Signum: sign descent with momentum.

    m ← μ m + (1−μ) g
    x ← x − η sign(m)

    This is `optax.signum` (0.2.8).

    Used like sign descent, where the gradient is too noisy for its sign to mean much.

    Bernstein, Wang, Azizzadenesheli & Anandkumar, "signSGD: Compressed Optimisation for Non-Convex
    Problems", 2018, arXiv:1802.04434, Algorithm 2.
    """

    lr: LearningRate = 0.01
    momentum: Momentum = 0.9
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "decoupled"

    year = 2018
    family = "sign"
    aliases = ("signSGD with momentum",)
    momentum_name = "momentum"
    slots = ("m",)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.m = h.momentum * s.m + (1 - h.momentum) * g
        return -h.lr * np.sign(s.m)


class Rprop(Optimizer, tag="rprop", frozen=True, kw_only=True):
    """Rprop: every coordinate's step grows while its gradient keeps its sign.

    Δ ← min(η₊ Δ, Δ₊)  where g g₋ > 0        Δ starts at η
    Δ ← max(η₋ Δ, Δ₋),  g ← 0  where g g₋ < 0
    x ← x − Δ sign(g),  g₋ ← g

    The learning rate is the length of the first step; schedules change nothing later. This is the
    variant without weight backtracking. With a bounded start it is `torch.optim.Rprop` (2.13).
    `optax.rprop` (0.2.8) means to be the same without, but always takes the step of the update
    before; this rule follows the publication.

    Used for full-batch training of small networks; the noise of mini-batches makes signs change.

    Riedmiller & Braun, "A direct adaptive method for faster backpropagation learning: the RPROP
    algorithm", 1993; this variant: Igel & Hüsken, "Improving the Rprop Learning Algorithm", 2000.
    """

    lr: LearningRate = 0.01
    shrinkage: Shrinkage = 0.5
    growth: Growth = 1.2
    smallest_step: SmallestStep = 1e-6
    largest_step: LargestStep = 50.0
    bounded_start: BoundedStart = False

    year = 1993
    family = "sign"
    aliases = (
        "resilient propagation",
        "iRprop-",
    )
    slots = ("delta", "g")

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        agreement = g * s.g
        delta = np.where(t > 1, s.delta, h.lr)
        has_turned, goes_on = agreement < 0, agreement > 0
        changed = delta * np.where(has_turned, h.shrinkage, h.growth)
        if h.bounded_start:
            s.delta = _bounded(np.where(has_turned | goes_on, changed, delta), h)
        else:
            s.delta = np.where(has_turned | goes_on, _bounded(changed, h), delta)
        s.g = np.where(has_turned, 0.0, g)
        # A gradient that is no number makes no step, as with PyTorch.
        return np.copysign(s.delta * (np.abs(s.g) > 0), -s.g)


def _bounded(delta: ArrayLike, h: Any) -> ArrayLike:
    return np.minimum(np.maximum(delta, h.smallest_step), h.largest_step)
