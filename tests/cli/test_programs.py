"""`lrstudio code`: contenders as programs, from a shell."""

import ast
from pathlib import Path

import pytest
from msgspec.structs import replace

from lrstudio.storage import experiments
from lrstudio.storage.snippets import PROGRAMS, TITLES, snippet
from tests.cli.program import Start, environment, three_fates

MOMENTUM = three_fates().contenders[2]


@pytest.mark.parametrize("framework", PROGRAMS)
def test_one_contender_is_printed_as_one_program(framework: str, call: Start, race: Path) -> None:
    for wanted in ("Momentum", "momentum", "2"):
        done = call("code", str(race), "--framework", framework, "--contender", wanted)
        assert (done.code, done.err) == (0, "")
        assert done.out == snippet(MOMENTUM, 200, framework)
        assert TITLES[framework] in done.out.splitlines()[0]


def test_all_that_are_switched_on_come_one_after_the_other(call: Start, race: Path) -> None:
    done = call("code", str(race), "--set", "contenders.1.enabled=no")
    assert done.out.startswith("# ==== 1 of 2 ==")
    assert done.out.count("\nimport torch\n") == 2
    assert "# Too fast:" not in done.out
    ast.parse(done.out)


def test_changes_and_steps_are_made_first(call: Start, race: Path) -> None:
    done = call(
        *("code", str(race), "-c", "2", "--steps", "77"),
        *("--set", "contenders.2.optimizer=adam", "--set", "contenders.2.optimizer.lr=0.5"),
    )
    assert "steps = 77\n" in done.out
    assert "torch.optim.Adam(model.parameters(), lr=0.5)" in done.out


def test_an_experiment_comes_from_stdin_and_the_default_one_needs_no_file(start: Start) -> None:
    data = experiments.encode(three_fates())
    done = start("code", "-", "--contender", "Momentum", input=data)
    assert done.out == snippet(MOMENTUM, 200, "torch")
    assert start("code").out.startswith("# ==== 1 of ")


def test_a_file_is_written_and_not_replaced_unless_forced(call: Start, race: Path) -> None:
    done = call("code", str(race), "-c", "2", "--out", "train.py")
    assert (done.code, done.out) == (0, "")
    assert done.err == "Wrote train.py. Now: python train.py\n"
    written = Path("train.py").read_text(encoding="utf-8")
    assert written == snippet(MOMENTUM, 200, "torch")
    again = call("code", str(race), "--out", "train.py")
    assert again.code == 1
    assert again.error == ("Cannot save train.py: it exists; choose another name or add --force.")
    assert call("code", str(race), "--out", "train.py", "--force").code == 0
    assert Path("train.py").read_text(encoding="utf-8") != written


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("-f", "tourch"), 2, "--framework: 'tourch' is not known; did you mean 'torch'?"),
        (("-c", "Momentun"), 2, "did you mean 'Momentum'?"),
        (("-c", "7"), 2, "--contender: expected a name, or a place from 0 to 2"),
        (("--set", "steps=none"), 2, "--set steps: expected a whole number"),
        (("--steps", "0"), 2, "--steps: expected a whole number"),
        (("--out", "no/such/folder.py"), 1, "its folder does not exist"),
    ],
)
def test_wrong_use_is_answered_in_one_sentence(
    arguments: tuple[str, ...], code: int, sentence: str, call: Start, race: Path
) -> None:
    done = call("code", str(race), *arguments)
    assert done.code == code
    assert sentence in done.error


def test_nothing_to_write_is_a_failure(call: Start) -> None:
    experiments.save("empty.lrx", replace(three_fates(), contenders=()))
    assert "has no contenders" in call("code", "empty.lrx").error
    assert "has no contenders" in call("code", "empty.lrx", "-c", "0").error
    off = [f"--set=contenders.{i}.enabled=no" for i in range(3)]
    experiments.save("off.lrx", three_fates())
    assert "no contender that is switched on" in call("code", "off.lrx", *off).error


def test_a_file_that_is_not_there(call: Start) -> None:
    done = call("code", "nothing.lrx")
    assert done.code == 1
    assert done.error.startswith("Cannot open nothing.lrx:")


def test_a_terminal_without_greek_gets_signs_that_it_has(start: Start) -> None:
    done = start(
        *("code", "-c", "0", "-f", "torch"),
        *("--set", "contenders.0.optimizer=adadelta"),
        *("--set", "contenders.0.optimizer.eps_position=outside"),
        env=environment(PYTHONIOENCODING="ascii"),
    )
    assert (done.code, done.err) == (0, "")
    assert done.out.isascii()
    assert "rho" in done.out
