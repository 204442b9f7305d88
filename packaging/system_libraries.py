"""The shared libraries of the system that Qt's wheels expect on Linux.

Windows and macOS bring theirs; so does any Linux desktop. Servers, containers and minimal
installations lack some. What is missing is found by loading it, which is what Qt will do.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping

# library -> Debian package; Ubuntu and later Debians answer to the same names
WITHOUT_DISPLAY: Mapping[str, str] = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
X11: Mapping[str, str] = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
}
WAYLAND: Mapping[str, str] = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}


def has_display() -> bool:
    """Whether a window can be shown; on Windows and macOS it always can."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def required() -> dict[str, str]:
    """The libraries that Qt needs on this machine, with their Debian packages."""
    if not sys.platform.startswith("linux"):
        return {}
    needs = dict(WITHOUT_DISPLAY)
    if os.environ.get("WAYLAND_DISPLAY"):
        needs.update(WAYLAND)
    elif os.environ.get("DISPLAY"):
        needs.update(X11)
    return needs


def missing() -> dict[str, str]:
    """The required libraries that cannot be loaded, with their Debian packages."""
    return {library: package for library, package in required().items() if not _loads(library)}


def install_missing(say: Callable[[str], None]) -> dict[str, str]:
    """Install what is missing where that is allowed (Debian, as root); return what still is."""
    absent = missing()
    if absent and _may_install():
        packages = sorted(set(absent.values()))
        say(f"Installing the system libraries that Qt needs with apt-get: {' '.join(packages)}")
        say("(about 60 MB with what they need themselves)")
        _apt_get("update", "-qq")
        _apt_get("install", "-qq", "-y", "--no-install-recommends", *packages)
        absent = missing()
    return absent


def advice(absent: Mapping[str, str]) -> str:
    """One sentence: which libraries are missing and the command that installs them."""
    packages = " ".join(sorted(set(absent.values())))
    need = f"Qt needs system libraries that are missing ({', '.join(absent)})"
    if shutil.which("apt-get"):
        return f"{need}; install them with: sudo apt-get install {packages}"
    return f"{need}; install the packages that hold them (on Debian and Ubuntu: {packages})."


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _may_install() -> bool:
    return bool(shutil.which("apt-get")) and os.geteuid() == 0


def _apt_get(*arguments: str) -> None:
    # A failure shows itself: the libraries still do not load, and stderr has said why.
    command = ["apt-get", "-o", "Dpkg::Use-Pty=0", *arguments]
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)
