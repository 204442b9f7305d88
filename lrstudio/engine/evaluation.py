"""A problem at work: loss and gradient of all lanes at once."""

from collections.abc import Callable

import numpy as np

from lrstudio.core import Problem
from lrstudio.core.arrays import Array
from lrstudio.engine.tape import UNTRACEABLE, Operation, Tape


class Evaluator:
    """Fills `loss` `(lanes,)` and `gradient` `(dim, lanes)` at each `evaluate()`."""

    def __init__(self, problem: Problem, position: Array) -> None:
        self.problem = problem
        self.position = position
        self.loss = np.zeros(position.shape[1:])
        self.gradient = np.zeros(position.shape)
        self.evaluate = self._begin()

    def _begin(self) -> Callable[[], None]:
        try:
            operations = self._recorded()
        except UNTRACEABLE:
            return self._plain

        def replay() -> None:
            for operation in operations:
                operation()

        return replay

    def _plain(self) -> None:
        loss, gradient = self.problem.loss_and_gradient(self.position)
        np.copyto(self.loss, loss)
        np.copyto(self.gradient, gradient)

    def _recorded(self) -> list[Operation]:
        tape = Tape()
        loss, gradient = self.problem.loss_and_gradient(tape.variable(self.position))
        self.loss = tape.result(loss, self.loss.shape)
        self.gradient = tape.result(gradient, self.gradient.shape)
        return tape.operations()
