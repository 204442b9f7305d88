"""In the editor of a contender: flavours of its rule, and what is done around it."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMenu, QToolButton, QWidget

from lrstudio.core import MODIFIERS, OPTIMIZERS, PROBLEMS, from_framework
from lrstudio.engine import Contender, Experiment
from lrstudio.gui.contenders_panel import ContendersPanel
from lrstudio.gui.document import Document

BUTTON = Qt.MouseButton.LeftButton


@pytest.fixture
def document(qapp):
    racing = (Contender(name="RMSProp", optimizer=OPTIMIZERS["rmsprop"]()),)
    return Document(Experiment(problem=PROBLEMS["rosenbrock"](), contenders=racing))


@pytest.fixture
def panel(qtbot, document):
    panel = ContendersPanel(document)
    qtbot.addWidget(panel)
    panel.resize(280, 900)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def contender(document):
    return document.experiment.contenders[0]


def choose_flavour(qtbot, panel, title):
    box = panel.findChild(QComboBox, "contender_flavour")
    box.setFocus()
    qtbot.keyClicks(box, title)
    return box


def click(qtbot, panel, name):
    qtbot.mouseClick(panel.findChild(QToolButton, name), BUTTON)


def typed(qtbot, panel, name, text):
    field = panel.findChild(QLineEdit, name)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_flavour_brings_the_frameworks_values_and_its_name(qtbot, panel, document):
    choose_flavour(qtbot, panel, "PyTorch")
    assert contender(document).optimizer == from_framework("torch", "RMSprop")
    assert contender(document).flavour == "torch"
    assert contender(document).name == "RMSProp (PyTorch)"
    document.undo_stack.undo()
    assert contender(document).optimizer == OPTIMIZERS["rmsprop"]()
    assert contender(document).flavour == "textbook"


def test_what_was_changed_by_hand_stays_is_marked_and_can_be_taken_back(qtbot, panel, document):
    reset = panel.findChild(QToolButton, "reset_flavour")
    assert not reset.isVisible()
    typed(qtbot, panel, "field_eps", "0.001")
    choose_flavour(qtbot, panel, "PyTorch")
    assert contender(document).optimizer == from_framework("torch", "RMSprop", {"eps": 1e-3})
    assert reset.text() == "1"
    assert "Epsilon" in reset.toolTip()
    marked = [
        button.objectName()
        for button in panel.findChildren(QToolButton)
        if button.property("role") == "dot" and button.isVisible()
    ]
    assert marked == ["reset_eps"]
    qtbot.mouseClick(reset, BUTTON)
    assert contender(document).optimizer == from_framework("torch", "RMSprop")
    assert not reset.isVisible()


def test_one_value_goes_back_to_that_of_the_flavour(qtbot, panel, document):
    choose_flavour(qtbot, panel, "PyTorch")
    typed(qtbot, panel, "field_rho", "0.5")
    click(qtbot, panel, "reset_rho")
    assert contender(document).optimizer.rho == 0.99


def modifiers_menu(panel: QWidget) -> QMenu:
    menu = panel.findChild(QToolButton, "add_modifier").menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()  # which fills it
    return menu


def test_modifiers_are_added_edited_moved_and_removed(qtbot, panel, document):
    menu = modifiers_menu(panel)
    offered = [action.data() for action in menu.actions()]
    assert offered == list(MODIFIERS)
    menu.actions()[offered.index("clip_norm")].trigger()
    menu.actions()[offered.index("clip_value")].trigger()
    first, second = MODIFIERS["clip_norm"], MODIFIERS["clip_value"]
    assert contender(document).optimizer.modifiers == (first(), second())
    card = panel.findChild(QToolButton, "remove_modifier_0").parentWidget()
    field = card.findChild(QLineEdit, "field_limit")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert contender(document).optimizer.modifiers == (first(limit=0.5), second())
    click(qtbot, panel, "modifier_0_down")
    assert contender(document).optimizer.modifiers == (second(), first(limit=0.5))
    click(qtbot, panel, "remove_modifier_0")
    assert contender(document).optimizer.modifiers == (first(limit=0.5),)
    texts = [document.undo_stack.text(i) for i in range(document.undo_stack.count())]
    assert texts[-1] == "Remove clipping by value of RMSProp"
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert contender(document).optimizer.modifiers == ()


def test_modifiers_stay_when_the_rule_or_its_flavour_changes(qtbot, panel, document):
    modifiers_menu(panel).actions()[0].trigger()
    kept = contender(document).optimizer.modifiers
    choose_flavour(qtbot, panel, "PyTorch")
    assert contender(document).optimizer.modifiers == kept
    panel._editor.on_optimizer_chosen("adam")
    assert contender(document).optimizer.modifiers == kept
    assert contender(document).flavour == "torch"


def test_a_rule_that_does_not_suit_the_problem_says_why(qtbot, panel, document):
    complaint = panel.findChild(QLabel, "contender_unsuited")
    assert not complaint.isVisible()
    panel._editor.on_optimizer_chosen("muon")
    assert complaint.isVisible()
    assert "vector" in complaint.text()
    document.edit("", replace(document.experiment, problem=PROBLEMS["linear_layer"](), starts=()))
    assert not complaint.isVisible()
