"""Whether Qt can start on this machine, found out before it is loaded.

Without a display, or with a system library missing, Qt ends the whole process and Python cannot
catch it. So this looks first, at what Qt will look at, and answers in one sentence. Loads no Qt.
"""

import ctypes
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

PACKAGES: Mapping[str, str] = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
"""Libraries that Qt needs on Linux, window or not, and the Debian packages that hold them."""

X11_PACKAGES: Mapping[str, str] = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
}
WAYLAND_PACKAGES: Mapping[str, str] = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}

_CHOICE = "QT_QPA_PLATFORM"
_NOT_INSTALLED = "PySide6 is not installed; install it with: pip install PySide6-Essentials"


class _Platform(NamedTuple):
    """A way in which Qt can show windows: libraries, and whether its display answers."""

    packages: Mapping[str, str]
    answers: Callable[[], bool]
    display: str
    """Name of the variable that says where the display is; "" where none is needed."""


def window_obstacle() -> str | None:
    """One sentence why a window cannot be opened here, or None if it can."""
    if not _is_installed():
        return _NOT_INSTALLED
    if _brings_its_libraries():
        return None
    names = _platform_names()
    if not names:
        return "There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    # Qt takes the first that works; if none does, what ails the preferred one is worth telling.
    obstacles = [_obstacle(name) for name in names]
    return None if None in obstacles else obstacles[0]


def picture_obstacle() -> str | None:
    """One sentence why Qt cannot draw into a file here, display or not; None if it can."""
    if not _is_installed():
        return _NOT_INSTALLED
    return None if _brings_its_libraries() else _obstacle("offscreen")


def _brings_its_libraries() -> bool:
    """Whether the system always has a display and Qt's packages hold all that it needs."""
    return sys.platform in ("win32", "darwin")


def _is_installed() -> bool:
    return importlib.util.find_spec("PySide6") is not None


def _platform_names() -> list[str]:
    """The platforms that Qt will try, in its order."""
    chosen = os.environ.get(_CHOICE, "")
    if chosen:
        return [part.partition(":")[0] for part in chosen.split(";")]
    is_wayland = os.environ.get("XDG_SESSION_TYPE") == "wayland"
    wayland = ["wayland"] if os.environ.get("WAYLAND_DISPLAY") or is_wayland else []
    return wayland + (["xcb"] if os.environ.get("DISPLAY") else [])


def _obstacle(name: str) -> str | None:
    """Why Qt cannot start on a platform: its plug-in, its libraries, its display."""
    platform = _PLATFORMS.get(name.partition("-")[0], _WITHOUT_DISPLAY)
    return _plugin_obstacle(name, platform) or _display_obstacle(platform)


def _plugin_obstacle(name: str, platform: _Platform) -> str | None:
    """Why the plug-in of a platform does not load; loading it is what Qt will do."""
    folder = _plugins()
    if folder is None:  # Qt of the system, which keeps its plug-ins elsewhere and is complete
        return None
    plugins = {path.stem.removeprefix("libq"): path for path in folder.glob("libq*.so")}
    path = plugins.get(name) or plugins.get(name.partition("-")[0])
    if path is None:
        known = ", ".join(sorted(plugins))
        return f"Qt has no platform {name!r}, which {_CHOICE} asks for; it has {known}."
    culprit = _missing_for(str(path))
    if culprit is None:
        return None
    packages = {**PACKAGES, **platform.packages}
    # The loader names one library at a time; the lists save the next attempts.
    missing = [library for library in packages if _missing_for(library)]
    return _libraries_sentence(missing or [culprit], packages)


def _libraries_sentence(missing: list[str], packages: Mapping[str, str]) -> str:
    need = f"Qt needs system libraries that are missing ({', '.join(missing)})"
    names = " ".join(sorted({packages[library] for library in missing if library in packages}))
    if names and shutil.which("apt-get"):
        return f"{need}; install them with: sudo apt-get install {names}"
    known = f" (on Debian and Ubuntu: {names})" if names else ""
    return f"{need}; install the packages that hold them{known}."


def _plugins() -> Path | None:
    spec = importlib.util.find_spec("PySide6")
    places = spec.submodule_search_locations if spec else None
    folders = (Path(place, "Qt", "plugins", "platforms") for place in places or ())
    return next((folder for folder in folders if folder.is_dir()), None)


def _display_obstacle(platform: _Platform) -> str | None:
    try:
        if platform.answers():
            return None
    except OSError:  # the library that could ask is not there; Qt has its own then
        return None
    where = os.environ.get(platform.display)
    if not where:
        return f"There is no display ({platform.display} is not set)."
    return f"The display {platform.display}={where} does not answer."


def _missing_for(library: str) -> str | None:
    """The name of the library without which `library` does not load, or None if it loads."""
    try:
        ctypes.CDLL(library)
    except OSError as error:
        return str(error).partition(":")[0]
    return None


def _x11_answers() -> bool:
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    try:
        return bool(xcb.xcb_connection_has_error(connection) == 0)
    finally:
        xcb.xcb_disconnect(connection)


def _wayland_answers() -> bool:
    client = ctypes.CDLL("libwayland-client.so.0")
    client.wl_display_connect.restype = ctypes.c_void_p
    display = client.wl_display_connect(None)
    if not display:
        return False
    client.wl_display_disconnect(ctypes.c_void_p(display))
    return True


def _needs_no_display() -> bool:
    return True


_WITHOUT_DISPLAY = _Platform({}, _needs_no_display, "")
_PLATFORMS = {
    "xcb": _Platform(X11_PACKAGES, _x11_answers, "DISPLAY"),
    "wayland": _Platform(WAYLAND_PACKAGES, _wayland_answers, "WAYLAND_DISPLAY"),
}
