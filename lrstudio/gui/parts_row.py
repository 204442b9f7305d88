"""A row whose value is made of schedules: each part has a form of its own."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from lrstudio.core import SCHEDULES, Parameter
from lrstudio.core.schedules.composed import MOST_PARTS
from lrstudio.gui.config_stack import Configs, ConfigStack
from lrstudio.gui.form_rows import ParameterRow

_KNOWN = {name: schedule for name, schedule in SCHEDULES.items() if not schedule.listens}
"""What may be a part: a schedule that listens to the loss stands alone."""

_STEP_IN = 6
"""Pixels by which parts stand to the right of what they are parts of."""


class PartsRow(ParameterRow):
    """The parts of a sequence or a product, in their order."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._subject = 0
        self._stack = ConfigStack("part", _KNOWN, MOST_PARTS)
        self._stack.edited.connect(self.on_stack_edited)
        self._stack.layout().setContentsMargins(_STEP_IN, 0, 0, 0)
        self._stack.setProperty("role", "nested")
        self._stack.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._place_full(self._stack)

    def show_value(self, value: Configs, is_other_subject: bool) -> None:
        self._subject += is_other_subject
        self._stack.show_configs(value, self._subject)
        self._mark(value)

    def set_steps_per_epoch(self, steps: int | None) -> None:
        self._stack.set_steps_per_epoch(steps)

    def reset(self) -> None:
        self.edited.emit(self.parameter.default, False)

    def on_stack_edited(self, parts: Any, text: str, merge_key: str, is_going_on: bool) -> None:
        """A part was added, edited, moved or removed."""
        self._mark(parts)
        self.edited.emit(parts, is_going_on)
