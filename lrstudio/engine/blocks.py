"""Large arrays worked on in blocks of rows, so that what one operation leaves is still in the
processor's cache when the next one reads it.

Only operations that do the same to every element are taken apart, and each element meets them in
the same order: not a digit changes.
"""

from collections.abc import Callable, Collection, Sequence
from itertools import chain, combinations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrstudio.core.arrays import lined_up
from lrstudio.engine.buffers import base_of
from lrstudio.engine.peephole import Entry, copy_into

AnyArray = NDArray[Any]

BLOCK_BYTES = 128 * 1024
"""Size of a block of one array; some ten of them are in use at a time."""
WORTH_IT = 2
"""Blocks from which on taking apart pays."""


def in_blocks(
    entries: Sequence[Entry], owned: Collection[int], elementwise: Collection[Callable[..., Any]]
) -> list[Entry]:
    """The same operations, those on large arrays block after block.

    `owned` are the ids of buffers that nobody looks at afterwards, `elementwise` the functions
    besides NumPy's that do the same to every element.
    """
    shape = _largest(entries)
    rows = max(16, BLOCK_BYTES // max(1, 8 * shape[1])) if len(shape) == 2 else 0
    if not rows or shape[0] < WORTH_IT * rows:
        return list(entries)
    groups = _groups(entries, shape, elementwise)
    uses = [[id(base_of(a)) for e in group for a in (*e.inputs, e.out)] for _, group in groups]
    made: list[Entry] = []
    for i, (before, group) in enumerate(groups):
        elsewhere = set(chain(*uses[:i], *uses[i + 1 :]))
        elsewhere |= {id(base_of(a)) for b, _ in groups for e in b for a in (*e.inputs, e.out)}
        passing = {key for key in uses[i] if key in owned and key not in elsewhere}
        made += before
        if group and not _is_entangled(group, shape):
            made += _taken_apart(group, shape, rows, passing)
        else:
            made += group
    return made


def _largest(entries: Sequence[Entry]) -> tuple[int, ...]:
    return max((e.out.shape for e in entries), key=lambda s: int(np.prod(s)), default=())


def _groups(
    entries: Sequence[Entry], shape: tuple[int, ...], elementwise: Collection[Callable[..., Any]]
) -> list[tuple[list[Entry], list[Entry]]]:
    """What comes before each group of operations on large arrays, and the group."""
    groups: list[tuple[list[Entry], list[Entry]]] = [([], [])]
    for entry in entries:
        before, group = groups[-1]
        if _is_large(entry, shape, elementwise):
            group.append(entry)
        elif not group or _may_go_before(entry, group):
            before.append(entry)
        else:
            groups.append(([entry], []))
    return groups


def _is_large(
    entry: Entry, shape: tuple[int, ...], elementwise: Collection[Callable[..., Any]]
) -> bool:
    is_simple = isinstance(entry.function, np.ufunc) or entry.function in elementwise
    fits = all(a.shape == shape or a.shape in ((), shape[1:], (1, shape[1])) for a in entry.inputs)
    return is_simple and fits and entry.out.shape == shape


def _may_go_before(entry: Entry, group: Sequence[Entry]) -> bool:
    """Whether none of the group reads what the entry writes, or writes what it touches."""
    touched = (*entry.inputs, entry.out)
    return not any(e.reads(entry.out) or any(e.writes(a) for a in touched) for e in group)


def _is_entangled(group: Sequence[Entry], shape: tuple[int, ...]) -> bool:
    """Whether a large array overlaps another, or a row of it stands for all lanes, without being
    the same.
    """
    known = {_place(a): a for e in group for a in (*e.inputs, e.out) if a.size > 1}
    large = [a for a in known.values() if a.shape == shape]
    others = [a for a in known.values() if a.shape != shape]
    pairs = chain(combinations(large, 2), product(large, others))
    return any(np.may_share_memory(one, other) for one, other in pairs)


def _place(array: AnyArray) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    return array.__array_interface__["data"][0], array.strides, array.shape


def _taken_apart(
    group: Sequence[Entry], shape: tuple[int, ...], rows: int, passing: Collection[int]
) -> list[Entry]:
    """All operations of the group on the first rows, then all on the next, ...

    What has one number for each lane is laid out before in as many rows as a block has.
    """
    lanes = {id(a): a for e in group for a in e.inputs if _is_row(a, shape)}
    tiles = {key: lined_up((rows, shape[1])) for key in lanes}

    def part(array: AnyArray, first: int) -> AnyArray:
        count = min(rows, shape[0] - first)
        if id(array) in tiles:
            return tiles[id(array)][:count]
        if array.shape != shape:
            return array
        begin = 0 if id(base_of(array)) in passing else first
        return array[begin : begin + count]

    laid_out = [Entry(copy_into, [lanes[key]], tile) for key, tile in tiles.items()]
    return laid_out + [
        Entry(e.function, [part(a, first) for a in e.inputs], part(e.out, first))
        for first in range(0, shape[0], rows)
        for e in group
    ]


def _is_row(array: AnyArray, shape: tuple[int, ...]) -> bool:
    """Whether an array has a number for each lane, which is faster done as many rows at a time."""
    is_float = array.dtype == np.float64
    return is_float and array.size == shape[1] > 1 and array.shape != shape
