"""The left side, `f(x, y) =`: it names the variables, and may be left out."""

import re

from lrstudio.core.typed_formula.errors import FormulaError
from lrstudio.core.typed_formula.functions import RESERVED
from lrstudio.core.typed_formula.steps import ENTRY, NAME, PART, Step
from lrstudio.core.typed_formula.tokens import Token

MOST_VARIABLES = 6
USUAL = ("x", "y", "z")
"""Names that are variables where nobody says which ones are."""
_NUMBERED = re.compile("x([1-9])", re.ASCII)


def parted(tokens: list[Token]) -> tuple[tuple[str, ...] | None, list[Token]]:
    """The variables that the left side names, None without one, and the tokens behind it."""
    signs = [token.text for token in tokens]
    if "=" not in signs:
        return None, tokens
    equals = signs.index("=")
    left, right = tokens[:equals], tokens[equals + 1 :]
    if len(left) == 1 and left[0].kind == "name":  # f = …
        return None, right
    return _variables(left, tokens[equals]), right


def _variables(left: list[Token], equals: Token) -> tuple[str, ...]:
    shape = [token.text if token.kind == "sign" else token.kind for token in left]
    count = (len(left) - 2) // 2
    expected = ["name", "(", *["name", ","] * (count - 1), "name", ")"]
    if count < 1 or shape != expected:
        wrong = next((t for t, s, e in zip(left, shape, expected, strict=False) if s != e), equals)
        raise FormulaError(
            "expected f(x), f(x, y) or such on the left side", wrong.position, len(wrong.text)
        )
    names = left[2::2]
    if len(names) > MOST_VARIABLES:
        raise FormulaError(
            f"expected at most {MOST_VARIABLES} variables; for more write f(x) with sum(…) over "
            "the entries of x",
            names[MOST_VARIABLES].position,
        )
    for place, name in enumerate(names):
        if name.text in RESERVED:
            raise FormulaError(
                f"{name.text} has a meaning already; expected another name for a variable",
                name.position,
                len(name.text),
            )
        if name.text in [other.text for other in names[:place]]:
            raise FormulaError(
                f"expected each variable once, got {name.text} twice",
                name.position,
                len(name.text),
            )
    return tuple(name.text for name in names)


def usual_variables(steps: list[Step], end: int) -> tuple[str, ...]:
    """Of a formula without a left side: x, y and z, or x1, x2, …, as far as they occur."""
    names = {step.name for step in steps if step.operation in (NAME, ENTRY, PART)}
    found = tuple(name for name in USUAL if name in names)
    numbered = sorted(name for name in names if _NUMBERED.fullmatch(name))
    if numbered and not found:
        found = tuple(numbered)
    if not found:
        raise FormulaError("expected a variable: x, y or z, or f(u, v) = … to name others", 0, end)
    if len(found) > MOST_VARIABLES:
        raise FormulaError(f"expected at most {MOST_VARIABLES} variables", 0, end)
    return found
