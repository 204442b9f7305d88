"""Data in the window: chosen, turned, opened from a file, saved, found again."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot
from window_driver import Driver, dialog_answered, press

from lrstudio.core import OPTIMIZERS, PROBLEMS
from lrstudio.core.datasets import own
from lrstudio.core.datasets.generated import TwoGaussians
from lrstudio.core.datasets.own import OwnTable
from lrstudio.engine import Contender, Experiment, edits
from lrstudio.gui.csv_choice_dialog import ChoiceDialog
from lrstudio.gui.csv_dialog import CsvDialog
from lrstudio.gui.document import Document
from lrstudio.gui.problem_panel import ProblemPanel
from lrstudio.storage import experiments, own_tables
from lrstudio.storage.csv_reading import read
from lrstudio.storage.csv_reading.records import Stopped

LEFT = Qt.MouseButton.LeftButton
TEXT = "x,y,kind\n1.5,2,a\n2.5,3.5,b\n3,4.5,a\n4,1.5,b\n5,2.5,a\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "points.csv"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def document(qapp) -> Document:
    contender = Contender(name="Adam", optimizer=OPTIMIZERS["adam"]())
    problem = PROBLEMS["softmax_regression"]()
    return Document(Experiment(problem=problem, contenders=(contender,)))


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> ProblemPanel:
    panel = ProblemPanel(document)
    qtbot.addWidget(panel)
    panel.resize(300, 800)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def label(panel: ProblemPanel, name: str) -> str:
    return panel.findChild(QLabel, name).text()


def type_into(qtbot: QtBot, panel: ProblemPanel, name: str, text: str) -> None:
    editor = panel.findChild(QLineEdit, name)
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


def choose_data(qtbot: QtBot, panel: ProblemPanel, name: str) -> None:
    qtbot.mouseClick(panel.findChild(QComboBox, "field_data"), LEFT)
    search = panel.findChild(QLineEdit, "field_data_search")
    qtbot.keyClicks(search, name)
    qtbot.keyClick(search, Qt.Key.Key_Return)


def taken(qtbot: QtBot, store: str = "experiment") -> Callable[[QDialog], None]:
    """Wait until the table can be used, and use it."""

    def answer(dialog: QDialog) -> None:
        assert isinstance(dialog, CsvDialog)
        button = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
        qtbot.waitUntil(button.isEnabled)
        box = dialog.findChild(QComboBox, "csv_store")
        box.setCurrentIndex(box.findData(store))
        qtbot.mouseClick(button, LEFT)

    return answer


def cancelled(dialog: QDialog) -> None:
    dialog.reject()


def test_a_file_becomes_the_data_and_is_undone(qtbot, panel, document, file, choose_file):
    choose_file(file)
    with dialog_answered(taken(qtbot)) as seen:
        qtbot.mouseClick(panel.findChild(QToolButton, "open_csv"), LEFT)
    assert seen == ["Open points.csv"]
    data = document.experiment.problem.data
    assert data.table().features.tolist() == [[1.5, 2], [2.5, 3.5], [3, 4.5], [4, 1.5], [5, 2.5]]
    facts = label(panel, "data_facts")
    assert facts == "points.csv (stored here)\n5 examples, 2 features, 2 classes: kind"
    assert document.undo_stack.undoText() == "Change data"
    document.undo_stack.undo()
    assert document.experiment.problem.data == TwoGaussians()
    assert label(panel, "data_facts").startswith("400 examples")


def test_choosing_ones_own_table_asks_for_the_file(qtbot, panel, document, file, choose_file):
    choose_file(file)
    with dialog_answered(taken(qtbot, store="file")):
        choose_data(qtbot, panel, "own table")
    assert document.experiment.problem.data.path == str(file)
    assert "stays in its file" in label(panel, "data_facts")


def test_a_file_that_is_not_taken_changes_nothing(qtbot, panel, document, file, choose_file):
    choose_file(file)
    with dialog_answered(cancelled):
        choose_data(qtbot, panel, "own table")
    assert document.experiment.problem.data == TwoGaussians()
    assert panel.findChild(QComboBox, "field_data").currentText() == "Two Gaussians"
    assert not document.is_modified


def test_data_are_turned_by_their_own_form(qtbot, panel, document):
    type_into(qtbot, panel, "field_examples", "60")
    assert document.experiment.problem.data == TwoGaussians(examples=60)
    assert "48 training examples" in label(panel, "problem_facts")
    assert document.undo_stack.count() == 1  # what was typed is one edit
    qtbot.mouseClick(panel.findChild(QToolButton, "reset_data"), LEFT)
    assert document.experiment.problem.data == TwoGaussians()


def test_help_is_on_the_data_where_they_are_and_on_the_model_elsewhere(panel):
    assert panel.declaration_at(panel.findChild(QComboBox, "field_data")) is TwoGaussians
    assert panel.declaration_at(panel.findChild(QLineEdit, "field_examples")) is TwoGaussians
    model = panel.declaration_at(panel.findChild(QLineEdit, "field_batch_size"))
    assert model is PROBLEMS["softmax_regression"]


def test_another_data_set_comes_with_its_own_parameters(qtbot, panel, document):
    choose_data(qtbot, panel, "moons")
    assert type(document.experiment.problem.data).__name__ == "Moons"
    assert panel.findChild(QLineEdit, "field_distance") is None
    choose_data(qtbot, panel, "iris")
    assert "150 examples, 4 features, 3 classes" in label(panel, "data_facts")
    assert "15 parameters" in label(panel, "problem_facts")


def test_nothing_left_to_train_on_is_told_and_changes_nothing(qtbot, panel, document):
    type_into(qtbot, panel, "field_examples", "4")
    before = document.experiment
    type_into(qtbot, panel, "field_validation_share", "0.9")
    complaint = panel.findChild(QLabel, "problem_complaint")
    assert complaint.isVisible()
    assert complaint.text().startswith("Expected at least 2 examples to train on, got 0")
    assert document.experiment == before
    assert panel.findChild(QLineEdit, "field_validation_share").text() == "0.2"
    type_into(qtbot, panel, "field_validation_share", "0.5")
    assert not complaint.isVisible()
    assert document.experiment.problem.validation_share == 0.5


def test_a_model_folds_away_what_is_rarely_turned(qtbot, panel):
    assert panel.findChild(QLineEdit, "field_batch_size").isVisible()
    assert not panel.findChild(QComboBox, "field_order").isVisible()
    qtbot.mouseClick(panel.findChild(QToolButton, "problem_more"), LEFT)
    assert panel.findChild(QComboBox, "field_order").isVisible()


def test_knobs_that_turn_nothing_are_not_shown(qtbot, panel, document):
    shown = panel._problem_form.row
    qtbot.mouseClick(panel.findChild(QToolButton, "problem_more"), LEFT)
    assert shown("class_weights").isVisible()
    assert not shown("scale_target").isVisible()  # they are classes
    assert not shown("init_scale").isVisible()  # of weights that begin at 0
    box = panel.findChild(QComboBox, "field_init")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert shown("init_scale").isVisible()


def test_activations_are_written_as_papers_do(qtbot, panel, document):
    document.edit("Change", edits.with_problem(document.experiment, PROBLEMS["perceptron"]()))
    box = panel.findChild(QComboBox, "field_activation")
    names = [box.itemText(row) for row in range(box.count())]
    assert names == ["Tanh", "ReLU", "GELU", "Sigmoid"]


def test_weights_that_are_drawn_are_not_typed(qtbot, panel, document):
    assert panel.findChild(QToolButton, "add_start").isVisible()
    new = PROBLEMS["perceptron"](hidden_layers=2, width=60)
    document.edit("Larger", replace(document.experiment, problem=new))
    assert label(panel, "starts_note") == (
        f"Drawn from the seed: all {new.dim:,} weights, others for each repeat."
    )
    for name in ("add_start", "random_starts", "default_start"):
        assert not panel.findChild(QToolButton, name).isVisible()
    start = tuple([0.5] * new.dim)
    document.edit("Starts", replace(document.experiment, starts=(start,)))
    assert label(panel, "starts_note") == f"1 start of the file, {new.dim:,} numbers each."
    qtbot.mouseClick(panel.findChild(QToolButton, "default_start"), LEFT)
    assert document.experiment.starts == ()
    document.edit("Back", replace(document.experiment, problem=PROBLEMS["rosenbrock"]()))
    assert panel.findChild(QToolButton, "add_start").isVisible()


def test_a_large_model_that_begins_at_zero_says_so(panel, document):
    data = panel_data(21)
    new = PROBLEMS["softmax_regression"](data=data)
    document.edit("Wider", replace(document.experiment, problem=new))
    assert label(panel, "starts_note") == "All 44 weights begin at 0."


def panel_data(columns: int) -> OwnTable:
    names = [f"c{i}" for i in range(columns)]
    rows = [",".join([*("1.5" if i % 3 else "2.5" for i in range(columns)), k]) for k in "abab"]
    found = read("\n".join([",".join([*names, "k"]), *rows]).encode())
    return own_tables.stored(found, own_tables.proposed(found), "wide.csv")


def test_another_model_keeps_what_was_changed_and_its_own_beginning():
    old = PROBLEMS["softmax_regression"](batch_size=7, data=TwoGaussians(examples=50))
    new = edits.like(old, PROBLEMS["perceptron"])
    assert (new.batch_size, new.data) == (7, TwoGaussians(examples=50))
    assert new.init == "xavier"  # all weights at 0 would stay alike


def test_seeds_matter_where_batches_are_drawn(panel, document):
    assert panel.findChild(QLineEdit, "field_seed").isEnabled()
    document.edit("Plain", replace(document.experiment, problem=PROBLEMS["rosenbrock"]()))
    assert not panel.findChild(QLineEdit, "field_seed").isEnabled()


def test_open_csv_turns_any_experiment_into_one_that_learns(
    driver: Driver, file: Path, choose_file, qtbot
):
    choose_file(file)
    with dialog_answered(taken(qtbot)):
        driver.trigger("open_table")
    problem = driver.studio.document.experiment.problem
    assert type(problem) is PROBLEMS["softmax_regression"]
    assert problem.data.name == "points.csv"
    driver.wait_for_run()
    driver.trigger("undo")
    assert type(driver.studio.document.experiment.problem) is not type(problem)


def test_data_are_saved_and_opened_again(driver: Driver, file: Path, tmp_path, choose_file, qtbot):
    with dialog_answered(taken(qtbot, store="file")):
        driver.studio.files.open_path(file)
    saved = driver.studio.document.experiment
    choose_file(tmp_path / "race.lrx")
    driver.trigger("save_as")
    driver.trigger("new")
    driver.studio.files.open_path(tmp_path / "race.lrx")
    assert driver.studio.document.experiment == saved


def test_a_file_that_was_changed_is_looked_at_again(
    driver: Driver, file: Path, choose_file, qtbot, monkeypatch
):
    table = own_tables.table_in(file)
    data = own_tables.referred(table, own_tables.proposed(table), file)
    race = file.with_name("race.lrx")
    before = replace(driver.studio.document.experiment, starts=())
    before = replace(before, problem=PROBLEMS["softmax_regression"](data=data))
    experiments.save(race, before)
    file.write_text(TEXT + "6,7,b\n", "utf-8")
    monkeypatch.setattr(own, "_SHEETS", {})
    with dialog_answered(press(QMessageBox.StandardButton.Cancel)) as seen:
        driver.studio.files.open_path(race)
    assert "was changed: expected the checksum" in seen[0]
    assert driver.studio.document.path is None
    choose_file(file)

    with ExitStack() as answers:

        def choose_the_file(dialog: QDialog) -> None:
            answers.enter_context(dialog_answered(taken(qtbot, store="file")))
            press(QMessageBox.StandardButton.Open)(dialog)

        with dialog_answered(choose_the_file):
            driver.studio.files.open_path(race)
    found = driver.studio.document.experiment.problem.data
    assert found.table().examples == 6
    assert found.choice == data.choice
    assert driver.studio.document.is_modified


@pytest.fixture
def slow_race(driver: Driver, file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An experiment whose data file takes as long to read as somebody waits for it."""
    table = own_tables.table_in(file)
    data = own_tables.referred(table, own_tables.proposed(table), file)
    race = file.with_name("race.lrx")
    before = replace(driver.studio.document.experiment, starts=())
    experiments.save(race, replace(before, problem=PROBLEMS["softmax_regression"](data=data)))
    monkeypatch.setattr(own, "_SHEETS", {})
    real, go_on = own_tables.read, Event()
    monkeypatch.setattr(own_tables, "go_on", go_on, raising=False)

    def read(content, wishes, wanted):
        while not go_on.wait(0.01):
            if not wanted():
                raise Stopped
        return real(content, wishes, wanted)

    monkeypatch.setattr(own_tables, "read", read)
    yield race
    go_on.set()


def test_while_a_large_data_file_is_read_the_window_lives_and_says_so(
    driver: Driver, slow_race: Path, qtbot: QtBot
):
    lives = []

    def answer(dialog: QDialog) -> None:
        lives.append(dialog.findChild(QLabel).text())
        own_tables.go_on.set()

    with dialog_answered(answer):
        driver.studio.files.open_path(slow_race)
    assert lives == ["Reading race.lrx and the data that it learns from…"]
    assert driver.studio.document.path == slow_race
    driver.wait_for_run()


def test_reading_a_large_data_file_can_be_given_up(driver: Driver, slow_race: Path):
    before = driver.studio.document.experiment

    def answer(dialog: QDialog) -> None:
        dialog.findChild(QPushButton).click()

    with dialog_answered(answer):
        driver.studio.files.open_path(slow_race)
    assert driver.studio.document.experiment is before
    assert driver.studio.document.path is None


def answered_choice(qtbot: QtBot, change) -> Callable[[QDialog], None]:
    def answer(dialog: QDialog) -> None:
        assert isinstance(dialog, ChoiceDialog)
        change(dialog)
        button = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
        if button.isEnabled():
            qtbot.mouseClick(button, LEFT)
        else:
            dialog.reject()

    return answer


def tick(dialog: QDialog, name: str, is_ticked: bool) -> None:
    features = dialog.findChild(QListWidget, "csv_features")
    items = [features.item(row) for row in range(features.count())]
    item = next(item for item in items if item.text().startswith(name))
    item.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)


@pytest.fixture
def a_file(file: Path, choose_file) -> Path:
    """The file, which is what the user chooses."""
    choose_file(file)
    return file


@pytest.mark.parametrize("store", ["experiment", "file"])
def test_columns_are_chosen_again_without_the_file(qtbot, panel, document, a_file, store):
    button = panel.findChild(QToolButton, "choose_columns")
    assert not button.isVisible()
    with dialog_answered(taken(qtbot, store)):
        qtbot.mouseClick(panel.findChild(QToolButton, "open_csv"), LEFT)
    names = document.experiment.problem.data.features
    a_file.unlink()
    assert button.isVisible()
    with dialog_answered(answered_choice(qtbot, lambda dialog: tick(dialog, names[0], False))):
        qtbot.mouseClick(button, LEFT)
    data = document.experiment.problem.data
    assert data.features == names[1:]
    assert data.table().features.shape == (5, 1)

    def all_again(dialog: QDialog) -> None:
        qtbot.mouseClick(dialog.findChild(QToolButton, "csv_all"), LEFT)

    with dialog_answered(answered_choice(qtbot, all_again)):
        qtbot.mouseClick(button, LEFT)
    assert document.experiment.problem.data.features == names
    document.undo_stack.undo()
    assert document.experiment.problem.data.features == names[1:]


def test_a_choice_that_cannot_be_is_told_and_not_taken(qtbot, panel, document, file, choose_file):
    choose_file(file)
    with dialog_answered(taken(qtbot)):
        qtbot.mouseClick(panel.findChild(QToolButton, "open_csv"), LEFT)
    before, told = document.experiment, []

    def none(dialog: QDialog) -> None:
        qtbot.mouseClick(dialog.findChild(QToolButton, "csv_none"), LEFT)
        told.append(dialog.findChild(QLabel, "csv_message").text())

    with dialog_answered(answered_choice(qtbot, none)):
        qtbot.mouseClick(panel.findChild(QToolButton, "choose_columns"), LEFT)
    assert told[0].startswith("No feature is chosen; choose at least one")
    assert document.experiment is before
