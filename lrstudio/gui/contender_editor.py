"""The editor of one contender: its rule, its schedule, and the learning rate that they make."""

from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from lrstudio.core import (
    FLAVOURS,
    MODIFIERS,
    OPTIMIZERS,
    SCHEDULES,
    Refused,
    Schedule,
    Warmup,
    flavoured,
    parameters,
)
from lrstudio.core.catalogue import catalogue
from lrstudio.core.declaration import identifier
from lrstudio.core.optimizer import MOST_MODIFIERS
from lrstudio.engine import Contender, Experiment, edits
from lrstudio.engine.limits import matrix_shape_of
from lrstudio.gui import theme
from lrstudio.gui.chooser import RuleChooser
from lrstudio.gui.colour_box import ColourBox
from lrstudio.gui.config_stack import Configs, ConfigStack
from lrstudio.gui.document import Document
from lrstudio.gui.flavour_box import FlavourBox
from lrstudio.gui.folded_form import FoldedForm
from lrstudio.gui.forms import ParameterForm
from lrstudio.gui.help_mark import mark_beside
from lrstudio.gui.panel_parts import described, in_sentence, note, section_title, small_button, take
from lrstudio.gui.parameter_texts import wrapped
from lrstudio.gui.rate_preview import RatePreview

_MODIFIERS_TIP = (
    "Every gradient goes through the modifiers from the first to the last, then to the rule; "
    "its step comes back the other way."
)
_CODE_TIP = "Show this contender as a program for PyTorch, Keras or Optax"


class ContenderEditor(QWidget):
    """Shows and edits the contender that was selected."""

    code_requested = Signal()
    """The contender is wanted as a program."""
    reference_requested = Signal(object)
    """The class whose page of the reference is wanted."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._index = 0
        self._subject = 0
        self._shown: Contender | None = None
        self._colour_box = ColourBox()
        self._colour_box.setObjectName("contender_colour")
        self._code_button = small_button("contender_code", "", "code-xml", _CODE_TIP)
        self._code_button.clicked.connect(self.code_requested)
        optimizers, schedules = catalogue("optimizers"), catalogue("schedules")
        self._optimizer_box = RuleChooser(optimizers, "contender_optimizer", "Optimizer")
        self._optimizer_help = mark_beside(self._optimizer_box)
        self._unsuited = _complaint("contender_unsuited")
        self._flavour_box = FlavourBox()
        self._optimizer_form = FoldedForm("optimizer")
        self._modifiers = ConfigStack("modifier", MODIFIERS, MOST_MODIFIERS)
        self._schedule_box = RuleChooser(schedules, "contender_schedule", "Schedule")
        self._schedule_help = mark_beside(self._schedule_box)
        self.preview = RatePreview()
        self._schedule_form = FoldedForm("schedule", kept=2)
        self._refused = _complaint("contender_refused")
        self._nothing_to_cycle = _complaint("contender_nothing_to_cycle")
        self._warmup_box = QCheckBox("Warm-up", objectName="contender_warmup")
        self._warmup_help = mark_beside(self._warmup_box)
        self._warmup_help.show_declaration(Warmup)
        self._warmup_box.setToolTip(self._warmup_help.toolTip())
        self._warmup_form = ParameterForm()
        self._arrange()
        self._colour_box.activated.connect(self.on_colour_activated)
        self._optimizer_box.chosen.connect(self.on_optimizer_chosen)
        self._flavour_box.chosen.connect(self.on_flavour_chosen)
        self._flavour_box.reset_asked.connect(self.on_flavour_reset_asked)
        self._optimizer_form.edited.connect(self.on_optimizer_edited)
        self._modifiers.edited.connect(self.on_modifiers_edited)
        self._modifiers.reference_requested.connect(self.reference_requested)
        self._schedule_box.chosen.connect(self.on_schedule_chosen)
        self._schedule_form.edited.connect(self.on_schedule_edited)
        self._warmup_box.clicked.connect(self.on_warmup_clicked)
        self._warmup_form.edited.connect(self.on_warmup_edited)
        for mark in (self._optimizer_help, self._schedule_help, self._warmup_help):
            mark.requested.connect(self.reference_requested)

    def show_contender(self, index: int, experiment: Experiment, is_other: bool) -> None:
        """Show a contender of the experiment; `is_other` drops what was half typed for one."""
        contender, shown = experiment.contenders[index], self._shown
        self._index = index
        self.show_nothing()  # for now: a row that is taken away may lose the focus and commit
        self._subject += is_other
        self._colour_box.show_slot(contender.colour)
        self.preview.show_contender(contender, experiment.steps)
        for form in (
            *(self._optimizer_form, self._modifiers),
            *(self._schedule_form, self._warmup_form),
        ):
            form.set_steps_per_epoch(experiment.steps_per_epoch)
        is_same = shown is not None and contender.flavour == shown.flavour
        if is_other or not is_same or contender.optimizer is not shown.optimizer:
            self._show_optimizer(contender)
        if shown is None or is_other or contender.schedule is not shown.schedule:
            self._show_schedule(contender.schedule)
        complaint = contender.optimizer.unsuited(matrix_shape_of(experiment.problem))
        self._unsuited.setText(f"{complaint}." if complaint else "")
        self._unsuited.setVisible(complaint is not None)
        self._show_whether_momentum_cycles(contender, experiment.steps)
        self._shown = contender

    def show_nothing(self) -> None:
        """No contender is edited: what a field still has to say is not heard."""
        self._shown = None

    def declaration_at(self, widget: QWidget | None) -> type[msgspec.Struct]:
        """What a widget of the editor is about: the schedule, its warm-up, a modifier, else the
        rule.
        """
        contender = self._contender()
        if _holds((self._warmup_box, self._warmup_form), widget):
            return Warmup
        if _holds((self._schedule_box, self._schedule_form, self.preview), widget):
            return type(contender.schedule)
        return self._modifiers.declaration_at(widget) or type(contender.optimizer)

    def on_colour_activated(self, slot: int) -> None:
        """Another line was chosen."""
        text = f"Change colour of {self._contender().name}"
        self._document.edit(text, self._with(colour=slot))

    def on_optimizer_chosen(self, rule: str) -> None:
        """Another rule was chosen."""
        contender = self._contender()
        if rule == identifier(type(contender.optimizer)):
            return
        title = described(OPTIMIZERS[rule]).title
        new = edits.with_optimizer(self._document.experiment, self._index, rule)
        self._document.edit(f"Change {contender.name} to {title}", new)

    def on_flavour_chosen(self, flavour: str) -> None:
        """The rule is to be that of another framework; what was changed by hand stays."""
        text = f"Change flavour of {self._contender().name} to {FLAVOURS[flavour]}"
        new = edits.with_flavour(self._document.experiment, self._index, flavour)
        self._document.edit(text, new)

    def on_flavour_reset_asked(self) -> None:
        """All values of the rule are to go back to those of its flavour."""
        contender = self._contender()
        defaults = flavoured(type(contender.optimizer), contender.flavour)
        optimizer = replace(defaults, modifiers=contender.optimizer.modifiers)
        text = f"Reset {contender.name} to {FLAVOURS[contender.flavour]}'s defaults"
        self._document.edit(text, self._with(optimizer=optimizer))

    def on_modifiers_edited(
        self, modifiers: Configs, text: str, merge_key: str, is_going_on: bool
    ) -> None:
        """What is done around the rule was changed."""
        if self._shown is None:
            return
        contender = self._contender()
        new = self._with(optimizer=replace(contender.optimizer, modifiers=modifiers))
        text = f"{text} of {contender.name}"
        if merge_key:
            key = f"contender {self._index} {merge_key}"
            take(self._document, text, new, key, is_going_on)
        else:
            self._document.edit(text, new)

    def on_schedule_chosen(self, rule: str) -> None:
        """Another schedule was chosen; it gets the warm-up of the old one."""
        chosen = SCHEDULES[rule]
        old = self._contender().schedule
        if chosen is not type(old):
            text = f"Change schedule of {self._contender().name} to {described(chosen).title}"
            self._document.edit(text, self._with(schedule=chosen(warmup=old.warmup)))

    def on_optimizer_edited(self, name: str, value: Any, is_going_on: bool) -> None:
        """A hyper-parameter was edited."""
        if self._shown is None:
            return
        optimizer = replace(self._contender().optimizer, **{name: value})
        self._take(optimizer, name, self._with(optimizer=optimizer), is_going_on)

    def on_schedule_edited(self, name: str, value: Any, is_going_on: bool) -> None:
        """A parameter of the schedule was edited."""
        if self._shown is None:
            return
        old = self._contender().schedule
        try:
            schedule = replace(old, **{name: value})
        except Refused as refused:
            self._show_schedule(old)
            self._refused.setText(f"The parts stay as they were: {refused.sentence}.")
            self._refused.show()
            return
        self._take(schedule, name, self._with(schedule=schedule), is_going_on)

    def on_warmup_clicked(self, is_on: bool) -> None:
        """Warm-up was switched on or off."""
        steps = self._document.experiment.steps
        default = Warmup()
        fitting = replace(default, steps=max(1, min(default.steps, steps // 4)))
        schedule = replace(self._contender().schedule, warmup=fitting if is_on else None)
        text = f"{'Add' if is_on else 'Remove'} warm-up of {self._contender().name}"
        self._document.edit(text, self._with(schedule=schedule))

    def on_warmup_edited(self, name: str, value: Any, is_going_on: bool) -> None:
        """A parameter of the warm-up was edited."""
        if self._shown is None or self._shown.schedule.warmup is None:
            return
        schedule = self._shown.schedule
        warmup = replace(schedule.warmup, **{name: value})
        new = self._with(schedule=replace(schedule, warmup=warmup))
        self._take(warmup, name, new, is_going_on)

    def _contender(self) -> Contender:
        return self._document.experiment.contenders[self._index]

    def _with(self, **changes: Any) -> Experiment:
        contender = replace(self._contender(), **changes)
        return edits.with_contender(self._document.experiment, self._index, contender)

    def _take(self, config: msgspec.Struct, name: str, new: Experiment, is_going_on: bool) -> None:
        cls = type(config)
        label = in_sentence(next(p.label for p in parameters(cls) if p.name == name))
        text = f"Change {label} of {self._contender().name}"
        key = f"contender {self._index} {cls.__name__} {name}"
        take(self._document, text, new, key, is_going_on)

    def _show_optimizer(self, contender: Contender) -> None:
        rule = type(contender.optimizer)
        self._optimizer_box.show_id(identifier(rule))
        self._optimizer_help.show_declaration(rule)
        self._optimizer_box.setWhatsThis(self._optimizer_help.whatsThis())
        self._flavour_box.show_optimizer(contender.optimizer, contender.flavour)
        defaults = flavoured(rule, contender.flavour)
        self._optimizer_form.show_config(contender.optimizer, self._subject, defaults)
        self._modifiers.show_configs(contender.optimizer.modifiers, self._subject)

    def _show_schedule(self, schedule: Schedule) -> None:
        rule = type(schedule)
        self._refused.hide()
        self._schedule_box.show_id(identifier(rule))
        self._schedule_help.show_declaration(rule)
        self._schedule_box.setWhatsThis(self._schedule_help.whatsThis())
        self._schedule_form.show_config(schedule, self._subject)
        self._schedule_form.setHidden(self._schedule_form.is_empty())
        self._warmup_box.setChecked(schedule.warmup is not None)
        if schedule.warmup is not None:
            self._warmup_form.show_config(schedule.warmup, self._subject)
        self._warmup_form.setHidden(schedule.warmup is None)

    def _show_whether_momentum_cycles(self, contender: Contender, steps: int) -> None:
        """Say so where a schedule cycles momentum that the rule does not have."""
        rule = type(contender.optimizer)
        is_cycled = contender.schedule.momentum_at(np.zeros(1), steps) is not None
        self._nothing_to_cycle.setText(f"{described(rule).title} has no momentum to be cycled.")
        self._nothing_to_cycle.setVisible(is_cycled and rule.momentum_name is None)

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACING, 4, theme.SPACING, theme.SPACING)
        layout.setSpacing(theme.SPACING)
        title = _beside(section_title("Optimizer"), self._code_button, self._colour_box)
        title.addSpacing(20)  # so that the box ends where those below it do
        layout.addLayout(_below(title, _beside(self._optimizer_box, self._optimizer_help)))
        layout.addWidget(self._unsuited)
        layout.addWidget(self._flavour_box)
        layout.addWidget(self._optimizer_form)
        self._modifiers.setToolTip(wrapped(_MODIFIERS_TIP))
        layout.addWidget(self._modifiers)
        title = _beside(section_title("Schedule"))
        layout.addLayout(_below(title, _beside(self._schedule_box, self._schedule_help)))
        layout.addWidget(self.preview)
        layout.addWidget(self._schedule_form)
        layout.addWidget(self._refused)
        layout.addWidget(self._nothing_to_cycle)
        layout.addLayout(_beside(self._warmup_box, self._warmup_help))
        layout.addWidget(self._warmup_form)
        layout.addStretch(1)


def _holds(parts: Iterable[QWidget], widget: QWidget | None) -> bool:
    return any(part is widget or part.isAncestorOf(widget) for part in parts)


def _complaint(name: str) -> QLabel:
    """A sentence in the colour of mistakes, hidden while there is none."""
    label = note()
    label.setObjectName(name)
    label.setProperty("role", "error")
    label.hide()
    return label


def _beside(*parts: QWidget) -> QHBoxLayout:
    """A row whose first part takes the room."""
    row = QHBoxLayout()
    row.setSpacing(4)
    for number, part in enumerate(parts):
        row.addWidget(part, 0 if number else 1)
    return row


def _below(title: QHBoxLayout, row: QHBoxLayout) -> QVBoxLayout:
    """A row with its title close above it."""
    both = QVBoxLayout()
    both.setSpacing(4)
    both.addLayout(title)
    both.addLayout(row)
    return both
