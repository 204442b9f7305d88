"""The form with what the whole run shares: steps or epochs, noise, tolerance."""

from typing import Any

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from lrstudio.core import Refused
from lrstudio.core.epochs import epochs_text
from lrstudio.engine import Experiment, edits
from lrstudio.engine.curvature_cost import CurvatureClock
from lrstudio.gui.form_rows import NumberRow
from lrstudio.gui.forms import ParameterForm


class RunForm(ParameterForm):
    """Fields of the experiment itself; epochs and metrics only where the problem has examples."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before: Experiment | None = None
        """What a gesture that edits the epochs began with."""
        self._clock = CurvatureClock()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the fields, and the steps in epochs."""
        per_epoch = experiment.steps_per_epoch
        self.set_steps_per_epoch(per_epoch)
        self.show_config(experiment)
        self.row("metrics_every").setVisible(bool(experiment.problem.metrics))
        row = self._epochs()
        row.setVisible(per_epoch is not None)
        if per_epoch is not None:
            whole = max(1, round(experiment.steps / per_epoch))
            row.offer(epochs_text(experiment.steps, per_epoch).split()[0], whole)

    def show_cost(self, experiment: Experiment) -> None:
        """Say below the curvature's field how long measuring it will take."""
        cost = self._clock.cost(experiment)
        row = self.row("curvature_every")
        assert isinstance(row, NumberRow)
        row.say(cost.sentence if cost and cost.is_noticeable else "")

    def changed(
        self, experiment: Experiment, name: str, value: Any, is_going_on: bool
    ) -> Experiment | None:
        """The experiment with a field edited; None where it cannot be, which is then said."""
        if name == "steps":
            return edits.with_steps(experiment, value)
        if name != "epochs":
            return replace(experiment, **{name: value})
        before = self._before or experiment
        self._before = before if is_going_on else None
        if value == before.epochs:  # typing came back to where it began, and so do the steps
            return replace(experiment, epochs=value, steps=before.steps)
        try:
            return edits.with_epochs(experiment, value)
        except Refused as refused:
            self._epochs().field.refuse(refused.sentence)
            return None

    def _epochs(self) -> NumberRow:
        row = self.row("epochs")
        assert isinstance(row, NumberRow)
        return row
