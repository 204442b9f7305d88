"""Models on data: losses and gradients by hand, by differences, and by PyTorch."""

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from lrstudio.core import DATASETS, PROBLEMS, Problem, Refused, learner
from lrstudio.core.activations import ACTIVATIONS, erf, sigmoid, softplus
from lrstudio.core.arrays import Array
from lrstudio.core.data_problem import DataProblem
from lrstudio.core.datasets.own import checksum
from lrstudio.core.heads import largest
from lrstudio.core.preparation import Preparation, for_task, prepared
from lrstudio.core.sampling import Sampling
from lrstudio.core.table import Table
from lrstudio.core.wide_product import WideProduct
from tests.core.variants import name

IRIS, WINE, DIABETES = (DATASETS[data]() for data in ("iris", "wine", "diabetes"))


def model(kind: str, **fields: Any) -> DataProblem:
    problem = PROBLEMS[kind](**fields)
    assert isinstance(problem, DataProblem)
    return problem


MODELS = [
    model("linear_regression", data=DIABETES, reduction="sum", examples_used=50, l2=0.1),
    model("linear_regression", data=DIABETES, scale_target=True),
    model("logistic_regression", data=WINE, class_weights="balanced", l2=0.3),
    model("softmax_regression", data=IRIS, class_weights="balanced"),
    model("softmax_regression", data=WINE, scale_features=False, l2=0.01),
    model("perceptron", data=DIABETES, scale_target=True, activation="gelu"),
    model("perceptron", data=WINE, model_loss="squares", activation="sigmoid", hidden_layers=0),
    model("perceptron", data=DATASETS["digits"](), width=1),
    *(
        model("perceptron", data=IRIS, hidden_layers=2, width=5, activation=a, norm=norm, l2=0.02)
        for a in ACTIVATIONS
        for norm in (False, True)
    ),
]
each_model = pytest.mark.parametrize("problem", MODELS, ids=name)


def somewhere(problem: Problem, lanes: int) -> Array:
    return np.random.default_rng(7).normal(0.0, 0.6, (problem.dim, lanes))


# --- gradients ---------------------------------------------------------------------------------


@each_model
def test_the_gradient_is_the_slope_of_the_loss(problem: DataProblem) -> None:
    points = somewhere(problem, 3)
    loss, gradient = problem.loss_and_gradient(points)
    assert loss == pytest.approx(problem.loss(points), rel=1e-13)
    for i in np.linspace(0, problem.dim - 1, 12).astype(int):
        spacing = 1e-5
        ahead, behind = points.copy(), points.copy()
        ahead[i] += spacing
        behind[i] -= spacing
        slope = (problem.loss(ahead) - problem.loss(behind)) / (2 * spacing)
        scale = np.abs(gradient).max()
        assert slope == pytest.approx(gradient[i], rel=1e-6, abs=1e-6 * scale)


@each_model
def test_batches_of_an_epoch_add_up_to_the_whole(problem: DataProblem) -> None:
    plain = replace(problem, l2=0.0)  # the penalty counts in every batch
    points = somewhere(plain, 2)
    train = plain.sample.train
    parts = np.array_split(np.arange(train.examples), 7)
    weights = plain.sample.weights
    shares = [len(rows) if weights is None else weights[rows].sum() for rows in parts]
    if plain.is_sum:
        shares = [1.0] * len(parts)
    total = 1.0 if plain.is_sum else sum(shares)
    loss, gradient = np.zeros(2), np.zeros_like(points)
    for rows, share in zip(parts, shares, strict=True):
        of_batch, slope = plain.on_examples(points, rows)
        loss += of_batch * share / total
        gradient += slope * share / total
    whole, slope = plain.loss_and_gradient(points)
    assert loss == pytest.approx(whole, rel=1e-12)
    assert gradient == pytest.approx(slope, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("size", [1, 2, 16])
@each_model
def test_lanes_with_batches_of_their_own_do_not_depend_on_their_neighbours(
    problem: DataProblem, size: int
) -> None:
    points = somewhere(problem, 5)
    random = np.random.default_rng(1)
    rows = random.integers(problem.sample.train.examples, size=(5, size))
    losses, gradients = problem.on_examples(points, rows)
    for lane in range(5):
        alone = points[:, lane : lane + 1].copy(), rows[lane : lane + 1]
        loss, gradient = problem.on_examples(*alone)
        assert np.array_equal(loss, losses[lane : lane + 1])
        assert np.array_equal(gradient[:, 0], gradients[:, lane])
        loss, gradient = problem.on_examples(alone[0], rows[lane])  # as one lane is run alone
        assert np.array_equal(loss, losses[lane : lane + 1])
        assert np.array_equal(gradient[:, 0], gradients[:, lane])


@each_model
def test_what_is_measured_of_a_lane_does_not_depend_on_its_neighbours(
    problem: DataProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learner, "BLOCK_NUMBERS", 300)  # or all would be looked at at once
    points = somewhere(problem, 9)
    together = problem.measure(points)
    for lane in range(9):
        alone = problem.measure(points[:, lane : lane + 1].copy())
        assert np.array_equal(alone[:, 0], together[:, lane], equal_nan=True)


@each_model
def test_who_is_asked_again_and_again_says_what_one_says_who_is_asked_once(
    problem: DataProblem,
) -> None:
    examiner = problem.examiner()
    random = np.random.default_rng(5)
    told = []
    for shape in [(9,), (9,), (4,), (3, 9), (3, 4), (9,), (3, 9)]:
        points = random.normal(0.0, 0.6, (problem.dim, 3))
        rows = random.integers(problem.sample.train.examples, size=shape)
        told.append((examiner.on_examples(points, rows), problem.on_examples(points, rows)))
        told.append(((examiner.measure(points),), (problem.measure(points),)))
    for again, once in told:  # at the end, when whatever is used again has been
        for ours, fresh in zip(again, once, strict=True):
            assert np.array_equal(ours, fresh)


def test_the_gradient_of_a_lone_lane_is_written_beside_it_as_well() -> None:
    problem = model("perceptron", data=IRIS, hidden_layers=1, width=4, norm=True, l2=0.1)
    points, rows = somewhere(problem, 1), np.arange(12)
    both = np.full((problem.dim, 2), np.nan)
    problem.on_examples(points, rows, both)
    _, alone = problem.on_examples(points, rows)
    assert np.array_equal(both, np.repeat(alone, 2, axis=1))


@each_model
def test_lanes_that_share_a_batch_see_what_lanes_of_their_own_see(problem: DataProblem) -> None:
    points = somewhere(problem, 6)
    rows = np.arange(20)
    shared, own = (problem.on_examples(points, r) for r in (rows, np.tile(rows, (6, 1))))
    assert shared[0] == pytest.approx(own[0], rel=1e-13)
    assert shared[1] == pytest.approx(own[1], rel=1e-10, abs=1e-13)


# --- by hand -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lanes", "width", "bands"), [(32, 8, 2), (8, 48, 3), (7, 11, 1), (5, 131, 1)]
)
def test_a_wide_product_is_the_same_in_bands_and_beside_others(
    lanes: int, width: int, bands: int
) -> None:
    problem = model("perceptron", data=DATASETS["digits"](), width=width)
    rows, points = np.arange(40), somewhere(problem, lanes)
    assert WideProduct(len(rows), 65, lanes * width).bands == bands
    own = problem.on_examples(points, np.tile(rows, (lanes, 1)))
    beside = np.full((problem.dim, lanes + 1), np.nan)
    problem.learner.on_examples(points, rows, beside[:, :lanes])
    for gradient in (problem.on_examples(points, rows)[1], beside[:, :lanes]):
        assert gradient == pytest.approx(own[1], rel=1e-10, abs=1e-13)
    assert np.isnan(beside[:, lanes]).all()


def test_an_untrained_classifier_knows_nothing() -> None:
    problem = model("softmax_regression", data=IRIS)
    assert problem.loss(np.zeros(problem.dim)) == pytest.approx(math.log(3))
    two = model("logistic_regression", data=WINE)
    assert two.loss(np.zeros(two.dim)) == pytest.approx(math.log(2))


def test_linear_regression_knows_its_minimum_and_its_curvature() -> None:
    problem = model("linear_regression", data=DIABETES, validation_share=0.0)
    train = problem.sample.train
    inputs = np.column_stack([train.features, np.ones(train.examples)])
    weights, *_ = np.linalg.lstsq(inputs, train.target)
    assert problem.minima[0] == pytest.approx(weights, rel=1e-8)
    rest = inputs @ weights - train.target
    assert problem.minimum_value == pytest.approx(rest @ rest / 2 / train.examples)
    ends = problem.curvature()
    assert ends is not None
    spectrum = np.linalg.svd(inputs, compute_uv=False) ** 2 / train.examples
    assert ends == pytest.approx((spectrum[-1], spectrum[0]), rel=1e-6)
    summed = replace(problem, reduction="sum").curvature()
    assert summed == pytest.approx([e * train.examples for e in ends], rel=1e-6)


def test_no_curvature_is_lost_where_features_stand_as_in_the_table() -> None:
    data = DATASETS["breast_cancer"]()
    problem = model("linear_regression", data=data, scale_features=False, validation_share=0.0)
    # Eigenvalues of XᵀX/n with mpmath, 50 digits: a condition number of 2.4e12.
    assert problem.curvature() == pytest.approx((7.00687444559e-7, 1665739.17693), rel=1e-6)
    # Pixels that are the same in all images leave directions that are level indeed.
    level = model("linear_regression", data=DATASETS["digits"]()).curvature()
    assert level is not None
    assert level[0] == 0.0


def test_the_lowest_loss_is_the_same_in_whatever_units_features_are() -> None:
    random = np.random.default_rng(3)
    features = random.standard_normal((50, 2))
    told = features @ (1.0, 2.0) + 0.1 * random.standard_normal(50)
    table = np.column_stack([features * (1e5, 1e-4), told])
    rows = "".join(",".join(map(repr, row)) + "\n" for row in table.tolist())
    content = f'"a","b","y"\n{rows}'
    data = DATASETS["own_table"](
        content=content,
        checksum=checksum(content.encode()),
        features=("a", "b"),
        target="y",
        target_is_class=False,
    )
    problem = model("linear_regression", data=data, scale_features=False, validation_share=0.0)
    _, (rest,), *_ = np.linalg.lstsq(np.column_stack([features, np.ones(50)]), told)
    assert problem.minimum_value == pytest.approx(rest / 100, rel=1e-6)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_minimum_with_a_penalty_solves_the_normal_equations(reduction: str) -> None:
    problem = model("linear_regression", data=DIABETES, l2=0.3, reduction=reduction)
    train = problem.sample.train
    inputs = np.column_stack([train.features, np.ones(train.examples)])
    share = 1 if reduction == "sum" else 1 / train.examples
    matrix = share * inputs.T @ inputs + 0.3 * np.diag([1.0] * train.columns + [0.0])
    weights = np.linalg.solve(matrix, share * inputs.T @ train.target)
    assert problem.minima[0] == pytest.approx(weights, rel=1e-9)


@pytest.mark.parametrize("scale", [0.0, 0.5, 4.0])
@pytest.mark.parametrize(
    ("kind", "variance"), [("scaled", 1 / 64), ("xavier", 2 / 128), ("he", 2 / 64), ("zero", 0.0)]
)
def test_initial_weights_have_the_spread_that_was_asked_for(
    kind: str, variance: float, scale: float
) -> None:
    digits = DATASETS["digits"]()
    problem = model("perceptron", data=digits, width=64, init=kind, init_scale=scale)
    first = problem.layers[0]
    assert first.shape == (64, 64)
    drawn = problem.drawn_start(3)
    # 4 096 draws: the spread of their spread is a hundredth of it.
    assert drawn[first.places].std() == pytest.approx(scale * math.sqrt(variance), rel=0.06)
    assert not drawn[problem.layers[1].places].any()
    assert np.array_equal(drawn, problem.drawn_start(3))
    assert kind == "zero" or scale == 0 or not np.array_equal(drawn, problem.drawn_start(4))


def test_the_metrics_are_counted() -> None:
    problem = model("softmax_regression", data=IRIS, validation_share=0.2)
    point = somewhere(problem, 1)
    values = dict(zip([m.id for m in problem.metrics], problem.measure(point)[:, 0], strict=True))
    for key, table in (
        ("train", problem.sample.train),
        ("validation", problem.sample.validation),
    ):
        weights, biases = point[:12, 0].reshape(4, 3), point[12:, 0]
        scores = table.features @ weights + biases
        chosen = scores.argmax(axis=1)
        likelihood = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        loss = -likelihood[np.arange(len(chosen)), table.labels].mean()
        rare = table.labels == problem.sample.rare_class
        assert values[f"{key}_loss"] == pytest.approx(loss, rel=1e-12)
        assert values[f"{key}_accuracy"] == pytest.approx((chosen == table.labels).mean())
        assert values[f"{key}_recall"] == pytest.approx((chosen == table.labels)[rare].mean())


def test_beside_a_sum_the_validation_loss_is_scaled_to_as_many_examples() -> None:
    problem = model("linear_regression", data=DIABETES, reduction="sum", validation_share=0.3)
    point = somewhere(problem, 1)
    values = dict(zip([m.id for m in problem.metrics], problem.measure(point)[:, 0], strict=True))
    train, kept = problem.sample.train, problem.sample.validation
    weights, bias = point[:-1, 0], point[-1, 0]
    off, off_kept = (t.features @ weights + bias - t.target for t in (train, kept))
    assert len(off) != len(off_kept)
    assert values["train_loss"] == pytest.approx(off @ off / 2, rel=1e-12)
    share = len(off) / len(off_kept)
    assert values["validation_loss"] == pytest.approx(share * off_kept @ off_kept / 2, rel=1e-12)
    titles = [m.title for m in problem.metrics if m.is_loss]
    assert titles == [
        f"Training loss, sum of {len(off)} examples",
        f"Validation loss, scaled to {len(off)} examples",
    ]


def test_beside_a_mean_losses_are_means() -> None:
    problem = model("linear_regression", data=DIABETES, validation_share=0.3)
    point, kept = somewhere(problem, 1), problem.sample.validation
    values = dict(zip([m.id for m in problem.metrics], problem.measure(point)[:, 0], strict=True))
    off = kept.features @ point[:-1, 0] + point[-1, 0] - kept.target
    assert values["validation_loss"] == pytest.approx(np.square(off).mean() / 2, rel=1e-12)
    titles = [m.title for m in problem.metrics if m.is_loss]
    assert titles == ["Training loss", "Validation loss"]


def test_r2_is_one_at_a_perfect_fit_and_zero_at_the_mean() -> None:
    line = DATASETS["linear_targets"](noise=0.0)
    problem = model("linear_regression", data=line, validation_share=0.0)
    r2 = [m.id for m in problem.metrics].index("train_r2")
    mean = np.zeros(problem.dim)
    mean[-1] = problem.sample.train.target.mean()
    points = np.array([problem.minima[0], mean]).T
    assert problem.measure(points)[r2] == pytest.approx([1.0, 0.0], abs=1e-12)


@pytest.mark.parametrize("z", [-40.0, -3.0, -1e-9, 0.0, 0.3, 5.9, 6.1, 700.0])
def test_special_functions_are_those_of_the_standard_library(z: float) -> None:
    at = np.array([z])
    assert erf(at)[0] == pytest.approx(math.erf(z), rel=4e-16, abs=1e-300)
    if abs(z) < 30:
        assert sigmoid(at)[0] == pytest.approx(1 / (1 + math.exp(-z)), rel=1e-15)
        assert softplus(at)[0] == pytest.approx(math.log1p(math.exp(z)), rel=1e-14)
    assert np.isfinite([sigmoid(at)[0], softplus(at)[0]]).all()


def test_the_error_function_everywhere() -> None:
    places = np.linspace(-7, 7, 20_001)
    exact = np.array([math.erf(x) for x in places.tolist()])
    assert np.abs(erf(places) - exact).max() <= 2.3e-16
    assert np.isnan(erf(np.array([math.nan]))[0])


def test_the_largest_is_the_first_of_equals() -> None:
    z = np.random.default_rng(0).integers(0, 3, (4, 5, 6)).astype(float)
    assert np.array_equal(largest(z), z.argmax(axis=1))


# --- preparation -------------------------------------------------------------------------------


def test_a_split_keeps_every_example_once_and_the_shares_of_the_classes() -> None:
    sample = prepared(Preparation(WINE, validation_share=0.25, scale_features=False))
    everything = np.vstack([sample.train.features, sample.validation.features])
    assert sorted(map(tuple, everything)) == sorted(map(tuple, WINE.table().features))
    counts = np.bincount(WINE.table().labels)
    assert np.abs(np.bincount(sample.validation.labels) - counts / 4).max() <= 0.5


def test_scaling_looks_at_the_training_examples_only() -> None:
    sample = prepared(Preparation(WINE, scale_features=True))
    assert sample.train.features.mean(axis=0) == pytest.approx(np.zeros(13), abs=1e-12)
    assert sample.train.features.std(axis=0) == pytest.approx(np.ones(13))
    raw = prepared(Preparation(WINE, scale_features=False))
    middle, spread = raw.train.features.mean(axis=0), raw.train.features.std(axis=0)
    assert sample.validation.features == pytest.approx((raw.validation.features - middle) / spread)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.7])
def test_a_class_is_made_as_rare_as_asked(share: float) -> None:
    sample = prepared(
        Preparation(DATASETS["breast_cancer"](), rare_share=share, validation_share=0.0)
    )
    counts = np.bincount(sample.train.labels)
    found = counts[sample.rare_class or 0] if share < 0.5 else counts.max()
    assert found / counts.sum() == pytest.approx(share, abs=1 / counts.sum() + 0.002)


def test_no_class_is_made_rare_where_there_is_but_one() -> None:
    alone = DATASETS["label_shift"](examples=8, seed=1)
    with pytest.raises(Refused, match=r"two classes, .* got 8 of '[^']+' alone; leave the share"):
        prepared(Preparation(alone, rare_share=0.1))


def test_label_noise_flips_as_many_training_labels_as_said() -> None:
    clean, noisy = (prepared(Preparation(WINE, label_noise=n)) for n in (0.0, 0.25))
    flipped = clean.train.target != noisy.train.target
    assert flipped.sum() == round(0.25 * clean.train.examples)
    assert np.array_equal(clean.validation.target, noisy.validation.target)
    clean, noisy = (prepared(Preparation(DIABETES, label_noise=n)) for n in (0.0, 0.5))
    added = noisy.train.target - clean.train.target
    assert added.std() == pytest.approx(0.5 * clean.train.target.std(), rel=0.15)


def test_balanced_weights_make_every_class_count_the_same() -> None:
    sample = prepared(Preparation(WINE, class_weights="balanced"))
    assert sample.weights is not None
    sums = np.bincount(sample.train.labels, weights=sample.weights)
    assert sums == pytest.approx(np.full(3, sample.train.examples / 3))


def test_a_subset_is_part_of_the_set_and_another_draw_is_another_part() -> None:
    one, two = (
        prepared(Preparation(IRIS, examples_used=40, seed=s, scale_features=False)) for s in (0, 1)
    )
    assert one.train.examples + one.validation.examples == 40
    assert not np.array_equal(one.train.features, two.train.features)


@pytest.mark.parametrize(
    ("sampling", "steps"),
    [
        (Sampling(100, 32, "shuffled"), 4),
        (Sampling(96, 32, "in_order"), 3),
        (Sampling(10, 999, "replacement"), 1),
        (Sampling(10, 3, "full"), 1),
    ],
)
def test_steps_of_an_epoch(sampling: Sampling, steps: int) -> None:
    assert sampling.steps_per_epoch == steps


# --- PyTorch -----------------------------------------------------------------------------------


def module(problem: DataProblem, torch: Any) -> Any:
    """The same model as modules of PyTorch."""
    network = problem.learner.network
    kinds = {
        "tanh": torch.nn.Tanh,
        "relu": torch.nn.ReLU,
        "gelu": torch.nn.GELU,
        "sigmoid": torch.nn.Sigmoid,
    }
    parts: list[Any] = []
    for i, block in enumerate(network.blocks):
        if i:
            parts.append(kinds[network.activation]())
        parts.append(torch.nn.Linear(block.inputs, block.outputs, dtype=torch.float64))
        if block.gains is not None:
            parts.append(torch.nn.LayerNorm(block.outputs, dtype=torch.float64))
    return torch.nn.Sequential(*parts)


def put(layers: Any, problem: DataProblem, point: Array, torch: Any) -> None:
    """Our parameters into modules; weights are turned."""
    with torch.no_grad():
        for parameter, layer in zip(layers.parameters(), problem.layers, strict=True):
            values = point[layer.places].reshape(layer.shape)
            parameter.copy_(torch.tensor(values.T if values.ndim == 2 else values))


def loss_of(problem: DataProblem, layers: Any, rows: Any, torch: Any) -> Any:
    """The loss of a batch as people write it with PyTorch."""
    sample, nn = problem.sample, torch.nn.functional
    z = layers(torch.tensor(sample.train.features[rows]))
    labels, weights = torch.tensor(sample.train.labels[rows]), sample.weights
    per_class = None
    if weights is not None:
        per_class = torch.zeros(len(sample.train.classes), dtype=torch.float64)
        per_class[torch.tensor(sample.train.labels)] = torch.tensor(weights)
    share = torch.ones(len(labels)) if per_class is None else per_class[labels]
    kind = type(problem.learner.network.head).__name__
    if kind == "CrossEntropy":
        loss = nn.cross_entropy(z, labels, weight=per_class)
    elif kind == "LogisticLoss":
        told = labels.to(torch.float64)
        each = nn.binary_cross_entropy_with_logits(z[:, 0], told, reduction="none")
        loss = (each * share).sum() / share.sum()
    else:
        target = torch.tensor(sample.train.target[rows])[:, None]
        if sample.train.classes:
            target = nn.one_hot(labels, len(sample.train.classes)).to(torch.float64)
        each = nn.mse_loss(z, target, reduction="none").sum(dim=1) / 2
        loss = each.sum() if problem.is_sum else (each * share).sum() / share.sum()
    weights_only = [
        p
        for p, layer in zip(layers.parameters(), problem.layers, strict=True)
        if len(layer.shape) == 2
    ]
    return loss + problem.l2 / 2 * sum((p**2).sum() for p in weights_only)


@pytest.mark.frameworks
@each_model
def test_losses_and_gradients_are_those_of_pytorch(problem: DataProblem) -> None:
    torch = pytest.importorskip("torch")
    layers = module(problem, torch)
    points = somewhere(problem, 2)
    rows = np.random.default_rng(3).integers(problem.sample.train.examples, size=24)
    losses, gradients = problem.on_examples(points, rows)
    for lane in range(2):
        put(layers, problem, points[:, lane], torch)
        layers.zero_grad()
        loss = loss_of(problem, layers, rows, torch)
        loss.backward()
        theirs = np.concatenate([p.grad.numpy().T.ravel() for p in layers.parameters()])
        assert losses[lane] == pytest.approx(loss.item(), rel=1e-10)
        assert gradients[:, lane] == pytest.approx(theirs, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("data", ["iris", "diabetes"])
@pytest.mark.parametrize(
    "kind", ["linear_regression", "logistic_regression", "softmax_regression", "perceptron"]
)
@pytest.mark.parametrize("init", ["zero", "xavier"])
def test_what_is_called_idle_changes_nothing_and_all_else_does(
    kind: str, data: str, init: str
) -> None:
    problem = model(kind, data=DATASETS[data](), init=init)
    others = {
        "scale_target": True,
        "rare_share": 0.05,
        "class_weights": "balanced",
        "init_scale": 3.0,
    }
    for field in others.keys() & set(problem.__struct_fields__):
        changed = replace(problem, **{field: others[field]})
        is_same = problem.start == changed.start and all(
            np.array_equal(one, other)
            for one, other in zip(seen(problem), seen(changed), strict=True)
        )
        assert is_same == (field in problem.idle_parameters), field


def seen(problem: DataProblem) -> list[Array]:
    """All that a model learns from."""
    sample = problem.sample
    weights = np.ones(1) if sample.weights is None else sample.weights
    return [sample.train.features, sample.train.target, weights]


@pytest.mark.parametrize(
    ("target", "task", "expected"),
    [
        ([5, 1, 3, 3, 3, 2, 4, 3], "two_classes", [1, 0, 1, 1, 1, 0, 1, 1]),
        ([0, 0, 0, 0, 0, 7], "two_classes", [0, 0, 0, 0, 0, 1]),
        ([7, 7, 7, 7, 7, 0], "two_classes", [1, 1, 1, 1, 1, 0]),
        ([1, 1, 2, 2, 2, 3, 3], "classes", [0, 0, 1, 1, 1, 2, 2]),
        ([4, 4, 4, 4], "two_classes", [0, 0, 0, 0]),
    ],
)
def test_equal_values_of_a_quantity_are_never_of_two_classes(
    target: list[float], task: Any, expected: list[int]
) -> None:
    features = np.zeros((len(target), 1))
    table = for_task(Table(features, np.array(target, dtype=float), ("x",)), task)
    assert table.labels.tolist() == expected


@pytest.mark.parametrize(("task", "cuts"), [("two_classes", [0.5]), ("classes", [1 / 3, 2 / 3])])
def test_a_quantity_without_equal_values_is_cut_at_its_quantiles(
    task: Any, cuts: list[float]
) -> None:
    target = np.random.default_rng(8).standard_normal(60)
    table = for_task(Table(np.zeros((60, 1)), target, ("x",)), task)
    expected = np.searchsorted(np.quantile(target, cuts), target)
    assert table.labels.tolist() == expected.tolist()
