"""What a model's outputs are compared with: losses of many lanes at once, and their slopes.

Outputs are arrays `(lanes, outputs, batch)`: the examples last, so that sums over outputs are
additions of rows. They are overwritten.
"""

# ruff: noqa: D102 - the methods are described by `Head`

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lrstudio.core.activations import sigmoid, softplus
from lrstudio.core.arrays import Array
from lrstudio.core.table import Table


class Head(Protocol):
    """A loss per example, and what it is compared with."""

    def outputs(self, table: Table) -> int:
        """How many outputs a model of this table has."""

    def targets(self, table: Table) -> NDArray[Any]:
        """What the outputs should be `(outputs, N)`, or the numbers of the classes `(1, N)`."""

    def judged(self, z: Array, target: NDArray[Any]) -> tuple[Array, NDArray[Any]]:
        """Losses `(lanes, batch)` of outputs `(lanes, outputs, batch)`, and the classes or the
        quantities `(lanes, batch)` that they say.
        """

    def losses_and_slopes(
        self, z: Array, target: NDArray[Any], share: Array
    ) -> tuple[Array, Array]:
        """Losses, and their derivatives by the outputs `(lanes, outputs, batch)` times the share
        that each example has in the whole, `()` or `(1 or lanes, 1, batch)`.
        """


class HalfSquares:
    """½ Σ (z − y)², over the outputs; a class is the output that should be 1, others 0."""

    def outputs(self, table: Table) -> int:
        return len(table.classes) or 1

    def targets(self, table: Table) -> Array:
        if not table.classes:
            return table.target[None, :]
        classes = np.arange(len(table.classes))
        return np.asarray(classes[:, None] == table.labels, dtype=np.float64)

    def judged(self, z: Array, target: Array) -> tuple[Array, NDArray[Any]]:
        said = largest(z) if z.shape[1] > 1 else z[:, 0].copy()
        return self._losses(np.subtract(z, target, z)), said

    def losses_and_slopes(self, z: Array, target: Array, share: Array) -> tuple[Array, Array]:
        off = np.subtract(z, target, z)
        losses = self._losses(off)
        return losses, np.multiply(off, share, off)

    def _losses(self, off: Array) -> Array:
        return np.asarray(0.5 * np.add.reduce(np.square(off), axis=1))


class LogisticLoss:
    """log(1 + e^z) − y z for two classes: the negative log-likelihood of y = 1 with log-odds z."""

    def outputs(self, table: Table) -> int:
        return 1

    def targets(self, table: Table) -> Array:
        return (table.target > 0).astype(np.float64)[None, :]

    def judged(self, z: Array, target: Array) -> tuple[Array, NDArray[Any]]:
        return self._losses(z, target), z[:, 0] > 0

    def losses_and_slopes(self, z: Array, target: Array, share: Array) -> tuple[Array, Array]:
        losses = self._losses(z, target)
        slopes = np.subtract(sigmoid(z), target, z)
        return losses, np.multiply(slopes, share, slopes)

    def _losses(self, z: Array, target: Array) -> Array:
        return np.asarray((softplus(z) - target * z)[:, 0])


class CrossEntropy:
    """log Σ e^z − z_y: the negative log-likelihood of class y under the softmax of z."""

    def outputs(self, table: Table) -> int:
        return len(table.classes)

    def targets(self, table: Table) -> NDArray[Any]:
        return table.labels[None, :]

    def judged(self, z: Array, target: NDArray[Any]) -> tuple[Array, NDArray[Any]]:
        rest = np.subtract(z, np.maximum.reduce(z, axis=1, keepdims=True), z)
        picked = rest[_outputs_of(target)]
        said = _first(rest == 0.0)
        total = np.add.reduce(np.exp(rest, rest), axis=1)
        return np.asarray(np.log(total) - picked), said

    def losses_and_slopes(
        self, z: Array, target: NDArray[Any], share: Array
    ) -> tuple[Array, Array]:
        rest = np.subtract(z, np.maximum.reduce(z, axis=1, keepdims=True), z)
        places = _outputs_of(target)
        picked = rest[places]
        np.exp(rest, rest)
        total = np.add.reduce(rest, axis=1, keepdims=True)
        rest *= share / total
        rest[places] -= share if share.ndim == 0 else share[:, 0]
        return np.asarray(np.log(total[:, 0]) - picked), rest


def largest(z: Array) -> NDArray[Any]:
    """The first largest of the outputs, `(lanes, batch)`: `z.argmax(axis=1)`, but faster.

    Where there is none, next to NaN, it is the number after the last.
    """
    return _first(z == np.maximum.reduce(z, axis=1, keepdims=True))


def _first(flags: NDArray[np.bool_]) -> NDArray[Any]:
    """The first of the outputs whose flag `(lanes, outputs, batch)` is set, `(lanes, batch)`."""
    count = flags.shape[1]
    countdown = np.arange(count, 0, -1, dtype=np.min_scalar_type(count))
    return np.asarray(count - np.maximum.reduce(flags.view(np.uint8) * countdown[:, None], axis=1))


def _outputs_of(target: NDArray[Any]) -> tuple[Any, ...]:
    """An index into outputs `(lanes, outputs, batch)` that picks that of each example's class.

    The classes are `(1, batch)`, or `(lanes, 1, batch)` where each lane has examples of its own.
    """
    labels = target[..., 0, :]
    lanes = slice(None) if labels.ndim == 1 else np.arange(len(labels))[:, None]
    return lanes, labels, np.arange(labels.shape[-1])
