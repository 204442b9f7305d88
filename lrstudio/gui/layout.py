"""Where the docks stand: as at first, as the user left them, or safe from a screen that is gone."""

from typing import NamedTuple

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMainWindow, QToolBar, QWidget

from lrstudio.gui.dock_title import DockTitle
from lrstudio.gui.settings import LAYOUT_VERSION

_AREA = Qt.DockWidgetArea


class Place(NamedTuple):
    """A dock and where it stands at first."""

    name: str
    title: str
    area: Qt.DockWidgetArea
    is_tab: bool = False
    """Whether it shares its place with the dock before it."""


PLACES = (
    Place("problem", "Problem", _AREA.LeftDockWidgetArea),
    Place("contenders", "Contenders", _AREA.LeftDockWidgetArea),
    Place("loss", "Loss", _AREA.RightDockWidgetArea),
    Place("metrics", "Metrics", _AREA.RightDockWidgetArea, is_tab=True),
    Place("learning_rate", "Learning rate", _AREA.RightDockWidgetArea),
    Place("parameters", "Parameters", _AREA.RightDockWidgetArea),
    Place("gradient_norm", "Gradient norm", _AREA.RightDockWidgetArea, is_tab=True),
    Place("curvature", "Curvature", _AREA.RightDockWidgetArea, is_tab=True),
    Place("boundary", "Boundary", _AREA.RightDockWidgetArea, is_tab=True),
    Place("results", "Results", _AREA.BottomDockWidgetArea),
)
FRONT = tuple(place.name for place in PLACES if not place.is_tab)
"""The docks that are seen at first."""
_LEFT_WIDTH = 292
_RIGHT_SHARE = 0.32
_RESULTS_SHARE = 0.19
_TITLE_HEIGHT = 24
_PICTURES = tuple(place.name for place in PLACES if place.area is _AREA.RightDockWidgetArea)
_LEAST_PICTURE = QSize(480, 320)
"""A picture that floats is taken out to be looked at, not to be as flat as in its dock."""
_HANDLE = QSize(48, 12)
"""The least part of a title by which a hand can take it."""


class DockLayout:
    """Makes the docks of a window and arranges them."""

    def __init__(self, window: QMainWindow, contents: dict[str, QWidget]) -> None:
        self.is_restored = False
        """Whether the docks are where the user left them."""
        self._window = window
        # The side panels are tall: they own the left corner, the results the right one.
        window.setCorner(Qt.Corner.BottomLeftCorner, _AREA.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, _AREA.BottomDockWidgetArea)
        window.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks
        )
        # Until `restore`: each dock that is added would lay out and draw all the others again.
        window.layout().setEnabled(False)
        window.setUpdatesEnabled(False)
        self.docks = {p.name: self._make_dock(p, contents[p.name]) for p in PLACES}
        self._place_docks()
        # Nor is anything shown: it would be laid out for each size on the way to that of `restore`.
        self._held_back = (window.centralWidget(), *contents.values())
        for content in self._held_back:
            _keep_room(content, is_hidden=True)
        for dock in self.docks.values():
            dock.hide()

    def set_header(self, name: str, header: QWidget) -> None:
        """Let a header that the content of a dock brings along be the dock's title bar."""
        self.docks[name].setTitleBarWidget(DockTitle(self.docks[name], header))

    def arrange(self) -> None:
        """Put all docks where they stand at first."""
        self._place_docks()
        for dock in self.docks.values():
            dock.show()
        for bar in self._window.findChildren(QToolBar):
            bar.show()  # its context menu hides it
        self._window.layout().activate()  # sizes given to docks before that are lost
        self._share_space()

    def saved(self) -> QByteArray:
        """The arrangement as the user left it."""
        return self._window.saveState(LAYOUT_VERSION)

    def restore(self, state: QByteArray) -> None:
        """Bring an arrangement back; none, or one that does not fit, leaves the first one."""
        layout = self._window.layout()
        layout.setEnabled(True)
        layout.activate()  # sizes given to docks before that are lost
        if state == QByteArray() or not self._window.restoreState(state, LAYOUT_VERSION):
            self.arrange()
        self._window.setAnimated(True)  # from now on: before, docks would glide to their places
        self._bring_back_lost()
        layout.activate()
        for content in self._held_back:
            _keep_room(content, is_hidden=False)
        self._held_back = ()
        for widget in (self._window, *self.docks.values()):  # which floats is a window of its own
            widget.setUpdatesEnabled(True)
        self.is_restored = True

    def on_top_level_changed(self, is_floating: bool) -> None:
        """A dock floats. Qt puts one that lay behind other tabs far away from every screen."""
        for name, dock in self.docks.items():
            if is_floating and self.is_restored and dock.isFloating() and name in _PICTURES:
                dock.resize(dock.size().expandedTo(_LEAST_PICTURE))
            if is_floating and dock.isFloating() and not _is_in_reach(dock):
                centre = self._window.frameGeometry().center()
                dock.move(centre - dock.rect().center())

    def toggle_actions(self) -> list[QAction]:
        """One action per dock that shows or hides it."""
        return [self.docks[place.name].toggleViewAction() for place in PLACES]

    def _make_dock(self, place: Place, content: QWidget) -> QDockWidget:
        dock = QDockWidget(place.title, self._window)
        dock.setObjectName(f"{place.name}_dock")
        dock.setWidget(content)
        dock.toggleViewAction().setObjectName(f"show_{place.name}")
        dock.toggleViewAction().setStatusTip(f"Show or hide {place.title}")
        dock.topLevelChanged.connect(self.on_top_level_changed)
        return dock

    def _place_docks(self) -> None:
        before: QDockWidget | None = None
        front: QDockWidget | None = None
        """The first dock of those that share a place: it is the one that is seen."""
        for place in PLACES:
            dock = self.docks[place.name]
            dock.setFloating(False)
            self._window.addDockWidget(place.area, dock)
            if place.is_tab and before is not None and front is not None:
                self._window.tabifyDockWidget(before, dock)
                front.raise_()
            else:
                front = dock
            before = dock

    def _share_space(self) -> None:
        width, height = self._window.width(), self._window.height()
        sides = [self.docks["problem"], self.docks["loss"]]
        widths = [_LEFT_WIDTH, round(width * _RIGHT_SHARE)]
        self._window.resizeDocks(sides, widths, Qt.Orientation.Horizontal)
        results = [self.docks["results"]]
        heights = [round(height * _RESULTS_SHARE)]
        self._window.resizeDocks(results, heights, Qt.Orientation.Vertical)
        left = [self.docks["problem"], self.docks["contenders"]]
        self._window.resizeDocks(left, [45, 55], Qt.Orientation.Vertical)
        right = [self.docks[name] for name in ("loss", "learning_rate", "parameters")]
        self._window.resizeDocks(right, [40, 25, 35], Qt.Orientation.Vertical)

    def _bring_back_lost(self) -> None:
        """Dock what floats where no screen is any more."""
        for dock in self.docks.values():
            if dock.isFloating() and not _is_in_reach(dock):
                dock.setFloating(False)


def _keep_room(widget: QWidget, *, is_hidden: bool) -> None:
    """Hide a widget so that it is laid out all the same, or show it where it is by then."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(is_hidden)
    widget.setSizePolicy(policy)
    widget.setHidden(is_hidden)


def _is_in_reach(dock: QDockWidget) -> bool:
    """Whether enough of the title of a floating dock is on a screen to drag it from there."""
    outline = dock.frameGeometry()
    title = QRect(outline.topLeft(), QSize(outline.width(), _TITLE_HEIGHT))
    parts = [screen.availableGeometry() & title for screen in QGuiApplication.screens()]
    return any(p.width() >= _HANDLE.width() and p.height() >= _HANDLE.height() for p in parts)
