"""Small dialogs: about, and all keys at a glance."""

import platform
from importlib.metadata import version

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from lrstudio import __version__
from lrstudio.gui import icons, theme

_LICENCES = (
    "LR Studio is free software under the MIT licence. It uses Qt and PySide6 (LGPL 3), "
    "NumPy, msgspec and contourpy (BSD 3-clause), pyqtgraph and ziamath (MIT), STIX Two fonts "
    "(OFL 1.1) and icons by Lucide (ISC)."
)


def versions() -> tuple[tuple[str, str], ...]:
    """What a report of a defect needs to say."""
    libraries = (
        "PySide6-Essentials",
        "pyqtgraph",
        "numpy",
        "msgspec",
        "contourpy",
        "ziamath",
        "click",
    )
    return (
        ("LR Studio", __version__),
        ("Python", platform.python_version()),
        *((name, version(name)) for name in libraries),
        ("System", platform.platform()),
    )


class AboutDialog(QDialog):
    """Version, environment and licences, with a button that copies them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setWindowTitle("About LR Studio")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(theme.SPACING)
        picture = QLabel()
        picture.setPixmap(icons.program_icon().pixmap(64, 64))
        title = QLabel(f"<b>LR Studio</b> {__version__}")
        text = QLabel("Races optimizers and learning-rate schedules and shows why one wins.")
        licences = QLabel(_LICENCES, wordWrap=True)
        licences.setProperty("role", "muted")
        for widget in (picture, title, text):
            layout.addWidget(widget)
        layout.addLayout(self._make_table())
        layout.addWidget(licences)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        copy.setObjectName("copy_versions")
        copy.clicked.connect(self.copy)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.setMinimumWidth(440)

    def copy(self) -> None:
        """Copy versions and system as text."""
        text = "\n".join(f"{name}: {number}" for name, number in versions())
        QGuiApplication.clipboard().setText(text)

    def _make_table(self) -> QFormLayout:
        table = QFormLayout()
        table.setVerticalSpacing(2)
        for name, number in versions()[1:]:
            value = QLabel(number, textInteractionFlags=_SELECTABLE, wordWrap=True)
            table.addRow(name, value)
        return table


class ShortcutsDialog(QDialog):
    """All keys of the window in two columns."""

    def __init__(self, actions: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts")
        self.setWindowTitle("Keyboard Shortcuts")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.addLayout(self._make_table(actions))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addSpacing(theme.SPACING)
        layout.addWidget(buttons)

    def _make_table(self, actions: list[QAction]) -> QGridLayout:
        table = QGridLayout()
        table.setHorizontalSpacing(24)
        table.setVerticalSpacing(4)
        rows = [
            (_told(action.shortcuts()), action.statusTip())
            for action in actions
            if not action.shortcut().isEmpty()
        ] + list(_MOUSE)
        for i, (keys, tip) in enumerate(rows):
            label = QLabel(keys)
            label.setProperty("role", "muted")
            half = -(-len(rows) // 2)
            table.addWidget(label, i % half, 2 * (i // half), Qt.AlignmentFlag.AlignRight)
            table.addWidget(QLabel(tip), i % half, 2 * (i // half) + 1)
        return table


def _told(keys: list[QKeySequence]) -> str:
    return ", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys)


_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse
_MOUSE = (
    ("Wheel", "Zoom a plot along the steps"),
    ("Ctrl+Wheel", "Zoom the values of a plot"),
    ("Drag", "Move a plot; move a start in the landscape"),
    ("Click", "Set the start in the landscape"),
    ("Double-click", "Show everything again"),
    ("Alt+Up, Alt+Down", "Move the selected contender"),
    ("F2", "Rename the selected contender"),
)
