"""A line to type a whole point into, for problems with too many coordinates for a field each.

Behaves like a number field: a good text is taken at once, a refused one is marked with a sentence
and the point from before the typing stays in use; Escape goes back to it.
"""

import re

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QSizePolicy, QWidget

from lrstudio.core import Parameter, refusal
from lrstudio.core.problem import Point
from lrstudio.gui.typed_fields import mark_refused
from lrstudio.gui.typed_numbers import Unreadable, read_real, shortest

_LONGEST_LINE = 1_000_000  # ten thousand coordinates fit; Qt's own limit is 32 767


class PointLine(QLineEdit):
    """Types `dim` numbers, separated by spaces or semicolons, each within a parameter's bounds."""

    edited = Signal(object, bool)
    """The point in use, and whether typing goes on."""

    def __init__(self, coordinate: Parameter, dim: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._coordinate = coordinate
        self._dim = dim
        self._point: Point = ()
        self._kept: Point = ()
        self._is_open = False  # said a point whose gesture has not ended
        self.complaint = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True, visible=False)
        self.complaint.setProperty("role", "error")
        self.setMaxLength(_LONGEST_LINE)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(f"{dim} numbers, separated by spaces or semicolons")
        self.textEdited.connect(self.on_text_edited)
        self.editingFinished.connect(self.on_editing_finished)

    def set_point(self, point: Point) -> None:
        """Show another point and emit nothing; the same one leaves a half-typed text alone."""
        if point != self._point:
            self._point = self._kept = point
            self._is_open = False
            self._show_text()

    def on_text_edited(self, text: str) -> None:
        """Take a good point at once; mark any other text."""
        try:
            point = read_point(text, self._coordinate, self._dim)
        except Unreadable as reason:
            self._complain(f"{str(reason)[0].upper()}{str(reason)[1:]}.")
            self._say(self._kept)
        else:
            self._complain("")
            self._say(point)

    def on_editing_finished(self) -> None:
        """Enter, or the focus went: keep a good point, leave a refused text to be mended."""
        self._kept = self._point
        if not self.complaint.text():
            self._show_text()
        if self._is_open:
            self._is_open = False
            self.edited.emit(self._point, False)

    def restore(self) -> None:
        """Go back to the point from before the typing."""
        self._say(self._kept)
        self._show_text()
        self.selectAll()
        self.on_editing_finished()

    def _say(self, point: Point) -> None:
        if point != self._point:
            self._point = point
            self._is_open = True
            self.edited.emit(point, True)

    def _show_text(self) -> None:
        self._complain("")
        text = "  ".join(shortest(c) for c in self._point)
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)

    def _complain(self, sentence: str) -> None:
        mark_refused(self, bool(sentence))
        self.complaint.setText(sentence)
        self.complaint.setVisible(bool(sentence))
        self.setAccessibleDescription(sentence or self.toolTip())

    def _is_ours(self, event: QKeyEvent) -> bool:
        is_restorable = bool(self.complaint.text()) or self._point != self._kept
        return event.key() == Qt.Key.Key_Escape and is_restorable

    def event(self, event: QEvent) -> bool:
        # Escape mends a refused text before any shortcut of the window hears of it.
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and self._is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_ours(event):
            self.restore()
        else:
            super().keyPressEvent(event)


def read_point(text: str, coordinate: Parameter, dim: int) -> Point:
    """The point that `text` stands for; raises `Unreadable`."""
    parts = re.split(r"[\s;]+", text.strip(" \t();[]"))
    point = tuple(read_real(part) for part in parts if part)
    if len(point) != dim:
        raise Unreadable(f"expected {dim} numbers, one per coordinate, got {len(point)}")
    reason = next((r for r in (refusal(coordinate, c) for c in point) if r), None)
    if reason:
        raise Unreadable(reason)
    return point
