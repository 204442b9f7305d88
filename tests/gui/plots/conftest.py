"""Small races to look at, and plots that are let go of properly."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from lrstudio.core import OPTIMIZERS, PROBLEMS
from lrstudio.engine import Contender, Experiment, Recording, Trajectory, plan, simulate
from lrstudio.gui.plots.crosshair import Crosshair
from lrstudio.gui.plots.landscape import LandscapePlot
from lrstudio.gui.plots.links import XLink
from lrstudio.gui.plots.plot_widget import PlotWidget
from lrstudio.gui.plots.series_plot import SeriesPlot

Race = Callable[..., Trajectory]


@pytest.fixture(scope="session")
def race() -> Race:
    """A finished race of two runs that converge, and a third one with `third_rate`."""

    def make(
        problem: str = "sphere",
        *,
        steps: int = 200,
        third_rate: float | None = None,
        starts: tuple = (),
        seeds: tuple = (0,),
        noise: float = 0.0,
        disturbances: tuple = (),
        every: int = 1,
        curvature_every: int | None = None,
        **parameters: object,
    ) -> Trajectory:
        sgd, adam = OPTIMIZERS["sgd"], OPTIMIZERS["adam"]
        contenders = [
            Contender(name="SGD", optimizer=sgd(lr=0.02), colour=0),
            Contender(name="Adam", optimizer=adam(lr=0.05), colour=1),
        ]
        if third_rate is not None:
            third = Contender(name="Third", optimizer=sgd(lr=third_rate), colour=2)
            contenders.append(third)
        experiment = Experiment(
            problem=PROBLEMS[problem](**parameters),
            contenders=tuple(contenders),
            steps=steps,
            starts=starts,
            seeds=seeds,
            noise=noise,
            curvature_every=curvature_every,
            disturbances=disturbances,
        )
        # Not `run`, which refuses what no file may hold: a picture must survive that too.
        planned = plan(experiment, Recording(every=every))
        trajectory = Trajectory(planned)
        for _ in simulate(planned, trajectory):
            pass
        return trajectory

    return make


@pytest.fixture
def growing() -> Callable[[Trajectory, int], Trajectory]:
    """The same run as it was when so many rows had been computed."""

    def cut(trajectory: Trajectory, rows: int) -> Trajectory:
        young = Trajectory(trajectory.plan)
        for name in ("position", "loss", "gradient_norm", "diverged_at"):
            setattr(young, name, getattr(trajectory, name))
        young.rows = rows
        young.reached = trajectory.step(rows - 1)
        return young

    return cut


@pytest.fixture
def link(qapp: QApplication) -> XLink:
    return XLink()


@pytest.fixture
def crosshair(qapp: QApplication) -> Crosshair:
    return Crosshair()


@pytest.fixture
def shown(qtbot) -> Iterator[Callable[[PlotWidget], PlotWidget]]:
    """Shows a plot in a size of its own, and lets go of it after the test."""
    plots: list[PlotWidget] = []

    def show(plot: PlotWidget, width: int = 520, height: int = 300) -> PlotWidget:
        qtbot.addWidget(plot)
        plots.append(plot)
        plot.resize(width, height)
        with qtbot.waitExposed(plot):
            plot.show()
        return plot

    yield show
    for plot in plots:
        plot.release()


@pytest.fixture
def series_plot(shown, link, crosshair) -> Callable[..., SeriesPlot]:
    def make(choices, trajectory: Trajectory | None) -> SeriesPlot:
        plot = shown(SeriesPlot(choices, link, crosshair))
        plot.show_trajectory(trajectory)
        QApplication.processEvents()
        return plot

    return make


@pytest.fixture
def landscape(shown, crosshair) -> Callable[..., LandscapePlot]:
    def make(trajectory: Trajectory | None) -> LandscapePlot:
        plot = shown(LandscapePlot(crosshair))
        plot.show_trajectory(trajectory)
        QApplication.processEvents()
        return plot

    return make


@pytest.fixture
def mouse(qtbot) -> "Mouse":
    return Mouse(qtbot)


class Mouse:
    """Does with a plot what a hand does; positions are pixels of its view box."""

    def __init__(self, qtbot) -> None:
        self._qtbot = qtbot

    def move(self, plot: PlotWidget, x: float, y: float) -> None:
        self._qtbot.mouseMove(plot.canvas.viewport(), self._point(plot, x, y))
        QApplication.processEvents()

    def click(self, plot: PlotWidget, x: float, y: float, keys=Qt.KeyboardModifier.NoModifier):
        self._qtbot.mouseClick(
            plot.canvas.viewport(), Qt.MouseButton.LeftButton, keys, self._point(plot, x, y)
        )

    def double_click(self, plot: PlotWidget, x: float, y: float) -> None:
        # A person's double-click begins with a click; QTest sends only what comes after it.
        self.click(plot, x, y)
        self._qtbot.mouseDClick(
            plot.canvas.viewport(), Qt.MouseButton.LeftButton, pos=self._point(plot, x, y)
        )

    def press(self, plot: PlotWidget, x: float, y: float) -> None:
        self._qtbot.mousePress(
            plot.canvas.viewport(), Qt.MouseButton.LeftButton, pos=self._point(plot, x, y)
        )

    def release(self, plot: PlotWidget, x: float, y: float) -> None:
        self._qtbot.mouseRelease(
            plot.canvas.viewport(), Qt.MouseButton.LeftButton, pos=self._point(plot, x, y)
        )

    def drag(self, plot: PlotWidget, *places: tuple[float, float]) -> None:
        self.press(plot, *places[0])
        for place in places[1:]:
            self.move(plot, *place)
        self.release(plot, *places[-1])

    def turn(self, plot: PlotWidget, x: float, y: float, notches: int, keys=None) -> None:
        point = QPointF(self._point(plot, x, y))
        viewport = plot.canvas.viewport()
        event = QWheelEvent(
            point,
            QPointF(viewport.mapToGlobal(point.toPoint())),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            keys or Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(viewport, event)
        QApplication.processEvents()

    def _point(self, plot: PlotWidget, x: float, y: float) -> QPoint:
        return plot.canvas.from_view(QPointF(x, y)).toPoint()


@pytest.fixture
def ink() -> Callable[[QWidget, str], np.ndarray]:
    """Where a widget shows a colour "#rrggbb", a mask (height, width)."""

    def find(widget: QWidget, colour: str, slack: int = 24) -> np.ndarray:
        image = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_RGB32)
        raw = np.frombuffer(image.constBits(), np.uint8)
        pixels = raw.reshape(image.height(), image.bytesPerLine())[:, : 4 * image.width()]
        pixels = pixels.reshape(image.height(), image.width(), 4)[:, :, 2::-1].astype(int)
        wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
        return np.abs(pixels - wanted).max(axis=2) <= slack

    return find
