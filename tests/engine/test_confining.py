"""Runs that are kept in the domain of their problem, in both ways of computing."""

import numpy as np
import pytest

from lrstudio.core import DISTURBANCES, MODIFIERS, Problem
from lrstudio.core.arrays import ArrayLike
from lrstudio.core.problem import Interval, Point
from lrstudio.engine import Contender, Experiment, Trajectory, plan
from lrstudio.engine import float_race as floats
from lrstudio.engine.array_race import ArrayRace
from lrstudio.engine.float_race import FloatRace
from tests.engine.races import contender, experiment, run_in_chunks


class Box(Problem, frozen=True, kw_only=True):
    """A bowl whose lowest point lies outside of the box that runs must stay in."""

    is_confined = True

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-1.0, 2.0), (-3.0, 1.0))

    @property
    def start(self) -> Point:
        return (1.5, -2.5)

    @property
    def minima(self) -> tuple[Point, ...]:
        return ((-1.0, 0.5),)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        x, y = position
        return np.square(x + 4.0) + np.square(y - 0.5) - 9.0, np.stack([2 * (x + 4), 2 * (y - 0.5)])


class Open(Box, frozen=True, kw_only=True):
    """The same without walls."""

    is_confined = False


def course(*racers: Contender, problem: Problem | None = None, **fields: object) -> Trajectory:
    return run_in_chunks(plan(race(*racers, problem=problem, **fields)), 10.0)


def race(*racers: Contender, problem: Problem | None = None, **fields: object) -> Experiment:
    return experiment(problem or Box(), *racers, **{"steps": 80, **fields})


def is_inside(trajectory: Trajectory) -> bool:
    x, y = trajectory.position.swapaxes(0, 1)
    return bool((x >= -1).all() and (x <= 2).all() and (y >= -3).all() and (y <= 1).all())


def test_gradient_descent_is_projected_after_each_step() -> None:
    projected = course(contender(lr=0.1)).position[..., 0]
    point = np.array([1.5, -2.5])
    for found in projected:
        assert found == pytest.approx(point, rel=1e-14)
        point = point - 0.1 * 2 * (point - np.array([-4.0, 0.5]))
        point = np.clip(point, [-1.0, -3.0], [2.0, 1.0])
    assert projected[-1] == pytest.approx([-1.0, 0.5], abs=1e-6)


def test_without_walls_the_run_goes_on() -> None:
    assert not is_inside(course(contender(lr=0.1), problem=Open()))


@pytest.mark.parametrize(
    "rule", ["sgd", "momentum", "adam", "rmsprop", "polyak", "armijo", "lbfgs"]
)
def test_no_rule_leaves(rule: str) -> None:
    assert is_inside(course(contender(rule, lr=0.9), contender(lr=0.1), noise=2.0, seeds=(0, 1)))


def test_averages_that_are_handed_over_do_not_leave() -> None:
    averaging = contender("momentum", lr=0.2, modifiers=(MODIFIERS["weight_average"](),))
    assert is_inside(course(averaging, contender(lr=0.1)))


@pytest.mark.parametrize("company", [(), (contender("adam", lr=0.3), contender("armijo"))])
def test_a_function_that_moves_takes_its_walls_along(company: tuple[Contender, ...]) -> None:
    drift = DISTURBANCES["circle_drift"](radius=6.0, period=40.0)
    trajectory = course(contender(lr=0.2), *company, disturbances=(drift,))
    assert trajectory.offsets is not None
    point = np.array([1.5, -2.5])
    low, high, lowest = np.array([[-1.0, -3.0], [2.0, 1.0], [-4.0, 0.5]])
    for found, moved in zip(
        trajectory.position[..., 0], trajectory.offsets.between(0, 81, 0), strict=True
    ):
        point = np.clip(point, low + moved, high + moved)
        assert found == pytest.approx(point, rel=1e-12, abs=1e-12)
        point = point - 0.2 * 2 * (point - moved - lowest)
    # Inside of its walls the function is nowhere lower than it is said to be.
    assert (trajectory.loss >= -1e-12).all()
    assert trajectory.loss.min() == pytest.approx(0.0, abs=1e-2)


def test_averages_stay_within_walls_that_move() -> None:
    averaging = contender("momentum", lr=0.2, modifiers=(MODIFIERS["weight_average"](),))
    drift = DISTURBANCES["circle_drift"](radius=6.0, period=40.0)
    trajectory = course(averaging, contender(lr=0.1), disturbances=(drift,))
    assert trajectory.offsets is not None
    place = trajectory.position[..., 0] - trajectory.offsets.between(0, 81, 0)
    assert (place >= np.array([-1.0, -3.0]) - 1e-12).all()
    assert (place <= np.array([2.0, 1.0]) + 1e-12).all()
    assert (trajectory.loss >= -1e-12).all()


@pytest.mark.parametrize("lanes", [1, 3])
def test_plain_floats_are_projected_as_arrays_are(
    lanes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floats, "is_worth_it", lambda entries, steps: True)
    racers = [contender(lr=0.1), contender("adam", lr=0.3), contender("momentum", lr=0.2)]
    drift = DISTURBANCES["random_walk_drift"](sigma=0.5)
    planned = plan(race(*racers[:lanes], disturbances=(drift,)))
    with np.errstate(all="ignore"):
        got, expected = FloatRace(planned).run(0, 80), ArrayRace(planned).run(0, 80)
    for name in ("position", "loss", "gradient"):
        assert np.array_equal(getattr(got, name), getattr(expected, name)), name
