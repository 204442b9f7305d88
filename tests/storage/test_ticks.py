"""Axes read as a person would divide them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrstudio.storage.ticks import Tick, Ticks, linear_ticks, log_ticks


def labels(ticks: Ticks) -> list[str]:
    return [tick.label + (f"^{tick.power}" if tick.power else "") for tick in ticks.major]


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0, 500, 5, ["0", "100", "200", "300", "400", "500"]),
        (0, 1, 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-2.048, 2.048, 5, ["−2", "−1", "0", "1", "2"]),
        (0, 2000, 4, ["0", "500", "1000", "1500", "2000"]),
        (0, 100_000, 2, ["0", "50\u2009000", "100\u2009000"]),
        (0.0123, 0.0125, 4, ["0.01230", "0.01235", "0.01240", "0.01245", "0.01250"]),
    ],
)
def test_linear(low: float, high: float, most: int, expected: list[str]) -> None:
    assert labels(linear_ticks(low, high, most)) == expected


def test_linear_with_a_common_power() -> None:
    ticks = linear_ticks(0, 3e6, 3)
    assert (labels(ticks), ticks.exponent) == (["0", "1", "2", "3"], 6)
    ticks = linear_ticks(0, 2.5e-5, 5)
    assert (labels(ticks), ticks.exponent) == (["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"], -5)


def test_decades() -> None:
    ticks = log_ticks(0.01, 100, 10)
    assert labels(ticks) == ["10^−2", "10^−1", "10^0", "10^1", "10^2"]
    assert Tick(0.5) in ticks.minor
    assert len(ticks.minor) == 4 * 8


def test_every_few_decades() -> None:
    assert labels(log_ticks(1e-16, 1e3, 7)) == [
        f"10^{n}".replace("-", "−") for n in (-15, -12, -9, -6, -3, 0, 3)
    ]


def test_hardly_a_decade() -> None:
    assert labels(log_ticks(1.5, 60, 8)) == ["2", "5", "10", "20", "50"]
    assert labels(log_ticks(2e-6, 3e-5, 8)) == ["2×10^−6", "5×10^−6", "1×10^−5", "2×10^−5"]


def test_a_narrow_logarithmic_range_is_divided_like_a_linear_one() -> None:
    assert labels(log_ticks(1.1, 1.4, 3)) == ["1.1", "1.2", "1.3", "1.4"]


@given(st.floats(-1e100, 1e100), st.floats(1e-9, 1e9), st.integers(2, 12))
def test_linear_ticks_lie_on_the_axis_and_are_few(low: float, size: float, most: int) -> None:
    high = low + size * max(1.0, abs(low))
    ticks = linear_ticks(low, high, most)
    margin = 1e-6 * (high - low)
    assert all(low - margin <= t.value <= high + margin for t in ticks.major)
    assert 2 <= len(ticks.major) <= max(most + 1, 5)
    assert len({t.label for t in ticks.major}) == len(ticks.major)


@given(st.floats(-300, 299), st.floats(1e-3, 300), st.integers(2, 12))
def test_log_ticks_lie_on_the_axis_and_are_few(start: float, decades: float, most: int) -> None:
    low, high = 10.0**start, 10.0 ** min(start + decades, 300)
    ticks = log_ticks(low, high, most)
    for tick in (*ticks.major, *ticks.minor):
        assert math.log10(low) - 1e-6 <= math.log10(tick.value) <= math.log10(high) + 1e-6
    assert 2 <= len(ticks.major) <= max(most + 1, 7)
    assert len(ticks.minor) <= 9 * (most + 2)
