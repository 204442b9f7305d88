"""Noise and change in a race: what the rules meet, what is recorded, and in whatever company."""

from itertools import product

import numpy as np
import pytest
from msgspec.structs import replace

from lrstudio.core import DISTURBANCES, MODIFIERS, PROBLEMS, SCHEDULES, Disturbance, identifier
from lrstudio.core.arrays import Array
from lrstudio.engine import Contender, Experiment, Recording, Trajectory, plan, run, simulate
from lrstudio.engine import float_race as floats
from lrstudio.engine.array_race import ArrayRace
from lrstudio.engine.float_race import FloatRace
from tests.engine.races import (
    assert_equal,
    columns,
    contender,
    experiment,
    line_up,
    run_in_chunks,
)

KINDS = pytest.mark.parametrize("cls", DISTURBANCES.values(), ids=identifier)
CURVATURES = np.array([2.0, 20.0])
"""Of the ellipse x² + 10 y²."""


def made(kind: str, **fields: object) -> Disturbance:
    return DISTURBANCES[kind](**fields)


ALL = (
    made("circle_drift", radius=0.3),
    made("random_walk_drift"),
    made("jump_drift", rest=30),
    made("heavy_tailed_noise", sigma=0.1),
    made("multiplicative_noise"),
    made("multiplicative_noise", sigma=0.2, drawn_for="gradient"),
    made("label_noise", sigma=0.1),
    made("loss_noise"),
)


def disturbed(*disturbances: Disturbance, **fields: object) -> Trajectory:
    """Gradient descent on the ellipse at two rates."""
    racers = fields.pop("racers", (contender(lr=0.01), contender(lr=0.03)))
    return run(experiment("ellipse", *racers, disturbances=disturbances, **fields))


def met(trajectory: Trajectory, lane: int = 0) -> Array:
    """The gradients `(steps, 2)` that the steps of gradient descent reveal."""
    position = trajectory.position[..., lane]
    return (position[:-1] - position[1:]) / trajectory.learning_rate()[:-1, [lane]]


def clean(trajectory: Trajectory, lane: int = 0) -> Array:
    """The gradients where the lane was, of the function where it was."""
    position = trajectory.position[:-1, :, lane]
    if trajectory.offsets is not None:
        position = position - trajectory.offsets.between(0, len(position), lane)
    return position * CURVATURES


# --- what the rules meet ------------------------------------------------------------------------


def test_factors_are_drawn_for_each_coordinate_or_for_all() -> None:
    own = disturbed(made("multiplicative_noise", sigma=0.4), steps=60)
    factors = met(own) / clean(own)
    assert np.abs(factors[:, 0] - factors[:, 1]).min() > 1e-4
    both = disturbed(made("multiplicative_noise", sigma=0.4, drawn_for="gradient"), steps=60)
    factors = met(both) / clean(both)
    assert factors[:, 0] == pytest.approx(factors[:, 1], rel=1e-9)
    assert 0.2 < factors.std() < 0.7


def test_heavy_tails_are_added_to_the_gradient_and_its_record() -> None:
    heavy = disturbed(made("heavy_tailed_noise", sigma=0.5, nu=3.0), steps=400)
    noise = met(heavy) - clean(heavy)
    # The quartiles of Student's t with three degrees of freedom are at ±0.7649.
    assert np.quantile(np.abs(noise), 0.5) == pytest.approx(0.5 * 0.7649, rel=0.15)
    recorded = heavy.gradient_norm[:-1, 0]
    assert recorded == pytest.approx(np.linalg.norm(met(heavy), axis=1), rel=1e-6)


def test_a_wrong_label_scales_the_gradient_by_the_error_it_makes() -> None:
    noisy = disturbed(made("label_noise", sigma=0.3), steps=100)
    residual = np.sqrt(2 * noisy.loss[:-1, 0])
    errors = (met(noisy) / clean(noisy) - 1.0) * residual[:, None]
    assert errors[:, 0] == pytest.approx(errors[:, 1], abs=1e-6)
    assert errors[:, 0].std() == pytest.approx(0.3, rel=0.3)


@KINDS
def test_the_recorded_loss_is_that_of_the_function_where_it_is(cls: type[Disturbance]) -> None:
    trajectory = disturbed(cls(), steps=250)
    place = trajectory.position[..., 0]
    if trajectory.offsets is not None:
        place = place - trajectory.offsets.between(0, len(place), 0)
    assert trajectory.loss[:, 0] == pytest.approx(np.square(place) @ (CURVATURES / 2), rel=1e-12)


def test_polyaks_step_takes_the_loss_as_it_is_told() -> None:
    racers = (contender("polyak"),)
    told = disturbed(made("loss_noise", sigma=2.0), racers=racers, steps=30)
    true = disturbed(racers=racers, steps=30)
    assert np.abs(told.position[1] - true.position[1]).max() > 1e-3

    def lengths(trajectory: Trajectory) -> Array:
        moves = np.diff(trajectory.position[..., 0], axis=0)
        gradient = clean(trajectory)
        return -(moves * gradient).sum(axis=1)  # Polyak: η ‖g‖² = f − f*

    noise = lengths(told) - told.loss[:-1, 0]
    assert lengths(true)[:10] == pytest.approx(true.loss[:10, 0], rel=1e-6)
    assert np.abs(noise[:8]).max() > 0.3


def test_a_plateau_is_heard_in_the_loss_as_it_is_told() -> None:
    schedule = SCHEDULES["reduce_on_plateau"](patience=3)
    racers = (contender(lr=0.01, schedule=schedule),)
    assert disturbed(racers=racers, steps=200).learning_rate()[-2, 0] == 0.01
    deaf = disturbed(made("loss_noise", sigma=50.0), racers=racers, steps=200)
    assert deaf.learning_rate()[-2, 0] < 0.01


def test_a_line_search_is_not_misled_by_an_error_that_all_its_evaluations_share() -> None:
    racers = (contender("armijo"),)
    quiet = disturbed(racers=racers, steps=20)
    noisy = disturbed(made("loss_noise", sigma=0.01), racers=racers, steps=20)
    assert noisy.position == pytest.approx(quiet.position, rel=1e-6)


@pytest.mark.parametrize("rule", ["armijo", "newton", "lbfgs"])
def test_who_asks_for_more_meets_the_same_function_as_the_others(rule: str) -> None:
    moving = (made("circle_drift", radius=2.0, period=60.0),)
    racers = (contender(rule), contender(lr=0.01))
    together = disturbed(*moving, racers=racers, steps=40)
    alone = disturbed(*moving, racers=racers[:1], steps=40)
    assert np.array_equal(together.position[..., 0], alone.position[..., 0])
    if rule == "newton":  # which stands at the minimum of the step before
        assert together.offsets is not None
        where = together.offsets.between(0, 40, 0)
        assert together.position[1:, :, 0] == pytest.approx(where, abs=1e-6)


# --- company, order, stretches -----------------------------------------------------------------


def test_a_lane_alone_is_a_lane_among_others() -> None:
    starts, seeds = ((-1.2, 1.0), (0.3, 0.4)), (7, 3, 11)
    race = experiment("beale", *line_up(), starts=starts, seeds=seeds, noise=0.1, disturbances=ALL)
    together = run(replace(race, steps=120))
    for lane in together.plan.lanes[::5]:
        alone = replace(
            race,
            steps=120,
            contenders=(together.plan.contender(lane),),
            starts=(starts[lane.start],),
            seeds=(lane.seed,),
        )
        trajectory = run(alone)
        assert_equal(columns(trajectory, [0]), columns(together, [lane.index]))
        assert trajectory.offsets is not None
        assert together.offsets is not None
        assert np.array_equal(
            trajectory.offsets.between(0, 121, 0), together.offsets.between(0, 121, lane.index)
        )


def test_the_order_of_the_list_does_not_matter() -> None:
    forth = disturbed(*ALL[:5], *ALL[6:], steps=100, noise=0.2)
    back = disturbed(*ALL[:5:-1], *ALL[4::-1], steps=100, noise=0.2)
    assert np.array_equal(forth.position, back.position)


def test_the_noise_of_the_experiment_is_what_it_was() -> None:
    plain = disturbed(noise=0.5, steps=100)
    silent = disturbed(made("heavy_tailed_noise", sigma=0.0), noise=0.5, steps=100)
    assert np.array_equal(plain.position, silent.position)
    first = np.random.default_rng(0).standard_normal((1, 2))[0]
    assert (met(plain) - clean(plain))[0] == pytest.approx(0.5 * first, abs=1e-9)


@KINDS
def test_stretches_do_not_matter(cls: type[Disturbance]) -> None:
    race = experiment("ellipse", contender(lr=0.01), disturbances=(cls(),), steps=500, seeds=(1, 2))
    fine, coarse = (run_in_chunks(plan(race), seconds) for seconds in (0.0, 10.0))
    assert_equal(columns(fine, slice(None)), columns(coarse, slice(None)))


def stages(race: ArrayRace | FloatRace, sizes: tuple[int, ...]) -> list[Array]:
    first, found = 0, []
    with np.errstate(all="ignore"):
        for size in sizes:
            stage = race.run(first, size)
            parts = (stage.position, stage.loss, stage.gradient, stage.offset)
            found.append([p.copy() for p in parts if p is not None])
            first += size
    return [np.concatenate(parts) for parts in zip(*found, strict=True)]


@pytest.mark.parametrize("seeds", [(0,), (4, 9)])
@pytest.mark.parametrize(
    "listed", [*((d,) for d in ALL), ALL], ids=lambda listed: identifier(type(listed[0]))
)
def test_plain_floats_give_the_numbers_of_arrays(
    listed: tuple[Disturbance, ...], seeds: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floats, "is_worth_it", lambda entries, steps: True)
    racers = contender(lr=1e-3), contender("polyak", lr=0.5), contender("adam", lr=0.05)
    race = experiment("himmelblau", *racers, disturbances=listed, seeds=seeds, steps=90, noise=0.1)
    planned = plan(race)
    with np.errstate(all="ignore"):
        both = FloatRace(planned), ArrayRace(planned)
    pairs = zip(stages(both[0], (1, 9, 80)), stages(both[1], (50, 40)), strict=True)
    for got, expected in pairs:
        assert np.array_equal(got, expected, equal_nan=True)


# --- closed forms --------------------------------------------------------------------------------


def long_run(rate: float, *disturbances: Disturbance, **fields: object) -> Trajectory:
    """Many seeds at the minimum of the ellipse, long enough to forget the start."""
    seeds = tuple(range(60))
    settings = {"starts": ((0.0, 0.0),), "seeds": seeds, "steps": 3000, **fields}
    return disturbed(*disturbances, racers=(contender(lr=rate),), **settings)


@pytest.mark.parametrize("rate", [0.01, 0.04, 0.08])
def test_additive_noise_has_a_floor_in_proportion_to_the_rate(rate: float) -> None:
    # x ← (1 − ηλ)x − ησξ has the variance ησ²/(λ(2 − ηλ)).
    settled = long_run(rate, noise=0.5).position[1000:]
    variance = np.square(settled).mean(axis=(0, 2))
    assert variance == pytest.approx(rate * 0.25 / (CURVATURES * (2 - rate * CURVATURES)), rel=0.05)


@pytest.mark.parametrize("gain", [0.05, 0.2, 0.6])
def test_a_wandering_optimum_is_tracked_as_by_an_exponential_filter(gain: float) -> None:
    # e ← (1 − K)e − ησξ − qζ with K = ηλ has the variance (η²σ² + q²)/(1 − (1 − K)²).
    rate, walk, noise = gain / 20.0, 0.1, 2.0
    trajectory = long_run(rate, made("random_walk_drift", sigma=walk), noise=noise)
    gains = rate * CURVATURES
    variance = (rate**2 * noise**2 + walk**2) / (1 - (1 - gains) ** 2)
    expected = (CURVATURES / 2 * variance).sum()
    assert trajectory.loss[1500:].mean() == pytest.approx(expected, rel=0.06)


def test_the_best_constant_rate_is_the_gain_of_the_steady_kalman_filter() -> None:
    for walk in (0.02, 0.1):
        # Noise of the measurement σ/λ, of the state q: p² = r(p + 1) for p = P/R and r = q²/R.
        ratio = (walk * 20.0 / 2.0) ** 2
        p = (ratio + np.sqrt(ratio**2 + 4 * ratio)) / 2
        best = p / (1 + p) / 20.0
        drift = made("random_walk_drift", sigma=walk)

        def late(rate: float, drift: Disturbance = drift) -> float:
            found = long_run(rate, drift, noise=2.0)
            assert found.offsets is not None
            behind = [
                found.position[500:, 1, lane] - found.offsets.between(500, 3001, lane)[:, 1]
                for lane in range(60)
            ]
            return float(np.square(behind).mean())

        assert late(best) < min(late(best / 1.6), late(best * 1.6))


def test_a_circling_optimum_is_followed_late_and_on_a_smaller_ellipse() -> None:
    radius, period, rate = 3.0, 50.0, 0.01
    drift = made("circle_drift", radius=radius, period=period)
    trajectory = disturbed(drift, racers=(contender(lr=rate),), steps=2000)
    # x ← (1 − K)x + K c is a linear filter: e^{iωt} comes out times K/(e^{iω} − 1 + K).
    turn = np.exp(2j * np.pi / period)
    response = rate * CURVATURES / (turn - 1 + rate * CURVATURES)
    steps = np.arange(1800, 2001)
    wave = radius * response[None, :] * turn ** steps[:, None]
    expected = np.stack([wave[:, 0].real, wave[:, 1].imag], axis=1)
    assert trajectory.position[1800:, :, 0] == pytest.approx(expected, abs=1e-9)


def test_after_a_jump_the_loss_is_that_of_the_distance() -> None:
    drift = made("jump_drift", length=2.0, rest=400)
    racers = (contender(lr=0.04),)
    trajectory = run(
        experiment("sphere", *racers, disturbances=(drift,), steps=1201, starts=((0.0, 0.0),))
    )
    loss = trajectory.loss[:, 0]
    size = float(PROBLEMS["sphere"]().loss(np.array([2.0, 0.0])))
    assert (loss[:400] == 0).all()
    assert loss[[400, 800, 1200]] == pytest.approx(size, rel=1e-6)
    assert loss[[399, 799, 1199]] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("rate", [0.03, 0.09])
def test_multiplicative_noise_shrinks_and_grows_as_its_moments_say(rate: float) -> None:
    # E x² grows by 1 − 2ηλ + η²λ²(1 + σ²) a step.
    noise = made("multiplicative_noise", sigma=0.8)
    fields = {"starts": ((1.0, 1.0),), "seeds": tuple(range(4000)), "steps": 4}
    trajectory = disturbed(noise, racers=(contender(lr=rate),), **fields)
    growth = 1 - 2 * rate * CURVATURES + (rate * CURVATURES) ** 2 * (1 + 0.64)
    squares = np.square(trajectory.position[4])
    error = squares.std(axis=1) / np.sqrt(4000)
    assert (np.abs(squares.mean(axis=1) - growth**4) < 5 * error).all()


# --- the record ----------------------------------------------------------------------------------


@pytest.mark.parametrize("every", [1, 7])
def test_offsets_stand_beside_the_rows(every: int) -> None:
    race = experiment("ellipse", disturbances=ALL[1:2], steps=100, seeds=(3, 8))
    whole, thin = (run(race, Recording(every=k)) for k in (1, every))
    assert whole.offsets is not None
    assert thin.offsets is not None
    steps = thin.steps_array().astype(int)
    for lane in (0, 1):
        kept = whole.offsets.between(0, 101, lane)[steps]
        assert np.array_equal(thin.offsets.between(0, thin.rows, lane), kept)
        assert np.array_equal(thin.offsets.at(2, lane), kept[2])
        assert np.array_equal(thin.offsets.last(lane), whole.offsets.at(100, lane))
    assert not np.array_equal(whole.offsets.at(50, 0), whole.offsets.at(50, 1))
    assert run(replace(race, disturbances=())).offsets is None


def test_memory_counts_where_the_function_was() -> None:
    race = experiment("ellipse", disturbances=ALL[1:2], steps=100, seeds=(3, 8))
    more = plan(race).memory_bytes - plan(replace(race, disturbances=())).memory_bytes
    assert more == 101 * 2 * 2 * 8


def test_an_average_is_judged_by_the_function_where_it_is() -> None:
    averaging = contender(lr=0.01, modifiers=(MODIFIERS["weight_average"](),))
    trajectory = disturbed(made("circle_drift", radius=2.0), racers=(averaging,), steps=300)
    assert trajectory.offsets is not None
    place = trajectory.position[..., 0] - trajectory.offsets.between(0, 301, 0)
    assert trajectory.loss[:, 0] == pytest.approx(np.square(place) @ (CURVATURES / 2), rel=1e-12)


# --- examples ------------------------------------------------------------------------------------


def test_disturbances_come_on_top_of_mini_batches() -> None:
    problem = PROBLEMS["logistic_regression"]()
    racers: tuple[Contender, ...] = (contender(lr=0.1), contender("adam", lr=0.01))
    race: Experiment = experiment(
        problem, *racers, disturbances=ALL, steps=60, seeds=(0, 1), noise=0.01
    )
    together = run(race)
    assert np.isfinite(together.loss).all()
    for seed, racer in product((0, 1), (0, 1)):
        alone = run(replace(race, contenders=(racers[racer],), seeds=(seed,)))
        lane = next(la for la in together.plan.lanes if (la.contender, la.seed) == (racer, seed))
        assert np.array_equal(alone.position[..., 0], together.position[..., lane.index])
        assert np.array_equal(alone.measures[..., 0], together.measures[..., lane.index])


def test_an_average_of_a_model_is_judged_where_the_model_has_moved_to() -> None:
    problem = PROBLEMS["logistic_regression"](order="full")
    averaging = contender(lr=0.1, modifiers=(MODIFIERS["weight_average"](),))
    trajectory = run(experiment(problem, averaging, disturbances=ALL[:1], steps=40))
    assert trajectory.offsets is not None
    place = trajectory.position[..., 0] - trajectory.offsets.between(0, 41, 0)
    assert trajectory.loss[:, 0] == pytest.approx(problem.loss(place.T), rel=1e-12)


def test_what_is_measured_of_a_model_is_measured_where_it_has_moved_to() -> None:
    problem = PROBLEMS["logistic_regression"]()
    trajectory = run(experiment(problem, contender(lr=0.1), disturbances=ALL[:1], steps=60))
    assert trajectory.offsets is not None
    place = trajectory.position[60, :, 0] - trajectory.offsets.at(60, 0)
    measured = trajectory.measures[trajectory.measured - 1, :, 0]
    assert measured == pytest.approx(problem.measure(place[:, None])[:, 0], rel=1e-12)


def test_simulating_yields_what_running_does() -> None:
    race = experiment("ellipse", disturbances=ALL, steps=50)
    trajectory = Trajectory(plan(race))
    assert list(simulate(trajectory.plan, trajectory))[-1] == 50
    assert np.array_equal(trajectory.loss, run(race).loss)
