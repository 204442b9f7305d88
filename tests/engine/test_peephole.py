"""Leaving copies out changes nothing that anybody can see."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lrstudio.core.arrays import Array
from lrstudio.engine.peephole import Entry, copy_into, without_copies

Instruction = tuple[str, int, int, int]

# (what, first operand, second operand, where to): numbers are taken modulo the buffers there are.
INSTRUCTIONS = st.lists(
    st.tuples(
        st.sampled_from(["new", "new", "in place", "keep", "keep", "keep", "view"]),
        st.integers(0, 20),
        st.integers(0, 20),
        st.integers(0, 20),
    ),
    min_size=2,
    max_size=14,
)


class Program:
    """Instructions laid out on buffers of their own: three that are looked at, others not."""

    def __init__(self, instructions: list[Instruction]) -> None:
        self.lasting = [np.arange(1.0, 5.0) * (10.0**i) for i in range(3)]
        self.temporaries: list[Array] = []
        self.views: list[Array] = []
        self.entries: list[Entry] = []
        for instruction in instructions:
            self._append(*instruction)

    def _append(self, what: str, first: int, second: int, to: int) -> None:
        known = [*self.lasting, *self.temporaries, *self.views]
        a, b = known[first % len(known)], known[second % len(known)]
        if what == "view":
            self.views.append(a[::-1])
        elif what == "keep":
            self.entries.append(Entry(copy_into, [a], self.lasting[to % 3]))
        elif what == "in place":
            self.entries.append(Entry(np.add, [a, b], known[to % len(known)]))
        else:
            self.temporaries.append(np.zeros(4))
            self.entries.append(Entry(np.subtract, [a, b], self.temporaries[-1]))

    def shortened(self) -> list[Entry]:
        return without_copies(self.entries, {id(t) for t in self.temporaries})


def execute(entries: list[Entry]) -> None:
    for entry in entries:
        entry.function(*entry.inputs, entry.out)


@given(INSTRUCTIONS)
def test_any_program_does_the_same_with_fewer_copies(instructions: list[Instruction]) -> None:
    plain, short = Program(instructions), Program(instructions)
    entries = short.shortened()
    assert len(entries) <= len(plain.entries)
    with np.errstate(all="ignore"):
        for _ in range(3):
            execute(plain.entries)
            execute(entries)
            assert np.array_equal(plain.lasting, short.lasting, equal_nan=True)


def count_after(build: Callable[[Any, Any, Any], list[Entry]]) -> tuple[int, int]:
    """Number of entries before and after, for a lasting buffer, another and a temporary one."""
    lasting, other, temporary = np.ones(3), np.ones(3), np.zeros(3)
    entries = build(lasting, other, temporary)
    return len(entries), len(without_copies(entries, {id(temporary)}))


def test_a_value_that_is_only_kept_is_written_in_place() -> None:
    def build(lasting: Array, other: Array, temporary: Array) -> list[Entry]:
        return [
            Entry(np.add, [lasting, other], temporary),
            Entry(copy_into, [temporary], lasting),
        ]

    assert count_after(build) == (2, 1)


def test_a_copy_stays_where_the_old_value_is_still_needed() -> None:
    def build(lasting: Array, other: Array, temporary: Array) -> list[Entry]:
        return [
            Entry(np.add, [lasting, other], temporary),
            Entry(np.multiply, [lasting, 2.0], other),
            Entry(copy_into, [temporary], lasting),
        ]

    assert count_after(build) == (3, 3)


def test_a_copy_of_a_lasting_value_stays() -> None:
    def build(lasting: Array, other: Array, temporary: Array) -> list[Entry]:
        return [Entry(np.add, [other, 1.0], other), Entry(copy_into, [other], lasting)]

    assert count_after(build) == (2, 2)
