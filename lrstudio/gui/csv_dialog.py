"""A table of one's own, looked at before it is taken: how it was read, its rows, its columns."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from lrstudio.core import Refused
from lrstudio.core.datasets.own import OwnTable
from lrstudio.core.epochs import counted
from lrstudio.core.sheet import Choice, kept_rows
from lrstudio.gui import theme
from lrstudio.gui.csv_columns import named_box
from lrstudio.gui.csv_reader import Request, TableReader
from lrstudio.gui.csv_table import TableView, summary
from lrstudio.gui.csv_wishes import WishBoxes
from lrstudio.gui.settings import Settings
from lrstudio.storage import own_tables
from lrstudio.storage.csv_reading import LIMITS, Found
from lrstudio.storage.csv_reading.reading import as_read

FILTER = f"Tables ({' '.join('*' + suffix for suffix in own_tables.SUFFIXES)});;All files (*)"
_SIZE = (920, 640)


class CsvDialog(QDialog):
    """Shows a file as it is recognised; `table` holds what was accepted.

    A `before` is a table that referred to this file: it is read and chosen from as then.
    """

    def __init__(
        self, path: Path, before: OwnTable | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("csv_dialog")
        self.setWindowTitle(f"Open {path.name}")
        self.resize(*_SIZE)
        self.table: OwnTable | None = None
        self._path = path
        self._wanted = before.choice if before is not None else None
        self._found: Found | None = None
        self._choice: Choice | None = None
        self._reader = TableReader(self)
        self._boxes = WishBoxes()
        self._view = TableView()
        self._store = named_box("csv_store")
        self._store.addItem("In the experiment", "experiment")
        self._store.addItem("In its file, by name and checksum", "file")
        self._told = QLabel(objectName="csv_told")
        self._message = QLabel(objectName="csv_message")
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._lay_out()
        self._connect()
        if before is not None and before.path is not None:
            self._boxes.show_wishes(as_read(before.reading))
            self._view.show_missing(before.missing)
            self._store.setCurrentIndex(1)
        self.on_wishes_changed()

    def on_wishes_changed(self) -> None:
        """Read the file again, as is said now."""
        self._say("Reading…")
        self._accept_button().setEnabled(False)
        self._reader.read(self._path, self._boxes.wishes())

    def on_read(self, request: Request) -> None:
        """The file was read, or cannot be."""
        self._found = request.found
        self._boxes.show_reading(request.found.reading if request.found else None)
        sheet = request.found.sheet if request.found else None
        self._view.show_sheet(sheet, self._first_choice())
        self._store.setEnabled(sheet is not None)
        if request.found is None:
            what = request.error.rstrip(".")
            self._told.setText(f"{self._path.name} cannot be shown. {LIMITS}")
            self._refuse(what)
            return
        size = _bytes_text(request.size)
        rows = counted(request.found.sheet.rows, "row")
        columns = counted(len(request.found.sheet.columns), "column")
        self._told.setText(f"{size}, {rows}, {columns}. {LIMITS}")
        self.on_choice_changed()

    def on_choice_changed(self) -> None:
        """Say whether what is chosen can be learnt from."""
        if self._found is None:
            return
        choice = self._choice = self._wanted = self._view.choice()
        try:
            kept = kept_rows(self._found.sheet, choice)
            size = own_tables.stored_size(self._found, choice)
        except Refused as refused:
            self._refuse(str(refused))
            return
        self._offer_storage(size)
        if self._found.doubt:
            self._refuse(self._found.doubt)
            return
        told = summary(self._found.sheet, choice, kept)
        self._say(" ".join((told, *self._found.notes)))
        self._accept_button().setEnabled(True)

    def accept(self) -> None:
        """Take the table, unless there is something wrong with it."""
        assert self._found is not None
        assert self._choice is not None
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            if self._store.currentData() == "file":
                table = own_tables.referred(self._found, self._choice, self._path)
            else:
                table = own_tables.stored(self._found, self._choice, self._path.name)
            table.table()
        except Refused as refused:
            self._refuse(str(refused))
            return
        finally:
            QGuiApplication.restoreOverrideCursor()
        self.table = table
        super().accept()

    def done(self, result: int) -> None:
        self._reader.shut_down()
        super().done(result)

    def _first_choice(self) -> Choice | None:
        """What was chosen before, where the file still has such columns; else what is likely."""
        if self._found is None:
            return None
        wanted, names = self._wanted, self._found.sheet.names
        if wanted is None or not {wanted.target, *wanted.features} <= set(names):
            return own_tables.proposed(self._found)
        return wanted

    def _offer_storage(self, size: int) -> None:
        fits = size <= own_tables.MOST_STORED
        self._store.setItemText(0, f"In the experiment ({_bytes_text(size)})")
        self._store.setEnabled(fits)
        if not fits:
            self._store.setCurrentIndex(1)
        self._store.setToolTip("" if fits else "Too large to be stored in an experiment")

    def _say(self, text: str) -> None:
        self._show(text, "muted")

    def _refuse(self, sentence: str) -> None:
        self._show(f"{sentence[:1].upper()}{sentence[1:]}.", "error")
        self._accept_button().setEnabled(False)

    def _show(self, text: str, role: str) -> None:
        self._message.setText(text)
        self._message.setProperty("role", role)
        self._message.style().polish(self._message)

    def _accept_button(self) -> QWidget:
        return self._buttons.button(QDialogButtonBox.StandardButton.Ok)

    def _connect(self) -> None:
        self._reader.ended.connect(self.on_read)
        self._boxes.changed.connect(self.on_wishes_changed)
        self._view.changed.connect(self.on_choice_changed)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        self._accept_button().setText("Use Table")
        self._view.add_row("Store", self._store)
        for label in (self._told, self._message):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self._told.setProperty("role", "muted")
        self._message.setMinimumHeight(3 * self._message.fontMetrics().lineSpacing())
        self._message.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(theme.SPACING)
        layout.addWidget(self._boxes)
        layout.addSpacing(theme.SPACING)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._told)
        layout.addWidget(self._message)
        layout.addWidget(self._buttons)


def ask_for_table(parent: QWidget, title: str = "Open CSV") -> OwnTable | None:
    """Ask for a file and let the user look at it; None if nothing was taken."""
    settings = Settings()
    name, _ = QFileDialog.getOpenFileName(parent, title, settings.folder, FILTER)
    if not name:
        return None
    settings.folder = str(Path(name).absolute().parent)
    return looked_at(parent, Path(name))


def looked_at(parent: QWidget, path: Path, before: OwnTable | None = None) -> OwnTable | None:
    """What the user takes out of a file; None if nothing."""
    dialog = CsvDialog(path, before, parent)
    dialog.exec()
    dialog.deleteLater()
    return dialog.table


def _bytes_text(size: int) -> str:
    if size < 1_000:
        return f"{size} bytes"
    return f"{size / 1_000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
