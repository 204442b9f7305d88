from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from lrstudio.core import OPTIMIZERS, SCHEDULES, Parameter, parameters
from lrstudio.gui.number_field import ErrorLine, NumberField

KEY = Qt.Key
ADAM = {p.name: p for p in parameters(OPTIMIZERS["adam"])}
LENGTH = next(p for p in parameters(SCHEDULES["cosine"]) if p.kind == "length")
MILESTONES = next(p for p in parameters(SCHEDULES["multi_step"]) if p.kind == "integers")
STEP_SIZE = next(p for p in parameters(SCHEDULES["step"]) if p.kind == "integer")
ANYTHING = Parameter(
    name="x", kind="real", default=0.25, symbol="x", label="Anything", help="Any number."
)

TYPED: dict[str, float | None] = {
    "0.001": 0.001,
    "0,001": 0.001,
    "1e-3": 1e-3,
    "1E-3": 1e-3,
    "1e-03": 1e-3,
    "1,5e-3": 1.5e-3,
    "1.5e-3": 1.5e-3,
    ".001": 0.001,
    ",001": 0.001,
    "5.": 5.0,
    "5,": 5.0,
    "+3": 3.0,
    "-2.5": -2.5,
    "-2,5": -2.5,
    "1e6": 1e6,
    "1e+06": 1e6,
    "1e-08": 1e-8,
    " 0.01 ": 0.01,
    "007": 7.0,
    "0.0015": 0.0015,
    "1.000": 1.0,
    "1000": 1000.0,
    "0,125": 0.125,
    "1234,567": 1234.567,
    "0": 0.0,
    "1e300": 1e300,
    "1.000,5": None,
    "1,000.5": None,
    "1,000": None,
    "1,000,000": None,
    "1.000.000": None,
    "1 000": None,
    "1'000": None,
    "1_000": None,
    "1..2": None,
    "abc": None,
    "1e": None,
    "nan": None,
    "inf": None,
    "1e400": None,
    "1/3": None,
    "5%": None,
}
LOCALES = {
    "German": QLocale.Language.German,
    "French": QLocale.Language.French,
    "Russian": QLocale.Language.Russian,
    "English": QLocale.Language.English,
    "Arabic": QLocale.Language.Arabic,
}


@pytest.fixture(params=LOCALES.values(), ids=LOCALES.keys())
def locale(request: pytest.FixtureRequest) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield
    QLocale.setDefault(before)


class Heard:
    """What a field said, in order."""

    def __init__(self, field: NumberField) -> None:
        self.values: list[Any] = []
        self.committed: list[Any] = []
        self.refusals: list[str] = []
        field.value_changed.connect(self.on_value_changed)
        field.committed.connect(self.on_committed)
        field.refused.connect(self.on_refused)

    def on_value_changed(self, value: Any) -> None:
        self.values.append(value)

    def on_committed(self, value: Any) -> None:
        self.committed.append(value)

    def on_refused(self, sentence: str) -> None:
        self.refusals.append(sentence)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    window.setLayout(QVBoxLayout())
    window.resize(240, 120)
    qtbot.addWidget(window)
    return window


def shown(qtbot: QtBot, window: QWidget, parameter: Parameter) -> NumberField:
    field = NumberField(parameter)
    window.layout().addWidget(QLineEdit())
    window.layout().addWidget(field)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(field.hasFocus)
    return field


def wheel(field: QWidget, angle: int) -> QWheelEvent:
    centre = QPointF(field.rect().center())
    event = QWheelEvent(
        centre,
        field.mapToGlobal(centre),
        QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, event)
    return event


@pytest.mark.usefixtures("locale")
def test_every_typed_number_is_read_or_refused_the_same_in_every_country(
    qtbot: QtBot, window: QWidget
) -> None:
    field = shown(qtbot, window, ANYTHING)
    for text, value in TYPED.items():
        field.show_value(0.25)
        field.selectAll()
        qtbot.keyClicks(field, text)
        assert field.text() == text
        assert bool(field.complaint) == (value is None), text
        if value is not None:
            assert field.value() == value, text


@pytest.mark.usefixtures("locale")
@pytest.mark.parametrize(
    ("value", "text"), [(0.001, "0.001"), (1e-8, "1e-08"), (1234567.5, "1234567.5"), (1.0, "1")]
)
def test_a_number_is_shown_the_same_in_every_country(
    qtbot: QtBot, window: QWidget, value: float, text: str
) -> None:
    field = shown(qtbot, window, ANYTHING)
    field.set_value(value)
    assert field.text() == text


def test_good_values_are_said_while_typing_and_once_more_when_they_stay(
    qtbot: QtBot, window: QWidget
) -> None:
    field = shown(qtbot, window, ANYTHING)
    heard = Heard(field)
    qtbot.keyClicks(field, "12,50")
    assert heard.values == [1.0, 12.0, 12.5]
    assert heard.committed == []
    qtbot.keyClick(field, KEY.Key_Return)
    assert heard.committed == [12.5]
    assert field.text() == "12.5"
    qtbot.keyClick(field, KEY.Key_Return)
    assert heard.committed == [12.5]


def test_leaving_the_field_keeps_the_value(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, ANYTHING)
    heard = Heard(field)
    qtbot.keyClicks(field, "3")
    qtbot.keyClick(field, KEY.Key_Tab)
    assert not field.hasFocus()
    assert heard.committed == [3.0]


def test_a_number_on_the_way_to_a_refused_text_does_not_stay(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, ANYTHING)
    heard = Heard(field)
    qtbot.keyClicks(field, "1,000")
    assert heard.values == [1.0, 0.25]
    qtbot.keyClick(field, KEY.Key_Tab)
    assert field.text() == "1,000"
    assert field.complaint
    assert heard.committed == [0.25]


def test_a_refused_value_is_marked_at_once_and_the_good_one_stays(
    qtbot: QtBot, window: QWidget
) -> None:
    field = shown(qtbot, window, ADAM["beta1"])
    error = ErrorLine(field)
    window.layout().addWidget(error)
    heard = Heard(field)
    assert not error.isVisible()
    field.selectAll()
    qtbot.keyClicks(field, "1.5")
    assert field.value() == 0.9
    assert field.property("refused") is True
    assert error.isVisible()
    assert error.text() == "Expected a number at least 0 and below 1, got 1.5."
    assert heard.refusals[-1] == error.text()
    assert field.accessibleDescription() == error.text()
    qtbot.keyClick(field, KEY.Key_Return)
    assert field.text() == "1.5"
    assert heard.committed == []
    qtbot.keyClick(field, KEY.Key_Home)
    qtbot.keyClick(field, KEY.Key_Delete)
    assert field.text() == ".5"
    assert field.value() == 0.5
    assert not error.isVisible()
    assert field.property("refused") is False
    assert field.accessibleDescription() == ADAM["beta1"].help


@pytest.mark.parametrize("text", ["0", "-1", "nan", "1e300", "", "1,000"])
def test_a_bad_learning_rate_gets_a_sentence(qtbot: QtBot, window: QWidget, text: str) -> None:
    field = shown(qtbot, window, ADAM["lr"])
    field.selectAll()
    qtbot.keyClick(field, KEY.Key_Delete)
    qtbot.keyClicks(field, text)
    assert field.complaint.endswith(".")
    assert field.complaint[0] == field.complaint[0].upper()
    assert field.value() == 0.001


def test_escape_restores_what_was_there(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, ADAM["lr"])
    heard = Heard(field)
    qtbot.keyClicks(field, "0.05")
    qtbot.keyClick(field, KEY.Key_Escape)
    assert field.text() == "0.001"
    assert heard.values == [0.05, 0.001]
    assert heard.committed == [0.001]
    qtbot.keyClicks(field, "x")
    qtbot.keyClick(field, KEY.Key_Escape)
    assert field.text() == "0.001"
    assert field.complaint == ""


def test_escape_reaches_the_window_when_there_is_nothing_to_restore(
    qtbot: QtBot, window: QWidget
) -> None:
    field = shown(qtbot, window, ADAM["lr"])
    stop = QShortcut(QKeySequence("Esc"), window)
    qtbot.keyClicks(field, "5")
    with qtbot.assertNotEmitted(stop.activated):
        qtbot.keyClick(field, KEY.Key_Escape)
    assert field.text() == "0.001"
    with qtbot.waitSignal(stop.activated):
        qtbot.keyClick(field, KEY.Key_Escape)


def test_typing_wins_over_a_shortcut_of_the_window(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, ADAM["lr"])
    shortcuts = [QShortcut(QKeySequence(key), window) for key in (".", ",", "E", "5", "-")]
    field.selectAll()
    qtbot.keyClicks(field, "0.5e-3")
    assert field.value() == 0.0005
    assert all(s.parent() is window for s in shortcuts)


def test_undo_is_the_windows_except_while_a_text_is_refused(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, ADAM["lr"])
    undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), window)
    qtbot.keyClicks(field, "0.5")
    with qtbot.waitSignal(undo.activated):
        qtbot.keyClick(field, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "0.5"
    qtbot.keyClicks(field, "x")
    with qtbot.assertNotEmitted(undo.activated):
        qtbot.keyClick(field, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.complaint == ""


@pytest.mark.parametrize(
    ("name", "keys", "text"),
    [
        ("lr", [KEY.Key_Up], "0.002"),
        ("lr", [KEY.Key_Up, KEY.Key_Up, KEY.Key_Up], "0.01"),
        ("lr", [KEY.Key_Down, KEY.Key_Down], "0.0002"),
        ("lr", [KEY.Key_PageUp], "0.01"),
        ("lr", [KEY.Key_PageDown], "0.0001"),
        ("eps", [KEY.Key_Down], "5e-09"),
        ("beta1", [KEY.Key_Up], "0.91"),
        ("beta2", [KEY.Key_Up], "0.9995"),
        ("weight_decay", [KEY.Key_Down], "0"),
    ],
)
def test_keys_step_on_round_numbers(
    qtbot: QtBot, window: QWidget, name: str, keys: list[Qt.Key], text: str
) -> None:
    field = shown(qtbot, window, ADAM[name])
    for key in keys:
        qtbot.keyClick(field, key)
    assert field.text() == text
    assert field.selectedText() == text


def test_a_held_key_is_one_gesture(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, ADAM["lr"])
    heard = Heard(field)
    qtbot.keyPress(field, KEY.Key_Up)
    qtbot.keyPress(field, KEY.Key_Up)
    assert heard.values == [0.002, 0.005]
    assert heard.committed == []
    qtbot.keyRelease(field, KEY.Key_Up)
    assert heard.committed == [0.005]


def test_stepping_from_a_refused_text_starts_at_the_good_value(
    qtbot: QtBot, window: QWidget
) -> None:
    field = shown(qtbot, window, ADAM["lr"])
    field.selectAll()
    qtbot.keyClicks(field, "-5")
    qtbot.keyClick(field, KEY.Key_Up)
    assert field.text() == "0.002"
    assert field.complaint == ""


def test_the_wheel_steps_only_a_focused_field(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, ADAM["lr"])
    wheel(field, 120)
    assert field.value() == 0.002
    wheel(field, 60)
    assert field.value() == 0.002
    wheel(field, 60)
    assert field.value() == 0.005
    wheel(field, -240)
    assert field.value() == 0.001
    window.findChild(QLineEdit).setFocus()
    assert not wheel(field, 120).isAccepted()
    assert field.value() == 0.001


def test_focus_selects_all(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, ADAM["lr"])
    assert field.selectedText() == "0.001"
    window.findChildren(QLineEdit)[0].setFocus()
    field.deselect()
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    assert field.selectedText() == "0.001"
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    assert field.selectedText() == ""


def test_being_shown_the_same_value_leaves_typing_alone(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, ADAM["lr"])
    heard = Heard(field)
    qtbot.keyClicks(field, "0.50")
    field.setCursorPosition(2)
    field.set_value(0.5)
    assert field.text() == "0.50"
    assert field.cursorPosition() == 2
    qtbot.keyClicks(field, "x")
    field.set_value(0.001)
    assert field.text() == "0.x50"
    assert heard.values == [0.5, 0.001]


def test_being_shown_another_value_says_nothing(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, ADAM["lr"])
    qtbot.keyClicks(field, "x")
    heard = Heard(field)
    field.set_value(0.3)
    assert field.text() == "0.3"
    assert field.complaint == ""
    assert (heard.values, heard.committed, heard.refusals) == ([], [], [])


def test_a_long_number_is_exact_and_shows_its_beginning(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, ADAM["lr"])
    field.set_value(1 / 3)
    assert float(field.text()) == 1 / 3
    assert field.cursorPosition() == 0


def test_a_whole_number_stays_whole(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, STEP_SIZE)
    qtbot.keyClicks(field, "1e3")
    assert field.value() == 1000
    assert type(field.value()) is int
    qtbot.keyClick(field, KEY.Key_Up)
    assert field.text() == "2000"
    assert type(field.value()) is int
    field.selectAll()
    qtbot.keyClicks(field, "1.5")
    assert "whole number" in field.complaint


def test_an_empty_length_is_none(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, LENGTH)
    assert field.value() is None
    assert field.text() == ""
    qtbot.keyClicks(field, "40")
    assert field.value() == 40
    field.selectAll()
    qtbot.keyClick(field, KEY.Key_Backspace)
    assert field.value() is None
    assert field.complaint == ""
    qtbot.keyClick(field, KEY.Key_Up)
    assert field.value() == 200


def test_integers_are_a_list(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, MILESTONES)
    assert field.text() == "100, 200"
    field.selectAll()
    qtbot.keyClicks(field, "30 60,90")
    qtbot.keyClick(field, KEY.Key_Return)
    assert field.value() == (30, 60, 90)
    assert field.text() == "30, 60, 90"
    qtbot.keyClick(field, KEY.Key_Up)
    assert field.value() == (30, 60, 90)
    field.selectAll()
    qtbot.keyClicks(field, "30, -1")
    assert field.complaint


def test_the_context_menu_goes_back_to_the_default(qtbot: QtBot, window: QWidget) -> None:
    field = shown(qtbot, window, ADAM["lr"])
    qtbot.keyClicks(field, "7")
    qtbot.keyClick(field, KEY.Key_Return)
    heard = Heard(field)
    menu = open_menu(field)
    reset = next(a for a in menu.actions() if a.objectName() == "reset_to_default")
    assert reset.text() == "Reset to default (0.001)"
    reset.trigger()
    menu.close()
    assert field.text() == "0.001"
    assert (heard.values, heard.committed) == ([0.001], [0.001])


def open_menu(field: NumberField) -> QMenu:
    place = QPoint(2, 2)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, field.mapToGlobal(place))
    QApplication.sendEvent(field, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu
