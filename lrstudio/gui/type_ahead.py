"""Letters typed into a list or a combo box search in it, though they are shortcuts of the window.

Fields that are typed into keep their keys by themselves, lists do not: Qt looks for a shortcut
first. Whatever has the focus is watched, and nothing else, so that other events cost nothing.
"""

from time import monotonic

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QWidget

_PLAIN = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.KeypadModifier,
)


class TypeAhead(QObject):
    """Keeps letters and digits for the list that has the focus, and what follows them there."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None
        self._typed_at = -1e9
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._application = application
        application.focusChanged.connect(self.on_focus_changed)

    def stop(self) -> None:
        """Watch nothing any more."""
        self._application.focusChanged.disconnect(self.on_focus_changed)
        self.on_focus_changed(self._watched, None)

    def on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        """Another widget has the focus."""
        if self._watched is not None and self._watched is old:
            self._watched.removeEventFilter(self)
        self._watched = new if isinstance(new, QComboBox | QAbstractItemView) else None
        self._typed_at = -1e9
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if event.modifiers() not in _PLAIN or not self._is_search(event.text()):
            return False
        self._typed_at = monotonic()
        event.accept()
        return True

    def _is_search(self, text: str) -> bool:
        """Whether a text begins a search, or goes on with one: `w[1,2]`."""
        pause = self._application.keyboardInputInterval() / 1000
        is_going_on = monotonic() - self._typed_at < pause
        return text.isalnum() or (is_going_on and text.isprintable() and bool(text))
