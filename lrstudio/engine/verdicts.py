"""What became of a lane, as data and as one plain sentence.

A verdict rests on the end of the run: the last steps in full, whatever the stride of the
recording. In this order:

* **diverged**: the loss left the finite numbers, or it has stayed above its start and ended at a
  thousand times that and more;
* **converged**: f − f* ends within the tolerance;
* **descending**: the loss still falls over the last steps;
* **stalled**: it does not, and there is hardly any movement, or the movement dies away;
* **oscillating**: it does not, and the steps cancel each other or lead uphill.
"""

from itertools import pairwise
from typing import Literal

import msgspec
import numpy as np

from lrstudio.core import Problem
from lrstudio.core.arrays import Array
from lrstudio.engine.plan import Lane
from lrstudio.engine.trajectory import NEVER, Trajectory

Kind = Literal["converged", "diverged", "descending", "oscillating", "stalled"]

EXPLOSION = 1e3
"""Growth over the starting loss that counts as divergence although all numbers are finite."""
STILL_FALLING = 0.02
"""Share of the loss that must be lost over the tail for a straight run to count as descending."""
FALLING_IN_CIRCLES = 0.2
"""The same for a run whose steps cancel: chance alone makes small differences there."""
CANCELLING = 0.5
"""Net movement over path length below which steps are said to cancel."""
DYING = 0.1
"""Path of the later half of the tail over that of the earlier below which a run settles."""
RISING = -0.4
"""Negative fall from which on an oscillation is said to grow."""
STANDSTILL = 1e-9
"""Path length over the tail, against the size of the domain, that counts as no movement."""


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
    """f − f* over the last steps `(n,)`."""
    position: Array
    """Where it ended `(dim,)`."""
    path: float
    """Length of the path over the last steps."""
    late_path: float
    """Length of its later half."""
    net: float
    """Distance between the ends of that path."""
    start_gap: float


@np.errstate(all="ignore")  # finite positions may be too large to be squared
def verdict(trajectory: Trajectory, lane: Lane) -> Verdict:
    """The verdict on one lane of a run that has ended or was stopped."""
    column = lane.index
    if trajectory.diverged_at[column] != NEVER:
        return _left_the_numbers(int(trajectory.diverged_at[column]))
    end = _end(trajectory, column)
    exploded = end.gap[-1] > EXPLOSION * max(end.start_gap, 1e-300)
    if exploded and trajectory.last_not_above_start[column] < trajectory.reached:
        return _exploded(int(trajectory.last_not_above_start[column]) + 1, end)
    problem = trajectory.plan.experiment.problem
    tolerance = trajectory.plan.experiment.tolerance
    if end.gap[-1] <= tolerance:
        return _converged(problem, int(trajectory.first_below[column]), end)
    fall = _fall(end.gap)
    extent = max(high - low for low, high in problem.domain)
    is_moving = end.path > STANDSTILL * extent
    is_cancelling = is_moving and end.net <= CANCELLING * end.path
    is_falling = fall > (FALLING_IN_CIRCLES if is_cancelling else STILL_FALLING)
    if is_falling and (not is_cancelling or _falls_steadily(end.gap)):
        return _descending(end, tolerance, fall)
    is_settling = end.late_path < DYING * end.path or (not is_cancelling and _levels_off(end.gap))
    if not is_moving or is_settling:
        return _stalled(problem, end, _rates(trajectory, lane))
    if is_cancelling or fall < 0:
        return _oscillating(end, fall, is_cancelling)
    return _descending(end, tolerance, fall)


def _end(trajectory: Trajectory, column: int) -> _End:
    loss, position = (a[..., column] for a in trajectory.tail())
    floor = trajectory.plan.experiment.problem.minimum_value
    moves = np.sqrt(np.square(np.diff(position, axis=0)).sum(axis=1))
    return _End(
        gap=loss - floor,
        position=position[-1],
        path=float(moves.sum()),
        late_path=float(moves[len(moves) // 2 :].sum()),
        net=float(np.linalg.norm(position[-1] - position[0])),
        start_gap=float(trajectory.loss[0, column] - floor),
    )


def _fall(gap: Array) -> float:
    """Share of the loss that is gone between the two halves of the tail, medians compared.

    Negative where it rises.
    """
    half = len(gap) // 2
    if half == 0:
        return 0.0
    early, late = _median(gap[:half]), _median(gap[half:])
    return (early - late) / early if early > 0 else 0.0


def _median(values: Array) -> float:
    # np.median would import numpy.ma, a tenth of the program's start-up time.
    return float(np.quantile(values, 0.5))


def _falls_steadily(gap: Array) -> bool:
    """Whether each quarter lies lower than the one before; of noise alone one in 24 does."""
    quarters = [_median(quarter) for quarter in np.array_split(gap, min(4, len(gap)))]
    return all(late < early for early, late in pairwise(quarters))


def _levels_off(gap: Array) -> bool:
    """Whether a smooth decline heads for a value that is nearly reached (Aitken's estimate)."""
    half = (len(gap) - 1) // 2
    if half == 0:
        return False
    last, middle, first = gap[-1], gap[-1 - half], gap[-1 - 2 * half]
    earlier, later = first - middle, middle - last
    if not 0 <= later < earlier:
        return bool(later == 0)
    remaining = later * later / (earlier - later)
    return bool(remaining < STILL_FALLING * last)


def _rates(trajectory: Trajectory, lane: Lane) -> tuple[float, float]:
    """First and last learning rate of a lane."""
    rates = trajectory.plan.rates
    updates = np.array([0, max(trajectory.reached - 1, 0)])
    first, last = rates.of(slice(lane.index, lane.index + 1), rates.factors(updates))[:, 0]
    return float(first), float(last)


def _left_the_numbers(step: int) -> Verdict:
    if step == 0:
        text = "diverged at the start: the loss there is not a finite number"
    else:
        text = f"diverged at step {step}: the loss left the finite numbers"
    return Verdict(kind="diverged", step=step, sentence=text)


def _exploded(step: int, end: _End) -> Verdict:
    growth = float(end.gap[-1] / max(end.start_gap, 1e-300))
    return Verdict(
        kind="diverged",
        step=step,
        sentence=f"diverged at step {step}: above the starting loss ever since, "
        f"{growth:.2g} times as high at the end",
        numbers={"growth": growth, "final_gap": float(end.gap[-1])},
    )


def _converged(problem: Problem, step: int, end: _End) -> Verdict:
    minima = np.array(problem.minima)
    distances = np.linalg.norm(minima - end.position, axis=1)
    nearest = int(distances.argmin())
    left = float(end.gap[-1])
    return Verdict(
        kind="converged",
        step=step,
        minimum=problem.minima[nearest],
        sentence=f"converged to {point(problem.minima[nearest])}: "
        f"first within tolerance at step {step}, f − f* = {left:.2g} at the end",
        numbers={"final_gap": left, "distance": float(distances[nearest])},
    )


def _descending(end: _End, tolerance: float, fall: float) -> Verdict:
    gap = float(end.gap[-1])
    # Between the medians of the two halves lies half the tail.
    per_step = -np.log1p(-min(fall, 1 - 1e-12)) / max(len(end.gap) / 2, 1)
    left = float(np.log(gap / tolerance) / per_step) if per_step > 0 else np.inf
    outlook = f"about {_rounded(left)} steps more at this pace" if left < 1e9 else "very slowly"
    return Verdict(
        kind="descending",
        sentence=f"still descending: f − f* = {gap:.2g}, {outlook}",
        numbers={"final_gap": gap, "steps_left": left},
    )


def _oscillating(end: _End, fall: float, is_cancelling: bool) -> Verdict:
    low, high = float(end.gap.min()), float(end.gap.max())
    trend = " and growing" if fall < RISING else ""
    cause = "steps cancel each other" if is_cancelling else "the last steps led uphill"
    return Verdict(
        kind="oscillating",
        sentence=f"oscillating{trend}: {cause}, f − f* between {low:.3g} and {high:.3g}",
        numbers={"lowest_gap": low, "highest_gap": high, "final_gap": float(end.gap[-1])},
    )


def _stalled(problem: Problem, end: _End, rates: tuple[float, float]) -> Verdict:
    gap, place = float(end.gap[-1]), point(tuple(end.position))
    gradient = float(np.linalg.norm(problem.loss_and_gradient(end.position)[1]))
    numbers = {"final_gap": gap, "gradient_norm": gradient}
    if rates[1] < 1e-6 * rates[0] and gradient > 1e-6:
        cause = f"the learning rate has run out ({rates[1]:.2g}), the gradient is {gradient:.2g}"
    else:
        cause = f"{_shape(problem, end.position, gradient)}, f − f* = {gap:.2g}"
    return Verdict(kind="stalled", sentence=f"stalled at {place}: {cause}", numbers=numbers)


def _shape(problem: Problem, position: Array, gradient: float) -> str:
    """What kind of place it is, by the curvature there."""
    if gradient > 1e-3 or problem.dim > 50:
        return f"hardly any movement with a gradient of {gradient:.2g}"
    eigenvalues = np.linalg.eigvalsh(problem.hessian(tuple(position)))
    if eigenvalues[0] > 0:
        return "a local minimum"
    return "a saddle" if eigenvalues[-1] > 0 else "a maximum"


def point(coordinates: tuple[float, ...]) -> str:
    """A point as text: (1, −0.5); long ones are cut."""
    shown = ", ".join(f"{c:.3g}".replace("-", "−") for c in coordinates[:4])
    return f"({shown}{', …' if len(coordinates) > 4 else ''})"


def _rounded(number: float) -> str:
    return f"{float(f'{number:.2g}'):,.0f}"
