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
from lrstudio.core.schedule_parameters import HIGHEST, AfterEnd, Begin, EndFactor, StartFactor

ExponentialForm = Annotated[
    Literal["gamma", "rate"],
    meta("", "Form", "γ per T steps, or exp(−κ) per T steps: the same family."),
]
HalfWaves = Annotated[
    float,
    meta("h", "Half waves", "Number of half cosine waves.", low=1.0, high=9.0, gt=0, le=1e4),
]
Restarts = Annotated[
    bool,
    meta("", "Hard restarts", "Start each half wave from the full rate instead of rising again."),
]
Cycle = Annotated[
    bool,
    meta("", "Cycle", "Start over after T steps, each time over a longer stretch from 0."),
]
Bound = Annotated[
    float,
    meta(
        "e",
        "End factor",
        "The factor does not fall below it, or not rise above it where the rate grows; "
        "0 is no bound.",
        low=0.0,
        high=1.0,
        ge=0,
        le=HIGHEST,
    ),
]
TimeScale = Annotated[
    float,
    meta(
        "τ",
        "Time scale",
        "Number of steps after which the rate has fallen to 1/√2.",
        unit="steps",
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
    factor = exp(−κ k/T)           rate form, γ = exp(−κ)
    k ← max(k − b, 0)              and no further than e

    The three ways of writing it are one family. With a begin b the full rate is kept for b steps;
    an end factor e, unless it is 0, is where a decay stops, or growth (γ > 1).

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
    begin: Begin = 0
    end: Bound = 0.0

    family = "decays"

    def body(self, k: Array, span: int) -> Array:
        periods = np.maximum(k - self.begin, 0) / self.decay_steps
        if self.staircase:
            periods = np.floor(periods)
        is_rate = self.form == "rate"
        power: Array = np.exp(-self.rate * periods) if is_rate else self.gamma**periods
        if not self.end:
            return power
        is_decay = self.rate > 0 if is_rate else self.gamma < 1
        return np.maximum(power, self.end) if is_decay else np.minimum(power, self.end)


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

    factor = α + (s−α) (1 − min(k, T)/T)^p          k ← max(k − b, 0)
    cycle: T ← T ⌈k/T⌉, so that the decay starts over

    p = 1 is linear; p > 1 drops first and flattens; 0 < p < 1 holds and drops at the end. With
    a begin b the start factor s is kept for b steps. A cycle gives at each multiple of T the floor
    and starts the next decay at a height that it reaches as if it had begun at step 0.

    Used for segmentation (p = 0.9 in DeepLab) and to pre-train language models (p = 1 in BERT).

    `torch.optim.lr_scheduler.PolynomialLR`, 2.13 (α = 0); `keras...PolynomialDecay`, 3.15;
    `optax.polynomial_schedule`, 0.2.8.
    """

    power: Power = 2.0
    floor: Floor = 0.0
    length: Length = None
    start: StartFactor = 1.0
    begin: Begin = 0
    cycle: Cycle = False

    family = "decays"
    aliases = ("poly",)

    def body(self, k: Array, span: int) -> Array:
        k, rest = np.maximum(k - self.begin, 0), max(span - self.begin, 0)
        remaining = 1 - (self._cycled if self.cycle else elapsed)(k, self.length, rest)
        return self.floor + (self.start - self.floor) * remaining ** np.float64(self.power)

    @staticmethod
    def _cycled(k: Array, length: int | None, span: int) -> Array:
        total = max(span if length is None else length, 1)
        share: Array = k / (total * np.maximum(np.ceil(k / total), 1))
        return share


class Cosine(Schedule, tag="cosine", frozen=True, kw_only=True):
    """Cosine annealing: half a cosine wave from the full rate down to a floor.

    factor = α + (1−α) (½ (1 + cos πu))^p         u = h min(k, T)/T
    hard restarts: u counts from 0 again at each whole number, and is 1 from T on

    Symbols: u, the number of half waves that are over.

    The ½ belongs there: without it, as often copied, the rate starts at twice its value. T is half
    a period, the number of steps to the floor; after T the floor is held (PyTorch's
    CosineAnnealingLR rises again there: "continue"; `optax.cosine_decay_schedule`, 0.2.8, with its
    exponent p, and `keras...CosineDecay`, 3.15, hold it).

    More than one half wave, h > 1, rises again within T; with hard restarts it jumps up instead,
    as Hugging Face's `get_cosine_with_hard_restarts_schedule_with_warmup` does.

    Used nearly everywhere a run has a known length: large language models, vision, speech; mostly
    after a warm-up and down to a tenth of the rate or to zero.

    Loshchilov & Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017,
    arXiv:1608.03983, equation 5.
    """

    floor: Floor = 0.0
    length: Length = None
    power: Power = 1.0
    half_waves: HalfWaves = 1.0
    restarts: Restarts = False
    after: AfterEnd = "hold"

    family = "decays"
    aliases = ("half cosine",)

    def body(self, k: Array, span: int) -> Array:
        progress = elapsed(k, self.length, span, self.after)
        waves = self.half_waves * progress
        if self.restarts:
            is_over = (progress >= 1) & (self.after == "hold")
            waves = np.where(is_over, 1.0, np.mod(waves, 1))
        return half_cosine(np.mod(waves, 2), self.floor, self.power)


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


class Rex(Schedule, tag="rex", frozen=True, kw_only=True):
    """Reflected exponential: holds the rate long and drops it late.

    factor = α + (1−α) (1 − p) / (1 − p/2)          p = min(k, T)/T

    Symbols: p, the share of the length that is over.

    Between the straight line and the late drop of a power below 1. The implementation in
    pytorch_optimizer makes its very first update with the floor, which is left out here.

    Used where the number of updates is small and known: it gave the best results of the paper
    over budgets from 1 % to 100 % of the usual training.

    Chen, Wolfe & Kyrillidis, "REX: Revisiting Budgeted Training with an Improved Schedule", 2021,
    arXiv:2107.04197; `pytorch_optimizer.REXScheduler`, 4.1.
    """

    family = "decays"

    floor: Floor = 0.0
    length: Length = None

    def body(self, k: Array, span: int) -> Array:
        progress = elapsed(k, self.length, span)
        return self.floor + (1 - self.floor) * (1 - progress) / (1 - progress / 2)


def elapsed(
    k: Array, length: int | None, span: int, after: Literal["hold", "continue"] = "hold"
) -> Array:
    """Share of the length that is over at steps `k`, at most 1 where the end is held."""
    total = span if length is None else length
    return (np.minimum(k, total) if after == "hold" else k) / max(total, 1)


def half_cosine(progress: Array, floor: float, power: float = 1.0) -> Array:
    """Half a cosine wave from 1 at progress 0 to the floor at progress 1."""
    wave = (1 + np.cos(np.pi * progress)) / 2
    return floor + (1 - floor) * wave ** np.float64(power)
