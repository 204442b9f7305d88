"""Pulls the growing run onto the screen at display rate.

The worker announces nothing per step; a timer looks at what there is. A new run takes the place
of the old pictures when it has ended, or after a moment if it is long, so that nothing flickers
while a slider is dragged.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from lrstudio.engine import Experiment
from lrstudio.gui.play_head import PlayHead
from lrstudio.gui.plot_deck import PlotDeck
from lrstudio.gui.runner import Runner
from lrstudio.gui.same_numbers import same_numbers
from lrstudio.gui.worker import Job

FRAME_MS = 33
"""Time between two frames while a run grows."""
PATIENCE_SECONDS = 0.05
"""Age at which a run that is still going on replaces the one before it on the screen."""


class Display(QObject):
    """Shows the runner's job in the plots and moves the play-head's range."""

    displayed = Signal(object)
    """The job of which a frame was drawn."""

    def __init__(
        self, runner: Runner, deck: PlotDeck, play_head: PlayHead, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._deck = deck
        self._play_head = play_head
        self._job: Job | None = None
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self.on_timer_timeout)
        runner.started.connect(self.on_runner_started)
        runner.ended.connect(self.on_runner_ended)

    @property
    def job(self) -> Job | None:
        """The run on the screen."""
        return self._job

    def stop(self) -> None:
        """No more frames."""
        self._timer.stop()

    def clear(self) -> None:
        """Take the run off the screen."""
        self._timer.stop()
        self._job = None
        self._deck.show_trajectory(None)
        self._play_head.pause()
        self._play_head.set_range(0, 0)

    def relabel(self, experiment: Experiment) -> None:
        """Only names, colours or words changed: show the same numbers under the new ones."""
        job = self._job
        if job is None or not same_numbers(job.plan.experiment, experiment):
            return
        is_drawn = job.plan.experiment.contenders == experiment.contenders
        job.relabel(experiment)
        if not is_drawn:
            self._deck.show_trajectory(job.trajectory)
            self._deck.set_step(self._play_head.step)

    def on_runner_started(self, job: Job) -> None:
        """A run has begun: look at it from now on."""
        self._timer.start()

    def on_runner_ended(self, job: Job) -> None:
        """A run is over: show its end."""
        if not self._runner.is_running:
            self._timer.stop()
        job.name_results()  # they may have been renamed while it ran
        self._show(job)

    def on_timer_timeout(self) -> None:
        """Time for a frame."""
        job = self._runner.job
        if job is not None and (job is self._job or job.seconds > PATIENCE_SECONDS):
            with self._runner.gate.closed():
                self._show(job)
                self._deck.paint_now()

    def _show(self, job: Job) -> None:
        trajectory = job.trajectory
        if trajectory.rows == 0 and job.plan.lanes:
            return
        if job is self._job:
            self._deck.refresh()
        else:
            self._job = job
            self._deck.show_trajectory(trajectory)
        end = job.plan.experiment.steps if job.plan.lanes else 0
        self._play_head.set_range(end, max(trajectory.reached, 0), job.plan.steps_per_epoch)
        self._deck.set_step(self._play_head.step)
        self.displayed.emit(job)
