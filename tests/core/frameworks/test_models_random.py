"""Random settings of all knobs of the models, against the same models made of PyTorch's modules."""

import random
from typing import Any

import numpy as np
import pytest

from lrstudio.core import DATASETS, PROBLEMS
from lrstudio.core.arrays import Array
from lrstudio.core.data_problem import DataProblem
from tests.core.test_models import loss_of, module, put

SETTINGS = 120
DATA = {
    "iris": {},
    "wine": {},
    "diabetes": {},
    "breast_cancer": {},
    "digits": {},
    "two_gaussians": {"share": 0.1},
    "moons": {},
    "spirals": {"arms": 3},
    "line": {},
    "linear_targets": {"features": 7, "kappa": 30.0},
    "zipf_classes": {"examples": 300, "classes": 12, "features": 5},
    "label_shift": {"examples": 200},
}
KINDS = ("linear_regression", "logistic_regression", "softmax_regression", "perceptron")


def drawn(number: int) -> DataProblem:
    """A model whose knobs are all set at random."""
    pick = random.Random(number)
    kind = KINDS[min(number % 6, 3)]  # half of them perceptrons
    data = pick.choice(list(DATA))
    fields: dict[str, Any] = {
        "data": DATASETS[data](**DATA[data]),
        "examples_used": pick.choice([None, 60, 150]),
        "batch_size": pick.randint(1, 70),
        "order": pick.choice(["shuffled", "replacement", "in_order", "full"]),
        "label_noise": pick.choice([0.0, 0.1, 0.4]),
        "rare_share": pick.choice([0.0, 0.0, 0.1, 0.4]),
        "scale_features": pick.random() < 0.8,
        "scale_target": pick.random() < 0.5,
        "validation_share": pick.choice([0.0, 0.2, 0.5]),
        "l2": pick.choice([0.0, 1e-3, 0.5]),
        "data_seed": pick.randint(0, 9),
        "init": pick.choice(["zero", "scaled", "xavier", "he"]),
        "init_scale": pick.choice([0.3, 1.0, 3.0]),
    }
    if kind == "linear_regression":
        fields["reduction"] = pick.choice(["mean", "sum"])
    else:
        fields["class_weights"] = pick.choice(["none", "balanced"])
    if kind == "perceptron":
        fields |= {
            "hidden_layers": pick.randint(0, 4),
            "width": pick.randint(2, 24),
            "activation": pick.choice(["tanh", "relu", "gelu", "sigmoid"]),
            "norm": pick.random() < 0.5,
            "model_loss": pick.choice(["cross_entropy", "squares"]),
        }
    problem = PROBLEMS[kind](**fields)
    assert isinstance(problem, DataProblem)
    return problem


def compared(problem: DataProblem, points: Array, rows: Array, torch: Any) -> None:
    """Loss and gradient of every lane, with its own rows `(lanes, batch)`, as PyTorch has them."""
    losses, gradients = problem.on_examples(points, rows)
    layers = module(problem, torch)
    for lane, own in enumerate(rows):
        put(layers, problem, points[:, lane], torch)
        layers.zero_grad()
        loss = loss_of(problem, layers, own, torch)
        loss.backward()
        theirs = np.concatenate([p.grad.numpy().T.ravel() for p in layers.parameters()])
        size = max(1.0, float(np.abs(theirs).max()))
        assert losses[lane] == pytest.approx(loss.item(), rel=1e-10, abs=1e-12)
        assert np.abs(gradients[:, lane] - theirs).max() <= 1e-10 * size


@pytest.mark.frameworks
@pytest.mark.parametrize("number", range(SETTINGS))
def test_losses_and_gradients_are_those_of_pytorch(number: int) -> None:
    torch = pytest.importorskip("torch")
    problem = drawn(number)
    train = problem.sample.train
    generator = np.random.default_rng(number)
    start = np.stack([problem.drawn_start(seed) for seed in range(3)], axis=1)
    points = start + generator.normal(0.0, 0.3, start.shape)
    sampling = problem.sampling
    assert sampling is not None
    size = train.examples if sampling.order == "full" else min(sampling.batch_size, train.examples)
    compared(problem, points, generator.integers(train.examples, size=(3, size)), torch)
    compared(problem, start, np.tile(np.arange(train.examples), (3, 1)), torch)
    whole, slope = problem.loss_and_gradient(points)
    alike, same = problem.on_examples(points, np.arange(train.examples))
    assert whole == pytest.approx(alike, rel=1e-12)
    assert np.abs(slope - same).max() <= 1e-11 * max(1.0, np.abs(same).max())


@pytest.mark.frameworks
@pytest.mark.parametrize("number", range(0, SETTINGS, 2))
def test_metrics_are_those_of_scikit_learn(number: int) -> None:
    torch = pytest.importorskip("torch")
    metrics = pytest.importorskip("sklearn.metrics")
    problem = drawn(number)
    point = np.random.default_rng(number).normal(0.0, 0.4, (problem.dim, 2))
    found = dict(zip([m.id for m in problem.metrics], problem.measure(point), strict=True))
    layers = module(problem, torch)
    parts = {"train": problem.sample.train, "validation": problem.sample.validation}
    assert ("validation_loss" in found) == (parts["validation"].examples > 0)
    for lane in range(2):
        put(layers, problem, point[:, lane], torch)
        for key, table in parts.items():
            if not table.examples:
                continue
            with torch.no_grad():
                z = layers(torch.tensor(table.features)).numpy()
            if not table.classes:
                r2 = metrics.r2_score(table.target, z[:, 0])
                assert found[f"{key}_r2"][lane] == pytest.approx(r2, rel=1e-9, abs=1e-9)
                continue
            said = z.argmax(axis=1) if z.shape[1] > 1 else (z[:, 0] > 0).astype(int)
            rare = problem.sample.rare_class
            accuracy = metrics.accuracy_score(table.labels, said)
            assert found[f"{key}_accuracy"][lane] == pytest.approx(accuracy)
            if (table.labels == rare).any():
                recall = metrics.recall_score(
                    table.labels, said, labels=[rare], average="macro", zero_division=0
                )
                assert found[f"{key}_recall"][lane] == pytest.approx(recall)
            else:
                assert np.isnan(found[f"{key}_recall"][lane])


@pytest.mark.frameworks
def test_class_weights_are_those_that_scikit_learn_calls_balanced() -> None:
    sklearn = pytest.importorskip("sklearn.utils.class_weight")
    for data in ("iris", "breast_cancer", "digits"):
        problem = PROBLEMS["softmax_regression"](
            data=DATASETS[data](), class_weights="balanced", rare_share=0.05
        )
        sample = problem.sample
        theirs = sklearn.compute_sample_weight("balanced", sample.train.labels)
        assert sample.weights == pytest.approx(theirs, rel=1e-14)


@pytest.mark.frameworks
def test_features_are_scaled_as_by_scikit_learn() -> None:
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    raw, scaled = (
        PROBLEMS["softmax_regression"](data=DATASETS["digits"](), scale_features=known).sample
        for known in (False, True)
    )
    scaler = preprocessing.StandardScaler().fit(raw.train.features)
    for before, after in ((raw.train, scaled.train), (raw.validation, scaled.validation)):
        assert after.features == pytest.approx(scaler.transform(before.features), abs=1e-12)


@pytest.mark.frameworks
@pytest.mark.parametrize("weighting", ["none", "balanced"])
@pytest.mark.parametrize(
    ("kind", "data", "l2"),
    [
        ("logistic_regression", "breast_cancer", 0.01),
        ("softmax_regression", "iris", 0.02),
        ("softmax_regression", "wine", 0.5),
    ],
)
def test_the_optimum_of_scikit_learn_is_a_stationary_point(
    kind: str, data: str, l2: float, weighting: str
) -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    problem = PROBLEMS[kind](data=DATASETS[data](), l2=l2, class_weights=weighting)
    train, weights = problem.sample.train, problem.sample.weights
    total = train.examples if weights is None else weights.sum()
    solver = linear.LogisticRegression(C=1 / (l2 * total), tol=1e-13, max_iter=100_000)
    solver.fit(train.features, train.labels, sample_weight=weights)
    point = np.concatenate([solver.coef_.T.ravel(), solver.intercept_])
    loss, gradient = problem.loss_and_gradient(point)
    start, steep = problem.loss_and_gradient(np.zeros(problem.dim))
    assert loss < start
    assert np.abs(gradient).max() < 1e-5 * np.abs(steep).max()
