"""Which pictures, in which format, how large."""

from typing import NamedTuple

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from lrstudio.gui import pictures, theme
from lrstudio.gui.plot_deck import PlotDeck
from lrstudio.storage.exporters import EXPORTERS, PictureFormat

SCALES = (1, 2, 3, 4, 6)


class PictureRequest(NamedTuple):
    """What the dialog was told."""

    plots: tuple[str, ...]
    format: PictureFormat
    scale: float
    is_dark: bool


class ExportDialog(QDialog):
    """Asks for plots, format and size; the pictures show what the screen shows."""

    def __init__(self, deck: PlotDeck, plot: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_dialog")
        self.setWindowTitle("Export Pictures")
        self._boxes = {name: QCheckBox(title) for name, title in deck.titles().items()}
        for name, box in self._boxes.items():
            box.setObjectName(f"plot_{name}")
            box.setChecked(plot in (None, name))
            box.toggled.connect(self.on_changed)
        self._format = QComboBox(objectName="format")
        pictures.register()
        for found in EXPORTERS.values():
            if isinstance(found, PictureFormat):
                self._format.addItem(found.title, found.id)
        self._format.currentIndexChanged.connect(self.on_changed)
        self._scale = QComboBox(objectName="scale")
        for scale in SCALES:
            self._scale.addItem(f"{scale}×", scale)
        self._scale.setCurrentIndex(1)
        self._dark = QCheckBox("Dark background", objectName="dark")
        self._dark.setChecked(False)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self.on_changed()

    def request(self) -> PictureRequest:
        """What was chosen."""
        plots = tuple(name for name, box in self._boxes.items() if box.isChecked())
        chosen = EXPORTERS[self._format.currentData()]
        assert isinstance(chosen, PictureFormat)
        return PictureRequest(plots, chosen, self._scale.currentData(), self._dark.isChecked())

    def on_changed(self) -> None:
        """Offer only what makes sense."""
        self._scale.setEnabled(self._format.currentData() == "png")
        is_any = any(box.isChecked() for box in self._boxes.values())
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(is_any)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(theme.SPACING)
        note = QLabel("Pictures show the same runs, ranges and scales as the window.")
        note.setProperty("role", "muted")
        layout.addWidget(note)
        for box in self._boxes.values():
            layout.addWidget(box)
        form = QFormLayout()
        form.addRow("Format", self._format)
        form.addRow("Size", self._scale)
        form.addRow("", self._dark)
        layout.addSpacing(theme.SPACING)
        layout.addLayout(form)
        layout.addSpacing(theme.SPACING)
        layout.addWidget(self._buttons)
