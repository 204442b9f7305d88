"""How a table of a framework is written, and read in both directions.

Each `Call` says: this class of the framework, called with these arguments, is that rule of ours.
From left to right it makes a rule of ours from the framework's arguments (`read`), from right to
left it writes the framework's call for a rule of ours (`written`), and with no arguments at all it
gives the framework's defaults. A class that is several rules of ours has several calls, told apart
by `when`; the first that fits is taken.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from lrstudio.core.optimizer import Optimizer
from lrstudio.core.validation import Refused, shown, unknown_id

REQUIRED: Final = "required"

Values = dict[str, Any]


class Argument(msgspec.Struct, frozen=True):
    """One argument of a framework's class.

    `fields` are the fields of ours that it fills: one, several for a tuple, none where the argument
    has no place here and is accepted at its default only. What the rule of a call does not have is
    passed over.
    """

    name: str
    default: Any
    fields: tuple[str, ...] | str = ()
    within: str = ""
    """Bounds that the framework itself enforces: `>= 0`, `> 0`, `[0, 1)`, ..."""
    values: Mapping[Any, Any] = {}
    """Our value for each of theirs, where they differ; of a choice, all that there are."""
    is_irrelevant: bool = False
    """Whether any value is accepted because no number depends on it (`foreach`, `fused`, ...)."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the fields that it fills."""
        return (self.fields,) if isinstance(self.fields, str) else self.fields


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A class of a framework, called so that it is one rule of ours."""

    name: str
    rule: type[Optimizer]
    arguments: tuple[Argument, ...]
    when: Mapping[str, tuple[Any, ...]] = {}
    """Values of arguments under which this call applies; the first is written."""
    fixed: Values = {}
    """Fields of ours that this call stands for: the switches of the framework's variant."""
    note: str = ""
    """Where the framework departs from the publication, in one sentence."""
    complaint: Callable[[Values], str | None] | None = None
    """What the framework refuses although each argument alone is fine."""
    to_fields: Callable[[Values], Values] | None = None
    """Field values from all argument values, where `Argument.fields` does not suffice."""
    to_arguments: Callable[[Any], Values] | None = None
    """The way back, from a rule of ours; raises `Refused` where there is none."""
    is_flavour: bool = True
    """Whether its defaults are this framework's flavour of the rule."""
    flavour: Values = {}
    """Arguments of the flavour, where the defaults of the class are another rule."""


def read(calls: Sequence[Call], where: str, given: Mapping[str, Any]) -> Optimizer:
    """The rule of ours for arguments `given` to one class; raises `Refused`.

    `calls` are all calls of that class; `where` names it in sentences.
    """
    values = complete(calls, where, given)
    call = next((c for c in calls if applies(c, values)), None)
    if call is None:
        raise Refused(f"{where}: these arguments together are not supported here")
    complaint = call.complaint(values) if call.complaint else None
    if complaint:
        raise Refused(f"{where}: {complaint}")
    return call.rule(**fields_of(call, values))


def whole(*names: str) -> Callable[[Values], str | None]:
    """Refuses values of some arguments that are no whole numbers."""

    def complaint(values: Values) -> str | None:
        for name in names:
            if values[name] is not None and not isinstance(values[name], int):
                return f"{name}: expected a whole number, got {shown(values[name])}"
        return None

    return complaint


def applies(call: Call, values: Values) -> bool:
    """Whether a call is the one for these arguments."""
    return all(values[name] in allowed for name, allowed in call.when.items())


def complete(calls: Sequence[Call], where: str, given: Mapping[str, Any]) -> Values:
    """All argument values, with defaults, checked as the framework does; raises `Refused`."""
    known = {a.name: a for call in calls for a in call.arguments}
    choosing = {name for call in calls for name in call.when}
    for name in given:
        if name not in known:
            raise Refused(f"{where}: the argument {unknown_id(name, tuple(known))}")
    values = {name: given.get(name, a.default) for name, a in known.items()}
    for name, argument in known.items():
        if values[name] is REQUIRED:
            raise Refused(f"{where} needs the argument {name!r}")
        if name in given:
            _check(argument, f"{where}: {name}", given[name], is_used=name in choosing)
    return values


def fields_of(call: Call, values: Values) -> Values:
    """Field values of ours for complete argument values."""
    fields = dict(call.fixed)
    for argument in call.arguments:
        targets, value = argument.targets, values[argument.name]
        parts = list(value) if len(targets) > 1 else [value]
        for target, part in zip(targets, parts, strict=bool(targets)):
            if target in call.rule.__struct_fields__:
                fields[target] = _translated(argument, part)
    return fields | (call.to_fields(values) if call.to_fields else {})


def written(call: Call, optimizer: Optimizer) -> Values | None:
    """Arguments of a call for a rule of ours; None where it cannot express it."""
    if type(optimizer) is not call.rule:
        return None
    values: Values = {a.name: a.default for a in call.arguments}
    for argument in call.arguments:
        targets = [t for t in argument.targets if hasattr(optimizer, t)]
        if targets and len(targets) == len(argument.targets):
            parts = tuple(_untranslated(argument, getattr(optimizer, t)) for t in targets)
            values[argument.name] = parts if len(parts) > 1 else parts[0]
    values |= {
        name: allowed[0]
        for name, allowed in call.when.items()
        if name not in values or values[name] not in allowed
    }
    try:
        values |= call.to_arguments(optimizer) if call.to_arguments else {}
        # What goes in must come out; otherwise the framework's class is another rule.
        again = call.rule(modifiers=optimizer.modifiers, **fields_of(call, values))
    except Refused:
        return None
    return values if again == optimizer else None


def _translated(argument: Argument, value: Any) -> Any:
    return argument.values[value] if _is_listed(argument, value) else value


def _untranslated(argument: Argument, value: Any) -> Any:
    same = (k for k, v in argument.values.items() if v == value and type(v) is type(value))
    return next(same, value)


def _is_listed(argument: Argument, value: Any) -> bool:
    is_key = value is None or isinstance(value, bool | str | int | float)
    return is_key and any(k == value and type(k) is type(value) for k in argument.values)


def _check(argument: Argument, where: str, value: Any, *, is_used: bool) -> None:
    """Refuse what the framework refuses, and what has no meaning here."""
    if argument.is_irrelevant or _is_listed(argument, value):
        return
    if not argument.targets and not is_used and value != argument.default:
        raise Refused(f"{where}: only {argument.default!r} is supported here, got {value!r}")
    if not isinstance(argument.default, tuple):
        _check_part(argument, where, value, argument.default)
        return
    count = len(argument.default)
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != count:
        raise Refused(f"{where}: expected {count} numbers, got {shown(value)}")
    for part, default in zip(value, argument.default, strict=True):
        _check_part(argument, where, part, default)


def _check_part(argument: Argument, where: str, value: Any, default: Any) -> None:
    if _is_listed(argument, value):
        return
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise Refused(f"{where}: expected True or False, got {shown(value)}")
    elif _is_choice(argument):
        raise Refused(f"{where}: {unknown_id(value, tuple(map(str, argument.values)))}")
    elif not (value is None and default is None):
        _check_number(where, value, argument.within)


def _is_choice(argument: Argument) -> bool:
    """Whether an argument takes nothing but the values that it lists."""
    if isinstance(argument.default, str):
        return argument.default is not REQUIRED
    return argument.default is None and any(isinstance(k, str) for k in argument.values)


def _check_number(where: str, value: Any, within: str) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value):
        raise Refused(f"{where}: expected a finite number, got {shown(value)}")
    if within and not is_within(within, value):
        raise Refused(f"{where}: expected a number {within}, got {shown(value)}")


def is_within(bounds: str, value: float) -> bool:
    """Whether a number keeps bounds written as `>= 0`, `> 0` or as an interval `[0, 1)`."""
    if bounds.startswith(">"):
        relation, _, limit = bounds.partition(" ")
        return value >= float(limit) if relation == ">=" else value > float(limit)
    low, high = (float(n) for n in bounds[1:-1].split(","))
    is_above = value >= low if bounds[0] == "[" else value > low
    return is_above and (value <= high if bounds[-1] == "]" else value < high)
