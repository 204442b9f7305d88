"""The zoom search of Optax: sufficient decrease and small curvature.

This is `optax.scale_by_zoom_linesearch` (0.2.8) with the values that `optax.lbfgs` gives it: at
most 20 evaluations, first trial 1, doubled while no interval is found; then the cubic, the parabola
or the middle of the interval. After Nocedal & Wright, "Numerical Optimization", 2006, Algorithms
3.5 and 3.6, with the approximate decrease of Hager & Zhang, "Algorithm 851: CG_DESCENT", 2006.
"""

from typing import NamedTuple

import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.core.searches.line import Flags, Line, Sample, chosen

MOST_EVALUATIONS = 20
GROWTH = 2.0
DECREASE = 1e-4
CURVATURE = 0.9
APPROXIMATE_DECREASE = 1e-6
NARROWEST = 1e-5


class Errors(NamedTuple):
    """By how much a trial misses the conditions; 0 where it fulfils them, ∞ for no number."""

    decrease: Array
    curvature: Array

    @property
    def largest(self) -> Array:
        """The worse of the two."""
        return np.maximum(self.decrease, self.curvature)


def zoom(line: Line, start: Sample, where: Flags) -> Sample:
    """The step of all lanes `where` is true, in units of the direction; 0 where all is spoilt."""
    search = _Zoom(line, start, where)
    while search.is_searching.any():
        search.go_on()
    return search.step


class _Zoom:
    """A search under way: first an interval is looked for, then it is narrowed."""

    def __init__(self, line: Line, start: Sample, where: Flags) -> None:
        self._line = line
        self._start = self.step = start
        self._low = self._high = self._reference = self._safe = start
        self.is_searching: Flags = where.copy()
        self._has_interval = np.zeros_like(where)
        self._count = 0

    def go_on(self) -> None:
        """One evaluation in every lane that is not done."""
        where, zooming = self.is_searching, self._has_interval
        further = GROWTH * self.step.t if self._count else np.ones_like(self.step.t)
        now = self._line.at(np.where(zooming, self._middle(), further), where)
        errors = self._errors(now)
        is_safe = where & (errors.decrease <= 0) & (~zooming | (now.loss < self._safe.loss))
        self._safe = chosen(is_safe, now, self._safe)
        is_narrow = zooming & (np.abs(self._high.t - self._low.t) <= NARROWEST)
        self._look(now, errors, where & ~zooming)
        self._narrow(now, errors, where & zooming)
        self.step = chosen(where, now, self.step)
        self._finish(errors, is_narrow)

    def _finish(self, errors: Errors, is_narrow: Flags) -> None:
        where = self.is_searching
        self._count += 1
        is_done = errors.largest <= 0
        is_over = self._count >= MOST_EVALUATIONS
        has_failed = where & ~is_done & (is_over | (is_narrow & (self._safe.t > 0)))
        is_kept = (self._safe.t > 0) | np.isinf(errors.decrease)
        self.step = chosen(has_failed & is_kept, self._safe, self.step)
        self.is_searching = where & ~(is_done | has_failed)

    def _look(self, now: Sample, errors: Errors, where: Flags) -> None:
        """Whether the last trial and the one before it enclose a good step."""
        before = self.step
        is_high = (errors.decrease > 0) | ((now.loss >= before.loss) & (self._count > 0))
        is_low = (now.slope >= 0) & ~is_high
        self._low = chosen(where, chosen(is_low, now, before), self._low)
        self._high = chosen(where, chosen(is_low, before, now), self._high)
        self._reference = chosen(where, self._low, self._reference)
        self._has_interval = self._has_interval | (where & (is_high | is_low))

    def _narrow(self, now: Sample, errors: Errors, where: Flags) -> None:
        """Replace an end of the interval by the last trial."""
        low, high = self._low, self._high
        is_high = (errors.decrease > 0) | (now.loss >= low.loss)
        is_turned = (now.slope * (high.t - low.t) >= 0) & ~is_high
        new_high = chosen(is_high, now, chosen(is_turned, low, high))
        self._high = chosen(where, new_high, high)
        self._low = chosen(where & ~is_high, now, low)
        reference = chosen(is_high | is_turned, high, low)
        self._reference = chosen(where, reference, self._reference)

    def _middle(self) -> Array:
        """The next trial inside the interval."""
        low, high = self._low, self._high
        width = np.abs(high.t - low.t)
        left, right = np.minimum(low.t, high.t), np.maximum(low.t, high.t)
        cubic, parabola = cubic_minimum(low, high, self._reference), parabola_minimum(low, high)
        is_cubic = (cubic > left + 0.2 * width) & (cubic < right - 0.2 * width)
        is_parabola = (parabola > left + 0.1 * width) & (parabola < right - 0.1 * width)
        middle = np.where(is_parabola, parabola, (low.t + high.t) / 2)
        return np.where(is_cubic, cubic, middle)

    def _errors(self, now: Sample) -> Errors:
        start = self._start
        exact = now.loss - start.loss - DECREASE * now.t * start.slope
        rise = now.loss - start.loss - APPROXIMATE_DECREASE * np.abs(start.loss)
        approximate = np.maximum(now.slope - (2 * DECREASE - 1) * start.slope, rise)
        curvature = np.abs(now.slope) - CURVATURE * np.abs(start.slope)
        return Errors(_excess(np.minimum(approximate, exact)), _excess(curvature))


def _excess(error: Array) -> Array:
    return np.where(np.isnan(error), np.inf, np.maximum(error, 0.0))


def cubic_minimum(a: Sample, b: Sample, c: Sample) -> Array:
    """Minimum of the cubic through three samples with the slope at `a`; NaN where it has none."""
    db, dc = b.t - a.t, c.t - a.t
    off_b, off_c = b.loss - a.loss - a.slope * db, c.loss - a.loss - a.slope * dc
    scale = np.square(db * dc) * (db - dc)
    cubic = (np.square(dc) * off_b - np.square(db) * off_c) / scale
    square = (db**3 * off_c - dc**3 * off_b) / scale
    root = np.sqrt(square * square - 3 * cubic * a.slope)
    return np.asarray(a.t + (root - square) / (3 * cubic))


def parabola_minimum(a: Sample, b: Sample) -> Array:
    """Minimum of the parabola through two samples with the slope at `a`."""
    width = b.t - a.t
    bend = (b.loss - a.loss - a.slope * width) / np.square(width)
    return np.asarray(a.t - a.slope / (2 * bend))
