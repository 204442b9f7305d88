"""The program as a person starts it, in a process of its own or, for breadth, in this one."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from lrstudio.cli import commands, group
from lrstudio.storage import experiments
from tests.cli.program import Outcome, Start, command, environment, three_fates


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start the program in an empty folder and wait for its end."""

    def run(*arguments: str, env: dict[str, str] | None = None, **how: Any) -> Outcome:
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
        done = subprocess.run(
            command(*arguments),
            cwd=tmp_path,
            env=env or environment(),
            timeout=60,
            check=False,
            **streams,
        )
        return Outcome(done.returncode, _text(done.stdout), _text(done.stderr))

    return run


@pytest.fixture
def call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Start:
    """Run a command in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Outcome:
        capsys.readouterr()
        code = group.run(commands.lrstudio, arguments)
        return Outcome(code, *capsys.readouterr())

    return run


@pytest.fixture
def race(tmp_path: Path) -> Path:
    """A file with an experiment of three contenders: one descends, one diverges, one arrives."""
    path = tmp_path / "race.lrx"
    experiments.save(path, three_fates())
    return path


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8").replace("\r\n", "\n")
