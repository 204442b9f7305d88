"""A list of configurations in their order, each with a form: modifiers, parts of a schedule."""

from collections.abc import Hashable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from lrstudio.core import identifier
from lrstudio.gui import theme
from lrstudio.gui.folded_form import FoldedForm
from lrstudio.gui.help_mark import mark_beside
from lrstudio.gui.panel_parts import INDENT, column, described, in_sentence, small_button
from lrstudio.gui.parameter_texts import wrapped

Configs = tuple[msgspec.Struct, ...]

_KEPT = 2
"""Parameters of each that are always shown: declarations begin with what is turned most."""


class ConfigStack(QWidget):
    """Shows configurations from top to bottom and says what the user wants changed.

    `noun` is what one of them is called ("modifier"), `known` what there is to add, `most` how many
    there may be, `is_ordered` whether it matters which comes first.
    """

    edited = Signal(object, str, str, bool)
    """New tuple, what was done ("Add clipping by norm"), what it merges with, and whether the
    gesture goes on."""
    reference_requested = Signal(object)
    """The class whose page of the reference is wanted."""

    def __init__(
        self,
        noun: str,
        known: Mapping[str, type[msgspec.Struct]],
        most: int,
        parent: QWidget | None = None,
        *,
        is_ordered: bool = True,
    ) -> None:
        super().__init__(parent)
        self._noun = noun
        self._is_ordered = is_ordered
        self._most = most
        self._known = known
        self._configs: Configs = ()
        self._cards: list[_Card] = []
        self._steps_per_epoch: int | None = None
        self._card_layout = QVBoxLayout()
        self._card_layout.setSpacing(theme.SPACING)
        self._add = small_button(f"add_{noun}", f"Add {noun}", "plus", f"Add a {noun}")
        self._add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._add.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self.on_menu_about_to_show)
        self._add.setMenu(self._menu)
        layout = column(self)
        layout.addLayout(self._card_layout)
        row = QHBoxLayout()
        row.addSpacing(INDENT - 4)
        row.addWidget(self._add)
        row.addStretch(1)
        layout.addLayout(row)

    def show_configs(self, configs: Configs, subject: Hashable = None) -> None:
        """Show configurations; forms whose class stays where it was keep what is half typed."""
        classes = [type(config) for config in configs]
        if classes != [card.declaration for card in self._cards]:
            self._build(configs)
        self._configs = configs
        self._add.setEnabled(len(configs) < self._most)
        last = len(configs) - 1
        for number, (card, config) in enumerate(zip(self._cards, configs, strict=True)):
            card.show_config(
                config,
                (subject, number),
                is_first=number == 0 or not self._is_ordered,
                is_last=number == last or not self._is_ordered,
            )

    def declaration_at(self, widget: QWidget | None) -> type[msgspec.Struct] | None:
        """The class of the configuration that a widget belongs to, if it does to any."""
        holders = (card for card in self._cards if card.isAncestorOf(widget))
        return next((card.declaration for card in holders), None) if widget else None

    def set_steps_per_epoch(self, steps: int | None) -> None:
        """Take epochs wherever steps are counted, as of `ParameterForm`."""
        self._steps_per_epoch = steps
        for card in self._cards:
            card.set_steps_per_epoch(steps)

    def on_menu_about_to_show(self) -> None:
        """List what there is to add; describing all of it takes time, and few menus are opened."""
        if not self._menu.isEmpty():
            return
        for cls in self._known.values():
            action = self._menu.addAction(described(cls).title)
            action.setObjectName(f"add_{self._noun}_{identifier(cls)}")
            action.setData(identifier(cls))
            action.setToolTip(wrapped(described(cls).summary))
            action.setStatusTip(described(cls).summary)
            action.triggered.connect(self.on_add_triggered)

    def on_add_triggered(self) -> None:
        """One of the known ones was chosen to be added."""
        cls = self._known[self.sender().data()]
        new = (*self._configs, cls())
        self.edited.emit(new, f"Add {_title(cls)}", "", False)

    def on_card_edited(self, name: str, value: Any, is_going_on: bool) -> None:
        """A value of one of them was edited."""
        place = self._place()
        config = replace(self._configs[place], **{name: value})
        new = (*self._configs[:place], config, *self._configs[place + 1 :])
        text = f"Change {_title(type(config))}"
        self.edited.emit(new, text, f"{self._noun} {place} {name}", is_going_on)

    def on_remove_asked(self) -> None:
        """One of them is to go."""
        place = self._place()
        text = f"Remove {_title(type(self._configs[place]))}"
        self.edited.emit(self._configs[:place] + self._configs[place + 1 :], text, "", False)

    def on_move_asked(self, direction: int) -> None:
        """One of them is to change places with its neighbour."""
        place = self._place()
        moved = list(self._configs)
        moved.insert(place + direction, moved.pop(place))
        self.edited.emit(tuple(moved), f"Move {_title(type(self._configs[place]))}", "", False)

    def _place(self) -> int:
        return next(i for i, card in enumerate(self._cards) if card is self.sender())

    def _build(self, configs: Configs) -> None:
        for card in self._cards:
            card.blockSignals(True)  # a field that loses the focus now speaks of what is gone
            self._card_layout.removeWidget(card)
            card.setParent(None)
            card.deleteLater()
        self._cards = [_Card(self._noun, i, type(c), self) for i, c in enumerate(configs)]
        for card in self._cards:
            card.set_steps_per_epoch(self._steps_per_epoch)
            card.edited.connect(self.on_card_edited)
            card.remove_asked.connect(self.on_remove_asked)
            card.move_asked.connect(self.on_move_asked)
            card.reference_requested.connect(self.reference_requested)
            self._card_layout.addWidget(card)
            card.show()


class _Card(QFrame):
    """One configuration: title, help, ways to move and remove it, and its form."""

    edited = Signal(str, object, bool)
    reference_requested = Signal(object)
    remove_asked = Signal()
    move_asked = Signal(int)

    def __init__(
        self, noun: str, number: int, declaration: type[msgspec.Struct], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.declaration = declaration
        self.setObjectName(f"{noun}_{number}")
        title = QLabel(described(declaration).title, self)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setContentsMargins(INDENT, 0, 0, 0)
        font = title.font()
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        title.setToolTip(wrapped(described(declaration).summary))
        self._form = FoldedForm(f"{noun}_{number}", kept=_KEPT)
        self._form.setObjectName(f"{noun}_{number}_form")
        help_mark = mark_beside(self._form)
        help_mark.show_declaration(declaration)
        name = f"{noun} {number + 1}"
        self._up = small_button(f"{noun}_{number}_up", "", "arrow-up", f"Move {name} up")
        self._down = small_button(f"{noun}_{number}_down", "", "arrow-down", f"Move {name} down")
        remove = small_button(f"remove_{noun}_{number}", "", "x", f"Remove {name}")
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(title, 1)
        for button in (self._up, self._down, remove, help_mark):
            row.addWidget(button)
        layout = column(self, 4)
        layout.addLayout(row)
        layout.addWidget(self._form)
        help_mark.requested.connect(self.reference_requested)
        self._form.edited.connect(self.edited)
        self._up.clicked.connect(self.on_up_clicked)
        self._down.clicked.connect(self.on_down_clicked)
        remove.clicked.connect(self.remove_asked)

    def show_config(
        self, config: msgspec.Struct, subject: Hashable, *, is_first: bool, is_last: bool
    ) -> None:
        """Show the values, and where it can still be moved."""
        self._form.show_config(config, subject)
        self._up.setHidden(is_first)
        self._down.setHidden(is_last)

    def set_steps_per_epoch(self, steps: int | None) -> None:
        """Take epochs wherever steps are counted, as of `ParameterForm`."""
        self._form.set_steps_per_epoch(steps)

    def on_up_clicked(self) -> None:
        """To be moved up."""
        self.move_asked.emit(-1)

    def on_down_clicked(self) -> None:
        """To be moved down."""
        self.move_asked.emit(1)


def _title(cls: type[msgspec.Struct]) -> str:
    return in_sentence(described(cls).title)
