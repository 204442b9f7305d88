"""What shells and other programs rely on, tried on the real program in a process of its own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lrstudio import __version__
from lrstudio.gui import preflight
from tests.cli.program import ATTENTIVE, ROOT, Start, command, environment, without_display

POSIX = pytest.mark.skipif(os.name == "nt", reason="a way of POSIX systems")
ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
FULL = Path("/dev/full")


def loaded(err: str) -> set[str]:
    """Packages in a report of -X importtime."""
    lines = (line for line in err.splitlines() if line.startswith("import time:"))
    return {line.split("|")[-1].strip().partition(".")[0] for line in lines}


def test_a_race_says_its_table_on_stdout_and_everything_else_on_stderr(
    start: Start, race: Path, tmp_path: Path
) -> None:
    done = start("run", race.name, "--format", "csv,svg")

    assert done.code == 0
    header, *rows = [line.split("\t") for line in done.out.splitlines()]
    assert header[:4] == ["contender", "optimizer", "schedule", "best"]
    assert header[-1] == "verdict"
    assert [row[0] for row in rows] == ["Descent", "Too fast", "Momentum"]
    assert [row[-1].split()[0] for row in rows] == ["still", "diverged", "converged"]
    assert done.err.startswith("Written to results: results.csv, results.json, landscape.svg")
    assert done.err.count("\n") == 1
    written = {path.name for path in (tmp_path / "results").iterdir()}
    named = done.err.rstrip("\n").partition(": ")[2].split(", ")
    assert written == set(named)
    sidecar = json.loads((tmp_path / "results" / "results.json").read_text("utf-8"))
    assert sidecar["recorded"]["is_finished"] is True
    assert sidecar["table"] == "results.csv"


def test_a_race_without_pictures_of_qt_loads_no_qt(start: Start, race: Path) -> None:
    env = environment(PYTHONPROFILEIMPORTTIME="1")
    done = start("run", race.name, "--set", "problem=beale", env=env)
    assert done.code == 0
    assert "numpy" in loaded(done.err)
    assert not loaded(done.err) & {"PySide6", "shiboken6", "pyqtgraph"}


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_help_and_version_answer_without_loading_numpy(argument: str, start: Start) -> None:
    done = start(argument, env=environment(PYTHONPROFILEIMPORTTIME="1"))
    assert done.code == 0
    assert "click" in loaded(done.err)
    assert not loaded(done.err) & {"numpy", "msgspec", "PySide6", "contourpy"}
    assert "lrstudio run" in done.out or done.out == f"LR Studio {__version__}\n"


def test_an_experiment_comes_through_stdin(start: Start, race: Path) -> None:
    done = start("run", "-", "-f", "none", input=race.read_bytes())
    assert (done.code, done.err) == (0, "")
    assert len(done.out.splitlines()) == 4


@pytest.mark.skipif(preflight.picture_obstacle() is not None, reason="Qt cannot draw here")
def test_qt_draws_without_a_display(start: Start, race: Path, tmp_path: Path) -> None:
    done = start("run", race.name, "--format", "png,pdf", env=without_display())
    assert done.code == 0, done.err
    folder = tmp_path / "results"
    assert (folder / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "landscape.pdf").read_bytes().startswith(b"%PDF-")
    assert not (folder / "results.csv").exists()


@pytest.mark.parametrize("arguments", [("run", "race.lrx"), ("list",)])
def test_a_reader_that_goes_away_is_no_failure(
    arguments: tuple[str, ...], race: Path, tmp_path: Path
) -> None:
    program = subprocess.Popen(
        command(*arguments),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert program.stdout is not None
    program.stdout.close()
    assert program.stderr is not None
    with program.stderr as stream:
        err = stream.read().decode()
    assert program.wait(30) == 0
    assert "Traceback" not in err
    assert "BrokenPipe" not in err
    if arguments[0] == "run":  # the table was not wanted, the files still are
        assert err.startswith("Written to results")
        assert (tmp_path / "results" / "results.json").exists()
    else:
        assert err == ""


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_an_output_that_cannot_be_written_is_one_sentence(start: Start) -> None:
    with FULL.open("w") as full:
        done = start("list", "optimizers", stdout=full)
    assert done.code == 1
    assert done.error == "Cannot write the output: No space left on device."


@POSIX
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_failure(closed: str, tmp_path: Path) -> None:
    line = f'"{sys.executable}" -m lrstudio list optimizers {closed}'
    done = subprocess.run(
        ["sh", "-c", line], cwd=tmp_path, env=environment(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "gbk", "utf-8"])
def test_every_encoding_gets_something_legible(encoding: str) -> None:
    env = environment(PYTHONIOENCODING=encoding)
    done = subprocess.run(
        command("show", "adam"), cwd=ROOT, env=env, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding)
    assert "?" not in text
    assert "β₁ m" in text or "beta1 m" in text or "β1 m" in text


def pseudo_terminal() -> tuple[int, int]:
    import pty

    try:
        return pty.openpty()
    except OSError as error:  # a bare container may have no /dev/pts
        pytest.skip(f"no pseudo-terminals here: {error}")


@POSIX
def test_ctrl_c_keeps_what_was_computed(race: Path, tmp_path: Path) -> None:
    terminal, stderr = pseudo_terminal()
    program = subprocess.Popen(
        [sys.executable, "-c", ATTENTIVE, "run", race.name, "--steps", "1e7", "-f", "json"],
        cwd=tmp_path,
        env=environment(COLUMNS="100"),
        stdout=subprocess.PIPE,
        stderr=stderr,
    )
    os.close(stderr)
    shown = b""
    while b"left" not in shown:  # the race is on and its end is estimated
        shown += os.read(terminal, 10_000)
    program.send_signal(signal.SIGINT)
    assert program.stdout is not None
    with program.stdout as stream:
        out = stream.read().decode()
    while chunk := _rest(terminal):
        shown += chunk
    os.close(terminal)

    assert program.wait(30) == 130
    err = shown.decode()
    assert "Racing" in err
    assert "Traceback" not in err
    assert len(out.splitlines()) == 4
    sidecar = json.loads((tmp_path / "results" / "results.json").read_text("utf-8"))
    reached = sidecar["recorded"]["reached_step"]
    assert 0 < reached < 1e7
    assert sidecar["recorded"]["is_finished"] is False
    assert f"Stopped at step {reached} of 10000000" in err
    assert "one step in" in err  # so many steps do not fit, and it is said


def _rest(terminal: int) -> bytes:
    try:
        return os.read(terminal, 10_000)
    except OSError:  # Linux says EIO where the other end is closed
        return b""


@POSIX
def test_a_full_disk_leaves_the_old_files_whole_and_writes_what_fits(
    start: Start, race: Path, tmp_path: Path
) -> None:
    import resource

    def allow_little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    assert start("run", race.name, "--steps", "20", "-f", "csv").code == 0
    table = tmp_path / "results" / "results.csv"
    before = table.read_bytes()
    done = start("run", race.name, "-f", "csv,json,svg", preexec_fn=allow_little)
    assert done.code == 1
    assert "Cannot save results/results.csv: the file is larger than this disk allows" in done.err
    assert "Traceback" not in done.err
    assert table.read_bytes() == before
    assert not list(table.parent.glob("*.tmp"))


@ON_LINUX
@pytest.mark.parametrize("arguments", [(), ("race.lrx",)])
def test_without_a_display_the_window_is_refused_in_words(
    arguments: tuple[str, ...], start: Start, race: Path
) -> None:
    done = start(*arguments, env=without_display())
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "Error: The window cannot open. There is no display (neither DISPLAY nor WAYLAND_DISPLAY "
        "is set).\nTo race without a window: lrstudio run\n"
    )


@POSIX
def test_a_person_at_80_columns_sees_no_line_broken_by_the_terminal(
    race: Path, tmp_path: Path
) -> None:
    terminal, both = pseudo_terminal()
    program = subprocess.Popen(
        command("run", race.name),
        cwd=tmp_path,
        env=environment(COLUMNS="80", TERM="xterm", NO_COLOR="1"),
        stdout=both,
        stderr=both,
    )
    os.close(both)
    shown = b""
    while chunk := _rest(terminal):
        shown += chunk
    os.close(terminal)
    assert program.wait(30) == 0
    lines = shown.decode().replace("\r\n", "\n").split("\n")
    bars = [line for line in lines if "%" in line]
    assert [line.split("\r")[-1].replace("\x1b[?25l", "").split()[0] for line in bars] == [
        "Racing",
        "Writing",
    ]
    words = [line for line in lines if "\r" not in line]
    assert max(map(len, words)) <= 80
    assert "Three fates   Ellipse" in words
    assert any(line.startswith("Momentum is first: ") for line in words)
