"""Lines of cells: quotes as in RFC 4180, line ends of all three kinds."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import NamedTuple

from lrstudio.core.datasets.own import Separator
from lrstudio.core.sheet import MOST_COLUMNS

MOST_CELLS = 10_000_000
NAMES: dict[Separator, str] = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    " ": "space",
}
"""The separators in words."""
_PATIENCE = 10_000
"""Rows after which is looked whether anybody still waits."""
_LONGEST_CELL = 100_000
_MOST_SEPARATORS = 100 * MOST_COLUMNS
"""In a line; a text in quotes may hold some that part nothing."""


class NotTable(ValueError):
    """Why a file cannot be read as a table, as the end of a sentence, with the line."""


class TooWide(NotTable):
    """A line has more cells than a table may have columns."""


class Stopped(Exception):
    """Nobody waits for the table any more."""


class Records(NamedTuple):
    """Rows of cells, with the line in which each begins, from 1 on; empty lines are left out."""

    rows: list[list[str]]
    lines: list[int]


def is_wanted() -> bool:
    """What is asked now and then where nothing else is given: somebody waits."""
    return True


def records(
    text: str,
    separator: Separator,
    most: int,
    wanted: Callable[[], bool] = is_wanted,
) -> Records:
    """At most so many rows of a text and one more; raises `NotTable`."""
    csv.field_size_limit(_LONGEST_CELL)
    lines_of_text = _lines(text, separator)
    reader = csv.reader(lines_of_text, delimiter=separator, skipinitialspace=True, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    cells = before = 0
    try:
        for row in reader:
            if separator == " " and len(row) > 1 and not row[-1]:
                row.pop()  # a space at the end of the line
            if row and (len(row) > 1 or row[0].strip()):
                rows.append(row)
                lines.append(before + 1)
                cells += len(row)
                _refuse_too_many(row, cells, before + 1)
            before = reader.line_num
            if len(rows) > most:
                break
            if not len(rows) % _PATIENCE and not wanted():
                raise Stopped
    except csv.Error as error:
        raise NotTable(_sentence(str(error), before + 1)) from None
    return Records(rows, lines)


def _lines(text: str, separator: Separator) -> Iterator[str]:
    """The lines of a text; one of millions of cells is not even taken apart."""
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if line.count(separator) > _MOST_SEPARATORS:
            raise TooWide(_too_wide(number, line.count(separator) + 1))
        yield line


def _too_wide(line: int, columns: int) -> str:
    return (
        f"line {line:,} has {columns:,} columns; expected at most {MOST_COLUMNS:,}, leave some out "
        "or choose another separator"
    )


def _refuse_too_many(row: list[str], cells: int, line: int) -> None:
    if len(row) > MOST_COLUMNS:
        raise TooWide(_too_wide(line, len(row)))
    if cells > MOST_CELLS:
        raise NotTable(f"it has more than {MOST_CELLS:,} cells; open a part of it")


def _sentence(error: str, line: int) -> str:
    if "field limit" in error or "unexpected end" in error:
        return (
            f"line {line} opens a quote that is never closed, or has a cell of more than "
            f"{_LONGEST_CELL:,} characters; correct it there"
        )
    if "expected after" in error:
        return (
            f"line {line} has text behind a closing quote; double the quotes inside a cell, or "
            "choose another separator"
        )
    return f"line {line}: {error}"
