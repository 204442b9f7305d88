import numpy as np
import pytest

from lrstudio.gui.plots.ranges import good_range

ROWS = np.arange(200.0)


def range_of(*lanes, diverged=(), is_logarithmic=False):
    values = np.stack(lanes, axis=1)
    flags = np.isin(np.arange(len(lanes)), diverged)
    return good_range(values, values, flags, is_logarithmic)


def share(span, low, high):
    """How much of the axis the values from low to high take."""
    return (high - low) / (span[1] - span[0])


def test_ordinary_runs_fill_the_axis():
    falling, slow = 24 * np.exp(-ROWS / 20), 24 - 0.02 * ROWS
    span = range_of(falling, slow)
    assert span[0] < 0
    assert span[1] > 24
    assert share(span, 0, 24) > 0.8


@pytest.mark.parametrize("is_logarithmic", [False, True])
def test_a_diverging_run_does_not_flatten_the_others(is_logarithmic):
    falling = 24 * np.exp(-ROWS / 20)
    diverging = 24 * np.exp(ROWS * 3)
    diverging[150:] = np.nan
    span = range_of(falling, diverging, diverged=[1], is_logarithmic=is_logarithmic)
    low, high = (np.log10(falling[-1]), np.log10(24)) if is_logarithmic else (0, 24)
    assert span[0] <= low
    assert span[1] > high
    assert share(span, low, high) > 0.4


def test_a_run_that_has_not_diverged_yet_is_recognised_by_its_size():
    falling, running_away = 24 * np.exp(-ROWS / 20), 24 * np.exp(ROWS * 0.2)
    span = range_of(falling, falling, running_away)
    assert share(span, 0, 24) > 0.4


def test_a_slow_run_does_not_make_a_fast_one_wild():
    stuck, escaped = np.full(200, 1e-3), 1e-3 + 1 - np.exp(-ROWS / 20)
    span = range_of(stuck, stuck, escaped)
    assert span[1] > 1


def test_a_coordinate_may_run_away_to_either_side():
    calm, diverging = np.linspace(-1, 1, 200), -np.exp(ROWS)
    span = range_of(calm, diverging, diverged=[1])
    assert share(span, -1, 1) > 0.4


def test_one_diverging_run_alone_is_shown_from_its_start_on():
    diverging = 24 * np.exp(ROWS)
    diverging[100:] = np.nan
    low, high = range_of(diverging, diverged=[0])
    assert low <= 24 < high < 1e3


@pytest.mark.parametrize("is_logarithmic", [False, True])
@pytest.mark.parametrize("value", [0.0, 1.0, -3.0, 1e-12, 1e90])
def test_a_constant_gets_room_on_both_sides(value, is_logarithmic):
    low, high = range_of(np.full(5, value), is_logarithmic=is_logarithmic)
    shown = np.log10(max(value, 1e-16)) if is_logarithmic else value
    assert low < shown < high


def test_nothing_finite_has_no_range():
    assert range_of(np.full(5, np.nan), np.full(5, np.nan)) is None


def test_values_at_the_end_of_the_numbers_still_give_a_finite_range():
    low, high = range_of(np.array([1.7e308, -1.7e308]))
    assert np.isfinite([low, high]).all()
    assert low < high


@pytest.mark.parametrize("is_logarithmic", [False, True])
def test_a_run_that_explodes_within_the_first_column_does_not_flatten_the_others(is_logarithmic):
    """Its first value is known, although its first column holds all of it."""
    falling = 24 * np.exp(-ROWS / 20)
    exploding = np.full(200, np.nan)
    low, high = (np.stack((falling, exploding), axis=1) for _ in range(2))
    low[0, 1], high[0, 1] = 24.0 if is_logarithmic else -2e22, 2e22
    flags = np.array([False, True])
    span = good_range(low, high, flags, is_logarithmic, np.array([24.0, 24.0]))
    ends = (np.log10(falling[-1]), np.log10(24)) if is_logarithmic else (0, 24)
    assert share(span, *ends) > (0.4 if is_logarithmic else 0.3)  # it is wild both ways


def test_a_first_value_that_is_not_known_is_taken_from_the_first_column():
    falling = 24 * np.exp(-ROWS / 20)
    low = falling[:, None]
    unknown = good_range(low, low, np.array([False]), False, np.array([np.nan]))
    assert unknown == range_of(falling)
