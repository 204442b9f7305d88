"""Which two of many coordinates a landscape shows."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from lrstudio.core import Problem


class PlaneChooser(QWidget):
    """Two lists of coordinates; hidden where there is nothing to choose."""

    chosen = Signal(int, int)  # coordinate to the right, coordinate upwards

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._across = self._combo("planeAcross", "Coordinate to the right")
        self._up = self._combo("planeUp", "Coordinate upwards")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._across)
        by = QLabel("×")
        by.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(by)
        row.addWidget(self._up)
        self._shown: tuple[int, int] = (0, 1)
        self.hide()

    def show_problem(self, problem: Problem, coordinates: tuple[int, int]) -> None:
        """Offer the coordinates of a problem."""
        self.setVisible(problem.dim > 2)
        if problem.dim <= 2:
            return
        names = list(problem.coordinates)
        for combo, current in zip((self._across, self._up), coordinates, strict=True):
            if [combo.itemText(i) for i in range(combo.count())] != names:
                combo.clear()
                combo.addItems(names)
            combo.setCurrentIndex(current)
        self._shown = coordinates

    def on_combo_activated(self, index: int) -> None:
        """Tell the choice; choosing the other axis' coordinate exchanges the two."""
        across, up = self._shown
        if self.sender() is self._across:
            self._shown = (index, across if index == up else up)
        else:
            self._shown = (up if index == across else across, index)
        self._across.setCurrentIndex(self._shown[0])
        self._up.setCurrentIndex(self._shown[1])
        self.chosen.emit(*self._shown)

    def _combo(self, name: str, description: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(name)
        combo.setAccessibleName(description)
        combo.setToolTip(description)
        combo.activated.connect(self.on_combo_activated)
        return combo
