"""Epochs beside steps in the window: of the run, typed into schedules, and at the play-head."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QWidget
from pytestqt.qtbot import QtBot
from window_driver import Driver

from lrstudio.core import MODIFIERS, OPTIMIZERS, PROBLEMS, SCHEDULES, Warmup
from lrstudio.engine import STEPS, X_AXES, Contender, Experiment, edits, plan
from lrstudio.gui import theme
from lrstudio.gui.contenders_panel import ContendersPanel
from lrstudio.gui.document import Document
from lrstudio.gui.number_field import NumberField
from lrstudio.gui.play_head import PlayHead
from lrstudio.gui.problem_panel import ProblemPanel
from lrstudio.gui.transport import Transport
from lrstudio.gui.typed_numbers import Unreadable, read_steps

KEY = Qt.Key
MODEL = PROBLEMS["softmax_regression"](validation_share=0.0, batch_size=40)  # 400 examples
SEQUENCE = SCHEDULES["sequence"](
    parts=(SCHEDULES["cosine"](length=20), SCHEDULES["constant"]()), boundaries=(20,)
)


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


def racer(schedule: str, rule: str = "adam", **parameters: object) -> Contender:
    made = SCHEDULES[schedule](**parameters)
    return Contender(name=schedule, optimizer=OPTIMIZERS[rule](), schedule=made)


@pytest.fixture
def document(qapp: QApplication) -> Document:
    contenders = (
        racer("cosine", length=25, warmup=Warmup(steps=5)),
        racer("multi_step", milestones=(20, 40)),
        replace(racer("constant"), schedule=SEQUENCE),
        racer("piecewise"),
        racer("inverse_sqrt", "sgd"),
    )
    return Document(Experiment(problem=MODEL, contenders=contenders, steps=125))


def shown(qtbot: QtBot, panel: QWidget) -> QWidget:
    qtbot.addWidget(panel)
    panel.resize(270, 700)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> QWidget:
    return shown(qtbot, ProblemPanel(document))


@pytest.fixture
def contenders(qtbot: QtBot, document: Document) -> ContendersPanel:
    panel = ContendersPanel(document)
    shown(qtbot, panel)
    return panel


def field(panel: QWidget, name: str, inside: str = "") -> NumberField:
    place = panel.findChild(QWidget, inside) if inside else panel
    found = place.findChild(NumberField, f"field_{name}")
    assert found is not None, name
    return found


def typed(qtbot: QtBot, line: NumberField, text: str) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, KEY.Key_Return)


def note(panel: QWidget, name: str) -> str:
    label = panel.findChild(QLabel, f"epochs_{name}")
    assert label is not None
    return label.text() if label.isVisible() else ""


# --- the run -------------------------------------------------------------------------------------


def test_steps_are_told_in_epochs_while_none_are_set(panel, document):
    assert note(panel, "steps") == "= 12.5 epochs"
    epochs = field(panel, "epochs")
    assert epochs.isVisible()
    assert (epochs.text(), epochs.placeholderText()) == ("", "12.5")
    assert note(panel, "epochs") == "of 10 steps each"
    assert panel.findChild(QCheckBox, "whole_run_epochs").isChecked()


def test_functions_have_no_row_for_epochs(panel, document):
    document.edit("", edits.with_problem(document.experiment, PROBLEMS["rosenbrock"]()))
    assert not field(panel, "epochs").isVisible()
    assert note(panel, "steps") == ""
    document.undo_stack.undo()
    assert field(panel, "epochs").isVisible()
    assert note(panel, "steps") == "= 12.5 epochs"


def test_metrics_are_asked_for_where_there_are_any(qtbot, panel, document):
    typed(qtbot, field(panel, "metrics_every"), "5")
    assert document.experiment.metrics_every == 5
    document.edit("", edits.with_problem(document.experiment, PROBLEMS["rosenbrock"]()))
    assert not field(panel, "metrics_every").isVisible()


def test_typed_epochs_make_the_steps_and_are_one_edit(qtbot, panel, document):
    before = document.experiment
    typed(qtbot, field(panel, "epochs"), "30")
    assert (document.experiment.epochs, document.experiment.steps) == (30, 300)
    assert field(panel, "steps").text() == "300"
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Change epochs"
    document.undo_stack.undo()
    assert document.experiment == before
    assert field(panel, "epochs").text() == ""


def test_the_steps_follow_the_size_of_the_batches(qtbot, panel, document):
    typed(qtbot, field(panel, "epochs"), "30")
    typed(qtbot, field(panel, "batch_size"), "80")
    assert document.experiment.steps == 150
    assert field(panel, "steps").text() == "150"
    assert note(panel, "epochs") == "of 5 steps each"


def test_editing_steps_ends_the_epochs(qtbot, panel, document):
    typed(qtbot, field(panel, "epochs"), "30")
    typed(qtbot, field(panel, "steps"), "77")
    assert (document.experiment.epochs, document.experiment.steps) == (None, 77)
    assert field(panel, "epochs").text() == ""
    assert field(panel, "epochs").placeholderText() == "7.7"


def test_the_box_goes_from_steps_to_the_nearest_epochs_and_back(qtbot, panel, document):
    box = panel.findChild(QCheckBox, "whole_run_epochs")
    assert box.text() == "As the steps say"
    box.click()
    assert (document.experiment.epochs, document.experiment.steps) == (12, 120)
    box.click()
    assert (document.experiment.epochs, document.experiment.steps) == (None, 120)


def test_too_many_epochs_are_refused_in_a_sentence(qtbot, panel, document):
    before = document.experiment
    typed(qtbot, field(panel, "epochs"), "50000000")
    sentence = panel.findChild(QLabel, "error_epochs")
    assert sentence.isVisible()
    assert "give at most 10,000,000" in sentence.text()
    assert document.experiment == before
    typed(qtbot, field(panel, "epochs"), "4")
    assert not sentence.isVisible()
    assert document.experiment.steps == 40


def test_typing_that_is_taken_back_leaves_the_steps_as_they_were(qtbot, panel, document):
    before = document.experiment
    line = field(panel, "epochs")
    line.setFocus()
    qtbot.keyClicks(line, "30")
    assert document.experiment.steps == 300
    qtbot.keyClick(line, KEY.Key_Escape)
    assert document.experiment == before
    assert line.text() == ""
    typed(qtbot, line, "3")
    assert document.experiment.steps == 30
    qtbot.keyClick(line, KEY.Key_Backspace)
    qtbot.keyClick(line, KEY.Key_Return)
    assert (document.experiment.epochs, document.experiment.steps) == (None, 30)


def test_steps_may_be_typed_in_epochs_and_stay_when_batches_change(qtbot, panel, document):
    typed(qtbot, field(panel, "steps"), "2.5 epochs")
    assert (document.experiment.steps, document.experiment.epochs) == (25, None)
    typed(qtbot, field(panel, "batch_size"), "80")
    assert document.experiment.steps == 25


# --- contenders ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "length"),
    [("5 epochs", 50), ("5 ep", 50), ("0,5 epochs", 5), ("1e1ep", 100), ("1 epoch", 10)],
)
def test_a_length_is_typed_in_epochs(qtbot, contenders, document, text, length):
    line = field(contenders, "length")
    typed(qtbot, line, text)
    assert document.experiment.contenders[0].schedule.length == length
    assert line.text() == str(length)
    assert line.complaint == ""
    assert document.undo_stack.count() == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0.01 epochs", "One epoch is 10 steps, 0.01 epochs are none; give more."),
        ("0 epochs", "Expected a whole number at least 1 and at most 100,000,000, got 0."),
        ("1,000 epochs", "1,000 could be 1.000 or 1000: write one of these."),
        ("x epochs", "Expected a whole number, such as 500, got 'x epochs'."),
        ("1..2 epochs", "Expected a number, such as 0.001 or 1e-3, got '1..2'."),
    ],
)
def test_epochs_that_make_no_steps_are_refused(qtbot, contenders, document, text, sentence):
    before = document.experiment
    typed(qtbot, field(contenders, "length"), text)
    assert document.experiment == before
    assert field(contenders, "length").complaint == sentence


def test_every_count_of_steps_is_told_in_epochs(qtbot, contenders, document):
    assert note(contenders, "length") == "= 2.5 epochs"
    assert contenders.findChild(QLabel, "epochs_steps").text() == "= 0.5 epochs"
    assert note(contenders, "lr") == ""
    contenders.findChild(QCheckBox, "whole_run_length").click()
    assert document.experiment.contenders[0].schedule.length is None
    assert note(contenders, "length") == ""


def test_lists_parts_and_points_take_epochs(qtbot, contenders, document):
    contenders.select(1)
    typed(qtbot, field(contenders, "milestones"), "2 epochs, 4.5 epochs")
    assert document.experiment.contenders[1].schedule.milestones == (20, 45)
    assert note(contenders, "milestones") == "= 2, 4.5 epochs"
    contenders.select(2)
    typed(qtbot, field(contenders, "length", "part_0_form"), "3 ep")
    assert document.experiment.contenders[2].schedule.parts[0].length == 30
    contenders.select(3)
    typed(qtbot, field(contenders, "points"), "0:1  2 epochs:0.5  ")
    # Half told: the 0 could be either.
    assert "could be epochs or steps" in field(contenders, "points").complaint
    typed(qtbot, field(contenders, "points"), "0 ep:1  2 epochs:0.5")
    assert document.experiment.contenders[3].schedule.points == ((0, 1), (20, 0.5))


def test_a_number_that_need_not_be_whole_takes_epochs(qtbot, contenders, document):
    contenders.select(4)
    typed(qtbot, field(contenders, "timescale"), "1.5 epochs")
    assert document.experiment.contenders[4].schedule.timescale == 15.0


def test_modifiers_that_are_added_know_the_epochs(qtbot, contenders, document):
    optimizer = replace(
        document.experiment.contenders[0].optimizer,
        modifiers=(MODIFIERS["accumulate"](),),
    )
    racer = replace(document.experiment.contenders[0], optimizer=optimizer)
    document.edit("", edits.with_contender(document.experiment, 0, racer))
    typed(qtbot, field(contenders, "every", "modifier_0_form"), "1 epoch")
    assert document.experiment.contenders[0].optimizer.modifiers[0].every == 10


def test_other_batches_change_what_steps_are_in_epochs(contenders, document):
    other = replace(MODEL, batch_size=80)
    document.edit("", edits.with_problem(document.experiment, other))
    assert note(contenders, "length") == "= 5 epochs"


def test_functions_know_no_epochs(qtbot, contenders, document):
    document.edit("", edits.with_problem(document.experiment, PROBLEMS["rosenbrock"]()))
    assert note(contenders, "length") == ""
    typed(qtbot, field(contenders, "length"), "5 epochs")
    assert "no examples and so no epochs" in field(contenders, "length").complaint


def test_what_counts_no_steps_takes_no_epochs(qtbot, contenders):
    typed(qtbot, field(contenders, "lr"), "5 epochs")
    assert "expected a number" in field(contenders, "lr").complaint.lower()


def test_help_says_that_epochs_can_be_typed(contenders):
    assert "“5 epochs”" in field(contenders, "length").whatsThis()
    assert "epochs" not in field(contenders, "lr").whatsThis()


@pytest.mark.parametrize("text", ["30,60 epochs", "30 60 epochs", "2 epochs, 4", "0,5 epochs"])
def test_a_list_that_is_half_told_is_never_guessed(text):
    with pytest.raises(Unreadable, match="could be epochs or steps"):
        read_steps("integers", text, 10)


# --- where the run is ----------------------------------------------------------------------------


def test_the_play_head_says_the_epoch(qtbot: QtBot):
    head = PlayHead()
    transport = Transport(head)
    qtbot.addWidget(transport)
    label = transport.findChild(QLabel, "step_label")
    head.set_range(1000, 1000, 40)
    head.go_to(212)
    assert label.text() == "step 212 / 1,000 · epoch 5.3"
    assert label.minimumWidth() >= label.sizeHint().width()
    head.set_range(1000, 1000, None)
    assert label.text() == "step 212 / 1,000"


def test_plots_say_the_epoch_that_is_pointed_at():
    many = plan(Experiment(problem=replace(MODEL, batch_size=10), contenders=(racer("constant"),)))
    none = plan(Experiment(problem=PROBLEMS["sphere"](), contenders=(racer("constant"),)))
    assert STEPS.words(many, 1212) == "step 1\N{THIN SPACE}212 (epoch 30.3)"
    assert STEPS.words(none, 1212) == "step 1\N{THIN SPACE}212"
    assert X_AXES["epochs"].words(many, 30.3) == "epoch 30.3 (step 1\N{THIN SPACE}212)"
    assert X_AXES["evaluations"].words(none, 1212) == "1\N{THIN SPACE}212 evaluations"


def test_a_race_of_epochs_fits_into_the_window(driver: Driver):
    racers = (replace(racer("constant"), name="Adam"),)
    driver.studio.document.open(Experiment(problem=MODEL, contenders=racers, epochs=100), None)
    driver.wait_for_run()
    label = driver.find(QLabel, "step_label")
    assert label.text() == "step 1,000 / 1,000 · epoch 100.0"
    assert label.width() >= label.sizeHint().width()
    assert driver.window.width() == 1280
