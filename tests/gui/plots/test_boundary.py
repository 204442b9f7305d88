"""The decision boundary on the screen, and as a figure."""

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel

from lrstudio.core import DATASETS
from lrstudio.gui import theme
from lrstudio.gui.plots.boundary import BoundaryPlot
from lrstudio.storage.boundary_figure import boundary_figure, has_boundary
from lrstudio.storage.figure import Area, Line, Symbols
from lrstudio.storage.svg import svg
from lrstudio.storage.view import View


@pytest.fixture
def boundary(shown):
    def make(trajectory):
        plot = shown(BoundaryPlot())
        plot.show_trajectory(trajectory)
        QApplication.processEvents()
        return plot

    return make


def border_of(marks):
    (line,) = [m for m in marks if isinstance(m, Line)]
    return line.points[~np.isnan(line.points[:, 0])]


def test_the_line_on_the_screen_is_where_the_log_odds_vanish(boundary, race):
    trajectory = race(problem="logistic_regression", steps=60)
    plot = boundary(trajectory)
    plot.set_step(40)
    combo = plot.findChild(QComboBox, "boundaryRun")
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    assert combo.currentText() == "Adam"
    assert "Adam at step 40" in plot.header.note.text()
    w1, w2, b = trajectory.position[40, :, 1]
    sample = trajectory.plan.experiment.problem.sample
    x, y = ((border_of(plot._item.marks) - sample.shift) / sample.scale).T
    assert len(x) > 2
    np.testing.assert_allclose(w1 * x + w2 * y + b, 0, atol=1e-9)


def test_it_follows_the_play_head_and_the_selected_result(boundary, race):
    plot = boundary(race(problem="logistic_regression", steps=60))
    plot.set_step(5)
    early = border_of(plot._item.marks)
    plot.set_step(60)
    assert not np.array_equal(early, border_of(plot._item.marks))
    plot.highlight({0})
    assert "SGD" in plot.header.note.text()
    assert plot.findChild(QComboBox, "boundaryRun").currentText() == "SGD"


def test_examples_have_the_colours_of_their_classes(boundary, race, ink):
    trajectory = race(problem="perceptron", steps=30)
    plot = boundary(trajectory)
    for slot in (0, 1):
        assert ink(plot.canvas, theme.colour_for(slot)).sum() > 100
    symbols = [m for m in plot._item.marks if isinstance(m, Symbols)]
    sample = trajectory.plan.experiment.problem.sample
    counts = {True: sample.validation.examples, False: sample.train.examples}
    for is_hollow, count in counts.items():
        assert sum(len(m.points) for m in symbols if m.is_hollow == is_hollow) == count


def test_what_has_no_boundary_says_so(boundary, race):
    plot = boundary(race(problem="beale"))
    assert plot.findChild(QLabel, "plotHint").isVisible()
    assert not plot.has_picture
    plot.show_trajectory(race(problem="perceptron", data=DATASETS["moons"]()))
    assert plot.has_picture
    plot.show_trajectory(None)
    assert not plot.has_picture


def test_one_feature_shows_the_line_through_the_examples(boundary, race):
    plot = boundary(race(problem="linear_regression", data=DATASETS["line"]()))
    assert plot.header.title.text() == "Fitted curve"
    assert len(border_of(plot._item.marks)) > 10


def test_the_figure_shows_what_the_screen_shows(boundary, race):
    trajectory = race(problem="perceptron", data=DATASETS["spirals"](arms=3), steps=30)
    plot = boundary(trajectory)
    plot.set_step(20)
    x, y = plot.shown_ranges()
    figure = boundary_figure(trajectory, View(step=20, x_range=x, y_range=y))
    assert has_boundary(trajectory)
    assert len(figure.marks) == len(plot._item.marks)
    for one, other in zip(figure.marks, plot._item.marks, strict=True):
        assert type(one) is type(other)
        if isinstance(one, Area):
            assert all(map(np.array_equal, one.rings, other.rings))
    assert svg(figure).count("<path") >= len(figure.marks)
