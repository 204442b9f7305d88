"""Messages to the user: calm, one sentence, plain text whatever a file may contain."""

from collections.abc import Iterable
from pathlib import Path

from PySide6 import QtWidgets  # which makes the type of a dialog when it is named: not at start
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tell(parent: QWidget | None, title: str, sentence: str) -> None:
    """Say what went wrong and what to do."""
    box = QtWidgets.QMessageBox(QtWidgets.QMessageBox.Icon.Warning, title, sentence, parent=parent)
    box.setObjectName("message")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.exec()
    box.deleteLater()


def may_choose_file(parent: QWidget | None, title: str, sentence: str) -> bool:
    """Say that a file is missing; whether the user wants to choose where it is."""
    buttons = QtWidgets.QMessageBox.StandardButton
    box = QtWidgets.QMessageBox(
        QtWidgets.QMessageBox.Icon.Warning, title, sentence, buttons.Open | buttons.Cancel, parent
    )
    box.setObjectName("may_choose_file")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.button(buttons.Open).setText("Choose File…")
    answer = box.exec()
    box.deleteLater()
    return answer == buttons.Open


def may_replace(parent: QWidget, paths: Iterable[Path]) -> bool:
    """Whether files that are there already may be replaced: none is, or the user says so."""
    names = [path.name for path in paths if path.exists()]
    if not names:
        return True
    buttons = QtWidgets.QMessageBox.StandardButton
    box = QtWidgets.QMessageBox(
        QtWidgets.QMessageBox.Icon.Question,
        "Replace Files",
        f"Replace {_listed(names)}?",
        buttons.Yes | buttons.Cancel,
        parent,
    )
    box.setObjectName("may_replace")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.button(buttons.Yes).setText("Replace")
    box.setDefaultButton(buttons.Cancel)
    answer = box.exec()
    box.deleteLater()
    return answer == buttons.Yes


def completed(parent: QWidget, name: str, suffix: str) -> Path | None:
    """A name from a file dialog with its suffix; None if that names a file that is to stay.

    The dialog has asked about the name as it was typed, not about the one with the suffix.
    """
    path = Path(name)
    if path.suffix:
        return path
    path = path.with_name(path.name + suffix)
    return path if may_replace(parent, [path]) else None


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return f"“{names[0]}”"
    shown = ", ".join(f"“{name}”" for name in names[:_MOST_NAMES])
    return f"{len(names)} files ({shown}{', …' if len(names) > _MOST_NAMES else ''})"


_MOST_NAMES = 5


def ask_to_save(parent: QWidget, name: str) -> "QtWidgets.QMessageBox.StandardButton":
    """Ask what is to become of unsaved changes: Save, Discard or Cancel."""
    buttons = QtWidgets.QMessageBox.StandardButton
    box = QtWidgets.QMessageBox(
        QtWidgets.QMessageBox.Icon.Question,
        "Unsaved Changes",
        f"Save the changes to “{name}”?",
        buttons.Save | buttons.Discard | buttons.Cancel,
        parent,
    )
    box.setObjectName("ask_to_save")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText("They are lost if you do not save them.")
    box.setDefaultButton(buttons.Save)
    answer = QtWidgets.QMessageBox.StandardButton(box.exec())
    box.deleteLater()
    return answer
