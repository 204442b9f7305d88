"""Sophia, which divides by the curvature and asks for it now and then."""

from types import SimpleNamespace
from typing import Annotated, Any

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

CurvatureShare = Annotated[
    float,
    meta(
        "γ",
        "Share of the curvature",
        "Factor on the curvature; the smaller, the more coordinates take a step of full length.",
        scale="log",
        low=1e-4,
        high=1.0,
        ge=0.0,
        le=1e6,
    ),
]
StepLimit = Annotated[
    float,
    meta(
        "ρ",
        "Largest step",
        "Limit of the direction in every coordinate, in learning rates; 0 is no limit.",
        low=0.0,
        high=10.0,
        ge=0.0,
        le=1e9,
    ),
]
UpdateInterval = Annotated[
    int,
    meta(
        "K",
        "Update interval",
        "Number of steps from one look at the curvature to the next.",
        unit="steps",
        scale="log",
        low=1,
        high=1000,
        ge=1,
        le=1_000_000,
    ),
]


class Sophia(Optimizer, tag="sophia", frozen=True, kw_only=True):
    """Sophia: momentum divided by the curvature of each coordinate, with clipped steps.

    m ← β₁ m + (1−β₁) g            m̂ = m/(1−β₁ᵗ)
    u = m̂ / max(γ h, ε)            clipped to ±ρ
    x ← x − η u
    h ← β₂ h + (1−β₂) diag ∇²f     after updates 1, K+1, 2K+1, …

    Symbols: u, the direction; h, the running mean of the curvature of each coordinate, 0 at the
    start; f, the loss.

    Where the curvature is small or negative the step is clipped, as all are until the curvature is
    known. `optax.contrib.sophia` (0.2.8); the second derivatives are exact here, where Optax and
    the paper estimate them from random directions. Each look at them costs evaluations, which are
    counted.

    Used to train language models in fewer steps, where curvature differs much between coordinates.

    Liu, Li, Hall, Liang & Ma, "Sophia: A Scalable Stochastic Second-order Optimizer for Language
    Model Pre-training", 2023, arXiv:2305.14342, Algorithm 3.
    """

    lr: LearningRate = 1e-3
    beta1: Beta1 = 0.965
    beta2: Beta2 = 0.99
    gamma: CurvatureShare = 0.01
    eps: Epsilon = 1e-8
    clip_threshold: StepLimit = 1.0
    update_interval: UpdateInterval = 10
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "decoupled"

    year = 2023
    family = "line_search"
    aliases = ("clipped second order",)
    needs = ("oracle", "hessian")
    slots = ("m", "h")
    momentum_name = "beta1"

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        s.m = h.beta1 * s.m + (1 - h.beta1) * g
        u = s.m / (1 - h.beta1**t) / np.maximum(h.gamma * s.h, h.eps)
        if np.any(h.clip_threshold):
            u = np.minimum(np.maximum(u, -h.clip_threshold), h.clip_threshold)
        if (t - 1) % h.update_interval == 0:
            s.h = h.beta2 * s.h + (1 - h.beta2) * s.oracle.hessian_diagonal()
        return -h.lr * u
