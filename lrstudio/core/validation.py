"""Bad input gets a sentence: what was expected, what came, where, what to do."""

import difflib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from lrstudio.core.declaration import Parameter, parameters

T = TypeVar("T")
ClassOf = Callable[[Any], type[msgspec.Struct] | None]


class Refused(ValueError):
    """Input that was refused; `path` says where it stood, `str()` is one sentence."""

    def __init__(self, sentence: str, path: str = "") -> None:
        super().__init__(f"{path}: {sentence}" if path else sentence)
        self.path = path
        self.sentence = sentence


def refusal(parameter: Parameter, value: Any) -> str | None:
    """The sentence why `value` is refused for `parameter`, or None where it is accepted."""
    if parameter.kind == "flag":
        return None if isinstance(value, bool) else f"expected yes or no, got {shown(value)}"
    if parameter.kind == "choice":
        return None if value in parameter.choices else unknown_id(value, parameter.choices)
    if parameter.kind == "integers":
        return _integers(parameter, value)
    if parameter.kind == "length" and value is None:
        return None
    return _number(parameter, value)


def _integers(parameter: Parameter, value: Any) -> str | None:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return f"expected whole numbers, got {shown(value)}"
    return next((s for s in (_number(parameter, v) for v in value) if s), None)


def _number(parameter: Parameter, value: Any) -> str | None:
    is_whole = parameter.kind != "real"
    expected = f"expected a {'whole number' if is_whole else 'number'}{bounds_text(parameter)}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{expected}, got {shown(value)}"
    if is_whole and not isinstance(value, int):
        return f"{expected}, got {shown(value)}"
    if math.isnan(value) or not _within(parameter, value):
        return f"{expected}, got {shown(value)}"
    return None


def _within(parameter: Parameter, value: float) -> bool:
    low, high = parameter.minimum, parameter.maximum
    if low is not None and (value < low or (parameter.exclusive_minimum and value == low)):
        return False
    return high is None or not (value > high or (parameter.exclusive_maximum and value == high))


def bounds_text(parameter: Parameter) -> str:
    """The bounds of a parameter as words: ' above 0 and at most 1e+06'."""
    words = []
    if parameter.minimum is not None:
        words.append(
            f"{'above' if parameter.exclusive_minimum else 'at least'} {parameter.minimum:g}"
        )
    if parameter.maximum is not None:
        words.append(
            f"{'below' if parameter.exclusive_maximum else 'at most'} {parameter.maximum:g}"
        )
    return " " + " and ".join(words) if words else ""


def validated(config: T) -> T:
    """The same configuration, checked like a file would be.

    Constructors do not validate by themselves; raises `Refused` with the path of the mistake.
    """
    return converted(msgspec.to_builtins(config), type(config))


def converted(data: Any, into: type[T], class_of: ClassOf = lambda node: None) -> T:
    """Builtins turned into a struct; raises `Refused` with one sentence.

    `class_of` tells which declaration an object inside `data` stands for, so that a refused field
    is explained by its own bounds.
    """
    try:
        return msgspec.convert(data, into)
    except msgspec.ValidationError as error:
        text, _, where = str(error).partition(" - at `")
        path = where.rstrip("`").removeprefix("$").removeprefix(".")
        owner, _, name = path.rpartition(".")
        cls = class_of(_lookup(data, owner)) or (into if not owner else None)
        raise Refused(_sentence(text, cls, name, _lookup(data, path)), path) from None


def _sentence(text: str, cls: Any, name: str, value: Any) -> str:
    known = {p.name: p for p in parameters(cls)} if cls else {}
    refused = refusal(known[name], value) if name in known else None
    if refused:
        return refused
    for pattern, words in _TRANSLATIONS:
        match = re.fullmatch(pattern, text)
        if match:
            return words(match, value)
    return text


def _lookup(data: Any, path: str) -> Any:
    """The value at `contenders[2].optimizer`; the nearest one that exists."""
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        try:
            data = data[int(index)] if index else data[name]
        except (KeyError, IndexError, TypeError):
            return data
    return data


def _words_bound(match: re.Match[str], value: Any) -> str:
    kind, sign, bound = match.groups()
    relation = {">": "above", ">=": "at least", "<": "below", "<=": "at most"}[sign]
    return f"expected {_NOUNS[kind]} {relation} {float(bound):g}, got {shown(value)}"


def _words_type(match: re.Match[str], value: Any) -> str:
    expected = " or ".join(_NOUNS.get(k.strip(), k.strip()) for k in match[1].split("|"))
    return f"expected {expected}, got {shown(value)}"


def _words_unknown(match: re.Match[str], value: Any) -> str:
    return f"unknown key {match[1]!r}; remove it or check its spelling"


def _words_missing(match: re.Match[str], value: Any) -> str:
    return f"the key {match[1]!r} is missing"


def unknown_id(value: Any, choices: Sequence[str]) -> str:
    """Sentence for an id or a choice that is not known, with the nearest one."""
    near = difflib.get_close_matches(str(value), choices, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(choices)}"
    return f"{shown(value)} is not known; {hint}"


_NOUNS = {
    "float": "a number",
    "int": "a whole number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "nothing",
}
_TRANSLATIONS = (
    (r"Expected `(float|int)` (>=|<=|>|<) (\S+)", _words_bound),
    (r"Expected `([^`]+)`, got `[^`]+`", _words_type),
    (r"Object contains unknown field `(.*)`", _words_unknown),
    (r"Object missing required field `(.*)`", _words_missing),
)


def shown(value: Any) -> str:
    """What came, short enough for a sentence."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"{value:g}" if isinstance(value, float) else str(value)[:40]
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
