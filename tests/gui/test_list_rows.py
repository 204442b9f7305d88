"""Rows whose value is a list: numbers, points of a drawn curve, parts of a schedule."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QMenu, QToolButton

from lrstudio.core import MODIFIERS, SCHEDULES
from lrstudio.core.schedules.composed import MOST_PARTS
from lrstudio.gui.curve_canvas import CurveCanvas
from lrstudio.gui.forms import ParameterForm
from lrstudio.gui.typed_numbers import Unreadable, read, written

BUTTON = Qt.MouseButton.LeftButton


class Form:
    """A form that shows what it was told to change, as the window does."""

    def __init__(self, qtbot, config):
        self.qtbot, self.config, self.edits = qtbot, config, []
        self.form = ParameterForm()
        qtbot.addWidget(self.form)
        self.form.resize(260, 400)
        self.form.show_config(config)
        self.form.edited.connect(self.on_edited)
        self.form.show()
        qtbot.waitExposed(self.form)

    def on_edited(self, name, value, is_going_on):
        self.config = replace(self.config, **{name: value})
        self.edits.append((value, is_going_on))
        self.form.show_config(self.config)

    def find(self, kind, name):
        return self.form.findChild(kind, name)

    def type(self, name, text):
        field = self.find(QLineEdit, name)
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.fixture
def drawn(qtbot):
    return Form(qtbot, SCHEDULES["drawn"](points=((0.0, 1.0), (0.5, 0.5), (1.0, 0.0))))


def canvas(form):
    return form.find(CurveCanvas, "canvas_points")


def at(widget, x, y):
    """A place of the canvas by share and factor."""
    plot = widget._plot()
    return QPointF(plot.left() + x * plot.width(), plot.bottom() - y * plot.height()).toPoint()


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("numbers", "1 0.5  1e-3", (1.0, 0.5, 0.001)),
        ("numbers", "0,5; 0,25", (0.5, 0.25)),
        ("numbers", "0.5, 0.25,", (0.5, 0.25)),
        ("numbers", "", ()),
        ("points", "0:1 0.5:0.2", ((0.0, 1.0), (0.5, 0.2))),
        ("points", "0,5:1", ((0.5, 1.0),)),
    ],
)
def test_lists_are_typed_with_either_decimal_mark(kind, text, value):
    assert read(kind, text) == value
    assert read(kind, written(kind, value)) == value


@pytest.mark.parametrize(
    ("kind", "text"), [("numbers", "0.5,0.25"), ("numbers", "a"), ("points", "1"), ("points", ":")]
)
def test_what_is_unclear_is_refused(kind, text):
    with pytest.raises(Unreadable, match=r"expected|could be"):
        read(kind, text)


def test_points_are_typed(qtbot, drawn):
    drawn.type("field_points", "0:1 1:0.5")
    assert drawn.config.points == ((0.0, 1.0), (1.0, 0.5))


def test_a_point_is_dragged_and_the_gesture_ends_with_one_last_edit(qtbot, drawn):
    widget = canvas(drawn)
    QTest.mousePress(widget, BUTTON, Qt.KeyboardModifier.NoModifier, at(widget, 0.5, 0.5))
    QTest.mouseMove(widget, at(widget, 0.55, 0.6))
    QTest.mouseMove(widget, at(widget, 0.6, 0.75))
    QTest.mouseRelease(widget, BUTTON, Qt.KeyboardModifier.NoModifier, at(widget, 0.6, 0.75))
    x, y = drawn.config.points[1]
    assert (x, y) == (pytest.approx(0.6, abs=0.02), pytest.approx(0.75, abs=0.02))
    assert [going for _, going in drawn.edits][-2:] == [True, False]
    assert drawn.find(QLineEdit, "field_points").text().count(":") == 3


def test_a_point_does_not_pass_its_neighbours(qtbot, drawn):
    widget = canvas(drawn)
    QTest.mousePress(widget, BUTTON, Qt.KeyboardModifier.NoModifier, at(widget, 0.0, 1.0))
    QTest.mouseMove(widget, at(widget, 0.9, 0.9))
    QTest.mouseRelease(widget, BUTTON, Qt.KeyboardModifier.NoModifier, at(widget, 0.9, 0.9))
    assert drawn.config.points[0][0] == 0.5


def test_points_are_added_and_taken_away(qtbot, drawn):
    widget = canvas(drawn)
    QTest.mouseDClick(widget, BUTTON, Qt.KeyboardModifier.NoModifier, at(widget, 0.25, 0.9))
    assert len(drawn.config.points) == 4
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_Delete)
    assert drawn.config.points == ((0.0, 1.0), (0.5, 0.5), (1.0, 0.0))
    place = at(widget, 0.5, 0.5)
    where = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, where)
    assert drawn.config.points == ((0.0, 1.0), (1.0, 0.0))


def test_the_arrows_move_the_chosen_point(qtbot, drawn):
    widget = canvas(drawn)
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_Space)
    qtbot.keyClick(widget, Qt.Key.Key_Up)
    qtbot.keyClick(widget, Qt.Key.Key_Right)
    assert drawn.config.points[1] == (0.51, 0.51)


def test_the_last_point_stays(qtbot):
    form = Form(qtbot, SCHEDULES["drawn"](points=((0.5, 1.0),)))
    widget = canvas(form)
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_Delete)
    assert form.config.points == ((0.5, 1.0),)
    assert widget.grab().toImage().width() > 0


def test_a_list_too_long_to_type_is_counted_and_kept(qtbot):
    form = Form(qtbot, SCHEDULES["table"](values=(1.0,) * 5000))
    assert not form.find(QLineEdit, "field_values").isVisible()
    assert "5,000" in form.find(QLabel, "count_values").text()
    assert form.config.values == (1.0,) * 5000
    assert form.edits == []


def parts_menu(form: Form) -> QMenu:
    menu = form.find(QToolButton, "add_part").menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()  # which fills it
    return menu


def test_parts_are_edited_in_their_own_forms(qtbot):
    form = Form(qtbot, SCHEDULES["sequence"]())
    before = form.config.parts
    qtbot.mouseClick(form.find(QToolButton, "part_0_down"), BUTTON)
    assert form.config.parts == (before[1], before[0])
    menu = parts_menu(form)
    offered = [action.data() for action in menu.actions()]
    menu.actions()[offered.index("step")].trigger()
    assert form.config.parts[-1] == SCHEDULES["step"]()
    card = form.find(QToolButton, "remove_part_2").parentWidget()
    field = card.findChild(QLineEdit, "field_step_size")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "7")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert form.config.parts[-1] == SCHEDULES["step"](step_size=7)
    qtbot.mouseClick(form.find(QToolButton, "remove_part_2"), BUTTON)
    assert len(form.config.parts) == 2


def test_only_what_can_be_a_part_is_offered(qtbot):
    form = Form(qtbot, SCHEDULES["product"]())
    offered = {action.data() for action in parts_menu(form).actions()}
    assert offered == {name for name, schedule in SCHEDULES.items() if not schedule.listens}


def test_no_part_can_be_added_to_as_many_as_there_may_be(qtbot):
    form = Form(qtbot, SCHEDULES["product"](parts=(SCHEDULES["constant"](),) * (MOST_PARTS - 1)))
    add = form.find(QToolButton, "add_part")
    assert add.isEnabled()
    parts_menu(form).actions()[0].trigger()
    assert len(form.config.parts) == MOST_PARTS
    assert not add.isEnabled()


def test_a_length_that_is_left_open_says_what_that_means(qtbot):
    form = Form(qtbot, MODIFIERS["weight_average"]())
    assert form.find(QLineEdit, "field_overwrite").placeholderText() == "never"
    assert form.find(QCheckBox, "whole_run_overwrite").text() == "Never"
    form = Form(qtbot, SCHEDULES["cosine"]())
    assert form.find(QLineEdit, "field_length").placeholderText() == "whole run"
    assert form.find(QCheckBox, "whole_run_length").text() == "Spans the whole run"
