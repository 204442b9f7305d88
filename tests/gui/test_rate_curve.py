import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lrstudio.core import SCHEDULES, Warmup
from lrstudio.gui.rate_curve import EXACT_STEPS, columns, rate_curve

WARMUPS = [None, *(Warmup(steps=700, shape=shape) for shape in ("linear", "cosine", "exponential"))]


@pytest.mark.parametrize("warmup", WARMUPS)
@pytest.mark.parametrize("name", SCHEDULES)
def test_short_runs_are_exact(name, warmup):
    schedule = SCHEDULES[name](warmup=warmup)
    at, rates = rate_curve(0.5, schedule, 1000)
    assert np.array_equal(at, np.arange(1000))
    assert np.array_equal(rates, 0.5 * schedule.at(np.arange(1000), 1000))


@pytest.mark.parametrize("warmup_steps", [None, 5, 30_000, 200_000, 10_000_000])
@pytest.mark.parametrize("name", SCHEDULES)
def test_long_runs_are_sampled_at_true_values(name, warmup_steps):
    steps = 200_000
    warmup = Warmup(steps=warmup_steps) if warmup_steps else None
    schedule = SCHEDULES[name](warmup=warmup)
    at, rates = rate_curve(0.5, schedule, steps)
    assert len(at) == len(rates) <= EXACT_STEPS
    assert np.all(np.diff(at) > 0)
    assert 0 <= at[0] < at[-1] < steps
    exact = 0.5 * schedule.at(np.arange(steps), steps)
    is_whole = at == at.round()  # a sampled rise also has values between two steps
    rising = min(warmup_steps or 0, steps)
    assert is_whole[at >= rising].all()
    np.testing.assert_allclose(rates[is_whole], exact[at[is_whole].astype(int)], rtol=1e-9)


def test_the_longest_run_costs_no_more_than_a_long_one():
    longest = 100_000_000
    schedule = SCHEDULES["cosine"](warmup=Warmup(steps=longest // 2))
    at, rates = rate_curve(1.0, schedule, longest)
    assert len(at) <= EXACT_STEPS
    assert rates.max() == pytest.approx(1.0, abs=1e-3)
    assert at[np.argmax(rates)] == pytest.approx(longest / 2, rel=1e-3)


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_run_of_one_step_has_one_rate(name):
    schedule = SCHEDULES[name]()
    at, rates = rate_curve(0.1, schedule, 1)
    assert at.tolist() == [0.0]
    assert rates == pytest.approx(0.1 * schedule.at(np.zeros(1), 1))
    x, drawn = columns(at, rates, 1, 200)
    assert x.tolist() == [0.0]
    assert np.array_equal(drawn, rates)


@given(st.integers(1, 5000), st.integers(1, 400), st.integers(0, 2**32 - 1))
def test_what_is_drawn_keeps_the_extremes_of_every_column(steps, width, seed):
    rates = np.random.default_rng(seed).random(steps)
    x, drawn = columns(np.arange(steps, dtype=float), rates, steps, width)
    assert len(drawn) <= max(2 * width, 1)
    assert np.all(np.diff(x) >= 0)
    assert x[0] == 0
    assert x[-1] <= 1
    if steps > 2 * width:
        column = np.arange(steps) * width // steps
        for pair, c in zip(drawn.reshape(-1, 2), np.unique(column), strict=True):
            assert sorted(pair) == [rates[column == c].min(), rates[column == c].max()]


def test_replacing_the_schedule_keeps_the_rate_of_the_optimizer():
    schedule = SCHEDULES["linear"](start=1.0, end=0.5)
    _, rates = rate_curve(0.2, replace(schedule, warmup=Warmup(steps=2, start=0.0)), 12)
    assert rates[0] == 0.0
    assert rates[2] == pytest.approx(0.2)
