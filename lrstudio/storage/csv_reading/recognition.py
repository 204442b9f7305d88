"""What a table most likely is: every separator is tried with both decimal marks on its head.

`csv.Sniffer` takes `1,5;2,5` for three columns, so cells are looked at: the best reading has
equally many cells in each line, and cells that are numbers.
"""

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple, get_args

from lrstudio.core.datasets.own import Decimal, Separator
from lrstudio.storage.csv_reading.columns import (
    MISSING,
    is_ambiguous,
    is_meant_as_number,
    is_number,
)
from lrstudio.storage.csv_reading.records import NotTable, TooWide, records

_HEAD = 100
"""Rows that a separator and a header are judged by."""
_HEAD_CHARACTERS = 200_000
_WITNESSES = 2_000
"""Cells with a mark that the decimal mark is judged by."""
# The first one wins where nothing else decides.
_LIKELIHOOD: dict[Separator, float] = {";": 1.0, "\t": 1.0, ",": 1.0, "|": 0.99, " ": 0.95}
_ONE_COLUMN = 0.25
_TEXT, _TORN = 0.6, 0.2
_TOO_WIDE = 0.06
"""Of a separator that makes too many columns: more than a single column that others tear apart."""
_FEW_ROWS = 4
"""Rows below the first one that say whether texts repeat."""


_NOTE = re.compile(r'"?sep=([,;\t|])"?(?=[\r\n])', re.IGNORECASE)


class Mark(NamedTuple):
    """A decimal mark, and the cell that leaves it open, as its row and text."""

    decimal: Decimal
    doubt: tuple[int, str] | None = None


def without_note(text: str) -> tuple[str, Separator | None]:
    """The text without the line `sep=;` that spreadsheets write first, and what it says.

    An empty line takes its place, so that lines keep their numbers.
    """
    found = _NOTE.match(text)
    return (text[found.end() :], found[1]) if found else (text, None)  # type: ignore[return-value]


def separator_of(text: str) -> Separator:
    """The separator that makes the best table of a text."""
    head = _head(text)
    best, best_score = ",", 0.0
    for separator in _LIKELIHOOD:
        score = _score(head, separator)
        if score > best_score:
            best, best_score = separator, score
    return best  # type: ignore[return-value]


def blanks_in_doubt(text: str) -> int | None:
    """The first line of a text whose commas may be decimal marks, and its blanks separators.

    Blanks part every line into equally many cells, and in one column all are such numbers.
    """
    try:
        found = records(_head(text), " ", _HEAD)
    except NotTable:
        return None
    if not found.rows or len({len(row) for row in found.rows}) > 1:
        return None
    columns = zip(*found.rows, strict=True) if len(found.rows[0]) > 1 else ()
    has_numbers = any(all("," in c and is_number(c, ",") for c in column) for column in columns)
    return found.lines[0] if has_numbers else None


def decimal_of(columns: Sequence[Sequence[str]], separator: Separator) -> Mark:
    """The decimal mark of the cells, column by column, and a cell that leaves it open."""
    dots = _witnesses(columns, ".")
    commas = _witnesses(columns, ",")
    # 1.000 does not say which it is, 1.5 and 0.123 do.
    plain_dots = sum(is_number(c, ".") and not is_ambiguous(c) for _, c in dots)
    plain_commas = sum(is_number(c, ",") and not is_ambiguous(c) for _, c in commas)
    if plain_dots or plain_commas:
        return Mark("," if plain_commas > plain_dots else ".")
    open_dots = [w for w in dots if is_ambiguous(w[1])]
    open_commas = [w for w in commas if is_ambiguous(w[1])]
    if open_commas and not open_dots:
        return Mark(",", open_commas[0])
    if open_dots and separator != ",":  # between commas, a dot is the decimal mark
        return Mark(".", open_dots[0])
    return Mark(".")


def has_header(rows: Sequence[Sequence[str]], decimal: Decimal) -> bool:
    """Whether the first row names the columns."""
    first, body = rows[0], rows[1 : _HEAD + 1]
    columns = [[row[i] for row in body if i < len(row)] for i in range(len(first))]
    is_number_below = [_share_of_numbers(column, decimal) > 0.5 for column in columns]
    is_text = [cell.strip() not in MISSING and not is_meant_as_number(cell) for cell in first]
    if any(text and below for text, below in zip(is_text, is_number_below, strict=True)):
        return True  # or that text would have to be a number
    if any(is_meant_as_number(cell) for cell in first) or not any(is_text):
        return False
    # All texts: a name is not one of the values below it.
    return all(cell not in column for cell, column in zip(first, columns, strict=True))


def name_in_doubt(rows: Sequence[Sequence[str]]) -> str | None:
    """A text of the first row that may be the name of a column, although numbers stand beside it.

    The texts below it stand there several times each, but never this one: 2019, 2020, country.
    """
    first, body = rows[0], rows[1 : _HEAD + 1]
    if len(body) < _FEW_ROWS or not any(is_meant_as_number(cell) for cell in first):
        return None
    found = None
    for cell, *below in zip(first, *body, strict=True):
        if cell.strip() in MISSING or is_meant_as_number(cell):
            continue
        if cell in below or 2 * len(set(below)) > len(below):
            return None
        found = found or cell.strip()
    return found


def _head(text: str) -> str:
    head = text[:_HEAD_CHARACTERS]
    if len(head) < len(text):  # not half a line
        head = head[: max(head.rfind("\n"), head.rfind("\r")) + 1] or head
    return head


def _score(head: str, separator: Separator) -> float:
    try:
        rows = records(head, separator, _HEAD).rows
    except TooWide:
        return _TOO_WIDE * _LIKELIHOOD[separator]
    except NotTable:
        return 0.0
    if not rows:
        return 0.0
    widths = [len(row) for row in rows]
    usual = max(set(widths), key=widths.count)
    even = widths.count(usual) / len(widths)
    share = even**2 * _quality(rows, separator) * _LIKELIHOOD[separator]
    return _ONE_COLUMN * share if usual == 1 else share


def _quality(rows: list[list[str]], separator: Separator) -> float:
    """How much the cells below the first row look like cells, from 0 to 1."""
    cells = [cell.strip() for row in rows[1:] or rows for cell in row]
    return max(
        sum(_worth(cell, separator, decimal) for cell in cells) / len(cells)
        for decimal in get_args(Decimal)
    )


def _worth(cell: str, separator: Separator, decimal: Decimal) -> float:
    if cell in MISSING or is_number(cell, decimal):
        return 1.0
    others = [s for s in ";\t|," if s != separator]
    return _TORN if any(other in cell for other in others) else _TEXT


def _share_of_numbers(column: list[str], decimal: Decimal) -> float:
    present = [cell for cell in column if cell.strip() not in MISSING]
    return sum(is_number(cell, decimal) for cell in present) / max(1, len(present))


def _witnesses(columns: Sequence[Sequence[str]], mark: str) -> list[tuple[int, str]]:
    """Cells with a mark, with their rows; the first ones of each column."""
    found: list[tuple[int, str]] = []
    for column in columns:
        own = ((row, cell) for row, cell in enumerate(column) if mark in cell)
        found += islice(own, _WITNESSES)
    return found
