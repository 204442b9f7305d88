"""Schedules that fall (or rise) once, in closed form.

`k` counts the steps after the warm-up from 0; `T` is the length, the rest of the run where it is
not given. Whatever has a length holds its last value after it.
"""

from typing import Annotated, Literal

import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import (
    DecaySteps,
    Floor,
    Gamma,
    Length,
    Milestones,
    Period,
    Power,
    Rate,
    Staircase,
)
from lrstudio.core.schedule import Schedule

ExponentialForm = Annotated[
    Literal["gamma", "rate"],
    meta("", "Form", "γ per T steps, or e^(−κ) per T steps: the same family."),
]
StartFactor = Annotated[
    float, meta("s", "Start factor", "Factor at the first step.", low=0.0, high=1.0, ge=0, le=100)
]
EndFactor = Annotated[
    float,
    meta("e", "End factor", "Factor at the end and after it.", low=0.0, high=1.0, ge=0, le=100),
]
TimeScale = Annotated[
    float,
    meta(
        "τ",
        "Time scale",
        "Number of steps after which the rate has fallen to 1/√2.",
        scale="log",
        low=1,
        high=10_000,
        gt=0,
        le=1e9,
    ),
]


class Constant(Schedule, tag="constant", frozen=True, kw_only=True):
    """Constant: the learning rate stays as it is.

    factor = 1

    Used to find a good learning rate, to compare rules without a schedule's help, and as the middle
    part of longer schedules. With noise, the last digits need a rate that falls.

    `optax.constant_schedule`, 0.2.8.
    """

    family = "steps"
    aliases = ("fixed",)


class Step(Schedule, tag="step", frozen=True, kw_only=True):
    """Step decay: the rate is multiplied by γ every T steps.

    factor = γ^⌊k/T⌋

    Used where training has plateaus that a smaller rate ends, in the classic recipes for images:
    a fall by ten every thirty epochs.

    `torch.optim.lr_scheduler.StepLR`, 2.13.
    """

    step_size: Period = 100
    gamma: Gamma = 0.5

    family = "steps"
    aliases = ("staircase",)

    def body(self, k: Array, span: int) -> Array:
        return np.float64(self.gamma) ** np.floor(k / self.step_size)


class MultiStep(Schedule, tag="multi_step", frozen=True, kw_only=True):
    """Multi-step decay: the rate is multiplied by γ at each milestone.

    factor = γ^#{milestones ≤ k}

    A milestone named twice counts twice; 0 applies at once.

    Used in published recipes that name their epochs: a residual network on CIFAR-10 falls by ten
    after a half and three quarters of the run.

    `torch.optim.lr_scheduler.MultiStepLR`, 2.13.
    """

    milestones: Milestones = (100, 200)
    gamma: Gamma = 0.1

    family = "steps"
    aliases = ("milestones", "piecewise constant")

    def body(self, k: Array, span: int) -> Array:
        passed = np.searchsorted(np.sort(np.asarray(self.milestones)), k, side="right")
        return np.float64(self.gamma) ** passed


class Exponential(Schedule, tag="exponential", frozen=True, kw_only=True):
    """Exponential decay: the rate falls by the same share in equal times.

    factor = γ^(k/T)               continuous
    factor = γ^⌊k/T⌋               staircase
    factor = e^(−κ k/T)            rate form, γ = e^(−κ)

    The three ways of writing it are one family.

    Used where the rate should fall smoothly and the length of the run is not known beforehand;
    common in recipes of TensorFlow and in reinforcement learning.

    With T = 1 `torch.optim.lr_scheduler.ExponentialLR`, 2.13; in general
    `keras.optimizers.schedules.ExponentialDecay`, 3.15, and `optax.exponential_decay`, 0.2.8.
    """

    form: ExponentialForm = "gamma"
    gamma: Gamma = 0.99
    rate: Rate = 0.01
    decay_steps: DecaySteps = 1
    staircase: Staircase = False

    family = "decays"

    def body(self, k: Array, span: int) -> Array:
        periods = k / self.decay_steps
        if self.staircase:
            periods = np.floor(periods)
        if self.form == "rate":
            return np.exp(-self.rate * periods)
        return np.float64(self.gamma) ** periods


class Linear(Schedule, tag="linear", frozen=True, kw_only=True):
    """Linear: the factor goes straight from a start to an end and stays there.

    factor = s + (e−s) min(k, T)/T

    Used to fine-tune language models, after a short warm-up and down to zero; rising, it is the
    commonest warm-up itself. It needs to know the length of the run.

    `torch.optim.lr_scheduler.LinearLR`, 2.13 (whose defaults are a warm-up from 1/3 over 5 steps).
    """

    start: StartFactor = 1.0
    end: EndFactor = 0.0
    length: Length = None

    family = "decays"

    def body(self, k: Array, span: int) -> Array:
        return self.start + (self.end - self.start) * elapsed(k, self.length, span)


class Polynomial(Schedule, tag="polynomial", frozen=True, kw_only=True):
    """Polynomial decay: a power of the remaining time, down to a floor.

    factor = α + (1−α) (1 − min(k, T)/T)^p

    p = 1 is linear; p > 1 drops first and flattens; 0 < p < 1 holds and drops at the end.

    Used for segmentation (p = 0.9 in DeepLab) and to pre-train language models (p = 1 in BERT).

    `torch.optim.lr_scheduler.PolynomialLR`, 2.13 (α = 0); `keras...PolynomialDecay`, 3.15.
    """

    power: Power = 2.0
    floor: Floor = 0.0
    length: Length = None

    family = "decays"
    aliases = ("poly",)

    def body(self, k: Array, span: int) -> Array:
        remaining = 1 - elapsed(k, self.length, span)
        return self.floor + (1 - self.floor) * remaining ** np.float64(self.power)


class Cosine(Schedule, tag="cosine", frozen=True, kw_only=True):
    """Cosine annealing: half a cosine wave from the full rate down to a floor.

    factor = α + (1−α) ½ (1 + cos(π min(k, T)/T))

    The ½ belongs there: without it, as often copied, the rate starts at twice its value. T is half
    a period, the number of steps to the floor; after T the floor is held (PyTorch's
    CosineAnnealingLR rises again there; `optax.cosine_decay_schedule`, 0.2.8, and
    `keras...CosineDecay`, 3.15, hold it).

    Used nearly everywhere a run has a known length: large language models, vision, speech; mostly
    after a warm-up and down to a tenth of the rate or to zero.

    Loshchilov & Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017,
    arXiv:1608.03983, equation 5.
    """

    floor: Floor = 0.0
    length: Length = None

    family = "decays"
    aliases = ("half cosine",)

    def body(self, k: Array, span: int) -> Array:
        return half_cosine(elapsed(k, self.length, span), self.floor)


class InverseTime(Schedule, tag="inverse_time", frozen=True, kw_only=True):
    """Inverse time decay: the rate falls like 1/k, the rate of stochastic approximation.

    factor = 1 / (1 + κ k/T)       staircase: ⌊k/T⌋

    Used for online learning and linear models. The rates sum to infinity and their squares do not,
    which is what proofs of convergence ask for; for networks it is usually too slow at the end.

    `keras.optimizers.schedules.InverseTimeDecay`, 3.15.
    """

    rate: Rate = 1.0
    decay_steps: DecaySteps = 100
    staircase: Staircase = False

    family = "decays"
    aliases = ("hyperbolic",)

    def body(self, k: Array, span: int) -> Array:
        periods = k / self.decay_steps
        if self.staircase:
            periods = np.floor(periods)
        return 1 / (1 + self.rate * periods)


class InverseSqrt(Schedule, tag="inverse_sqrt", frozen=True, kw_only=True):
    """Inverse square root decay: the rate falls like 1/√k, as for transformers.

    factor = 1 / √(1 + k/τ)

    With a linear warm-up of τ steps before it this is the schedule of Vaswani et al. and of
    Hugging Face's `get_inverse_sqrt_schedule`.

    Used to train transformers for as long as one likes: it need not know the length of the run, and
    continuing is no break. Where the length is known, cosine mostly ends lower.

    Vaswani et al., "Attention Is All You Need", 2017, arXiv:1706.03762, equation 3.
    """

    timescale: TimeScale = 100.0

    family = "decays"
    aliases = ("rsqrt", "Noam")

    def body(self, k: Array, span: int) -> Array:
        return 1 / np.sqrt(1 + k / self.timescale)


def elapsed(k: Array, length: int | None, span: int) -> Array:
    """Share of the length that is over at steps `k`, at most 1."""
    total = span if length is None else length
    return np.minimum(k, total) / max(total, 1)


def half_cosine(progress: Array, floor: float) -> Array:
    """Half a cosine wave from 1 at progress 0 to the floor at progress 1."""
    return floor + (1 - floor) * (1 + np.cos(np.pi * progress)) / 2
