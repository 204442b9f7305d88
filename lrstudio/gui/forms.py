"""A form made from a declaration: one row for each parameter of a configuration's class."""

from collections.abc import Hashable
from typing import Any

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lrstudio.core import Parameter, parameters
from lrstudio.gui import theme
from lrstudio.gui.form_rows import ParameterRow, row_for
from lrstudio.gui.tab_order import put_in_order


class ParameterForm(QWidget):
    """Shows a configuration and says what the user wants changed; it changes nothing itself.

    Works from 240 pixels of width. Editors are named `field_<parameter>`.
    """

    edited = Signal(str, object, bool)
    """Parameter, new value, and whether the gesture (drag, typing) still goes on.

    A gesture that changed something ends with one more signal that carries False.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._class: type[msgspec.Struct] | None = None
        self._subject: Hashable = None
        self._rows: dict[str, ParameterRow] = {}
        self._steps_per_epoch: int | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.SPACING)

    def show_config(
        self,
        config: msgspec.Struct,
        subject: Hashable = None,
        defaults: msgspec.Struct | None = None,
    ) -> None:
        """Show the values of `config`; emits nothing, keeps focus, cursor and half-typed text.

        `subject` says whose configuration it is (say, the index of a contender): what was half
        typed for another one is dropped. Values that differ from `defaults`, those of the
        declaration if there are none, are marked and go back to them.
        """
        is_other = subject != self._subject
        self._subject = subject
        known = parameters_with(type(config), defaults)
        if type(config) is not self._class:
            self._class = type(config)
            self._build(known)
        for parameter in known:
            self._rows[parameter.name].show_default(parameter.default)
        for name, row in self._rows.items():
            row.show_value(getattr(config, name), is_other)

    def set_steps_per_epoch(self, steps: int | None) -> None:
        """Take epochs wherever steps are counted, and tell steps in them; None: there are none."""
        if steps == self._steps_per_epoch:
            return
        self._steps_per_epoch = steps
        for row in self._rows.values():
            row.set_steps_per_epoch(steps)

    def row(self, name: str) -> ParameterRow:
        """The row of a parameter; KeyError where the class shown has none of that name."""
        return self._rows[name]

    def is_empty(self) -> bool:
        """Whether there is nothing to set."""
        return not self._rows

    def on_row_edited(self, value: Any, is_going_on: bool) -> None:
        """A row was edited: say so, by its parameter's name."""
        row = self.sender()
        assert isinstance(row, ParameterRow)
        self.edited.emit(row.parameter.name, value, is_going_on)

    def _build(self, known: tuple[Parameter, ...]) -> None:
        for row in self._rows.values():
            self._layout.removeWidget(row)
            row.setParent(None)
            row.deleteLater()
        self._rows = {p.name: row_for(p) for p in known}
        for row in self._rows.values():
            row.edited.connect(self.on_row_edited)
            row.set_steps_per_epoch(self._steps_per_epoch)
            self._layout.addWidget(row)
            row.show()  # now: a layout would do so only when the event loop comes round
        put_in_order(self, self._rows.values())


def parameters_with(
    declaration: type[msgspec.Struct], defaults: msgspec.Struct | None
) -> tuple[Parameter, ...]:
    """The parameters of a declaration, with the values of a configuration as their defaults."""
    known = parameters(declaration)
    if defaults is None:
        return known
    return tuple(replace(p, default=getattr(defaults, p.name)) for p in known)
