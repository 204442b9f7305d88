"""What every test of the window gets: its own settings, and a check for what Qt keeps alive.

pytest-qt itself fails a test on an exception in a slot and on a Qt warning.
"""

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from weakref import WeakSet

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, QThread, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot
from window_driver import Driver

from lrstudio.gui import theme

GRACE_SECONDS = 2.0
KEPT_BY_QT = ("QTipLabel",)  # the one tool tip of the application, hidden but never deleted

# A leak fails the test that made it, and not all that follow.
_reported: WeakSet[QObject] = WeakSet()


@pytest.fixture(scope="session", autouse=True)
def what_was_imported_stands_aside() -> None:
    """Let the collector forget modules and tests: looking through them would cost most of the time
    that a test of the window takes."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def own_settings(home: Path) -> None:
    """Keep QSettings of every kind inside the test's home."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for kind in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
            QSettings.setPath(kind, scope, str(home / scope.name))


@pytest.fixture(autouse=True)
def no_qt_leaks(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a running QThread, a running QTimer or a window behind."""
    before = QApplication.topLevelWidgets()
    yield
    deadline = time.monotonic() + GRACE_SECONDS
    while (leaks := _leaks(before)) and time.monotonic() < deadline:
        gc.collect()  # windows in a reference cycle are not a leak, only late
        time.sleep(0.01)
    _reported.update(leaks)
    assert not leaks, f"still alive after the test: {[_described(leak) for leak in leaks]}"


@pytest.fixture
def fine_screen(qapp: QApplication) -> Iterator[None]:
    """Another screen that is plugged in: a fine one."""
    screen = SimpleNamespace(devicePixelRatio=lambda: 1.5)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(QApplication, "devicePixelRatio", lambda app: 1.5)
        theme.notifier.on_screen_added(screen)
        yield
    theme.notifier.changed.emit()


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[Callable[[], Driver]]:
    """Opens windows that are closed after the test, whatever happened in it."""
    opened: list[Driver] = []

    def open_one() -> Driver:
        opened.append(Driver(qtbot))
        return opened[-1]

    yield open_one
    for driver in opened:
        driver.close()


@pytest.fixture
def driver(open_window: Callable[[], Driver]) -> Driver:
    return open_window()


@pytest.fixture
def choose_file(monkeypatch: pytest.MonkeyPatch):
    """Answers the system's file dialogs, which a test cannot click."""

    def choose(path: Path) -> None:
        for name in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(QFileDialog, name, lambda *_, **__: (str(path), ""))
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(path))

    return choose


def _leaks(before: list[QWidget]) -> list[QObject]:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    windows = [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget not in before and widget.metaObject().className() not in KEPT_BY_QT
    ]
    return [leak for leak in [*windows, *_running()] if leak not in _reported]


def _running() -> list[QThread | QTimer]:
    """Every QThread and QTimer known to Python that is running.

    Looks through the garbage collector's list: replacing their `start` by one that keeps a list
    would change how signals connect to it.
    """
    found = [thing for thing in gc.get_objects() if issubclass(type(thing), (QThread, QTimer))]
    alive = [thing for thing in found if shiboken6.isValid(thing)]
    return [
        thing
        for thing in alive
        if (thing.isRunning() if isinstance(thing, QThread) else thing.isActive())
    ]


def _described(leak: QObject) -> str:
    return f"{type(leak).__name__} {leak.objectName()!r} of {leak.parent()!r}"
