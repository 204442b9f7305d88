"""A problem at work: loss and gradient of all lanes at once."""

from collections.abc import Callable

import numpy as np

from lrstudio.core import Problem
from lrstudio.core.arrays import Array
from lrstudio.engine.peephole import Entry
from lrstudio.engine.tape import UNTRACEABLE, Tape, Untraceable, replay_of


class Evaluator:
    """Fills `loss` `(lanes,)` and `gradient` `(dim, lanes)` at each `evaluate()`."""

    def __init__(self, problem: Problem, position: Array) -> None:
        self.problem = problem
        self.position = position
        self.loss = np.zeros(position.shape[1:])
        self.gradient = np.zeros(position.shape)
        self._tape = self._recorded()
        self.evaluate: Callable[[], None] = self._plain
        if self._tape:
            self.evaluate = replay_of(self._tape.operations())

    def entries(self) -> list[Entry]:
        """The operations of an evaluation; raises `Untraceable` where they are not known."""
        if self._tape is None:
            raise Untraceable("the problem cannot be recorded")
        return self._tape.entries()

    def _plain(self) -> None:
        loss, gradient = self.problem.loss_and_gradient(self.position)
        np.copyto(self.loss, loss)
        np.copyto(self.gradient, gradient)

    def _recorded(self) -> Tape | None:
        tape = Tape()
        try:
            loss, gradient = self.problem.loss_and_gradient(tape.variable(self.position))
        except UNTRACEABLE:
            return None
        self.loss = tape.result(loss, self.loss.shape)
        self.gradient = tape.result(gradient, self.gradient.shape)
        return tape
