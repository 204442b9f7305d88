"""A formula at work: its loss, its gradient and its second derivatives, on arrays of positions."""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.typed_formula.order import Order, needed_for, slice_of
from lrstudio.core.typed_formula.reading import Formula, read
from lrstudio.core.typed_formula.slopes import slopes
from lrstudio.core.typed_formula.steps import ENTRY, PART
from lrstudio.core.typed_formula.terms import Algebra, Term

Constants = tuple[tuple[str, float], ...]
_AT_A_KINK = 1e-7
"""Distance from a kink at which a minimum that was found numerically lies on it."""


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
            order = self._order_of_loss
            return self._settled(order, order.values(position), self._loss, position)

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        """Loss `(...)` and gradient `(dim, ...)` at `position` `(dim, ...)`."""
        with np.errstate(all="ignore"):
            values = self._order.values(position)
            gradient = self._gradient(values, position)
            return self._settled(self._order, values, self._loss, position), gradient

    def hessians(self, position: Array) -> Array | None:
        """Second derivatives `(dim, dim, lanes)`; None where only differences would tell them."""
        if self._rows is None:
            return None
        matrices = np.zeros((self.dim, *position.shape))
        with np.errstate(all="ignore"):
            for i, row in enumerate(self._rows):
                order = Order(row.values(), self.dim)
                values = order.values(position)
                for target, slope in row.items():
                    matrices[i, target.place] = values[order.slots[slope.key]]
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
    def _order(self) -> Order:
        return Order([self._loss, *self._slopes.values()], self.dim)

    @cached_property
    def _order_of_loss(self) -> Order:
        return Order([self._loss], self.dim)

    def is_smooth_at(self, point: Sequence[float]) -> bool:
        """Whether no kink, cusp or root is met at a point."""
        order = Order([self._loss], self.dim, keeps_all=True)
        with np.errstate(all="ignore"):
            found = order.values(np.asarray(point, dtype=np.float64))
        values = {key: found[slot] for key, slot in order.slots.items()}
        return not any(_is_kinked(term, values) for term in needed_for([self._loss]))

    @cached_property
    def _moving(self) -> frozenset[int]:
        """Keys of the terms that depend on the position."""
        found: set[int] = set()
        for term in self._algebra.terms:  # each behind its operands
            if term.operation in (ENTRY, PART) or any(o.key in found for o in term.operands):
                found.add(term.key)
        return frozenset(found)

    def _gradient(self, values: Sequence[Any], position: ArrayLike) -> ArrayLike:
        if self._is_vector:
            return self._gathered(values, position)
        rows = [
            np.zeros_like(position[0])
            if slope is None
            else self._settled(self._order, values, slope, position)
            for slope in self._along
        ]
        is_own = self.dim == 1 and self._along[0] is not self._loss  # or exp(x) would be both
        return rows[0][None] if is_own else np.stack(rows)

    @cached_property
    def _along(self) -> list[Term | None]:
        """The slope along each coordinate; None where nothing depends on it."""
        known = {target.place: slope for target, slope in self._slopes.items()}
        return [known.get(place) for place in range(self.dim)]

    def _gathered(self, values: Sequence[Any], position: ArrayLike) -> ArrayLike:
        """The gradient along the entries of a vector, of slopes along entries and parts."""
        whole, pieces = self._whole_and_pieces
        gradient = np.zeros_like(position) if whole is None else values[whole]
        for number, (key, slot) in enumerate(pieces):
            if number == 0 and whole is None:
                gradient[key] = values[slot]
            else:
                gradient[key] += values[slot]
        return gradient

    @cached_property
    def _whole_and_pieces(self) -> tuple[int | None, list[tuple[int | slice, int]]]:
        """Slots of the slope that can be the gradient's own array, and of all that are added."""
        slopes_of, slots = list(self._slopes.items()), self._order.slots
        whole = next((p for p in slopes_of if self._fills_the_gradient(*p)), None)
        pieces = [
            (target.place if target.operation == ENTRY else slice_of(target.part), slots[slope.key])
            for target, slope in slopes_of
            if whole is None or target is not whole[0]
        ]
        return None if whole is None else slots[whole[1].key], pieces

    def _fills_the_gradient(self, target: Term, slope: Term) -> bool:
        """Whether a slope is an array of the gradient's shape that nobody else has."""
        is_whole = target.operation == PART and target.size == 0 == slope.size
        return is_whole and bool(slope.operands) and slope.key in self._moving

    def _settled(self, order: Order, values: Sequence[Any], term: Term, position: ArrayLike) -> Any:
        """A single number for each lane, in memory that is not the position's."""
        value = values[order.slots[term.key]]
        if term.operation == ENTRY:
            return np.positive(value)
        return value if term.key in self._moving else np.zeros_like(position[0]) + value


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


def _is_kinked(term: Term, values: Mapping[int, Any]) -> bool:
    """Whether a second derivative is missing, of an operation with these values."""
    if term.operation in ("minimum", "maximum"):
        a, b = (values[operand.key] for operand in term.operands)
        return bool(abs(a - b) < _AT_A_KINK)
    if term.operation == "atan2":
        y, x = (values[operand.key] for operand in term.operands)
        return bool(np.any(np.hypot(x, y) < _AT_A_KINK))
    if term.operation in ("abs", "sign", "sqrt", "cbrt", "hypot"):
        first = term if term.operation == "hypot" else term.operands[0]
        return bool(np.any(np.abs(values[first.key]) < _AT_A_KINK))
    if term.operation == "power":
        base, exponent = (values[operand.key] for operand in term.operands)
        is_broken = np.not_equal(exponent, np.rint(exponent))
        return bool(np.any((np.abs(base) < _AT_A_KINK) & is_broken))
    return term.operation in ("smallest", "largest")
