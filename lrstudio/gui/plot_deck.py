"""All pictures of a run, wired together: one crosshair, one stretch of steps, one legend."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lrstudio.engine import Contender, Trajectory, XAxis
from lrstudio.gui import theme
from lrstudio.gui.gate import Gate
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
from lrstudio.gui.plots.late_plot import LatePlot
from lrstudio.gui.plots.legend import LegendStrip
from lrstudio.gui.plots.links import XLink
from lrstudio.gui.plots.series_plot import EMPTY_TEXT, SeriesPlot

if TYPE_CHECKING:
    from lrstudio.gui.plots.boundary import BoundaryPlot

    DockedPlot = SeriesPlot | BoundaryPlot

SERIES_PLOTS = (
    ("loss", "Loss", loss_choices),
    ("metrics", "Metrics", metric_choices),
    ("learning_rate", "Learning rate", learning_rate_choices),
    ("parameters", "Parameters", parameter_choices),
    ("gradient_norm", "Gradient norm", gradient_norm_choices),
    ("curvature", "Curvature", curvature_choices),
)
"""Id, dock title and quantities of each plot against the step, in the order of the window."""
_EMPTY_TEXTS = {
    "metrics": "A function has none. Choose a model as the problem: its accuracy grows here.",
    "curvature": "Not measured. Set “Curvature every” in the Problem panel to a number of steps.",
}
"""What the other plots say while they are empty."""


class PlotDeck(QObject):
    """Owns the plots and keeps them together; the window places them.

    The landscape is always there; the others are made when they are first wanted, which for those
    behind other tabs may be never.
    """

    start_moved = Signal(int, object, bool)
    """Index of the start, its new point, whether the drag still goes on."""
    export_requested = Signal(str)
    """Id of the plot whose picture is wanted."""
    plot_made = Signal(str)
    """Id of the plot that is in its place from now on."""

    def __init__(self, parent: QObject | None = None, gate: Gate | None = None) -> None:
        super().__init__(parent)
        self.trajectory: Trajectory | None = None
        self._selected: frozenset[int] = frozenset()
        self._hidden_names: frozenset[str] = frozenset()
        self._step: int | None = None
        self._link = XLink(self)
        self._crosshair = Crosshair(self)
        self._made: dict[str, DockedPlot] = {}
        self.legend = LegendStrip()
        self.landscape = LandscapePlot(self._crosshair, gate=gate)
        self.landscape.setObjectName("landscape_plot")
        self.landscape.export_requested.connect(self.on_export_requested)
        self.landscape.start_moved.connect(self.start_moved)
        self.docked: Mapping[str, LatePlot] = {
            name: LatePlot(name) for name in (*(name for name, *_ in SERIES_PLOTS), "boundary")
        }
        """What stands in the docks for the plots, by id."""
        for place in self.docked.values():
            place.wanted.connect(self.on_plot_wanted)
        self.legend.toggled.connect(self.on_legend_toggled)
        self.legend.hovered.connect(self.on_legend_hovered)
        self.centre = self._make_centre()

    @property
    def plots(self) -> "tuple[LandscapePlot | DockedPlot, ...]":
        """All plots that are made."""
        return (self.landscape, *self._made.values())

    def plot(self, name: str) -> "DockedPlot":
        """The plot of a dock, made now if it was not before."""
        if name not in self._made:
            plot = self._made[name] = self._make_plot(name)
            self.docked[name].show_plot(plot)
            self._catch_up(plot)
            self.plot_made.emit(name)
        return self._made[name]

    @property
    def x_axis(self) -> XAxis:
        """What is along the plots of a run."""
        return self._link.axis

    def set_x_axis(self, wanted: str) -> None:
        """Draw the plots of a run along another axis, where it can be measured so."""
        self._link.set_axis(wanted)

    @property
    def hidden(self) -> frozenset[int]:
        """Contenders that the legend has switched off."""
        return frozenset(self.legend.hidden_contenders)

    def put_above(self, widget: QWidget) -> None:
        """Let something stand above the legend and the landscape."""
        layout = self.centre.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, widget)

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
        self._step = step
        for plot in self.plots:
            plot.set_step(step)

    def highlight(self, lanes: Collection[int]) -> None:
        """Make the lanes of the selected results stand out."""
        self._selected = frozenset(lanes)
        self._highlight(self._selected)

    def titles(self) -> dict[str, str]:
        """Ids and titles of the plots that can be exported: those that show something."""
        trajectory = self.trajectory
        shown = {"landscape": "Landscape"}
        if trajectory is not None and trajectory.plan.lanes:
            plan = trajectory.plan
            shown |= {name: title for name, title, choices in SERIES_PLOTS if choices(plan)}
        from lrstudio.storage.boundary_figure import has_boundary  # noqa: PLC0415 - not at start

        if has_boundary(trajectory):
            shown["boundary"] = "Decision boundary"
        return shown

    def forget_choices(self) -> None:
        """Another experiment: show everything, let nothing stand out."""
        self._hidden_names = frozenset()
        self.legend.set_hidden(())
        self.highlight(())

    def release(self) -> None:
        """Let go of everything before the window closes."""
        for plot in self.plots:
            plot.release()

    def on_plot_wanted(self, name: str) -> None:
        """A dock is seen for the first time."""
        self.plot(name)

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

    def _make_plot(self, name: str) -> "DockedPlot":
        plot: DockedPlot
        if name == "boundary":
            from lrstudio.gui.plots.boundary import BoundaryPlot  # noqa: PLC0415 - not at start

            plot = BoundaryPlot()
        else:
            title, choices = next((t, c) for known, t, c in SERIES_PLOTS if known == name)
            plot = SeriesPlot(choices, self._link, self._crosshair)
            plot.set_empty_text(_EMPTY_TEXTS.get(name, EMPTY_TEXT), title)
            plot.contender_toggled.connect(self.legend.set_shown)
        plot.setObjectName(f"{name}_plot")
        plot.export_requested.connect(self.on_export_requested)
        return plot

    def _catch_up(self, plot: "DockedPlot") -> None:
        """Show in a new plot what the others show."""
        plot.show_trajectory(self.trajectory)
        plot.set_hidden(self.hidden)
        plot.highlight(self._selected)
        plot.set_step(self._step)

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
