"""Lines of plain text, as high as they need within bounds, whose undo is the document's."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from lrstudio.engine.experiment import LONGEST_NOTES
from lrstudio.gui.growing_text import MARGIN, GrowingText
from lrstudio.gui.typed_fields import is_history_key

_FEWEST_LINES, _MOST_LINES = 2, 14
_MOST_SHARE = 0.11
"""Of the height of the window: pictures get the room."""
_MOST_AROUND = 12
"""Pixels that frame and padding take at most."""


class NotesField(GrowingText):
    """Types notes."""

    edited = Signal(str)
    """Typing led to another text."""
    left = Signal()
    """The focus went elsewhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(LONGEST_NOTES, parent)
        self._is_shown = False
        self._text = ""
        """What it was told to show, or said; Qt has a plain space for one that breaks no line."""
        self.setObjectName("notes_text")
        self.setAccessibleName("Notes of the experiment")
        self.setPlaceholderText("What is asked, what is to be seen, what was found")
        self.setUndoRedoEnabled(False)
        self.textChanged.connect(self.on_text_changed)

    def show_text(self, text: str) -> None:
        """Show another text and emit nothing; the cursor stays where it can."""
        if text != self._text:
            self._put(text)

    def on_text_changed(self) -> None:
        """Something was typed or pasted."""
        if self._is_shown:
            return
        if len(self.toPlainText()) > LONGEST_NOTES:
            self._put(self.toPlainText()[:LONGEST_NOTES])
        self._text = self.toPlainText()
        self.edited.emit(self._text)

    def _put(self, text: str) -> None:
        self._text = text
        place = self.textCursor().position()
        self._is_shown = True
        self.setPlainText(text)
        self._is_shown = False
        cursor = self.textCursor()
        cursor.setPosition(min(place, self.document().characterCount() - 1))
        self.setTextCursor(cursor)

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().lineSpacing()
        most = min(int(self.window().height() * _MOST_SHARE / line), _MOST_LINES)
        lines = round(self.document().size().height())
        shown = min(max(lines, _FEWEST_LINES), max(most, _FEWEST_LINES))
        # Below the last line of a longer text there is no room for the tops of the next one.
        margins = MARGIN if lines > shown else 2 * MARGIN
        # Before it was laid out for the first time the viewport has any size.
        around = min(max(self.height() - self.viewport().height(), 0), _MOST_AROUND)
        return QSize(super().sizeHint().width(), shown * line + margins + around)

    def event(self, event: QEvent) -> bool:
        is_asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_asked and is_history_key(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_history_key(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()
