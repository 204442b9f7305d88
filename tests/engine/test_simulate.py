"""One loop for all lanes: what it computes depends on nothing but the experiment."""

from typing import Any

import msgspec
import numpy as np
import pytest

from lrstudio.core import PROBLEMS, SCHEDULES, Optimizer, Problem, parameters
from lrstudio.core.arrays import Array
from lrstudio.core.data_problem import DataProblem
from lrstudio.engine import NEVER, Recording, Trajectory, plan, replay, results, run, simulate
from lrstudio.engine.layers import has_average
from tests.core.variants import ON_VECTORS, OPTIMIZER_VARIANTS, name
from tests.engine.exceptions import is_excused
from tests.engine.races import (
    assert_close,
    assert_equal,
    columns,
    contender,
    experiment,
    line_up,
    run_in_chunks,
)

STARTS = ((-1.2, 1.0), (0.5, 0.5), (1.5, -0.5))


def test_mixed_contenders_equal_each_alone() -> None:
    race = experiment("rosenbrock", *line_up(), starts=STARTS, seeds=(0, 1), noise=0.3, steps=150)
    together = run(race)
    for number, one in enumerate(race.contenders):
        lanes = [la.index for la in together.plan.lanes if la.contender == number]
        alone = run(msgspec.structs.replace(race, contenders=(one,)))
        assert_equal(columns(alone, slice(None)), columns(together, lanes))


@pytest.mark.parametrize("cls", PROBLEMS.values(), ids=name)
@pytest.mark.parametrize("dim", [2, 3, 33])
def test_a_lane_alone_equals_the_same_lane_in_a_batch(cls: type[Problem], dim: int) -> None:
    if "dim" not in cls.__struct_fields__ and dim > 2:
        return
    most = {p.name: p.maximum or dim for p in parameters(cls)}.get("dim")
    problem = cls() if most is None else cls(dim=min(dim, int(most)))
    shift = 0.01 * (problem.domain[0][1] - problem.domain[0][0])
    starts = tuple(tuple(x + shift * i for x in problem.start) for i in range(19))
    racers = (contender("adam", lr=0.05), contender("adam", lr=0.01), contender(lr=1e-3))
    race = experiment(problem, *racers, starts=starts, steps=60)
    together = run(race)
    # How a product is rounded that lanes with the same examples share depends on the processor.
    has_units = isinstance(problem, DataProblem) and problem.learner.network.widths[1] > 1
    assert_same = assert_close if has_units else assert_equal
    for lane in together.plan.lanes[::7]:
        one = msgspec.structs.replace(
            race, contenders=(racers[lane.contender],), starts=(starts[lane.start],)
        )
        assert_same(columns(run(one), [0]), columns(together, [lane.index]))


# What asks for more than gradients is not told it again by them, and where averages are recorded,
# the gradients were taken elsewhere.
FED = [
    o
    for o in OPTIMIZER_VARIANTS
    if not {"oracle", "matrix"} & set(type(o).needs) and not has_average(o)
]


@pytest.mark.parametrize("optimizer", FED[::5], ids=name)
def test_a_run_is_the_replay_of_its_own_gradients(optimizer: Optimizer) -> None:
    schedule = SCHEDULES["cosine"](floor=0.1)
    optimizer = msgspec.structs.replace(optimizer, lr=min(optimizer.lr, 0.01))
    racer = msgspec.structs.replace(contender(), optimizer=optimizer, schedule=schedule)
    race = experiment("himmelblau", racer, steps=50)
    positions = run(race).position[:, :, 0]
    losses, gradients = race.problem.loss_and_gradient(positions[:-1].T)
    factors = schedule.factors(50)
    again = replay(optimizer, gradients.T, race.problem.start, factors, values=losses)
    assert np.array_equal(again, positions)


def test_recorded_losses_and_gradients_belong_to_the_recorded_positions() -> None:
    trajectory = run(experiment("himmelblau", *line_up(), steps=80))
    problem = trajectory.plan.experiment.problem
    loss, gradient = problem.loss_and_gradient(trajectory.position.transpose(1, 0, 2))
    assert np.array_equal(trajectory.loss, loss)
    assert np.array_equal(trajectory.gradient_norm, np.sqrt(np.square(gradient).sum(axis=0)))


@pytest.mark.parametrize("noise", [0.0, 0.5])
@pytest.mark.parametrize("every", [1, 7, 1000])
def test_chunks_of_any_size_give_the_same_numbers(noise: float, every: int) -> None:
    race = experiment("beale", *line_up(), starts=STARTS, steps=700, noise=noise)
    planned = plan(race, Recording(every=every))
    small, large = run_in_chunks(planned, 0.0), run_in_chunks(planned, 1e9)
    assert_equal(columns(small, slice(None)), columns(large, slice(None)))
    assert [r.verdict for r in results(small)] == [r.verdict for r in results(large)]


@pytest.mark.parametrize("every", [2, 7, 300, 999, 1000, 5000])
def test_thinning_keeps_what_it_records_and_all_summaries(every: int) -> None:
    racers = (*line_up(), contender(lr=3e-3), contender(lr=1.0))
    race = experiment("rosenbrock", *racers, steps=1000, noise=0.1, tolerance=0.5)
    full, thin = run(race, Recording(every=1)), run(race, Recording(every=every))
    kept = thin.steps_array()
    assert kept[-1] == 1000
    assert_equal(
        {"position": thin.position, "loss": thin.loss, "rate": thin.learning_rate()},
        {
            "position": full.position[kept],
            "loss": full.loss[kept],
            "rate": full.learning_rate()[kept],
        },
    )
    summaries = ("best_loss", "best_step", "final_loss", "first_below", "diverged_at")
    for summary in (*summaries, "last_not_above_start", "evaluations"):
        assert np.array_equal(getattr(thin, summary), getattr(full, summary), equal_nan=True)
    assert [r.verdict for r in results(thin)] == [r.verdict for r in results(full)]


def test_summaries_say_what_the_record_says() -> None:
    race = experiment("himmelblau", *line_up(), starts=STARTS, steps=400, tolerance=1e-3)
    trajectory = run(race)
    loss = trajectory.loss
    assert np.array_equal(trajectory.best_loss, loss.min(axis=0))
    assert np.array_equal(trajectory.best_step, loss.argmin(axis=0))
    assert np.array_equal(trajectory.final_loss, loss[-1])
    below = loss <= 1e-3
    assert below.any()
    first = np.where(below.any(axis=0), below.argmax(axis=0), NEVER)
    assert np.array_equal(trajectory.first_below, first)
    assert (trajectory.evaluations == 400).all()


@pytest.mark.parametrize("every", [1, 3, 10])
def test_the_last_step_is_always_recorded(every: int) -> None:
    for steps in (1, 2, 3, 9, 10, 11):
        trajectory = run(experiment("beale", steps=steps), Recording(every=every))
        assert trajectory.rows == trajectory.plan.rows
        assert trajectory.reached == steps
        assert trajectory.is_finished
        assert trajectory.step(trajectory.rows - 1) == steps
        assert trajectory.loss[-1, 0] == trajectory.final_loss[0]


def test_yields_rise_to_the_last_step_and_rows_are_published_on_the_way() -> None:
    planned = plan(experiment("beale", steps=500), Recording(every=3))
    trajectory = Trajectory(planned)
    assert (trajectory.rows, trajectory.reached) == (0, NEVER)
    reached = []
    for step in simulate(planned, trajectory, 0.0):
        assert step == trajectory.reached
        assert trajectory.rows == step // 3 + 1 + (step == 500 and 500 % 3 > 0)
        assert not trajectory.is_finished
        reached.append(step)
    assert reached == sorted(set(reached))
    assert reached[-1] == 500
    assert trajectory.is_finished


def test_a_run_that_is_left_has_a_complete_beginning() -> None:
    race = experiment("beale", *line_up(), steps=5000)
    planned = plan(race)
    trajectory = Trajectory(planned)
    for _, step in zip(range(4), simulate(planned, trajectory, 0.0), strict=False):
        last = step
    assert not trajectory.is_finished
    full = run(race)
    assert np.array_equal(trajectory.loss[: last + 1], full.loss[: last + 1])
    assert np.array_equal(trajectory.final_loss, full.loss[last])
    assert (trajectory.evaluations == last).all()
    assert len(results(trajectory)) == len(planned.lanes)


def test_a_single_step_is_a_run() -> None:
    trajectory = run(experiment("quadratic", contender(lr=0.5), steps=1))
    assert trajectory.position[:, 0, 0].tolist() == [2.5, 1.25]
    assert np.array_equal(trajectory.learning_rate()[:, 0], [0.5, np.nan], equal_nan=True)


def test_no_enabled_contender_is_a_run_without_lanes() -> None:
    off = msgspec.structs.replace(contender(), enabled=False)
    trajectory = run(experiment("beale", off))
    assert trajectory.is_finished
    assert trajectory.rows == 0
    assert trajectory.loss.shape[1] == 0
    assert trajectory.learning_rate().shape == (0, 0)
    assert results(trajectory) == ()


# --- learning rates ------------------------------------------------------------------------------


def test_learning_rates_are_those_of_the_updates_that_leave_the_rows() -> None:
    racers = (contender(lr=0.2, schedule=SCHEDULES["linear"]()), contender("adam", lr=0.1))
    trajectory = run(experiment("ellipse", *racers, steps=10), Recording(every=4))
    expected = [[0.2 * (1 - k / 10), 0.1] for k in (0, 4, 8)] + [[np.nan, np.nan]]
    assert trajectory.steps_array().tolist() == [0, 4, 8, 10]
    assert trajectory.learning_rate() == pytest.approx(np.array(expected), nan_ok=True, rel=1e-15)
    assert np.array_equal(trajectory.learning_rate(1, 3), trajectory.learning_rate()[1:3])


def test_sgd_moves_by_the_learning_rate_times_the_gradient() -> None:
    racer = contender(lr=0.03, schedule=SCHEDULES["cosine_restarts"](first_cycle=9))
    trajectory = run(experiment("ellipse", racer, steps=100))
    position = trajectory.position[:, :, 0]
    gradients = trajectory.plan.experiment.problem.loss_and_gradient(position.T)[1].T
    moved = position[:-1] - trajectory.learning_rate()[:-1] * gradients[:-1]
    assert np.array_equal(moved, position[1:])


def test_rates_of_a_diverged_lane_are_nan() -> None:
    trajectory = run(experiment("quadratic", contender(lr=1e3), steps=500))
    (end,) = trajectory.diverged_at
    rates = trajectory.learning_rate()[:, 0]
    assert (rates[:end] == 1e3).all()
    assert np.isnan(rates[end:]).all()


# --- rows and steps ------------------------------------------------------------------------------


@pytest.mark.parametrize(("steps", "every"), [(10, 1), (10, 4), (11, 8), (7, 8), (100, 9)])
def test_the_row_of_a_step_is_the_nearest_one(steps: int, every: int) -> None:
    trajectory = run(experiment("beale", steps=steps), Recording(every=every))
    recorded = trajectory.steps_array()
    assert [trajectory.step(row) for row in range(trajectory.rows)] == recorded.tolist()
    for step in range(steps + 1):
        distance = abs(recorded[trajectory.row_of(step)] - step)
        assert distance == np.abs(recorded - step).min()


def test_the_row_of_a_step_not_yet_reached_is_the_newest() -> None:
    planned = plan(experiment("beale", steps=500))
    trajectory = Trajectory(planned)
    next(simulate(planned, trajectory))
    assert trajectory.row_of(400) == trajectory.row_of(500) == trajectory.rows - 1


# --- divergence ----------------------------------------------------------------------------------


def test_divergence_is_noticed_at_the_step_that_arithmetic_says() -> None:
    # x is multiplied by −9 at each step; f = x²/2 with x₀ = 2.5 exceeds 1e100 at 81^k > 3.2e99.
    trajectory = run(experiment("quadratic", contender(lr=10.0), steps=100))
    expected = int(np.ceil(np.log(1e100 / 3.125) / np.log(81)))
    assert trajectory.diverged_at.tolist() == [expected]
    for array in (trajectory.position[:, 0], trajectory.loss, trajectory.gradient_norm):
        assert np.isfinite(array[:expected]).all()
        assert np.isnan(array[expected:]).all()
    assert trajectory.best_loss.tolist() == [3.125]
    assert np.isnan(trajectory.final_loss).all()
    assert trajectory.evaluations.tolist() == [expected]


@pytest.mark.parametrize("every", [1, 7, 1000])
def test_a_diverging_lane_stops_nobody(every: int) -> None:
    tame = contender("momentum", lr=1e-4), contender(lr=1e-3)
    wild = contender(lr=10.0), contender("momentum", lr=1.0), contender("nesterov", lr=1e5)
    alone = run(experiment("rosenbrock", *tame, steps=300), Recording(every=every))
    racers = (wild[0], tame[0], wild[1], tame[1], wild[2])
    together = run(experiment("rosenbrock", *racers, steps=300), Recording(every=every))
    lane_of = {la.contender: la.index for la in together.plan.lanes}
    assert_equal(columns(together, [lane_of[1]]), columns(alone, [0]))
    assert_equal(columns(together, [lane_of[3]]), columns(alone, [1]))
    ended = together.diverged_at[[lane_of[i] for i in (0, 2, 4)]]
    assert (ended > 0).all()


def test_a_start_without_a_finite_loss_has_diverged_at_once() -> None:
    trajectory = run(experiment("rosenbrock", starts=((1e200, 1e200), (0.0, 0.0)), steps=20))
    assert trajectory.diverged_at.tolist() == [0, NEVER]
    assert trajectory.best_step[0] == NEVER
    assert np.isnan(trajectory.loss[:, 0]).all()
    assert trajectory.evaluations.tolist() == [0, 20]


class Broken(Problem, frozen=True):
    """Fails in a chosen way as soon as it has moved."""

    value: float = float("nan")
    in_loss: bool = True
    in_gradient: bool = True
    domain = ((-3.0, 3.0),)
    start = (2.5,)
    minima = ((0.0,),)

    def loss_and_gradient(self, position: Array) -> Any:
        (x,) = position
        bad = np.where(x < 2.499, self.value, 0.0)
        return np.square(x) / 2 + bad * self.in_loss, position + bad * self.in_gradient


@pytest.mark.parametrize("cls", ON_VECTORS, ids=name)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
@pytest.mark.parametrize(("in_loss", "in_gradient"), [(True, True), (True, False), (False, True)])
def test_nan_and_infinity_end_in_a_verdict(
    cls: type[Optimizer], value: float, in_loss: bool, in_gradient: bool
) -> None:
    problem = Broken(value=value, in_loss=in_loss, in_gradient=in_gradient)
    racer = msgspec.structs.replace(contender(), optimizer=cls(lr=0.2))
    race = experiment(problem, racer, contender(lr=1e-9), steps=400)
    trajectory = run_in_chunks(plan(race), 1.0)
    broken, fine = results(trajectory)
    assert fine.verdict.kind == "descending"
    assert broken.verdict.sentence
    is_seen = broken.verdict.kind == "stalled" and is_excused("runs into what is no number", cls)
    if (in_loss or np.isnan(value)) and not is_seen:
        assert broken.verdict.kind == "diverged"
        assert broken.verdict.step == trajectory.diverged_at[broken.lane]
