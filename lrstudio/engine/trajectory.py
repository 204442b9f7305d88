"""What happened: append-only arrays, filled by one writer, read by everybody.

The writer publishes rows by raising `rows` after they are complete; a reader that looks at no more
than `rows` rows never sees a half-written one, in any thread.
"""

import numpy as np
from numpy.typing import NDArray

from lrstudio.core.arrays import Array, Places, in_company
from lrstudio.engine.curvature_record import CurvatureRecord
from lrstudio.engine.offsets import Offsets
from lrstudio.engine.plan import Plan
from lrstudio.engine.stage import Stage

Integers = NDArray[np.intp]

NEVER = -1
DIVERGENCE_BOUND = 1e100
"""A loss whose size exceeds this counts as having left the finite numbers."""
TAIL = 256
"""Steps at the end of a run that are kept in full whatever the stride, for the verdict."""


class Trajectory:
    """Recorded rows of all lanes, and exact summaries.

    Row 0 is the start; the row of step k is the state after k updates. From the step on at which a
    lane diverged everything of it is NaN.
    """

    last_rate: Array | None = None
    """Rate `(lanes,)` of the last update; None where no schedule depends on the losses."""

    def __init__(self, plan: Plan) -> None:
        lanes = len(plan.lanes)
        self.plan = plan
        self.rows = 0
        self.reached = NEVER
        """Last step that was computed; -1 before the first."""
        self.is_finished = False
        self.position: Array = np.empty((plan.rows, plan.dim, lanes))
        self.loss: Array = np.empty((plan.rows, lanes))
        self.gradient_norm: Array = np.empty((plan.rows, lanes))
        self.start_loss: Array = np.full(lanes, np.nan)
        self.best_loss: Array = np.full(lanes, np.inf)
        self.best_step = np.full(lanes, NEVER)
        self.final_loss: Array = np.full(lanes, np.nan)
        self.first_below = np.full(lanes, NEVER)
        self.diverged_at = np.full(lanes, NEVER)
        self.last_outside = np.full(lanes, NEVER)
        """Last step at which f − f* was above the tolerance."""
        self.last_not_above_start = np.full(lanes, NEVER)
        """Last step at which the loss was no larger than at the start."""
        shape = (plan.rows, lanes)
        self._rate: Array | None = np.empty(shape) if plan.rates.listen else None
        self._extra: Array | None = np.empty(shape) if plan.has_extra_evaluations else None
        self._extra_in_all: Array = np.zeros(lanes)
        self._extra_within: Array = np.zeros(lanes)
        """What was asked for besides, up to the step after the last one outside the tolerance."""
        self.offsets = Offsets(plan) if plan.is_drifting else None
        """How far the function moved, where it does."""
        kept = 0 if plan.stride == 1 else TAIL
        kept_points = 0 if plan.is_bulky else kept
        self._tail_position: Array = np.empty((kept_points, plan.dim, lanes))
        self._tail_loss: Array = np.empty((kept, lanes))
        metrics = len(plan.experiment.problem.metrics) if plan.measured_every else 0
        self.measured = 0
        """How many rows of `measures` are complete."""
        self.measures: Array = np.empty((plan.measured_rows, metrics, lanes))
        """Values of the problem's metrics `(rows, metrics, lanes)`."""
        self.curvature = CurvatureRecord(plan)
        self._judged = NEVER
        """Last step whose loss counts for the summaries: the loss of all examples."""

    @property
    def within_since(self) -> Integers:
        """Step from which on f − f* stayed within the tolerance `(lanes,)`; -1 where it did not."""
        stays = (self.last_outside < self._judged) & (self.diverged_at == NEVER)
        if not self.plan.is_sampled:
            return np.asarray(np.where(stays, self.last_outside + 1, NEVER))
        following = self.last_outside // self.spacing * self.spacing + self.spacing
        since = np.where(self.last_outside == NEVER, 0, np.minimum(following, self._judged))
        return np.asarray(np.where(stays, since, NEVER))

    @property
    def spacing(self) -> int:
        """Steps between two losses that the summaries look at."""
        return self.plan.measured_every if self.plan.is_sampled else 1

    @property
    def evaluations(self) -> Array:
        """Gradients that each lane's rule has used `(lanes,)`, up to its divergence.

        A step costs one; what a rule asked besides (line searches, second derivatives) is added.
        """
        end = np.where(self.diverged_at == NEVER, max(self.reached, 0), self.diverged_at)
        return np.asarray(end + self._extra_in_all, dtype=np.int64)

    @property
    def evaluations_within(self) -> Integers:
        """Evaluations `(lanes,)` up to `within_since`; -1 where a lane did not stay within."""
        since = self.within_since
        return np.asarray(
            np.where(since == NEVER, NEVER, since + self._extra_within), dtype=np.intp
        )

    def evaluations_at(
        self, first: int = 0, last: int | None = None, lanes: slice = slice(None)
    ) -> Array:
        """Evaluations `(n, lanes)` used up to the published rows `first <= row < last`."""
        return self.evaluations_in(np.arange(first, self.rows if last is None else last), lanes)

    def evaluations_in(self, rows: Integers, lanes: slice = slice(None)) -> Array:
        """Evaluations `(n, lanes)` used up to some published rows `(n,)`.

        This is what a plot of anything against evaluations has on its x axis. A lane that has
        diverged uses no more.
        """
        steps = np.minimum(rows * self.plan.stride, self.plan.experiment.steps)[:, None]
        used = np.repeat(steps, len(self.diverged_at[lanes]), axis=1)
        if self._extra is not None:
            used = used + self._extra[rows, lanes]
        return self._while_alive(steps, used, lanes)

    def evaluations_of_lanes(self, rows: Integers) -> Array:
        """Evaluations `(lanes,)` used by each lane up to a published row of its own `(lanes,)`."""
        steps = np.minimum(rows * self.plan.stride, self.plan.experiment.steps)
        used: Array = np.asarray(steps)
        if self._extra is not None:
            used = steps + self._extra[rows, np.arange(len(rows))]
        return self._while_alive(steps, used, slice(None))

    def step(self, row: int) -> int:
        """Step that a row holds."""
        return min(row * self.plan.stride, self.plan.experiment.steps)

    def steps_array(self, first: int = 0, last: int | None = None) -> Array:
        """Steps of the published rows `first <= row < last`."""
        rows = np.arange(first, self.rows if last is None else last)
        return np.minimum(rows * self.plan.stride, self.plan.experiment.steps)

    def row_of(self, step: int) -> int:
        """Published row nearest to a step."""
        row = max(0, min(round(step / self.plan.stride), self.rows - 1))
        # The last row may be nearer to the one before than a stride.
        last = self.rows - 1
        return last if abs(self.step(last) - step) < abs(self.step(row) - step) else row

    def learning_rate(
        self, first: int = 0, last: int | None = None, lanes: slice = slice(None)
    ) -> Array:
        """Rates `(n, lanes)` of the updates that leave the rows; NaN where there is none."""
        steps = self.steps_array(first, last)
        if self._rate is None:
            rates = self.plan.rates.at(np.minimum(steps, self._last_update), lanes)
        else:
            rates = self._rate[first : first + len(steps), lanes].copy()
        return self._while_updated(steps, rates, lanes)

    def momentum(
        self, first: int = 0, last: int | None = None, lanes: slice = slice(None)
    ) -> Array:
        """Momenta (or β₁) `(n, lanes)` of the updates that leave the rows, else NaN."""
        steps = self.steps_array(first, last)
        momenta = self.plan.rates.momenta(lanes, np.minimum(steps, self._last_update))
        return self._while_updated(steps, momenta, lanes)

    @property
    def _last_update(self) -> int:
        return self.plan.experiment.steps - 1

    def _while_updated(self, steps: Array, values: Array, lanes: slice) -> Array:
        """NaN where no update leaves a row: at the end, and once a lane diverged."""
        end = self.diverged_at[lanes]
        ended = (end != NEVER) & (steps[:, None] >= end)
        values[ended | (steps > self._last_update)[:, None]] = np.nan
        return values

    def measured_steps(self) -> Array:
        """Steps of the published rows of `measures`."""
        every, total = self.plan.measured_every, self.plan.experiment.steps
        return np.minimum(np.arange(self.measured) * every, total)

    def tail(self) -> tuple[Array, Array]:
        """Loss `(n, lanes)` and position `(m, dim, lanes)` at the end, without gaps.

        The losses are those of all examples, `spacing` steps apart; the positions those of the
        last steps, or of bulky problems those of the last recorded ones.
        """
        first = max(0, self.rows - TAIL)
        loss, position = self.loss[first : self.rows], self.position[first : self.rows]
        if self.plan.stride > 1:
            steps = np.arange(max(0, self.reached + 1 - TAIL), self.reached + 1) % TAIL
            loss = self._tail_loss[steps]
            if not self.plan.is_bulky:
                position = self._tail_position[steps]
        if self.plan.is_sampled:
            loss = self.measures[max(0, self.measured - TAIL) : self.measured, 0]
        return loss, position

    def append(self, first_step: int, stage: Stage) -> None:
        """Take over the steps from `first_step` on; blanks out what came after a divergence."""
        self._blank_diverged(first_step, stage)
        self._count(first_step, stage)
        if not self.plan.is_sampled:
            self._summarize(np.arange(first_step, first_step + len(stage.loss)), stage.loss)
            self._count_within(first_step, stage)
        self._measure(first_step, stage)
        self.curvature.append(stage.curvature, self.diverged_at)
        self._keep_tail(first_step, stage)
        self._keep_rate(first_step, stage)
        if self.offsets is not None and stage.offset is not None:
            self.offsets.take(stage.offset)
        self._record(first_step, stage)
        self.reached = first_step + len(stage.loss) - 1

    def finish(self) -> None:
        """No more steps will come."""
        self.is_finished = True

    def _while_alive(self, steps: Places, used: Array, lanes: slice) -> Array:
        """Evaluations used up to some steps, and no more once a lane has diverged."""
        diverged_at = self.diverged_at[lanes]
        is_over = (diverged_at != NEVER) & (steps >= diverged_at)
        return np.asarray(np.where(is_over, self.evaluations[lanes], used))

    def _blank_diverged(self, first_step: int, stage: Stage) -> None:
        position, loss, gradient = stage.position, stage.loss, stage.gradient
        ended = self.diverged_at != NEVER
        if ended.any():
            position[:, :, ended] = loss[:, ended] = gradient[:, :, ended] = np.nan
        # |loss| <= bound is False for NaN and infinities as well.
        gone = ~(np.abs(loss) <= DIVERGENCE_BOUND)
        for lane in np.flatnonzero(gone.any(axis=0) & ~ended):
            row = int(gone[:, lane].argmax())
            self.diverged_at[lane] = first_step + row
            loss[row:, lane] = np.nan
            first = row if stage.kept is None else int(np.searchsorted(stage.kept, row))
            position[first:, :, lane] = gradient[first:, :, lane] = np.nan

    def _count(self, first_step: int, stage: Stage) -> None:
        if stage.extra is not None:
            # What a lane asks for after it diverged is not its own any more.
            last = np.where(self.diverged_at == NEVER, np.inf, self.diverged_at) - first_step
            row = np.clip(last, 0, len(stage.loss) - 1).astype(np.intp)
            counted = stage.extra[row, np.arange(len(row))]
            self._extra_in_all = np.where(last >= 0, counted, self._extra_in_all)

    def _count_within(self, first_step: int, stage: Stage) -> None:
        """Note what was asked for up to the step after the last one outside the tolerance."""
        if stage.extra is not None:
            row = self.last_outside + 1 - first_step
            is_here = (row >= 0) & (row < len(stage.loss))
            counted = stage.extra[np.where(is_here, row, 0), np.arange(len(row))]
            self._extra_within = np.where(is_here, counted, self._extra_within)

    def _measure(self, first_step: int, stage: Stage) -> None:
        """Publish what was measured; of sampled problems the summaries rest on it."""
        for step, values in stage.measures:
            ended = (self.diverged_at != NEVER) & (self.diverged_at <= step)
            self.measures[self.measured] = np.where(ended, np.nan, values)
            if self.plan.is_sampled:
                before = self.last_outside
                self._summarize(np.array([step]), self.measures[self.measured, :1])
                if stage.extra is not None:
                    was_outside = (before == self.last_outside) & (before >= step - self.spacing)
                    counted = stage.extra[step - first_step]
                    self._extra_within = np.where(was_outside, counted, self._extra_within)
            self.measured += 1

    def _summarize(self, steps: Places, loss: Array) -> None:
        """Take the losses `(n, lanes)` of ascending `steps` into account."""
        experiment = self.plan.experiment
        if steps[0] == 0:
            self.start_loss = loss[0].copy()
        self.final_loss = loss[-1].copy()
        self._judged = int(steps[-1])
        tolerance, floor = experiment.tolerance, experiment.problem.floor
        if experiment.problem.may_fall_forever:  # nothing is low enough
            floor = -np.inf
        is_low, is_outside = loss <= self.start_loss, loss - floor > tolerance
        self.last_not_above_start = _last(is_low, steps, self.last_not_above_start)
        self.last_outside = _last(is_outside, steps, self.last_outside)
        lowest = np.fmin.reduce(loss, axis=0)
        improved = lowest < self.best_loss
        if improved.any():
            at = np.where(np.isnan(loss), np.inf, loss).argmin(axis=0)
            self.best_loss = np.where(improved, lowest, self.best_loss)
            self.best_step = np.where(improved, steps[at], self.best_step)
        arrived = (lowest - floor <= tolerance) & (self.first_below == NEVER)
        if arrived.any():
            at = (loss - floor <= tolerance).argmax(axis=0)
            self.first_below = np.where(arrived, steps[at], self.first_below)

    def _keep_tail(self, first_step: int, stage: Stage) -> None:
        if self.plan.stride > 1:
            last = first_step + len(stage.loss)
            for tail, rows in (
                (self._tail_loss, stage.loss),
                (self._tail_position, stage.position),
            ):
                kept = min(len(tail), len(rows))
                if kept:
                    tail[np.arange(last - kept, last) % len(tail)] = rows[-kept:]

    def _keep_rate(self, first_step: int, stage: Stage) -> None:
        updates = min(len(stage.loss), self._last_update + 1 - first_step)
        if stage.rate is not None and updates > 0:
            self.last_rate = stage.rate[updates - 1].copy()

    def _record(self, first_step: int, stage: Stage) -> None:
        stride, total, size = self.plan.stride, self.plan.experiment.steps, len(stage.loss)
        wanted = np.arange(-first_step % stride, size, stride)
        if first_step + size - 1 == total and total % stride:
            wanted = np.append(wanted, size - 1)
        if not len(wanted):
            return
        target = slice(self.rows, self.rows + len(wanted))
        # What is kept of a stage is what is recorded; a slice of it takes no copy.
        held = wanted if stage.kept is None else slice(None)
        self.position[target] = stage.position[held]
        self.loss[target] = stage.loss[wanted]
        gradient = in_company(stage.gradient[held])
        squares = np.square(gradient, gradient).sum(axis=1)
        self.gradient_norm[target] = np.sqrt(squares[:, : stage.loss.shape[1]])
        if self.offsets is not None and stage.offset is not None:
            self.offsets.write(target, stage.offset[wanted])
        for table, column in ((self._rate, stage.rate), (self._extra, stage.extra)):
            if table is not None and column is not None:
                table[target] = column[wanted]
        self.rows += len(wanted)


def _last(flags: NDArray[np.bool_], steps: Places, before: Integers) -> Integers:
    """Last step at which a flag `(n, lanes)` stood, or what is known from earlier steps."""
    if flags[-1].all():  # the usual case, without a search
        return np.full(flags.shape[1], steps[-1])
    last = steps[len(steps) - 1 - flags[::-1].argmax(axis=0)]
    return np.asarray(np.where(flags.any(axis=0), last, before))
