"""The field that shows which rule is chosen, and opens the list of all of them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from lrstudio.core.catalogue import Catalogue
from lrstudio.gui.chooser_pictures import Pictures
from lrstudio.gui.scrolling import QuietComboBox

if TYPE_CHECKING:
    from lrstudio.gui.chooser_popup import ChooserPopup


class RuleChooser(QuietComboBox):
    """A combo box in all but its list, which is a `ChooserPopup`.

    Closed, it steps through the catalogue with the arrows and jumps to what is typed, as any combo
    box does. Space, F4 and Alt+Down open it.
    """

    chosen = Signal(str)
    """Id of the rule that the user chose, perhaps the same one again."""

    def __init__(
        self,
        catalogue: Catalogue,
        name: str,
        spoken: str,
        pictures: Pictures | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._pictures = pictures
        self._popup: ChooserPopup | None = None
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for entry in catalogue.entries:
            self.addItem(entry.title, entry.id)
        self.activated.connect(self.on_activated)

    def show_id(self, identifier: str) -> None:
        """Show which rule is chosen; emits nothing that edits."""
        self.setCurrentIndex(self.findData(identifier))

    def on_activated(self, row: int) -> None:
        """The user stepped to a rule or typed its beginning."""
        self.chosen.emit(self.itemData(row))

    def on_popup_chosen(self, identifier: str) -> None:
        """The user chose from the list."""
        self.show_id(identifier)
        self.activated.emit(self.currentIndex())

    def showPopup(self) -> None:
        if self._popup is None:  # made when it is first wanted: the window starts without it
            from lrstudio.gui.chooser_popup import ChooserPopup  # noqa: PLC0415 - not at start

            self._popup = ChooserPopup(self._catalogue, self.objectName(), self, self._pictures)
            self._popup.chosen.connect(self.on_popup_chosen)
        self._popup.open_at(self, self.currentData() or "")

    def hidePopup(self) -> None:
        if self._popup is not None:
            self._popup.close()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # Not QComboBox's, which would wait for the release over a list of its own.
        if event.button() == Qt.MouseButton.LeftButton:
            self.showPopup()
        else:
            event.ignore()
