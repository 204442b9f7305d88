"""Which noise the runs meet: a first seed, and how many that follow it."""

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from lrstudio.core import Parameter
from lrstudio.engine import Experiment
from lrstudio.gui.document import Document
from lrstudio.gui.form_rows import row_for
from lrstudio.gui.panel_parts import INDENT, column, note, take

MOST_REPEATS = 1000
_LARGEST_SEED = 2**53

SEED = Parameter(
    name="seed",
    kind="integer",
    default=0,
    symbol="",
    label="Seed",
    help="The same seed gives the same noise, batches and initial weights to all contenders.",
    minimum=0,
    maximum=_LARGEST_SEED - MOST_REPEATS,
)
REPEATS = Parameter(
    name="repeats",
    kind="integer",
    default=1,
    symbol="",
    label="Repeats",
    help="Runs of each contender from each start, with the seeds that follow.",
    minimum=1,
    maximum=MOST_REPEATS,
    scale="log",
)


class SeedsEditor(QWidget):
    """Two numbers that stand for seed, seed + 1, …; off while nothing is drawn at random."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._shown: tuple[int, ...] = ()
        self._seed = row_for(SEED)
        self._repeats = row_for(REPEATS)
        self._note = note()
        self._note.setObjectName("seeds_note")
        self._note.setContentsMargins(INDENT, 0, 0, 0)
        layout = column(self)
        for part in (self._seed, self._repeats, self._note):
            layout.addWidget(part)
        self._seed.edited.connect(self.on_seed_edited)
        self._repeats.edited.connect(self.on_repeats_edited)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the seeds, and whether they matter."""
        has_noise = (
            experiment.noise > 0
            or experiment.problem.sampling is not None
            or any(disturbance.is_random for disturbance in experiment.disturbances)
        )
        if experiment.seeds is not self._shown:
            self._shown = experiment.seeds
            self._seed.show_value(experiment.seeds[0], is_other_subject=False)
            self._repeats.show_value(len(experiment.seeds), is_other_subject=False)
        self._seed.setEnabled(has_noise)
        # Repeats that a file or an earlier noise left behind can be taken back.
        self._repeats.setEnabled(has_noise or len(experiment.seeds) > 1)
        self._show_note(has_noise)

    def on_seed_edited(self, seed: int, is_going_on: bool) -> None:
        """Another first seed; as many follow as before."""
        self._edit("Change seed", seed, len(self._shown), is_going_on)

    def on_repeats_edited(self, repeats: int, is_going_on: bool) -> None:
        """More or fewer seeds from the first one on."""
        self._edit("Change repeats", self._shown[0], repeats, is_going_on)

    def _edit(self, text: str, seed: int, repeats: int, is_going_on: bool) -> None:
        experiment = self._document.experiment
        wanted = tuple(range(seed, seed + repeats))
        new = replace(experiment, seeds=_within_bounds(wanted))
        take(self._document, text, new, text, is_going_on)

    def _show_note(self, has_noise: bool) -> None:
        first, count = self._shown[0], len(self._shown)
        if not has_noise:
            text = "Seeds only matter with noise."
        elif self._shown != tuple(range(first, first + count)):
            few = ", ".join(str(seed) for seed in self._shown[:6])
            text = f"Seeds of the file: {few}{', …' if count > 6 else ''}"
        else:
            text = f"Seeds {first} to {first + count - 1}" if count > 1 else ""
        self._note.setText(text)
        self._note.setVisible(bool(text))


def _within_bounds(seeds: tuple[int, ...]) -> tuple[int, ...]:
    """The seeds, moved down where a file's many would pass the largest one."""
    excess = max(0, seeds[-1] - _LARGEST_SEED)
    return tuple(seed - excess for seed in seeds)
