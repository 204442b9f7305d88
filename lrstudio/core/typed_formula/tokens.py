"""The characters of a formula as numbers, names and signs; anything else is refused here."""

import re
import unicodedata
from typing import NamedTuple

from lrstudio.core.typed_formula.errors import FormulaError
from lrstudio.core.typed_formula.functions import RESERVED

MOST_CHARACTERS = 500
MOST_LETTERS = 20
"""Characters of a name."""


class Token(NamedTuple):
    """A piece of the text and where it begins."""

    kind: str
    """number, name, sign or end."""
    text: str
    position: int


_TOKEN = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|[-+*/^()\[\],:=])",
    re.ASCII,
)
_NAME = re.compile("[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_BLANK = re.compile(r"[ \t\r\n]*")
_INSTEAD = {
    "²": "**2", "³": "**3", "·": "*", "×": "*", "∙": "*", "⋅": "*", "÷": "/",
    "−": "-", "–": "-", "—": "-", "√": "sqrt(x)", "Σ": "sum(x)", "∑": "sum(x)", "Π": "prod(x)",
    "∏": "prod(x)", "½": "0.5", "|": "abs(x)", ";": "a comma, or nothing", "{": "(", "}": ")",
}  # fmt: skip
"""What to write in place of what mathematicians write."""
_MEANINGS = {
    ".": "a decimal has a digit beside its dot, such as 0.5, and nothing has attributes",
    "<": "comparisons are not known; kinks are made with abs, min, max and sign",
    ">": "comparisons are not known; kinks are made with abs, min, max and sign",
    "%": "remainders are not known",
    "!": "factorials are not known",
    "_": "names begin with a letter",
}


def tokens(text: str) -> list[Token]:
    """All tokens and an end; raises `FormulaError` at the first character that has no meaning."""
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(
            f"expected at most {MOST_CHARACTERS} characters, got {len(text):,}", MOST_CHARACTERS
        )
    found: list[Token] = []
    place = _after_blanks(text, 0)
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _unknown(text[place], place)
        found.append(Token(match.lastgroup or "", match[0], place))
        _refuse_long_name(found[-1])
        place = _after_blanks(text, match.end())
    found.append(Token("end", "", len(text)))
    return found


def refused_name(name: str) -> str | None:
    """The sentence why something cannot be the name of a constant, or None where it can."""
    if len(name) > MOST_LETTERS or "__" in name or not _NAME.fullmatch(name):
        shown = ascii(name[: MOST_LETTERS + 1])
        return f"expected a name of letters, digits and _, up to {MOST_LETTERS}, got {shown}"
    return f"{name} has a meaning already; expected another name" if name in RESERVED else None


def _after_blanks(text: str, place: int) -> int:
    match = _BLANK.match(text, place)
    assert match is not None  # also nothing is a match
    return match.end()


def _refuse_long_name(token: Token) -> None:
    if token.kind != "name":
        return
    if len(token.text) > MOST_LETTERS:
        raise FormulaError(
            f"expected names of at most {MOST_LETTERS} characters", token.position, len(token.text)
        )
    if "__" in token.text:
        raise FormulaError(
            "expected a name without two underscores", token.position, len(token.text)
        )


def _unknown(character: str, place: int) -> FormulaError:
    if character in _INSTEAD:
        return FormulaError(f"'{character}' is not known here; write {_INSTEAD[character]}", place)
    if character in _MEANINGS:
        return FormulaError(f"{character!r} is not known here: {_MEANINGS[character]}", place)
    name = unicodedata.name(character, "")
    greek = re.fullmatch(r"GREEK (?:SMALL|CAPITAL) LETTER ([A-Z]+)", name)
    if greek:
        return FormulaError(f"Greek letters are not known; write {greek[1].lower()}", place)
    if not character.isascii() and character.isalpha():
        return FormulaError(
            f"{character!a} ({name.lower() or 'no name'}) is not known; expected the letters "
            "a to z and A to Z",
            place,
        )
    return FormulaError(
        f"{character!a} is not known; expected numbers, names, + - * / ** ( ) [ ]", place
    )
