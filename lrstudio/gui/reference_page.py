"""Shows one page of the reference."""

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QFontInfo,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QPainter,
    QResizeEvent,
    QTextDocument,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from lrstudio.core.reference import Page
from lrstudio.gui import theme
from lrstudio.gui.reference_html import BREAK, Look, style, written
from lrstudio.storage.typesetting import Picture

_MARGIN = 24
_WIDEST = 800
"""Pixels beyond which lines of prose are too long to be read."""


class ReferencePage(QTextBrowser):
    """Rich text that loads nothing but the pictures that it was given."""

    told = Signal(str)
    """A sentence about what a link did."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: Page | None = None
        self._pictures: tuple[Picture, ...] = ()
        self.setObjectName("reference_page")
        self.setAccessibleName("Reference")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setMinimumWidth(480)
        self.document().setDocumentMargin(_MARGIN)
        self.anchorClicked.connect(self.on_anchor_clicked)
        theme.notifier.changed.connect(self.redraw)

    def show_page(self, page: Page) -> None:
        """Show another page, from its top."""
        if page is not self._page:
            self._page = page
            self.redraw()
            self.verticalScrollBar().setValue(0)

    def redraw(self) -> None:
        """Write the page anew, in the theme's colours and for the screen it is on."""
        if self._page is None:
            return
        place = self.verticalScrollBar().value()
        look = self._look()
        text, self._pictures = written(self._page, look)
        self.document().setDefaultStyleSheet(style(look))
        self.setHtml(text)
        self._scroll_for_pictures()
        self.verticalScrollBar().setValue(place)

    def on_anchor_clicked(self, link: QUrl) -> None:
        """Copy a paper's address, or open it because that was asked for."""
        address = f"https://arxiv.org/abs/{link.path()}"
        if link.scheme() == "copy":
            QGuiApplication.clipboard().setText(address)
            self.told.emit(f"Copied {address}")
        elif link.scheme() == "open":
            QDesktopServices.openUrl(QUrl(address))

    def _scroll_for_pictures(self) -> None:
        """Scroll sideways for a formula that is too wide; words are always wrapped."""
        widest = max((picture.width for picture in self._pictures), default=0.0)
        is_too_wide = widest + 2 * _MARGIN > self.viewport().width()
        policy = Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(
            policy.ScrollBarAsNeeded if is_too_wide else policy.ScrollBarAlwaysOff
        )

    def _look(self) -> Look:
        colours, font = theme.current(), self.font()
        metrics = QFontMetricsF(font)
        return Look(
            text=colours.text,
            muted=colours.muted,
            border=colours.border,
            size=QFontInfo(font).pixelSize(),
            ascent=metrics.ascent(),
            descent=metrics.descent(),
            formula_families=", ".join(f"'{name}'" for name in theme.symbol_font().families()),
        )

    def loadResource(self, kind: int, name: QUrl) -> object:
        """A picture of the page; never a file, whatever the text names."""
        number = name.path()
        if kind != QTextDocument.ResourceType.ImageResource.value or name.scheme() != "picture":
            return None
        if not number.isdecimal() or int(number) >= len(self._pictures):
            return None
        return _drawn(self._pictures[int(number)], self.devicePixelRatioF())

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(self.textCursor().selection().toPlainText().replace(BREAK, ""))
        return data

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        free = self.width() - self.verticalScrollBar().sizeHint().width() - _WIDEST
        margin = max(free, 0)
        if self.viewportMargins().right() != margin:
            self.setViewportMargins(0, 0, margin, 0)
        self._scroll_for_pictures()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.redraw()
        return super().event(event)


def _drawn(picture: Picture, ratio: float) -> QImage:
    """A picture in the pixels of the screen."""
    width, height = round(picture.width), round(picture.height)
    image = QImage(
        round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(picture.svg.encode())).render(
        painter, QRectF(0, 0, picture.width, picture.height)
    )
    painter.end()
    return image
