"""Formulas written down: what a function of arrays computes, as one line of Python.

The function is called once with a stand-in for its argument, which notes what is done to it. What
is noted is tidied by what is known of the argument: of the steps 0 to 99 the smaller one of `k` and
100 is `k`.
"""

import ast
import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lrstudio.core.arrays import ArrayLike

FUNCTIONS = ("cos", "exp", "sqrt", "floor", "log", "minimum", "maximum", "where")
"""The functions that an expression may call, besides the operators; `pi` is a name as well."""

MOST_TURNS = 12
"""Pieces that are written down one by one."""
_LARGEST_WHOLE = 1e9
_OPERATORS: dict[np.ufunc, tuple[ast.operator, Callable[[Any, Any], Any]]] = {
    np.add: (ast.Add(), operator.add),
    np.subtract: (ast.Sub(), operator.sub),
    np.multiply: (ast.Mult(), operator.mul),
    np.divide: (ast.Div(), operator.truediv),
    np.power: (ast.Pow(), operator.pow),
    np.remainder: (ast.Mod(), operator.mod),
    np.floor_divide: (ast.FloorDiv(), operator.floordiv),
}
_COMPARISONS: dict[np.ufunc, ast.cmpop] = {
    np.less: ast.Lt(),
    np.less_equal: ast.LtE(),
    np.greater: ast.Gt(),
    np.greater_equal: ast.GtE(),
}


class Unwritable(TypeError):
    """What is done to the argument cannot be written in one line."""


def expression(function: Callable[[ArrayLike], ArrayLike], last: float) -> str | None:
    """What a function computes from `k`, between 0 and `last`; None where no line can say it.

    The names in it are `k`, `pi` and `FUNCTIONS`.
    """
    try:
        with np.errstate(all="ignore"):
            return ast.unparse(_node(function(Symbol(ast.Name("k"), 0.0, float(last)))))
    except (TypeError, ValueError, IndexError, AttributeError):  # it wanted a real array
        return None


class Symbol(np.lib.mixins.NDArrayOperatorsMixin):
    """Stands for an array: a formula, and the interval in which its values are."""

    def __init__(self, node: ast.expr, low: float = -math.inf, high: float = math.inf) -> None:
        self.node = node
        self.low = low
        self.high = high

    def up_to(self, last: float) -> "Symbol":
        """The same where it is known to be at most `last`."""
        return Symbol(self.node, self.low, min(self.high, last))

    def after(self, start: float) -> "Symbol":
        """The steps since `start`, where it is known not to lie before."""
        if start == 0:
            return self
        return Symbol(_signed(self.node, ast.Sub(), _node(start)), 0.0, self.high - start)

    def __bool__(self) -> bool:
        raise Unwritable("a choice between two courses")

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise Unwritable("a formula has no numbers")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **settings: Any) -> Any:
        if method != "__call__" or settings:
            raise Unwritable(f"{ufunc.__name__}.{method}")
        operands = [one if isinstance(one, Symbol) else _number(one) for one in inputs]
        if ufunc in _COMPARISONS:
            return _compared(ufunc, *operands)
        if ufunc in _OPERATORS:
            return _combined(ufunc, *operands)
        if ufunc in _RULES:
            return _RULES[ufunc](*operands)
        raise Unwritable(ufunc.__name__)

    def __array_function__(
        self, function: Any, types: Any, inputs: Sequence[Any], settings: Any
    ) -> Any:
        if function not in _ARRAY_RULES:
            raise Unwritable(function.__name__)
        return _ARRAY_RULES[function](*inputs, **settings)


Operand = Symbol | float


def choose(condition: Any, chosen: Operand, other: Operand) -> Operand:
    """One of two values."""
    if not isinstance(condition, Symbol):
        return chosen if condition else other
    low, high = [
        bound(_interval(chosen)[i], _interval(other)[i]) for i, bound in enumerate((min, max))
    ]
    parts = [condition.node, _node(chosen), _node(other)]
    return Symbol(_call("where", *parts), low, high)


def in_turn(k: ArrayLike, turns: Sequence[float], values: Sequence[ArrayLike]) -> ArrayLike:
    """The first value before the first turn, the second before the second, ..., the last one."""
    if len(turns) > MOST_TURNS:
        raise Unwritable("too many turns")
    found = values[-1]
    for turn, value in reversed(list(zip(turns, values[:-1], strict=True))):
        found = choose(_compared(np.less, k, float(turn)), value, found)
    return found


def _compared(ufunc: np.ufunc, left: Operand, right: Operand) -> Symbol | bool:
    lowest, highest = _interval(left)
    low, high = _interval(right)
    outcomes = {bool(ufunc(lowest, high)), bool(ufunc(highest, low))}
    if len(outcomes) == 1:
        return outcomes.pop()
    left, right = _shifted(left, right)
    return Symbol(ast.Compare(_node(left), [_COMPARISONS[ufunc]], [_node(right)]), 0.0, 1.0)


def _shifted(left: Operand, right: Operand) -> tuple[Operand, Operand]:
    """`k < 150` for `k - 50 < 100`."""
    match left:
        case Symbol(node=ast.BinOp(op=ast.Sub(), left=inner, right=ast.Constant(value=shift))):
            if not isinstance(right, Symbol) and isinstance(shift, int):
                return Symbol(inner), right + shift
    return left, right


def _combined(ufunc: np.ufunc, left: Operand, right: Operand) -> Operand:
    sign, compute = _OPERATORS[ufunc]
    if not isinstance(left, Symbol) and not isinstance(right, Symbol):
        return float(compute(left, right))
    simple = _simplified(ufunc, left, right)
    if simple is not None:
        return simple
    low, high = -math.inf, math.inf
    is_known = not (isinstance(left, Symbol) and isinstance(right, Symbol))
    if is_known and (
        ufunc in _MONOTONOUS or (ufunc is np.divide and not isinstance(right, Symbol))
    ):
        ends = [compute(a, b) for a in _interval(left) for b in _interval(right)]
        low, high = min(ends), max(ends)
    return Symbol(_signed(_node(left), sign, _node(right)), low, high)


def _signed(left: ast.expr, sign: ast.operator, right: ast.expr) -> ast.expr:
    """`1 - 2 * k` for `1 + -2 * k`, `k - 150` for `k - 50 - 100`."""
    match left, sign, right:
        case _, ast.Add(), ast.BinOp(ast.UnaryOp(operand=ast.Constant(1)), ast.Mult(), rest):
            return ast.BinOp(left, ast.Sub(), rest)
        case _, ast.Add(), ast.BinOp(ast.UnaryOp(operand=size), ast.Mult(), rest):
            return ast.BinOp(left, ast.Sub(), ast.BinOp(size, ast.Mult(), rest))
        case ast.BinOp(k, ast.Sub(), ast.Constant(int(one))), ast.Sub(), ast.Constant(int(two)):
            return ast.BinOp(k, ast.Sub(), ast.Constant(one + two))
    return ast.BinOp(left, sign, right)


_MONOTONOUS = (np.add, np.subtract, np.multiply)


def _simplified(ufunc: np.ufunc, left: Operand, right: Operand) -> Operand | None:
    """The same without an operand that changes nothing."""
    if _is(right, 0 if ufunc in (np.add, np.subtract) else 1) and ufunc in _NEUTRAL_RIGHT:
        return left
    if _is(left, 0 if ufunc is np.add else 1) and ufunc in (np.add, np.multiply):
        return right
    if ufunc is np.remainder and _is_below(left, right):
        return left
    if ufunc is np.multiply and (_is(left, 0) or _is(right, 0)):
        return 0.0
    return 1.0 if ufunc is np.power and (_is(left, 1) or _is(right, 0)) else None


_NEUTRAL_RIGHT = (np.add, np.subtract, np.multiply, np.divide, np.power)


def _is_below(operand: Operand, limit: Operand) -> bool:
    low, high = _interval(operand)
    return low >= 0 and high < _interval(limit)[0]


def _is(operand: Operand, number: float) -> bool:
    return not isinstance(operand, Symbol) and operand == number


def _smaller(left: Operand, right: Operand) -> Operand:
    if _interval(left)[1] <= _interval(right)[0]:
        return left
    if _interval(right)[1] <= _interval(left)[0]:
        return right
    bounds = [min(*ends) for ends in zip(_interval(left), _interval(right), strict=True)]
    return Symbol(_call("minimum", _node(left), _node(right)), *bounds)


def _larger(left: Operand, right: Operand) -> Operand:
    if _interval(left)[0] >= _interval(right)[1]:
        return left
    if _interval(right)[0] >= _interval(left)[1]:
        return right
    bounds = [max(*ends) for ends in zip(_interval(left), _interval(right), strict=True)]
    return Symbol(_call("maximum", _node(left), _node(right)), *bounds)


def _named(name: str) -> Callable[[Operand], Operand]:
    def applied(inside: Operand) -> Operand:
        return Symbol(_call(name, _node(inside)))

    return applied


def _floor(inside: Operand) -> Operand:
    low, high = _interval(inside)
    ends = [float(math.floor(end)) if math.isfinite(end) else end for end in (low, high)]
    if ends[0] == ends[1] and math.isfinite(low):
        return ends[0]
    return Symbol(_call("floor", _node(inside)), *ends)


def _negative(inside: Operand) -> Operand:
    low, high = _interval(inside)
    return Symbol(ast.UnaryOp(ast.USub(), _node(inside)), -high, -low)


def _ceiling(inside: Operand) -> Operand:
    return _combined(np.multiply, -1.0, _floor(_combined(np.multiply, -1.0, inside)))


def _both(left: Operand, right: Operand) -> Operand:
    """Both of two conditions."""
    if isinstance(left, Symbol):
        return choose(left, right, 0.0)
    return right if left else 0.0


def _square(inside: Operand) -> Operand:
    return _combined(np.power, inside, 2.0)


_RULES: dict[np.ufunc, Callable[..., Operand]] = {
    np.cos: _named("cos"),
    np.exp: _named("exp"),
    np.sqrt: _named("sqrt"),
    np.log: _named("log"),
    np.floor: _floor,
    np.ceil: _ceiling,
    np.bitwise_and: _both,
    np.logical_and: _both,
    np.negative: _negative,
    np.square: _square,
    np.minimum: _smaller,
    np.maximum: _larger,
}


def _clipped(inside: Operand, low: float, high: float) -> Operand:
    return _smaller(_larger(inside, _number(low)), _number(high))


def _counted(edges: Any, inside: Operand, side: str = "left") -> Operand:
    """How many of some sorted numbers are below (or at) a value."""
    if len(edges) > MOST_TURNS:
        raise Unwritable("too many edges")
    relation = np.less_equal if side == "left" else np.less
    found: Operand = float(len(edges))
    for place in reversed(range(len(edges))):
        found = choose(_compared(relation, inside, _number(edges[place])), float(place), found)
    return found


def _between_points(inside: Operand, places: Any, values: Any) -> Operand:
    """Straight lines from point to point, the ends held."""
    x, y = np.asarray(places, dtype=np.float64).tolist(), np.asarray(values).tolist()
    if not 0 < len(x) <= MOST_TURNS:
        raise Unwritable("too many points")
    found: Operand = float(y[-1])
    for i in reversed(range(len(x) - 1)):
        slope = (y[i + 1] - y[i]) / (x[i + 1] - x[i])
        way = _combined(np.subtract, inside, x[i])
        line = _combined(np.add, y[i], _combined(np.multiply, slope, way))
        found = choose(_compared(np.less, inside, x[i + 1]), line, found)
    return choose(_compared(np.less, inside, x[0]), float(y[0]), found)


def _filled_with(number: float) -> Callable[..., float]:
    def filled(like: Any, *_: Any, **__: Any) -> float:
        return number

    return filled


def _filled(like: Any, number: float) -> float:
    return float(number)


_ARRAY_RULES: dict[Any, Callable[..., Any]] = {
    np.where: choose,
    np.clip: _clipped,
    np.searchsorted: _counted,
    np.interp: _between_points,
    np.ones_like: _filled_with(1.0),
    np.zeros_like: _filled_with(0.0),
    np.full_like: _filled,
}


def _interval(operand: Operand) -> tuple[float, float]:
    if isinstance(operand, Symbol):
        return operand.low, operand.high
    return float(operand), float(operand)


def _number(value: Any) -> float:
    if not np.isscalar(value) and np.ndim(value):
        raise Unwritable("an array beside the argument")
    return float(value)


def _node(operand: Any) -> ast.expr:
    if isinstance(operand, Symbol):
        return operand.node
    number = _number(operand)
    if not math.isfinite(number):
        raise Unwritable("a number that is not finite")
    if abs(number) == math.pi:
        return ast.Name("pi") if number > 0 else ast.UnaryOp(ast.USub(), ast.Name("pi"))
    is_whole = number.is_integer() and abs(number) < _LARGEST_WHOLE
    size: ast.expr = ast.Constant(int(abs(number)) if is_whole else abs(number))
    return size if number >= 0 else ast.UnaryOp(ast.USub(), size)


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name), list(arguments), [])
