"""Disturbances draw what their formulas say, one stream each, whatever the stretches."""

import math
from itertools import permutations

import msgspec
import numpy as np
import pytest

from lrstudio.core import DISTURBANCES, Disturbance, describe, identifier
from lrstudio.core.arrays import Array
from lrstudio.core.disturbance import Effects, disturbed, streams

MANY = 40_000
KINDS = pytest.mark.parametrize("cls", DISTURBANCES.values(), ids=identifier)


def course(
    disturbance: Disturbance,
    sizes: tuple[int, ...] = (MANY,),
    dim: int = 3,
    seed: int = 5,
) -> Array:
    """Its values `(steps, width)`, drawn in stretches of these sizes."""
    generator = np.random.default_rng(seed)
    before, first, tables = np.zeros(disturbance.width(dim)), 0, []
    for size in sizes:
        tables.append(disturbance.draw(generator, before, np.arange(first, first + size)))
        before, first = tables[-1][-1], first + size
    return np.concatenate(tables)


def made(kind: str, **fields: object) -> Disturbance:
    return DISTURBANCES[kind](**fields)


@KINDS
def test_stretches_do_not_matter(cls: type[Disturbance]) -> None:
    whole = course(cls(), (1000,))
    for sizes in ((1,) * 40 + (960,), (7, 193, 1, 799), (200, 800), (201, 799)):
        assert np.array_equal(course(cls(), sizes), whole)


@KINDS
def test_nothing_is_drawn_that_is_not_finite(cls: type[Disturbance]) -> None:
    for dim in (1, 2, 5):
        values = course(cls(), (500,), dim)
        assert values.shape == (500, cls().width(dim))
        assert np.isfinite(values).all()


@KINDS
def test_only_what_is_random_depends_on_the_seed(cls: type[Disturbance]) -> None:
    same = np.array_equal(course(cls(), (500,), seed=1), course(cls(), (500,), seed=2))
    assert same == (not cls.is_random)


@KINDS
def test_summaries_say_what_there_is(cls: type[Disturbance]) -> None:
    told = describe(cls)
    assert told.summary.endswith(".")
    assert told.formula
    assert told.notes


# --- distributions against closed forms ---------------------------------------------------------


def test_factors_have_mean_one_and_the_asked_deviation() -> None:
    for reach, width in (("coordinate", 3), ("gradient", 1)):
        factors = course(made("multiplicative_noise", sigma=0.7, drawn_for=reach))
        assert factors.shape[1] == width
        assert factors.mean() == pytest.approx(1.0, abs=5 * 0.7 / math.sqrt(factors.size))
        assert factors.std() == pytest.approx(0.7, rel=5 / math.sqrt(2 * factors.size))


@pytest.mark.parametrize("kind", ["loss_noise", "label_noise"])
def test_noise_of_losses_and_labels_is_normal(kind: str) -> None:
    values = course(made(kind, sigma=2.0))
    assert values.mean() == pytest.approx(0.0, abs=5 * 2 / math.sqrt(MANY))
    assert values.std() == pytest.approx(2.0, rel=5 / math.sqrt(2 * MANY))
    within = np.mean(np.abs(values) < 2.0)
    assert within == pytest.approx(math.erf(math.sqrt(0.5)), abs=5 * math.sqrt(0.25 / MANY))


# The distribution functions of Student's t for which there is a closed form.
STUDENT = {
    1.0: lambda t: 0.5 + math.atan(t) / math.pi,
    2.0: lambda t: 0.5 + t / (2 * math.sqrt(2 + t * t)),
    4.0: lambda t: 0.5 + 3 / 8 * (u := t / math.sqrt(1 + t * t / 4)) * (1 - u * u / 12),
}


@pytest.mark.parametrize("nu", STUDENT)
def test_heavy_tails_are_those_of_students_distribution(nu: float) -> None:
    values = course(made("heavy_tailed_noise", sigma=3.0, nu=nu)).ravel() / 3.0
    for t in (-20.0, -3.0, -1.0, 0.0, 0.5, 2.0, 10.0):
        share = STUDENT[nu](t)
        deviation = math.sqrt(share * (1 - share) / values.size)
        assert np.mean(values < t) == pytest.approx(share, abs=5 * deviation)


def test_with_many_degrees_of_freedom_the_noise_has_its_variance() -> None:
    values = course(made("heavy_tailed_noise", sigma=2.0, nu=10.0))
    # Var = σ² ν/(ν−2); the spread of its estimate follows from the kurtosis 3 + 6/(ν−4).
    spread = math.sqrt((3 + 6 / 6 - 1) / values.size)
    assert values.var() == pytest.approx(4 * 10 / 8, rel=5 * spread)


def test_the_optimum_circles() -> None:
    places = course(made("circle_drift", radius=2.0, period=8.0), (17,))
    half = math.sqrt(2.0)
    assert places[:3] == pytest.approx(np.array([[2, 0, 0], [half, half, 0], [0, 2, 0]]), abs=1e-12)
    assert places[16] == pytest.approx(places[0], abs=1e-12)
    assert np.hypot(places[:, 0], places[:, 1]) == pytest.approx(2.0)
    assert course(made("circle_drift", period=4.0), (5,), 1)[:, 0] == pytest.approx(
        [1, 0, -1, 0, 1], abs=1e-12
    )


def test_the_optimum_jumps_by_its_length_when_it_is_time() -> None:
    places = course(made("jump_drift", length=0.5, rest=10), (MANY,))
    lengths = np.linalg.norm(np.diff(places, axis=0), axis=1)
    is_jump = np.arange(1, MANY) % 10 == 0
    assert lengths[is_jump] == pytest.approx(0.5)
    assert (lengths[~is_jump] == 0).all()
    assert (places[0] == 0).all()
    directions = np.diff(places[::10], axis=0) / 0.5
    assert np.abs(directions.mean(axis=0)).max() < 5 / math.sqrt(3 * len(directions))
    assert np.square(directions).mean(axis=0) == pytest.approx(1 / 3, abs=0.03)


def test_the_optimum_walks() -> None:
    places = course(made("random_walk_drift", sigma=0.2))
    assert (places[0] == 0).all()
    moves = np.diff(places, axis=0)
    assert moves.std() == pytest.approx(0.2, rel=5 / math.sqrt(2 * moves.size))
    assert moves.mean() == pytest.approx(0.0, abs=5 * 0.2 / math.sqrt(moves.size))


# --- streams ------------------------------------------------------------------------------------


def test_every_disturbance_has_a_stream_of_its_own_in_any_order() -> None:
    listed = (made("loss_noise"), made("circle_drift"), made("label_noise"))
    expected = dict(zip(listed, streams(listed), strict=True))
    assert len(set(expected.values())) == len(listed)
    for order in permutations(listed):
        assert dict(zip(order, streams(order), strict=True)) == expected


def test_two_of_a_kind_have_different_streams() -> None:
    several = streams([made("loss_noise"), made("loss_noise"), made("loss_noise", sigma=2.0)])
    assert len(set(several)) == 3
    numbers = [np.random.default_rng([0, *stream]).random() for stream in several]
    assert len(set(numbers)) == 3


def test_all_kinds_have_different_streams() -> None:
    listed = [cls() for cls in DISTURBANCES.values()]
    assert len(set(streams(listed))) == len(listed)


# --- what they do -------------------------------------------------------------------------------


def seen(effects: Effects, loss: float, gradient: float, floor: float = 0.0) -> tuple[float, float]:
    found = disturbed(np.array([loss]), np.array([[gradient]]), floor, effects)
    return float(found[0][0]), float(found[1][0, 0])


def test_a_label_is_wrong() -> None:
    # A prediction p = 3 of the label 1, both times the slope 2: r = 2, f = 2, f' = 2 · 2.
    for noise in (-5.0, -2.0, 0.0, 0.7):
        loss, gradient = seen(Effects(residual=np.array([noise])), 2.0, 4.0)
        assert loss == pytest.approx((2 + noise) ** 2 / 2)
        assert gradient == pytest.approx((2 + noise) * 2)
    raised = seen(Effects(residual=np.array([0.7])), 12.0, 4.0, floor=10.0)
    assert raised == pytest.approx((10 + 2.7**2 / 2, 5.4))


def test_at_a_minimum_a_wrong_label_moves_nothing() -> None:
    assert seen(Effects(residual=np.array([0.5])), 0.0, 0.0) == pytest.approx((0.125, 0.0))
    assert seen(Effects(residual=np.array([0.5])), -1.0, 3.0)[1] == 3.0


def test_a_function_is_scaled_above_its_minimum() -> None:
    scaled = seen(Effects(scale=np.array([1.5])), 12.0, 4.0, floor=10.0)
    assert scaled == pytest.approx((13.0, 6.0))


def test_a_factor_leaves_the_loss_and_a_loss_the_gradient() -> None:
    assert seen(Effects(factor=np.array([[3.0]])), 12.0, 4.0) == (12.0, 12.0)
    assert seen(Effects(loss=np.array([0.5])), 12.0, 4.0) == (12.5, 4.0)


def test_wrong_values_are_refused_by_their_bounds() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(
            {"disturbance": "heavy_tailed_noise", "nu": 0.0}, DISTURBANCES["heavy_tailed_noise"]
        )
