"""Plots of the window as SVG: the same runs, ranges and scales as on the screen."""

from msgspec.structs import replace

from lrstudio.gui.plot_deck import PlotDeck
from lrstudio.gui.plots.boundary import BoundaryPlot
from lrstudio.gui.plots.landscape import LandscapePlot
from lrstudio.gui.plots.series_plot import SeriesPlot
from lrstudio.storage.boundary_figure import boundary_figure
from lrstudio.storage.landscape_figure import landscape_figure
from lrstudio.storage.series_figure import series_figure
from lrstudio.storage.svg import svg
from lrstudio.storage.view import View


def drawing(deck: PlotDeck, name: str, is_dark: bool) -> str:
    """A plot of the deck as it is on the screen."""
    trajectory = deck.trajectory
    assert trajectory is not None
    contenders = range(len(trajectory.plan.experiment.contenders))
    shown = [i for i in contenders if i not in deck.hidden]
    view = View(contenders=shown, is_dark=is_dark)
    if name == "landscape":
        return svg(landscape_figure(trajectory, _landscape_view(deck.landscape, view)))
    plot = deck.plot(name)
    if isinstance(plot, BoundaryPlot):
        x_range, y_range = plot.shown_ranges()
        shown = replace(plot.view, x_range=x_range, y_range=y_range, is_dark=is_dark)
        return svg(boundary_figure(trajectory, shown))
    assert plot.series is not None
    return svg(series_figure(trajectory, plot.series, _series_view(plot, view)))


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
