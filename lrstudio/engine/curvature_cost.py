"""How long measuring the curvature along a run will take, told before it is asked for.

A measurement is some Hessian-vector products, each of them two gradients of all runs on all (or
2,000) examples. Gradients of as many runs and examples as take a moment are timed: whoever is told
waits for that in the window.
"""

from time import perf_counter

import msgspec
import numpy as np

from lrstudio.core import Problem
from lrstudio.core.epochs import counted
from lrstudio.engine.curvature import gradient_on, looked_at
from lrstudio.engine.experiment import Experiment
from lrstudio.engine.limits import number_of_runs
from lrstudio.engine.measuring import rows_of

_USUAL_GRADIENTS = 30
"""Of a measurement. Models took 12 to 56 of them, from one measurement to the next."""
_MOMENT = 0.03
"""Seconds after which what is timed is not made larger: the window waits for it."""
_GROWTH = 8
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
        times = rows_of(experiment.steps, every)
        gradients = times * _USUAL_GRADIENTS
        return CurvatureCost(times, runs, gradients * self._gradient(experiment.problem, runs))

    def _gradient(self, problem: Problem, runs: int) -> float:
        known = self._timed
        if known is None or known[0] is not problem or known[1] != runs:
            self._seconds = seconds_per_gradient(problem, runs)
            self._timed = problem, runs
        return self._seconds


def seconds_per_gradient(problem: Problem, runs: int) -> float:
    """Seconds that the gradients of so many runs take, judged by what takes a moment.

    One run is timed on more and more examples, then more and more runs. Of examples that are left
    each costs what one of the timed ones added to the first.
    """
    examples, some = looked_at(problem), 1
    first = seconds = min(_timed(problem, 1, 1) for _ in range(2))
    while some < examples and (some == 1 or seconds < _MOMENT):
        some = min(_GROWTH * some, examples)
        seconds = _timed(problem, 1, some)
    if some < examples:
        seconds += max(seconds - first, 0.0) / (some - 1) * (examples - some)
    timed = 1
    while timed < runs and seconds < _MOMENT:
        timed = min(_GROWTH * timed, runs)
        seconds = _timed(problem, timed, examples)
    return seconds * runs / timed


def _timed(problem: Problem, runs: int, examples: int) -> float:
    """Seconds that the gradients of some runs take on the first examples, if there are any."""
    rows = None if problem.sampling is None else slice(0, examples)
    position = np.full((problem.dim, runs), 0.1)
    with np.errstate(all="ignore"):
        began = perf_counter()
        gradient_on(problem, position, rows)
        return perf_counter() - began


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
