import numpy as np
import pytest

from lrstudio.core import PROBLEMS
from lrstudio.engine.planes import CoordinatePlane as Plane
from lrstudio.gui.plots.terrain import Stretch, bands, heights, levels, outlines

IN_THE_PLANE = [name for name, problem in PROBLEMS.items() if problem().dim == 2]
CELLS = (160, 120)
PLAINS = {"shekel_foxholes", "michalewicz", "easom", "holder_table", "plateau"}
"""Functions that are flat nearly everywhere, and so are their pictures."""
CREASED = {"cross_in_tray"}
"""Functions that drop within a pixel."""


def stretch_of(name, **parameters):
    problem = PROBLEMS[name](**parameters)
    x, y = Plane(problem).home((problem.start,))
    return Stretch(Plane(problem), x, y)


@pytest.mark.parametrize("name", IN_THE_PLANE)
def test_valley_and_heights_both_show(name):
    stretch = stretch_of(name)
    borders = levels(stretch, CELLS)
    band = bands(heights(stretch, CELLS), borders, 300, 200)

    share = np.bincount(band.ravel(), minlength=len(borders) + 1) / band.size
    assert list(borders) == sorted(set(borders))
    assert 4 <= len(borders) <= 16
    assert share[0] > 0  # the deepest band is there
    assert share.max() < (0.9 if name in PLAINS else 0.6)  # and none swallows the picture
    half = len(share) // 2
    assert share[:half].sum() > (0.003 if name in PLAINS else 0.03)
    assert share[half:].sum() > 0.1


@pytest.mark.parametrize("name", IN_THE_PLANE)
def test_a_pixel_has_the_band_of_the_loss_at_its_middle(name):
    stretch = stretch_of(name)
    borders = levels(stretch, CELLS)
    width, height = 320, 240
    band = bands(heights(stretch, (500, 400)), borders, width, height)

    x = stretch.x[0] + (np.arange(width) + 0.5) * (stretch.x[1] - stretch.x[0]) / width
    y = stretch.y[1] - (np.arange(height) + 0.5) * (stretch.y[1] - stretch.y[0]) / height
    loss = stretch.plane.problem.loss(np.stack(np.meshgrid(x, y)))
    expected = np.searchsorted(borders, loss)

    # Between grid points the loss is interpolated: a pixel beside a border may fall to either side.
    assert np.abs(band.astype(int) - expected).max() <= (2 if name in CREASED else 1)
    assert np.mean(band != expected) < 0.05


def test_outlines_run_along_their_level():
    stretch = stretch_of("rosenbrock")
    borders = levels(stretch, CELLS)
    cut = heights(stretch, (400, 400))
    for border, (x, y) in zip(borders, outlines(cut, borders), strict=True):
        known = ~np.isnan(x)
        loss = stretch.plane.problem.loss(np.stack((x[known], y[known])))
        assert np.abs(loss - border).max() < 0.02 * border + 1.0


def test_a_grid_is_computed_once():
    assert heights(stretch_of("beale"), CELLS) is heights(stretch_of("beale"), CELLS)
    assert heights(stretch_of("beale"), CELLS) is not heights(stretch_of("beale"), (80, 60))


def test_a_flat_ground_has_no_bands_but_a_picture():
    stretch = Stretch(Plane(PROBLEMS["sphere"]()), (0.0, 1e-200), (0.0, 1e-200))
    band = bands(heights(stretch, CELLS), levels(stretch, CELLS), 30, 20)
    assert band.shape == (20, 30)


def test_a_far_away_part_where_the_loss_overflows_still_has_a_picture():
    stretch = Stretch(Plane(PROBLEMS["rosenbrock"]()), (-1e200, 1e200), (-1e200, 1e200))
    assert bands(heights(stretch, CELLS), levels(stretch, CELLS), 30, 20).shape == (20, 30)
