"""One loop: all lanes advance in lock-step, and every `yield` is a place to draw or walk away."""

from collections.abc import Generator
from time import perf_counter

import numpy as np

from lrstudio.core.arrays import Array, in_company
from lrstudio.engine.evaluation import Evaluator
from lrstudio.engine.experiment import Experiment
from lrstudio.engine.plan import Group, Plan, Recording, plan
from lrstudio.engine.stepping import Stepper
from lrstudio.engine.trajectory import Trajectory

CHUNK_SECONDS = 0.002
"""Time between two yields, short enough for a window to draw in between."""
MAXIMUM_CHUNK = 1024
STAGE_BYTES = 1_000_000
"""Steps of a chunk are staged in arrays of about this size, which a processor's cache holds."""


def simulate(
    plan: Plan, trajectory: Trajectory, chunk_seconds: float = CHUNK_SECONDS
) -> Generator[int, None, None]:
    """Run all lanes of a plan into a trajectory, yielding the step that was reached.

    Where the yields fall depends on the machine; the numbers do not.
    """
    if plan.lanes:
        race = _Race(plan)
        size, step, total = 8, 0, plan.experiment.steps
        while step <= total:
            started = perf_counter()
            size = min(size, race.capacity, total + 1 - step)
            with np.errstate(all="ignore"):  # overflow is a result here, not an error
                trajectory.append(step, *race.run(step, size))
            step += size
            yield step - 1
            size = _next_size(size, perf_counter() - started, chunk_seconds)
    trajectory.finish()


def _next_size(size: int, seconds: float, wanted: float) -> int:
    return max(4, int(size * min(4.0, wanted / max(seconds, 1e-6))))


def run(experiment: Experiment, recording: Recording | None = None) -> Trajectory:
    """Run an experiment to its end."""
    planned = plan(experiment, recording)
    trajectory = Trajectory(planned)
    for _ in simulate(planned, trajectory, chunk_seconds=0.02):
        pass
    return trajectory


class _Race:
    """Working arrays of all lanes, and the steppers of their groups."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.steps = plan.experiment.steps
        self.position = in_company(plan.initial_positions())
        self._lanes = len(plan.lanes)
        dim, lanes = self.position.shape
        self.capacity = max(4, min(MAXIMUM_CHUNK, STAGE_BYTES // (8 * dim * lanes)))
        self._stage_position = np.empty((self.capacity, dim, lanes))
        self._stage_gradient = np.empty((self.capacity, dim, lanes))
        self._stage_loss = np.empty((self.capacity, lanes))
        with np.errstate(all="ignore"):
            self._evaluator = Evaluator(plan.experiment.problem, self.position)
            self._teams = [_Team(plan, group, self) for group in plan.groups()]
        self._noise = _Noise(plan) if plan.experiment.noise > 0 else None

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
        updates = min(size, self.steps - first_step)
        factors, _ = self._plan.factors_at(np.arange(first_step, first_step + updates))
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
            if k < updates:
                for advance in advances:
                    advance(k)
        return self._staged(size)

    def _staged(self, size: int) -> tuple[Array, Array, Array]:
        stages = (self._stage_position, self._stage_loss, self._stage_gradient)
        position, loss, gradient = (stage[:size, ..., : self._lanes] for stage in stages)
        return position, loss, gradient


class _Team:
    """A group of lanes with its stepper; several groups work on copies of their columns."""

    def __init__(self, plan: Plan, group: Group, race: _Race) -> None:
        columns = slice(group.first, group.last)
        lanes = group.last - group.first
        self._is_alone = lanes == len(plan.lanes)
        self._all_position = race.position[:, columns]
        self._all_gradient = race.gradient[:, columns]
        alone = (race.position, race.gradient)
        apart = (in_company(self._all_position.copy()), in_company(self._all_gradient.copy()))
        self._base = plan.base_rates()[columns]
        _, row_of = plan.factors_at(np.empty(0))
        self._row_of = row_of[columns]
        is_shared = len(set(zip(self._base.tolist(), self._row_of.tolist(), strict=True))) == 1
        arrays = alone if self._is_alone else apart
        self.stepper = Stepper(group.optimizers, *arrays, is_rate_shared=is_shared)
        self._own_position = self.stepper.position[:, :lanes]
        self._rates: list[Array] = []

    def prepare(self, factors: Array) -> None:
        """Take over the schedule factors `(schedules, n)` of the next updates."""
        if self.stepper.rate.ndim:
            rates = factors[self._row_of].T * self._base
        else:
            rates = factors[self._row_of[0]] * self._base[0]
        self._rates = list(rates)

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


class _Noise:
    """Gaussian noise on the gradient, drawn per seed: equal seeds meet equal noise."""

    def __init__(self, plan: Plan) -> None:
        self._scale = plan.experiment.noise
        self._dim = plan.dim
        seeds = [lane.seed for lane in plan.lanes]
        self._generators = {seed: np.random.default_rng(seed) for seed in dict.fromkeys(seeds)}
        places = {seed: place for place, seed in enumerate(self._generators)}
        self._place_of = np.array([places[seed] for seed in seeds])

    def draw(self, size: int) -> Array:
        """Noise `(size, dim, lanes)` of the next steps."""
        draws = [g.standard_normal((size, self._dim)) for g in self._generators.values()]
        return np.asarray(self._scale * np.stack(draws, axis=-1)[:, :, self._place_of])
