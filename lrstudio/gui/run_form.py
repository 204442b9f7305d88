"""The form with what the whole run shares: steps or epochs, noise, tolerance."""

from typing import Any

from msgspec.structs import replace

from lrstudio.core import Refused
from lrstudio.core.epochs import epochs_text
from lrstudio.engine import Experiment, edits
from lrstudio.gui.form_rows import NumberRow
from lrstudio.gui.forms import ParameterForm


class RunForm(ParameterForm):
    """Fields of the experiment itself; epochs only where the problem has examples."""

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the fields, and the steps in epochs."""
        per_epoch = experiment.steps_per_epoch
        self.set_steps_per_epoch(per_epoch)
        self.show_config(experiment)
        row = self.row("epochs")
        assert isinstance(row, NumberRow)
        row.setVisible(per_epoch is not None)
        if per_epoch is not None:
            whole = max(1, round(experiment.steps / per_epoch))
            row.offer(epochs_text(experiment.steps, per_epoch).split()[0], whole)

    def changed(self, experiment: Experiment, name: str, value: Any) -> Experiment | None:
        """The experiment with a field edited; None where it cannot be, which is then said."""
        if name == "steps":
            return edits.with_steps(experiment, value)
        if name != "epochs":
            return replace(experiment, **{name: value})
        try:
            return edits.with_epochs(experiment, value)
        except Refused as refused:
            row = self.row(name)
            assert isinstance(row, NumberRow)
            row.field.refuse(refused.sentence)
            return None
