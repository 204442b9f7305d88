"""The largest eigenvalue of the Hessian along a run: against closed forms and `eigvalsh`."""

from functools import partial
from time import sleep
from typing import ClassVar

import msgspec
import numpy as np
import pytest

from lrstudio.core import DATASETS, OPTIMIZERS, PROBLEMS
from lrstudio.core.problem import Problem
from lrstudio.engine import (
    Contender,
    Experiment,
    Recording,
    Trajectory,
    curvature_cost,
    plan,
    simulate,
)
from lrstudio.engine.curvature import TOLERANCE, CurvatureMeter, largest, never
from lrstudio.engine.curvature_cost import CurvatureClock, CurvatureCost, seconds_per_gradient
from lrstudio.engine.evaluation import Evaluator


def raced(problem, rates=(0.01,), steps=20, every=5, recording=None, **fields) -> Trajectory:
    contenders = tuple(Contender(name=f"{lr}", optimizer=OPTIMIZERS["sgd"](lr=lr)) for lr in rates)
    experiment = Experiment(
        problem=problem, contenders=contenders, steps=steps, curvature_every=every, **fields
    )
    planned = plan(experiment, recording)
    trajectory = Trajectory(planned)
    for _ in simulate(planned, trajectory):
        pass
    return trajectory


class Matrix(Problem, frozen=True, tag="matrix_for_this_test"):
    """½ xᵀAx for a matrix with these eigenvalues."""

    eigenvalues: tuple[float, ...] = (1.0,)

    @property
    def domain(self):
        return ((-1.0, 1.0),) * len(self.eigenvalues)

    def matrix(self):
        q, _ = np.linalg.qr(np.random.default_rng(7).standard_normal((len(self.eigenvalues),) * 2))
        return q * np.array(self.eigenvalues) @ q.T

    def loss_and_gradient(self, position):
        gradient = np.tensordot(self.matrix(), position, 1)
        return (position * gradient).sum(axis=0) / 2, gradient


SPECTRA = {
    "spread": tuple(np.geomspace(1e-3, 50.0, 40)),
    "the most negative is larger": (-100.0, -3.0, 0.0, 1.0, 2.0, 7.0),
    "all negative": (-9.0, -5.0, -4.0, -0.5),
    "equal ones": (3.0,) * 5,
    "a pair at the top": (1.0, 2.0, 10.0, 10.0),
    "plus and minus": (-5.0, -1.0, 1.0, 5.0),
    "flat but one": (0.0,) * 30 + (2.5,),
    "one dimension": (4.0,),
    "two dimensions": (1.0, 3.0),
}


@pytest.mark.parametrize("name", SPECTRA)
def test_the_largest_eigenvalue_is_found_whatever_its_sign(name):
    problem = Matrix(eigenvalues=SPECTRA[name])
    matrix = problem.matrix()
    random = np.random.default_rng(0)
    begin = random.standard_normal((len(matrix), 3))
    begin /= np.linalg.norm(begin, axis=0)
    value, vector, products = largest(lambda _, v: matrix @ v, np.zeros_like(begin), begin)
    known = np.linalg.eigvalsh(matrix)[-1]
    np.testing.assert_allclose(value, known, rtol=1e-6)
    residual = np.linalg.norm(matrix @ vector - value * vector, axis=0)
    assert (residual <= TOLERANCE * abs(known) * 1.01).all()
    assert (products <= 60).all()


@pytest.mark.parametrize("dim", [2, 5])
def test_on_a_quadratic_it_is_the_known_one_at_every_step(dim):
    problem = (
        PROBLEMS["ellipsoid"](dim=dim) if "ellipsoid" in PROBLEMS else PROBLEMS["sphere"](dim=dim)
    )
    trajectory = raced(problem, rates=(1e-3, 1e-4))
    known = np.linalg.eigvalsh(problem.hessian(problem.minima[0]))[-1]
    assert trajectory.curvature.steps().tolist() == [0, 5, 10, 15, 20]
    np.testing.assert_allclose(trajectory.curvature.values, known, rtol=1e-6)


def test_where_the_curvature_changes_it_is_that_of_the_hessian():
    problem = PROBLEMS["rosenbrock"](dim=6)
    trajectory = raced(problem, rates=(1e-3, 3e-4), steps=50, every=7)
    rows = trajectory.curvature.steps()
    assert rows.tolist() == [0, 7, 14, 21, 28, 35, 42, 49, 50]
    for row, step in enumerate(rows):
        for lane in range(2):
            point = tuple(trajectory.position[step, :, lane])
            known = np.linalg.eigvalsh(problem.hessian(point))[-1]
            assert trajectory.curvature.values[row, lane] == pytest.approx(known, rel=1e-5)
    assert (trajectory.curvature.evaluations > 0).all()
    assert (trajectory.evaluations == 50).all()  # what is measured is not the rule's


def test_of_a_model_it_is_that_of_the_full_loss():
    problem = PROBLEMS["perceptron"](width=3, batch_size=8)
    trajectory = raced(problem, rates=(0.1,), steps=12, every=4)
    for row, step in enumerate(trajectory.curvature.steps()):
        matrix = problem.hessian(tuple(trajectory.position[step, :, 0]))
        known = np.linalg.eigvalsh(matrix)[-1]
        assert trajectory.curvature.values[row, 0] == pytest.approx(known, rel=1e-4)


def unkinked_hessian(problem, point) -> np.ndarray:
    """Second derivatives of a perceptron of one layer of ReLU units, each of which stays on or off
    for each example as it is at `point`: without kinks, so that wide differences are exact enough.
    """
    inputs, labels = problem.sample.train.features, problem.sample.train.labels
    rows, width, classes = np.arange(len(labels)), problem.width, 2

    def parts(flat):
        weights, rest = np.split(flat, [inputs.shape[1] * width])
        biases, rest = np.split(rest, [width])
        outer, outer_biases = np.split(rest, [width * classes])
        return weights.reshape(-1, width), biases, outer.reshape(width, classes), outer_biases

    weights, biases, _, _ = parts(point)
    is_on = inputs @ weights + biases > 0

    def gradient(flat):
        weights, biases, outer, outer_biases = parts(flat)
        units = is_on * (inputs @ weights + biases)
        scores = np.exp(units @ outer + outer_biases)
        error = scores / scores.sum(axis=1, keepdims=True)
        error[rows, labels] -= 1
        error /= len(labels)
        back = is_on * (error @ outer.T)
        by_layer = (inputs.T @ back, back.sum(axis=0), units.T @ error, error.sum(axis=0))
        return np.concatenate([part.ravel() for part in by_layer])

    step = 1e-5
    moves = step * np.eye(len(point))
    slopes = [gradient(point + move) - gradient(point - move) for move in moves]
    return np.array(slopes) / (2 * step)


RELU = PROBLEMS["perceptron"](
    data=DATASETS["moons"](examples=100), activation="relu", width=6, init="he"
)


def beside_a_kink(*distances: float) -> np.ndarray:
    """Positions from which the first unit is so far from being switched by the first example."""
    position = np.random.default_rng(1).standard_normal((RELU.dim, 1)).repeat(len(distances), 1)
    names, example = RELU.coordinates, RELU.sample.train.features[0]
    weights = [position[names.index(name)] for name in ("W₁[1,1]", "W₁[2,1]")]
    position[names.index("b₁[1]")] = np.array(distances) - example @ np.array(weights)
    return position


@pytest.mark.parametrize("distance", [0.1, 1e-6, 1e-9, -1e-9])
def test_second_derivatives_are_not_those_across_a_kink(distance):
    position = beside_a_kink(distance)
    known = unkinked_hessian(RELU, position[:, 0])
    matrix, cost = RELU.hessians(position)
    np.testing.assert_allclose(matrix[:, :, 0], known, atol=1e-6)
    assert cost == 2 * RELU.dim + 1
    evaluator = Evaluator(RELU, position, draw=partial(np.arange, 80))
    evaluator.evaluate()
    matrix, _ = evaluator.hessians(position, slice(0, 1))
    np.testing.assert_allclose(matrix[:, :, 0], known, atol=1e-6)


def test_kinks_that_a_difference_would_span_are_no_curvature():
    problem, position = RELU, beside_a_kink(0.1, 1e-6, 1e-7, 1e-8, 1e-9, -1e-9, -1e-7)
    contender = Contender(name="a", optimizer=OPTIMIZERS["sgd"]())
    seeds = tuple(range(position.shape[1]))
    experiment = Experiment(problem=problem, contenders=(contender,), seeds=seeds)
    value, gradients = CurvatureMeter(plan(experiment)).measure(position)
    known = [np.linalg.eigvalsh(unkinked_hessian(problem, p))[-1] for p in position.T]
    np.testing.assert_allclose(value, known, rtol=1e-3)
    assert (gradients % 2 == 1).all()  # two for each product, one where it is measured


def test_of_many_examples_a_selection_stands_for_all_but_never_for_their_sum():
    data = DATASETS["linear_targets"](examples=6000)
    for reduction, error in (("mean", 0.1), ("sum", 1e-5)):
        problem = PROBLEMS["linear_regression"](data=data, reduction=reduction)
        trajectory = raced(problem, rates=(1e-5,), steps=2, every=1)
        inputs = np.column_stack([problem.sample.train.features, np.ones(4800)])
        known = np.linalg.svd(inputs, compute_uv=False)[0] ** 2
        known /= 4800 if reduction == "mean" else 1
        assert trajectory.curvature.values == pytest.approx(np.full((3, 1), known), rel=error)


def test_recorded_rows_do_not_decide_where_it_is_measured():
    dense = raced(PROBLEMS["beale"](), rates=(1e-3,), steps=23, every=4)
    thin = raced(
        PROBLEMS["beale"](), rates=(1e-3,), steps=23, every=4, recording=Recording(every=9)
    )
    assert dense.curvature.steps().tolist() == thin.curvature.steps().tolist()
    assert dense.curvature.steps().tolist() == [0, 4, 8, 12, 16, 20, 23]
    np.testing.assert_array_equal(dense.curvature.values, thin.curvature.values)


def test_a_lane_does_not_depend_on_its_neighbours():
    problem = PROBLEMS["rosenbrock"](dim=4)
    together = raced(problem, rates=(1e-3, 5e-4, 1e-4))
    for lane, rate in enumerate((1e-3, 5e-4, 1e-4)):
        alone = raced(problem, rates=(rate,))
        np.testing.assert_array_equal(
            alone.curvature.values[:, 0], together.curvature.values[:, lane]
        )


def test_a_run_that_diverged_has_none_and_spoils_no_other():
    trajectory = raced(PROBLEMS["rosenbrock"](dim=4), rates=(1e-4, 1.0), steps=30)
    assert trajectory.diverged_at[1] > 0
    assert np.isfinite(trajectory.curvature.values[:, 0]).all()
    assert np.isnan(trajectory.curvature.values[-1, 1])


def test_another_eigenvalue_that_becomes_the_largest_is_noticed():
    class Turning(Problem, frozen=True, tag="turning_for_this_test"):
        """½ (1 + t) x² + ½ (2 − t) y², where t is a third coordinate."""

        @property
        def domain(self):
            return ((-1.0, 1.0),) * 3

        def loss_and_gradient(self, position):
            x, y, t = position
            return x * 0, np.stack([(1 + t) * x, (2 - t) * y, 0 * t])

    experiment = Experiment(
        problem=PROBLEMS["sphere"](dim=3),
        contenders=(Contender(name="a", optimizer=OPTIMIZERS["sgd"]()),),
    )
    meter = CurvatureMeter(plan(experiment))
    meter._problem = Turning()
    for t in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        value, _ = meter.measure(np.array([[0.0], [0.0], [t]]))
        assert value[0] == pytest.approx(max(1 + t, 2 - t), rel=1e-5)


def test_it_is_not_measured_unless_asked_for():
    trajectory = raced(PROBLEMS["beale"](), every=None)
    assert trajectory.curvature.values.shape == (0, 1)
    assert (trajectory.curvature.evaluations == 0).all()


@pytest.mark.parametrize("data", ["moons", "spirals"])
def test_gradient_descent_settles_at_the_edge_of_stability(data):
    """Cohen, Kaur, Li, Kolter & Talwalkar, "Gradient Descent on Neural Networks Typically Occurs at
    the Edge of Stability", 2021, arXiv:2103.00065: λmax rises to 2/η and stays there."""
    problem = PROBLEMS["perceptron"](
        data=DATASETS[data](), model_loss="squares", order="full", examples_used=60
    )
    rates = np.array([0.1, 0.4])
    trajectory = raced(problem, rates=tuple(rates), steps=2000, every=100)
    share = trajectory.curvature.values * rates / 2
    assert (share[0] < 0.8).all()
    assert share[-10:, 0].mean() < 0.6  # a small rate is far from its edge
    assert 0.9 < share[-10:, 1].mean() < 1.1


class Slow(Matrix, frozen=True, tag="slow_for_this_test"):
    """Counts its gradients, and takes a while for each."""

    calls: ClassVar[list[int]] = []
    pause: ClassVar[float] = 0.0

    def loss_and_gradient(self, position):
        self.calls.append(position.shape[1])
        sleep(self.pause)
        return super().loss_and_gradient(position)


SLOW = Slow(eigenvalues=tuple(np.linspace(1.0, 1.01, 40)))  # which takes many iterations


def begun(every: int, is_over=never, chunk_seconds: float = 0.0):
    Slow.calls.clear()
    contender = Contender(name="a", optimizer=OPTIMIZERS["sgd"](lr=0.01))
    race = Experiment(
        problem=SLOW,
        contenders=(contender,),
        steps=20,
        starts=((1.0,) * 40,),
        curvature_every=every,
    )
    trajectory = Trajectory(plan(race))
    return trajectory, simulate(trajectory.plan, trajectory, chunk_seconds, is_over)


@pytest.mark.parametrize("every", [1, 3, 20])
def test_between_dear_measurements_there_is_a_place_to_walk_away(every):
    trajectory, course = begun(every)
    before = 0
    for _ in course:
        assert trajectory.curvature.rows <= before + 1
        before = trajectory.curvature.rows
    assert before == trajectory.plan.curvature_rows


def test_a_measurement_is_given_up_when_nobody_waits_for_it():
    whole, course = begun(every=20)
    next(course)
    whole_calls = len(Slow.calls)
    trajectory, course = begun(every=20, is_over=lambda: len(Slow.calls) >= 5)
    next(course)
    assert whole_calls > 20
    assert len(Slow.calls) < whole_calls - 10
    assert (trajectory.curvature.rows, whole.curvature.rows) == (0, 1)


def test_the_cost_is_told_before(monkeypatch):
    monkeypatch.setattr(Slow, "pause", 0.004)
    contender = Contender(name="a", optimizer=OPTIMIZERS["sgd"](lr=0.01))
    race = Experiment(problem=SLOW, contenders=(contender,), steps=1000, curvature_every=30)
    clock = CurvatureClock()
    cost = clock.cost(race)
    assert cost.times == plan(race).curvature_rows
    assert 20 * 0.004 < cost.seconds / cost.times < 100 * 0.004
    assert cost.sentence.startswith("35 measurements: about ")

    asked = len(Slow.calls)
    both = clock.cost(msgspec.structs.replace(race, curvature_every=10))
    assert both.seconds == pytest.approx(cost.seconds * both.times / cost.times)
    assert len(Slow.calls) == asked  # the problem is the same, and is not timed again
    assert clock.cost(msgspec.structs.replace(race, curvature_every=None)) is None
    assert clock.cost(msgspec.structs.replace(race, contenders=())) is None


@pytest.mark.parametrize("per_example", [1e-6, 1e-4, 1e-2])
@pytest.mark.parametrize("runs", [1, 8, 100])
def test_the_window_waits_a_moment_for_the_cost_of_however_large_a_model(
    monkeypatch, per_example, runs
):
    now = 0.0

    def gradient_on(problem, position, rows):
        nonlocal now
        now += 0.005 + per_example * rows.stop * position.shape[1]

    monkeypatch.setattr(curvature_cost, "gradient_on", gradient_on)
    monkeypatch.setattr(curvature_cost, "perf_counter", lambda: now)
    digits = PROBLEMS["softmax_regression"](data=DATASETS["digits"]())
    seconds = seconds_per_gradient(digits, runs)
    assert now < 0.4
    all_examples = per_example * digits.sampling.examples * runs
    assert 0.999 * (0.005 + all_examples) < seconds < 1.001 * (0.005 * runs + all_examples)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.8, "about a second"),
        (43.0, "about 40 s"),
        (260.0, "about 4 min"),
        (2e4, "about 6 h"),
    ],
)
def test_a_cost_is_told_in_round_numbers(seconds, words):
    assert CurvatureCost(26, 32, seconds).sentence == f"26 measurements of 32 runs: {words}"
