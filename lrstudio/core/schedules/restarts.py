"""Schedules that start over."""

from collections.abc import Sequence
from typing import Annotated

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike, Places
from lrstudio.core.declaration import meta
from lrstudio.core.expressions import MOST_TURNS, in_turn
from lrstudio.core.hyperparameters import Floor
from lrstudio.core.schedule import Schedule
from lrstudio.core.schedule_parameters import LONGEST, FirstCycle, Growth, PeakDecay
from lrstudio.core.schedules.decays import half_cosine

CycleWarmup = Annotated[
    int,
    meta(
        "V",
        "Cycle warm-up",
        "Number of steps that each cycle takes to rise from the floor to its peak.",
        unit="steps",
        low=0,
        high=1000,
        ge=0,
        le=LONGEST,
    ),
]


class CosineRestarts(Schedule, tag="cosine_restarts", frozen=True, kw_only=True):
    """Cosine with warm restarts: half cosine waves, each starting at the full rate again.

    factor = α + (1−α) δⁱ ½ (1 + cos(π c/Tᵢ))       Tᵢ = T₀ Mⁱ

    c counts the steps within cycle i, from 0; a restart happens at c = Tᵢ, so that the last step
    of a cycle is still above the floor. With δ = 1 this is
    `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`, 2.13; in general
    `keras.optimizers.schedules.CosineDecayRestarts`, 3.15.

    Symbols: c, the number of this step within the cycle, from 0; i, the number of the cycle, from
    0; Tᵢ, the length of cycle i.

    Used to collect several good solutions along one run (snapshot ensembles), and where a run may
    be stopped at the end of any cycle. For a single result one cosine without restarts is as good.

    Loshchilov & Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017,
    arXiv:1608.03983.
    """

    first_cycle: FirstCycle = 100
    growth: Growth = 2.0
    decay: PeakDecay = 1.0
    floor: Floor = 0.0

    family = "cycles"
    aliases = ("SGDR",)

    def body(self, k: Array, span: int) -> Array:
        if self.growth == 1:
            cycle = np.floor(k / self.first_cycle)
            c = np.mod(k, self.first_cycle)
        else:
            cycle = self._cycle(k)
            c = k - self._start(cycle)
        length = self.first_cycle * np.float64(self.growth) ** cycle
        wave = half_cosine(c / length, 0.0)
        return self.floor + (1 - self.floor) * np.float64(self.decay) ** cycle * wave

    def body_formula(self, k: ArrayLike, span: int) -> ArrayLike:
        """Wave by wave, where they grow and are few."""
        if self.growth == 1:
            return self.body(k, span)
        starts = [0.0, *self._start(np.arange(1.0, MOST_TURNS + 2))]
        starts = [start for start in starts if start < max(span, 1)]
        waves = [self._wave(k, starts, cycle) for cycle in range(len(starts))]
        return in_turn(k, starts[1:], waves)

    def _wave(self, k: ArrayLike, starts: Sequence[float], cycle: int) -> ArrayLike:
        progress = (k - starts[cycle]) / (self.first_cycle * self.growth**cycle)
        return self.floor + (1 - self.floor) * self.decay**cycle * half_cosine(progress, 0.0)

    def _cycle(self, k: Array) -> Array:
        """Numbers of the cycles in which the steps `k` lie, from 0."""
        excess = self.growth - 1
        cycle = np.floor(np.log1p(k * excess / self.first_cycle) / np.log1p(excess))
        # Rounding of the logarithms may be a cycle off; the starts decide.
        cycle -= self._start(cycle) > k
        cycle += self._start(cycle + 1) <= k
        return np.asarray(cycle)

    def _start(self, cycle: Array) -> Array:
        """First steps of cycles, in closed form.

        A running sum would drift where the growth is not a whole number.
        """
        excess = self.growth - 1
        start: Array = self.first_cycle * np.expm1(cycle * np.log1p(excess)) / excess
        # Rounding must not move a restart to the step after it.
        whole = np.rint(start)
        return np.where(np.abs(start - whole) <= 1e-12 * whole, whole, start)


class WarmupRestarts(Schedule, tag="warmup_restarts", frozen=True, kw_only=True):
    """Cosine with warm-up restarts: each cycle rises from the floor to its peak, then falls back.

    factor = α + (δⁱ − α) c/V                                     while c < V
    factor = α + (δⁱ − α) ½ (1 + cos(π (c−V)/(Tᵢ−V)))             after it
    Tᵢ₊₁ = V + max(1, ⌊(Tᵢ − V) M⌋)

    Symbols: c, the number of this step within the cycle, from 0; i, the number of the cycle, from
    0; Tᵢ, the length of cycle i.

    Cycles have whole lengths, and only what is left of
    them after their warm-up grows. δ is what the peak itself falls to, not its height above the
    floor as in cosine with warm restarts.

    Used in vision and speech, where a jump back to the full rate throws the weights about.

    Katsura, "pytorch-cosine-annealing-with-warmup", 2020; `pytorch_optimizer`, 4.1,
    `CosineAnnealingWarmupRestarts` (which makes its very first update with the floor even
    where V = 0).
    """

    family = "cycles"

    first_cycle: FirstCycle = 100
    growth: Growth = 1.0
    decay: PeakDecay = 1.0
    floor: Floor = 0.0
    cycle_warmup: CycleWarmup = 10

    def body(self, k: Array, span: int) -> Array:
        factors: Array = self._height(*self._cycles(k))
        return factors

    def body_formula(self, k: ArrayLike, span: int) -> ArrayLike:
        """Cycle by cycle, the last one that grew over and over."""
        starts, lengths = self._growing(float(max(span - 1, 0)))
        waves = []
        for place, (start, length) in enumerate(zip(starts, lengths, strict=True)):
            c = k.after(start)
            if place < len(starts) - 1:
                c = c.up_to(length - 1)
            number = place + np.floor(c / length)
            waves.append(self._height(number, np.mod(c, length), length))
        return in_turn(k, starts[1:].tolist(), waves)

    def _height(self, cycle: ArrayLike, c: ArrayLike, length: ArrayLike) -> ArrayLike:
        """Factors at steps `c` of cycles of some lengths."""
        rise = self.cycle_warmup
        fall = half_cosine((c - rise) / np.maximum(length - rise, 1), 0.0)
        wave = np.where(c < rise, c / max(rise, 1), fall)
        return self.floor + (np.float64(self.decay) ** cycle - self.floor) * wave

    def _cycles(self, k: Array) -> tuple[Places, Array, Array]:
        """Numbers of the cycles in which the steps `k` lie, steps within them, their lengths."""
        starts, lengths = self._growing(float(np.max(k, initial=0)))
        place = np.searchsorted(starts, k, side="right") - 1
        c, length = k - starts[place], lengths[place]
        # What comes after the last one that grew has its length.
        further = np.floor(c / length)
        return place + further, np.mod(c, length), length

    def _growing(self, last: float) -> tuple[Array, Array]:
        """Starts and lengths of the cycles up to the step `last`, or until they stop growing."""
        rise = self.cycle_warmup
        starts, lengths = [0.0], [float(max(self.first_cycle, rise + 1))]
        while starts[-1] + lengths[-1] <= last:
            grown = rise + max(1.0, np.floor((lengths[-1] - rise) * self.growth))
            if grown == lengths[-1]:
                break
            starts.append(starts[-1] + lengths[-1])
            lengths.append(grown)
        return np.array(starts), np.array(lengths)
