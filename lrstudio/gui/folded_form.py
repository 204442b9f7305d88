"""A parameter form that shows what is turned often and folds away the rest."""

from collections.abc import Collection, Hashable
from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from lrstudio.core import Parameter
from lrstudio.gui import icons
from lrstudio.gui.form_rows import ParameterRow
from lrstudio.gui.forms import ParameterForm, parameters_with
from lrstudio.gui.panel_parts import column, small_button


class FoldedForm(QWidget):
    """Variants and what is switched off by default are folded, unless they were changed.

    The first `kept` parameters of a declaration are never folded, nor is a form of at most `short`
    parameters.
    """

    edited = Signal(str, object, bool)
    """As of `ParameterForm`."""

    def __init__(
        self, name: str, kept: int = 0, parent: QWidget | None = None, short: int = 0
    ) -> None:
        super().__init__(parent)
        self._kept = kept
        self._short = short
        self._form = ParameterForm()
        self._rare: tuple[str, ...] = ()
        self._revealed: set[str] = set()
        self._idle: frozenset[str] = frozenset()
        self._shown_for: tuple[Any, Hashable] = (None, None)
        self._fold = small_button(f"{name}_more", "More", "chevron-right", "Show all parameters")
        self._is_open = False
        layout = column(self, 4)
        layout.addWidget(self._form)
        layout.addWidget(self._fold)
        self._fold.clicked.connect(self.on_fold_clicked)
        self._form.edited.connect(self.edited)

    def show_config(
        self,
        config: msgspec.Struct,
        subject: Hashable = None,
        defaults: msgspec.Struct | None = None,
    ) -> None:
        """Show the values of `config`, as of `ParameterForm`."""
        self._form.show_config(config, subject, defaults)
        rare = self._rare_ones(type(config), defaults)
        changed = {p.name for p in rare if getattr(config, p.name) != p.default}
        if self._shown_for[0] is not type(config):
            self._idle = frozenset()  # which were rows of another form
        if self._shown_for != (type(config), subject):
            self._shown_for = (type(config), subject)
            self._rare = tuple(p.name for p in rare)
            self._revealed = changed
            self._arrange()
        elif not changed <= self._revealed:
            # Only ever more while one contender is edited: no row goes from under the hand.
            self._revealed |= changed
            self._arrange()

    def row(self, name: str) -> ParameterRow:
        """The row of a parameter, as of `ParameterForm`."""
        return self._form.row(name)

    def set_idle(self, names: Collection[str]) -> None:
        """Hide what means nothing now, however open the form is."""
        for name in self._idle.symmetric_difference(names):
            self._form.row(name).setHidden(name in names)
        self._idle = frozenset(names)
        self._arrange()

    def set_steps_per_epoch(self, steps: int | None) -> None:
        """Take epochs wherever steps are counted, as of `ParameterForm`."""
        self._form.set_steps_per_epoch(steps)

    def is_empty(self) -> bool:
        """Whether there is nothing to set."""
        return self._form.is_empty()

    def on_fold_clicked(self) -> None:
        """Show or fold away the rare ones."""
        self._is_open = not self._is_open
        self._fold.setIcon(icons.icon("chevron-down" if self._is_open else "chevron-right"))
        self._fold.setText("Less" if self._is_open else "More")
        self._arrange()

    def _rare_ones(
        self, declaration: type[msgspec.Struct], defaults: msgspec.Struct | None
    ) -> list[Parameter]:
        known = parameters_with(declaration, defaults)
        if len(known) <= self._short:
            return []
        return [p for p in known[self._kept :] if is_rare(p)]

    def _arrange(self) -> None:
        folded = [name for name in self._rare if name not in self._revealed]
        for name in self._rare:
            is_shown = self._is_open or name not in folded
            self._form.row(name).setVisible(is_shown and name not in self._idle)
        self._fold.setVisible(bool(folded))
        labels = (self._form.row(name).parameter.label for name in folded)
        self._fold.setToolTip(", ".join(labels))


def is_rare(parameter: Parameter) -> bool:
    """Whether most people leave it alone: a variant, switched off by default, or a fine point."""
    is_fine_point = parameter.name in {"eps", "init_scale"}
    return parameter.kind in {"choice", "flag"} or parameter.default == 0 or is_fine_point
