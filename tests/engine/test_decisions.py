"""What models decide: against the borders that their equations have."""

import numpy as np
import pytest

from lrstudio.core import DATASETS, PROBLEMS
from lrstudio.engine.decisions import (
    data_ranges,
    decisions,
    examples,
    fitted,
    has_decisions,
    has_fit,
)


@pytest.mark.parametrize("is_scaled", [False, True])
def test_logistic_regression_parts_the_plane_along_a_straight_line(is_scaled):
    problem = PROBLEMS["logistic_regression"](scale_features=is_scaled)
    sample = problem.sample
    w1, w2, b = point = np.array([2.0, -1.0, 0.5])
    found = decisions(problem, point, (-4.0, 4.0), (-3.0, 3.0), 40)
    x, y = np.meshgrid(found.x, found.y)
    first, second = (
        (v - m) / s for v, m, s in zip((x, y), sample.shift, sample.scale, strict=True)
    )
    log_odds = w1 * first + w2 * second + b
    np.testing.assert_allclose(found.margins[1], log_odds, atol=1e-12)
    np.testing.assert_allclose(found.log_odds[1], log_odds, atol=1e-12)
    np.testing.assert_allclose(found.log_odds[0], -log_odds, atol=1e-12)


def test_the_odds_of_a_softmax_are_those_of_its_probabilities():
    problem = PROBLEMS["softmax_regression"](data=DATASETS["spirals"](arms=3))
    point = np.random.default_rng(0).standard_normal(problem.dim)
    found = decisions(problem, point, (-1.0, 1.0), (-1.0, 1.0), 8)
    x, y = np.meshgrid(found.x, found.y)
    inputs = problem.sample.scaled(np.column_stack([x.ravel(), y.ravel()]))
    z = inputs @ point[:6].reshape(2, 3) + point[6:]
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.log_odds.reshape(3, -1).T, np.log(p / (1 - p)), atol=1e-9)
    assert ((found.margins > 0).reshape(3, -1).argmax(axis=0) == p.argmax(axis=1)).all()


def test_squares_have_no_odds():
    problem = PROBLEMS["perceptron"](model_loss="squares")
    found = decisions(problem, problem.drawn_start(0), (-1.0, 1.0), (-1.0, 1.0), 4)
    assert found.log_odds is None
    assert found.margins.shape == (2, 5, 5)


def test_examples_stand_where_the_data_set_has_them():
    problem = PROBLEMS["perceptron"](scale_features=True, validation_share=0.0)
    table = problem.data.table()
    points = examples(problem, problem.sample.train)
    assert {tuple(p) for p in points.round(9)} == {tuple(p) for p in table.features.round(9)}
    (left, right), (bottom, top) = data_ranges(problem)
    x, y = table.features.T
    assert left < x.min() < x.max() < right
    assert bottom < y.min() < y.max() < top


def test_a_line_is_fitted_through_one_feature():
    problem = PROBLEMS["linear_regression"](data=DATASETS["line"]())
    assert has_fit(problem)
    assert not has_decisions(problem)
    curve = fitted(problem, np.array([3.0, -1.0]), (0.0, 2.0))
    sample = problem.sample
    x = (curve[:, 0] - sample.shift[0]) / sample.scale[0]
    np.testing.assert_allclose(curve[:, 1], 3 * x - 1)


def test_which_problems_have_a_picture():
    assert has_decisions(PROBLEMS["perceptron"]())
    assert not has_decisions(PROBLEMS["perceptron"](data=DATASETS["iris"]()))
    assert not has_decisions(PROBLEMS["beale"]())
