import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lrstudio.gui.plots.decimation import LOG_FLOOR, Pyramid, on_axis

values_with_gaps = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.just(float("nan")),
    st.sampled_from([1e300, -1e300, 0.0]),
)


def pyramid_over(values: np.ndarray, cuts: list[int] = ()) -> Pyramid:
    pyramid = Pyramid(values.shape[1], lambda first, last: values[first:last])
    for cut in sorted(cuts):
        pyramid.extend(min(cut, len(values)))
    pyramid.extend(len(values))
    return pyramid


def assert_spans_are_true(values: np.ndarray, columns) -> None:
    for index, (first, last) in enumerate(zip(columns.edges, columns.edges[1:], strict=False)):
        for lane in range(values.shape[1]):
            finite = [v for v in values[first:last, lane] if not np.isnan(v)]
            low, high = columns.low[index, lane], columns.high[index, lane]
            if finite:
                assert (low, high) == (min(finite), max(finite))
            else:
                assert np.isnan(low)
                assert np.isnan(high)


@settings(deadline=None, max_examples=150)
@given(
    values=st.tuples(st.integers(1, 700), st.integers(1, 3)).flatmap(
        lambda shape: arrays(np.float64, shape, elements=values_with_gaps, fill=st.just(1.0))
    ),
    cuts=st.lists(st.integers(0, 700), max_size=6),
    first=st.floats(-50, 750),
    length=st.floats(0.5, 800),
    columns=st.integers(1, 60),
)
def test_every_column_holds_exactly_the_span_of_its_rows(values, cuts, first, length, columns):
    result = pyramid_over(values, cuts).query(first, first + length, columns)

    assert len(result.low) == len(result.high) == max(len(result.edges) - 1, 0)
    assert len(result.low) <= columns
    assert_spans_are_true(values, result)


@settings(deadline=None, max_examples=100)
@given(
    rows=st.integers(1, 5000),
    columns=st.integers(1, 200),
    first=st.floats(0, 4000),
    length=st.floats(1, 5000),
)
def test_columns_are_even_and_cover_the_whole_stretch(rows, columns, first, length):
    values = np.arange(rows, dtype=float)[:, None]

    edges = pyramid_over(values).query(first, first + length, columns).edges

    inside = np.arange(rows)[(np.arange(rows) >= first) & (np.arange(rows) < first + length)]
    if len(inside):
        assert edges[0] <= inside[0]
        assert edges[-1] > inside[-1]
    # An edge sits within a quarter column (or half a row) of where even columns would put it.
    if len(edges) > 3:
        stretch = length / columns
        nominal = first + stretch * np.arange(columns + 1)
        off = np.abs(nominal[None, :] - edges[1:-1, None]).min(axis=1)
        assert off.max() <= max(0.25 * stretch, 0.5) + 1e-9


@pytest.mark.parametrize("rows", [1, 2, 15, 16, 17, 63, 64, 65, 1000, 100_003])
def test_the_newest_row_is_always_part_of_the_picture(rows):
    values = np.zeros((rows, 2))
    values[-1] = 7.0

    result = pyramid_over(values).query(0, rows, 300)

    assert result.edges[-1] == rows
    assert result.high[-1].tolist() == [7.0, 7.0]


def test_growing_row_by_row_equals_taking_all_at_once():
    values = np.random.default_rng(1).normal(size=(3000, 4))
    grown = pyramid_over(values, list(range(0, 3000, 7)))

    at_once = pyramid_over(values)

    for columns in (5, 40, 900):
        one, other = grown.query(0, 3000, columns), at_once.query(0, 3000, columns)
        np.testing.assert_array_equal(one.low, other.low)
        np.testing.assert_array_equal(one.high, other.high)


def test_a_diverged_lane_does_not_eat_its_neighbours():
    values = np.ones((1000, 2))
    values[300:, 0] = np.nan

    result = pyramid_over(values).query(0, 1000, 10)

    assert result.high[:, 1].tolist() == [1.0] * 10
    assert np.isfinite(result.high[:3, 0]).all()
    assert np.isnan(result.high[4:, 0]).all()


def test_a_query_reads_few_values_however_long_the_run_is():
    read = []
    values = np.zeros((400_000, 1))

    def source(first, last):
        read.append(last - first)
        return values[first:last]

    pyramid = Pyramid(1, source)
    pyramid.extend(len(values))
    read.clear()
    pyramid.query(0, 400_000, 500)
    pyramid.query(100_000, 110_000, 500)

    assert sum(read) <= 32 * 500


def test_a_logarithmic_axis_puts_everything_unshowable_on_its_floor():
    drawn = on_axis(np.array([-5.0, 0.0, 1e-30, 1e-16, 1.0, 1e300, np.inf]), is_logarithmic=True)

    assert drawn.tolist() == pytest.approx([-16, -16, -16, -16, 0, 100, 100])
    assert LOG_FLOOR == 1e-16


def test_missing_values_stay_missing_on_both_axes():
    for is_logarithmic in (False, True):
        assert np.isnan(on_axis(np.array([np.nan]), is_logarithmic)).all()


def test_a_linear_axis_cuts_only_what_would_overflow():
    drawn = on_axis(np.array([1.5, -1e300, np.inf]), is_logarithmic=False)
    assert drawn.tolist() == [1.5, -1e100, 1e100]
