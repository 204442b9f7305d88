"""Landscapes of models: planes that one chooses, computed in a thread, coarse first."""

import numpy as np
import pytest
from PySide6.QtCore import Qt, QThread
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton

from lrstudio.engine.directions import plane_of
from lrstudio.engine.planes import CoordinatePlane, DirectionPlane
from lrstudio.engine.survey import CELLS
from lrstudio.gui.gate import Gate
from lrstudio.gui.plots.plane_keeper import PlaneKeeper
from lrstudio.gui.plots.surveyor import Surveyor
from lrstudio.gui.plots.terrain import Stretch


@pytest.fixture(scope="module")
def model(race):
    return race(problem="perceptron", steps=60, width=8)


def is_finished(plot):
    job = plot._terrain._surveyor.job
    return job is not None and job.is_done


def choose(combo, index):
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def test_a_model_shows_its_principal_plane_and_becomes_fine(landscape, model, qtbot):
    plot = landscape(model)
    assert isinstance(plot.plane, DirectionPlane)
    assert "of the movement" in plot.header.note.text()
    assert plot.findChild(QComboBox, "planeKind").isVisible()
    assert not plot.findChild(QComboBox, "planeAcross").isVisible()
    qtbot.waitUntil(lambda: is_finished(plot), timeout=20_000)
    qtbot.waitUntil(lambda: plot.shown_relief() is not None)
    relief = plot.shown_relief()
    assert len(relief.x) == CELLS[-1] + 1
    row, column = 17, 60
    known = plot.plane.loss_at(relief.x[column], relief.y[row])
    assert relief.loss[row, column] == pytest.approx(known, rel=1e-9)


def test_the_kind_of_plane_can_be_chosen(landscape, model, qtbot):
    plot = landscape(model)
    kind = plot.findChild(QComboBox, "planeKind")
    choose(kind, kind.findData("random"))
    first = plot.plane
    again = plot.findChild(QToolButton, "planeAgain")
    assert again.isVisible()
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    assert not np.allclose(plot.plane.directions, first.directions)
    choose(kind, kind.findData("coordinates"))
    assert isinstance(plot.plane, CoordinatePlane)
    assert not again.isVisible()
    across = plot.findChild(QComboBox, "planeAcross")
    assert across.isVisible()
    assert across.count() == model.plan.dim


def test_tab_goes_through_the_choice_of_a_plane_where_it_stands(landscape, model, qtbot):
    plot = landscape(model)
    kind = plot.findChild(QComboBox, "planeKind")
    choose(kind, kind.findData("random"))
    kind.setFocus()
    walked = []
    for _ in range(2):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        walked.append(QApplication.focusWidget().objectName())
    assert walked == ["planeAgain", "equalScales"]


def test_one_of_many_weights_is_found_by_typing(landscape, model, qtbot):
    plot = landscape(model)
    kind = plot.findChild(QComboBox, "planeKind")
    choose(kind, kind.findData("coordinates"))
    up = plot.findChild(QComboBox, "planeUp")
    assert model.plan.experiment.problem.coordinates[29] == "W₂[3,2]"
    name = "W2[3,2]"
    up.lineEdit().selectAll()
    qtbot.keyClicks(up.lineEdit(), name)
    qtbot.keyClick(up.lineEdit(), Qt.Key.Key_Return)
    assert plot.plane.coordinates == (0, 29)
    up.lineEdit().selectAll()
    qtbot.keyClicks(up.lineEdit(), "nonsense")
    qtbot.keyClick(up.lineEdit(), Qt.Key.Key_Return)
    assert plot.plane.coordinates == (0, 29)
    assert up.currentText() == name
    up.completer().popup().hide()


def test_starts_of_a_plane_of_directions_cannot_be_dragged(landscape, model, mouse):
    plot = landscape(model)
    moves = []
    plot.start_moved.connect(lambda *move: moves.append(move))
    (ring,) = [s for s in plot._signs.signs if s.kind == "start"]
    mouse.drag(plot, (ring.x, ring.y), (ring.x + 30, ring.y + 9), (ring.x + 60, ring.y + 20))
    mouse.click(plot, 40, 40)
    assert not moves
    assert "drag" not in ring.tip


def test_the_plane_stands_still_under_the_hand_and_is_renewed_afterwards(landscape, race, qtbot):
    first, second = (race(problem="perceptron", steps=40, width=8, l2=l2) for l2 in (0.0, 0.01))
    plot = landscape(first)
    before = plot.plane
    plot.show_trajectory(second)
    assert plot.plane.directions is before.directions
    assert plot.plane.problem is second.plan.experiment.problem
    qtbot.waitUntil(lambda: plot.plane.directions is not before.directions)
    expected = plane_of("principal", second)
    np.testing.assert_allclose(plot.plane.directions, expected.directions)


def test_a_plane_grows_with_its_run(race, growing):
    whole = race(problem="perceptron", steps=60, width=8)
    young = growing(whole, 10)
    keeper = PlaneKeeper()
    plane = keeper.plane(young)
    young.rows = 15
    assert keeper.is_outdated(young)
    assert not keeper.has_outgrown(young)
    young.rows = 40
    assert keeper.has_outgrown(young)
    assert keeper.plane(young) is plane
    assert keeper.renewed(young) is not plane
    assert not keeper.is_outdated(young)


def test_a_function_keeps_its_coordinates_and_needs_no_thread(landscape, race):
    plot = landscape(race(problem="rosenbrock", dim=4))
    assert isinstance(plot.plane, CoordinatePlane)
    assert plot._terrain._surveyor.job is None
    assert plot.findChild(QThread, "surveyor") is None
    plot.show_kind("principal")
    assert isinstance(plot.plane, DirectionPlane)
    plot.canvas.grab()
    assert plot._terrain.ground.plane is plot.plane


def test_the_newest_request_wins_and_stopping_leaves_no_thread(qapp, model, qtbot):
    surveyor = Surveyor(Gate())
    plane = plane_of("random", model)
    slow = Stretch(plane, (-1.0, 1.0), (-1.0, 1.0))
    surveyor.request(slow)
    old = surveyor.job
    grown = []
    surveyor.grown.connect(lambda: grown.append(surveyor.job))
    surveyor.request(Stretch(plane, (-0.5, 0.5), (-1.0, 1.0)))
    assert old.cancelled.is_set()
    qtbot.waitUntil(lambda: bool(grown), timeout=20_000)
    assert not old.is_done
    assert set(grown) == {surveyor.job}
    thread = surveyor._thread
    surveyor.stop()  # in the middle of its work
    assert not thread.isRunning()
    QApplication.processEvents()
    assert surveyor.job is None


def test_bands_are_measured_from_the_lowest_loss_where_no_minimum_is_known(landscape, race, qtbot):
    plot = landscape(race(problem="perceptron", steps=3, width=8))  # the loss hardly changes
    qtbot.waitUntil(lambda: is_finished(plot), timeout=20_000)
    qtbot.waitUntil(lambda: plot.shown_relief() is not None)
    ground = plot._terrain.ground
    assert ground.floor == plot.shown_relief().loss.min()
    assert len(ground.levels) >= 5
    texts = [plot.colour_bar._text(height) for height in plot.colour_bar._heights]
    assert len(set(texts)) == len(texts)
