"""What every plot is: a header, a canvas, an own context menu, a sentence while it is empty."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from lrstudio.engine import Plan
from lrstudio.gui import theme
from lrstudio.gui.plots.canvas import Canvas
from lrstudio.gui.plots.header import PlotHeader
from lrstudio.gui.plots.legend import LegendStrip


class PlotWidget(QWidget):
    """Base of the plots; they are kept and shown other runs, never made anew."""

    export_requested = Signal()
    contender_toggled = Signal(int, bool)
    """A click in the plot's own legend: index of the contender, whether it is shown now."""

    def __init__(
        self,
        canvas: Canvas,
        parent: QWidget | None = None,
        beside: QWidget | None = None,
        header: PlotHeader | None = None,
    ) -> None:
        super().__init__(parent)
        self.canvas = canvas
        self.header = header or PlotHeader()
        self._empty_title = ""
        self.hint = QLabel()
        self.hint.setObjectName("plotHint")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self.hint.setMargin(24)
        self.hint.setProperty("role", "muted")
        self.hint.setAutoFillBackground(True)
        self.hint.setBackgroundRole(self.hint.backgroundRole().Base)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.hint)
        self._pages.addWidget(canvas if beside is None else _side_by_side(canvas, beside))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.header)
        column.addWidget(self._pages, 1)
        self._legend: LegendStrip | None = None
        self._plan: Plan | None = None
        self._hidden: frozenset[int] = frozenset()
        self.menu = QMenu(self)
        self.menu.setObjectName("plotMenu")
        self._add_common_actions()
        canvas.menu_requested.connect(self.on_menu_requested)
        canvas.home_requested.connect(self.reset_view)
        theme.notifier.changed.connect(self.apply_theme)

    def set_legend_visible(self, is_visible: bool) -> None:
        """Have a legend of its own, for a plot that floats away from the common one."""
        if self._legend is None and is_visible:
            self._legend = LegendStrip()
            self._legend.toggled.connect(self.contender_toggled)
            self.layout().addWidget(self._legend)
        if self._legend is not None:
            self._legend.setVisible(is_visible)
            self._update_legend()

    def set_empty_text(self, sentence: str, title: str = "") -> None:
        """What to say while there is nothing to show, and under which title."""
        self.hint.setText(sentence)
        self._empty_title = title

    def set_empty(self, is_empty: bool) -> None:
        """Show the sentence instead of the picture, or the picture."""
        self._pages.setCurrentIndex(0 if is_empty else 1)
        if is_empty and self._empty_title:
            self.header.show_title(self._empty_title)

    def reset_view(self) -> None:
        """Show everything again."""

    def apply_theme(self) -> None:
        """Take over the colours of the current theme."""
        self.canvas.apply_theme()

    def copy_picture(self) -> None:
        """Put the plot as it is on the screen on the clipboard."""
        QGuiApplication.clipboard().setPixmap(self._pages.currentWidget().grab())

    def release(self) -> None:
        """Let go of the run and of pyqtgraph's scene, before the window closes.

        Scenes and views that are collected in the wrong order at exit crash Qt.
        """
        theme.notifier.changed.disconnect(self.apply_theme)
        self.canvas.close()

    def add_action(self, name: str, text: str, before_common: bool = True) -> QAction:
        """Add an entry to the context menu."""
        action = QAction(text, self.menu)
        action.setObjectName(name)
        if before_common:
            self.menu.insertAction(self._first_common, action)
        else:
            self.menu.addAction(action)
        return action

    def add_menu(self, menu: QMenu) -> None:
        """Add a menu, which others have too, to the context menu."""
        self.menu.insertMenu(self._first_common, menu)

    def on_menu_requested(self, position: QPoint) -> None:
        """Open the context menu at a point of the screen."""
        self.menu.popup(position)

    def _update_legend(self) -> None:
        """List who is in the plot; subclasses call it when that has changed."""
        if self._legend is not None and self._legend.isVisibleTo(self):
            self._legend.show_plan(self._plan)
            self._legend.set_hidden(self._hidden)

    def _add_common_actions(self) -> None:
        self.reset_action = self.add_action("resetView", "Reset View", before_common=False)
        self.reset_action.triggered.connect(self.reset_view)
        self._first_common = self.menu.addSeparator()
        copy = self.add_action("copyPicture", "Copy Picture", before_common=False)
        copy.triggered.connect(self.copy_picture)
        export = self.add_action("exportPicture", "Export…", before_common=False)
        export.triggered.connect(self.export_requested)


def _side_by_side(left: QWidget, right: QWidget) -> QWidget:
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(left, 1)
    row.addWidget(right)
    return both
