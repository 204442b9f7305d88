"""From an experiment to lanes: which runs there are, and what will be recorded of them."""

from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from typing import Any

import msgspec
import numpy as np

from lrstudio.core import Optimizer
from lrstudio.core.arrays import Array
from lrstudio.engine.experiment import Contender, Experiment
from lrstudio.engine.limits import refuse_too_many_runs, refuse_unsuited
from lrstudio.engine.measuring import measured_every, rows_of
from lrstudio.engine.rates import Rates

MEBIBYTE = 1024 * 1024
BULK = 4096
"""Numbers in one point of all lanes, above which only points that are recorded are copied."""
SAMPLED_BULK = 512
"""The same where steps look at examples: the path from one to the next is mostly their noise."""


class Recording(msgspec.Struct, frozen=True):
    """What is kept: every `every`-th step, or as many as fit into `budget_bytes` of memory.

    Summaries (best, final, first step below tolerance, ...) are exact whatever is kept.
    """

    every: int | None = None
    budget_bytes: int = 128 * MEBIBYTE

    def __post_init__(self) -> None:
        if self.every is not None and self.every < 1:
            raise ValueError(f"expected every to be at least 1, or None, got {self.every}")


class Lane(msgspec.Struct, frozen=True):
    """One run: a contender from a start with a seed; `index` is its column in every array."""

    index: int
    contender: int
    start: int
    seed: int


class Group(msgspec.Struct, frozen=True):
    """Neighbouring lanes `first <= index < last` whose rules take the same course."""

    first: int
    last: int
    optimizers: tuple[Optimizer, ...]
    is_momentum_cycled: bool = False
    """Whether a schedule takes over the momentum of some of its lanes."""

    @property
    def size(self) -> int:
        """Number of lanes."""
        return self.last - self.first

    @property
    def lanes(self) -> slice:
        """The columns of its lanes."""
        return slice(self.first, self.last)


class Plan(msgspec.Struct, frozen=True, dict=True):
    """Lanes in the order of their columns, and the size of what will be recorded."""

    experiment: Experiment
    lanes: tuple[Lane, ...]
    starts: tuple[tuple[float, ...], ...]
    stride: int
    rows: int
    measured_every: int
    """Steps from one measurement of the problem's metrics to the next; 0 where there are none."""

    @property
    def dim(self) -> int:
        """Number of coordinates."""
        return self.experiment.problem.dim

    @property
    def memory_bytes(self) -> int:
        """Memory that the recorded rows take, and all that is measured."""
        measured = 8 * (self.measured_numbers + self.curvature_rows * len(self.lanes))
        return self.rows * row_bytes(self.experiment, len(self.lanes)) + measured

    @property
    def has_extra_evaluations(self) -> bool:
        """Whether a rule evaluates the function besides one gradient a step."""
        return any(self.contender(lane).optimizer.wants("oracle") for lane in self.lanes)

    @property
    def is_drifting(self) -> bool:
        """Whether the function moves while the runs go on."""
        return is_drifting(self.experiment)

    @property
    def cycles_momentum(self) -> bool:
        """Whether a schedule takes over the momentum of any lane."""
        return any(group.is_momentum_cycled for group in self.groups())

    @property
    def is_bulky(self) -> bool:
        """Whether copying a point of all lanes takes as long as some arithmetic on it."""
        return self.dim * len(self.lanes) > (SAMPLED_BULK if self.is_sampled else BULK)

    def is_recorded(self, step: int) -> bool:
        """Whether a row is kept of a step."""
        return step % self.stride == 0 or step == self.experiment.steps

    @property
    def is_sampled(self) -> bool:
        """Whether the loss of a step is that of some examples only."""
        sampling = self.experiment.problem.sampling
        return sampling is not None and sampling.order != "full"

    @property
    def has_drawn_starts(self) -> bool:
        """Whether lanes start where their seed says."""
        return self.experiment.problem.is_start_drawn and not self.experiment.starts

    @property
    def measured_rows(self) -> int:
        """How often the metrics are measured in the whole run."""
        every = self.measured_every
        return rows_of(self.experiment.steps, every) if every else 0

    @property
    def measured_numbers(self) -> int:
        """Values of all metrics of all lanes in the whole run."""
        return self.measured_rows * len(self.experiment.problem.metrics) * len(self.lanes)

    def is_measured(self, step: int) -> bool:
        """Whether the metrics are measured at a step."""
        every = self.measured_every
        return every > 0 and (step % every == 0 or step == self.experiment.steps)

    @property
    def curvature_rows(self) -> int:
        """How often the curvature is measured in the whole run."""
        every = self.experiment.curvature_every
        return 0 if every is None else rows_of(self.experiment.steps, every)

    def is_curvature_measured(self, step: int) -> bool:
        """Whether the curvature is measured at a step."""
        every = self.experiment.curvature_every
        return every is not None and (step % every == 0 or step == self.experiment.steps)

    def steps_to_curvature(self, step: int) -> int:
        """How many steps from this one on are made up to the next at which it is measured."""
        every, last = self.experiment.curvature_every or 1, self.experiment.steps
        return min(every - step % every, max(last - step, 1))

    def contender(self, lane: Lane) -> Contender:
        """The contender that runs in a lane."""
        return self.experiment.contenders[lane.contender]

    def initial_positions(self) -> Array:
        """Starts of all lanes `(dim, lanes)`."""
        problem = self.experiment.problem
        if self.has_drawn_starts:
            drawn = {seed: problem.drawn_start(seed) for seed in self.experiment.seeds}
            points = [drawn[lane.seed] for lane in self.lanes]
        else:
            points = [np.array(self.starts[lane.start]) for lane in self.lanes]
        starts = np.array(points, dtype=np.float64).reshape(len(points), self.dim)
        if problem.is_confined:
            starts = np.clip(starts, *np.array(problem.domain).T)
        return starts.T.copy()

    def groups(self) -> Iterator[Group]:
        """Lanes that advance together."""
        courses = [course(c) for c in self.experiment.contenders]
        for (_, is_cycled), lanes in groupby(self.lanes, lambda lane: courses[lane.contender]):
            members = tuple(lanes)
            rules = tuple(self.contender(lane).optimizer for lane in members)
            yield Group(members[0].index, members[-1].index + 1, rules, is_cycled)

    @cached_property
    def steps_per_epoch(self) -> int | None:
        """Steps in which every example is met once; None where there are no examples."""
        return self.experiment.steps_per_epoch

    @cached_property
    def rates(self) -> Rates:
        """Learning rates of all lanes."""
        return Rates([self.contender(lane) for lane in self.lanes], self.experiment.steps)


def row_bytes(experiment: Experiment, lanes: int) -> int:
    """Memory of one recorded step: positions, loss and gradient norm of every lane.

    Where the function moves, its place for every seed as well.
    """
    dim = experiment.problem.dim
    moving = len(experiment.seeds) * dim if is_drifting(experiment) else 0
    return 8 * (lanes * (dim + 2) + moving)


def is_drifting(experiment: Experiment) -> bool:
    """Whether the function moves while the runs go on."""
    return any(known.target == "offset" for known in experiment.disturbances)


def plan(experiment: Experiment, recording: Recording | None = None) -> Plan:
    """Lay out the lanes of all enabled contenders and decide what is recorded.

    Lanes of one variant of a rule stand together, so that they can advance in lock-step. Raises
    `Refused` if there are too many, or a rule cannot step the problem's parameters.
    """
    refuse_too_many_runs(experiment)
    refuse_unsuited(experiment)
    recording = recording or Recording()
    starts = experiment.starts or (experiment.problem.start,)
    runs = [
        (i, s, seed)
        for i, contender in enumerate(experiment.contenders)
        if contender.enabled
        for s in range(len(starts))
        for seed in experiment.seeds
    ]
    courses = [course(c) for c in experiment.contenders]
    order = {known: place for place, known in enumerate(dict.fromkeys(courses))}
    runs.sort(key=lambda run: order[courses[run[0]]])
    stride = recording.every or _stride(experiment, len(runs), recording.budget_bytes)
    return Plan(
        experiment=experiment,
        lanes=tuple(Lane(index, *run) for index, run in enumerate(runs)),
        starts=starts,
        stride=stride,
        rows=rows_of(experiment.steps, stride),
        measured_every=measured_every(experiment),
    )


def course(contender: Contender) -> tuple[Any, bool]:
    """What lanes that advance together share: the variant, and whether momentum is cycled."""
    optimizer = contender.optimizer
    has_momentum = optimizer.momentum_name is not None
    is_cycled = has_momentum and contender.schedule.momentum_at(np.zeros(1), 1) is not None
    return optimizer.variant(), is_cycled


def _stride(experiment: Experiment, lanes: int, budget_bytes: int) -> int:
    """Smallest stride at which the recorded rows fit into the budget."""
    affordable = max(2, budget_bytes // max(1, row_bytes(experiment, lanes)) - 2)
    return max(1, -(-experiment.steps // affordable))
