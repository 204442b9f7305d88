"""Races on examples: batches, drawn starts, metrics, and three epochs beside PyTorch."""

from typing import Any

import numpy as np
import pytest

from lrstudio.core import DATASETS, OPTIMIZERS, PROBLEMS, Problem
from lrstudio.core.arrays import Array
from lrstudio.core.sampling import Sampling
from lrstudio.engine import Contender, Experiment, Recording, Trajectory, results, run
from lrstudio.engine.batches import Batches, stream
from lrstudio.engine.plan import plan
from tests.core.test_models import loss_of, module, put

IRIS, DIGITS = DATASETS["iris"](), DATASETS["digits"]()


def sgd(rate: float) -> Contender:
    return Contender(name=f"SGD {rate}", optimizer=OPTIMIZERS["sgd"](lr=rate))


def on_iris(*contenders: Contender, steps: int = 60, **fields: Any) -> Experiment:
    own = {name: fields.pop(name) for name in Experiment.__struct_fields__ if name in fields}
    kind = fields.pop("kind", "softmax_regression")
    problem = PROBLEMS[kind](**{"data": IRIS, **fields})
    return Experiment(problem=problem, contenders=contenders, steps=steps, **own)


# --- batches -----------------------------------------------------------------------------------


def test_an_epoch_meets_every_example_once_and_the_next_in_another_order() -> None:
    drawn = stream(Sampling(10, 4, "shuffled"), 0)
    epochs = [np.concatenate([next(drawn) for _ in range(3)]) for _ in range(2)]
    assert [sorted(epoch.tolist()) for epoch in epochs] == [list(range(10))] * 2
    assert not np.array_equal(*epochs)


def test_in_order_and_full() -> None:
    drawn = stream(Sampling(5, 2, "in_order"), 3)
    assert [next(drawn).tolist() for _ in range(4)] == [[0, 1], [2, 3], [4], [0, 1]]
    assert next(stream(Sampling(5, 2, "full"), 3)) == slice(None)


def test_with_replacement_all_examples_are_met_alike() -> None:
    drawn = stream(Sampling(8, 50, "replacement"), 0)
    counts = np.bincount(np.concatenate([next(drawn) for _ in range(800)]), minlength=8)
    assert counts.sum() == 800 * 8  # a batch is no larger than the set
    assert np.abs(counts / 800 - 1).max() < 0.15  # some four standard deviations


def test_equal_seeds_meet_equal_batches_and_others_do_not() -> None:
    experiment = on_iris(sgd(0.1), sgd(0.2), seeds=(4, 5), batch_size=8)
    planned = plan(experiment)
    rows = Batches(planned).draw()
    assert isinstance(rows, np.ndarray)
    by_seed = {lane.seed: rows[lane.index] for lane in planned.lanes}
    for lane in planned.lanes:
        assert np.array_equal(rows[lane.index], by_seed[lane.seed])
    assert not np.array_equal(by_seed[4], by_seed[5])
    assert np.array_equal(by_seed[4], next(stream(experiment.problem.sampling, 4)))  # type: ignore[arg-type]


# Of 120 examples the last batch of an epoch has 16, one (7), or every batch has one; the wide
# perceptron is measured in several blocks of examples.
@pytest.mark.parametrize("size", [1, 7, 16])
@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("logistic_regression", {}),
        ("softmax_regression", {"data": DATASETS["breast_cancer"](), "l2": 0.01}),
        ("perceptron", {"data": DATASETS["breast_cancer"](), "width": 40}),
        ("perceptron", {"hidden_layers": 2, "width": 2, "norm": True, "class_weights": "balanced"}),
    ],
)
def test_a_lane_with_batches_of_its_own_is_the_same_alone(
    kind: str, fields: dict[str, Any], size: int
) -> None:
    fields = {"batch_size": size, "kind": kind, "steps": 40, **fields}
    adam = Contender(name="Adam", optimizer=OPTIMIZERS["adam"](lr=0.02))
    many = run(on_iris(sgd(0.3), adam, seeds=(1, 2, 3), **fields))
    for lane in many.plan.lanes:
        contender = many.plan.contender(lane)
        alone = run(on_iris(contender, seeds=(lane.seed,), **fields))
        assert np.array_equal(alone.measures[:, :, 0], many.measures[:, :, lane.index])
        assert np.array_equal(alone.position[:, :, 0], many.position[:, :, lane.index])
        assert np.array_equal(alone.loss[:, 0], many.loss[:, lane.index])


def test_the_loss_of_a_step_is_that_of_its_batch() -> None:
    experiment = on_iris(sgd(0.1), steps=12, batch_size=50)
    trajectory = run(experiment)
    drawn = stream(experiment.problem.sampling, 0)  # type: ignore[arg-type]
    for row in range(trajectory.rows):
        point = trajectory.position[row]
        loss, gradient = experiment.problem.on_examples(point, next(drawn))
        assert trajectory.loss[row] == pytest.approx(loss, rel=1e-13)
        assert trajectory.gradient_norm[row] == pytest.approx(np.linalg.norm(gradient), rel=1e-12)


# --- starts ------------------------------------------------------------------------------------


def test_initial_weights_come_from_the_seed() -> None:
    experiment = on_iris(sgd(0.1), sgd(0.2), seeds=(0, 1), kind="perceptron", steps=1)
    trajectory = run(experiment)
    for lane in trajectory.plan.lanes:
        drawn = experiment.problem.drawn_start(lane.seed)
        assert np.array_equal(trajectory.position[0, :, lane.index], drawn)


# --- metrics -----------------------------------------------------------------------------------


def check_metrics(trajectory: Trajectory) -> None:
    problem = trajectory.plan.experiment.problem
    steps = trajectory.measured_steps().astype(int).tolist()
    for row, step in enumerate(steps):
        at = trajectory.row_of(step)
        if trajectory.step(at) == step:
            measured = problem.measure(trajectory.position[at])
            assert trajectory.measures[row] == pytest.approx(measured, rel=1e-12, nan_ok=True)


def test_metrics_are_measured_once_an_epoch_and_at_the_end() -> None:
    trajectory = run(on_iris(sgd(0.1), sgd(1.0), steps=20, batch_size=20))
    assert trajectory.plan.experiment.problem.sampling.steps_per_epoch == 6  # type: ignore[union-attr]
    assert trajectory.measured_steps().tolist() == [0, 6, 12, 18, 20]
    check_metrics(trajectory)


def test_metrics_are_measured_as_often_as_one_asks() -> None:
    trajectory = run(on_iris(sgd(0.1), sgd(1.0), steps=20, batch_size=20, metrics_every=1))
    assert trajectory.measured_steps().tolist() == list(range(21))
    check_metrics(trajectory)
    trajectory = run(on_iris(sgd(0.1), steps=20, batch_size=20, metrics_every=50))
    assert trajectory.measured_steps().tolist() == [0, 20]


def test_a_long_run_is_measured_less_often() -> None:
    trajectory = run(on_iris(sgd(0.1), steps=3000, batch_size=120))
    assert 180 <= trajectory.measured <= 202


def test_the_table_rests_on_the_loss_of_all_examples() -> None:
    trajectory = run(on_iris(sgd(0.5), steps=31, batch_size=8))
    (row,) = results(trajectory)
    problem = trajectory.plan.experiment.problem
    assert row.final_loss == pytest.approx(problem.loss(trajectory.position[-1])[0], rel=1e-12)
    assert row.best_loss == trajectory.measures[:, 0, 0].min()
    assert row.verdict.kind in ("descending", "oscillating")
    assert "f*" not in row.verdict.sentence  # nobody knows the minimum


def test_a_diverged_lane_is_measured_no_more() -> None:
    trajectory = run(on_iris(sgd(0.1), sgd(1e6), kind="linear_regression", steps=80))
    assert np.isnan(trajectory.measures[-1, :, 1]).all()
    assert np.isfinite(trajectory.measures[:, :, 0]).all()
    fine, gone = results(trajectory)
    assert gone.verdict.kind == "diverged"
    assert fine.verdict.kind != "diverged"


def test_tolerance_means_the_loss_of_all() -> None:
    experiment = on_iris(sgd(1.0), steps=200, tolerance=0.2, batch_size=30)
    (row,) = results(run(experiment))
    assert row.verdict.kind == "converged"
    assert row.steps_to_tolerance
    assert row.steps_to_tolerance % 4 == 0  # an end of an epoch


def test_a_recording_with_gaps_measures_the_same() -> None:
    experiment = on_iris(sgd(0.3), steps=50, batch_size=16)
    whole, thin = run(experiment), run(experiment, Recording(every=7))
    assert np.array_equal(whole.measures, thin.measures)
    assert results(whole)[0].final_loss == results(thin)[0].final_loss


ASKING = ("newton", "conjugate_gradient", "armijo", "polyak", "lbfgs", "sophia", "momo")


@pytest.mark.parametrize("rule", ASKING)
def test_rules_that_ask_the_problem_ask_about_the_batch(rule: str) -> None:
    contender = Contender(name=rule, optimizer=OPTIMIZERS[rule]())
    trajectory = run(on_iris(contender, steps=24, batch_size=40, l2=0.01))
    assert trajectory.measures[-1, 0, 0] < trajectory.measures[0, 0, 0]


# --- PyTorch -----------------------------------------------------------------------------------


def losses_of_pytorch(problem: Problem, rate: float, steps: int, torch: Any) -> Array:
    """Plain SGD on the same batches from the same start."""
    layers = module(problem, torch)  # type: ignore[arg-type]
    put(layers, problem, problem.drawn_start(0), torch)  # type: ignore[arg-type]
    optimizer = torch.optim.SGD(layers.parameters(), lr=rate)
    drawn = stream(problem.sampling, 0)  # type: ignore[arg-type]
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of(problem, layers, next(drawn), torch)  # type: ignore[arg-type]
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return np.array(losses)


@pytest.mark.frameworks
@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("logistic_regression", {"data": DATASETS["breast_cancer"]()}),
        ("softmax_regression", {"data": DIGITS, "batch_size": 64}),
        ("perceptron", {"data": DIGITS, "batch_size": 64, "width": 32}),
        ("perceptron", {"data": DIGITS, "hidden_layers": 2, "norm": True, "activation": "gelu"}),
    ],
)
def test_three_epochs_are_those_of_pytorch(kind: str, fields: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    problem = PROBLEMS[kind](**fields)
    steps = 3 * problem.sampling.steps_per_epoch
    ours = run(Experiment(problem=problem, contenders=(sgd(0.2),), steps=steps))
    theirs = losses_of_pytorch(problem, 0.2, steps, torch)
    assert ours.loss[:steps, 0] == pytest.approx(theirs, rel=1e-9)
