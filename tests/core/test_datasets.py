"""Data sets: what was published about the measured ones, what must hold of the drawn ones."""

import hashlib
import re
import time
from typing import Any

import msgspec
import numpy as np
import pytest

from lrstudio import resources
from lrstudio.core import DATASETS, PROBLEMS, Dataset, Table, describe
from lrstudio.core.dataset_facts import dataset_facts
from lrstudio.core.datasets.knobs import apportioned
from lrstudio.core.reference import page
from tests.core.variants import name, variants

MEASURED = [cls for cls in DATASETS.values() if cls.family == "measured"]
DRAWN = [cls for cls in DATASETS.values() if cls.family == "generated"]
each_dataset = pytest.mark.parametrize("cls", [*MEASURED, *DRAWN], ids=name)
each_drawn = pytest.mark.parametrize("cls", DRAWN, ids=name)


def table(identifier: str, **fields: Any) -> Table:
    return DATASETS[identifier](**fields).table()


def counts(found: Table) -> list[int]:
    return np.bincount(found.labels, minlength=len(found.classes)).tolist()


# --- all ---------------------------------------------------------------------------------------


@each_dataset
def test_a_table_is_whole_and_cannot_be_written_to(cls: type[Dataset]) -> None:
    for dataset in variants(cls):
        found = dataset.table()
        assert np.isfinite(found.features).all()
        assert np.isfinite(found.target).all()
        assert found.features.dtype == found.target.dtype == np.float64
        assert len(set(found.feature_names)) == found.columns
        assert bool(found.classes) == dataset.has_classes
        if found.classes:
            assert len(set(found.classes)) == len(found.classes)
            assert np.array_equal(found.labels, found.target)
            assert set(found.labels.tolist()) <= set(range(len(found.classes)))
        with pytest.raises(ValueError, match="read-only"):
            found.features[0, 0] = 1.0


@each_dataset
def test_the_same_table_comes_at_each_call(cls: type[Dataset]) -> None:
    first, second = cls().table(), cls().table()
    assert np.array_equal(first.features, second.features)
    assert np.array_equal(first.target, second.target)


@each_dataset
def test_the_source_names_a_licence(cls: type[Dataset]) -> None:
    assert re.search("licen[cs]e", describe(cls).source)


@each_dataset
def test_what_is_known_of_a_table_is_told(cls: type[Dataset]) -> None:
    found, told = cls().table(), dict(dataset_facts(cls()))
    assert told["examples"] == f"{found.examples:,}"
    assert told["features"].startswith(f"{found.columns}: {found.feature_names[0]}")
    assert ("classes" in told) == bool(found.classes)
    assert ("target" in told) == (not found.classes)
    assert page(cls).facts == tuple(told.items())


# --- measured ----------------------------------------------------------------------------------

SHAPES = {
    "breast_cancer": (569, 30, [212, 357]),
    "iris": (150, 4, [50, 50, 50]),
    "wine": (178, 13, [59, 71, 48]),
    # The counts of the test part, from the repository's own description.
    "digits": (1797, 64, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
    "diabetes": (442, 10, []),
}
# Least and largest value, from the same.
SPANS = {
    ("breast_cancer", "mean radius"): (6.981, 28.11),
    ("breast_cancer", "mean texture"): (9.71, 39.28),
    ("breast_cancer", "area error"): (6.802, 542.2),
    ("breast_cancer", "worst area"): (185.2, 4254.0),
    ("breast_cancer", "worst concavity"): (0.0, 1.252),
    ("iris", "sepal length"): (4.3, 7.9),
    ("iris", "sepal width"): (2.0, 4.4),
    ("iris", "petal length"): (1.0, 6.9),
    ("iris", "petal width"): (0.1, 2.5),
    ("wine", "malic acid"): (0.74, 5.80),
    ("wine", "magnesium"): (70.0, 162.0),
    ("wine", "OD280/OD315"): (1.27, 4.00),
    ("wine", "proline"): (278, 1680),
    ("diabetes", "age"): (19, 79),  # and these from the summary of a course that uses them in R
    ("diabetes", "sex"): (1, 2),
    ("diabetes", "bmi"): (18.0, 42.2),
    ("diabetes", "ldl"): (41.6, 242.4),
    ("diabetes", "glu"): (58, 124),
}
# Means as they are printed in the same places, with half a unit of their last digit.
MEANS = {
    ("iris", "sepal length"): (5.84, 0.005),
    ("iris", "sepal width"): (3.05, 0.0075),  # 3.0573: printed for the file with two mistakes
    ("iris", "petal length"): (3.76, 0.005),
    ("iris", "petal width"): (1.20, 0.005),
    ("wine", "magnesium"): (99.7, 0.05),
    ("wine", "proline"): (746, 1),
    ("diabetes", "age"): (48.52, 0.005),
    ("diabetes", "bp"): (94.65, 0.005),
    ("diabetes", "ltg"): (4.641, 0.0005),
}


def feature(identifier: str, column: str) -> Any:
    found = table(identifier)
    return found.features[:, found.feature_names.index(column)]


def test_every_measured_set_is_looked_at_here() -> None:
    assert [cls.__struct_config__.tag for cls in MEASURED] == list(SHAPES)


@pytest.mark.parametrize("identifier", SHAPES)
def test_shapes_and_classes_are_those_that_were_published(identifier: str) -> None:
    found = table(identifier)
    examples, columns, members = SHAPES[identifier]
    assert (found.examples, found.columns) == (examples, columns)
    assert (counts(found) if found.classes else []) == members


@pytest.mark.parametrize(("identifier", "column"), SPANS)
def test_values_span_what_was_published(identifier: str, column: str) -> None:
    values = feature(identifier, column)
    assert (values.min(), values.max()) == SPANS[identifier, column]


@pytest.mark.parametrize(("identifier", "column"), MEANS)
def test_means_are_those_that_were_published(identifier: str, column: str) -> None:
    mean, half = MEANS[identifier, column]
    assert feature(identifier, column).mean() == pytest.approx(mean, abs=half)


def test_the_iris_of_fisher_s_paper_is_the_one_that_is_shipped() -> None:
    features = table("iris").features
    assert features[34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert features[37].tolist() == [4.9, 3.6, 1.4, 0.1]


def test_digits_are_images_that_can_be_recognised() -> None:
    found = table("digits")
    assert (found.features.min(), found.features.max()) == (0, 16)
    assert np.array_equal(found.features, np.round(found.features))
    assert found.labels[:10].tolist() == list(range(10))
    zero, one = found.features[0].reshape(8, 8), found.features[1].reshape(8, 8)
    assert zero[3:5, 3:5].sum() == 0  # a ring
    assert one[:, 3:6].sum() > 0.9 * one.sum()  # a bar


def test_the_first_patient_is_the_one_of_the_paper() -> None:
    found = table("diabetes")
    assert found.features[0].tolist() == [59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.8598, 87]
    assert found.target[:6].tolist() == [151, 75, 141, 206, 135, 97]


def test_files_are_those_of_the_checksums() -> None:
    folder = resources.path("datasets")
    listed = re.findall(
        r"^([0-9a-f]{64})  (\S+)$", (folder / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(file for _, file in listed) == sorted(p.name for p in folder.glob("*.csv"))
    for known, file in listed:
        content = (folder / file).read_bytes().replace(b"\r\n", b"\n")  # a checkout on Windows
        assert hashlib.sha256(content).hexdigest() == known


def test_a_set_is_read_quickly_and_once() -> None:
    from lrstudio.core.datasets.tables import bundled

    bundled.cache_clear()
    start = time.process_time()
    first = table("digits")
    assert time.process_time() - start < 0.3  # some 10 ms; ten times that is no accident
    assert table("digits") is first


LOADERS = {
    "breast_cancer": ("load_breast_cancer", {}),
    "iris": ("load_iris", {}),
    "wine": ("load_wine", {}),
    "digits": ("load_digits", {}),
    "diabetes": ("load_diabetes", {"scaled": False}),
}


@pytest.mark.frameworks
@pytest.mark.parametrize("identifier", LOADERS)
def test_every_cell_is_that_of_scikit_learn(identifier: str) -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    loader, options = LOADERS[identifier]
    theirs, ours = getattr(datasets, loader)(**options), table(identifier)
    assert np.array_equal(ours.features, theirs.data)
    assert np.array_equal(ours.target, theirs.target)
    if identifier in ("breast_cancer", "iris"):
        assert ours.classes == tuple(theirs.target_names.tolist())
    if identifier == "breast_cancer":
        assert ours.feature_names == tuple(theirs.feature_names.tolist())


# --- drawn -------------------------------------------------------------------------------------


@each_drawn
def test_another_seed_draws_other_examples_of_the_same_kind(cls: type[Dataset]) -> None:
    first, second = cls().table(), cls(seed=1).table()
    assert not np.array_equal(first.features, second.features)
    assert first.feature_names == second.feature_names
    assert first.classes == second.classes


@each_drawn
@pytest.mark.parametrize("examples", [4, 5, 101])
def test_as_many_examples_are_drawn_as_are_asked_for(cls: type[Dataset], examples: int) -> None:
    assert cls(examples=examples).table().examples == examples


@each_drawn
def test_examples_are_drawn_in_no_order(cls: type[Dataset]) -> None:
    if cls is DATASETS["label_shift"]:
        return
    target = cls(examples=1000).table().target
    centred = target - target.mean()
    neighbours = (centred[1:] * centred[:-1]).mean() / centred.var()
    assert abs(neighbours) < 5 / np.sqrt(1000)  # standard error of a correlation of nothing


@pytest.mark.parametrize(
    ("share", "rare"), [(0.5, 200), (0.05, 20), (0.013, 5), (1e-9, 1), (0.999999, 399)]
)
def test_clouds_have_the_shares_that_are_asked_for(share: float, rare: int) -> None:
    assert counts(table("two_gaussians", share=share)) == [400 - rare, rare]


def test_clouds_lie_at_their_distance() -> None:
    found = table("two_gaussians", examples=40_000, distance=3.0)
    for label, centre in ((0, -1.5), (1, 1.5)):
        cloud = found.features[found.labels == label]
        assert cloud.mean(axis=0) == pytest.approx([centre, 0], abs=5 / np.sqrt(20_000))
        assert np.cov(cloud.T) == pytest.approx(np.eye(2), abs=5 * np.sqrt(2 / 20_000))


def test_moons_without_noise_lie_on_two_half_circles() -> None:
    found = table("moons", noise=0.0, examples=101)
    assert counts(found) == [50, 51]
    upper, lower = (found.features[found.labels == label] for label in (0, 1))
    assert np.hypot(*upper.T) == pytest.approx(1)
    assert (upper[:, 1] >= 0).all()
    assert np.hypot(lower[:, 0] - 1, lower[:, 1] - 0.5) == pytest.approx(1)
    assert (lower[:, 1] <= 0.5).all()
    for moon, ends in ((upper, [-1, 1]), (lower, [0, 2])):
        assert [moon[:, 0].min(), moon[:, 0].max()] == pytest.approx(ends)


def test_circles_without_noise_are_circles() -> None:
    found = table("circles", noise=0.0, inner_radius=0.3)
    radii = np.hypot(*found.features.T)
    assert radii == pytest.approx(np.where(found.labels == 0, 1, 0.3))
    for label in (0, 1):
        angles = np.sort(np.arctan2(*found.features[found.labels == label].T))
        assert np.diff(angles) == pytest.approx(2 * np.pi / 200)


@pytest.mark.frameworks
@pytest.mark.parametrize(
    ("identifier", "maker", "options"),
    [("moons", "make_moons", {}), ("circles", "make_circles", {"factor": 0.5})],
)
def test_moons_and_circles_are_those_of_scikit_learn(
    identifier: str, maker: str, options: dict[str, float]
) -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    features, labels = getattr(datasets, maker)(n_samples=101, shuffle=False, **options)
    found = table(identifier, noise=0.0, examples=101)
    for label in (0, 1):
        theirs, ours = features[labels == label], found.features[found.labels == label]
        order = [np.lexsort(np.round(places, 9).T) for places in (theirs, ours)]
        assert ours[order[1]] == pytest.approx(theirs[order[0]], abs=1e-12)


def test_opposite_fields_of_xor_are_of_one_class() -> None:
    found = table("xor", gap=0.2)
    assert counts(found) == [200, 200]
    assert np.array_equal(found.labels == 1, found.features.prod(axis=1) < 0)
    assert np.abs(found.features).min() >= 0.2
    assert np.abs(found.features).max() <= 1
    fields = 2 * (found.features[:, 0] > 0) + (found.features[:, 1] > 0)
    assert np.bincount(fields).tolist() == [100] * 4


def test_spirals_without_noise_wind_as_often_as_is_asked_for() -> None:
    found = table("spirals", noise=0.0, turns=2.5, arms=3, examples=301)
    assert counts(found) == [101, 100, 100]
    for label, members in enumerate(counts(found)):
        arm = found.features[found.labels == label]
        r = np.hypot(*arm.T)
        arm, r = arm[np.argsort(r)], np.sort(r)
        assert r == pytest.approx(np.arange(1, members + 1) / members)
        angles = np.unwrap(np.arctan2(*arm.T))
        assert np.diff(angles) == pytest.approx(2 * np.pi * 2.5 / members)
        # The outer end of the first arm points where whole turns and a half do: downwards.
        outer = 2 * np.pi * (2.5 + label / 3)
        assert arm[-1] == pytest.approx([np.sin(outer), np.cos(outer)])


@pytest.mark.parametrize("identifier", ["moons", "circles", "xor", "spirals"])
def test_noise_is_of_the_spread_that_is_asked_for(identifier: str) -> None:
    calm = table(identifier, examples=10_000, noise=0.0)
    noisy = table(identifier, examples=10_000, noise=0.25)
    assert np.array_equal(calm.target, noisy.target)
    moved = noisy.features - calm.features
    assert moved.std(axis=0) == pytest.approx([0.25, 0.25], abs=5 * 0.25 / np.sqrt(20_000))
    assert moved.mean(axis=0) == pytest.approx([0, 0], abs=5 * 0.25 / 100)


def test_frequencies_of_zipf_classes_fall_as_zipf_has_it() -> None:
    found = table("zipf_classes")
    harmonic = sum(1 / k for k in range(1, 201))
    expected = [1000 / (k * harmonic) for k in range(1, 201)]
    assert sum(counts(found)) == 1000
    assert all(abs(n - share) < 1 for n, share in zip(counts(found), expected, strict=True))
    assert counts(table("zipf_classes", exponent=0.0)) == [5] * 200
    squares = counts(table("zipf_classes", exponent=2.0, classes=3, examples=49))
    assert squares == [36, 9, 4]  # 1 : ¼ : ⅑


def test_shares_are_apportioned_by_largest_remainders() -> None:
    # The Alabama paradox, as textbooks have it: two parties lose a seat when there is one more.
    votes = np.array([1500.0, 1500, 900, 500, 500, 200])
    assert apportioned(25, votes).tolist() == [7, 7, 4, 3, 3, 1]
    assert apportioned(26, votes).tolist() == [8, 8, 5, 2, 2, 1]


def test_features_of_zipf_classes_lie_about_their_centres() -> None:
    found = table("zipf_classes", classes=2, exponent=0.0, examples=20_000, distance=6.0)
    first, second = (found.features[found.labels == label] for label in (0, 1))
    for cloud in (first, second):
        assert cloud.var(axis=0) == pytest.approx(np.ones(20), abs=6 * np.sqrt(2 / 10_000))
    # Two centres of length about 6 in directions of their own.
    apart = np.linalg.norm(first.mean(axis=0) - second.mean(axis=0))
    assert apart == pytest.approx(6 * np.sqrt(2), rel=0.35)
    nowhere = table("zipf_classes", classes=2, examples=20_000, distance=0.0, mean=3.0).features
    assert nowhere.mean(axis=0) == pytest.approx(np.full(20, 3.0), abs=5 / np.sqrt(20_000))


def lowest(problem: Any, rates: tuple[float, ...], *, is_adam: bool) -> float:
    """Lowest loss after 30 steps of heavy ball or of Adam over some rates."""
    losses = []
    for rate in rates:
        x, m, v = (np.zeros((problem.dim, 1)) for _ in range(3))
        for step in range(1, 31):
            _, g = problem.loss_and_gradient(x)
            m = 0.9 * m + (0.1 if is_adam else 1) * g
            v = 0.999 * v + 0.001 * g * g
            hats = m / (1 - 0.9**step), v / (1 - 0.999**step)
            x = x - rate * (hats[0] / (np.sqrt(hats[1]) + 1e-8) if is_adam else m)
        losses.append(float(problem.loss(x)[0]))
    return min(losses)


def test_adam_is_ahead_where_classes_are_rare_and_not_where_they_are_equal() -> None:
    """The finding of Kunstner et al.: at least three times as far ahead as with equal classes."""
    ahead = []
    for exponent in (1.0, 0.0):
        problem = PROBLEMS["softmax_regression"](
            data=DATASETS["zipf_classes"](exponent=exponent),
            scale_features=False,
            validation_share=0.0,
        )
        best = lowest(problem, (0.3, 3.0), is_adam=False)
        ahead.append(best - lowest(problem, (0.1,), is_adam=True))
    assert ahead[0] > max(0.5, 3 * ahead[1])


@pytest.mark.parametrize("shift", ["abrupt", "gradual"])
def test_the_shares_of_a_stream_shift(shift: str) -> None:
    dataset = DATASETS["label_shift"](
        examples=40_000, shift=shift, period=20_000, share=0.1, distance=2.0
    )
    labels = dataset.table().labels.reshape(2, 20_000)
    i = np.arange(20_000)
    if shift == "abrupt":
        expected = np.where(i < 10_000, 0.1, 0.9)
    else:
        expected = 0.5 - 0.4 * np.cos(2 * np.pi * i / 20_000)
    for turn in labels:  # eight parts of 2,500 each
        parts, wanted = turn.reshape(8, -1).mean(axis=1), expected.reshape(8, -1).mean(axis=1)
        assert parts == pytest.approx(wanted, abs=5 * 0.5 / np.sqrt(2500))


def test_only_the_shares_of_a_stream_shift() -> None:
    found = table("label_shift", examples=40_000, period=40_000, distance=2.0)
    for half in (slice(20_000), slice(20_000, None)):
        features, labels = found.features[half], found.labels[half]
        for label, centre in ((0, -1.0), (1, 1.0)):
            cloud = features[labels == label]
            assert cloud.mean(axis=0) == pytest.approx([centre, 0], abs=5 / np.sqrt(len(cloud)))


def test_a_line_without_noise_is_a_line() -> None:
    found = table("line", noise=0.0, slope=-1.5, intercept=4.0, middle=3.0)
    (x,) = found.features.T
    assert found.target == pytest.approx(-1.5 * x + 4)
    assert (x >= 2).all()
    assert (x <= 4).all()
    noisy = table("line", examples=10_000, noise=0.5, slope=0.0, intercept=0.0).target
    assert noisy.std() == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(20_000))


@pytest.mark.parametrize("turned", [False, True])
def test_features_of_linear_targets_have_the_condition_that_is_asked_for(turned: bool) -> None:
    found = table("linear_targets", examples=50_000, features=5, kappa=100.0, turned=turned)
    covariance = found.features.T @ found.features / found.examples
    eigenvalues = np.linalg.eigvalsh(covariance)[::-1]
    expected = [1, 10**-0.5, 0.1, 10**-1.5, 0.01]
    assert eigenvalues == pytest.approx(expected, rel=6 * np.sqrt(2 / 50_000))
    off_diagonal = covariance - np.diag(np.diag(covariance))
    assert (np.abs(off_diagonal).max() > 0.05) == turned


def test_linear_targets_are_a_weighted_sum_and_noise() -> None:
    exact = table("linear_targets", noise=0.0)
    weights, rest, *_ = np.linalg.lstsq(exact.features, exact.target)
    assert exact.features @ weights == pytest.approx(exact.target)
    assert rest == pytest.approx([0], abs=1e-20)
    noisy = table("linear_targets", noise=0.5, examples=10_000)
    assert (noisy.target - noisy.features @ weights).std() == pytest.approx(
        0.5, abs=5 * 0.5 / np.sqrt(20_000)
    )


def test_few_examples_have_a_larger_curvature_than_many() -> None:
    """The largest stable rate 2/λmax grows to its limit with the number of examples."""
    largest = []
    for examples in (50, 400, 20_000):
        features = table("linear_targets", examples=examples, kappa=1.0).features
        largest.append(np.linalg.eigvalsh(features.T @ features / examples)[-1])
    # Marchenko and Pastur's edge (1 + √(d/n))² for the covariance of n examples.
    edges = [(1 + np.sqrt(20 / n)) ** 2 for n in (50, 400, 20_000)]
    assert largest == pytest.approx(edges, rel=0.15)
    assert largest[0] > largest[1] > largest[2]


@each_drawn
def test_the_extremes_of_the_knobs_are_no_error(cls: type[Dataset]) -> None:
    extremes = {
        "noise": (0.0, 1e3),
        "arms": (10,),
        "turns": (0.0, 20.0),
        "classes": (2, 1000),
        "exponent": (10.0,),
        "features": (1, 200),
        "kappa": (1.0, 1e9),
        "period": (2, 1_000_000),
        "share": (1e-300, 0.5),
        "gap": (1.0,),
        "inner_radius": (0.0, 1.0),
    }
    for field in set(extremes) & set(cls.__struct_fields__):
        for value in extremes[field]:
            found = msgspec.structs.replace(cls(examples=4), **{field: value}).table()
            assert np.isfinite(found.features).all(), (field, value)
