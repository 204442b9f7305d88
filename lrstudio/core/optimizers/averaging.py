"""Rules that hand over an average of the points they have passed."""

from types import SimpleNamespace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from lrstudio.core.arrays import ArrayLike, power
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import (
    Beta2,
    Epsilon,
    Interpolation,
    LearningRate,
    RatePower,
    Report,
    WeightDecay,
    WeightRate,
)
from lrstudio.core.optimizer import Optimizer
from lrstudio.core.weighting import interpolated, share

DecayTerm = Annotated[
    float,
    meta(
        "λ₀",
        "Decay term",
        "Pull towards zero, which also sets how fast the rate falls.",
        scale="log",
        low=1e-6,
        high=1.0,
        ge=0.0,
        le=1e3,
    ),
]
RateExponent = Annotated[
    float,
    meta(
        "α",
        "Exponent of the rate",
        "Power with which the rate falls over time; averaging wants one between 1/2 and 1.",
        low=0.0,
        high=1.0,
        ge=0.0,
        le=10.0,
    ),
]
AveragingTime = Annotated[
    float,
    meta(
        "t₀",
        "Start of averaging",
        "Steps before the average begins.",
        unit="steps",
        low=0.0,
        high=1000.0,
        ge=0.0,
        le=1e9,
    ),
]
WarmupSteps = Annotated[
    int,
    meta(
        "W",
        "Warm-up steps",
        "Steps over which the rate rises in a straight line, besides the schedule; 0 for none.",
        unit="steps",
        low=0,
        high=1000,
        ge=0,
        le=100_000_000,
    ),
]
WeightTime = Annotated[
    float,
    meta(
        "r",
        "Power of time",
        "Later points count more in the average: weights grow with this power of time.",
        low=0.0,
        high=5.0,
        ge=0.0,
        le=100.0,
    ),
]
DecayPlace = Annotated[
    Literal["in the step", "beside the step"],
    meta(
        "",
        "Place of the decay",
        "The decay is part of the step that is averaged, or shrinks the point before the step "
        "(Keras).",
    ),
]


class ASGD(Optimizer, tag="asgd", frozen=True, kw_only=True):
    """ASGD: gradient descent with a falling rate, which hands over the average of its points.

    x ← x − η_t (g + λ₀ x)         η_t = η/(1 + λ₀ η (t−1))^α
    a ← a + μ_t (x − a)            μ_t = 1/max(1, t−1−t₀)

    Symbols: a, the average of the points; μ, the share of the newest point in it.

    The average a is what is kept; it is x itself up to step t₀ + 2. This is `torch.optim.ASGD`
    (2.13; there t₀ = 1 000 000 by default, so that nothing is averaged). As there, η_t comes from
    the rate of the step before, so that a schedule acts one step late.

    Used where gradients are noisy and the last point would dance around the minimum.

    Polyak & Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992; the falling
    rate is that of Bottou, "Large-Scale Machine Learning with Stochastic Gradient Descent", 2010.
    """

    lr: LearningRate = 0.01
    lambd: DecayTerm = 1e-4
    alpha: RateExponent = 0.75
    t0: AveragingTime = 0.0
    weight_decay: WeightDecay = 0.0
    report: Report = "average"

    decay: ClassVar[str] = "coupled"
    family = "averaging"
    aliases = ("averaged SGD", "Polyak-Ruppert averaging", "averaged gradient descent")
    year = 1992
    slots = ("a",)
    lane_slots = ("eta",)

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.a = s.x

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        eta = np.where(t > 1, s.eta, h.lr)
        s.eta = h.lr / power(1 + h.lambd * h.lr * t, h.alpha)
        # Where x is infinite already, it stays so instead of becoming ∞ − ∞.
        pull = np.where(np.isfinite(s.x), h.lambd * s.x, 0.0)
        step = -eta * (pull + g)
        s.a = s.a + (s.x + step - s.a) / np.maximum(t - 1 - h.t0, 1)
        return step

    @staticmethod
    def kept(s: SimpleNamespace, h: Any) -> ArrayLike:
        return s.a if h.report == "average" else s.x


class ScheduleFreeSGD(Optimizer, tag="schedule_free_sgd", frozen=True, kw_only=True):
    """Schedule-Free SGD: descent whose average replaces the decline of the rate.

    z ← z − η (g + λ y)            g is the gradient at y
    x ← x + c (z − x)              c = w/S,  S ← S + w
    y = (1−β₁) z + β₁ x            w = tʳ ηᵖ with the largest η so far

    Symbols: z, the point that steps; x, the average of its points; y, where gradients are taken and
    the contender stands; c, the share of the newest point in the average; w, its weight; S, the sum
    of all weights so far.

    The average x is what is kept; y, where gradients are taken, is the position. This is
    `SGDScheduleFree` of the package schedulefree (1.4.1). `optax.contrib.schedule_free_sgd`
    (0.2.8) takes w from the rate of the next step, and its warm-up starts at 0 instead of 1/W.

    Used instead of a schedule when the length of the run is not known beforehand.

    Defazio, Yang, Mehta, Mishchenko, Khaled & Cutkosky, "The Road Less Scheduled", 2024,
    arXiv:2405.15682.
    """

    lr: LearningRate = 1.0
    beta1: Interpolation = 0.9
    warmup_steps: WarmupSteps = 0
    weight_power: RatePower = 2.0
    weight_time: WeightTime = 0.0
    weight_rate: WeightRate = "present"
    weight_decay: WeightDecay = 0.0
    report: Report = "average"

    family = "averaging"
    aliases = ("SGDScheduleFree",)
    momentum_name = "beta1"
    needs = ("next_rate",)
    year = 2024
    slots = ("z", "mean")
    lane_slots = ("top", "total")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.z = s.mean = s.x

    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        direction = g + h.weight_decay * x if np.any(h.weight_decay) else g
        return interpolated(-warm_rate(h, t) * direction, x, s, h, part(s, h, t))

    @staticmethod
    def kept(s: SimpleNamespace, h: Any) -> ArrayLike:
        return s.mean if h.report == "average" else s.x


class ScheduleFreeAdamW(Optimizer, tag="schedule_free_adamw", frozen=True, kw_only=True):
    """Schedule-Free AdamW: Adam's scaling, with an average in the place of momentum and schedule.

    v ← β₂ v + (1−β₂) g²           g is the gradient at y
    z ← z − η (g / (√v̂ + ε) + λ y)        v̂ = v/(1−β₂ᵗ)
    x ← x + c (z − x)              c = w/S,  S ← S + w
    y = (1−β₁) z + β₁ x            w = tʳ ηᵖ with the largest η so far

    Symbols: z, the point that steps; x, the average of its points; y, where gradients are taken and
    the contender stands; c, the share of the newest point in the average; w, its weight; S, the sum
    of all weights so far.

    The average x is what is kept; y, where gradients are taken, is the position. This is
    `AdamWScheduleFree` of the package schedulefree (1.4.1). `optax.contrib.schedule_free_adamw`
    (0.2.8) takes w from the rate of the next step, and its warm-up starts at 0 instead of 1/W.
    `keras.optimizers.ScheduleFreeAdamW` (3.15) has p = 0, all points alike, and its decay shrinks
    y before the step instead. With β₁ = 0 the frameworks divide by zero, here y is z.

    Used instead of Adam with a schedule when the length of the run is not known beforehand.

    Defazio, Yang, Mehta, Mishchenko, Khaled & Cutkosky, "The Road Less Scheduled", 2024,
    arXiv:2405.15682.
    """

    lr: LearningRate = 0.0025
    beta1: Interpolation = 0.9
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-8
    warmup_steps: WarmupSteps = 0
    weight_power: RatePower = 2.0
    weight_time: WeightTime = 0.0
    weight_rate: WeightRate = "present"
    weight_decay: WeightDecay = 0.0
    decay_place: DecayPlace = "in the step"
    report: Report = "average"

    family = "averaging"
    aliases = ("AdamWScheduleFree",)
    momentum_name = "beta1"
    needs = ("next_rate",)
    year = 2024
    slots = ("z", "mean", "v")
    lane_slots = ("top", "total")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.z = s.mean = s.x

    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        s.v = h.beta2 * s.v + (1 - h.beta2) * np.square(g)
        direction = g / (np.sqrt(s.v / (1 - h.beta2**t)) + h.eps)
        if np.any(h.weight_decay):
            if h.decay_place == "in the step":
                direction = direction + h.weight_decay * x
            else:
                # Only y shrinks and z stays, so that the average has to go down by 1/β₁ as much.
                weight = np.where(h.beta1 > 0, h.beta1, np.inf)
                s.mean = s.mean - h.lr * h.weight_decay * x / weight
        return interpolated(-warm_rate(h, t) * direction, x, s, h, part(s, h, t))

    @staticmethod
    def kept(s: SimpleNamespace, h: Any) -> ArrayLike:
        return s.mean if h.report == "average" else s.x


def warm_rate(h: Any, t: ArrayLike) -> ArrayLike:
    """The rate of step t on its way up."""
    return h.lr * rise(h, t if h.weight_rate == "present" else t - 1)


def part(s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
    """Share of the newest point in the average."""
    rate = h.lr if h.weight_rate == "present" else h.next_lr
    return share(rate * rise(h, t), s, h, power(t, h.weight_time))


def rise(h: Any, t: ArrayLike) -> ArrayLike:
    """Share of the rate that the warm-up has reached."""
    return np.minimum(t / h.warmup_steps, 1.0) if np.any(h.warmup_steps) else 1.0
