"""From the bytes of a file to a sheet, with all that was recognised on the way."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from msgspec import Struct

from lrstudio.core.datasets.own import Decimal, Encoding, Reading, Separator, checksum
from lrstudio.core.sheet import MOST_COLUMNS, MOST_ROWS, Column, Sheet, unlike
from lrstudio.core.validation import shown
from lrstudio.storage.csv_reading.columns import MISSING, column
from lrstudio.storage.csv_reading.decoding import LARGEST_BYTES, decoded
from lrstudio.storage.csv_reading.recognition import (
    blanks_in_doubt,
    decimal_of,
    has_header,
    name_in_doubt,
    separator_of,
    without_note,
)
from lrstudio.storage.csv_reading.records import (
    MOST_CELLS,
    NAMES,
    NotTable,
    Records,
    Stopped,
    is_wanted,
    records,
)

LIMITS = (
    f"At most {LARGEST_BYTES // 1_000_000} MB, {MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns and "
    f"{MOST_CELLS:,} cells."
)
_MOST_NAMED = 3
_LONGEST_NAME = 100


class Wishes(NamedTuple):
    """What the user says about a file; whatever is None is recognised."""

    encoding: Encoding | None = None
    separator: Separator | None = None
    decimal: Decimal | None = None
    has_header: bool | None = None


UNSAID = Wishes()


class Found(Struct, frozen=True, eq=False):
    """A sheet, how it was read, and what is worth knowing about that."""

    sheet: Sheet
    reading: Reading
    notes: tuple[str, ...]
    """Sentences on what was recognised or left out; nothing is wrong."""
    doubt: str
    """Why the table must not be taken before the user has said something, or ""."""
    asks: str
    """Which of the `Wishes` that is, or ""."""
    checksum: str
    """Of the bytes."""


def as_read(reading: Reading) -> Wishes:
    """The wish to read a file as it was read before."""
    return Wishes(reading.encoding, reading.separator, reading.decimal, reading.has_header)


def read(data: bytes, wishes: Wishes = UNSAID, wanted: Callable[[], bool] = is_wanted) -> Found:
    """The table in the bytes of a file; raises `NotTable`, or `Stopped` when not `wanted`."""
    text, encoding, note = decoded(data, wishes.encoding)
    text, told_separator = without_note(text)
    told_separator = wishes.separator or told_separator
    separator = told_separator or separator_of(text)
    is_open = told_separator is None and separator == ","
    blanks = blanks_in_doubt(text) if is_open else None
    found = records(text, separator, MOST_ROWS + 1, wanted)
    del text
    width = _width(found, separator)
    cells: list[tuple[str, ...]] = list(zip(*found.rows, strict=True))
    mark = decimal_of(cells, separator)
    decimal = wishes.decimal or mark.decimal
    is_headed = wishes.has_header
    if is_headed is None:
        is_headed = has_header(found.rows, decimal)
    _refuse_rows(found, is_headed)
    doubt, asks = "", ""
    if blanks is not None:
        doubt, asks = _blanks_doubt(blanks), "separator"
    elif wishes.decimal is None and mark.doubt is not None:
        doubt, asks = _doubt(found.lines[mark.doubt[0]], mark.doubt[1]), "decimal"
    elif wishes.has_header is None and not is_headed:
        name = name_in_doubt(found.rows)
        if name is not None:
            doubt, asks = _header_doubt(found.lines[0], name), "has_header"
    if not wanted():
        raise Stopped
    lines = np.array(found.lines[is_headed:])
    names, notes = _names(cells, width, is_headed)
    columns = [
        column(name, own[is_headed:], lines, decimal)
        for name, own in zip(names, cells, strict=True)
    ]
    kept, dropped = _without_empty(columns, cells, is_headed)
    reading = Reading(encoding=encoding, separator=separator, decimal=decimal, has_header=is_headed)
    notes += [dropped, _rows_named([c.name for c in kept if c.names_rows])]
    told = tuple(sentence for sentence in (note, *notes) if sentence)
    return Found(Sheet(tuple(kept), lines), reading, told, doubt, asks, checksum(data))


def _width(found: Records, separator: Separator) -> int:
    """How many columns there are; raises `NotTable` for lines that have more or fewer."""
    if not found.rows:
        raise NotTable("it is empty")
    widths = [len(row) for row in found.rows]
    usual = max(dict.fromkeys(widths), key=widths.count)
    ragged = [i for i, width in enumerate(widths) if width != usual]
    if ragged:
        told = ", ".join(f"line {found.lines[i]:,} has {widths[i]:,}" for i in ragged[:_MOST_NAMED])
        more = f" and {len(ragged) - _MOST_NAMED:,} more lines" if len(ragged) > _MOST_NAMED else ""
        raise NotTable(
            f"expected {usual:,} cells in each line (separated by {NAMES[separator]}), but "
            f"{told}{more}; correct these lines or choose another separator"
        )
    return usual


def _refuse_rows(found: Records, is_headed: bool) -> None:
    """Refuse a table without rows, or with too many."""
    if len(found.rows) <= is_headed:
        raise NotTable("it has names of columns but no rows below them; say that it has no header")
    if len(found.rows) > MOST_ROWS + is_headed:
        line = found.lines[MOST_ROWS + is_headed]
        raise NotTable(f"it has more than {MOST_ROWS:,} rows (line {line:,}); open a part of it")


def _doubt(line: int, cell: str) -> str:
    other = cell.strip().replace(",", "").replace(".", "")
    return (
        f"line {line}: {shown(cell.strip())} may be {other} with a mark between the thousands, or "
        "have three decimals; choose the decimal mark"
    )


def _blanks_doubt(line: int) -> str:
    return (
        f"line {line:,} may be separated by its commas, or by its spaces with commas as decimal "
        "marks; choose the separator"
    )


def _header_doubt(line: int, name: str) -> str:
    return (
        f"line {line} may name the columns: {shown(name)} stands in no other line; choose whether "
        "the first line holds names or values"
    )


def _names(
    cells: list[tuple[str, ...]], width: int, is_headed: bool
) -> tuple[list[str], list[str]]:
    """Names of the columns, and sentences on those that had to be changed."""
    numbered = [f"column_{i + 1}" for i in range(width)]
    if not is_headed:
        return numbered, []
    written = [" ".join(own[0].split())[:_LONGEST_NAME] for own in cells]
    told = [name or numbered[i] for i, name in enumerate(written)]
    names = unlike(told)
    notes = []
    unnamed = [name for name, own in zip(names, written, strict=True) if not own]
    if unnamed:
        notes.append(f"Without a name and so called {_listed(unnamed)}.")
    renamed = [name for name, own in zip(names, told, strict=True) if name != own]
    if renamed:
        notes.append(f"Names that stand twice are numbered: {_listed(renamed)}.")
    return names, notes


def _without_empty(
    columns: list[Column], cells: list[tuple[str, ...]], is_headed: bool
) -> tuple[list[Column], str]:
    """The columns without those that have neither name nor values, and a sentence on these."""
    kept = [
        c
        for c, own in zip(columns, cells, strict=True)
        if c.missing < len(c.values) or (is_headed and own[0].strip() not in MISSING)
    ]
    count = len(columns) - len(kept)
    if not kept:
        raise NotTable("all its values are missing")
    plural = "s" if count > 1 else ""
    return kept, f"{count} column{plural} without name and values left out." if count else ""


def _rows_named(names: list[str]) -> str:
    """A sentence on columns that are another text in most rows."""
    what = "Another text in most rows, and so no feature unless it is chosen"
    return f"{what}: {_listed(names)}." if names else ""


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
