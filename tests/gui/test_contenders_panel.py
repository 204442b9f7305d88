from collections.abc import Iterator
from itertools import pairwise

import pytest
from msgspec.structs import replace
from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QPoint,
    QPointF,
    QRect,
    Qt,
)
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from lrstudio.core import OPTIMIZERS, PROBLEMS, SCHEDULES, Warmup, describe
from lrstudio.core.schedules.composed import MOST_LEVELS
from lrstudio.engine import Contender, Experiment
from lrstudio.gui import theme
from lrstudio.gui.chooser import RuleChooser
from lrstudio.gui.chooser_model import ENTRY_ROLE
from lrstudio.gui.contender_list import ContenderList
from lrstudio.gui.contender_model import ContenderModel, summary
from lrstudio.gui.contenders_panel import ContendersPanel
from lrstudio.gui.document import Document
from lrstudio.gui.help_mark import HelpMark
from lrstudio.gui.rate_preview import RatePreview
from lrstudio.gui.slider import ParameterSlider

KEY = Qt.Key
BUTTON = Qt.MouseButton.LeftButton
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SCROLL_BAR = 10  # pixels, as in the style sheet


def contenders(*rules: str) -> tuple[Contender, ...]:
    return tuple(
        Contender(name=describe(OPTIMIZERS[rule]).title, optimizer=OPTIMIZERS[rule](), colour=slot)
        for slot, rule in enumerate(rules)
    )


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


@pytest.fixture
def document(qapp):
    racing = contenders("sgd", "momentum", "adam")
    return Document(Experiment(problem=PROBLEMS["rosenbrock"](), contenders=racing))


@pytest.fixture
def panel(qtbot: QtBot, document: Document):
    panel = ContendersPanel(document)
    qtbot.addWidget(panel)
    panel.resize(264, 700)
    panel.show()
    qtbot.waitExposed(panel)
    panel.activateWindow()
    return panel


def names(document: Document) -> list[str]:
    return [contender.name for contender in document.experiment.contenders]


def the_list(panel: QWidget) -> ContenderList:
    return panel.findChild(ContenderList)


def shown(panel: QWidget) -> list[str]:
    model = the_list(panel).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def place(panel: QWidget, row: int) -> QPoint:
    """A point on the name of a row, in the list's viewport."""
    view = the_list(panel)
    rect = view.visualRect(view.model().index(row, 0))
    return QPoint(100, rect.center().y())


def check_box(panel: QWidget, row: int) -> QPoint:
    view = the_list(panel)
    rect = view.visualRect(view.model().index(row, 0))
    return QPoint(rect.left() + 11, rect.center().y())


def click_row(qtbot: QtBot, panel: QWidget, row: int) -> None:
    qtbot.mouseClick(the_list(panel).viewport(), BUTTON, pos=place(panel, row))


def press(qtbot: QtBot, panel: QWidget, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier):
    view = the_list(panel)
    view.setFocus()
    qtbot.keyClick(view, key, modifier)


def click(qtbot: QtBot, panel: QWidget, name: str) -> None:
    button = panel.findChild(QToolButton, name)
    assert button.isVisible()
    qtbot.mouseClick(button, BUTTON)


def add(qtbot: QtBot, panel: QWidget, rule: str) -> None:
    """Open the list of the Add button and choose a rule, with the keys."""
    button = panel.findChild(QToolButton, "add_contender")
    if not button.isVisible():
        button = panel.findChild(QPushButton, "add_first_contender")
    assert button.isVisible()
    qtbot.mouseClick(button, BUTTON)
    search_and_take(qtbot, panel, "add_contender", rule)


def search_and_take(qtbot: QtBot, panel: QWidget, name: str, identifier: str) -> None:
    search = panel.findChild(QLineEdit, f"{name}_search")
    assert search.isVisible()
    qtbot.keyClicks(search, identifier)
    qtbot.keyClick(search, KEY.Key_Return)
    assert not search.isVisible()


def field(panel: QWidget, name: str) -> QLineEdit:
    found = panel.findChild(QLineEdit, f"field_{name}")
    assert found is not None, name
    return found


def type_into(qtbot: QtBot, editor: QLineEdit, text: str) -> None:
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, KEY.Key_Return)


def choose(qtbot: QtBot, panel: QWidget, name: str, identifier: str) -> None:
    qtbot.mouseClick(panel.findChild(RuleChooser, name), BUTTON)
    search_and_take(qtbot, panel, name, identifier)


def complaint(panel: QWidget) -> str:
    labels = [label for label in panel.findChildren(QLabel) if label.property("role") == "error"]
    return " ".join(label.text() for label in labels if label.isVisible())


# --- adding and removing -------------------------------------------------------------------------


def test_a_rule_is_added_from_the_list_and_selected(qtbot, panel, document):
    add(qtbot, panel, "rmsprop")
    assert names(document) == ["Gradient descent", "RMSProp", "Momentum", "Adam"]
    added = document.experiment.contenders[1]
    assert added.optimizer == OPTIMIZERS["rmsprop"]()
    assert added.colour == 3
    assert panel.selected() == 1
    assert shown(panel) == names(document)
    assert document.undo_stack.undoText() == "Add RMSProp"


def test_every_rule_is_in_the_list_with_its_summary(qtbot, panel):
    click(qtbot, panel, "add_contender")
    view = panel.findChild(QListView, "add_contender_list")
    rows = [view.model().index(row) for row in range(view.model().rowCount())]
    entries = [row.data(ENTRY_ROLE) for row in rows if row.data(ENTRY_ROLE)]
    assert {entry.id for entry in entries} == set(OPTIMIZERS)
    assert all(len(entry.summary) > 20 for entry in entries)
    qtbot.keyClick(panel.findChild(QLineEdit, "add_contender_search"), KEY.Key_Escape)
    assert not view.isVisible()


@pytest.mark.parametrize("count", [0, 3])
def test_the_list_opens_from_the_keys_and_from_the_context_menu(qtbot, panel, document, count):
    chosen = document.experiment.contenders[:count]
    document.open(replace(document.experiment, contenders=chosen), None)
    if count:
        press(qtbot, panel, KEY.Key_Insert)
    else:
        panel.findChild(QAction, "add_contender").trigger()
    search_and_take(qtbot, panel, "add_contender", "adagrad")
    assert "Adagrad" in names(document)


def test_the_same_rule_twice_gets_another_name_and_colour(qtbot, panel, document):
    add(qtbot, panel, "adam")
    assert names(document)[1] == "Adam 2"
    assert len({contender.colour for contender in document.experiment.contenders}) == 4


@pytest.mark.parametrize("by_key", [False, True])
def test_the_selected_one_is_duplicated(qtbot, panel, document, by_key):
    panel.select(2)
    if by_key:
        press(qtbot, panel, KEY.Key_D, CONTROL)
    else:
        click(qtbot, panel, "duplicate_contender_button")
    assert names(document) == ["Gradient descent", "Momentum", "Adam", "Adam 2"]
    assert panel.selected() == 3


@pytest.mark.parametrize("by_key", [False, True])
def test_the_selected_one_is_removed_and_undo_selects_it_again(qtbot, panel, document, by_key):
    panel.select(1)
    if by_key:
        press(qtbot, panel, KEY.Key_Delete)
    else:
        click(qtbot, panel, "remove_contender_button")
    assert names(document) == ["Gradient descent", "Adam"]
    assert panel.selected() in (0, 1)
    panel.select(0)
    document.undo_stack.undo()
    assert names(document) == ["Gradient descent", "Momentum", "Adam"]
    assert panel.selected() == 1


def test_the_last_one_can_be_removed_and_another_added(qtbot, panel, document):
    heard = []
    panel.selection_changed.connect(heard.append)
    for _ in range(3):
        press(qtbot, panel, KEY.Key_Delete)
    assert document.experiment.contenders == ()
    assert panel.selected() == -1
    assert heard[-1] == -1
    assert not panel.findChild(RatePreview).isVisible()
    assert panel.findChild(QPushButton, "add_first_contender").isVisible()
    add(qtbot, panel, "adagrad")
    assert names(document) == ["Adagrad"]
    assert panel.selected() == 0
    assert panel.findChild(RatePreview).isVisible()


def test_removing_while_a_number_is_half_typed_edits_nobody_else(qtbot, panel, document):
    panel.select(0)
    editor = field(panel, "lr")
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, "0.5")
    click(qtbot, panel, "remove_contender_button")
    assert [c.optimizer for c in document.experiment.contenders] == [
        OPTIMIZERS["momentum"](),
        OPTIMIZERS["adam"](),
    ]
    qtbot.keyClicks(field(panel, "lr"), "x")
    for _ in range(2):
        click(qtbot, panel, "remove_contender_button")
    assert document.experiment.contenders == ()


@pytest.mark.parametrize("way", ["remove", "select"])
def test_what_was_half_typed_for_one_is_not_shown_for_its_twin(qtbot, panel, document, way):
    panel.select(0)
    click(qtbot, panel, "duplicate_contender_button")
    panel.select(0)
    type_into(qtbot, field(panel, "lr"), "-1")
    assert complaint(panel)
    if way == "remove":
        click(qtbot, panel, "remove_contender_button")
    else:
        panel.select(1)
    assert not complaint(panel)
    assert field(panel, "lr").text() == "0.01"


def test_tools_are_off_where_they_make_no_sense(panel):
    def is_on(name: str) -> bool:
        return panel.findChild(QToolButton, f"{name}_contender_button").isEnabled()

    panel.select(0)
    assert not is_on("move_up")
    assert is_on("move_down")
    panel.select(2)
    assert is_on("move_up")
    assert not is_on("move_down")
    panel.select(-1)
    assert panel.selected() == -1
    assert not any(is_on(name) for name in ("duplicate", "remove", "move_up", "move_down"))


def test_nothing_selected_shows_a_hint(panel):
    panel.select(-1)
    labels = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert "Select a contender to edit it." in labels
    assert not panel.findChild(RatePreview).isVisible()


# --- order ---------------------------------------------------------------------------------------


def test_alt_and_arrows_reorder_and_the_selection_goes_along(qtbot, panel, document):
    panel.select(0)
    press(qtbot, panel, KEY.Key_Down, ALT)
    assert names(document) == ["Momentum", "Gradient descent", "Adam"]
    assert panel.selected() == 1
    press(qtbot, panel, KEY.Key_Down, ALT)
    press(qtbot, panel, KEY.Key_Down, ALT)
    assert names(document) == ["Momentum", "Adam", "Gradient descent"]
    press(qtbot, panel, KEY.Key_Up, ALT)
    assert names(document) == ["Momentum", "Gradient descent", "Adam"]
    assert document.undo_stack.count() == 3
    for _ in range(3):
        document.undo_stack.undo()
    assert names(document) == shown(panel) == ["Gradient descent", "Momentum", "Adam"]
    assert panel.selected() == 0


def test_buttons_reorder(qtbot, panel, document):
    panel.select(2)
    click(qtbot, panel, "move_up_contender_button")
    assert names(document) == ["Gradient descent", "Adam", "Momentum"]
    click(qtbot, panel, "move_down_contender_button")
    assert names(document) == ["Gradient descent", "Momentum", "Adam"]


def drop(view: ContenderList, mime: QMimeData, place: QPoint) -> bool:
    """What a platform tells a list that something is dragged over and dropped on."""
    move, modifier = Qt.DropAction.MoveAction, Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(place, move, mime, BUTTON, modifier),
        QDragMoveEvent(place, move, mime, BUTTON, modifier),
        QDropEvent(place, move, mime, BUTTON, modifier),
    ):
        QApplication.sendEvent(view.viewport(), event)
    return event.isAccepted()


def test_a_row_is_picked_up_with_the_mouse(qtbot, panel, monkeypatch):
    # The offscreen platform ends a drag as soon as it begins: it is tested in two halves.
    picked = []

    def start_drag(view: ContenderList, actions: Qt.DropAction) -> None:
        picked.append((view.currentIndex().row(), actions))

    monkeypatch.setattr(ContenderList, "startDrag", start_drag)
    window, view = panel.windowHandle(), the_list(panel)
    start = view.viewport().mapTo(panel, place(panel, 1))
    QTest.mousePress(window, BUTTON, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(window, start + QPoint(0, 4))
    QTest.mouseMove(window, start + QPoint(0, 24))
    QTest.mouseRelease(window, BUTTON, Qt.KeyboardModifier.NoModifier, start + QPoint(0, 24))
    assert picked == [(1, Qt.DropAction.MoveAction)]


@pytest.mark.parametrize(
    ("row", "before", "expected"),
    [
        (0, 3, ["Momentum", "Adam", "Gradient descent"]),
        (0, 2, ["Momentum", "Gradient descent", "Adam"]),
        (2, 0, ["Adam", "Gradient descent", "Momentum"]),
        (2, 1, ["Gradient descent", "Adam", "Momentum"]),
    ],
)
def test_a_row_is_dropped_between_others(panel, row, before, expected):
    view, model = the_list(panel), the_list(panel).model()
    panel.select(row)
    beyond = view.visualRect(model.index(2, 0)).bottom() + 20
    edge = view.visualRect(model.index(before, 0)).top() if before < 3 else beyond
    assert drop(view, model.mimeData([model.index(row, 0)]), QPoint(100, edge))
    assert shown(panel) == expected
    assert panel.selected() == expected.index(["Gradient descent", "Momentum", "Adam"][row])


def test_a_dropped_row_is_one_edit(panel, document):
    view, model = the_list(panel), the_list(panel).model()
    top = view.visualRect(model.index(0, 0)).top()
    assert drop(view, model.mimeData([model.index(2, 0)]), QPoint(100, top))
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Move Adam"
    assert not drop(view, model.mimeData([model.index(0, 0)]), QPoint(100, top))
    assert document.undo_stack.count() == 1


def test_what_comes_from_elsewhere_is_not_taken(qtbot, panel, document):
    view = the_list(panel)
    other = ContendersPanel(document)
    qtbot.addWidget(other)
    theirs = the_list(other).model()
    garbage, text = QMimeData(), QMimeData()
    garbage.setData(theirs.mimeTypes()[0], b"\xff\x00 7")
    text.setText("anything")
    for mime in (theirs.mimeData([theirs.index(2, 0)]), garbage, text):
        assert not drop(view, mime, QPoint(100, 2))
    assert document.undo_stack.count() == 0


def test_moves_that_lead_nowhere_are_refused(panel, document):
    model, top = the_list(panel).model(), QModelIndex()
    for row, before in ((7, 0), (0, 9), (-1, 0), (0, -1), (1, 1), (1, 2)):
        assert not model.moveRow(top, row, top, before)
    assert document.undo_stack.count() == 0


# --- names, check boxes, colours -----------------------------------------------------------------


def rename(qtbot: QtBot, panel: QWidget, text: str) -> None:
    editors = panel.findChildren(QLineEdit, "contender_name")
    editor = next(editor for editor in editors if editor.isVisible())
    editor.selectAll()
    qtbot.keyClick(editor, KEY.Key_Backspace)
    qtbot.keyClicks(editor, text)
    with qtbot.waitSignal(the_list(panel).itemDelegate().closeEditor):
        qtbot.keyClick(editor, KEY.Key_Return)


def test_a_double_click_renames(qtbot, panel, document):
    viewport = the_list(panel).viewport()
    qtbot.mouseClick(viewport, BUTTON, pos=place(panel, 1))
    qtbot.mouseDClick(viewport, BUTTON, pos=place(panel, 1))
    rename(qtbot, panel, "  Heavy   ball ")
    assert names(document) == ["Gradient descent", "Heavy ball", "Adam"]
    assert document.undo_stack.undoText() == "Rename to Heavy ball"


def test_f2_renames_and_an_empty_name_is_refused(qtbot, panel, document):
    panel.select(2)
    for refused in ("", "   "):
        press(qtbot, panel, KEY.Key_F2)
        rename(qtbot, panel, refused)
        assert names(document)[2] == shown(panel)[2] == "Adam"
    press(qtbot, panel, KEY.Key_F2)
    rename(qtbot, panel, "a" * 300)
    assert names(document)[2] == "a" * 200


def test_half_a_character_that_was_pasted_is_left_out(panel, document):
    model = the_list(panel).model()
    assert model.setData(model.index(0, 0), "fast \ud83d one")
    assert names(document)[0] == "fast one"
    assert not model.setData(model.index(0, 0), "\ud83d")
    assert names(document)[0] == "fast one"


def test_a_rule_that_changes_takes_its_own_name_along(qtbot, panel, document):
    panel.select(2)
    choose(qtbot, panel, "contender_optimizer", "adamw")
    assert names(document)[2] == "AdamW"
    press(qtbot, panel, KEY.Key_F2)
    rename(qtbot, panel, "Mine")
    choose(qtbot, panel, "contender_optimizer", "adam")
    assert names(document)[2] == "Mine"


def test_the_check_box_is_clicked(qtbot, panel, document):
    qtbot.mouseClick(the_list(panel).viewport(), BUTTON, pos=check_box(panel, 1))
    assert [c.enabled for c in document.experiment.contenders] == [True, False, True]
    assert panel.selected() == 1
    assert document.undo_stack.undoText() == "Disable Momentum"
    panel.select(0)
    document.undo_stack.undo()
    assert document.experiment.contenders[1].enabled
    assert panel.selected() == 1  # where something changed


def test_space_toggles_the_selected_one(qtbot, panel, document):
    panel.select(2)
    press(qtbot, panel, KEY.Key_Space)
    assert [c.enabled for c in document.experiment.contenders] == [True, True, False]
    press(qtbot, panel, KEY.Key_Space)
    assert document.experiment.contenders[2].enabled


def test_colours_are_chosen_from_the_menu_and_from_the_box(qtbot, panel, document):
    panel.select(1)
    menu = panel.findChild(QMenu, "contender_colour_menu")
    menu.popup(panel.mapToGlobal(QPoint()))
    ticked = [action.data() for action in menu.actions() if action.isChecked()]
    assert ticked == [1]
    menu.setActiveAction(menu.findChild(QAction, "colour_7"))
    qtbot.keyClick(menu, KEY.Key_Return)
    assert document.experiment.contenders[1].colour == 7
    box = panel.findChild(QComboBox, "contender_colour")
    assert box.currentIndex() == 7
    box.showPopup()
    box.view().setCurrentIndex(box.model().index(9, 0))
    qtbot.keyClick(box.view(), KEY.Key_Return)
    assert document.experiment.contenders[1].colour == 9
    assert document.undo_stack.count() == 2


@pytest.mark.parametrize("slot", [12, 60, 10_000])
def test_colours_beyond_those_offered_are_shown(panel, document, slot):
    changed = replace(document.experiment.contenders[0], colour=slot)
    rest = document.experiment.contenders[1:]
    document.edit("", replace(document.experiment, contenders=(changed, *rest)))
    box = panel.findChild(QComboBox, "contender_colour")
    assert box.currentIndex() == (slot if slot < 200 else -1)


def test_the_context_menu_offers_the_same(qtbot, panel, document):
    view = the_list(panel)
    click_row(qtbot, panel, 1)
    where = place(panel, 1)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, where, view.viewport().mapToGlobal(where)
    )
    QApplication.sendEvent(view.viewport(), event)
    menu = panel.findChild(QMenu, "contender_context_menu")
    assert menu.isVisible()
    menu.setActiveAction(panel.findChild(QAction, "move_up_contender"))
    qtbot.keyClick(menu, KEY.Key_Return)
    assert names(document) == ["Momentum", "Gradient descent", "Adam"]


# --- the list as a picture -----------------------------------------------------------------------


def test_rows_say_what_is_special_about_them(document):
    adam = document.experiment.contenders[2]
    cosine = SCHEDULES["cosine"]()
    warm = SCHEDULES["constant"](warmup=Warmup())
    assert summary(adam) == "η 0.001"
    assert summary(replace(adam, schedule=cosine)) == "η 0.001 · cosine"
    assert summary(replace(adam, schedule=warm)) == "η 0.001 · warm-up"


def test_swatches_follow_the_theme(panel, qapp):
    model = the_list(panel).model()

    def colour() -> str:
        icon = model.data(model.index(0, 0), Qt.ItemDataRole.DecorationRole)
        return icon.pixmap(*theme.SWATCH).toImage().pixelColor(16, 7).name()

    assert colour() == theme.colour_for(0).lower()
    before = colour()
    theme.apply(qapp, "dark")
    assert colour() == theme.colour_for(0).lower() != before


def test_long_names_and_summaries_share_the_row(qtbot, panel, document):
    longest = replace(
        document.experiment.contenders[0],
        name="A name that is much too long for any dock at the left",
        schedule=SCHEDULES["cosine_restarts"](),
    )
    document.edit("", replace(document.experiment, contenders=(longest,)))
    picture = (
        the_list(panel)
        .viewport()
        .grab(the_list(panel).visualRect(the_list(panel).model().index(0, 0)))
        .toImage()
    )

    def is_ink(x: int) -> bool:
        column = (picture.pixelColor(x, y) for y in range(3, picture.height() - 3))
        return any(colour.lightness() < 200 for colour in column)

    inked = [x for x in range(picture.width()) if is_ink(x)]
    assert inked[-1] > picture.width() - 20  # the summary ends at the right
    gaps = [b - a for a, b in pairwise(inked) if a > 90]
    assert max(gaps) >= 6  # and does not touch the name


def test_a_model_outlives_what_views_may_ask(panel):
    model: ContenderModel = the_list(panel).model()
    assert model.data(QModelIndex()) is None
    assert model.data(model.index(0, 0), Qt.ItemDataRole.StatusTipRole) is None
    assert not model.setData(model.index(0, 0), "x", Qt.ItemDataRole.UserRole)
    assert model.rowCount(model.index(0, 0)) == 0


# --- the editor ----------------------------------------------------------------------------------


def test_the_learning_rate_is_typed(qtbot, panel, document):
    panel.select(2)
    type_into(qtbot, field(panel, "lr"), "0,05")
    assert document.experiment.contenders[2].optimizer == OPTIMIZERS["adam"](lr=0.05)
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Change learning rate of Adam"
    document.undo_stack.undo()
    assert field(panel, "lr").text() == "0.001"


def test_a_dragged_slider_is_one_edit(qtbot, panel, document):
    panel.select(2)
    slider = panel.findChild(ParameterSlider, "slider_lr")
    middle = slider.height() // 2
    rates = []
    document.changed.connect(lambda old, new: rates.append(new.contenders[2].optimizer.lr))
    qtbot.mousePress(slider, BUTTON, pos=QPoint(slider.width() // 2, middle))
    for share in (0.55, 0.6, 0.7, 0.8):
        qtbot.mouseMove(slider, QPoint(round(slider.width() * share), middle))
    qtbot.mouseRelease(slider, BUTTON, pos=QPoint(round(slider.width() * 0.8), middle))
    assert len(rates) >= 4
    assert rates == sorted(rates)
    assert document.undo_stack.count() == 1
    type_into(qtbot, field(panel, "lr"), "0.3")
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.experiment.contenders[2].optimizer.lr == 0.001


@pytest.mark.parametrize("text", ["0", "-1", "nan", "1e300", "1.000,5", "abc", "1e"])
def test_a_refused_rate_shows_its_sentence_and_leaves_the_experiment(qtbot, panel, document, text):
    before = document.experiment
    type_into(qtbot, field(panel, "lr"), text)
    assert document.experiment == before
    assert complaint(panel).startswith(("Expected", "Write"))


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_every_rule_can_be_edited(qtbot, panel, document, rule):
    panel.select(0)
    choose(qtbot, panel, "contender_optimizer", rule)
    assert document.experiment.contenders[0].optimizer == OPTIMIZERS[rule]()
    type_into(qtbot, field(panel, "lr"), "0.125")
    assert document.experiment.contenders[0].optimizer == OPTIMIZERS[rule](lr=0.125)


def test_rare_parameters_are_folded_until_asked_for(qtbot, panel, document):
    panel.select(2)
    assert field(panel, "beta2").isVisible()
    assert not field(panel, "eps").isVisible()
    click(qtbot, panel, "optimizer_more")
    assert field(panel, "eps").isVisible()
    type_into(qtbot, field(panel, "eps"), "1e-4")
    click(qtbot, panel, "optimizer_more")
    assert field(panel, "eps").isVisible()  # it is not the default
    assert not field(panel, "weight_decay").isVisible()


def test_a_rare_parameter_does_not_vanish_under_the_hand(qtbot, panel, document):
    panel.select(2)
    changed = OPTIMIZERS["adam"](weight_decay=0.1)
    others = document.experiment.contenders[:2]
    adam = replace(document.experiment.contenders[2], optimizer=changed)
    document.edit("", replace(document.experiment, contenders=(*others, adam)))
    assert field(panel, "weight_decay").isVisible()
    type_into(qtbot, field(panel, "weight_decay"), "0")
    assert document.experiment.contenders[2].optimizer == OPTIMIZERS["adam"]()
    assert field(panel, "weight_decay").isVisible()
    panel.select(0)
    panel.select(2)
    assert not field(panel, "weight_decay").isVisible()


def test_a_schedule_is_chosen_and_edited(qtbot, panel, document):
    panel.select(1)
    choose(qtbot, panel, "contender_schedule", "cosine")
    assert document.experiment.contenders[1].schedule == SCHEDULES["cosine"]()
    assert document.undo_stack.undoText() == "Change schedule of Momentum to Cosine annealing"
    type_into(qtbot, field(panel, "floor"), "0.1")
    type_into(qtbot, field(panel, "length"), "200")
    expected = SCHEDULES["cosine"](floor=0.1, length=200)
    assert document.experiment.contenders[1].schedule == expected
    for _ in range(3):
        document.undo_stack.undo()
    assert document.experiment.contenders[1].schedule == SCHEDULES["constant"]()


@pytest.mark.parametrize("name", SCHEDULES)
def test_switching_the_schedule_keeps_the_warmup(qtbot, panel, document, name):
    box = panel.findChild(QCheckBox, "contender_warmup")
    qtbot.mouseClick(box, BUTTON, pos=QPoint(8, box.height() // 2))
    type_into(qtbot, panel.findChildren(QLineEdit, "field_steps")[0], "20")
    warmup = document.experiment.contenders[0].schedule.warmup
    assert warmup == Warmup(steps=20)
    choose(qtbot, panel, "contender_schedule", name)
    assert document.experiment.contenders[0].schedule == SCHEDULES[name](warmup=warmup)


def test_warmup_is_switched_on_and_off(qtbot, panel, document):
    box = panel.findChild(QCheckBox, "contender_warmup")
    qtbot.mouseClick(box, BUTTON, pos=QPoint(8, box.height() // 2))
    assert document.experiment.contenders[0].schedule.warmup == Warmup()
    assert document.undo_stack.undoText() == "Add warm-up of Gradient descent"
    assert field(panel, "start").isVisible()
    qtbot.mouseClick(box, BUTTON, pos=QPoint(8, box.height() // 2))
    assert document.experiment.contenders[0].schedule.warmup is None
    assert not field(panel, "start").isVisible()
    document.undo_stack.undo()
    assert box.isChecked()


def test_a_warmup_fits_into_a_short_run(qtbot, panel, document):
    document.edit("", replace(document.experiment, steps=40))
    box = panel.findChild(QCheckBox, "contender_warmup")
    qtbot.mouseClick(box, BUTTON, pos=QPoint(8, box.height() // 2))
    assert document.experiment.contenders[0].schedule.warmup == Warmup(steps=10)


def test_help_follows_the_rule(qtbot, panel):
    panel.select(2)
    mark = panel.findChild(HelpMark, "help_contender_optimizer")
    assert "m ← β₁ m + (1−β₁) g" in mark.whatsThis()
    assert "arXiv:1412.6980" in mark.whatsThis()
    choose(qtbot, panel, "contender_optimizer", "adagrad")
    assert "arXiv:1412.6980" not in mark.whatsThis()
    assert panel.findChild(QComboBox, "contender_optimizer").whatsThis() == mark.whatsThis()


# --- the picture of the rate ---------------------------------------------------------------------


def height_of_curve(preview: RatePreview, share: float) -> int:
    """Pixels from the top down to the curve, at a share of the width."""
    image = preview.grab().toImage()
    wanted = QColor(theme.colour_for(0))
    x = 5 + round(share * (image.width() - 11))

    def distance(y: int) -> int:
        c = image.pixelColor(x, y)
        return abs(c.red() - wanted.red()) + abs(c.blue() - wanted.blue())

    return min(range(14, image.height() - 12), key=distance)


def test_the_preview_follows_rate_schedule_and_steps(qtbot, panel, document):
    panel.select(0)
    preview = panel.findChild(RatePreview)
    level = height_of_curve(preview, 0.1)
    assert height_of_curve(preview, 0.9) == level
    choose(qtbot, panel, "contender_schedule", "linear")
    assert height_of_curve(preview, 0.1) < height_of_curve(preview, 0.5)
    assert height_of_curve(preview, 0.5) < height_of_curve(preview, 0.9)
    assert preview.rate_at(250) == pytest.approx(0.005)
    assert preview.rate_at(500) == preview.rate_at(499) > 0  # no update leaves the end
    document.edit("", replace(document.experiment, steps=1000))
    assert preview.rate_at(250) == pytest.approx(0.0075)
    type_into(qtbot, field(panel, "lr"), "2")
    assert preview.rate_at(250) == pytest.approx(1.5)
    assert "over 1000 steps" in preview.toolTip()


def test_the_preview_of_a_schedule_that_listens_says_so(qtbot, panel):
    choose(qtbot, panel, "contender_schedule", "reduce_on_plateau")
    preview = panel.findChild(RatePreview)
    assert "as long as no loss changes it" in " ".join(preview.toolTip().split())
    without_reading = preview.grab().toImage()
    panel.set_step(0)
    words = QRect(0, 0, preview.width() // 2, 14)  # no rate that the run may not have had
    assert preview.grab().toImage().copy(words) == without_reading.copy(words)


def test_momentum_that_cannot_be_cycled_is_no_secret(qtbot, panel):
    complaint = panel.findChild(QLabel, "contender_nothing_to_cycle")
    choose(qtbot, panel, "contender_schedule", "one_cycle")
    assert not complaint.isVisible()
    click(qtbot, panel, "schedule_more")
    panel.findChild(QCheckBox, "field_cycle_momentum").click()
    assert complaint.isVisible()
    assert complaint.text() == "Gradient descent has no momentum to be cycled."
    choose(qtbot, panel, "contender_optimizer", "adam")
    assert not complaint.isVisible()


def test_parts_within_too_many_parts_are_refused_in_words(qtbot, panel, document):
    nested = SCHEDULES["sequence"]()
    for _ in range(MOST_LEVELS - 1):
        nested = SCHEDULES["sequence"](parts=(nested,))
    changed = replace(document.experiment.contenders[0], schedule=nested)
    document.edit("", replace(document.experiment, contenders=(changed,)))
    menu = panel.findChildren(QToolButton, "add_part")[-1].menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()  # which fills it
    deepest = menu.findChild(QAction, "add_part_product")
    complaint = panel.findChild(QLabel, "contender_refused")
    assert not complaint.isVisible()
    deepest.trigger()
    assert "at most 8 levels" in complaint.text()
    assert complaint.isVisible()
    assert document.experiment.contenders[0].schedule == nested
    menu.findChild(QAction, "add_part_cosine").trigger()
    assert not complaint.isVisible()


def test_tab_goes_to_the_fields_of_another_rule_where_they_stand(qtbot, panel):
    choose(qtbot, panel, "contender_optimizer", "adam")
    panel.findChild(QComboBox, "contender_flavour").setFocus()
    walked = []
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Tab)
        walked.append(QApplication.focusWidget().objectName())
    assert walked == ["field_lr", "slider_lr", "field_beta1"]


@pytest.mark.parametrize("step", [0, 250, 499, 500, 9999, None])
def test_the_preview_marks_the_play_head(qtbot, panel, step):
    preview = panel.findChild(RatePreview)
    accent = QColor(theme.current().accent)
    panel.set_step(step)
    image = preview.grab().toImage()
    row = [image.pixelColor(x, 40) for x in range(2, image.width() - 2)]
    marked = [x for x, colour in enumerate(row) if colour == accent]
    assert bool(marked) == (step is not None)
    if step is not None:
        expected = min(step / 499, 1.0) * (image.width() - 11) + 3
        assert marked[0] == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("steps", [1, 2, 100_000_000])
@pytest.mark.parametrize("name", SCHEDULES)
def test_the_preview_draws_any_schedule_over_any_run(panel, document, name, steps):
    schedule = SCHEDULES[name](warmup=Warmup(steps=1_000_000))
    changed = replace(document.experiment.contenders[0], schedule=schedule)
    document.edit("", replace(document.experiment, contenders=(changed,), steps=steps))
    panel.set_step(steps // 2)
    assert not panel.findChild(RatePreview).grab().isNull()


# --- together ------------------------------------------------------------------------------------


def test_undoing_everything_leads_back_to_the_beginning(qtbot, panel, document):
    first = document.experiment
    add(qtbot, panel, "adadelta")
    type_into(qtbot, field(panel, "lr"), "0.5")
    choose(qtbot, panel, "contender_schedule", "step")
    press(qtbot, panel, KEY.Key_Down, ALT)
    press(qtbot, panel, KEY.Key_D, CONTROL)
    press(qtbot, panel, KEY.Key_Space)
    press(qtbot, panel, KEY.Key_F2)
    rename(qtbot, panel, "Fast")
    panel.select(0)
    press(qtbot, panel, KEY.Key_Delete)
    last = document.experiment
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
        assert shown(panel) == names(document)
        assert 0 <= panel.selected() < len(names(document))
    assert document.experiment == first
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
        assert shown(panel) == names(document)
        assert 0 <= panel.selected() < len(names(document))
    assert document.experiment == last


def test_another_experiment_is_shown_whole(panel, document):
    panel.select(2)
    other = replace(document.experiment, contenders=contenders("rmsprop"))
    document.open(other, None)
    assert shown(panel) == ["RMSProp"]
    assert panel.selected() == 0
    assert panel.findChild(QComboBox, "contender_optimizer").currentData() == "rmsprop"
    document.open(replace(other, contenders=()), None)
    assert panel.selected() == -1
    document.open(replace(other, contenders=contenders("adam", "sgd", "adagrad")), None)
    assert panel.selected() == 0
    assert shown(panel) == ["Adam", "Gradient descent", "Adagrad"]


def test_a_selection_is_told_once(qtbot, panel, document):
    heard = []
    panel.selection_changed.connect(heard.append)
    click_row(qtbot, panel, 2)
    panel.select(2)
    panel.select(0)
    panel.select(77)
    assert heard == [2, 0, -1]


def test_a_row_that_has_only_the_focus_is_not_selected(panel):
    panel.select(-1)
    view = the_list(panel)
    view.selectionModel().setCurrentIndex(
        view.model().index(1, 0), QItemSelectionModel.SelectionFlag.NoUpdate
    )
    assert panel.selected() == -1


def test_an_edit_of_the_problem_is_nothing_to_this_panel(panel, document, monkeypatch):
    told = []
    model = the_list(panel).model()
    model.dataChanged.connect(told.append)
    model.modelReset.connect(lambda: told.append("reset"))
    for part in ("_optimizer_form", "_schedule_form", "_warmup_form"):
        monkeypatch.setattr(
            getattr(panel._editor, part), "show_config", lambda *arguments: told.append(arguments)
        )
    document.edit("", replace(document.experiment, problem=PROBLEMS["beale"](), noise=0.5))
    assert told == []


def test_a_dragged_rate_touches_one_row_and_one_form(panel, document, monkeypatch):
    panel.select(1)
    told = []
    the_list(panel).model().dataChanged.connect(lambda first, last: told.append(first.row()))
    monkeypatch.setattr(panel._editor._schedule_form, "show_config", told.append)
    momentum = document.experiment.contenders[1]
    faster = replace(momentum, optimizer=replace(momentum.optimizer, lr=0.5))
    first, _, last = document.experiment.contenders
    document.edit("", replace(document.experiment, contenders=(first, faster, last)))
    assert told == [1]


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_nothing_is_wider_than_the_narrowest_dock(qtbot, panel, rule):
    choose(qtbot, panel, "contender_optimizer", rule)
    choose(qtbot, panel, "contender_schedule", "cosine_restarts")
    if panel.findChild(QToolButton, "optimizer_more").isVisible():
        click(qtbot, panel, "optimizer_more")
    area = panel.findChild(QScrollArea, "contender_scroll_area")
    assert area.widget().minimumSizeHint().width() <= 264 - SCROLL_BAR
    assert panel.minimumSizeHint().width() <= 264


def test_the_wheel_scrolls_the_panel_and_changes_nothing(qtbot, panel, document):
    choose(qtbot, panel, "contender_schedule", "cosine_restarts")
    before = document.experiment
    the_list(panel).setFocus()
    area = panel.findChild(QScrollArea, "contender_scroll_area")
    area.verticalScrollBar().setValue(0)
    for kind in (QComboBox, ParameterSlider, QLineEdit):
        assert not turn_wheel(area.findChildren(kind)[0]).isAccepted()  # on to the scroll area
    assert document.experiment == before


def turn_wheel(widget: QWidget) -> QWheelEvent:
    point = QPointF(widget.rect().center())
    wheel = QWheelEvent(
        point,
        QPointF(widget.mapToGlobal(point)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, wheel)
    return wheel


@pytest.mark.parametrize("name", ["field_lr", "slider_lr"])
def test_a_focused_editor_that_scrolled_under_the_pointer_stays(qtbot, panel, document, name):
    before = document.experiment
    area = panel.findChild(QScrollArea, "contender_scroll_area")
    editor = area.findChild(QWidget, name)
    editor.setFocus()
    qtbot.waitUntil(editor.hasFocus)
    turn_wheel(area.viewport())
    turn_wheel(editor)
    assert document.experiment == before
    qtbot.waitUntil(lambda: not area.is_turning)  # a gesture that begins on the editor
    turn_wheel(editor)
    assert document.experiment != before


@pytest.mark.parametrize(
    "button",
    ["duplicate_contender", "remove_contender", "move_up_contender", "move_down_contender"],
)
def test_after_a_button_the_keys_go_on_in_the_list(qtbot, panel, button):
    click_row(qtbot, panel, 1)
    panel.findChild(QLineEdit, "field_lr").setFocus()
    click(qtbot, panel, f"{button}_button")
    view = the_list(panel)
    assert view.hasFocus()
    assert view.currentIndex().row() == panel.selected()


def test_after_adding_and_removing_the_keys_go_on(qtbot, panel):
    field(panel, "lr").setFocus()
    add(qtbot, panel, "adagrad")
    assert the_list(panel).hasFocus()
    assert the_list(panel).currentIndex().data() == "Adagrad"
    for _ in range(4):
        qtbot.keyClick(the_list(panel), KEY.Key_Delete)
    assert panel.findChild(QPushButton, "add_first_contender").hasFocus()


def test_it_goes_without_leaving_connections(qtbot, document):
    panel = ContendersPanel(document)
    panel.deleteLater()
    QApplication.sendPostedEvents(panel, QEvent.Type.DeferredDelete)
    document.edit("", replace(document.experiment, contenders=contenders("sgd")))
    theme.notifier.changed.emit()
