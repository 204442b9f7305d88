"""Thinning and cutting curves changes nothing that a page can show."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lrstudio.storage import geometry

Points = NDArray[np.float64]
BOX = (100.0, 50.0, 400.0, 250.0)


def curve(y: Points, width: float = 800.0) -> Points:
    return np.stack((np.linspace(0, width, len(y)), y), axis=1)


def column_spans(points: Points) -> dict[int, tuple[float, float]]:
    """Lowest and highest point of each pixel column, the slow and obvious way."""
    spans: dict[int, tuple[float, float]] = {}
    for x, y in points.tolist():
        low, high = spans.get(int(x), (y, y))
        spans[int(x)] = min(low, y), max(high, y)
    return spans


def test_pieces_split_at_what_is_not_finite() -> None:
    points = curve(np.array([1, 2, np.nan, 3, np.inf, np.nan, 4, 5]))
    assert [piece[:, 1].tolist() for piece in geometry.pieces(points)] == [[1, 2], [3], [4, 5]]
    assert geometry.pieces(np.full((3, 2), np.nan)) == []
    assert geometry.pieces(np.empty((0, 2))) == []


@pytest.mark.parametrize("count", [2, 799, 5000, 100_003])
def test_every_pixel_column_keeps_its_extremes(count: int) -> None:
    points = curve(np.random.default_rng(count).standard_normal(count).cumsum())
    thin = geometry.column_extremes(points)
    assert column_spans(thin) == column_spans(points)
    assert len(thin) <= 4 * 801
    np.testing.assert_array_equal(thin[[0, -1]], points[[0, -1]])


def test_a_spike_in_the_last_point_is_kept() -> None:
    y = np.zeros(100_003)
    y[-1] = 7.0
    assert geometry.column_extremes(curve(y))[-1, 1] == 7.0


def test_constant_and_tied_values() -> None:
    thin = geometry.column_extremes(curve(np.zeros(50_000)))
    assert len(thin) <= 2 * 801


def distance_to_polyline(point: Points, line: Points) -> float:
    begin, step = line[:-1], np.diff(line, axis=0)
    along = np.einsum("ij,ij->i", point - begin, step)
    share = np.clip(along / np.maximum(np.einsum("ij,ij->i", step, step), 1e-300), 0, 1)
    return float(np.linalg.norm(begin + share[:, None] * step - point, axis=1).min())


def test_points_on_a_line_go_and_the_shape_stays() -> None:
    points = curve(100 * np.sin(np.linspace(0, 20, 2000)))
    thin = geometry.without_straight_points(points)
    assert len(thin) < len(points) / 3
    assert max(distance_to_polyline(p, thin) for p in points) < 0.3
    line = curve(np.linspace(0, 9, 1025))
    assert len(geometry.without_straight_points(line)) <= 3


def test_turning_points_stay() -> None:
    back_and_forth = np.array([[0.0, 0.0], [10.0, 0.0], [2.0, 0.0], [8.0, 0.0]])
    np.testing.assert_array_equal(geometry.without_straight_points(back_and_forth), back_and_forth)


def test_an_oscillation_is_drawn_once() -> None:
    ends = np.array([[0.0, 0.0], [300.0, 200.0]])
    points = np.tile(ends, (50_000, 1))
    found = geometry.without_repetition(points, most=20_000)
    assert sum(map(len, found)) == 2


def test_a_long_wandering_run_is_thinned_until_it_fits() -> None:
    points = np.random.default_rng(0).normal(0, 3, (200_000, 2)).cumsum(axis=0)
    found = geometry.without_repetition(points, most=5000)
    assert sum(map(len, found)) <= 5000
    np.testing.assert_array_equal(found[0][0], points[0])


def test_a_run_that_stands_still_or_has_one_point() -> None:
    assert sum(map(len, geometry.without_repetition(np.zeros((9, 2)), 100))) <= 2
    assert geometry.without_repetition(np.zeros((1, 2)), 100) == []


def test_clipping_a_line_through_the_box() -> None:
    found = list(geometry.clipped(np.array([[0.0, 150.0], [500.0, 150.0]]), BOX))
    assert [piece.tolist() for piece in found] == [[[100, 150], [400, 150]]]


def test_what_lies_inside_is_untouched() -> None:
    points = np.array([[150.0, 60.0], [200.0, 240.0], [390.0, 60.0]])
    (found,) = geometry.clipped(points, BOX)
    np.testing.assert_array_equal(found, points)


def test_leaving_and_coming_back_makes_two_pieces() -> None:
    points = np.array([[200.0, 100.0], [200.0, 0.0], [300.0, 0.0], [300.0, 100.0]])
    found = [piece.tolist() for piece in geometry.clipped(points, BOX)]
    assert found == [[[200, 100], [200, 50]], [[300, 50], [300, 100]]]


@pytest.mark.parametrize("far", [1e6, 1e30, 1e100])
def test_points_at_astronomical_distance_are_cut_exactly(far: float) -> None:
    # A straight line through the middle of the box, from far away to far away.
    points = np.array([[250 - far, 150.0], [250.0, 150.0], [250.0, 150 + far]])
    (found,) = geometry.clipped(points, BOX)
    np.testing.assert_allclose(found, [[100, 150], [250, 150], [250, 250]])


def inside(points: Points) -> bool:
    left, top, right, bottom = BOX
    x, y = points.T
    return bool(((x >= left) & (x <= right) & (y >= top) & (y <= bottom)).all())


COORDINATE = st.floats(-1e3, 1e3)


@given(st.lists(st.tuples(COORDINATE, COORDINATE), max_size=12))
def test_pieces_lie_inside_and_on_the_curve(corners: list[tuple[float, float]]) -> None:
    points = np.array(corners, dtype=float).reshape(-1, 2)
    for piece in geometry.clipped(points, BOX):
        assert inside(piece)
        assert max(distance_to_polyline(p, points) for p in piece) < 1e-6


@given(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=2, max_size=6), st.floats(0, 1))
def test_everything_inside_is_kept(corners: list[tuple[float, float]], share: float) -> None:
    points = np.array(corners)
    found = list(geometry.clipped(points, BOX))
    for begin, end in itertools.pairwise(points):
        point = begin + share * (end - begin)
        if inside(point[None, :]) and np.linalg.norm(end - begin) > 1e-6:
            assert min(distance_to_polyline(point, piece) for piece in found) < 1e-6
