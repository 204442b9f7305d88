"""Losses and gradients of formulas against routes that share nothing with them.

Python itself reads the same texts here, with complex numbers in place of floats: the imaginary part
of f(x + ih) is h times the derivative, to the last digits (Squire & Trapp, 1998).
"""

import random
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from lrstudio.core import PROBLEMS
from lrstudio.core.arrays import Array
from lrstudio.core.typed_formula import Program, program, read
from lrstudio.engine.evaluation import Evaluator
from tests.core.typed_formula.hostile import formula
from tests.core.typed_formula.twins import TYPED, built_in, typed

STEP = 1e-30
ANALYTIC = {
    **{name: getattr(np, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp")},
    **{name: getattr(np, name) for name in ("log", "log2", "log10", "log1p", "expm1", "sqrt")},
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "ln": np.log,
    "sum": np.sum,
    "mean": np.mean,
    "prod": np.prod,
    "pi": np.pi,
    "e": np.e,
}
KINKED = {
    "abs": np.abs,
    "sign": np.sign,
    "cbrt": np.cbrt,
    "hypot": np.hypot,
    "atan2": np.arctan2,
    "min": lambda *a: np.min(np.array(a)),
    "max": lambda *a: np.max(np.array(a)),
}
CONSTANTS = {"a": 1.7, "b": -0.6, "c": 0.4}

ONE_NUMBER = (
    *("x", "-x", "+x", "--x", "x - y", "x*y*z", "x/y/z", "x/(y/z)", "x - y - z", "x - (y - z)"),
    *("2**x", "x**y", "x**y**2", "-x**2", "x**-y", "x^3", "x**0.5", "x**2.5", "x**-1.5", "x**-3"),
    *("x**17", "x**1.3", "x**0", "x**1", "x/4", "3/x", "-1/x", "x**a", "a**b*x", "1/(x*y)"),
    *("a*x + b*y", "(a*x)*(b*y)", "-(x - y)", "x - -y", "x + -y", "x - 2*y", "x - (-2*y)"),
    *("2*x*3*y", "(2*x)**2", "x + x", "x*x", "x - x + y", "0*x + y", "1*x + 0", "x*(1/y)"),
    *(f"{name}(x/9)" for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh")),
    *(f"{name}(x*y)" for name in ("tanh", "exp", "expm1", "log", "ln", "log1p", "log2", "log10")),
    "sqrt(x**2 + y**2)",
    "exp(-x**2/2)*cos(3*y) + c*sin(x*y)**3/(1 + z**2)",
    "f(u, v, w) = u*exp(-v) + log(1 + w**2)",
    "f(x1, x2) = x1**2*x2 + x2/x1",
    "x1**2*x2",
    "1 + 2*3 - 4/5 + x",
)
VECTORS = (
    *("sum(x**2)", "sum(x)/2", "mean(x**2)", "prod(x)", "prod(x**2 + 1)", "x[0]*x[1]", "x[-1]**2"),
    *("sum(x)**2", "sum(i*x**2)", "sum(x**i)", "sum(x/i)", "sum(x**2)*sum(x)", "N*sum(x**2)"),
    "sum(100*(x[1:] - x[:-1]**2)**2 + (1 - x[:-1])**2)",
    "(x[0] - 1)**2 + sum(i[1:]*(2*x[1:]**2 - x[:-1])**2)",
    "sum((x[:-2] - 2*x[1:-1] + x[2:])**2)",
    "1 + sum(x**2)/4000 - prod(cos(x/sqrt(i)))",
    "-20*exp(-0.2*sqrt(mean(x**2))) - exp(mean(cos(2*pi*x))) + 20 + e",
    "sum(a*x + b) + sum(2*x[1:]*x[0])",
    "sum(0*x + 3) + sum(x)",
    "mean(x[1:]*x[:-1]) + prod(x[2:])",
    "sum(sin(x)*sin(i*x**2/pi)**2)",
    "exp(sum(x)/9)/(1 + sum(x[1:]**2))",
)


def by_python(text: str, names: dict[str, Any]) -> Any:
    """What Python makes of an expression; only for texts that stand in these tests."""
    expression = text.rpartition("=")[2].strip().replace("^", "**")
    with np.errstate(all="ignore"):
        return eval(expression, dict(MappingProxyType(names)))


def expected(text: str, point: Array, is_vector: bool) -> tuple[float, Array]:
    """Loss and gradient `(dim,)` at a point, by complex steps."""
    loss, gradient = 0j, np.empty(len(point))
    for i in range(len(point)):
        shifted = point.astype(complex)
        shifted[i] += STEP * 1j
        formula = read(text)
        named = {formula.variables[0]: shifted} if is_vector else {}
        named = named or dict(zip(formula.variables, shifted, strict=True))
        count = {"N": len(point), "i": np.arange(1.0, len(point) + 1)}
        loss = complex(by_python(text, {**ANALYTIC, **CONSTANTS, **named, **count}))
        gradient[i] = loss.imag / STEP
    return loss.real, gradient


def made(text: str, dim: int | None = None) -> Program:
    found = read(text)
    known = tuple((name, CONSTANTS[name]) for name in found.constants)
    return program(text, known, dim or len(found.variables))


def close(value: Any) -> Any:
    return pytest.approx(value, rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("text", ONE_NUMBER)
def test_a_formula_of_single_numbers_and_its_gradient(text: str) -> None:
    ours = made(text)
    points = np.random.default_rng(3).uniform(0.3, 2.0, (ours.dim, 5))
    loss, gradient = ours.loss_and_gradient(points)
    assert np.array_equal(ours.loss(points), loss)
    for lane in range(5):
        there, slope = expected(text, points[:, lane], is_vector=False)
        assert loss[lane] == close(there)
        assert gradient[:, lane] == close(slope)


@pytest.mark.parametrize("text", VECTORS)
@pytest.mark.parametrize("dim", [3, 4, 7])
def test_a_formula_of_a_vector_and_its_gradient(text: str, dim: int) -> None:
    ours = made(text, dim)
    points = np.random.default_rng(4).uniform(-1.5, 1.5, (dim, 4))
    loss, gradient = ours.loss_and_gradient(points)
    assert np.array_equal(ours.loss(points), loss)
    for lane in range(4):
        there, slope = expected(text, points[:, lane], is_vector=True)
        assert loss[lane] == close(there)
        assert gradient[:, lane] == close(slope)


def test_random_formulas_agree_with_complex_steps() -> None:
    compared = 0
    for number in range(1500):
        draw = random.Random(number)
        text = "f(x, y, z) = " + formula(draw, draw.randrange(1, 5))
        if any(f"{name}(" in text for name in (*KINKED, "sign", "abs")):
            continue
        try:
            ours = made(text)
        except ValueError:  # constants that have no finite value
            continue
        point = np.array([draw.uniform(0.2, 1.5) for _ in range(3)])
        loss, gradient = ours.loss_and_gradient(point)
        there, slope = expected(text, point, is_vector=False)
        size = max(abs(there), float(np.abs(slope).max()))
        if not (np.isfinite(loss) and np.isfinite(slope).all() and 1e-6 < size < 1e6):
            continue  # a root or a logarithm of a negative number, or hardly any digits left
        assert loss == pytest.approx(there, rel=1e-9, abs=1e-9 * size), text
        assert gradient == pytest.approx(slope, rel=1e-7, abs=1e-9 * size), text
        compared += 1
    assert compared > 300


@pytest.mark.parametrize(
    "text",
    [
        *(
            "abs(x - y)",
            "sign(x)*y**2",
            "min(x, y**2)",
            "max(x*y, 1)",
            "atan2(y, x)",
            "hypot(x, y)",
        ),
        *("cbrt(x*y)", "abs(x)**1.5 + y", "max(min(x, y), 0.5*x)", "hypot(x, x) + y"),
    ],
)
def test_functions_with_kinks_away_from_them(text: str) -> None:
    ours = made(text)
    points = np.random.default_rng(5).uniform(0.3, 2.0, (2, 6))
    loss, gradient = ours.loss_and_gradient(points)
    for lane in range(6):
        x, y = points[:, lane]
        names = {**KINKED, **CONSTANTS}

        def value(x: float, y: float, names: dict[str, Any] = names) -> float:
            return float(by_python(text, {**names, "x": x, "y": y}))

        assert loss[lane] == close(value(x, y))
        h = 1e-5
        slope = [value(x + h, y) - value(x - h, y), value(x, y + h) - value(x, y - h)]
        assert gradient[:, lane] == pytest.approx(np.array(slope) / (2 * h), rel=1e-8, abs=1e-8)


@pytest.mark.parametrize(("text", "name", "parameters"), TYPED)
def test_a_typed_problem_is_the_one_that_comes_with_the_program(
    text: str, name: str, parameters: dict[str, Any]
) -> None:
    problem = built_in(name, parameters)
    twin = typed(text, problem)
    low, high = np.array(problem.domain).T[:, :, None]
    points = np.random.default_rng(6).uniform(low, high, (problem.dim, 50))
    loss, gradient = problem.loss_and_gradient(points)
    ours, slope = twin.loss_and_gradient(points)
    assert ours == pytest.approx(loss, rel=1e-12, abs=1e-12)
    assert slope == pytest.approx(gradient, rel=1e-11, abs=1e-11 * np.abs(gradient).max())


# --- what arrays make of it ----------------------------------------------------------------------

OF_ALL_KINDS = (
    *(text for text, _, _ in TYPED),
    *VECTORS,
    *ONE_NUMBER[:12],
    *("max(x, y)", "min(x)", "max(abs(x))", "sum(max(x, 0))", "sum(abs(x))", "hypot(x, y)"),
    *("x[0]", "3*x[0]", "x", "f(x, y) = 3", "f(x, y) = y", "sum(x)", "0*sum(x)", "sum(i)*x[0]"),
    *("atan2(x, y)", "cbrt(x) + y", "tan(x) + asin(y/9)", "x**y", "sum(x**2/2)"),
    *("max(asin(max(1, x)), y)", "sum(min(1/x, 2))", "max(log(x))", "min(x/y, exp(x))**2"),
)


@pytest.mark.parametrize("text", OF_ALL_KINDS)
@pytest.mark.parametrize("lanes", [1, 2, 9])
def test_a_recorded_formula_gives_the_same_numbers_bit_for_bit(text: str, lanes: int) -> None:
    found = read(text)
    dim = 5 if found.is_vector else len(found.variables)
    known = tuple((name, CONSTANTS[name]) for name in found.constants)
    ours = PROBLEMS["formula"](formula=text, constants=known, dimensions=dim if dim > 1 else 2)
    draw = np.random.default_rng(7)
    position = draw.uniform(-2, 2, (dim, lanes))
    evaluator = Evaluator(ours, position)
    assert lanes == 1 or evaluator.entries() is not None
    for _ in range(3):
        position[...] = draw.uniform(-2, 2, (dim, lanes))
        with np.errstate(all="ignore"):
            evaluator.evaluate()
        loss, gradient = ours.loss_and_gradient(position)
        assert np.array_equal(evaluator.loss, loss, equal_nan=True)
        assert np.array_equal(evaluator.gradient, gradient, equal_nan=True)


@pytest.mark.parametrize("text", OF_ALL_KINDS)
def test_points_lanes_and_grids_have_their_shapes_and_the_position_is_left_alone(text: str) -> None:
    found = read(text)
    dim = 4 if found.is_vector else len(found.variables)
    ours = made(text, dim)
    for shape in ((), (1,), (6,), (2, 3)):
        position = np.random.default_rng(8).uniform(0.2, 0.9, (dim, *shape))
        position.setflags(write=False)
        loss, gradient = ours.loss_and_gradient(position)
        assert np.shape(loss) == np.shape(ours.loss(position)) == shape
        assert gradient.shape == position.shape
        assert gradient.dtype == np.float64
        for result in (loss, gradient):
            assert not np.may_share_memory(result, position)


def test_slopes_at_kinks_are_taken_as_nothing_or_shared() -> None:
    zero = np.zeros((2, 1))
    for text in ("abs(x) + abs(y)", "sqrt(x**2 + y**2)", "hypot(x, y)", "cbrt(x*y)", "sign(x)+0*y"):
        assert not made(text).loss_and_gradient(zero)[1].any(), text
    assert made("max(x, y)").loss_and_gradient(zero)[1].ravel().tolist() == [0.5, 0.5]
    assert made("min(x, 3*y)").loss_and_gradient(zero)[1].ravel().tolist() == [0.5, 1.5]
    assert made("max(x)", 3).loss_and_gradient(np.array([1.0, 2.0, 2.0]))[1].tolist() == [
        0,
        0.5,
        0.5,
    ]


@pytest.mark.parametrize(
    ("text", "point", "slope"),
    [
        ("max(asin(max(1, x)), y)", (0.5, 2.0), (0, 1)),
        ("max(asin(max(1, x)), y)", (0.5, 1.0), (0, 0)),
        ("max(y, acos(x))", (1.0, 2.0), (0, 1)),
        ("max(log(x), y)", (0.0, 1.0), (0, 1)),
        ("max(y**2, log10(max(x, 0)) + log2(max(x, 0)) + log1p(max(x, 0) - 1))", (-1, 3), (0, 6)),
        ("min(1/x, y)*y", (0.0, 1.5), (0, 3)),
        ("min(x**-2, y) + x", (0.0, 1.5), (1, 1)),
        ("min(x**y, 5) + y**2", (0.0, -1.0), (0, -2)),
        ("min(exp(x)**2*y, y**3)", (1000.0, 0.5), (0, 0.75)),
        ("min(cosh(x) + sinh(-x)**2, x*y)", (1000.0, 0.5), (0.5, 1000)),
        ("max(min(1/x, y), x - 1)", (0.0, -1.5), (1, 0)),
        ("min(y, sqrt(1/x) + 3)", (0.0, -1.5), (0, 1)),
    ],
)
def test_a_branch_that_is_not_chosen_has_no_slope_even_where_its_own_is_infinite(
    text: str, point: tuple[float, float], slope: tuple[float, float]
) -> None:
    for lanes in (1, 3):
        position = np.array(point, dtype=float)[:, None].repeat(lanes, axis=1)
        _, gradient = made(text).loss_and_gradient(position)
        assert gradient.T.tolist() == [list(slope)] * lanes


def test_the_entries_of_a_vector_that_are_not_chosen_have_none_either() -> None:
    _, gradient = made("max(log(x))", 3).loss_and_gradient(np.array([0.0, 2.0, 1.0]))
    assert gradient.tolist() == [0, 0.5, 0]
    _, gradient = made("sum(min(1/x, 2))", 3).loss_and_gradient(np.array([0.0, 1.0, 4.0]))
    assert gradient.tolist() == [0, -1, -0.0625]
    _, gradient = made("min(1/x)", 3).loss_and_gradient(np.array([0.0, 1.0, 2.0]))
    assert gradient.tolist() == [0, 0, -0.25]


def test_it_has_no_curvature_either() -> None:
    problem = PROBLEMS["formula"](formula="max(asin(max(1, x)), y**2)")
    assert problem.hessian((0.5, 2.0)).tolist() == [[0, 0], [0, 2]]
    problem = PROBLEMS["formula"](formula="min(1/x, x*y)")
    assert problem.hessian((0.0, 2.0)).tolist() == [[0, 1], [1, 0]]


def test_only_where_slopes_may_be_infinite_it_is_looked_which_branch_was_chosen() -> None:
    for text, is_needed in (
        ("max(x, y)**2", False),
        ("min(x**2, 3*y) + max(sin(x)*y**3, abs(x))", False),
        ("exp(-x**2)/(1 + y**2)", False),
        ("max(log(x), y)", True),
        ("max(x/y, 1)", True),
    ):
        ours = made(text)
        ours.loss_and_gradient(np.ones(2))
        operations = {term.operation for term in ours._algebra.terms}
        assert ("gated" in operations) == is_needed, text


def test_the_angle_of_the_origin_has_no_slope() -> None:
    loss, gradient = made("atan2(x, y)**2 + 3*x").loss_and_gradient(np.zeros((2, 2)))
    assert loss.tolist() == [0, 0]
    assert gradient.tolist() == [[3, 3], [0, 0]]
    assert not made("atan2(y, x) + x").is_smooth_at((0.0, 0.0))
    assert made("atan2(y, x) + x").is_smooth_at((0.5, 0.0))


@pytest.mark.parametrize("x", [0.0, -1.0, 2.0])
def test_nothing_times_a_logarithm_is_nothing(x: float) -> None:
    loss, gradient = made("f(x, y) = 0*log(x) + y").loss_and_gradient(np.array([x, 3.0]))
    assert loss == 3.0
    assert gradient.tolist() == [0, 1]


@pytest.mark.parametrize(
    "text",
    ["(x**2 + y**2)**0.75", "(x**2)**0.3 + y**2", "abs(x)**0.3 + abs(y)**1.3", "(x*y)**(2/3)"],
)
def test_the_slope_at_a_cusp_of_a_power_is_nothing_as_that_of_a_root_is(text: str) -> None:
    for shape in ((), (1,), (3,)):
        assert not made(text).loss_and_gradient(np.zeros((2, *shape)))[1].any()


def test_a_power_that_is_not_whole_has_no_curvature_where_it_is_zero() -> None:
    assert PROBLEMS["formula"](formula="(x**2 + y**2)**0.75").curvature() is None
    aside = PROBLEMS["formula"](formula="(1 + x**2 + y**2)**0.75").curvature()
    assert aside == pytest.approx((1.5, 1.5))


@pytest.mark.parametrize(
    ("text", "place", "loss", "slope"),
    [
        ("(1e200*x)**2", 1e-200, 1.0, 2e200),
        ("(1e-200*x)**2", 1e200, 1.0, 2e-200),
        ("1e200*x*(1e200*x)", 1e-200, 1.0, 2e200),
        ("1e-200*x*1e-200*x", 1e200, 1.0, 2e-200),
        ("x/5e-324", 5e-324, 1.0, np.inf),
        ("x/5e-324", 0.0, 0.0, np.inf),
    ],
)
def test_numbers_are_not_drawn_together_to_more_than_there_is(
    text: str, place: float, loss: float, slope: float
) -> None:
    found, gradient = made(text).loss_and_gradient(np.array([place]))
    assert found == pytest.approx(loss)
    assert gradient == pytest.approx([slope])


def test_a_product_with_a_zero_has_the_slope_of_the_others() -> None:
    _, gradient = made("prod(x)", 4).loss_and_gradient(np.array([2.0, 0.0, 3.0, 5.0]))
    assert gradient.tolist() == [0, 30, 0, 0]
    _, gradient = made("prod(x)", 3).loss_and_gradient(np.array([0.0, 0.0, 3.0]))
    assert gradient.tolist() == [0, 0, 0]


def test_a_power_of_zero_has_a_slope() -> None:
    _, gradient = made("x**y").loss_and_gradient(np.array([0.0, 2.0]))
    assert gradient.tolist() == [0, 0]


@pytest.mark.parametrize(
    "text", ["x**3*y + sin(x*y)", "exp(x)/y + log(y)*x", "x**y", "atan2(x, y)"]
)
def test_second_derivatives_are_the_differences_of_the_gradient(text: str) -> None:
    problem = PROBLEMS["formula"](formula=text)
    position = np.random.default_rng(9).uniform(0.5, 1.5, (2, 4))
    matrices, _ = problem.hessians(position)
    differences, _ = super(type(problem), problem).hessians(position)
    assert matrices == pytest.approx(differences, rel=1e-7, abs=1e-8)


@pytest.mark.frameworks
def test_gradients_of_random_formulas_agree_with_jax() -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    np_ = jax.numpy
    known = {
        **{n: getattr(np_, n) for n in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp")},
        **{n: getattr(np_, n) for n in ("log", "log2", "log10", "log1p", "expm1", "sqrt", "cbrt")},
        "asin": np_.arcsin,
        "acos": np_.arccos,
        "atan": np_.arctan,
        "ln": np_.log,
        "abs": np_.abs,
        "sign": np_.sign,
        "hypot": np_.hypot,
        "atan2": np_.arctan2,
        "min": np_.minimum,
        "max": np_.maximum,
        "pi": np.pi,
    }
    compared = 0
    for number in range(400):
        draw = random.Random(number)
        text = "f(x, y, z) = " + formula(draw, draw.randrange(1, 5))
        try:
            ours = made(text)
        except ValueError:
            continue

        def theirs(point: Any, text: str = text) -> Any:
            names = dict(zip("xyz", point, strict=True))
            return by_python(text, {**known, **CONSTANTS, **names}) + 0.0 * point[0]

        point = np.array([draw.uniform(0.2, 1.5) for _ in range(3)])
        loss, gradient = ours.loss_and_gradient(point)
        try:
            is_complex = np.iscomplexobj(theirs(point))
        except ValueError:
            is_complex = True
        if is_complex:  # Python's own root of a negative literal
            continue
        there, slope = jax.value_and_grad(theirs)(np_.asarray(point))
        there, slope = float(there), np.asarray(slope)
        size = max(abs(there), float(np.abs(slope).max()))
        if not (np.isfinite(loss) and np.isfinite(slope).all() and 1e-6 < size < 1e6):
            continue
        assert loss == pytest.approx(there, rel=1e-9, abs=1e-9 * size), text
        assert gradient == pytest.approx(slope, rel=1e-7, abs=1e-9 * size), text
        compared += 1
    assert compared > 100


@pytest.mark.parametrize(
    "text", ["exp(x)", "x", "x**2/2", "f(x) = a", "x*y", "sum(x)", "sum(x**2)/2"]
)
def test_loss_gradient_and_position_have_memory_of_their_own(text: str) -> None:
    problem = PROBLEMS["formula"](formula=text)
    position = np.full((problem.dim, 3), 0.5)
    loss, gradient = problem.loss_and_gradient(position)
    before = loss.copy()
    gradient[...] = -7.0
    assert np.array_equal(loss, before)
    assert np.array_equal(position, np.full((problem.dim, 3), 0.5))
