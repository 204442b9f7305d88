"""What rules ask the problem besides the gradient of a step: answered consistently, counted."""

from types import SimpleNamespace
from typing import Any, ClassVar

import msgspec
import numpy as np
import pytest

from lrstudio.core import PROBLEMS, Optimizer, Problem
from lrstudio.core.arrays import Array
from lrstudio.core.disturbance import Effects
from lrstudio.engine import NEVER, Contender, Experiment, Recording, plan, results
from lrstudio.engine.evaluation import Evaluator
from lrstudio.engine.probing import Probe
from tests.engine.races import contender, experiment, run_in_chunks

STARTS = tuple((-1.2 + 0.3 * i, 1.0 - 0.4 * i) for i in range(7))

# Rules that ask for gradients at points of their own.
ASKING = (
    contender("armijo"),
    contender("conjugate_gradient"),
    contender("lbfgs"),
    contender("lbfgs", line_search="zoom", pairs="all", first_scale="l2"),
    contender("lbfgs", line_search="none", max_iter=4, lr=0.1),
)
each_asking = pytest.mark.parametrize("one", ASKING, ids=lambda c: repr(c.optimizer)[:70])


class Counted(Problem, tag="counted", frozen=True, kw_only=True):
    """Rosenbrock, which counts how often it is called."""

    calls: ClassVar[list[int]] = []

    domain = PROBLEMS["rosenbrock"]().domain
    start = (-1.2, 1.0)
    minima = ((1.0, 1.0),)

    def loss_and_gradient(self, position: Array) -> Any:
        if not isinstance(position, np.ndarray):
            raise TypeError("every call is to be seen")
        self.calls.append(1)
        return PROBLEMS["rosenbrock"]().loss_and_gradient(position)


class Asking(Optimizer, tag="asking", frozen=True, kw_only=True):
    """Asking: gradient descent that asks for what it knows, and ends where it is told otherwise."""

    lr: float = 0.01

    needs = ("oracle",)

    @staticmethod
    def update(g: Array, s: SimpleNamespace, h: Any, t: float) -> Array:
        loss, gradient = s.oracle.loss_and_gradient(s.x)
        shift = np.array([[1e-3], [0.0]])
        ahead, behind = (s.oracle.loss_and_gradient(s.x + d)[0] for d in (shift, -shift))
        rise = ahead - behind
        is_same = np.isclose(loss, s.loss, rtol=1e-12) & np.isclose(gradient, g).all(axis=0)
        is_same &= np.isclose(rise / 2e-3, g[0], atol=1e-3)
        return np.where(is_same, -h.lr * g, np.nan)


def asking(lr: float = 0.01) -> Contender:
    return msgspec.structs.replace(contender(), name="asking", optimizer=Asking(lr=lr))


def course(race: Experiment, every: int | None = None) -> Any:
    return run_in_chunks(plan(race, Recording(every=every)), 0.01)


# --- counts ------------------------------------------------------------------------------------


@each_asking
def test_each_evaluation_of_a_lone_lane_is_counted_once(one: Contender) -> None:
    for steps in (2, 9):
        counted = course(experiment(Counted(), one, steps=steps)).evaluations
        # A run of one step less takes as many: its end is evaluated, and stepped from in vain.
        Counted.calls.clear()
        course(experiment(Counted(), one, steps=steps - 1))
        assert counted.tolist() == [len(Counted.calls)]


@each_asking
def test_a_lane_is_not_charged_for_its_neighbours(one: Contender) -> None:
    together = course(experiment("rosenbrock", one, starts=STARTS, steps=30)).evaluations
    alone = [
        int(course(experiment("rosenbrock", one, starts=(start,), steps=30)).evaluations[0])
        for start in STARTS
    ]
    assert together.tolist() == alone
    assert len(set(alone)) > 1 or one.optimizer.line_search == "none"  # type: ignore[attr-defined]


def test_second_derivatives_cost_what_the_problem_says() -> None:
    newton = contender("newton", lr=0.1)
    by_formula = course(experiment("rosenbrock", newton, steps=10))
    assert by_formula.evaluations.tolist() == [10 * (1 + 2)]
    by_differences = course(experiment(Counted(), newton, steps=10))
    assert by_differences.evaluations.tolist() == [10 * (1 + 4)]


def test_rules_that_ask_for_nothing_cost_one_gradient_a_step() -> None:
    plain = contender("lbfgs", line_search="none", lr=0.1)
    race = experiment("rosenbrock", contender(lr=1e-3), asking(1e-3), plain, steps=20)
    trajectory = course(race)
    assert [r.evaluations for r in results(trajectory)] == [20, 80, 20]
    assert trajectory.plan.has_extra_evaluations
    assert not plan(experiment("rosenbrock", plain)).has_extra_evaluations


def test_a_divergence_ends_the_count() -> None:
    trajectory = course(experiment("ellipse", asking(1.0), asking(1e-3), steps=300))
    step = int(trajectory.diverged_at[0])
    assert NEVER < step < 200
    assert trajectory.evaluations.tolist() == [4 * step, 4 * 300]
    rows = trajectory.evaluations_at()
    assert rows[:, 0].tolist() == [4 * min(k, step) for k in range(301)]
    assert rows[:, 1].tolist() == [4 * k for k in range(301)]


@pytest.mark.parametrize("every", [1, 7, 300])
def test_evaluations_stand_beside_the_recorded_rows(every: int) -> None:
    race = experiment("rosenbrock", contender(lr=1e-3), asking(1e-3), steps=100)
    trajectory = course(race, every)
    steps = trajectory.steps_array()
    assert trajectory.evaluations_at().tolist() == np.outer(steps, [1, 4]).tolist()
    assert trajectory.evaluations_at(1, 2, slice(1, 2)).tolist() == [[4 * int(steps[1])]]
    assert trajectory.evaluations.tolist() == [100, 400]


# --- answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("noise", [0.0, 0.5])
@pytest.mark.parametrize("company", [(), (contender(lr=1e-3),), (asking(2e-3), contender("adam"))])
def test_answers_within_a_step_see_the_same_noise(
    noise: float, company: tuple[Contender, ...]
) -> None:
    race = experiment("rosenbrock", *company, asking(1e-3), noise=noise, seeds=(0, 1), steps=50)
    trajectory = course(race)
    assert (trajectory.diverged_at == NEVER).all()
    # What it steps by is the noisy gradient that gradient descent meets.
    descent = course(experiment("rosenbrock", contender(lr=1e-3), **_surroundings(race)))
    mine = [la.index for la in trajectory.plan.lanes if la.contender == len(company)]
    assert np.array_equal(trajectory.position[:, :, mine], descent.position)


def _surroundings(race: Experiment) -> dict[str, Any]:
    return {"noise": race.noise, "seeds": race.seeds, "steps": race.steps}


def test_noise_tilts_the_function() -> None:
    problem = PROBLEMS["beale"]()
    position = np.array([[1.0, 2.0], [0.5, -0.5]])
    loss, gradient = problem.loss_and_gradient(position)
    evaluator = Evaluator(problem, position)
    probe = Probe(evaluator, slice(0, position.shape[1]), position, loss.copy())
    draw = np.array([[0.3, -2.0], [1.0, 0.1]])
    probe.turn(Effects(gradient=draw))
    assert probe.loss == pytest.approx(loss + (draw * position).sum(axis=0))
    answer = probe.loss_and_gradient(position, np.array([True, False]))
    assert answer[0] == pytest.approx(probe.loss)
    assert answer[1] == pytest.approx(gradient + draw)
    assert probe.count.tolist() == [1, 0]
    assert probe.hessian() == pytest.approx(problem.hessians(position)[0])
    assert probe.hessian_diagonal()[0] == pytest.approx(problem.hessians(position)[0][0, 0])
    assert probe.count.tolist() == [5, 4]


def test_answers_are_those_of_the_function_where_it_has_moved_to() -> None:
    problem = PROBLEMS["rosenbrock"]()
    position, offset = np.array([[1.0, 2.0], [0.5, -0.5]]), np.array([[0.3, -1.0], [2.0, 0.1]])
    probe = Probe(Evaluator(problem, position), slice(0, 2), position, np.zeros(2))
    effects = Effects(offset=offset, scale=np.array([1.5, -0.5]), loss=np.array([0.25, -4.0]))
    probe.turn(effects)
    points = np.array([[0.1, -0.7], [1.3, 0.4]])
    loss, gradient = problem.loss_and_gradient(points - offset)
    told = probe.loss_and_gradient(points)
    assert told[0] == pytest.approx(np.array([1.5, -0.5]) * loss + np.array([0.25, -4.0]))
    assert told[1] == pytest.approx(np.array([1.5, -0.5]) * gradient)
    assert probe.hessian() == pytest.approx(problem.hessians(position - offset)[0])


def test_a_search_with_noise_lowers_the_loss_that_it_sees() -> None:
    race = experiment("ellipse", contender("armijo"), noise=0.5, seeds=(0, 1, 2), steps=100)
    trajectory = course(race)
    assert (trajectory.final_loss < 0.1 * trajectory.loss[0]).all()


@pytest.mark.parametrize("every", [1, 7])
def test_evaluations_to_the_tolerance_are_counted_to_the_step_that_arrives(every: int) -> None:
    race = experiment("ellipse", contender(lr=0.05), asking(0.05), steps=400)
    for row in results(course(race, every)):
        assert row.steps_to_tolerance is not None
        cost = 4 if row.contender_index else 1
        assert row.evaluations_to_tolerance == cost * row.steps_to_tolerance
        assert row.evaluations == cost * 400


def test_a_run_that_does_not_arrive_has_no_evaluations_to_the_tolerance() -> None:
    race = experiment("ellipse", contender(lr=1e-6), asking(1e-6), steps=20)
    assert {row.evaluations_to_tolerance for row in results(course(race))} == {None}
