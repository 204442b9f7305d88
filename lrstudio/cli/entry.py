"""The text of `lrstudio show`: formula, parameters, what is known, source."""

import math
from collections.abc import Iterator
from typing import Any

import msgspec

from lrstudio.cli import layout, terminal
from lrstudio.core import (
    Optimizer,
    Parameter,
    Problem,
    Schedule,
    Warmup,
    describe,
    identifier,
    parameters,
)
from lrstudio.core.declaration import LISTS
from lrstudio.engine import Experiment

Lines = Iterator[str]

_MOST_POINTS = 4
_MOST_COORDINATES = 6


def declaration_text(cls: type[msgspec.Struct], width: int) -> Lines:
    """An optimizer, a schedule or a problem, explained."""
    told = describe(cls)
    yield from _title(told.title, told.id)
    yield from layout.paragraph(told.summary[:1].upper() + told.summary[1:], width)
    yield ""
    yield from (f"    {line}".rstrip() for line in told.formula.splitlines())
    yield from _parameter_table("Parameters", cls, width)
    if issubclass(cls, Schedule):
        yield from _parameter_table("Warm-up, before any schedule", Warmup, width, "warmup.")
    if issubclass(cls, Problem):
        yield from _section("What is known", _facts(cls()), width)
    for note in told.notes.split("\n\n") if told.notes else ():
        yield ""
        yield from layout.paragraph(note, width)
    if told.source:
        yield ""
        yield from layout.paragraph(f"Source: {told.source}", width)
    yield ""
    yield f"Try: {_trial(cls)}"


def experiment_text(name: str, experiment: Experiment, width: int) -> Lines:
    """A shipped experiment, explained."""
    yield from _title(terminal.printable(experiment.title) or name, name)
    for note in experiment.notes.split("\n\n"):
        yield from layout.paragraph(terminal.printable(note), width)
    yield from _section("The race", _setting(experiment), width)
    yield ""
    yield terminal.heading("Contenders")
    rows = [
        (str(place), terminal.printable(c.name), _configured(c.optimizer), _configured(c.schedule))
        for place, c in enumerate(experiment.contenders)
    ]
    yield from layout.aligned(rows, width, indent=2) if rows else ()
    yield ""
    yield f"Start from it: lrstudio new {name} --out {name}.lrx"


def allowed(parameter: Parameter) -> str:
    """The values that a parameter takes, briefly."""
    if parameter.kind == "flag":
        return "true | false"
    if parameter.kind == "choice":
        return " | ".join(parameter.choices)
    low, high = parameter.minimum, parameter.maximum
    bounds = []
    if low is not None:
        bounds.append(f"{'>' if parameter.exclusive_minimum else '≥'} {number(low)}")
    if high is not None:
        bounds.append(f"{'<' if parameter.exclusive_maximum else '≤'} {number(high)}")
    text = ", ".join(bounds)
    if parameter.kind == "schedules":
        return "list of schedules"
    if parameter.kind in LISTS:
        return "list of pairs" if parameter.kind == "points" else f"list of {text}"
    return f"{text} or null" if parameter.kind == "length" else text


def value(content: Any) -> str:
    """A value as it stands in a file, numbers shortened."""
    if isinstance(content, list | tuple):
        return f"[{', '.join(map(value, content))}]"
    if isinstance(content, msgspec.Struct):
        return identifier(type(content))
    if isinstance(content, float):
        return number(content)
    return content if isinstance(content, str) else msgspec.json.encode(content).decode()


def _default(parameter: Parameter) -> str:
    """The default; of points only their number, which fits on a line."""
    is_long = parameter.kind == "points"
    return f"{len(parameter.default)} pairs" if is_long else value(parameter.default)


def number(content: float) -> str:
    """A number with up to six digits: 1e-8, not 1e-08."""
    mantissa, e, exponent = f"{content:g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if e else mantissa


def point(coordinates: tuple[float, ...]) -> str:
    """A point as text; long ones are cut."""
    shown = ", ".join(number(c) for c in coordinates[:_MOST_COORDINATES])
    return f"({shown}{', …' if len(coordinates) > _MOST_COORDINATES else ''})"


def _title(title: str, id: str) -> Lines:
    yield terminal.heading(title) + (f"  ({id})" if title.lower() != id else "")


def _section(title: str, rows: list[tuple[str, str]], width: int) -> Lines:
    yield ""
    yield terminal.heading(title)
    yield from layout.aligned(rows, width, indent=2)


def _parameter_table(title: str, cls: type[msgspec.Struct], width: int, prefix: str = "") -> Lines:
    rows = [
        (f"{prefix}{p.name}", p.symbol, _default(p), allowed(p), p.help) for p in parameters(cls)
    ]
    if rows:
        yield ""
        yield terminal.heading(title)
        header = ("name", "", "default", "allowed", "")
        yield from layout.aligned([header, *rows], width, indent=2)


def _facts(problem: Problem) -> list[tuple[str, str]]:
    names = problem.coordinates
    domain = (
        f"{name} from {number(low)} to {number(high)}"
        for name, (low, high) in zip(names, problem.domain, strict=True)
    )
    facts = [
        ("domain", ", ".join(domain)),
        ("start", point(problem.start)),
        ("minima", f"{_points(problem.minima)} with f = {number(problem.minimum_value)}"),
    ]
    if problem.local_minima:
        facts.append(("local minima", _points(problem.local_minima)))
    return [*facts, ("curvature", _curvature(problem))]


def _points(points: tuple[tuple[float, ...], ...]) -> str:
    shown = ", ".join(map(point, points[:_MOST_POINTS]))
    rest = len(points) - _MOST_POINTS
    return f"{shown} and {rest} more" if rest > 0 else shown


def _curvature(problem: Problem) -> str:
    ends = problem.curvature()
    if ends is None:
        return "not smooth at the minimum"
    smallest, largest = ends
    if largest <= 0:
        return "none at the minimum"
    text = f"{smallest:.4g} to {largest:.4g} at the minimum"
    if math.isclose(smallest, largest, rel_tol=1e-6):
        text = f"{largest:.4g} at the minimum"
    elif smallest > 0:
        text += f", condition number {largest / smallest:.4g}"
    return f"{text}; there gradient descent is stable while η < 2/λmax = {2 / largest:.3g}"


def _trial(cls: type[msgspec.Struct]) -> str:
    base = next(b for b in (Optimizer, Schedule, Problem) if issubclass(cls, b))
    path = {
        Optimizer: "contenders.0.optimizer",
        Schedule: "contenders.0.schedule",
        Problem: "problem",
    }[base]
    return f"lrstudio run --set {path}={identifier(cls)}"


def _setting(experiment: Experiment) -> list[tuple[str, str]]:
    rows = [("problem", _configured(experiment.problem)), ("steps", str(experiment.steps))]
    if experiment.starts:
        rows.append(("starts", _points(experiment.starts)))
    if experiment.noise:
        rows.append(("noise", number(experiment.noise)))
    if len(experiment.seeds) > 1:
        rows.append(("seeds", _seeds(experiment.seeds)))
    return [*rows, ("tolerance", number(experiment.tolerance))]


def _seeds(seeds: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, seeds[:_MOST_COORDINATES]))
    rest = len(seeds) - _MOST_COORDINATES
    return f"{shown} and {rest} more" if rest > 0 else shown


def _configured(config: msgspec.Struct) -> str:
    """An id and what differs from its defaults."""
    default = type(config)()
    parts = [identifier(type(config))]
    for name in config.__struct_fields__:
        content = getattr(config, name)
        if isinstance(content, Warmup):
            parts.append(f"warm-up of {content.steps} steps")
        elif content != getattr(default, name):
            parts.append(f"{name} {value(content)}")
    return parts[0] if len(parts) == 1 else f"{parts[0]} ({', '.join(parts[1:])})"
