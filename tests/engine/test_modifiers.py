"""Modifiers of the gradient and averages of the parameters, against loops that say what they do."""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from lrstudio.core import MODIFIERS, OPTIMIZERS, Modifier, Optimizer
from lrstudio.core.arrays import Array
from lrstudio.core.modifiers.accumulation import Accumulate, ApplyEvery
from lrstudio.core.modifiers.clipping import (
    ClipAdaptively,
    ClipNorm,
    ClipRMS,
    ClipValue,
    NormalizeGradient,
)
from lrstudio.core.modifiers.filtering import AverageGradient, DecayGradient, ScaleGradient
from lrstudio.core.modifiers.weight_average import WeightAverage
from lrstudio.engine import replay
from tests.core.variants import name, variants
from tests.engine.rules import is_recorded, make_stepper, noise

STEPS, DIM = 30, 3
START = np.array([1.0, -0.5, 2.0])
GRADIENTS = noise(STEPS, DIM, 1)[:, :, 0] * np.array([1.0, 30.0, 0.1])
MINE = [
    Accumulate,
    ApplyEvery,
    AverageGradient,
    ClipAdaptively,
    ClipNorm,
    ClipRMS,
    ClipValue,
    DecayGradient,
    NormalizeGradient,
    ScaleGradient,
    WeightAverage,
]


def around(*modifiers: Modifier, rule: str = "sgd", **fields: Any) -> Optimizer:
    """A rule with modifiers."""
    return OPTIMIZERS[rule](modifiers=modifiers, **fields)


def seen(modifier: Modifier) -> Array:
    """The gradients that a rule inside sees."""
    positions = replay(around(modifier, lr=1.0), GRADIENTS, START)
    return -np.diff(positions, axis=0)


# --- what they do to the gradient ----------------------------------------------------------------


def one_by_one(change: Callable[[Array], Array]) -> Array:
    return np.array([change(g) for g in GRADIENTS])


CHANGES: list[tuple[Modifier, Callable[[Array], Array]]] = [
    (ClipValue(limit=0.5), lambda g: np.clip(g, -0.5, 0.5)),
    (ClipNorm(limit=2.0), lambda g: g * min(1.0, 2.0 / np.linalg.norm(g))),
    (
        ClipNorm(limit=2.0, form="torch"),
        lambda g: g * min(1.0, 2.0 / (np.linalg.norm(g) + 1e-6)),
    ),
    (ClipRMS(limit=2.0), lambda g: g / max(1.0, np.sqrt(np.mean(g**2)) / 2.0)),
    (
        NormalizeGradient(length=3.0, eps=0.1),
        lambda g: 3.0 * g / (np.linalg.norm(g) + 0.1),
    ),
    (ScaleGradient(factor=-2.0), lambda g: -2.0 * g),
]


@pytest.mark.parametrize(("modifier", "change"), CHANGES, ids=[name(m) for m, _ in CHANGES])
def test_the_rule_sees_the_changed_gradient(
    modifier: Modifier, change: Callable[[Array], Array]
) -> None:
    np.testing.assert_allclose(seen(modifier), one_by_one(change), rtol=1e-9)


@pytest.mark.parametrize("modifier", [ClipNorm(), ClipNorm(form="torch"), ClipRMS()], ids=name)
def test_clipping_leaves_no_gradient_alone_that_is_no_number(modifier: Modifier) -> None:
    gradients = np.array([[0.0, 0.0], [np.nan, 1.0], [1.0, 1.0]])
    positions = replay(around(modifier, lr=1.0), gradients, [1.0, 2.0])
    assert positions[1].tolist() == [1.0, 2.0]
    assert np.isnan(positions[2]).all()  # as the frameworks: the length is no number either


def test_a_gradient_whose_square_is_too_large_is_cut_to_nothing() -> None:
    gradients = np.array([[1e200, 1.0]])
    for modifier in (ClipNorm(), ClipRMS()):
        assert replay(around(modifier), gradients, [1.0, 2.0])[1].tolist() == [1.0, 2.0]


def test_adaptive_clipping_measures_the_parameters() -> None:
    positions = replay(around(ClipAdaptively(share=0.1), lr=1.0), GRADIENTS, START)
    for x, after, g in zip(positions, positions[1:], GRADIENTS, strict=False):
        length = min(np.linalg.norm(g), 0.1 * max(np.linalg.norm(x), 1e-3))
        assert np.linalg.norm(after - x) == pytest.approx(length)


def test_adaptive_clipping_measures_each_column_of_a_matrix() -> None:
    start = np.array([[1.0, 100.0], [2.0, 200.0]])
    gradients = np.full((1, 2, 2), 5.0)
    _, after = replay(around(ClipAdaptively(share=0.1), lr=1.0), gradients, start)
    lengths = np.linalg.norm(after - start, axis=0)
    assert lengths.tolist() == pytest.approx([0.1 * np.sqrt(5), 5 * np.sqrt(2)])


def test_decay_of_the_gradient_is_coupled_decay() -> None:
    inside = OPTIMIZERS["momentum"](weight_decay=0.1)
    outside = around(DecayGradient(weight_decay=0.1), rule="momentum")
    np.testing.assert_allclose(
        replay(outside, GRADIENTS, START), replay(inside, GRADIENTS, START), rtol=1e-13
    )


@pytest.mark.parametrize("nesterov", [False, True])
def test_a_sum_of_gradients_is_momentum(nesterov: bool) -> None:
    gathered = around(AverageGradient(form="sum", nesterov=nesterov), lr=0.1)
    momentum = OPTIMIZERS["nesterov" if nesterov else "momentum"](lr=0.1, momentum=0.9)
    np.testing.assert_allclose(
        replay(gathered, GRADIENTS, START), replay(momentum, GRADIENTS, START), rtol=1e-12
    )


def test_a_corrected_mean_of_equal_gradients_is_the_gradient() -> None:
    gradients = np.full((5, 1), 0.7)
    rule = around(AverageGradient(debias=True), lr=1.0)
    assert np.diff(replay(rule, gradients, [0.0])[:, 0]).tolist() == pytest.approx([-0.7] * 5)


# --- gathering -----------------------------------------------------------------------------------


@pytest.mark.parametrize("mean", [False, True])
@pytest.mark.parametrize("rule", ["momentum", "adam", "adagrad", "rprop"])
def test_accumulation_is_the_rule_on_gathered_gradients(rule: str, mean: bool) -> None:
    rates = np.linspace(1.0, 0.5, STEPS)
    got = replay(around(Accumulate(every=3, mean=mean), rule=rule), GRADIENTS, START, rates)
    gathered = GRADIENTS.reshape(-1, 3, DIM).sum(axis=1) / (3 if mean else 1)
    expected = replay(OPTIMIZERS[rule](), gathered, START, rates[2::3])
    np.testing.assert_allclose(got[::3], expected, rtol=1e-13)
    assert (got[1::3] == got[:-1:3]).all()
    assert (got[2::3] == got[:-1:3]).all()


@pytest.mark.parametrize("every", [1, 2, 5])
def test_gathered_gradients_come_at_once_and_momentum_goes_on(every: int) -> None:
    gathered = np.zeros_like(GRADIENTS)
    gathered[every - 1 :: every] = GRADIENTS.reshape(-1, every, DIM).sum(axis=1)
    got = replay(around(ApplyEvery(every=every), rule="momentum"), GRADIENTS, START)
    expected = replay(OPTIMIZERS["momentum"](), gathered, START)
    np.testing.assert_allclose(got, expected, rtol=1e-12)


# --- averages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("pace", [1, 3])
@pytest.mark.parametrize("overwrite", [None, 1, 4])
def test_the_weight_average_is_a_running_mean(overwrite: int | None, pace: int) -> None:
    modifier = WeightAverage(momentum=0.8, overwrite=overwrite, pace=pace)
    x, mean, stepped, handed = START.copy(), START.copy(), [START], [START]
    for k, g in enumerate(GRADIENTS):
        x = x - 0.1 * g
        share = 0.8 if k // pace > 0 else 0.0
        mean = share * mean + (1 - share) * x
        if overwrite and (k // pace + 1) % overwrite == 0:
            x = mean
        stepped.append(x)
        handed.append(mean)
    rule = around(modifier, lr=0.1)
    np.testing.assert_allclose(replay(rule, GRADIENTS, START), stepped, rtol=1e-12)
    np.testing.assert_allclose(replay(rule, GRADIENTS, START, kept=True), handed, rtol=1e-12)


def test_the_parameters_themselves_may_be_reported() -> None:
    rule = around(WeightAverage(report="iterate"))
    positions = replay(rule, GRADIENTS, START)
    assert np.array_equal(replay(rule, GRADIENTS, START, kept=True), positions)


# --- in the engine -------------------------------------------------------------------------------

CONFIGURATIONS = [v for cls in MINE for v in variants(cls)]


@pytest.mark.parametrize("modifier", CONFIGURATIONS, ids=name)
@pytest.mark.parametrize("rule", ["momentum", "adam", "rprop"])
def test_modified_rules_run_from_a_tape_with_the_plain_numbers(
    rule: str, modifier: Modifier
) -> None:
    optimizer = around(modifier, rule=rule)
    recorded = make_stepper([optimizer] * 4, np.tile(START[:, None], 4))
    plain = make_stepper([optimizer] * 4, np.tile(START[:, None], 4))
    plain.advance = plain._plain
    assert is_recorded(recorded)
    with np.errstate(all="ignore"):
        for g in noise(STEPS, DIM, 4):
            for stepper in (recorded, plain):
                stepper.gradient[...] = g
                stepper.rate[...] = 0.1
                stepper.advance()
            assert np.array_equal(recorded.position, plain.position)
            assert np.array_equal(recorded.kept, plain.kept)


def test_every_modifier_here_is_registered() -> None:
    assert set(MINE) <= set(MODIFIERS.values())


def test_a_rule_with_modifiers_survives_a_file() -> None:
    rule = around(Accumulate(every=2), ClipNorm(limit=3.0), WeightAverage(overwrite=5), rule="adam")
    text = msgspec.json.encode(rule)
    assert msgspec.json.decode(text, type=OPTIMIZERS["adam"]) == rule
