"""Menus and tool bar, made from the declared actions."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from lrstudio.gui import icons, theme
from lrstudio.gui.actions import ACTIONS, RUN_MENU, RUN_MENU_END, THEMES, make_action
from lrstudio.gui.same_numbers import same_numbers
from lrstudio.gui.transport import Transport
from lrstudio.gui.x_axis_menu import XAxisMenu
from lrstudio.storage import experiments

if TYPE_CHECKING:
    from lrstudio.gui.studio import Studio

Entry = str | QAction | QMenu | None


class Menus(QObject):
    """Builds menu bar and tool bar and answers the actions that are the window's own."""

    def __init__(self, studio: "Studio") -> None:
        super().__init__(studio)
        self._studio = studio
        self._window = studio.window
        self.actions = {spec.name: make_action(spec, studio.window) for spec in ACTIONS}
        self._add_history()
        self.themes = self._make_themes()
        self.x_axis = XAxisMenu(studio.deck, studio.settings, studio.window)
        self.recent = QMenu("Open &Recent", studio.window)
        self.examples = QMenu("E&xamples", studio.window)
        self.export = QMenu("&Export", studio.window)
        self._fill(self.export, "export_data", "export_pictures", "code")
        self._make_menus()
        self._make_tool_bar()
        self._connect()
        self.on_recent_changed()
        self.actions["stop"].setEnabled(studio.runner.is_running)
        self.actions["live"].setChecked(studio.settings.is_live)

    def on_recent_changed(self) -> None:
        """List the files opened last."""
        self.recent.clear()
        paths = self._studio.settings.recent
        names = [path.name for path in paths]
        for path in paths:
            told = path.name if names.count(path.name) == 1 else str(path)
            action = self.recent.addAction(told.replace("&", "&&"), self.on_recent_triggered)
            action.setData(path)
            action.setStatusTip(str(path))
        self.recent.setEnabled(not self.recent.isEmpty())
        self.recent.addSeparator()
        self.recent.addAction("&Clear List", self.on_clear_recent)

    def on_recent_triggered(self) -> None:
        """Open a recent file."""
        self._studio.files.open_path(self._chosen().data())

    def on_clear_recent(self) -> None:
        """Forget the recent files."""
        self._studio.settings.clear_recent()
        self.on_recent_changed()

    def on_examples_about_to_show(self) -> None:
        """List the shipped examples; reading them all would hold up the start."""
        if not self.examples.isEmpty():
            return
        for example in experiments.examples():
            action = self.examples.addAction(example.title, self.on_example_triggered)
            action.setObjectName(f"example_{example.id}")
            action.setData(example.path)

    def on_example_triggered(self) -> None:
        """Open a shipped example."""
        self._studio.files.open_example(self._chosen().data())

    def on_live_toggled(self, is_live: bool) -> None:
        """Live mode was switched; switched on, it catches up."""
        self._studio.settings.is_live = is_live
        job, wanted = self._studio.runner.job, self._studio.document.experiment
        if is_live and job is not None and not same_numbers(job.plan.experiment, wanted):
            self._studio.run()

    def on_theme_triggered(self, action: QAction) -> None:
        """Another theme was chosen."""
        mode = action.objectName().removeprefix("theme_")
        self._studio.settings.theme = mode
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, mode)  # type: ignore[arg-type]

    def on_full_screen_toggled(self, is_full: bool) -> None:
        """Fill the screen, or be a window again."""
        if is_full:
            self._window.showFullScreen()
        else:
            self._window.showNormal()

    def on_playing_changed(self, is_playing: bool) -> None:
        """The play button is a pause button while it plays."""
        self.actions["play"].setIcon(icons.icon("pause" if is_playing else "play"))
        self.actions["play"].setText("&Pause" if is_playing else "&Play")

    def on_about(self) -> None:
        """Version, licences, environment."""
        from lrstudio.gui.dialogs import AboutDialog  # noqa: PLC0415 - not needed at start

        dialog = AboutDialog(self._window)
        dialog.exec()
        dialog.deleteLater()

    def on_shortcuts(self) -> None:
        """All keys at a glance."""
        from lrstudio.gui.dialogs import ShortcutsDialog  # noqa: PLC0415 - not needed at start

        dialog = ShortcutsDialog(list(self.actions.values()), self._window)
        dialog.exec()
        dialog.deleteLater()

    def _chosen(self) -> QAction:
        sender = self.sender()
        assert isinstance(sender, QAction)
        return sender

    def _add_history(self) -> None:
        stack = self._studio.document.undo_stack
        undo = stack.createUndoAction(self._window, "&Undo")
        undo.setIcon(icons.icon("undo-2"))
        undo.setShortcut(QKeySequence.StandardKey.Undo)
        redo = stack.createRedoAction(self._window, "&Redo")
        redo.setIcon(icons.icon("redo-2"))
        redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        for name, action in (("undo", undo), ("redo", redo)):
            action.setObjectName(name)
            action.setStatusTip(f"{name.capitalize()} the last edit")
            self.actions[name] = action

    def _make_themes(self) -> QActionGroup:
        group = QActionGroup(self._window)
        for spec in THEMES:
            action = make_action(spec, self._window)
            action.setCheckable(True)
            action.setChecked(spec.name == f"theme_{self._studio.settings.theme}")
            group.addAction(action)
        group.triggered.connect(self.on_theme_triggered)
        return group

    def _make_menus(self) -> None:
        bar = self._window.menuBar()
        docks = self._studio.layout.toggle_actions()
        themes = QMenu("&Theme", self._window)
        themes.addActions(self.themes.actions())
        files = ("new", "open", self.recent, self.examples, "open_table", None, "save", "save_as")
        self._fill(bar.addMenu("&File"), *files, None, self.export, None, "quit")
        self._fill(bar.addMenu("&Edit"), "undo", "redo", None, "copy_results", "notes", "code")
        self._fill(bar.addMenu("&Run"), *RUN_MENU, *RUN_MENU_END)
        rest: tuple[Entry, ...] = (
            None,
            self.x_axis,
            None,
            "reset_layout",
            None,
            themes,
            "full_screen",
        )
        self._fill(bar.addMenu("&View"), *docks, *rest)
        self._fill(bar.addMenu("&Help"), "reference", "shortcuts", None, "about")

    def _fill(self, menu: QMenu, *entries: Entry) -> None:
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            elif isinstance(entry, QMenu):
                menu.addMenu(entry)
            else:
                menu.addAction(self.actions[entry] if isinstance(entry, str) else entry)

    def _make_tool_bar(self) -> None:
        bar = QToolBar("Tools", self._window, objectName="tool_bar")
        bar.setIconSize(QSize(icons.LARGE, icons.LARGE))
        bar.setMovable(False)
        bar.setContextMenuPolicy(bar.contextMenuPolicy().PreventContextMenu)
        for name in ("run", "stop", "reset", "live"):
            bar.addAction(self.actions[name])
        for name in ("run", "live"):
            button = bar.widgetForAction(self.actions[name])
            assert isinstance(button, QToolButton)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.addSeparator()
        for name in ("go_to_start", "step_back", "play", "step_forward", "go_to_end"):
            bar.addAction(self.actions[name])
        bar.addWidget(Transport(self._studio.play_head, bar))
        bar.addSeparator()
        bar.addAction(self.actions["undo"])
        bar.addAction(self.actions["redo"])
        bar.addWidget(self._make_export_button(bar))
        self._window.addToolBar(bar)

    def _make_export_button(self, parent: QWidget) -> QToolButton:
        button = QToolButton(parent, objectName="export_button")
        button.setText("Export")
        button.setToolTip("Export data or pictures")
        button.setIcon(icons.icon("download"))
        button.setMenu(self.export)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        return button

    def _connect(self) -> None:
        studio, head = self._studio, self._studio.play_head
        answers = {
            "new": studio.files.new,
            "open": studio.files.open,
            "open_table": studio.files.open_table,
            "save": studio.files.save,
            "save_as": studio.files.save_as,
            "export_data": studio.exporting.export_data,
            "export_pictures": studio.exporting.export_pictures,
            "code": studio.code.open,
            "quit": self._window.close,
            "copy_results": studio.results.copy,
            "notes": studio.notes.write,
            "run": studio.run,
            "stop": studio.stop,
            "reset": studio.reset,
            "play": head.toggle,
            "step_back": head.step_back,
            "step_forward": head.step_forward,
            "go_to_start": head.go_to_start,
            "go_to_end": head.go_to_end,
            "reset_layout": studio.layout.arrange,
            "reference": studio.reference.open_at_focus,
            "shortcuts": self.on_shortcuts,
            "about": self.on_about,
        }
        for name, answer in answers.items():
            self.actions[name].triggered.connect(answer)
        self.actions["live"].toggled.connect(self.on_live_toggled)
        self.actions["full_screen"].toggled.connect(self.on_full_screen_toggled)
        head.playing_changed.connect(self.on_playing_changed)
        studio.files.recent_changed.connect(self.on_recent_changed)
        self.examples.aboutToShow.connect(self.on_examples_about_to_show)
