"""Lines to type a formula into: as high as the text, with the character marked that is wrong.

Behaves like a number field: a good text is taken at once, so that pictures follow; a refused one is
marked with a sentence and what was there before the typing stays in use.
"""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from lrstudio.core.typed_formula import FormulaError, read
from lrstudio.gui import theme
from lrstudio.gui.growing_text import MARGIN, GrowingText
from lrstudio.gui.typed_fields import TypedValue

_MOST_LINES = 6
_LONGEST = 2000
"""Characters that can be pasted: more than a formula has, so that it is refused as too long."""


class FormulaField(GrowingText):
    """Types a formula."""

    value_changed = Signal(str)
    """Typing led to another formula; more may follow."""
    committed = Signal(str)
    """The last of these stays: Enter, or the focus went."""
    complaint_changed = Signal(str)
    """The sentence below is another one; "" where all is well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_LONGEST, parent)
        self._typed = TypedValue("")
        self._is_shown = False
        self._mistake: FormulaError | None = None
        self.setFont(theme.code_font())
        self.setUndoRedoEnabled(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self.on_text_changed)
        theme.notifier.changed.connect(self.on_theme_changed)

    @property
    def complaint(self) -> str:
        """What is wrong with what is typed; "" where all is well."""
        return self._typed.complaint

    def value(self) -> str:
        """The formula in use: what is typed if it is one, else what was there before typing."""
        return self._typed.value

    def set_value(self, value: str) -> None:
        """Show another formula and emit nothing; the same one leaves a half-typed text alone."""
        if value != self._typed.value:
            self.show_value(value)

    def show_value(self, value: str) -> None:
        """Show a formula and forget what was being typed; emits no value."""
        self._typed.show(value)
        self._show_text()

    def take(self, value: str) -> None:
        """Go to another formula, as an edit of the user."""
        self._say(value)
        self._show_text()
        self._commit()

    def on_text_changed(self) -> None:
        """Take a formula at once; mark anything else."""
        if self._is_shown:
            return
        text = self.toPlainText()
        try:
            read(text)
        except FormulaError as mistake:
            self._complain(mistake, text)
            self._say(self._typed.committed)
        else:
            self._complain(None, text)
            self._say(text)

    def on_theme_changed(self) -> None:
        """Mark in the new colours."""
        self._mark()

    def _say(self, value: str) -> None:
        if self._typed.say(value):
            self.value_changed.emit(value)

    def _commit(self) -> None:
        if self._typed.commit():
            self.committed.emit(self.value())

    def _show_text(self) -> None:
        self._is_shown = True
        if self.toPlainText() != self.value():
            self.setPlainText(self.value())
        self._is_shown = False
        self._complain(None, self.value())

    def _complain(self, mistake: FormulaError | None, text: str) -> None:
        self._mistake = mistake
        self._mark()
        sentence = "" if mistake is None else _sentence(mistake, text)
        if self._typed.complain(self, sentence, self.whatsThis()):
            self.complaint_changed.emit(sentence)

    def _mark(self) -> None:
        """Underline the characters that the sentence is about."""
        if self._mistake is None:
            self.setExtraSelections([])
            return
        text = self.toPlainText()
        first = min(self._mistake.position, max(len(text) - 1, 0))
        last = min(first + self._mistake.length, len(text))
        marked = QTextEdit.ExtraSelection()
        # The stubs show these as descriptors; they are plain attributes.
        marked.cursor = QTextCursor(self.document())  # type: ignore[misc]
        marked.cursor.setPosition(_units(text[:first]))  # type: ignore[attr-defined]
        marked.cursor.setPosition(  # type: ignore[attr-defined]
            _units(text[:last]), QTextCursor.MoveMode.KeepAnchor
        )
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(QColor(theme.current().error))
        look.setForeground(QColor(theme.current().error))
        marked.format = look  # type: ignore[misc]
        self.setExtraSelections([marked])

    def sizeHint(self) -> QSize:
        lines = min(max(round(self.document().size().height()), 1), _MOST_LINES)
        around = self.contentsMargins()
        frame = around.top() + around.bottom() + 2 * MARGIN + 1
        return QSize(super().sizeHint().width(), lines * self.fontMetrics().lineSpacing() + frame)

    def event(self, event: QEvent) -> bool:
        answer = self._typed.claim(event)
        return super().event(event) if answer is None else answer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._commit()
        elif self._typed.is_restored_by(event):
            self.take(self._typed.committed)
        elif self._typed.is_left_to_window(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._commit()


def _sentence(mistake: FormulaError, text: str) -> str:
    """The sentence below the field, where the place is underlined."""
    words = mistake.sentence
    end = ", at the end" if mistake.position >= len(text) and text.strip() else ""
    mark = "" if words.endswith("?") else "."  # "did you mean sin?"
    return f"{words[0].upper()}{words[1:]}{end}{mark}"


def _units(text: str) -> int:
    """How many of Qt's characters a text has: those beyond the first plane count twice."""
    return len(text) + sum(ord(character) > 0xFFFF for character in text)
