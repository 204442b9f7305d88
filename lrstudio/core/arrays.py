"""Array types. Coordinates come first, lanes last: `(dim,)` is one point, `(dim, lanes)` many."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
# Step numbers and places in other arrays: whole numbers, whatever their type.
Places = npt.NDArray[Any]
# What a rule sees: an array, or a stand-in that notes the operations done to it.
ArrayLike = Any


def in_company(columns: Array) -> Array:
    """`(..., lanes)` with at least two lanes, the second a copy of a lone first.

    NumPy adds up the coordinates of a lone column in another order than those of many, and works
    several times slower in place on arrays of one element.
    """
    return np.repeat(columns, 2, axis=-1) if columns.shape[-1] == 1 else columns


def times(a: Array, b: Array) -> Array:
    """Products in which zero wins over infinity."""
    with np.errstate(invalid="ignore"):
        return np.where((a == 0) | (b == 0), 0.0, a * b)
