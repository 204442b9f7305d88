"""The window with the selected contender as a program."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QGuiApplication, QHideEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from lrstudio.core import FRAMEWORKS
from lrstudio.engine import Contender
from lrstudio.gui import messages, theme
from lrstudio.gui.code_colours import CodeColours
from lrstudio.gui.files import safe_name
from lrstudio.gui.panel_parts import note
from lrstudio.gui.settings import Settings
from lrstudio.storage.errors import StorageError
from lrstudio.storage.saver import save_bytes
from lrstudio.storage.snippets import EXTENSION, PROGRAMS, TITLES, snippet

_SIZE = QSize(820, 720)
_FRAME = QSize(8, 40)
_NAME_ROOM = 300
_NOBODY = "Select a contender to see it as a program."


class CodeWindow(QDialog):
    """Stays beside the main window and follows the contender that is selected there."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._settings = settings
        self._contender: Contender | None = None
        self._steps = 0
        self._copied = ""  # asking the system at each edit would cost a round trip
        self.setObjectName("code")
        self.setWindowTitle("Code")
        self._swatch = QLabel(objectName="code_swatch")
        self._name = QLabel(objectName="code_name")
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._version = note()
        self._version.setWordWrap(False)
        self._tabs = QTabBar(objectName="code_frameworks")
        self._text = QPlainTextEdit(objectName="code_text")
        self._copy = QPushButton(objectName="code_copy")
        self._save = QPushButton("Save As…", objectName="code_save")
        self._furnish()
        self._arrange()
        self._restore()
        self._tabs.currentChanged.connect(self.on_framework_chosen)
        self._copy.clicked.connect(self.copy)
        self._save.clicked.connect(self.save)
        QGuiApplication.clipboard().dataChanged.connect(self.on_clipboard_changed)
        theme.notifier.changed.connect(self.on_theme_changed)

    @property
    def framework(self) -> str:
        """Id of the framework that is shown."""
        return tuple(PROGRAMS)[self._tabs.currentIndex()]

    def show_contender(self, contender: Contender | None, steps: int) -> None:
        """Show a contender as a program for a run of `steps`."""
        is_other = self._contender is None or contender is None
        is_other = is_other or contender.name != self._contender.name
        self._contender, self._steps = contender, steps
        self._show(is_other=is_other)

    def show_framework(self, framework: str) -> None:
        """Turn to a framework, if there are programs for it."""
        if framework in PROGRAMS:
            self._tabs.setCurrentIndex(list(PROGRAMS).index(framework))

    def on_framework_chosen(self, place: int) -> None:
        """Another framework was chosen."""
        self._settings.code_framework = self.framework
        self._show(is_other=True)

    def on_clipboard_changed(self) -> None:
        """Something was copied, here or elsewhere."""
        self._copied = QGuiApplication.clipboard().text()
        self._show_copied()

    def on_theme_changed(self) -> None:
        """Draw the contender's line in the new colours."""
        self._show_name()

    def copy(self) -> None:
        """Put the whole program on the clipboard."""
        QGuiApplication.clipboard().setText(self._text.toPlainText())
        self.on_clipboard_changed()  # not every platform tells its own program

    def save(self) -> None:
        """Ask for a file and write the program to it."""
        if self._contender is None:
            return
        name = f"{safe_name(self._contender.name)}_{self.framework}{EXTENSION}"
        proposed = str(Path(self._settings.folder) / name)
        kinds = f"Python (*{EXTENSION});;All files (*)"
        chosen, _ = QFileDialog.getSaveFileName(self, "Save Code", proposed, kinds)
        if not chosen:
            return
        path = Path(chosen)
        path = path if path.suffix else path.with_suffix(EXTENSION)
        try:
            save_bytes(path, self._text.toPlainText().encode("utf-8"))
        except StorageError as error:
            messages.tell(self, "Cannot Save", str(error))
            return
        self._settings.folder = str(path.absolute().parent)

    def _show(self, *, is_other: bool) -> None:
        """Show the program; where only its numbers changed the view stays where it is."""
        is_there = self._contender is not None
        text = _NOBODY
        if self._contender is not None:
            text = snippet(self._contender, self._steps, self.framework)
        if text != self._text.toPlainText():
            bars = (self._text.verticalScrollBar(), self._text.horizontalScrollBar())
            places = [0 if is_other else bar.value() for bar in bars]
            self._text.setPlainText(text)
            for bar, place in zip(bars, places, strict=True):
                bar.setValue(place)
        for widget in (self._copy, self._save, self._tabs, self._text):
            widget.setEnabled(is_there)
        known = FRAMEWORKS[self.framework]
        self._version.setText(f"{known.title} {known.version}")
        self._show_name()
        self._show_copied()

    def _show_copied(self) -> None:
        is_copied = self._contender is not None and self._copied == self._text.toPlainText()
        self._copy.setText("Copied" if is_copied else "Copy")

    def _show_name(self) -> None:
        contender = self._contender
        name = contender.name if contender else ""
        self._name.setText(
            self._name.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _NAME_ROOM)
        )
        self._name.setToolTip(name if self._name.text() != name else "")
        self._swatch.setVisible(contender is not None)
        if contender:
            size = QSize(*theme.SWATCH)
            pixmap = theme.swatch_icon(contender.colour).pixmap(size, self.devicePixelRatioF())
            self._swatch.setPixmap(pixmap)

    def _furnish(self) -> None:
        for framework in PROGRAMS:
            self._tabs.addTab(TITLES[framework])
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        self._tabs.setAccessibleName("Framework")
        known, last = tuple(PROGRAMS), self._settings.code_framework
        self._tabs.setCurrentIndex(known.index(last) if last in known else 0)
        self._text.setReadOnly(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setFont(theme.code_font())
        self._text.setAccessibleName("Program")
        self._text.document().setDocumentMargin(theme.SPACING)
        # Read-only, but to be walked through and marked with the keys.
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._colours = CodeColours(self._text.document())
        self._copy.setText("Copied")
        self._copy.setMinimumWidth(self._copy.sizeHint().width())
        self._copy.setToolTip("Copy the whole program")
        self._copy.setDefault(True)
        self._save.setToolTip("Save the program as a file")
        for button in (self._copy, self._save):
            button.setAutoDefault(button is self._copy)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(theme.SPACING)
        top.addWidget(self._swatch)
        top.addWidget(self._name)
        top.addStretch(1)
        top.addWidget(self._tabs)
        bottom = QHBoxLayout()
        bottom.setSpacing(theme.SPACING)
        bottom.addWidget(self._version)
        bottom.addStretch(1)
        bottom.addWidget(self._save)
        bottom.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(theme.SPACING)
        layout.addLayout(top)
        layout.addWidget(self._text, 1)
        layout.addLayout(bottom)

    def _restore(self) -> None:
        room = self.screen().availableSize() - _FRAME
        self.resize(_SIZE.boundedTo(room))
        geometry = self._settings.geometry(self.objectName())
        if geometry != QByteArray():
            self.restoreGeometry(geometry)

    def hideEvent(self, event: QHideEvent) -> None:
        self._settings.set_geometry(self.objectName(), self.saveGeometry())
        super().hideEvent(event)
