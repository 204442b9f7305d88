"""Activation functions with their derivatives, on arrays of any shape."""

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from lrstudio.core.arrays import Array

ActivationName = Literal["tanh", "relu", "gelu", "sigmoid"]


class Activation(NamedTuple):
    """A function and its derivative."""

    value: Callable[[Array, Array], Array]
    """`value(z, out)`, into `out`, which may be z itself."""
    slope: Callable[[Array, Array], Array]
    """`slope(z, value)`, the derivative at z where the value is known already; may overwrite it."""
    looks_back: bool = False
    """Whether the derivative needs z besides the value."""
    has_kink: bool = False
    """Whether the derivative jumps somewhere."""


def sigmoid(z: Array) -> Array:
    """1/(1 + e^(−z)), without overflow."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def softplus(z: Array) -> Array:
    """log(1 + e^z), without overflow."""
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def erf(z: Array) -> Array:
    """The error function, to the last digit but one.

    Taylor's series around the nearest of 64 places per unit, whose values come from `math.erf`;
    its terms are Hermite polynomials times the bell curve.
    """
    near = np.clip(np.where(np.isnan(z), 0.0, z), -_END, _END)
    place = np.rint(near * _PER_UNIT).astype(np.intp)
    middle = place / _PER_UNIT
    h = near - middle
    x, h2 = middle, h * h
    x2 = x * x
    series = 1 - x * h + h2 * (2 * x2 - 1) / 3 - h2 * h * x * (2 * x2 - 3) / 6
    series += h2 * h2 * (4 * x2 * x2 - 12 * x2 + 3) / 30
    series -= h2 * h2 * h * x * (4 * x2 * x2 - 20 * x2 + 15) / 90
    value = _VALUES[place + _END * _PER_UNIT] + _BELL[place + _END * _PER_UNIT] * h * series
    return np.where(np.isnan(z), z, value)


_END, _PER_UNIT = 6, 64
_PLACES = np.arange(-_END * _PER_UNIT, _END * _PER_UNIT + 1) / _PER_UNIT
_VALUES = np.array([math.erf(x) for x in _PLACES.tolist()])
_BELL = 2 / math.sqrt(math.pi) * np.exp(-_PLACES * _PLACES)


def _gelu(z: Array, out: Array) -> Array:
    return np.multiply(z, 0.5 + 0.5 * erf(z / math.sqrt(2)), out)


def _gelu_slope(z: Array, value: Array) -> Array:
    bell = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    return 0.5 + 0.5 * erf(z / math.sqrt(2)) + z * bell


def _tanh_slope(z: Array, value: Array) -> Array:
    slope = np.square(value, value)
    return np.subtract(1.0, slope, slope)  # in place: a new array costs more than the arithmetic


def _relu(z: Array, out: Array) -> Array:
    return np.maximum(z, 0.0, out=out)


def _relu_slope(z: Array, value: Array) -> Array:
    return np.greater(value, 0.0, out=value, casting="unsafe")


def _sigmoid(z: Array, out: Array) -> Array:
    np.copyto(out, sigmoid(z))
    return out


def _sigmoid_slope(z: Array, value: Array) -> Array:
    return np.multiply(1.0 - value, value, value)


ACTIVATIONS: dict[str, Activation] = {
    "tanh": Activation(np.tanh, _tanh_slope),
    "relu": Activation(_relu, _relu_slope, has_kink=True),
    "gelu": Activation(_gelu, _gelu_slope, looks_back=True),
    "sigmoid": Activation(_sigmoid, _sigmoid_slope),
}
