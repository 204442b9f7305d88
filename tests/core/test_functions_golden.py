"""Test functions against values and gradients of 60-digit arithmetic, with their known minima."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lrstudio.core import PROBLEMS, Problem
from tests.core.test_problems import ROUNDED, rounding

GOLDEN = json.loads(
    (Path(__file__).parents[1] / "golden" / "functions.json").read_text(encoding="utf-8")
)["functions"]
OTHER_IDS = {"double_well": "double_well_plane"}
EPSILON = float(np.finfo(float).eps)

each_function = pytest.mark.parametrize("golden", GOLDEN, ids=[g["name"] for g in GOLDEN])


def problem_of(golden: dict[str, Any]) -> Problem:
    identifier = golden["name"].removesuffix("_5d")
    cls = PROBLEMS[OTHER_IDS.get(identifier, identifier)]
    has_dimensions = "dim" in cls.__struct_fields__
    return cls(dim=golden["dim"]) if has_dimensions else cls()


@each_function
def test_values_and_gradients_are_those_of_sixty_digits(golden: dict[str, Any]) -> None:
    problem = problem_of(golden)
    for point in golden["points"]:
        x, exact = np.array(point["x"]), np.array(point["grad"], dtype=float)
        loss, gradient = problem.loss_and_gradient(x)
        # A last digit of the position makes this of the loss and of the gradient.
        shift = 4 * EPSILON * float(np.abs(x * exact).sum())
        bend = 4 * EPSILON * np.abs(problem.hessian(tuple(x))) @ np.abs(x)
        terms = ROUNDED.get(golden["name"], 0.0) * problem.dim * 8 * EPSILON
        size = 1e-12 * np.abs(exact).max()
        assert loss == pytest.approx(point["f"], rel=1e-13, abs=shift + terms + 1e-300)
        assert (np.abs(gradient - exact) <= size + bend + 1e-300).all()


@each_function
def test_domain_minima_and_least_value_are_as_published(golden: dict[str, Any]) -> None:
    problem = problem_of(golden)
    assert problem.domain == tuple(map(tuple, golden["domain"]))
    assert bool(golden["minima"]) == bool(problem.minima)
    for minimum in golden["minima"]:
        off = min(float(np.abs(np.array(m) - minimum).max()) for m in problem.minima)
        assert off <= 4 * EPSILON * max(1.0, float(np.abs(minimum).max()))
    if "local_minima" in golden:  # of which all are known
        assert problem.local_minima == tuple(map(tuple, golden["local_minima"]))
    if golden["fmin"] is None:
        assert problem.minimum_value is None
        assert not problem.is_bounded_below
    else:
        assert problem.minimum_value == pytest.approx(golden["fmin"], abs=rounding(problem), rel=0)
        assert golden["lowest_found_numerically"] >= problem.floor - rounding(problem)


@each_function
def test_minima_on_the_edge_are_kept_there(golden: dict[str, Any]) -> None:
    problem = problem_of(golden)
    if golden["minimum_kind"].startswith("boundary"):
        assert problem.is_confined
        assert not any(problem.is_free(m).all() for m in problem.minima)


def test_all_of_them_are_there() -> None:
    assert len(GOLDEN) == 76
    assert len({type(problem_of(golden)) for golden in GOLDEN}) == 73
