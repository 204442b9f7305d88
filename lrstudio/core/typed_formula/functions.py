"""What a formula may call, by the names that people know."""

from typing import NamedTuple


class Function(NamedTuple):
    """A function: how many arguments it takes, and which operation it is."""

    operation: str
    arguments: int
    help: str


OF_ENTRIES = {
    "sum": Function("sum", 1, "sum over the entries of a vector"),
    "mean": Function("mean", 1, "their mean"),
    "prod": Function("prod", 1, "their product"),
}
"""Functions that make one number of the entries of a vector."""

FUNCTIONS = {
    "sin": Function("sin", 1, "sine, of radians"),
    "cos": Function("cos", 1, "cosine"),
    "tan": Function("tan", 1, "tangent"),
    "asin": Function("asin", 1, "inverse sine"),
    "acos": Function("acos", 1, "inverse cosine"),
    "atan": Function("atan", 1, "inverse tangent"),
    "atan2": Function("atan2", 2, "angle of the point (second, first)"),
    "sinh": Function("sinh", 1, "hyperbolic sine"),
    "cosh": Function("cosh", 1, "hyperbolic cosine"),
    "tanh": Function("tanh", 1, "hyperbolic tangent"),
    "exp": Function("exp", 1, "e to the power"),
    "expm1": Function("expm1", 1, "exp(x) - 1, exact near 0"),
    "log": Function("log", 1, "natural logarithm"),
    "ln": Function("log", 1, "natural logarithm"),
    "log1p": Function("log1p", 1, "log(1 + x), exact near 0"),
    "log2": Function("log2", 1, "logarithm to the base 2"),
    "log10": Function("log10", 1, "logarithm to the base 10"),
    "sqrt": Function("sqrt", 1, "square root; its slope at 0 is taken as 0"),
    "cbrt": Function("cbrt", 1, "cube root; its slope at 0 is taken as 0"),
    "abs": Function("abs", 1, "absolute value; its slope at 0 is 0"),
    "sign": Function("sign", 1, "-1, 0 or 1; its slope is 0"),
    "hypot": Function("hypot", 2, "sqrt(x**2 + y**2)"),
    "min": Function("minimum", 2, "the smaller of two, or the smallest entry of a vector"),
    "max": Function("maximum", 2, "the larger of two, or the largest entry of a vector"),
    **OF_ENTRIES,
}
ALSO_OF_ENTRIES = {"min": "smallest", "max": "largest"}
"""Functions that reduce a vector where they have one argument, and the operation."""

NUMBERS = {"pi": 3.141592653589793, "e": 2.718281828459045}
COUNT, INDEX = "N", "i"
"""Number of coordinates; numbers of the entries of a vector, from 1."""
RESERVED = {*FUNCTIONS, *NUMBERS, COUNT, INDEX}
"""Names that no constant can have."""
