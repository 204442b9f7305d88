"""The thread that computes. It knows nothing of the window but a gate and an event."""

import logging
import threading
from time import monotonic

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal, Slot

from lrstudio.engine import Experiment, Plan, Result, Trajectory, results, simulate
from lrstudio.gui.gate import Gate

_log = logging.getLogger(__name__)


class Job:
    """One run that was asked for: its plan, its growing trajectory, what came out."""

    def __init__(self, run_id: int, plan: Plan) -> None:
        self.run_id = run_id
        self.plan = plan
        self.trajectory = Trajectory(plan)
        self.results: tuple[Result, ...] = ()
        self.error = ""
        self.is_wanted = True
        """False once a newer request has replaced it: nobody will look at its results."""
        self.cancelled = threading.Event()
        self.started_at = monotonic()
        self.ended_at: float | None = None

    @property
    def seconds(self) -> float:
        """Time since it was started, or that it took."""
        return (self.ended_at or monotonic()) - self.started_at

    def relabel(self, experiment: Experiment) -> None:
        """Take over names, colours, title and notes of an experiment with the same numbers."""
        self.plan = self.trajectory.plan = replace(self.trajectory.plan, experiment=experiment)
        if self.ended_at is not None:  # else the worker may be about to set the results
            self.name_results()

    def name_results(self) -> None:
        """Let the results be those of the contenders as they are called now."""
        contenders = self.plan.experiment.contenders
        self.results = tuple(
            replace(row, contender=contenders[row.contender_index]) for row in self.results
        )


class Worker(QObject):
    """Lives in the worker thread and runs one job after the other."""

    ended = Signal(object)
    """The job whose last step was computed, or that was cancelled or failed."""

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self._gate = gate

    @Slot(object)
    def on_requested(self, job: Job) -> None:
        """Run a job until its end or until it is cancelled."""
        try:
            self._run(job)
        except MemoryError:
            job.error = (
                "There is not enough memory for this run; use fewer steps, starts or repeats."
            )
        except Exception as error:  # noqa: BLE001 - a defect in a rule must not end the thread
            _log.exception("a run failed")
            job.error = f"The run failed: {error}"
        job.ended_at = monotonic()
        self.ended.emit(job)

    def _run(self, job: Job) -> None:
        for _ in simulate(job.plan, job.trajectory, is_over=job.cancelled.is_set):
            if job.cancelled.is_set():
                break
            self._gate.wait()
        if job.is_wanted:
            job.results = results(job.trajectory)
