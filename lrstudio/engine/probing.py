"""What a rule asks the problem besides the gradient it is given, answered and counted."""

import numpy as np

from lrstudio.core.arrays import Array, Places
from lrstudio.core.disturbance import Effects, disturbed
from lrstudio.engine.evaluation import Evaluator


class Probe:
    """The oracle of some `lanes`; their `position` is kept up to date by its owner.

    All answers within a step meet the same disturbances, as all evaluations on one mini-batch do;
    noise that is added to the gradient tilts the function. Second derivatives are those of the
    function where it has moved to, without noise.
    """

    # ruff: noqa: D102 - the methods are described by `core.oracle.Oracle`

    def __init__(self, evaluator: Evaluator, lanes: slice, position: Array, loss: Array) -> None:
        self._evaluator = evaluator
        self._lanes = lanes
        self._position = position
        self._effects = Effects()
        self.loss = loss
        """Loss `(lanes,)` at the position, as the rule is to see it."""
        self.count: Array = np.zeros(position.shape[1:])
        """Evaluations so far `(lanes,)`, in gradients."""

    def turn(self, effects: Effects) -> None:
        """Answer for a step with these effects; `loss` is as met, but for the noise that tilts."""
        self._effects = effects
        if effects.gradient is not None:
            self.loss += np.add.reduce(effects.gradient * self._position, axis=0)

    def loss_and_gradient(self, points: Array, where: Places | bool = True) -> tuple[Array, Array]:
        self.count += where
        found = self._evaluator.at(self._moved(points), self._lanes)
        met = disturbed(*found, self._evaluator.problem.floor, self._effects)
        loss, gradient = (np.asarray(a) for a in met)
        noise = self._effects.gradient
        if noise is None:
            return loss, gradient
        return loss + np.add.reduce(noise * points, axis=0), gradient + noise

    def hessian(self) -> Array:
        matrix, cost = self._evaluator.hessians(self._moved(self._position), self._lanes)
        self.count += cost
        return matrix

    def hessian_diagonal(self) -> Array:
        return np.asarray(np.einsum("iil->il", self.hessian()))

    def _moved(self, points: Array) -> Array:
        """The points as the function sees them, which has moved itself."""
        offset = self._effects.offset
        return points if offset is None else np.asarray(points - offset)
