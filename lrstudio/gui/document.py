"""The one document: an immutable experiment, its history, its file.

Widgets never write state. They ask the document to edit, and show what `changed` brings; a view
that already shows the new part (compared by identity) does nothing.
"""

from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from lrstudio.engine import Experiment

_HISTORY = 200
_EDIT_ID = 1


class Document(QObject):
    """Holds the experiment; every change goes through `edit` and can be undone."""

    changed = Signal(object, object)
    """Old and new experiment."""
    opened = Signal()
    """Another experiment was opened: what was chosen for the one before means nothing now."""
    file_changed = Signal()
    """The path or the question whether there is something to save is another one."""

    def __init__(self, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._experiment = experiment
        self._told = _words(experiment)
        """What title and notes the document came with."""
        self._path: Path | None = None
        self._gesture = 0
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(_HISTORY)
        self.undo_stack.cleanChanged.connect(self.on_clean_changed)

    @property
    def experiment(self) -> Experiment:
        """What the user asks for, now."""
        return self._experiment

    @property
    def path(self) -> Path | None:
        """The file it was read from or saved to."""
        return self._path

    @property
    def is_modified(self) -> bool:
        """Whether there is something to save."""
        return not self.undo_stack.isClean()

    @property
    def title(self) -> str:
        """Name for the title bar."""
        if self._path:
            return self._path.name
        return self._experiment.title or "Untitled"

    def edit(self, text: str, new: Experiment, merge_key: str | None = None) -> None:
        """Replace the experiment; `text` names the edit in the menu.

        Edits of one gesture (a dragged slider, a typed number) carry the same `merge_key` and
        become one entry of the history; `end_gesture` closes it.
        """
        if self._path is None and _words(new) == self._told:
            new = _truly_described(self._experiment, new)
        if new == self._experiment:
            return
        key = None if merge_key is None else f"{merge_key}#{self._gesture}"
        self.undo_stack.push(_Edit(self, text, self._experiment, new, key))

    def end_gesture(self) -> None:
        """What comes now is another edit, even of the same field."""
        self._gesture += 1

    def open(self, experiment: Experiment, path: Path | None) -> None:
        """Take another experiment; the history starts anew."""
        old, self._experiment, self._path = self._experiment, experiment, path
        self._told = _words(experiment)
        self.undo_stack.clear()
        self.undo_stack.setClean()
        self.opened.emit()
        self.changed.emit(old, experiment)
        self.file_changed.emit()

    def mark_saved(self, path: Path) -> None:
        """The experiment as it is now stands in a file."""
        self._path = path
        self.undo_stack.setClean()
        self.file_changed.emit()

    def on_clean_changed(self, is_clean: bool) -> None:
        """The history reached or left the saved state."""
        self.file_changed.emit()

    def put(self, new: Experiment) -> None:
        """Show a state of the history; only its commands call this."""
        old, self._experiment = self._experiment, new
        self.changed.emit(old, new)
        if old.title != new.title:
            self.file_changed.emit()


def _words(experiment: Experiment) -> tuple[str, str]:
    return experiment.title, experiment.notes


def _truly_described(old: Experiment, new: Experiment) -> Experiment:
    """Without the title and notes of an example whose function is another one now.

    They tell of the function: "Four optimizers on Beale's plateau". Where there is a file, or the
    user has written into them, they are the user's own.
    """
    is_other = type(new.problem) is not type(old.problem)
    return replace(new, title="", notes="") if is_other else new


class _Edit(QUndoCommand):
    """Two snapshots. Snapshots share whatever did not change, so they are small."""

    def __init__(
        self, document: Document, text: str, old: Experiment, new: Experiment, key: str | None
    ) -> None:
        super().__init__(text)
        self._document = document
        self._old = old
        self.new = new
        self.key = key

    def redo(self) -> None:
        self._document.put(self.new)

    def undo(self) -> None:
        self._document.put(self._old)

    def id(self) -> int:
        return -1 if self.key is None else _EDIT_ID

    def mergeWith(self, other: QUndoCommand) -> bool:
        assert isinstance(other, _Edit)
        if other.key != self.key:
            return False
        self.new = other.new
        self.setObsolete(self.new == self._old)  # a gesture that ends where it began is no edit
        return True
