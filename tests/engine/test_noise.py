"""Gradient noise: repeatable, independent of neighbours, and as strong as asked."""

import msgspec
import numpy as np
import pytest

from lrstudio.core.arrays import Array
from lrstudio.engine import Trajectory, run
from tests.engine.races import contender, experiment


def noise_of(trajectory: Trajectory) -> Array:
    """What SGD's steps on a quadratic reveal of the noise, `(steps, dim, lanes)`."""
    position, rate = trajectory.position, trajectory.learning_rate()[:-1, None]
    gradient = 2.0 * position * np.array([1.0, 10.0])[:, None]
    return (position[:-1] - position[1:]) / rate - gradient[:-1]


def noisy(**fields: object) -> Trajectory:
    settings = {"noise": 0.5, "steps": 400, **fields}
    return run(experiment("ellipse", contender(lr=0.01), contender(lr=0.03), **settings))


def test_the_same_seed_meets_the_same_noise() -> None:
    one, other = noise_of(noisy(seeds=(7,))), noise_of(noisy(seeds=(7, 8)))
    for lane in (0, 1):
        assert other[..., 2 * lane] == pytest.approx(one[..., lane], abs=1e-9)
    assert np.array_equal(noisy(seeds=(7,)).loss, noisy(seeds=(7,)).loss)


def test_contenders_and_starts_share_the_noise_of_their_seed() -> None:
    noise = noise_of(noisy(starts=((1.0, 1.0), (-5.0, 2.0)), seeds=(3, 4)))
    for lane in range(0, 8, 2):
        assert noise[..., lane] == pytest.approx(noise[..., 0], abs=1e-9)
        assert noise[..., lane + 1] == pytest.approx(noise[..., 1], abs=1e-9)


def test_different_seeds_meet_unrelated_noise() -> None:
    noise = noise_of(noisy(seeds=tuple(range(6))))[..., :6].reshape(-1, 6)
    correlation = np.corrcoef(noise.T) - np.eye(6)
    assert np.abs(correlation).max() < 5 / np.sqrt(len(noise))


def test_the_order_of_the_seeds_does_not_matter() -> None:
    forth, back = noisy(seeds=(1, 2, 3)), noisy(seeds=(3, 2, 1))
    assert np.array_equal(forth.loss[:, :3], back.loss[:, 2::-1])


def test_noise_has_the_asked_deviation_in_every_coordinate_and_no_mean() -> None:
    noise = noise_of(noisy(noise=2.5, steps=4000, seeds=(0, 1)))[..., :2]
    count = noise.shape[0] * 2
    deviation = noise.std(axis=(0, 2))
    assert deviation == pytest.approx(2.5, rel=5 / np.sqrt(2 * count))
    assert np.abs(noise.mean(axis=(0, 2))).max() < 5 * 2.5 / np.sqrt(count)
    neighbours = (noise[1:] * noise[:-1]).mean() / 2.5**2
    assert abs(neighbours) < 5 / np.sqrt(count)


def test_noise_shows_in_the_recorded_gradient_but_not_in_the_loss() -> None:
    trajectory = noisy()
    problem = trajectory.plan.experiment.problem
    loss, gradient = problem.loss_and_gradient(trajectory.position.transpose(1, 0, 2))
    assert np.array_equal(trajectory.loss, loss)
    clean = np.sqrt(np.square(gradient).sum(axis=0))
    assert np.abs(trajectory.gradient_norm - clean).max() > 0.5
    felt = np.moveaxis(gradient, 1, 0)[:-1] + noise_of(trajectory)
    norm = np.sqrt(np.square(felt).sum(axis=1))
    assert trajectory.gradient_norm[:-1] == pytest.approx(norm, rel=1e-9, abs=1e-9)


def test_a_longer_run_begins_with_the_same_noise() -> None:
    short, long = noisy(steps=100), noisy(steps=400)
    assert np.array_equal(short.position, long.position[:101])


def test_no_noise_needs_no_seed() -> None:
    quiet = noisy(noise=0.0, seeds=(1, 2))
    assert np.array_equal(quiet.loss[:, 0], quiet.loss[:, 1])
    one = msgspec.structs.replace(quiet.plan.experiment, seeds=(99,))
    assert np.array_equal(run(one).loss[:, 0], quiet.loss[:, 0])
