"""Which plane through many coordinates a landscape shows."""

import unicodedata

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QLabel, QListView, QWidget

from lrstudio.core import Problem
from lrstudio.engine.directions import Kind
from lrstudio.gui.plots.header import PlotHeader
from lrstudio.gui.tab_order import put_in_order

KINDS: tuple[tuple[Kind, str, str], ...] = (
    ("coordinates", "Coordinates", "Two coordinates; the others stay where the caption says"),
    ("principal", "Principal plane", "The two directions in which the runs spread most"),
    ("random", "Random plane", "Two random directions, each filter as long as its weights"),
)
_FEW = 30
_LETTERS = 7


class PlaneChooser(QWidget):
    """The kind of plane, and its two coordinates; hidden where there is nothing to choose."""

    chosen = Signal(int, int)  # coordinate to the right, coordinate upwards
    kind_chosen = Signal(str)
    redrawn = Signal()
    """Two other random directions are wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = QStringListModel(self)
        self._shown: tuple[int, int] = (0, 1)
        self.hide()

    def show_problem(self, problem: Problem, kind: Kind, coordinates: tuple[int, int]) -> None:
        """Offer the planes of a problem."""
        self.setVisible(problem.dim > 2)
        if problem.dim <= 2:
            return
        if self.layout() is None:
            self._make()
        self._kind.setCurrentIndex(self._kind.findData(kind))
        self._kind.setToolTip(self._kind.currentData(Qt.ItemDataRole.ToolTipRole))
        for widget in (self._across, self._by, self._up):
            widget.setVisible(kind == "coordinates")
        self._again.setVisible(kind == "random")
        names = list(problem.coordinates)
        if len(names) > _FEW:  # W1[3,2] can be typed, W₁[3,2] cannot
            names = [unicodedata.normalize("NFKC", name) for name in names]
        if self._names.stringList() != names:
            self._names.setStringList(names)
            for combo in (self._across, self._up):
                _make_searchable(combo, self._names, is_long=len(names) > _FEW)
        self._show(coordinates)

    def on_kind_activated(self, index: int) -> None:
        """Tell which kind of plane is wanted."""
        self.kind_chosen.emit(self._kind.itemData(index))

    def on_combo_activated(self, index: int) -> None:
        """Tell the choice; choosing the other axis' coordinate exchanges the two."""
        across, up = self._shown
        if self.sender() is self._across:
            self._show((index, across if index == up else up))
        else:
            self._show((up if index == across else across, index))
        self.chosen.emit(*self._shown)

    def on_editing_finished(self) -> None:
        """What was typed names no coordinate: show again what is chosen."""
        self._show(self._shown)

    def _show(self, coordinates: tuple[int, int]) -> None:
        self._shown = coordinates
        for combo, index in zip((self._across, self._up), coordinates, strict=True):
            combo.setCurrentIndex(index)
            if combo.isEditable():
                combo.setEditText(combo.itemText(index))

    def _make(self) -> None:
        """Fill it, late: most problems have two coordinates."""
        self._kind = QComboBox(objectName="planeKind")
        self._kind.setAccessibleName("Kind of plane")
        for kind, title, tip in KINDS:
            self._kind.addItem(title, kind)
            self._kind.setItemData(self._kind.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self._kind.activated.connect(self.on_kind_activated)
        self._across = self._combo("planeAcross", "Coordinate to the right")
        self._up = self._combo("planeUp", "Coordinate upwards")
        self._by = QLabel("×")
        self._by.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self._kind, self._across, self._by, self._up):
            row.addWidget(widget)
        self._again = PlotHeader.make_button(
            "planeAgain", "Other directions", "Draw two other random directions", "refresh-cw"
        )
        self._again.clicked.connect(self.redrawn)
        row.addWidget(self._again)
        put_in_order(self, (self._kind, self._across, self._up, self._again))

    def _combo(self, name: str, description: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(name)
        combo.setAccessibleName(description)
        combo.setToolTip(description)
        combo.setModel(self._names)
        view = QListView()
        view.setUniformItemSizes(True)  # else thousands of names are measured one by one
        combo.setView(view)
        combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        combo.activated.connect(self.on_combo_activated)
        return combo


def _make_searchable(combo: QComboBox, names: QStringListModel, is_long: bool) -> None:
    """Of very many names one types a part; the width no longer depends on all of them."""
    policy = QComboBox.SizeAdjustPolicy
    contents = policy.AdjustToMinimumContentsLengthWithIcon if is_long else policy.AdjustToContents
    combo.setSizeAdjustPolicy(contents)
    combo.setMinimumContentsLength(_LETTERS if is_long else 0)
    if is_long == combo.isEditable():
        return
    combo.setEditable(is_long)
    if is_long:
        completer = QCompleter(names, combo)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        combo.setCompleter(completer)
        owner = combo.parent()
        assert isinstance(owner, PlaneChooser)
        combo.lineEdit().editingFinished.connect(owner.on_editing_finished)
