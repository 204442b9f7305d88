"""Every rule that evaluates the function itself, in every variant, and what they are made for."""

import math
from typing import Any

import msgspec
import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS, PROBLEMS, Optimizer, Problem, Refused, from_framework
from lrstudio.core.arrays import Array
from lrstudio.engine import NEVER, Contender, plan, replay, results, run
from tests.core.variants import name, variants
from tests.engine.races import assert_equal, columns, contender, experiment, run_in_chunks
from tests.engine.rules import noise
from tests.engine.test_rules import spread

ASKING = [cls for cls in OPTIMIZERS.values() if "oracle" in cls.needs]
STARTS = tuple((-1.5 + 0.6 * i, 1.3 - 0.5 * i) for i in range(5))

each_rule = pytest.mark.parametrize("cls", ASKING, ids=name)


def racer(optimizer: Optimizer) -> Contender:
    return msgspec.structs.replace(contender(), optimizer=optimizer)


def named(rule: str, **fields: Any) -> Contender:
    return racer(OPTIMIZERS[rule](**fields))


# --- what holds for all of them ----------------------------------------------------------------


@each_rule
@pytest.mark.parametrize("sigma", [0.0, 0.4])
def test_a_lane_alone_is_the_lane_in_a_batch(cls: type[Any], sigma: float) -> None:
    for optimizer in variants(cls):
        racers = [racer(o) for o in spread(optimizer, 3)]
        race = experiment("rosenbrock", *racers, starts=STARTS, noise=sigma, steps=15)
        together = run_in_chunks(plan(race), 0.0)
        for lane in together.plan.lanes[::4]:
            one = msgspec.structs.replace(
                race, contenders=(racers[lane.contender],), starts=(STARTS[lane.start],)
            )
            alone = run_in_chunks(plan(one), 1.0)
            assert_equal(columns(alone, [0]), columns(together, [lane.index]))


@each_rule
@pytest.mark.parametrize("lr", [1e-300, 1e-3, 1e6])
def test_any_rate_and_any_start_end_in_a_verdict(cls: type[Any], lr: float) -> None:
    far = ((1e200, -1e200), (1e300, 1.0), (1e-300, 0.0), (1.0, 1.0))
    for optimizer in variants(cls):
        changed = racer(msgspec.structs.replace(optimizer, lr=lr))
        trajectory = run(experiment("rosenbrock", changed, contender("adam"), starts=far, steps=8))
        assert trajectory.is_finished
        for row in results(trajectory):
            assert row.verdict.sentence
            assert row.evaluations >= (row.verdict.step or 0)


@each_rule
def test_replay_says_what_is_missing(cls: type[Any]) -> None:
    for optimizer in variants(cls):
        if optimizer.wants("oracle"):
            with pytest.raises(Refused, match=r"evaluates the function|needs second derivatives"):
                replay(optimizer, noise(3, 2, 1)[:, :, 0], [1.0, 2.0], values=np.ones(3))


# --- what they are made for --------------------------------------------------------------------

SEARCHING = (
    named("conjugate_gradient"),
    named("conjugate_gradient", beta="fletcher"),
    named("conjugate_gradient", beta="hestenes"),
    named("lbfgs"),
    named("lbfgs", max_iter=5, history_size=3),
    named("lbfgs", line_search="zoom", pairs="all", first_scale="l2"),
    named("newton"),
    named("newton", saddles="saddle_free", damping=1e-3),
)


@pytest.mark.parametrize("one", SEARCHING, ids=lambda c: repr(c.optimizer)[:90])
@pytest.mark.parametrize("problem", ["ellipse", "rosenbrock"])
def test_curved_valleys_are_no_obstacle(one: Contender, problem: str) -> None:
    race = experiment(problem, one, steps=150, tolerance=1e-12, starts=STARTS)
    for row in results(run(race)):
        assert row.verdict.kind == "converged"
        assert row.evaluations < 1000


@pytest.mark.parametrize("trial", ["fixed", "previous"])
@pytest.mark.parametrize("lr", [1e-2, 1.0, 1e5])
def test_the_loss_never_rises_whatever_the_first_trial(trial: str, lr: float) -> None:
    race = experiment("himmelblau", named("armijo", lr=lr, trial=trial), starts=STARTS, steps=300)
    trajectory = run(race)
    assert (np.diff(trajectory.loss, axis=0) <= 0).all()
    assert all(row.verdict.kind == "converged" for row in results(trajectory))


def test_one_step_of_newton_solves_a_quadratic() -> None:
    trajectory = run(experiment("rotated_ellipse", named("newton"), steps=1))
    assert trajectory.loss[1, 0] < 1e-25


def test_newton_is_drawn_to_a_saddle_unless_it_is_told_otherwise() -> None:
    plain, free = (named("newton", saddles=s, lr=0.5) for s in ("plain", "saddle_free"))
    race = experiment("saddle_with_wells", plain, free, starts=((0.3, 1.0),), steps=60)
    at_saddle, in_well = results(run(race))
    assert at_saddle.verdict.kind == "stalled"
    assert "saddle" in at_saddle.verdict.sentence
    assert in_well.verdict.minimum == (1.0, 0.0)


class Trough(Problem, tag="trough", frozen=True, kw_only=True):
    """x²/2, and nothing along y."""

    domain = ((-3.0, 3.0), (-3.0, 3.0))
    start = (2.0, 1.0)
    minima = ((0.0, 0.0),)

    def loss_and_gradient(self, position: Array) -> Any:
        return np.square(position[0]) / 2, position * np.array([[1.0], [0.0]])

    def hessians(self, position: Array) -> tuple[Array, int]:
        matrix = np.array([[1.0, 0.0], [0.0, 0.0]])
        return np.repeat(matrix[:, :, None], position.shape[1], axis=2), 2


def test_a_singular_matrix_ends_one_run_and_damping_saves_it() -> None:
    race = experiment(Trough(), named("newton"), named("newton", damping=1e-9), steps=5)
    trajectory = run_in_chunks(plan(race), 1.0)
    assert trajectory.diverged_at.tolist() == [1, NEVER]
    assert trajectory.final_loss[1] < 1e-12


def test_a_matrix_of_no_numbers_ends_its_own_run_only() -> None:
    race = experiment("rosenbrock", named("newton"), starts=((1e200, 0.0), (-1.2, 1.0)), steps=20)
    trajectory = run(race)
    assert trajectory.diverged_at[0] != NEVER
    assert results(trajectory)[1].verdict.kind == "converged"


# --- loops over plain numbers ------------------------------------------------------------------


def rosenbrock(x: Array) -> tuple[float, Array]:
    loss, gradient = PROBLEMS["rosenbrock"]().loss_and_gradient(np.stack([x, x], axis=1))
    return float(loss[0]), gradient[:, 0]


@pytest.mark.parametrize("trial", ["fixed", "previous"])
def test_backtracking_is_the_loop_that_armijo_wrote(trial: str) -> None:
    one = named("armijo", lr=0.7, shrink=0.4, decrease=0.1, trial=trial)
    trajectory = run(experiment("rosenbrock", one, steps=40))
    x, found, evaluations = np.array([-1.2, 1.0]), 0.0, 0
    for k in range(40):
        assert trajectory.evaluations_at()[k, 0] == evaluations
        loss, g = rosenbrock(x)
        t = min(0.7, 2 * found) if trial == "previous" and found else 0.7
        evaluations += 2
        while rosenbrock(x - t * g)[0] > loss - 0.1 * t * g @ g:
            t *= 0.4
            evaluations += 1
        x, found = x - t * g, t
        assert trajectory.position[k + 1, :, 0] == pytest.approx(x, rel=1e-9)


@pytest.mark.parametrize("form", ["long", "short"])
def test_barzilai_borwein_measures_the_rate_between_two_points(form: str) -> None:
    one = OPTIMIZERS["barzilai_borwein"](lr=0.9, first_step=1e-3, form=form)
    gradients = [np.array([3.0, -1.0]), np.array([2.5, -1.5]), np.array([2.0, 4.0])]
    positions = replay(one, gradients, [1.0, 2.0], [1.0, 0.5, 1.0])
    x, rates, a = np.array([1.0, 2.0]), [0.9, 0.45, 0.9], 1e-3
    before: tuple[Array, Array] | None = None
    for k, g in enumerate(gradients):
        if before:
            s, y = x - before[0], g - before[1]
            if s @ y > 0:
                a = (s @ s) / (s @ y) if form == "long" else (s @ y) / (y @ y)
        before = x, g
        x = x - rates[k] * a * g
        assert positions[k + 1] == pytest.approx(x, rel=1e-12)


@pytest.mark.parametrize("beta", ["fletcher", "polak", "hestenes"])
def test_conjugate_directions_solve_a_quadratic_in_as_many_steps_as_it_has_dimensions(
    beta: str,
) -> None:
    # With a curvature condition this strict the search is next to exact.
    one = named("conjugate_gradient", beta=beta, curvature=1e-9, decrease=1e-12)
    steps = 3
    race = experiment(PROBLEMS["linear_layer"](rows=1, columns=3, kappa=50.0), one, steps=steps)
    assert run(race).final_loss[0] < 1e-12
    assert run(msgspec.structs.replace(race, steps=2)).final_loss[0] > 1e-3


@pytest.mark.parametrize(
    ("arguments", "counts"),
    [
        ({"lr": 1.0, "line_search_fn": "strong_wolfe", "max_iter": 4}, {1: 5, 5: 25, 10: 51}),
        ({"lr": 0.1, "max_iter": 3, "history_size": 3}, {1: 3, 5: 15}),
        ({"max_iter": 1, "history_size": 5, "line_search_fn": "strong_wolfe"}, {1: 2, 25: 50}),
    ],
)
def test_lbfgs_counts_what_torch_counts(arguments: dict[str, Any], counts: dict[int, int]) -> None:
    # `func_evals` of torch 2.13 after some calls of `step`, on Rosenbrock's function.
    optimizer = from_framework("torch", "LBFGS", arguments)
    assert isinstance(optimizer, Optimizer)
    trajectory = run(experiment("rosenbrock", racer(optimizer), steps=max(counts)))
    used = trajectory.evaluations_at()[:, 0]
    assert {step: int(used[step]) for step in counts} == counts


@pytest.mark.parametrize("lr", [0.1, 0.5])
def test_lbfgs_with_all_steps_remembered_is_bfgs(lr: float) -> None:
    one = named(
        "lbfgs", line_search="none", lr=lr, pairs="all", first_scale="none", scale_init=False
    )
    gradients = np.cumsum(noise(6, 3, 1, seed=5)[:, :, 0] + 1, axis=0)
    positions = replay(one.optimizer, gradients, [0.3, -0.2, 1.0])
    x, h, before = np.array([0.3, -0.2, 1.0]), np.eye(3), None
    for k, g in enumerate(gradients):
        if before is not None:
            s, y = x - before[0], g - before[1]
            v = np.eye(3) - np.outer(y, s) / (y @ s)
            h = v.T @ h @ v + np.outer(s, s) / (y @ s)
        before = x, g
        x = x - lr * h @ g
        assert positions[k + 1] == pytest.approx(x, rel=1e-10)


def test_lbfgs_without_a_search_asks_for_nothing_and_can_be_replayed() -> None:
    one = named("lbfgs", line_search="none", lr=0.2)
    trajectory = run(experiment("rosenbrock", one, steps=30))
    _, gradients = PROBLEMS["rosenbrock"]().loss_and_gradient(trajectory.position[:30, :, 0].T)
    replayed = replay(one.optimizer, gradients.T, (-1.2, 1.0))
    assert replayed == pytest.approx(trajectory.position[:, :, 0], rel=1e-9)
    assert trajectory.evaluations.tolist() == [30]


def test_a_remembered_step_has_to_bend_upwards() -> None:
    # On a hill the gradient grows along the step: y·s < 0.
    uphill = named("lbfgs", line_search="none", lr=0.1)
    keeping = named("lbfgs", line_search="none", lr=0.1, pairs="all")
    race = experiment("double_well", uphill, keeping, starts=((0.1,),), steps=3)
    trajectory = run(race)
    x = 0.1
    for k in range(2):
        slope = x**3 - x
        # PyTorch's first step is η min(1, 1/‖g‖₁), later ones η, and nothing is remembered.
        x -= 0.1 * (min(1.0, 1 / abs(slope)) if k == 0 else 1.0) * slope
        assert trajectory.position[k + 1, 0, 0] == pytest.approx(x)
    assert math.isfinite(trajectory.position[3, 0, 1])
    assert trajectory.position[3, 0, 1] < trajectory.position[3, 0, 0]
