"""Recording a function and replaying it: the same numbers as calling it, whatever it does.

Each hazard is a small rule or problem that a careless recording would get wrong.
"""

from typing import Any

import numpy as np
import pytest

from lrstudio.core import PROBLEMS, Optimizer, Problem
from lrstudio.core.arrays import LINE, Array, ArrayLike
from lrstudio.engine.evaluation import Evaluator
from lrstudio.engine.stepping import Stepper
from lrstudio.engine.tape import Tape, Untraceable
from tests.engine.hazards import PLAIN, RECORDED
from tests.engine.rules import assert_same, is_recorded, make_stepper, noise, plain, stepped

STEPS = 12
START = np.random.default_rng(5).uniform(-2, 2, (3, 4))
RATES = 0.1 * (1 + np.cos(np.arange(STEPS)))


def check(rule: type[Optimizer]) -> Stepper:
    gradients = noise(STEPS, *START.shape)
    got = stepped([rule()] * 4, gradients, START, RATES)
    assert_same(got, plain([rule()] * 4, gradients, START, RATES))
    return make_stepper([rule()] * 4, START)


@pytest.mark.parametrize("rule", RECORDED, ids=lambda c: c.__name__)
def test_a_recorded_rule_does_what_it_says(rule: type[Optimizer]) -> None:
    assert is_recorded(check(rule))


@pytest.mark.parametrize("rule", PLAIN, ids=lambda c: c.__name__)
def test_a_rule_that_cannot_be_recorded_runs_as_it_is_written(rule: type[Optimizer]) -> None:
    assert not is_recorded(check(rule))


# --- problems ----------------------------------------------------------------------------------


class PointProblem(Problem, frozen=True):
    """Base of the problems here."""

    @property
    def domain(self) -> tuple[tuple[float, float], ...]:
        return ((-2.0, 2.0),) * 3


class GradientIsThePosition(PointProblem, frozen=True):
    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        return np.square(position).sum(axis=0) / 2, position


class LossIsARowOfTheGradient(PointProblem, frozen=True):
    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        gradient = 2 * position
        return gradient[0], gradient


class LossIsAConstant(PointProblem, frozen=True):
    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        return 0.0, 0 * position


class BranchesOnThePosition(PointProblem, frozen=True):
    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        if np.any(position > 0):
            return position.sum(axis=0), np.ones_like(position)
        return np.square(position).sum(axis=0), 2 * position


class LossIsAnExtremum(PointProblem, frozen=True):
    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        return np.max(np.abs(position), axis=0), np.sign(position)


@pytest.mark.parametrize("problem", PointProblem.__subclasses__(), ids=lambda c: c.__name__)
def test_a_problem_at_work_gives_the_numbers_of_the_plain_call(problem: type[Problem]) -> None:
    position = np.empty((3, 4))
    evaluator = Evaluator(problem(), position)
    for k, values in enumerate(noise(STEPS, 3, 4)):
        position[...] = values - (k == 3) * 10
        evaluator.evaluate()
        loss, gradient = problem().loss_and_gradient(position.copy())
        assert np.array_equal(evaluator.loss, np.broadcast_to(loss, (4,)))
        assert np.array_equal(evaluator.gradient, np.broadcast_to(gradient, (3, 4)))


# --- the tape itself ---------------------------------------------------------------------------


def replayed(function: Any, *buffers: Array) -> tuple[Array, list[Any]]:
    """Where the result of a recorded function goes, and its operations."""
    tape = Tape()
    out = np.empty_like(np.asarray(function(*buffers)))
    tape.copy(out, function(*(tape.variable(b) for b in buffers)))
    return out, tape.operations()


def test_constants_are_folded_at_recording() -> None:
    tape = Tape()
    constant = 1 - tape.constant(0.9)
    _, without = replayed(lambda x: x * 2.0, np.ones(3))
    _, operations = replayed(lambda x: x * (constant + constant), np.ones(3))
    assert len(operations) == len(without) == 1


def test_a_constant_may_decide_the_course() -> None:
    tape = Tape()
    assert np.any(tape.constant([0.0, 0.5]))
    assert not np.any(tape.constant(0.0))
    with pytest.raises(Untraceable):
        bool(np.any(tape.variable(np.ones(2))))


def test_recording_changes_no_buffer() -> None:
    x = np.ones((2, 3))
    tape = Tape()
    variable = tape.variable(x)
    variable += 1
    variable[0] = 5.0
    assert (x == 1).all()
    for operation in tape.operations():
        operation()
    assert x.tolist() == [[5.0] * 3, [2.0] * 3]


def test_the_last_operation_writes_to_the_target_itself() -> None:
    x = np.arange(4.0)
    out, operations = replayed(lambda a: np.sqrt(a) + a, x)
    assert len(operations) == 2  # and no copy
    x[...] = 4.0
    for operation in operations:
        operation()
    assert (out == 6.0).all()


def test_large_buffers_begin_with_a_line_of_the_cache() -> None:
    x = np.ones((40, 64))
    tape = Tape()
    traced = tape.variable(x)
    out = tape.result((np.sqrt(traced) + traced) * np.exp(traced), x.shape)
    written = [operation.args[-1] for operation in tape.operations()]
    assert len(written) == 4
    assert any(array is out for array in written)
    assert all(array.ctypes.data % LINE == 0 for array in written)


def test_a_large_result_that_is_stacked_takes_no_copy() -> None:
    x = np.ones((2, 1000))
    tape = Tape()
    first, second = tape.variable(x)
    tape.result(np.stack([first + second, first * second]), x.shape)
    assert len(tape.operations()) == 2


@pytest.mark.parametrize(
    "cls", [c for c in PROBLEMS.values() if not c().sampling], ids=lambda c: c.__name__
)
def test_every_declared_function_runs_from_a_tape(cls: type[Problem]) -> None:
    # One that did not would only be slower, and nobody would notice.
    position = np.array(cls().start)[:, None].repeat(2, axis=1)
    evaluator = Evaluator(cls(), position)
    assert evaluator.evaluate != evaluator._plain


def test_a_result_read_again_by_a_later_copy_keeps_its_place() -> None:
    x = np.ones((2, 3))
    tape = Tape()
    doubled = 2 * tape.variable(x)
    first = tape.result(doubled, (2, 3))
    second = tape.result(doubled, (2, 3))
    x[...] = 5.0
    for operation in tape.operations():
        operation()
    assert first is not second
    assert (first == 10).all()
    assert (second == 10).all()


@pytest.mark.parametrize("rows", range(1, 10))
def test_sums_over_few_and_many_rows_are_numpys(rows: int) -> None:
    x = 10.0 ** np.random.default_rng(0).uniform(-8, 8, (rows, 5))
    out, operations = replayed(lambda a: a.sum(axis=0), x)
    for operation in operations:
        operation()
    assert np.array_equal(out, x.sum(axis=0))


def test_a_sum_of_one_row_does_not_follow_later_changes_of_the_row() -> None:
    x = np.ones((1, 3))

    def function(a: ArrayLike) -> ArrayLike:
        b = 2 * a
        total = b.sum(axis=0)
        b += 1
        return total + 0 * b[0]

    out, operations = replayed(function, x)
    for operation in operations:
        operation()
    assert (out == 2).all()
