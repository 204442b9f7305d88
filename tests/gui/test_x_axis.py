"""Plots against steps, epochs or evaluations: curves, read-outs, marks and figures agree."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from window_driver import Driver

from lrstudio.core import DATASETS, MODIFIERS, OPTIMIZERS, PROBLEMS
from lrstudio.engine import STEPS, X_AXES, Contender, Experiment
from lrstudio.gui import theme, x_axis_menu
from lrstudio.gui.drawings import drawing
from lrstudio.gui.plots.series_plot import SeriesPlot

SGD, SAM = OPTIMIZERS["sgd"], MODIFIERS["sam_opaque"]  # which evaluates two gradients a step
PLAIN = Contender(name="Plain", optimizer=SGD(lr=0.02))
TWICE = Contender(name="Twice", optimizer=SGD(lr=0.02, modifiers=(SAM(),)), colour=1)
IRIS = PROBLEMS["softmax_regression"](data=DATASETS["iris"](), batch_size=50, validation_share=0.0)


@pytest.fixture
def costly(driver: Driver) -> Driver:
    race = Experiment(problem=PROBLEMS["sphere"](), contenders=(PLAIN, TWICE), steps=100)
    driver.studio.document.open(race, None)
    driver.wait_for_run()
    return driver


def choose(driver: Driver, axis: str) -> None:
    menu = driver.find(QMenu, "x_axis_menu")
    menu.aboutToShow.emit()
    menu.findChild(QAction, f"x_axis_{axis}").trigger()


def point_at(plot: SeriesPlot, x: float) -> None:
    across = float(plot.canvas.frame().x(np.array(x)))
    plot.canvas.hovered.emit(QPointF(across, 40))


def read(plot: SeriesPlot) -> dict[str, str]:
    return {reading.name: reading.value for reading in plot._readout.readings}


def last_column(plot: SeriesPlot, slot: int) -> float:
    """The last pixel column of the view in which a contender's colour is seen."""
    image = plot.canvas.grab().toImage()
    wanted = QColor(theme.colour_for(slot))
    left = plot.canvas.from_view(QPointF(0, 0)).x()
    seen = [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y) == wanted for y in range(image.height()))
    ]
    return seen[-1] - left


def test_against_evaluations_each_curve_ends_where_its_run_does(costly: Driver, qtbot: QtBot):
    deck = costly.studio.deck
    choose(costly, "evaluations")

    for name in ("loss", "learning_rate", "parameters"):
        first, last = deck.plot(name).canvas.view.viewRange()[0]
        assert -10 < first < 0
        assert 200 < last < 210
    plot = deck.plot("loss")
    assert plot.canvas.accessibleName().endswith("against the evaluations")
    frame = plot.canvas.frame()
    for slot, end in ((0, 100), (1, 200)):
        assert last_column(plot, slot) == pytest.approx(float(frame.x(np.array(end))), abs=5)


def test_the_crosshair_compares_what_cost_the_same(costly: Driver):
    deck, trajectory = costly.studio.deck, costly.studio.display.job.trajectory
    choose(costly, "evaluations")
    costly.studio.play_head.go_to_start()
    plot = deck.plot("loss")
    point_at(plot, 60)

    excess = trajectory.loss  # the sphere's minimum is 0
    assert float(read(plot)["Plain"]) == pytest.approx(excess[60, 0], rel=0.01)
    assert float(read(plot)["Twice"]) == pytest.approx(excess[30, 1], rel=0.01)
    assert plot._readout._title == "60 evaluations"
    landscape = deck.landscape
    rings = sorted((s.x, s.y) for s in landscape._run.signs.signs if s.kind == "point")
    frame = landscape.canvas.frame()
    places = trajectory.position[60, :, 0], trajectory.position[30, :, 1]
    expected = sorted((float(frame.x(x)), float(frame.y(y))) for x, y in places)
    assert rings == [pytest.approx(place) for place in expected]

    point_at(plot, 150)  # where only one of them has come
    values = read(plot)
    assert "Plain" not in values or not values["Plain"][0].isdigit()
    assert float(values["Twice"]) == pytest.approx(excess[75, 1], rel=0.01)


def test_the_play_head_is_a_step_and_stands_on_every_curve(costly: Driver):
    choose(costly, "evaluations")
    plot = costly.studio.deck.plot("loss")
    costly.studio.play_head.go_to(50)

    marker, frame = plot._play_head, plot.canvas.frame()
    dots = [marker.pos().x() + x for x, *_ in marker._dots]
    assert dots == [pytest.approx(float(frame.x(np.array(x))), abs=1) for x in (50.0, 100.0)]
    assert not marker._has_line
    choose(costly, "steps")
    frame = plot.canvas.frame()
    assert marker._has_line
    assert marker.pos().x() == pytest.approx(float(frame.x(np.array(50.0))), abs=1)


def test_zooming_goes_along_in_all_plots_and_stays_over_a_change(costly: Driver):
    deck = costly.studio.deck
    deck.plot("loss")._link.show(20, 60)
    choose(costly, "evaluations")
    for name in ("loss", "parameters"):
        assert deck.plot(name).canvas.view.viewRange()[0] == pytest.approx([40, 120])


def test_a_figure_has_the_axis_of_the_screen(costly: Driver):
    choose(costly, "evaluations")
    text = drawing(costly.studio.deck, "loss", is_dark=False)()
    assert ">Evaluations<" in text
    assert ">Step<" not in text
    choose(costly, "steps")
    assert ">Step<" in drawing(costly.studio.deck, "loss", is_dark=False)()


def test_epochs_are_offered_where_there_are_any_and_remembered(
    open_window: Callable[[], Driver], qtbot: QtBot
):
    driver = open_window()
    menu = driver.find(QMenu, "x_axis_menu")
    menu.aboutToShow.emit()
    assert not menu.findChild(QAction, "x_axis_epochs").isEnabled()
    learning = Experiment(problem=IRIS, contenders=(PLAIN,), steps=60)  # 3 steps an epoch
    driver.studio.document.open(learning, None)
    driver.wait_for_run()
    choose(driver, "epochs")
    plot = driver.studio.deck.plot("loss")
    assert plot.canvas.view.viewRange()[0] == pytest.approx([-0.3, 20.3])
    point_at(plot, 10.1)
    assert plot._readout._title == "epoch 10.0 (step 30)"

    driver.trigger("new")  # a function, which has none
    driver.wait_for_run()
    assert driver.studio.deck.x_axis.id == "steps"
    driver.close()

    driver = open_window()
    driver.studio.document.open(learning, None)
    driver.wait_for_run()
    assert driver.studio.deck.x_axis.id == "epochs"
    late = driver.studio.deck.plot("gradient_norm")  # which was not there before
    for plot in (driver.studio.deck.plot("loss"), late):
        assert plot.canvas.accessibleName().endswith("against the epoch")
        assert plot.canvas._corner.text == "epoch"


def test_every_plot_of_a_run_offers_the_axes_in_its_own_menu(driver: Driver):
    for name in ("loss", "gradient_norm"):
        menus = [action.menu() for action in driver.studio.deck.plot(name).menu.actions()]
        assert driver.studio.menus.x_axis in menus


def test_what_is_chosen_while_there_is_no_run_is_marked_and_taken_by_the_next(costly: Driver):
    costly.trigger("reset")
    choose(costly, "evaluations")
    menu = costly.find(QMenu, "x_axis_menu")
    menu.aboutToShow.emit()
    assert menu.findChild(QAction, "x_axis_evaluations").isChecked()
    costly.trigger("run")
    costly.wait_for_run()
    assert costly.studio.deck.x_axis.id == "evaluations"


def test_another_axis_is_in_the_menu_by_being_declared(
    open_window: Callable[[], Driver], monkeypatch: pytest.MonkeyPatch
):
    class Halves(type(STEPS)):
        id, title, name, unit, tip = "halves", "Halves", "&Halves", "half", "Count by halves"

    monkeypatch.setattr(x_axis_menu, "X_AXES", {**X_AXES, "halves": Halves()})
    menu = open_window().find(QMenu, "x_axis_menu")
    assert menu.findChild(QAction, "x_axis_halves").statusTip() == "Count by halves"
