"""Problems: what holds for all of them, and what can be worked out by hand."""

import math
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS, PROBLEMS, SCHEDULES, Problem
from lrstudio.core.arrays import Array
from lrstudio.engine import Contender, Experiment, Recording, run
from tests.core.variants import name

EPSILON = float(np.finfo(float).eps)


def instances() -> list[Problem]:
    """Every problem as it is; every one that has dimensions also in five and in forty."""
    made = []
    for cls in PROBLEMS.values():
        dims = (2, 5, 40) if "dim" in cls.__struct_fields__ else (None,)
        made += [cls() if d in (None, 2) else cls(dim=d) for d in dims]
    return [
        *made,
        PROBLEMS["quadratic"](lam=7.5),
        PROBLEMS["ellipse"](kappa=1e4),
        PROBLEMS["rotated_ellipse"](kappa=1e3, angle=-75.0),
    ]


each_problem = pytest.mark.parametrize("problem", instances(), ids=name)


def somewhere(problem: Problem, count: int) -> Array:
    """Random points `(dim, count)` of the domain."""
    low, high = np.array(problem.domain).T[:, :, None]
    return np.random.default_rng(7).uniform(low, high, (problem.dim, count))


# --- shapes ------------------------------------------------------------------------------------


@each_problem
def test_a_point_many_points_and_a_grid_of_points_agree(problem: Problem) -> None:
    lanes = somewhere(problem, 12)
    losses, gradients = problem.loss_and_gradient(lanes)
    assert losses.shape == (12,)
    assert gradients.shape == (problem.dim, 12)
    grid = lanes.reshape(problem.dim, 3, 4)
    assert np.array_equal(problem.loss(grid), losses.reshape(3, 4))
    assert np.array_equal(problem.loss_and_gradient(grid)[1], gradients.reshape(-1, 3, 4))
    for j in range(12):
        loss, gradient = problem.loss_and_gradient(lanes[:, j].copy())
        assert np.shape(loss) == ()
        # A sum over one point's coordinates is taken in another order.
        assert loss == pytest.approx(losses[j], rel=4 * EPSILON)
        assert gradient == pytest.approx(gradients[:, j], rel=32 * EPSILON, abs=1e-13)


@each_problem
def test_the_position_is_left_alone(problem: Problem) -> None:
    position = somewhere(problem, 5)
    position.setflags(write=False)
    _, gradient = problem.loss_and_gradient(position)
    assert not np.may_share_memory(gradient, position)


@each_problem
def test_coordinates_domain_and_start_fit_together(problem: Problem) -> None:
    assert problem.dim == len(problem.domain) == len(problem.start) == len(problem.coordinates)
    assert len(set(problem.coordinates)) == problem.dim
    for points in ((problem.start,), problem.minima, problem.local_minima):
        for point in points:
            for x, (low, high) in zip(point, problem.domain, strict=True):
                assert low < x < high or (problem.is_confined and low <= x <= high)
    assert problem.start not in problem.minima


@each_problem
def test_the_loss_is_finite_all_over_the_domain(problem: Problem) -> None:
    corners = np.array(problem.domain).T
    for points in (somewhere(problem, 500), corners.T):
        loss, gradient = problem.loss_and_gradient(points)
        assert np.isfinite(loss).all()
        assert np.isfinite(gradient).all()


# --- gradients ---------------------------------------------------------------------------------


@each_problem
def test_the_gradient_is_the_slope_of_the_loss(problem: Problem) -> None:
    points = somewhere(problem, 20)
    _, gradients = problem.loss_and_gradient(points)
    spacing = 1e-3
    for i in range(problem.dim):
        offset = np.zeros((problem.dim, 1))
        offset[i] = spacing

        def difference(offset: Array) -> Array:
            return problem.loss(points + offset) - problem.loss(points - offset)

        # Richardson's: the error of central differences is of the fourth order in the spacing.
        slope = (8 * difference(offset / 2) - difference(offset)) / (6 * spacing)
        rounding = EPSILON * np.abs(problem.loss(points)).max() / spacing
        # 10 (2π)⁵ spacing⁴/480 is the steepest ripple's share.
        assert slope == pytest.approx(gradients[i], abs=8 * rounding + 5e-9, rel=1e-9)


# --- minima ------------------------------------------------------------------------------------


@each_problem
def test_the_loss_at_the_minima_is_the_minimum_value(problem: Problem) -> None:
    for minimum in problem.minima:
        loss = float(problem.loss(np.array(minimum)))
        # A position is rounded to a digit; the loss there is flat.
        assert loss == pytest.approx(problem.minimum_value, rel=1e-15, abs=1e-25)


@each_problem
def test_minima_are_where_the_gradient_vanishes(problem: Problem) -> None:
    if not problem.is_smooth:
        return
    for minimum in (*problem.minima, *problem.local_minima):
        _, gradient = problem.loss_and_gradient(np.array(minimum))
        hessian = problem.hessian(minimum)
        assert np.linalg.eigvalsh(hessian)[0] > 0
        missed = np.linalg.solve(hessian, gradient)  # a step of Newton's is the rest of the way
        assert np.abs(missed).max() <= 4 * EPSILON * max(1.0, np.abs(minimum).max())


@each_problem
def test_local_minima_are_higher_than_the_global_ones(problem: Problem) -> None:
    for minimum in problem.local_minima:
        assert float(problem.loss(np.array(minimum))) > problem.minimum_value + 1e-3


def descended(problem: Problem, count: int) -> tuple[Array, Array]:
    """Ends `(dim, count)` of descents from everywhere, and the lowest loss of each."""
    widest = max(high - low for low, high in problem.domain)
    contender = Contender(
        name="",
        optimizer=OPTIMIZERS["adam"](lr=widest / 40, beta2=0.99),
        schedule=SCHEDULES["exponential"](gamma=1e-6, decay_steps=3000),
    )
    trajectory = run(
        Experiment(
            problem=problem,
            contenders=(contender,),
            starts=tuple(map(tuple, somewhere(problem, count).T.tolist())),
            steps=3000,
        ),
        Recording(every=3000),
    )
    return trajectory.position[-1], trajectory.best_loss


@pytest.mark.parametrize("cls", PROBLEMS.values(), ids=name)
def test_no_descent_from_anywhere_finds_anything_lower(cls: type[Problem]) -> None:
    problem = cls()
    if problem.is_confined:
        return  # it ends where the slope does not: see test_online
    _, lowest = descended(problem, 300)
    size = max(1.0, abs(problem.minimum_value))
    assert lowest.min() >= problem.minimum_value - 4 * EPSILON * size
    assert lowest.min() <= problem.minimum_value + 1e-6  # so that the search means something


COUNTLESS = {"rastrigin", "ackley"}  # too many local minima to name


@pytest.mark.parametrize("cls", PROBLEMS.values(), ids=name)
def test_every_minimum_is_named(cls: type[Problem]) -> None:
    problem = cls()
    if problem.is_confined:
        return
    ends, _ = descended(problem, 300)
    named = np.array([*problem.minima, *problem.local_minima])
    distances = np.linalg.norm(ends.T[:, None] - named, axis=-1)
    if cls.__struct_config__.tag not in COUNTLESS:
        # Beale's plateau and Rosenbrock's valley hold back what comes from afar.
        arrived = np.abs(problem.loss_and_gradient(ends)[1]).max(axis=0) < 1e-6
        assert (distances.min(axis=1)[arrived] < 1e-3).all()
        assert arrived.mean() > 0.1
    assert (distances.min(axis=0) < 1e-3).all()  # and nothing is named that is none


# --- what can be worked out by hand --------------------------------------------------------------


def ellipse(kappa: float, angle: float = 0.0) -> Array:
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    turn = np.array([[c, s], [-s, c]])
    return turn.T @ np.diag([2.0, 2 * kappa]) @ turn


def slopes(problem: Problem) -> Array:
    """Second derivatives of a problem whose gradient is linear."""
    there = problem.loss_and_gradient(np.eye(problem.dim))[1]
    return there - problem.loss_and_gradient(np.zeros((problem.dim, 1)))[1]


HESSIANS: list[tuple[Problem, Any]] = [
    (PROBLEMS["quadratic"](lam=7.5), [[7.5]]),
    (PROBLEMS["double_well"](), [[2]]),
    (PROBLEMS["ellipse"](kappa=10.0), ellipse(10)),
    (PROBLEMS["rotated_ellipse"](kappa=10.0, angle=30.0), ellipse(10, 30)),
    (PROBLEMS["sphere"](dim=5), 2 * np.eye(5)),
    (PROBLEMS["saddle_with_wells"](), [[2, 0], [0, 1]]),
    (PROBLEMS["rosenbrock"](), [[802, -400], [-400, 200]]),
    # Twice JᵀJ with J of the three residuals at (3, ½).
    (PROBLEMS["beale"](), [[3.15625, -11.4375], [-11.4375, 46.125]]),
    (PROBLEMS["himmelblau"](), [[74, 20], [20, 34]]),
    (PROBLEMS["three_hump_camel"](), [[4, 1], [1, 2]]),
    (PROBLEMS["linear_layer"](), slopes(PROBLEMS["linear_layer"]())),
    # 2 − 9 sin 3x at the root of 2x + 3 cos 3x that is lowest, to 17 digits by bisection.
    (PROBLEMS["formula"](), [[2 - 9 * math.sin(-3 * 0.42730784687523011), 0], [0, 4]]),
    (PROBLEMS["rastrigin"](dim=5), (2 + 40 * math.pi**2) * np.eye(5)),
    (
        PROBLEMS["styblinski_tang"](),
        (6 * PROBLEMS["styblinski_tang"]().minima[0][0] ** 2 - 16) * np.eye(2),
    ),
]


@pytest.mark.parametrize(("problem", "hessian"), HESSIANS, ids=[name(p) for p, _ in HESSIANS])
def test_the_curvature_is_that_of_the_second_derivatives(problem: Problem, hessian: Any) -> None:
    eigenvalues = np.linalg.eigvalsh(np.array(hessian, dtype=float))
    largest = eigenvalues[-1]
    assert problem.hessian(problem.minima[0]) == pytest.approx(
        np.array(hessian), abs=1e-8 * largest
    )
    assert problem.curvature() == pytest.approx((eigenvalues[0], largest), abs=1e-8 * largest)


@each_problem
def test_second_derivatives_are_the_differences_of_the_gradient(problem: Problem) -> None:
    if problem.dim > 12 or type(problem).hessians is Problem.hessians:
        return
    position = somewhere(problem, 5)
    matrices, cost = problem.hessians(position)
    expected, cost_of_differences = Problem.hessians(problem, position)
    assert matrices.shape == (problem.dim, problem.dim, 5)
    assert np.array_equal(matrices, matrices.swapaxes(0, 1))
    # Central differences lose a third of the digits.
    assert matrices == pytest.approx(expected, abs=1e-8 * np.abs(expected).max())
    assert cost_of_differences == 2 * cost == 2 * problem.dim


def test_a_linear_layer_has_the_same_curvatures_in_every_row() -> None:
    problem = PROBLEMS["linear_layer"](rows=3, columns=4, kappa=1000.0)
    eigenvalues = np.linalg.eigvalsh(problem.hessian(problem.start))
    assert eigenvalues.reshape(4, 3) == pytest.approx(np.repeat([[1], [10], [100], [1000]], 3, 1))
    assert problem.matrix_shape == (3, 4)
    assert problem.coordinates[5] == "w₂₂"
    assert PROBLEMS["linear_layer"](rows=12).coordinates[-1] == "w₁₂·₃"
    # Half the squared Frobenius norm of (W − W*) A, at W = 0 that of W* A.
    gram = problem.hessian(problem.start)[:4, :4]
    assert problem.loss(np.zeros(12)) == pytest.approx(np.trace(gram[:3, :3]) / 2)


def test_every_smooth_problem_has_its_second_derivatives_here() -> None:
    smooth = {cls for cls in PROBLEMS.values() if cls.is_smooth}
    assert {type(p) for p, _ in HESSIANS} == smooth


@pytest.mark.parametrize(
    ("problem", "condition"),
    [("rosenbrock", 2508.0), ("beale", 162.5), ("ellipse", 10.0), ("sphere", 1.0)],
)
def test_condition_numbers_as_printed(problem: str, condition: float) -> None:
    smallest, largest = PROBLEMS[problem]().curvature() or (0.0, 0.0)
    assert largest / smallest == pytest.approx(condition, rel=5e-4)


def test_a_cusp_has_no_curvature() -> None:
    assert PROBLEMS["ackley"]().curvature() is None


def test_many_dimensions_cost_no_matrix() -> None:
    assert PROBLEMS["sphere"](dim=10_000).curvature() is None


X, Y = Fraction(-13, 8), Fraction(5, 4)
BY_HAND: list[tuple[Problem, tuple[Fraction, ...], Fraction, tuple[Fraction, ...]]] = [
    (PROBLEMS["quadratic"](lam=7.5), (X,), 15 * X**2 / 4, (15 * X / 2,)),
    (PROBLEMS["double_well"](), (X,), X**4 / 4 - X**2 / 2, (X**3 - X,)),
    (PROBLEMS["ellipse"](kappa=10.0), (X, Y), X**2 + 10 * Y**2, (2 * X, 20 * Y)),
    (
        PROBLEMS["saddle_with_wells"](),
        (X, Y),
        X**4 / 4 - X**2 / 2 + Y**2 / 2,
        (X**3 - X, Y),
    ),
    (  # half a right angle: 2u² = (x + y)², 2v² = (y − x)²
        PROBLEMS["rotated_ellipse"](kappa=10.0, angle=45.0),
        (X, Y),
        ((X + Y) ** 2 + 10 * (Y - X) ** 2) / 2,
        (11 * X - 9 * Y, 11 * Y - 9 * X),
    ),
]


@pytest.mark.parametrize(("problem", "at", "loss", "gradient"), BY_HAND)
def test_polynomials_agree_with_fractions(
    problem: Problem, at: tuple[Fraction, ...], loss: Fraction, gradient: tuple[Fraction, ...]
) -> None:
    got_loss, got_gradient = problem.loss_and_gradient(np.array([float(x) for x in at]))
    assert got_loss == pytest.approx(float(loss), rel=8 * EPSILON)
    assert got_gradient == pytest.approx([float(g) for g in gradient], rel=8 * EPSILON)


def test_the_cusp_of_ackley_is_met_without_a_warning() -> None:
    loss, gradient = PROBLEMS["ackley"]().loss_and_gradient(np.zeros((2, 3)))
    assert (loss == 0).all()
    assert (gradient == 0).all()


def test_ackleys_loss_keeps_its_digits_near_the_minimum() -> None:
    at = 1e-9 * np.ones(2)  # there f = 4·10⁻⁹ to the first order
    assert PROBLEMS["ackley"]().loss(at) == pytest.approx(4e-9, rel=1e-6)


@each_problem
def test_the_extremes_of_the_parameters_are_no_error(problem: Problem) -> None:
    for field, value in (("kappa", 1e9), ("lam", 1e9), ("angle", -360.0)):
        if field in problem.__struct_fields__:
            extreme = msgspec.structs.replace(problem, **{field: value})
            loss, gradient = extreme.loss_and_gradient(np.array(extreme.start))
            assert np.isfinite(loss)
            assert np.isfinite(gradient).all()
