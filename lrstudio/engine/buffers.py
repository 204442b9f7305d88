"""Fewer buffers for a list of operations: one whose content nobody reads any more is used again.

What an operation works on then stays in the processor's cache, which for many lanes or many
coordinates matters more than what it does.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrstudio.core.arrays import is_lined_up, lined_up
from lrstudio.engine.peephole import Entry

AnyArray = NDArray[Any]
_Kind = tuple[tuple[int, ...], tuple[int, ...], str]


def with_shared_buffers(
    entries: Sequence[Entry], owned: Mapping[int, AnyArray]
) -> tuple[list[Entry], set[int]]:
    """The same operations on as few buffers in place of the `owned` ones (by id) as their order
    allows, and the ids of those.

    Nobody else may look at these, and each must be written before it is read. No operation is given
    an output that overlaps its inputs.
    """
    last_use = {}
    for place, entry in enumerate(entries):
        for array in (*entry.inputs, entry.out):
            if id(base_of(array)) in owned:
                last_use[id(base_of(array))] = place
    stands_for: dict[int, AnyArray] = {}
    free: dict[_Kind, list[AnyArray]] = {}
    changed = []
    for place, entry in enumerate(entries):
        own = base_of(entry.out)
        if id(own) in owned and id(own) not in stands_for:
            spare = free.get(_kind(own))
            stands_for[id(own)] = spare.pop() if spare else _lined_up(own)
        arrays = [_moved(array, stands_for) for array in (*entry.inputs, entry.out)]
        changed.append(Entry(entry.function, arrays[:-1], arrays[-1]))
        for base in {id(b): b for b in map(base_of, (*entry.inputs, entry.out))}.values():
            if last_use.get(id(base)) == place and id(base) in stands_for:
                free.setdefault(_kind(base), []).append(stands_for[id(base)])
    return changed, {id(buffer) for buffer in stands_for.values()}


def base_of(array: AnyArray) -> AnyArray:
    """The array whose memory a view looks at."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _lined_up(buffer: AnyArray) -> AnyArray:
    """One of the same kind that begins where a line of the processor's cache does."""
    may_stay = is_lined_up(buffer) or not buffer.flags.c_contiguous
    return buffer if may_stay else lined_up(buffer.shape, buffer.dtype, is_base=True)


def _kind(buffer: AnyArray) -> _Kind:
    return buffer.shape, buffer.strides, buffer.dtype.str


def _moved(array: AnyArray, stands_for: Mapping[int, AnyArray]) -> AnyArray:
    """The same view of the buffer that is used in place of its own."""
    base = base_of(array)
    other = stands_for.get(id(base), base)
    if other is base:
        return array
    offset = array.__array_interface__["data"][0] - base.__array_interface__["data"][0]
    return np.ndarray(array.shape, array.dtype, other, offset, array.strides)
