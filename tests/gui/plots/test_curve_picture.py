import numpy as np
import pytest

from lrstudio.engine import SERIES
from lrstudio.gui.plots.curve_picture import Contents, CurvePicture
from lrstudio.gui.plots.frame import Frame
from lrstudio.gui.plots.lane_looks import lane_looks
from lrstudio.gui.plots.series_data import SeriesData
from lrstudio.gui.plots.strokes import pixels_of

FRAME = Frame(300, 160, -15.0, 1015.0, -17.0, 4.0)


def contents(trajectory, looks, frame=FRAME):
    data = SeriesData(SERIES["excess"], trajectory)
    data.refresh()
    spans = data.spans(frame.left, frame.right, frame.width)
    return Contents(frame, 1.0, spans, is_logarithmic=True, looks=looks)


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_drawing_on_gives_the_same_picture_as_drawing_anew(qapp, race, growing, noise):
    trajectory = race(steps=1000, noise=noise)
    looks = lane_looks(trajectory.plan)
    drawn_on = CurvePicture()
    for rows in (3, 40, 41, 300, 301, 333, 700, 1001):
        drawn_on.drawn(contents(growing(trajectory, rows), looks))
    image = drawn_on.drawn(contents(trajectory, looks))

    anew = CurvePicture().drawn(contents(trajectory, looks))

    alpha, expected = pixels_of(image) >> 24, pixels_of(anew) >> 24
    assert (expected > 0).sum() > 300
    # Dashes may begin a fraction of a pixel earlier: Qt counts them in whole pixels.
    assert np.count_nonzero(np.abs(alpha.astype(int) - expected.astype(int)) > 40) <= 10


def test_drawing_on_touches_only_what_is_new(qapp, race, growing):
    trajectory = race(steps=1000)
    looks = lane_looks(trajectory.plan)
    picture = CurvePicture()
    image = picture.drawn(contents(growing(trajectory, 800), looks))
    pixels_of(image)[:, :100] = 0xFF123456

    image = picture.drawn(contents(growing(trajectory, 900), looks))

    assert (pixels_of(image)[:, :100] == 0xFF123456).all()
    assert pixels_of(image)[:, 240:260].any()


@pytest.mark.parametrize("change", ["frame", "looks", "scale"])
def test_anything_else_that_changes_draws_it_all_anew(qapp, race, change):
    trajectory = race(steps=1000)
    looks = lane_looks(trajectory.plan)
    picture = CurvePicture()
    image = picture.drawn(contents(trajectory, looks))
    pixels_of(image)[0, :50] = 0xFF123456
    new = contents(trajectory, looks)
    if change == "frame":
        new = contents(trajectory, looks, Frame(300, 160, 0.0, 900.0, -17.0, 4.0))
    elif change == "looks":
        new = contents(trajectory, lane_looks(trajectory.plan, highlighted={1}))
    else:
        new = Contents(FRAME, 1.0, new.spans, is_logarithmic=False, looks=looks)

    assert not (pixels_of(picture.drawn(new)) == 0xFF123456).any()


def test_a_noisy_lane_does_not_hide_a_calm_one(qapp, race):
    trajectory = race(steps=1000, noise=3.0)
    calm = trajectory.loss[:, 0]
    calm[:] = np.linspace(1.0, 2.0, len(calm))
    looks = lane_looks(trajectory.plan)
    picture = CurvePicture()
    frame = Frame(300, 160, -15.0, 1015.0, -6.0, 2.0)

    pixels = pixels_of(picture.drawn(contents(trajectory, looks, frame)))

    channels = np.stack([pixels >> shift & 0xFF for shift in (16, 8, 0)], axis=2).astype(int)
    wanted = np.array([int(looks[0].colour[i : i + 2], 16) for i in (1, 3, 5)])
    is_line = np.abs(channels - wanted).max(axis=2) < 60
    assert is_line.any(axis=0)[10:-10].mean() > 0.95


def test_a_hidden_lane_leaves_no_ink(qapp, race):
    trajectory = race(steps=1000)
    looks = lane_looks(trajectory.plan, hidden_contenders={0, 1})
    assert not pixels_of(CurvePicture().drawn(contents(trajectory, looks))).any()
