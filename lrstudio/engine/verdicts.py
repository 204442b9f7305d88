"""What became of a lane, as data and as one plain sentence.

A verdict rests on the end of the run: the last steps in full, whatever the stride of the
recording. In this order:

* **diverged**: the loss left the finite numbers;
* **converged**: f − f* ends within the tolerance and has stayed there;
* **diverged**: the lane left the domain and ended at a thousand times the starting loss and more;
* where the loss may fall for ever, what it did instead: the lane left the domain downhill
  (**diverged**), or is **stalled**, **descending** or **oscillating**;
* **tracking**: the optimum moves, and so does the lane;
* **descending**: the loss still falls over the last steps;
* **stalled**: it does not, and there is hardly any movement, or the movement dies away;
* **oscillating**: it does not, and the steps cancel each other.

Where the optimum moves, minima and domain are where they are at the end.
"""

from typing import Literal

import msgspec
import numpy as np

from lrstudio.core import Problem
from lrstudio.core.arrays import Array
from lrstudio.core.epochs import counted
from lrstudio.engine.places import ROUNDING, STEEP, kind_of_place, place_of, point
from lrstudio.engine.plan import Lane
from lrstudio.engine.significant import significant
from lrstudio.engine.trajectory import NEVER, TAIL, Trajectory
from lrstudio.engine.trends import STILL_FALLING, fall_of, is_steady, levels_off

Kind = Literal["converged", "diverged", "descending", "oscillating", "stalled", "tracking"]

EXPLOSION = 1e3
"""Growth over the starting loss that counts as divergence although all numbers are finite."""
FALLING_IN_CIRCLES = 0.2
"""The same for a run whose steps cancel: chance alone makes small differences there."""
CANCELLING = 0.5
"""Net movement over path length below which steps are said to cancel."""
DYING = 0.1
"""Path of the later half of the tail over that of the earlier below which a run settles."""
RISING = -0.4
"""Negative fall from which on an oscillation is said to grow."""
STANDSTILL = 1e-9
"""Path length over a full tail, against the size of the domain, that counts as no movement."""
FEW = 16
"""Steps below which medians say nothing and only the ends are compared."""
SETTLED = 16
"""Steps that a run which left the tolerance before must stay within it to have converged."""
NEAR = 0.01
"""Distance to a minimum, against the size of the domain, at which a lane is said to be there."""
MOST_TOLD = 20
"""Parameters up to which the first ones say where a run ended."""
RUN_DOWN = 0.1
"""Share of the learning rate below which the schedule is named as the cause of a standstill."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """How a lane ended. `step` is the step that decided it, where there is one."""

    kind: Kind
    sentence: str
    step: int | None = None
    minimum: tuple[float, ...] | None = None
    numbers: dict[str, float] = {}


class _End(msgspec.Struct, frozen=True):
    """The end of one lane: its last losses and positions, and the path they took."""

    gap: Array
    """f − f* over the last steps `(n,)`; of sampled problems as it was measured."""
    steps: int
    """Steps from the first of them to the last."""
    what: str
    """What the gap is called: f − f*, or the loss where f* is not known."""
    position: Array
    """Where it ended `(dim,)`."""
    offset: Array
    """How far the function had moved by then `(dim,)`."""
    moves: int
    """How many of the last steps the path is known of."""
    path: float
    """Its length."""
    late_path: float
    """Length of its later half."""
    net: float
    """Distance between the ends of that path."""
    late_net: float
    """The same of its later half."""
    start_gap: float

    @property
    def place(self) -> Array:
        """Where it ended, as the function sees it, which has moved itself `(dim,)`."""
        return self.position - self.offset


@np.errstate(all="ignore")  # finite positions may be too large to be squared
def verdict(trajectory: Trajectory, lane: Lane) -> Verdict:
    """The verdict on one lane of a run that has ended or was stopped."""
    column = lane.index
    if trajectory.diverged_at[column] != NEVER:
        return _left_the_numbers(int(trajectory.diverged_at[column]))
    end = _end(trajectory, column)
    problem = trajectory.plan.experiment.problem
    tolerance = trajectory.plan.experiment.tolerance
    if problem.may_fall_forever:
        return _without_minimum(trajectory, lane, end)
    if end.gap[-1] <= tolerance:
        return _within(trajectory, column, end)
    if _is_outside(problem, end.place) and end.gap[-1] > EXPLOSION * end.start_gap:
        return _exploded(int(trajectory.last_not_above_start[column]) + 1, end)
    if trajectory.reached == 0:
        return Verdict(kind="stalled", sentence="stopped before the first step")
    extent = max(high - low for low, high in problem.domain)
    if len(end.gap) < FEW:
        return _too_few(end, extent)
    return _still_out(trajectory, lane, end, extent)


def _still_out(trajectory: Trajectory, lane: Lane, end: _End, extent: float) -> Verdict:
    """The verdict on a finite lane that is not within the tolerance."""
    fall = fall_of(end.gap)
    is_moving = end.path > STANDSTILL * extent * end.moves / TAIL
    if is_moving and _has_moved(trajectory):
        return _tracking(end, fall, trajectory.plan.experiment.problem.floor)
    is_cancelling = is_moving and end.net <= CANCELLING * end.path
    is_falling = fall > (FALLING_IN_CIRCLES if is_cancelling else STILL_FALLING)
    if is_falling and (not is_cancelling or is_steady(end.gap, fall)):
        return _descending(end, trajectory.plan.experiment.tolerance, fall)
    is_dying = end.late_path < DYING * end.path
    # A run may come a long way, and then jump to and fro at one height.
    is_cancelling |= end.late_net <= CANCELLING * end.late_path
    if not is_moving or is_dying or (not is_cancelling and levels_off(end.gap)):
        return _stalled(trajectory, lane, end)
    if is_cancelling or fall <= 0:
        return _oscillating(end, fall, is_cancelling)
    return _descending(end, trajectory.plan.experiment.tolerance, fall)


def _has_moved(trajectory: Trajectory) -> bool:
    """Whether the optimum has moved: a drift of speed 0 is none."""
    return trajectory.offsets is not None and trajectory.offsets.has_moved


def _end(trajectory: Trajectory, column: int) -> _End:
    loss, position = (a[..., column] for a in trajectory.tail())
    offsets = trajectory.offsets
    problem = trajectory.plan.experiment.problem
    floor, what = problem.floor, "loss" if problem.minimum_value is None else "f − f*"
    steps = len(loss) - 1
    if trajectory.plan.is_sampled:  # few measurements reach far back
        loss = loss[-max(FEW, len(loss) // 2) :]
        known = trajectory.measured_steps()
        steps = int(known[-1] - known[-len(loss)])
    moves = np.sqrt(np.square(np.diff(position, axis=0)).sum(axis=1))
    return _End(
        gap=_above(loss, floor),
        steps=steps,
        what=what,
        position=position[-1],
        offset=np.zeros(len(position[-1])) if offsets is None else offsets.last(column),
        moves=len(position),
        path=float(moves.sum()),
        late_path=float(moves[len(moves) // 2 :].sum()),
        net=float(np.linalg.norm(position[-1] - position[0])),
        late_net=float(np.linalg.norm(position[-1] - position[len(moves) // 2])),
        start_gap=float(trajectory.start_loss[column] - floor),
    )


def _is_outside(problem: Problem, position: Array) -> bool:
    low, high = np.array(problem.domain).T
    return bool(((position < low) | (position > high)).any())


def _last_rate(trajectory: Trajectory, lane: Lane) -> float:
    """Learning rate of a lane's last update, against the rate before the schedule."""
    contender = trajectory.plan.contender(lane)
    if trajectory.last_rate is not None and contender.optimizer.lr > 0:
        return float(trajectory.last_rate[lane.index] / contender.optimizer.lr)
    last = np.array([max(trajectory.reached - 1, 0)])
    return float(contender.schedule.at(last, trajectory.plan.experiment.steps)[0])


def _left_the_numbers(step: int) -> Verdict:
    if step == 0:
        text = "diverged at the start: the loss there is not a finite number"
    else:
        text = f"diverged at step {step}: the loss left the finite numbers"
    return Verdict(kind="diverged", step=step, sentence=text)


def _exploded(step: int, end: _End) -> Verdict:
    growth = float(end.gap[-1] / end.start_gap) if end.start_gap > 0 else np.inf
    return Verdict(
        kind="diverged",
        step=step,
        sentence=f"diverged at step {step}: above the start ever since, "
        f"last {end.what} = {significant(end.gap[-1], 2)}",
        numbers={"growth": growth, "final_gap": float(end.gap[-1])},
    )


def _within(trajectory: Trajectory, column: int, end: _End) -> Verdict:
    """A lane that ends within the tolerance: it has stayed there, or only drops by."""
    since, first = int(trajectory.within_since[column]), int(trajectory.first_below[column])
    stays = trajectory.reached - since
    if first < since and stays < SETTLED and _has_moved(trajectory):
        return _tracking(end, fall_of(end.gap), trajectory.plan.experiment.problem.floor)
    if first < since and stays < SETTLED:
        return Verdict(
            kind="oscillating",
            sentence=f"oscillating in and out of tolerance: {_span(end)}",
            numbers={"final_gap": float(end.gap[-1])},
        )
    problem = trajectory.plan.experiment.problem
    return _converged(problem, since, end) if problem.minima else _low_enough(since, end)


def _low_enough(step: int, end: _End) -> Verdict:
    """Within the tolerance of a problem whose minima are not known."""
    left = float(end.gap[-1])
    return Verdict(
        kind="converged",
        step=step,
        sentence=f"converged at step {step}, last {end.what} = {significant(left, 2)}",
        numbers={"final_gap": left},
    )


def _converged(problem: Problem, step: int, end: _End) -> Verdict:
    minima = np.array(problem.minima) + end.offset
    distances = np.linalg.norm(minima - end.position, axis=1)
    nearest = int(distances.argmin())
    there = tuple(minima[nearest].tolist())
    named: tuple[float, ...] | None = there
    extent = max(high - low for low, high in problem.domain)
    if distances[nearest] < NEAR * extent:
        where = f"converged to {point(there)} at step {step}"
    elif problem.minima_are_examples:  # another one, which has no name
        where, named = f"converged to {place_of(problem, end.position)} at step {step}", None
    else:  # a generous tolerance is met far from any minimum
        where = f"converged at {place_of(problem, end.position)} at step {step}, nearest minimum "
        where += point(there)
    left = float(end.gap[-1])
    found = "; f* was found numerically" if problem.minima_are_found else ""
    return Verdict(
        kind="converged",
        step=step,
        minimum=named,
        sentence=f"{where}, last f − f* = {significant(left, 2)}{found}",
        numbers={"final_gap": left, "distance": float(distances[nearest])},
    )


def _without_minimum(trajectory: Trajectory, lane: Lane, end: _End) -> Verdict:
    """The verdict where no minimum is known, or there is none: what the loss itself did."""
    problem = trajectory.plan.experiment.problem
    loss = end.gap + problem.floor
    last, lowest, highest = float(loss[-1]), float(loss.min()), float(loss.max())
    is_lost = "there is no minimum" if not problem.is_bounded_below else "no minimum found"
    extent = max(high - low for low, high in problem.domain)
    if end.path <= STANDSTILL * extent * end.moves / TAIL:
        if not problem.is_bounded_below and trajectory.reached > 0:
            return _stalled(trajectory, lane, end)
        sentence = (
            f"stalled at {place_of(problem, end.position)}: f = {significant(last)}, {is_lost}"
        )
        return Verdict(kind="stalled", sentence=sentence, numbers={"final_loss": last})
    if last == lowest < highest:
        return _falling(problem, end, last, is_lost)
    span = f"f between {significant(lowest)} and {significant(highest)}"
    sentence = f"oscillating: {span}, {is_lost}"
    return Verdict(kind="oscillating", sentence=sentence, numbers={"final_loss": last})


def _falling(problem: Problem, end: _End, last: float, is_lost: str) -> Verdict:
    """A lane that goes down where no bottom is known; for good, where there is none."""
    sentence = f"still descending: f = {significant(last)}, {is_lost}"
    is_gone = last < end.start_gap + problem.floor and _is_outside(problem, end.place)
    if problem.is_bounded_below or not is_gone:
        return Verdict(kind="descending", sentence=sentence, numbers={"final_loss": last})
    return Verdict(
        kind="diverged",
        sentence=f"diverged downhill: f = {significant(last)}, {is_lost}",
        numbers={"final_loss": last, "fall": float(end.start_gap - end.gap[-1])},
    )


def _too_few(end: _End, extent: float) -> Verdict:
    """The verdict on a run of a few steps: only its ends can be compared."""
    first, lowest, last = (significant(gap) for gap in (end.gap[0], end.gap.min(), end.gap[-1]))
    numbers = {"final_gap": float(end.gap[-1])}
    if end.steps == 0:
        sentence = f"stopped before the loss was measured again, {end.what} = {last}"
        return Verdict(kind="stalled", sentence=f"{sentence} at the start", numbers=numbers)
    between = f" down to {lowest}, then" if lowest not in (first, last) else ""
    course = f"{end.what} went from {first}{between} to {last} in {counted(end.steps, 'step')}"
    if last == lowest and end.gap[-1] < end.gap[0]:
        sentence = f"still descending: {course}"
        return Verdict(kind="descending", sentence=sentence, numbers=numbers)
    if end.path <= STANDSTILL * extent * end.moves / TAIL:
        return Verdict(kind="stalled", sentence=f"stalled: {course}", numbers=numbers)
    return Verdict(kind="oscillating", sentence=f"oscillating: {course}", numbers=numbers)


def _descending(end: _End, tolerance: float, fall: float) -> Verdict:
    gap = float(end.gap[-1])
    # Between the medians of the two halves lies half the tail: n/2 losses that are so far apart.
    between = end.steps / (len(end.gap) - 1) * len(end.gap) / 2
    per_step = -np.log1p(-min(fall, 1 - 1e-12)) / between
    left = float(np.log(gap / tolerance) / per_step) if per_step > 0 else np.inf
    if end.what == "loss":  # nobody knows whether it can fall as far as the tolerance
        outlook = f"{_percent(fall)} less within the last {end.steps:,} steps"
    else:
        outlook = f"about {_rounded(left)} steps to go" if left < 1e9 else "very slowly"
    return Verdict(
        kind="descending",
        sentence=f"still descending: {end.what} = {significant(gap, 2)}, {outlook}",
        numbers={"final_gap": gap, "steps_left": left},
    )


def _oscillating(end: _End, fall: float, is_cancelling: bool) -> Verdict:
    low, high = float(end.gap.min()), float(end.gap.max())
    trend = " and growing" if fall < RISING and is_steady(end.gap, fall) else ""
    cause = "steps cancel" if is_cancelling else "last steps led uphill"
    return Verdict(
        kind="oscillating",
        sentence=f"oscillating{trend}: {cause}, {_span(end)}",
        numbers={"lowest_gap": low, "highest_gap": high, "final_gap": float(end.gap[-1])},
    )


def _tracking(end: _End, fall: float, floor: float) -> Verdict:
    """The verdict on a lane that follows a moving optimum: no pace leads to where it will be."""
    mean = float(end.gap.mean())
    trend = ""
    if not RISING <= fall <= FALLING_IN_CIRCLES and is_steady(end.gap, fall):
        trend = ", catching up" if fall > 0 else ", falling behind"
    gaps = {"mean_gap": mean, "final_gap": float(end.gap[-1])} if end.what != "loss" else {}
    return Verdict(
        kind="tracking",
        sentence=f"tracking{trend}: {end.what} around {significant(mean, 2)} over the last "
        f"{end.steps + 1:,} steps",
        numbers={"mean_loss": mean + floor, **gaps},
    )


def _span(end: _End) -> str:
    """Between what f − f* moves."""
    low, high = significant(end.gap.min(), 2), significant(end.gap.max(), 2)
    return f"{end.what} around {low}" if low == high else f"{end.what} from {low} to {high}"


def _stalled(trajectory: Trajectory, lane: Lane, end: _End) -> Verdict:
    problem = trajectory.plan.experiment.problem
    gap, place = float(end.gap[-1]), place_of(problem, end.position)
    gradient = float(np.linalg.norm(problem.loss_and_gradient(end.place)[1]))
    numbers = {"final_gap": gap, "gradient_norm": gradient}
    factor = _last_rate(trajectory, lane)
    if gradient > STEEP and factor < RUN_DOWN:
        cause = f"learning rate has run down to {significant(factor, 2)} of its value, "
        cause += f"gradient still {significant(gradient, 2)}"
    else:
        cause = f"{kind_of_place(problem, end.place, gradient)}, {end.what} = {significant(gap, 2)}"
    where = f"stalled at {place}" if problem.dim <= MOST_TOLD else "stalled"
    return Verdict(kind="stalled", sentence=f"{where}: {cause}", numbers=numbers)


def _above(loss: Array, floor: float) -> Array:
    """Losses above a floor; below it by no more than rounding is as low as it."""
    gap = loss - floor
    return np.where((gap <= 0) & (gap >= -ROUNDING * abs(floor)), 0.0, gap)  # and −0 is 0


def _percent(share: float) -> str:
    return f"{float(f'{100 * share:.2g}'):g} %"


def _rounded(number: float) -> str:
    return f"{float(f'{number:.2g}'):,.0f}"
