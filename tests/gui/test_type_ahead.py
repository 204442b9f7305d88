"""Letters belong to the list, the combo box or the text that has the focus."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QListView,
    QPlainTextEdit,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot
from window_driver import Driver

from lrstudio.gui.type_ahead import TypeAhead

KEY = Qt.Key


def focus(driver: Driver, qtbot: QtBot, widget: QWidget) -> None:
    driver.window.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)


def test_a_combo_box_is_searched_by_its_letters(driver: Driver, qtbot: QtBot):
    box = driver.find(QComboBox, "contender_flavour")
    assert box.currentText() == "Textbook"
    focus(driver, qtbot, box)
    qtbot.keyClicks(box, "p")

    assert box.currentText() == "PyTorch"
    assert not driver.studio.play_head.is_playing


@pytest.mark.parametrize(
    ("kind", "name"), [(QListView, "contender_list"), (QTableView, "results_table")]
)
def test_a_list_is_searched_by_its_letters(driver: Driver, qtbot: QtBot, kind, name):
    view = driver.find(kind, name)
    view.setCurrentIndex(view.model().index(0, 0))
    focus(driver, qtbot, view)
    qtbot.keyClicks(view, "pr")

    assert not driver.studio.play_head.is_playing
    step = driver.studio.play_head.step
    qtbot.keyClicks(view, ",")  # still part of what is searched for
    assert driver.studio.play_head.step == step


def test_signs_that_begin_no_search_are_shortcuts(driver: Driver, qtbot: QtBot):
    view = driver.find(QListView, "contender_list")
    focus(driver, qtbot, view)
    step = driver.studio.play_head.step
    qtbot.keyClicks(view, ",")
    assert driver.studio.play_head.step == step - 1


def test_elsewhere_the_key_plays_and_another_one_plays_everywhere(driver: Driver, qtbot: QtBot):
    head = driver.studio.play_head
    canvas = driver.studio.deck.landscape.canvas
    canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    focus(driver, qtbot, canvas)
    qtbot.keyClick(canvas, KEY.Key_P)
    assert head.is_playing
    head.pause()

    view = driver.find(QListView, "contender_list")
    focus(driver, qtbot, view)
    qtbot.keyClick(view, KEY.Key_F6)
    assert head.is_playing
    head.pause()


def test_a_text_keeps_its_letters(driver: Driver, qtbot: QtBot):
    driver.trigger("notes")
    text = driver.find(QPlainTextEdit, "notes_text")
    focus(driver, qtbot, text)
    text.selectAll()
    qtbot.keyClicks(text, "p.,")
    assert text.toPlainText() == "p.,"
    assert not driver.studio.play_head.is_playing


def test_in_the_end_nothing_is_watched(qtbot: QtBot):
    view = QListView()
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    ahead = TypeAhead()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, KEY.Key_P, Qt.KeyboardModifier.NoModifier, "p")
    asked.ignore()
    QApplication.sendEvent(view, asked)
    assert asked.isAccepted()
    ahead.stop()
    asked.ignore()
    QApplication.sendEvent(view, asked)
    assert not asked.isAccepted()
