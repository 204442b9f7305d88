"""A view with two axes, and what a mouse does on it, told in signals.

pyqtgraph lays out, maps coordinates and labels the axes. Its mouse handling is not used: it prints
exceptions instead of raising them, and its context menu leads to an exporter that crashes with
Qt 6.11.
"""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from lrstudio.gui import theme
from lrstudio.gui.plots.axes import Axis
from lrstudio.gui.plots.corner import Corner
from lrstudio.gui.plots.frame import Frame
from lrstudio.gui.plots.pyqtgraph_parts import GraphicsView, ViewBox

_ZOOM_PER_NOTCH = 0.8
_FINEST = 1e-10
_SMALLEST, _LARGEST = 1e-30, 1e60
_MARGIN_TOP = 8
_MARGIN_RIGHT = 12


class Canvas(GraphicsView):
    """A ViewBox with a left and a bottom axis; all positions are pixels of the view box.

    It is undressed until its plot calls `apply_theme`.
    """

    hovered = Signal(object)  # QPointF, or None when the mouse has left
    pressed = Signal(object)  # QPointF; left button
    dragged = Signal(object, object)  # QPointF now, QPointF before
    released = Signal(object, bool)  # QPointF, whether it was a drag
    double_clicked = Signal(object)  # QPointF
    turned = Signal(object, float, object)  # QPointF, notches up, keyboard modifiers
    menu_requested = Signal(object)  # QPoint on the screen
    home_requested = Signal()
    resized = Signal()

    def __init__(self, is_stepped: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False)
        self.view = ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self.view.disableAutoRange()
        self.left_axis = Axis("left", self.view)
        self.bottom_axis = Axis("bottom", self.view, is_whole=is_stepped)
        layout = self.centralLayout
        layout.setContentsMargins(0, _MARGIN_TOP, _MARGIN_RIGHT, 0)
        layout.setSpacing(0)
        layout.addItem(self.left_axis, 0, 0)
        layout.addItem(self.view, 0, 1)
        layout.addItem(self.bottom_axis, 1, 1)
        self._corner = Corner("step" if is_stepped else "")
        layout.addItem(self._corner, 1, 0)
        self._pressed_at: QPointF | None = None
        self._last: QPointF | None = None
        self._is_dragging = False
        self.view.sigResized.connect(self.on_view_resized)

    def apply_theme(self) -> None:
        """Take over the colours of the current theme."""
        self.setBackground(theme.current().background)
        self.left_axis.apply_theme()
        self.bottom_axis.apply_theme()
        self.set_corner(self._corner.text)

    def set_corner(self, text: str) -> None:
        """What the axes measure, in the corner between them."""
        self._corner.show_text(text)
        self.bottom_axis.keep_clear(self._corner.advance())

    def useOpenGL(self, b: bool = True) -> None:
        # A viewport of our own: pyqtgraph would ask for the one that Qt made, and PySide would look
        # at every kind of widget that there is to say what that is.
        self.setViewport(QWidget())

    def frame(self) -> Frame:
        """What the view shows, in (not device) pixels."""
        (left, right), (bottom, top) = self.view.viewRange()
        size = self.view.rect().size().toSize()
        return Frame(size.width(), size.height(), left, right, bottom, top)

    def to_view(self, position: QPointF) -> QPointF:
        """Pixels of the view box from pixels of this widget."""
        return self.view.mapFromScene(self.mapToScene(position.toPoint()))

    def from_view(self, position: QPointF) -> QPointF:
        """Pixels of this widget from pixels of the view box."""
        return QPointF(self.mapFromScene(self.view.mapToScene(position)))

    def zoom(self, at: QPointF, notches: float, is_x: bool, is_y: bool) -> None:
        """Zoom in by notches of the wheel, keeping what is at `at` where it is."""
        factor = _ZOOM_PER_NOTCH**notches
        frame = self.frame()
        if frame.is_empty:
            return
        is_x = is_x and _may_zoom(frame.left, frame.right, factor)
        is_y = is_y and _may_zoom(frame.bottom, frame.top, factor)
        centre = frame.value_at(at.x(), at.y())
        self.view.scaleBy(center=centre, x=factor if is_x else None, y=factor if is_y else None)

    def pan(self, now: QPointF, before: QPointF) -> None:
        """Move what is shown along with the mouse."""
        frame = self.frame()
        if frame.is_empty:
            return
        x0, y0 = frame.value_at(before.x(), before.y())
        x1, y1 = frame.value_at(now.x(), now.y())
        self.view.translateBy(x=x0 - x1, y=y0 - y1)

    def on_view_resized(self) -> None:
        """Pictures of the old size are of no use any more."""
        self.resized.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = self._last = self.to_view(event.position())
            self._is_dragging = False
            self.pressed.emit(self._pressed_at)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = self.to_view(event.position())
        if self._pressed_at is None or self._last is None:
            self.hovered.emit(position)
            return
        if not self._is_dragging:
            far = (position - self._pressed_at).manhattanLength()
            self._is_dragging = far >= QApplication.startDragDistance()
        if self._is_dragging:
            before, self._last = self._last, position
            self.dragged.emit(position, before)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._pressed_at is not None:
            self._pressed_at = self._last = None
            self.released.emit(self.to_view(event.position()), self._is_dragging)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit(self.to_view(event.position()))
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # With Alt held, Qt turns a vertical wheel into a horizontal one.
        delta = event.angleDelta().y() or event.angleDelta().x()
        self.turned.emit(self.to_view(event.position()), delta / 120.0, event.modifiers())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Home:
            self.home_requested.emit()
            event.accept()
            return
        event.ignore()


def _may_zoom(low: float, high: float, factor: float) -> bool:
    """Whether numbers are still told apart, and do not overflow, in the range that would result."""
    span = (high - low) * factor
    if factor > 1:
        return span < _LARGEST
    return span > max(_FINEST * max(abs(low), abs(high)), _SMALLEST)
