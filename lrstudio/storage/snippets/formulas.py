"""The formula of a schedule in the words of a framework."""

import ast
from collections.abc import Mapping
from typing import NamedTuple

from lrstudio.storage.snippets.layout import text_of


class Vocabulary(NamedTuple):
    """What the functions of `core.expressions` are called."""

    names: Mapping[str, str]
    has_arrays: bool
    """Whether `where` is a function; else it is a choice in Python's own words."""


PYTHON = Vocabulary(
    {
        **{name: f"math.{name}" for name in ("cos", "exp", "sqrt", "floor", "log", "pi")},
        "minimum": "min",
        "maximum": "max",
    },
    has_arrays=False,
)


class Branch(NamedTuple):
    """A value, and the condition under which it holds; the last one has none."""

    condition: str | None
    value: str


def translated(formula: str, vocabulary: Vocabulary, argument: str = "k") -> str:
    """The formula with the framework's names, at another argument."""
    return text_of(_Translation(vocabulary, argument).visit(ast.parse(formula, mode="eval").body))


def branches(formula: str, vocabulary: Vocabulary, argument: str = "k") -> list[Branch]:
    """The formula taken apart where it is a choice from the outside."""
    translation = _Translation(vocabulary, argument)
    node = ast.parse(formula, mode="eval").body
    found = []
    while isinstance(node, ast.Call) and text_of(node.func) == "where":
        condition, value, node = node.args
        found.append(Branch(*(text_of(translation.visit(part)) for part in (condition, value))))
    return [*found, Branch(None, text_of(translation.visit(node)))]


class _Translation(ast.NodeTransformer):
    """Puts the framework's names in the place of ours."""

    def __init__(self, vocabulary: Vocabulary, argument: str) -> None:
        self._vocabulary = vocabulary
        self._argument = ast.parse(argument, mode="eval").body

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """A function; without arrays a choice is Python's own."""
        arguments = [self.visit(argument) for argument in node.args]
        if text_of(node.func) == "where" and not self._vocabulary.has_arrays:
            return ast.IfExp(*arguments)
        return ast.Call(self.visit(node.func), arguments, [])

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """The argument, a function, or a constant."""
        if node.id == "k":
            return self._argument
        name = self._vocabulary.names.get(node.id, node.id)
        return ast.parse(name, mode="eval").body
