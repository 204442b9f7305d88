"""Values, bounds and facts as short texts, the same in the window and on a terminal."""

import math
from typing import Any

import msgspec

from lrstudio.core.declaration import LISTS, Parameter, identifier
from lrstudio.core.problem import Problem

_MOST_POINTS = 4
_MOST_COORDINATES = 6
_ENTRIES = {
    "points": "pairs of numbers",
    "schedules": "schedules",
    "constants": "(name, number)",
    "intervals": "pairs of numbers",
}
"""What is in a list whose entries are no single numbers."""


def allowed(parameter: Parameter) -> str:
    """The values that a parameter takes, briefly."""
    if parameter.kind == "flag":
        return "true | false"
    if parameter.kind == "choice":
        return " | ".join(parameter.choices)
    if parameter.kind == "formula":
        return "a formula"
    low, high = parameter.minimum, parameter.maximum
    bounds = []
    if low is not None:
        bounds.append(f"{'>' if parameter.exclusive_minimum else '≥'} {number(low)}")
    if high is not None:
        bounds.append(f"{'<' if parameter.exclusive_maximum else '≤'} {number(high)}")
    text = ", ".join(bounds)
    if parameter.kind in LISTS:
        return f"list of {_ENTRIES.get(parameter.kind, text)}"
    return f"{text} or null" if parameter.kind == "length" else text


def value(content: Any) -> str:
    """A value as it stands in a file, numbers shortened; of a rule only its id."""
    if isinstance(content, list | tuple):
        return f"[{', '.join(map(value, content))}]"
    if isinstance(content, msgspec.Struct):
        return identifier(type(content))
    if isinstance(content, float):
        return number(content)
    return content if isinstance(content, str) else msgspec.json.encode(content).decode()


def number(content: float) -> str:
    """A number with up to six digits: 1e-8, not 1e-08."""
    mantissa, e, exponent = f"{content:g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if e else mantissa


def point(coordinates: tuple[float, ...]) -> str:
    """A point as text; long ones are cut."""
    shown = ", ".join(number(c) for c in coordinates[:_MOST_COORDINATES])
    return f"({shown}{', …' if len(coordinates) > _MOST_COORDINATES else ''})"


def points(many: tuple[tuple[float, ...], ...]) -> str:
    """The first points, and how many more there are."""
    shown = ", ".join(map(point, many[:_MOST_POINTS]))
    rest = len(many) - _MOST_POINTS
    return f"{shown} and {rest} more" if rest > 0 else shown


def facts(problem: Problem) -> tuple[tuple[str, str], ...]:
    """What is known about a problem: name and text of each fact."""
    domain = (
        f"{name} from {number(low)} to {number(high)}"
        for name, (low, high) in zip(problem.coordinates, problem.domain, strict=True)
    )
    known = [
        ("domain", ", ".join(domain)),
        ("start", point(problem.start)),
        ("minima", _minima(problem)),
    ]
    if problem.local_minima:
        known.append(("local minima", points(problem.local_minima)))
    return (*known, ("curvature", _curvature(problem)))


def _minima(problem: Problem) -> str:
    if problem.minimum_value is None:
        return "none found" if problem.minima_are_found else "not known"
    found = ", found numerically" if problem.minima_are_found else ""
    return f"{points(problem.minima)} with f = {number(problem.minimum_value)}{found}"


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
