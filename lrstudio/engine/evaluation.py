"""A problem at work: loss and gradient of all lanes at once."""

from collections.abc import Callable

import numpy as np

from lrstudio.core import Problem
from lrstudio.core.arrays import Array, in_company, lined_up_copy
from lrstudio.core.differences import central_hessians
from lrstudio.core.problem import Rows
from lrstudio.engine.peephole import Entry
from lrstudio.engine.tape import UNTRACEABLE, Tape, Untraceable, replay_of


class Evaluator:
    """Fills `loss` `(lanes,)` and `gradient` `(dim, lanes)` at each `evaluate()`.

    Of a problem with examples it looks at those that `draw()` names, each time anew. Of the columns
    of `position` the first `lanes` are runs; a lone one has company.
    """

    def __init__(
        self,
        problem: Problem,
        position: Array,
        lanes: int | None = None,
        draw: Callable[[], Rows] | None = None,
    ) -> None:
        self.problem = problem
        self.position = position
        self.rows: Rows | None = None
        """The examples that were looked at last."""
        self.examiner = problem.examiner()
        """Answers for the examples, if there are any."""
        self._draw = draw
        self._runs = position[:, :lanes]
        self.loss = np.zeros(position.shape[1:])
        self.gradient = lined_up_copy(np.zeros(position.shape))
        self._tape = self._recorded() if draw is None else None
        self.evaluate: Callable[[], None] = self._plain if draw is None else self._on_rows
        if self._tape:
            self.evaluate = replay_of(self._tape.operations())

    def entries(self) -> list[Entry]:
        """The operations of an evaluation; raises `Untraceable` where they are not known."""
        if self._tape is None:
            raise Untraceable("the problem cannot be recorded")
        return self._tape.entries()

    def at(self, points: Array, lanes: slice) -> tuple[Array, Array]:
        """Loss and gradient at other points `(dim, n)` of the n lanes, on the same examples."""
        if self.rows is None:
            loss, gradient = self.problem.loss_and_gradient(points)
            return np.asarray(loss), np.asarray(gradient)
        rows = self.rows
        if isinstance(rows, np.ndarray) and rows.ndim == 2:
            rows = rows[lanes]
        count = lanes.stop - lanes.start
        loss, gradient = self.examiner.on_examples(points[:, :count], rows)
        return (
            (loss, gradient)
            if points.shape[1] == count
            else (in_company(loss), in_company(gradient))
        )

    def hessians(self, points: Array, lanes: slice) -> tuple[Array, int]:
        """Second derivatives `(dim, dim, n)` there, and how many gradients they cost."""
        if self.rows is None or isinstance(self.rows, slice):
            return self.problem.hessians(points)
        return central_hessians(
            lambda moved: self.at(moved, lanes)[1], points, has_kinks=self.problem.has_kinks
        )

    def _plain(self) -> None:
        loss, gradient = self.problem.loss_and_gradient(self.position)
        np.copyto(self.loss, loss)
        np.copyto(self.gradient, gradient)

    def _on_rows(self) -> None:
        assert self._draw is not None
        self.rows = self._draw()
        loss, _ = self.examiner.on_examples(self._runs, self.rows, self.gradient)
        np.copyto(self.loss, loss)

    def _recorded(self) -> Tape | None:
        tape = Tape()
        try:
            loss, gradient = self.problem.loss_and_gradient(tape.variable(self.position))
        except UNTRACEABLE:
            return None
        self.loss = tape.result(loss, self.loss.shape)
        self.gradient = tape.result(gradient, self.gradient.shape)
        return tape
