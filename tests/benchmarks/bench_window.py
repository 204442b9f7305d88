"""The window's speed: start, slider to picture, a frame, event latency while a run computes.

    python tests/benchmarks/bench_window.py [start] [live] [frame] [latency] [short_latency]

Prints each figure beside its goal; start-up as a ratio to a bare PySide6 window measured in turn
with ours. Nothing here is asserted: machines differ, goals are read by people.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROUNDS = 7

BARE = """
import sys, time
from PySide6.QtWidgets import QApplication, QMainWindow
from PySide6.QtCore import QTimer
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("painted", time.time(), time.process_time()); QTimer.singleShot(0, app.quit)
app = QApplication([]); window = Window(); window.resize(1440, 900); window.show(); app.exec()
"""
PLOTS = """
import time
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter
from PySide6.QtCore import QTimer
def build():
    import numpy as np, pyqtgraph as pg
    steps, plots = np.arange(500.0), QSplitter()
    for _ in range(4):
        plot = pg.PlotWidget(enableMenu=False)
        for k in range(8):
            plot.addItem(pg.PlotCurveItem(steps, np.sin(steps / 50 + k)))
        plots.addWidget(plot)
    heights = np.hypot(*np.meshgrid(np.linspace(-2, 2, 100), np.linspace(-2, 2, 100)))
    landscape = pg.PlotWidget(enableMenu=False)
    landscape.addItem(pg.ImageItem(heights))
    for level in np.linspace(0.2, 2, 12):
        landscape.addItem(pg.IsocurveItem(heights, level))
    plots.addWidget(landscape); window.setCentralWidget(plots); QTimer.singleShot(0, ready)
def ready():
    window.repaint(); app.processEvents()
    print("ready", time.time(), time.process_time()); app.quit()
app = QApplication([]); window = QMainWindow(); window.resize(1440, 900)
window.show(); QTimer.singleShot(0, build); app.exec()
"""
"""What comes without any program: a window that is painted, and then four plots and contours."""
COMPILE = """
import compileall, lrstudio; compileall.compile_dir(lrstudio.__path__[0], quiet=1)
"""
LIBRARIES = """
import builtins, gc, os; gc.disable(); os.environ["OPENBLAS_NUM_THREADS"] = "1"
builtins.__import__ = builtins.__orig_import__  # as the program does: see `pyside_loading`
import contourpy, msgspec, numpy
from lrstudio.gui.plots import pyqtgraph_parts
print("imported", time.time(), time.process_time())
"""
OURS = """
import time
from lrstudio.gui import app
from PySide6.QtCore import QTimer
class Watched(app.MainWindow):
    is_seen = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.is_seen:
            self.is_seen = True
            print("painted", time.time(), time.process_time())
    def furnish(self, path=None):
        super().furnish(path)
        self.studio.display.displayed.connect(self.on_displayed)
    def on_displayed(self, job):
        if job.ended_at is not None:
            QTimer.singleShot(0, self.on_laid_out)
    def on_laid_out(self):
        self.repaint()  # all of it, at once
        print("ready", time.time(), time.process_time())
        self.close()
app.MainWindow = Watched
app.main()
"""
COMMAND = "from lrstudio import cli" + OURS.replace("app.main()", "cli.main()")


def start() -> None:
    """Process start to first paint and to a window with a finished run on it."""
    # An installed program has its byte code; with PYTHONDONTWRITEBYTECODE it would never get it.
    subprocess.run([sys.executable, "-c", COMPILE], check=True)
    bare, floor, plots, painted, commanded, ready = [], [], [], [], [], []
    for _ in range(ROUNDS):
        bare.append(stamps(BARE)["painted"])
        floor.append(stamps(BARE + LIBRARIES)["imported"])
        plots.append(stamps(PLOTS)["ready"])
        commanded.append(stamps(COMMAND)["painted"])
        ours = stamps(OURS)
        painted.append(ours["painted"])
        ready.append(ours["ready"])
    for unit, place in (("", 0), (" in CPU time", 1)):
        base = median(bare, place)
        show(f"bare window{unit}, ms", 1000 * base, "")
        show(f"first paint / bare window{unit}", median(painted, place) / base, "≤ 1.2")
        show(f"first paint of the command{unit}", median(commanded, place) / base, "")
        show(f"bare window and libraries alone{unit}", median(floor, place) / base, "")
        show(f"bare window and five plain plots{unit}", median(plots, place) / base, "")
        show(f"ready / bare window{unit}", median(ready, place) / base, "≤ 3")


def median(times: list[tuple[float, float]], place: int) -> float:
    return statistics.median(both[place] for both in times)


def stamps(script: str) -> dict[str, tuple[float, float]]:
    """Seconds since the start of the process, and of CPU, at which a script printed a word."""
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    lines = (line.split() for line in done.stdout.splitlines())
    return {name: (float(when) - began, float(cpu)) for name, when, cpu in lines}


def live() -> None:
    """From an edit to the painted result, 8 contenders × 500 steps."""
    with Bench(race(500)) as bench:
        times = []
        for k in range(60):
            began = time.perf_counter()
            bench.edit_learning_rate(0.001 * 1.03**k)
            bench.wait_for_end()
            bench.studio.deck.paint_now()
            times.append(1000 * (time.perf_counter() - began))
    show("slider to picture, p95 ms", percentile(times[5:], 95), "≤ 50")


def frame() -> None:
    """CPU time of a frame with 8 contenders × 100 000 recorded steps."""
    with Bench(race(100_000)) as bench:
        bench.wait_for_end()
        deck, trajectory = bench.studio.deck, bench.studio.deck.trajectory
        times = []
        for k in range(30):
            # Another frame of a growing run: the last rows are new.
            trajectory.rows -= 1
            deck.refresh()
            trajectory.rows += 1
            began = time.process_time()
            deck.refresh()
            deck.set_step(trajectory.step(trajectory.rows - 1 - k))
            deck.paint_now()
            times.append(1000 * (time.process_time() - began))
    show("frame of 8 × 100 000 steps, median CPU ms", statistics.median(times), "≤ 16")


def latency() -> None:
    """How late a zero timer fires while a run computes flat out."""
    with Bench(race(1_000_000)) as bench:
        late = list(bench.lateness(lambda: bench.studio.runner.is_running))
    show("event latency while computing, p50 ms", percentile(late, 50), "")
    show("event latency while computing, p99 ms", percentile(late, 99), "≤ 50")


def short_latency() -> None:
    """The same around runs of a fraction of a second: their beginnings and ends weigh in."""
    with Bench(race(20_000)) as bench:
        bench.wait_for_end()
        late = []
        for k in range(10):
            bench.edit_learning_rate(0.001 * 1.03**k)
            late += bench.lateness(lambda: bench.studio.runner.is_busy)
            until = time.perf_counter() + 0.2
            late += bench.lateness(lambda until=until: time.perf_counter() < until)
    show("event latency around short runs, p99 ms", percentile(late, 99), "≤ 50")


class Bench:
    """A real window with an experiment in it."""

    def __init__(self, experiment) -> None:
        from PySide6.QtWidgets import QApplication

        from lrstudio.gui import app, theme
        from lrstudio.gui.main_window import MainWindow
        from lrstudio.gui.settings import Settings

        self.app: QApplication = app.application()
        theme.apply(self.app, "light")
        self.window = MainWindow(Settings())
        self.window.resize(1440, 900)
        self.window.show()
        self.app.processEvents()
        self.window.furnish()
        self.studio = self.window.studio
        self.wait_for_end()
        self.studio.document.open(experiment, None)
        self.wait(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error) -> None:
        self.studio.stop()
        self.studio.document.undo_stack.setClean()
        self.window.close()

    def edit_learning_rate(self, rate: float) -> None:
        from msgspec.structs import replace

        from lrstudio.engine import edits

        document = self.studio.document
        contender = document.experiment.contenders[0]
        changed = replace(contender, optimizer=replace(contender.optimizer, lr=rate))
        new = edits.with_contender(document.experiment, 0, changed)
        document.edit("Change learning rate", new, merge_key="lr")

    def wait_for_end(self) -> None:
        """Sleep in the event loop, as a real window does, until the newest run is on screen."""
        from PySide6.QtCore import QEventLoop

        loop = QEventLoop()

        def on_displayed(job) -> None:
            if job.ended_at is not None and not self.studio.runner.is_busy:
                loop.quit()

        self.studio.display.displayed.connect(on_displayed)
        loop.exec()
        self.studio.display.displayed.disconnect(on_displayed)

    def lateness(self, is_going_on: Callable[[], bool]) -> Iterator[float]:
        """By how many milliseconds each of a series of short timers is late."""
        while is_going_on():
            began = time.perf_counter()
            self.wait(2)
            yield 1000 * (time.perf_counter() - began) - 2

    def wait(self, milliseconds: int) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


def race(steps: int):
    """Eight contenders, each with a rule of its own, on Rosenbrock."""
    from lrstudio.core import OPTIMIZERS, PROBLEMS
    from lrstudio.engine import Contender, Experiment

    contenders = tuple(
        Contender(name=rule, optimizer=OPTIMIZERS[rule](lr=lr), colour=i)
        for i, (rule, lr) in enumerate(RATES.items())
    )
    return Experiment(problem=PROBLEMS["rosenbrock"](), contenders=contenders, steps=steps)


RATES = {
    **dict.fromkeys(("sgd", "momentum", "nesterov"), 0.0005),
    **dict.fromkeys(("adagrad", "rmsprop", "adadelta", "adam", "adamw"), 0.01),
}


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share / 100))]


def show(name: str, value: float, goal: str) -> None:
    sys.stdout.write(f"{name:<48} {value:8.2f}   {f'goal {goal}' if goal else ''}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as home:
        os.environ.update(HOME=home, XDG_CONFIG_HOME=str(Path(home) / "config"))
        for benchmark in (start, live, frame, latency, short_latency):
            if len(sys.argv) == 1 or benchmark.__name__ in sys.argv[1:]:
                benchmark()
