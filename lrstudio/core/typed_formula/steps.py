"""A formula as a list of operations, each on results of earlier ones: no tree, no recursion."""

from typing import NamedTuple

Range = tuple[int, int | None]
"""First entry and end of a part of a vector; the end counts from behind, None is the last."""
ALL: Range = (0, None)

NUMBER, NAME, ENTRY, PART = "number", "name", "entry", "part"
INDEX_PART, COUNT_OF = "index", "count"
"""Operations that take nothing."""


class Step(NamedTuple):
    """One operation, the numbers of the steps it works on, and where it was written."""

    operation: str
    operands: tuple[int, ...] = ()
    position: int = 0
    length: int = 1
    number: float = 0.0
    name: str = ""
    """Of a name; of an entry or a part the vector's."""
    place: int = 0
    """Of an entry: from 0, or from behind from -1."""
    part: Range = ALL
