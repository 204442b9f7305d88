"""Numbers as people type them, the same under every locale.

A dot or a comma may mark the decimals; text that could mean two numbers is refused instead of
guessed. Qt's own spin boxes read 0.001 as 1 under a German locale and 1e-3 as 13 everywhere.
"""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from lrstudio.core import Refused
from lrstudio.core.declaration import LISTS
from lrstudio.core.epochs import (
    closed_up,
    epochs_text,
    refuse_half_told,
    speaks_of_epochs,
    steps_in,
)

_REAL = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"([+-]?\d{1,40})(?:e\+?(\d{1,2}))?", re.ASCII | re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}([., '’_\u00a0\u202f]\d{3})+", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}(e.*)?", re.ASCII | re.IGNORECASE)

# What input methods and copied papers put in place of the ASCII characters.
_PLAIN = str.maketrans("−‐‑–０１２３４５６７８９．，＋－ｅＥ", "----0123456789.,+-eE")


_MOST_NAMED = 8
"""Entries of a list that are also told in epochs."""


class Unreadable(ValueError):
    """Typed text that is not one clear number; `str()` says what was expected."""


def read_real(text: str) -> float:
    """The finite number that `text` stands for; raises `Unreadable`."""
    plain = text.strip().translate(_PLAIN)
    if not plain:
        raise Unreadable("expected a number, such as 0.001 or 1e-3")
    if _THOUSANDS.fullmatch(plain):
        raise Unreadable(_two_readings(plain))
    if not _REAL.fullmatch(plain):
        raise Unreadable(_not_a_number(text, plain))
    value = float(plain.replace(",", "."))
    if math.isinf(value):
        raise Unreadable(f"expected a number up to 1.8e308, got {text.strip()}")
    if value == 0.0 and re.search("[1-9]", re.split("e", plain, flags=re.IGNORECASE)[0]):
        raise Unreadable(f"expected 0 or a number from 5e-324, got {text.strip()}")
    return value


def read_integer(text: str) -> int:
    """The whole number that `text` stands for, 1e3 included; raises `Unreadable`."""
    plain = text.strip().translate(_PLAIN)
    match = _WHOLE.fullmatch(plain)
    if match:
        return int(match[1]) * 10 ** int(match[2] or 0)
    if _GROUPED.fullmatch(plain):
        raise Unreadable(f"write {plain} without separators: {re.sub('[^0-9+-]', '', plain)}")
    got = f", got {_quoted(text)}" if plain else ""
    raise Unreadable(f"expected a whole number, such as 500{got}")


def read_integers(text: str) -> tuple[int, ...]:
    """The whole numbers in `text`, apart by commas, semicolons or spaces; raises `Unreadable`."""
    return tuple(read_integer(part) for part in _between_commas(text))


def read_numbers(text: str) -> tuple[float, ...]:
    """The numbers in `text`, apart by semicolons or spaces; raises `Unreadable`.

    A comma may mark the decimals, so it parts numbers only with a space behind it.
    """
    return tuple(read_real(part) for part in _parts(text))


def read_points(text: str) -> tuple[tuple[float, float], ...]:
    """The points in `text`, `0:1 0.5:0.2`, each a place and a value; raises `Unreadable`."""
    return _pairs(text, "place:value, such as 0.5:0.2")


def read_intervals(text: str) -> tuple[tuple[float, float], ...]:
    """The intervals in `text`, `-5:5 0:10`, each from and to; raises `Unreadable`."""
    return _pairs(text, "from:to for each variable, such as -5:5")


def _pairs(text: str, expected: str) -> tuple[tuple[float, float], ...]:
    pairs = []
    for part in _parts(text):
        first, colon, second = part.partition(":")
        if not colon:
            raise Unreadable(f"expected {expected}, got {_quoted(part)}")
        pairs.append((read_real(first), read_real(second)))
    return tuple(pairs)


def _between_commas(text: str) -> list[str]:
    return [part for part in re.split(r"[,;\s]+", text.strip()) if part]


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[;\s]+|,\s+|,$", text.strip()) if part]


def shortest(value: float) -> str:
    """The shortest text that reads back as exactly `value`, such as 0.001, 1e-08 or 1000000."""
    text = repr(value)
    return text.removesuffix(".0")


def read(kind: str, text: str) -> Any:
    """The value that `text` stands for in a parameter of this kind; raises `Unreadable`."""
    if kind == "length" and not text.strip():
        return None
    return _READERS[kind](text)


def read_steps(kind: str, text: str, steps_per_epoch: int | None) -> Any:
    """The same for a parameter that counts steps, which may be given in epochs."""
    if not speaks_of_epochs(text):
        return read(kind, text)
    parts = [text]
    if kind in LISTS:
        close = closed_up(text)
        parts = _parts(close) if kind == "points" else _between_commas(close)
    places, *_ = zip(*(part.partition(":") for part in parts), strict=True)
    try:
        refuse_half_told(places)
        return read(kind, _told_in_steps(kind, parts, steps_per_epoch))
    except Refused as refused:
        raise Unreadable(refused.sentence) from None


def _told_in_steps(kind: str, parts: Sequence[str], steps_per_epoch: int | None) -> str:
    """The parts with whole steps in place of epochs; of points it is the place that is told."""
    told = []
    for part in parts:
        place, colon, rest = part.partition(":")
        steps = steps_in(place, steps_per_epoch, read_real)
        told.append(f"{place if steps is None else steps}{colon}{rest}")
    return "; ".join(told)


def epochs_of(kind: str, value: Any, steps_per_epoch: int) -> str:
    """How many epochs some steps are, "" where none are given: `2.5 epochs`, `2, 4 epochs`."""
    if value is None or value == ():
        return ""
    if kind not in LISTS:
        return epochs_text(value, steps_per_epoch)
    steps = [place for place, _ in value] if kind == "points" else value
    numbers = [epochs_text(step, steps_per_epoch).split()[0] for step in steps[:_MOST_NAMED]]
    more = ", …" if len(steps) > _MOST_NAMED else ""
    return f"{', '.join(numbers)}{more} epochs"


def written(kind: str, value: Any) -> str:
    """The text that a field shows for `value`, "" for a length that is left open."""
    if value is None:
        return ""
    if kind == "integers":
        return ", ".join(str(v) for v in value)
    if kind == "numbers":
        return "  ".join(map(shortest, value))
    if kind == "formula":
        return str(value)
    if kind == "constants":
        return ", ".join(f"{name} = {shortest(number)}" for name, number in value)
    if kind in ("points", "intervals"):
        return "  ".join(f"{shortest(x)}:{shortest(y)}" for x, y in value)
    return shortest(value)


_READERS: dict[str, Callable[[str], Any]] = {
    "real": read_real,
    "integer": read_integer,
    "length": read_integer,
    "integers": read_integers,
    "numbers": read_numbers,
    "points": read_points,
    "intervals": read_intervals,
}


def _two_readings(plain: str) -> str:
    return (
        f"{plain} could be {plain.replace(',', '.')} or {plain.replace(',', '')}: "
        "write one of these"
    )


def _not_a_number(text: str, plain: str) -> str:
    if _GROUPED.match(plain) or ("," in plain and "." in plain):
        return f"expected a number without thousands separators, got {_quoted(text)}"
    return f"expected a number, such as 0.001 or 1e-3, got {_quoted(text)}"


def _quoted(text: str) -> str:
    short = text.strip()
    return repr(short if len(short) <= 24 else short[:21] + "...")
