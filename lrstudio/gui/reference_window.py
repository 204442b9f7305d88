"""The window of the reference: contents at the left, one page at the right."""

import msgspec
from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDialog, QSplitter, QVBoxLayout, QWidget

from lrstudio.core import reference
from lrstudio.gui.panel_parts import column, note
from lrstudio.gui.reference_list import ReferenceList
from lrstudio.gui.reference_page import ReferencePage
from lrstudio.gui.settings import Settings

_SIZE = QSize(1040, 740)
_LIST_WIDTH = 216
_FRAME = QSize(8, 40)


class ReferenceWindow(QDialog):
    """Stays beside the main window; Esc closes it, and it opens again where it was."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._settings = settings
        self.setObjectName("reference")
        self.setWindowTitle("Reference")
        self.contents = ReferenceList()
        self.page = ReferencePage()
        self._told = note()
        self._told.setObjectName("reference_told")
        self._told.setContentsMargins(24, 4, 24, 8)
        self._told.hide()
        self._arrange()
        self.contents.chosen.connect(self.on_chosen)
        self.page.told.connect(self.on_told)
        self._restore()

    def show_class(self, cls: type[msgspec.Struct]) -> None:
        """Show a page and come to the front."""
        self.contents.show_class(cls)
        self.show()
        self.raise_()
        self.activateWindow()
        self.contents.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_chosen(self, cls: type[msgspec.Struct]) -> None:
        """Another title was marked."""
        self._told.hide()
        self.page.show_page(reference.page(cls))

    def on_told(self, sentence: str) -> None:
        """A link did something that cannot be seen."""
        self._told.setText(sentence)
        self._told.show()

    def _arrange(self) -> None:
        right = QWidget()
        below = column(right, 0)
        below.addWidget(self.page)
        below.addWidget(self._told)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.contents)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_LIST_WIDTH, _SIZE.width() - _LIST_WIDTH])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _restore(self) -> None:
        room = self.screen().availableSize() - _FRAME
        self.resize(_SIZE.boundedTo(room))
        geometry = self._settings.geometry(self.objectName())
        if geometry != QByteArray():
            self.restoreGeometry(geometry)

    def hideEvent(self, event: QHideEvent) -> None:
        self._settings.set_geometry(self.objectName(), self.saveGeometry())
        super().hideEvent(event)
