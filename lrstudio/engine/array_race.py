"""Many lanes: every operation is done to all lanes at once, on arrays."""

import numpy as np

from lrstudio.core.arrays import Array, in_company
from lrstudio.engine.evaluation import Evaluator
from lrstudio.engine.noise import Noise
from lrstudio.engine.plan import Group, Plan
from lrstudio.engine.stepping import Stepper

MAXIMUM_CHUNK = 1024
STAGE_BYTES = 1_000_000
"""Steps of a chunk are staged in arrays of about this size, which a processor's cache holds."""


class ArrayRace:
    """Working arrays of all lanes, and the steppers of their groups."""

    def __init__(self, plan: Plan) -> None:
        self._rates = plan.rates
        self._lanes = len(plan.lanes)
        self.position = in_company(plan.initial_positions())
        dim, lanes = self.position.shape
        self.capacity = max(4, min(MAXIMUM_CHUNK, STAGE_BYTES // (8 * dim * lanes)))
        """Most steps that one call of `run` may be asked for."""
        self._stage_position = np.empty((self.capacity, dim, lanes))
        self._stage_gradient = np.empty((self.capacity, dim, lanes))
        self._stage_loss = np.empty((self.capacity, lanes))
        self._evaluator = Evaluator(plan.experiment.problem, self.position)
        self._teams = [_Team(plan, group, self) for group in plan.groups()]
        self._noise = Noise(plan) if plan.experiment.noise > 0 else None

    @property
    def gradient(self) -> Array:
        """Gradient of all lanes `(dim, lanes)` at the present position."""
        return self._evaluator.gradient

    def run(self, first_step: int, size: int) -> tuple[Array, Array, Array]:
        """Stage `size` steps: position, loss and gradient before each update."""
        evaluate, copy = self._evaluator.evaluate, np.copyto
        position, loss, gradient = self.position, self._evaluator.loss, self.gradient
        stages = zip(
            self._stage_position[:size],
            self._stage_loss[:size],
            self._stage_gradient[:size],
            strict=True,
        )
        noise = self._noise.draw(size) if self._noise else None
        factors = self._rates.factors(np.arange(first_step, first_step + size))
        for team in self._teams:
            team.prepare(factors)
        advances = [team.advance for team in self._teams]
        for k, (position_row, loss_row, gradient_row) in enumerate(stages):
            evaluate()
            if noise is not None:
                np.add(gradient, noise[k], gradient)
            copy(position_row, position)
            copy(loss_row, loss)
            copy(gradient_row, gradient)
            for advance in advances:
                advance(k)
        return self._staged(size)

    def _staged(self, size: int) -> tuple[Array, Array, Array]:
        stages = (self._stage_position, self._stage_loss, self._stage_gradient)
        position, loss, gradient = (stage[:size, ..., : self._lanes] for stage in stages)
        return position, loss, gradient


class _Team:
    """A group of lanes with its stepper; several groups work on copies of their columns."""

    def __init__(self, plan: Plan, group: Group, race: ArrayRace) -> None:
        columns = group.lanes
        self._is_alone = group.size == len(plan.lanes)
        self._all_position = race.position[:, columns]
        self._all_gradient = race.gradient[:, columns]
        alone = (race.position, race.gradient)
        apart = (in_company(self._all_position.copy()), in_company(self._all_gradient.copy()))
        is_shared = plan.rates.are_shared(columns)
        self._rate_columns = slice(group.first, group.first + 1) if is_shared else columns
        self._all_rates = plan.rates
        arrays = alone if self._is_alone else apart
        self.stepper = Stepper(group.optimizers, *arrays, is_rate_shared=is_shared)
        self._own_position = self.stepper.position[:, : group.size]
        self._rates: list[Array] = []

    def prepare(self, factors: Array) -> None:
        """Take over the factors `(schedules, n)` of the next updates."""
        rates = self._all_rates.of(self._rate_columns, factors)
        self._rates = list(rates if self.stepper.rate.ndim else rates[:, 0])

    def advance(self, k: int) -> None:
        """One update of this group's lanes."""
        stepper = self.stepper
        stepper.rate[...] = self._rates[k]
        if self._is_alone:
            stepper.advance()
            return
        np.copyto(stepper.gradient, self._all_gradient)
        stepper.advance()
        np.copyto(self._all_position, self._own_position)
