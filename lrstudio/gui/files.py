"""New, open, recent, examples, save: what stands between the document and its file."""

from pathlib import Path

from msgspec.structs import replace
from PySide6 import QtWidgets  # which makes the type of a dialog when it is named: not at start
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from lrstudio.core import PROBLEMS, Refused
from lrstudio.core.datasets.own import OwnTable
from lrstudio.engine import Experiment, edits
from lrstudio.gui import messages
from lrstudio.gui.document import Document
from lrstudio.gui.opening import GivenUp, opened
from lrstudio.gui.settings import Settings
from lrstudio.storage import experiments
from lrstudio.storage.errors import StorageError
from lrstudio.storage.own_tables import SUFFIXES, LostTable

FILTER = f"Experiments (*{experiments.EXTENSION});;All files (*)"


class Files(QObject):
    """Opens and saves the document; nothing unsaved is lost without a question."""

    recent_changed = Signal()

    def __init__(self, document: Document, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._settings = settings
        self._window = window

    def new(self) -> None:
        """Start over with one contender on the default problem."""
        if self.may_leave():
            self._document.open(fresh_experiment(), None)

    def open(self) -> None:
        """Ask for a file and open it."""
        if not self.may_leave():
            return
        name, _ = QtWidgets.QFileDialog.getOpenFileName(
            self._window, "Open Experiment", self._settings.folder, FILTER
        )
        if name:
            self._take(Path(name))

    def open_path(self, path: Path) -> None:
        """Open a file that was named: a recent one, dropped, or on the command line.

        A table becomes the data of the present experiment.
        """
        if path.suffix.lower() in SUFFIXES or self.may_leave():
            self._take(path)

    def open_table(self) -> None:
        """Ask for a table of the user's own, and learn from it."""
        from lrstudio.gui.csv_dialog import ask_for_table  # noqa: PLC0415 - not needed at start

        self._learn_from(ask_for_table(self._window))

    def open_example(self, path: Path) -> None:
        """Open a shipped example as an untitled experiment."""
        if self.may_leave():
            self._load(path, is_example=True)

    def save(self) -> bool:
        """Save to the document's file; ask for one where there is none."""
        path = self._document.path
        return self._store(path) if path else self.save_as()

    def save_as(self) -> bool:
        """Ask for a file and save to it."""
        stem = self._document.experiment.title or "experiment"
        proposed = self._document.path or Path(self._settings.folder) / f"{safe_name(stem)}.lrx"
        name, _ = QtWidgets.QFileDialog.getSaveFileName(
            self._window, "Save Experiment", str(proposed), FILTER
        )
        if not name:
            return False
        path = messages.completed(self._window, name, experiments.EXTENSION)
        return path is not None and self._store(path)

    def may_leave(self) -> bool:
        """Whether the present document may be left: saved, or given up knowingly."""
        if not self._document.is_modified:
            return True
        answer = messages.ask_to_save(self._window, self._document.title)
        if answer == QtWidgets.QMessageBox.StandardButton.Save:
            return self.save()
        return answer == QtWidgets.QMessageBox.StandardButton.Discard

    def _take(self, path: Path) -> None:
        if path.suffix.lower() not in SUFFIXES:
            self._load(path)
            return
        from lrstudio.gui.csv_dialog import looked_at  # noqa: PLC0415 - not needed at start

        self._learn_from(looked_at(self._window, path))

    def _learn_from(self, table: OwnTable | None) -> None:
        if table is None:
            return
        try:
            new = edits.with_data(self._document.experiment, table)
        except Refused as refused:
            messages.tell(
                self._window, "Cannot Open", f"{table.name} is of no use here: {refused}."
            )
            return
        self._document.edit(f"Learn from {table.name}", new)

    def _load(self, path: Path, is_example: bool = False, data: OwnTable | None = None) -> None:
        try:
            experiment = opened(self._window, path, data)
        except GivenUp:
            return
        except LostTable as lost:
            found = self._found_again(path, lost)
            if found is not None:
                self._load(path, is_example, found)
            return
        except StorageError as error:
            messages.tell(self._window, "Cannot Open", str(error))
            return
        self._document.open(experiment, None if is_example else path)
        if data is not None:
            self._document.undo_stack.resetClean()  # the file names other data
        if not is_example:
            self._remember(path)

    def _found_again(self, path: Path, lost: LostTable) -> OwnTable | None:
        """The data file of an experiment, chosen anew by the user; None if they do not."""
        if not messages.may_choose_file(self._window, "Cannot Open", str(lost)):
            return None
        from lrstudio.gui.csv_dialog import looked_at  # noqa: PLC0415 - not needed at start

        name, _ = QtWidgets.QFileDialog.getOpenFileName(
            self._window, f"Where Is {lost.table.name}?", str(path.parent)
        )
        return looked_at(self._window, Path(name), lost.table) if name else None

    def _store(self, path: Path) -> bool:
        try:
            experiments.save(path, self._document.experiment)
        except StorageError as error:
            messages.tell(self._window, "Cannot Save", str(error))
            return False
        self._document.mark_saved(path)
        self._remember(path)
        return True

    def _remember(self, path: Path) -> None:
        self._settings.folder = str(path.absolute().parent)
        self._settings.add_recent(path)
        self.recent_changed.emit()


def fresh_experiment() -> Experiment:
    """What "New" gives: Rosenbrock, a contender that crawls and one that arrives."""
    experiment = Experiment(problem=PROBLEMS["rosenbrock"](), steps=2000)
    for rule, rate in (("sgd", 0.001), ("adam", 0.05)):
        contender = edits.new_contender(experiment, rule)
        contender = replace(contender, optimizer=replace(contender.optimizer, lr=rate))
        experiment = edits.with_added(experiment, contender, len(experiment.contenders))
    return experiment


def safe_name(name: str) -> str:
    """A title as a file name."""
    kept = "".join(c if c.isalnum() or c in " -_." else "-" for c in name).strip(" .")
    return kept[:80] or "experiment"
