"""Every command, its answers to right and to wrong use."""

import json
import re
import shlex
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lrstudio import cli, resources
from lrstudio.cli import commands, reference, terminal
from lrstudio.core import (
    DATASETS,
    OPTIMIZERS,
    PROBLEMS,
    SCHEDULES,
    Optimizer,
    describe,
    parameters,
)
from lrstudio.core import reference as pages
from lrstudio.engine.curvature import CurvatureMeter
from lrstudio.storage import experiments
from lrstudio.storage.errors import StorageError
from tests.cli.program import Start, three_fates

DECLARED = {**OPTIMIZERS, **SCHEDULES, **PROBLEMS, **DATASETS}


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person looks, at 80 columns."""
    monkeypatch.setattr(terminal, "is_terminal", lambda stream: stream is sys.stdout)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("command", ["", "run", "list", "show", "code", "new"])
def test_help_fits_80_columns_and_shows_examples(
    command: str, call: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = call(*command.split(), "--help")
    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines())) <= 80
    assert done.out == call(*command.split(), "-h").out
    if command in ("", "run", "list", "code"):
        assert "Examples:\n" in done.out
    if command in ("", "run", "code"):
        assert "Exit codes: 0 done" in done.out


def examples_of_the_help() -> list[str]:
    """The command lines of the epilogs, without comments and without what follows a pipe."""
    texts = (
        commands.EXAMPLES,
        commands.RUN_EXAMPLES,
        commands.LIST_EXAMPLES,
        commands.CODE_EXAMPLES,
    )
    text = "".join(texts).replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.startswith("  lrstudio ")]
    parts = [re.split(r"\s{3,}(?=[^\s-])| \| ", line)[0] for line in lines]
    return [part for part in parts if len(part.split()) > 2 or "run" in part.split()]


@pytest.mark.parametrize("line", examples_of_the_help())
def test_the_examples_of_the_help_work(line: str, call: Start, race: Path) -> None:
    arguments = shlex.split(line.replace(",png", "").replace(",pdf", ""))[1:]
    if arguments[0] == "new":
        race.unlink()
    if arguments[0] == "run" and "epochs=" not in line:
        arguments += ["--steps", "20"]
    done = call(*arguments)
    assert done.code == 0, done.err
    assert "Error" not in done.err


def test_the_examples_of_the_help_were_found() -> None:
    assert len(examples_of_the_help()) >= 12


# --- list, show, new -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("optimizers", OPTIMIZERS),
        ("schedules", SCHEDULES),
        ("problems", PROBLEMS),
        ("datasets", DATASETS),
    ],
)
def test_a_list_names_everything_registered(kind: str, known: dict[str, type], call: Start) -> None:
    done = call("list", kind)
    assert (done.code, done.err) == (0, "")
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert [row[0] for row in rows] == list(known)
    assert all(len(row) == 3 and all(row) for row in rows)


def test_a_list_can_be_of_problems_with_traits(call: Start) -> None:
    both = [key for key, cls in PROBLEMS.items() if {"convex", "scalable"} <= set(cls.traits)]
    done = call("list", "problems", "--trait", "convex", "--trait", "Any dimension")
    assert [line.partition("\t")[0] for line in done.out.splitlines()] == both
    done = call("list", "--trait", "convex", "--trait", "scalable", "--family", "plates")
    assert [line.split("\t")[:2] for line in done.out.splitlines()] == [["problems", "zakharov"]]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (
            ("list", "problems", "--trait", "convx"),
            2,
            "'convx' is not known; did you",
        ),
        (
            ("list", "optimizers", "--trait", "convex"),
            2,
            "Optimizers have no traits; ",
        ),
        (
            ("list", "problems", "--trait", "convex", "--trait", "multimodal"),
            1,
            "No problem is convex and multimodal; drop one --trait.",
        ),
    ],
)
def test_traits_that_lead_nowhere_get_a_sentence(
    arguments: tuple[str, ...], code: int, sentence: str, call: Start
) -> None:
    done = call(*arguments)
    assert done.code == code
    assert done.error.startswith(sentence)


@pytest.mark.parametrize("name", ["adam", "Adam and descendants", "ADAM-AND-DESCENDANTS"])
def test_a_list_can_be_of_one_family(name: str, call: Start) -> None:
    members = [key for key, cls in OPTIMIZERS.items() if cls.family == "adam"]
    done = call("list", "optimizers", "--family", name)
    assert [line.split("\t")[0] for line in done.out.splitlines()] == members
    done = call("list", "--family", name)
    assert [line.split("\t")[:2] for line in done.out.splitlines()] == [
        ["optimizers", key] for key in members
    ]


def test_a_list_can_be_searched_and_gives_the_best_match_first(call: Start) -> None:
    done = call("list", "schedules", "--search", "cosine warm")
    assert done.out.split("\t")[0] == "cosine_restarts"
    done = call("list", "-s", "momentum")
    assert done.out.startswith("optimizers\tmomentum\tMomentum\t")
    everything = call("list", "optimizers", "--search", "").out
    assert everything == call("list", "optimizers").out


def test_nothing_found_is_a_failure_that_says_what_to_try(call: Start) -> None:
    done = call("list", "optimizers", "--search", "zzz")
    assert done.code == 1
    assert done.error == (
        "No optimizers match 'zzz'; try part of a name, a family, or one word of a summary."
    )


@pytest.mark.usefixtures("screen")
def test_a_person_sees_families_as_they_are_declared(call: Start) -> None:
    lines = call("list", "optimizers").out.splitlines()
    titles = [f"  {f.title} ({f.id})" for f in Optimizer.families]
    shown = [line for line in lines if line in titles]
    assert shown == [title for title in titles if title in shown]
    assert len(shown) >= 3
    below = lines[lines.index("  Adam and descendants (adam)") + 1 :]
    assert below[0].split()[:2] == ["adam", "Adam"]


@pytest.mark.usefixtures("screen")
def test_what_is_searched_is_not_torn_into_families(call: Start) -> None:
    out = call("list", "optimizers", "--search", "momentum").out
    assert "(descent)" not in out
    assert out.splitlines()[2].startswith("  momentum ")


def test_the_help_names_the_kinds_that_can_be_listed(call: Start) -> None:
    told = " ".join(call("list", "--help").out.split())
    assert ", ".join(reference.KINDS) in told


def test_without_a_kind_everything_is_listed(call: Start) -> None:
    done = call("list")
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert [row[1] for row in rows if row[0] == "problems"] == list(PROBLEMS)
    assert {len(row) for row in rows} == {4}


@pytest.mark.usefixtures("screen")
@pytest.mark.parametrize(
    "arguments", [("list",), ("list", "-s", "a"), *(("show", name) for name in DECLARED)]
)
def test_a_person_gets_lines_that_fit(arguments: tuple[str, ...], call: Start) -> None:
    done = call(*arguments)
    assert (done.code, done.err) == (0, "")
    # A formula is not wrapped: broken, it would be wrong.
    lines = [line for line in done.out.splitlines() if not line.startswith("    ")]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("name", DECLARED)
def test_everything_registered_is_explained(name: str, call: Start) -> None:
    done = call("show", name)
    assert (done.code, done.err) == (0, "")
    told, text = describe(DECLARED[name]), " ".join(done.out.split())
    for expected in (told.title, told.formula, told.notes, told.use, told.source):
        assert " ".join(expected.split()) in text
    for letter, meaning in pages.page(DECLARED[name]).letters:
        assert f" {letter} {meaning} " in text
    for parameter in parameters(DECLARED[name]):
        assert f" {parameter.name} " in text
        assert parameter.symbol in text
    if name in PROBLEMS:
        for known in ("domain", "gradient checked at"):
            assert known in text
        assert "curvature" in text or not PROBLEMS[name]().minima


def test_things_that_share_an_id_are_explained_one_after_the_other(call: Start) -> None:
    text = call("show", "exponential").out
    assert text.index("Exponential decay") < text.index("A bell turned upside down")


def test_ids_of_a_schedule_and_a_problem_do_not_mix(call: Start) -> None:
    changes = ("--set", "problem=exponential", "--set", "contenders.0.schedule=exponential")
    done = call("run", *changes, "--steps", "3", "--format", "none")
    assert done.code == 0


def test_bounds_defaults_and_choices_are_shown(call: Start) -> None:
    text = " ".join(call("show", "rmsprop").out.split())
    assert "lr η 0.01 > 0, ≤ 1e6 Length of a step" in text
    assert "eps ε 1e-8 ≥ 0, ≤ 1000 " in text
    assert "eps_position outside outside | inside " in text
    assert "centered false true | false " in text
    assert "length T null ≥ 1, ≤ 1e8 or null " in " ".join(call("show", "cosine").out.split())


def test_sections_stand_in_the_order_of_the_page(call: Start) -> None:
    lines = call("show", "cosine_restarts").out.splitlines()
    titles = ["Parameters", "In the formula", "Warm-up, before any schedule", "Variants"]
    titles += ["When it is used", "Source"]
    assert [line for line in lines if line in titles] == titles
    assert "Notes" in call("show", "rosenbrock").out.splitlines()


def test_the_frameworks_are_shown_where_they_are_known(
    call: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = pages.FrameworkRow("PyTorch", "torch.optim.Adam", "lr 0.001", "Raises at lr 0")
    known = msgspec.structs.replace(pages.page(OPTIMIZERS["adam"]), frameworks=(row,))
    monkeypatch.setattr(pages, "page", lambda cls: known)
    text = " ".join(call("show", "adam").out.split())
    assert "In the frameworks PyTorch torch.optim.Adam lr 0.001. Raises at lr 0 " in text


def test_what_is_known_of_a_problem_is_shown(call: Start) -> None:
    text = " ".join(call("show", "rosenbrock").out.split())
    assert "domain x from -2.048 to 2.048, y from -2.048 to 2.048" in text
    assert "start (-1.2, 1)" in text
    assert "minima (1, 1) with f = 0" in text
    assert (
        "condition number 2508; there gradient descent is stable while η < 2/λmax = 0.002" in text
    )


def test_what_is_known_of_a_data_set_is_shown(call: Start) -> None:
    text = " ".join(call("show", "wine").out.split())
    assert "examples 178 features 13: alcohol, malic acid, ash, alcalinity of ash" in text
    assert "classes 3: 1 (59), 2 (71), 3 (48) " in text
    assert "licence CC BY 4.0" in text
    assert "target progression from 25 to 346" in " ".join(call("show", "diabetes").out.split())


@pytest.mark.parametrize("name", ["AdamW", "multi-step", "Multi Step", "THREE_HUMP_CAMEL"])
def test_names_are_taken_as_people_write_them(name: str, call: Start) -> None:
    assert call("show", name).code == 0


def test_an_unknown_name_gets_the_nearest_one(call: Start) -> None:
    done = call("show", "adma")
    assert done.code == 2
    assert done.error == "'adma' is not known; did you mean 'adam'? See 'lrstudio show --help'."


@pytest.mark.parametrize("example", experiments.examples(), ids=lambda example: example.id)
def test_every_example_can_be_listed_shown_and_written(
    example: experiments.Example, call: Start, tmp_path: Path
) -> None:
    assert any(
        line.startswith(f"{example.id}\t") for line in call("list", "examples").out.splitlines()
    )
    assert example.title in " ".join(call("show", example.id).out.split())
    done = call("new", example.id)
    assert (done.code, done.out) == (0, "")
    assert experiments.load(tmp_path / f"{example.id}.lrx") == experiments.load(example.path)


def test_new_does_not_replace_a_file_unless_told_so(call: Start, tmp_path: Path) -> None:
    path = tmp_path / "mine.lrx"
    path.write_text("mine")
    done = call("new", "--out", "mine.lrx")
    assert done.code == 1
    assert done.error == "Cannot save mine.lrx: it exists; choose another name or add --force."
    assert path.read_text() == "mine"
    assert call("new", "--out", "mine.lrx", "--force").code == 0
    assert experiments.load(path) == experiments.default()


def test_new_writes_to_stdout(call: Start) -> None:
    done = call("new", "-o", "-")
    assert (done.code, done.err) == (0, "")
    assert experiments.decode(done.out.encode()) == experiments.default()


def test_an_unknown_example_gets_the_nearest_one(call: Start) -> None:
    assert "did you mean 'saddle'?" in call("new", "sadle").error


def test_an_incomplete_installation_is_one_sentence(
    call: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(resources, "_PLACES", (tmp_path,))
    done = call("list", "examples")
    assert done.code == 1
    assert "install LR Studio again" in done.error


# --- run -----------------------------------------------------------------------------------------


def test_without_a_file_the_default_experiment_runs(call: Start) -> None:
    done = call("run", "-f", "none", "--steps", "20")
    assert done.code == 0
    names = [line.split("\t")[0] for line in done.out.splitlines()[1:]]
    assert names == [c.name for c in experiments.default().contenders]


def test_steps_and_seeds_are_options(call: Start, race: Path, tmp_path: Path) -> None:
    options = ("--steps", "50", "--seed", "3", "--seed", "5", "--set", "noise=0.1")
    assert call("run", race.name, *options, "-f", "json", "-o", "out").code == 0
    experiment = experiments.load(tmp_path / "out" / "results.json")
    assert (experiment.steps, experiment.seeds, experiment.noise) == (50, (3, 5), 0.1)


def test_the_json_of_a_run_repeats_it(call: Start, race: Path) -> None:
    first = call("run", race.name, "-f", "csv", "-o", "a").out
    assert call("run", "a/results.json", "-f", "csv", "-o", "b").out == first
    assert Path("a/results.csv").read_bytes() == Path("b/results.csv").read_bytes()


def test_quiet_says_the_table_only(call: Start, race: Path) -> None:
    done = call("run", race.name, "--quiet", "-f", "json")
    assert (done.code, done.err) == (0, "")
    assert len(done.out.splitlines()) == 4


def test_formats_may_be_listed_and_repeated(call: Start, race: Path, tmp_path: Path) -> None:
    assert call("run", race.name, "-f", "JSON, svg", "-f", "json").code == 0
    suffixes = {path.suffix for path in (tmp_path / "results").iterdir()}
    assert suffixes == {".json", ".svg"}
    assert json.loads((tmp_path / "results" / "results.json").read_text("utf-8"))["table"] is None


def test_ctrl_c_gives_up_a_measurement_of_curvature(
    call: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    product, begun = CurvatureMeter._product, []

    def interrupted(self: CurvatureMeter, *of: Any) -> Any:
        begun.append(of)
        signal.raise_signal(signal.SIGINT)
        return product(self, *of)

    monkeypatch.setattr(CurvatureMeter, "_product", interrupted)
    done = call("run", "-f", "none", "--steps", "20", "--set", "curvature_every=10")
    assert done.code == 130
    assert len(begun) == 1
    assert "Stopped at step" in done.err


def test_pictures_are_drawn_against_what_is_asked_for(call: Start, race: Path) -> None:
    for folder, options in (("a", ()), ("b", ("-x", "Evaluations")), ("c", ("--dark",))):
        assert call("run", race.name, "-f", "svg", "-o", folder, *options).code == 0
    plain, evaluations, dark = (Path(folder, "loss.svg").read_text("utf-8") for folder in "abc")
    assert ">Step<" in plain
    assert ">Evaluations<" in evaluations
    assert dark != plain
    assert ">Step<" in dark


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "-x", "epoch"), "--x-axis: 'epoch' is not known; did you mean 'epochs'?"),
        (("run", "-x", "epochs"), "--x-axis: the problem has no epochs; draw against steps or"),
        (("runn",), "There is no command and no file 'runn'; did you mean 'run'?"),
        (("\0",), "There is no command and no file"),
        (("--fast",), "No such option"),
        (("run", "--fast"), "No such option"),
        (("run", "a", "b"), "Got unexpected extra argument (b)."),
        (("run", "--steps"), "requires an argument."),
        (("run", "--steps", "0"), "--steps: expected a whole number at least 1"),
        (("run", "--steps", "many"), "--steps: expected a whole number at least 1"),
        (("run", "--seed", "-1"), "--seed: expected a whole number at least 0, got -1."),
        (
            ("run", "--seed", "3", "--seed", "3"),
            "--seed: seeds[1] repeats 3; give each seed once.",
        ),
        (("run", "--seed", "x"), "--seed: expected a whole number"),
        (("run", "--format", "csv,pgn"), "--format: 'pgn' is not known; did you mean 'png'?"),
        (("run", "--set", "contenders.0.optimizer.lr=0"), "--set contenders.0.optimizer.lr: "),
        (("list", "optimisers"), "'optimisers' is not known; did you mean 'optimizers'?"),
        (
            ("list", "optimizers", "--family", "adams"),
            "'adams' is not known; did you mean 'adam'?",
        ),
        (("list", "examples", "--family", "adam"), "Examples have no families; drop --family."),
        (("show",), "Missing argument 'NAME'."),
    ],
)
def test_wrong_usage_is_one_sentence_and_two(
    arguments: tuple[str, ...], sentence: str, call: Start
) -> None:
    done = call(*arguments)
    assert done.code == 2
    assert sentence in done.error
    assert done.error.endswith("--help'.")
    assert not Path("results").exists()


@pytest.mark.parametrize("name", ["nothing.lrx", "away/run", "./away"])
def test_a_missing_file_is_a_failure_with_a_command_and_without(name: str, call: Start) -> None:
    for arguments in ((name,), ("run", name)):
        done = call(*arguments)
        assert done.code == 1
        assert done.error.endswith(f"Cannot open {name}: it does not exist; check the path.")


def changed_text(old: str, new: str) -> bytes:
    text = experiments.encode(three_fates()).decode()
    assert old in text
    return text.replace(old, new).encode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "it is empty"),
        (b"\x89PNG\r\n\x1a\n", "it is not text in UTF-8"),
        (b"step,loss\n0,1\n", "it is not valid JSON"),
        (b'{"a": 1}', "no experiment of LR Studio"),
        (b" " * 12_000_001, "larger than 12 MB"),
        (changed_text('"schema": 1', '"schema": 99'), "needs a newer LR Studio"),
        (changed_text('"sgd"', '"sdg"'), "'sdg' is not known; did you mean 'sgd'?"),
        (changed_text('"lr": 0.001', '"lr": -1'), "contenders[0].optimizer.lr: expected a number"),
        (changed_text('"lr": 0.001', '"lr": NaN'), "NaN is not a number"),
        (changed_text('"steps": 200', '"step": 200'), "unknown key 'step'"),
    ],
)
def test_a_bad_file_is_one_sentence_and_a_failure(
    data: bytes, sentence: str, call: Start, tmp_path: Path
) -> None:
    (tmp_path / "bad.lrx").write_bytes(data)
    done = call("run", "bad.lrx")
    assert done.code == 1
    assert done.error.startswith("Cannot open bad.lrx: ")
    assert sentence in done.error
    assert not Path("results").exists()


@pytest.mark.parametrize("name", ["nothing.lrx", ".", "race.lrx/x", "a\0b", "x" * 300])
def test_a_file_that_cannot_be_read_is_one_sentence(name: str, call: Start, race: Path) -> None:
    done = call("run", name)
    assert done.code == 1
    assert done.error.startswith("Cannot open ")


@pytest.mark.parametrize("folder", ["race.lrx", "race.lrx/sub", "x" * 300])
def test_a_folder_that_cannot_be_made_is_known_before_the_race(
    folder: str, call: Start, race: Path
) -> None:
    done = call("run", race.name, "--out", folder, "--steps", "1e8")
    assert done.code == 1
    assert done.error.startswith("Cannot create the folder ")


def test_a_foreign_file_in_the_way_is_left_alone(call: Start, race: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "results" / "results.json"
    foreign.parent.mkdir()
    foreign.write_text("{}")
    done = call("run", race.name)
    assert done.code == 1
    assert "belongs to something else" in done.err
    assert foreign.read_text() == "{}"
    assert (tmp_path / "results" / "loss.svg").exists()


def test_nobody_to_race_is_one_sentence(call: Start, race: Path) -> None:
    off = [f"--set=contenders.{i}.enabled=no" for i in range(3)]
    done = call("run", race.name, *off)
    assert done.code == 1
    assert "no contender that is switched on" in done.error


def test_without_contenders_what_is_advised_helps(call: Start, race: Path) -> None:
    done = call("run", race.name, "--set", "contenders=[]")
    assert done.code == 1
    assert "The experiment has no contenders" in done.error
    assert "enabled" not in done.error
    advice = shlex.split(done.error)
    advised = advice[advice.index("--set") + 1].rstrip(".")
    done = call("run", race.name, "--set", advised, "--steps", "3")
    assert done.code == 0
    assert "Adam" in done.out


def test_a_learning_rate_that_overflows_at_once_is_a_result(call: Start, race: Path) -> None:
    done = call("run", race.name, "--set", "contenders.0.optimizer.lr=1e6", "-f", "csv,svg")
    assert done.code == 0
    assert "diverged at step" in done.out.splitlines()[1]


def test_names_out_of_a_file_cannot_command_the_terminal(call: Start, race: Path) -> None:
    done = call("run", race.name, "--set", "contenders.0.name=\x1b[2Jgone\ttab\nline", "-f", "none")
    assert done.code == 0
    assert "\x1b" not in done.out
    assert [len(line.split("\t")) for line in done.out.splitlines()] == [8] * 4


@pytest.mark.usefixtures("screen")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ((), "Momentum is first: within tolerance "),
        (("steps=5",), "No run stayed within the tolerance. "),
        (("contenders.0.optimizer.lr=1", "contenders.2.enabled=no"), "All runs diverged: "),
    ],
)
def test_a_person_is_told_who_won(
    changes: tuple[str, ...], sentence: str, call: Start, race: Path
) -> None:
    done = call("run", race.name, "-f", "none", *(f"--set={change}" for change in changes))
    assert sentence in done.out


# --- the window ----------------------------------------------------------------------------------


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The files with which a window would have been opened."""
    from lrstudio.cli import window

    files: list[str | None] = []

    def open_window(path: str | None) -> int:
        files.append(path)
        return 7

    monkeypatch.setattr(window, "open_window", open_window)
    return files


def test_no_command_opens_the_window(call: Start, opened: list[str | None]) -> None:
    assert call().code == 7
    assert opened == [None]


@pytest.mark.parametrize("name", ["race.lrx", "run", "list.lrx"])
def test_a_file_instead_of_a_command_is_opened(
    name: str, call: Start, opened: list[str | None], race: Path
) -> None:
    race.rename(race.with_name(name))
    argument = f"./{name}" if name == "run" else name
    assert call(argument).code == 7
    assert opened == [argument]


def test_the_program_for_desktops_is_the_same(
    opened: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["lrstudio-gui"])
    monkeypatch.setattr(sys, "stdout", None)  # as without a console
    monkeypatch.setattr(sys, "stderr", None)
    with pytest.raises(SystemExit) as ended:
        cli.gui_main()
    assert ended.value.code == 7


def test_a_failure_of_storage_anywhere_is_one_sentence(
    call: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise StorageError("Cannot open it: the disk reports a fault; save to another one now.")

    monkeypatch.setattr(experiments, "default", fail)
    assert call("run").error.startswith("Cannot open it")


def test_too_little_memory_is_one_sentence(call: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise MemoryError

    monkeypatch.setattr(experiments, "default", fail)
    done = call("run")
    assert done.code == 1
    assert "not enough memory" in done.error


def test_a_key_pressed_before_the_race_stops_without_a_traceback(
    call: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(experiments, "default", interrupt)
    done = call("run")
    assert done.code == 130
    assert done.err.strip() == "Error: Stopped."
