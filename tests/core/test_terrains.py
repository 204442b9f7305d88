"""The plateau, the hills and the two pits: what their pages say about learning rates."""

import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS, PROBLEMS
from lrstudio.core.arrays import Array
from lrstudio.engine import Contender, Experiment, run


def descended(problem: str, start: tuple[float, float], rate: float, steps: int) -> Array:
    """Where plain gradient descent ends `(2,)`."""
    x = np.array(start)
    for _ in range(steps):
        x = x - rate * PROBLEMS[problem]().loss_and_gradient(x)[1]
    return x


def test_on_the_shelf_half_the_way_takes_the_steps_of_its_curvature() -> None:
    # There the loss is 1 + s/1000 to 1e−10, so that each step multiplies the distance by 0.999.
    end = descended("plateau", (-3.0, -4.0), 0.5, 120)
    assert end - 1 == pytest.approx(np.array([-4.0, -5.0]) * 0.999**120, rel=1e-9)


def test_in_the_basin_the_same_rate_arrives_in_a_few_steps() -> None:
    assert descended("plateau", (1.6, 0.7), 0.5, 8) == pytest.approx((1, 1), abs=1e-12)
    assert descended("plateau", (1.001, 1.0), 0.99, 1) == pytest.approx((0.999018, 1), abs=1e-6)


@pytest.mark.parametrize(
    ("place", "curvature"),  # the eigenvalues at 30 digits, rounded
    [(0, (4.11063986935, 4.17021381524)), (1, (2.0335326921, 2.14423980467))],
)
def test_the_deeper_pit_is_the_steeper_one(place: int, curvature: tuple[float, float]) -> None:
    problem = PROBLEMS["two_pits"]()
    pit = (*problem.minima, *problem.local_minima)[place]
    assert problem.curvature_at(pit) == pytest.approx(curvature, rel=1e-9)


@pytest.mark.parametrize(("rate", "stays"), [(0.47, True), (0.49, False)])
def test_rates_above_its_limit_leave_the_deeper_pit(rate: float, stays: bool) -> None:
    problem = PROBLEMS["two_pits"]()
    (deep,), (shallow,) = problem.minima, problem.local_minima
    beside = (deep[0] + 1e-4, deep[1] + 1e-4)
    assert (np.abs(descended("two_pits", beside, rate, 3000) - deep).max() < 1e-9) == stays
    beside = (shallow[0] + 1e-2, shallow[1] + 1e-2)
    assert descended("two_pits", beside, rate, 3000) == pytest.approx(shallow, abs=1e-9)


def test_rules_that_scale_each_coordinate_roll_from_the_same_hill_into_another_hollow() -> None:
    hills = PROBLEMS["hills"]()
    contenders = [
        Contender(name=rule, optimizer=OPTIMIZERS[rule](lr=0.05))
        for rule in ("sgd", "momentum", "rmsprop", "adam")
    ]
    trajectory = run(Experiment(problem=hills, contenders=tuple(contenders), steps=600))
    ends = trajectory.position[-1].T
    assert ends[:2] == pytest.approx(np.array([hills.local_minima[0]] * 2), abs=0.05)
    assert ends[2:] == pytest.approx(np.array([hills.minima[0]] * 2), abs=0.05)


def test_each_hollow_is_deeper_than_the_pass_out_of_it() -> None:
    problem = PROBLEMS["hills"]()
    hollows = np.array([*problem.minima, *problem.local_minima]).T
    around = np.linspace(0, 2 * np.pi, 73)
    ring = hollows[:, :, None] + 0.5 * np.array([np.cos(around), np.sin(around)])[:, None]
    assert (problem.loss(ring).min(axis=1) > problem.loss(hollows) + 0.1).all()
