"""The landscape of a problem with the ways that the runs take across it."""

import math
from collections.abc import Collection

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from lrstudio.core import describe
from lrstudio.engine import Trajectory
from lrstudio.engine.directions import Kind
from lrstudio.engine.planes import Plane, Range, has_movable_starts
from lrstudio.gui.gate import Gate
from lrstudio.gui.plots.canvas import Canvas
from lrstudio.gui.plots.colour_bar import ColourBar
from lrstudio.gui.plots.crosshair import Crosshair
from lrstudio.gui.plots.landscape_header import LandscapeHeader
from lrstudio.gui.plots.landscape_run import LandscapeRun
from lrstudio.gui.plots.plane_keeper import PlaneKeeper, is_same_ground
from lrstudio.gui.plots.plot_widget import PlotWidget
from lrstudio.gui.plots.pointed import Pointed
from lrstudio.gui.plots.start_handles import StartHandles
from lrstudio.gui.plots.terrain_item import TerrainItem
from lrstudio.storage.contours import Relief

_LONGEST_CORNER = 9
_RENEWING_MS = 350
"""A plane that follows the runs is found anew when they have rested for so long."""


class LandscapePlot(PlotWidget):
    """Contours, minima, ways and starts of a run.

    Drag a start ring to move it, click to put the first start there. Drag elsewhere: pan. Wheel:
    zoom. Double-click while zoomed, or Home: show the whole domain.
    """

    start_moved = Signal(int, object, bool)  # index, point (tuple of floats), still dragging

    def __init__(
        self, crosshair: Crosshair, parent: QWidget | None = None, gate: Gate | None = None
    ) -> None:
        self.colour_bar = ColourBar()
        self.header: LandscapeHeader
        super().__init__(Canvas(), parent, self.colour_bar, LandscapeHeader())
        self._crosshair = crosshair
        self._trajectory: Trajectory | None = None
        self._plane: Plane | None = None
        self._highlighted: frozenset[int] = frozenset()
        self._keeper = PlaneKeeper()
        self._renewing = QTimer(self, singleShot=True, interval=_RENEWING_MS)
        view = self.canvas.view
        self._terrain = TerrainItem(view, gate)
        self._run = LandscapeRun(view, self.canvas.frame)
        self.handles = StartHandles(self.canvas, self._run.signs, self)
        self.canvas.left_axis.setGrid(False)
        self.canvas.bottom_axis.setGrid(False)
        self._build_header()
        self.set_empty_text("Choose a problem and press Run: the runs cross its landscape here.")
        self._connect()
        self.apply_theme()

    @property
    def plane(self) -> Plane | None:
        """What is shown of the problem."""
        return self._plane

    @property
    def is_zoomed(self) -> bool:
        """Whether somebody chose which part to look at."""
        return self.handles.may_double_click

    def show_trajectory(self, trajectory: Trajectory | None) -> None:
        """Show another run, in the same view if it is on the same ground."""
        self._trajectory = trajectory
        self._plan = trajectory.plan if trajectory else None
        self._update_legend()
        self.set_empty(trajectory is None)
        if trajectory is None:
            self._plane = None
            self._run.show_run(None, None)
            self._terrain.show_plane(None)
            self._follow_optimum()
            return
        if not self.handles.is_dragging:
            self._run.moved_starts = {}
        problem = trajectory.plan.experiment.problem
        self.header.show_title(describe(type(problem)).title)
        plane = self._keeper.plane(trajectory)
        # Before the view moves, which draws: lanes and looks must belong together.
        self._dress()
        self._run.show_run(trajectory, plane)
        self._show_plane(plane)
        self._place_signs()
        self._renew_in_time()

    def refresh(self) -> None:
        """Draw what has been computed since; call it at display rate."""
        if self._trajectory is not None:
            self._run.grow()
            self._follow_step()
            self._renew_in_time()

    def set_step(self, step: int | None) -> None:
        """Put the play-head on a step; None follows the newest."""
        self._run.set_step(step)
        self._follow_step()

    def set_hidden(self, contenders: Collection[int]) -> None:
        """Leave out these contenders (indices in the experiment)."""
        if frozenset(contenders) != self._hidden:
            self._hidden = frozenset(contenders)
            self._update_legend()
            self._dress()
            self._place_signs()

    def highlight(self, lanes: Collection[int]) -> None:
        """Make these lanes stand out; none leaves all alike."""
        if frozenset(lanes) != self._highlighted:
            self._highlighted = frozenset(lanes)
            self._dress()
            self._place_signs()

    def reset_view(self) -> None:
        """Show the whole domain."""
        self.handles.may_double_click = False
        if self._plane is not None and self._trajectory is not None:
            x, y = self._plane.range_for(self._trajectory)
            self.canvas.view.setRange(xRange=x, yRange=y, padding=0.0)

    def shown_ranges(self) -> tuple[Range, Range] | tuple[None, None]:
        """Ranges of both axes as they are on the screen; none while it was never shown."""
        if self.canvas.frame().is_empty:
            return None, None
        x, y = self.canvas.view.viewRange()
        return (x[0], x[1]), (y[0], y[1])

    def set_equal_scales(self, is_equal: bool) -> None:
        """Draw a circle as a circle, or fill the room."""
        self.aspect_switch.setChecked(is_equal)
        self.aspect_action.setChecked(is_equal)
        self.canvas.view.setAspectLocked(is_equal)
        if not self.is_zoomed:
            self.reset_view()

    def shown_relief(self) -> Relief | None:
        """The heights on the screen, where they take long to compute."""
        ground = self._terrain.ground
        is_known = ground is not None and ground.plane is self._plane and ground.plane.is_slow
        return ground.relief if is_known and ground.frame.is_like(self.canvas.frame()) else None

    def show_coordinates(self, across: int, up: int) -> None:
        """Show the slice through two other coordinates."""
        self._keeper.choose_coordinates((across, up))
        self._show_other_plane()

    def show_kind(self, kind: Kind) -> None:
        """Show another kind of plane."""
        self._keeper.choose_kind(kind)
        self._show_other_plane()

    def show_other_directions(self) -> None:
        """Show another random plane."""
        self._keeper.draw_again()
        self._show_other_plane()

    def apply_theme(self) -> None:
        """Take over the colours of the current theme."""
        super().apply_theme()
        self.colour_bar.update()
        self._dress()
        self._place_signs()
        self._terrain.update()

    def release(self) -> None:
        """Let go of the run and of the other plots, before the window closes."""
        self.show_trajectory(None)
        self._terrain.stop()
        self._renewing.stop()
        self.handles.stop()
        self._crosshair.moved.disconnect(self.on_crosshair_moved)
        super().release()

    def on_start_moved(self, index: int, place: tuple[float, float], is_dragging: bool) -> None:
        """A start was dragged, or put somewhere by a click."""
        if self._plane is None or self._trajectory is None:
            return
        starts = self._trajectory.plan.starts
        if index >= len(starts):
            return
        frame = self.canvas.frame()
        across = (frame.right - frame.left) / frame.width
        down = (frame.top - frame.bottom) / frame.height
        point = self._plane.moved(starts[index], _tidy(place[0], across), _tidy(place[1], down))
        self._run.moved_starts[index] = point
        self._place_signs()
        self.start_moved.emit(index, point, is_dragging)

    def on_renewing_timeout(self) -> None:
        """The runs rest: find the plane that shows them best."""
        if self._trajectory is None or not self._keeper.is_outdated(self._trajectory):
            return
        if self.handles.is_dragging:
            self._renewing.start()
            return
        self._show_other_plane(keeps_zoom=True)

    def on_view_panned(self, now: QPointF, before: QPointF) -> None:
        """The picture was dragged."""
        self.handles.may_double_click = True
        self.canvas.pan(now, before)

    def on_canvas_turned(self, at: QPointF, notches: float, modifiers: Qt.KeyboardModifier) -> None:
        """Zoom about the mouse."""
        self.handles.may_double_click = True
        self.canvas.zoom(at, notches, is_x=True, is_y=True)

    def on_canvas_double_clicked(self, position: QPointF) -> None:
        """Show the whole domain again."""
        self.reset_view()

    def on_canvas_hovered(self, position: QPointF | None) -> None:
        """Say what is under the mouse, and point at the nearest way's step in all plots."""
        sign = self._run.signs.nearest(position) if position is not None else None
        self.canvas.setToolTip(sign.tip if sign is not None else "")
        is_inside = position is not None and self.canvas.view.rect().contains(position)
        self.reading.setText(self._run.reading(position) if is_inside else "")
        self._crosshair.move_to(self._run.pointed_near(position) if is_inside else None)

    def on_crosshair_moved(self, pointed: Pointed | None) -> None:
        """Another place of the runs is pointed at."""
        self._place_signs()

    def on_view_changed(self) -> None:
        """Another part is looked at, or at another size."""
        self._place_signs()

    def on_levels_changed(self) -> None:
        """The bands stand for other heights."""
        ground = self._terrain.ground
        if ground is not None:
            # Above the lowest loss that was found by chance a height would say little.
            is_known = ground.plane.problem.minimum_value is not None
            self.colour_bar.show_levels(ground.levels, ground.floor if is_known else 0.0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place_signs()

    def _build_header(self) -> None:
        self.reading = self.header.reading
        self.plane_chooser = self.header.plane_chooser
        self.aspect_switch = self.header.add_switch(
            "equalScales", "1:1", "Equal scales: a circle is drawn as a circle"
        )
        self.home_button = self.header.add_button(
            "home", "Show the whole domain", "Show the whole domain (double-click)", "house"
        )
        self.aspect_action = self.add_action("equalAspect", "Equal Scales")
        self.aspect_action.setCheckable(True)

    def _connect(self) -> None:
        self.handles.moved.connect(self.on_start_moved)
        self.handles.panned.connect(self.on_view_panned)
        self.canvas.turned.connect(self.on_canvas_turned)
        self.canvas.double_clicked.connect(self.on_canvas_double_clicked)
        self.canvas.hovered.connect(self.on_canvas_hovered)
        self.canvas.resized.connect(self.on_view_changed)
        self.canvas.view.sigRangeChanged.connect(self.on_view_changed)
        self._crosshair.moved.connect(self.on_crosshair_moved)
        self._terrain.levels_changed.connect(self.on_levels_changed)
        self.plane_chooser.chosen.connect(self.show_coordinates)
        self.plane_chooser.kind_chosen.connect(self.show_kind)
        self.plane_chooser.redrawn.connect(self.show_other_directions)
        self._renewing.timeout.connect(self.on_renewing_timeout)
        self.home_button.clicked.connect(self.reset_view)
        self.aspect_switch.toggled.connect(self.set_equal_scales)
        self.aspect_action.toggled.connect(self.set_equal_scales)

    def _show_other_plane(self, keeps_zoom: bool = False) -> None:
        """Show what the choice makes of the run."""
        if self._trajectory is None:
            return
        plane = self._keeper.renewed(self._trajectory)
        self._run.show_run(self._trajectory, plane)
        self._show_plane(plane, keeps_view=True)
        if not keeps_zoom or not self.is_zoomed:
            self.reset_view()
        self._place_signs()

    def _renew_in_time(self) -> None:
        """See to it that the plane goes with the runs, but not that it turns under the hand."""
        assert self._trajectory is not None
        if self._keeper.has_outgrown(self._trajectory):
            self._show_other_plane(keeps_zoom=True)
        elif self._keeper.is_outdated(self._trajectory):
            self._renewing.start()

    def _show_plane(self, plane: Plane, keeps_view: bool = False) -> None:
        """Show a plane, from its home if it is another ground than before."""
        assert self._trajectory is not None
        before, self._plane = self._plane, plane
        self.handles.may_move = has_movable_starts(plane, self._trajectory)
        self.plane_chooser.show_problem(plane.problem, self._keeper.kind, self._keeper.coordinates)
        self.header.show_note(plane.caption)
        self.canvas.set_corner(_corner(*plane.names))
        self.colour_bar.setVisible(not plane.is_curve)
        self._terrain.show_plane(plane)
        self.canvas.setAccessibleName(f"Landscape of {self.header.title.text()}")
        is_same = is_same_ground(before, plane)
        is_free = not self.is_zoomed and not self.handles.is_dragging and not plane.is_slow
        if not keeps_view and (not is_same or is_free):
            self.reset_view()

    def _dress(self) -> None:
        if self._trajectory is not None:
            self._run.dress(self._trajectory, self._hidden, self._highlighted)

    def _follow_step(self) -> None:
        if self._trajectory is not None and self._trajectory.rows:
            self._run.follow_step()
            self._place_signs()

    def _place_signs(self) -> None:
        if self.isVisible():
            self._run.tracks.prepare(self.devicePixelRatioF())
            self._run.place_signs(self._crosshair.pointed, self.handles.may_move)
            self._terrain.shift_to(self._run.shift)

    def _follow_optimum(self) -> None:
        self._run.follow_optimum()
        self._terrain.shift_to(self._run.shift)


def _corner(across: str, up: str) -> str:
    """The names of the axes, as long as they do not run into the numbers; the header has them."""
    for text in (f"{up} ↑ {across} →", f"{up}↑{across}→"):
        if len(text) <= _LONGEST_CORNER:
            return text
    return ""


def _tidy(value: float, pixel: float) -> float:
    """A coordinate with as many decimals as one can aim at."""
    return round(value, max(0, math.ceil(-math.log10(pixel)))) if pixel > 0 else value
