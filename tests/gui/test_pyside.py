"""Guards against releases of PySide6 that break the program from below."""

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
