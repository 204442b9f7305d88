"""What a formula is made of, once it has been read."""

from collections.abc import Iterator

from msgspec import Struct


class Leaf(Struct, frozen=True):
    """A number, a letter, words, the name of a function or a sign."""

    tag: str
    """MathML's element: mn, mi, mtext or mo."""
    text: str


class Gap(Struct, frozen=True):
    """Room between two parts, in ems."""

    ems: float


ALIGNMENT = Gap(0.0)
"""Where a line goes on: the sign that follows stands between two factors, not before one."""


class Row(Struct, frozen=True):
    """Parts side by side."""

    parts: "tuple[Node, ...]"


class Group(Struct, frozen=True):
    """A row in brackets."""

    opening: str
    content: Row
    closing: str


class Call(Struct, frozen=True):
    """The name of a function and its arguments in brackets."""

    name: "Node"
    arguments: Group


class Fraction(Struct, frozen=True):
    """One row above another, or beside it where there is no room."""

    numerator: Row
    denominator: Row


class Root(Struct, frozen=True):
    """A square root."""

    content: Row


class Accent(Struct, frozen=True):
    """A letter with a mark above it."""

    base: Leaf
    mark: str


class Scripted(Struct, frozen=True):
    """A part with a subscript, a superscript or both."""

    base: "Node"
    sub: Row | None
    super: Row | None


Node = Leaf | Gap | Row | Group | Call | Fraction | Root | Accent | Scripted


def children(node: Node) -> Iterator[Node]:
    """The parts of a part."""
    match node:
        case Row(parts):
            yield from parts
        case Group(_, content, _) | Root(content):
            yield content
        case Call(name, arguments):
            yield from (name, arguments)
        case Fraction(numerator, denominator):
            yield from (numerator, denominator)
        case Accent(base, _):
            yield base
        case Scripted(base, sub, sup):
            yield from (part for part in (base, sub, sup) if part is not None)
