"""The way forward and back through a network: outputs, losses and gradients of many lanes.

Within, lanes come first and examples last, `(lanes, width, batch)`. Every layer has one input more
than the one before has units, which is always 1: its weights are the biases.

Lanes that look at the same examples share one wide matrix product for the first layer, which takes
most of the time. Lanes with examples of their own are multiplied one by one, so that none depends
on its neighbours in any digit; so are those with one output or one example, whose product with a
vector would be added up in another order than one with a matrix. To have this of examples that all
look at, they are given as `(1, batch, inputs + 1)`.
"""

import numpy as np

from lrstudio.core.activations import ACTIVATIONS
from lrstudio.core.arrays import Array, lined_up
from lrstudio.core.network import Block, Network
from lrstudio.core.wide_product import WideProduct

NORM_EPSILON = 1e-5
"""Added to the variance by layer normalisation, as `torch.nn.LayerNorm` does by default."""
_Norm = tuple[Array, Array]
"""A layer with mean 0 and spread 1 over its units, and the factor that made it so."""


class Passes:
    """The passes of one caller, whose arrays are used again wherever the shapes are the same.

    What is made anew at each step costs more than the arithmetic. Not for several threads at once.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._known: dict[tuple[int, tuple[int, ...]], Pass] = {}
        self._weights: dict[int, _Weights] = {}

    def of(self, lanes: int, shape: tuple[int, ...]) -> "Pass":
        """The pass of so many lanes, with features of this shape."""
        known = self._known.get((lanes, shape))
        if known is None:
            weights = self._weights.setdefault(lanes, _Weights(self._network, lanes))
            known = self._known[lanes, shape] = Pass(self._network, weights, lanes, shape)
        return known


class _Weights:
    """The weights of each layer, those of a lane side by side; they stand apart in a position."""

    def __init__(self, network: Network, lanes: int) -> None:
        self.position = np.empty((0, lanes))
        self.of_layer = [lined_up((lanes, b.inputs + 1, b.outputs)) for b in network.blocks]
        """`(lanes, inputs + 1, outputs)`; the last are the biases."""
        self._places = [
            (matrix.reshape(lanes, -1).T, block.weights)
            for matrix, block in zip(self.of_layer, network.blocks, strict=True)
        ]

    def load(self, position: Array, first: int) -> None:
        """Copy those of a position, from a layer on."""
        self.position = position
        for matrix, places in self._places[first:]:
            np.positive(position[places], matrix)  # here faster than a copy


class Pass:
    """Arrays for so many lanes and examples; what the way forward leaves is used on the way back.

    `shape` is that of the features: `(batch, inputs + 1)` for all lanes, or `(lanes, batch,
    inputs + 1)`. The last feature is 1.
    """

    def __init__(
        self, network: Network, weights: _Weights, lanes: int, shape: tuple[int, ...]
    ) -> None:
        self._weights = weights
        self._head = network.head
        self._activation = ACTIVATIONS[network.activation]
        # A lane alone, and one example, go the way of lanes with examples of their own.
        is_shared = len(shape) == 2 and min(lanes, network.widths[1], shape[0]) > 1
        self._is_stacked = len(shape) == 3
        self.features = lined_up(shape)
        """Place for the features, for a caller that has none."""
        batch = shape[-2]
        self._share = np.asarray(1.0 / batch)  # NumPy is slower with a number of Python's
        columns = network.widths[1] * lanes
        self._wide = WideProduct(batch, shape[-1], columns) if is_shared else None
        self._rooms = [
            _Room(
                block,
                (lanes, batch),
                is_split=is_shared,
                is_last=block is network.blocks[-1],
                keeps_sums=self._activation.looks_back,
            )
            for block in network.blocks
        ]
        self._norms: list[_Norm | None] = []

    def loss_and_gradient(
        self,
        position: Array,
        features: Array,
        target: Array,
        weights: Array | None,
        gradient: Array,
    ) -> Array:
        """Loss `(lanes,)`, a mean over the batch; writes the `gradient` `(dim, lanes)`.

        The target is `(outputs, batch)` or `(lanes, outputs, batch)`; the weights of the examples,
        which make a weighted mean, `(batch,)` or `(lanes, batch)`.
        """
        self.load(position)
        outputs = self.outputs(features)
        if weights is None:
            losses, slopes = self._head.losses_and_slopes(outputs, target, self._share)
            loss = np.add.reduce(losses, axis=-1) * self._share
        else:
            shares = np.atleast_2d(weights / np.add.reduce(weights, axis=-1, keepdims=True))
            losses, slopes = self._head.losses_and_slopes(outputs, target, shares[:, None])
            loss = np.add.reduce(losses * shares, axis=-1)
        self._backward(features, slopes, gradient)
        return np.asarray(loss)

    def load(self, position: Array) -> None:
        """Take the weights of a position `(dim, lanes)`.

        All passes of one caller with as many lanes share them.
        """
        self._weights.load(position, 1 if self._wide else 0)

    def outputs(self, features: Array) -> Array:
        """Outputs `(lanes, outputs, batch)`, which are the caller's until the next call."""
        self._norms = []
        self._enter(features)
        later = zip(self._rooms[1:], self._weights.of_layer[1:], strict=True)
        for before, (room, weights) in zip(self._rooms[:-1], later, strict=True):
            norm = None
            sums = before.sums
            if before.block.gains is not None and before.block.shifts is not None:
                norm = _normalized(sums)
                gains, shifts = map(self._column, (before.block.gains, before.block.shifts))
                np.multiply(norm[0], gains, sums)
                sums += shifts
            self._norms.append(norm)
            self._activation.value(sums, before.values)
            np.matmul(weights.transpose(0, 2, 1), before.values_and_one, room.sums)
        return self._rooms[-1].sums

    def _backward(self, features: Array, slopes: Array, gradient: Array) -> None:
        """Turn slopes `(lanes, outputs, batch)` of the loss into the `gradient`."""
        later = zip(self._rooms[:0:-1], self._weights.of_layer[:0:-1], strict=True)
        ways = zip(later, self._rooms[-2::-1], self._norms[::-1], strict=True)
        for (room, weights), before, norm in ways:
            np.matmul(before.values_and_one, slopes.transpose(0, 2, 1), room.slopes_of_weights)
            room.put_slopes(gradient)
            slopes = np.matmul(weights[:, :-1], slopes, before.slopes)
            slopes *= self._activation.slope(before.sums, before.values)
            if norm is not None:
                slopes = self._through_norm(slopes, gradient, before.block, norm)
        self._leave(features, slopes, gradient)

    def _enter(self, features: Array) -> None:
        """From the features to the inputs of the first units."""
        room = self._rooms[0]
        if self._wide:
            weights = self._weights.position[room.block.weights]
            self._wide.sums(features, weights, _rows(room.sums))
        else:
            weights = self._weights.of_layer[0]
            stack = features if self._is_stacked else features[None]
            np.matmul(weights.transpose(0, 2, 1), stack.transpose(0, 2, 1), room.sums)

    def _leave(self, features: Array, slopes: Array, gradient: Array) -> None:
        """From the slopes of the first units to those of their weights."""
        room = self._rooms[0]
        if self._wide:
            target = gradient[room.block.weights]
            self._wide.slopes_of_weights(features, _rows(slopes), target)
        else:
            stack = features if self._is_stacked else features[None]
            by_feature = stack.transpose(0, 2, 1)
            np.matmul(by_feature, slopes.transpose(0, 2, 1), room.slopes_of_weights)
            room.put_slopes(gradient)

    def _column(self, places: slice) -> Array:
        """One number per unit `(lanes, units, 1)`."""
        return self._weights.position[places].T[:, :, None]

    def _through_norm(self, slopes: Array, gradient: Array, block: Block, norm: _Norm) -> Array:
        """Slopes by what was normalised, from those by what came of it."""
        assert block.gains is not None
        assert block.shifts is not None
        plain, factor = norm
        gradient[block.shifts] = np.add.reduce(slopes, axis=2).T
        gradient[block.gains] = np.add.reduce(slopes * plain, axis=2).T
        slopes = slopes * self._column(block.gains)
        width = slopes.shape[1]
        mean = np.add.reduce(slopes, axis=1, keepdims=True) / width
        along = np.add.reduce(slopes * plain, axis=1, keepdims=True) / width
        return np.asarray((slopes - mean - plain * along) * factor)


class _Room:
    """The arrays of one layer of units.

    `is_split` puts the numbers of one unit side by side for all lanes, as the wide product leaves
    them; else those of one lane are. The outputs are split in any case, because a loss adds up
    outputs; but not beside one unit, whose product with a vector is rounded as these lie in memory.
    """

    def __init__(
        self,
        block: Block,
        size: tuple[int, int],
        *,
        is_split: bool,
        is_last: bool,
        keeps_sums: bool,
    ) -> None:
        self.block = block
        units, (lanes, batch) = block.outputs, size
        are_outputs_split = is_last and min(batch, block.inputs) > 1

        def empty(rows: int) -> Array:
            if is_split or are_outputs_split:
                return lined_up((rows, lanes, batch)).transpose(1, 0, 2)
            return lined_up((lanes, rows, batch))

        self.values_and_one = empty(units if is_last else units + 1)
        """What comes out of the units `(lanes, units + 1, batch)`, and the input 1 of the next."""
        self.values_and_one[:, units:] = 1.0
        self.values = self.values_and_one[:, :units]
        self.sums = empty(units) if keeps_sums else self.values
        """What goes in; the same array, where the slope needs only what comes out."""
        self.slopes = empty(units)
        self.slopes_of_weights = lined_up((lanes, block.inputs + 1, units))
        self._flat_slopes = self.slopes_of_weights.reshape(lanes, -1).T

    def put_slopes(self, gradient: Array) -> None:
        """Copy the slopes of the weights to where they belong."""
        np.copyto(gradient[self.block.weights], self._flat_slopes)


def _rows(numbers: Array) -> Array:
    """Numbers of units `(lanes, units, batch)`, unit by unit as `(units · lanes, batch)`."""
    return numbers.transpose(1, 0, 2).reshape(-1, numbers.shape[2])


def _normalized(z: Array) -> _Norm:
    width = z.shape[1]
    off = z - np.add.reduce(z, axis=1, keepdims=True) / width
    variance = np.add.reduce(np.square(off), axis=1, keepdims=True) / width
    factor = 1.0 / np.sqrt(variance + NORM_EPSILON)
    return off * factor, factor
