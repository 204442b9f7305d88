"""Schedules that take over the momentum, and schedules that listen to the loss."""

import msgspec
import numpy as np

from lrstudio.core import OPTIMIZERS, PROBLEMS, SCHEDULES, Schedule
from lrstudio.core.arrays import Array, Places
from lrstudio.engine import (
    MOMENTUM,
    Contender,
    Experiment,
    Recording,
    Trajectory,
    plan,
    replay,
    simulate,
)

BOWL = PROBLEMS["ellipse"]()
STEPS = 60


class Swinging(Schedule, tag="swinging_momentum", frozen=True, kw_only=True):
    """Swinging: the rate is fixed, the momentum goes up and down."""

    def momentum_at(self, updates: Places, steps: int) -> Array | None:
        return 0.5 + 0.3 * np.sin(np.asarray(updates, dtype=np.float64))


class Halving(Schedule, tag="halving", frozen=True, kw_only=True):
    """Halving: the rate is halved whenever the loss is above a bound."""

    bound: float = 1.0
    at_once: bool = False

    listens = True

    def listener(self, lanes: int) -> "Ear":
        return Ear(np.ones(lanes), self.at_once, self.bound)


class Ear:
    def __init__(self, factor: Array, acts_at_once: bool, bound: float) -> None:
        self.factor, self.bound = factor, bound
        self.acts = "same" if acts_at_once else "next"

    def hear(self, loss: Array) -> None:
        self.factor = np.where(loss > self.bound, self.factor / 2, self.factor)


def raced(
    *contenders: Contender,
    every: int | None = None,
    starts: tuple[tuple[float, ...], ...] = (),
) -> Trajectory:
    experiment = Experiment(problem=BOWL, contenders=contenders, steps=STEPS, starts=starts)
    trajectory = Trajectory(plan(experiment, Recording(every=every)))
    for _ in simulate(trajectory.plan, trajectory):
        pass
    return trajectory


def gradients(positions: Array) -> Array:
    return np.asarray(BOWL.loss_and_gradient(positions.T)[1]).T


def test_a_schedule_takes_over_the_momentum_of_its_lanes_only() -> None:
    momentum = OPTIMIZERS["momentum"](lr=0.02, momentum=0.9)
    swinging, plain = (
        Contender(name="a", optimizer=momentum, schedule=Swinging()),
        Contender(name="b", optimizer=momentum),
    )
    both = raced(swinging, plain).position
    met = gradients(both[:-1, :, 0])
    expected = replay(
        momentum, met, both[0, :, 0], momenta=Swinging().momentum_at(np.arange(60), 60)
    )
    assert np.allclose(both[:, :, 0], expected, rtol=1e-13, atol=1e-15)
    assert not np.array_equal(both[1:, :, 0], both[1:, :, 1])
    assert np.array_equal(both[:, :, 1:], raced(plain).position)
    assert np.array_equal(both[:, :, :1], raced(swinging).position)


def test_adam_is_corrected_for_the_momentum_in_force() -> None:
    adam = msgspec.structs.replace(OPTIMIZERS["adam"](lr=0.1))
    momenta = 0.5 + 0.3 * np.sin(np.arange(5.0))
    positions = replay(adam, np.ones((5, 1)), [0.0], momenta=momenta)
    m, v, x = 0.0, 0.0, 0.0
    for t, beta in enumerate(momenta, start=1):
        m, v = beta * m + (1 - beta), 0.999 * v + 0.001
        x -= 0.1 * m / (1 - beta**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        assert abs(positions[t, 0] - x) <= 1e-12


def test_a_rule_without_momentum_is_left_alone() -> None:
    sgd = Contender(name="a", optimizer=OPTIMIZERS["sgd"](lr=0.02))
    swinging = msgspec.structs.replace(sgd, schedule=Swinging())
    assert np.array_equal(raced(sgd).position, raced(swinging).position)


def test_a_listening_schedule_hears_its_own_lane_and_the_rates_are_recorded() -> None:
    for at_once in (False, True):
        schedule = Halving(bound=2.0, at_once=at_once)
        sgd = Contender(name="a", optimizer=OPTIMIZERS["sgd"](lr=0.05), schedule=schedule)
        slow = msgspec.structs.replace(sgd, optimizer=OPTIMIZERS["sgd"](lr=0.001))
        race = raced(sgd, slow)
        loud = race.loss[:-1] > 2.0
        heard = np.cumsum(loud, axis=0) - (0 if at_once else loud)
        expected = np.array([0.05, 0.001]) / 2.0**heard
        assert np.array_equal(race.learning_rate()[:-1], expected)
        assert np.isnan(race.learning_rate()[-1]).all()
        steps = -np.diff(race.position[:, :, 0], axis=0)
        met = gradients(race.position[:-1, :, 0])
        assert np.allclose(steps, expected[:, :1] * met, rtol=1e-12, atol=1e-15)
        alone = raced(slow)
        assert np.array_equal(alone.position[:, :, 0], race.position[:, :, 1])


def test_who_does_not_listen_races_as_without_listeners() -> None:
    listener = Contender(
        name="a", optimizer=OPTIMIZERS["sgd"](lr=0.05), schedule=Halving(bound=2.0)
    )
    foreseeing = Contender(
        name="a",
        optimizer=OPTIMIZERS["schedule_free_sgd"](lr=0.02, weight_rate="next"),
        schedule=SCHEDULES["cosine"](),
    )
    others = (
        Contender(
            name="a", optimizer=OPTIMIZERS["momentum"](lr=0.02)
        ),  # one rate for all its lanes
        foreseeing,
        msgspec.structs.replace(foreseeing, schedule=Halving(bound=2.0)),
    )
    starts = ((1.0, 2.0), (-1.0, 0.5))
    together = raced(listener, *others, starts=starts)
    for place, contender in enumerate(others, start=1):
        alone = raced(contender, starts=starts)
        lanes = [lane.index for lane in together.plan.lanes if lane.contender == place]
        assert np.array_equal(together.position[:, :, lanes], alone.position)


def test_recorded_rates_follow_the_stride() -> None:
    schedule = Halving(bound=2.0)
    sgd = Contender(name="a", optimizer=OPTIMIZERS["sgd"](lr=0.05), schedule=schedule)
    thinned, whole = raced(sgd, every=7), raced(sgd, every=1)
    steps = thinned.steps_array()
    assert np.array_equal(thinned.learning_rate(), whole.learning_rate()[steps], equal_nan=True)


def test_the_momentum_in_force_is_a_series_where_it_is_cycled() -> None:
    momentum = OPTIMIZERS["momentum"](lr=0.02, momentum=0.9)
    swinging = Contender(name="a", optimizer=momentum, schedule=Swinging())
    plain = Contender(name="b", optimizer=momentum)
    without = Contender(name="c", optimizer=OPTIMIZERS["sgd"](lr=0.02))
    race = raced(swinging, plain, without)
    assert race.plan.cycles_momentum
    assert not raced(plain, without).plan.cycles_momentum
    shown = MOMENTUM.values(race, 0, race.rows)
    lanes = {lane.contender: lane.index for lane in race.plan.lanes}
    expected = Swinging().momentum_at(np.arange(STEPS), STEPS)
    assert np.array_equal(shown[:-1, lanes[0]], expected)
    assert (shown[:-1, lanes[1]] == 0.9).all()
    assert np.isnan(shown[:, lanes[2]]).all()
    assert np.isnan(shown[-1]).all()
