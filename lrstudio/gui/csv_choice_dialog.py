"""The columns of a table that was taken before, chosen again: no file is asked for."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from lrstudio.core import Refused
from lrstudio.core.datasets.own import OwnTable
from lrstudio.core.epochs import counted
from lrstudio.core.sheet import Sheet, kept_rows
from lrstudio.gui import theme
from lrstudio.gui.csv_table import TableView, summary
from lrstudio.storage.own_tables import chosen_anew

_SIZE = (920, 560)


class ChoiceDialog(QDialog):
    """Shows what is known of a table; `table` holds what was chosen of it."""

    def __init__(self, before: OwnTable, sheet: Sheet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("csv_choice_dialog")
        self.setWindowTitle(f"Columns of {before.name}")
        self.resize(*_SIZE)
        self.table: OwnTable | None = None
        self._before = before
        self._sheet = sheet
        self._view = TableView()
        self._told = QLabel(objectName="csv_told")
        self._message = QLabel(objectName="csv_message")
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._lay_out()
        self._view.show_missing(before.missing)
        self._view.show_sheet(sheet, before.choice)
        self._view.changed.connect(self.on_choice_changed)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.on_choice_changed()

    def on_choice_changed(self) -> None:
        """Say whether what is chosen can be learnt from."""
        choice = self._view.choice()
        try:
            kept = kept_rows(self._sheet, choice)
        except Refused as refused:
            self._show(f"{str(refused)[:1].upper()}{str(refused)[1:]}.", "error")
        else:
            self._show(summary(self._sheet, choice, kept), "muted")

    def accept(self) -> None:
        """Take the choice, unless there is something wrong with it."""
        try:
            self.table = chosen_anew(self._before, self._view.choice())
            self.table.table()
        except Refused as refused:
            self.table = None
            self._show(f"{str(refused)[:1].upper()}{str(refused)[1:]}.", "error")
            return
        super().accept()

    def _show(self, text: str, role: str) -> None:
        self._message.setText(text)
        self._message.setProperty("role", role)
        self._message.style().polish(self._message)
        button = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        button.setEnabled(role != "error")

    def _lay_out(self) -> None:
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Use Columns")
        where = "of the file" if self._before.path else "that the experiment holds"
        count = (
            f"{counted(self._sheet.rows, 'row')}, "
            f"{counted(len(self._sheet.columns), 'column')} {where}."
        )
        more = "" if self._before.path else " Open the file again for columns that were left out."
        self._told.setText(count + more)
        self._told.setProperty("role", "muted")
        for label in (self._told, self._message):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self._message.setMinimumHeight(2 * self._message.fontMetrics().lineSpacing())
        self._message.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(theme.SPACING)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._told)
        layout.addWidget(self._message)
        layout.addWidget(self._buttons)


def chosen_again(parent: QWidget, before: OwnTable) -> OwnTable | None:
    """What the user chooses of a table now; None if nothing. Raises `Refused` if it is not read."""
    dialog = ChoiceDialog(before, before.sheet, parent)
    dialog.exec()
    dialog.deleteLater()
    return dialog.table
