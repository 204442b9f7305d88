"""Small switches under the search field of a chooser: only what is convex, smooth, ..."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from lrstudio.core.traits import Trait
from lrstudio.gui import theme

_GAP = 4
_KEY = Qt.Key
_SIDEWAYS = {_KEY.Key_Left: -1, _KEY.Key_Right: 1}
_OF_THE_LIST = (_KEY.Key_Up, _KEY.Key_Down, _KEY.Key_PageUp, _KEY.Key_PageDown)
_RETURN = (_KEY.Key_Return, _KEY.Key_Enter)


class TraitChips(QWidget):
    """A row of switches, none without traits; what has all that are on is shown.

    Tab leads to them, the arrows from one to the next, Space switches. A click leaves the focus in
    the search field, and keys that move in the list are the list's here as well.
    """

    changed = Signal()
    """A switch was set; `traits` says which are on."""
    key_pressed = Signal(int)
    """A key that moves in the list was pressed."""
    return_pressed = Signal()

    def __init__(self, traits: Sequence[Trait], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known = tuple(traits)
        self._buttons = [self._button(trait, name) for trait in traits]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        for button in self._buttons:
            layout.addWidget(button)
        layout.addStretch(1)
        self.setAccessibleName("Show only")
        if not traits:
            self.hide()

    @property
    def traits(self) -> tuple[str, ...]:
        """Ids of those that are on."""
        pairs = zip(self._known, self._buttons, strict=True)
        return tuple(trait.id for trait, button in pairs if button.isChecked())

    def clear(self) -> None:
        """Switch all off, without a word."""
        for button in self._buttons:
            button.blockSignals(True)
            button.setChecked(False)
            button.blockSignals(False)

    def on_toggled(self, is_on: bool) -> None:
        """A switch was set."""
        self.changed.emit()

    def _button(self, trait: Trait, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"{name}_trait_{trait.id}")
        button.setText(trait.title)
        button.setToolTip(trait.help)
        button.setAccessibleDescription(trait.help)
        button.setCheckable(True)
        button.setProperty("role", "chip")
        button.setFont(theme.small_font())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.installEventFilter(self)
        button.toggled.connect(self.on_toggled)
        return button

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._is_taken(watched, event.key())
        return super().eventFilter(watched, event)

    def _is_taken(self, button: QObject, key: int) -> bool:
        if key in _SIDEWAYS:
            there = [b is button for b in self._buttons].index(True) + _SIDEWAYS[_KEY(key)]
            last = len(self._buttons) - 1
            self._buttons[min(max(there, 0), last)].setFocus(Qt.FocusReason.TabFocusReason)
        elif key in _OF_THE_LIST:
            self.key_pressed.emit(key)
        elif key in _RETURN:
            self.return_pressed.emit()
        else:
            return False
        return True
