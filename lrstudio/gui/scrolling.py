"""Panels that scroll, and a wheel that turns nothing it was merely carried over."""

from time import monotonic

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QScrollArea, QWidget

_GESTURE_SECONDS = 0.4
"""Turns of the wheel no further apart than this belong to one gesture."""
_MARGIN = 4
"""Pixels that are seen below what is brought into view."""


class PanelScroll(QScrollArea):
    """A scroll area that remembers when the wheel last scrolled it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._turned_at = -1e9

    @property
    def is_turning(self) -> bool:
        """Whether a wheel gesture that began on this area may still be going on."""
        return monotonic() - self._turned_at < _GESTURE_SECONDS

    def minimumSizeHint(self) -> QSize:
        """As wide as what it holds: there is no bar to bring into view what is cut off."""
        least = super().minimumSizeHint()
        bar = self.verticalScrollBar().sizeHint().width()
        inside = self.widget().minimumSizeHint().width() if self.widget() else 0
        return QSize(max(least.width(), inside + bar), least.height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._turned_at = monotonic()
        super().wheelEvent(event)


class QuietComboBox(QComboBox):
    """A combo box that the wheel never changes: its list is one click or key away.

    After a choice it keeps the focus, so that the focus says nothing about what the wheel is for.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # and not by the wheel

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def bring_into_view(widget: QWidget) -> None:
    """Scroll the panel that a widget is in so far that it is seen."""
    area = _panel_of(widget)
    if area is not None and widget.isVisible():
        # What has just come takes its place level by level, and only then is it known where.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        area.ensureWidgetVisible(widget, 0, _MARGIN)


def takes_wheel(widget: QWidget) -> bool:
    """Whether the wheel is meant for a widget: it has the focus and was not scrolled into the way.

    What is not taken goes on to the scroll area, which prolongs the gesture.
    """
    area = _panel_of(widget)
    return widget.hasFocus() and not (area is not None and area.is_turning)


def _panel_of(widget: QWidget) -> PanelScroll | None:
    area = widget.parentWidget()
    while area is not None and not isinstance(area, PanelScroll):
        area = area.parentWidget()
    return area
