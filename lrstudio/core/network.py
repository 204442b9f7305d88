"""Layers of weights, from linear regression to a perceptron, and where they stand in a position.

All parameters of a lane are one column of a position `(dim, lanes)`; a model without hidden layers
is a regression.
"""

from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from msgspec import Struct

from lrstudio.core.activations import ActivationName
from lrstudio.core.arrays import Array
from lrstudio.core.heads import Head
from lrstudio.core.problem import Layer


class Block(NamedTuple):
    """The places of one layer's parameters in a position."""

    inputs: int
    outputs: int
    weights: slice
    """Weights, input by input, and then the biases: the weights of an input that is always 1."""
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
            weights, biases = places[:2]
            count = 4 if self.has_norm and i < len(self.widths) - 2 else 2
            both = slice(weights.start, biases.stop)
            blocks.append(Block(inputs, outputs, both, *places[2:count]))
            del places[:count]
        return tuple(blocks)

    @property
    def dim(self) -> int:
        """Number of parameters."""
        return sum(layer.size for layer in self.layers)


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
