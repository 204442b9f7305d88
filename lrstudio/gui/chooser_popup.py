"""The pop-up of a chooser: a search field, and below it the list that it searches."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from lrstudio.core.catalogue import Catalogue
from lrstudio.gui import icons, theme
from lrstudio.gui.chooser_list import ChooserList
from lrstudio.gui.chooser_model import ChooserModel
from lrstudio.gui.chooser_pictures import Pictures
from lrstudio.gui.chooser_traits import TraitChips
from lrstudio.gui.panel_parts import note

SIZE = QSize(420, 480)
FAVOURITE_KEY = QKeySequence("Ctrl+D")
_GAP = 2  # between the field and its pop-up
_KEY = Qt.Key
_LIST_KEYS = (
    *(_KEY.Key_Up, _KEY.Key_Down, _KEY.Key_PageUp, _KEY.Key_PageDown),
    *(_KEY.Key_Home, _KEY.Key_End),
)


class ChooserPopup(QWidget):
    """Lets a rule be chosen from a catalogue, by keys or mouse."""

    chosen = Signal(str)
    """Id of the rule; the pop-up is closed by then."""

    def __init__(
        self, catalogue: Catalogue, name: str, parent: QWidget, pictures: Pictures | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._anchor = parent
        self._current = ""
        self._model = ChooserModel(catalogue, self)
        self._list = ChooserList(self._model, pictures)
        self._search = SearchField()
        self._chips = TraitChips(self._model.traits, name)
        self._stack = QStackedWidget()
        self._nothing = note()
        self._name(name)
        self._arrange()
        self._search.textChanged.connect(self.on_search_changed)
        self._search.key_pressed.connect(self.on_key_pressed)
        self._search.returnPressed.connect(self.on_return_pressed)
        self._chips.changed.connect(self.on_traits_changed)
        self._chips.key_pressed.connect(self.on_key_pressed)
        self._chips.return_pressed.connect(self.on_return_pressed)
        self._list.chosen.connect(self.choose)
        self._list.star_clicked.connect(self._model.toggle_favourite)

    def open_at(self, anchor: QWidget, current: str = "") -> None:
        """Show everything beside `anchor`, with the rule `current` marked as the present choice."""
        self._anchor = anchor
        self._current = current
        self._search.clear()
        self._chips.clear()
        self._model.show_all(current)
        self._show_current()
        self._place(anchor)
        self.show()
        self._search.setFocus(Qt.FocusReason.PopupFocusReason)
        self._scroll_to_current()

    def choose(self, row: int) -> None:
        """Take the rule in a row and close."""
        identifier = self._model.identifier(row)
        if identifier:
            self._model.remember(identifier)
            self.close()
            self.chosen.emit(identifier)

    def on_search_changed(self, query: str) -> None:
        """Show what is found; the best match is the current row."""
        self._model.show_found(query, self._chips.traits)
        self._show_current()

    def on_traits_changed(self) -> None:
        """Show what has the traits, of what the words find."""
        self.on_search_changed(self._search.text())

    def on_return_pressed(self) -> None:
        """Take the current row, if there is one."""
        self.choose(self._list.currentIndex().row())

    def on_key_pressed(self, key: int) -> None:
        """A key that is the list's was pressed in the search field."""
        rows, row = self._model.choosable(), self._list.currentIndex().row()
        if not rows:
            return
        if key == FAVOURITE_KEY[0].key():
            self._model.toggle_favourite(row)
            self._speak()
        else:
            there = rows.index(row) + self._distance(key, len(rows))
            self._go_to(rows[min(max(there, 0), len(rows) - 1)])

    def _distance(self, key: int, count: int) -> int:
        page = self._list.rows_on_a_page()
        distances = {
            _KEY.Key_Up: -1,
            _KEY.Key_Down: 1,
            _KEY.Key_PageUp: -page,
            _KEY.Key_PageDown: page,
            _KEY.Key_Home: -count,
            _KEY.Key_End: count,
        }
        return distances[key]

    def _show_current(self) -> None:
        rows = self._model.choosable()
        self._stack.setCurrentIndex(0 if rows else 1)
        if rows:
            is_search = bool(self._search.text().strip())
            present = -1 if is_search else self._model.row_of(self._current)
            self._go_to(present if present >= 0 else rows[0])
            self._scroll_to_current()
        else:
            self._nothing.setText(self._why_nothing())
            self._search.setAccessibleDescription(self._nothing.text())

    def _why_nothing(self) -> str:
        """That nothing is found, and what to do."""
        kind, words = self._model.kind.removesuffix("s"), self._search.text().strip()
        traits = " and ".join(self._chips.traits)
        if not traits:
            hint = "Try part of a name, a family, or one word of what it does."
            return f"No {kind} matches “{words}”. {hint}"
        what = f"that is {traits} matches “{words}”" if words else f"is {traits}"
        return f"No {kind} {what}. Switch off what is marked above to see more."

    def _go_to(self, row: int) -> None:
        self._list.setCurrentIndex(self._model.index(row))
        if row == min(self._model.choosable()):
            self._list.scrollToTop()  # its heading, too
        self._speak()

    def _scroll_to_current(self) -> None:
        """Stay at the top, where favourites and recent ones are, if the current row is in sight."""
        row = self._list.currentIndex()
        self._list.scrollToTop()
        if not self._list.viewport().rect().contains(self._list.visualRect(row)):
            self._list.scrollTo(row, self._list.ScrollHint.PositionAtCenter)

    def _speak(self) -> None:
        """The focus stays in the search field, so that has to say what is current."""
        spoken = self._list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
        self._search.setAccessibleDescription(spoken or "")

    def _place(self, anchor: QWidget) -> None:
        field = QRect(anchor.mapToGlobal(QPoint()), anchor.size())
        wanted = QSize(max(SIZE.width(), field.width()), min(SIZE.height(), self._height()))
        self.setGeometry(placed(field, wanted, anchor.screen().availableGeometry()))

    def _height(self) -> int:
        self.ensurePolished()
        self._stack.updateGeometry()  # its rows may have been others when it was last measured
        self.layout().invalidate()
        return self.sizeHint().height()

    def _name(self, name: str) -> None:
        kind = self._model.kind.replace("datasets", "data sets")
        self.setObjectName(f"{name}_popup")
        self.setAccessibleName(f"Choose from {kind}")
        self._search.setObjectName(f"{name}_search")
        self._search.setAccessibleName(f"Search {kind}")
        self._search.setPlaceholderText(f"Search {kind}")
        self._list.setObjectName(f"{name}_list")
        self._list.setAccessibleName(kind.capitalize())
        self._nothing.setObjectName(f"{name}_nothing")

    def _arrange(self) -> None:
        # No frame: Qt's style sheets pass over one that is a child of a combo box.
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._nothing.setContentsMargins(theme.SPACING, theme.SPACING, theme.SPACING, 0)
        self._stack.addWidget(self._list)
        self._stack.addWidget(self._nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACING, theme.SPACING, theme.SPACING, 6)
        layout.setSpacing(6)
        layout.addWidget(self._search)
        layout.addWidget(self._chips)
        layout.addWidget(self._stack, 1)
        layout.addWidget(_keys(has_chips=bool(self._model.traits)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.globalPosition().toPoint()
        field = QRect(self._anchor.mapToGlobal(QPoint()), self._anchor.size())
        # A press on the field closes; replayed to the field, it would open again.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay, field.contains(place))
        super().mousePressEvent(event)


class SearchField(QLineEdit):
    """A line for words that leaves the keys of a list to that list."""

    key_pressed = Signal(int)
    """One of the keys that move in a list, or the one that marks a favourite."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(True)
        self.setMaxLength(100)
        self.addAction(icons.icon("search"), self.ActionPosition.LeadingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_favourite = event.keyCombination() == FAVOURITE_KEY[0]
        if is_favourite or (is_plain and event.key() in _LIST_KEYS):
            self.key_pressed.emit(event.key())
        elif event.key() == _KEY.Key_Escape:
            event.ignore()  # the pop-up closes
        else:
            super().keyPressEvent(event)


def placed(field: QRect, wanted: QSize, screen: QRect) -> QRect:
    """Where a pop-up goes: below its field or above it, where there is more room, on the screen."""
    below = screen.bottom() - field.bottom() - _GAP
    above = field.top() - screen.top() - _GAP
    is_below = below >= min(wanted.height(), above)
    height = min(wanted.height(), below if is_below else above)
    width = min(wanted.width(), screen.width())
    left = max(screen.left(), min(field.left(), screen.right() - width + 1))
    top = field.bottom() + 1 + _GAP if is_below else field.top() - _GAP - height
    return QRect(left, top, width, height)


def _keys(*, has_chips: bool) -> QLabel:
    favourite = FAVOURITE_KEY.toString(QKeySequence.SequenceFormat.NativeText)
    chips = "Tab filters  ·  " if has_chips else ""
    line = note(f"↑ ↓ move  ·  Enter chooses  ·  {chips}{favourite} favourite  ·  Esc closes")
    line.setWordWrap(False)
    line.setContentsMargins(theme.SPACING, 0, 0, 0)
    return line
