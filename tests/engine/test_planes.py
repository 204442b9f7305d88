"""Planes: where points lie in them, what they show of a run, the loss over them."""

import numpy as np
import pytest

from lrstudio.core import DISTURBANCES, OPTIMIZERS, PROBLEMS
from lrstudio.core.problem import Layer
from lrstudio.engine import Contender, Experiment, Recording, Trajectory, plan, simulate
from lrstudio.engine.directions import (
    default_plane,
    filter_normalized,
    plane_of,
    principal_directions,
    random_directions,
    share_in,
)
from lrstudio.engine.planes import CoordinatePlane, DirectionPlane, shown_starts
from lrstudio.engine.survey import CELLS, survey
from lrstudio.engine.travelled import best_lane, end_point, travelled


def raced(
    problem, steps=40, rates=(0.05, 0.2), starts=(), every=1, *, disturbances=()
) -> Trajectory:
    contenders = tuple(
        Contender(name=f"SGD {lr}", optimizer=OPTIMIZERS["sgd"](lr=lr)) for lr in rates
    )
    experiment = Experiment(
        problem=problem,
        contenders=contenders,
        steps=steps,
        starts=starts,
        disturbances=disturbances,
    )
    planned = plan(experiment, Recording(every=every))
    trajectory = Trajectory(planned)
    for _ in simulate(planned, trajectory):
        pass
    return trajectory


@pytest.fixture(scope="module")
def model() -> Trajectory:
    return raced(PROBLEMS["perceptron"](width=6))


def test_home_is_the_domain_and_grows_for_starts_outside():
    plane = CoordinatePlane(PROBLEMS["himmelblau"]())
    assert plane.home(((0.0, 0.0),)) == ((-5.0, 5.0), (-5.0, 5.0))
    x, y = plane.home(((9.0, 0.0),))
    assert x[0] == -5.0
    assert x[1] > 9.0
    assert y == (-5.0, 5.0)
    assert plane.home(((1e150, 0.0),)) == ((-5.0, 5.0), (-5.0, 5.0))


def test_a_curve_has_the_loss_as_its_second_axis():
    trajectory = raced(PROBLEMS["quadratic"]())
    plane = CoordinatePlane(trajectory.plan.experiment.problem)
    assert plane.names == ("x", "f")
    _, y = plane.ways(trajectory, 0, 5)
    np.testing.assert_allclose(y, plane.problem.loss(trajectory.position[:5].transpose(1, 0, 2)))
    assert plane.place((2.0,)) == (2.0, pytest.approx(plane.loss_at(2.0, -99.0)))
    assert plane.moved((2.0,), -1.0, 7.0) == (-1.0,)
    (_, _), (low, high) = plane.home(trajectory.plan.starts)
    assert low < 0 < high


def test_a_slice_holds_the_other_coordinates_at_the_first_minimum():
    trajectory = raced(PROBLEMS["rosenbrock"](dim=4), rates=(1e-4,))
    plane = CoordinatePlane(trajectory.plan.experiment.problem, (2, 0))
    assert plane.names == ("x₃", "x₁")
    assert "first minimum" in plane.caption
    assert plane.loss_at(1.0, 1.0) == 0.0
    assert plane.moved((5.0, 6.0, 7.0, 8.0), 1.0, 2.0) == (2.0, 6.0, 1.0, 8.0)
    x, y = plane.ways(trajectory, 0, 3)
    assert (x == trajectory.position[:3, 2]).all()
    assert (y == trajectory.position[:3, 0]).all()
    assert plane.on_plane([(0.0, 1.0, 0.0, 1.0), (0.0, 0.0, 0.0, 0.0)]) == [(0.0, 1.0, 0.0, 1.0)]


def test_the_one_coordinate_that_is_not_shown_is_named():
    plane = CoordinatePlane(PROBLEMS["sphere"](dim=3), (0, 2))
    assert plane.caption.startswith("x₂ at the first minimum")
    assert not CoordinatePlane(PROBLEMS["beale"]()).caption


@pytest.mark.parametrize(("dim", "count"), [(300, 40), (5, 90), (3, 2)])
def test_principal_directions_are_those_of_a_singular_value_decomposition(dim, count):
    random = np.random.default_rng(3)
    scales = 10.0 ** -np.arange(min(dim, count))
    points = (
        random.standard_normal((dim, len(scales)))
        * scales
        @ random.standard_normal((len(scales), count))
    )
    off = points - points.mean(axis=1, keepdims=True)
    u, s, _ = np.linalg.svd(off, full_matrices=False)

    directions, shares = principal_directions(points)

    np.testing.assert_allclose(directions.T @ directions, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(
        shares, (np.square(s) / np.square(s).sum())[:2], rtol=1e-8, atol=1e-15
    )
    known = 1 if count == 2 else 2  # two points have only one direction between them
    np.testing.assert_allclose(np.abs(u[:, :known].T @ directions[:, :known]).diagonal(), 1.0)


def test_runs_that_stay_in_a_plane_are_explained_by_it():
    random = np.random.default_rng(5)
    basis, _ = np.linalg.qr(random.standard_normal((500, 2)))
    places = random.standard_normal((2, 60))
    points = random.standard_normal((500, 1)) + basis @ places
    directions, shares = principal_directions(points)
    assert shares.sum() == pytest.approx(1.0, abs=1e-12)
    plane = DirectionPlane(PROBLEMS["sphere"](dim=500), points.mean(axis=1), directions, ("a", "b"))
    np.testing.assert_allclose(plane.points(*plane.project(points)), points, atol=1e-12)
    assert share_in(plane, points) == pytest.approx(1.0)


@pytest.mark.parametrize("count", [1, 5])
def test_runs_that_do_not_move_have_a_plane_all_the_same(count):
    directions, shares = principal_directions(np.ones((7, count)))
    np.testing.assert_allclose(directions.T @ directions, np.eye(2), atol=1e-12)
    assert (shares == 0).all()


def test_the_projection_is_orthogonal_whatever_the_directions():
    random = np.random.default_rng(1)
    skew = random.standard_normal((20, 2)) * [3.0, 0.01]
    plane = DirectionPlane(PROBLEMS["sphere"](dim=20), random.standard_normal(20), skew, ("", ""))
    points = random.standard_normal((20, 9))
    x, y = plane.project(points)
    rest = points - plane.points(x, y)
    np.testing.assert_allclose(skew.T @ rest / np.linalg.norm(skew, axis=0)[:, None], 0, atol=1e-12)
    known, *_ = np.linalg.lstsq(skew, points - plane.origin[:, None])
    np.testing.assert_allclose([x, y], known, rtol=1e-9, atol=1e-9)
    grid = plane.points(np.array([1.0, 2.0, 3.0]), np.array([[5.0], [6.0]]))
    assert grid.shape == (20, 2, 3)
    np.testing.assert_allclose(grid[:, 1, 2], plane.origin + skew @ [3.0, 6.0])
    inside = tuple(plane.points(np.array(0.3), np.array(-40.0)))
    assert plane.on_plane([inside, tuple(points[:, 0])]) == [inside]


def test_each_filter_of_a_random_direction_has_the_norm_of_the_weights():
    layers = (Layer("W1", 0, (4, 3)), Layer("b1", 12, (3,)), Layer("W2", 15, (3, 2)))
    random = np.random.default_rng(2)
    centre = random.standard_normal(21)
    direction = filter_normalized(random.standard_normal(21), centre, layers)
    for first, shape in ((0, (4, 3)), (15, (3, 2))):
        d, w = (v[first : first + shape[0] * shape[1]].reshape(shape) for v in (direction, centre))
        for unit in range(shape[1]):
            assert np.linalg.norm(d[:, unit]) == pytest.approx(np.linalg.norm(w[:, unit]))
    assert (direction[12:15] == 0).all()


def test_what_has_no_filters_has_the_norm_of_the_whole_or_one():
    random = np.random.default_rng(2)
    direction = random.standard_normal(5)
    whole = (Layer("x", 0, (5,)),)
    assert np.linalg.norm(filter_normalized(direction, np.full(5, 2.0), whole)) == pytest.approx(
        2 * 5**0.5
    )
    assert np.linalg.norm(filter_normalized(direction, np.zeros(5), whole)) == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(6))
def test_random_directions_span_a_plane_where_filters_are_single_weights(seed):
    layers = (Layer("W1", 0, (1, 1)), Layer("b1", 1, (1,)), Layer("W2", 2, (1, 1)))
    directions = random_directions(np.array([0.5, 3.0, -2.0]), layers, seed)
    assert np.linalg.matrix_rank(directions) == 2
    assert np.abs(directions).T.tolist() == [[0.5, 0.0, 2.0]] * 2
    alone = random_directions(np.array([0.5, 3.0, 0.0]), layers, seed)
    assert np.linalg.matrix_rank(alone) == 2


def test_what_is_shown_by_default():
    assert isinstance(default_plane(raced(PROBLEMS["beale"](), 5, (1e-4,))), CoordinatePlane)
    rosenbrock = default_plane(raced(PROBLEMS["rosenbrock"](dim=30), 5, (1e-5,)))
    assert isinstance(rosenbrock, CoordinatePlane)
    assert isinstance(default_plane(raced(PROBLEMS["perceptron"](), 5)), DirectionPlane)
    assert isinstance(default_plane(raced(PROBLEMS["logistic_regression"](), 5)), CoordinatePlane)


@pytest.mark.parametrize("kind", ["coordinates", "principal", "random"])
def test_every_plane_fits_the_runs_and_knows_the_loss(model, kind):
    plane = plane_of(kind, model)
    (left, right), (bottom, top) = plane.range_for(model)
    x, y = plane.ways(model, 0, model.rows)
    assert ((x > left) & (x < right) & (y > bottom) & (y < top)).all()
    at_x, at_y = plane.at(model, np.array([7, 31]))
    np.testing.assert_allclose([at_x, at_y], [[x[7, 0], x[31, 1]], [y[7, 0], y[31, 1]]])
    point = plane.points(np.array(0.4), np.array(-0.1))
    assert plane.loss_at(0.4, -0.1) == pytest.approx(float(plane.problem.loss(point)))


def test_planes_of_models_go_through_the_runs(model):
    end = end_point(model, best_lane(model))
    for kind in ("coordinates", "random"):
        plane = plane_of(kind, model)
        assert plane.loss_at(*plane.place(tuple(end))) == pytest.approx(
            float(model.plan.experiment.problem.loss(end))
        )
    assert "the end of SGD" in plane_of("random", model).caption
    assert "320 training examples" in plane_of("principal", model).caption
    first, other = (plane_of("random", model, seed=seed) for seed in (0, 1))
    assert not np.allclose(first.directions, other.directions)
    assert (plane_of("random", model).directions == first.directions).all()


def test_a_run_that_flew_off_does_not_decide_what_is_shown():
    trajectory = raced(PROBLEMS["rosenbrock"](dim=6), 60, rates=(1e-4, 0.1))
    points = travelled(trajectory)
    assert trajectory.diverged_at[1] > 0
    assert np.isfinite(points).all()
    assert np.abs(points).max() < 100
    (left, right), _ = plane_of("principal", trajectory).range_for(trajectory)
    assert right - left < 100


@pytest.mark.parametrize("dim", [3, 400])
def test_the_first_steps_of_a_long_run_are_in_the_picture(dim):
    """x ← −0.9 x: far on the other side at the first step, at rest long before the last one."""
    trajectory = raced(PROBLEMS["sphere"](dim=dim), 1500, rates=(0.95,))
    plane = plane_of("principal", trajectory)
    (left, right), _ = plane.range_for(trajectory)
    x, _ = plane.ways(trajectory, 0, trajectory.rows)
    assert ((x > left) & (x < right)).all()


def test_starts_that_the_seeds_drew_are_shown_where_they_were(model):
    plane = plane_of("principal", model)
    (start,) = shown_starts(plane, model)
    assert start == tuple(model.position[0, :, 0])


def test_a_survey_ends_with_what_direct_evaluation_gives(model):
    plane = plane_of("random", model)
    grids = [g for g in survey(plane, (-1.0, 1.0), (-0.5, 0.5), CELLS[:4]) if g is not None]
    assert [len(g.x) - 1 for g in grids] == list(CELLS[:4])
    last = grids[-1]
    x, y = np.meshgrid(np.linspace(-1, 1, 49), np.linspace(-0.5, 0.5, 49))
    np.testing.assert_allclose(last.loss, plane.problem.loss(plane.points(x, y)), rtol=1e-12)


def test_a_survey_can_be_left_between_small_batches(model):
    steps = survey(plane_of("random", model), (-1.0, 1.0), (-1.0, 1.0), (48,))
    assert [next(steps) for _ in range(5)] == [None] * 5


@pytest.mark.parametrize("kind", ["principal", "random"])
def test_where_the_function_moves_the_plane_is_said_to_go_along(kind):
    drift = DISTURBANCES["random_walk_drift"](sigma=0.1)
    problem = PROBLEMS["sphere"](dim=5)
    trajectory = raced(problem, disturbances=(drift,))
    plane = plane_of(kind, trajectory)
    assert plane.caption.endswith("; the plane moves with the function")
    assert "moves" not in plane_of(kind, raced(problem)).caption
    # What is read in the picture is the loss on the plane that went along, at right angles too.
    offset = trajectory.offsets.at(trajectory.rows - 1, 0)
    (shift,) = plane.displaced(offset[None, :])
    within = plane.directions @ shift
    place = plane.origin + plane.directions @ np.array([0.3, -0.2]) + (offset - within)
    shown = plane.loss_at(0.3 - shift[0], -0.2 - shift[1])
    assert shown == pytest.approx(float(np.sum((place - offset) ** 2)), rel=1e-9)


def test_coordinates_held_at_the_end_of_a_run_move_with_the_function():
    problem = PROBLEMS["logistic_regression"](order="full")
    drift = DISTURBANCES["random_walk_drift"](sigma=0.1)
    plane = plane_of("coordinates", raced(problem, disturbances=(drift,)))
    assert "moving with the function" in plane.caption
