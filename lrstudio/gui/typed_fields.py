"""What all fields have in common that take good text at once and mark any other.

A value counts as soon as it is typed, so that pictures follow; what is refused leaves the value
from before the typing in use. Escape goes back to it, and Undo means the document's last edit.
"""

from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

T = TypeVar("T")


class TypedValue(Generic[T]):
    """The value in use, the one from before the typing, what is wrong with what is typed now.

    It also knows whose a key is: Escape goes back while there is something to go back from, Undo is
    the window's unless a refused text is being mended.
    """

    def __init__(self, value: T) -> None:
        self.value = self.committed = value
        self.complaint = ""
        self._is_open = False  # said a value whose gesture has not ended

    def show(self, value: T) -> None:
        """Another value from elsewhere: what was being typed is forgotten."""
        self.value = self.committed = value
        self._is_open = False

    def say(self, value: T) -> bool:
        """A value was typed; whether it is another one, which is to be told."""
        if value == self.value:
            return False
        self.value = value
        self._is_open = True
        return True

    def commit(self) -> bool:
        """The typing is over; whether it said something, whose end is to be told."""
        self.committed = self.value
        was_open, self._is_open = self._is_open, False
        return was_open

    def complain(self, field: QWidget, sentence: str, otherwise: str) -> bool:
        """Mark a field with what is wrong, "" for nothing; whether that is another sentence.

        `otherwise` describes the field to those who cannot see it while nothing is wrong.
        """
        if sentence == self.complaint:
            return False
        mark_refused(field, bool(sentence))
        self.complaint = sentence
        field.setAccessibleDescription(sentence or otherwise)
        return True

    def is_restored_by(self, event: QKeyEvent) -> bool:
        """Whether a key goes back to what was there before the typing."""
        is_changed = bool(self.complaint) or self.value != self.committed
        return event.key() == Qt.Key.Key_Escape and bool(is_changed)

    def is_left_to_window(self, event: QKeyEvent) -> bool:
        """Whether a key means the document's last edit."""
        return is_history_key(event) and not self.complaint

    def claim(self, event: QEvent) -> bool | None:
        """What a field says when Qt asks whether a key is its own, before it tries shortcuts.

        To be returned from `event`; None leaves the event to Qt's own field.
        """
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return None
        if self.is_restored_by(event):
            event.accept()
            return True
        if self.is_left_to_window(event):
            event.ignore()
            return False
        return None


def mark_refused(field: QWidget, is_refused: bool) -> None:
    """Draw a field as one whose text is refused, or no longer."""
    if bool(field.property("refused")) != is_refused:
        field.setProperty("refused", is_refused)
        field.style().unpolish(field)
        field.style().polish(field)


def is_history_key(event: QKeyEvent) -> bool:
    """Whether a key undoes or repeats: fields leave it to the window, which knows every edit."""
    keys = QKeySequence.StandardKey
    return event.matches(keys.Undo) or event.matches(keys.Redo)
