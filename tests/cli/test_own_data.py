"""`lrstudio new --data`: from a CSV file to an experiment that runs."""

import json
from pathlib import Path

import pytest

from lrstudio.storage import experiments
from tests.cli.program import Start

FLOWERS = "länge;breite;art\n5,1;3,5;a\n4,9;3;b\n7;;a\n6,4;3,2;b\n6;3;a\n5,5;3,1;b\n"


@pytest.fixture
def flowers(tmp_path: Path) -> Path:
    path = tmp_path / "flowers.csv"
    path.write_text(FLOWERS, "utf-8")
    return path


def test_a_table_becomes_an_experiment_that_runs(call: Start, flowers: Path, tmp_path: Path):
    done = call("new", "--data", "flowers.csv", "--missing", "drop")
    assert done.code == 0
    assert (
        "Read flowers.csv as UTF-8, separated by semicolon, decimal comma, with a header."
        in done.err
    )
    assert "5 examples with 2 features; the target is art, one of 2 classes." in done.err
    assert "1 row was dropped for missing values." in done.err
    assert "The table is stored in the experiment." in done.err
    flowers.unlink()
    assert experiments.load(tmp_path / "flowers.lrx").problem.data.table().examples == 5
    race = call("run", "flowers.lrx", "--steps", "3", "--format", "none", "-q")
    assert (race.code, len(race.out.splitlines())) == (0, 4)


def test_a_quantity_is_told_by_a_linear_regression(call: Start, flowers: Path):
    done = call("new", "--data", "flowers.csv", "--target", "länge", "--missing", "drop", "-o", "-")
    assert "the target is länge, a quantity." in done.err
    problem = json.loads(done.out)["problem"]
    assert problem["function"] == "linear_regression"
    assert problem["data"]["features"] == ["breite", "art"]


def test_features_and_what_the_target_is_can_be_said(call: Start, tmp_path: Path):
    (tmp_path / "x.csv").write_text('a,"b, c",d,y\n1,2,5,0\n2,1,6,1\n3,5,7,2\n4,4,8,3\n', "utf-8")
    done = call("new", "--data", "x.csv", "--features", 'a, "b, c"', "--as", "quantity", "-o", "-")
    assert "4 examples with 2 features; the target is y, a quantity." in done.err
    assert json.loads(done.out)["problem"]["data"]["features"] == ["a", "b, c"]
    done = call("new", "--data", "x.csv", "--as", "class", "-o", "-")
    assert "the target is y, one of 4 classes." in done.err
    done = call("new", "--data", "x.csv", "--features", "a,e", "-o", "-")
    assert (done.code, done.out) == (1, "")
    assert "Cannot use x.csv: the column 'e' is not known" in done.err


def test_what_is_said_of_a_table_needs_one(call: Start):
    for option in ("--features=a", "--as=class", "--target=y"):
        done = call("new", option)
        assert done.code == 2
        assert f"{option.partition('=')[0]} is said of a table" in done.err


def test_names_of_rows_are_no_features_unless_one_says_so(call: Start, tmp_path: Path):
    rows = "".join(f"2026-11-{day:02d},{day % 3},{day % 2}\n" for day in range(1, 13))
    (tmp_path / "x.csv").write_text("day,x,y\n" + rows, "utf-8")
    done = call("new", "--data", "x.csv", "-o", "-")
    assert "Another text in most rows, and so no feature unless it is chosen: day." in done.err
    assert "12 examples with 1 feature" in done.err
    done = call("new", "--data", "x.csv", "--features", "day,x", "-o", "-")
    assert "12 examples with 13 features" in done.err


def test_a_table_may_stay_in_its_file(call: Start, flowers: Path, tmp_path: Path):
    call("new", "--data", "flowers.csv", "--missing", "drop", "--reference")
    data = json.loads((tmp_path / "flowers.lrx").read_text("utf-8"))["problem"]["data"]
    assert (data["path"], data["content"]) == ("flowers.csv", None)
    flowers.write_text(FLOWERS + "1;2;a\n", "utf-8")
    done = call("run", "flowers.lrx", "--format", "none")
    assert done.code == 1
    assert "was changed: expected the checksum" in done.err


def test_what_is_recognised_can_be_said(call: Start, tmp_path: Path):
    (tmp_path / "x.csv").write_text("1.000;2\n3.000;4\n", "utf-8")
    done = call("new", "--data", "x.csv")
    assert done.code == 1
    assert "line 1: '1.000' may be 1000" in done.err
    assert "--decimal comma" in done.err
    decided = ("--decimal", "point", "--no-header", "--separator", "semicolon")
    assert call("new", "--data", "x.csv", "--encoding", "utf-8", *decided).code == 0
    assert experiments.load(tmp_path / "x.lrx").problem.data.table().features.tolist() == [[1], [3]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--data", "nothing.csv"), "Cannot open nothing.csv: it does not exist"),
        (("--data", "flowers.csv"), "line 4, column 'breite': the value is missing"),
        (("--data", "flowers.csv", "--target", "are"), "did you mean 'art'?"),
        (("--data", "flowers.csv", "--separator", "tab"), "Cannot use flowers.csv: "),
        (("--data", "picture.csv"), "it is a PNG picture"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(
    call: Start, flowers: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
):
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n")
    done = call("new", *arguments)
    assert done.code == 1
    assert words in done.err
    assert done.err.count("\n") == 1
    assert not list(tmp_path.glob("*.lrx"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (("problem.data=two_gaussians",), "beale has no data; choose a model"),
        (("problem=perceptron", "problem.data=two_gausians"), "did you mean 'two_gaussians'"),
        (("problem=perceptron", "problem.data.share=2"), "share"),
        (("problem=perceptron", "problem.data.size=2"), "two_gaussians has no 'size'"),
        (("contenders.0.data=iris",), "its place is problem.data"),
    ],
)
def test_data_are_chosen_by_set_or_refused(call: Start, changes: tuple[str, ...], words: str):
    options = [part for change in changes for part in ("--set", change)]
    done = call("run", *options, "--format", "none")
    assert done.code == 2
    assert words in done.err


def test_a_data_set_is_chosen_and_turned_at_once(call: Start):
    changes = (
        *("--set", "problem.data.examples=60"),
        *("--set", "problem.data=moons"),
        *("--set", "problem=perceptron"),
    )
    done = call("run", *changes, "--steps", "2", "--format", "json", "-q")
    assert done.code == 0
    found = json.loads(Path("results/results.json").read_text("utf-8"))["experiment"]["problem"]
    assert (found["data"]["data"], found["data"]["examples"]) == ("moons", 60)


def test_an_object_in_json_is_a_data_set_too(call: Start):
    data = 'problem.data={"data": "moons", "examples": 40}'
    done = call("run", "--set", "problem=perceptron", "--set", data, "--steps", "1", "-f", "none")
    assert done.code == 0


def test_another_model_learns_from_the_same_table(call: Start, flowers: Path, tmp_path: Path):
    call("new", "--data", "flowers.csv", "--missing", "drop")
    changes = ("--set", "problem=perceptron", "--set", "steps=2")
    assert call("run", "flowers.lrx", *changes, "--format", "json", "-q").code == 0
    found = json.loads(Path("results/results.json").read_text("utf-8"))["experiment"]["problem"]
    assert found["function"] == "perceptron"
    assert found["data"]["name"] == "flowers.csv"


def test_whether_there_is_a_header_can_be_said(call: Start, tmp_path: Path):
    (tmp_path / "x.csv").write_text("2019,2020,kind\n1,2,a\n3,4,b\n5,6,b\n7,8,a\n", "utf-8")
    done = call("new", "--data", "x.csv")
    assert done.code == 1
    assert "line 1 may name the columns: 'kind' stands in no other line" in done.err
    assert "with --header or --no-header" in done.err
    assert "4 examples" in call("new", "--data", "x.csv", "--header", "-o", "-").err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("schedules", "--data", "flowers.csv"), "Give either EXAMPLE or --data, not both."),
        (("--target", "b"), "--target is said of a table; name its file with --data."),
        (("--no-header",), "--header is said of a table; name its file with --data."),
    ],
)
def test_an_example_and_a_table_are_not_mixed_up(
    call: Start, flowers: Path, arguments: tuple[str, ...], sentence: str
):
    done = call("new", *arguments)
    assert done.code == 2
    assert sentence in done.err
