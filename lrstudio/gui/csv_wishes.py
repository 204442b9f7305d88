"""How a file was read, as boxes that say what was recognised and take what is said instead."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from lrstudio.core.datasets.own import Reading
from lrstudio.gui import theme
from lrstudio.gui.scrolling import QuietComboBox
from lrstudio.storage.csv_reading import Wishes
from lrstudio.storage.csv_reading.decoding import TITLES
from lrstudio.storage.csv_reading.records import NAMES

_WORDS: dict[str, tuple[str, dict[Any, str]]] = {
    "encoding": ("Encoding", dict(TITLES)),
    "separator": ("Separator", {sign: name.capitalize() for sign, name in NAMES.items()}),
    "decimal": ("Decimal mark", {".": "Point  1.5", ",": "Comma  1,5"}),
    "has_header": ("First line", {True: "Column names", False: "Values"}),
}
"""Label of each box, and what may be chosen in it."""


class WishBoxes(QWidget):
    """A box for each thing that is recognised; its first entry leaves it to be recognised."""

    changed = Signal()
    """The user says something else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes = {name: QuietComboBox(self) for name in _WORDS}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * theme.SPACING)
        grid.setVerticalSpacing(theme.SPACING // 2)
        for place, (name, (label, choices)) in enumerate(_WORDS.items()):
            box = self._boxes[name]
            box.setObjectName(f"csv_{name}")
            box.setAccessibleName(label)
            box.addItem("Recognised", None)
            for value, text in choices.items():
                box.addItem(text, value)
            box.activated.connect(self.changed)
            title = QLabel(label)
            title.setBuddy(box)
            grid.addWidget(title, 0, place)
            grid.addWidget(box, 1, place)
            grid.setColumnStretch(place, 1)

    def wishes(self) -> Wishes:
        """What the user says; None where it is left to be recognised."""
        # Not `currentData`: Qt would give an int for what was put in as a bool.
        return Wishes(**{name: self._wish(name) for name in _WORDS})

    def show_wishes(self, wishes: Wishes) -> None:
        """Say what was said before."""
        for name, value in wishes._asdict().items():
            choices = list(_WORDS[name][1])
            self._boxes[name].setCurrentIndex(0 if value is None else choices.index(value) + 1)

    def show_reading(self, reading: Reading | None) -> None:
        """Say what was recognised."""
        for name, (_, choices) in _WORDS.items():
            text = "" if reading is None else f": {choices[getattr(reading, name)]}"
            self._boxes[name].setItemText(0, f"Recognised{text}")

    def _wish(self, name: str) -> Any:
        place = self._boxes[name].currentIndex()
        return None if place <= 0 else list(_WORDS[name][1])[place - 1]
