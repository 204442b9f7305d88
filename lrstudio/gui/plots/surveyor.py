"""Heights that take long: computed in a thread of their own, a coarse picture first."""

import logging
import threading

from PySide6.QtCore import QObject, QThread, Signal, Slot

from lrstudio.engine.survey import survey
from lrstudio.gui.gate import Gate
from lrstudio.gui.plots.terrain import Stretch, tidy_levels
from lrstudio.storage.contours import Relief

_log = logging.getLogger(__name__)


class Survey:
    """A stretch whose heights are wanted, and the best picture of it so far."""

    def __init__(self, stretch: Stretch) -> None:
        self.stretch = stretch
        self.cancelled = threading.Event()
        self.found: tuple[Relief, tuple[float, ...]] | None = None
        """Heights, and the levels at which their bands part."""
        self.is_done = False


class SurveyWorker(QObject):
    """Lives in the thread and makes one survey after the other."""

    grown = Signal(object)
    """The survey of which a finer picture is there."""

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self._gate = gate

    @Slot(object)
    def on_requested(self, job: Survey) -> None:
        """Survey until the finest picture or until cancelled."""
        try:
            self._run(job)
        except Exception:  # noqa: BLE001 - a picture less; the thread must go on
            _log.exception("a landscape could not be computed")

    def _run(self, job: Survey) -> None:
        stretch = job.stretch
        for grid in survey(stretch.plane, stretch.x, stretch.y):
            if job.cancelled.is_set():
                return
            if grid is not None:
                relief = Relief(grid, stretch.plane.problem.minimum_value)
                job.found = relief, tidy_levels(relief)
                self.grown.emit(job)
            self._gate.wait()
        job.is_done = True
        self.grown.emit(job)


class Surveyor(QObject):
    """Owns the thread, which does not exist before the first request; the newest one wins."""

    grown = Signal()
    """There is a finer picture of what was asked for last."""
    _requested = Signal(object)

    def __init__(self, gate: Gate, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._gate = gate
        self._job: Survey | None = None
        self._thread: QThread | None = None
        self._worker: SurveyWorker | None = None

    @property
    def job(self) -> Survey | None:
        """What was asked for last."""
        return self._job

    def request(self, stretch: Stretch) -> None:
        """Compute these heights instead of what is under way."""
        self.cancel()
        if self._thread is None:
            self._begin()
        self._job = Survey(stretch)
        self._requested.emit(self._job)

    def cancel(self) -> None:
        """Nobody will look at what is under way."""
        if self._job is not None:
            self._job.cancelled.set()
        self._job = None

    def stop(self) -> None:
        """End the thread and wait for it; call before the plot is destroyed."""
        self.cancel()
        if self._thread is not None:
            self._thread.quit()
            self._thread.wait()
            self._thread = self._worker = None

    def on_worker_grown(self, job: Survey) -> None:
        """A finer picture is there; one that nobody wants any more is dropped."""
        if job is self._job:
            self.grown.emit()

    def _begin(self) -> None:
        self._thread = QThread(self)
        self._thread.setObjectName("surveyor")
        self._worker = SurveyWorker(self._gate)
        self._worker.moveToThread(self._thread)
        self._requested.connect(self._worker.on_requested)
        self._worker.grown.connect(self.on_worker_grown)
        self._thread.finished.connect(self._worker.deleteLater)
        self._thread.start(QThread.Priority.LowPriority)
