"""Configurations made from the declarations alone, so that a new one is tested by existing."""

import functools
import itertools
import math
import random
from collections.abc import Iterator
from typing import Any

import msgspec

from lrstudio.core import (
    DATASETS,
    DISTURBANCES,
    MODIFIERS,
    OPTIMIZERS,
    PROBLEMS,
    SCHEDULES,
    Parameter,
    Warmup,
    parameters,
)

REGISTRIES = (OPTIMIZERS, MODIFIERS, SCHEDULES, PROBLEMS, DATASETS, DISTURBANCES)
DECLARED = [cls for registry in REGISTRIES for cls in registry.values()]

MOST_VARIANTS = 16
"""Configurations of one declaration up to which all are tried."""
MOST_ROWS = 600
"""Configurations among which the few are looked for; of more, so many are drawn."""
TOGETHER = 3
"""Switches that are tried in all combinations where there are more."""


def name(subject: Any) -> str:
    """What a test is called: the class, or the configuration with what it sets."""
    if isinstance(subject, type):
        return subject.__name__
    default = type(subject)()
    fields = {f: getattr(subject, f) for f in subject.__struct_fields__}
    changed = {f: v for f, v in fields.items() if v != getattr(default, f)}
    return f"{type(subject).__name__}({', '.join(f'{f}={v!r}' for f, v in changed.items())})"


def variants(cls: type[msgspec.Struct]) -> list[Any]:
    """One configuration for every course that the declared rule can take.

    All choices and flags, and numbers that are zero by default also switched on. Where these are
    too many, every three of them meet in some configuration, or where that is too much, every two.
    """
    return list(_variants(cls))


@functools.cache
def _variants(cls: type[msgspec.Struct]) -> tuple[Any, ...]:
    options = {p.name: _options(p) for p in parameters(cls)}
    rows = list(itertools.product(*options.values()))
    if len(rows) > MOST_VARIANTS:
        every = rows if len(rows) <= MOST_ROWS else random.Random(1).sample(rows, MOST_ROWS)
        rows = covering(every)
        if len(rows) > 2 * MOST_VARIANTS:
            rows = covering(every, together=2)
    return tuple(cls(**dict(zip(options, values, strict=True))) for values in rows)


def covering(rows: list[tuple[Any, ...]], together: int = TOGETHER) -> list[tuple[Any, ...]]:
    """Few of the rows, in which any three values of different columns meet that do so in all rows.

    Each row taken is the one in which most of them meet for the first time (the first of equals).
    """
    varying = [i for i, column in enumerate(zip(*rows, strict=True)) if len(set(column)) > 1]
    meetings = [
        frozenset(itertools.combinations([(i, row[i]) for i in varying], together)) for row in rows
    ]
    missing = frozenset[Any]().union(*meetings)
    taken = []
    while missing:
        best = max(range(len(rows)), key=lambda i: len(meetings[i] & missing))
        taken.append(best)
        missing -= meetings[best]
    return [rows[i] for i in sorted(taken)]


def _options(parameter: Parameter) -> tuple[Any, ...]:
    if parameter.kind == "choice":
        return parameter.choices
    if parameter.kind == "flag":
        return (False, True)
    if parameter.kind == "real" and parameter.default == 0:
        assert parameter.high is not None
        return (0.0, 0.3 * parameter.high)
    return (parameter.default,)


ON_VECTORS = [cls for cls in OPTIMIZERS.values() if cls().unsuited(None) is None]
"""Rules that any problem suits, with their defaults."""
OPTIMIZER_VARIANTS = [v for cls in OPTIMIZERS.values() for v in variants(cls)]
WARMUPS = [None, *(w for w in variants(Warmup))]
SCHEDULE_VARIANTS = [v for cls in SCHEDULES.values() for v in variants(cls)]


def accepted(parameter: Parameter) -> list[Any]:
    """Values just inside the bounds, and the default."""
    return [parameter.default, *(v for v, is_inside in _edges(parameter) if is_inside)]


def refused(parameter: Parameter) -> list[Any]:
    """Values just outside the bounds, and values of another kind."""
    return [*(v for v, is_inside in _edges(parameter) if not is_inside), *_foreign(parameter)]


def _edges(parameter: Parameter) -> Iterator[tuple[Any, bool]]:
    match parameter.kind:
        case "flag":
            yield from ((False, True), (True, True))
        case "choice":
            yield from ((choice, True) for choice in parameter.choices)
        case "length":
            yield from ((None, True), *_number_edges(parameter))
        case "integers" | "numbers":
            yield from (((), True), *(((v,), ok) for v, ok in _number_edges(parameter)))
        case "points":
            yield (), True
            yield from ((((_place(parameter), y),), ok) for y, ok in _number_edges(parameter))
            yield from ((((x, 0.5),), ok) for x, ok in _number_edges(_places(parameter)))
        case "formula" | "constants" | "intervals":
            yield from _edges_of_formulas(parameter)
        case "schedules":
            yield from (((), True), ((SCHEDULES["step"](gamma=0.3), SCHEDULES["cosine"]()), True))
        case "dataset":
            yield from ((DATASETS["two_gaussians"](distance=1.0), True),)
        case _:
            yield from _number_edges(parameter)


def _edges_of_formulas(parameter: Parameter) -> Iterator[tuple[Any, bool]]:
    match parameter.kind:
        case "formula":
            yield from ((text, True) for text in ("x**2", "f(u, v) = u*u + c*v^4", "sum(x**2)"))
            yield from ((text, False) for text in ("x +", "3", "__import__", "x" * 501, "2x"))
        case "constants":
            yield (), True
            yield from (((("a", v),), ok) for v, ok in _number_edges(parameter))
            yield from (((("b", 2.0), ("b", 2.0)), False), ((("sin", 1.0),), False))
        case "intervals":
            yield (), True
            yield from ((((v, 1e101),), False) for v in (-1.0, 1.0))
            yield from ((((-1e101, v),), False) for v in (-1.0, 1.0))
            yield from (((span,), True) for span in ((-1e100, 1e100), (0.0, 1e-9)))
            yield from ((((1.0, 1.0),), False), (((1.0, -1.0),), False))


def _places(parameter: Parameter) -> Parameter:
    """The numbers along the first axis of points."""
    return msgspec.structs.replace(
        parameter, minimum=parameter.x_minimum, maximum=parameter.x_maximum
    )


def _place(parameter: Parameter) -> float:
    assert parameter.x_minimum is not None
    return parameter.x_minimum


def _number_edges(parameter: Parameter) -> Iterator[tuple[Any, bool]]:
    low, high = parameter.minimum, parameter.maximum
    assert low is not None, "every number is bounded below"
    assert high is not None, "every number is bounded above"
    yield low, not parameter.exclusive_minimum
    yield high, not parameter.exclusive_maximum
    yield _beyond(parameter, low, -1), False
    yield _beyond(parameter, high, +1), False
    yield _beyond(parameter, low, +1), True
    yield _beyond(parameter, high, -1), True


def _beyond(parameter: Parameter, bound: float, direction: int) -> float:
    if parameter.kind in ("real", "numbers", "points", "constants", "intervals"):
        return math.nextafter(bound, direction * math.inf)
    return bound + direction


def _foreign(parameter: Parameter) -> list[Any]:
    common: list[Any] = ["nonsense", "", [[]], {}, 10**400, -(10**400), math.nan, math.inf]
    if parameter.kind not in ("flag", "choice"):
        common += [True, "1"]
    if parameter.kind not in ("real", "integer"):
        common += [1.5]
    if parameter.kind != "length":
        common += [None]
    return common + _FOREIGN.get(parameter.kind, [])


_FOREIGN: dict[str, list[Any]] = {
    "integers": [(1.5,), (True,), (math.nan,), ("1",), 5],
    "numbers": [(True,), (math.nan,), ("1",), ((),), 5],
    "points": [(0.5,), ((0.5,),), ((0.5,) * 3,), (("1", 0.5),), ((0.5, math.nan),), 5],
    "schedules": [(5,), ("step",), ((),), 5],
    "formula": [5, ("x",)],
    "constants": [(0.5,), (("a",),), (("a", "1"),), ((1.0, "a"),), ((None, 1.0),), 5],
    "intervals": [(0.5,), ((0.5,),), ((0.0, 1.0, 2.0),), (("0", 0.5),), ((0.5, math.nan),), 5],
}
"""What other kinds hold, by the kind that must refuse it."""
