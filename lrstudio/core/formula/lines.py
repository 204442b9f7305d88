"""The lines of a formula and their columns."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from lrstudio.core.formula.parsing import RELATIONS, is_plain_word, parse_tokens
from lrstudio.core.formula.tokens import Token, Unreadable, tokens
from lrstudio.core.formula.tree import ALIGNMENT, Leaf, Node, Row

Part = Literal["equation", "expression", "remark", "plain"]

_COLUMNS = re.compile(r"(?<![,;:\s])\s{2,}")
_LABEL = re.compile(r"([A-Z][\w -]+): (.+)")
_OPENING, _CLOSING = frozenset("([{⌊⌈⟨"), frozenset(")]}⌋⌉⟩")


class Cell(NamedTuple):
    """What stands in one column of a line.

    An equation has three trees: left side, relation, right side. An expression and a remark have
    one. A `plain` cell could not be read and has its text alone.
    """

    part: Part
    trees: tuple[Node, ...]
    text: str


class Line(NamedTuple):
    """One line; `goes_on` says that it continues the right side of the line above."""

    cells: tuple[Cell, ...]
    goes_on: bool = False


Formula = tuple[Line, ...]


def read(formula: str) -> Formula:
    """Read a formula; a line that does not follow the notation becomes one plain cell."""
    return tuple(_line(text) for text in formula.splitlines() if text.strip())


def letters(formula: str) -> tuple[str, ...]:
    """What equations and expressions are about, in order: β₁, m̂, T₀, or a word before a sign."""
    found: dict[str, None] = {}
    for line in read(formula):
        for cell in line.cells:
            if cell.part in ("equation", "expression"):
                found.update(dict.fromkeys(_letters(tokens(cell.text), cell.part)))
    return tuple(found)


def _letters(known: Sequence[Token], part: Part) -> Iterator[str]:
    if part == "equation" and known[0].kind == "word":
        yield known[0].text
    for token, following in zip(known, [*known[1:], None], strict=True):
        is_indexed = following is not None and following.kind == "sub"
        below = following.text if following is not None and is_indexed else ""
        if token.kind == "letter" and token.text not in "ΣΠπ":
            yield token.text + below.translate(_DIGITS) if below.isdigit() else token.text
        if token.kind in ("sub", "super"):
            yield from (letter for letter in token.text if letter.isalpha())


_DIGITS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _line(text: str) -> Line:
    try:
        cells = tuple(_cell(column) for column in _columns(text))
    except Unreadable:
        return Line((Cell("plain", (), text),))
    first = cells[0]
    if not text.startswith("  ") or first.part != "expression":
        return Line(cells)
    (row,) = first.trees
    assert isinstance(row, Row), "an expression is one row"
    moved = first._replace(trees=(Row((ALIGNMENT, *row.parts)),))
    return Line((moved, *cells[1:]), goes_on=True)


def _columns(text: str) -> list[str]:
    first, *others = _COLUMNS.split(text.strip())
    labelled = _LABEL.fullmatch(first)
    return [labelled[2], *others, labelled[1]] if labelled else [first, *others]


def _cell(text: str) -> Cell:
    known = tokens(text)
    part = _part(known)
    if part != "equation":
        return Cell(part, (parse_tokens(known),), text)
    at = _relation(known)
    assert at is not None, "an equation has a relation"
    sides = parse_tokens(known[:at]), parse_tokens(known[at + 1 :])
    return Cell(part, (sides[0], Leaf("mo", known[at].text), sides[1]), text)


def _part(known: Sequence[Token]) -> Part:
    has_words = any(is_plain_word(known, place) for place in range(len(known)))
    at = _relation(known)
    if not at:
        return "remark" if has_words else "expression"
    is_worded = at > 1 and any(is_plain_word(known, place) for place in range(at))
    return "remark" if is_worded else "equation"


def _relation(known: Sequence[Token]) -> int | None:
    """Place of the first relation sign outside all brackets."""
    depth = 0
    for place, token in enumerate(known):
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if depth == 0 and token.text in RELATIONS:
            return place
    return None
