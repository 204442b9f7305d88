"""Lines of plain text, as high as the text in them."""

from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

MARGIN = 3
"""Pixels around the text."""


class GrowingText(QPlainTextEdit):
    """Takes so many pasted characters at most; its `sizeHint` says how high it is."""

    def __init__(self, longest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._longest = longest
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(MARGIN)
        self.document().documentLayout().documentSizeChanged.connect(self.on_size_changed)

    def on_size_changed(self) -> None:
        """The text needs more lines, or fewer."""
        self.setFixedHeight(self.sizeHint().height())

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(source.text()[: self._longest])

    def minimumSizeHint(self) -> QSize:
        return QSize(12 * self.fontMetrics().horizontalAdvance("0"), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.on_size_changed()
