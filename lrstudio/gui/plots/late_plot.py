"""Docks behind other tabs: their plots are made when they are first seen."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lrstudio.gui.plots.plot_widget import PlotWidget


class LatePlot(QWidget):
    """Stands in a dock for a plot and asks for it when it is first painted.

    What lies behind another tab is not hidden as Qt sees it, but it is not painted.
    """

    wanted = Signal(str)
    """Id of the plot."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._plot: PlotWidget | None = None

    def show_plot(self, plot: PlotWidget) -> None:
        """Here it is."""
        self._plot = plot
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(plot)

    def on_first_painted(self) -> None:
        """Somebody looks here."""
        if self._plot is None:
            self.wanted.emit(self._name)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._plot is None:  # a paint event is no time for making widgets
            QTimer.singleShot(0, self, self.on_first_painted)
