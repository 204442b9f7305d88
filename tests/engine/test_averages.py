"""Points that are handed over instead of the one that steps, and what is put around a rule."""

from typing import Any

import msgspec
import numpy as np
import pytest

from lrstudio.core import (
    MODIFIERS,
    OPTIMIZERS,
    PROBLEMS,
    SCHEDULES,
    Modifier,
    Optimizer,
    identifier,
)
from lrstudio.core.arrays import Array
from lrstudio.engine import Contender, Experiment, Recording, Trajectory, replay, run
from lrstudio.engine.layers import has_average
from tests.core.variants import name, variants
from tests.engine.rules import fed, is_recorded, make_stepper, noise

STEPS = 60
SGD = OPTIMIZERS["sgd"](lr=0.05)
GENTLE = OPTIMIZERS["sgd"](lr=0.01)
ADAM = OPTIMIZERS["adam"](lr=0.05)
COSINE = SCHEDULES["cosine"](floor=0.1)

# Gradients alone do not say what a modifier asks for.
PLAIN = [c for c in MODIFIERS.values() if "oracle" not in c.needs]
AROUND = [m for cls in PLAIN for m in variants(cls)]

AVERAGED: list[Optimizer] = [
    OPTIMIZERS["asgd"](lr=0.01, t0=7.0),
    OPTIMIZERS["schedule_free_sgd"](lr=0.01, weight_rate="next"),
    OPTIMIZERS["schedule_free_adamw"](lr=0.05),
    *(
        msgspec.structs.replace(ADAM, modifiers=(modifier,))
        for modifier in (
            MODIFIERS["uniform_average"](start=9, period=3),
            MODIFIERS["lookahead"](),
            MODIFIERS["schedule_free"](weight_rate="next"),
            MODIFIERS["sam"](),
        )
    ),
]
each_averaged = pytest.mark.parametrize("optimizer", AVERAGED, ids=repr)


def around(optimizer: Optimizer, *modifiers: Modifier) -> Optimizer:
    return msgspec.structs.replace(optimizer, modifiers=modifiers)


def stepping(optimizer: Optimizer) -> Optimizer:
    """The same, recorded at the point that steps."""
    modifiers = tuple(msgspec.structs.replace(m, report="iterate") for m in optimizer.modifiers)
    fields = {"report": "iterate"} if hasattr(optimizer, "report") else {}
    return msgspec.structs.replace(optimizer, modifiers=modifiers, **fields)


def raced(*optimizers: Optimizer, problem: str = "himmelblau", noise: float = 0.0) -> Trajectory:
    contenders = tuple(
        Contender(name=str(i), optimizer=optimizer, schedule=COSINE)
        for i, optimizer in enumerate(optimizers)
    )
    race = Experiment(problem=PROBLEMS[problem](), contenders=contenders, steps=STEPS, noise=noise)
    return run(race, Recording(every=1))


# --- what is recorded --------------------------------------------------------------------------


@each_averaged
def test_positions_and_losses_are_those_of_the_point_that_is_kept(optimizer: Optimizer) -> None:
    twin = stepping(optimizer)
    assert has_average(optimizer)
    assert not has_average(twin)
    kept, iterates = raced(optimizer), raced(twin)
    problem = kept.plan.experiment.problem
    points = iterates.position[:-1, :, 0]
    losses, gradients = problem.loss_and_gradient(points.T)
    expected = replay(
        optimizer,
        gradients.T,
        problem.start,
        COSINE.factors(STEPS),
        values=losses,
        kept=True,
    )
    # Rounding alone: arrays of one column and of many are added up alike, compilers are not asked.
    assert kept.position[:, :, 0] == pytest.approx(expected, rel=1e-12, abs=1e-14)
    assert np.array_equal(kept.loss[:, 0], problem.loss(kept.position[:, :, 0].T))
    assert np.array_equal(kept.gradient_norm[:, 0], iterates.gradient_norm[:, 0])
    assert not np.array_equal(kept.position, iterates.position)
    assert kept.position[0].tolist() == iterates.position[0].tolist()


def test_of_two_averages_only_the_one_that_is_asked_for_counts() -> None:
    inside = MODIFIERS["uniform_average"](start=3)
    silent = MODIFIERS["lookahead"](report="iterate")
    gradients = noise(STEPS, 2, 1)[:, :, 0]
    both = around(ADAM, silent, inside)
    mean = replay(both, gradients, [1.0, 2.0], kept=True)
    points = replay(both, gradients, [1.0, 2.0])
    assert not np.array_equal(mean, points)
    assert not has_average(around(ADAM, silent))
    schedule_free = OPTIMIZERS["schedule_free_sgd"](lr=0.01, report="iterate")
    outside = replay(around(schedule_free, silent), gradients, [1.0, 2.0], kept=True)
    assert np.array_equal(outside, replay(around(schedule_free, silent), gradients, [1.0, 2.0]))


@each_averaged
@pytest.mark.parametrize("sigma", [0.0, 0.3])
def test_a_lane_alone_equals_the_same_lane_among_others(optimizer: Optimizer, sigma: float) -> None:
    slower = msgspec.structs.replace(optimizer, lr=0.002)
    together = raced(GENTLE, optimizer, slower, optimizer, noise=sigma)
    for column, one in enumerate((GENTLE, optimizer, slower, optimizer)):
        alone = raced(one, noise=sigma)
        assert np.array_equal(alone.position[:, :, 0], together.position[:, :, column])
        assert np.array_equal(alone.loss[:, 0], together.loss[:, column])


@pytest.mark.parametrize("rule", ["schedule_free_sgd", "schedule_free_adamw"])
def test_the_average_of_schedule_free_learning_converges_on_the_ellipse(rule: str) -> None:
    rate = {"schedule_free_sgd": 0.1, "schedule_free_adamw": 0.05}[rule]
    contender = Contender(name="", optimizer=OPTIMIZERS[rule](lr=rate))
    race = Experiment(problem=PROBLEMS["ellipse"](), contenders=(contender,), steps=3000)
    trajectory = run(race)
    assert trajectory.final_loss[0] < 1e-6
    assert trajectory.final_loss[0] < 1e-6 * trajectory.loss[0, 0]


def test_averages_are_calmer_than_the_points_where_gradients_are_noisy() -> None:
    averaged = around(SGD, MODIFIERS["uniform_average"](start=20))
    trajectory = raced(SGD, averaged, problem="ellipse", noise=3.0)
    spread = np.std(trajectory.position[30:], axis=0)
    assert (spread[:, 1] < spread[:, 0] / 2).all()


# --- modifiers ---------------------------------------------------------------------------------


class Plainly(Optimizer, tag="plainly_adam", frozen=True, kw_only=True):
    """Adam that no tape records."""

    lr: float = 0.05
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    needs = ("oracle",)
    slots = ("m", "v")

    @staticmethod
    def update(g: Array, s: Any, h: Any, t: Any) -> Array:
        return np.asarray(type(ADAM).update(g, s, _with_switches(h), t))


def _with_switches(h: Any) -> Any:
    for field in ADAM.__struct_fields__:
        if not hasattr(h, field) and field not in ("lr", "modifiers"):
            setattr(h, field, getattr(ADAM, field))
    return h


@pytest.mark.parametrize("modifier", AROUND, ids=repr)
def test_a_recorded_modifier_gives_the_numbers_of_the_plain_one(modifier: Modifier) -> None:
    recorded, plain = around(ADAM, modifier), around(Plainly(), modifier)
    start = noise(1, 2, 1)[0]
    assert is_recorded(make_stepper([recorded] * 3, np.repeat(start, 3, axis=1)))
    gradients = noise(STEPS, 2, 1)[:, :, 0]
    for kept in (False, True):
        one, other = (
            replay(o, gradients, start[:, 0], values=np.ones(STEPS), kept=kept)
            for o in (recorded, plain)
        )
        assert np.array_equal(one, other)


STILL = [m for m in AROUND if identifier(type(m)) != "decay_gradient"]


@pytest.mark.parametrize("modifier", STILL, ids=repr)
def test_nothing_moves_without_gradients_or_rate(modifier: Modifier) -> None:
    start = np.array([2.0, -3.0])
    still = fed(around(SGD, modifier), np.zeros((STEPS, 2)), start)
    assert still == pytest.approx(np.tile(start, (STEPS + 1, 1)), rel=1e-14)


def test_lookahead_meets_the_slow_point_every_few_steps() -> None:
    lookahead = around(SGD, MODIFIERS["lookahead"](sync_period=3, slow_step_size=0.5))
    fast = replay(lookahead, np.ones((6, 1)), [1.0])[:, 0]
    slow = replay(lookahead, np.ones((6, 1)), [1.0], kept=True)[:, 0]
    assert fast == pytest.approx([1.0, 0.95, 0.9, 0.925, 0.875, 0.825, 0.85])
    assert slow == pytest.approx([1.0, 1.0, 1.0, 0.925, 0.925, 0.925, 0.85])


def test_a_rule_that_forgets_begins_anew_after_each_round() -> None:
    momentum = OPTIMIZERS["momentum"](lr=0.1)
    forgets = MODIFIERS["lookahead"](sync_period=4, slow_step_size=1.0, reset_state=True)
    gradients = noise(12, 2, 1)[:, :, 0]
    whole = replay(around(momentum, forgets), gradients, [1.0, 2.0])
    for first in (0, 4, 8):
        part = replay(momentum, gradients[first : first + 4], whole[first])
        assert whole[first : first + 5] == pytest.approx(part, rel=1e-13)


def test_the_mean_begins_after_its_start_and_takes_one_point_in_a_period() -> None:
    averaged = around(SGD, MODIFIERS["uniform_average"](start=2, period=2))
    gradients = noise(9, 1, 1)[:, :, 0]
    points = replay(averaged, gradients, [1.0])
    assert np.array_equal(points, replay(SGD, gradients, [1.0]))
    mean = replay(averaged, gradients, [1.0], kept=True)
    for t in range(4):
        assert mean[t] == pytest.approx(points[t])
    taken = [4, 6, 8]
    for t in range(4, 10):
        assert mean[t] == pytest.approx(points[[k for k in taken if k <= t]].mean(axis=0))


def test_sam_takes_the_rules_step_from_where_the_climb_began() -> None:
    sam = around(SGD, MODIFIERS["sam"](rho=0.5, sync_period=2))
    gradients = np.array([[3.0, 4.0], [1.0, 2.0], [0.0, 0.0], [2.0, 0.0]])
    points = replay(sam, gradients, [1.0, 1.0])
    expected = [[1, 1], [1.3, 1.4], [0.95, 0.9], [0.95, 0.9], [0.85, 0.9]]
    assert points == pytest.approx(np.array(expected))
    kept = replay(sam, gradients, [1.0, 1.0], kept=True)
    assert kept == pytest.approx(np.array(expected)[[0, 0, 2, 2, 4]])


def test_sam_with_rounds_of_one_step_is_the_rule_itself() -> None:
    gradients = noise(9, 2, 1)[:, :, 0]
    alone = replay(ADAM, gradients, [1.0, 2.0])
    sam = around(ADAM, MODIFIERS["sam"](sync_period=1))
    assert replay(sam, gradients, [1.0, 2.0]) == pytest.approx(alone, rel=1e-14)


def test_sam_within_a_step_counts_what_it_evaluates() -> None:
    opaque = around(GENTLE, MODIFIERS["sam_opaque"](rho=0.1, sync_period=3))
    trajectory = raced(opaque, GENTLE)
    assert trajectory.evaluations.tolist() == [3 * STEPS, STEPS]
    problem = trajectory.plan.experiment.problem
    x = np.array(problem.start)
    for _ in range(2):
        gradient = problem.loss_and_gradient(x)[1]
        x = x + 0.1 * gradient / np.linalg.norm(gradient)
    step = -0.01 * problem.loss_and_gradient(x)[1]
    assert trajectory.position[1, :, 0] == pytest.approx(np.array(problem.start) + step, rel=1e-13)


def test_ascent_climbs() -> None:
    up = around(SGD, MODIFIERS["ascent"]())
    assert replay(up, np.ones((3, 1)), [0.0])[:, 0] == pytest.approx([0, 0.05, 0.1, 0.15])


def test_mechanic_finds_a_rate_for_a_rule_whose_own_is_far_too_small() -> None:
    small = OPTIMIZERS["sgd"](lr=1e-5)
    mechanic = around(small, MODIFIERS["mechanic"](weight_decay=0.0))
    race = [
        Contender(name=str(i), optimizer=optimizer) for i, optimizer in enumerate((small, mechanic))
    ]
    problem = PROBLEMS["ellipse"]()
    trajectory = run(Experiment(problem=problem, contenders=tuple(race), steps=2000))
    slow, found = trajectory.best_loss
    assert found < 1e-3 * slow


# --- the next rate -----------------------------------------------------------------------------


def test_weights_of_the_next_rate_look_one_step_ahead() -> None:
    gradients, factors = noise(8, 2, 1)[:, :, 0], np.array([1, 2, 3, 1, 4, 1, 1, 5.0])
    present, ahead = (
        OPTIMIZERS["schedule_free_sgd"](lr=0.1, weight_rate=rate) for rate in ("present", "next")
    )
    rates = np.maximum.accumulate(0.1 * factors)
    for rule, tops in ((present, rates), (ahead, np.append(rates[1:], rates[-1]))):
        z = mean = np.array([1.0, 2.0])
        total = 0.0
        got = replay(rule, gradients, z, factors)
        for k, g in enumerate(gradients):
            z = z - 0.1 * factors[k] * g
            total += tops[k] ** 2
            mean = mean + tops[k] ** 2 / total * (z - mean)
            assert got[k + 1] == pytest.approx(z + 0.9 * (mean - z), rel=1e-13)


# --- without a learning rate -------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["prodigy", "dadapt_adam"])
@pytest.mark.parametrize("corrected", [False, True])
def test_no_gradient_yet_is_no_reason_to_move(rule: str, corrected: bool) -> None:
    optimizer = OPTIMIZERS[rule](bias_correction=corrected)
    gradients = noise(30, 2, 1)[:, :, 0]
    gradients[:5] = 0.0
    positions = replay(optimizer, gradients, [1.0, 2.0])
    assert (positions[:6] == positions[0]).all()
    assert np.isfinite(positions).all()
    assert (positions[6] != positions[5]).all()


@pytest.mark.parametrize("cls", [OPTIMIZERS[r] for r in ("polyak", "momo", "momo_adam")], ids=name)
def test_a_loss_at_its_bound_ends_the_descent(cls: Any) -> None:
    optimizer = cls(f_min=2.0)
    gradients = np.tile([0.3, -0.4], (20, 1))
    positions = replay(optimizer, gradients, [0.0, 0.0], values=np.full(20, 2.0))
    assert (np.abs(positions) < 1e-12).all() or cls.__name__ == "MomoAdam"


def test_polyaks_step_meets_the_minimum_of_a_line() -> None:
    # |x| from 3 with slope 1: the whole way in one step.
    positions = replay(OPTIMIZERS["polyak"](max_lr=10.0), [[1.0]], [3.0], values=[3.0])
    assert positions[-1].tolist() == [0.0]
    inside = OPTIMIZERS["polyak"](lr=0.5, max_lr=100.0, lr_position="inside")
    outside = OPTIMIZERS["polyak"](lr=0.5, max_lr=10.0)
    ends = [replay(o, [[1.0]], [3.0], values=[3.0])[-1, 0] for o in (inside, outside)]
    assert ends == pytest.approx([-3.0, 1.5])
