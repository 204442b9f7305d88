import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from lrstudio.engine.planes import CoordinatePlane as Plane
from lrstudio.gui.plots.frame import Frame
from lrstudio.gui.plots.track_picture import _Scatter
from lrstudio.gui.plots.tracks import EXACT_POINTS, MORE_POINTS, Way, WayBook, departure, thinned

coordinates = st.lists(st.floats(-50, 50), min_size=1, max_size=60)


def way_of(*points):
    x, y = np.array(points, dtype=float).T
    return Way(x, y, np.arange(len(points)))


@settings(deadline=None)
@given(x=coordinates, y=coordinates)
def test_a_thinned_way_enters_the_same_pixels_in_the_same_order(x, y):
    count = min(len(x), len(y))
    x, y = np.array(x[:count]), np.array(y[:count])

    way = thinned(x, y)

    def pixels(x, y):
        visited = list(zip(np.floor(x).tolist(), np.floor(y).tolist(), strict=True))
        return [p for i, p in enumerate(visited) if i == 0 or p != visited[i - 1]]

    assert pixels(way.x, way.y) == pixels(x, y)
    assert (way.x == x[way.rows]).all()
    assert way.rows[-1] == count - 1
    assert (np.diff(way.rows) > 0).all()


def test_steps_within_a_pixel_are_merged():
    x = np.linspace(0, 10, 100_000)
    assert len(thinned(x, np.zeros_like(x))) <= 12


def test_a_way_ends_where_it_is_no_longer_a_number():
    x = np.arange(10.0) * 3
    x[6:] = np.nan
    assert thinned(x, np.zeros(10)).rows.tolist() == [0, 1, 2, 3, 4, 5]
    assert not len(thinned(np.full(3, np.nan), np.zeros(3)))
    assert not len(thinned(np.empty(0), np.empty(0)))


def test_numbers_that_no_screen_has_are_drawn_far_outside():
    way = thinned(np.array([0.0, 1e300, -np.inf]), np.array([0.0, -1e100, np.inf]))
    assert np.isfinite(way.x).all()
    assert np.abs(way.x).max() <= 1e6


def test_a_noisy_way_keeps_its_beginning_its_extent_and_its_end():
    generator = np.random.default_rng(0)
    x, y = generator.normal(0, 100, (2, 100_000))

    way = thinned(x, y)

    assert len(way) <= EXACT_POINTS + MORE_POINTS + 100
    assert (way.rows[:EXACT_POINTS] == np.arange(EXACT_POINTS)).all()
    assert way.rows[-1] == len(x) - 1
    for thin, whole in ((way.x, x), (way.y, y)):
        assert thin.min() == whole.min()
        assert thin.max() == whole.max()


@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_growing_ways_enter_the_pixels_that_whole_ones_do(race, growing, noise):
    trajectory = race(problem="rosenbrock", steps=3000, noise=noise)
    frame = Frame(600, 400, -2.0, 2.0, -2.0, 2.0)
    plane = Plane(trajectory.plan.experiment.problem)
    grown = WayBook(trajectory, plane, frame)
    for rows in (1, 2, 50, 51, 700, 3001):
        grown.extend(rows)
    whole = WayBook(trajectory, plane, frame)
    whole.extend(3001)

    for one, other in zip(grown.ways, whole.ways, strict=True):
        assert one.rows[-1] == other.rows[-1]
        for a, b in ((one.x, other.x), (one.y, other.y)):
            assert abs(a.min() - b.min()) < 1
            assert abs(a.max() - b.max()) < 1


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(50, 50), (150, 50)], (100, 50, 0.0)),
        ([(50, 50), (50, -50)], (50, 0, -math.pi / 2)),
        ([(50, 50), (-50, 150)], (0, 100, 3 * math.pi / 4)),
        ([(50, 50), (150, 50), (150, 99), (-50, 99)], (0, 99, math.pi)),  # crosses once more
        ([(-5, -5), (-9, -9)], None),
    ],
)
def test_a_run_departs_where_its_way_crosses_the_edge_for_the_last_time(points, expected):
    found = departure(way_of(*points), 100, 100)
    assert found == (None if expected is None else pytest.approx(expected))


def test_dots_of_a_way_keep_their_distance():
    scatter = _Scatter(10.0)
    line = [scatter.add(QPointF(x, 0.0)) for x in (0.0, 7.0, 14.0, 21.0, 28.0)]
    assert line == [True, False, True, False, True]
    assert not scatter.add(QPointF(2.0, -3.0))  # back where one was before
    assert scatter.add(QPointF(-3.0, -11.0))
    assert len(scatter) == 4
