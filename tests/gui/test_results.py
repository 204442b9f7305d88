"""The results table shows every word: columns as wide as they need be, and rows as high."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QTableView
from window_driver import Driver

from lrstudio.core import DATASETS, OPTIMIZERS, PROBLEMS, SCHEDULES
from lrstudio.engine import Contender
from lrstudio.gui.plots.header import ElidedLabel
from lrstudio.gui.results_model import COLUMNS

TITLES = [column.title for column in COLUMNS]
VERDICT = TITLES.index("Verdict")
SIDES = 16
"""Margins of a title in pixels: the style sheet's."""


@pytest.fixture
def table(driver: Driver) -> QTableView:
    return driver.find(QTableView, "results_table")


def race(driver: Driver, *rules: str, **changes: object) -> None:
    """Another race: the default one, or one of these rules with large rates."""
    contenders = tuple(
        Contender(name=rule, optimizer=OPTIMIZERS[rule](lr=0.01), colour=i)
        for i, rule in enumerate(rules)
    )
    new = replace(driver.experiment, contenders=contenders or driver.experiment.contenders)
    new = replace(new, **changes)
    driver.studio.document.edit("Change", new)
    rows = driver.studio.results.model
    runs = [(contender, seed) for contender in new.contenders for seed in new.seeds]
    driver.qtbot.waitUntil(lambda: [(row.contender, row.seed) for row in rows.rows] == runs)


def cut_off(table: QTableView) -> list[str]:
    """Texts that are wider than their cell and not broken into lines that the row has room for."""
    found = []
    for row in range(table.model().rowCount()):
        for place in range(len(COLUMNS)):
            index = table.model().index(row, place)
            hint = table.sizeHintForIndex(index).width()  # in one line, margins and swatch included
            width = table.columnWidth(place)
            around = hint - table.fontMetrics().horizontalAdvance(index.data())
            room = QRect(0, 0, max(width - around, 1), 0)
            flag = Qt.TextFlag.TextWordWrap
            broken = table.fontMetrics().boundingRect(room, flag, index.data())
            is_broken = broken.width() <= room.width() and broken.height() <= table.rowHeight(row)
            if not table.isColumnHidden(place) and hint > width and not is_broken:
                found.append(index.data())
    return found


def cut_off_titles(table: QTableView) -> list[str]:
    """Titles that are wider than their column."""
    header = table.horizontalHeader()
    found = []
    for place in range(len(COLUMNS)):
        title = table.model().headerData(place, Qt.Orientation.Horizontal)
        room = header.sectionSize(place) - SIDES
        is_cut = header.fontMetrics().horizontalAdvance(title) > room
        if not table.isColumnHidden(place) and is_cut:
            found.append(title)
    return found


def test_the_default_race_is_told_in_full_in_single_lines(driver: Driver, table: QTableView):
    assert driver.window.size().toTuple() == (1280, 800)
    assert driver.studio.layout.docks["results"].height() <= 800 / 5
    verdicts = [table.model().index(row, VERDICT) for row in range(table.model().rowCount())]
    assert len(verdicts) == 4
    for verdict in verdicts:
        assert table.sizeHintForIndex(verdict).width() <= table.columnWidth(VERDICT)
    assert cut_off(table) == cut_off_titles(table) == []
    assert {table.rowHeight(row) for row in range(4)} == {22}
    assert not table.verticalScrollBar().isVisible()


@pytest.mark.parametrize("rules", [("sgd",), ("sgd", "momentum", "adagrad", "adadelta") * 2])
def test_races_of_any_size_are_told_in_full(driver: Driver, table: QTableView, rules: tuple):
    race(driver, *rules)
    driver.qtbot.waitUntil(lambda: cut_off(table) == cut_off_titles(table) == [])


def test_only_rows_that_changed_are_painted_anew(driver: Driver, table: QTableView):
    before = driver.studio.results.model.rows
    told = []
    model = driver.studio.results.model
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    other = replace(before[2], final_loss=0.5)
    driver.studio.results.show_results((*before[:2], other, *before[3:]))
    assert told == [(2, 2)]
    assert model.data(model.index(2, TITLES.index("Final loss"))) == "0.5"


def test_repeats_are_told_in_full(driver: Driver, table: QTableView):
    race(driver, noise=0.1, seeds=(1, 2, 3))
    assert not table.isColumnHidden(TITLES.index("Seed"))
    driver.qtbot.waitUntil(lambda: cut_off(table) == cut_off_titles(table) == [])


def test_what_does_not_fit_into_a_line_goes_on_in_another(driver: Driver, table: QTableView):
    dock = driver.studio.layout.docks["results"]
    dock.setFloating(True)
    dock.resize(700, 240)
    driver.qtbot.waitUntil(lambda: table.viewport().width() < 700)
    driver.qtbot.waitUntil(lambda: max(table.rowHeight(row) for row in range(4)) > 22)
    driver.qtbot.waitUntil(lambda: cut_off(table) == [])
    dock.resize(1400, 240)
    driver.qtbot.waitUntil(lambda: {table.rowHeight(row) for row in range(4)} == {22})


def test_a_column_may_be_dragged(driver: Driver, table: QTableView):
    table.setColumnWidth(TITLES.index("Optimizer"), 105)
    driver.qtbot.waitUntil(lambda: max(table.rowHeight(row) for row in range(4)) > 22)
    assert cut_off(table) == []


def test_heights_follow_the_rows_that_are_sorted(driver: Driver, table: QTableView):
    table.setColumnWidth(TITLES.index("Optimizer"), 105)  # too narrow for "Gradient descent" alone
    high = {}
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        table.sortByColumn(TITLES.index("Final loss"), order)
        driver.qtbot.waitUntil(lambda: max(table.rowHeight(row) for row in range(4)) > 22)
        high[order] = [row for row in range(4) if table.rowHeight(row) > 22]
        names = [table.model().index(row, TITLES.index("Optimizer")).data() for row in range(4)]
        assert high[order] == [names.index("Gradient descent")]
    assert len(set(map(tuple, high.values()))) == 2


def test_the_sorted_column_bears_an_arrow_beside_its_title(driver: Driver, table: QTableView):
    def title(name: str) -> str:
        return table.model().headerData(TITLES.index(name), Qt.Orientation.Horizontal)

    assert title("Best loss") == "Best loss"
    table.sortByColumn(TITLES.index("Best loss"), Qt.SortOrder.AscendingOrder)
    assert title("Best loss") == "▴ Best loss"
    assert cut_off_titles(table) == []
    table.sortByColumn(TITLES.index("Contender"), Qt.SortOrder.DescendingOrder)
    assert (title("Best loss"), title("Contender")) == ("Best loss", "Contender ▾")
    assert cut_off_titles(table) == []


def test_a_run_that_broke_off_does_not_keep_the_evaluations(driver: Driver, table: QTableView):
    first, *others = driver.experiment.contenders
    too_fast = replace(first, optimizer=replace(first.optimizer, lr=1e6))
    race(driver, contenders=(too_fast, *others))
    assert "diverged" in driver.verdicts()
    assert table.isColumnHidden(TITLES.index("Evaluations"))


def test_what_all_have_in_common_leaves_the_verdicts_room(driver: Driver, table: QTableView):
    first = driver.experiment.contenders[0]
    names = ("Cosine with warm restarts", "Warm-up over 100 steps")
    schedules = (SCHEDULES["cosine_restarts"](), SCHEDULES["exponential"]())
    pairs = zip(names, schedules, strict=True)
    contenders = tuple(replace(first, name=name, schedule=s) for name, s in pairs)
    race(driver, contenders=contenders, noise=0.1, seeds=(1, 2, 3))
    assert all(row.steps_to_tolerance is None for row in driver.studio.results.model.rows)
    assert table.isColumnHidden(TITLES.index("Optimizer"))
    assert table.isColumnHidden(TITLES.index("Steps to tol."))
    driver.window.resize(1920, 1080)
    driver.qtbot.waitUntil(lambda: not table.isColumnHidden(TITLES.index("Optimizer")))
    assert not table.isColumnHidden(TITLES.index("Steps to tol."))


def train(driver: Driver) -> None:
    """A model, whose metrics take room that verdicts want."""
    problem = PROBLEMS["perceptron"](data=DATASETS["moons"](examples=40))
    race(driver, problem=problem, starts=(), steps=40)
    driver.wait_for_run()


def test_metrics_leave_the_verdicts_room(driver: Driver, table: QTableView):
    train(driver)
    assert not table.isColumnHidden(TITLES.index("Accuracy"))
    assert table.isColumnHidden(TITLES.index("Optimizer"))
    driver.qtbot.waitUntil(lambda: {table.rowHeight(row) for row in range(4)} == {22})
    assert "Gradient descent" in table.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    driver.window.resize(1920, 1080)
    driver.qtbot.waitUntil(lambda: not table.isColumnHidden(TITLES.index("Optimizer")))


def test_a_start_that_is_drawn_is_not_told_as_one_point(driver: Driver, table: QTableView):
    train(driver)
    assert {row.start for row in driver.studio.results.model.rows} == {()}
    driver.studio.results.copy()
    assert "drawn" in QGuiApplication.clipboard().text()


def test_long_names_stay_in_a_line_while_there_is_room(driver: Driver, table: QTableView):
    driver.window.resize(1920, 1080)
    long = replace(driver.experiment.contenders[0], name="Gradient descent with a rate of 0.001")
    race(driver, contenders=(long,))
    driver.qtbot.waitUntil(lambda: table.rowHeight(0) == 22)
    assert cut_off(table) == []


def test_numbers_of_another_model_are_not_cut(driver: Driver, table: QTableView):
    """R² comes new into the table, and is wide where a rate is above 2/λmax = 0.506."""
    problem = PROBLEMS["linear_regression"](data=DATASETS["diabetes"]())
    first, *others = driver.experiment.contenders
    fast = replace(first, optimizer=replace(first.optimizer, lr=0.6))
    race(driver, problem=problem, contenders=(fast, *others), starts=(), steps=30)
    driver.wait_for_run()
    assert "e" in table.model().index(0, TITLES.index("R²")).data()
    assert not table.isColumnHidden(TITLES.index("R²"))
    assert cut_off(table) == cut_off_titles(table) == []


@pytest.mark.parametrize("longest", ["Warm-up over 100 steps", "Momentum, η = 0.001"])
def test_a_column_as_wide_as_its_longest_name_breaks_none(
    driver: Driver, table: QTableView, longest: str
):
    """However widths are rounded: no row is higher than its texts need."""
    driver.window.resize(1920, 1080)
    names = ("No warm-up", longest, "Sine", "Small rate")
    racers = zip(driver.experiment.contenders, names, strict=True)
    race(driver, contenders=tuple(replace(racer, name=name) for racer, name in racers))
    driver.qtbot.waitUntil(lambda: {table.rowHeight(row) for row in range(4)} == {22})
    assert cut_off(table) == []


def test_tab_leads_on_from_the_table(driver: Driver, table: QTableView):
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    driver.qtbot.keyClick(table, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() not in (None, table)
    table.setFocus()
    driver.qtbot.keyClick(table, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() not in (None, table)


def test_a_headline_that_has_no_room_shows_that_there_is_more(driver: Driver):
    label = driver.find(ElidedLabel, "results_headline")
    assert label.drawn_text() == label.text()
    driver.studio.results.show_failure("Nothing can be run: " + "too many; " * 40)
    shown = label.drawn_text()
    assert shown.endswith("…")
    assert label.text().startswith(shown[:-1])
    assert label.toolTip() == label.text()


def test_a_negative_number_has_the_sign_that_sentences_print(driver, table):
    race(driver, "sgd", starts=((-0.25, -3.0),))
    assert [table.model().index(0, TITLES.index("Start")).data()] == ["(−0.25, −3)"]
    race(driver, "sgd", problem=PROBLEMS["holder_table"](), starts=((-8.0, -9.5),))
    best = table.model().index(0, TITLES.index("Best loss"))
    driver.qtbot.waitUntil(lambda: best.data().startswith("−1"))
    assert float(best.data(Qt.ItemDataRole.ToolTipRole)) < 0  # exact, and as a machine reads it
