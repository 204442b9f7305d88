"""The grammar: what may follow what.

    sum     = product { ("+" | "-") product }
    product = signed { ("*" | "/") signed }
    signed  = { "+" | "-" } power
    power   = atom [ ("**" | "^") signed ]
    atom    = number | name [ "(" sum { "," sum } ")" | "[" place "]" ] | "(" sum ")"

The text is read by this grammar alone. It is never handed to Python, so nothing can be in it that
is not a number, a name or one of these signs.
"""

import math

from lrstudio.core.typed_formula.errors import FormulaError
from lrstudio.core.typed_formula.functions import (
    ALSO_OF_ENTRIES,
    FUNCTIONS,
    NUMBERS,
)
from lrstudio.core.typed_formula.steps import ENTRY, NAME, NUMBER, PART, Range, Step
from lrstudio.core.typed_formula.tokens import Token

MOST_STEPS = 200
MOST_LEVELS = 40
LARGEST_PLACE = 100
"""Entry of a vector that can be named."""

_MOST_NAMED = 8
"""Functions that a sentence has room for."""
_SUMS = {"+": "add", "-": "subtract"}
_PRODUCTS = {"*": "multiply", "/": "divide"}
_POWERS = ("**", "^")


class Parser:
    """Reads the tokens of an expression once, from left to right."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._level = 0
        self.steps: list[Step] = []

    def expression(self) -> None:
        """Read all of it; the last step is the result."""
        self._sum()
        if self._next.kind != "end":
            raise self._superfluous()

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _take(self) -> Token:
        token = self._tokens[self._place]
        self._place += token.kind != "end"
        return token

    def _sees(self, *signs: str) -> bool:
        return self._next.kind == "sign" and self._next.text in signs

    def _sum(self) -> int:
        with_left = self._product()
        while self._sees("+", "-"):
            sign = self._take()
            with_left = self._add(_SUMS[sign.text], (with_left, self._product()), sign)
        return with_left

    def _product(self) -> int:
        with_left = self._signed()
        while self._sees("*", "/"):
            sign = self._take()
            with_left = self._add(_PRODUCTS[sign.text], (with_left, self._signed()), sign)
        return with_left

    def _signed(self) -> int:
        signs = []
        while self._sees("+", "-"):
            signs.append(self._take())
        result = self._power()
        for sign in reversed(signs):
            result = self._add("negative", (result,), sign) if sign.text == "-" else result
        return result

    def _power(self) -> int:
        base = self._atom()
        if not self._sees(*_POWERS):
            return base
        sign = self._take()
        self._deeper(sign)
        result = self._add("power", (base, self._signed()), sign)
        self._level -= 1
        return result

    def _atom(self) -> int:
        token = self._take()
        if token.kind == "number":
            return self._number(token)
        if token.kind == "name":
            return self._named(token)
        if token.kind == "sign" and token.text == "(":
            self._deeper(token)
            result = self._sum()
            self._close(token, ")")
            self._level -= 1
            return result
        raise self._no_operand(token)

    def _number(self, token: Token) -> int:
        value = float(token.text)
        if math.isinf(value):
            raise FormulaError("expected a number up to 1.8e308", token.position, len(token.text))
        return self._leaf(token, Step(NUMBER, number=value))

    def _named(self, name: Token) -> int:
        if self._sees("("):
            return self._call(name)
        if self._sees("["):
            return self._subscript(name)
        if name.text in FUNCTIONS:
            raise FormulaError(
                f"{name.text} is a function: expected {name.text}(…)",
                name.position,
                len(name.text),
            )
        if name.text in NUMBERS:
            return self._leaf(name, Step(NUMBER, number=NUMBERS[name.text]))
        return self._leaf(name, Step(NAME, name=name.text))

    def _call(self, name: Token) -> int:
        function = FUNCTIONS.get(name.text)
        if function is None:
            raise _unfinished(name) if self._place == 1 else _unknown_function(name)
        opening = self._take()
        self._deeper(opening)
        operands = [self._sum()]
        while self._sees(","):
            self._take()
            operands.append(self._sum())
        self._close(opening, ")")
        self._level -= 1
        operation = function.operation
        if len(operands) == 1 and name.text in ALSO_OF_ENTRIES:
            operation = ALSO_OF_ENTRIES[name.text]
        elif len(operands) != function.arguments:
            count = f"{function.arguments} argument{'s' * (function.arguments > 1)}"
            raise FormulaError(
                f"expected {count} of {name.text}, got {len(operands)}",
                name.position,
                len(name.text),
            )
        return self._add(operation, tuple(operands), name)

    def _subscript(self, name: Token) -> int:
        opening = self._take()
        first = self._whole()
        if not self._sees(":"):
            if first is None:
                raise self._no_place(self._next)
            self._close(opening, "]")
            return self._leaf(name, Step(ENTRY, name=name.text, place=first))
        self._take()
        last = self._whole()
        if self._sees(":"):
            raise FormulaError(
                "expected no step: parts are x[1:], x[:-1] or such", self._next.position
            )
        self._close(opening, "]")
        part: Range = (first or 0, last)
        if part[0] < 0 or (last is not None and last >= 0):
            raise FormulaError(
                "expected places from the front before the colon and from the end behind it, "
                "such as x[1:-1]",
                opening.position,
            )
        return self._leaf(name, Step(PART, name=name.text, part=part))

    def _whole(self) -> int | None:
        """A whole number with its sign, or None where there is none."""
        sign = self._take() if self._sees("-") else None
        token = self._next
        if token.kind != "number":
            if sign or not self._sees(":", "]"):
                raise self._no_place(token)
            return None
        if not token.text.isdecimal() or len(token.text) > 9 or int(token.text) > LARGEST_PLACE:
            raise self._no_place(token)
        self._take()
        return -int(token.text) if sign else int(token.text)

    def _close(self, opening: Token, bracket: str) -> None:
        if not self._sees(bracket):
            token = self._next
            if token.kind == "end":
                raise FormulaError(
                    f"expected {bracket!r} for this {opening.text!r}", opening.position
                )
            raise self._superfluous()
        self._take()

    def _deeper(self, token: Token) -> None:
        self._level += 1
        if self._level > MOST_LEVELS:
            raise FormulaError(
                f"expected at most {MOST_LEVELS} levels of brackets and powers", token.position
            )

    def _add(self, operation: str, operands: tuple[int, ...], token: Token) -> int:
        return self._leaf(token, Step(operation, operands))

    def _leaf(self, token: Token, step: Step) -> int:
        """Append a step that was written where the token stands; its number."""
        if len(self.steps) == MOST_STEPS:
            raise FormulaError(f"expected at most {MOST_STEPS} operations", token.position)
        length = max(len(token.text), 1)
        self.steps.append(step._replace(position=token.position, length=length))
        return len(self.steps) - 1

    def _no_place(self, token: Token) -> FormulaError:
        return FormulaError(
            f"expected a whole number up to {LARGEST_PLACE} or a part such as 1: in the brackets",
            token.position,
            len(token.text),
        )

    def _no_operand(self, token: Token) -> FormulaError:
        before = self._tokens[self._place - 2] if self._place >= 2 else None
        behind = f' after "{before.text}"' if before and before.kind == "sign" else ""
        if token.kind == "end":
            before = self._tokens[self._place - 1] if self._place else None
            behind = f' after "{before.text}"' if before else ""
            return FormulaError(
                f"expected a number, a name or ( {behind.strip()}".rstrip(), token.position
            )
        got = f'got "{token.text}"'
        return FormulaError(
            f"expected a number, a name or ({behind}, {got}", token.position, len(token.text)
        )

    def _superfluous(self) -> FormulaError:
        """What is wrong with a token that continues nothing."""
        before, token = self._tokens[self._place - 1], self._next
        size = len(token.text)
        if token.kind in ("name", "number") or token.text == "(":
            return _without_sign(before, token)
        if token.text == "," and before.kind == "number" and self._is_number_next():
            after = self._tokens[self._place + 1]
            return FormulaError(
                f"expected a dot in a decimal: write {before.text}.{after.text}", token.position
            )
        if token.text in (")", "]"):
            return FormulaError(
                f'"{token.text}" closes nothing: expected an operator', token.position
            )
        if token.text == "=":
            return FormulaError(
                'expected "=" only behind the left side, f(x, y) = …', token.position
            )
        return FormulaError(f'expected an operator, got "{token.text}"', token.position, size)

    def _is_number_next(self) -> bool:
        return self._tokens[self._place + 1].kind == "number"


def _without_sign(before: Token, token: Token) -> FormulaError:
    """Two operands with nothing between them: people mean a product."""
    close = before.text if before.kind != "sign" else "…)"
    far = token.text if token.kind != "sign" else "(…)"
    return FormulaError(
        f"expected an operator: write {close}*{far} for a product", token.position, len(token.text)
    )


def _unfinished(name: Token) -> FormulaError:
    """A call of an unknown function at the very beginning: perhaps f(x, y) without the rest."""
    if name.text == "f":
        return FormulaError("expected the loss behind the left side, f(x, y) = …", name.position)
    return _unknown_function(name)


def _unknown_function(name: Token) -> FormulaError:
    import difflib  # noqa: PLC0415 - for those who mistype

    near = difflib.get_close_matches(name.text.lower(), FUNCTIONS, n=1)
    if near:
        hint = f"did you mean {near[0]}?"
    elif len(name.text) == 1:
        hint = f"write {name.text}*(…) for a product"
    else:
        known = list(FUNCTIONS)
        hint = f"known are {', '.join(known[:_MOST_NAMED])} and {len(known) - _MOST_NAMED} more"
    return FormulaError(
        f"the function {name.text} is not known; {hint}", name.position, len(name.text)
    )
