"""Schedules that raise the rate as well as lower it, and may drive momentum the other way."""

from typing import Annotated, Literal

import numpy as np
from msgspec.structs import replace

from lrstudio.core.arrays import Array, ArrayLike, times
from lrstudio.core.declaration import meta
from lrstudio.core.expressions import in_turn
from lrstudio.core.hyperparameters import Gamma, Length
from lrstudio.core.schedule import Schedule
from lrstudio.core.schedule_parameters import (
    HIGHEST,
    LONGEST,
    AfterEnd,
    BaseMomentum,
    CycleMomentum,
    MaxMomentum,
    Shape,
)

Phases = Annotated[
    Literal["two", "three"],
    meta("", "Phases", "Two: up, down to the end. Three: up, back to the start, down to the end."),
]
Clock = Annotated[
    Literal["last step", "after"],
    meta(
        "",
        "End falls on",
        "The last of the T steps (PyTorch), or the step after them (Optax, which also cuts the "
        "ends of the phases to whole steps).",
    ),
]
PeakShare = Annotated[
    float,
    meta(
        "a", "Peak at", "Share of the length at which the peak is.", low=0.05, high=0.9, ge=0, le=1
    ),
]
BackShare = Annotated[
    float,
    meta(
        "z",
        "Back at",
        "Share of the length at which three phases are back at the start factor.",
        low=0.1,
        high=1.0,
        ge=0,
        le=2,
    ),
]
LowStart = Annotated[
    float,
    meta(
        "s",
        "Start factor",
        "Factor at the first step; 1/25 is usual.",
        low=0.0,
        high=1.0,
        ge=0,
        le=HIGHEST,
    ),
]
LowEnd = Annotated[
    float,
    meta(
        "e",
        "End factor",
        "Factor at the end; the usual one is 10 000 times smaller than the start factor.",
        low=0.0,
        high=1.0,
        ge=0,
        le=HIGHEST,
    ),
]
CycleMode = Annotated[
    Literal["triangular", "triangular2", "exp_range"],
    meta("", "Mode", "Amplitude: constant, halved after each cycle, or shrinking by γ per step."),
]
LowFactor = Annotated[
    float,
    meta("l", "Low factor", "Factor between two triangles.", low=0.0, high=1.0, ge=0, le=HIGHEST),
]
HighFactor = Annotated[
    float,
    meta("u", "High factor", "Factor at the tip.", low=0.0, high=10.0, ge=0, le=HIGHEST),
]
StepsUp = Annotated[
    int,
    meta(
        "U",
        "Steps up",
        "Number of steps to the tip.",
        unit="steps",
        low=1,
        high=10_000,
        scale="log",
        ge=1,
        le=LONGEST,
    ),
]
StepsDown = Annotated[
    int,
    meta(
        "D",
        "Steps down",
        "Number of steps from the tip; 0 drops at once.",
        unit="steps",
        low=1,
        high=10_000,
        scale="log",
        ge=0,
        le=LONGEST,
    ),
]


class OneCycle(Schedule, tag="one_cycle", frozen=True, kw_only=True):
    """One-cycle: one rise to a high rate, one fall far below the start, momentum the other way.

    factor = s → 1 → e             two phases, peak at step aT − 1, end at T − 1
    factor = s → 1 → s → e         three phases, back at step zT − 2
    ends after T steps: at ⌊aT⌋, ⌊zT⌋ and T instead

    Each arrow is half a cosine wave or a straight line. The peak is the contender's own rate.
    Momentum, where it is cycled, starts high, is at its base at the peak and high again at the end
    of the cycle.

    Used for short trainings with a rate that would diverge if it stood from the beginning; fast.ai
    trains everything with it.

    Smith & Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning
    Rates", 2018, arXiv:1708.07120; `torch.optim.lr_scheduler.OneCycleLR`, 2.13 (one step after its
    end it goes on with the formula, "continue", and then refuses);
    `optax.cosine_onecycle_schedule` and `linear_onecycle_schedule`, 0.2.8.
    """

    family = "cycles"

    length: Length = None
    peak: PeakShare = 0.3
    shape: Shape = "cosine"
    phases: Phases = "two"
    back: BackShare = 0.6
    start: LowStart = 0.04
    end: LowEnd = 4e-6
    ends: Clock = "last step"
    after: AfterEnd = "hold"
    cycle_momentum: CycleMomentum = False
    base_momentum: BaseMomentum = 0.85
    max_momentum: MaxMomentum = 0.95

    def body(self, k: Array, span: int) -> Array:
        return self._along(k, span, self._levels())

    def _levels(self) -> tuple[float, ...]:
        three = (self.start, 1.0, self.start, self.end)
        return three if self.phases == "three" else (self.start, 1.0, self.end)

    def body_formula(self, k: ArrayLike, span: int) -> ArrayLike:
        """Phase by phase."""
        total = span if self.length is None else self.length
        turns, levels = self.turns(total), self._levels()
        k = np.minimum(k, total if self.after == "continue" else max(turns[-1], 0.0))
        phases, begin = [], 0.0
        for number, turn in enumerate(turns):
            ends = levels[number], levels[number + 1]
            way: ArrayLike = (k - begin) / (turn - begin) if turn != begin else 1.0
            is_way = turn > begin or (turn == turns[-1] and turn < begin)
            phases.append(between(*ends, way, self.shape) if is_way else ends[1])
            begin = turn
        return in_turn(k, [np.floor(turn) + 1 for turn in turns[:-1]], phases)

    def momentum(self, k: Array, span: int) -> Array | None:
        if not self.cycle_momentum:
            return None
        levels = (self.max_momentum, self.base_momentum, self.max_momentum, self.max_momentum)
        return self._along(k, span, levels if self.phases == "three" else levels[:3])

    def turns(self, total: int) -> tuple[float, ...]:
        """Steps at which one phase gives way to the next, and the last one ends."""
        if self.ends == "after":
            inner = tuple(float(int(share * total)) for share in (self.peak, self.back))
            last = float(total)
        else:
            inner = (self.peak * total - 1, self.back * total - 2)
            last = float(total - 1)
        return (*inner, last) if self.phases == "three" else (inner[0], last)

    def _along(self, k: Array, span: int, levels: tuple[float, ...]) -> Array:
        """Values at steps `k` on the way from level to level."""
        total = span if self.length is None else self.length
        turns = self.turns(total)
        # PyTorch makes one step more than it was told.
        k = np.minimum(k, total if self.after == "continue" else max(turns[-1], 0.0))
        value, begin = np.full_like(k, levels[-1]), 0.0
        is_open = np.ones(k.shape, dtype=bool)
        for number, turn in enumerate(turns):
            is_last = number == len(turns) - 1
            inside = is_open & ((k <= turn) | is_last)
            if turn > begin or (is_last and turn < begin):
                way = (k[inside] - begin) / (turn - begin)
                value[inside] = between(levels[number], levels[number + 1], way, self.shape)
            else:
                value[inside] = levels[number + 1]
            is_open &= ~inside
            begin = turn
        return value


class Cyclic(Schedule, tag="cyclic", frozen=True, kw_only=True):
    """Cyclic: triangles between a low and a high rate, momentum the other way.

    factor = l + (u−l) x A
    x = c/U                        up, while c ≤ U
    x = (U+D−c)/D                  down
    A = 1                          triangular
    A = 2⁻ⁱ                        triangular2
    A = γᵏ                         exp_range

    Symbols: x, the height within the triangle, from 0 to 1; A, the height of the triangle; c, the
    number of this step within the cycle, from 0; i, the number of the cycle, from 0.

    Used to find good rates without tuning a decay, and with a long half cycle as a test of the
    range of rates that a model bears.

    Smith, "Cyclical Learning Rates for Training Neural Networks", 2017, arXiv:1506.01186;
    `torch.optim.lr_scheduler.CyclicLR`, 2.13.
    """

    family = "cycles"

    low: LowFactor = 0.1
    high: HighFactor = 1.0
    up: StepsUp = 50
    down: StepsDown = 50
    mode: CycleMode = "triangular"
    gamma: Gamma = 0.995
    cycle_momentum: CycleMomentum = False
    base_momentum: BaseMomentum = 0.8
    max_momentum: MaxMomentum = 0.9

    def body(self, k: ArrayLike, span: int) -> ArrayLike:
        return self.low + (self.high - self.low) * self._height(k)

    def body_formula(self, k: ArrayLike, span: int) -> ArrayLike:
        """The same, with a product that may be undefined far beyond any run."""
        if self.mode != "exp_range":
            return self.body(k, span)
        triangle = replace(self, mode="triangular", low=0.0, high=1.0).body(k, span)
        return self.low + (self.high - self.low) * (triangle * self.gamma**k)

    def momentum(self, k: Array, span: int) -> Array | None:
        if not self.cycle_momentum:
            return None
        height: Array = self._height(k)
        return self.max_momentum - (self.max_momentum - self.base_momentum) * height

    def _height(self, k: ArrayLike) -> ArrayLike:
        total = self.up + self.down
        cycle = np.floor(k / total)
        c = np.mod(k, total)
        x = np.where(c <= self.up, c / self.up, (total - c) / max(self.down, 1))
        if self.mode == "triangular2":
            x = x * 0.5**cycle
        elif self.mode == "exp_range":
            x = times(x, np.float64(self.gamma) ** k)
        return x


def between(
    start: float, end: float, way: ArrayLike, shape: Literal["cosine", "linear"]
) -> ArrayLike:
    """Values on the way from `start`, at 0, to `end`, at 1."""
    if shape == "cosine":
        return end + (start - end) / 2 * (np.cos(np.pi * way) + 1)
    return start * (1 - way) + end * way
