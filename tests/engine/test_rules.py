"""Every declared optimizer, in every variant, at work in the engine."""

from typing import Any

import msgspec
import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS, Optimizer, parameters
from tests.core.variants import OPTIMIZER_VARIANTS, name, variants
from tests.engine.exceptions import is_excused
from tests.engine.rules import assert_same, fed, is_recorded, make_stepper, noise, plain, stepped

STEPS = 40
START = np.random.default_rng(1).uniform(-3, 3, (2, 11))
RATES = 0.05 * (1 + np.cos(np.arange(STEPS)))

# What evaluates the function itself cannot be fed with recorded gradients.
REPLAYED = [cls for cls in OPTIMIZERS.values() if not {"oracle", "matrix"} & set(cls.needs)]

each_optimizer = pytest.mark.parametrize("cls", REPLAYED, ids=name)


def spread(optimizer: Optimizer, lanes: int) -> list[Optimizer]:
    """Neighbours of one variant whose numbers all differ."""
    numbers = [p for p in parameters(type(optimizer)) if p.kind == "real"]
    neighbours = []
    for lane in range(lanes):
        fields = {}
        for p in numbers:
            value = getattr(optimizer, p.name)
            # Below one as well as above zero stays below one and above zero.
            fields[p.name] = value ** (1 + 0.03 * lane) if value < 1 else value * (1 + lane)
        neighbours.append(msgspec.structs.replace(optimizer, **fields))
    assert len({n.variant() for n in neighbours}) == 1
    return neighbours


@each_optimizer
def test_a_recorded_rule_gives_the_numbers_of_the_plain_one(cls: type[Any]) -> None:
    for optimizer in variants(cls):
        for lanes in ([optimizer] * 11, spread(optimizer, 11)):
            is_expected = not is_excused("recorded", cls)
            assert is_recorded(make_stepper(lanes, START)) == is_expected, name(optimizer)
            gradients = noise(STEPS, 2, 11)
            assert_same(
                stepped(lanes, gradients, START, RATES),
                plain(lanes, gradients, START, RATES),
                name(optimizer),
            )


@each_optimizer
def test_the_rule_leaves_its_inputs_alone(cls: type[Any]) -> None:
    for optimizer in variants(cls):
        # `plain` hands over arrays that raise when they are written to.
        for after in plain([optimizer], noise(3, 2, 11), START, RATES):
            assert after["position"].shape == START.shape, name(optimizer)
            assert np.isfinite(after["position"]).all(), name(optimizer)


@each_optimizer
def test_a_lane_alone_moves_like_the_same_lane_in_a_batch(cls: type[Any]) -> None:
    for optimizer in variants(cls):
        gradients = noise(STEPS, 2, 11)
        lane_rates = np.outer(RATES, np.linspace(0.5, 2, 11))
        for lanes in ([optimizer] * 11, spread(optimizer, 11)):
            together = stepped(lanes, gradients, START, lane_rates)
            for j, lane in enumerate(lanes):
                alone = stepped([lane], gradients[:, :, [j]], START[:, [j]], lane_rates[:, j])
                assert_same(
                    [{k: v[..., [j]] for k, v in after.items()} for after in together],
                    alone,
                    name(optimizer),
                )


@each_optimizer
def test_a_rate_of_zero_stands_still(cls: type[Any]) -> None:
    for optimizer in variants(cls):
        gradients = noise(STEPS, 2, 1)[:, :, 0]
        positions = fed(optimizer, gradients, START[:, 0], np.zeros(STEPS))
        stands_still = bool((positions == START[:, 0]).all())
        assert stands_still or is_excused("stands still at rate 0", cls), name(optimizer)


@each_optimizer
def test_a_gradient_of_zero_moves_only_by_decay(cls: type[Any]) -> None:
    for optimizer in variants(cls):
        start = np.array([2.0, -3.0])
        positions = fed(optimizer, np.zeros((STEPS, 2)), start)
        if getattr(optimizer, "weight_decay", 0.0):
            shrinks = bool((np.abs(positions[1:4]) < np.abs(positions[:3])).all())
            assert shrinks or is_excused("decays at gradient 0", cls), name(optimizer)
        else:
            stands_still = bool((positions == start).all())
            assert stands_still or is_excused("stands still at gradient 0", cls), name(optimizer)


@each_optimizer
@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf, 1e308, -1e200])
def test_broken_gradients_make_no_exception(cls: type[Any], broken: float) -> None:
    for optimizer in variants(cls):
        gradients = noise(STEPS, 2, 1)[:, :, 0]
        gradients[10, 0] = broken
        positions = fed(optimizer, gradients, START[:, 0])
        assert positions.shape == (STEPS + 1, 2), name(optimizer)
        untouched = fed(optimizer, noise(STEPS, 2, 1)[:, :, 0], START[:, 0])
        assert np.array_equal(positions[:11], untouched[:11]), name(optimizer)
        goes_on = np.array_equal(positions[:, 1], untouched[:, 1])  # the other coordinate
        assert goes_on or is_excused("coordinates are independent", cls), name(optimizer)


@each_optimizer
def test_tiny_and_exactly_repeated_gradients_stay_finite(cls: type[Any]) -> None:
    for optimizer in variants(cls):
        # A centred spread becomes negative by rounding when the gradient does not change.
        for size in (1e-300, 1e-160, 0.1, 1e100):
            positions = fed(optimizer, np.full((600, 2), size), START[:, 0])
            is_finite = bool(np.isfinite(positions).all())
            assert is_finite or is_excused("finite on repeated gradients", cls), name(optimizer)


@each_optimizer
def test_each_rule_goes_down_a_gentle_slope(cls: type[Any]) -> None:
    positions = fed(cls(), np.ones((STEPS, 1)), [1.0])
    goes_down = bool((np.diff(positions, axis=0) < 0).all())
    assert goes_down or is_excused("goes down a slope", cls)


@each_optimizer
def test_declared_slots_are_all_used_by_some_variant(cls: type[Any]) -> None:
    used = set()
    for optimizer in (v for v in OPTIMIZER_VARIANTS if type(v) is cls):
        first, second = stepped([optimizer], noise(2, 2, 11), START, RATES)
        used |= {slot for slot in cls.slots if not np.array_equal(first[slot], second[slot])}
    assert used == set(cls.slots) or is_excused("all slots change", cls)


@each_optimizer
def test_variants_that_differ_in_course_do_not_advance_together(cls: type[Any]) -> None:
    for optimizer in variants(cls):
        same = [o for o in OPTIMIZER_VARIANTS if o.variant() == optimizer.variant()]
        assert same == [optimizer], name(optimizer)
