"""One legend for all plots: who is who, and who is shown."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy, QWidget

from lrstudio.engine import Plan
from lrstudio.gui import theme

_SWATCH = theme.SWATCH[0]
_WIDEST = 170
"""Where there are many, names are shortened to entries of about this width."""
_MOST_ROWS = 2
_HEIGHT = 24
_GAP = 4


class LegendStrip(QWidget):
    """A row of entries, wrapped where it is narrow; a click shows or hides a contender."""

    toggled = Signal(int, bool)  # index of the contender, whether it is shown now
    hovered = Signal(object)  # index of the contender under the mouse, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("legend")
        self.setAccessibleName("Legend")
        self._entries: list[LegendEntry] = []
        self._running: list[tuple[int, str, int]] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.notifier.changed.connect(self.apply_theme)

    @property
    def hidden_contenders(self) -> frozenset[int]:
        """Indices of the contenders that are switched off."""
        return frozenset(e.contender for e in self._entries if e.isVisibleTo(self) and e.is_off)

    def show_plan(self, plan: Plan | None) -> None:
        """List the contenders that run; those that were switched off stay so."""
        contenders = plan.experiment.contenders if plan else ()
        running = [(i, c.name, c.colour) for i, c in enumerate(contenders) if c.enabled]
        if running == self._running:
            return
        self._running = running
        while len(self._entries) < len(running):
            entry = LegendEntry(self)
            entry.toggled.connect(self.on_entry_toggled)
            entry.entered.connect(self.on_entry_entered)
            self._entries.append(entry)
        for entry in self._entries[len(running) :]:
            entry.hide()
        for entry, (index, name, slot) in zip(self._entries, running, strict=False):
            entry.show_contender(index, name, slot)
            entry.show()
        self._arrange()

    def set_hidden(self, contenders: Collection[int]) -> None:
        """Show these contenders as switched off, without saying so."""
        for entry in self._entries:
            entry.blockSignals(True)
            entry.setChecked(entry.contender not in contenders)
            entry.blockSignals(False)

    def set_shown(self, contender: int, is_shown: bool) -> None:
        """Switch a contender on or off as a click on its entry does."""
        for entry in self._shown():
            if entry.contender == contender:
                entry.setChecked(is_shown)

    def apply_theme(self) -> None:
        """Draw the entries in the colours of the current theme."""
        for entry in self._entries:
            entry.update()

    def on_entry_toggled(self, is_on: bool) -> None:
        """Tell which contender; with Ctrl held, leave only that one."""
        entry = self.sender()
        if not isinstance(entry, LegendEntry):
            return
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier:
            self._leave_only(entry)
        else:
            self.toggled.emit(entry.contender, is_on)

    def on_entry_entered(self, is_inside: bool) -> None:
        """Tell over which contender the mouse is."""
        entry = self.sender()
        if isinstance(entry, LegendEntry):
            self.hovered.emit(entry.contender if is_inside else None)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(width, is_dry=True)

    def sizeHint(self) -> QSize:
        widths = [e.sizeHint().width() + _GAP for e in self._shown()]
        return QSize(sum(widths), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.heightForWidth(max(self.width(), 80)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _leave_only(self, chosen: "LegendEntry") -> None:
        """Hide all others; if that is so already, show everything."""
        others = [e for e in self._shown() if e is not chosen]
        is_alone = all(e.is_off for e in others)
        for entry in (chosen, *others):
            is_on = entry is chosen or is_alone
            entry.blockSignals(True)
            entry.setChecked(is_on)
            entry.blockSignals(False)
            self.toggled.emit(entry.contender, is_on)

    def _shown(self) -> list["LegendEntry"]:
        return [entry for entry in self._entries if entry.isVisibleTo(self)]

    def _arrange(self) -> None:
        height = self._place(self.width(), is_dry=False)
        if height != self.minimumHeight():
            self.setMinimumHeight(height)
        self.updateGeometry()

    def _place(self, width: int, is_dry: bool) -> int:
        """Lay the entries out in rows; returns the height that takes."""
        entries = self._shown()
        widths = [min(entry.sizeHint().width(), width) for entry in entries]
        if _rows(widths, width) > _MOST_ROWS:
            column = width // max(width // (_WIDEST + _GAP), 1) - _GAP
            shortened = [min(needed, column) for needed in widths]
            if _rows(shortened, width) < _rows(widths, width):
                widths = shortened
        x = y = 0
        for entry, needed in zip(entries, widths, strict=True):
            if x and x + needed > width:
                x, y = 0, y + _HEIGHT
            if not is_dry:
                entry.setGeometry(QRect(x, y, needed, _HEIGHT))
            x += needed + _GAP
        return y + _HEIGHT


def _rows(widths: Sequence[int], room: int) -> int:
    """How many rows entries of these widths take."""
    rows, x = 1, 0
    for needed in widths:
        if x and x + needed > room:
            rows, x = rows + 1, 0
        x += needed + _GAP
    return rows


class LegendEntry(QAbstractButton):
    """A piece of a contender's line and its name; faint while the contender is switched off."""

    entered = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.contender = -1
        self._slot = 0
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def is_off(self) -> bool:
        """Whether the contender is switched off."""
        return not self.isChecked()

    def show_contender(self, index: int, name: str, slot: int) -> None:
        """Stand for another contender; it is shown unless this one was switched off already."""
        if index != self.contender:
            self.blockSignals(True)
            self.setChecked(True)
            self.blockSignals(False)
        self.contender, self._slot = index, slot
        self.setText(name)
        self.setObjectName(f"legendEntry{index}")
        self.setAccessibleName(name)
        self.setAccessibleDescription("Shows or hides this contender in all plots")
        self.setToolTip(f"{name}\nClick: show or hide. Ctrl+click: only this one.")
        self.update()

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(_SWATCH + 24 + text, _HEIGHT)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.entered.emit(True)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.entered.emit(False)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        if self.underMouse() or self.hasFocus():
            painter.setPen(QColor(colours.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.raised))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        painter.setPen(self._line_pen())
        middle = self.height() / 2
        painter.drawLine(QPointF(8, middle), QPointF(8 + _SWATCH, middle))
        painter.setPen(QColor(colours.disabled if self.is_off else colours.text))
        room = self.rect().adjusted(_SWATCH + 14, 0, -8, 0)
        # In the middle: "Adam with a long name 2" ends in what tells it apart.
        middle = Qt.TextElideMode.ElideMiddle
        name = self.fontMetrics().elidedText(self.text(), middle, room.width() + 1)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)

    def _line_pen(self) -> QPen:
        pen = theme.swatch_pen(self._slot)
        if self.is_off:
            pen.setColor(QColor(theme.current().border))
        return pen
