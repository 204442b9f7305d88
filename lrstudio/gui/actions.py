"""All actions of the window, declared once: name, text, icon, keys, tip.

Menus and tool bar name them; the window connects each to the method that bears its name.
"""

from typing import NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from lrstudio.gui import icons

Keys = QKeySequence.StandardKey | str | None


class ActionSpec(NamedTuple):
    """One action."""

    name: str
    text: str
    tip: str
    icon: str = ""
    keys: Keys = None
    is_checkable: bool = False


_KEY = QKeySequence.StandardKey

ACTIONS = (
    ActionSpec("new", "&New", "Start a new experiment", "file-plus", _KEY.New),
    ActionSpec("open", "&Open…", "Open an experiment from a file", "folder-open", _KEY.Open),
    ActionSpec(
        "open_table", "Open &CSV…", "Learn from a table of your own, in a CSV file", "table"
    ),
    ActionSpec("save", "&Save", "Save the experiment", "save", _KEY.Save),
    ActionSpec("save_as", "Save &As…", "Save under another name", "save-all", "Ctrl+Shift+S"),
    ActionSpec(
        "export_data",
        "Export &Data…",
        "Write every recorded step of every run as CSV",
        "table",
        "Ctrl+Shift+E",
    ),
    ActionSpec(
        "export_pictures",
        "Export &Pictures…",
        "Write the plots as PNG, SVG or PDF",
        "image",
        "Ctrl+Shift+P",
    ),
    ActionSpec(
        "code",
        "Show Cod&e",
        "Show the selected contender as a program for PyTorch, Keras or Optax",
        "code-xml",
        "Ctrl+Shift+C",
    ),
    ActionSpec("quit", "&Quit", "Leave the program", "log-out", "Ctrl+Q"),
    ActionSpec("copy_results", "&Copy Results", "Copy the table as text", "clipboard-copy"),
    ActionSpec(
        "notes",
        "Title and &Notes",
        "Write what the experiment is about: the task, what is to be seen, what was found",
        "pencil",
        "Ctrl+Shift+N",
    ),
    ActionSpec("run", "&Run", "Run all enabled contenders", "play", "F5"),
    ActionSpec("stop", "&Stop", "Stop the run; what it has computed stays", "square", "Shift+F5"),
    ActionSpec("reset", "Rese&t", "Clear the run", "rotate-ccw", "Ctrl+Shift+R"),
    ActionSpec(
        "live", "&Live", "Run at once after every edit", "activity", "Ctrl+L", is_checkable=True
    ),
    ActionSpec("play", "&Play", "Play the run or pause it", "play", "P; F6"),
    ActionSpec("step_back", "Step &Back", "One step back", "step-back", ","),
    ActionSpec("step_forward", "Step &Forward", "One step on", "step-forward", "."),
    ActionSpec("go_to_start", "Go to S&tart", "Look at the start", "skip-back", "Ctrl+Home"),
    ActionSpec("go_to_end", "Go to &End", "Look at the last step", "skip-forward", "Ctrl+End"),
    ActionSpec(
        "reset_layout",
        "&Reset Layout",
        "Put all panels back where they were at first",
        "layout-dashboard",
    ),
    ActionSpec(
        "full_screen", "&Full Screen", "Fill the screen", "maximize", "F11", is_checkable=True
    ),
    ActionSpec(
        "reference",
        "&Reference",
        "Formula, symbols, variants and source of the rule at hand",
        "book-open",
        "F1",
    ),
    ActionSpec("shortcuts", "&Keyboard Shortcuts", "All keys at a glance", "keyboard", "Ctrl+F1"),
    ActionSpec("about", "&About LR Studio", "Version, licences, environment", "info"),
)
THEMES = (
    ActionSpec("theme_system", "Follow the &System", "Light or dark as the system", "monitor"),
    ActionSpec("theme_light", "&Light", "Always light", "sun"),
    ActionSpec("theme_dark", "&Dark", "Always dark", "moon"),
)
RUN_MENU = ("run", "stop", "reset", None, "live", None, "play", "step_back", "step_forward")
RUN_MENU_END = ("go_to_start", "go_to_end")


def make_action(spec: ActionSpec, parent: QObject) -> QAction:
    """The action of a declaration."""
    action = QAction(spec.text, parent)
    action.setObjectName(spec.name)
    action.setCheckable(spec.is_checkable)
    if spec.icon:
        action.setIcon(icons.icon(spec.icon))
    if spec.keys is not None:
        action.setShortcuts(_sequences(spec.keys))
    action.setStatusTip(spec.tip)
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{spec.tip} ({keys})" if keys else spec.tip)
    return action


def _sequences(keys: QKeySequence.StandardKey | str) -> list[QKeySequence]:
    """One, or several of which the first is the one that is told."""
    return QKeySequence.listFromString(keys) if isinstance(keys, str) else [QKeySequence(keys)]
