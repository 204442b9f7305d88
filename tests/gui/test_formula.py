"""The problem dock with a formula in it, used as a person would."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from lrstudio.core import OPTIMIZERS, PROBLEMS
from lrstudio.engine import Contender, Experiment
from lrstudio.gui import theme
from lrstudio.gui.document import Document
from lrstudio.gui.formula_field import FormulaField
from lrstudio.gui.problem_panel import ProblemPanel
from lrstudio.gui.problem_picture import problem_picture
from lrstudio.gui.slider import ParameterSlider

KEY = Qt.Key
DEFAULT = PROBLEMS["formula"]()


@pytest.fixture
def document(qapp: QApplication) -> Document:
    contender = Contender(name="Adam", optimizer=OPTIMIZERS["adam"]())
    return Document(Experiment(problem=DEFAULT, contenders=(contender,)))


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> ProblemPanel:
    panel = ProblemPanel(document)
    qtbot.addWidget(panel)
    panel.resize(264, 900)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def field(panel: ProblemPanel) -> FormulaField:
    found = panel.findChild(FormulaField, "field_formula")
    assert found is not None
    return found


def type_formula(qtbot: QtBot, field: FormulaField, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def sentence(panel: QWidget) -> str:
    label = panel.findChild(QLabel, "error_formula")
    return label.text() if label.isVisible() else ""


def marked(field: FormulaField) -> str:
    """The characters that are underlined."""
    (selection,) = field.extraSelections()
    wave = QTextCharFormat.UnderlineStyle.WaveUnderline
    assert selection.format.underlineStyle() == wave
    return selection.cursor.selectedText()


def constants(panel: QWidget) -> list[str]:
    """Names of the constants that have a field."""
    fields = panel.findChildren(QLineEdit)
    names = [f.objectName() for f in fields if f.isVisible()]
    prefix = "field_constants_"
    return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]


def test_a_formula_takes_effect_while_it_is_typed(
    qtbot: QtBot, document: Document, field: FormulaField
) -> None:
    type_formula(qtbot, field, "(x - 1)**2 + 3*y**2")
    assert document.experiment.problem.formula == "(x - 1)**2 + 3*y**2"
    assert document.experiment.problem.minima == ((1, 0),)
    qtbot.keyClick(field, KEY.Key_Return)
    assert field.toPlainText() == "(x - 1)**2 + 3*y**2"  # Enter adds no line
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.experiment.problem == DEFAULT
    assert field.toPlainText() == DEFAULT.formula


def test_the_wrong_character_is_marked_and_the_old_formula_stays(
    qtbot: QtBot, document: Document, panel: ProblemPanel, field: FormulaField
) -> None:
    type_formula(qtbot, field, "x**2 + 2y")
    assert marked(field) == "y"
    assert sentence(panel) == "Expected an operator: write 2*y for a product."
    assert field.property("refused")
    assert field.accessibleDescription() == sentence(panel)
    assert document.experiment.problem == DEFAULT
    qtbot.keyClick(field, KEY.Key_Escape)
    assert field.toPlainText() == DEFAULT.formula
    assert sentence(panel) == ""
    assert not field.extraSelections()


def test_a_question_ends_with_its_own_mark(
    qtbot: QtBot, panel: ProblemPanel, field: FormulaField
) -> None:
    type_formula(qtbot, field, "x + sinn(y)")
    assert sentence(panel).endswith("did you mean sin?")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("x + $", "$"),
        ("x + sine(y)", "sine"),
        ("x + ", " "),
        ("x + (y", "("),
        ("x + PI", "PI"),
        ("😀", "😀"),
        ("x + 😀", "😀"),
        ("9**9**9**9 + x", "**"),
        ("x²", "²"),
    ],
)
def test_the_mark_is_under_what_the_sentence_means(
    qtbot: QtBot, field: FormulaField, text: str, mark: str
) -> None:
    QApplication.clipboard().setText(text)
    field.selectAll()
    field.paste()
    assert marked(field) == mark


def test_the_mark_follows_the_theme(qtbot: QtBot, qapp: QApplication, field: FormulaField) -> None:
    type_formula(qtbot, field, "x + $")
    theme.apply(qapp, "dark")
    (selection,) = field.extraSelections()
    assert selection.format.foreground().color().name().upper() == theme.DARK.error.upper()
    theme.apply(qapp, "light")


def test_new_names_become_constants_and_come_back_with_their_values(
    qtbot: QtBot, document: Document, panel: ProblemPanel, field: FormulaField
) -> None:
    assert constants(panel) == ["a", "b"]
    type_formula(qtbot, field, "x**2 + y**2 + c")  # on the way, x alone was a formula
    assert constants(panel) == ["c"]
    assert document.experiment.problem.constants == (("c", 1),)
    type_formula(qtbot, field, "x**2 + b*y**2 + a + speed")
    assert constants(panel) == ["b", "a", "speed"]
    assert document.experiment.problem.constants == (("b", 3), ("a", 2), ("speed", 1))
    type_formula(qtbot, field, "x +")
    qtbot.keyClick(field, KEY.Key_Escape)
    assert document.experiment.problem.constants == DEFAULT.constants


def test_a_constant_is_typed_and_dragged(
    qtbot: QtBot, document: Document, panel: ProblemPanel
) -> None:
    line = panel.findChild(QLineEdit, "field_constants_b")
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "0.5")
    qtbot.keyClick(line, KEY.Key_Return)
    assert document.experiment.problem.constants == (("a", 2), ("b", 0.5))
    slider = panel.findChild(ParameterSlider, "slider_constants_a")
    slider.setFocus()
    qtbot.keyClick(slider, KEY.Key_Right)
    assert dict(document.experiment.problem.constants)["a"] > 2
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert line.text() == "3"


def test_only_what_has_an_effect_is_shown(
    qtbot: QtBot, document: Document, panel: ProblemPanel, field: FormulaField
) -> None:
    dimensions = panel.findChild(QWidget, "field_dimensions")
    assert not dimensions.isVisible()
    type_formula(qtbot, field, "sum(i*x**2)")
    assert dimensions.isVisible()
    assert constants(panel) == []
    type_formula(qtbot, field, "x + y")
    assert not dimensions.isVisible()


def test_a_domain_is_typed_or_guessed(
    qtbot: QtBot, document: Document, panel: ProblemPanel
) -> None:
    line = panel.findChild(QLineEdit, "field_limits")
    assert line.placeholderText() == "guessed"
    line.setFocus()
    qtbot.keyClicks(line, "-1:2 0:3")
    assert document.experiment.problem.domain == ((-1, 2), (0, 3))
    line.selectAll()
    qtbot.keyClicks(line, "2:1")
    assert panel.findChild(QLabel, "error_limits").text().startswith("Expected an end above")
    line.selectAll()
    qtbot.keyClicks(line, "2")
    assert "from:to" in panel.findChild(QLabel, "error_limits").text()
    line.selectAll()
    qtbot.keyClick(line, KEY.Key_Delete)
    assert document.experiment.problem.limits == ()


def test_keys_leave_the_field_and_undo_is_the_documents(
    qtbot: QtBot, document: Document, panel: ProblemPanel, field: FormulaField
) -> None:
    type_formula(qtbot, field, "x*x")
    qtbot.keyClick(field, KEY.Key_Tab)
    assert not field.hasFocus()
    assert field.toPlainText() == "x*x"
    document.undo_stack.undo()
    assert field.toPlainText() == DEFAULT.formula


def test_it_is_as_high_as_its_text(qtbot: QtBot, field: FormulaField) -> None:
    type_formula(qtbot, field, "x")
    one = field.height()
    type_formula(qtbot, field, " + ".join(["sin(x)"] * 12))
    assert field.height() > one + 2 * field.fontMetrics().lineSpacing()
    assert field.verticalScrollBar().maximum() == 0


def test_a_long_text_is_pasted_and_refused_at_once(qtbot: QtBot, field: FormulaField) -> None:
    QApplication.clipboard().setText("x + " * 100_000)
    field.selectAll()
    field.paste()
    assert "at most 500 characters" in field.complaint


def test_the_dot_goes_back_to_the_first_formula(
    qtbot: QtBot, document: Document, panel: ProblemPanel, field: FormulaField
) -> None:
    type_formula(qtbot, field, "x*x")
    qtbot.mouseClick(panel.findChild(QToolButton, "reset_formula"), Qt.MouseButton.LeftButton)
    assert document.experiment.problem == DEFAULT


def test_facts_say_that_minima_were_found(
    qtbot: QtBot, panel: ProblemPanel, field: FormulaField
) -> None:
    facts = panel.findChild(QLabel, "problem_facts")
    assert facts.text().startswith("f* ≈ −0.776")
    assert "found numerically" in facts.toolTip()
    type_formula(qtbot, field, "x**3")
    assert facts.text() == "no minimum found"


@pytest.mark.parametrize("text", ["log(x)", "1/x", "0*x", "sqrt(x - 1e9)", "log(x*y)", "x/y"])
def test_there_is_a_picture_of_every_formula(qapp: QApplication, text: str) -> None:
    picture = problem_picture(PROBLEMS["formula"](formula=text), 84, 64)
    assert not picture.isNull()


def test_typing_costs_little(qtbot: QtBot, document: Document, field: FormulaField) -> None:
    """A key that leads to another formula, all pictures and minima included."""
    seconds = []
    for text in ("x**2 + 3*y**2 + sin(4*x)", "(x**2 + y - 11)**2 + (x + y**2 - 7)**2"):
        QApplication.clipboard().setText(text)
        field.selectAll()
        started = time.process_time()
        field.paste()
        seconds.append(time.process_time() - started)
        assert document.experiment.problem.formula == text
    assert min(seconds) < 0.2
