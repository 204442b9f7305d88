"""Dropping copies from a list of operations: what is copied at once is written in place instead."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lrstudio.core.arrays import Array


class Entry:
    """One operation: `function(*inputs, out)`."""

    __slots__ = ("function", "inputs", "out")

    def __init__(self, function: Callable[..., Any], inputs: list[Any], out: Array) -> None:
        self.function = function
        self.inputs = inputs
        self.out = out

    def reads(self, memory: Array) -> bool:
        """Whether an input shares memory with `memory`."""
        return any(np.may_share_memory(i, memory) for i in self.inputs)

    def writes(self, memory: Array) -> bool:
        """Whether the output shares memory with `memory`."""
        return np.may_share_memory(self.out, memory)


def copy_into(source: Array, out: Array) -> None:
    """`out[...] = source`, with the operands in the order of a ufunc."""
    np.copyto(out, source)


def without_copies(entries: list[Entry], temporaries: set[int]) -> list[Entry]:
    """The same computation with as many copies left out as can be proven harmless.

    `temporaries` are the ids of buffers that nobody looks at after the last entry.
    """
    entries = list(entries)
    for entry in [e for e in entries if e.function is copy_into]:
        if id(entry.inputs[0]) in temporaries:
            _retarget(entries, entry)
    return entries


def _retarget(entries: list[Entry], copy: Entry) -> None:
    """Let the producer of a copied buffer write to the copy's target, if nobody can tell."""
    (source,), target = copy.inputs, copy.out
    at = entries.index(copy)
    writers = [i for i, e in enumerate(entries) if e.writes(source)]
    if len(writers) != 1 or writers[0] > at:
        return
    producer = entries[writers[0]]
    fits = producer.out is source and source.shape == target.shape
    if not fits or source.dtype != target.dtype:
        return
    between = entries[writers[0] + 1 : at]
    if any(e.reads(target) or e.writes(target) for e in between):
        return
    later = [i for i, e in enumerate(entries) if i > at and e.writes(target)]
    readers = [i for i, e in enumerate(entries) if i > writers[0] and e is not copy]
    readers = [i for i in readers if entries[i].reads(source)]
    if later and readers and max(readers) > min(later):
        return
    if any(i is not source and np.may_share_memory(i, source) for e in entries for i in e.inputs):
        return
    producer.out = target
    for entry in entries:
        entry.inputs = [target if i is source else i for i in entry.inputs]
    entries.remove(copy)
