"""Problems whose parameters are a matrix, for rules that know its shape."""

import functools
from typing import Annotated

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import Condition
from lrstudio.core.problem import SUBSCRIPTS, Interval, Point, Problem

Rows = Annotated[
    int,
    meta("r", "Rows", "Outputs of the layer.", scale="log", low=2, high=20, ge=1, le=100),
]
Columns = Annotated[
    int,
    meta("s", "Columns", "Inputs of the layer.", scale="log", low=2, high=20, ge=2, le=100),
]


class LinearLayer(Problem, tag="linear_layer", frozen=True, kw_only=True):
    """Linear layer: a matrix is to be found from what it makes of correlated inputs.

    f(W) = ½ ‖(W − W*) A‖²         W* = I

    Symbols: W, the parameters as a matrix; W*, the matrix that is to be found; A, the inputs of the
    layer, one example in a column; I, the matrix with 1 on its diagonal and 0 elsewhere.

    Least squares for Y = W*A, a layer with the outputs Y for the inputs A. AAᵀ has the eigenvalues
    1 … κ, evenly spaced in their logarithms, along axes that are turned away from the inputs (by
    the reflection that takes (1, 2, …) to its negative). All rows of W are alike, which a rule that
    sees a matrix makes use of and one that sees a vector cannot. The parameters are W, row by row.

    Closed form.
    """

    rows: Rows = 4
    columns: Columns = 3
    kappa: Condition = 100.0

    family = "bowls"
    aliases = ("matrix least squares",)
    traits = ("convex", "smooth")

    @property
    def domain(self) -> tuple[Interval, ...]:
        return ((-2.0, 2.0),) * (self.rows * self.columns)

    @property
    def start(self) -> Point:
        return (0.0,) * (self.rows * self.columns)

    @property
    def minima(self) -> tuple[Point, ...]:
        return (tuple(np.eye(self.rows, self.columns).ravel().tolist()),)

    @property
    def matrix_shape(self) -> tuple[int, int] | None:
        return self.rows, self.columns

    @property
    def coordinates(self) -> tuple[str, ...]:
        between = "" if max(self.rows, self.columns) < 10 else "·"
        grid = np.ndindex(self.rows, self.columns)
        return tuple(f"w{i + 1}{between}{j + 1}".translate(SUBSCRIPTS) for i, j in grid)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        others = (1,) * (len(position.shape) - 1)
        gram = correlation(self.columns, self.kappa).reshape(-1, self.columns, *others)
        target = np.array(self.minima[0]).reshape(-1, *others)
        off = position - target
        gradient = np.zeros_like(position)
        for first in range(0, self.rows * self.columns, self.columns):
            row = slice(first, first + self.columns)
            gradient[row] = np.add.reduce(gram * off[row], axis=1)
        return np.add.reduce(off * gradient, axis=0) / 2, gradient

    def hessians(self, position: Array) -> tuple[Array, int]:
        block = np.kron(np.eye(self.rows), correlation(self.columns, self.kappa))
        return np.repeat(block[:, :, None], position.shape[1], axis=2), self.dim


@functools.cache
def correlation(size: int, kappa: float) -> Array:
    """AAᵀ: eigenvalues from 1 to `kappa` along turned axes."""
    eigenvalues = kappa ** (np.arange(size) / (size - 1))
    axis = np.arange(1.0, size + 1)
    reflection = np.eye(size) - 2 * np.outer(axis, axis) / np.dot(axis, axis)
    return np.asarray(reflection @ np.diag(eigenvalues) @ reflection)
