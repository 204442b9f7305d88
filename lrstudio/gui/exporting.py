"""Data and pictures out of the window: asked for here, written in a thread of their own."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtWidgets  # which makes the type of a dialog when it is named: not at start
from PySide6.QtCore import QObject, Qt, QThread, Signal
from PySide6.QtWidgets import QMainWindow

from lrstudio.engine import Trajectory
from lrstudio.gui import messages
from lrstudio.gui.plot_deck import PlotDeck
from lrstudio.gui.settings import Settings
from lrstudio.storage.errors import StorageError
from lrstudio.storage.saver import save_bytes

if TYPE_CHECKING:
    from lrstudio.gui.export_dialog import PictureRequest

# What writes is imported where it is used: it would cost every start a tenth of its time.
# ruff: noqa: PLC0415
_log = logging.getLogger(__name__)
Work = Callable[[Callable[[float], None]], None]


class Cancelled(Exception):
    """The user gave the export up."""


class Exporting(QObject):
    """Asks where to, writes, and says what was written or why not."""

    def __init__(self, deck: PlotDeck, settings: Settings, window: QMainWindow) -> None:
        super().__init__(window)
        self._deck = deck
        self._settings = settings
        self._window = window
        self._task: _Task | None = None
        self._bar: QtWidgets.QProgressDialog | None = None

    def export_data(self) -> None:
        """Write all recorded steps as CSV with a sidecar."""
        from lrstudio.storage.exporters import save_data
        from lrstudio.storage.metric_tables import metrics_path

        trajectory = self._trajectory("data")
        if trajectory is None:
            return
        path = self._ask_file("Export Data", "results.csv", "Tables (*.csv)")
        if path is None:
            return

        def write(progress: Callable[[float], None]) -> None:
            save_data(path, trajectory, progress)

        with_metrics = trajectory.plan.measured_every > 0
        tables = f"{path.name}, {metrics_path(path).name}" if with_metrics else path.name
        self._begin(write, f"Wrote {tables} and a description")

    def export_pictures(self) -> None:
        """Write some plots, or all."""
        self._ask_for_pictures(None)

    def export_picture(self, plot: str) -> None:
        """Write one plot, as its menu asks."""
        self._ask_for_pictures(plot)

    def shut_down(self) -> None:
        """Give up what is being written and wait; a half-written file never replaces a good one."""
        if self._task is not None:
            self._task.requestInterruption()
            self._task.wait()

    def on_task_progressed(self, share: float) -> None:
        """Another part is written."""
        if self._bar is not None:
            self._bar.setValue(round(100 * share))

    def on_task_finished(self) -> None:
        """It is written, or it is not."""
        task, self._task = self._task, None
        bar, self._bar = self._bar, None
        if bar is not None:
            bar.reset()
            bar.deleteLater()
        if task is None:
            return
        if task.error:
            messages.tell(self._window, "Cannot Export", task.error)
        else:
            self._window.statusBar().showMessage(task.outcome, 8000)
        task.deleteLater()

    def on_cancelled(self) -> None:
        """The user gives it up."""
        if self._task is not None:
            self._task.requestInterruption()

    def _ask_for_pictures(self, plot: str | None) -> None:
        from lrstudio.gui.export_dialog import ExportDialog

        trajectory = self._trajectory("pictures")
        if trajectory is None:
            return
        dialog = ExportDialog(self._deck, plot, self._window)
        is_accepted = dialog.exec() == ExportDialog.DialogCode.Accepted
        request = dialog.request()
        dialog.deleteLater()
        if is_accepted and request.plots:
            self._write_pictures(request)

    def _write_pictures(self, request: "PictureRequest") -> None:
        from lrstudio.gui.drawings import drawing

        suffix = request.format.suffix
        if len(request.plots) == 1:
            kinds = f"{request.format.title} (*{suffix})"
            path = self._ask_file("Export Picture", request.plots[0] + suffix, kinds)
            paths = [path] if path else []
        else:
            folder = QtWidgets.QFileDialog.getExistingDirectory(
                self._window, "Export Pictures To", self._settings.folder
            )
            paths = [Path(folder) / f"{name}{suffix}" for name in request.plots] if folder else []
            if not messages.may_replace(self._window, paths):
                return
        if not paths:
            return
        self._settings.folder = str(paths[0].parent)
        # What is on the screen is noted here, in the thread of the plots; drawing it takes time.
        drawings = [drawing(self._deck, name, request.is_dark) for name in request.plots]

        def write(progress: Callable[[float], None]) -> None:
            for i, (path, draw) in enumerate(zip(paths, drawings, strict=True)):
                save_bytes(path, request.format.render(draw(), request.scale))
                progress((i + 1) / len(paths))

        names = paths[0].name if len(paths) == 1 else f"{len(paths)} pictures"
        self._begin(write, f"Wrote {names} to {paths[0].parent}")

    def _trajectory(self, what: str) -> Trajectory | None:
        trajectory = self._deck.trajectory
        if self._task is not None:
            messages.tell(self._window, "Cannot Export", "Another export is still being written.")
            return None
        if trajectory is None or trajectory.rows == 0:
            messages.tell(
                self._window, "Nothing to Export", f"Press Run first: there are no {what} yet."
            )
            return None
        return trajectory

    def _ask_file(self, title: str, name: str, kinds: str) -> Path | None:
        proposed = str(Path(self._settings.folder) / name)
        chosen, _ = QtWidgets.QFileDialog.getSaveFileName(self._window, title, proposed, kinds)
        if not chosen:
            return None
        self._settings.folder = str(Path(chosen).parent)
        return messages.completed(self._window, chosen, Path(name).suffix)

    def _begin(self, work: Work, outcome: str) -> None:
        self._task = _Task(work, outcome, self)
        self._bar = QtWidgets.QProgressDialog("Writing…", "Cancel", 0, 100, self._window)
        self._bar.setObjectName("export_progress")
        self._bar.setWindowModality(Qt.WindowModality.WindowModal)
        self._bar.setMinimumDuration(600)
        self._bar.setAutoClose(False)
        self._bar.setAutoReset(False)
        self._bar.canceled.connect(self.on_cancelled)
        self._task.progressed.connect(self.on_task_progressed)
        self._task.finished.connect(self.on_task_finished)
        self._task.start()


class _Task(QThread):
    """Writes files outside the window's thread."""

    progressed = Signal(float)

    def __init__(self, work: Work, outcome: str, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("export")
        self._work = work
        self.outcome = outcome
        self.error = ""

    def run(self) -> None:
        try:
            self._work(self._progress)
        except Cancelled:
            self.outcome = "Export cancelled; existing files are as they were"
        except StorageError as error:
            self.error = str(error)
        except MemoryError:
            self.error = "There is not enough memory for this picture; choose a smaller scale."
        except Exception as error:  # noqa: BLE001 - it must not look as if it had been written
            _log.exception("an export failed")
            self.error = f"The export failed: {error}"

    def _progress(self, share: float) -> None:
        if self.isInterruptionRequested():
            raise Cancelled
        self.progressed.emit(share)
