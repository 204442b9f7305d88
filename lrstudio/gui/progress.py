"""Progress of a long run in the status bar: how far, and how long still."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from lrstudio.core.epochs import epoch_at
from lrstudio.gui import theme
from lrstudio.gui.worker import Job

SHOWN_AFTER_SECONDS = 0.4
"""Shorter runs are over before a bar would be read."""


class RunProgress(QWidget):
    """A thin bar and a sentence; hidden while nothing runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel(objectName="progress_label")
        self._bar = QProgressBar(objectName="progress_bar", textVisible=False)
        self._bar.setFixedSize(160, 8)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName("Progress of the run")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACING, 0, theme.SPACING, 0)
        layout.addWidget(self._label)
        layout.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.hide()

    def show_job(self, job: Job | None) -> None:
        """Show how far a run is; None or an ended one hides the bar."""
        is_long = job is not None and job.ended_at is None and job.seconds > SHOWN_AFTER_SECONDS
        self.setVisible(is_long)
        if job is None or not is_long:
            return
        total, reached = job.plan.experiment.steps, max(job.trajectory.reached, 0)
        self._bar.setValue(round(1000 * reached / total))
        per_epoch = job.plan.steps_per_epoch
        epoch = f" (epoch {epoch_at(reached, per_epoch)})" if per_epoch else ""
        self._label.setText(f"step {reached:,} of {total:,}{epoch}{time_left(job)}")


def time_left(job: Job) -> str:
    """Remaining time as text, once there is something to judge it by."""
    reached = job.trajectory.reached
    if reached < 1:
        return ""
    seconds = job.seconds * (job.plan.experiment.steps - reached) / reached
    if seconds < 60:
        return f", {max(1, round(seconds))} s left"
    return f", {seconds / 60:.0f} min left" if seconds < 7200 else f", {seconds / 3600:.1f} h left"
