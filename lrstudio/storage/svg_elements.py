"""The few elements that our SVG consists of, written compactly: strokes, shapes and words.

No style sheets, clip paths, gradients or `use`: what is left looks the same in browsers, librsvg
and QtSvg.
"""

import re
from collections.abc import Mapping
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

import msgspec
import numpy as np

from lrstudio.storage.geometry import Points

Anchor = Literal["start", "middle", "end"]
Attributes = Mapping[str, str | float]

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(tag: str, attributes: Attributes, content: str = "") -> str:
    """One element; numbers are rounded to hundredths, text is escaped."""
    written = "".join(f" {name}={_quoted(value)}" for name, value in attributes.items())
    return f"<{tag}{written}>{escaped(content)}</{tag}>" if content else f"<{tag}{written}/>"


def stroke(
    path: str, colour: str, width: float = 1.0, dash: tuple[float, ...] = (), opacity: float = 1.0
) -> str:
    """A path that is drawn and not filled; dashes are given in widths."""
    attributes: dict[str, str | float] = {"d": path, "fill": "none", "stroke": colour}
    if width != 1:
        attributes |= {"stroke-width": width, "stroke-linejoin": "round"}
    if dash:
        attributes["stroke-dasharray"] = ",".join(number(length * width) for length in dash)
    if opacity < 1:
        attributes["stroke-opacity"] = opacity
    return element("path", attributes)


def filled(path: str, colour: str, outline: str = "") -> str:
    """A path that is filled by the even-odd rule, with a thin outline if a colour is given."""
    attributes: dict[str, str | float] = {"d": path, "fill": colour, "fill-rule": "evenodd"}
    if outline:
        attributes |= {"stroke": outline, "stroke-width": 1.2}
    return element("path", attributes)


def words(
    text: str,
    at: tuple[float, float],
    size: float,
    colour: str,
    anchor: Anchor = "start",
    *,
    note: tuple[str, str] | None = None,
) -> str:
    """One line of text; a note is a second text with its own colour that follows the first."""
    x, y = at
    attributes: dict[str, str | float] = {"x": x, "y": y, "font-size": size, "fill": colour}
    if anchor != "start":
        attributes["text-anchor"] = anchor
    if note is None:
        return element("text", attributes, text)
    # QtSvg keeps a space between the two only at the end of the first.
    first = element("text", attributes, f"{text} ").removesuffix("</text>")
    return first + element("tspan", {"fill": note[1]}, note[0]) + "</text>"


def opened(points: Points) -> str:
    """Path data of a polyline."""
    numbers = msgspec.json.encode(np.round(points, 2).ravel().tolist()).decode()
    return "M" + f"{numbers[1:-1]},".replace(".0,", ",")[:-1]


def closed(points: Points) -> str:
    """Path data of a polygon."""
    return opened(points) + "Z"


def number(value: float) -> str:
    """A length in pixels, to hundredths, without idle zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def escaped(text: str) -> str:
    """Text that any XML reader takes: escaped, without characters that XML does not know."""
    return escape(_FORBIDDEN.sub("\ufffd", text))


def _quoted(value: str | float) -> str:
    return quoteattr(value) if isinstance(value, str) else f'"{number(value)}"'
