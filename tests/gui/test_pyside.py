"""Guards against releases of PySide6 that break the program from below."""

import subprocess
import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget


class Sender(QObject):
    happened = Signal(bool)


def test_calls_and_signals_keep_none_alive(qtbot):
    # PySide6 6.12.0 loses one reference to None per call that returns nothing, and so aborts
    # Python 3.11 after some thousand calls (from 3.12 on None is immortal).
    widget, sender = QWidget(), Sender()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(500):
        widget.setEnabled(True)
        sender.happened.emit(True)
    assert sys.getrefcount(None) > before - 250


def test_twenty_thousand_signals_arrive(qtbot):
    sender, arrived = Sender(), []
    sender.happened.connect(arrived.append)
    for _ in range(20_000):
        sender.happened.emit(True)
    assert len(arrived) == 20_000


LOADED = """
import builtins, gc
before = builtins.compile
from lrstudio.gui import app
assert builtins.compile is before
assert gc.isenabled()
from PySide6.QtCore import *
"""
MISTAKES = """
for call in (lambda: QSize("a"), lambda: QSize(1, 2).scaled(1), lambda: QObject(nonsense=1)):
    try:
        call()
    except (TypeError, AttributeError) as error:
        print(error)
print(QObject.setObjectName.__doc__)
"""


def test_pyside_says_what_is_wrong_as_if_all_of_it_were_loaded():
    def told(program: str) -> str:
        command = [sys.executable, "-c", program]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    plain = told("from PySide6.QtCore import *" + MISTAKES)
    assert "QSize" in plain
    assert told(LOADED + MISTAKES) == plain
