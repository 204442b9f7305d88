"""Many lanes: every operation is done to all lanes at once, on arrays."""

import numpy as np

from lrstudio.core.arrays import Array, Places, in_company
from lrstudio.engine.batches import Batches
from lrstudio.engine.curvature import CurvatureMeter
from lrstudio.engine.evaluation import Evaluator
from lrstudio.engine.listening import Listeners
from lrstudio.engine.noise import Noise
from lrstudio.engine.plan import Plan
from lrstudio.engine.stage import Measures, Stage
from lrstudio.engine.team import Team

MAXIMUM_CHUNK = 1024
STAGE_BYTES = 1_000_000
"""Steps of a chunk are staged in arrays of about this size, which a processor's cache holds."""


class ArrayRace:
    """Working arrays of all lanes, and the teams that advance them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rates = plan.rates
        self._lanes = len(plan.lanes)
        self.position = in_company(plan.initial_positions())
        dim, lanes = self.position.shape
        self.capacity = max(4, min(MAXIMUM_CHUNK, STAGE_BYTES // (8 * dim * lanes)))
        """Most steps that one call of `run` may be asked for."""
        self._stage_position = np.empty((self.capacity, dim, lanes))
        self._stage_gradient = np.empty((self.capacity, dim, lanes))
        self._stage_loss = np.empty((self.capacity, lanes))
        problem = plan.experiment.problem
        draw = Batches(plan).draw if problem.sampling else None
        self._evaluator = Evaluator(problem, self.position, self._lanes, draw)
        is_alone = len(list(plan.groups())) == 1
        self._teams = [
            Team(plan, group, self._evaluator, is_alone=is_alone) for group in plan.groups()
        ]
        self._is_sampled = draw is not None
        self._averaging = [team for team in self._teams if team.has_average]
        self._probing = [team for team in self._teams if team.probe]
        self._curvature = CurvatureMeter(plan) if plan.curvature_rows else None
        self._is_watched = bool(plan.measured_rows or plan.curvature_rows)
        self._noise = Noise(plan) if plan.experiment.noise > 0 else None
        self._listeners = Listeners(plan) if plan.rates.listen else None

    def run(self, first_step: int, size: int) -> Stage:
        """Stage `size` steps, as they are before each update."""
        evaluate, copy = self._evaluator.evaluate, np.copyto
        loss, gradient = self._evaluator.loss, self._evaluator.gradient
        stages = zip(
            self._stage_position[:size],
            self._stage_loss[:size],
            self._stage_gradient[:size],
            strict=True,
        )
        noise = self._noise.draw(size) if self._noise else None
        extra = np.zeros((size, self._lanes)) if self._probing else None
        measures: list[Measures] = []
        curvature: list[Measures] = []
        updates = np.arange(first_step, first_step + size)
        rates = self._prepare(updates)
        advances = [team.advance for team in self._teams]
        for k, (position_row, loss_row, gradient_row) in enumerate(stages):
            evaluate()
            if noise is not None:
                np.add(gradient, noise[k], gradient)
            copy(position_row, self.position)
            copy(loss_row, loss)
            copy(gradient_row, gradient)
            if self._averaging:
                self._put_averages(position_row, loss_row)
            if self._is_watched:
                self._measure(first_step + k, position_row, measures, curvature)
            if extra is not None:
                self._turn_probes(extra[k], None if noise is None else noise[k])
            if self._listeners is not None and rates is not None:
                rates[k] *= self._listeners.factor(loss[: self._lanes])
            for advance in advances:
                advance(k)
        if not self._is_sampled:
            for team in self._averaging:
                team.put_losses(self._stage_position[:size], self._stage_loss[:size])
        return self._staged(size, rates, extra, measures)._replace(curvature=curvature)

    def _put_averages(self, position: Array, loss: Array) -> None:
        """Replace what steps by what would be handed over, in the rows of one step.

        Its loss on the same examples is found here; where the loss is that of a function, all
        rows are done at once in the end.
        """
        for team in self._averaging:
            team.put_average(position)
            if self._is_sampled:
                team.put_loss(position, loss)

    def _measure(
        self, step: int, position: Array, measures: list[Measures], curvature: list[Measures]
    ) -> None:
        """Add the metrics and the curvature of the points that would be handed over, where it is
        time for them.
        """
        points = position[:, : self._lanes]
        if self._plan.is_measured(step):
            measures.append(Measures(step, self._plan.experiment.problem.measure(points)))
        if self._curvature is not None and self._plan.is_curvature_measured(step):
            curvature.append(Measures(step, np.stack(self._curvature.measure(points))))

    def _prepare(self, updates: Places) -> Array | None:
        """Give the teams their rates; the table of all, where listeners still change it."""
        factors = self._rates.factors(updates)
        table = self._rates.of(slice(None), factors) if self._listeners else None
        for team in self._teams:
            team.prepare(updates, factors, table)
        return table

    def _turn_probes(self, extra: Array, noise: Array | None) -> None:
        """Note what was evaluated so far, and let the oracles answer for this step."""
        for team in self._probing:
            extra[team.lanes] = team.extra_evaluations
            team.turn(noise)

    def _staged(
        self, size: int, rates: Array | None, extra: Array | None, measures: list[Measures]
    ) -> Stage:
        stages = (self._stage_position, self._stage_loss, self._stage_gradient)
        position, loss, gradient = (stage[:size, ..., : self._lanes] for stage in stages)
        return Stage(position, loss, gradient, rates, extra, measures)
