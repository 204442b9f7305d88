"""What a rule asks the problem besides the gradient it is given, answered and counted."""

import numpy as np

from lrstudio.core.arrays import Array, Places
from lrstudio.engine.evaluation import Evaluator


class Probe:
    """The oracle of some `lanes`; their `position` is kept up to date by its owner.

    With a noisy gradient all answers within a step see the same draw, as all evaluations on one
    mini-batch do: the function is tilted by the noise.
    """

    # ruff: noqa: D102 - the methods are described by `core.oracle.Oracle`

    def __init__(self, evaluator: Evaluator, lanes: slice, position: Array, loss: Array) -> None:
        self._evaluator = evaluator
        self._lanes = lanes
        self._position = position
        self._noise: Array | None = None
        self.loss = loss
        """Loss `(lanes,)` at the position, as the rule is to see it."""
        self.count: Array = np.zeros(position.shape[1:])
        """Evaluations so far `(lanes,)`, in gradients."""

    def tilt(self, noise: Array) -> None:
        """Add the draw `(dim, lanes)` of this step to what the rule sees."""
        self._noise = noise
        self.loss += np.add.reduce(noise * self._position, axis=0)

    def loss_and_gradient(self, points: Array, where: Places | bool = True) -> tuple[Array, Array]:
        self.count += where
        loss, gradient = self._evaluator.at(points, self._lanes)
        if self._noise is None:
            return loss, gradient
        return loss + np.add.reduce(self._noise * points, axis=0), gradient + self._noise

    def hessian(self) -> Array:
        matrix, cost = self._evaluator.hessians(self._position, self._lanes)
        self.count += cost
        return matrix

    def hessian_diagonal(self) -> Array:
        return np.asarray(np.einsum("iil->il", self.hessian()))
