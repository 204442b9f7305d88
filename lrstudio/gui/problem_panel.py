"""The problem dock: which function, from where, for how long, with how much noise."""

from typing import Any

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lrstudio.core import DISTURBANCES, PROBLEMS, Problem, Refused, parameters
from lrstudio.core.data_problem import DataProblem
from lrstudio.core.declaration import identifier
from lrstudio.core.disturbance import MOST_DISTURBANCES
from lrstudio.core.problems.own_formula import OwnFormula
from lrstudio.core.typed_formula import read
from lrstudio.engine import Experiment, edits
from lrstudio.gui import theme
from lrstudio.gui.config_stack import Configs, ConfigStack
from lrstudio.gui.document import Document
from lrstudio.gui.folded_form import FoldedForm
from lrstudio.gui.help_mark import mark_beside
from lrstudio.gui.panel_parts import (
    column,
    described,
    in_sentence,
    note,
    scrolled,
    section_title,
    take,
)
from lrstudio.gui.parameter_texts import wrapped
from lrstudio.gui.problem_box import ProblemBox
from lrstudio.gui.problem_preview import ProblemPreview
from lrstudio.gui.run_form import RunForm
from lrstudio.gui.seeds_editor import SeedsEditor
from lrstudio.gui.starts_editor import StartsEditor

_SHORT = 6
"""Parameters of a function that need not be folded; models have more."""
_DISTURBANCES_TIP = (
    "What comes between the function and the rules, besides the gradient noise above: more kinds "
    "of noise, and an optimum that moves. Several may be combined, in any order."
)


class ProblemPanel(QWidget):
    """Shows and edits everything of the document that all contenders share."""

    reference_requested = Signal(object)
    """The class whose page of the reference is wanted."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._shown: Experiment | None = None
        self._before: Experiment | None = None
        """What a gesture that edits the problem began with."""
        self._constants: dict[str, float] = {}
        """Values of names that were in the formula, should they come back while it is typed."""
        self._box = ProblemBox()
        self._help = mark_beside(self._box)
        self._preview = ProblemPreview()
        self._problem_form = FoldedForm("problem", short=_SHORT)
        self._complaint = note()
        self._complaint.setObjectName("problem_complaint")
        self._complaint.setProperty("role", "error")
        self._complaint.hide()
        self._starts = StartsEditor(document)
        self._run_form = RunForm()
        self._disturbances = ConfigStack(
            "disturbance", DISTURBANCES, MOST_DISTURBANCES, is_ordered=False
        )
        self._disturbances.setToolTip(wrapped(_DISTURBANCES_TIP))
        self._seeds = SeedsEditor(document)
        column(self, 0).addWidget(scrolled(self._make_content(), "problem_scroll_area"))
        self._box.chosen.connect(self.on_function_chosen)
        self._help.requested.connect(self.reference_requested)
        self._problem_form.edited.connect(self.on_problem_edited)
        self._run_form.edited.connect(self.on_run_edited)
        self._disturbances.edited.connect(self.on_disturbances_edited)
        self._disturbances.reference_requested.connect(self.reference_requested)
        document.changed.connect(self.on_document_changed)
        document.opened.connect(self.on_document_opened)
        self.on_document_changed(None, document.experiment)

    def on_document_changed(self, old: Experiment | None, new: Experiment) -> None:
        """Show what is another one than before."""
        shown, self._shown = self._shown, new
        if shown is None or new.problem is not shown.problem:
            self._show_problem(new.problem)
            self._seeds.show_experiment(new)
        self._starts.show_experiment(new)
        if shown is None or _course(new) != _course(shown):
            self._run_form.show_experiment(new)
            self._disturbances.set_steps_per_epoch(new.steps_per_epoch)
            self._disturbances.show_configs(new.disturbances)
            self._seeds.show_experiment(new)
        self._run_form.show_cost(new)

    def on_document_opened(self) -> None:
        """Nothing of another document is remembered."""
        self._constants.clear()

    def declaration_at(self, widget: QWidget | None) -> type[msgspec.Struct] | None:
        """The disturbance, the data or the function, where a widget of the panel is asked for."""
        disturbance = self._disturbances.declaration_at(widget)
        if disturbance is not None:
            return disturbance
        if widget is None or not self.isAncestorOf(widget):
            return None
        problem = self._document.experiment.problem
        if isinstance(problem, DataProblem) and self._problem_form.row("data").isAncestorOf(widget):
            return type(problem.data)
        return type(problem)

    def on_function_chosen(self, function: str) -> None:
        """Another function was chosen."""
        old = self._document.experiment.problem
        chosen = PROBLEMS[function]
        if chosen is type(old):
            return
        new = self._with_problem(edits.like(old, chosen))
        if new is None:
            self._box.show_id(identifier(type(old)))
        else:
            self._document.edit(f"Change problem to {described(chosen).title}", new)

    def on_problem_edited(self, name: str, value: Any, is_going_on: bool) -> None:
        """A parameter of the function was edited."""
        experiment = self._document.experiment
        if self._before is None:
            self._before = experiment
        new = self._with_problem(self._edited(experiment.problem, name, value))
        if new is None and not is_going_on:  # nor is what was typed on the way
            new = self._before
            self._problem_form.show_config(new.problem)
        if new is not None:
            text = f"Change {_label(type(experiment.problem), name)}"
            take(self._document, text, new, f"problem {name}", is_going_on)
        if not is_going_on:
            self._before = None

    def on_run_edited(self, name: str, value: Any, is_going_on: bool) -> None:
        """Steps, epochs, noise or tolerance were edited."""
        new = self._run_form.changed(self._document.experiment, name, value, is_going_on)
        if new is not None:
            take(self._document, f"Change {_label(Experiment, name)}", new, name, is_going_on)

    def _with_problem(self, problem: Problem) -> Experiment | None:
        """The experiment with another problem; None, and a complaint, if that cannot be had."""
        try:
            new = edits.with_problem(self._document.experiment, problem)
        except Refused as refused:
            sentence = str(refused)
            self._complaint.setText(f"{sentence[:1].upper()}{sentence[1:]}.")
            self._complaint.show()
            return None
        self._complaint.hide()
        return new

    def on_disturbances_edited(
        self, disturbances: Configs, text: str, merge_key: str, is_going_on: bool
    ) -> None:
        """What comes between the function and the rules was changed."""
        new = replace(self._document.experiment, disturbances=disturbances)
        if merge_key:
            take(self._document, text, new, merge_key, is_going_on)
        else:
            self._document.edit(text, new)

    def _edited(self, problem: Problem, name: str, value: Any) -> Problem:
        if not isinstance(problem, OwnFormula):
            return replace(problem, **{name: value})
        if name == "formula":
            self._constants |= dict(problem.constants)
            needed = read(value).constants
            known = tuple((n, self._constants[n]) for n in needed if n in self._constants)
            return replace(problem, formula=value, constants=known)
        return replace(problem, **{name: value})

    def _show_problem(self, problem: Problem) -> None:
        self._box.show_id(identifier(type(problem)))
        self._help.show_declaration(type(problem))
        self._box.setWhatsThis(self._help.whatsThis())
        self._preview.show_problem(problem)
        with QSignalBlocker(self._problem_form):  # a row of the old function may lose the focus
            self._problem_form.show_config(problem)
        self._problem_form.set_idle(problem.idle_parameters)
        self._problem_form.setHidden(self._problem_form.is_empty())

    def _make_content(self) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(theme.SPACING, theme.SPACING // 2, theme.SPACING, theme.SPACING)
        layout.setSpacing(theme.SPACING)
        choice = QHBoxLayout()
        choice.setSpacing(4)
        choice.addWidget(self._box, 1)
        choice.addWidget(self._help)
        layout.addLayout(choice)
        layout.addWidget(self._preview)
        layout.addWidget(self._problem_form)
        layout.addWidget(self._complaint)
        layout.addSpacing(theme.SPACING)
        layout.addWidget(section_title("Run"))
        layout.addWidget(self._run_form)
        layout.addSpacing(theme.SPACING)
        layout.addWidget(section_title("Noise and change"))
        layout.addWidget(self._disturbances)
        layout.addWidget(self._seeds)
        layout.addSpacing(theme.SPACING)
        layout.addWidget(self._starts)  # last: there may be many
        layout.addStretch(1)
        return content


def _course(experiment: Experiment) -> tuple[Any, ...]:
    """What the form of the run, the disturbances and the seeds show."""
    fields = (getattr(experiment, known.name) for known in parameters(Experiment))
    rest = experiment.steps_per_epoch, experiment.disturbances, experiment.seeds
    return *fields, *rest


def _label(cls: type[Any], name: str) -> str:
    return in_sentence(next(p.label for p in parameters(cls) if p.name == name))
