"""A formula at work: its loss, its gradient and its second derivatives, on arrays of positions."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.typed_formula.operations import OPERATIONS
from lrstudio.core.typed_formula.reading import Formula, read
from lrstudio.core.typed_formula.slopes import slopes
from lrstudio.core.typed_formula.steps import (
    ENTRY,
    NUMBER,
    PART,
    Range,
)
from lrstudio.core.typed_formula.terms import Algebra, Term

Constants = tuple[tuple[str, float], ...]
_AT_A_KINK = 1e-7
"""Distance from a kink at which a minimum that was found numerically lies on it."""
_Call = tuple[Callable[..., Any], tuple[int, ...], int]


@lru_cache(maxsize=128)
def program(text: str, constants: Constants, dim: int) -> "Program":
    """The program of a formula, with values for its constants, in `dim` dimensions."""
    return Program(read(text), dict(constants), dim)


class Program:
    """Computes what a formula says, as NumPy operations in a fixed order."""

    def __init__(self, formula: Formula, constants: dict[str, float], dim: int) -> None:
        self.dim = dim
        self._is_vector = formula.is_vector
        self._algebra = Algebra(dim)
        self._loss = _result(formula, constants, self._algebra)
        self._slopes = slopes(self._algebra, self._loss)

    def loss(self, position: ArrayLike) -> ArrayLike:
        """Loss `(...)` at `position` `(dim, ...)`."""
        with np.errstate(all="ignore"):
            (loss,) = self._evaluated(self._calls_of_loss, (self._loss,), position)
            return _settled(loss, self._loss, position)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        """Loss `(...)` and gradient `(dim, ...)` at `position` `(dim, ...)`."""
        results = (self._loss, *self._slopes.values())
        with np.errstate(all="ignore"):
            loss, *values = self._evaluated(self._calls, results, position)
            gradient = self._gradient(values, position)
            return _settled(loss, self._loss, position), gradient

    def hessians(self, position: Array) -> Array | None:
        """Second derivatives `(dim, dim, lanes)`; None where only differences would tell them."""
        if self._rows is None:
            return None
        matrices = np.zeros((self.dim, *position.shape))
        with np.errstate(all="ignore"):
            for i, row in enumerate(self._rows):
                values = self._evaluated(_calls(row.values()), tuple(row.values()), position)
                for target, value in zip(row, values, strict=True):
                    matrices[i, target.place] = value
        return (matrices + matrices.swapaxes(0, 1)) / 2

    @cached_property
    def _rows(self) -> list[dict[Term, Term]] | None:
        """For each coordinate the slopes of the slope along it."""
        if self._is_vector:
            return None
        along = {target.place: slope for target, slope in self._slopes.items()}
        zero = self._algebra.number(0)
        return [slopes(self._algebra, along.get(i, zero)) for i in range(self.dim)]

    @cached_property
    def _calls(self) -> list[_Call]:
        return _calls([self._loss, *self._slopes.values()])

    @cached_property
    def _calls_of_loss(self) -> list[_Call]:
        return _calls([self._loss])

    def is_smooth_at(self, point: Sequence[float]) -> bool:
        """Whether no kink, cusp or root is met at a point."""
        with np.errstate(all="ignore"):
            values = self._values(self._calls_of_loss, np.asarray(point, dtype=np.float64))
        return not any(_is_kinked(term, values) for term in _needed([self._loss]))

    def _evaluated(
        self, calls: Sequence[_Call], results: Sequence[Term], position: ArrayLike
    ) -> list[Any]:
        """The values of some terms, after the calls that lead to them."""
        values = self._values(calls, position)
        return [values[term.key] for term in results]

    def _values(self, calls: Sequence[_Call], position: ArrayLike) -> list[Any]:
        values: list[Any] = [None] * len(self._algebra.terms)
        for term in self._algebra.terms:
            if not term.operands:
                values[term.key] = self._leaf(term, position)
        for function, operands, place in calls:
            values[place] = function(*[values[o] for o in operands])
        return values

    def _leaf(self, term: Term, position: ArrayLike) -> Any:
        if term.operation == NUMBER:
            return term.number
        if term.operation == ENTRY:
            return position[term.place]
        if term.operation == PART:
            return position[_slice(term.part)]
        numbers = np.arange(1.0, self.dim + 1.0)[_slice(term.part)]
        return numbers.reshape(-1, *(1,) * (len(position.shape) - 1))

    def _gradient(self, values: Sequence[Any], position: ArrayLike) -> ArrayLike:
        if self._is_vector:
            return self._gathered(values, position)
        along = {
            target.place: _settled(value, slope, position)
            for (target, slope), value in zip(self._slopes.items(), values, strict=True)
        }
        for place in set(range(self.dim)) - set(along):
            along[place] = np.zeros_like(position[0])
        return np.stack([along[place] for place in range(self.dim)])

    def _gathered(self, values: Sequence[Any], position: ArrayLike) -> ArrayLike:
        """The gradient along the entries of a vector, of slopes along entries and parts."""
        pieces = list(zip(self._slopes.items(), values, strict=True))
        whole = next((p for p in pieces if _fills_the_gradient(*p[0])), None)
        if whole is None:
            gradient = np.zeros_like(position)
        else:
            pieces.remove(whole)
            gradient = whole[1]
        for number, ((target, _), value) in enumerate(pieces):
            key = target.place if target.operation == ENTRY else _slice(target.part)
            if number == 0 and whole is None:
                gradient[key] = value
            else:
                gradient[key] += value
        return gradient


def _fills_the_gradient(target: Term, slope: Term) -> bool:
    """Whether a slope is an array of the gradient's shape that nobody else has."""
    is_whole = target.operation == PART and target.size == 0 == slope.size
    return is_whole and bool(slope.operands) and _depends(slope)


def _result(formula: Formula, constants: dict[str, float], algebra: Algebra) -> Term:
    """The term of a formula with its constants put in."""
    terms: list[Term] = []
    for step in formula.steps:
        operands = [terms[place] for place in step.operands]
        match step.operation:
            case "number":
                term = algebra.number(step.number)
            case "name":
                term = algebra.number(constants.get(step.name, 1.0))
            case "count":
                term = algebra.number(algebra.count)
            case "entry":
                term = algebra.entry(step.place)
            case "part":
                term = algebra.part(step.part)
            case "index":
                term = algebra.index(step.part)
            case "sum" | "prod" | "smallest" | "largest":
                size = formula.sizes[step.operands[0]]
                term = algebra.total(operands[0], size, step.operation)
            case "mean":
                size = formula.sizes[step.operands[0]]
                entries = algebra.number(algebra.count - (size or 0))
                term = algebra.divide(algebra.total(operands[0], size), entries)
            case _:
                term = algebra.apply(step.operation, *operands)
        terms.append(term)
    return terms[-1]


def _calls(results: Iterable[Term]) -> list[_Call]:
    """The operations that lead to some terms, in their order."""
    return [
        (OPERATIONS[term.operation], tuple(o.key for o in term.operands), term.key)
        for term in _needed(results)
        if term.operands
    ]


def _needed(results: Iterable[Term]) -> list[Term]:
    """Some terms and all that they depend on, each behind its operands."""
    needed: dict[int, Term] = {}
    waiting = list(results)
    while waiting:
        term = waiting.pop()
        if term.key not in needed:
            needed[term.key] = term
            waiting += term.operands
    return [term for _, term in sorted(needed.items())]


def _is_kinked(term: Term, values: Sequence[Any]) -> bool:
    """Whether a second derivative is missing, of an operation with these values."""
    if term.operation in ("minimum", "maximum"):
        a, b = (values[operand.key] for operand in term.operands)
        return bool(abs(a - b) < _AT_A_KINK)
    if term.operation in ("abs", "sign", "sqrt", "cbrt", "hypot"):
        first = term if term.operation == "hypot" else term.operands[0]
        return bool(np.any(np.abs(values[first.key]) < _AT_A_KINK))
    return term.operation in ("smallest", "largest")


def _depends(term: Term) -> bool:
    """Whether a term depends on the position."""
    return any(found.operation in (ENTRY, PART) for found in _needed([term]))


def _settled(value: Any, term: Term, position: ArrayLike) -> Any:
    """A single number for each lane, in memory that is not the position's."""
    if term.operation == ENTRY:
        return np.positive(value)
    if not _depends(term):
        return np.zeros_like(position[0]) + value
    return value


def _slice(part: Range) -> slice:
    return slice(part[0], part[1])
