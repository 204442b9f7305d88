"""How long measuring the curvature along a run will take, told before it is asked for.

A measurement is some Hessian-vector products, each of them two gradients of all runs on all (or
2,000) examples. Gradients of as many runs as take a moment are timed, and their number multiplied.
"""

from time import perf_counter

import msgspec
import numpy as np

from lrstudio.core import Problem
from lrstudio.core.epochs import counted
from lrstudio.engine.curvature import gradient_on_fixed_rows, looked_at
from lrstudio.engine.experiment import Experiment
from lrstudio.engine.limits import number_of_runs

_USUAL_GRADIENTS = 30
"""Of a measurement. Models took 12 to 56 of them, from one measurement to the next."""
_TIMED_WORK = 300_000
"""Weights × examples × runs of the gradients that are timed: some milliseconds."""
_NOTICEABLE = 0.7
"""Seconds from which on a run feels slower."""


class CurvatureCost(msgspec.Struct, frozen=True):
    """Measurements of all runs, and the seconds that they may take together."""

    times: int
    runs: int
    seconds: float

    @property
    def is_noticeable(self) -> bool:
        """Whether somebody will wait for it."""
        return self.seconds >= _NOTICEABLE

    @property
    def sentence(self) -> str:
        """What it means for whoever waits."""
        runs = f" of {counted(self.runs, 'run')}" if self.runs > 1 else ""
        return f"{counted(self.times, 'measurement')}{runs}: {_told(self.seconds)}"


class CurvatureClock:
    """Tells the cost of one experiment after the other; times anew only what is another one."""

    def __init__(self) -> None:
        self._timed: tuple[Problem, int] | None = None
        self._seconds = 0.0

    def cost(self, experiment: Experiment) -> CurvatureCost | None:
        """The cost; None where the curvature is not measured or nobody runs."""
        every, runs = experiment.curvature_every, number_of_runs(experiment)
        if every is None or runs == 0:
            return None
        times = experiment.steps // every + 1 + (experiment.steps % every > 0)
        gradients = times * _USUAL_GRADIENTS
        return CurvatureCost(times, runs, gradients * self._gradient(experiment.problem, runs))

    def _gradient(self, problem: Problem, runs: int) -> float:
        known = self._timed
        if known is None or known[0] is not problem or known[1] != runs:
            self._seconds = seconds_per_gradient(problem, runs)
            self._timed = problem, runs
        return self._seconds


def seconds_per_gradient(problem: Problem, runs: int) -> float:
    """Seconds that the gradients of so many runs take, judged by as many as take a moment."""
    work = problem.dim * looked_at(problem)
    timed = max(1, min(runs, _TIMED_WORK // max(work, 1)))
    position = np.full((problem.dim, timed), 0.1)
    times = []
    with np.errstate(all="ignore"):
        for _ in range(3):
            began = perf_counter()
            gradient_on_fixed_rows(problem, position)
            times.append(perf_counter() - began)
    return min(times) * runs / timed


def _told(seconds: float) -> str:
    if seconds < 1.5:
        return "about a second"
    if seconds < 90:
        return f"about {_rounded(seconds)} s"
    if seconds < 5400:
        return f"about {_rounded(seconds / 60)} min"
    return f"about {_rounded(seconds / 3600)} h"


def _rounded(number: float) -> str:
    """One figure: it is no more than an estimate."""
    return f"{float(f'{number:.1g}'):,.0f}"
