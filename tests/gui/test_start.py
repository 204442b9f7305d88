"""What a start loads, and when: each needless module would be paid for at every start."""

import subprocess
import sys

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from window_driver import Driver

from lrstudio.gui import theme
from lrstudio.gui.settings import Settings

NOT_BEFORE_THE_FIRST_PAINT = {"numpy", "pyqtgraph", "msgspec", "lrstudio.gui.theme"}
NOT_FOR_A_START = {
    "lrstudio.core.formula",
    "lrstudio.core.reference",
    "lrstudio.gui.chooser_popup",
    "lrstudio.gui.dialogs",
    "lrstudio.gui.export_dialog",
    "lrstudio.gui.plots.boundary",
    "argparse",
    "numpy.ma",
    "numpy.random",
    "pyqtgraph.graphicsItems.PlotItem",
    "pyqtgraph.parametertree",
    "secrets",
}

PROGRAM = """
import linecache, sys
from lrstudio.gui import app
from PySide6.QtCore import QTimer
class Watched(app.MainWindow):
    is_seen = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.is_seen:
            self.is_seen = True
            print("painted", *sys.modules)
    def furnish(self, path=None):
        super().furnish(path)
        self.studio.display.displayed.connect(self.on_displayed)
    def on_displayed(self, job):
        if job.ended_at is not None:
            QTimer.singleShot(0, self.on_laid_out)
    def on_laid_out(self):
        self.repaint()
        print("ready", *sys.modules)
        print("read", *linecache.cache)
        self.close()
app.MainWindow = Watched
app.main()
"""


def test_a_start_loads_what_it_shows_and_nothing_else(qapp: QApplication) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=60
    )
    loaded = {line.split()[0]: set(line.split()[1:]) for line in done.stdout.splitlines()}
    assert loaded["painted"] & NOT_BEFORE_THE_FIRST_PAINT == set(), done.stderr
    assert loaded["ready"] >= NOT_BEFORE_THE_FIRST_PAINT
    assert loaded["ready"] & NOT_FOR_A_START == set()
    assert not [name for name in loaded["read"] if "numpy" in name], "sources were read"


def test_the_next_start_has_the_ground_of_this_one(qtbot: QtBot, qapp: QApplication) -> None:
    assert Settings().ground == ""
    theme.apply(qapp, "dark")
    try:
        Driver(qtbot).close()
    finally:
        theme.apply(qapp, "light")
    assert Settings().ground == QColor(theme.DARK.surface).name()


@pytest.mark.parametrize("is_late", [False, True], ids=["at once", "later"])
def test_the_style_sheet_may_come_later(qapp: QApplication, is_late: bool) -> None:
    qapp.setStyleSheet("")
    theme.apply(qapp, "dark", has_sheet=not is_late)
    assert bool(qapp.styleSheet()) != is_late
    if is_late:
        theme.add_style_sheet(qapp)
    assert theme.DARK.surface in qapp.styleSheet()
    theme.apply(qapp, "light")
    assert theme.LIGHT.surface in qapp.styleSheet()


def test_a_style_sheet_that_comes_later_leaves_the_first_layout(
    qtbot: QtBot, qapp: QApplication
) -> None:
    qapp.setStyleSheet("")
    theme.apply(qapp, "dark", has_sheet=False)
    try:
        driver = Driver(qtbot, sheet_for=qapp)
        docks = driver.studio.layout.docks
        qtbot.waitUntil(lambda: docks["problem"].width() <= 300)
        qtbot.waitUntil(lambda: docks["results"].height() <= 0.25 * driver.window.height())
        driver.close()
    finally:
        theme.apply(qapp, "light")
