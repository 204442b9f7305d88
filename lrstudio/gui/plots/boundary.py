"""The decision boundary of one run, with the examples, at the step of the play-head."""

from collections.abc import Collection

from msgspec.structs import replace
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QWidget

from lrstudio.core.data_problem import DataProblem
from lrstudio.engine import Trajectory
from lrstudio.engine.decisions import data_ranges
from lrstudio.engine.planes import Ranges
from lrstudio.gui import theme
from lrstudio.gui.plots.canvas import Canvas
from lrstudio.gui.plots.marks_item import MarksItem
from lrstudio.gui.plots.plot_widget import PlotWidget
from lrstudio.storage.boundary_figure import (
    axis_names,
    boundary_marks,
    boundary_note,
    class_entries,
    has_boundary,
)
from lrstudio.storage.view import View

BEST = "Best run"


class BoundaryPlot(PlotWidget):
    """Regions of the classes in the plane of two features; of one feature, the fitted curve.

    Drag: pan. Wheel: zoom. Double-click or Home: show all examples.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Canvas(), parent)
        self._trajectory: Trajectory | None = None
        self._step: int | None = None
        self._lane: int | None = None
        self._is_stale = True
        self._is_zoomed = False
        self._item = MarksItem(self.canvas.view)
        self.canvas.left_axis.setGrid(False)
        self.canvas.bottom_axis.setGrid(False)
        self.header.show_title("Decision boundary")
        self.set_empty_text(
            "For models that tell classes by two features: where they decide for which class. "
            "Try a multi-layer perceptron on moons."
        )
        self.set_empty(True)
        self._runs = QComboBox(objectName="boundaryRun")
        self._runs.setAccessibleName("Whose decisions are shown")
        self._runs.setToolTip("Whose decisions are shown")
        self._runs.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._runs.setMinimumContentsLength(9)
        self._runs.activated.connect(self.on_run_activated)
        self._runs.hide()
        self.header.add_widget(self._runs)
        self._connect()
        self.apply_theme()

    @property
    def view(self) -> View:
        """What is shown, as a figure is told."""
        return View(lane=self._lane, step=self._step, is_dark=theme.current().is_dark)

    @property
    def has_picture(self) -> bool:
        """Whether the run has a boundary."""
        return self._trajectory is not None

    def show_trajectory(self, trajectory: Trajectory | None) -> None:
        """Show another run; one without a boundary shows a sentence."""
        before = self._problem
        self._trajectory = trajectory if has_boundary(trajectory) else None
        self._plan = self._trajectory.plan if self._trajectory else None
        self.set_empty(self._trajectory is None)
        self._runs.setVisible(self._trajectory is not None)
        if self._trajectory is None:
            self._item.show_marks(())
            self.header.show_note("")
            return
        self._list_runs()
        problem = self._problem
        assert problem is not None
        is_fit = not problem.sample.train.classes
        self.header.show_title("Fitted curve" if is_fit else "Decision boundary")
        self.canvas.setAccessibleName(self.header.title.text())
        if not self._is_zoomed or before is None or before.preparation != problem.preparation:
            self.reset_view()
        self._update()

    def refresh(self) -> None:
        """Draw what has been computed since; call it at display rate."""
        if self._step is None or (self._trajectory and self._step >= self._trajectory.reached):
            self._update()

    def set_step(self, step: int | None) -> None:
        """Put the play-head on a step; None follows the newest."""
        if step != self._step:
            self._step = step
            self._update()

    def set_hidden(self, contenders: Collection[int]) -> None:
        """Contenders that are hidden elsewhere can still be looked at here."""

    def highlight(self, lanes: Collection[int]) -> None:
        """Show the run that is selected among the results, if it is one."""
        if len(lanes) == 1:
            self._choose(next(iter(lanes)))

    def reset_view(self) -> None:
        """Show all examples."""
        self._is_zoomed = False
        problem = self._problem
        if problem is not None:
            x, y = data_ranges(problem)
            self.canvas.view.setRange(xRange=x, yRange=y, padding=0.0)
            self._update()

    def shown_ranges(self) -> Ranges | tuple[None, None]:
        """Ranges of both axes as they are on the screen; none while it was never shown."""
        if self.canvas.frame().is_empty:
            return None, None
        x, y = self.canvas.view.viewRange()
        return (x[0], x[1]), (y[0], y[1])

    def apply_theme(self) -> None:
        """Take over the colours of the current theme."""
        super().apply_theme()
        self._update()

    def release(self) -> None:
        """Let go of the run before the window closes."""
        self.show_trajectory(None)
        super().release()

    def on_run_activated(self, index: int) -> None:
        """Another run was chosen."""
        self._choose(self._runs.itemData(index))

    def on_view_panned(self, now: QPointF, before: QPointF) -> None:
        """The picture was dragged."""
        self._is_zoomed = True
        self.canvas.pan(now, before)

    def on_canvas_turned(self, at: QPointF, notches: float, modifiers: Qt.KeyboardModifier) -> None:
        """Zoom about the mouse."""
        self._is_zoomed = True
        self.canvas.zoom(at, notches, is_x=True, is_y=True)

    def on_canvas_double_clicked(self, position: QPointF) -> None:
        """Show all examples again."""
        self.reset_view()

    def on_view_changed(self) -> None:
        """Another part is looked at."""
        self._update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._update()

    @property
    def _problem(self) -> DataProblem | None:
        problem = self._trajectory.plan.experiment.problem if self._trajectory else None
        return problem if isinstance(problem, DataProblem) else None

    def _connect(self) -> None:
        self.canvas.dragged.connect(self.on_view_panned)
        self.canvas.turned.connect(self.on_canvas_turned)
        self.canvas.double_clicked.connect(self.on_canvas_double_clicked)
        self.canvas.view.sigRangeChanged.connect(self.on_view_changed)

    def _list_runs(self) -> None:
        assert self._trajectory is not None
        plan = self._trajectory.plan
        entries: list[tuple[str, int | None]] = [(BEST, None)]
        seen: set[int] = set()
        for lane in plan.lanes:  # one run of each contender; others are shown when selected
            if lane.contender not in seen:
                seen.add(lane.contender)
                entries.append((plan.contender(lane).name, lane.index))
        known = [
            (self._runs.itemText(i), self._runs.itemData(i)) for i in range(self._runs.count())
        ]
        if known != entries:
            self._runs.clear()
            for name, index in entries:
                self._runs.addItem(name, index)
            if self._lane is not None and self._lane >= len(plan.lanes):
                self._lane = None
        self._show_choice()

    def _choose(self, lane: int | None) -> None:
        if lane != self._lane:
            self._lane = lane
            self._show_choice()
            self._update()

    def _show_choice(self) -> None:
        lane, plan = self._lane, self._plan
        shown = lane
        if lane is not None and plan is not None and lane < len(plan.lanes):
            contender = plan.lanes[lane].contender
            shown = next(i.index for i in plan.lanes if i.contender == contender)
        self._runs.setCurrentIndex(max(0, self._runs.findData(shown)))

    def _update(self) -> None:
        """Ask the model and draw; a hidden plot waits until it is shown."""
        self._is_stale = not self.isVisible()
        problem = self._problem
        if self._is_stale or self._trajectory is None or problem is None:
            return
        x, y = self.shown_ranges()
        if x is None or y is None:
            self._is_stale = True
            return
        view = replace(self.view, x_range=x, y_range=y)
        marks = boundary_marks(self._trajectory, view, x, y)
        self._item.show_marks(marks, class_entries(problem, view.is_dark), axis_names(problem))
        self.header.show_note(boundary_note(self._trajectory, view))
