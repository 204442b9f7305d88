"""The function along a line in each lane."""

from typing import Any, NamedTuple

import numpy as np

from lrstudio.core.arrays import Array, Places
from lrstudio.core.oracle import Oracle

Flags = Places
"""One flag for each lane `(lanes,)`."""


class Sample(NamedTuple):
    """What is known of the function at one point of each line."""

    t: Array
    """Where on the line `(lanes,)`, in units of its direction."""
    loss: Array
    """Loss `(lanes,)`."""
    gradient: Array
    """Gradient `(dim, lanes)`."""
    slope: Array
    """Derivative along the direction `(lanes,)`."""


class Line:
    """The points x + t d of all lanes, evaluated and counted."""

    def __init__(self, oracle: Oracle, x: Array, direction: Array) -> None:
        self._oracle = oracle
        self._x = x
        self.direction = direction

    def start(self, loss: Array, gradient: Array) -> Sample:
        """The sample at t = 0, where everything is known already."""
        return Sample(np.zeros_like(loss), loss, gradient, dot(gradient, self.direction))

    def at(self, t: Array, where: Flags) -> Sample:
        """Evaluate the lanes `where` is true; what stands in the others is to be ignored."""
        points = np.where(where, self._x + t * self.direction, self._x)
        loss, gradient = self._oracle.loss_and_gradient(points, where)
        return Sample(t, loss, gradient, dot(gradient, self.direction))


def dot(a: Any, b: Any) -> Any:
    """Scalar product `(lanes,)` of columns `(dim, lanes)`."""
    return np.add.reduce(a * b, axis=0)


def largest(columns: Any) -> Any:
    """Largest size `(lanes,)` among the coordinates `(dim, lanes)`."""
    return np.maximum.reduce(np.abs(columns), axis=0)


def chosen(where: Flags, one: Sample, other: Sample) -> Sample:
    """`one` in the lanes `where` is true, `other` elsewhere."""
    return Sample(*(np.where(where, a, b) for a, b in zip(one, other, strict=True)))
