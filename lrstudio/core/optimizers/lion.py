"""Lion, which takes the sign of a momentum."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.hyperparameters import Beta1, Beta2, DecayKind, LearningRate, WeightDecay
from lrstudio.core.optimizer import Optimizer


class Lion(Optimizer, tag="lion", frozen=True, kw_only=True):
    """Lion: every coordinate takes a step of the same length, in the direction of its momentum.

    x ← x − η sign(β₁ m + (1−β₁) g)
    m ← β₂ m + (1−β₂) g

    `optax.lion` (0.2.8; there λ = 1e-3 by default) and `keras.optimizers.Lion` (3.15), with
    decoupled decay. The sign of 0 is 0. It was found by a search over programs, not derived.

    Used to train large models with half of Adam's memory, at a tenth of Adam's rate.

    Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023, arXiv:2302.06675,
    Program 1.
    """

    lr: LearningRate = 1e-4
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.99
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "decoupled"

    year = 2023
    family = "sign"
    aliases = ("evolved sign momentum",)
    slots = ("m",)
    momentum_name = "beta1"

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        step = -h.lr * np.sign(h.beta1 * s.m + (1 - h.beta1) * g)
        s.m = h.beta2 * s.m + (1 - h.beta2) * g
        return step
