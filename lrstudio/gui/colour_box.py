"""A box that shows a contender's line and offers the others of the palette."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from lrstudio.gui import theme
from lrstudio.gui.scrolling import QuietComboBox

OFFERED_SLOTS = 12
"""Two rounds of the six colours, every line with a colour and dashes of its own."""


class ColourBox(QuietComboBox):
    """Swatches to choose from; `activated` says the palette slot, which is the row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Colour and dashes")
        self.setToolTip("Colour and dashes of the contender's lines")
        self.setIconSize(QSize(*theme.SWATCH))
        self.setFixedHeight(20)  # no higher than the words beside it
        self._offer(OFFERED_SLOTS)
        self.setMaxVisibleItems(OFFERED_SLOTS)
        theme.notifier.changed.connect(self.on_theme_changed)

    def show_slot(self, slot: int) -> None:
        """Show a palette slot, also one beyond those that are offered."""
        self._offer(min(slot, _MOST_SLOTS) + 1)
        self.setCurrentIndex(slot)

    def on_theme_changed(self) -> None:
        """Draw the swatches in the new colours."""
        for slot in range(self.count()):
            self.setItemIcon(slot, theme.swatch_icon(slot))

    def _offer(self, count: int) -> None:
        for slot in range(self.count(), count):
            self.addItem(theme.swatch_icon(slot), "")
            self.setItemData(slot, f"Line {slot + 1}", Qt.ItemDataRole.AccessibleTextRole)


_MOST_SLOTS = 200  # a file may name slot 10 000; the box then shows nothing
