"""Texts that are no formulas, each with the place of the first mistake, from 0."""

import random

HOSTILE: list[tuple[str, int]] = [
    # Python that does something
    ("__import__('os').system('true')", 0),
    ("x.__class__.__bases__", 1),
    ("x + ().__class__", 6),
    ("().__class__", 2),
    ("eval(x)", 0),
    ("exec('1')", 5),
    ("open(x)", 0),
    ("getattr(x, y)", 0),
    ("globals()", 0),
    ("lambda: x", 6),
    ("lambda x: x", 7),
    ("[x for x in y]", 0),
    ("sum(x for x in y)", 6),
    ("{x: y}", 0),
    ("{x}", 0),
    ("f'{x}'", 1),
    ("'x'", 0),
    ('"x"', 0),
    ("b'x'", 1),
    ("x if y else z", 2),
    ("x and y", 2),
    ("not x", 4),
    ("x or y", 2),
    ("x in y", 2),
    ("x is y", 2),
    ("x < y", 2),
    ("x == y", 3),
    ("x != y", 2),
    ("x := 3", 2),
    ("(x := 3)", 0),
    ("sin(*x)", 4),
    ("sin(**x)", 4),
    ("sin(x=3)", 5),
    ("sin(x, out=x)", 5),
    ("sin(x,)", 6),
    ("sin()", 4),
    ("sin", 0),
    ("sin + x", 0),
    ("sin(x)(y)", 6),
    ("x(y)", 0),
    ("x.real", 1),
    ("x.T", 1),
    ("sin.__call__(x)", 3),
    ("x; y", 1),
    ("import os", 7),
    ("x\nimport os", 2),
    ("x\n+ y @ z", 6),
    ("x # y", 2),
    ("x \\ y", 2),
    ("await x", 6),
    ("yield x", 6),
    ("...", 0),
    ("x[...]", 2),
    ("None", 0),
    ("x, y", 1),
    ("(x, y)", 2),
    ("[x]", 0),
    ("x @ y", 2),
    ("x // y", 3),
    ("x % y", 2),
    ("x >> y", 2),
    ("x & y", 2),
    ("x | y", 2),
    ("~x", 0),
    ("x!", 1),
    ("x ** ", 5),
    ("x *** y", 4),
    ("* x", 0),
    ("/x", 0),
    ("x y", 2),
    ("(x", 0),
    ("((x)", 0),
    ("x)", 1),
    ("x]", 1),
    ("x[", 2),
    ("x[y]", 2),
    ("x[1.5]", 2),
    ("x[1e9]", 2),
    ("x[1:2:3]", 5),
    ("x[1:2]", 1),
    ("x[-1:]", 1),
    ("x[-]", 3),
    ("x[]", 2),
    ("x[0][0]", 4),
    ("x[99999999999999999999]", 2),
    ("sin[0]", 0),
    ("i[0] + x", 0),
    ("(x**2)[1:]", 6),
    ("f(x) = ", 7),
    ("f(x", 0),
    ("f(x) = x = y", 9),
    ("= x", 0),
    ("f() = x", 2),
    ("f(x,) = x", 3),
    ("f(x, x) = x", 5),
    ("f(2) = x", 2),
    ("f(sin) = x", 2),
    ("f(a, b, c, d, g, h, k) = a", 20),
    ("f(x)(y) = x", 3),
    # numbers
    ("9**9**9**9 + x", 4),
    ("1e400*x", 0),
    ("9" * 400 + "*x", 0),
    ("x + 1/0", 5),
    ("x + 0/0", 5),
    ("x*log(-1)", 2),
    ("x*(-8)**0.5", 6),
    ("x + 10**1000", 6),
    ("2x", 1),
    ("2(x + 1)", 1),
    ("x(x + 1)", 0),
    ("(x)(x)", 3),
    ("2 x", 2),
    ("1_000*x", 1),
    ("0x10*x", 1),
    ("3j*x", 1),
    ("1.2.3*x", 3),
    ("0,5*x", 1),
    ("x**0,5", 4),
    ("inf*x", 0),
    ("x + nan", 4),
    ("5", 0),
    ("", 0),
    ("   ", 3),
    # characters
    ("x²", 1),
    ("x·y", 1),
    ("x − y", 2),
    ("√x", 0),
    ("α*x", 0),
    ("х + y", 0),  # Cyrillic
    ("ｘ + y", 0),  # full width
    ("sіn(x)", 1),  # Cyrillic i
    ("x\u200b + y", 1),
    ("x\u00a0+ y", 1),
    ("x\u202e + y", 1),
    ("x\x00", 1),
    ("\x00", 0),
    ("x + \ud800", 4),
    ("😀", 0),
    ("x\x1b[31m", 1),
    ("x\x0b", 1),
    # names
    ("_x + x", 0),
    ("x + a__b", 4),
    ("x + " + "a" * 21, 4),
    ("xy", 0),
    ("x + xy", 4),
    ("PI*x", 0),
    ("Sin*x", 0),
    ("sqr(x)", 0),
    ("sine(x)", 0),
    ("max(x, y, 1)", 0),
    ("atan2(x)", 0),
    ("sin(x, y)", 0),
    ("max(x) + y", 0),  # of a single number
    ("sum(3)*x", 0),
    ("x + y + sum(x)", 8),
    ("f(x) = x + sum(x)", 9),
    ("f(x) = sum(x[1:] + x)", 17),
    ("f(x) = x[1:]", 7),
    ("f(x) = i", 7),
    ("f(x) = sum(y[1:])", 11),
    ("+".join("abcdfghjklmnopqrstuvw") + "+x", 40),
    # size
    ("x" * 501, 500),
    ("x" * 10_000_000, 500),
    ("(" * 41 + "x" + ")" * 41, 40),
    ("(" * 250 + "x" + ")" * 249, 40),
    ("x" + "**x" * 41, 121),
    ("-" * 499 + "x", 299),
    ("+".join("x" * 101), 199),
    ("sin(" * 90 + "x" + ")" * 90, 163),
]

_PIECES = (
    *"xyzabi NfeE0123456789.+-*/^()[],:=_ \n\t",
    *("**", "sin(", "sum(", "max(", "x[1:]", "x[:-1]", "x[0]", "pi", "f(x) = ", "f(x, y) = "),
    *("__import__", "lambda", "exec(", "1e309", "9**9**9", "'", '"', "\\", "{", "}", "²", "√"),
    *("\x00", "\u202e", "\ud800", "α", "😀", "@", "#", "~", "!", "%", "$", "&", "|", ";", "?", "`"),
)


def fuzzed(number: int) -> str:
    """A text: well-formed ones, nearly so, and noise."""
    draw = random.Random(number)
    if number % 4 == 0:
        return "".join(map(chr, draw.choices(range(0x2100), k=draw.randrange(60))))
    if number % 4 == 1:
        return "".join(draw.choices(_PIECES, k=draw.randrange(80)))
    text = formula(draw, draw.randrange(1, 6))
    if number % 4 == 2:
        return text
    broken = list(text)
    for _ in range(draw.randrange(1, 4)):
        place = draw.randrange(len(broken) + 1)
        broken[place : place + draw.randrange(2)] = draw.choice(_PIECES)
    return "".join(broken)


def formula(draw: random.Random, depth: int) -> str:
    """A well-formed expression in x, y, z and a few constants."""
    if depth == 0 or draw.random() < 0.1:
        return draw.choice(("x", "y", "z", "a", "b", "pi", "2", "0.5", "1e-3", "x", "y"))
    match draw.randrange(7):
        case 0 | 1:
            operator = draw.choice("+-*/")
            return f"({formula(draw, depth - 1)} {operator} {formula(draw, depth - 1)})"
        case 2:
            exponent = draw.choice(("2", "3", "-1", "0.5", "1.5", "-2", "a", "4", "y"))
            return f"({formula(draw, depth - 1)})**{exponent}"
        case 3:
            return f"-{formula(draw, depth - 1)}"
        case 4:
            name = draw.choice(("atan2", "hypot", "min", "max"))
            return f"{name}({formula(draw, depth - 1)}, {formula(draw, depth - 1)})"
        case _:
            return f"{draw.choice(OF_ONE)}({formula(draw, depth - 1)})"


OF_ONE = (
    *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "expm1"),
    *("log", "ln", "log1p", "log2", "log10", "sqrt", "cbrt", "abs", "sign"),
)
