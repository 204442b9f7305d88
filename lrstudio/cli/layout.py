"""Text in columns and paragraphs, measured as a terminal shows it."""

import textwrap
import unicodedata
from collections.abc import Collection, Sequence

Row = Sequence[str]

GAP = "  "
_NARROWEST_LAST = 28
"""Columns below which the last cell goes under its row instead of beside it."""
_INDENT = 4


def cells(text: str) -> int:
    """Columns that a text takes: two for wide characters, none for combining marks."""
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def aligned(
    rows: Sequence[Row], width: int, right: Collection[int] = (), indent: int = 0
) -> list[str]:
    """Rows in columns; numbers (`right`) end together, the last cell is wrapped.

    Where no room is left beside the others, the last cell stands below its row.
    """
    widths = _widths(rows)[:-1]
    before = indent + sum(widths) + len(GAP) * len(widths)
    is_beside = has_room(rows, width, indent)
    lines: list[str] = []
    for row in rows:
        start = " " * indent + GAP.join(
            padded(cell, w, i in right)
            for i, (cell, w) in enumerate(zip(row, widths, strict=False))
        )
        if is_beside:
            lines += _hanging(start + GAP if widths else start, row[-1], before, width)
        else:
            lines += [start.rstrip(), *paragraph(row[-1], width, indent + _INDENT)]
    return lines


def has_room(rows: Sequence[Row], width: int, indent: int = 0) -> bool:
    """Whether the last cells find room beside the others."""
    *others, last = _widths(rows)
    before = indent + sum(others) + len(GAP) * len(others)
    return width - before >= min(_NARROWEST_LAST, last)


def paragraph(text: str, width: int, indent: int = 0) -> list[str]:
    """One paragraph, wrapped and indented; an empty text has no lines."""
    margin = " " * indent
    return textwrap.wrap(
        text,
        width,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )


def padded(text: str, width: int, is_right: bool = False) -> str:
    """A cell of a column that is `width` wide."""
    space = " " * (width - cells(text))
    return space + text if is_right else text + space


def _widths(rows: Sequence[Row]) -> list[int]:
    return [max(map(cells, column)) for column in zip(*rows, strict=True)]


def _hanging(start: str, text: str, indent: int, width: int) -> list[str]:
    lines = paragraph(text, width, indent) or [""]
    return [(start + lines[0][indent:]).rstrip(), *lines[1:]]
