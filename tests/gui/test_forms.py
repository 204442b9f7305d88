import time
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from lrstudio.core import OPTIMIZERS, PROBLEMS, SCHEDULES, Warmup, parameters
from lrstudio.engine import Experiment
from lrstudio.gui import theme
from lrstudio.gui.forms import ParameterForm
from lrstudio.gui.number_field import NumberField
from lrstudio.gui.parameter_texts import help_text
from lrstudio.gui.slider import ParameterSlider

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton
ADAM = OPTIMIZERS["adam"]
DECLARED = {
    f"{kind}-{identifier}": declaration
    for kind, registry in (("o", OPTIMIZERS), ("s", SCHEDULES), ("p", PROBLEMS))
    for identifier, declaration in registry.items()
}
EVERYTHING = pytest.mark.parametrize("declaration", DECLARED.values(), ids=DECLARED.keys())


class Edits:
    """Keeps a configuration as a document would, and what it was asked for."""

    def __init__(self, form: ParameterForm, config: msgspec.Struct) -> None:
        self.form = form
        self.config = config
        self.asked: list[tuple[str, Any, bool]] = []
        form.show_config(config)
        form.edited.connect(self.on_edited)

    def on_edited(self, name: str, value: Any, is_going_on: bool) -> None:
        self.asked.append((name, value, is_going_on))
        self.config = msgspec.structs.replace(self.config, **{name: value})
        self.form.show_config(self.config)


@pytest.fixture
def form(qtbot: QtBot, qapp: QApplication) -> ParameterForm:
    theme.apply(qapp, "light")
    window = QWidget()
    window.setLayout(QVBoxLayout())
    form = ParameterForm()
    window.layout().addWidget(form)
    window.layout().addStretch(1)
    window.resize(280, 600)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    form.keep_alive = window  # the form must not lose its window
    return form


def field(form: ParameterForm, name: str) -> NumberField:
    found = form.findChild(NumberField, f"field_{name}")
    assert found is not None
    return found


def typed(qtbot: QtBot, form: ParameterForm, name: str, text: str) -> NumberField:
    line = field(form, name)
    line.setFocus(Qt.FocusReason.TabFocusReason)
    line.selectAll()
    qtbot.keyClicks(line, text)
    return line


@EVERYTHING
def test_every_declaration_has_a_form_that_fits_its_dock(
    form: ParameterForm, declaration: type[msgspec.Struct]
) -> None:
    form.show_config(declaration())
    names = [p.name for p in parameters(declaration)]
    assert form.is_empty() == (not names)
    assert form.minimumSizeHint().width() <= 260
    for name in names:
        editor = form.findChild(QWidget, f"field_{name}")
        assert editor is not None
        assert editor.isVisible()
        assert editor.accessibleName()
        assert editor.whatsThis()


@EVERYTHING
def test_nothing_is_cut_off_or_covered(
    form: ParameterForm, declaration: type[msgspec.Struct]
) -> None:
    form.show_config(declaration())
    QApplication.processEvents()
    for parameter in parameters(declaration):
        label = form.findChild(QLabel, f"label_{parameter.name}")
        assert label.height() >= label.heightForWidth(label.width())
        words = parameter.label.split()
        assert label.width() >= max(label.fontMetrics().horizontalAdvance(w) for w in words)
        editor = form.findChild(QWidget, f"field_{parameter.name}")
        assert editor.width() >= editor.minimumSizeHint().width()
        if isinstance(editor, QComboBox):
            assert editor.width() >= editor.sizeHint().width()


@EVERYTHING
def test_everything_that_takes_focus_has_a_name(
    form: ParameterForm, declaration: type[msgspec.Struct]
) -> None:
    form.show_config(declaration())
    for widget in form.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible():
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface.text(QAccessible.Text.Name), widget.objectName()


@EVERYTHING
def test_showing_a_configuration_asks_for_nothing(
    qtbot: QtBot, form: ParameterForm, declaration: type[msgspec.Struct]
) -> None:
    with qtbot.assertNotEmitted(form.edited):
        form.show_config(declaration())
        form.show_config(declaration(), subject="another")


def test_a_typed_value_follows_and_ends_its_gesture(qtbot: QtBot, form: ParameterForm) -> None:
    edits = Edits(form, ADAM())
    line = typed(qtbot, form, "lr", "0,05")
    assert edits.asked == [("lr", 0.05, True)]
    qtbot.keyClick(line, KEY.Key_Return)
    assert edits.asked[1:] == [("lr", 0.05, False)]
    assert form.findChild(ParameterSlider, "slider_lr").shown_value() == 0.05
    assert line.text() == "0.05"


def test_a_dragged_slider_follows_and_ends_its_gesture(qtbot: QtBot, form: ParameterForm) -> None:
    edits = Edits(form, ADAM())
    slider = form.findChild(ParameterSlider, "slider_lr")
    middle = slider.height() // 2
    qtbot.mousePress(slider, LEFT, pos=QPoint(60, middle))
    for x in (80, 100, 120):
        qtbot.mouseMove(slider, QPoint(x, middle))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(120, middle))
    assert [going for _, _, going in edits.asked] == [True, True, True, True, False]
    assert {name for name, _, _ in edits.asked} == {"lr"}
    assert edits.config.lr == float(field(form, "lr").text())


def test_a_refused_value_says_why_below_the_field_and_only_then(
    qtbot: QtBot, form: ParameterForm
) -> None:
    edits = Edits(form, ADAM())
    assert form.findChild(QLabel, "error_beta1") is None
    QApplication.processEvents()
    height = form.sizeHint().height()
    typed(qtbot, form, "beta1", "1.5")
    error = form.findChild(QLabel, "error_beta1")
    assert error.isVisible()
    assert "below 1, got 1.5" in error.text()
    assert edits.config == ADAM()
    QApplication.processEvents()
    assert error.mapTo(form, QPoint()).y() > field(form, "beta1").mapTo(form, QPoint()).y()
    qtbot.keyClick(field(form, "beta1"), KEY.Key_Escape)
    assert not error.isVisible()
    qtbot.waitUntil(lambda: form.sizeHint().height() == height)


def test_typing_keeps_focus_and_cursor_while_others_change(
    qtbot: QtBot, form: ParameterForm
) -> None:
    edits = Edits(form, ADAM())
    line = typed(qtbot, form, "lr", "0.0500")
    line.setCursorPosition(3)
    form.show_config(msgspec.structs.replace(edits.config, beta2=0.9))
    assert line.hasFocus()
    assert (line.text(), line.cursorPosition()) == ("0.0500", 3)
    qtbot.keyClicks(line, "x")
    form.show_config(msgspec.structs.replace(edits.config, beta2=0.99))
    assert line.text() == "0.0x500"
    assert field(form, "beta2").text() == "0.99"


def test_half_typed_text_is_dropped_with_its_subject(qtbot: QtBot, form: ParameterForm) -> None:
    form.show_config(ADAM(), subject=0)
    line = typed(qtbot, form, "lr", "-1")
    form.show_config(ADAM(), subject=0)
    assert line.text() == "-1"
    form.show_config(ADAM(), subject=1)
    assert line.text() == "0.001"
    assert line.complaint == ""


def test_an_undo_shows_the_old_value(qtbot: QtBot, form: ParameterForm) -> None:
    Edits(form, ADAM())
    line = typed(qtbot, form, "lr", "0.5")
    form.show_config(ADAM())
    assert line.text() == "0.001"


def test_a_choice_is_made_by_keyboard(qtbot: QtBot, form: ParameterForm) -> None:
    edits = Edits(form, ADAM())
    box = form.findChild(QComboBox, "field_decay")
    box.setFocus()
    qtbot.keyClick(box, KEY.Key_Down)
    assert edits.asked == [("decay", "decoupled", False)]
    assert box.currentText() == "Decoupled"


def test_a_flag_is_ticked(qtbot: QtBot, form: ParameterForm) -> None:
    edits = Edits(form, ADAM())
    box = form.findChild(QCheckBox, "field_amsgrad")
    box.setFocus()
    qtbot.keyClick(box, KEY.Key_Space)
    assert edits.asked == [("amsgrad", True, False)]


def test_a_length_is_the_whole_run_or_a_number(qtbot: QtBot, form: ParameterForm) -> None:
    edits = Edits(form, SCHEDULES["cosine"]())
    whole = form.findChild(QCheckBox, "whole_run_length")
    assert whole.isChecked()
    assert field(form, "length").placeholderText() == "whole run"
    qtbot.mouseClick(whole, LEFT, pos=QPoint(6, whole.height() // 2))
    assert edits.asked == [("length", 100, False)]
    assert field(form, "length").text() == "100"
    typed(qtbot, form, "length", "250")
    assert not whole.isChecked()
    assert edits.config.length == 250
    qtbot.mouseClick(whole, LEFT, pos=QPoint(6, whole.height() // 2))
    assert edits.config.length is None
    assert field(form, "length").text() == ""
    qtbot.mouseClick(whole, LEFT, pos=QPoint(6, whole.height() // 2))
    assert edits.config.length == 250


def test_milestones_are_a_list(qtbot: QtBot, form: ParameterForm) -> None:
    edits = Edits(form, SCHEDULES["multi_step"]())
    qtbot.keyClick(typed(qtbot, form, "milestones", "50 80"), KEY.Key_Return)
    assert edits.config.milestones == (50, 80)
    assert edits.asked[-1] == ("milestones", (50, 80), False)


def dot(form: ParameterForm, name: str) -> QToolButton:
    found = form.findChild(QToolButton, f"reset_{name}")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "changed"),
    [("lr", 0.5), ("decay", "decoupled"), ("amsgrad", True), ("weight_decay", 0.25)],
)
def test_a_dot_tells_a_change_and_takes_it_back(
    qtbot: QtBot, form: ParameterForm, name: str, changed: Any
) -> None:
    edits = Edits(form, ADAM())
    assert not dot(form, name).isVisible()
    form.show_config(msgspec.structs.replace(ADAM(), **{name: changed}))
    assert dot(form, name).isVisible()
    qtbot.mouseClick(dot(form, name), LEFT)
    default = getattr(ADAM(), name)
    assert edits.asked[-1] == (name, default, False)
    assert getattr(edits.config, name) == default
    assert not dot(form, name).isVisible()


@pytest.mark.parametrize("name", ["lr", "decay", "amsgrad"])
def test_the_context_menu_takes_a_change_back(form: ParameterForm, name: str) -> None:
    changed = ADAM(lr=0.5, decay="decoupled", amsgrad=True)
    edits = Edits(form, changed)
    label = form.findChild(QLabel, f"label_{name}")
    place = QPoint(2, 2)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(label, QContextMenuEvent(reason, place, label.mapToGlobal(place)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    reset = next(a for a in menu.actions() if a.objectName() == "reset_to_default")
    assert reset.isEnabled()
    reset.trigger()
    menu.close()
    assert edits.config == msgspec.structs.replace(changed, **{name: getattr(ADAM(), name)})


def test_the_wheel_scrolls_past_a_box_even_with_focus(form: ParameterForm) -> None:
    edits = Edits(form, ADAM())
    box = form.findChild(QComboBox, "field_decay")
    centre = QPointF(box.rect().center())
    event = QWheelEvent(
        centre,
        box.mapToGlobal(centre),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)
    assert not event.isAccepted()
    box.setFocus()
    QApplication.sendEvent(box, event)
    assert not event.isAccepted()
    assert not edits.asked


def test_tab_walks_field_then_slider_then_the_next_field(qtbot: QtBot, form: ParameterForm) -> None:
    form.show_config(ADAM())
    field(form, "lr").setFocus()
    walked = []
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Tab)
        walked.append(QApplication.focusWidget().objectName())
    assert walked == ["slider_lr", "field_beta1", "slider_beta1"]


def test_rows_are_kept_for_the_same_class_and_made_anew_for_another(
    form: ParameterForm,
) -> None:
    form.show_config(ADAM())
    line = field(form, "lr")
    form.show_config(ADAM(lr=0.5))
    assert field(form, "lr") is line
    form.show_config(OPTIMIZERS["sgd"]())
    assert field(form, "lr") is not line
    assert form.findChild(QWidget, "field_beta1") is None
    assert len(form.findChildren(NumberField, "field_lr")) == 1


def test_the_class_may_change_in_the_middle_of_an_edit(qtbot: QtBot, form: ParameterForm) -> None:
    form.show_config(ADAM())
    line = typed(qtbot, form, "lr", "0.5")
    with qtbot.waitSignal(line.destroyed):
        form.show_config(OPTIMIZERS["sgd"]())


def test_help_says_what_it_does_its_bounds_and_its_default(
    qtbot: QtBot, form: ParameterForm
) -> None:
    form.show_config(ADAM())
    lr = next(p for p in parameters(ADAM) if p.name == "lr")
    assert help_text(lr).splitlines() == [
        "η  Learning rate",
        lr.help,
        "Above 0 and at most 1e+06.",
        "Default: 0.001.",
    ]
    row = form.row("lr")
    assert lr.help.split(":")[0] in row.toolTip()
    assert max(map(len, row.toolTip().splitlines())) <= 56
    qtbot.mouseClick(form.findChild(QToolButton, "help_lr"), LEFT)
    shown = [w for w in QApplication.topLevelWidgets() if w.inherits("QWhatsThat")]
    assert len(shown) == 1
    assert shown[0].isVisible()
    shown[0].close()


@pytest.mark.parametrize("config", [Warmup(), SCHEDULES["constant"]()])
def test_nested_and_empty_declarations(form: ParameterForm, config: msgspec.Struct) -> None:
    form.show_config(config)
    assert form.is_empty() == (not parameters(type(config)))


def test_it_edits_the_numbers_of_an_experiment(qtbot: QtBot, form: ParameterForm) -> None:
    edits = Edits(form, Experiment(problem=PROBLEMS["rosenbrock"](), contenders=()))
    typed(qtbot, form, "steps", "1e4")
    assert edits.config.steps == 10_000
    typed(qtbot, form, "steps", "0.5")
    assert "whole number" in field(form, "steps").complaint


def test_following_a_slider_costs_a_fraction_of_a_frame(form: ParameterForm) -> None:
    """Two milliseconds, painting included; the least of many is free of noise."""
    form.show_config(ADAM())
    QApplication.processEvents()
    costs = []
    for k in range(60):
        config = ADAM(lr=0.001 * 1.05**k)
        start = time.perf_counter()
        form.show_config(config)
        form.row("lr").repaint()
        costs.append(time.perf_counter() - start)
        assert field(form, "lr").value() == config.lr
    assert min(costs) < 0.002
