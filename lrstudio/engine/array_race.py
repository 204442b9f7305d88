"""Many lanes: every operation is done to all lanes at once, on arrays."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from lrstudio.core.arrays import Array, Places, in_company, lined_up_copy
from lrstudio.core.disturbance import Effects
from lrstudio.engine.batches import Batches
from lrstudio.engine.confining import bounds
from lrstudio.engine.curvature import CurvatureMeter, never
from lrstudio.engine.disturbing import Disturbing, Lens, effects_at
from lrstudio.engine.evaluation import Evaluator
from lrstudio.engine.listening import Listeners
from lrstudio.engine.plan import Plan
from lrstudio.engine.stage import Measures, Stage
from lrstudio.engine.tape import replay_of
from lrstudio.engine.team import Team

MAXIMUM_CHUNK = 1024
STAGE_BYTES = 1_000_000
"""Rows of a chunk are staged in arrays of about this size, which a processor's cache holds."""
FEWEST = 4
"""Rows that are staged at least."""


class ArrayRace:
    """Working arrays of all lanes, and the teams that advance them."""

    def __init__(self, plan: Plan, is_over: Callable[[], bool] = never) -> None:
        self._plan = plan
        self._rates = plan.rates
        self._lanes = len(plan.lanes)
        self.position = lined_up_copy(in_company(plan.initial_positions()))
        problem = plan.experiment.problem
        draw = Batches(plan).draw if problem.sampling else None
        self._disturbing = Disturbing(plan)
        self._lens = Lens(self._disturbing.targets, self.position, bounds(problem))
        self._evaluator = Evaluator(problem, self._lens.place, self._lanes, draw)
        loss, gradient = self._evaluator.loss, self._evaluator.gradient
        tint, self._seen = self._lens.tinted(loss, gradient, problem.floor)
        self._move = replay_of(self._lens.moved().operations())
        self._tint = replay_of(tint.operations())
        is_alone = len(list(plan.groups())) == 1
        arrays = self.position, self._seen, gradient
        self._teams = [
            Team(plan, group, self._evaluator, arrays, is_alone=is_alone) for group in plan.groups()
        ]
        self._is_sampled = draw is not None
        self._averaging = [team for team in self._teams if team.has_average]
        self._stages_all = not plan.is_bulky or bool(self._averaging)
        dim, lanes = self.position.shape
        rows = max(FEWEST, min(MAXIMUM_CHUNK, STAGE_BYTES // (8 * dim * lanes)))
        # So many steps leave at most so many rows, with one at their beginning and one at the end.
        steps = rows if self._stages_all else max(rows, (rows - 2) * plan.stride)
        self.capacity = min(MAXIMUM_CHUNK, steps)
        """Most steps that one call of `run` may be asked for."""
        self._stage_position = np.empty((rows, dim, lanes))
        self._stage_gradient = np.empty((rows, dim, lanes))
        self._stage_loss = np.empty((self.capacity, lanes))
        self._probing = [team for team in self._teams if team.probe]
        self._curvature = CurvatureMeter(plan, is_over) if plan.curvature_rows else None
        self._is_watched = bool(plan.measured_rows or plan.curvature_rows)
        self._listeners = Listeners(plan) if plan.rates.listen else None

    def run(self, first_step: int, size: int) -> Stage:
        """Stage `size` steps, as they are before each update."""
        copy, loss, gradient = np.copyto, self._evaluator.loss, self._evaluator.gradient
        places = self._places(first_step, size)
        effects = self._disturbing.draw(first_step, size)
        evaluate = self._evaluation(effects)
        extra = np.zeros((size, self._lanes)) if self._probing else None
        measures: list[Measures] = []
        curvature: list[Measures] = []
        updates = np.arange(first_step, first_step + size)
        rates = self._prepare(updates)
        advances = [team.advance for team in self._teams]
        for k, (place, loss_row) in enumerate(zip(places, self._stage_loss, strict=False)):
            evaluate()
            copy(loss_row, loss)
            position_row = self.position
            if place is not None:
                position_row = self._stage_position[place]
                copy(position_row, self.position)
                copy(self._stage_gradient[place], gradient)
            offset = None if effects.offset is None else effects.offset[k]
            if self._averaging:
                self._put_averages(position_row, loss_row, offset)
            if self._is_watched:
                points = position_row if offset is None else position_row - offset
                self._measure(first_step + k, points, measures, curvature)
            if extra is not None:
                self._turn_probes(extra[k], effects, k)
            if self._listeners is not None and rates is not None:
                rates[k] *= self._listeners.factor(self._seen[: self._lanes])
            for advance in advances:
                advance(k)
        self._put_losses(size, effects)
        return self._handed_over(places, effects)._replace(
            rate=rates, extra=extra, measures=measures, curvature=curvature
        )

    def _put_losses(self, size: int, effects: Effects) -> None:
        """Replace the loss of a function by that of what would be handed over, in all rows."""
        if not self._is_sampled:
            rows = self._stage_position[:size], self._stage_loss[:size]
            for team in self._averaging:
                team.put_losses(*rows, effects.offset)

    def _handed_over(self, places: Sequence[int | None], effects: Effects) -> Stage:
        """The rows of the steps that have a place, and the losses of all."""
        kept = np.array([k for k, place in enumerate(places) if place is not None], dtype=np.intp)
        own = slice(0, self._lanes)
        is_whole = len(kept) == len(places)
        return Stage(
            position=self._stage_position[: len(kept), :, own],
            loss=self._stage_loss[: len(places), own],
            gradient=self._stage_gradient[: len(kept), :, own],
            offset=effects.offset,
            kept=None if is_whole else kept,
        )

    def _places(self, first_step: int, size: int) -> list[int | None]:
        """Where in the stage each step's point and gradient go; None where nobody wants them."""
        if self._stages_all:
            return list(range(size))
        numbers = itertools.count()
        steps = range(first_step, first_step + size)
        return [next(numbers) if self._plan.is_recorded(step) else None for step in steps]

    def _evaluation(self, effects: Effects) -> Callable[[], None]:
        """What evaluates the function step by step, as the rules are to meet it."""
        tables, gradient = self._lens.tables(effects), self._evaluator.gradient
        if not tables and effects.gradient is None:
            return self._evaluator.evaluate
        rows = zip(*tables, strict=True)
        noise = iter(() if effects.gradient is None else effects.gradient)

        def evaluate() -> None:
            if tables:
                self._lens.turn(next(rows))
                self._move()
            self._evaluator.evaluate()
            if tables:
                self._tint()
            for added in itertools.islice(noise, 1):
                np.add(gradient, added, gradient)

        return evaluate

    def _put_averages(self, position: Array, loss: Array, offset: Array | None) -> None:
        """Replace what steps by what would be handed over, in the rows of one step.

        Its loss on the same examples is found here; where the loss is that of a function, all
        rows are done at once in the end.
        """
        for team in self._averaging:
            team.put_average(position, offset)
            if self._is_sampled:
                team.put_loss(position, loss, offset)

    def _measure(
        self, step: int, position: Array, measures: list[Measures], curvature: list[Measures]
    ) -> None:
        """Add the metrics and the curvature of the points that would be handed over, where it is
        time for them; of a function that moves, as seen from where it is.
        """
        points = position[:, : self._lanes]
        if self._plan.is_measured(step):
            measures.append(Measures(step, self._evaluator.examiner.measure(points)))
        if self._curvature is not None and self._plan.is_curvature_measured(step):
            measured = self._curvature.measure(points)
            if measured is not None:
                curvature.append(Measures(step, np.stack(measured)))

    def _prepare(self, updates: Places) -> Array | None:
        """Give the teams their rates; the table of all, where listeners still change it."""
        factors = self._rates.factors(updates)
        table = self._rates.of(slice(None), factors) if self._listeners else None
        for team in self._teams:
            team.prepare(updates, factors, table)
        return table

    def _turn_probes(self, extra: Array, effects: Effects, k: int) -> None:
        """Note what was evaluated so far, and let the oracles answer for this step."""
        for team in self._probing:
            extra[team.lanes] = team.extra_evaluations
            team.turn(effects_at(effects, k, team.lanes))
