"""Opens experiments beside the window: the data that one refers to may be a large file."""

import logging
import threading
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThread
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QProgressDialog, QWidget

from lrstudio.core.datasets.own import OwnTable
from lrstudio.engine import Experiment
from lrstudio.storage import experiments
from lrstudio.storage.csv_reading.records import Stopped
from lrstudio.storage.errors import StorageError

_PATIENCE_MS = 200
"""Time within which most files are open; nothing is shown for them."""
_log = logging.getLogger(__name__)


class GivenUp(Exception):
    """The user does not want to wait for a file."""


def opened(window: QWidget, path: Path, data: OwnTable | None = None) -> Experiment:
    """The experiment in a file, as `experiments.load` has it.

    The window is painted and shows what it waits for; raises `GivenUp` if the user cancels that.
    """
    opening = _Opening(path, data)
    opening.start()
    if not opening.wait(_PATIENCE_MS):
        _wait_visibly(window, opening)
    opening.wait()
    if opening.is_given_up:
        raise GivenUp
    if opening.error is not None:
        raise opening.error
    assert opening.experiment is not None
    return opening.experiment


def _wait_visibly(window: QWidget, opening: "_Opening") -> None:
    text = f"Reading {opening.path.name} and the data that it learns from…"
    dialog = QProgressDialog(text, "Cancel", 0, 0, window)
    dialog.setObjectName("opening_progress")
    dialog.setWindowTitle("Open")
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setMinimumDuration(0)
    dialog.canceled.connect(opening.give_up)
    opening.finished.connect(dialog.accept)  # heard by the loop of the dialog, also if it is late
    if opening.isRunning():
        dialog.exec()
    QGuiApplication.processEvents()  # the dialog goes before what was opened is drawn
    dialog.deleteLater()


class _Opening(QThread):
    """Reads one file."""

    def __init__(self, path: Path, data: OwnTable | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("opening")
        self.path = path
        self._data = data
        self._given_up = threading.Event()
        self.experiment: Experiment | None = None
        self.error: StorageError | None = None

    @property
    def is_given_up(self) -> bool:
        """Whether the user does not wait for it any more."""
        return self._given_up.is_set()

    def give_up(self) -> None:
        """Nobody waits for it any more."""
        self._given_up.set()

    def is_wanted(self) -> bool:
        """Whether somebody waits for it."""
        return not self.is_given_up

    def run(self) -> None:
        try:
            self.experiment = experiments.load(self.path, self._data, self.is_wanted)
        except Stopped:
            return
        except StorageError as error:
            self.error = error
        except MemoryError:
            self.error = StorageError(
                f"Cannot open {self.path.name}: there is not enough memory for its data; close "
                "other programs, or learn from a part of the table."
            )
        except Exception as error:  # noqa: BLE001 - a defect must not end the program
            _log.exception("a file could not be opened")
            self.error = StorageError(f"Cannot open {self.path.name}: {error}.")
