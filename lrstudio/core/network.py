"""Layers of weights, from linear regression to a perceptron: loss and gradient of many lanes.

All parameters of a lane are one column of a position `(dim, lanes)`; a model without hidden layers
is a regression. Within, lanes come first and examples last, `(lanes, width, batch)`.

Lanes that look at the same examples share one wide matrix product for the first layer, which takes
most of the time. Lanes with examples of their own are multiplied one by one, so that none depends
on its neighbours in any digit; so are those with one output or one example, whose product with a
vector would be added up in another order than one with a matrix.
"""

from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from msgspec import Struct

from lrstudio.core.activations import ACTIVATIONS, ActivationName
from lrstudio.core.arrays import Array
from lrstudio.core.heads import Head
from lrstudio.core.problem import Layer

NORM_EPSILON = 1e-5
"""Added to the variance by layer normalisation, as `torch.nn.LayerNorm` does by default."""


class Block(NamedTuple):
    """The places of one layer's parameters in a position."""

    inputs: int
    outputs: int
    weights: slice
    biases: slice
    gains: slice | None = None
    shifts: slice | None = None


class Network(Struct, frozen=True, dict=True):
    """`widths` from the inputs to the outputs, and what happens between."""

    widths: tuple[int, ...]
    head: Head
    activation: ActivationName = "tanh"
    has_norm: bool = False
    """Whether each hidden layer is normalised over its width before the activation."""

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """Weights and biases of each layer, and the gains and shifts of its normalisation."""
        layers, first, last = [], 0, len(self.widths) - 2
        for i, (inputs, outputs) in enumerate(pairwise(self.widths)):
            shapes = [("W", (inputs, outputs)), ("b", (outputs,))]
            if self.has_norm and i < last:
                shapes += [("γ", (outputs,)), ("β", (outputs,))]
            for name, shape in shapes:
                layer = Layer(name if last == 0 else f"{name}{i + 1}", first, shape)
                layers.append(layer)
                first += layer.size
        return tuple(layers)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The same, one for each layer of units."""
        places = [layer.places for layer in self.layers]
        blocks = []
        for i, (inputs, outputs) in enumerate(pairwise(self.widths)):
            count = 4 if self.has_norm and i < len(self.widths) - 2 else 2
            blocks.append(Block(inputs, outputs, *places[:count]))
            del places[:count]
        return tuple(blocks)

    @property
    def dim(self) -> int:
        """Number of parameters."""
        return sum(layer.size for layer in self.layers)

    def outputs(self, position: Array, features: Array) -> Array:
        """Outputs `(lanes, outputs, N)` for features `(N, inputs)`.

        Each lane is multiplied by itself, so that it is the same whatever stands beside it.
        """
        return _Pass(self, position, features[None]).forward()

    def loss_and_gradient(
        self,
        position: Array,
        features: Array,
        target: Array,
        weights: Array | None,
        gradient: Array,
    ) -> Array:
        """Loss `(lanes,)`, a mean over the batch; writes the `gradient` `(dim, lanes)`.

        `features` are `(batch, inputs)` for all lanes, or `(lanes, batch, inputs)`; the target is
        `(outputs, batch)` or `(lanes, outputs, batch)`; the weights of the examples, which make a
        weighted mean, `(batch,)` or `(lanes, batch)`.
        """
        run = _Pass(self, position, features)
        losses, slopes = self.head.losses_and_slopes(run.forward(), target)
        if weights is None:
            share = 1.0 / losses.shape[-1]
            loss = np.add.reduce(losses, axis=-1) * share
            slopes *= share
        else:
            shares = weights / np.add.reduce(weights, axis=-1, keepdims=True)
            loss = np.add.reduce(losses * shares, axis=-1)
            slopes *= shares[..., None, :]
        run.backward(slopes, gradient)
        return np.asarray(loss)


class _Pass:
    """One evaluation: what the way forward leaves is used on the way back."""

    def __init__(self, network: Network, position: Array, features: Array) -> None:
        self._position = position
        self._lanes = position.shape[1]
        self._blocks = network.blocks
        self._activation = ACTIVATIONS[network.activation]
        # A lane alone, and one example, go the way of lanes with examples of their own.
        is_wide = network.widths[1] > 1 and self._lanes > 1 and len(features) > 1
        self._is_shared = features.ndim == 2 and is_wide
        self._features = features[None] if features.ndim == 2 and not self._is_shared else features
        self._kept: list[tuple[Array, Array, Array | None, Array | None]] = []

    def forward(self) -> Array:
        """Outputs `(lanes, outputs, batch)`."""
        z = self._first(self._blocks[0])
        for before, block in pairwise(self._blocks):
            plain = factor = None
            if before.gains is not None and before.shifts is not None:
                plain, factor = _normalized(z)
                z = plain * self._column(before.gains) + self._column(before.shifts)
            value = self._activation.value(z)
            self._kept.append((z, value, plain, factor))
            z = self._matrix(block).transpose(0, 2, 1) @ value
            z += self._column(block.biases)
        return z

    def backward(self, slopes: Array, gradient: Array) -> None:
        """Turn slopes `(lanes, outputs, batch)` of the loss into the `gradient`."""
        for block, before, kept in zip(
            self._blocks[:0:-1], self._blocks[-2::-1], reversed(self._kept), strict=True
        ):
            z, value, plain, factor = kept
            self._put_sums(gradient, block.biases, slopes)
            self._put_product(gradient, block, value, slopes)
            slopes = self._matrix(block) @ slopes
            slopes *= self._activation.slope(z, value)
            if plain is not None and factor is not None:
                slopes = self._through_norm(slopes, gradient, before, plain, factor)
        self._put_sums(gradient, self._blocks[0].biases, slopes)
        self._put_first(gradient, self._blocks[0], slopes)

    def _first(self, block: Block) -> Array:
        if not self._is_shared:
            z = self._matrix(block).transpose(0, 2, 1) @ self._features.transpose(0, 2, 1)
            z += self._column(block.biases)
            return np.asarray(z)
        wide = self._position[block.weights].reshape(block.inputs, block.outputs * self._lanes)
        z = (wide.T @ self._features.T).reshape(block.outputs, self._lanes, -1)
        z += self._position[block.biases, :, None]
        return np.asarray(z.transpose(1, 0, 2))

    def _put_first(self, gradient: Array, block: Block, slopes: Array) -> None:
        if not self._is_shared:
            self._put_product(gradient, block, self._features.transpose(0, 2, 1), slopes)
            return
        width = block.outputs * self._lanes
        rows = slopes.transpose(1, 0, 2).reshape(width, -1)
        target = gradient[block.weights]
        if target.flags.c_contiguous:
            np.matmul(self._features.T, rows.T, target.reshape(block.inputs, width))
        else:
            target[...] = (self._features.T @ rows.T).reshape(target.shape)

    def _matrix(self, block: Block) -> Array:
        """Weights `(lanes, inputs, outputs)`."""
        columns = np.ascontiguousarray(self._position[block.weights].T)
        return columns.reshape(self._lanes, block.inputs, block.outputs)

    def _column(self, places: slice) -> Array:
        """One number per unit `(lanes, units, 1)`."""
        return self._position[places].T[:, :, None]

    def _put_product(self, gradient: Array, block: Block, values: Array, slopes: Array) -> None:
        """Slopes by the weights, from what went into them `(lanes, inputs, batch)`."""
        target, turned = gradient[block.weights], slopes.transpose(0, 2, 1)
        if self._lanes == 1 and target.flags.c_contiguous:
            np.matmul(values, turned, target.reshape(1, block.inputs, block.outputs))
        else:
            target[...] = (values @ turned).reshape(self._lanes, -1).T

    def _put_sums(self, gradient: Array, places: slice, slopes: Array) -> None:
        """Sums over the batch, one per unit."""
        gradient[places] = np.add.reduce(slopes, axis=2).T

    def _through_norm(
        self, slopes: Array, gradient: Array, block: Block, plain: Array, factor: Array
    ) -> Array:
        """Slopes by what was normalised, from those by what came of it."""
        assert block.gains is not None
        assert block.shifts is not None
        self._put_sums(gradient, block.shifts, slopes)
        self._put_sums(gradient, block.gains, slopes * plain)
        slopes = slopes * self._column(block.gains)
        width = slopes.shape[1]
        mean = np.add.reduce(slopes, axis=1, keepdims=True) / width
        along = np.add.reduce(slopes * plain, axis=1, keepdims=True) / width
        return np.asarray((slopes - mean - plain * along) * factor)


def _normalized(z: Array) -> tuple[Array, Array]:
    """A layer with mean 0 and spread 1 over its units, and the factor that made it so."""
    width = z.shape[1]
    off = z - np.add.reduce(z, axis=1, keepdims=True) / width
    variance = np.add.reduce(np.square(off), axis=1, keepdims=True) / width
    factor = 1.0 / np.sqrt(variance + NORM_EPSILON)
    return off * factor, factor


def initial(network: Network, kind: str, scale: float, random: "np.random.Generator") -> Array:
    """Parameters `(dim,)` to start from: biases and shifts 0, gains 1, weights as `kind` says."""
    point = np.zeros(network.dim)
    for layer in network.layers:
        if layer.name.startswith("γ"):
            point[layer.places] = 1.0
        elif len(layer.shape) == 2 and kind != "zero":
            inputs, outputs = layer.shape
            variance = {"scaled": 1 / inputs, "xavier": 2 / (inputs + outputs), "he": 2 / inputs}
            draws = random.standard_normal(layer.size)
            point[layer.places] = scale * np.sqrt(variance[kind]) * draws
    return point
