import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from lrstudio.gui.plots.legend import LegendStrip

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def legend(qtbot, race):
    strip = LegendStrip()
    qtbot.addWidget(strip)
    strip.resize(600, 30)
    strip.show()
    strip.show_plan(race(third_rate=0.01).plan)
    return strip


def entries(legend):
    return [entry for entry in legend.findChildren(object) if hasattr(entry, "contender")]


def test_a_click_switches_a_contender_off_and_on(legend, qtbot):
    sgd, adam, _ = entries(legend)
    with qtbot.waitSignal(legend.toggled) as told:
        qtbot.mouseClick(adam, LEFT)
    assert told.args == [1, False]
    assert legend.hidden_contenders == {1}
    with qtbot.waitSignal(legend.toggled) as told:
        qtbot.mouseClick(adam, LEFT)
    assert told.args == [1, True]
    assert not legend.hidden_contenders
    assert sgd.accessibleName() == "SGD"


def test_ctrl_and_a_click_leave_one_and_again_all(legend, qtbot, monkeypatch):
    monkeypatch.setattr(QApplication, "keyboardModifiers", lambda: CONTROL)
    adam = entries(legend)[1]
    qtbot.mouseClick(adam, LEFT, CONTROL)
    assert legend.hidden_contenders == {0, 2}
    qtbot.mouseClick(adam, LEFT, CONTROL)
    assert not legend.hidden_contenders


def test_space_does_what_a_click_does(legend, qtbot):
    entry = entries(legend)[2]
    entry.setFocus()
    qtbot.keyClick(entry, Qt.Key.Key_Space)
    assert legend.hidden_contenders == {2}


def test_it_can_be_switched_from_elsewhere(legend, qtbot):
    with qtbot.waitSignal(legend.toggled) as told:
        legend.set_shown(2, False)
    assert told.args == [2, False]
    legend.set_hidden({0})
    assert legend.hidden_contenders == {0}


def test_the_mouse_over_an_entry_tells_which(legend, qtbot):
    told = []
    legend.hovered.connect(told.append)
    for index in (0, 2):
        entry = entries(legend)[index]
        entry.enterEvent(_enter_event(entry))
        assert told[-1] == index
        entry.leaveEvent(_leave_event())
        assert told[-1] is None


def test_a_new_run_of_the_same_contenders_keeps_who_is_hidden(legend, qtbot, race):
    qtbot.mouseClick(entries(legend)[1], LEFT)
    legend.show_plan(race(third_rate=0.02).plan)
    assert legend.hidden_contenders == {1}
    legend.show_plan(race().plan)
    shown = [e for e in entries(legend) if e.isVisible()]
    assert [e.text() for e in shown] == ["SGD", "Adam"]
    legend.show_plan(None)
    assert not [e for e in entries(legend) if e.isVisible()]


def test_a_narrow_strip_wraps_and_overlaps_nothing(legend):
    legend.resize(130, 100)
    QApplication.processEvents()
    boxes = [entry.geometry() for entry in entries(legend)]
    assert legend.heightForWidth(130) == legend.minimumHeight() > 24
    assert all(box.left() >= 0 and box.right() <= 130 for box in boxes)
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


def _enter_event(entry):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QEnterEvent

    return QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(entry.mapToGlobal(entry.pos())))


def _leave_event():
    from PySide6.QtCore import QEvent

    return QEvent(QEvent.Type.Leave)


def test_names_are_whole_where_there_is_room_and_end_in_what_tells_them_apart(qtbot, race):
    plan = race(third_rate=0.01).plan
    experiment = plan.experiment
    long = "A contender with a name of many words, and a number: 2"
    named = [replace(c, name=long) for c in experiment.contenders]
    strip = LegendStrip()
    qtbot.addWidget(strip)
    strip.resize(1400, 30)
    strip.show()
    strip.show_plan(replace(plan, experiment=replace(experiment, contenders=tuple(named))))
    assert all(entry.width() == entry.sizeHint().width() for entry in entries(strip))
    strip.resize(300, 30)
    assert all(entry.geometry().right() < 300 for entry in entries(strip))


def test_names_are_not_shortened_where_that_saves_no_row(qtbot, race):
    names = ["Gradient descent", "Gradient descent 2", "Gradient descent 3"]
    names += ["Nesterov momentum", "Nesterov momentum 2", "Adam", "Adam 2", "Adam 3"]
    plan = race().plan
    racers = [
        replace(plan.experiment.contenders[0], name=name, colour=i) for i, name in enumerate(names)
    ]
    strip = LegendStrip()
    qtbot.addWidget(strip)
    strip.resize(540, 30)
    strip.show()
    strip.show_plan(replace(plan, experiment=replace(plan.experiment, contenders=tuple(racers))))
    shown = [entry for entry in entries(strip) if entry.isVisible()]
    assert [entry.text() for entry in shown] == names
    assert len({entry.y() for entry in shown}) == 3
    assert all(entry.width() >= entry.sizeHint().width() for entry in shown)
