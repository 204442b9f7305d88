"""The window with code, opened and used as a person would."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QTextDocument
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QToolButton,
)
from pytestqt.qtbot import QtBot
from window_driver import Driver, dialog_answered

from lrstudio.gui import theme
from lrstudio.gui.code_colours import CodeColours
from lrstudio.gui.code_window import CodeWindow
from lrstudio.storage.snippets import PROGRAMS, TITLES, snippet

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def driver(qtbot: QtBot) -> Iterator[Driver]:
    driver = Driver(qtbot)
    yield driver
    driver.close()


@pytest.fixture
def window(driver: Driver) -> CodeWindow:
    driver.trigger("code")
    return opened(driver)


def opened(driver: Driver) -> CodeWindow:
    """The one window with code."""
    (found,) = driver.window.findChildren(CodeWindow)
    assert found.isVisible()
    return found


def text(window: CodeWindow) -> str:
    return window.findChild(QPlainTextEdit, "code_text").toPlainText()


def choose(window: CodeWindow, qtbot: QtBot, framework: str) -> None:
    tabs = window.findChild(QTabBar, "code_frameworks")
    place = tuple(PROGRAMS).index(framework)
    qtbot.mouseClick(tabs, LEFT, pos=tabs.tabRect(place).center())


def button(window: CodeWindow, name: str) -> QPushButton:
    return window.findChild(QPushButton, name)


def expected(driver: Driver, place: int, framework: str = "torch") -> str:
    return snippet(driver.experiment.contenders[place], driver.experiment.steps, framework)


def test_the_button_of_the_editor_shows_the_selected_contender(driver: Driver, qtbot: QtBot):
    driver.studio.contenders.select(1)
    qtbot.mouseClick(driver.find(QToolButton, "contender_code"), LEFT)
    window = opened(driver)
    assert text(window) == expected(driver, 1)
    assert window.findChild(QLabel, "code_name").text() == driver.experiment.contenders[1].name


def test_menus_and_keys_open_the_same_window(driver: Driver, qtbot: QtBot):
    action = driver.studio.menus.actions["code"]
    menus = [menu for menu in driver.window.findChildren(QMenu) if action in menu.actions()]
    assert {menu.title() for menu in menus} == {"&Edit", "&Export"}
    driver.window.activateWindow()
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(driver.window, Qt.Key.Key_C, modifiers)
    qtbot.waitUntil(lambda: bool(driver.window.findChildren(CodeWindow)))
    driver.trigger("code")
    opened(driver)


def test_it_follows_selection_and_edits(driver: Driver, window: CodeWindow):
    driver.studio.contenders.select(2)
    assert text(window) == expected(driver, 2)
    contender = driver.experiment.contenders[2]
    quicker = replace(contender, optimizer=replace(contender.optimizer, lr=0.125))
    contenders = tuple(quicker if c is contender else c for c in driver.experiment.contenders)
    driver.studio.document.edit("x", replace(driver.experiment, contenders=contenders))
    assert "lr=0.125" in text(window)
    driver.studio.document.edit("x", replace(driver.experiment, steps=123))
    assert "steps = 123\n" in text(window)
    driver.trigger("undo")
    driver.trigger("undo")
    assert text(window) == expected(driver, 2)


def test_an_edit_leaves_the_view_where_it_is(driver: Driver, window: CodeWindow):
    window.resize(400, 240)
    shown = window.findChild(QPlainTextEdit, "code_text")
    shown.verticalScrollBar().setValue(5)
    driver.studio.document.edit("x", replace(driver.experiment, steps=123))
    assert shown.verticalScrollBar().value() == 5
    driver.studio.contenders.select(3)
    assert shown.verticalScrollBar().value() == 0


def test_every_framework_has_its_tab(driver: Driver, window: CodeWindow, qtbot: QtBot):
    tabs = window.findChild(QTabBar, "code_frameworks")
    assert [tabs.tabText(i) for i in range(tabs.count())] == list(TITLES.values())
    for framework in ("keras", "optax", "torch"):
        choose(window, qtbot, framework)
        assert text(window) == expected(driver, 0, framework)


def test_framework_and_size_are_there_after_a_restart(
    driver: Driver, window: CodeWindow, qtbot: QtBot
):
    choose(window, qtbot, "optax")
    window.resize(700, 500)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    driver.close()
    later = Driver(qtbot)
    later.trigger("code")
    again = opened(later)
    assert again.framework == "optax"
    assert (again.width(), again.height()) == (700, 500)
    later.close()


def test_copying_says_so_until_something_else_is_copied(window: CodeWindow, qtbot: QtBot):
    QGuiApplication.clipboard().setText("before")
    copy = button(window, "code_copy")
    assert copy.text() == "Copy"
    qtbot.mouseClick(copy, LEFT)
    assert QGuiApplication.clipboard().text() == text(window)
    assert copy.text() == "Copied"
    choose(window, qtbot, "keras")
    assert copy.text() == "Copy"
    choose(window, qtbot, "torch")
    QGuiApplication.clipboard().setText("after")
    assert copy.text() == "Copy"


def test_saving_writes_the_program(
    driver: Driver, window: CodeWindow, qtbot: QtBot, tmp_path: Path, monkeypatch
):
    asked = []

    def choose_file(parent, title: str, proposed: str, kinds: str) -> tuple[str, str]:
        asked.append(proposed)
        return str(tmp_path / "train"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose_file)
    qtbot.mouseClick(button(window, "code_save"), LEFT)
    assert (tmp_path / "train.py").read_text(encoding="utf-8") == expected(driver, 0)
    name = driver.experiment.contenders[0].name
    assert Path(asked[0]).name == f"{name}_torch.py"


def test_a_file_that_cannot_be_written_gets_a_sentence(
    window: CodeWindow, qtbot: QtBot, tmp_path: Path, monkeypatch
):
    target = str(tmp_path / "none" / "train.py")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (target, ""))
    with dialog_answered(lambda dialog: dialog.accept()) as seen:
        qtbot.mouseClick(button(window, "code_save"), LEFT)
    assert "its folder does not exist" in seen[0]


def test_without_a_contender_it_says_what_to_do(driver: Driver, window: CodeWindow):
    driver.studio.document.edit("x", replace(driver.experiment, contenders=()))
    assert text(window) == "Select a contender to see it as a program."
    assert not button(window, "code_copy").isEnabled()
    driver.trigger("undo")
    assert text(window) == expected(driver, 0)


def test_the_window_goes_with_the_program(driver: Driver, window: CodeWindow):
    driver.close()
    assert not [w for w in QApplication.topLevelWidgets() if w is window and w.isVisible()]


def test_it_is_read_only_and_does_not_wrap(window: CodeWindow, qtbot: QtBot):
    shown = window.findChild(QPlainTextEdit, "code_text")
    before = text(window)
    qtbot.keyClicks(shown, "import os")
    assert text(window) == before
    assert shown.lineWrapMode() == QPlainTextEdit.LineWrapMode.NoWrap
    assert isinstance(window, QDialog)
    assert not window.isModal()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_of_the_language_numbers_and_comments_have_their_colours(
    qapp: QApplication, mode: theme.Mode
):
    theme.apply(qapp, mode)
    line = '@jax.jit  # a "word" 1\ndef f(x):\n    return print(f"x # {x}", 1e-5) + a1'
    document = QTextDocument(line)
    colours = CodeColours(document)
    colours.rehighlight()
    worn = theme.current().syntax
    found = {}
    block = document.begin()
    while block.isValid():
        for part in block.layout().formats():
            word = block.text()[part.start : part.start + part.length]
            found[word] = part.format.foreground().color()
        block = block.next()
    expected = {
        "@jax.jit": worn.function,
        '# a "word" 1': worn.comment,
        "def": worn.keyword,
        "f": worn.function,
        "return": worn.keyword,
        "print": worn.function,
        'f"x # {x}"': worn.string,
        "1e-5": worn.number,
    }
    assert found == {word: QColor(colour) for word, colour in expected.items()}
    theme.apply(qapp, "light")


def test_a_contender_of_a_framework_is_shown_in_that_framework(driver: Driver):
    contender = driver.experiment.contenders[0]
    flavoured = replace(contender, flavour="keras")
    others = driver.experiment.contenders[1:]
    new = replace(driver.experiment, contenders=(flavoured, *others))
    driver.studio.document.edit("Change flavour", new)
    driver.studio.contenders.select(0)
    driver.trigger("code")
    assert opened(driver).framework == "keras"
