"""What a table of a framework's schedules is made of, and what all frameworks share.

An `Entry` says how a class of a framework is called: its arguments with their defaults, and the
schedule of ours that gives the same rates. Rates are divided by a base rate, since our schedules
are factors; where the caller gives none, the entry names the rate that the arguments speak of.

The way back, `Writes`, has for each schedule of ours that a class may be the arguments that come
nearest. They need not fit, since they are read again before anybody sees them.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from lrstudio.core.schedule import Schedule, Warmup
from lrstudio.core.schedules.composed import Product, Sequence
from lrstudio.core.schedules.decays import Constant, Exponential, Linear
from lrstudio.core.schedules.drawn import Table
from lrstudio.core.schedules.pieces import ConstantFactor
from lrstudio.core.validation import Refused, shown, validated

Arguments = SimpleNamespace
"""The arguments of a call, those left out with their defaults."""

LONGEST_TABLE = 100_000


class Required:
    """Stands where an argument has no default."""


class Unfit(Exception):
    """Arguments that the framework refuses; the sentence begins with the argument's name."""


class Call(NamedTuple):
    """A framework's class and those arguments that are not its defaults."""

    name: str
    arguments: dict[str, Any]


class Entry(NamedTuple):
    """How a framework's class is called, and what it is here."""

    arguments: Mapping[str, Any]
    """Every argument with its default, `Required` where there is none."""
    build: Callable[[Arguments, float, int | None], Schedule]
    """Our schedule from checked arguments, the base rate and the number of steps."""
    natural: Callable[[Arguments], float]
    """The rate that the arguments speak of: factor 1 where no base rate is given."""
    check: Callable[[Arguments], None]
    """What refuses arguments, as the framework does; it may tidy them."""


class Inside(NamedTuple):
    """A schedule among the arguments of another, for the steps that it has there."""

    schedule: Schedule
    steps: int


Write = Callable[[Any, float, int], dict[str, Any]]
"""Arguments from a schedule, the base rate and the steps after its warm-up.

Raises `Unfit` or an `ArithmeticError` where there are none.
"""
Writes = Mapping[str, Mapping[type[Schedule], Write]]
"""By name of a framework's class: the schedules that it may be."""


def given(defaults: Mapping[str, Any], arguments: Mapping[str, Any]) -> Arguments:
    """All arguments; raises `Unfit` for unknown and missing ones."""
    for name in arguments:
        if name not in defaults:
            raise Unfit(f"{name} is no argument of it; it has {', '.join(defaults)}")
    found = {**defaults, **arguments}
    for name, value in found.items():
        if value is Required:
            raise Unfit(f"{name} is missing")
    return Arguments(**{name: _plain(value) for name, value in found.items()})


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def numbers(a: Arguments, *names: str) -> None:
    """Refuse arguments that are no finite numbers."""
    for name in names:
        value = getattr(a, name)
        if not isinstance(value, int | float) or not math.isfinite(value):
            raise Unfit(f"{name}: expected a number, got {shown(value)}")


def positive(a: Arguments, *names: str) -> None:
    """Refuse arguments that are no numbers above 0."""
    numbers(a, *names)
    for name in names:
        if getattr(a, name) <= 0:
            raise Unfit(f"{name}: expected a number above 0, got {getattr(a, name):g}")


def whole(value: float) -> Any:
    """The number as an int where it is one, as it came where it is not."""
    return int(value) if float(value).is_integer() else value


def boundaries(value: Any, name: str) -> list[tuple[float, float]]:
    """The pairs of a mapping from steps to numbers, sorted; JSON has steps as text."""
    if not isinstance(value, Mapping):
        raise Unfit(f"{name}: expected steps with factors, got {shown(value)}")
    try:
        return sorted((whole(float(step)), float(scale)) for step, scale in value.items())
    except (TypeError, ValueError):
        raise Unfit(f"{name}: expected steps with factors, got {shown(value)}") from None


def listed(value: Any, name: str) -> list[Any]:
    """The entries of any list-like argument."""
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise Unfit(f"{name}: expected a list, got {shown(value)}")
    return [_plain(entry) for entry in value]


def length_of(schedule: Any, span: int) -> int:
    """The length of a schedule: what is left of the run where it has none of its own."""
    return max(span, 1) if schedule.length is None else int(schedule.length)


def gamma_of(schedule: Exponential) -> float:
    """The factor of an exponential decay, in either of its forms."""
    return math.exp(-schedule.rate) if schedule.form == "rate" else schedule.gamma


# --- building blocks -----------------------------------------------------------------------------


def level(factor: float) -> Schedule:
    """One factor throughout."""
    return Constant() if factor == 1 else ConstantFactor(factor=factor)


def scaled(schedule: Schedule, factor: float) -> Schedule:
    """A schedule times a number."""
    return schedule if factor == 1 else Product(parts=(ConstantFactor(factor=factor), schedule))


def after_rise(schedule: Schedule, start: float, steps: int) -> Schedule:
    """A schedule after a straight line of `steps` from `start` to 1."""
    if steps == 0:
        return schedule
    if steps > 0 and 0 <= start <= 1 and not getattr(schedule, "parts", ()):
        return _warmed(schedule, start, steps)
    line = Linear(start=start, end=1.0, length=steps) if steps > 0 else level(start)
    return Sequence(parts=(line, schedule), boundaries=(steps,))


def _warmed(schedule: Schedule, start: float, steps: int) -> Schedule:
    fields = {name: getattr(schedule, name) for name in schedule.__struct_fields__}
    return type(schedule)(**{**fields, "warmup": Warmup(steps=steps, start=start)})


def tabulated(schedule: Schedule, steps: int | None) -> Schedule:
    """The same schedule where a file could hold it, else the table of its factors.

    Frameworks take lengths that are not whole and rates below 0, which ours do not.
    """
    try:
        return validated(schedule)
    except Refused as refused:
        reason = refused
    if schedule.listens:
        raise Unfit(str(reason))
    with np.errstate(all="ignore"):
        values = schedule.factors(table_length(steps, str(reason)))
        momenta = schedule.momenta(len(values))
    if not np.isfinite(values).all():
        raise Unfit(f"the rates are no numbers ({reason})")
    return table(values, momenta)


def table(values: Any, momenta: Any = None) -> Schedule:
    """The table of some factors; raises `Unfit` for what is too large for one."""
    held = () if momenta is None else tuple(np.asarray(momenta).tolist())
    made = Table(values=tuple(np.asarray(values).tolist()), momentum_values=held)
    try:
        return validated(made)
    except Refused as refused:
        raise Unfit(str(refused)) from None


def table_length(steps: int | None, reason: str) -> int:
    """The number of steps to tabulate; raises `Unfit` where it is not known or too large."""
    if steps is None:
        raise Unfit(f"{reason}: give the number of steps, so that the rates can be tabulated")
    if steps > LONGEST_TABLE:
        raise Unfit(f"{reason}: at most {LONGEST_TABLE:,} steps can be tabulated, not {steps:,}")
    return steps
