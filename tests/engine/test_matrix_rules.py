"""Rules that see a matrix: what they do with one, and what without."""

from typing import Any

import msgspec
import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS, PROBLEMS, Refused
from lrstudio.core.arrays import Array
from lrstudio.engine import experiment_from, plan, replay, results, run
from lrstudio.engine.stepping import Stepper, Surroundings
from tests.core.variants import name, variants
from tests.engine.races import assert_equal, columns, contender, experiment
from tests.engine.rules import noise

MUON = OPTIMIZERS["muon"]
VARIANTS = variants(MUON)
LAYER = PROBLEMS["linear_layer"](rows=3, columns=4)

each_variant = pytest.mark.parametrize("muon", VARIANTS, ids=name)


def stepped(muon: Any, gradients: Array, shape: tuple[int, int] | None) -> Array:
    """Positions `(steps+1, dim, lanes)` from 0, fed with gradients `(steps, dim, lanes)`."""
    position, gradient = np.zeros(gradients.shape[1:]), np.zeros(gradients.shape[1:])
    around = Surroundings(shape=shape)
    with np.errstate(all="ignore"):
        stepper = Stepper([muon], position, gradient, is_rate_shared=True, surroundings=around)
        stepper.rate[...] = muon.lr
        course = [position.copy()]
        for gradient[...] in gradients:
            stepper.advance()
            course.append(position.copy())
    return np.array(course)


# --- a matrix ----------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(4, 3), (3, 6), (5, 5)])
@pytest.mark.parametrize("normalization", ["clamp", "frobenius", "spectral", "aol", "schatten"])
def test_the_singular_values_of_a_step_are_near_one(
    shape: tuple[int, int], normalization: str
) -> None:
    muon = MUON(lr=1.0, scale="none", normalization=normalization, momentum=0.0)
    gradients = np.random.default_rng(4).standard_normal((5, *shape))
    steps = np.diff(replay(muon, gradients, np.zeros(shape)), axis=0)
    for g, step in zip(gradients, steps, strict=True):
        u, _, v = np.linalg.svd(g, full_matrices=False)
        # In the axes of the gradient itself: downhill along all of them.
        inside = -u.T @ step @ v.T
        assert np.diag(inside) == pytest.approx(np.ones(min(shape)), abs=0.35)
        turned = 0.35 if normalization == "aol" else 1e-9  # which scales row by row
        assert inside == pytest.approx(np.diag(np.diag(inside)), abs=turned)


@pytest.mark.parametrize(
    ("scale", "factor"),
    [("rows", 1.5**0.5), ("columns", 1.0), ("rms", 0.2 * 6**0.5), ("none", 1.0)],
)
def test_the_size_of_a_step_goes_by_the_shape(scale: str, factor: float) -> None:
    gradients = np.random.default_rng(4).standard_normal((1, 6, 4))
    plain, scaled = (replay(MUON(scale=s), gradients, np.zeros((6, 4)))[1] for s in ("none", scale))
    assert scaled == pytest.approx(factor * plain)
    turned = replay(MUON(scale=scale), gradients.swapaxes(1, 2), np.zeros((4, 6)))[1]
    flipped = {"rows": "columns", "columns": "rows"}.get(scale, scale)
    mirrored = replay(MUON(scale=flipped), gradients, np.zeros((6, 4)))[1]
    assert turned == pytest.approx(mirrored.T)


@each_variant
def test_a_lane_alone_moves_like_the_same_lane_in_a_batch(muon: Any) -> None:
    for shape in ((3, 4), None):
        if muon.unsuited(shape):
            continue
        gradients = noise(6, 12, 7)
        together = stepped(muon, gradients, shape)
        for lane in range(7):
            pair = np.repeat(gradients[:, :, [lane]], 2, axis=2)
            assert np.array_equal(stepped(muon, pair, shape)[:, :, 0], together[:, :, lane])


@each_variant
def test_a_matrix_runs_like_its_replay(muon: Any) -> None:
    one = msgspec.structs.replace(contender(), optimizer=muon)
    trajectory = run(experiment(LAYER, one, contender("adam"), steps=20))
    _, gradients = LAYER.loss_and_gradient(trajectory.position[:20, :, 0].T)
    positions = replay(muon, gradients.T.reshape(20, 3, 4), np.zeros((3, 4)))
    assert positions.reshape(21, 12) == pytest.approx(
        trajectory.position[:, :, 0], rel=1e-9, abs=1e-12
    )


@each_variant
@pytest.mark.parametrize("broken", [np.nan, np.inf, 1e308, 1e-300, 0.0])
def test_broken_gradients_make_no_exception(muon: Any, broken: float) -> None:
    for shape in ((3, 4), None):
        if muon.unsuited(shape):
            continue
        gradients = noise(6, 12, 3)
        untouched = stepped(muon, gradients, shape)
        gradients[2, :, 1] = broken
        positions = stepped(muon, gradients, shape)
        assert np.array_equal(positions[:, :, [0, 2]], untouched[:, :, [0, 2]])
        assert np.isfinite(positions[:, :, 1]).all() or not np.abs(broken) < 1


def test_a_gradient_of_zero_moves_nothing_but_by_decay() -> None:
    zeros, start = np.zeros((3, 2, 3)), np.ones((2, 3))
    assert np.array_equal(replay(MUON(), zeros, start)[-1], start)
    decayed = replay(MUON(lr=0.1, weight_decay=0.5), zeros, start)[-1]
    assert decayed == pytest.approx(0.95**3 * start)


def test_a_matrix_wins_where_its_rows_are_alike() -> None:
    racers = (contender("muon", lr=0.1), contender("sgd", lr=1e-4))
    muon, sgd = results(run(experiment(PROBLEMS["linear_layer"](kappa=1e4), *racers, steps=60)))
    assert muon.best_loss < 0.1 * sgd.best_loss


# --- no matrix ---------------------------------------------------------------------------------


def test_a_vector_is_refused_with_the_reason_and_a_way_out() -> None:
    race = experiment("rosenbrock", contender(lr=1e-3), contender("muon"))
    sentence = r"contenders\[1\]\.optimizer: Muon orthogonalises a matrix, .* are a vector; choose"
    for ask in (plan, lambda r: experiment_from(msgspec.to_builtins(r)), run):
        with pytest.raises(Refused, match=sentence):
            ask(race)
    with pytest.raises(Refused, match="Muon orthogonalises a matrix"):
        replay(MUON(), np.ones((3, 2)), np.ones(2))


def test_a_contender_that_stays_out_is_not_refused() -> None:
    off = msgspec.structs.replace(contender("muon"), enabled=False)
    assert run(experiment("rosenbrock", contender(lr=1e-3), off, steps=3)).is_finished


def test_on_vectors_it_is_adam_where_that_is_asked_for() -> None:
    decayed = {"adam_weight_decay": 0.1}
    racers = (
        contender("muon", lr=0.02, vectors="nadamw", nesterov=False, **decayed),
        contender("adamw", lr=0.02, weight_decay=0.1),
    )
    trajectory = run(experiment("beale", *racers, steps=50))
    assert trajectory.position[:, :, 0] == pytest.approx(trajectory.position[:, :, 1], rel=1e-9)


def test_a_rate_of_its_own_on_vectors_follows_no_schedule() -> None:
    gradients, factors = noise(20, 3, 1)[:, :, 0], np.linspace(1, 0, 20)
    fixed = replay(MUON(vectors="adam", lr=0.3), gradients, np.zeros(3))
    own = replay(MUON(vectors="adam", lr=0.7, adam_lr=0.3), gradients, np.zeros(3), factors)
    assert own == pytest.approx(fixed)


def test_mixed_lanes_equal_each_alone() -> None:
    racers = (contender("muon", lr=0.1), contender("adam"), contender("muon", lr=0.05, eps=1e-3))
    race = experiment(LAYER, *racers, steps=30, noise=0.2, seeds=(0, 1))
    together = run(race)
    for number, one in enumerate(racers):
        lanes = [la.index for la in together.plan.lanes if la.contender == number]
        alone = run(msgspec.structs.replace(race, contenders=(one,)))
        assert_equal(columns(alone, slice(None)), columns(together, lanes))
