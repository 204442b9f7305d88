"""The start points: where the runs of every contender begin."""

import numpy as np
from msgspec.structs import replace
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lrstudio.core import Problem
from lrstudio.core.problem import Point
from lrstudio.engine import Experiment, edits
from lrstudio.gui import theme
from lrstudio.gui.document import Document
from lrstudio.gui.panel_parts import INDENT, column, note, section_title, small_button, take
from lrstudio.gui.start_rows import MOST_FIELDS, StartRow
from lrstudio.gui.tab_order import put_in_order

RANDOM_STARTS = 5
_MOST_WEIGHTS = 20
"""Of a model whose start is typed; a function may have more coordinates, which are one line."""
_MOST_ROWS = 40
"""A file may hold ten thousand starts: widgets for all of them would stop the window."""


class StartsEditor(QWidget):
    """A row per start; without any, the problem's own start is shown and named so."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._problem: Problem | None = None
        self._starts: tuple[Point, ...] | None = None
        self._rows: list[StartRow] = []
        self._row_layout = QVBoxLayout()
        self._row_layout.setSpacing(theme.SPACING // 2)
        self._note = note()
        self._note.setObjectName("starts_note")
        self._note.setContentsMargins(INDENT, 0, 0, 0)
        layout = column(self, theme.SPACING // 2)
        layout.addWidget(section_title("Start points"))
        layout.addLayout(self._row_layout)
        layout.addWidget(self._note)
        layout.addLayout(self._make_buttons())

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the starts, if these or the problem are others than before."""
        if experiment.problem is self._problem and experiment.starts is self._starts:
            return
        is_typed = not _is_model(experiment.problem)
        if self._problem is None or not _same_coordinates(experiment.problem, self._problem):
            self._drop_rows(0)
        self._problem, self._starts = experiment.problem, experiment.starts
        # A model's own start is not asked for: it has as many numbers as the model has weights.
        points = experiment.starts or ((experiment.problem.start,) if is_typed else ())
        shown = points[:_MOST_ROWS] if is_typed else ()
        self._drop_rows(len(shown))
        if len(self._rows) < len(shown):
            self._add_rows(len(shown))
        for row, point in zip(self._rows, shown, strict=True):
            row.show_point(point, is_removable=bool(experiment.starts))
        self._default_button.setEnabled(bool(experiment.starts))
        self._default_button.setVisible(is_typed or bool(experiment.starts))
        for button in self._add_buttons:
            button.setVisible(is_typed)
        if is_typed:
            self._show_note(len(points))
        else:
            self._note.setText(model_start(experiment.problem, len(experiment.starts)))
            self._note.show()

    def on_row_edited(self, number: int, point: Point, is_going_on: bool) -> None:
        """A start was moved by typing."""
        new = edits.with_start(self._document.experiment, number, point)
        if new.starts == (new.problem.start,):
            new = replace(new, starts=())  # typed back, so it is the default again
        take(self._document, "Move start", new, f"start {number}", is_going_on)

    def on_row_remove_asked(self, number: int) -> None:
        """A start is to go; after the last one the problem's own start is used again."""
        experiment = self._document.experiment
        starts = experiment.starts[:number] + experiment.starts[number + 1 :]
        self._document.edit("Remove start", replace(experiment, starts=starts))

    def add_random(self, count: int = 1) -> None:
        """Add random points of the domain; the starts that are shown stay."""
        experiment = self._document.experiment
        starts = experiment.starts or (experiment.problem.start,)
        starts += random_points(experiment.problem, count, seed=len(starts))
        text = "Add start" if count == 1 else f"Add {count} random starts"
        self._document.edit(text, replace(experiment, starts=starts))

    def go_to_default(self) -> None:
        """Start where the problem suggests."""
        new = replace(self._document.experiment, starts=())
        self._document.edit("Go back to default start", new)

    def _make_buttons(self) -> QHBoxLayout:
        add = small_button("add_start", "Add", "plus", "Add a start point somewhere in the domain")
        many = small_button(
            "random_starts",
            f"{RANDOM_STARTS} random",
            "plus",
            f"Add {RANDOM_STARTS} random start points, the same ones each time",
        )
        self._default_button = small_button(
            "default_start", "Default", "", "Start where the problem suggests"
        )
        add.clicked.connect(self.on_add_clicked)
        many.clicked.connect(self.on_random_clicked)
        self._default_button.clicked.connect(self.go_to_default)
        self._add_buttons = (add, many)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACING // 2)
        for button in (add, many, self._default_button):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def on_add_clicked(self) -> None:
        """One more start."""
        self.add_random(1)

    def on_random_clicked(self) -> None:
        """Several more starts."""
        self.add_random(RANDOM_STARTS)

    def _add_rows(self, count: int) -> None:
        """Add rows up to a number of them."""
        assert self._problem is not None
        for number in range(len(self._rows), count):
            row = StartRow(number, self._problem, self)
            row.edited.connect(self.on_row_edited)
            row.remove_asked.connect(self.on_row_remove_asked)
            self._rows.append(row)
            self._row_layout.addWidget(row)
            row.show()  # at once, not only when the event loop comes round
        put_in_order(self, self._rows)

    def _drop_rows(self, count: int) -> None:
        """Keep the first `count` rows."""
        for row in self._rows[count:]:
            row.blockSignals(True)  # a field that loses the focus now speaks of a point long gone
            self._row_layout.removeWidget(row)
            row.setParent(None)
            row.deleteLater()
        del self._rows[count:]

    def _show_note(self, count: int) -> None:
        if not self._starts:
            self._note.setText("Default. Type, or drag it on the landscape.")
        elif count > _MOST_ROWS:
            self._note.setText(f"… and {count - _MOST_ROWS:,} more".replace(",", "\u2009"))
        self._note.setVisible(not self._starts or count > _MOST_ROWS)


def model_start(problem: Problem, starts: int) -> str:
    """Where the weights of a model begin, in a sentence; `starts` are those of the experiment."""
    if starts:
        points = "1 start" if starts == 1 else f"{starts:,} starts"
        return f"{points} of the file, {problem.dim:,} numbers each."
    if problem.is_start_drawn:
        return f"Drawn from the seed: all {problem.dim:,} weights, others for each repeat."
    return f"All {problem.dim:,} weights begin at 0."


def _is_model(problem: Problem) -> bool:
    """Whether its start is nothing to be typed: drawn, or of more weights than one can look at."""
    is_large = problem.sampling is not None and problem.dim > _MOST_WEIGHTS
    return problem.is_start_drawn or is_large


def random_points(problem: Problem, count: int, seed: int) -> tuple[Point, ...]:
    """Points of the domain, even over it, with few digits."""
    low, high = np.array(problem.domain).T
    generator = np.random.default_rng(seed)
    points = generator.uniform(low, high, size=(count, problem.dim))
    digits = 2 - np.floor(np.log10(high - low)).astype(int)
    return tuple(
        tuple(float(round(c, d)) for c, d in zip(point.tolist(), digits.tolist(), strict=True))
        for point in points
    )


def _same_coordinates(one: Problem, other: Problem) -> bool:
    if min(one.dim, other.dim) > MOST_FIELDS:
        return one.dim == other.dim
    return type(one) is type(other) and one.dim == other.dim
