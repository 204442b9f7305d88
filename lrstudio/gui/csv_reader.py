"""Reads a data file beside the window: a large one takes seconds."""

import logging
import threading
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal, Slot

from lrstudio.storage.csv_reading import Found, NotTable, Wishes, read
from lrstudio.storage.csv_reading.records import Stopped
from lrstudio.storage.errors import StorageError
from lrstudio.storage.own_tables import file_bytes

_log = logging.getLogger(__name__)


class Request:
    """A file and how it is to be read; then what was found in it, or why it cannot be read."""

    def __init__(self, path: Path, wishes: Wishes) -> None:
        self.path = path
        self.wishes = wishes
        self.found: Found | None = None
        self.error = ""
        self.size = 0
        """Bytes of the file."""
        self._dropped = threading.Event()

    def is_wanted(self) -> bool:
        """Whether somebody still waits for it."""
        return not self._dropped.is_set()

    def drop(self) -> None:
        """Nobody waits for it any more."""
        self._dropped.set()


class TableReader(QObject):
    """Owns the thread that reads; the newest request wins."""

    ended = Signal(object)
    """The newest request, answered."""
    _requested = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._latest: Request | None = None
        self._thread = QThread(self)
        self._thread.setObjectName("table_reader")
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._requested.connect(self._worker.on_requested)
        self._worker.ended.connect(self.on_worker_ended)
        self._thread.finished.connect(self._worker.deleteLater)
        self._thread.start()

    def read(self, path: Path, wishes: Wishes) -> None:
        """Read a file; `ended` says when."""
        self._drop_latest()
        self._latest = Request(path, wishes)
        self._requested.emit(self._latest)

    def shut_down(self) -> None:
        """Stop and wait for the thread; call before the dialog is destroyed."""
        self._drop_latest()
        self._thread.quit()
        self._thread.wait()

    def on_worker_ended(self, request: Request) -> None:
        """A file was read; one that was replaced by a newer request is dropped."""
        if request is self._latest:
            self.ended.emit(request)

    def _drop_latest(self) -> None:
        if self._latest is not None:
            self._latest.drop()
        self._latest = None


class _Worker(QObject):
    """Lives in the reading thread; keeps the bytes, so that another wish reads the same ones."""

    ended = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._path: Path | None = None
        self._data = b""

    @Slot(object)
    def on_requested(self, request: Request) -> None:
        """Answer a request."""
        try:
            self._answer(request)
        except Stopped:
            return
        except (StorageError, NotTable) as error:
            request.error = str(error)
        except MemoryError:
            request.error = "There is not enough memory for this table; open a part of it"
        except Exception as error:  # noqa: BLE001 - a defect must not end the thread
            _log.exception("a table could not be read")
            request.error = f"The file cannot be read: {error}"
        self.ended.emit(request)

    def _answer(self, request: Request) -> None:
        if request.path != self._path:
            self._data = file_bytes(request.path)
            self._path = request.path
        request.size = len(self._data)
        if request.is_wanted():
            request.found = read(self._data, request.wishes, request.is_wanted)
