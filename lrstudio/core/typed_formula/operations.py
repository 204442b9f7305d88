"""What each operation does to arrays, or to stand-ins that note what is done to them."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lrstudio.core.arrays import ArrayLike

_FEW_ROWS = 20


def inverse_or_zero(values: ArrayLike) -> ArrayLike:
    """1/a, but 0 where a is 0: slopes at a cusp are taken as 0."""
    return np.where(np.equal(values, 0.0), 0.0, np.reciprocal(values))


def infinite_for_zero(values: ArrayLike) -> ArrayLike:
    """A, but infinite where it is 0: what a slope that would be 0/0 is divided by to be 0."""
    return np.where(np.equal(values, 0.0), np.inf, values)


def gated(gate: ArrayLike, values: ArrayLike) -> ArrayLike:
    """A, but 0 where the gate is 0, even if a is infinite or no number there."""
    return np.where(np.equal(gate, 0.0), 0.0, values)


def power_or_zero(values: ArrayLike, exponent: ArrayLike) -> ArrayLike:
    """A to a negative power, but 0 where a is 0: slopes at a cusp are taken as 0."""
    return np.power(infinite_for_zero(values), exponent)


def log_or_zero(values: ArrayLike) -> ArrayLike:
    """Log a, but 0 where a is not positive: what a slope along an exponent is taken as there."""
    is_positive = np.greater(values, 0.0)
    return np.where(is_positive, np.log(np.where(is_positive, values, 1.0)), 0.0)


def product_of_others(values: ArrayLike) -> ArrayLike:
    """For each entry the product of all others, which is right where some are 0 as well."""
    if len(values) == 1:
        return np.zeros_like(values) + 1.0
    if len(values) <= _FEW_ROWS:
        return np.stack(_products_of_other_rows(list(values)))
    before, behind = np.cumprod(values, axis=0), np.cumprod(values[::-1], axis=0)[::-1]
    others = np.zeros_like(values)
    others[0] = behind[1]
    others[1:-1] = before[:-2] * behind[2:]
    others[-1] = before[-2]
    return others


def _products_of_other_rows(rows: list[ArrayLike]) -> list[ArrayLike]:
    """The same row by row, which is faster while there are few."""
    before, behind = rows[:1], rows[-1:]
    for row in rows[1:-1]:
        before.append(before[-1] * row)
    for row in rows[-2:0:-1]:
        behind.append(behind[-1] * row)
    between = [a * b for a, b in zip(before[:-1], behind[-2::-1], strict=True)]
    return [behind[-1], *between, before[-1]]


def share_of_extreme(values: ArrayLike, extreme: ArrayLike) -> ArrayLike:
    """1 at the entry that is the extreme, 0 at others; equal ones share it."""
    there = np.where(np.equal(values, extreme), 1.0, 0.0)
    return there / np.add.reduce(there, axis=0)


def _sum(values: ArrayLike) -> ArrayLike:
    return np.add.reduce(values, axis=0)


def _product(values: ArrayLike) -> ArrayLike:
    return np.multiply.reduce(values, axis=0)


def _smallest(values: ArrayLike) -> ArrayLike:
    return np.minimum.reduce(values, axis=0)


def _largest(values: ArrayLike) -> ArrayLike:
    return np.maximum.reduce(values, axis=0)


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "power": np.power,
    "negative": np.negative,
    "square": np.square,
    "reciprocal": np.reciprocal,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "log2": np.log2,
    "log10": np.log10,
    "sqrt": np.sqrt,
    "cbrt": np.cbrt,
    "abs": np.absolute,
    "sign": np.sign,
    "hypot": np.hypot,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "sum": _sum,
    "prod": _product,
    "smallest": _smallest,
    "largest": _largest,
    "inverse_or_zero": inverse_or_zero,
    "infinite_for_zero": infinite_for_zero,
    "gated": gated,
    "power_or_zero": power_or_zero,
    "log_or_zero": log_or_zero,
    "product_of_others": product_of_others,
    "share_of_extreme": share_of_extreme,
}
