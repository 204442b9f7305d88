"""Journeys through the real window, by mouse and keyboard."""

import csv
import gc
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QMessageBox,
    QScrollArea,
    QSlider,
    QTableView,
)
from pytestqt.qtbot import QtBot
from window_driver import Driver, dialog_answered, press

from lrstudio.core import OPTIMIZERS, SCHEDULES
from lrstudio.gui.chooser import RuleChooser
from lrstudio.gui.number_field import NumberField
from lrstudio.gui.results_model import COLUMNS
from lrstudio.storage import experiments

BUTTON = QMessageBox.StandardButton


def with_steps(driver: Driver, steps: int) -> None:
    document = driver.studio.document
    document.edit("Change steps", replace(document.experiment, steps=steps))


def test_a_race_is_on_the_screen_when_the_program_starts(driver: Driver):
    assert driver.experiment.contenders
    assert len(driver.verdicts()) == len(driver.experiment.contenders)
    assert driver.find(QLabel, "results_headline").text()
    assert not driver.window.isWindowModified()
    assert driver.window.windowTitle().endswith("LR Studio")


def test_the_window_paints_itself_and_its_ground_finely_once_it_rests(driver: Driver, qtbot: QtBot):
    terrain = driver.studio.deck.landscape._terrain
    qtbot.waitUntil(lambda: terrain.ground is not None and terrain.ground.is_fine)


def test_adding_a_contender_runs_it_at_once_and_undo_takes_it_back(driver: Driver):
    before = len(driver.experiment.contenders)

    driver.add_contender("adagrad")
    driver.wait_for_run()

    assert len(driver.verdicts()) == before + 1
    assert driver.window.isWindowModified()
    driver.trigger("undo")
    driver.wait_for_run()
    assert len(driver.verdicts()) == before
    assert not driver.window.isWindowModified()


def test_letters_typed_into_a_list_are_no_shortcuts_of_the_window(driver: Driver, qtbot: QtBot):
    driver.trigger("go_to_start")
    driver.find(RuleChooser, "contender_optimizer").showPopup()
    search = driver.find(QLineEdit, "contender_optimizer_search")

    qtbot.keyClicks(search, "p.,")

    assert search.text() == "p.,"
    assert not driver.studio.play_head.is_playing
    assert driver.studio.play_head.step == 0
    qtbot.keyClick(search, Qt.Key.Key_Escape)


def test_favourites_are_there_after_a_restart(open_window: Callable[[], Driver], qtbot: QtBot):
    driver = open_window()
    driver.find(RuleChooser, "contender_schedule").showPopup()
    search = driver.find(QLineEdit, "contender_schedule_search")
    qtbot.keyClicks(search, "cosine warm")
    qtbot.keyClick(search, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    driver.close()

    later = open_window()
    later.find(RuleChooser, "contender_schedule").showPopup()
    rows = later.find(QListView, "contender_schedule_list").model()
    assert [rows.index(row).data() for row in (0, 1)] == ["Favourites", "Cosine with warm restarts"]


def test_typing_a_learning_rate_changes_the_verdict(driver: Driver, qtbot: QtBot):
    driver.studio.contenders.select(0)
    field = driver.find(NumberField, "field_lr")

    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "1e6")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    driver.wait_for_run()

    assert driver.experiment.contenders[0].optimizer.lr == 1e6
    assert driver.verdicts()[0] == "diverged"


def test_a_refused_learning_rate_leaves_the_experiment_and_says_why(driver: Driver, qtbot: QtBot):
    driver.studio.contenders.select(0)
    field = driver.find(NumberField, "field_lr")
    before = driver.experiment

    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "-1")

    assert driver.experiment is before
    assert "above 0" in driver.find(QLabel, "error_lr").text()
    qtbot.keyClick(field, Qt.Key.Key_Escape)


def test_a_long_run_shows_progress_and_stops_in_the_middle(driver: Driver, qtbot: QtBot):
    with_steps(driver, 50_000_000)
    stop = driver.studio.menus.actions["stop"]
    qtbot.waitUntil(driver.studio.progress.isVisible, timeout=10_000)
    label = driver.find(QLabel, "progress_label")
    assert "left" in label.text()
    assert stop.isEnabled()

    stop.trigger()
    driver.wait_for_run()

    reached = driver.studio.display.job.trajectory.reached
    assert 0 < reached < 50_000_000
    assert not driver.studio.progress.isVisible()
    assert "Stopped at step" in driver.find(QLabel, "run_note").text()
    assert len(driver.verdicts()) == len(driver.experiment.contenders)
    assert not stop.isEnabled()


def test_the_window_answers_while_a_run_computes(driver: Driver, qtbot: QtBot):
    with_steps(driver, 50_000_000)

    driver.studio.contenders.select(1)
    field = driver.find(NumberField, "field_lr")
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Up)
    driver.trigger("undo")
    driver.trigger("undo")
    driver.wait_for_run()

    assert driver.experiment.steps < 50_000_000


def test_dragging_the_start_moves_every_run(driver: Driver, qtbot: QtBot):
    canvas = driver.studio.deck.landscape.canvas
    start = driver.studio.display.job.plan.starts[0]
    before = driver.experiment.starts
    place = place_of(driver, start)

    qtbot.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    for k in range(1, 6):
        qtbot.mouseMove(canvas.viewport(), place + QPoint(8 * k, 4 * k))
    qtbot.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place + QPoint(40, 20))
    driver.wait_for_run()

    moved = driver.experiment.starts[0]
    assert moved[0] > start[0]
    assert driver.studio.display.job.trajectory.position[0, :, 0].tolist() == list(moved)
    driver.trigger("undo")
    assert driver.experiment.starts == before


def place_of(driver: Driver, point: tuple[float, float]) -> QPoint:
    canvas = driver.studio.deck.landscape.canvas
    scene = canvas.view.mapViewToScene(QPointF(*point))
    return canvas.mapFromScene(scene)


def test_scrubbing_stepping_and_playing_move_the_play_head_everywhere(driver: Driver, qtbot: QtBot):
    slider = driver.find(QSlider, "scrubber")
    head = driver.studio.play_head
    assert slider.value() == head.step == driver.experiment.steps

    slider.setValue(100)
    assert head.step == 100
    qtbot.keyClick(driver.window, Qt.Key.Key_Period)
    qtbot.keyClick(driver.window, Qt.Key.Key_Period)
    qtbot.keyClick(driver.window, Qt.Key.Key_Comma)
    assert head.step == 101
    assert "101" in driver.find(QLabel, "step_label").text()

    qtbot.keyClick(driver.window, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: head.step > 101)
    qtbot.keyClick(driver.window, Qt.Key.Key_P)
    assert not head.is_playing
    driver.trigger("go_to_end")
    assert slider.value() == driver.experiment.steps


def test_playing_does_not_change_the_results(driver: Driver, qtbot: QtBot):
    before = driver.studio.display.job.trajectory.loss.copy()
    driver.trigger("go_to_start")
    driver.trigger("play")
    qtbot.waitUntil(lambda: driver.studio.play_head.step > 0)
    driver.trigger("play")

    assert (driver.studio.display.job.trajectory.loss == before).all()


def test_saving_and_opening_again_gives_the_same_experiment(
    driver: Driver, choose_file, tmp_path: Path
):
    driver.add_contender("adadelta")
    saved = driver.experiment
    path = tmp_path / "race.lrx"
    choose_file(path)

    driver.trigger("save_as")
    assert experiments.load(path) == saved
    assert not driver.window.isWindowModified()
    assert driver.window.windowTitle().startswith("race.lrx")

    driver.trigger("new")
    assert driver.experiment != saved
    driver.trigger("open")
    assert driver.experiment == saved
    recent = [a.text() for a in driver.studio.menus.recent.actions()]
    assert "race.lrx" in recent


def test_recent_files_of_one_name_are_told_apart(driver: Driver, tmp_path: Path):
    paths = [tmp_path / "monday" / "lab.lrx", tmp_path / "friday" / "lab.lrx", tmp_path / "a&b.lrx"]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        experiments.save(path, driver.experiment)
        driver.studio.files.open_path(path)
    shown = [a.text() for a in driver.studio.menus.recent.actions() if a.data()]
    assert shown == ["a&&b.lrx", str(paths[1]), str(paths[0])]  # one & would be a key of the menu


@pytest.mark.parametrize(("button", "is_left"), [(BUTTON.Discard, True), (BUTTON.Cancel, False)])
def test_unsaved_changes_are_asked_about(driver: Driver, button, is_left: bool):
    driver.add_contender("sgd")
    edited = driver.experiment

    with dialog_answered(press(button)) as texts:
        driver.trigger("new")

    assert texts[0].startswith("Save the changes to")
    assert (driver.experiment != edited) == is_left


def test_a_damaged_file_is_refused_with_a_sentence_and_nothing_is_lost(
    driver: Driver, choose_file, tmp_path: Path
):
    path = tmp_path / "broken.lrx"
    path.write_text('{"format": "lrstudio-experiment", "schema": 1, "problem"')
    choose_file(path)
    before = driver.experiment

    with dialog_answered(press(BUTTON.Ok)) as texts:
        driver.trigger("open")

    assert "broken.lrx" in texts[0]
    assert driver.experiment is before


def test_saving_into_a_folder_that_is_gone_says_so(driver: Driver, choose_file, tmp_path: Path):
    choose_file(tmp_path / "gone" / "race.lrx")
    driver.add_contender("sgd")

    with dialog_answered(press(BUTTON.Ok)) as texts:
        driver.trigger("save_as")

    assert "race.lrx" in texts[0]
    assert driver.window.isWindowModified()


def test_exported_data_are_the_numbers_on_the_screen(
    driver: Driver, choose_file, tmp_path: Path, qtbot: QtBot
):
    path = tmp_path / "data.csv"
    choose_file(path)

    driver.trigger("export_data")
    qtbot.waitUntil(lambda: "Wrote" in driver.window.statusBar().currentMessage())

    trajectory = driver.studio.display.job.trajectory
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == trajectory.rows * len(trajectory.plan.lanes)
    assert float(rows[7]["loss"]) == trajectory.loss[7, 0]
    sidecar = (
        json.loads(path.with_suffix(".csv.json").read_text())
        if path.with_suffix(".csv.json").exists()
        else json.loads(path.with_suffix(".json").read_text())
    )
    assert sidecar["experiment"]["problem"]


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_pictures_of_all_plots_are_written(
    driver: Driver, choose_file, tmp_path: Path, qtbot: QtBot, suffix: str
):
    choose_file(tmp_path)

    def save(dialog: QDialog) -> None:
        box = dialog.findChild(QComboBox, "format")
        box.setCurrentIndex(box.findData(suffix))
        dialog.accept()

    with dialog_answered(save):
        driver.trigger("export_pictures")
    qtbot.waitUntil(lambda: "Wrote" in driver.window.statusBar().currentMessage(), timeout=20_000)

    files = sorted(p.name for p in tmp_path.glob(f"*.{suffix}"))
    assert files == sorted(
        f"{name}.{suffix}"
        for name in ("landscape", "loss", "learning_rate", "parameters", "gradient_norm")
    )
    if suffix == "png":
        assert not QImage(str(tmp_path / "loss.png")).isNull()


def test_a_landscape_whose_heights_take_long_is_drawn_beside_the_window(
    driver: Driver, choose_file, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    from lrstudio.gui import drawings

    choose_file(tmp_path / "landscape.svg")
    drawn, threads = drawings.landscape_figure, []

    def noted(*seen):
        threads.append(threading.get_ident())
        return drawn(*seen)

    def save(dialog: QDialog) -> None:
        for box in dialog.findChildren(QCheckBox):
            box.setChecked(box.objectName() == "plot_landscape")
        box = dialog.findChild(QComboBox, "format")
        box.setCurrentIndex(box.findData("svg"))
        dialog.accept()

    monkeypatch.setattr(drawings, "landscape_figure", noted)
    with dialog_answered(save):
        driver.trigger("export_pictures")
    qtbot.waitUntil(lambda: "Wrote" in driver.window.statusBar().currentMessage(), timeout=20_000)
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


def test_a_picture_shows_the_zoom_of_the_screen(driver: Driver):
    from lrstudio.gui.drawings import drawing

    deck = driver.studio.deck
    whole = drawing(deck, "loss", is_dark=False)()
    deck.plot("loss")._link.show(100, 200)

    assert drawing(deck, "loss", is_dark=False)() != whole


def test_a_plot_that_was_never_seen_is_drawn(driver: Driver):
    from lrstudio.gui.drawings import drawing

    deck = driver.studio.deck
    assert "gradient_norm" in deck.titles()
    assert "curvature" not in deck.titles()  # it is not measured here
    assert "Gradient norm" in drawing(deck, "gradient_norm", is_dark=False)()


def test_closing_while_a_run_computes_waits_for_the_thread(driver: Driver, qtbot: QtBot):
    with_steps(driver, 50_000_000)
    qtbot.waitUntil(lambda: driver.studio.runner.is_running)
    thread = driver.studio.runner._thread
    driver.studio.document.undo_stack.setClean()

    driver.window.close()

    assert thread.isFinished()


def test_without_live_mode_an_edit_waits_for_run(driver: Driver):
    live = driver.studio.menus.actions["live"]
    live.setChecked(False)
    job = driver.studio.runner.job

    with_steps(driver, 77)
    assert driver.studio.runner.job is job
    assert "Edited" in driver.find(QLabel, "run_note").text()

    driver.trigger("run")
    driver.wait_for_run()
    assert driver.studio.display.job.trajectory.reached == 77
    live.setChecked(True)


def test_renaming_keeps_the_numbers_and_changes_the_labels(driver: Driver):
    job = driver.studio.runner.job
    contender = replace(driver.experiment.contenders[0], name="The first")
    renamed = (contender, *driver.experiment.contenders[1:])
    driver.studio.document.edit("Rename", replace(driver.experiment, contenders=renamed))

    assert driver.studio.runner.job is job
    assert driver.studio.results.model.rows[0].contender.name == "The first"


def test_renaming_leaves_a_long_run_alone_and_its_results_have_the_new_name(driver: Driver):
    with_steps(driver, 300_000)
    job = driver.studio.runner.job
    assert driver.studio.runner.is_running
    first, *others = driver.experiment.contenders
    renamed = (replace(first, name="The first"), *others)
    driver.studio.document.edit("Rename", replace(driver.experiment, contenders=renamed))
    assert driver.studio.runner.job is job

    driver.wait_for_run()
    assert driver.studio.results.model.rows[0].contender.name == "The first"


def test_renaming_what_was_edited_since_does_not_make_it_the_old_run(driver: Driver):
    live = driver.studio.menus.actions["live"]
    live.setChecked(False)
    with_steps(driver, 77)
    contender = replace(driver.experiment.contenders[0], name="The first")
    renamed = (contender, *driver.experiment.contenders[1:])
    driver.studio.document.edit("Rename", replace(driver.experiment, contenders=renamed))

    assert driver.studio.display.job.plan.experiment.steps != 77
    assert "Edited" in driver.find(QLabel, "run_note").text()
    live.setChecked(True)


def test_selecting_a_result_highlights_its_run_and_copies_as_text(driver: Driver, qtbot: QtBot):
    table = driver.find(QTableView, "results_table")
    table.setFocus()
    table.selectRow(1)
    lane = driver.studio.results.model.rows[1].lane
    assert driver.studio.deck._selected == {lane}

    driver.trigger("copy_results")

    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("Contender\t")


def shown_columns(driver: Driver, width: int) -> set[str]:
    """Titles of the columns of a results dock that floats and is that wide."""
    dock, table = driver.studio.layout.docks["results"], driver.find(QTableView, "results_table")
    dock.setFloating(True)
    dock.resize(width, 200)
    driver.qtbot.waitUntil(lambda: abs(table.viewport().width() - width) < 60)
    return {c.title for i, c in enumerate(COLUMNS) if not table.isColumnHidden(i)}


def test_columns_that_say_the_same_everywhere_make_room_for_the_verdict(driver: Driver):
    table = driver.find(QTableView, "results_table")
    yielding = {"Evaluations", "Schedule"}

    assert not yielding & shown_columns(driver, 800)
    *others, verdict = (table.columnWidth(i) for i in range(len(COLUMNS)))
    assert verdict > max(others)
    assert yielding < shown_columns(driver, 1600)


def test_evaluations_to_the_tolerance_are_shown_where_steps_cost_unequally(driver: Driver):
    assert "Evals to tol." not in shown_columns(driver, 1600)
    driver.add_contender("lbfgs")
    driver.wait_for_run()
    assert "Evals to tol." in shown_columns(driver, 1600)


def test_another_name_gets_the_room_it_needs(driver: Driver):
    table = driver.find(QTableView, "results_table")
    shown_columns(driver, 1600)
    first, *others = driver.experiment.contenders
    longest = replace(first, schedule=SCHEDULES["warmup_stable_decay"]())
    new = replace(driver.experiment, contenders=(longest, *others))
    driver.studio.document.edit("Change schedule", new)
    driver.wait_for_run()
    place = [column.title for column in COLUMNS].index("Schedule")
    assert table.columnWidth(place) >= table.sizeHintForColumn(place)


def test_results_of_another_race_are_dimmed_where_there_are_no_new_ones(driver: Driver):
    table, first = driver.find(QTableView, "results_table"), driver.experiment.contenders[0]
    racing = driver.experiment
    unfit = replace(racing, contenders=(replace(first, optimizer=OPTIMIZERS["muon"]()),))
    driver.studio.document.edit("Change optimizer", unfit)
    driver.qtbot.waitUntil(lambda: not table.isEnabled())
    assert "cannot be run" in driver.find(QLabel, "results_headline").text()
    driver.trigger("undo")
    driver.qtbot.waitUntil(table.isEnabled)


def test_a_column_that_tells_runs_apart_stays(driver: Driver):
    first, *others = driver.experiment.contenders
    decaying = replace(first, schedule=SCHEDULES["cosine"]())
    new = replace(driver.experiment, contenders=(decaying, *others))
    driver.studio.document.edit("Change schedule", new)
    driver.wait_for_run()

    assert "Schedule" in shown_columns(driver, 966)
    assert "Evaluations" not in shown_columns(driver, 966)


def test_sorting_puts_diverged_runs_last(driver: Driver, qtbot: QtBot):
    contenders = list(driver.experiment.contenders)
    contenders[0] = replace(contenders[0], optimizer=replace(contenders[0].optimizer, lr=1e6))
    new = replace(driver.experiment, contenders=tuple(contenders))
    driver.studio.document.edit("Diverge", new)
    driver.wait_for_run()
    table = driver.find(QTableView, "results_table")

    table.sortByColumn(6, Qt.SortOrder.AscendingOrder)

    last = table.model().index(table.model().rowCount() - 1, 6)
    assert last.data() == "–"


def test_removing_everything_leaves_a_window_that_says_what_to_do(driver: Driver):
    driver.studio.document.edit("Clear", replace(driver.experiment, contenders=()))
    driver.wait_for_run()

    assert driver.studio.results.model.rows == ()
    driver.trigger("undo")
    driver.wait_for_run()
    assert driver.verdicts()


@pytest.mark.parametrize("function", ["quadratic", "rastrigin", "ackley"])
def test_other_problems_and_dimensions_run(driver: Driver, function: str):
    from lrstudio.core import PROBLEMS
    from lrstudio.engine import edits

    for problem in (PROBLEMS[function](), PROBLEMS["sphere"](dim=7)):
        driver.studio.document.edit("Problem", edits.with_problem(driver.experiment, problem))
        driver.wait_for_run()
        assert len(driver.verdicts()) == len(driver.experiment.contenders)
        driver.window.grab()


def test_too_many_runs_are_refused_in_a_sentence_above_the_table(driver: Driver):
    starts = tuple((float(k), 0.0) for k in range(1000))
    many = replace(driver.experiment, starts=starts, seeds=tuple(range(1000)))

    driver.studio.document.edit("Many", many)

    assert "4,000,000 runs" in driver.find(QLabel, "results_headline").text()
    driver.trigger("undo")
    driver.wait_for_run()
    assert "first" in driver.find(QLabel, "results_headline").text()


def test_a_refusal_is_not_wiped_out_by_the_end_of_the_run_before(driver: Driver):
    long = replace(driver.experiment, steps=100_000_000)
    driver.studio.document.edit("Long", long)
    driver.qtbot.waitUntil(lambda: driver.studio.runner.is_running)
    starts = tuple((float(k), 0.0) for k in range(1000))
    driver.studio.document.edit("Many", replace(long, starts=starts, seeds=tuple(range(1000))))
    driver.qtbot.waitUntil(lambda: not driver.studio.runner.is_busy)
    driver.qtbot.waitUntil(lambda: driver.studio.display.job is driver.studio.runner.job)
    driver.qtbot.wait(100)  # a frame or two of the run that has ended
    assert "4,000,000 runs" in driver.find(QLabel, "results_headline").text()


def test_reset_clears_the_run_and_run_brings_it_back(driver: Driver):
    driver.trigger("reset")
    assert driver.studio.results.model.rows == ()
    assert driver.studio.play_head.end == 0

    driver.trigger("run")
    driver.wait_for_run()
    assert driver.verdicts()


def test_reset_in_the_middle_of_a_run_leaves_nothing_on_the_screen(driver: Driver, qtbot: QtBot):
    with_steps(driver, 50_000_000)
    qtbot.waitUntil(driver.studio.progress.isVisible, timeout=10_000)

    driver.trigger("reset")
    qtbot.wait(200)  # the end of the run, which must not come back

    assert driver.studio.display.job is None
    assert driver.studio.results.model.rows == ()
    assert not driver.studio.progress.isVisible()
    assert not driver.studio.menus.actions["stop"].isEnabled()


def test_the_theme_can_be_chosen_and_is_remembered(driver: Driver):
    from lrstudio.gui import theme
    from lrstudio.gui.settings import Settings

    actions = {a.objectName(): a for a in driver.studio.menus.themes.actions()}
    actions["theme_dark"].trigger()
    assert theme.current().is_dark
    assert Settings().theme == "dark"
    actions["theme_light"].trigger()
    assert not theme.current().is_dark


def test_a_file_dropped_on_the_window_opens(driver: Driver, tmp_path: Path):
    path = tmp_path / "dropped.lrx"
    experiments.save(path, replace(driver.experiment, title="Dropped", steps=33))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )

    driver.window.dropEvent(event)
    driver.wait_for_run()

    assert driver.experiment.steps == 33
    assert driver.studio.document.path == path


def test_every_example_opens_and_runs(driver: Driver):
    menu = driver.studio.menus.examples
    menu.aboutToShow.emit()
    menu.aboutToShow.emit()
    actions = menu.actions()
    assert len({action.data() for action in actions}) == len(actions)
    assert len(actions) >= 5
    for action in actions:
        action.trigger()
        driver.wait_for_run()
        assert driver.verdicts()
        assert driver.studio.document.path is None


@pytest.mark.parametrize("action", ["about", "shortcuts"])
def test_help_dialogs_open_and_close(driver: Driver, action: str):
    with dialog_answered(lambda dialog: dialog.reject()) as titles:
        driver.trigger(action)

    assert len(titles) == 1


def test_all_keys_of_an_action_are_told(driver: Driver):
    told: list[str] = []

    def read(dialog: QDialog) -> None:
        told.extend(label.text() for label in dialog.findChildren(QLabel))
        dialog.reject()

    with dialog_answered(read):
        driver.trigger("shortcuts")
    assert "P, F6" in told


def test_the_legend_hides_a_contender_in_every_plot(driver: Driver, qtbot: QtBot):
    legend = driver.studio.deck.legend
    entry = legend._shown()[0]

    qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)

    assert driver.studio.deck.hidden == {0}
    qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)
    assert driver.studio.deck.hidden == frozenset()


def test_a_hidden_contender_stays_hidden_when_others_are_removed_and_new_shows_all(
    driver: Driver, qtbot: QtBot
):
    legend = driver.studio.deck.legend
    qtbot.mouseClick(legend._shown()[1], Qt.MouseButton.LeftButton)
    assert driver.studio.deck.hidden == {1}

    remaining = driver.experiment.contenders[1:]
    driver.studio.document.edit("Remove", replace(driver.experiment, contenders=remaining))
    driver.wait_for_run()
    assert driver.studio.deck.hidden == {0}

    driver.studio.document.undo_stack.setClean()
    driver.trigger("new")
    driver.wait_for_run()
    assert driver.studio.deck.hidden == frozenset()


def test_a_new_experiment_keeps_no_highlight_of_the_old_one(driver: Driver):
    driver.find(QTableView, "results_table").selectAll()
    assert driver.studio.deck._selected

    driver.trigger("new")
    driver.wait_for_run()

    assert not driver.studio.deck._selected


def test_while_a_long_run_computes_the_old_results_are_dimmed(driver: Driver, qtbot: QtBot):
    table = driver.find(QTableView, "results_table")
    with_steps(driver, 50_000_000)

    qtbot.waitUntil(lambda: not table.isEnabled(), timeout=10_000)
    assert "Running" in driver.find(QLabel, "results_headline").text()
    driver.trigger("stop")
    driver.wait_for_run()
    assert table.isEnabled()


def test_a_click_on_the_scrubber_goes_there(driver: Driver, qtbot: QtBot):
    slider = driver.find(QSlider, "scrubber")

    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())

    middle = driver.experiment.steps / 2
    assert driver.studio.play_head.step == pytest.approx(middle, rel=0.05)


def test_the_play_head_stands_at_the_end_again_after_an_empty_race(driver: Driver):
    driver.studio.play_head.go_to(7)
    full = driver.experiment
    driver.studio.document.edit("Clear", replace(full, contenders=()))
    driver.wait_for_run()
    driver.studio.document.edit("Fill", full)
    driver.wait_for_run()

    assert driver.studio.play_head.step == full.steps


def test_a_scrubbed_step_is_kept_over_an_edit(driver: Driver):
    driver.studio.play_head.go_to(50)

    with_steps(driver, 300)
    driver.wait_for_run()

    assert driver.studio.play_head.step == 50


def test_garbage_is_collected_in_the_windows_thread_only(driver: Driver):
    assert not gc.isenabled()
    driver.close()
    assert gc.isenabled()


def test_every_action_has_a_tip_and_every_checkbox_a_name(driver: Driver):
    for action in driver.studio.menus.actions.values():
        assert action.objectName()
        assert action.statusTip()
    for box in driver.window.findChildren(QCheckBox):
        assert box.text() or box.accessibleName() or box.objectName()


@pytest.mark.parametrize("name", ["tolerance", "lr"])
def test_why_a_number_is_refused_is_in_sight(driver: Driver, name: str):
    """Even where the field is the last thing that is seen of its panel."""
    field = driver.find(QLineEdit, f"field_{name}")
    area = field.parentWidget()
    while not isinstance(area, QScrollArea):
        area = area.parentWidget()
    bottom = field.mapTo(area.widget(), field.rect().bottomLeft()).y()
    area.setFixedHeight(bottom + 2)
    field.setFocus()
    field.selectAll()
    driver.qtbot.keyClicks(field, "-1")
    line = driver.find(QLabel, f"error_{name}")

    def is_in_sight() -> bool:
        place = QRect(line.mapTo(area.viewport(), QPoint(0, 0)), line.size())
        return line.isVisible() and area.viewport().rect().contains(place)

    driver.qtbot.waitUntil(is_in_sight)
