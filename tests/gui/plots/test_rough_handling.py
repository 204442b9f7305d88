"""Plots of the strangest runs under a hand that does everything at random."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from lrstudio.engine import Trajectory, simulate
from lrstudio.gui.plots.choices import gradient_norm_choices, loss_choices, parameter_choices

KEYS = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier)


class RoughHand:
    def __init__(self, mouse, seed: int) -> None:
        self._mouse = mouse
        self._generator = np.random.default_rng(seed)

    def handle(self, plot) -> None:
        random = self._generator
        x, y = random.uniform(-40, 540), random.uniform(-10, 320)
        match random.integers(8):
            case 0 | 1:
                keys = KEYS[random.integers(2)]
                self._mouse.turn(plot, x, y, int(random.integers(-60, 60)), keys)
            case 2:
                self._mouse.move(plot, x, y)
            case 3:
                self._mouse.drag(plot, (x, y), (x + 40, y + 20), (x - 200, y - 90))
            case 4:
                plot.set_step(int(random.integers(-5, 2000)))
            case 5:
                plot.set_hidden(set(random.integers(0, 3, 2).tolist()))
            case 6:
                plot.highlight(set(random.integers(0, 3, 2).tolist()))
            case 7:
                plot.menu.actions()[1].trigger()  # logarithmic scale, equal scales
        plot.refresh()


@pytest.mark.parametrize(
    "strange",
    [
        {"problem": "rosenbrock", "steps": 1, "third_rate": 1e300},
        {"problem": "quadratic", "steps": 40, "third_rate": 1e5},
        {"problem": "sphere", "dim": 5, "steps": 90, "third_rate": 2.5, "every": 7},
        {"problem": "beale", "steps": 100, "starts": ((1e150, -1e150), (1.0, 1.0))},
        {"problem": "rastrigin", "steps": 300, "third_rate": 0.1, "noise": 1e5},
        {"problem": "styblinski_tang", "steps": 100, "third_rate": 0.0},
    ],
    ids=lambda strange: strange["problem"],
)
def test_nothing_is_too_strange_to_be_drawn(series_plot, landscape, race, mouse, strange):
    planned = race(**strange).plan
    trajectory = Trajectory(planned)
    choices = (loss_choices, parameter_choices, gradient_norm_choices)
    plots = [landscape(trajectory), *(series_plot(c, trajectory) for c in choices)]
    for _ in simulate(planned, trajectory):
        for plot in plots:
            plot.refresh()
    hand = RoughHand(mouse, seed=len(planned.experiment.problem.domain))
    for _ in range(15):
        for plot in plots:
            hand.handle(plot)
        QApplication.processEvents()
    for plot in plots:
        plot.grab()  # pytest-qt fails the test on any exception on the way
