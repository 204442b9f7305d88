"""Title and notes of the experiment, above the pictures that they are about.

Folded they are one line. An experiment that is opened shows them unfolded: there stands the
assignment, or what is to be seen.
"""

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFont, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QToolButton, QWidget

from lrstudio.engine import Experiment
from lrstudio.engine.experiment import LONGEST_TITLE
from lrstudio.gui import icons, theme
from lrstudio.gui.document import Document
from lrstudio.gui.notes_field import NotesField
from lrstudio.gui.panel_parts import column
from lrstudio.gui.plots.header import ElidedLabel
from lrstudio.gui.tab_order import put_in_order

_PAUSE_MS = 1500
"""What is typed after a pause as long as this is undone by itself."""
_ICON = QSize(14, 14)


class NotesStrip(QWidget):
    """Shows and edits title and notes; is not there where there are none."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._editor: _Editor | None = None
        self.setObjectName("notes")
        self.fold = QToolButton(objectName="notes_fold")
        self.fold.setIconSize(_ICON)
        self.fold.clicked.connect(self.on_fold_clicked)
        self._title = ElidedLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setFont(_bold(self._title.font()))
        self._line = ElidedLabel(least=90)
        self._line.setObjectName("notes_line")
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self._line.setProperty("role", "muted")
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(2, 0, 0, 0)
        self._row.setSpacing(theme.SPACING)
        self._row.addWidget(self.fold)
        self._row.addWidget(self._title)
        self._row.addWidget(self._line, 1)
        self._column = column(self, 2)
        self._column.addLayout(self._row)
        self._show_fold()
        document.changed.connect(self.on_document_changed)
        document.opened.connect(self.on_document_opened)
        self.on_document_changed(None, document.experiment)

    @property
    def is_open(self) -> bool:
        """Whether all of the notes is seen, and can be written."""
        return self._editor is not None and not self._editor.isHidden()

    def set_open(self, is_open: bool) -> None:
        """Unfold the notes, or fold them into a line."""
        if is_open == self.is_open:
            return
        if self._editor is None:
            self._editor = self._make_editor()
        self._editor.setVisible(is_open)
        self._editor.title.setVisible(is_open)
        self._title.setVisible(not is_open)
        self._line.setVisible(not is_open)
        self._show_fold()
        self._show(self._document.experiment)

    def write(self) -> None:
        """Unfold the notes and put the cursor there."""
        self.set_open(True)
        assert self._editor is not None
        self._editor.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def on_fold_clicked(self) -> None:
        """Fold, or unfold."""
        self.set_open(not self.is_open)

    def on_document_changed(self, old: Experiment | None, new: Experiment) -> None:
        """Show what is said now."""
        self._show(new)

    def on_document_opened(self) -> None:
        """Another experiment: what it has to say is to be read first."""
        self.set_open(bool(self._document.experiment.notes))
        self._show(self._document.experiment)

    def _show(self, experiment: Experiment) -> None:
        title, notes = experiment.title, experiment.notes
        self._title.setText(title)
        self._line.setText(" ".join(notes.split()))
        if self._editor is not None:
            self._editor.show_experiment(experiment)
        self.setVisible(bool(title or notes) or self.is_open)

    def _show_fold(self) -> None:
        tip = "Fold the notes" if self.is_open else "Read and edit the notes"
        self.fold.setIcon(icons.icon("chevron-down" if self.is_open else "chevron-right"))
        for widget in (self.fold, self._title, self._line):
            widget.setToolTip(tip)
        self.fold.setAccessibleName(tip)

    def _make_editor(self) -> "_Editor":
        editor = _Editor(self._document)
        self._row.addWidget(editor.title, 1)
        self._column.addWidget(editor)
        put_in_order(editor.title, (editor.title, editor))
        return editor

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self.is_open and event.button() == Qt.MouseButton.LeftButton:
            self.set_open(True)
        event.accept()


class _Editor(QWidget):
    """The fields of unfolded notes; a burst of typing is one edit."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.title = QLineEdit(objectName="notes_title", placeholderText="Title")
        self.title.setAccessibleName("Title of the experiment")
        self.title.setMaxLength(LONGEST_TITLE)
        self.title.setFont(_bold(self.title.font()))
        self.text = NotesField()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.on_paused)
        column(self, 0).addWidget(self.text)
        self.title.textEdited.connect(self.on_title_edited)
        self.title.editingFinished.connect(self.on_paused)
        self.text.edited.connect(self.on_notes_edited)
        self.text.left.connect(self.on_paused)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what an experiment says of itself."""
        if self.title.text() != experiment.title:
            self.title.setText(experiment.title)
        self.text.show_text(experiment.notes)

    def on_title_edited(self, title: str) -> None:
        """Another title was typed."""
        self._take("Change title", replace(self._document.experiment, title=title), "title")

    def on_notes_edited(self, notes: str) -> None:
        """Other notes were typed."""
        self._take("Edit notes", replace(self._document.experiment, notes=notes), "notes")

    def on_paused(self) -> None:
        """What comes now is another edit."""
        self._pause.stop()
        self._document.end_gesture()

    def _take(self, text: str, new: Experiment, key: str) -> None:
        self._document.edit(text, new, key)
        self._pause.start()


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold
