"""Where a typed formula is looked at, and the minima that are found there."""

import time
from typing import Any

import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS, PROBLEMS, Problem
from lrstudio.core.arrays import Array
from lrstudio.core.facts import facts
from lrstudio.core.multistart import search
from lrstudio.core.typed_formula import program
from lrstudio.core.typed_formula.survey import survey
from lrstudio.engine import Contender, Experiment, results, run
from tests.core.typed_formula.twins import TYPED, built_in, typed


def problem(text: str, **fields: Any) -> Problem:
    return PROBLEMS["formula"](formula=text, **fields)


@pytest.mark.parametrize(("text", "name", "parameters"), TYPED)
def test_the_minima_of_known_problems_are_found(
    text: str, name: str, parameters: dict[str, Any]
) -> None:
    known = built_in(name, parameters)
    found = typed(text, known)
    assert found.minima_are_found
    assert found.minimum_value == pytest.approx(known.minimum_value, abs=1e-9)
    expected, got = sorted(known.minima), sorted(found.minima)
    assert np.array(got) == pytest.approx(np.array(expected), abs=1e-7)
    for local in known.local_minima:
        places = np.array(found.local_minima)
        assert np.abs(places - local).max(axis=1).min() < 1e-7


@pytest.mark.parametrize(
    ("text", "minimum", "loss"),
    [
        ("(x - 20)**2 + 3", (20.0,), 3.0),
        ("x*log(x)", (np.exp(-1),), -np.exp(-1)),
        ("abs(x - 1) + 2*abs(y + 3)", (1.0, -3.0), 0.0),
        ("max(abs(x), abs(y)) - 1", (0.0, 0.0), -1.0),
        ("x**4 + y**6", (0.0, 0.0), 0.0),
        ("sqrt(1 + x**2) + (y - 1/3)**2", (0.0, 1 / 3), 1.0),
        ("sqrt(x - 100)", (100.0,), 0.0),
        ("(x - 20)**4", (20.0,), 0.0),
        ("(x**2 + y**2)**0.1", (0.0, 0.0), 0.0),
    ],
)
def test_one_minimum(text: str, minimum: tuple[float, ...], loss: float) -> None:
    found = problem(text)
    (point,) = found.minima
    assert point == pytest.approx(minimum, abs=1e-7)
    assert found.minimum_value == pytest.approx(loss, abs=1e-12)
    assert all(low <= x <= high for x, (low, high) in zip(point, found.domain, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "x**3 - y",
        "exp(-x)",
        "x**2 - y**2",
        "-exp(x)",
        "log(x)",
        "log(x*y)",
        "log(abs(x))",
        "exp(exp(x)) + y**2",
    ],
)
def test_what_has_no_minimum_says_so(text: str) -> None:
    found = problem(text)
    assert found.minima == ()
    assert found.minimum_value is None
    assert found.curvature() is None
    assert dict(facts(found))["minima"] == "none found"


def test_a_function_without_bounds_keeps_its_local_minimum() -> None:
    found = problem("x**3 - 3*x")
    assert found.minimum_value is None
    assert found.local_minima == ((1.0,),)


def test_facts_say_how_the_minima_are_known() -> None:
    assert dict(facts(problem("x**2")))["minima"] == "(0) with f = 0, found numerically"


def test_in_many_dimensions_only_so_many_points_are_looked_at_together() -> None:
    dim, asked = 1000, []
    made = program("sum(sin(x)**2) + prod(cos(x))", (), dim)  # its minima are far outside

    def function(points: Array) -> tuple[Array, Array]:
        asked.append(points.shape[1])
        return made.loss_and_gradient(points)

    found = search(function, lambda point: np.eye(dim), ((-5.0, 5.0),) * dim, 6)
    assert found.minima
    assert max(asked) <= 200


# --- domain and start -----------------------------------------------------------------------------


def test_a_domain_is_guessed_where_the_loss_is_finite() -> None:
    assert problem("x**2 + y**2").domain == ((-5, 5), (-5, 5))
    assert problem("x*log(x) + y**2").domain == ((0, 5), (-5, 5))
    assert problem("(x - 20)**2").domain[0][1] > 20
    assert problem("sin(50*x)*cos(40*y)").domain == ((-5, 5), (-5, 5))
    low, high = problem("sqrt(x - 100)").domain[0]
    assert low <= 100 < high


def test_a_typed_domain_is_kept_and_its_last_interval_holds_for_the_rest() -> None:
    assert problem("x**2", limits=((1.0, 3.0),)).domain == ((1, 3),)
    assert problem("x*y*z", limits=((0.0, 1.0), (-1.0, 2.0))).domain == ((0, 1), (-1, 2), (-1, 2))
    assert problem("sum(x**2)", dimensions=4, limits=((-3.0, 3.0),)).domain == ((-3, 3),) * 4
    (minimum,) = problem("x**2", limits=((1.0, 3.0),)).minima  # lower than all that is inside
    assert minimum == (0,)
    assert problem("sin(x)", limits=((0.0, 7.0),)).minima == ((pytest.approx(1.5 * np.pi),),)


@pytest.mark.parametrize(
    "text", ["x**2", "x*log(x)", "0*x", "sum(x**2)", "1/x + 1/y", "sqrt(x - 100)"]
)
def test_a_start_is_in_the_domain_and_can_be_left(text: str) -> None:
    found = problem(text, dimensions=5)
    for x, (low, high) in zip(found.start, found.domain, strict=True):
        assert low < x < high
    loss, gradient = found.loss_and_gradient(np.array(found.start))
    assert np.isfinite(loss)
    assert np.isfinite(gradient).all()
    assert gradient.any() or text == "0*x"


# --- names ----------------------------------------------------------------------------------------


def test_constants_are_those_of_the_formula_in_its_order() -> None:
    found = problem("b*x + a*y**2 + c", constants=(("a", 2.0), ("q", 7.0), ("c", 0.5)))
    assert found.constants == (("b", 1.0), ("a", 2.0), ("c", 0.5))  # type: ignore[attr-defined]
    assert found.loss(np.array([3.0, 2.0])) == 3 + 8 + 0.5


def test_variables_are_those_of_the_left_side_or_x_y_and_z() -> None:
    assert problem("f(u, v) = u*v").coordinates == ("u", "v")
    assert problem("z + x").coordinates == ("x", "z")
    assert problem("x1*x2 + x3").coordinates == ("x1", "x2", "x3")
    assert problem("f(x, y) = x").dim == 2
    assert problem("f = x + y").dim == 2
    assert problem("sum(x)", dimensions=5).coordinates[-1] == "x₅"
    assert problem("x[6]**2 + sum(x)", dimensions=3).dim == 7  # it needs that many


def test_what_has_no_effect_is_said() -> None:
    assert problem("x + y").idle_parameters == ("dimensions", "constants")
    assert problem("sum(a*x)").idle_parameters == ()


# --- cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["x**2 + a*y**2 + sin(b*x)", TYPED[0][0], TYPED[2][0]])
def test_the_same_is_found_again_and_cheaply(text: str) -> None:
    constants = (("a", 2.0), ("b", 3.0))
    found = []
    seconds = []
    for _ in range(3):
        survey.cache_clear()
        program.cache_clear()
        started = time.process_time()
        found.append(survey(text, constants, 2, ()))
        seconds.append(time.process_time() - started)
    assert found[0] == found[1] == found[2]
    assert min(seconds) < 0.2


def test_a_race_on_a_formula_is_won_where_its_minimum_was_found() -> None:
    contender = Contender(name="Adam", optimizer=OPTIMIZERS["adam"](lr=0.05))
    race = Experiment(
        problem=problem("(x - 1)**2 + 3*(y + 2)**2"), contenders=(contender,), steps=900
    )
    (row,) = results(run(race))
    assert row.verdict.kind == "converged"
    assert row.verdict.minimum == (1, -2)
    assert row.verdict.sentence.startswith("converged to (1, −2) at step")
    assert row.verdict.sentence.endswith("; f* was found numerically")


@pytest.mark.parametrize("text", ["x**3 - y", "-x", "x*y"])
def test_a_race_without_a_minimum_has_a_verdict(text: str) -> None:
    contender = Contender(name="Adam", optimizer=OPTIMIZERS["adam"](lr=0.05))
    (row,) = results(run(Experiment(problem=problem(text), contenders=(contender,), steps=200)))
    assert row.verdict.kind == "descending"
    assert "no minimum found" in row.verdict.sentence
