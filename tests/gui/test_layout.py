"""Docks moved, tabbed, floated, closed; brought back after a restart, or from a lost screen."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget, QToolBar
from pytestqt.qtbot import QtBot
from window_driver import Driver

from lrstudio.gui.layout import PLACES
from lrstudio.gui.main_window import MainWindow
from lrstudio.gui.plots.series_plot import SeriesPlot
from lrstudio.gui.scrolling import PanelScroll
from lrstudio.gui.settings import Settings

AREA = Qt.DockWidgetArea
OpenWindow = Callable[[], Driver]


def docks(driver: Driver) -> dict[str, QDockWidget]:
    return driver.studio.layout.docks


def arrangement(driver: Driver) -> dict[str, tuple]:
    """Where each dock stands, as a person would tell it."""
    window = driver.window
    return {
        name: (
            window.dockWidgetArea(dock),
            dock.isFloating(),
            dock.isHidden(),
            {other.objectName() for other in window.tabifiedDockWidgets(dock) if is_tab(other)}
            if is_tab(dock)
            else set(),
        )
        for name, dock in docks(driver).items()
    }


def is_tab(dock: QDockWidget) -> bool:
    """Whether a dock can be seen among tabs: one that floats or is closed keeps its place there."""
    return not dock.isFloating() and not dock.isHidden()


def disarrange(driver: Driver) -> None:
    """Another area, another tab, side by side, hidden: nothing stays where it was."""
    window, found = driver.window, docks(driver)
    window.addDockWidget(AREA.LeftDockWidgetArea, found["learning_rate"])
    window.tabifyDockWidget(found["results"], found["loss"])
    window.splitDockWidget(found["contenders"], found["problem"], Qt.Orientation.Horizontal)
    found["gradient_norm"].close()
    window.tabifyDockWidget(found["results"], found["boundary"])
    found["parameters"].setFloating(True)


def is_in_sight(dock: QDockWidget) -> bool:
    screen = QGuiApplication.primaryScreen().availableGeometry()
    return screen.contains(dock.frameGeometry().topLeft() + QPoint(40, 10))


def test_docks_come_back_where_they_were(open_window: OpenWindow, qtbot: QtBot):
    first = open_window()
    before = arrangement(first)
    disarrange(first)
    left = arrangement(first)
    assert all(left[name] != place for name, place in before.items() if name not in SAME_AREA)
    first.close()

    second = open_window()

    qtbot.waitUntil(lambda: arrangement(second) == left)


SAME_AREA = ("problem", "contenders")  # side by side in the area where they were


def test_reset_brings_the_first_layout_back(driver: Driver, qtbot: QtBot):
    found = docks(driver)
    qtbot.waitUntil(lambda: found["problem"].width() <= 300)
    before = arrangement(driver)
    behind = {place.name for place in PLACES if place.is_tab}
    places = {name: dock.geometry() for name, dock in found.items() if name not in behind}
    disarrange(driver)
    driver.find(QToolBar, "tool_bar").hide()

    driver.trigger("reset_layout")

    assert arrangement(driver) == before
    assert not driver.find(QToolBar, "tool_bar").isHidden()
    for name, place in places.items():
        qtbot.waitUntil(lambda name=name, place=place: is_near(found[name], place))


def test_a_panel_is_not_made_so_narrow_that_what_it_holds_is_cut_off(driver: Driver, qtbot: QtBot):
    problem = docks(driver)["problem"]
    driver.window.resizeDocks([problem], [50], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: problem.width() < 280)
    for area in driver.window.findChildren(PanelScroll):
        assert area.viewport().width() >= area.widget().minimumSizeHint().width()


def is_near(dock: QDockWidget, place) -> bool:
    now = dock.geometry()
    differences = (now.topLeft() - place.topLeft(), now.bottomRight() - place.bottomRight())
    return all(d.manhattanLength() <= 12 for d in differences)


def test_a_dock_that_was_closed_is_shown_again_where_it_was(driver: Driver):
    before = arrangement(driver)
    action = docks(driver)["loss"].toggleViewAction()

    action.trigger()
    assert docks(driver)["loss"].isHidden()
    action.trigger()

    assert arrangement(driver) == before


@pytest.mark.parametrize("at", [(50_000, 50_000), (-50_000, 0), (300, -200)], ids=str)
def test_a_dock_that_floats_on_a_lost_screen_comes_back(driver: Driver, at: tuple[int, int]):
    dock = docks(driver)["results"]
    dock.setFloating(True)
    dock.move(*at)

    driver.studio.layout.restore(driver.studio.layout.saved())

    assert not dock.isFloating() or is_in_sight(dock)


def test_a_picture_that_floats_is_large_enough_to_be_looked_at(driver: Driver):
    dock = docks(driver)["gradient_norm"]
    dock.raise_()
    dock.setFloating(True)
    assert dock.width() >= 480
    assert dock.height() >= 320
    dock.resize(300, 200)  # which is the user's business
    driver.studio.layout.restore(driver.studio.layout.saved())
    assert dock.size() == QSize(300, 200)


def test_a_dock_that_floats_in_sight_stays_there(driver: Driver):
    dock = docks(driver)["results"]
    dock.setFloating(True)
    dock.resize(400, 200)
    dock.move(120, 90)

    driver.studio.layout.restore(driver.studio.layout.saved())

    assert dock.isFloating()
    assert dock.pos() == QPoint(120, 90)


def test_a_dock_behind_a_tab_floats_in_sight(driver: Driver):
    dock = docks(driver)["gradient_norm"]  # behind the parameters
    dock.setFloating(True)
    assert is_in_sight(dock)


@pytest.mark.parametrize("at", [(40_000, 300), (-40_000, -40_000)], ids=str)
def test_a_window_on_a_lost_screen_opens_on_one_that_is_there(
    open_window: OpenWindow, at: tuple[int, int]
):
    first = open_window()
    first.window.move(*at)
    first.close()

    second = open_window()

    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.contains(second.window.frameGeometry().topLeft() + QPoint(40, 10))


def test_a_window_that_is_closed_before_its_docks_are_placed_leaves_the_layout(
    open_window: OpenWindow, qtbot: QtBot
):
    first = open_window()
    docks(first)["loss"].close()
    first.close()
    saved = Settings().window()

    hasty = MainWindow(Settings())
    with qtbot.waitSignal(hasty.painted):
        hasty.show()
    hasty.furnish()
    assert hasty.close()
    hasty.deleteLater()

    assert Settings().window() == saved
    assert not docks(open_window())["loss"].isVisible()


def test_a_layout_of_another_version_is_left(driver: Driver):
    before = arrangement(driver)
    disarrange(driver)
    driver.studio.layout.restore(driver.window.saveState(99))
    assert arrangement(driver) == before


def test_what_is_no_layout_is_left(driver: Driver):
    before = arrangement(driver)
    driver.studio.layout.restore(driver.window.saveGeometry())
    assert arrangement(driver) == before
    assert driver.window.size() == QSize(1280, 800)


def test_sizes_come_back(open_window: OpenWindow, qtbot: QtBot):
    first = open_window()
    found = docks(first)
    first.window.resizeDocks([found["results"]], [230], Qt.Orientation.Vertical)
    pair = [found["problem"], found["contenders"]]
    first.window.resizeDocks(pair, [30, 70], Qt.Orientation.Vertical)
    names = ("problem", "contenders", "loss", "parameters")
    qtbot.waitUntil(lambda: abs(found["results"].height() - 230) <= 12)
    heights = {name: found[name].height() for name in names}
    first.close()

    second = open_window()

    for name, height in heights.items():
        dock = docks(second)[name]
        qtbot.waitUntil(lambda dock=dock, height=height: abs(dock.height() - height) <= 12)


def test_a_plot_that_floated_is_drawn_when_it_comes_back(open_window: OpenWindow):
    first = open_window()
    docks(first)["loss"].setFloating(True)
    first.close()

    plot = docks(open_window())["loss"].findChild(SeriesPlot)

    assert plot.window().isFloating()
    assert plot.isVisible()
    assert plot.canvas.viewport().updatesEnabled()


def test_a_plot_behind_a_tab_is_made_when_it_is_seen(driver: Driver, qtbot: QtBot):
    dock = docks(driver)["gradient_norm"]
    assert dock.findChild(SeriesPlot) is None

    dock.raise_()

    qtbot.waitUntil(lambda: dock.findChild(SeriesPlot) is not None)
    plot = driver.find(SeriesPlot, "gradient_norm_plot")
    assert plot.series is not None
    assert plot.series.id == "gradient_norm"
    assert dock.titleBarWidget().isAncestorOf(plot.header)
    assert docks(driver)["curvature"].findChild(SeriesPlot) is None


def test_a_tab_is_written_as_the_title_of_its_plot(driver: Driver):
    titles = {place.name: place.title for place in PLACES}
    assert [title for title in titles.values() if title != title.capitalize()] == []
    for name in ("learning_rate", "gradient_norm"):
        shown = driver.studio.deck.plot(name).header.title.text()
        assert titles[name] == docks(driver)[name].windowTitle() == shown
