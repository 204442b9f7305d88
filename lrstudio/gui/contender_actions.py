"""What can be done with contenders: the same actions for buttons, keys and context menu."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from lrstudio.core.catalogue import catalogue
from lrstudio.gui import icons, theme
from lrstudio.gui.colour_box import OFFERED_SLOTS

if TYPE_CHECKING:
    from lrstudio.gui.chooser_popup import ChooserPopup


class ContenderActions(QObject):
    """Actions that know when they make sense; who owns them connects `triggered`."""

    add_asked = Signal(str)
    """A rule was chosen from the list of all of them."""
    colour_asked = Signal(int)
    """A palette slot was chosen from the menu."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._popup: ChooserPopup | None = None
        self.add = _action(parent, "add", "&Add…", "plus", "Insert")
        self.add.setStatusTip("Add a contender")
        self.add.setToolTip(self.add.toolTip().replace("Add…", "Add a contender"))
        self.duplicate = _action(parent, "duplicate", "&Duplicate", "copy", "Ctrl+D")
        self.remove = _action(parent, "remove", "&Remove", "trash-2", "Delete")
        self.move_up = _action(parent, "move_up", "Move &Up", "arrow-up", "Alt+Up")
        self.move_down = _action(parent, "move_down", "Move D&own", "arrow-down", "Alt+Down")
        self.rename = _action(parent, "rename", "Re&name", "pencil", "F2")
        # The list itself begins to edit on F2; the action only names the key in the menu.
        self.rename.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.colour_menu = self._make_colour_menu(parent)
        self.context_menu = self._make_context_menu(parent)
        theme.notifier.changed.connect(self.on_theme_changed)

    def show_selection(self, row: int, count: int) -> None:
        """Switch off what cannot be done with the row selected (-1: none) of `count`."""
        for action in (self.duplicate, self.remove, self.rename, self.colour_menu.menuAction()):
            action.setEnabled(row >= 0)
        self.move_up.setEnabled(row > 0)
        self.move_down.setEnabled(0 <= row < count - 1)

    def show_colour(self, slot: int) -> None:
        """Tick the colour of the selected contender."""
        for action in self.colour_menu.actions():
            action.setChecked(action.data() == slot)

    def on_theme_changed(self) -> None:
        """Draw the swatches in the new colours."""
        for action in self.colour_menu.actions():
            action.setIcon(theme.swatch_icon(action.data()))

    def ask_for_rule(self, anchor: QWidget) -> None:
        """Let a rule be chosen beside `anchor`; `add_asked` says which."""
        if self._popup is None:  # made when it is first wanted: the window starts without it
            from lrstudio.gui.chooser_popup import ChooserPopup  # noqa: PLC0415 - not at start

            self._popup = ChooserPopup(catalogue("optimizers"), "add_contender", self._parent)
            self._popup.chosen.connect(self.add_asked)
        self._popup.open_at(anchor)

    def on_colour_triggered(self) -> None:
        """A swatch was chosen in the menu."""
        action = self.sender()
        assert isinstance(action, QAction)
        self.colour_asked.emit(action.data())

    def _make_colour_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu("&Colour", parent)
        menu.setObjectName("contender_colour_menu")
        menu.setIcon(icons.icon("palette"))
        group = QActionGroup(menu)
        for slot in range(OFFERED_SLOTS):
            action = menu.addAction(theme.swatch_icon(slot), f"Line {slot + 1}")
            action.setObjectName(f"colour_{slot}")
            action.setData(slot)
            action.setCheckable(True)
            action.triggered.connect(self.on_colour_triggered)
            group.addAction(action)
        return menu

    def _make_context_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        menu.setObjectName("contender_context_menu")
        menu.addAction(self.add)
        menu.addSeparator()
        menu.addAction(self.rename)
        menu.addMenu(self.colour_menu)
        menu.addAction(self.duplicate)
        menu.addAction(self.remove)
        menu.addSeparator()
        menu.addAction(self.move_up)
        menu.addAction(self.move_down)
        return menu


def _action(parent: QWidget, name: str, text: str, icon: str, keys: str) -> QAction:
    action = QAction(icons.icon(icon), text, parent)
    action.setObjectName(f"{name}_contender")
    action.setShortcut(QKeySequence(keys))
    # In the list only: Delete and Alt+Up mean other things in a field.
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    plain = text.replace("&", "")
    action.setStatusTip(f"{plain} the selected contender")
    shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{plain} ({shown})")
    return action
