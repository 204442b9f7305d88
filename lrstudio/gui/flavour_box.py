"""Whose defaults and whose variant of a rule: the textbook's, or those of a framework."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from lrstudio.core import FLAVOURS, Optimizer, differences, flavours_of, parameters
from lrstudio.gui.panel_parts import INDENT, small_button
from lrstudio.gui.parameter_texts import wrapped
from lrstudio.gui.scrolling import QuietComboBox

_TIP = (
    "The same name is another algorithm in another framework. A flavour sets the defaults and "
    "the variant of a rule as that framework has them; what you changed by hand stays."
)


class FlavourBox(QWidget):
    """The flavours that a rule has, and a way back from what was changed by hand."""

    chosen = Signal(str)
    """Another flavour was chosen."""
    reset_asked = Signal()
    """All values are to go back to the flavour's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rule: type[Optimizer] | None = None
        self._flavour = ""
        self._box = QuietComboBox(self)
        self._box.setObjectName("contender_flavour")
        self._box.setAccessibleName("Flavour")
        self._box.setToolTip(wrapped(_TIP))
        self._box.setWhatsThis(wrapped(_TIP))
        self._reset = small_button("reset_flavour", "", "rotate-ccw", "")
        self._reset.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        label = QLabel("Flavour", self)
        label.setBuddy(self._box)
        label.setContentsMargins(INDENT, 0, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self._box, 1)
        row.addWidget(self._reset)
        self._box.activated.connect(self.on_activated)
        self._reset.clicked.connect(self.reset_asked)

    def show_optimizer(self, optimizer: Optimizer, flavour: str) -> None:
        """Show whose flavour a rule has, and what differs from it."""
        rule = type(optimizer)
        if rule is not self._rule:
            self._rule = rule
            self._box.clear()
            for known in flavours_of(rule):
                self._box.addItem(FLAVOURS[known], known)
            self._box.setEnabled(self._box.count() > 1)
        self._flavour = flavour
        self._box.setCurrentIndex(self._box.findData(flavour))
        self._show_differences(differences(optimizer, flavour))

    def on_activated(self, index: int) -> None:
        """The user chose a flavour, perhaps the same one again."""
        flavour = self._box.itemData(index, Qt.ItemDataRole.UserRole)
        if flavour != self._flavour:
            self.chosen.emit(flavour)

    def _show_differences(self, names: tuple[str, ...]) -> None:
        assert self._rule is not None
        labels = [p.label for p in parameters(self._rule) if p.name in names]
        self._reset.setText(str(len(labels)))
        whose = f"{FLAVOURS[self._flavour]}'s defaults"
        tip = wrapped(f"Differs from {whose}: {', '.join(labels)}. Click to go back to them.")
        self._reset.setToolTip(tip)
        self._reset.setAccessibleName(f"{len(labels)} values differ; go back to {whose}")
        keeps_its_place = self._reset.sizePolicy()
        keeps_its_place.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(keeps_its_place)
        self._reset.setVisible(bool(labels))
