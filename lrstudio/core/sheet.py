"""The columns of a file of one's own, and the table that is made of some of them.

A sheet holds what stands in the file; a `Choice` says which column is to be told from which.
"""

from typing import Literal, NamedTuple

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from lrstudio.core.arrays import Array
from lrstudio.core.table import Table
from lrstudio.core.validation import Refused, unknown_id

MOST_ROWS = 1_000_000
MOST_COLUMNS = 1_000
MOST_CATEGORIES = 100
"""Different texts of a column that are told apart; more are names or remarks."""
FEWEST_NAMES = 10
"""So many categories, and one for every other row, are taken for names of the rows."""
MOST_NUMBERS = 20_000_000
"""Examples times features, where each category is a feature of its own: 160 MB."""

Missing = Literal["refuse", "drop"]
ColumnKind = Literal["number", "category", "text"]


class Column(Struct, frozen=True, eq=False):
    """One column; a text that cannot be learnt from is a column with a problem."""

    name: str
    kind: ColumnKind
    values: Array
    """Numbers, or places among the categories `(rows,)`; NaN where a value is missing."""
    categories: tuple[str, ...] = ()
    """Sorted; none for numbers and texts."""
    problem: str = ""
    """Why nothing can be learnt from it; one sentence, which names the line."""

    @property
    def missing(self) -> int:
        """How many values are missing."""
        return int(np.isnan(self.values).sum())

    @property
    def names_rows(self) -> bool:
        """Whether it is likely the name or date of each row, from which nothing is learnt."""
        known = len(self.values) - self.missing
        fewest = max(FEWEST_NAMES, known / 2)
        return self.kind == "category" and len(self.categories) >= fewest

    @property
    def may_be_class(self) -> bool:
        """Whether its values can be told apart as classes."""
        return not self.problem and (self.kind == "category" or len(whole(self)) > 0)


class Sheet(Struct, frozen=True, eq=False):
    """The columns of a file, all of one length."""

    columns: tuple[Column, ...]
    lines: NDArray[np.intp]
    """In which line of the file each row begins, from 1 on `(rows,)`."""

    @property
    def rows(self) -> int:
        """How many rows there are below the header."""
        return len(self.lines)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, no two alike."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of this name; raises `Refused` with the nearest one."""
        if name not in self.names:
            raise Refused(f"the column {unknown_id(name, self.names)}")
        return self.columns[self.names.index(name)]


class Choice(msgspec.Struct, frozen=True):
    """Which column is to be told from which, and what is done about gaps."""

    features: tuple[str, ...]
    target: str
    target_is_class: bool
    missing: Missing = "refuse"


class Chosen(NamedTuple):
    """A table, and how many rows were left out for its sake."""

    table: Table
    dropped: int


def chosen(sheet: Sheet, choice: Choice) -> Chosen:
    """The examples that a choice makes of a sheet.

    A category becomes one feature for each of its texts, 1 where it holds and 0 elsewhere; classes
    are sorted. Raises `Refused` with a sentence.
    """
    rows = kept_rows(sheet, choice)
    pairs = [pair for name in choice.features for pair in _features(sheet.column(name), rows)]
    names, columns = [name for name, _ in pairs], [values for _, values in pairs]
    target, classes = _target(sheet.column(choice.target), choice.target_is_class, rows)
    features = np.column_stack(columns)
    table = Table(features, target, tuple(unlike(names)), choice.target, classes)
    return Chosen(table, sheet.rows - len(rows))


def kept_rows(sheet: Sheet, choice: Choice) -> NDArray[np.intp]:
    """Places of the rows without a gap; raises `Refused` for whatever is wrong with the choice."""
    if not choice.features:
        raise Refused("no feature is chosen; choose at least one column besides the target")
    if choice.target in choice.features:
        raise Refused(f"{choice.target!r} is target and feature at once; choose another one")
    is_whole = np.ones(sheet.rows, dtype=bool)
    for name in (*choice.features, choice.target):
        column = sheet.column(name)
        if column.problem:
            raise Refused(column.problem)
        gaps = np.isnan(column.values)
        if choice.missing == "refuse" and gaps.any():
            line = sheet.lines[gaps.argmax()]
            raise Refused(
                f"line {line}, column {name!r}: the value is missing ({gaps.sum():,} in this "
                "column); fill it in, leave out the column, or drop rows with missing values"
            )
        is_whole &= ~gaps
    if not is_whole.any():
        raise Refused("no row is left without missing values; leave out the column that has most")
    rows = np.flatnonzero(is_whole)
    width = sum(max(1, len(sheet.column(name).categories)) for name in choice.features)
    if len(rows) * width > MOST_NUMBERS:
        raise Refused(
            f"{len(rows):,} examples with {width:,} features make more than {MOST_NUMBERS:,} "
            "numbers; choose fewer features"
        )
    _target(sheet.column(choice.target), choice.target_is_class, rows)
    return rows


def number_of_features(sheet: Sheet, choice: Choice, rows: NDArray[np.intp]) -> int:
    """How many features the chosen columns make of these rows."""
    return sum(_width(sheet.column(name), rows) for name in choice.features)


def whole(column: Column) -> tuple[float, ...]:
    """The different values of a column of few whole numbers, sorted; none for any other."""
    if column.kind != "number" or column.problem:
        return ()
    known = column.values[~np.isnan(column.values)]
    if not len(known) or not np.array_equal(known, np.round(known)):
        return ()
    values = np.unique(known)
    return tuple(values.tolist()) if len(values) <= MOST_CATEGORIES else ()


def is_probably_class(column: Column) -> bool:
    """Whether a target is likelier a class than a quantity: a category, or few whole numbers."""
    return not column.problem and (
        column.kind == "category" or 2 <= len(whole(column)) <= _FEW_CLASSES
    )


_FEW_CLASSES = 20


def short(value: float) -> str:
    """A number that reads back as the same one: 5.1, 3."""
    return repr(float(value)).removesuffix(".0")


def _width(column: Column, rows: NDArray[np.intp]) -> int:
    if column.kind == "number":
        return 1
    return int(np.count_nonzero(np.bincount(column.values[rows].astype(np.intp))))


def _features(column: Column, rows: NDArray[np.intp]) -> list[tuple[str, Array]]:
    values = column.values[rows]
    if column.kind == "number":
        return [(column.name, values)]
    return [
        (f"{column.name}={column.categories[int(place)]}", (values == place).astype(np.float64))
        for place in np.unique(values)
    ]


def _target(
    column: Column, is_class: bool, rows: NDArray[np.intp]
) -> tuple[Array, tuple[str, ...]]:
    values = column.values[rows]
    if not is_class:
        if column.kind != "number":
            raise Refused(f"{column.name!r} holds texts; take it as a class, or another target")
        return values, ()
    if not column.may_be_class:
        raise Refused(
            f"{column.name!r} is expected to hold texts or at most {MOST_CATEGORIES} different "
            "whole numbers to be a class; take it as a quantity, or another target"
        )
    places, classes = np.unique(values, return_inverse=True)
    if len(places) < 2:
        raise Refused(
            f"{column.name!r} has the same value in all rows; choose a target with two or more"
        )
    names = [column.categories[int(p)] if column.categories else short(p) for p in places]
    return classes.astype(np.float64), tuple(names)


def unlike(names: list[str]) -> list[str]:
    """The names, with _2, _3, … where one has been there before."""
    taken: set[str] = set(names)
    seen: set[str] = set()
    found = []
    for wish in names:
        name, number = wish, 2
        while name in seen or (name != wish and name in taken):
            name, number = f"{wish}_{number}", number + 1
        seen.add(name)
        found.append(name)
    return found
