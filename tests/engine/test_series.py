"""Quantities against the step, as plots, exports and tables read them."""

import numpy as np
import pytest

from lrstudio.core.arrays import Array
from lrstudio.engine import SERIES, Recording, Series, Trajectory, parameter_series, run
from tests.engine.races import contender, experiment


@pytest.fixture(scope="module")
def trajectory() -> Trajectory:
    racers = (contender(lr=0.001), contender("adam", lr=0.1))
    return run(experiment("styblinski_tang", *racers, steps=50, seeds=(0, 1)), Recording(every=4))


def everything(trajectory: Trajectory) -> list[Series]:
    return [*SERIES.values(), *(parameter_series(trajectory.plan, i) for i in range(2))]


def test_series_have_ids_titles_and_symbols_of_their_own(trajectory: Trajectory) -> None:
    series = everything(trajectory)
    assert all(SERIES[s.id] is s for s in SERIES.values())
    for texts in ([s.id for s in series], [s.title for s in series], [s.symbol for s in series]):
        assert len(set(texts)) == len(texts)
        assert all(texts)


def test_every_series_has_one_column_per_lane_and_the_rows_asked_for(
    trajectory: Trajectory,
) -> None:
    for series in everything(trajectory):
        values = series.values(trajectory, 0, trajectory.rows)
        assert values.shape == (14, 4)
        assert np.array_equal(series.values(trajectory, 3, 9), values[3:9], equal_nan=True)


def test_series_say_what_the_trajectory_recorded(trajectory: Trajectory) -> None:
    def of(name: str) -> Array:
        return SERIES[name].values(trajectory, 0, trajectory.rows)

    minimum = trajectory.plan.experiment.problem.minimum_value
    assert np.array_equal(of("loss"), trajectory.loss)
    assert np.array_equal(of("excess"), trajectory.loss - minimum)
    assert np.array_equal(of("gradient_norm"), trajectory.gradient_norm)
    assert np.array_equal(of("learning_rate"), trajectory.learning_rate(), equal_nan=True)
    for i in range(2):
        series = parameter_series(trajectory.plan, i)
        assert series.symbol == "xy"[i]
        assert np.array_equal(series.values(trajectory, 0, 14), trajectory.position[:, i])


def test_series_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        SERIES["new"] = SERIES["loss"]  # type: ignore[index]
