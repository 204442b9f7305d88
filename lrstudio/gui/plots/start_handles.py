"""What a mouse does with the starts of a landscape: drag a ring, or click where it should be."""

from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from lrstudio.gui.plots.canvas import Canvas
from lrstudio.gui.plots.signs import SignsItem

_REACH = 16.0


class StartHandles(QObject):
    """Turns presses, drags and clicks of a canvas into moves of starts and of the view.

    A click sets the first start at once. While the picture is zoomed a double-click shows all of
    it, so a click then waits until it is certain not to become one.
    """

    moved = Signal(int, object, bool)  # index, (x, y) of the picture, whether the drag goes on
    panned = Signal(object, object)  # QPointF now, QPointF before

    def __init__(self, canvas: Canvas, signs: SignsItem, parent: QObject) -> None:
        super().__init__(parent)
        self.may_double_click = False
        self.may_move = True
        """Whether there is anything that can be moved."""
        self._canvas = canvas
        self._signs = signs
        self._held: int | None = None
        self._clicked_at = (0.0, 0.0)
        self._clicking = QTimer(self)
        self._clicking.setSingleShot(True)
        self._clicking.timeout.connect(self.on_clicking_timeout)
        canvas.pressed.connect(self.on_canvas_pressed)
        canvas.dragged.connect(self.on_canvas_dragged)
        canvas.released.connect(self.on_canvas_released)
        canvas.hovered.connect(self.on_canvas_hovered)
        canvas.double_clicked.connect(self.on_canvas_double_clicked)

    @property
    def is_dragging(self) -> bool:
        """Whether a start is in the hand."""
        return self._held is not None

    def start_at(self, position: QPointF) -> int | None:
        """Index of the start that can be grabbed at a pixel."""
        if not self.may_move:
            return None
        starts = [sign for sign in self._signs.signs if sign.kind == "start"]
        distances = [(QPointF(sign.x, sign.y) - position).manhattanLength() for sign in starts]
        nearest = min(distances, default=_REACH + 1)
        return distances.index(nearest) if nearest <= _REACH else None

    def stop(self) -> None:
        """Forget a click that waits."""
        self._clicking.stop()

    def on_canvas_pressed(self, position: QPointF) -> None:
        """Grab a start, if there is one."""
        self._held = self.start_at(position)

    def on_canvas_dragged(self, now: QPointF, before: QPointF) -> None:
        """Move what is held: a start or the view."""
        self._canvas.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._held is None:
            self.panned.emit(now, before)
        else:
            self.moved.emit(self._held, self._place(now), True)

    def on_canvas_released(self, position: QPointF, was_drag: bool) -> None:
        """Let go of a start, or take a click."""
        held, self._held = self._held, None
        self.on_canvas_hovered(position)
        if held is not None:
            if was_drag:
                self.moved.emit(held, self._place(position), False)
            return
        is_plain = QApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier
        is_click = self.may_move and not was_drag and is_plain
        if not is_click or not self._is_inside(position):
            return
        self._clicked_at = self._place(position)
        if self.may_double_click:
            self._clicking.start(QApplication.doubleClickInterval())
        else:
            self.on_clicking_timeout()

    def on_canvas_double_clicked(self, position: QPointF) -> None:
        """The click before was not meant as one."""
        self._clicking.stop()

    def on_clicking_timeout(self) -> None:
        """It was a click."""
        self.moved.emit(0, self._clicked_at, False)

    def on_canvas_hovered(self, position: QPointF | None) -> None:
        """Show what can be grabbed."""
        viewport = self._canvas.viewport()
        if position is not None and self.start_at(position) is not None:
            viewport.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            viewport.setCursor(Qt.CursorShape.ArrowCursor)

    def _place(self, position: QPointF) -> tuple[float, float]:
        return self._canvas.frame().value_at(position.x(), position.y())

    def _is_inside(self, position: QPointF) -> bool:
        return self._canvas.view.rect().contains(position)
