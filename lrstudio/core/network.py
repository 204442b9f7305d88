"""Layers of weights, from linear regression to a perceptron: loss and gradient of many lanes.

All parameters of a lane are one column of a position `(dim, lanes)`; a model without hidden layers
is a regression. Within, lanes come first and examples last, `(lanes, width, batch)`.

Lanes that look at the same examples share one wide matrix product for the first layer, which takes
most of the time. Lanes with examples of their own are multiplied one by one, so that none depends
on its neighbours in any digit; so are those with one output, whose product with a vector would be
added up in another order than one with a matrix.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lrstudio.core.activations import ACTIVATIONS, ActivationName
from lrstudio.core.arrays import Array
from lrstudio.core.heads import Head
from lrstudio.core.problem import Layer

NORM_EPSILON = 1e-5
"""Added to the variance by layer normalisation, as `torch.nn.LayerNorm` does by default."""


@dataclass(frozen=True)
class Network:
    """`widths` from the inputs to the outputs, and what happens between."""

    widths: tuple[int, ...]
    head: Head
    activation: ActivationName = "tanh"
    has_norm: bool = False
    """Whether each hidden layer is normalised over its width before the activation."""

    @property
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

    @property
    def dim(self) -> int:
        """Number of parameters."""
        last = self.layers[-1]
        return last.first + last.size

    def outputs(self, position: Array, features: Array) -> Array:
        """Outputs `(lanes, outputs, N)` for features `(N, inputs)`."""
        return _Pass(self, position).forward(features)

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
        run = _Pass(self, position)
        z = run.forward(features)
        losses, slopes = self.head.losses_and_slopes(z, target)
        if weights is None:
            loss = np.add.reduce(losses, axis=-1) / losses.shape[-1]
            slopes *= 1.0 / losses.shape[-1]
        else:
            share = weights / np.add.reduce(weights, axis=-1, keepdims=True)
            loss = np.add.reduce(losses * share, axis=-1)
            slopes *= share[..., None, :]
        run.backward(slopes, gradient)
        return np.asarray(loss)


class _Pass:
    """One evaluation: what the way forward leaves is used on the way back."""

    def __init__(self, network: Network, position: Array) -> None:
        self._network = network
        self._position = position
        self._lanes = position.shape[1]
        self._layers = network.layers
        self._activation = ACTIVATIONS[network.activation]
        self._by_lane = np.ascontiguousarray(position.T)
        self._kept: list[tuple[Array, ...]] = []

    def forward(self, features: Array) -> Array:
        """Outputs `(lanes, outputs, batch)`."""
        self._is_shared = features.ndim == 2 and self._network.widths[1] > 1
        self._features = features if self._is_shared or features.ndim == 3 else features[None]
        z = self._first(self._features)
        parts = iter(self._layers)
        next(parts)
        z += self._column(next(parts))
        for _ in range(len(self._network.widths) - 2):
            scale = self._normalized(z, next(parts), next(parts)) if self._network.has_norm else ()
            z = scale[0] if scale else z
            value = self._activation.value(z)
            self._kept.append((z, value, *scale[1:]))
            weights, biases = next(parts), next(parts)
            z = self._matrix(weights).transpose(0, 2, 1) @ value
            z += self._column(biases)
        return z

    def backward(self, slopes: Array, gradient: Array) -> None:
        """Turn slopes `(lanes, outputs, batch)` of the loss into the `gradient`."""
        layers = list(self._layers)
        for z, value, *scale in reversed(self._kept):
            biases, weights = layers.pop(), layers.pop()
            self._put_column(gradient, biases, slopes)
            self._put(gradient, weights, value @ slopes.transpose(0, 2, 1))
            slopes = self._matrix(weights) @ slopes
            slopes *= self._activation.slope(z, value)
            if scale:
                shifts, gains = layers.pop(), layers.pop()
                slopes = self._through_norm(slopes, gradient, gains, shifts, scale)
        biases, weights = layers.pop(), layers.pop()
        self._put_column(gradient, biases, slopes)
        self._put_first(gradient, weights, slopes)

    def _first(self, features: Array) -> Array:
        inputs, outputs = self._network.widths[:2]
        if self._is_shared:
            wide = self._position[: inputs * outputs].reshape(inputs, outputs * self._lanes)
            z = wide.T @ features.T
            return z.reshape(outputs, self._lanes, -1).transpose(1, 0, 2)
        weights = self._matrix(self._layers[0])
        return np.asarray(weights.transpose(0, 2, 1) @ features.transpose(0, 2, 1))

    def _put_first(self, gradient: Array, weights: Layer, slopes: Array) -> None:
        inputs, outputs = weights.shape
        if self._is_shared:
            rows = slopes.transpose(1, 0, 2).reshape(outputs * self._lanes, -1)
            wide = (self._features.T @ rows.T).reshape(inputs * outputs, self._lanes)
            gradient[weights.places] = wide
        else:
            self._put(
                gradient, weights, self._features.transpose(0, 2, 1) @ slopes.transpose(0, 2, 1)
            )

    def _matrix(self, layer: Layer) -> Array:
        return self._by_lane[:, layer.places].reshape(self._lanes, *layer.shape)

    def _column(self, layer: Layer) -> Array:
        return self._by_lane[:, layer.places, None]

    def _put(self, gradient: Array, layer: Layer, values: Array) -> None:
        gradient[layer.places] = values.reshape(self._lanes, layer.size).T

    def _put_column(self, gradient: Array, layer: Layer, slopes: Array) -> None:
        gradient[layer.places] = np.add.reduce(slopes, axis=2).T

    def _normalized(self, z: Array, gains: Layer, shifts: Layer) -> tuple[Array, Array, Array]:
        """The layer after its normalisation, before gains and shifts, and the factor in it."""
        width = z.shape[1]
        off = z - np.add.reduce(z, axis=1, keepdims=True) / width
        variance = np.add.reduce(np.square(off), axis=1, keepdims=True) / width
        factor = 1.0 / np.sqrt(variance + NORM_EPSILON)
        plain = off * factor
        return plain * self._column(gains) + self._column(shifts), plain, factor

    def _through_norm(
        self, slopes: Array, gradient: Array, gains: Layer, shifts: Layer, scale: list[Array]
    ) -> Array:
        plain, factor = scale
        self._put_column(gradient, shifts, slopes)
        self._put_column(gradient, gains, slopes * plain)
        slopes = slopes * self._column(gains)
        width = slopes.shape[1]
        mean = np.add.reduce(slopes, axis=1, keepdims=True) / width
        along = np.add.reduce(slopes * plain, axis=1, keepdims=True) / width
        return np.asarray((slopes - mean - plain * along) * factor)


def initial(network: Network, kind: str, scale: float, random: np.random.Generator) -> Array:
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
