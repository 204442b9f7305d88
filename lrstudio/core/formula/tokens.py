"""The smallest parts of a formula: numbers, letters, words, scripts, signs."""

import re
import unicodedata
from typing import Literal, NamedTuple, cast

Kind = Literal["number", "letter", "word", "fraction", "sub", "super", "sign"]

# Scripts are read after NFKC has made plain letters of them.
_SCRIPTS: dict[str, Kind] = {"<sub>": "sub", "<super>": "super"}
_SHORT_WORDS = frozenset(
    (*("as", "at", "be", "by", "if", "in", "is", "it"), *("no", "of", "on", "or", "so", "to", "up"))
)
_PATTERN = re.compile(
    r"""(?P<gap>\s*)(?:
    (?P<name>(?:\d-[a-z]{3,}|[a-z]{3,}(?:_[a-z]{3,}|\d)+)(?![\w(]))
    |(?P<number>\d+(?:\.\d+)?(?:e[−-]?\d+)?)
    |(?P<word>[A-Za-z]+(?:[-'’][A-Za-z]+)*’?)
    |(?P<letter>[^\W\d_][\u0300-\u036f]*)
    |(?P<sign>.)
    )""",
    re.VERBOSE,
)
_LETTER = re.compile(r"[A-Za-z][\u0300-\u036f]*")


class Unreadable(ValueError):
    """A formula that does not follow the notation, or could be meant in two ways."""


class Token(NamedTuple):
    """One part; `gap` is the number of spaces before it."""

    kind: Kind
    text: str
    gap: int


def tokens(text: str) -> list[Token]:
    """Take a line apart; spaces at its ends do not count."""
    text = text.strip()
    found: list[Token] = []
    place = 0
    while place < len(text):
        script = _script(text, place)
        if script is not None:
            token, place = script
        else:
            match = _PATTERN.match(text, place)
            assert match is not None, "a sign is any character"
            token, place = _token(text, match)
        found.append(token)
    return found


def _token(text: str, match: re.Match[str]) -> tuple[Token, int]:
    gap, kind = len(match["gap"]), match.lastgroup
    content, end = match[kind or "sign"], match.end()
    if kind == "name":
        kind = "word"
    elif kind == "word" and not _is_word(content, text[end:]):
        letter = _LETTER.match(text, match.start(kind))
        assert letter is not None, "a word begins with a letter"
        content, end, kind = letter[0], letter.end(), "letter"
    if kind == "letter":
        content = unicodedata.normalize("NFD", content)
    if gap and _script_kind(content):
        raise Unreadable(f"a script needs a letter tight before it: {text!r}")
    if unicodedata.decomposition(content[0]).startswith("<fraction>"):
        kind, content = "fraction", unicodedata.normalize("NFKC", content)
    return Token(cast(Kind, kind), content, gap), end


def _script(text: str, place: int) -> tuple[Token, int] | None:
    """The run of Unicode's sub- or superscripts that begins here."""
    kind, end = _script_kind(text[place]), place
    if kind is None:
        return None
    while end < len(text) and _script_kind(text[end]) == kind:
        end += 1
    plain = unicodedata.normalize("NFKC", text[place:end])
    is_transpose = kind == "super" and plain == "T"
    return Token(kind, "⊤" if is_transpose else plain, 0), end


def _script_kind(character: str) -> Kind | None:
    return _SCRIPTS.get(unicodedata.decomposition(character[0]).partition(" ")[0])


def _is_word(run: str, following: str) -> bool:
    """Whether Latin letters in a row are a word and not a product of variables."""
    if max(map(len, re.split("[-'’]", run))) > 2:
        return True
    if following.startswith("(") or (following and _script_kind(following)):
        return False
    is_article = run == "a" and re.match(r" (?![a-z]+\()[a-z]{2}", following) is not None
    return is_article or run[:1].lower() + run[1:] in _SHORT_WORDS
