"""The plots load parts of pyqtgraph; whoever wants more of it still gets it, and the same parts."""

import os
import subprocess
import sys

import pytest

LOADED = """
import sys
from PySide6.QtWidgets import QApplication
app = QApplication([])
from lrstudio.gui.plots.canvas import Canvas
canvas = Canvas()
from lrstudio.gui.plots.pyqtgraph_parts import AxisItem, ViewBox
assert isinstance(canvas.view, ViewBox)
assert "pyqtgraph.graphicsItems.PlotItem" not in sys.modules, "all of pyqtgraph was loaded"
"""
WHOLE = """
import pyqtgraph
assert pyqtgraph.ViewBox is ViewBox
assert pyqtgraph.AxisItem is AxisItem
assert isinstance(canvas, pyqtgraph.GraphicsView)
assert isinstance(pyqtgraph.Point(1, 2), pyqtgraph.QtCore.QPointF)
assert pyqtgraph.getConfigOption("imageAxisOrder") == "col-major"
widget = pyqtgraph.PlotWidget()
widget.plot([1.0, 2.0, 0.5])
widget.grab()
"""
FIRST = """
import pyqtgraph
plot = pyqtgraph.PlotWidget
from lrstudio.gui.plots.pyqtgraph_parts import ViewBox
assert pyqtgraph.ViewBox is ViewBox
"""
OPTIONS = """
from lrstudio.gui.plots import pyqtgraph_parts
import pyqtgraph
ours = dict(pyqtgraph_parts._OPTIONS)
pyqtgraph.PlotWidget
assert ours == {name: pyqtgraph.CONFIG_OPTIONS[name] for name in ours}
"""


@pytest.mark.parametrize(
    "program",
    [LOADED, LOADED + WHOLE, FIRST, OPTIONS],
    ids=["parts", "then all of it", "all of it first", "same options"],
)
def test_parts_of_pyqtgraph_and_all_of_it_go_together(program: str) -> None:
    offscreen = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env=offscreen
    )
    assert done.returncode == 0, done.stderr
