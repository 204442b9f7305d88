"""From a tree to MathML.

Fractions stand in full where there is room and lie down (`k/T`) in scripts and within other
fractions, where stacked ones would be too small to read.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from lrstudio.core.formula.parsing import LARGE, PREFIXES, RELATIONS, SEPARATORS, SUMS, unwrapped
from lrstudio.core.formula.tree import (
    ALIGNMENT,
    Accent,
    Call,
    Fraction,
    Gap,
    Group,
    Leaf,
    Node,
    Root,
    Row,
    Scripted,
    children,
)

_MARKS = {"\u0302": "\u0302", "\u0304": "¯", "\u0303": "~", "\u0307": "˙"}


def mathml(node: Node, is_small: bool = False) -> Element:
    """The MathML of a tree; `is_small` says that it stands in a script or a fraction."""
    match node:
        case Leaf(tag, text):
            return _leaf(tag, text)
        case Gap(ems):
            return _element("mspace", width=f"{ems}em")
        case Row(parts):
            return _row(*_signed(parts, is_small))
        case Group():
            return _row(*_fenced(node, is_small))
        case Call(name, arguments):
            return _row(mathml(name, is_small), *_fenced(arguments, is_small))
        case Root(content):
            return _element("msqrt", mathml(content, is_small))
        case Fraction():
            return _fraction(node, is_small)
        case Accent() | Scripted():
            return _marked(node, is_small)


def _leaf(tag: str, text: str) -> Element:
    # The name of a function as text, whose surroundings are spaced by the parser.
    element = _element("mtext" if tag == "mi" and len(text) > 1 else tag)
    element.text = text
    if text in PREFIXES:
        element.attrib.update(lspace="0", rspace="0")
    return element


def _row(*parts: Element) -> Element:
    return parts[0] if len(parts) == 1 else _element("mrow", *parts)


def _signed(parts: tuple[Node, ...], is_small: bool) -> Iterator[Element]:
    """The parts of a row; a minus that begins something stands tight before it."""
    before: Node | None = None
    for part in parts:
        element = mathml(part, is_small)
        if element.tag == "mo" and element.text in SUMS and _begins_after(before):
            element.set("form", "prefix")
        yield element
        before = part


def _begins_after(before: Node | None) -> bool:
    is_sign = isinstance(before, Leaf) and before.text in RELATIONS | SEPARATORS
    is_gap = isinstance(before, Gap) and before != ALIGNMENT
    return before is None or is_gap or is_sign


def _fenced(group: Group, is_small: bool) -> list[Element]:
    """Brackets grow with what is stacked inside, and only then: all others look the same."""
    stretchy = "false" if is_small or not _is_stacked(group.content) else "true"
    opening, closing = _leaf("mo", group.opening), _leaf("mo", group.closing)
    for sign, form in ((opening, "prefix"), (closing, "postfix")):
        sign.attrib.update(form=form, stretchy=stretchy)
    return [opening, mathml(group.content, is_small), closing]


def _is_stacked(node: Node) -> bool:
    if isinstance(node, Fraction | Root) or node in LARGE:
        return True
    return any(map(_is_stacked, children(node)))


def _fraction(node: Fraction, is_small: bool) -> Element:
    if is_small:
        slash = _leaf("mo", "/")
        return _row(mathml(node.numerator, True), slash, mathml(node.denominator, True))
    parts = (mathml(unwrapped(row), True) for row in (node.numerator, node.denominator))
    return _element("mfrac", *parts)


def _marked(node: Accent | Scripted, is_small: bool) -> Element:
    if isinstance(node, Accent):
        sign = _leaf("mo", _MARKS.get(node.mark, node.mark))
        return _element("mover", mathml(node.base), sign, accent="true")
    scripts = [mathml(script, True) for script in (node.sub, node.super) if script is not None]
    is_large = node.base in LARGE and not is_small
    below, above = ("under", "over") if is_large else ("sub", "sup")
    tag = f"m{below if node.sub is not None else ''}{above if node.super is not None else ''}"
    return _element(tag, mathml(node.base, is_small), *scripts)


def _element(tag: str, *parts: Element, **attributes: str) -> Element:
    element = Element(tag, attributes)
    element.extend(parts)
    return element
