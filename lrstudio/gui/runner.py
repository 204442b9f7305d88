"""Runs for the window: starts, coalesces and stops them, and never blocks."""

import re

from PySide6.QtCore import QObject, QThread, QTimer, Signal

from lrstudio.core import Refused
from lrstudio.engine import Experiment, plan
from lrstudio.gui.gate import Gate
from lrstudio.gui.same_numbers import same_numbers
from lrstudio.gui.worker import Job, Worker

PATIENCE_MS = 60
"""How long a newer request waits for the run before it, so that a dragged slider shows something
at least this often however fast the drag is."""


class Runner(QObject):
    """Owns the worker thread. One run at a time; the newest request wins."""

    started = Signal(object)
    """The job that has begun."""
    ended = Signal(object)
    """The job that came to its end or was stopped; never one that a newer request replaced."""
    failed = Signal(str)
    """A sentence why a run could not be made."""
    _requested = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.gate = Gate()
        self.job: Job | None = None
        self._pending: Experiment | None = None
        self._last_id = 0
        self._thread = QThread(self)
        self._thread.setObjectName("worker")
        self._worker = Worker(self.gate)
        self._worker.moveToThread(self._thread)
        self._requested.connect(self._worker.on_requested)
        self._worker.ended.connect(self.on_worker_ended)
        self._thread.finished.connect(self._worker.deleteLater)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.on_patience_timeout)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether a run is under way."""
        return self.job is not None and self.job.ended_at is None

    @property
    def is_busy(self) -> bool:
        """Whether a run is under way or waits for the one before it."""
        return self.is_running or self._pending is not None

    def request(self, experiment: Experiment) -> None:
        """Run an experiment as soon as possible; replaces a run under way."""
        self._pending = experiment
        if not self.is_running:
            self._start_pending()
        elif not self._patience.isActive():
            self._patience.start()

    def relabel(self, experiment: Experiment) -> None:
        """Only names, colours or words changed: the run under way, or next, is that of these."""
        if self._pending is not None and same_numbers(self._pending, experiment):
            self._pending = experiment
        if self.job is not None and same_numbers(self.job.plan.experiment, experiment):
            self.job.relabel(experiment)

    def stop(self) -> None:
        """End the run under way; what it has computed stays."""
        self._pending = None
        self._patience.stop()
        if self.job is not None:
            self.job.cancelled.set()

    def discard(self) -> None:
        """End the run under way and forget it; its end is not announced."""
        self.stop()
        if self.job is not None:
            self.job.is_wanted = False
        self.job = None

    def shut_down(self) -> None:
        """Stop and wait for the thread; call before the window is destroyed."""
        self.discard()  # its end may still be on the way, and finds nobody
        self._thread.quit()
        self._thread.wait()

    def on_patience_timeout(self) -> None:
        """The run before has had its time."""
        if self._pending is not None:
            self._start_pending()

    def on_worker_ended(self, job: Job) -> None:
        """A run is over; a late one that was replaced is dropped."""
        if job is not self.job:
            return
        if job.error:
            self.failed.emit(job.error)
        self.ended.emit(job)
        if self._pending is not None:
            self._start_pending()

    def _start_pending(self) -> None:
        experiment, self._pending = self._pending, None
        assert experiment is not None
        self._patience.stop()
        if self.job is not None:
            self.job.is_wanted = False
            self.job.cancelled.set()
        self._last_id += 1
        try:
            self.job = Job(self._last_id, plan(experiment))
        except Refused as refused:
            self.failed.emit(f"This race cannot be run: {_said_of(refused, experiment)}.")
            return
        except MemoryError:
            self.failed.emit("There is not enough memory for this run; use fewer steps or starts.")
            return
        self.started.emit(self.job)
        # Queued whatever the threads, so that `started` is heard before the first step.
        self._requested.emit(self.job)


def _said_of(refused: Refused, experiment: Experiment) -> str:
    """The sentence, with the name of the contender that it is about instead of its place."""
    place = re.match(r"contenders\[(\d+)\]", refused.path)
    name = f"{experiment.contenders[int(place[1])].name}: " if place else ""
    return f"{name}{refused.sentence}" if name else str(refused)
