"""One matrix product for the first layer of all lanes that look at the same examples.

The weights of all lanes stand side by side as its columns, unit by unit. It is taken in bands of
columns where these are small enough to be multiplied as they lie.
"""

import numpy as np

from lrstudio.core.arrays import Array, lined_up

SMALL_PRODUCT = 1_000_000
"""Multiplications up to which OpenBLAS multiplies matrices as they lie, on processors with AVX-512.
Larger ones it lays out anew before, which with so few examples takes a quarter of the time."""
BAND_WIDTHS = range(32, 129)
"""Columns that a band may have; on other processors they are as fast as all columns at once."""


class WideProduct:
    """Products of `batch` examples of `inputs` features, the last of them 1, with so many columns:
    a unit of a lane each.
    """

    def __init__(self, batch: int, inputs: int, columns: int) -> None:
        self._inputs = inputs
        self.band = _band(columns, batch * inputs)
        self.bands = columns // self.band
        self._by_input = lined_up((inputs, batch)) if self.bands > 1 else None

    def sums(self, features: Array, weights: Array, out: Array) -> None:
        """Write `(columns, batch)` from features `(batch, inputs)` and weights
        `(inputs · units, lanes)`.
        """
        by_input = features.T
        if self._by_input is not None:
            np.copyto(self._by_input, by_input)
            by_input = self._by_input
        bands = out.reshape(self.bands, self.band, -1)
        np.matmul(self._in_bands(weights).transpose(0, 2, 1), by_input, bands)

    def slopes_of_weights(self, features: Array, slopes: Array, out: Array) -> None:
        """Write `(inputs · units, lanes)` from the slopes `(columns, batch)` by what comes in."""
        bands = slopes.reshape(self.bands, self.band, -1).transpose(0, 2, 1)
        own = out if out.flags.c_contiguous else np.empty(out.shape)
        np.matmul(features.T, bands, self._in_bands(own))
        if own is not out:
            np.copyto(out, own)

    def _in_bands(self, weights: Array) -> Array:
        """Weights `(inputs · units, lanes)` as matrices `(bands, inputs, band)`."""
        return weights.reshape(self._inputs, self.bands, self.band).transpose(1, 0, 2)


def _band(columns: int, cost: int) -> int:
    """The widest band that divides the columns and makes a small product, where each column costs
    so many multiplications; all of them if there is none.
    """
    widths = (n for n in reversed(BAND_WIDTHS) if columns % n == 0 and n * cost <= SMALL_PRODUCT)
    return next(widths, columns)
