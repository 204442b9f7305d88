"""The line above a plot: its title at the left, small switches at the right."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from lrstudio.gui import icons

_ICON = QSize(15, 15)
_SHORTEST_NOTE = 90
_BESIDE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ElidedLabel(QLabel):
    """A line of text that gives way where there is little room: a dock may be narrow.

    Of a text in parts ("a; b; c", where `between` is "; ") as many are drawn as there is room for,
    rather than half of one. Below `least` pixels a shortened text would say nothing, and none is
    drawn.
    """

    def __init__(self, least: int = 0, between: str = "") -> None:
        super().__init__()
        self._least = least
        self._between = between

    def drawn_text(self) -> str:
        """As much of the text as is seen."""
        metrics, room = self.fontMetrics(), self.width()
        parts = self.text().split(self._between) if self._between else [self.text()]
        for count in range(len(parts), 0, -1):
            text = self._between.join(parts[:count])
            if metrics.horizontalAdvance(text) <= room:
                return text
        if room < self._least:
            return ""
        return metrics.elidedText(parts[0], Qt.TextElideMode.ElideRight, room)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(24, self.sizeHint().width()), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(_BESIDE), self.drawn_text())


class PlotHeader(QWidget):
    """Title and note, then whatever belongs at the right end."""

    chosen = Signal(int)  # index of the choice

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel()
        self.title.setObjectName("plotTitle")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.note = ElidedLabel(_SHORTEST_NOTE, between="; ")
        self.note.setObjectName("plotNote")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setProperty("role", "muted")
        self.chooser = QComboBox()
        self.chooser.setObjectName("plotChooser")
        self.chooser.setAccessibleName("Shown quantity")
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chooser.activated.connect(self.chosen)
        self._row = self._make_row()
        self._row.addWidget(self.title)
        # The note takes what is left over, and so gives way before the title does.
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._row.addWidget(self.note, 1)
        self._row.addWidget(self.chooser)
        self.chooser.hide()

    def _make_row(self) -> QHBoxLayout:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 4, 0)
        row.setSpacing(6)
        return row

    def show_title(self, title: str, note: str = "") -> None:
        """Say what the plot shows; the note is quieter."""
        self.title.setText(title)
        self.show_note(note)

    def show_note(self, note: str) -> None:
        """Say something quieter beside the title; the whole of it is in a tool tip."""
        self.note.setText(note)
        self.note.setToolTip(note)
        self.title.setToolTip(note)

    def set_choices(self, names: Sequence[str], current: int) -> None:
        """What can be chosen; a single choice needs no chooser."""
        known = [self.chooser.itemText(i) for i in range(self.chooser.count())]
        if known != list(names):
            self.chooser.clear()
            self.chooser.addItems(list(names))
        self.chooser.setCurrentIndex(current)
        self.chooser.setVisible(len(names) > 1)

    def add_widget(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._row.addWidget(widget)

    def add_switch(self, name: str, text: str, tip: str, icon: str | None = None) -> QToolButton:
        """Add a small button that stays down; with an icon it shows no text."""
        switch = self.add_button(name, text, tip, icon)
        switch.setCheckable(True)
        return switch

    def add_button(self, name: str, text: str, tip: str, icon: str | None = None) -> QToolButton:
        """Add a small button; with an icon it shows no text."""
        button = self.make_button(name, text, tip, icon)
        self.add_widget(button)
        return button

    @staticmethod
    def make_button(name: str, text: str, tip: str, icon: str | None = None) -> QToolButton:
        """A small button that is put elsewhere; with an icon it shows no text."""
        button = QToolButton()
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setAutoRaise(True)
        if icon is not None:
            button.setIcon(icons.icon(icon))
            button.setIconSize(_ICON)
        return button
