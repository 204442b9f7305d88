"""One loop: all lanes advance in lock-step, and every `yield` is a place to draw or walk away."""

import contextlib
from collections.abc import Callable, Generator
from time import perf_counter

import numpy as np

from lrstudio.engine.array_race import ArrayRace
from lrstudio.engine.curvature import never
from lrstudio.engine.experiment import Experiment, checked
from lrstudio.engine.float_race import MOST_NUMBERS, FloatRace
from lrstudio.engine.plan import Plan, Recording, plan
from lrstudio.engine.tape import Untraceable
from lrstudio.engine.trajectory import Trajectory

CHUNK_SECONDS = 0.002
"""Time between two yields, short enough for a window to draw in between."""
_FIRST_SIZE = 8


def simulate(
    plan: Plan,
    trajectory: Trajectory,
    chunk_seconds: float = CHUNK_SECONDS,
    is_over: Callable[[], bool] = never,
) -> Generator[int, None, None]:
    """Run all lanes of a plan into a trajectory, yielding the step that was reached.

    Where the yields fall depends on the machine; the numbers do not. Who will not go on after the
    next yield says so by `is_over`, so that a long measurement on the way there is given up.
    """
    if plan.lanes:
        with np.errstate(all="ignore"):
            race = begin(plan, is_over)
        size, step, total, is_dear = _FIRST_SIZE, 0, plan.experiment.steps, plan.curvature_rows > 0
        while step <= total:
            started = perf_counter()
            size = min(size, race.capacity, total + 1 - step)
            if is_dear:
                size = min(size, plan.steps_to_curvature(step))
            with np.errstate(all="ignore"):  # overflow is a result here, not an error
                trajectory.append(step, race.run(step, size))
            step += size
            seconds = perf_counter() - started
            if plan.is_curvature_measured(step - size):
                is_dear = seconds > chunk_seconds
            yield step - 1
            size = _next_size(size, seconds, chunk_seconds)
    trajectory.finish()


def begin(plan: Plan, is_over: Callable[[], bool] = never) -> ArrayRace | FloatRace:
    """The way of computing that is faster for a plan; the numbers are the same."""
    if plan.dim * len(plan.lanes) <= MOST_NUMBERS:
        with contextlib.suppress(Untraceable):
            return FloatRace(plan)
    return ArrayRace(plan, is_over)


def _next_size(size: int, seconds: float, wanted: float) -> int:
    return max(4, int(size * min(4.0, wanted / max(seconds, 1e-6))))


def run(experiment: Experiment, recording: Recording | None = None) -> Trajectory:
    """Run an experiment to its end; raises `Refused` where a file with it would be refused.

    What no file may hold, such as a learning rate of zero, runs through `plan` and `simulate`.
    """
    planned = plan(checked(experiment), recording)
    trajectory = Trajectory(planned)
    for _ in simulate(planned, trajectory, chunk_seconds=0.02):
        pass
    return trajectory
