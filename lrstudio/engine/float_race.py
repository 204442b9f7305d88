"""A handful of lanes: every operation is done to plain floats, lane after lane."""

from collections.abc import Sequence

import numpy as np

from lrstudio.engine.confining import bounds, confinement
from lrstudio.engine.disturbing import Disturbing, Lens, noise_entry
from lrstudio.engine.evaluation import Evaluator
from lrstudio.engine.peephole import Entry
from lrstudio.engine.plan import Plan
from lrstudio.engine.stage import Stage
from lrstudio.engine.stepping import Stepper, Surroundings
from lrstudio.engine.tape import Untraceable
from lrstudio.engine.unrolled import Unrolled, lines_of

MAXIMUM_CHUNK = 1024
MOST_NUMBERS = 64
"""Coordinates of all lanes together up to which it is worth looking into."""
OPERATION = 18
"""Lines of arithmetic that take as long as an operation on a small array."""
PREPARATION = 600
"""Lines of arithmetic that can be executed while one is being prepared."""


class FloatRace:
    """All lanes unrolled; raises `Untraceable` where that cannot be done, or takes longer."""

    capacity = MAXIMUM_CHUNK
    """Most steps that one call of `run` may be asked for."""

    def __init__(self, plan: Plan) -> None:
        if plan.rates.listen or plan.has_extra_evaluations:
            raise Untraceable("rates or evaluations depend on the course of the run")
        if plan.experiment.problem.sampling:
            raise Untraceable("every step looks at other examples")
        if plan.curvature_rows:
            raise Untraceable("curvature is measured of arrays")
        self._rates = plan.rates
        self._groups = list(plan.groups())
        self._disturbing = Disturbing(plan)
        position = plan.initial_positions()
        problem = plan.experiment.problem
        within = bounds(problem)
        self._lens = Lens(self._disturbing.targets, position, within)
        evaluator = Evaluator(problem, self._lens.place)
        tint, seen = self._lens.tinted(evaluator.loss, evaluator.gradient, problem.floor)
        before = [*self._lens.moved().entries(), *evaluator.entries(), *tint.entries()]
        clocks = [*self._lens.clocks.values()]
        if "gradient" in self._disturbing.targets:
            entry, clock = noise_entry(evaluator.gradient)
            before.append(entry)
            clocks.append(clock)
        after: list[Entry] = []
        for group in self._groups:
            lanes = group.lanes
            around = Surroundings(
                loss=seen[lanes],
                is_momentum_cycled=group.is_momentum_cycled,
                is_rate_foreseen=group.optimizers[0].wants("next_rate"),
            )
            columns = position[:, lanes], evaluator.gradient[:, lanes]
            stepper = Stepper(group.optimizers, *columns, surroundings=around)
            after += stepper.entries()
            if not plan.is_drifting:
                after += confinement(stepper.position, within).entries()
            clocks += [stepper.rate, stepper.time]
            clocks += [c for c in (stepper.next_rate, stepper.momentum) if c is not None]
        if not is_worth_it([*before, *after], plan.experiment.steps):
            raise Untraceable("arrays are faster")
        recorded = [position, evaluator.loss, evaluator.gradient]
        self._steps = Unrolled(before, after, clocks, recorded)
        self._shape = position.shape

    def run(self, first_step: int, size: int) -> Stage:
        """Stage `size` steps: position, loss and gradient before each update."""
        updates = np.arange(first_step, first_step + size)
        factors = self._rates.factors(updates)
        effects = self._disturbing.draw(first_step, size)
        clocks = self._lens.tables(effects)
        clocks += [] if effects.gradient is None else [effects.gradient]
        for group in self._groups:
            clocks += [self._rates.of(group.lanes, factors), np.asarray(updates + 1.0)]
            if group.optimizers[0].wants("next_rate"):
                clocks.append(self._rates.of(group.lanes, self._rates.next_factors(updates)))
            if group.is_momentum_cycled:
                clocks.append(self._rates.momenta(group.lanes, updates))
        noted = self._steps.run(clocks)
        dim, lanes = self._shape
        position, loss, gradient = np.split(noted, [dim * lanes, (dim + 1) * lanes], axis=1)
        shape = -1, dim, lanes
        return Stage(position.reshape(shape), loss, gradient.reshape(shape), offset=effects.offset)


def is_worth_it(entries: Sequence[Entry], steps: int) -> bool:
    """Whether arrays would take longer for so many steps of these operations."""
    lines = lines_of(entries)
    return steps * (OPERATION * len(entries) - lines) > PREPARATION * lines
