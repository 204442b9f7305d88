"""Messages to the user: calm, one sentence, plain text whatever a file may contain."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def tell(parent: QWidget | None, title: str, sentence: str) -> None:
    """Say what went wrong and what to do."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, sentence, parent=parent)
    box.setObjectName("message")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.exec()
    box.deleteLater()


def ask_to_save(parent: QWidget, name: str) -> QMessageBox.StandardButton:
    """Ask what is to become of unsaved changes: Save, Discard or Cancel."""
    buttons = QMessageBox.StandardButton
    box = QMessageBox(
        QMessageBox.Icon.Question,
        "Unsaved Changes",
        f"Save the changes to “{name}”?",
        buttons.Save | buttons.Discard | buttons.Cancel,
        parent,
    )
    box.setObjectName("ask_to_save")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText("They are lost if you do not save them.")
    box.setDefaultButton(buttons.Save)
    answer = QMessageBox.StandardButton(box.exec())
    box.deleteLater()
    return answer
