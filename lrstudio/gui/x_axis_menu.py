"""The menu that says what is along the plots of a run."""

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from lrstudio.engine import STEPS, X_AXES
from lrstudio.gui.plot_deck import PlotDeck
from lrstudio.gui.settings import Settings


class XAxisMenu(QMenu):
    """One entry per axis; stands in the menu bar and in the menu of every plot of a run."""

    def __init__(self, deck: PlotDeck, settings: Settings, parent: QWidget) -> None:
        super().__init__("&X Axis", parent)
        self.setObjectName("x_axis_menu")
        self._deck = deck
        self._settings = settings
        self._group = QActionGroup(self)
        for axis in X_AXES.values():
            action = QAction(axis.name, self._group)
            action.setObjectName(f"x_axis_{axis.id}")
            action.setData(axis.id)
            action.setCheckable(True)
            action.setStatusTip(axis.tip)
            action.setToolTip(axis.tip)
        self.addActions(self._group.actions())
        deck.set_x_axis(settings.x_axis or STEPS.id)
        self.on_about_to_show()
        self._group.triggered.connect(self.on_triggered)
        self.aboutToShow.connect(self.on_about_to_show)

    def on_triggered(self, action: QAction) -> None:
        """Another axis was chosen."""
        self._settings.x_axis = action.data()
        self._deck.set_x_axis(action.data())

    def on_about_to_show(self) -> None:
        """Mark what is along the plots, and offer what the run can be measured by."""
        trajectory = self._deck.trajectory
        shown = self._settings.x_axis or STEPS.id  # by the next run, while there is none
        if trajectory is not None:
            shown = self._deck.x_axis.id
        for action in self._group.actions():
            axis = X_AXES[action.data()]
            action.setChecked(axis.id == shown)
            action.setEnabled(trajectory is None or axis.is_offered(trajectory.plan))
