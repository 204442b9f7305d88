"""What every test gets: a home of its own, and a check that no thread outlives it.

Loads no Qt, so that everything below the window is tested where Qt's libraries are missing;
what concerns Qt is in `tests/gui/conftest.py`.
"""

import itertools
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

HOME_VARIABLES = (
    *("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"),
    *("USERPROFILE", "APPDATA", "LOCALAPPDATA"),
)
GRACE_SECONDS = 2.0  # a thread that was told to end may still be on its way out

if sys.platform.startswith("linux") and not (
    os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
):
    # Qt aborts the process when it finds no display; child processes inherit this.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One fresh, empty folder after the other."""
    base = tmp_path_factory.mktemp("homes")
    return (base / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def home(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, where settings and recent files of this test go."""
    folder = next(homes)
    folder.mkdir()
    for variable in HOME_VARIABLES:
        monkeypatch.setenv(variable, str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail a test that leaves a thread behind."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + GRACE_SECONDS
    while (leaked := running_threads() - before) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not leaked, f"threads outlived the test: {leaked}"


def running_threads() -> set[threading.Thread]:
    # A dummy stands for a thread that Python did not start, and stays listed after its end.
    threads = threading.enumerate()
    return {thread for thread in threads if not isinstance(thread, threading._DummyThread)}
