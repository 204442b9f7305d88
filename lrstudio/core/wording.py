"""Values and bounds as short texts, the same in the window and on a terminal."""

from typing import Any

import msgspec

from lrstudio.core.declaration import LISTS, Parameter, identifier

MOST_POINTS = 4
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
    """A number with up to six digits: 1e-8, not 1e-08, and 0 for −0."""
    mantissa, e, exponent = f"{content + 0.0:g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if e else mantissa


def point(coordinates: tuple[float, ...]) -> str:
    """A point as text; long ones are cut."""
    shown = ", ".join(number(c) for c in coordinates[:_MOST_COORDINATES])
    return f"({shown}{', …' if len(coordinates) > _MOST_COORDINATES else ''})"


def points(many: tuple[tuple[float, ...], ...]) -> str:
    """The first points, and how many more there are."""
    shown = ", ".join(map(point, many[:MOST_POINTS]))
    rest = len(many) - MOST_POINTS
    return f"{shown} and {rest} more" if rest > 0 else shown
