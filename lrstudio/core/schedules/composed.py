"""Schedules made of schedules."""

import math
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike, Places, times
from lrstudio.core.declaration import meta
from lrstudio.core.expressions import Unwritable, in_turn
from lrstudio.core.schedule import Schedule
from lrstudio.core.schedule_parameters import LONGEST
from lrstudio.core.schedules.decays import Constant, Cosine, Step
from lrstudio.core.validation import Refused

MOST_LEVELS = 8
"""Levels of schedules within schedules."""
MOST_PARTS = 100
"""Schedules within one, on all levels together."""

if TYPE_CHECKING:
    AnySchedule = Schedule
else:
    AnySchedule = Any
    """The union of all schedules, which is put here when all are known."""

Parts = Annotated[
    tuple["AnySchedule", ...],
    meta("", "Parts", "The schedules it is made of.", max_length=MOST_PARTS),
]
Boundaries = Annotated[
    tuple[Annotated[int, meta("", "Boundary", "A step.", ge=0, le=LONGEST)], ...],
    meta(
        "",
        "Boundaries",
        "Steps at which the second part and the ones after it begin; parts without one share what "
        "is left of the run.",
        unit="steps",
        max_length=MOST_PARTS,
    ),
]


class Sequence(Schedule, tag="sequence", frozen=True, kw_only=True):
    """Sequence: one schedule after the other, each with its own clock.

    factor = partᵢ(k − bᵢ)         bᵢ ≤ k < bᵢ₊₁,  b₀ = 0

    Symbols: i, the number of the part, from 0; b, the boundaries, at which the parts begin.

    A part that spans the run spans its own stretch here. Each part starts from the full rate,
    not from the one that the part before it has reached. Momentum, where a part cycles it, stays
    as that part leaves it; before the first such part it is what that part begins with.

    Used for everything that has phases: a constant rate, then a cosine; several decays in a row.

    `torch.optim.lr_scheduler.SequentialLR`, 2.13; `optax.join_schedules`, 0.2.8.
    """

    family = "composed"

    parts: Parts = (Constant(), Cosine())
    boundaries: Boundaries = ()

    def __post_init__(self) -> None:
        refuse_unfit_parts(self.parts)

    def body(self, k: Array, span: int) -> Array:
        factors, number = np.ones_like(k), self._number(k, span)
        for i, (part, start, length) in enumerate(self.stretches(span)):
            inside = number == i
            factors[inside] = part.at(k[inside] - start, length)
        return factors

    def momentum(self, k: Array, span: int) -> Array | None:
        stretches = self.stretches(span)
        cycling = [
            i for i, s in enumerate(stretches) if s[0].momentum_at(np.zeros(1), s[2]) is not None
        ]
        if not cycling:
            return None
        momenta, number = np.zeros_like(k), self._number(k, span)
        in_force = np.maximum(np.searchsorted(cycling, number, side="right") - 1, 0)
        for place, i in enumerate(cycling):
            part, start, length = stretches[i]
            inside = in_force == place
            within = np.clip(k[inside] - start, 0, max(length - 1, 0))
            momenta[inside] = part.momentum_at(within, length)
        return momenta

    def body_formula(self, k: ArrayLike, span: int) -> ArrayLike:
        """Part by part."""
        reached = [s for s in self.stretches(span) if s[1] <= max(k.high, 0)]
        turns = [start for _, start, _ in reached]
        if turns != sorted(turns):
            raise Unwritable("parts that begin before the one before them")
        ends = [*turns[1:], k.high + 1]
        parts = [
            part.formula(k.after(start).up_to(max(end - start - 1, 0)), length)
            for (part, start, length), end in zip(reached, ends, strict=True)
        ]
        return in_turn(k, turns[1:], parts)

    def stretches(self, span: int) -> list[tuple[Schedule, int, int]]:
        """The parts with the steps at which they begin and the numbers of steps they have."""
        starts = self._starts(span)
        ends = [*starts[1:], span][: len(starts)]
        lengths = [max(end - start, 0) for start, end in zip(starts, ends, strict=True)]
        return list(zip(self.parts, starts, lengths, strict=True))

    def _starts(self, span: int) -> list[int]:
        given = [0, *self.boundaries][: len(self.parts)]
        more = len(self.parts) - len(given)
        rest = max(span - given[-1], 0) if given else 0
        return [*given, *(given[-1] + rest * (i + 1) // (more + 1) for i in range(more))]

    def _number(self, k: Array, span: int) -> Places:
        """Numbers of the parts in which steps `k` lie: of the last one that has begun."""
        number: Places = np.zeros(k.shape, dtype=np.intp)
        for i, start in enumerate(self._starts(span)):
            number = np.where(k >= start, i, number)
        return number


class Product(Schedule, tag="product", frozen=True, kw_only=True):
    """Product: the factors of several schedules multiplied.

    factor = part₁(k) · part₂(k) · …

    All parts have the same clock. Momentum is that of the last part that cycles it.

    Used to lay a warm-up or a slow decay over another schedule.

    `torch.optim.lr_scheduler.ChainedScheduler`, 2.13 (a true product only of schedulers that
    multiply: one with a minimum adds it again after the product, one that is absolute overwrites).
    """

    family = "composed"

    parts: Parts = (Step(step_size=100, gamma=0.5), Cosine())

    def __post_init__(self) -> None:
        refuse_unfit_parts(self.parts)

    def body(self, k: Array, span: int) -> Array:
        factors = np.ones_like(k)
        for part in self.parts:
            factors = times(factors, part.at(k, span))
        return factors

    def body_formula(self, k: ArrayLike, span: int) -> ArrayLike:
        """The product of the formulas."""
        return math.prod((part.formula(k, span) for part in self.parts), start=1.0)

    def momentum(self, k: Array, span: int) -> Array | None:
        found = (part.momentum_at(k, span) for part in reversed(self.parts))
        return next((m for m in found if m is not None), None)


def refuse_unfit_parts(parts: Any) -> None:
    """Raise `Refused` for parts that listen to the loss, are too many or nested too deeply."""
    if not isinstance(parts, tuple | list):
        return  # constructors do not validate
    for i, part in enumerate(parts):
        if getattr(part, "listens", False):
            raise Refused(
                f"parts[{i}] listens to the loss, which no part can; use it as the whole schedule"
            )
    levels, count = _size(tuple(parts))
    if levels > MOST_LEVELS:
        raise Refused(too_deep())
    if count > MOST_PARTS:
        raise Refused(f"expected at most {MOST_PARTS} parts on all levels together, got {count}")


def too_deep() -> str:
    """Sentence for schedules within schedules within schedules."""
    return f"expected at most {MOST_LEVELS} levels of parts within parts; make it flatter"


def _size(parts: tuple[Any, ...]) -> tuple[int, int]:
    """Levels and number of parts. The parts themselves have been measured before."""
    sizes = [_size(getattr(part, "parts", ())) for part in parts]
    levels = max((levels for levels, _ in sizes), default=0)
    return (levels + 1 if parts else 0), len(parts) + sum(count for _, count in sizes)
