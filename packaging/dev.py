"""The project's commands, the same for people and for CI.

    python3 packaging/dev.py run  [arguments of lrstudio]   set up, then open the window
    python3 packaging/dev.py test [arguments of pytest]     set up, then run the tests
    python3 packaging/dev.py check                          set up, then format, lint and types

Python 3.11 or newer with pip is all that must be there: an environment `.venv` is made beside
`pyproject.toml`, and on Debian, as root, the system libraries that Qt needs are installed. Without
a display, `run` races the default experiment on the command line and writes it to `results`.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import system_libraries
from environment import ROOT, Environment, SetupFailed

OLDEST_PYTHON = (3, 11)
WITHOUT_QT = ("-p", "no:pytest-qt", "--ignore=tests/gui")
ON_ALL_PROCESSORS = ("-n", "auto")
"""All tests in turns of several processes, which halves their time on two cores."""


def main(arguments: list[str]) -> int:
    """Run the named command; return its exit code (2 for wrong usage)."""
    if sys.version_info < OLDEST_PYTHON:
        say(f"LR Studio needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        return 1
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        say((__doc__ or "").strip())
        return 0 if arguments in (["--help"], ["-h"]) else 2
    try:
        return command(arguments[1:])
    except SetupFailed as failure:
        say(str(failure))
        return 1
    except KeyboardInterrupt:
        return 130


def run(arguments: list[str]) -> int:
    """Open the window; without a display and without arguments, race the default experiment."""
    absent = system_libraries.install_missing(say)
    python = project_environment().prepare()
    if arguments or system_libraries.has_display():
        # For a window that cannot open the program has a sentence of its own.
        return call([python, "-m", "lrstudio", *arguments])
    return run_without_window(python, absent)


def run_without_window(python: Path, absent: Mapping[str, str]) -> int:
    """Race the default experiment into `results`, and say how to get the window."""
    say("There is no display, so the default experiment runs on the command line.")
    results = Path.cwd() / "results"
    code = call([python, "-m", "lrstudio", "run", "--out", results])
    if code == 0:
        say(f"The results are in {results}; on a machine with a display the window opens instead.")
    if absent:
        say(f"For the window and for PNG and PDF pictures, {system_libraries.advice(absent)}")
    return code


def test(arguments: list[str]) -> int:
    """Run the tests; those of the window only where Qt's system libraries are."""
    absent = system_libraries.install_missing(say)
    python = project_environment().prepare(["test"])
    without_qt = WITHOUT_QT if absent else ()
    how = arguments or ON_ALL_PROCESSORS
    code = call([python, "-m", "pytest", *without_qt, *how], cwd=ROOT)
    if absent:
        say(f"The tests of the window were left out: {system_libraries.advice(absent)}")
    return code


def check(arguments: list[str]) -> int:
    """Check format, lint and types; report all three even when the first complains."""
    if arguments:
        say("check takes no arguments.")
        return 2
    python = project_environment().prepare(["test", "lint"])
    tools = (["ruff", "format", "--check"], ["ruff", "check"], ["mypy"])
    return max([call([python, "-m", *tool], cwd=ROOT) for tool in tools])


def project_environment() -> Environment:
    """The environment beside `pyproject.toml`."""
    return Environment(ROOT / ".venv", say)


def call(command: list[str | Path], cwd: Path | None = None) -> int:
    """Run a command in the foreground; return its exit code."""
    return subprocess.run([str(part) for part in command], cwd=cwd, check=False).returncode


def say(sentence: str) -> None:
    """Tell the person what is going on, before any output of the programs that follow."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


COMMANDS: Mapping[str, Callable[[list[str]], int]] = {"run": run, "test": test, "check": check}

if __name__ == "__main__":
    # A folder's name may have letters that a Windows console of old cannot show.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))
