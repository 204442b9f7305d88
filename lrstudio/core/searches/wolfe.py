"""The strong Wolfe conditions by cubic interpolation, as in PyTorch.

This is `torch.optim.lbfgs._strong_wolfe` (2.13), comparison by comparison: where the order of two
equal numbers or a number that is none decides, it decides here as it does there. After Nocedal &
Wright, "Numerical Optimization", 2006, Algorithms 3.5 and 3.6, with the cubic of (3.59).
"""

from typing import NamedTuple

import numpy as np

from lrstudio.core.arrays import Array, Places
from lrstudio.core.searches.line import Flags, Line, Sample, chosen, largest


class Conditions(NamedTuple):
    """What a step has to fulfil, and how long it is looked for."""

    decrease: Array
    """c₁: share of the promised decrease that is asked for."""
    curvature: Array
    """c₂: share of the slope that may be left."""
    most: Array
    """Evaluations after the first, at most `(lanes,)`."""
    narrowest: Array
    """A bracket whose largest coordinate is narrower is not looked into."""
    is_careful: bool = False
    """Whether a loss that is no number counts as too high; in PyTorch it spoils the search."""


class Found(NamedTuple):
    """The step that a search ends with, and what it cost."""

    sample: Sample
    evaluations: Array


def strong_wolfe(
    line: Line, start: Sample, t: Array, conditions: Conditions, where: Flags
) -> Found:
    """Search all lanes `where` is true, with `t` `(lanes,)` as the first trial."""
    search = _Search(line, start, t, conditions, where)
    while search.goes_on():
        pass
    return Found(search.lower_end(), search.evaluations)


class _Search:
    """A search under way: each lane first brackets a good step, then narrows the bracket."""

    def __init__(
        self, line: Line, start: Sample, t: Array, conditions: Conditions, where: Flags
    ) -> None:
        self._line = line
        self._start = self._before = start
        self._conditions = conditions
        self._width = largest(line.direction)
        self._is_bracketing = where.copy()
        self._is_narrowing = np.zeros_like(where)
        self._is_stuck = np.zeros_like(where)
        self._trials = np.zeros(t.shape)
        self.evaluations: Array = np.zeros(t.shape)
        self._ends = (start, start)
        self._is_second_lower = np.zeros_like(where)
        self._now = self._evaluate(t, where)

    def goes_on(self) -> bool:
        """Do one evaluation in every lane that still needs any; False where none does."""
        t = self._now.t
        if self._is_bracketing.any():
            self._give_up()
            self._look()
            t = np.where(self._is_bracketing, self._beyond(), t)
            self._before = chosen(self._is_bracketing, self._now, self._before)
        if self._is_narrowing.any():
            inside = self._inside()
            t = np.where(self._is_narrowing, inside, t)
        asked = self._is_bracketing | self._is_narrowing
        if not asked.any():
            return False
        self._now = self._evaluate(t, asked)
        self._trials += asked
        if self._is_narrowing.any():
            self._narrow()
        return True

    def lower_end(self) -> Sample:
        """The end of the bracket with the lower loss, which is the step found."""
        first, second = self._ends
        return chosen(self._is_second_lower, second, first)

    def _evaluate(self, t: Array, where: Flags) -> Sample:
        self.evaluations += where
        sample = self._line.at(t, where)
        if not self._conditions.is_careful:
            return sample
        is_number = np.isfinite(sample.loss) & np.isfinite(sample.slope)
        return sample._replace(loss=np.where(is_number, sample.loss, np.inf))

    def _give_up(self) -> None:
        """Lanes that may not try any more take the better of the start and the last trial."""
        is_over = self._is_bracketing & (self._trials >= self._conditions.most)
        self._bracket(is_over, self._start, self._now)
        self._is_bracketing &= ~is_over

    def _look(self) -> None:
        """Whether the last trial is good, or a bracket around a good one is known."""
        now, before = self._now, self._before
        is_above = self._is_too_high() | ((self._trials > 1) & (now.loss >= before.loss))
        is_good = ~is_above & self._is_flat()
        is_trapped = self._is_bracketing & ~is_good & (is_above | (now.slope >= 0))
        is_good &= self._is_bracketing
        self._bracket(is_trapped | is_good, chosen(is_good, now, before), now)
        self._is_bracketing &= ~(is_trapped | is_good)
        self._is_narrowing |= is_trapped

    def _bracket(self, where: Flags, first: Sample, second: Sample) -> None:
        self._ends = chosen(where, first, self._ends[0]), chosen(where, second, self._ends[1])
        self._order(where)

    def _order(self, where: Flags) -> None:
        first, second = self._ends
        is_second_lower = ~(first.loss <= second.loss)
        self._is_second_lower = np.where(where, is_second_lower, self._is_second_lower)

    def _is_too_high(self) -> Flags:
        start, now = self._start, self._now
        bound = start.loss + self._conditions.decrease * now.t * start.slope
        return np.asarray(now.loss > bound)

    def _is_flat(self) -> Flags:
        bound = -self._conditions.curvature * self._start.slope
        return np.asarray(np.abs(self._now.slope) <= bound)

    def _beyond(self) -> Array:
        """The next trial outside, up to ten times as far."""
        before, now = self._before, self._now
        return self._interpolated(before, now, now.t + 0.01 * (now.t - before.t), now.t * 10)

    def _inside(self) -> Array:
        """The next trial inside a bracket, kept away from its ends."""
        first, second = self._ends
        width = np.abs(second.t - first.t) * self._width
        self._is_narrowing &= ~(width < self._conditions.narrowest)
        low, high = lesser(first.t, second.t), greater(first.t, second.t)
        t = self._interpolated(first, second, low, high)
        margin = 0.1 * (high - low)
        is_near = lesser(high - t, t - low) < margin
        is_moved = is_near & (self._is_stuck | (t >= high) | (t <= low))
        self._is_stuck = np.where(self._is_narrowing, is_near & ~is_moved, self._is_stuck)
        is_upper = np.abs(t - high) < np.abs(t - low)
        return np.where(is_moved, np.where(is_upper, high - margin, low + margin), t)

    def _narrow(self) -> None:
        """Replace an end of the bracket by the last trial."""
        now, where = self._now, self._is_narrowing
        first, second = self._ends
        low = chosen(self._is_second_lower, second, first)
        high = chosen(self._is_second_lower, first, second)
        is_worse = self._is_too_high() | (now.loss >= low.loss)
        is_good = ~is_worse & self._is_flat()
        is_turned = ~is_worse & ~is_good & (now.slope * (high.t - low.t) >= 0)
        high = chosen(where & is_worse, now, chosen(where & is_turned, low, high))
        low = chosen(where & ~is_worse, now, low)
        is_second_lower = self._is_second_lower
        self._ends = chosen(is_second_lower, high, low), chosen(is_second_lower, low, high)
        self._order(where & is_worse)
        self._is_narrowing = where & ~is_good & (self._trials < self._conditions.most)

    def _interpolated(self, one: Sample, other: Sample, low: Array, high: Array) -> Array:
        t = cubic_minimum(one, other, low, high)
        if not self._conditions.is_careful:
            return t
        return np.where(np.isfinite(t), t, (low + high) / 2)


def cubic_minimum(one: Sample, other: Sample, low: Array, high: Array) -> Array:
    """Minimum of the cubic through two samples, at least `low` and at most `high`."""
    is_in_order = one.t <= other.t
    a, b = chosen(is_in_order, one, other), chosen(is_in_order, other, one)
    d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t)
    square: Places = np.square(d1) - a.slope * b.slope
    d2 = np.sqrt(square)
    t = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
    return np.where(square >= 0, lesser(greater(t, low), high), (low + high) / 2)


def greater(a: Array, b: Array) -> Array:
    """Python's `max(a, b)`, which keeps the first where one is no number."""
    return np.where(b > a, b, a)


def lesser(a: Array, b: Array) -> Array:
    """Python's `min(a, b)`, which keeps the first where one is no number."""
    return np.where(b < a, b, a)
