"""A quantity of all runs against the step, the epoch or the evaluations."""

from collections.abc import Collection, Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QWidget

from lrstudio.engine import NEVER, STEPS, Series, Trajectory, XAxis
from lrstudio.gui import theme
from lrstudio.gui.plots.canvas import Canvas
from lrstudio.gui.plots.choices import Choices
from lrstudio.gui.plots.crosshair import Crosshair, Readout
from lrstudio.gui.plots.curves import CurvesItem, EndMark
from lrstudio.gui.plots.decimation import DRAWN_LIMIT, on_axis
from lrstudio.gui.plots.lane_looks import LaneLook, lane_looks
from lrstudio.gui.plots.limit_curves import LimitCurves
from lrstudio.gui.plots.links import XLink
from lrstudio.gui.plots.plot_widget import PlotWidget
from lrstudio.gui.plots.pointed import Pointed, at_step
from lrstudio.gui.plots.ranges import good_range
from lrstudio.gui.plots.readings import readings
from lrstudio.gui.plots.series_data import SeriesData, Spans
from lrstudio.gui.plots.step_marker import StepMarker
from lrstudio.storage.series_figure import limit_note

Range = tuple[float, float]

EMPTY_TEXT = "Add or tick a contender, then press Run: its curve grows here."

_LOG_LIMITS = (-20.0, 104.0)
_LINEAR_LIMITS = (-2 * DRAWN_LIMIT, 2 * DRAWN_LIMIT)
"""Nothing is drawn beyond: there is nothing to pan or zoom to."""


class SeriesPlot(PlotWidget):
    """Curves of all lanes; linked with its fellows by the x axis and the crosshair.

    Wheel: zoom along the run. Ctrl+wheel, or over the left axis: zoom the values. Drag: pan.
    Double-click: show everything.
    """

    def __init__(
        self,
        choices: Choices,
        link: XLink,
        crosshair: Crosshair,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Canvas(is_stepped=True), parent)
        self._choices = choices
        self._link = link
        self._crosshair = crosshair
        self._trajectory: Trajectory | None = None
        self._series: Series | None = None
        self._wanted = ""
        """Id of the quantity that was chosen last; where it is not on offer the first one shows."""
        self._data: SeriesData | None = None
        self._looks: list[LaneLook] = []
        self._highlighted: frozenset[int] = frozenset()
        self._step: Pointed | None = None
        self._scale_of: dict[str, bool] = {}
        self._has_own_range = False
        self._is_stale = False
        view = self.canvas.view
        self._limits = LimitCurves(view)
        self._curves = CurvesItem(view)
        self._play_head = StepMarker(view, z=20)
        self._pointer = StepMarker(view, z=30, is_hollow=True)
        self._readout = Readout(view)
        self.log_switch = self.header.add_switch(
            "logSwitch", "log", "Logarithmic scale (values of 0 and below lie on its lowest line)"
        )
        self.log_action = self.add_action("logScale", "Logarithmic Scale")
        self.log_action.setCheckable(True)
        self.set_empty_text(EMPTY_TEXT)
        self._connect()
        if link.axis is not STEPS:  # which the canvas is made for
            self.on_axis_changed()
        self.apply_theme()

    @property
    def series(self) -> Series | None:
        """What is shown."""
        return self._series

    @property
    def is_logarithmic(self) -> bool:
        """Whether the values are on a logarithmic scale."""
        if self._series is None:
            return False
        return self._scale_of.get(self._series.id, self._series.is_logarithmic)

    def show_trajectory(self, trajectory: Trajectory | None) -> None:
        """Show another run, with the same zoom if it is as long; None shows nothing."""
        is_empty = trajectory is None or not trajectory.plan.lanes
        self._trajectory = None if is_empty else trajectory
        self._plan = self._trajectory.plan if self._trajectory else None
        self._update_legend()
        self.set_empty(is_empty)
        if is_empty or trajectory is None:
            self._link.forget()
            self._series = self._data = None
            self._curves.show_spans(None, False)
            self._limits.show_limit(None, None)
            return
        self._data = None  # the link may ask for a picture at once, and there is none yet
        self._link.show_trajectory(trajectory)
        names = self._choices(trajectory.plan)
        if not names:
            self.set_empty(True)
            self._series = None
            self._curves.show_spans(None, False)
            self._limits.show_limit(None, None)
            self.header.set_choices([], 0)
            return
        chosen = next((i for i, s in enumerate(names) if s.id == self._wanted), 0)
        self.header.set_choices([s.symbol for s in names], chosen)
        self._show_series(names[chosen])

    def set_empty(self, is_empty: bool) -> None:
        super().set_empty(is_empty)
        self.log_switch.setVisible(not is_empty)
        if is_empty:  # else there is something to choose from, or not
            self.header.chooser.hide()

    def refresh(self) -> None:
        """Draw what has been computed since; call it at display rate."""
        if self._data is not None and self._data.refresh():
            self._link.keep_up()
            self._update()

    def set_step(self, step: int | None) -> None:
        """Put the play-head on a step, or take it away."""
        self._step = None if step is None else at_step(step)
        self._place(self._play_head, self._step)

    def set_hidden(self, contenders: Collection[int]) -> None:
        """Leave out these contenders (indices in the experiment)."""
        if frozenset(contenders) != self._hidden:
            self._hidden = frozenset(contenders)
            self._update_legend()
            self._dress()
            self._update()

    def highlight(self, lanes: Collection[int]) -> None:
        """Make these lanes stand out; none leaves all alike."""
        if frozenset(lanes) != self._highlighted:
            self._highlighted = frozenset(lanes)
            self._dress()

    def choose_series(self, series_id: str) -> None:
        """Show another of the quantities on offer."""
        if self._trajectory is not None:
            names = self._choices(self._trajectory.plan)
            self.on_header_chosen(next(i for i, s in enumerate(names) if s.id == series_id))

    def set_logarithmic(self, is_logarithmic: bool) -> None:
        """Change the scale of the values."""
        if self._series is not None and is_logarithmic != self.is_logarithmic:
            self._scale_of[self._series.id] = is_logarithmic
            self._has_own_range = False
            self._show_scale()
            self._update()

    def reset_view(self) -> None:
        """Show the whole run and all values."""
        self._has_own_range = False
        self._link.reset()
        self._update()

    def shown_ranges(self) -> tuple[Range, Range] | tuple[None, None]:
        """Ranges of both axes as they are on the screen; none while it was never shown."""
        if self._is_stale or self.canvas.frame().is_empty:
            return None, None
        (first, last), (low, high) = self.canvas.view.viewRange()
        if self.is_logarithmic:
            low, high = 10.0**low, 10.0**high
        return (first, last), (low, high)

    def apply_theme(self) -> None:
        """Take over the colours of the current theme."""
        super().apply_theme()
        colours = theme.current()
        self._play_head.set_colours(colours.accent, colours.background)
        self._pointer.set_colours(colours.axis, colours.background)
        self._dress()

    def release(self) -> None:
        """Let go of the run and of the other plots, before the window closes."""
        self.show_trajectory(None)
        self._link.changed.disconnect(self.on_link_changed)
        self._link.axis_changed.disconnect(self.on_axis_changed)
        self._crosshair.moved.disconnect(self.on_crosshair_moved)
        super().release()

    def on_header_chosen(self, index: int) -> None:
        """Another quantity was chosen."""
        if self._trajectory is not None:
            names = self._choices(self._trajectory.plan)
            self.header.set_choices([s.symbol for s in names], index)
            self._has_own_range = False
            self._wanted = names[index].id
            self._show_series(names[index])

    @property
    def x_axis(self) -> XAxis:
        """What is along the plot."""
        return self._link.axis

    def on_link_changed(self) -> None:
        """Another stretch of the run is looked at."""
        self._update()

    def on_axis_changed(self) -> None:
        """Another quantity is along the plots."""
        self.canvas.bottom_axis.set_whole(self.x_axis.is_whole)
        self.canvas.set_corner(self.x_axis.unit)
        self._name_canvas()

    def on_canvas_resized(self) -> None:
        """The number of pixel columns has changed."""
        self._update()

    def on_canvas_hovered(self, position: QPointF | None) -> None:
        """Move the crosshair of all plots to the recorded place under the mouse."""
        frame = self.canvas.frame()
        is_inside = (
            position is not None
            and 0 <= position.x() <= frame.width
            and 0 <= position.y() <= frame.height
        )
        if not is_inside or self._data is None or not self._data.rows:
            self._crosshair.move_to(None)
            return
        place = frame.value_at(position.x(), 0.0)[0]
        at = self.x_axis.snapped(self._data.trajectory, place)
        self._crosshair.move_to(Pointed(self.x_axis, at))

    def on_canvas_dragged(self, now: QPointF, before: QPointF) -> None:
        """Pan: along the steps in all plots, along the values here."""
        self.canvas.pan(now, before)
        self._take_range()

    def on_canvas_turned(self, at: QPointF, notches: float, modifiers: Qt.KeyboardModifier) -> None:
        """Zoom about the mouse."""
        is_y = bool(modifiers & Qt.KeyboardModifier.ControlModifier) or at.x() < 0
        self.canvas.zoom(at, notches, is_x=not is_y, is_y=is_y)
        self._take_range(is_y)

    def on_canvas_double_clicked(self, position: QPointF) -> None:
        """Show everything again."""
        self.reset_view()

    def on_crosshair_moved(self, pointed: Pointed | None) -> None:
        """Say what the curves are worth at the place that is pointed at."""
        self._place(self._pointer, pointed)
        if self._data is None or pointed is None or not self._data.rows:
            self._readout.show_readings(None, "", ())
            return
        trajectory = self._data.trajectory
        values = self._data.values_at(pointed.rows(trajectory))
        lines = readings(trajectory.plan, self._looks, values, self._highlighted)
        frame = self.canvas.frame()
        at, each = pointed.on(self.x_axis, trajectory)
        x = float(frame.x(np.array(each.mean() if at is None else at)))
        shown = values[[look.is_visible for look in self._looks]]
        heights = frame.y(on_axis(shown, self.is_logarithmic)).tolist()
        title = pointed.axis.words(trajectory.plan, pointed.x)
        self._readout.show_readings(x, title, lines, heights)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._update()

    def _connect(self) -> None:
        self._link.changed.connect(self.on_link_changed)
        self._link.axis_changed.connect(self.on_axis_changed)
        self._crosshair.moved.connect(self.on_crosshair_moved)
        self.canvas.resized.connect(self.on_canvas_resized)
        self.canvas.hovered.connect(self.on_canvas_hovered)
        self.canvas.dragged.connect(self.on_canvas_dragged)
        self.canvas.turned.connect(self.on_canvas_turned)
        self.canvas.double_clicked.connect(self.on_canvas_double_clicked)
        self.header.chosen.connect(self.on_header_chosen)
        self.log_switch.toggled.connect(self.set_logarithmic)
        self.log_action.toggled.connect(self.set_logarithmic)

    def _show_series(self, series: Series) -> None:
        assert self._trajectory is not None
        self._series = series
        self._data = SeriesData(series, self._trajectory)
        self._data.refresh()
        self._limits.show_limit(series, self._trajectory)
        is_chosen = self.header.chooser.count() > 1  # which then shows the symbol
        is_said = is_chosen or series.title.endswith(f" {series.symbol}")
        self.header.show_title(
            series.title, limit_note(series) or ("" if is_said else series.symbol)
        )
        self._name_canvas()
        self._show_scale()
        self._dress()
        self._update()
        self.on_crosshair_moved(self._crosshair.pointed)

    def _name_canvas(self) -> None:
        if self._series is not None:
            along = self.x_axis.title.lower()
            self.canvas.setAccessibleName(f"{self._series.title} against the {along}")

    def _show_scale(self) -> None:
        self.log_switch.setChecked(self.is_logarithmic)
        self.log_action.setChecked(self.is_logarithmic)
        self.canvas.left_axis.set_logarithmic(self.is_logarithmic)
        low, high = _LOG_LIMITS if self.is_logarithmic else _LINEAR_LIMITS
        self.canvas.view.setLimits(yMin=low, yMax=high)

    def _dress(self) -> None:
        """Colours and visibility of the lanes."""
        if self._trajectory is not None:
            self._looks = lane_looks(self._trajectory.plan, self._hidden, self._highlighted)
            self._curves.set_looks(self._looks)
            self._limits.set_looks(self._looks)
            self._place(self._play_head, self._step)

    def _update(self) -> None:
        """Decimate for the present view and draw; a hidden plot waits until it is shown."""
        self._is_stale = not self.isVisible()
        width = self.canvas.view.rect().width()
        if self._is_stale or self._data is None or width < 2:
            return
        first, last = self._link.visible
        columns = round(width * self.devicePixelRatioF())
        spans = self._data.spans(first, last, columns, self.x_axis)
        self.canvas.view.setXRange(first, last, padding=0.0)
        limits = self._limits.spans(first, last, columns, self.x_axis)
        if not self._has_own_range:
            self._fit(*filter(None, (spans, limits)))
        self._limits.show_spans(limits, self.is_logarithmic)
        self._curves.show_spans(spans, self.is_logarithmic, self._end_marks())
        self._place(self._play_head, self._step)
        self.on_crosshair_moved(self._crosshair.pointed)

    def _fit(self, *spans: Spans) -> None:
        """Choose the range of the values from what is visible."""
        shown = [k for k, look in enumerate(self._looks) if look.is_visible]
        assert self._trajectory is not None
        has_diverged = self._trajectory.diverged_at[shown] != NEVER
        low, high = (
            np.concatenate([part[:, shown] for part in parts])
            for parts in ([s.low for s in spans], [s.high for s in spans])
        )
        assert self._data is not None
        is_from_start = self._link.visible[0] <= 0
        starts = self._data.first_values()[shown] if is_from_start else None
        found = good_range(low, high, has_diverged, self.is_logarithmic, starts)
        if found is not None:
            self.canvas.view.setYRange(*found, padding=0.0)

    def _end_marks(self) -> Sequence[EndMark]:
        assert self._data is not None
        diverged = np.flatnonzero(self._data.trajectory.diverged_at != NEVER)
        if not len(diverged) or not self._data.rows:
            return ()
        x, values = self._data.last_points(diverged, self.x_axis)
        return tuple(map(EndMark, diverged.tolist(), x.tolist(), values.tolist()))

    def _take_range(self, is_y_changed: bool = True) -> None:
        """What the mouse made of the view becomes the range of this plot and of its fellows."""
        (first, last), _ = self.canvas.view.viewRange()
        self._has_own_range |= is_y_changed
        self._link.show(first, last)
        self._update()

    def _place(self, marker: StepMarker, pointed: Pointed | None) -> None:
        if pointed is None or self._data is None or not self._data.rows:
            marker.place(None)
            return
        trajectory = self._data.trajectory
        values = self._data.values_at(pointed.rows(trajectory))
        at, each = pointed.on(self.x_axis, trajectory)
        frame = self.canvas.frame()
        places = zip(
            frame.x(each if at is None else np.full(len(each), at)).tolist(),
            frame.y(on_axis(values, self.is_logarithmic)).tolist(),
            self._looks,
            strict=True,
        )
        dots = [
            (x, y, QColor(look.colour))
            for x, y, look in places
            if look.is_visible and not np.isnan(y)
        ]
        marker.place(None if at is None else float(frame.x(np.array(at))), dots)
