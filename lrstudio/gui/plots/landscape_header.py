"""The line above a landscape, which becomes two where there is not room enough for all in one."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from lrstudio.gui.plots.header import PlotHeader
from lrstudio.gui.plots.plane_chooser import PlaneChooser

_SPACING = 6
_READING = 150
"""Pixels for what is read under the mouse: nothing may move while it comes and goes."""


class LandscapeHeader(PlotHeader):
    """Title and caption, what is read under the mouse, the chooser of planes, small buttons.

    Where it is narrow the caption goes below; where that is not enough, the chooser does.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reading = QLabel()
        self.reading.setObjectName("landscapeReading")
        self.reading.setTextFormat(Qt.TextFormat.PlainText)
        self.reading.setProperty("role", "muted")
        self.plane_chooser = PlaneChooser()
        self.add_widget(self.reading)
        self.add_widget(self.plane_chooser)
        self._below: QWidget | None = None
        """What stands in the second row."""

    def arrange(self) -> None:
        """Put everything into one row or two, as the width asks for."""
        self._move_below(self._widget_below())

    def show_note(self, note: str) -> None:
        super().show_note(note)
        self.arrange()

    def _make_row(self) -> QHBoxLayout:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 2, 4, 0)
        rows.setSpacing(2)
        first, self._second = QHBoxLayout(), QHBoxLayout()
        for row in (first, self._second):
            row.setSpacing(_SPACING)
            rows.addLayout(row)
        self._second.setContentsMargins(0, 0, 4, 0)
        return first

    def _widget_below(self) -> QWidget | None:
        is_chosen = not self.plane_chooser.isHidden()
        if not is_chosen and not self.note.text():
            return None
        room = self.contentsRect().width() - 12
        note = self.note.fontMetrics().horizontalAdvance(self.note.text())
        rest = self._width_of_rest()
        if note + _READING + 2 * _SPACING + rest <= room:
            return None
        return self.note if rest <= room or not is_chosen else self.plane_chooser

    def _width_of_rest(self) -> int:
        """Of the row without the note and the reading."""
        widgets = [self._row.itemAt(i).widget() for i in range(self._row.count())]
        widgets = [w for w in widgets if w and w not in (self.note, self.reading)]
        if self._below is self.plane_chooser:
            widgets.append(self.plane_chooser)
        shown = [w.sizeHint().width() for w in widgets if not w.isHidden()]
        return sum(shown) + _SPACING * len(shown)

    def _move_below(self, widget: QWidget | None) -> None:
        if widget is self._below:
            return
        self._below = widget
        for part in (self.note, self.reading, self.plane_chooser):
            self._row.removeWidget(part)
            self._second.removeWidget(part)
        places = [(self.note, 1), (self.reading, 0), (self.plane_chooser, 0)]
        at = self._row.indexOf(self.title) + 1
        for part, stretch in places:
            if part is widget or (part is self.reading and widget is self.note):
                self._second.addWidget(part, stretch)
            else:
                self._row.insertWidget(at, part, stretch)
                at += 1
        self._second.setAlignment(self.plane_chooser, Qt.AlignmentFlag.AlignLeft)
        # Whoever stands alone before the buttons keeps them at the right end.
        self._row.setStretchFactor(self.title, 1 if widget is self.note else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()
