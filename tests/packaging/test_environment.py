"""The project's `.venv`: left alone while it fits, filled or made anew when it does not."""

import json
import sys

import environment
import pytest
from environment import Environment, SetupFailed


@pytest.fixture
def said():
    return []


@pytest.fixture
def commands(monkeypatch):
    """Every command that would be run; none is, and each succeeds."""
    ran = []

    class Succeeded:
        returncode = 0

    def record(command, **options):
        ran.append(command)
        return Succeeded

    monkeypatch.setattr(environment.subprocess, "run", record)
    return ran


@pytest.fixture
def made(tmp_path, monkeypatch, said, commands):
    """An environment that was prepared for running, without the time that takes."""

    class QuickBuilder:
        def __init__(self, **options):
            pass

        def create(self, folder):
            subject.python.parent.mkdir(parents=True, exist_ok=True)
            subject.python.write_text("")

    monkeypatch.setattr(environment.venv, "EnvBuilder", QuickBuilder)
    monkeypatch.setattr(environment, "_pip_version", lambda: (23, 0))
    subject = Environment(tmp_path / "environment", said.append)
    subject.prepare()
    said.clear()
    return subject


def test_it_is_made_then_left_alone(made, commands, said):
    assert len(commands) == 1
    commands.clear()
    assert made.prepare() == made.python
    assert (commands, said) == ([], [])


def test_the_versions_are_pinned_and_the_project_is_editable(made, commands):
    (command,) = commands
    assert command[command.index("--constraint") + 1] == str(environment.CONSTRAINTS)
    assert command[-2:] == ["--editable", str(environment.ROOT)]


def test_further_extras_are_added_to_those_there(made, commands):
    made.prepare(["test"])
    made.prepare(["lint"])
    assert [command[-1][len(str(environment.ROOT)) :] for command in commands[1:]] == [
        "[test]",
        "[lint,test]",
    ]
    commands.clear()
    made.prepare(["test"])
    made.prepare()
    assert commands == []


def test_changed_project_files_install_again(made, commands, tmp_path, monkeypatch):
    changed = tmp_path / "constraints.txt"
    changed.write_text("numpy==2.3.0\n")
    monkeypatch.setattr(environment, "CONSTRAINTS", changed)
    made.prepare()
    assert len(commands) == 2


@pytest.mark.parametrize(
    "stamp", ["", "[]", "{", json.dumps({"interpreter": ["2.7", "elsewhere"]})]
)
def test_a_stamp_that_does_not_fit_installs_again(made, commands, stamp):
    (made.folder / "lrstudio-installed.json").write_text(stamp)
    made.prepare()
    assert len(commands) == 2


def test_another_python_makes_it_anew(made, monkeypatch, said):
    monkeypatch.setattr(environment, "_interpreter", lambda: ["3.99", str(environment.ROOT)])
    made.prepare()
    assert said[0].startswith("Making the environment")


def test_a_failed_installation_is_tried_again(made, commands, monkeypatch):
    class Failed:
        returncode = 1

    monkeypatch.setattr(environment.subprocess, "run", lambda command, **options: Failed)
    with pytest.raises(SetupFailed, match="its own message stands above"):
        made.prepare(["test"])
    assert "test" not in (made.folder / "lrstudio-installed.json").read_text()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, said):
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupFailed, match="could not be made"):
        Environment(tmp_path / "file" / "environment", said.append).prepare()


def test_without_a_usable_pip_its_own_is_taken(made, commands, monkeypatch):
    monkeypatch.setattr(environment, "_pip_version", lambda: (22, 0))
    made.prepare(["test"])
    assert commands[-1][:3] == [str(made.python), "-m", "pip"]


def test_without_pip_and_ensurepip_one_sentence_says_so(made, monkeypatch):
    class Failed:
        returncode = 1

    monkeypatch.setattr(environment, "_pip_version", lambda: (0,))
    monkeypatch.setattr(environment.subprocess, "run", lambda command, **options: Failed)
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SetupFailed, match="apt-get install python3-pip"):
        made.prepare(["test"])


def test_a_real_environment_has_a_working_python(tmp_path, said):
    subject = Environment(tmp_path / "real", said.append)
    subject._create()
    code = "import sys; print(sys.prefix != sys.base_prefix, sys.version_info[:2])"
    output = environment.subprocess.check_output([str(subject.python), "-c", code], text=True)
    assert output.strip() == f"True {sys.version_info[:2]}"
