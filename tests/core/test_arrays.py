import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from lrstudio.core.arrays import LINE, SMALL_ARRAY, distinct, lined_up, lined_up_copy, quantile
from lrstudio.engine.buffers import base_of

NUMBERS = st.floats(-1e6, 1e6)
SHAPES = array_shapes(min_dims=1, max_dims=2, max_side=20)


@given(arrays(np.float64, SHAPES, elements=NUMBERS), st.floats(0, 1))
def test_a_quantile_is_numpys(values, share):
    np.testing.assert_allclose(quantile(values, share), np.quantile(values, share), atol=1e-9)


def test_a_quantile_of_what_is_not_known_is_not_known():
    assert np.isnan(quantile(np.array([1.0, np.nan, 2.0]), 0.0))


@given(arrays(np.int64, st.integers(0, 30), elements=st.integers(-9, 9)))
def test_distinct_values_are_numpys(values):
    np.testing.assert_array_equal(distinct(values), np.unique(values))


@given(
    st.integers(SMALL_ARRAY // 8, 5 * SMALL_ARRAY),
    st.sampled_from([np.float64, np.bool_]),
    st.booleans(),
)
def test_an_array_of_some_size_begins_with_a_line_of_the_cache(rows, kind, is_base):
    array = lined_up((rows, 8), kind, is_base=is_base)
    assert array.ctypes.data % LINE == 0
    assert array.shape == (rows, 8)
    assert array.dtype == kind
    assert array.flags.c_contiguous
    assert array.flags.writeable


def test_a_view_of_such_an_array_knows_whose_it_is():
    array = lined_up((SMALL_ARRAY, 2), is_base=True)
    assert base_of(array[3:, :1].T) is array


def test_a_copy_has_the_same_numbers_whatever_their_order():
    source = np.arange(2.0 * SMALL_ARRAY).reshape(2, SMALL_ARRAY).T
    np.testing.assert_array_equal(lined_up_copy(source), source)
    np.testing.assert_array_equal(lined_up_copy(source[:3]), source[:3])
