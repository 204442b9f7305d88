"""Problems that come with the program, typed as formulas."""

from typing import Any

from lrstudio.core import PROBLEMS, Problem

TYPED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("f(x, y) = 100*(y - x**2)**2 + (1 - x)**2", "rosenbrock", {}),
    ("(1.5-x+x*y)**2 + (2.25-x+x*y**2)**2 + (2.625-x+x*y**3)**2", "beale", {}),
    ("(x^2 + y - 11)^2 + (x + y^2 - 7)^2", "himmelblau", {}),
    ("2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2", "three_hump_camel", {}),
    (
        (
            "(1 + (x+y+1)^2*(19-14*x+3*x^2-14*y+6*x*y+3*y^2))"
            "*(30 + (2*x-3*y)^2*(18-32*x+12*x^2+48*y-36*x*y+27*y^2))"
        ),
        "goldstein_price",
        {},
    ),
    ("x**2 + 10*y**2", "ellipse", {"kappa": 10.0}),
    ("f(x) = x**4/4 - x**2/2", "double_well", {}),
    ("x**4/4 - x**2/2 + y**2/2", "saddle_with_wells", {}),
    ("sum(x**2)", "sphere", {"dim": 10}),
    ("f(w) = sum(100*(w[1:] - w[:-1]**2)**2 + (1 - w[:-1])**2)", "rosenbrock", {"dim": 10}),
    ("10*N + sum(x**2 - 10*cos(2*pi*x))", "rastrigin", {"dim": 10}),
    ("sum(x**4 - 16*x**2 + 5*x)/2", "styblinski_tang", {"dim": 2}),
    (
        "-20*exp(-0.2*sqrt(mean(x**2))) - exp(mean(cos(2*pi*x))) + 20 + e",
        "ackley",
        {"dim": 10},
    ),
)


def built_in(name: str, parameters: dict[str, Any]) -> Problem:
    """The problem as it comes with the program."""
    return PROBLEMS[name](**parameters)


def typed(text: str, problem: Problem) -> Problem:
    """The same as a formula."""
    return PROBLEMS["formula"](formula=text, dimensions=max(problem.dim, 2))
