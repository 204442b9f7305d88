"""Modifiers that hand over an average of the points the rule has passed."""

from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import (
    AverageStart,
    Interpolation,
    RatePower,
    Report,
    SyncPeriod,
    WeightRate,
)
from lrstudio.core.modifier import Inner, Modifier
from lrstudio.core.weighting import interpolated, share

AveragePeriod = Annotated[
    int,
    meta(
        "P",
        "Period",
        "One point in so many steps enters the average.",
        unit="steps",
        scale="log",
        low=1,
        high=1000,
        ge=1,
        le=100_000_000,
    ),
]
SlowStep = Annotated[
    float,
    meta(
        "α",
        "Slow step",
        "Share of the way to the fast point that the slow point goes; 1 follows it.",
        low=0.0,
        high=1.0,
        ge=0.0,
        le=10.0,
    ),
]
ResetState = Annotated[
    bool,
    meta(
        "",
        "Forget",
        "The rule loses its moments and counts its steps from 1 again whenever the points meet.",
    ),
]


class UniformAverage(Modifier, tag="uniform_average", frozen=True, kw_only=True):
    """Uniform average: the plain mean of the points passed since a given step.

    a ← a + (x − a)/n              at each point after step t₀, one in P steps
    a = x                          before

    Symbols: a, the mean of the points; n, the number of points in it.

    The rule itself goes on undisturbed. With t₀ = 0 and P = 1 this is Polyak–Ruppert averaging,
    with a late start and a period stochastic weight averaging:
    `torch.optim.swa_utils.AveragedModel`, 2.13. Polyak & Juditsky, "Acceleration of Stochastic
    Approximation by Averaging", 1992; Izmailov, Podoprikhin, Garipov, Vetrov & Wilson, "Averaging
    Weights Leads to Wider Optima and Better Generalization", 2018, arXiv:1803.05407.
    """

    start: AverageStart = 0
    period: AveragePeriod = 1
    report: Report = "average"

    slots = ("mean",)

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.mean = s.x

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        step = inner(g)
        since = np.maximum(t - h.start, 0)
        count = np.maximum(np.floor(since / h.period), 1)
        is_new = np.logical_or(since <= h.period, np.remainder(since, h.period) == 0)
        s.mean = np.where(is_new, s.mean + (x + step - s.mean) / count, s.mean)
        return step

    @staticmethod
    def kept(s: SimpleNamespace, h: Any, inside: ArrayLike) -> ArrayLike:
        return s.mean if h.report == "average" else inside


class Lookahead(Modifier, tag="lookahead", frozen=True, kw_only=True):
    """Lookahead: K steps forward, one step back to a slow point.

    slow ← slow + α (x − slow),  x ← slow          every K steps

    Symbols: slow, the slow point, which begins where x does.

    The slow point is what is kept. `optax.lookahead`, 0.2.8, also with `reset_state`. Zhang,
    Lucas, Hinton & Ba, "Lookahead Optimizer: k steps forward, 1 step back", 2019,
    arXiv:1907.08610, Algorithm 1.
    """

    sync_period: SyncPeriod = 5
    slow_step_size: SlowStep = 0.5
    reset_state: ResetState = False
    report: Report = "average"

    slots = ("slow",)

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.slow = s.x

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        meets = np.remainder(t, h.sync_period) == 0
        if h.reset_state:
            step = inner(g, np.remainder(t - 1, h.sync_period) + 1, renew=meets)
        else:
            step = inner(g)
        way = x + step - s.slow
        s.slow = np.where(meets, s.slow + h.slow_step_size * way, s.slow)
        return np.where(meets, step - (1 - h.slow_step_size) * way, step)

    @staticmethod
    def kept(s: SimpleNamespace, h: Any, inside: ArrayLike) -> ArrayLike:
        return s.slow if h.report == "average" else inside


class ScheduleFree(Modifier, tag="schedule_free", frozen=True, kw_only=True):
    """Schedule-free averaging: an average that replaces momentum and the decline of the rate.

    z ← z + the step of the rule at y
    x ← x + c (z − x)              c = w/S,  S ← S + w
    y = (1−β₁) z + β₁ x            w = ηᵖ with the largest η so far

    Symbols: z, the point that steps; x, the average of its points; y, where gradients are taken and
    the contender stands; c, the share of the newest point in the average; w, its weight; S, the sum
    of all weights so far; η, the learning rate in force.

    The average x is what is kept; y, where gradients are taken, is the position. The rule inside
    should have no momentum of its own. `optax.contrib.schedule_free`, 0.2.8, takes w from the rate
    of the next step. Defazio, Yang, Mehta, Mishchenko, Khaled & Cutkosky, "The Road Less
    Scheduled", 2024, arXiv:2405.15682.
    """

    beta1: Interpolation = 0.9
    weight_power: RatePower = 2.0
    weight_rate: WeightRate = "present"
    report: Report = "average"

    needs = ("next_rate",)
    slots = ("z", "mean")
    lane_slots = ("top", "total")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.z = s.mean = s.x

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        rate = h.lr if h.weight_rate == "present" else h.next_lr
        return interpolated(inner(g), x, s, h, share(rate, s, h))

    @staticmethod
    def kept(s: SimpleNamespace, h: Any, inside: ArrayLike) -> ArrayLike:
        return s.mean if h.report == "average" else inside
