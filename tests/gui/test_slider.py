from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from lrstudio.core import OPTIMIZERS, SCHEDULES, Parameter, parameters
from lrstudio.gui.slider import ParameterSlider

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton
ADAM = {p.name: p for p in parameters(OPTIMIZERS["adam"])}
STEP_SIZE = next(p for p in parameters(SCHEDULES["step"]) if p.kind == "integer")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    window.setLayout(QVBoxLayout())
    window.resize(260, 80)
    qtbot.addWidget(window)
    return window


class Moves:
    """What a slider said, in order."""

    def __init__(self, slider: ParameterSlider) -> None:
        self.said: list[tuple[Any, bool]] = []
        slider.moved.connect(self.on_moved)

    def on_moved(self, value: Any, is_dragging: bool) -> None:
        self.said.append((value, is_dragging))


def shown(qtbot: QtBot, window: QWidget, parameter: Parameter) -> ParameterSlider:
    slider = ParameterSlider(parameter)
    slider.show_value(parameter.default)
    window.layout().addWidget(slider)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    slider.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(slider.hasFocus)
    return slider


def at(slider: ParameterSlider, fraction: float) -> QPoint:
    return QPoint(round(6 + fraction * (slider.width() - 12)), slider.height() // 2)


def test_a_click_goes_there_and_says_so_once_more_at_the_end(qtbot: QtBot, window: QWidget) -> None:
    slider = shown(qtbot, window, ADAM["lr"])
    moves = Moves(slider)
    qtbot.mouseClick(slider, LEFT, pos=at(slider, 5 / 6))
    value = moves.said[0][0]
    assert value == pytest.approx(1.0, rel=0.1)
    assert moves.said == [(value, True), (value, False)]
    assert slider.shown_value() == value


def test_dragging_says_every_value_and_ends_with_the_last(qtbot: QtBot, window: QWidget) -> None:
    slider = shown(qtbot, window, ADAM["lr"])
    moves = Moves(slider)
    qtbot.mousePress(slider, LEFT, pos=at(slider, 1 / 3))
    assert moves.said == []
    for fraction in (0.4, 0.5, 0.6):
        qtbot.mouseMove(slider, at(slider, fraction))
    assert [is_dragging for _, is_dragging in moves.said] == [True, True, True]
    qtbot.mouseRelease(slider, LEFT, pos=at(slider, 0.6))
    values = [value for value, _ in moves.said]
    assert values == sorted(values)
    assert moves.said[-1] == (values[-2], False)
    assert values[-1] == pytest.approx(10 ** (-5 + 6 * 0.6), rel=0.1)


def test_taking_hold_of_the_handle_changes_nothing(qtbot: QtBot, window: QWidget) -> None:
    slider = shown(qtbot, window, ADAM["lr"])
    slider.show_value(0.00123456789)
    moves = Moves(slider)
    handle = at(slider, slider.value() / slider.maximum())
    qtbot.mouseClick(slider, LEFT, pos=handle + QPoint(3, 0))
    assert moves.said == []
    assert slider.shown_value() == 0.00123456789


def test_dragging_past_the_ends_stops_at_them(qtbot: QtBot, window: QWidget) -> None:
    slider = shown(qtbot, window, ADAM["lr"])
    for x, end in ((-500, 1e-5), (900, 10.0)):
        qtbot.mousePress(slider, LEFT, pos=at(slider, 0.5))
        qtbot.mouseMove(slider, QPoint(x, 5))
        qtbot.mouseRelease(slider, LEFT, pos=QPoint(x, 5))
        assert slider.shown_value() == end


def test_a_value_beyond_the_ends_stays_what_it_is(qtbot: QtBot, window: QWidget) -> None:
    slider = shown(qtbot, window, ADAM["lr"])
    moves = Moves(slider)
    for value, position in ((5000.0, slider.maximum()), (1e-9, slider.minimum())):
        slider.show_value(value)
        assert slider.value() == position
        assert slider.shown_value() == value
    qtbot.keyClick(slider, KEY.Key_Left)
    assert moves.said == []
    qtbot.keyClick(slider, KEY.Key_Right)
    assert moves.said[-1] == (2e-9, False)


@pytest.mark.parametrize("value", [0.0015, 1e-5, 10.0, 0.123456789012345, 7e-4])
def test_showing_says_nothing_and_keeps_every_digit(
    qtbot: QtBot, window: QWidget, value: float
) -> None:
    slider = shown(qtbot, window, ADAM["lr"])
    moves = Moves(slider)
    slider.show_value(value)
    assert slider.shown_value() == value
    assert moves.said == []
    assert float(slider.accessibleDescription()) == value


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("lr", KEY.Key_Right, 0.002),
        ("lr", KEY.Key_Up, 0.002),
        ("lr", KEY.Key_Left, 0.0005),
        ("lr", KEY.Key_PageUp, 0.01),
        ("lr", KEY.Key_Home, 1e-5),
        ("lr", KEY.Key_End, 10.0),
        ("beta1", KEY.Key_Left, 0.89),
        ("beta1", KEY.Key_End, 0.999),
        ("weight_decay", KEY.Key_Home, None),
    ],
)
def test_keys_walk_sensible_numbers(
    qtbot: QtBot, window: QWidget, name: str, key: Qt.Key, value: float | None
) -> None:
    slider = shown(qtbot, window, ADAM[name])
    moves = Moves(slider)
    qtbot.keyClick(slider, key)
    assert moves.said == ([] if value is None else [(value, True), (value, False)])


def test_other_keys_are_left_to_the_window(qtbot: QtBot, window: QWidget) -> None:
    slider = shown(qtbot, window, ADAM["lr"])
    moves = Moves(slider)
    qtbot.keyClick(slider, KEY.Key_Space)
    qtbot.keyClick(slider, KEY.Key_Tab)
    assert moves.said == []


def test_whole_numbers_stay_whole(qtbot: QtBot, window: QWidget) -> None:
    slider = shown(qtbot, window, STEP_SIZE)
    moves = Moves(slider)
    qtbot.mouseClick(slider, LEFT, pos=at(slider, 0.3))
    qtbot.keyClick(slider, KEY.Key_Right)
    qtbot.keyClick(slider, KEY.Key_Home)
    assert len(moves.said) == 6
    assert all(type(value) is int for value, _ in moves.said)


def test_the_wheel_moves_only_a_focused_slider(qtbot: QtBot, window: QWidget) -> None:
    slider = shown(qtbot, window, ADAM["lr"])
    moves = Moves(slider)
    assert wheel(slider).isAccepted()
    assert moves.said == [(0.002, True), (0.002, False)]
    slider.clearFocus()
    assert not wheel(slider).isAccepted()
    assert len(moves.said) == 2


def wheel(slider: ParameterSlider) -> QWheelEvent:
    centre = QPointF(slider.rect().center())
    event = QWheelEvent(
        centre,
        slider.mapToGlobal(centre),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, event)
    return event


def test_without_a_range_there_is_none(qapp: QApplication) -> None:
    free = Parameter(name="x", kind="real", default=0.0, symbol="", label="X", help="")
    with pytest.raises(ValueError, match="no range"):
        ParameterSlider(free)
