"""Counter-examples go wrong in the way that was published, and where it was published."""

import numpy as np
import pytest

from lrstudio.core import PROBLEMS
from lrstudio.core.arrays import Array
from lrstudio.engine import Trajectory, run
from lrstudio.engine.headline import headline
from lrstudio.engine.results import results
from tests.engine.races import contender, experiment

# --- heavy ball on a convex function (Lessard, Recht & Packard 2016, section 4.6) ----------------

TUNED = contender("momentum", lr=1 / 9, momentum=4 / 9)
CYCLE = np.sort([-1.8024, 2.1159, 0.6465])


def courses(*racers: object, starts: tuple[float, ...]) -> Array:
    """Positions `(steps + 1, lanes)` on the piecewise quadratic."""
    race = experiment("heavy_ball_cycle", *racers, starts=tuple((x,) for x in starts), steps=600)
    return run(race).position[:, 0]


@pytest.mark.parametrize("start", [3.07, 3.2, 3.3, 3.46])
def test_tuned_momentum_runs_in_a_circle_of_three(start: float) -> None:
    course = courses(TUNED, starts=(start,))[:, 0]
    assert np.sort(course[-3:]) == pytest.approx(CYCLE, abs=5e-5)
    assert course[-3:] == pytest.approx(course[-6:-3], abs=1e-9)


@pytest.mark.parametrize("start", [1.5, 0.5, -1.0])
def test_from_nearby_it_converges(start: float) -> None:
    assert courses(TUNED, starts=(start,))[-1, 0] == pytest.approx(0, abs=1e-9)


def test_gradient_descent_converges_from_everywhere() -> None:
    starts = (3.07, 3.3, 3.46, 1.5, -3.0)
    assert courses(contender(lr=2 / 26), starts=starts)[-1] == pytest.approx(np.zeros(5), abs=1e-9)


def test_the_slope_is_the_published_one() -> None:
    problem = PROBLEMS["heavy_ball_cycle"]()
    x = np.array([[-3.0, 0.5, 1.0, 1.25, 1.75, 2.0, 3.0]])
    published = [-75.0, 12.5, 25.0, 25.25, 25.75, 26.0, 51.0]
    assert problem.loss_and_gradient(x)[1][0].tolist() == published


def test_the_default_start_shows_the_cycle_in_the_verdict() -> None:
    trajectory = run(experiment("heavy_ball_cycle", TUNED, contender(lr=2 / 26), steps=600))
    cycling, settled = results(trajectory)
    assert cycling.verdict.kind == "oscillating"
    assert settled.verdict.sentence.startswith("converged to (0)")


# --- stability on a quadratic: Nesterov before gradient descent before the heavy ball ------------

LIMITS = {"sgd": 2.0, "nesterov": 1.3571, "momentum": 3.8}
"""Of ηλ at momentum 0.9: 2, (2 + 2β)/(1 + 2β), 2 + 2β."""
FIELDS = {"sgd": {}, "nesterov": {"momentum": 0.9}, "momentum": {"momentum": 0.9}}


def shrinks(rule: str, rate: float, lam: float, **fields: float) -> bool:
    race = experiment(
        PROBLEMS["quadratic"](lam=lam), contender(rule, lr=rate / lam, **fields), steps=4000
    )
    loss = run(race).loss[:, 0]
    return bool(np.isfinite(loss[-1]) and loss[-1] < 1e-3 * loss[0])


@pytest.mark.parametrize("lam", [1.0, 25.0])
@pytest.mark.parametrize("rule", LIMITS)
def test_the_largest_stable_rate_is_the_published_one(rule: str, lam: float) -> None:
    limit = LIMITS[rule]
    assert shrinks(rule, 0.99 * limit, lam, **FIELDS[rule])
    assert not shrinks(rule, 1.01 * limit, lam, **FIELDS[rule])


@pytest.mark.parametrize("lam", [1.0, 25.0])
def test_an_averaged_gradient_is_stable_ten_times_further(lam: float) -> None:
    # Momentum as a running mean: the new gradient enters with weight 1 − β.
    fields = {"momentum": 0.9, "dampening": 0.9}
    assert shrinks("momentum", 0.99 * 38, lam, **fields)
    assert not shrinks("momentum", 1.01 * 38, lam, **fields)


# --- deep linear: large rates select flat minima -------------------------------------------------

RATES = (0.05, 0.2, 0.25, 0.3, 0.35, 0.4)


def landed(rates: tuple[float, ...]) -> Trajectory:
    racers = [contender(lr=rate) for rate in rates]
    return run(experiment("deep_linear", *racers, steps=1500))


def test_the_curvature_at_a_minimum_is_the_sum_of_squares() -> None:
    problem = PROBLEMS["deep_linear"]()
    for w in (0.4, 1.0, -1.7, 2.5):
        minimum = (w, 1 / w)
        assert problem.loss(np.array(minimum)) == pytest.approx(0, abs=1e-30)
        assert problem.curvature_at(minimum) == pytest.approx((0, w**2 + 1 / w**2), abs=1e-9)


def test_in_more_layers_it_is_the_sum_of_inverse_squares() -> None:
    problem, minimum = PROBLEMS["deep_linear"](dim=4), (2.0, 0.5, -4.0, -0.25)
    inverse = sum(1 / w**2 for w in minimum)
    assert problem.curvature_at(minimum) == pytest.approx((0, inverse))
    assert problem.hessian((0.0,) * 4) == pytest.approx(np.zeros((4, 4)))


def test_large_rates_select_flat_minima() -> None:
    ends = landed(RATES).position[-1]
    sharpness = np.square(ends).sum(axis=0)
    assert np.prod(ends, axis=0) == pytest.approx(np.ones(len(RATES)), abs=1e-6)
    assert (sharpness < 2 / np.array(RATES)).all()  # or they would not rest there
    assert (np.diff(sharpness) < 0).all()
    assert sharpness[0] == pytest.approx(8.05, abs=0.01)  # where a small rate leads
    assert sharpness[-1] < 2.05  # nearly as flat as it can be


def test_a_minimum_that_is_too_sharp_is_left() -> None:
    sharp = ((2.81, 1 / 2.81 + 1e-6),)  # λ = 8.02
    race = experiment(
        "deep_linear", contender(lr=0.24), contender(lr=0.27), starts=sharp, steps=800
    )
    stays, leaves = np.abs(run(race).position[-1] - np.array(sharp).T).max(axis=0)
    assert stays < 1e-4
    assert leaves > 0.05


def test_a_verdict_on_a_curve_of_minima_names_the_place_itself() -> None:
    (row,) = results(landed((0.05,)))
    assert row.verdict.sentence.startswith("converged to (2.81, 0.355) at step ")
    assert row.verdict.minimum is None
    race = experiment("deep_linear", contender(lr=0.1), starts=((1.2, 0.9),), steps=500)
    (row,) = results(run(race))
    assert row.verdict.kind == "converged"


# --- functions without a minimum -----------------------------------------------------------------


def sentence(problem: str, lr: float, steps: int, **fields: object) -> tuple[str, str, object]:
    (row,) = results(run(experiment(problem, contender(lr=lr), steps=steps, **fields)))
    return row.verdict.kind, row.verdict.sentence, row.steps_to_tolerance


def test_no_run_converges_where_there_is_no_minimum() -> None:
    kind, text, steps = sentence("saddle", 0.1, 30)
    assert (kind, steps) == ("descending", None)
    assert text == "still descending: f = −0.0563, there is no minimum"
    kind, text, steps = sentence("saddle", 0.1, 60)
    assert (kind, steps) == ("diverged", None)
    assert text.startswith("diverged downhill: f = −")
    kind, text, steps = sentence("monkey_saddle", 0.05, 500)
    assert (kind, steps) == ("diverged", None)


def test_a_run_that_is_held_by_the_saddle_says_so() -> None:
    kind, text, steps = sentence("saddle", 0.1, 1000, starts=((1.6, 0.0),))
    assert (kind, steps) == ("stalled", None)
    assert text.startswith("stalled at (0, 0): a saddle, loss = ")


def test_the_headline_does_not_blame_the_learning_rates() -> None:
    race = experiment("saddle", contender(lr=0.1), contender("adam", lr=0.1), steps=200)
    told = headline(results(run(race)))
    assert told == "All runs left the domain downhill: the function has no minimum."
    blown_up = experiment("quadratic", contender(lr=3.0), steps=2000)
    assert headline(results(run(blown_up))) == "All runs diverged: lower the learning rates."
