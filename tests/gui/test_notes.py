"""Title and notes: read when an experiment is opened, written, undone, saved."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QToolButton
from pytestqt.qtbot import QtBot
from window_driver import Driver

from lrstudio.engine.experiment import LONGEST_NOTES
from lrstudio.gui.main_window import MainWindow
from lrstudio.gui.notes import NotesStrip
from lrstudio.gui.plots.header import ElidedLabel
from lrstudio.gui.settings import Settings
from lrstudio.storage import experiments

TASK = "Find the largest rate that converges.\n\nTry: twice as many steps."


@pytest.fixture
def assignment(driver: Driver, tmp_path: Path) -> Path:
    path = tmp_path / "assignment.lrx"
    told = replace(driver.experiment, title="Assignment 3", notes=TASK)
    experiments.save(path, told)
    return path


def text(driver: Driver) -> QPlainTextEdit:
    return driver.find(QPlainTextEdit, "notes_text")


def test_at_start_the_notes_are_a_line_that_unfolds(driver: Driver, qtbot: QtBot):
    strip = driver.find(NotesStrip, "notes")
    line = driver.find(ElidedLabel, "notes_line")
    assert strip.isVisible()
    assert driver.window.isActiveWindow()  # the strip was never a window of its own
    assert line.isVisible()
    assert line.text() == " ".join(driver.experiment.notes.split())

    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    assert text(driver).isVisible()
    assert text(driver).toPlainText() == driver.experiment.notes
    assert not line.isVisible()

    qtbot.mouseClick(driver.find(QToolButton, "notes_fold"), Qt.MouseButton.LeftButton)
    assert line.isVisible()
    assert not text(driver).isVisible()


def test_opening_a_file_shows_its_notes(driver: Driver, assignment: Path):
    driver.studio.files.open_path(assignment)

    assert text(driver).isVisible()
    assert text(driver).toPlainText() == TASK
    assert driver.find(QLineEdit, "notes_title").text() == "Assignment 3"

    driver.trigger("new")
    assert not driver.find(NotesStrip, "notes").isVisible()


def test_a_folded_line_goes_as_far_as_there_is_room(driver: Driver):
    told = "First; " + 40 * "then a good deal more "
    driver.studio.document.edit("Edit notes", replace(driver.experiment, notes=told))
    line = driver.find(ElidedLabel, "notes_line")
    assert line.drawn_text().endswith("…")
    assert line.fontMetrics().horizontalAdvance(line.drawn_text()) > line.width() - 30


def test_other_edits_leave_notes_where_they_were_scrolled_to(driver: Driver, qtbot: QtBot):
    told = replace(driver.experiment, notes="A rate of 10\u00a0000.\n" * 200)
    driver.studio.document.open(told, None)
    bar = text(driver).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    driver.studio.document.edit("Change steps", replace(driver.experiment, steps=700))
    assert bar.value() == bar.maximum() > 0
    assert driver.experiment.notes == told.notes


def test_notes_are_written_saved_and_undone_like_any_edit(
    driver: Driver, qtbot: QtBot, assignment: Path
):
    driver.studio.files.open_path(assignment)
    driver.wait_for_run()
    job, field = driver.studio.runner.job, text(driver)
    qtbot.keyClick(field, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, " P.S., and explain.")

    written = TASK + " P.S., and explain."
    assert driver.experiment.notes == written
    assert driver.window.isWindowModified()
    assert driver.studio.runner.job is job  # words are no reason to compute anything
    driver.trigger("save")
    assert experiments.load(assignment).notes == written

    driver.window.activateWindow()
    driver.trigger("notes")
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert driver.experiment.notes == field.toPlainText() == TASK
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)  # nothing is left
    assert driver.experiment.notes == TASK


def test_what_is_typed_after_a_pause_is_undone_by_itself(
    driver: Driver, qtbot: QtBot, assignment: Path
):
    driver.studio.files.open_path(assignment)
    title = driver.find(QLineEdit, "notes_title")
    title.selectAll()
    qtbot.keyClicks(title, "Four")
    qtbot.keyClick(title, Qt.Key.Key_Return)
    qtbot.keyClicks(title, "teen")
    assert driver.experiment.title == "Fourteen"

    driver.studio.document.undo_stack.undo()
    assert driver.experiment.title == title.text() == "Four"
    driver.studio.document.undo_stack.undo()
    assert driver.experiment.title == title.text() == "Assignment 3"


def test_where_there_are_no_notes_the_menu_leads_to_them(driver: Driver, qtbot: QtBot):
    driver.trigger("new")
    driver.trigger("notes")
    qtbot.keyClicks(text(driver), "My own")
    assert driver.experiment.notes == "My own"


def test_tab_goes_from_the_title_to_the_notes(driver: Driver, qtbot: QtBot):
    driver.trigger("notes")
    title = driver.find(QLineEdit, "notes_title")
    title.setFocus()
    qtbot.waitUntil(title.hasFocus)
    qtbot.keyClick(title, Qt.Key.Key_Tab)
    assert text(driver).hasFocus()
    qtbot.keyClick(text(driver), Qt.Key.Key_Tab)
    assert driver.window.focusWidget().objectName() == "problem_function"


def test_notes_are_no_longer_than_a_file_holds(driver: Driver, qtbot: QtBot):
    driver.trigger("notes")
    text(driver).setPlainText("x" * (LONGEST_NOTES + 5))
    assert len(driver.experiment.notes) == len(text(driver).toPlainText()) == LONGEST_NOTES
    text(driver).moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(text(driver), "y")
    assert text(driver).toPlainText() == driver.experiment.notes == "x" * LONGEST_NOTES


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_long_notes_leave_the_picture_its_room(driver: Driver, qtbot: QtBot, size):
    driver.window.resize(*size)
    driver.trigger("notes")
    text(driver).setPlainText("A line.\n" * 200)
    centre = driver.studio.deck.centre
    qtbot.waitUntil(lambda: text(driver).height() <= 0.2 * driver.window.height())
    assert driver.studio.deck.landscape.height() > 0.6 * centre.height()
    assert text(driver).verticalScrollBar().maximum() > 0


def test_a_file_that_the_program_starts_with_shows_its_notes(qtbot: QtBot, assignment: Path):
    window = MainWindow(Settings())
    with qtbot.waitSignal(window.painted):
        window.show()
    window.furnish(assignment)
    assert window.studio is not None
    qtbot.waitUntil(lambda: window.studio.layout.is_restored)
    text = window.findChild(QPlainTextEdit, "notes_text")
    assert text.isVisible()
    assert 20 < text.height() < 200
    window.close()
    window.deleteLater()
