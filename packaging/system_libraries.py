"""The shared libraries of the system that Qt's wheels expect on Linux.

Windows and macOS bring theirs; so does any Linux desktop. Servers, containers and minimal
installations lack some. What is missing is found by loading it, which is what Qt will do; the
list is the one that the program itself looks at before it opens its window.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

_ROOT = str(Path(__file__).resolve().parent.parent)


def has_display() -> bool:
    """Whether a window can be shown; on Windows and macOS it always can."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def required() -> dict[str, str]:
    """The libraries that Qt needs on this machine, with their Debian packages."""
    if not sys.platform.startswith("linux"):
        return {}
    if _ROOT not in sys.path:
        sys.path.append(_ROOT)
    # Late, because a Python too old for this module must get as far as the sentence that says so.
    from lrstudio.gui import preflight  # noqa: PLC0415

    needs = dict(preflight.PACKAGES)
    if os.environ.get("WAYLAND_DISPLAY"):
        needs.update(preflight.WAYLAND_PACKAGES)
    elif os.environ.get("DISPLAY"):
        needs.update(preflight.X11_PACKAGES)
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
        say("(up to 60 MB with what they need themselves)")
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
