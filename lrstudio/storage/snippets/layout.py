"""Lines of Python as a formatter would break them."""

import ast
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

WIDTH = 88
_INDENT = "    "
_EXPONENT = re.compile(r"(?<=\d)e([+-])0(\d)\b")


class Code(NamedTuple):
    """A value that is written as it is: a name, a call."""

    text: str


def literal(value: Any) -> str:
    """A value as it stands in a program."""
    if isinstance(value, Code):
        return value.text
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        inside = ", ".join(map(literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{literal(k)}: {literal(v)}' for k, v in value.items())}}}"
    return _EXPONENT.sub(r"e\1\2", repr(value)).replace("e+", "e")


def call(function: str, *positional: Any, **named: Any) -> str:
    """A call on one line."""
    arguments = [*map(literal, positional), *(f"{k}={literal(v)}" for k, v in named.items())]
    return f"{function}({', '.join(arguments)})"


def assignment(name: str, value: str) -> str:
    """`name = value`, broken where it is too long."""
    return laid_out(f"{name} = ", value)


def laid_out(before: str, expression: str, indent: int = 0) -> str:
    """An expression behind what stands before it, one argument on a line where it is too long."""
    if len(_INDENT * indent + before + expression) <= WIDTH:
        return _INDENT * indent + before + expression
    return "\n".join(_lines(ast.parse(expression, mode="eval").body, before, "", indent))


def indented(lines: Iterable[str], levels: int = 1) -> list[str]:
    """Lines (or blocks of them) further to the right."""
    return [
        f"{_INDENT * levels}{line}" if line else "" for block in lines for line in block.split("\n")
    ]


def text_of(node: ast.expr) -> str:
    """A formula as text, with the quotes and exponents that people write."""
    return _EXPONENT.sub(r"e\1\2", ast.unparse(node)).replace("'", '"')


def _lines(node: ast.expr, before: str, after: str, indent: int) -> list[str]:
    pad = _INDENT * indent
    whole = f"{pad}{before}{text_of(node)}{after}"
    if len(whole) <= WIDTH:
        return [whole]
    match node:
        case ast.Call(func, args, keywords):
            head, tail = f"{text_of(func)}(", ")"
            parts = [("", arg) for arg in args]
            parts += [(f"{keyword.arg}=", keyword.value) for keyword in keywords]
        case ast.List(elements) | ast.Tuple(elements):
            head, tail = ("[", "]") if isinstance(node, ast.List) else ("(", ")")
            parts = [("", element) for element in elements]
        case ast.BinOp():
            return _lines_of_sum(node, before, after, indent)
        case _:
            return [whole]
    together = f"{pad}{_INDENT}{', '.join(f'{name}{text_of(part)}' for name, part in parts)}"
    if len(together) <= WIDTH:
        return [f"{pad}{before}{head}", together, f"{pad}{tail}{after}"]
    inside = [line for name, part in parts for line in _lines(part, name, ",", indent + 1)]
    return [f"{pad}{before}{head}", *inside, f"{pad}{tail}{after}"]


def _lines_of_sum(node: ast.BinOp, before: str, after: str, indent: int) -> list[str]:
    """Two operands: the second one is broken if it is a call, else it has a line of its own."""
    whole, right = text_of(node), text_of(node.right)
    if isinstance(node.right, ast.Call) and whole.endswith(right):
        prefix = f"{before}{whole.removesuffix(right)}"
        if len(_INDENT * indent + prefix) < WIDTH // 2:
            return _lines(node.right, prefix, after, indent)
    pad, (left, rest) = _INDENT * indent, _parted(node, whole)
    if not before and after:  # brackets are there already
        return [f"{pad}{left}", f"{pad}{rest}{after}"]
    return [f"{pad}{before}(", f"{pad}{_INDENT}{left}", f"{pad}{_INDENT}{rest}", f"{pad}){after}"]


def _parted(node: ast.BinOp, whole: str) -> tuple[str, str]:
    """The first operand, and the operator with the second one, brackets kept."""
    left = text_of(node.left)
    left = left if whole.startswith(left) else f"({left})"
    return left, whole.removeprefix(left).lstrip()
