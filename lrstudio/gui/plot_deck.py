"""All pictures of a run, wired together: one crosshair, one stretch of steps, one legend."""

from collections.abc import Collection

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lrstudio.engine import Contender, Trajectory
from lrstudio.gui import theme
from lrstudio.gui.gate import Gate
from lrstudio.gui.plots.boundary import BoundaryPlot
from lrstudio.gui.plots.choices import (
    curvature_choices,
    gradient_norm_choices,
    learning_rate_choices,
    loss_choices,
    metric_choices,
    parameter_choices,
)
from lrstudio.gui.plots.crosshair import Crosshair
from lrstudio.gui.plots.landscape import LandscapePlot
from lrstudio.gui.plots.legend import LegendStrip
from lrstudio.gui.plots.links import XLink
from lrstudio.gui.plots.series_plot import EMPTY_TEXT, SeriesPlot

SERIES_PLOTS = (
    ("loss", "Loss", loss_choices),
    ("metrics", "Metrics", metric_choices),
    ("learning_rate", "Learning Rate", learning_rate_choices),
    ("parameters", "Parameters", parameter_choices),
    ("gradient_norm", "Gradient Norm", gradient_norm_choices),
    ("curvature", "Curvature", curvature_choices),
)
"""Id, dock title and quantities of each plot against the step, in the order of the window."""

_EMPTY_TEXTS = {
    "metrics": "A function has none. Choose a model as the problem: its accuracy grows here.",
    "curvature": "Not measured. Set “Curvature every” in the Problem panel to a number of steps.",
}
"""What the other plots say while they are empty."""


class PlotDeck(QObject):
    """Owns the plots and keeps them together; the window places them."""

    start_moved = Signal(int, object, bool)
    """Index of the start, its new point, whether the drag still goes on."""
    export_requested = Signal(str)
    """Id of the plot whose picture is wanted."""

    def __init__(self, parent: QObject | None = None, gate: Gate | None = None) -> None:
        super().__init__(parent)
        self.trajectory: Trajectory | None = None
        self._selected: frozenset[int] = frozenset()
        self._hidden_names: frozenset[str] = frozenset()
        link = XLink(self)
        crosshair = Crosshair(self)
        self.legend = LegendStrip()
        self.landscape = LandscapePlot(crosshair, gate=gate)
        self.landscape.setObjectName("landscape_plot")
        self.boundary = BoundaryPlot()
        self.boundary.setObjectName("boundary_plot")
        self.boundary.export_requested.connect(self.on_export_requested)
        self.series = {
            name: SeriesPlot(choices, link, crosshair) for name, _, choices in SERIES_PLOTS
        }
        for name, title, _ in SERIES_PLOTS:
            plot = self.series[name]
            plot.set_empty_text(_EMPTY_TEXTS.get(name, EMPTY_TEXT), title.capitalize())
            plot.setObjectName(f"{name}_plot")
            plot.export_requested.connect(self.on_export_requested)
            plot.contender_toggled.connect(self.legend.set_shown)
        self.landscape.export_requested.connect(self.on_export_requested)
        self.landscape.start_moved.connect(self.start_moved)
        self.legend.toggled.connect(self.on_legend_toggled)
        self.legend.hovered.connect(self.on_legend_hovered)
        self.centre = self._make_centre()

    @property
    def plots(self) -> tuple[LandscapePlot | SeriesPlot | BoundaryPlot, ...]:
        """All plots."""
        return (self.landscape, *self.series.values(), self.boundary)

    @property
    def docked(self) -> dict[str, SeriesPlot | BoundaryPlot]:
        """The plots that stand in docks, by id."""
        return {**self.series, "boundary": self.boundary}

    @property
    def hidden(self) -> frozenset[int]:
        """Contenders that the legend has switched off."""
        return frozenset(self.legend.hidden_contenders)

    def show_trajectory(self, trajectory: Trajectory | None) -> None:
        """Show another run, or none."""
        self.trajectory = trajectory
        self.legend.show_plan(trajectory.plan if trajectory else None)
        self.legend.set_hidden(self._named(self._hidden_names))
        for plot in self.plots:
            plot.show_trajectory(trajectory)
            plot.set_hidden(self.hidden)

    def refresh(self) -> None:
        """Draw what has been computed since the last frame."""
        for plot in self.plots:
            plot.refresh()

    def paint_now(self) -> None:
        """Paint at once instead of when the event loop gets to it."""
        for plot in self.plots:
            if plot.isVisible():
                plot.canvas.viewport().repaint()

    def set_step(self, step: int) -> None:
        """Put the play-head's markers on a step."""
        for plot in self.plots:
            plot.set_step(step)

    def highlight(self, lanes: Collection[int]) -> None:
        """Make the lanes of the selected results stand out."""
        self._selected = frozenset(lanes)
        self._highlight(self._selected)

    def titles(self) -> dict[str, str]:
        """Ids and titles of the plots that can be exported: those that show something."""
        shown = {name: title for name, title, _ in SERIES_PLOTS if self.series[name].series}
        boundary = {"boundary": "Decision Boundary"} if self.boundary.has_picture else {}
        return {"landscape": "Landscape", **shown, **boundary}

    def forget_choices(self) -> None:
        """Another experiment: show everything, let nothing stand out."""
        self._hidden_names = frozenset()
        self.legend.set_hidden(())
        self.highlight(())

    def release(self) -> None:
        """Let go of everything before the window closes."""
        for plot in self.plots:
            plot.release()

    def on_legend_toggled(self, contender: int, is_shown: bool) -> None:
        """A contender was switched on or off; it stays so under its name, wherever it moves."""
        self._hidden_names = frozenset(self._contenders()[i].name for i in self.hidden)
        for plot in self.plots:
            plot.set_hidden(self.hidden)

    def on_legend_hovered(self, contender: int | None) -> None:
        """The mouse rests on a contender: show where its runs are."""
        if contender is None or self.trajectory is None:
            self._highlight(self._selected)
            return
        lanes = self.trajectory.plan.lanes
        self._highlight(frozenset(i.index for i in lanes if i.contender == contender))

    def on_export_requested(self) -> None:
        """A plot's menu asks for its picture."""
        sender = self.sender()
        assert isinstance(sender, QWidget)
        self.export_requested.emit(sender.objectName().removesuffix("_plot"))

    def _contenders(self) -> tuple[Contender, ...]:
        return self.trajectory.plan.experiment.contenders if self.trajectory else ()

    def _named(self, names: Collection[str]) -> frozenset[int]:
        return frozenset(i for i, c in enumerate(self._contenders()) if c.name in names)

    def _highlight(self, lanes: frozenset[int]) -> None:
        for plot in self.plots:
            plot.highlight(lanes)

    def _make_centre(self) -> QWidget:
        centre = QWidget(objectName="centre")
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(theme.SPACING, theme.SPACING // 2, theme.SPACING, 0)
        layout.setSpacing(theme.SPACING // 2)
        layout.addWidget(self.legend)
        layout.addWidget(self.landscape, 1)
        return centre
