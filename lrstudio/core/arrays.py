"""Array types. Coordinates come first, lanes last: `(dim,)` is one point, `(dim, lanes)` many."""

import ctypes
import math
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
# Step numbers and places in other arrays: whole numbers, whatever their type.
Places = npt.NDArray[Any]
# What a rule sees: an array, or a stand-in that notes the operations done to it.
ArrayLike = Any


def floats(array: ArrayLike) -> ArrayLike:
    """The same in floating point, whatever numbers it was given as; a stand-in as it is."""
    if isinstance(array, np.ndarray) and array.dtype == np.float64:
        return array
    is_known = isinstance(array, np.ndarray | list | tuple)
    return np.asarray(array, dtype=np.float64) if is_known else array


LINE = 128
"""Bytes that a processor's cache moves at once: 64 or 128."""
SMALL_ARRAY = 4096
"""Bytes of an array up to which it does not matter where it begins."""


def lined_up(
    shape: tuple[int, ...], dtype: npt.DTypeLike = np.float64, *, is_base: bool = False
) -> npt.NDArray[Any]:
    """An array whose content is not set, which begins where a line of the processor's cache does.

    NumPy's own begin 16 bytes further on. Each access as wide as a line then meets two of them:
    a product of two large arrays into a third takes twice as long. `is_base` makes it the `base` of
    its views, which otherwise is some memory without a shape; it takes longer.
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if size < SMALL_ARRAY:
        return np.empty(shape, dtype)
    memory: Any = bytearray(size + LINE) if is_base else np.empty(size + LINE, dtype=np.uint8)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    return np.ndarray(shape, dtype, memory, -start % LINE)


def is_lined_up(array: npt.NDArray[Any]) -> bool:
    """Whether an array begins there, or is so small that it does not matter."""
    return array.nbytes < SMALL_ARRAY or array.__array_interface__["data"][0] % LINE == 0


def lined_up_copy(array: npt.ArrayLike) -> npt.NDArray[Any]:
    """A copy that begins where a line of the processor's cache does, in C order."""
    source = np.asarray(array)
    copy = lined_up(source.shape, source.dtype)
    np.copyto(copy, source)
    return copy


def in_company(columns: Array) -> Array:
    """`(..., lanes)` with at least two lanes, the second a copy of a lone first.

    NumPy adds up the coordinates of a lone column in another order than those of many, and works
    several times slower in place on arrays of one element.
    """
    return np.repeat(columns, 2, axis=-1) if columns.shape[-1] == 1 else columns


def norm(columns: ArrayLike) -> ArrayLike:
    """Euclidean length `(lanes,)` of each column `(dim, lanes)`."""
    return np.sqrt(np.add.reduce(np.square(columns), axis=0))


def power(base: ArrayLike, exponent: ArrayLike) -> ArrayLike:
    """`base ** exponent`, for the hyper-parameter `exponent` of one lane or of many.

    NumPy takes short cuts for an exponent that all share, which may differ in the last digit from
    what it does to the same among others; here they are taken in both cases.
    """
    if not np.any(exponent):
        return 1.0
    result = np.power(base, exponent)
    for known, short in ((0.5, np.sqrt), (2.0, np.square)):
        result = np.where(exponent == known, short(base), result)
    return result


# `np.quantile`, `np.median` and `np.unique` import numpy.ma at their first call, which takes as
# long as all of the engine; these two do without.


def quantile(values: Array, share: float) -> float:
    """The quantile of all values, between two of them in proportion; NaN if one is NaN."""
    place = share * (values.size - 1)
    low = int(place)
    high = min(low + 1, values.size - 1)
    parted = np.partition(values, (low, high, values.size - 1), axis=None)
    if np.isnan(parted[-1]):
        return np.nan
    return float(parted[low] + (parted[high] - parted[low]) * (place - low))


def distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The different values, ascending, as `np.unique` gives them for a flat array without NaN."""
    ascending = np.sort(values)
    is_first = np.ones(len(ascending), dtype=bool)
    is_first[1:] = ascending[1:] != ascending[:-1]
    return ascending[is_first]


def times(a: Array, b: Array) -> Array:
    """Products in which zero wins over infinity."""
    with np.errstate(invalid="ignore"):
        return np.where((a == 0) | (b == 0), 0.0, a * b)
