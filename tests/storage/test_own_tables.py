"""Tables in experiments: stored with a checksum, or in a file that must not have changed."""

import json
import os
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from lrstudio.core import OPTIMIZERS, PROBLEMS, Refused
from lrstudio.core.datasets import own
from lrstudio.core.datasets.own import OwnTable, checksum
from lrstudio.core.sheet import Choice
from lrstudio.engine import Contender, Experiment, Trajectory, plan, simulate
from lrstudio.storage import experiments, own_tables, sidecar
from lrstudio.storage.errors import StorageError
from lrstudio.storage.own_tables import LostTable

TEXT = "weight;colour;kind\n1,5;red;a\n2,5;blue;b\n3,5;red;b\n;blue;a\n4;red;a\n9,5;blue;b\n"
CHOICE = Choice(("weight", "colour"), "kind", target_is_class=True, missing="drop")
FEATURES = [[1.5, 0, 1], [2.5, 1, 0], [3.5, 0, 1], [4, 0, 1], [9.5, 1, 0]]
TARGET = [0, 1, 1, 0, 1]


@pytest.fixture(autouse=True)
def nothing_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read in another process is not known in this one."""
    monkeypatch.setattr(own, "_SHEETS", {})
    own._table.cache_clear()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "sizes.csv"
    path.parent.mkdir()
    path.write_text(TEXT, "utf-8", newline="")
    return path


def stored(file: Path) -> OwnTable:
    return own_tables.stored(own_tables.table_in(file), CHOICE, file.name)


def referred(file: Path) -> OwnTable:
    return own_tables.referred(own_tables.table_in(file), CHOICE, file)


def experiment(data: OwnTable) -> Experiment:
    return Experiment(problem=PROBLEMS["softmax_regression"](data=data, validation_share=0.0))


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "_SHEETS", {})
    own._table.cache_clear()


def refusal(path: Path) -> str:
    with pytest.raises(StorageError) as caught:
        experiments.load(path)
    return str(caught.value)


@pytest.mark.parametrize("make", [stored, referred])
def test_the_table_is_the_chosen_columns(file, make):
    table = make(file).table()
    assert table.features.tolist() == FEATURES
    assert table.feature_names == ("weight", "colour=blue", "colour=red")
    assert table.target.tolist() == TARGET
    assert (table.target_name, table.classes) == ("kind", ("a", "b"))


def test_a_stored_table_needs_no_file(file, tmp_path):
    saved = experiment(stored(file))
    experiments.save(tmp_path / "race.lrx", saved)
    file.unlink()
    opened = experiments.load(tmp_path / "race.lrx")
    assert opened == saved
    assert opened.problem.data.table().features.tolist() == FEATURES


def test_a_stored_table_that_was_changed_is_refused(file, tmp_path):
    path = tmp_path / "race.lrx"
    experiments.save(path, experiment(stored(file)))
    path.write_text(path.read_text("utf-8").replace("2.5,", "2.6,"), "utf-8")
    told = refusal(path)
    assert "the stored table was changed: expected the checksum" in told
    assert "open the CSV file anew" in told


def test_a_path_is_relative_to_the_experiment(file, tmp_path, monkeypatch):
    path = tmp_path / "race.lrx"
    saved = experiment(referred(file))
    experiments.save(path, saved)
    assert json.loads(path.read_text("utf-8"))["problem"]["data"]["path"] == "data/sizes.csv"
    moved = tmp_path.with_name(f"{tmp_path.name} moved")
    tmp_path.rename(moved)
    forget(monkeypatch)
    opened = experiments.load(moved / "race.lrx")
    assert opened.problem.data.path == str(moved / "data" / "sizes.csv")
    assert opened.problem.data.table().features.tolist() == FEATURES
    moved.rename(tmp_path)


def test_a_file_beside_the_experiment_is_found_too(file, tmp_path, monkeypatch):
    path = tmp_path / "race.lrx"
    experiments.save(path, experiment(referred(file)))
    file.rename(tmp_path / "sizes.csv")
    forget(monkeypatch)
    assert experiments.load(path).problem.data.table().target.tolist() == TARGET


def test_a_file_that_is_gone_is_asked_for(file, tmp_path, monkeypatch):
    path = tmp_path / "race.lrx"
    experiments.save(path, experiment(referred(file)))
    before = path.read_bytes()
    file.unlink()
    forget(monkeypatch)
    with pytest.raises(LostTable) as caught:
        experiments.load(path)
    assert str(caught.value) == (
        f"Cannot open {path}: its data file {file} cannot be read (it does not exist); put it "
        "there, or choose where it is now."
    )
    assert caught.value.table.choice == CHOICE
    assert path.read_bytes() == before


def test_a_file_that_was_changed_is_told_by_its_checksum(file, tmp_path, monkeypatch):
    path = tmp_path / "race.lrx"
    experiments.save(path, experiment(referred(file)))
    expected = checksum(file.read_bytes())[:12]
    file.write_text(TEXT + "1;red;a\n", "utf-8", newline="")
    found = checksum(file.read_bytes())[:12]
    forget(monkeypatch)
    told = refusal(path)
    assert f"was changed: expected the checksum {expected}…, found {found}…" in told
    assert str(file) in told


def test_other_data_can_be_given_in_place_of_what_is_lost(file, tmp_path):
    path = tmp_path / "race.lrx"
    experiments.save(path, experiment(referred(file)))
    file.unlink()
    file.write_text(TEXT + "1;red;a\n", "utf-8", newline="")
    new = referred(file)
    opened = experiments.load(path, new)
    assert opened.problem.data == new
    assert opened.problem.data.table().examples == 6


def test_without_its_file_a_table_says_where_it_should_be():
    table = OwnTable(name="x.csv", content=None, path="/far/x.csv", checksum="0" * 64)
    with pytest.raises(Refused, match=r"the data file 'x.csv' has not been read; open it: /far"):
        table.table()


@pytest.mark.parametrize("path", ["\\\\server\\share\\x.csv", "//server/share/x.csv"])
def test_opening_a_file_calls_on_no_other_computer(file, tmp_path, path):
    target = tmp_path / "race.lrx"
    experiments.save(target, experiment(referred(file)))
    document = json.loads(target.read_text("utf-8"))
    document["problem"]["data"]["path"] = path
    target.write_text(json.dumps(document), "utf-8")
    assert "is on another computer" in refusal(target)


@pytest.mark.skipif(sys.platform == "win32", reason="no such files")
def test_what_is_no_ordinary_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path, tmp_path / "pipe.csv", Path("/dev/zero")):
        with pytest.raises(StorageError, match="no ordinary file"):
            own_tables.table_in(path)


def test_a_large_table_stays_in_its_file(file, monkeypatch):
    found = own_tables.table_in(file)
    assert own_tables.fits_in(found, CHOICE)
    monkeypatch.setattr(own_tables, "MOST_STORED", 40)
    assert not own_tables.fits_in(found, CHOICE)
    with pytest.raises(Refused, match="leave the table in its file"):
        own_tables.stored(found, CHOICE, file.name)


def test_the_size_is_judged_by_the_first_rows(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("x,y\n" + "".join(f"{i % 7}.25,{i % 3}\n" for i in range(5_000)), "utf-8")
    found = own_tables.table_in(path)
    choice = Choice(("x",), "y", target_is_class=True)
    content = own_tables.stored(found, choice, path.name).content
    assert own_tables.stored_size(found, choice) == pytest.approx(len(content), rel=0.01)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("a,b,kind\n1,2,x\n3,4,y\n", Choice(("a", "b"), "kind", target_is_class=True)),
        ("kind,a,b\nx,1.5,2\ny,3.5,4\n", Choice(("a", "b"), "kind", target_is_class=True)),
        ("a,b,c\n1,2.5,3.5\n3,4,5.5\n", Choice(("a", "b"), "c", target_is_class=False)),
        ("a,b,c\n1,2.5,0\n3,4,1\n", Choice(("a", "b"), "c", target_is_class=True)),
        (
            "id,a,b\n" + "".join(f"n{i},{i % 3}.5,{i % 2}\n" for i in range(10)),
            Choice(("a",), "b", target_is_class=True),
        ),
    ],
)
def test_what_a_file_is_for_is_proposed(tmp_path, text, choice):
    path = tmp_path / "x.csv"
    path.write_text(text, "utf-8")
    assert own_tables.proposed(own_tables.table_in(path)) == choice


def test_a_target_that_is_not_there_is_refused_with_the_nearest(file):
    with pytest.raises(Refused, match="did you mean 'kind'"):
        own_tables.proposed(own_tables.table_in(file), "kidn")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"content": None}, "either the content of a table or the path"),
        ({"path": "x.csv"}, "either the content of a table or the path"),
        ({"checksum": "0" * 63}, "64 hexadecimal digits"),
        ({"checksum": "0" * 64}, "was changed"),
        ({"content": "x" * 5_000_001}, "at most 5,000,000 characters"),
        ({"features": ("a", "a")}, "stands twice"),
        ({"features": ()}, "no feature is chosen"),
        ({"features": ("hours", "passed")}, "target and feature at once"),
        ({"features": ("ours",)}, "did you mean 'hours'"),
        ({"target_is_class": False}, "holds texts"),
        ({"name": "x" * 256}, "too long"),
    ],
)
def test_what_a_file_says_of_a_table_is_checked(changes, words):
    with pytest.raises(Refused, match=words):
        replace(OwnTable(), **changes).table()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "line 1 of the stored table"),
        ('"a","a"\n1,2\n', "no two alike"),
        ("1,2\n3,4\n", "line 1 of the stored table"),
        ('"a","b"\n', "has no rows"),
        ('"a","b"\n1\n', "line 2 of the stored table: expected 2 values, got 1"),
        ('"a","b"\n1,x\n', "line 2 of the stored table"),
        ('"a","b"\n1,"x"\n2,3\n', "line 3, column 'b' of the stored table|line 2, column 'b'"),
        ('"a","b"\n1,nan\n', "expected a number, got nan"),
        ('"a","b"\n1,"x\n', "of the stored table"),
    ],
)
def test_a_stored_table_is_trusted_in_nothing(content, words):
    table = replace(
        OwnTable(),
        content=content,
        checksum=checksum(content.encode()),
        features=("a",),
        target="b",
    )
    with pytest.raises(Refused, match=words):
        table.table()


def test_the_sidecar_of_a_run_names_the_file_from_its_folder(file, tmp_path, monkeypatch):
    contender = Contender(name="Adam", optimizer=OPTIMIZERS["adam"]())
    planned = plan(replace(experiment(referred(file)), contenders=(contender,), steps=2))
    trajectory = Trajectory(planned)
    for _ in simulate(planned, trajectory):
        pass
    (tmp_path / "results").mkdir()
    sidecar.save_json(tmp_path / "results" / "run.json", trajectory)
    forget(monkeypatch)
    path = tmp_path / "results" / "run.json"
    assert '"path": "../data/sizes.csv"' in path.read_text("utf-8")
    assert experiments.load(path) == planned.experiment
