"""Leaving copies out changes nothing that anybody can see."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
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


@settings(max_examples=400)
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


def add(a: Array, b: Any, out: Array) -> Entry:
    return Entry(np.add, [a, np.asarray(b)], out)


def keep(source: Array, target: Array) -> Entry:
    return Entry(copy_into, [source], target)


Parts = tuple[Array, Array, Array]
CASES: list[tuple[str, int, Callable[[Array, Array, Array], list[Entry]]]] = [
    ("only kept", 1, lambda a, b, t: [add(a, b, t), keep(t, a)]),
    ("kept twice", 2, lambda a, b, t: [add(a, b, t), keep(t, a), keep(t, b)]),
    ("read again", 2, lambda a, b, t: [add(a, b, t), keep(t, a), add(t, b, b)]),
    ("old value needed", 3, lambda a, b, t: [add(a, b, t), add(a, 2.0, b), keep(t, a)]),
    ("target written between", 3, lambda a, b, t: [add(a, b, t), add(b, 1.0, a), keep(t, a)]),
    (
        "target changed before the value is read again",
        3,
        lambda a, b, t: [add(a, b, t), keep(t, a), add(a, 1.0, a), keep(t, b)],
    ),
    ("value made in two strokes", 3, lambda a, b, t: [add(a, b, t), add(t, 1.0, t), keep(t, a)]),
    ("lasting value", 2, lambda a, b, t: [add(b, 1.0, b), keep(b, a)]),
    ("value read from a view", 3, lambda a, b, t: [add(a, b, t), keep(t, a), add(t[::-1], 0.0, b)]),
]


@pytest.mark.parametrize(("name", "length", "build"), CASES, ids=[c[0] for c in CASES])
def test_copies_are_left_out_where_nobody_can_tell(
    name: str, length: int, build: Callable[[Array, Array, Array], list[Entry]]
) -> None:
    def parts() -> Parts:
        return np.arange(3.0), np.arange(3.0) * 10, np.zeros(3)

    plain, short = parts(), parts()
    entries = without_copies(build(*short), {id(short[2])})
    assert len(entries) == length
    for _ in range(3):
        execute(build(*plain))
        execute(entries)
        assert np.array_equal(plain[:2], short[:2])
