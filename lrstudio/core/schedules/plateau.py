"""Schedules that listen to the loss."""

from typing import Annotated, ClassVar, Literal

import numpy as np

from lrstudio.core.arrays import Array, Places
from lrstudio.core.declaration import meta
from lrstudio.core.schedule import Listener, Schedule
from lrstudio.core.schedule_parameters import HIGHEST, LONGEST

Better = Annotated[
    Literal["min", "max"], meta("", "Better is", "Whether a lower or a higher value is better.")
]
Reduction = Annotated[
    float,
    meta(
        "γ",
        "Reduction",
        "Factor on the rate when the loss has not improved for too long.",
        low=0.01,
        high=0.95,
        ge=0,
        lt=1,
    ),
]
Patience = Annotated[
    int,
    meta(
        "P",
        "Patience",
        "Number of bad losses in a row that are borne.",
        low=0,
        high=100,
        ge=-1,
        le=LONGEST,
    ),
]
PatienceRule = Annotated[
    Literal["beyond", "at"],
    meta("", "Patience ends", "Beyond so many bad losses (PyTorch), or at so many (Optax)."),
]
RelativeThreshold = Annotated[
    float,
    meta(
        "r",
        "Relative threshold",
        "A loss is better only if it is so much better, as a share of the best one.",
        low=0.0,
        high=0.1,
        ge=-HIGHEST,
        le=HIGHEST,
    ),
]
AbsoluteThreshold = Annotated[
    float,
    meta(
        "a",
        "Absolute threshold",
        "A loss is better only if it is so much better.",
        low=0.0,
        high=1.0,
        ge=-HIGHEST,
        le=HIGHEST,
    ),
]
Cooldown = Annotated[
    int,
    meta(
        "C",
        "Cooldown",
        "Number of losses after a reduction that cannot be bad.",
        low=0,
        high=100,
        ge=0,
        le=LONGEST,
    ),
]
Accumulation = Annotated[
    int,
    meta(
        "A",
        "Averaged losses",
        "So many losses make one, their mean.",
        unit="steps",
        low=1,
        high=100,
        ge=1,
        le=LONGEST,
    ),
]
LeastFactor = Annotated[
    float,
    meta(
        "α",
        "Floor",
        "Factor below which the rate is not reduced.",
        low=0.0,
        high=1.0,
        ge=0,
        le=HIGHEST,
    ),
]
LeastChange = Annotated[
    float,
    meta(
        "ε",
        "Smallest change",
        "A reduction by no more than this share of the rate is left out.",
        low=0.0,
        high=0.1,
        ge=0,
        le=HIGHEST,
    ),
]
Acts = Annotated[
    Literal["next", "same"],
    meta(
        "",
        "Acts on",
        "The loss before an update changes the rate of the next update (PyTorch), or of this very "
        "one (Optax).",
    ),
]


class ReduceOnPlateau(Schedule, tag="reduce_on_plateau", frozen=True, kw_only=True):
    """Reduce on plateau: the rate is cut when the loss has not improved for a while.

    better: loss < (1−r) best − a          max: loss > (1+r) best + a
    factor ← max(γ factor, α)              after more than P bad losses in a row

    After a reduction the next C losses are not counted as bad, but may be the best. A loss that is
    no number is bad. With A > 1 the means of A losses each take the place of losses. The losses
    during a warm-up are not heard. Where losses are negative a relative threshold asks for less
    than none: a loss slightly worse than the best one counts as better, as in both libraries.

    Used with validation losses, where nobody knows beforehand when progress ends.

    `torch.optim.lr_scheduler.ReduceLROnPlateau`, 2.13: beyond the patience, acts on the next
    update; `optax.contrib.reduce_on_plateau`, 0.2.8: at the patience, acts on the same update.
    """

    family = "loss"
    listens: ClassVar[bool] = True

    mode: Better = "min"
    factor: Reduction = 0.5
    patience: Patience = 10
    patience_rule: PatienceRule = "beyond"
    rtol: RelativeThreshold = 1e-4
    atol: AbsoluteThreshold = 0.0
    cooldown: Cooldown = 0
    accumulation: Accumulation = 1
    floor: LeastFactor = 0.0
    least_change: LeastChange = 0.0
    acts: Acts = "next"

    def listener(self, lanes: int) -> Listener:
        return PlateauListener(self, lanes)


class PlateauListener:
    """Reduction on a plateau, for each of `lanes` runs by itself."""

    def __init__(self, schedule: ReduceOnPlateau, lanes: int) -> None:
        self.acts = schedule.acts
        self._rule = schedule
        self._rise = schedule.warmup.steps if schedule.warmup else 0
        self._update = 0
        self._body = np.ones(lanes)
        self._best = np.full(lanes, np.inf if schedule.mode == "min" else -np.inf)
        self._bad = np.zeros(lanes, dtype=np.int64)
        self._cooling = np.zeros(lanes, dtype=np.int64)
        self._mean = np.zeros(lanes)
        self._heard = 0
        self.factor = self._at(0)

    def hear(self, loss: Array) -> None:
        """Take the losses `(lanes,)` before an update."""
        if self._update >= self._rise:
            self._average(np.asarray(loss, dtype=np.float64))
        self._update += 1
        # Heard before its own update, a loss sets that update's factor; else the next one's.
        self.factor = self._at(self._update - (self.acts == "same"))

    def _at(self, update: int) -> Array:
        if self._rule.warmup is None or update >= self._rise:
            return self._body.copy()
        return self._rule.warmup.at(np.full(len(self._body), float(update)))

    def _average(self, loss: Array) -> None:
        """Judge the mean of some losses when there are enough of them."""
        with np.errstate(invalid="ignore", over="ignore"):  # of losses without end there is no mean
            self._mean = (self._heard * self._mean + loss) / (self._heard + 1)
        self._heard += 1
        if self._heard == self._rule.accumulation:
            self._judge(self._mean)
            self._mean, self._heard = np.zeros_like(self._mean), 0

    def _judge(self, loss: Array) -> None:
        rule = self._rule
        is_better = self._is_better(loss)
        self._best = np.where(is_better, loss, self._best)
        is_cooling = self._cooling > 0
        self._cooling -= is_cooling
        self._bad = np.where(is_better | is_cooling, 0, self._bad + 1)
        is_over = self._bad > rule.patience
        if rule.patience_rule == "at":
            is_over = (self._bad == rule.patience) & ~is_cooling
        lower = np.maximum(self._body * rule.factor, rule.floor)
        is_lowered = is_over & (self._body - lower > rule.least_change)
        self._body = np.where(is_lowered, lower, self._body)
        self._cooling = np.where(is_over, rule.cooldown, self._cooling)
        self._bad = np.where(is_over, 0, self._bad)

    def _is_better(self, loss: Array) -> Places:
        rule = self._rule
        with np.errstate(
            invalid="ignore", over="ignore"
        ):  # infinite or missing losses compare false
            if rule.mode == "min":
                return loss < (1 - rule.rtol) * self._best - rule.atol
            return loss > (1 + rule.rtol) * self._best + rule.atol
