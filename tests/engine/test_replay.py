"""A rule fed with recorded gradients, for notebooks and for golden sequences."""

from typing import Any

import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS, SCHEDULES, Refused
from lrstudio.engine import replay
from tests.engine.rules import noise

ADAM = OPTIMIZERS["adam"](lr=0.1)


def test_positions_begin_at_the_start_and_have_one_row_per_gradient() -> None:
    gradients = noise(7, 3, 1)[:, :, 0]
    positions = replay(ADAM, gradients, [1.0, 2.0, 3.0])
    assert positions.shape == (8, 3)
    assert positions.dtype == np.float64
    assert positions[0].tolist() == [1.0, 2.0, 3.0]


def test_lists_and_whole_numbers_are_taken() -> None:
    positions = replay(OPTIMIZERS["sgd"](lr=0.5), [[2], [4]], [1], [1, 2])
    assert positions[:, 0].tolist() == [1.0, 0.0, -4.0]


@pytest.mark.parametrize("known", ["adam", OPTIMIZERS["adam"], None])
def test_what_is_no_configured_rule_is_refused(known: Any) -> None:
    with pytest.raises(
        Refused, match=r"expected an optimizer such as OPTIMIZERS\['adam'\]\(\), got"
    ):
        replay(known, np.ones((3, 1)), np.zeros(1))


def test_no_gradients_are_no_steps() -> None:
    assert replay(ADAM, np.empty((0, 2)), [1.0, 2.0]).tolist() == [[1.0, 2.0]]


def test_factors_of_one_change_nothing() -> None:
    gradients = noise(30, 2, 1)[:, :, 0]
    assert np.array_equal(
        replay(ADAM, gradients, [0, 0], np.ones(30)), replay(ADAM, gradients, [0, 0])
    )


def test_factors_multiply_the_rate_update_by_update() -> None:
    gradients = noise(30, 2, 1)[:, :, 0]
    factors = SCHEDULES["cosine"]().factors(30)
    positions = replay(OPTIMIZERS["sgd"](lr=0.1), gradients, [1, 1], factors)
    expected = 1 - np.cumsum(0.1 * factors[:, None] * gradients, axis=0)
    assert positions[1:] == pytest.approx(expected, abs=1e-14)


def test_inputs_are_left_alone() -> None:
    gradients, start, factors = noise(5, 2, 1)[:, :, 0], np.ones(2), np.ones(5)
    for array in (gradients, start, factors):
        array.setflags(write=False)
    positions = replay(OPTIMIZERS["momentum"](), gradients, start, factors)
    assert not np.may_share_memory(positions, start)


@pytest.mark.parametrize(
    ("gradients", "start", "factors", "sentence"),
    [
        (np.ones((5, 2)), np.ones(3), None, r"expected gradients .* got \(5, 2\) and \(3,\)"),
        (np.ones(5), np.ones(1), None, r"expected gradients"),
        (np.ones((5, 2, 2)), np.ones((2, 3)), None, r"expected gradients"),
        (np.ones((5, 2)), 1.0, None, r"expected gradients"),
        (np.ones((5, 2)), np.ones(2), np.ones(4), r"expected 5 factors.* got shape \(4,\)"),
        (np.ones((5, 2)), np.ones(2), 0.5, r"expected 5 factors"),
    ],
)
def test_shapes_that_do_not_fit_are_named(
    gradients: object, start: object, factors: object, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        replay(ADAM, gradients, start, factors)  # type: ignore[arg-type]
