"""Derivatives by going back through the graph: one pass gives all of them (reverse mode).

A branch that is not chosen has the slope 0, and what leads to it as well, even where its own slope
is infinite: 0 times that would not be a number. Where it may be so the 0 is put in, by `_gated`.
"""

import math
from collections.abc import Callable, Iterator, Mapping

from lrstudio.core.typed_formula.steps import ENTRY, PART
from lrstudio.core.typed_formula.terms import Algebra, Term

Chained = tuple[Term, ...]
Rule = Callable[[Algebra, Term, Term], Chained]
"""Of an algebra, a term and the slope along it: the slopes along its operands."""


def slopes(algebra: Algebra, result: Term) -> dict[Term, Term]:
    """Slopes of a single number along the coordinates and parts of the vector that it depends on.

    A slope along a part that is a single number is the same for all its entries.
    """
    along: dict[int, Term] = {result.key: algebra.number(1)}
    found: dict[Term, Term] = {}
    maybe_unchosen: set[int] = set()
    for term in reversed(_needed(algebra, result)):
        slope = along.pop(term.key, None)
        if slope is None:
            continue
        if term.operation in (ENTRY, PART):
            found[term] = slope
        is_gated = term.key in maybe_unchosen
        if is_gated or term.operation in CHOOSING:
            maybe_unchosen.update(operand.key for operand in term.operands)
        for operand, share in _shares(algebra, term, slope, is_gated=is_gated):
            known = along.get(operand.key)
            along[operand.key] = share if known is None else algebra.add(known, share)
    return found


def _shares(
    algebra: Algebra, term: Term, slope: Term, *, is_gated: bool
) -> Iterator[tuple[Term, Term]]:
    if not term.operands or term.operation == "sign":
        return
    parts = RULES[term.operation](algebra, term, slope)
    for operand, part in zip(term.operands, parts, strict=False):
        if operand.is_number or (part.is_number and part.number == 0):
            continue
        share = part
        if is_gated and term.operation not in LINEAR:
            share = _gated(algebra, slope, part)
        is_spread = operand.size is None and term.size is not None
        yield operand, algebra.total(share, term.size) if is_spread else share


def _gated(algebra: Algebra, gate: Term, slope: Term) -> Term:
    """A slope that is 0 where the gate is, which matters only if the slope may be infinite."""
    if gate.is_number or not slope.may_be_infinite:
        return slope
    return algebra.apply("gated", gate, slope)


def _needed(algebra: Algebra, result: Term) -> list[Term]:
    """The terms that a result depends on, each behind its operands."""
    needed = {result.key}
    for term in reversed(algebra.terms[: result.key + 1]):
        if term.key in needed:
            needed.update(operand.key for operand in term.operands)
    return [term for term in algebra.terms[: result.key + 1] if term.key in needed]


def _add(algebra: Algebra, term: Term, slope: Term) -> Chained:
    return slope, slope


def _subtract(algebra: Algebra, term: Term, slope: Term) -> Chained:
    return slope, algebra.negative(slope)


def _multiply(algebra: Algebra, term: Term, slope: Term) -> Chained:
    a, b = term.operands
    return algebra.multiply(slope, b), algebra.multiply(slope, a)


def _square(algebra: Algebra, term: Term, slope: Term) -> Chained:
    return (algebra.multiply(_doubled(algebra, slope), term.operands[0]),)


def _doubled(algebra: Algebra, slope: Term) -> Term:
    """Twice a slope; of what adds up known multiples these are doubled.

    That costs nothing where the slope itself is not needed, as in a polynomial.
    """
    two = algebra.number(2)
    if slope.operation in ("add", "subtract") and all(map(_is_multiple, slope.operands)):
        first, second = (algebra.multiply(two, operand) for operand in slope.operands)
        return algebra.apply(slope.operation, first, second)
    return algebra.multiply(two, slope)


def _is_multiple(term: Term) -> bool:
    return term.operation == "multiply" and term.operands[0].is_number


def _divide(algebra: Algebra, term: Term, slope: Term) -> Chained:
    share = algebra.divide(slope, term.operands[1])
    return share, algebra.negative(algebra.multiply(share, term))


def _power(algebra: Algebra, term: Term, slope: Term) -> Chained:
    a, b = term.operands
    if b.is_number:
        lower = _lower_power(algebra, a, b.number)
        return (algebra.multiply(slope, algebra.multiply(b, lower)),)
    lower = algebra.power(a, algebra.subtract(b, algebra.number(1)))
    along_base = algebra.multiply(slope, algebra.multiply(b, lower))
    along_exponent = algebra.multiply(term, algebra.apply("log_or_zero", a))
    return along_base, algebra.multiply(slope, along_exponent)


def _lower_power(algebra: Algebra, a: Term, exponent: float) -> Term:
    """A to the power exponent − 1; where that is infinite for a = 0, at a cusp, it is 0."""
    lower = algebra.number(exponent - 1)
    has_cusp = exponent < 1 and not exponent.is_integer()
    return algebra.apply("power_or_zero", a, lower) if has_cusp else algebra.power(a, lower)


def _angle(algebra: Algebra, term: Term, slope: Term) -> Chained:
    y, x = term.operands
    square = algebra.add(algebra.square(x), algebra.square(y))
    share = algebra.divide(slope, algebra.apply("infinite_for_zero", square))
    return algebra.multiply(share, x), algebra.negative(algebra.multiply(share, y))


def _length(algebra: Algebra, term: Term, slope: Term) -> Chained:
    share = algebra.multiply(slope, algebra.apply("inverse_or_zero", term))
    return tuple(algebra.multiply(share, operand) for operand in term.operands)


def _smaller(algebra: Algebra, term: Term, slope: Term) -> Chained:
    return tuple(reversed(_larger(algebra, term, slope)))


def _larger(algebra: Algebra, term: Term, slope: Term) -> Chained:
    """The larger one has it all; equal ones share it."""
    a, b = term.operands
    lead = algebra.apply("sign", algebra.subtract(a, b))
    half, one = algebra.number(0.5), algebra.number(1)
    share = algebra.multiply(half, algebra.add(lead, one))
    shares = share, algebra.subtract(one, share)
    return tuple(_gated(algebra, part, algebra.multiply(slope, part)) for part in shares)


def _of_gated(algebra: Algebra, term: Term, slope: Term) -> Chained:
    gate, _ = term.operands
    return algebra.number(0), algebra.apply("gated", gate, slope)


def _sum(algebra: Algebra, term: Term, slope: Term) -> Chained:
    return (slope,)


def _product(algebra: Algebra, term: Term, slope: Term) -> Chained:
    return (algebra.multiply(slope, algebra.apply("product_of_others", term.operands[0])),)


def _extreme(algebra: Algebra, term: Term, slope: Term) -> Chained:
    share = algebra.apply("share_of_extreme", term.operands[0], term)
    return (_gated(algebra, share, algebra.multiply(slope, share)),)


def _of_one(derivative: Callable[[Algebra, Term, Term], Term]) -> Rule:
    """The rule of a function of one number, from its derivative, given the operand and itself."""

    def rule(algebra: Algebra, term: Term, slope: Term) -> Chained:
        return (algebra.multiply(slope, derivative(algebra, term.operands[0], term)),)

    return rule


def _over(divisor: Callable[[Algebra, Term, Term], Term]) -> Rule:
    """The same from what its derivative is the reciprocal of."""

    def rule(algebra: Algebra, term: Term, slope: Term) -> Chained:
        return (algebra.divide(slope, divisor(algebra, term.operands[0], term)),)

    return rule


def _one_less_square(algebra: Algebra, a: Term) -> Term:
    return algebra.subtract(algebra.number(1), algebra.square(a))


def _one_more_square(algebra: Algebra, a: Term) -> Term:
    return algebra.add(algebra.square(a), algebra.number(1))


def _of_cube_root(algebra: Algebra, a: Term, t: Term) -> Term:
    inverse = algebra.apply("inverse_or_zero", algebra.square(t))
    return algebra.multiply(algebra.number(1 / 3), inverse)


def _of_root(algebra: Algebra, a: Term, t: Term) -> Term:
    return algebra.multiply(algebra.number(0.5), algebra.apply("inverse_or_zero", t))


def _of_tangent(algebra: Algebra, a: Term, t: Term) -> Term:
    return _one_more_square(algebra, t)


def _of_arc_cosine(algebra: Algebra, a: Term, t: Term) -> Term:
    return algebra.negative(algebra.apply("sqrt", _one_less_square(algebra, a)))


RULES: Mapping[str, Rule] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "power": _power,
    "power_or_zero": _power,
    "atan2": _angle,
    "hypot": _length,
    "minimum": _smaller,
    "maximum": _larger,
    "sum": _sum,
    "prod": _product,
    "smallest": _extreme,
    "largest": _extreme,
    "negative": lambda algebra, t, s: (algebra.negative(s),),
    "square": _square,
    "reciprocal": _of_one(lambda algebra, a, t: algebra.negative(algebra.square(t))),
    "sin": _of_one(lambda algebra, a, t: algebra.apply("cos", a)),
    "cos": _of_one(lambda algebra, a, t: algebra.negative(algebra.apply("sin", a))),
    "tan": _of_one(_of_tangent),
    "asin": _over(lambda algebra, a, t: algebra.apply("sqrt", _one_less_square(algebra, a))),
    "acos": _over(_of_arc_cosine),
    "atan": _over(lambda algebra, a, t: _one_more_square(algebra, a)),
    "sinh": _of_one(lambda algebra, a, t: algebra.apply("cosh", a)),
    "cosh": _of_one(lambda algebra, a, t: algebra.apply("sinh", a)),
    "tanh": _of_one(lambda algebra, a, t: _one_less_square(algebra, t)),
    "exp": _of_one(lambda algebra, a, t: t),
    "expm1": _of_one(lambda algebra, a, t: algebra.apply("exp", a)),
    "log": _over(lambda algebra, a, t: a),
    "log1p": _over(lambda algebra, a, t: algebra.add(a, algebra.number(1))),
    "log2": _over(lambda algebra, a, t: algebra.multiply(algebra.number(math.log(2)), a)),
    "log10": _over(lambda algebra, a, t: algebra.multiply(algebra.number(math.log(10)), a)),
    "sqrt": _of_one(_of_root),
    "cbrt": _of_one(_of_cube_root),
    "abs": _of_one(lambda algebra, a, t: algebra.apply("sign", a)),
    "inverse_or_zero": _of_one(lambda algebra, a, t: algebra.negative(algebra.square(t))),
    "infinite_for_zero": lambda algebra, t, s: (s,),
    "gated": _of_gated,
    "log_or_zero": _of_one(lambda algebra, a, t: algebra.apply("inverse_or_zero", a)),
}
"""Rules of all operations that occur in formulas and in their first derivatives."""
CHOOSING = ("minimum", "maximum", "smallest", "largest", "gated")
"""Operations along whose operands a slope may be 0 because another one was chosen."""
LINEAR = ("add", "subtract", "negative", "sum", *CHOOSING)
"""Operations that hand a slope on as it is, or see to it by themselves."""
