import numpy as np
import pytest

from lrstudio.core import PROBLEMS
from lrstudio.engine.planes import CoordinatePlane as Plane


def test_home_is_the_domain_and_grows_for_starts_outside():
    plane = Plane(PROBLEMS["himmelblau"]())
    assert plane.home(((0.0, 0.0),)) == ((-5.0, 5.0), (-5.0, 5.0))
    x, y = plane.home(((9.0, 0.0),))
    assert x[0] == -5.0
    assert x[1] > 9.0
    assert y == (-5.0, 5.0)
    assert plane.home(((1e150, 0.0),)) == ((-5.0, 5.0), (-5.0, 5.0))


def test_a_curve_has_the_loss_as_its_second_axis(race):
    trajectory = race(problem="quadratic")
    plane = Plane(trajectory.plan.experiment.problem)
    assert plane.names == ("x", "f")
    _, y = plane.ways(trajectory, 0, 5)
    np.testing.assert_allclose(y, plane.problem.loss(trajectory.position[:5].transpose(1, 0, 2)))
    assert plane.place((2.0,)) == (2.0, pytest.approx(plane.loss_at(2.0, -99.0)))
    assert plane.moved((2.0,), -1.0, 7.0) == (-1.0,)
    (_, _), (low, high) = plane.home(trajectory.plan.starts)
    assert low < 0 < high


def test_a_slice_holds_the_other_coordinates_at_the_first_minimum(race):
    trajectory = race(problem="rosenbrock", dim=4)
    plane = Plane(trajectory.plan.experiment.problem, (2, 0))
    assert plane.names == ("x₃", "x₁")
    assert "first minimum" in plane.caption
    assert plane.loss_at(1.0, 1.0) == 0.0
    assert plane.moved((5.0, 6.0, 7.0, 8.0), 1.0, 2.0) == (2.0, 6.0, 1.0, 8.0)
    x, y = plane.ways(trajectory, 0, 3)
    assert (x == trajectory.position[:3, 2]).all()
    assert (y == trajectory.position[:3, 0]).all()
    assert plane.on_plane([(0.0, 1.0, 0.0, 1.0), (0.0, 0.0, 0.0, 0.0)]) == [(0.0, 1.0, 0.0, 1.0)]


def test_the_one_coordinate_that_is_not_shown_is_named():
    plane = Plane(PROBLEMS["sphere"](dim=3), (0, 2))
    assert plane.caption.startswith("x₂ at the first minimum")
    assert not Plane(PROBLEMS["beale"]()).caption
