"""Plots of the window as SVG: the same runs, ranges and scales as on the screen."""

from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec.structs import replace

from lrstudio.gui.plot_deck import PlotDeck
from lrstudio.gui.plots.boundary import BoundaryPlot
from lrstudio.gui.plots.landscape import LandscapePlot
from lrstudio.gui.plots.series_plot import SeriesPlot
from lrstudio.storage.boundary_figure import boundary_figure
from lrstudio.storage.figure import Figure
from lrstudio.storage.landscape_figure import landscape_figure
from lrstudio.storage.series_figure import series_figure
from lrstudio.storage.svg import svg
from lrstudio.storage.view import View

Drawing = Callable[[], str]
"""Draws, in any thread: the heights of a large model may take seconds."""


def drawing(deck: PlotDeck, name: str, is_dark: bool) -> Drawing:
    """What draws a plot of the deck as it is on the screen."""
    trajectory = deck.trajectory
    assert trajectory is not None
    contenders = range(len(trajectory.plan.experiment.contenders))
    shown = [i for i in contenders if i not in deck.hidden]
    view = View(contenders=shown, is_dark=is_dark)
    if name == "landscape":
        seen = _landscape_view(deck.landscape, view)
        return partial(_drawn, landscape_figure, trajectory, seen)
    plot = deck.plot(name)
    if isinstance(plot, BoundaryPlot):
        x_range, y_range = plot.shown_ranges()
        shown = replace(plot.view, x_range=x_range, y_range=y_range, is_dark=is_dark)
        return partial(_drawn, boundary_figure, trajectory, shown)
    assert plot.series is not None
    seen = _series_view(plot, view)
    return partial(_drawn, series_figure, trajectory, plot.series, seen)


def _drawn(figure: Callable[..., Figure], *of: Any) -> str:
    return svg(figure(*of))


def _series_view(plot: SeriesPlot, view: View) -> View:
    x_range, y_range = plot.shown_ranges()
    return replace(
        view,
        x_axis=plot.x_axis,
        x_range=x_range,
        y_range=y_range,
        is_log=plot.is_logarithmic,
    )


def _landscape_view(plot: LandscapePlot, view: View) -> View:
    x_range, y_range = plot.shown_ranges()
    return replace(
        view, x_range=x_range, y_range=y_range, plane=plot.plane, relief=plot.shown_relief()
    )
