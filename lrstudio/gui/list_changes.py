"""What happened to a list of unchangeable things: one came, went, moved, or was replaced.

Views that are told so keep their selection, their focus and their scroll position.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct


class Inserted(Struct, frozen=True):
    """A new item at `row`."""

    row: int


class Removed(Struct, frozen=True):
    """The item that was at `row` is gone."""

    row: int


class Moved(Struct, frozen=True):
    """The item at `row` stands at `target` now."""

    row: int
    target: int


class Replaced(Struct, frozen=True):
    """Other items in the same places."""

    rows: tuple[int, ...]


class Reset(Struct, frozen=True):
    """Anything else."""


Change = Inserted | Removed | Moved | Replaced | Reset


def change_between(old: Sequence[Any], new: Sequence[Any]) -> Change:
    """The one change that leads from `old` to `new`; items are compared by identity."""
    pairs = zip(old, new, strict=False)
    differing = [row for row, (before, after) in enumerate(pairs) if before is not after]
    first = differing[0] if differing else min(len(old), len(new))
    if len(new) == len(old) + 1 and _are_same(old[first:], new[first + 1 :]):
        return Inserted(first)
    if len(new) == len(old) - 1 and _are_same(old[first + 1 :], new[first:]):
        return Removed(first)
    if len(new) != len(old):
        return Reset()
    last = differing[-1] if differing else 0
    if last > first and _are_same(old[first + 1 : last + 1], new[first:last]):
        return Moved(first, last) if new[last] is old[first] else Replaced(tuple(differing))
    if last > first and _are_same(old[first:last], new[first + 1 : last + 1]):
        return Moved(last, first) if new[first] is old[last] else Replaced(tuple(differing))
    return Replaced(tuple(differing))


def _are_same(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
