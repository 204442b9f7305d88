"""Columns of cells as numbers or categories; whatever is neither has a problem with a line."""

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lrstudio.core.datasets.own import Decimal
from lrstudio.core.sheet import MOST_CATEGORIES, Column
from lrstudio.core.validation import shown

MISSING = frozenset(
    ("", "?", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NAN", "null", "NULL", "Null")
)
"""What stands for a value that is not there."""

_NUMBER = {
    ".": re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII),
    ",": re.compile(r"[+-]?(\d+(,\d+)?|,\d+)([eE][+-]?\d+)?", re.ASCII),
}
_SIGNS = {".": b"0123456789+-.eE ", ",": b"0123456789+-,eE "}
_MEANT = re.compile(
    r"[+\-−(]?[$€£]?\s?\d[\d.,'’\u00a0\u202f ]*([eE][+-]?\d+)?\s?[%$€£)]?"
    r"|[+-]?\.\d+|[+-]?inf(inity)?",
    re.IGNORECASE,
)
"""What somebody wrote who meant a number, in whatever way."""
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}([.,'’\u00a0\u202f ]\d{3})+([.,]\d+)?")
_LONGEST_CATEGORY = 200


def is_number(cell: str, decimal: Decimal) -> bool:
    """Whether a cell holds a number in plain figures."""
    return bool(_NUMBER[decimal].fullmatch(cell.strip()))


def is_meant_as_number(cell: str) -> bool:
    """Whether a cell looks as if a number was meant."""
    return bool(_MEANT.fullmatch(cell.strip()))


def is_ambiguous(cell: str) -> bool:
    """Whether a mark may part thousands as well as decimals: 1.000."""
    return bool(_AMBIGUOUS.fullmatch(cell.strip()))


_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


def column(name: str, cells: Sequence[str], lines: NDArray[np.intp], decimal: Decimal) -> Column:
    """The column that some cells `(rows,)` make; `lines` say where they stand."""
    fast = _all_numbers(cells, decimal)
    if fast is not None:
        return Column(name, "number", fast)
    places: dict[str, int] = {}
    codes = np.array([places.setdefault(cell, len(places)) for cell in cells])
    texts = [" ".join(cell.split()) for cell in places]
    counts = np.bincount(codes, minlength=len(texts))
    meant = np.array([is_meant_as_number(text) for text in texts])
    present = np.array([text not in MISSING for text in texts])
    if 2 * counts[meant & present].sum() >= max(1, counts[present].sum()):
        return _numbers(name, texts, codes, lines, decimal)
    return _categories(name, texts, codes, lines)


def _all_numbers(cells: Sequence[str], decimal: Decimal) -> NDArray[np.float64] | None:
    """Plain and finite numbers in one go; None where there is anything else."""
    # Python's own reading of numbers takes 1_000, nan and figures of other scripts as well.
    together = "".join(cells)
    if not together.isascii() or together.encode().translate(None, _SIGNS[decimal]):
        return None
    try:
        plain = cells if decimal == "." else [cell.replace(",", ".") for cell in cells]
        values = np.array(list(map(float, plain)))
    except ValueError:
        return None
    return values if np.isfinite(values).all() else None


def _numbers(
    name: str, texts: list[str], codes: NDArray[np.intp], lines: NDArray[np.intp], decimal: Decimal
) -> Column:
    values = np.full(len(texts), np.nan)
    wrong = np.zeros(len(texts), dtype=bool)
    for i, text in enumerate(texts):
        if is_number(text, decimal):
            values[i] = float(text.replace(",", "."))
            wrong[i] = not math.isfinite(values[i])
        else:
            wrong[i] = text not in MISSING
    if not wrong.any():
        return Column(name, "number", values[codes])
    faulty = wrong[codes]
    first = int(faulty.argmax())
    why = _why_no_number(texts[codes[first]], decimal)
    more = f" ({faulty.sum() - 1:,} more like it)" if faulty.sum() > 1 else ""
    values[wrong] = np.nan
    problem = f"line {lines[first]}, column {shown(name)}: {why}{more}"
    return Column(name, "number", values[codes], problem=problem)


def _why_no_number(text: str, decimal: Decimal) -> str:
    other: Decimal = "," if decimal == "." else "."
    if re.fullmatch(r"[+-]?inf(inity)?", text, re.IGNORECASE):
        return f"{shown(text)} is not finite; expected a number, correct it or leave out the column"
    if is_number(text, decimal):
        return f"{shown(text)} is too large for a number; correct it or leave out the column"
    if _THOUSANDS.fullmatch(text):
        return (
            f"{shown(text)} may have marks between the thousands; write numbers without them, or "
            "choose the other decimal mark"
        )
    if is_number(text, other):
        return f"{shown(text)} has another decimal mark; expected {decimal!r}, choose {other!r}"
    return f"expected a number, got {shown(text)}; correct it or leave out the column"


def _categories(
    name: str, texts: list[str], codes: NDArray[np.intp], lines: NDArray[np.intp]
) -> Column:
    known = sorted({text for text in texts if text not in MISSING})
    values = np.full(len(texts), np.nan)
    if not known:
        return Column(name, "number", values[codes])
    longest = max(map(len, known))
    if len(known) > MOST_CATEGORIES or longest > _LONGEST_CATEGORY:
        problem = (
            f"line {lines[0]}, column {shown(name)}: expected numbers or at most "
            f"{MOST_CATEGORIES} different short texts, got {len(known):,}; leave out the column"
        )
        is_there = np.array([0.0 if text not in MISSING else np.nan for text in texts])
        return Column(name, "text", is_there[codes], problem=problem)
    place = {text: float(i) for i, text in enumerate(known)}
    for i, text in enumerate(texts):
        values[i] = place.get(text, np.nan)
    return Column(name, "category", values[codes], tuple(known))
