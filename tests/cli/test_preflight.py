"""Qt aborts the process where it cannot start; the look before it must say so first."""

import ctypes
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lrstudio.gui import preflight

ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux's way to fail")
DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "QT_QPA_PLATFORM")

real_loader = ctypes.CDLL


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No display at all; a test may set what it needs."""
    for variable in DISPLAY_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    return monkeypatch


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> set[str]:
    """Libraries that the loader pretends not to find, and plug-ins that need them."""
    missing: set[str] = set()

    def load(name: str) -> object:
        plugin = Path(name).name
        needed = {"libqxcb.so": preflight.X11_PACKAGES, "libqoffscreen.so": preflight.PACKAGES}
        for library in (plugin, *needed.get(plugin, ())):
            if library in missing:
                raise OSError(f"{library}: cannot open shared object file: No such file")
        return real_loader(None)

    for plugin in ("xcb", "offscreen", "wayland"):
        (tmp_path / f"libq{plugin}.so").touch()
    silent = preflight._PLATFORMS["xcb"]._replace(answers=lambda: False)
    monkeypatch.setitem(preflight._PLATFORMS, "xcb", silent)
    monkeypatch.setattr(preflight, "_plugins", lambda: tmp_path)
    monkeypatch.setattr(ctypes, "CDLL", load)
    return missing


def test_no_display_is_one_sentence(display: pytest.MonkeyPatch) -> None:
    assert preflight.window_obstacle() == (
        "There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    )


def test_a_missing_library_is_named_with_its_package(
    display: pytest.MonkeyPatch, lacking: set[str]
) -> None:
    display.setenv("DISPLAY", ":0")
    display.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    lacking |= {"libxcb-cursor.so.0", "libxkbcommon-x11.so.0"}
    assert preflight.window_obstacle() == (
        "Qt needs system libraries that are missing (libxcb-cursor.so.0, libxkbcommon-x11.so.0); "
        "install them with: sudo apt-get install libxcb-cursor0 libxkbcommon-x11-0"
    )
    assert preflight.picture_obstacle() is None


def test_without_apt_the_packages_are_still_named(
    display: pytest.MonkeyPatch, lacking: set[str]
) -> None:
    display.setattr(shutil, "which", lambda name: None)
    lacking.add("libEGL.so.1")
    assert "(on Debian and Ubuntu: libegl1)" in str(preflight.picture_obstacle())


def test_a_library_that_no_list_foresaw_is_named(
    display: pytest.MonkeyPatch, lacking: set[str]
) -> None:
    display.setenv("DISPLAY", ":0")
    lacking.add("libqxcb.so")
    assert "(libqxcb.so); install the packages that hold them." in str(preflight.window_obstacle())


def test_a_platform_that_qt_does_not_have(display: pytest.MonkeyPatch, lacking: set[str]) -> None:
    display.setenv("QT_QPA_PLATFORM", "ofscreen")
    assert "Qt has no platform 'ofscreen'" in str(preflight.window_obstacle())


@pytest.mark.parametrize("choice", ["offscreen", "offscreen:size=1x1", "xcb;offscreen"])
def test_a_chosen_platform_without_display_is_no_obstacle(
    choice: str, display: pytest.MonkeyPatch, lacking: set[str]
) -> None:
    display.setenv("QT_QPA_PLATFORM", choice)
    assert preflight.window_obstacle() is None


def test_without_pyside_the_package_is_named(display: pytest.MonkeyPatch) -> None:
    display.setattr("importlib.util.find_spec", lambda name: None)
    assert "pip install PySide6-Essentials" in str(preflight.window_obstacle())
    assert "pip install PySide6-Essentials" in str(preflight.picture_obstacle())


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_windows_and_macos_always_have_a_display(system: str, display: pytest.MonkeyPatch) -> None:
    display.setattr(sys, "platform", system)
    assert preflight.window_obstacle() is None
    assert preflight.picture_obstacle() is None


# --- against the real libraries ------------------------------------------------------------------


def needs(*libraries: str) -> pytest.MarkDecorator:
    missing = [library for library in libraries if preflight._missing_for(library)]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}")


@ON_LINUX
@needs("libxcb.so.1", *preflight.PACKAGES, *preflight.X11_PACKAGES)
def test_a_display_that_does_not_answer_is_named(display: pytest.MonkeyPatch) -> None:
    display.setenv("DISPLAY", ":4242")
    assert preflight.window_obstacle() == "The display DISPLAY=:4242 does not answer."


@ON_LINUX
@needs("libwayland-client.so.0")
def test_a_wayland_display_that_does_not_answer(display: pytest.MonkeyPatch) -> None:
    display.setenv("WAYLAND_DISPLAY", "nobody-4242")
    assert preflight._wayland_answers() is False


@pytest.fixture
def screen() -> Iterator[str]:
    """A virtual screen of its own."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "320x240x24"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as answer:
        yield f":{answer.readline().strip()}"
    server.terminate()
    server.wait()


@ON_LINUX
@pytest.mark.skipif(not shutil.which("Xvfb"), reason="needs Xvfb")
@needs("libxcb.so.1", *preflight.PACKAGES, *preflight.X11_PACKAGES)
def test_a_display_that_answers_is_no_obstacle(display: pytest.MonkeyPatch, screen: str) -> None:
    display.setenv("DISPLAY", screen)
    assert preflight.window_obstacle() is None


@ON_LINUX
def test_looking_loads_no_qt_and_takes_no_time() -> None:
    code = (
        "import sys; from lrstudio.gui import preflight; preflight.window_obstacle(); "
        "preflight.picture_obstacle(); assert not [m for m in sys.modules if 'PySide' in m]"
    )
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
    assert time.monotonic() - started < 5
