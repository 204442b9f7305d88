"""Expressions as a graph in which equal parts are one: what is needed twice is computed once.

`Algebra` makes the terms and simplifies as it goes: numbers are worked out, zeros and ones vanish,
whole powers become products. That is most of what makes a typed formula as fast as a problem whose
gradient was written by hand.
"""

import math
from collections.abc import Callable

import numpy as np
from msgspec import Struct

from lrstudio.core.typed_formula.operations import OPERATIONS
from lrstudio.core.typed_formula.steps import ALL, ENTRY, INDEX_PART, NUMBER, PART, Range

Size = int | None
LARGEST_WHOLE_POWER = 16
"""Exponents up to which a power is written as products."""
SMALLEST_INVERTED = 1e-300
"""Numbers above it have a reciprocal that is finite."""


class Term(Struct, frozen=True, eq=False):
    """An operation on terms, or a leaf; of an algebra equal ones are the same one."""

    key: int
    operation: str
    operands: tuple["Term", ...]
    size: Size
    """Entries that it has less than the vector; None for a single number."""
    number: float = 0.0
    place: int = 0
    part: Range = ALL
    may_be_infinite: bool = False
    """Whether it can be infinite where the position is not, and not huge either."""

    @property
    def is_number(self) -> bool:
        """Whether it is known."""
        return self.operation == NUMBER


class Algebra:
    """Makes the terms of one formula for vectors of `count` entries."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.terms: list[Term] = []
        """All of them, each behind its operands."""
        self._known: dict[tuple[object, ...], Term] = {}

    def number(self, value: float) -> Term:
        """A number; −0 is not 0, and NaN is one term."""
        value = float(value)
        return self._term(NUMBER, (), None, number=value)

    def entry(self, place: int) -> Term:
        """One coordinate."""
        place = place if place >= 0 else self.count + place
        return self._term(ENTRY, (), None, place=place)

    def part(self, part: Range) -> Term:
        """Some entries of the vector."""
        return self._term(PART, (), part[0] - (part[1] or 0), part=part)

    def index(self, part: Range) -> Term:
        """The numbers of some entries, from 1."""
        return self._term(INDEX_PART, (), part[0] - (part[1] or 0), part=part)

    def apply(self, operation: str, *operands: Term) -> Term:
        """Any operation, simplified where it can be."""
        rule = self._rules().get(operation)
        if rule is not None:
            return rule(*operands)
        return self._plain(operation, *operands)

    def total(self, term: Term, size: Size, operation: str = "sum") -> Term:
        """The sum (or else) over the entries of a vector; one that is known may be a number."""
        if size is None or term.size is not None:
            return term if size is None else self._plain(operation, term)
        entries = self.count - size
        if operation == "sum":
            return self.multiply(self.number(entries), term)
        return self.power(term, self.number(entries)) if operation == "prod" else term

    def add(self, a: Term, b: Term) -> Term:
        """A + b."""
        if a.is_number and not b.is_number:
            a, b = b, a
        if b.is_number and b.number == 0:
            return a
        if a.key == b.key:
            return self.multiply(self.number(2), a)
        if b.operation == "negative":
            return self.subtract(a, b.operands[0])
        if a.operation == "negative":
            return self.subtract(b, a.operands[0])
        return self._commuting("add", a, b)

    def subtract(self, a: Term, b: Term) -> Term:
        """A − b."""
        if b.is_number and b.number == 0:
            return a
        if a.is_number and a.number == 0:
            return self.negative(b)
        if b.operation == "negative":
            return self.add(a, b.operands[0])
        factor, rest = self._factored(b)
        if factor < 0 and rest is not None:
            return self.add(a, self.multiply(self.number(-factor), rest))
        return self._plain("subtract", a, b)

    def negative(self, a: Term) -> Term:
        """−a."""
        if a.operation == "negative":
            return a.operands[0]
        if a.operation == "subtract":
            return self.subtract(a.operands[1], a.operands[0])
        factor, rest = self._factored(a)
        if rest is not None and factor != 1:
            return self.multiply(self.number(-factor), rest)
        return self._plain("negative", a)

    def multiply(self, a: Term, b: Term) -> Term:
        """A b, with all known factors in front."""
        (m, rest_a), (n, rest_b) = self._factored(a), self._factored(b)
        factor = m * n
        if _is_lost(factor, m, n):
            return self._commuting("multiply", a, b)
        if rest_a is None or rest_b is None:
            return self._times(factor, rest_b if rest_a is None else rest_a)
        if rest_a.key == rest_b.key:
            return self._times(factor, self.square(rest_a))
        for x, y in ((rest_a, rest_b), (rest_b, rest_a)):
            if x.operation == "reciprocal":
                return self._times(factor, self.divide(y, x.operands[0]))
        return self._times(factor, self._commuting("multiply", rest_a, rest_b))

    def square(self, a: Term) -> Term:
        """a²."""
        factor, rest = self._factored(a)
        if rest is not None and factor != 1 and not _is_lost(factor * factor, factor, factor):
            return self._times(factor * factor, self.square(rest))
        if a.operation == "abs":
            return self.square(a.operands[0])
        return self._plain("square", a)

    def divide(self, a: Term, b: Term) -> Term:
        """A / b."""
        is_power_of_two = b.is_number and abs(math.frexp(b.number)[0]) == 0.5
        if is_power_of_two and abs(b.number) > SMALLEST_INVERTED:  # exact
            return self.multiply(self.number(1 / b.number), a)
        if a.is_number and a.number == 0:
            return a
        if a.is_number and a.number == 1:
            return self._plain("reciprocal", b)
        if b.operation == "negative":
            return self.negative(self.divide(a, b.operands[0]))
        factor, rest = self._factored(a)
        if rest is not None and factor == -1:
            return self.negative(self.divide(rest, b))
        return self._plain("divide", a, b)

    def power(self, a: Term, b: Term) -> Term:
        """A to the power b."""
        if not b.is_number or a.is_number:
            return self._plain("power", a, b)
        exponent = b.number
        if exponent < 0 and (2 * exponent).is_integer() and -exponent <= LARGEST_WHOLE_POWER:
            return self.apply("reciprocal", self.power(a, self.number(-exponent)))
        if not (2 * exponent).is_integer() or abs(exponent) > LARGEST_WHOLE_POWER:
            return self._plain("power", a, b)
        whole = int(exponent)
        product = self._whole_power(a, whole)
        return product if whole == exponent else self.multiply(product, self.apply("sqrt", a))

    def _whole_power(self, a: Term, exponent: int) -> Term:
        if exponent < 2:
            return a if exponent else self.number(1)
        half = self._whole_power(a, exponent // 2)
        even = self.square(half)
        return self.multiply(even, a) if exponent % 2 else even

    def _rules(self) -> dict[str, Callable[..., Term]]:
        return {
            "add": self.add,
            "subtract": self.subtract,
            "negative": self.negative,
            "multiply": self.multiply,
            "square": self.square,
            "divide": self.divide,
            "power": self.power,
        }

    def _factored(self, a: Term) -> tuple[float, Term | None]:
        """A known factor, and the rest; None where all of it is known."""
        if a.is_number:
            return a.number, None
        if a.operation == "negative":
            return -1.0, a.operands[0]
        if a.operation == "multiply" and a.operands[0].is_number:
            return a.operands[0].number, a.operands[1]
        return 1.0, a

    def _times(self, factor: float, rest: Term | None) -> Term:
        if rest is None or factor == 0:
            return self.number(factor)
        if factor == 1:
            return rest
        if factor == -1:
            return (
                self.negative(rest)
                if rest.operation == "subtract"
                else self._plain("negative", rest)
            )
        if rest.is_number:
            return self.number(factor * rest.number)
        return self._term("multiply", (self.number(factor), rest), rest.size)

    def _commuting(self, operation: str, a: Term, b: Term) -> Term:
        return self._plain(operation, *sorted((a, b), key=_key))

    def _plain(self, operation: str, *operands: Term) -> Term:
        if all(term.is_number for term in operands):
            with np.errstate(all="ignore"):
                values = (np.float64(term.number) for term in operands)
                return self.number(float(OPERATIONS[operation](*values)))
        sizes = {term.size for term in operands} - {None}
        size = None if operation in REDUCING else next(iter(sizes), None)
        return self._term(operation, operands, size)

    def _term(
        self,
        operation: str,
        operands: tuple[Term, ...],
        size: Size,
        *,
        number: float = 0.0,
        place: int = 0,
        part: Range = ALL,
    ) -> Term:
        keys = tuple(term.key for term in operands)
        known = (operation, keys, size, repr(number), place, part)
        if known not in self._known:
            leaps = _leaps(operation, operands) or any(o.may_be_infinite for o in operands)
            term = Term(len(self.terms), operation, operands, size, number, place, part, leaps)
            self.terms.append(term)
            self._known[known] = term
        return self._known[known]


LEAPING = frozenset(
    (
        "divide",
        "reciprocal",
        "power",
        "exp",
        "expm1",
        "sinh",
        "cosh",
        "log",
        "log1p",
        "log2",
        "log10",
    )
)
"""Operations that make infinite numbers of finite ones."""


def _leaps(operation: str, operands: tuple[Term, ...]) -> bool:
    if operation in ("divide", "power") and operands[1].is_number:
        second = operands[1].number
        return second < 0 if operation == "power" else second == 0
    return operation in LEAPING


REDUCING = ("sum", "prod", "smallest", "largest")
"""Operations that make one number of a vector."""


def _is_lost(product: float, a: float, b: float) -> bool:
    """Whether a product of known factors overflows, or underflows to 0, where they do not."""
    return math.isinf(product) or (product == 0 and a != 0 and b != 0)


def _key(term: Term) -> int:
    return term.key
