"""What a form says about a parameter: its help, its default, its choices as words."""

import textwrap

from lrstudio.core import Parameter, describe, refusal
from lrstudio.core.declaration import LISTS
from lrstudio.core.validation import bounds_text
from lrstudio.gui.typed_numbers import written

_TIP_WIDTH = 56  # characters
_NAMES = {"relu": "ReLU", "gelu": "GELU"}
"""Choices that are written in a way of their own."""
_EPOCHS = "In steps; “5 epochs” can be typed as well where the problem has examples."


def help_text(parameter: Parameter) -> str:
    """What the parameter does, what it may be, and what it is if nobody touches it."""
    bounds = bounds_text(parameter).strip()
    lines = [f"{parameter.symbol}  {parameter.label}".strip(), parameter.help]
    if bounds and parameter.kind not in LISTS:
        lines.append(f"{bounds[0].upper()}{bounds[1:]}.")
    if parameter.unit == "steps":
        lines.append(_EPOCHS)
    if has_default(parameter):
        lines.append(f"Default: {default_text(parameter)}.")
    return "\n".join(lines)


def has_default(parameter: Parameter) -> bool:
    """Whether there is a value to go back to; required fields have none."""
    return refusal(parameter, parameter.default) is None


def default_text(parameter: Parameter) -> str:
    """The default as the form would show it."""
    if parameter.kind == "choice":
        return readable(str(parameter.default))
    if parameter.kind == "flag":
        return "on" if parameter.default else "off"
    if parameter.kind == "dataset":
        return describe(type(parameter.default)).title
    if parameter.kind == "schedules":
        return f"{len(parameter.default)} parts"
    return written(parameter.kind, parameter.default) or parameter.left_open


def readable(choice: str) -> str:
    """A choice's id as words."""
    return _NAMES.get(choice) or choice.replace("_", " ").capitalize()


def wrapped(text: str) -> str:
    """Lines short enough for a tool tip: Qt wraps only rich text, which this must not be."""
    return "\n".join(textwrap.fill(line, _TIP_WIDTH) for line in text.splitlines())
