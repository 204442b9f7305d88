"""Keys that mean the same in every field that is typed into."""

from PySide6.QtGui import QKeyEvent, QKeySequence


def is_history_key(event: QKeyEvent) -> bool:
    """Whether a key undoes or repeats: fields leave it to the window, which knows every edit."""
    keys = QKeySequence.StandardKey
    return event.matches(keys.Undo) or event.matches(keys.Redo)
