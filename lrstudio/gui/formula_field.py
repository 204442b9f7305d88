"""Lines to type a formula into: as high as the text, with the character marked that is wrong.

Behaves like a number field: a good text is taken at once, so that pictures follow; a refused one is
marked with a sentence and what was there before the typing stays in use.
"""

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QTextEdit, QWidget

from lrstudio.core.typed_formula import FormulaError, read
from lrstudio.gui import theme

_MOST_LINES = 6
_MARGIN = 3
_LONGEST = 2000
"""Characters that can be pasted: more than a formula has, so that it is refused as too long."""


class FormulaField(QPlainTextEdit):
    """Types a formula."""

    value_changed = Signal(str)
    """Typing led to another formula; more may follow."""
    committed = Signal(str)
    """The last of these stays: Enter, or the focus went."""
    complaint_changed = Signal(str)
    """The sentence below is another one; "" where all is well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.complaint = ""
        self._value = ""
        self._committed = ""
        self._is_open = False
        self._is_shown = False
        self._mistake: FormulaError | None = None
        self.setFont(theme.code_font())
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(_MARGIN)
        self.document().documentLayout().documentSizeChanged.connect(self.on_size_changed)
        self.textChanged.connect(self.on_text_changed)
        theme.notifier.changed.connect(self.on_theme_changed)

    def value(self) -> str:
        """The formula in use: what is typed if it is one, else what was there before typing."""
        return self._value

    def set_value(self, value: str) -> None:
        """Show another formula and emit nothing; the same one leaves a half-typed text alone."""
        if value != self._value:
            self.show_value(value)

    def show_value(self, value: str) -> None:
        """Show a formula and forget what was being typed; emits no value."""
        self._value = self._committed = value
        self._is_open = False
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
            self._say(self._committed)
        else:
            self._complain(None, text)
            self._say(text)

    def on_size_changed(self) -> None:
        """The text needs more lines, or fewer."""
        self.setFixedHeight(self.sizeHint().height())

    def on_theme_changed(self) -> None:
        """Mark in the new colours."""
        self._mark()

    def _say(self, value: str) -> None:
        if value != self._value:
            self._value = value
            self._is_open = True
            self.value_changed.emit(value)

    def _commit(self) -> None:
        self._committed = self._value
        if self._is_open:
            self._is_open = False
            self.committed.emit(self._value)

    def _show_text(self) -> None:
        self._is_shown = True
        if self.toPlainText() != self._value:
            self.setPlainText(self._value)
        self._is_shown = False
        self._complain(None, self._value)

    def _complain(self, mistake: FormulaError | None, text: str) -> None:
        self._mistake = mistake
        self._mark()
        sentence = "" if mistake is None else _sentence(mistake, text)
        if sentence == self.complaint:
            return
        if bool(sentence) != bool(self.complaint):
            self.setProperty("refused", bool(sentence))
            self.style().unpolish(self)
            self.style().polish(self)
        self.complaint = sentence
        self.setAccessibleDescription(sentence or self.whatsThis())
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

    def _is_restorable(self, event: QKeyEvent) -> bool:
        is_changed = bool(self.complaint) or self._value != self._committed
        return event.key() == Qt.Key.Key_Escape and is_changed

    def _is_the_windows(self, event: QKeyEvent) -> bool:
        """Undo means the document's last edit, unless a refused text is being mended."""
        keys = QKeySequence.StandardKey
        is_undo = event.matches(keys.Undo) or event.matches(keys.Redo)
        return is_undo and not self.complaint

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(source.text()[:_LONGEST])

    def sizeHint(self) -> QSize:
        lines = min(max(round(self.document().size().height()), 1), _MOST_LINES)
        around = self.contentsMargins()
        frame = around.top() + around.bottom() + 2 * _MARGIN + 1
        return QSize(super().sizeHint().width(), lines * self.fontMetrics().lineSpacing() + frame)

    def minimumSizeHint(self) -> QSize:
        return QSize(12 * self.fontMetrics().horizontalAdvance("0"), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.on_size_changed()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._is_restorable(event):
                event.accept()
                return True
            if self._is_the_windows(event):
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._commit()
        elif self._is_restorable(event):
            self.take(self._committed)
        elif self._is_the_windows(event):
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
    return f"{words[0].upper()}{words[1:]}{end}."


def _units(text: str) -> int:
    """How many of Qt's characters a text has: those beyond the first plane count twice."""
    return len(text) + sum(ord(character) > 0xFFFF for character in text)
