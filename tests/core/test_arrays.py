import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from lrstudio.core.arrays import distinct, quantile

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
