"""The operations of a formula in their order, worked out once for all evaluations.

Beside a few operations on a thousand lanes, walking over the terms would take longer than these.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.typed_formula.operations import OPERATIONS
from lrstudio.core.typed_formula.steps import ENTRY, NUMBER, PART, Range
from lrstudio.core.typed_formula.terms import Term

Call = tuple[Callable[..., Any], int, int | None, int]
"""An operation, the slots of its operands (the second one may be missing) and of its result."""


class Order:
    """Some terms and what leads to them.

    What is not needed any more makes room for the next result: memory is taken again while it is in
    the cache. With `keeps_all` every value stays where it is.
    """

    def __init__(self, results: Iterable[Term], dim: int, *, keeps_all: bool = False) -> None:
        results = list(results)
        needed = needed_for(results)
        self.slots = {term.key: place for place, term in enumerate(needed) if not term.operands}
        """Where the values of terms stand, by their keys."""
        self._leaves = _leaves(needed, self.slots, dim)
        last = {operand.key: term.key for term in needed for operand in term.operands}
        kept = {term.key for term in (needed if keeps_all else results)}
        free: list[int] = []
        self._calls: list[Call] = []
        for term in needed:
            if not term.operands:
                continue
            first, *others = (self.slots[operand.key] for operand in term.operands)
            over = {o.key for o in term.operands if o.operands and last[o.key] == term.key} - kept
            free += (self.slots[key] for key in sorted(over))
            if not free:
                free.append(len(self._leaves.values))
                self._leaves.values.append(None)
            self.slots[term.key] = free.pop()
            second = others[0] if others else None
            call = OPERATIONS[term.operation], first, second, self.slots[term.key]
            self._calls.append(call)

    def values(self, position: ArrayLike) -> list[Any]:
        """Values in their slots at `position` `(dim, ...)`."""
        known, places, indices = self._leaves
        values = known.copy()
        for slot, place in places:
            values[slot] = position[place]
        for slot, entries in indices:
            values[slot] = entries.reshape(-1, *(1,) * (len(position.shape) - 1))
        for function, first, second, result in self._calls:
            if second is None:
                values[result] = function(values[first])
            else:
                values[result] = function(values[first], values[second])
        return values


class _Leaves(NamedTuple):
    """Values that nothing has to be computed for."""

    values: list[Any]
    """Of all slots, as far as they are known."""
    places: list[tuple[int, int | slice]]
    """Slots of parts of the position."""
    indices: list[tuple[int, Array]]
    """Slots of numbers of entries."""


def _leaves(needed: Sequence[Term], slots: dict[int, int], dim: int) -> _Leaves:
    everything = np.arange(1.0, dim + 1.0)
    found = _Leaves([None] * len(needed), [], [])
    for term in needed:
        slot = slots.get(term.key, 0)
        if term.operation == NUMBER:
            found.values[slot] = term.number
        elif term.operation == ENTRY:
            found.places.append((slot, term.place))
        elif term.operation == PART:
            found.places.append((slot, slice_of(term.part)))
        elif not term.operands:
            found.indices.append((slot, everything[slice_of(term.part)]))
    return found


def needed_for(results: Iterable[Term]) -> list[Term]:
    """Some terms and all that they depend on, each behind its operands."""
    needed: dict[int, Term] = {}
    waiting = list(results)
    while waiting:
        term = waiting.pop()
        if term.key not in needed:
            needed[term.key] = term
            waiting += term.operands
    return [term for _, term in sorted(needed.items())]


def slice_of(part: Range) -> slice:
    """A part of a vector as a slice."""
    return slice(part[0], part[1])
