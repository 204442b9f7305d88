"""A sheet as text that is stored in an experiment: the same bytes for the same numbers.

    "length","kind"
    5.1,"setosa"

Texts stand in quotes and numbers do not, so that nothing is guessed when it is read again.
"""

import csv
import io
import math
from collections.abc import Sequence

import numpy as np

from lrstudio.core.sheet import (
    MOST_CATEGORIES,
    MOST_COLUMNS,
    MOST_ROWS,
    Choice,
    Column,
    Sheet,
    kept_rows,
    short,
)
from lrstudio.core.validation import Refused, shown


def written(sheet: Sheet, choice: Choice, most: int = MOST_ROWS) -> str:
    """The chosen columns of the first rows without gaps as text; raises `Refused`."""
    rows = kept_rows(sheet, choice)[:most]
    names = [name for name in sheet.names if name in (*choice.features, choice.target)]
    columns = [_cells(sheet.column(name), rows.tolist()) for name in names]
    lines = [",".join(map(_quoted, names)), *map(",".join, zip(*columns, strict=True))]
    return "\n".join(lines) + "\n"


def parsed(text: str) -> Sheet:
    """The sheet in a text; raises `Refused` with the line."""
    # Python's reader turns whatever stands without quotes into a number.
    reader = csv.reader(io.StringIO(text, newline=""), quoting=csv.QUOTE_NONNUMERIC, strict=True)
    rows = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > MOST_ROWS + 1:
                raise Refused(f"expected at most {MOST_ROWS:,} rows; store a part of them")
    except (csv.Error, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(f"line {reader.line_num} of the stored table: {error}") from None
    names = _names(rows[0] if rows else [])
    for line, row in enumerate(rows, 1):
        if len(row) != len(names):
            raise Refused(
                f"line {line} of the stored table: expected {len(names)} values, got {len(row)}"
            )
    columns = [
        _column(name, cells)
        for name, cells in zip(names, zip(*rows[1:], strict=True), strict=False)
    ]
    if not columns:
        raise Refused("the stored table has no rows")
    return Sheet(tuple(columns), np.arange(2, len(rows) + 1))


def _names(header: Sequence[object]) -> list[str]:
    names = [name for name in header if isinstance(name, str)]
    if not names or len(set(names)) < len(header) or len(names) > MOST_COLUMNS:
        raise Refused(
            f"line 1 of the stored table: expected at most {MOST_COLUMNS:,} names in quotes, no "
            "two alike"
        )
    return names


def _cells(column: Column, rows: list[int]) -> list[str]:
    values = column.values.tolist()
    if column.kind == "number":
        return [short(values[row]) for row in rows]
    texts = list(map(_quoted, column.categories))
    return [texts[int(values[row])] for row in rows]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _column(name: str, cells: tuple[object, ...]) -> Column:
    numbers = [cell for cell in cells if isinstance(cell, float)]
    if not numbers:
        categories = tuple(sorted({str(cell) for cell in cells}))
        if len(categories) > MOST_CATEGORIES:
            raise Refused(
                f"column {name!r} of the stored table: expected at most {MOST_CATEGORIES} "
                f"different texts, got {len(categories):,}"
            )
        place = {category: float(i) for i, category in enumerate(categories)}
        return Column(name, "category", np.array([place[str(c)] for c in cells]), categories)
    for line, cell in enumerate(cells, 2):
        if not isinstance(cell, float) or not math.isfinite(cell):
            raise Refused(
                f"line {line}, column {name!r} of the stored table: expected a number, "
                f"got {shown(cell)}"
            )
    return Column(name, "number", np.array(numbers))
