"""JSON written to diff well, and read without the liberties that Python's reader takes.

`json` accepts NaN, numbers that overflow to infinity, keys that stand twice and halves of
characters; each would be a quiet change of what a file says. All of them are refused here, with
the line and column where there is one.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

_DEEPEST = 64
_LONGEST_INTEGER = 20  # digits; more do not fit into 64 bits
_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]++|\\.)*+"?)
      | (?P<number>-?\d[\d.eE+-]*+)
      | (?P<word>-?[A-Za-z]++)
      | (?P<open>[\[{])
      | (?P<close>[\]}])""",
    re.VERBOSE | re.DOTALL,
)
_NOT_NUMBERS = {"NaN", "-NaN", "Infinity", "-Infinity"}
_NUMBERS = re.compile(r'\[\n\s+([^\[\]{}"]*?)\n\s+\]')
_SURROGATE = re.compile("[\ud800-\udfff]")


class NotJson(ValueError):
    """Text that is no JSON, or JSON that cannot be trusted; the message says what and where."""


def parse(text: str) -> Any:
    """Builtins out of JSON text; raises `NotJson`."""
    _check_tokens(text)
    try:
        data = json.loads(text, object_pairs_hook=_object_without_repeats)
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")  # "Unterminated string starting at"
        raise NotJson(f"it is not valid JSON: {what} at {_place(text, error.pos)}") from None
    for path, value in _texts(data):
        if _SURROGATE.search(value):
            raise NotJson(f"{path} holds half of a character (a lone surrogate)")
    return data


def written(data: Any) -> str:
    """JSON that diffs well: two spaces of indent, the order of the keys kept."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    # A list of numbers takes one line: points stay readable, and a moved start is a one-line diff.
    return _NUMBERS.sub(_on_one_line, text) + "\n"


def _on_one_line(found: re.Match[str]) -> str:
    return "[" + " ".join(found[1].split()) + "]"


def _check_tokens(text: str) -> None:
    depth = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
            if depth > _DEEPEST:
                _refuse(f"brackets are nested more than {_DEEPEST} deep", text, token.start())
        elif kind == "close":
            depth -= 1
        elif kind == "number":
            _check_number(token[0], text, token.start())
        elif kind == "word" and token[0] in _NOT_NUMBERS:
            _refuse(f"{token[0]} is not a number that a file may hold", text, token.start())


def _check_number(number: str, text: str, position: int) -> None:
    if number.lstrip("-").isdigit():
        if len(number) > _LONGEST_INTEGER:
            _refuse("a whole number has too many digits", text, position)
        return
    try:
        is_finite = math.isfinite(float(number))
    except ValueError:  # malformed; the reader says so in its own words
        return
    if not is_finite:
        _refuse(f"the number {_short(number)} is too large", text, position)


def _refuse(what: str, text: str, position: int) -> NoReturn:
    raise NotJson(f"{what} at {_place(text, position)}")


def _place(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return f"line {line}, column {column}"


def _object_without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise NotJson(f"the key {_short(ascii(key))} stands twice in one object")
        found[key] = value
    return found


def _texts(data: Any) -> Iterator[tuple[str, str]]:
    """All strings with their paths, keys included."""
    waiting: list[tuple[str, Any]] = [("", data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            yield path or "the text", value
        elif isinstance(value, list):
            waiting += [(f"{path}[{i}]", item) for i, item in enumerate(value)]
        elif isinstance(value, dict):
            for key, item in value.items():
                yield f"a key of {path or 'the file'}", key
                waiting.append((f"{path}.{key}".lstrip("."), item))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
