"""Bad input gets a sentence: what was expected, what came, where, what to do."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import msgspec
import numpy as np

from lrstudio.core.declaration import LISTS, Parameter, parameters
from lrstudio.core.registry import class_named, union
from lrstudio.core.typed_formula import FormulaError, read
from lrstudio.core.typed_formula.tokens import refused_name

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
    if isinstance(value, np.generic):
        value = value.item()
    if parameter.kind == "flag":
        return None if isinstance(value, bool) else f"expected yes or no, got {shown(value)}"
    if parameter.kind == "choice":
        return None if value in parameter.choices else unknown_id(value, parameter.choices)
    if parameter.kind == "formula":
        return _formula(value)
    if parameter.kind in LISTS:
        return _list(parameter, value)
    if parameter.kind == "dataset":
        is_object = isinstance(value, msgspec.Struct)
        return None if is_object else f"expected a data set, got {shown(value)}"
    if parameter.kind == "length" and value is None:
        return None
    return _number(parameter, value)


def refusal_of(cls: type[msgspec.Struct], name: str, value: Any) -> str | None:
    """The same for the parameter of a declaration."""
    return _refused_by_bounds(cls, name, value)


def _formula(value: Any) -> str | None:
    if not isinstance(value, str):
        return f"expected a formula as text, got {shown(value)}"
    try:
        read(value)
    except FormulaError as error:
        return error.located(value)
    return None


def _list(parameter: Parameter, value: Any) -> str | None:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return f"expected {_LISTS[parameter.kind]}, got {shown(value)}"
    if parameter.max_items is not None and len(value) > parameter.max_items:
        return _too_long("a list", parameter.max_items, value)
    refused = next((s for s in (_entry(parameter, v) for v in value) if s), None)
    if refused is None and parameter.kind == "constants":
        names = [name for name, _ in value]
        twice = next((name for name in names if names.count(name) > 1), None)
        return f"expected each constant once, got {twice} twice" if twice else None
    return refused


def _entry(parameter: Parameter, value: Any) -> str | None:
    """The sentence why one entry of a list is refused."""
    if parameter.kind == "schedules":
        # What is wrong inside an object is said with the path to it, by who decodes it.
        is_object = isinstance(value, msgspec.Struct | Mapping)
        return None if is_object else f"expected a schedule, got {shown(value)}"
    if parameter.kind == "points":
        return _point(parameter, value)
    if parameter.kind == "constants":
        return _constant(parameter, value)
    if parameter.kind == "intervals":
        return _interval(parameter, value)
    return _number(parameter, value)


def _is_pair(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 2


def _constant(parameter: Parameter, value: Any) -> str | None:
    if not _is_pair(value) or not isinstance(value[0], str):
        return f"expected pairs of a name and a number, got {shown(value)}"
    return refused_name(value[0]) or _number(parameter, value[1])


def _interval(parameter: Parameter, value: Any) -> str | None:
    if not _is_pair(value):
        return f"expected pairs of numbers, from and to, got {shown(value)}"
    refused = _number(parameter, value[0]) or _number(parameter, value[1])
    if refused is None and not value[0] < value[1]:
        return f"expected an end above the beginning, got {shown(value[0])} to {shown(value[1])}"
    return refused


def _point(parameter: Parameter, value: Any) -> str | None:
    if not _is_pair(value):
        return f"expected pairs of numbers, got {shown(value)}"
    x = msgspec.structs.replace(
        parameter,
        minimum=parameter.x_minimum,
        maximum=parameter.x_maximum,
        exclusive_minimum=False,
        exclusive_maximum=False,
    )
    return _number(x, value[0]) or _number(parameter, value[1])


def _number(parameter: Parameter, value: Any) -> str | None:
    is_whole = is_whole_number(parameter)
    expected = f"expected a {'whole number' if is_whole else 'number'}{bounds_text(parameter)}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{expected}, got {shown(value)}"
    if is_whole and not isinstance(value, int):
        return f"{expected}, got {shown(value)}"
    if not _within(parameter, value):
        return f"{expected}, got {shown(value)}"
    return None


def _within(parameter: Parameter, value: float) -> bool:
    """Whether a number keeps the bounds; NaN keeps none."""
    low, high = parameter.minimum, parameter.maximum
    is_above = low is None or (value > low if parameter.exclusive_minimum else value >= low)
    is_below = high is None or (value < high if parameter.exclusive_maximum else value <= high)
    return is_above and is_below


def is_whole_number(parameter: Parameter) -> bool:
    """Whether the numbers of a parameter have no decimals."""
    return parameter.kind in ("integer", "length", "integers")


def bounds_text(parameter: Parameter) -> str:
    """The bounds of a parameter as words: ' above 0 and at most 1e+06'."""
    is_whole = is_whole_number(parameter)
    words = []
    if parameter.minimum is not None:
        relation = "above" if parameter.exclusive_minimum else "at least"
        words.append(f"{relation} {_bound(parameter.minimum, is_whole)}")
    if parameter.maximum is not None:
        relation = "below" if parameter.exclusive_maximum else "at most"
        words.append(f"{relation} {_bound(parameter.maximum, is_whole)}")
    return " " + " and ".join(words) if words else ""


def _bound(bound: float, is_whole: bool) -> str:
    """A bound to read: whole numbers have all their digits, 100,000,000 and not 1e+08."""
    is_countable = is_whole and float(bound).is_integer() and abs(bound) < _BEYOND_COUNTING
    return f"{int(bound):,}" if is_countable else f"{bound:g}"


def validated(config: T) -> T:
    """The same configuration, checked like a file would be.

    Constructors do not validate by themselves; raises `Refused` with the path of the mistake.
    """
    return converted(builtins(config), type(config))


def builtins(config: Any) -> Any:
    """A configuration as a file would hold it; raises `Refused` for what no file can hold."""
    return msgspec.to_builtins(config, enc_hook=_builtin)


def _builtin(value: Any) -> Any:
    """Numbers of NumPy, which loops in notebooks supply, as Python's."""
    if isinstance(value, np.generic):
        return value.item()
    raise Refused(f"expected a number, text or a list, got {shown(value)}")


def converted(data: Any, into: type[T], class_of: ClassOf = lambda node: None) -> T:
    """Builtins turned into a struct; raises `Refused` with one sentence.

    `class_of` tells which declaration an object inside `data` stands for, so that a refused field
    is explained by its own bounds.
    """
    try:
        return msgspec.convert(data, into, dec_hook=partial(_nested, class_of))
    except msgspec.ValidationError as error:
        text, _, where = str(error).partition(" - at `")
        path = where.rstrip("`").removeprefix("$").removeprefix(".")
        if isinstance(error.__cause__, Refused):  # by a check of several fields together
            cause = error.__cause__
            raise Refused(cause.sentence, ".".join(filter(None, (path, cause.path)))) from None
        owner, _, name = path.rpartition(".")
        name = name.partition("[")[0]  # the path of one number in a list ends in its place
        whole = into if isinstance(into, type) else None  # a union is none
        cls = class_of(_lookup(data, owner)) or (None if owner else whole)
        by_bounds = _refused_by_bounds(cls, name, _lookup(data, f"{owner}.{name}"))
        if by_bounds is None:
            path, by_bounds = _refused_inside(data, path, class_of, whole)
        raise Refused(by_bounds or _translated(text, _lookup(data, path)), path) from None


def _nested(class_of: ClassOf, kind: Any, node: Any) -> Any:
    """One of the declarations of a kind made by `registry.any_of`, from the object in its place."""
    cls = class_named(node, kind.known) or union(kind.known)
    return converted(node, cls, class_of)


def _refused_inside(data: Any, path: str, class_of: ClassOf, into: Any) -> tuple[str, str | None]:
    """The field of the object at `path` that is refused, if it is one: its path, the sentence.

    What an object itself refuses is reported with its own path alone.
    """
    node = _lookup(data, path)
    cls = class_of(node) or (into if not path else None)
    if not isinstance(node, Mapping) or cls is None:
        return path, None
    for parameter in parameters(cls):
        sentence = refusal(parameter, node[parameter.name]) if parameter.name in node else None
        if sentence and parameter.kind in OF_TEXT:
            return f"{path}.{parameter.name}".removeprefix("."), sentence
    return path, None


def _refused_by_bounds(cls: Any, name: str, value: Any) -> str | None:
    known = {p.name: p for p in parameters(cls)} if cls else {}
    if name not in known:
        return None
    if known[name].kind == "dataset" and isinstance(value, Mapping) and "data" in value:
        return None  # what is wrong inside it is said by who decodes it
    return refusal(known[name], value)


def _translated(text: str, value: Any) -> str:
    """A message of msgspec in our words."""
    for pattern, words in _TRANSLATIONS:
        match = re.fullmatch(pattern, text, re.DOTALL)  # a key may hold anything
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
    limit = _bound(float(bound), kind == "int")
    return f"expected {_NOUNS[kind]} {relation} {limit}, got {shown(value)}"


def _words_type(match: re.Match[str], value: Any) -> str:
    expected = " or ".join(_NOUNS.get(k.strip(), k.strip()) for k in match[1].split("|"))
    return f"expected {expected}, got {shown(value)}"


def _words_length(match: re.Match[str], value: Any) -> str:
    kind, sign, bound = match.groups()
    if sign == ">=":
        return f"expected {_NOUNS[kind]} with at least {bound} in it, got {len(value)}"
    return _too_long(_NOUNS[kind], int(bound), value)


def _too_long(noun: str, most: int, value: Sequence[Any]) -> str:
    return f"expected {noun} with at most {most} in it, got {len(value)}"


def _words_range(match: re.Match[str], value: Any) -> str:
    return f"expected a number of ordinary size, got {shown(value)}"


def _words_unknown(match: re.Match[str], value: Any) -> str:
    return f"unknown key {shown(match[1])}; remove it or check its spelling"


def _words_missing(match: re.Match[str], value: Any) -> str:
    return f"the key {match[1]!r} is missing"


def unknown_id(value: Any, choices: Sequence[str]) -> str:
    """Sentence for an id or a choice that is not known, with the nearest one."""
    import difflib  # noqa: PLC0415 - for those who mistype

    near = difflib.get_close_matches(str(value), choices, n=3)
    # Letters in a wrong order are a likelier slip than letters left out.
    near.sort(key=lambda choice: sorted(choice) != sorted(str(value)))
    hint = f"did you mean {near[0]!r}?" if near else f"known are {_few(choices)}"
    return f"{shown(value)} is not known; {hint}"


def _few(choices: Sequence[str]) -> str:
    """The first of many ids, and how many more there are."""
    more = len(choices) - _MOST_NAMED
    named = ", ".join(choices[:_MOST_NAMED])
    return f"{named} and {more} more" if more > 0 else named


OF_TEXT = ("formula", "constants", "intervals")
"""Kinds about which a type and bounds do not say all."""
_LISTS = {
    "integers": "whole numbers",
    "numbers": "numbers",
    "points": "pairs of numbers",
    "schedules": "schedules",
    "constants": "pairs of a name and a number",
    "intervals": "pairs of numbers, from and to",
}
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
    (r"Expected `(str|array)` of length (>=|<=) (\d+)", _words_length),
    (r"Expected `([^`]+)`, got `[^`]+`", _words_type),
    (r"Number out of range|Integer value out of range", _words_range),
    (r"Object contains unknown field `(.*)`", _words_unknown),
    (r"Object missing required field `(.*)`", _words_missing),
)


_MOST_NAMED = 12
"""Ids that a sentence has room for."""
_BEYOND_COUNTING = 1e12
"""Nobody counts more digits than these."""
_TOO_LONG = "a number of far too many digits"
_MOST_DIGITS = 20


def _few_digits(value: int) -> str:
    """A whole number; of a long one the first and the last digits."""
    text = str(value)
    return text if len(text) <= _MOST_DIGITS else f"{text[:8]}…{text[-4:]}"


def shown(value: Any) -> str:
    """What came, short enough for a sentence."""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int) and not isinstance(value, bool):
        # Python refuses to write out numbers of thousands of digits.
        return _few_digits(value) if value.bit_length() <= 128 else _TOO_LONG
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
