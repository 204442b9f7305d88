"""The document: edits, gestures, undo, and the question whether there is something to save."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from lrstudio.core import PROBLEMS
from lrstudio.engine import Experiment
from lrstudio.gui.document import Document

START = Experiment(problem=PROBLEMS["sphere"]())


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    return Document(START)


def steps(number: int) -> Experiment:
    return replace(START, steps=number)


def test_an_edit_announces_old_and_new_and_can_be_undone(document: Document, qtbot: QtBot):
    with qtbot.waitSignal(document.changed) as heard:
        document.edit("Change steps", steps(7))

    assert heard.args == [START, steps(7)]
    assert document.undo_stack.undoText() == "Change steps"
    document.undo_stack.undo()
    assert document.experiment == START


def test_an_examples_title_goes_with_its_function_and_comes_back_with_it(
    document: Document, qtbot: QtBot
):
    example = replace(START, title="On a sphere", notes="It is round.")
    document.open(example, None)
    document.edit("Change steps", replace(example, steps=7))
    assert document.title == "On a sphere"

    other = replace(document.experiment, problem=PROBLEMS["beale"]())
    with qtbot.waitSignal(document.file_changed):
        document.edit("Change problem", other)
    assert document.title == "Untitled"
    assert document.experiment.notes == ""

    with qtbot.waitSignal(document.file_changed):
        document.undo_stack.undo()
    assert document.title == "On a sphere"
    assert document.experiment.notes == "It is round."


def test_what_is_in_a_file_is_the_users_own(document: Document):
    own = replace(START, title="Monday", notes="My words.")
    document.open(own, Path("monday.lrx"))
    document.edit("Change problem", replace(own, problem=PROBLEMS["beale"]()))
    assert (document.experiment.title, document.experiment.notes) == ("Monday", "My words.")


def test_an_edit_that_changes_nothing_leaves_no_trace(document: Document):
    document.edit("Nothing", replace(START))

    assert document.undo_stack.count() == 0


def test_a_gesture_is_one_entry_and_the_next_gesture_another(document: Document):
    for number in (10, 20, 30):
        document.edit("Drag", steps(number), merge_key="steps")
    document.end_gesture()
    document.edit("Drag", steps(40), merge_key="steps")

    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert document.experiment.steps == 30
    document.undo_stack.undo()
    assert document.experiment == START


def test_a_gesture_that_ends_where_it_began_is_no_edit(document: Document):
    document.edit("Drag", steps(10), merge_key="steps")
    document.edit("Drag", START, merge_key="steps")

    assert document.undo_stack.count() == 0
    assert not document.is_modified


def test_saving_marks_this_state_and_undo_leaves_it(document: Document):
    document.edit("Change", steps(7))
    document.mark_saved(Path("race.lrx"))
    assert not document.is_modified
    assert document.title == "race.lrx"

    document.undo_stack.undo()
    assert document.is_modified
    document.undo_stack.redo()
    assert not document.is_modified


def test_opening_forgets_the_history(document: Document):
    document.edit("Change", steps(7))
    document.open(steps(9), None)

    assert document.experiment == steps(9)
    assert not document.undo_stack.canUndo()
    assert not document.is_modified


def test_an_untitled_experiments_notes_are_the_users_own_once_they_wrote_into_them(
    document: Document,
):
    example = replace(START, title="On a sphere", notes="It is round.")
    document.open(example, None)
    document.edit("Edit notes", replace(example, notes="It is round. So what?"))
    document.edit("Change problem", replace(document.experiment, problem=PROBLEMS["beale"]()))
    assert document.experiment.notes == "It is round. So what?"
