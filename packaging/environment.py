"""The project's own Python environment, `.venv`: made, filled, and left alone while it is right.

Standard library only. A stamp file in `.venv` holds what was installed and from which
`pyproject.toml` and `constraints.txt`; while it fits, nothing is started and nothing is asked of
the network.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"

# The first pip that can install into another environment (`pip --python`).
_FIRST_USABLE_PIP = (22, 3)


class SetupFailed(Exception):
    """The environment could not be made; `str()` is the sentence for the person."""


class Environment:
    """A virtual environment at `folder` that holds the project, editable, and some extras."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self.folder = folder
        self._say = say
        self._stamp = folder / "lrstudio-installed.json"

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        if os.name == "nt":
            return self.folder / "Scripts" / "python.exe"
        return self.folder / "bin" / "python"

    def prepare(self, extras: Iterable[str] = ()) -> Path:
        """Make sure that the project and `extras` are installed; return the interpreter."""
        try:
            self._fill(set(extras))
        except OSError as error:
            raise SetupFailed(f"The environment {self.folder} could not be made: {error}") from None
        return self.python

    def _fill(self, extras: set[str]) -> None:
        stamp = self._read_stamp()
        if not self.python.exists() or (stamp and stamp.get("interpreter") != _interpreter()):
            self._create()
            stamp = {}
        installed = set(stamp.get("extras", ()))
        if stamp.get("sources") != _sources() or not extras <= installed:
            self._install(sorted(extras | installed))

    def _create(self) -> None:
        self._say(f"Making the environment {self.folder}")
        # Without pip: Debian's Python has no ensurepip, and pip can work from outside.
        venv.EnvBuilder(clear=True, symlinks=os.name != "nt").create(self.folder)

    def _install(self, extras: list[str]) -> None:
        pip = self._pip()
        self._say("Installing LR Studio and what it needs (the first time about 110 MB)")
        project = f"{ROOT}[{','.join(extras)}]" if extras else str(ROOT)
        command = [
            *pip,
            "install",
            "--disable-pip-version-check",
            *("--constraint", str(CONSTRAINTS), "--editable", project),
        ]
        if subprocess.run(command, check=False).returncode:
            raise SetupFailed(
                "pip could not install what LR Studio needs; its own message stands above. "
                "It needs a network, or PIP_NO_INDEX=1 and a folder of wheels in PIP_FIND_LINKS."
            )
        content = {"interpreter": _interpreter(), "sources": _sources(), "extras": extras}
        self._stamp.write_text(json.dumps(content), encoding="utf-8")

    def _pip(self) -> list[str]:
        """The command line that installs into this environment."""
        if _pip_version() >= _FIRST_USABLE_PIP:
            return [sys.executable, "-m", "pip", "--python", str(self.python)]
        own = [str(self.python), "-m", "pip"]
        if _succeeds([*own, "--version"]):
            return own
        if importlib.util.find_spec("ensurepip"):
            ensurepip = [str(self.python), "-m", "ensurepip", "--default-pip"]
            if _succeeds(ensurepip):
                return own
        raise SetupFailed(
            "This Python has neither pip nor ensurepip; install pip first "
            "(Debian and Ubuntu: sudo apt-get install python3-pip)."
        )

    def _read_stamp(self) -> dict[str, Any]:
        try:
            content = json.loads(self._stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}


def _interpreter() -> list[str]:
    """What an existing environment must have been made with, and where, to be still usable."""
    return [".".join(map(str, sys.version_info[:2])), str(ROOT)]


def _sources() -> str:
    digest = hashlib.sha256()
    for path in (ROOT / "pyproject.toml", CONSTRAINTS):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _pip_version() -> tuple[int, ...]:
    """The major and minor version of the running Python's pip, (0,) without one."""
    try:
        version = importlib.metadata.version("pip")
    except importlib.metadata.PackageNotFoundError:
        return (0,)
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
