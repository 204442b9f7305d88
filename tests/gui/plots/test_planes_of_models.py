"""Landscapes of models: planes that one chooses, computed in a thread, coarse first."""

import itertools
import threading

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QThread
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QWidget,
)

from lrstudio.engine.directions import plane_of
from lrstudio.engine.planes import CoordinatePlane, DirectionPlane
from lrstudio.engine.survey import CELLS
from lrstudio.gui import theme
from lrstudio.gui.gate import Gate
from lrstudio.gui.plots import surveyor as surveyor_module
from lrstudio.gui.plots.plane_chooser import PlaneChooser
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


def test_tab_goes_through_the_choice_of_a_plane_where_it_stands(model, qtbot):
    window, before, chooser, after = QWidget(), QLineEdit(), PlaneChooser(), QLineEdit()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    for part in (before, chooser, after):
        row.addWidget(part)
    with qtbot.waitActive(window):
        window.show()
    chooser.show_problem(model.plan.experiment.problem, "random", (0, 1))
    chooser.findChild(QComboBox, "planeKind").setFocus()
    walked = []
    for _ in range(2):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        walked.append(QApplication.focusWidget())
    assert walked == [chooser.findChild(QToolButton, "planeAgain"), after]


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
    (ring,) = [s for s in plot._run.signs.signs if s.kind == "start"]
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


@pytest.fixture
def hesitant(monkeypatch: pytest.MonkeyPatch):
    """A surveyor that finds nothing before it is told to go on."""
    go_on, real = threading.Event(), surveyor_module.survey

    def survey(*asked):
        while not go_on.wait(0.005):
            yield None
        yield from real(*asked)

    monkeypatch.setattr(surveyor_module, "survey", survey)
    return go_on


def colours(plot) -> list[QColor]:
    """Colours of the ground, far from the sign in the corner and from the runs."""
    image = plot.canvas.grab().toImage()
    places = [(0.6, 0.1), (0.9, 0.5), (0.9, 0.9), (0.2, 0.9)]
    size = plot.canvas.view.rect().size()
    points = [
        plot.canvas.from_view(QPointF(x * size.width(), y * size.height())) for x, y in places
    ]
    return [image.pixelColor(point.toPoint()) for point in points]


def test_a_plane_that_is_renewed_is_dimmed_until_the_new_one_is_there(
    landscape, model, qtbot, request
):
    plot = landscape(model)
    kind = plot.findChild(QComboBox, "planeKind")
    choose(kind, kind.findData("coordinates"))
    qtbot.waitUntil(lambda: is_finished(plot), timeout=20_000)
    QApplication.processEvents()
    before, ground = colours(plot), QColor(theme.current().background)
    assert ground not in before

    go_on = request.getfixturevalue("hesitant")
    choose(kind, kind.findData("random"))
    QApplication.processEvents()
    dimmed = colours(plot)
    assert ground not in dimmed  # not blank
    strong, weak = (sum(255 - colour.red() for colour in found) for found in (before, dimmed))
    assert 0 < weak < 0.7 * strong
    corner = plot.canvas.from_view(QPointF(30, 16)).toPoint()
    words = plot.canvas.grab(QRect(corner.x() - 20, corner.y() - 6, 60, 12)).toImage()
    assert QColor(theme.current().muted).lightness() + 40 > min(
        words.pixelColor(x, y).lightness() for x in range(60) for y in range(12)
    )

    go_on.set()
    qtbot.waitUntil(lambda: is_finished(plot), timeout=20_000)
    QApplication.processEvents()
    assert plot._terrain.ground.plane is plot.plane
    assert ground not in colours(plot)


@pytest.mark.parametrize("kind", ["principal", "random", "coordinates"])
@pytest.mark.parametrize("width", [560, 720, 1200])
def test_title_and_caption_have_room_beside_the_choosers(landscape, model, qtbot, kind, width):
    plot = landscape(model)
    chooser = plot.findChild(QComboBox, "planeKind")
    choose(chooser, chooser.findData(kind))
    plot.resize(width, 400)
    QApplication.processEvents()
    header = plot.header
    assert header.title.drawn_text() == header.title.text() == "Multi-layer perceptron"
    seen = header.note.drawn_text()
    assert seen.split("; ") == header.note.text().split("; ")[: seen.count("; ") + 1]
    assert seen == header.note.text() or width < 1200
    places = [header.title, header.note, header.plane_chooser, plot.aspect_switch, plot.home_button]
    outlines = [QRect(w.mapTo(header, QPoint()), w.size()) for w in places]
    for one, other in itertools.combinations(outlines, 2):
        assert not one.intersects(other)
    assert all(header.rect().contains(outline) for outline in outlines)
    assert outlines[-1].right() > width - 20  # buttons stand at the right end


def test_nothing_moves_when_the_mouse_comes_and_goes(landscape, race, mouse, qtbot):
    plot = landscape(race(problem="rosenbrock", dim=5))
    for width in range(300, 1000, 50):
        plot.resize(width, 400)
        QApplication.processEvents()
        before = plot.canvas.geometry(), plot.plane_chooser.mapTo(plot, QPoint())
        mouse.move(plot, 60, 60 + width // 10)
        QApplication.processEvents()
        assert plot.reading.text()
        assert (plot.canvas.geometry(), plot.plane_chooser.mapTo(plot, QPoint())) == before
        QApplication.sendEvent(plot.canvas, QEvent(QEvent.Type.Leave))
