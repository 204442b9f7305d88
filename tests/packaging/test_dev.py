"""The project's commands: what each of them starts, and what it tells the person."""

from pathlib import Path

import dev
import pytest

ABSENT = {"libxcb-cursor.so.0": "libxcb-cursor0"}
PYTHON = Path("environment/python")


@pytest.fixture
def started(monkeypatch):
    """The commands that were started, on a machine with a display and all libraries."""
    commands = []

    class Prepared:
        def prepare(self, extras=()):
            commands.append(["prepare", *extras])
            return PYTHON

    def call(command, cwd=None):
        commands.append([str(part) for part in command[1:]])
        return 0

    monkeypatch.setattr(dev, "project_environment", Prepared)
    monkeypatch.setattr(dev, "call", call)
    set_machine(monkeypatch, has_display=True, absent={})
    return commands


def set_machine(monkeypatch, has_display, absent):
    monkeypatch.setattr(dev.system_libraries, "has_display", lambda: has_display)
    monkeypatch.setattr(dev.system_libraries, "install_missing", lambda say: absent)


def test_run_opens_the_window(started):
    assert dev.main(["run"]) == 0
    assert started == [["prepare"], ["-m", "lrstudio"]]


def test_run_hands_its_arguments_on(started, monkeypatch):
    set_machine(monkeypatch, has_display=False, absent={})
    assert dev.main(["run", "list", "optimizers"]) == 0
    assert started[-1] == ["-m", "lrstudio", "list", "optimizers"]


def test_run_without_a_display_races_and_says_where(started, monkeypatch, capsys, tmp_path):
    set_machine(monkeypatch, has_display=False, absent={})
    monkeypatch.chdir(tmp_path)
    assert dev.main(["run"]) == 0
    assert started[-1] == ["-m", "lrstudio", "run", "--out", str(tmp_path / "results")]
    output = capsys.readouterr().out
    assert f"The results are in {tmp_path / 'results'}" in output
    assert "on a machine with a display the window opens" in output


def test_run_without_a_display_says_what_pictures_and_window_need(started, monkeypatch, capsys):
    set_machine(monkeypatch, has_display=False, absent=ABSENT)
    assert dev.main(["run"]) == 0
    assert "libxcb-cursor0" in capsys.readouterr().out.splitlines()[-1]


def test_a_failed_race_claims_no_results(started, monkeypatch, capsys):
    set_machine(monkeypatch, has_display=False, absent={})
    monkeypatch.setattr(dev, "call", lambda command, cwd=None: 1)
    assert dev.main(["run"]) == 1
    assert "The results are in" not in capsys.readouterr().out


def test_test_runs_pytest_with_its_arguments(started):
    assert dev.main(["test", "-k", "adam"]) == 0
    assert started == [["prepare", "test"], ["-m", "pytest", "-k", "adam"]]


def test_test_leaves_out_the_window_where_qt_cannot_load(started, monkeypatch, capsys):
    set_machine(monkeypatch, has_display=False, absent=ABSENT)
    assert dev.main(["test"]) == 0
    left_out = ["-p", "no:pytest-qt", "--ignore=tests/gui"]
    assert started[-1] == ["-m", "pytest", *left_out, "-n", "auto"]
    assert "The tests of the window were left out" in capsys.readouterr().out


def test_check_runs_every_tool_and_fails_when_one_does(started, monkeypatch):
    tools = []

    def call(command, cwd=None):
        tools.append(command[2])
        return int(len(tools) == 1)

    monkeypatch.setattr(dev, "call", call)
    assert dev.main(["check"]) == 1
    assert tools == ["ruff", "ruff", "mypy"]


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["build"], 2), (["--help"], 0)])
def test_anything_else_shows_the_commands(started, capsys, arguments, code):
    assert dev.main(arguments) == code
    assert started == []
    assert "packaging/dev.py test" in capsys.readouterr().out


def test_check_takes_no_arguments(started):
    assert dev.main(["check", "everything"]) == 2
    assert started == []


def test_a_failed_set_up_is_one_sentence(started, monkeypatch, capsys):
    class Unprepared:
        def prepare(self, extras=()):
            raise dev.SetupFailed("There is no pip.")

    monkeypatch.setattr(dev, "project_environment", Unprepared)
    assert dev.main(["test"]) == 1
    assert capsys.readouterr().out == "There is no pip.\n"


def test_an_old_python_is_told_so(started, monkeypatch, capsys):
    monkeypatch.setattr(dev, "OLDEST_PYTHON", (4, 0))
    assert dev.main(["run"]) == 1
    assert started == []
    assert "needs Python" in capsys.readouterr().out


def test_the_exit_code_of_a_program_is_handed_on():
    assert dev.call([dev.sys.executable, "-c", "raise SystemExit(3)"]) == 3
