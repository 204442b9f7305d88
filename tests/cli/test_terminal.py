"""Text fits the terminal, in width and in encoding, whatever it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrstudio.cli import layout, terminal
from lrstudio.cli.progress import time_left
from lrstudio.cli.results import table
from lrstudio.core import OPTIMIZERS, PROBLEMS, SCHEDULES, describe

WORDS = st.lists(st.text("abcdéλ漢", min_size=1, max_size=9), max_size=20).map(" ".join)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=6), st.integers(20, 200))
def test_columns_begin_where_the_terminal_shows_them_to_begin(
    rows: list[tuple[str, str]], width: int
) -> None:
    lines = layout.aligned(rows, width)
    assert " ".join(" ".join(lines).split()) == " ".join(" ".join(map(" ".join, rows)).split())
    if layout.has_room(rows, width):
        assert layout.cells(lines[0][: len(rows[0][0])]) == layout.cells(rows[0][0])


def test_wide_and_combining_characters_are_measured_as_shown() -> None:
    assert layout.cells("漢字") == 4
    assert layout.cells("m\u0302") == 1
    assert layout.aligned([("漢字", "a"), ("x", "b")], 80) == ["漢字  a", "x     b"]


def test_numbers_end_together() -> None:
    rows = [("a", "1", "x"), ("b", "100", "y")]
    assert layout.aligned(rows, 80, right=[1]) == ["a    1  x", "b  100  y"]


def test_a_last_cell_without_room_stands_below() -> None:
    rows = [("a" * 30, "word " * 10)]
    assert layout.aligned(rows, 50) == ["a" * 30, "    " + " ".join(["word"] * 9), "    word"]


HEADER = ["contender", "optimizer", "schedule", "best", "final", "steps", "evaluations", "verdict"]
ROW = ["Adam", "adam", "warmup+cosine", "1.57e-09", "1.57e-09", "297", "400"]
VERDICT = "converged to (3, 0.5): within tolerance from step 297, f − f* = 1.6e−9 at the end"


@pytest.mark.parametrize("width", range(40, 200, 4))
def test_a_table_keeps_to_the_width_and_never_loses_its_verdict(width: int) -> None:
    rows = [HEADER, [*ROW, VERDICT]]
    lines = table(rows, width)
    assert max(map(layout.cells, (line.replace("\x1b[1m", "") for line in lines[1:]))) <= width
    text = " ".join(" ".join(lines).split())
    assert all(word in text for word in VERDICT.split())
    assert "1.57e-09" in text


def test_room_brings_columns_back() -> None:
    rows = [HEADER, [*ROW, VERDICT]]
    assert "evaluations" not in table(rows, 80)[0]
    assert "evaluations" in table(rows, 160)[0]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "shift_jis"])
def test_every_formula_can_be_said_in_every_encoding(encoding: str) -> None:
    terminal.prepare()
    for cls in (*OPTIMIZERS.values(), *SCHEDULES.values(), *PROBLEMS.values()):
        told = describe(cls)
        for text in (told.title, told.summary, told.formula, told.notes, told.use):
            said = text.encode(encoding, "lrstudio-legible").decode(encoding)
            assert "?" not in said, text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("f − f* ≤ 1e-6", "f - f* <= 1e-6"),
        ("ηλx", "eta lambda x"),
        ("β₁ᵗ g²", "beta1^t g^2"),
        ("½ Σ √(m̂)", "1/2 Sigma sqrt (m^)"),
        ("γ^⌊k/T⌋ ⊙", "gamma^floor(k/T) [circled dot operator]"),
        ("漢", "?"),
    ],
)
def test_signs_are_spelled_out(text: str, said: str) -> None:
    terminal.prepare()
    assert text.encode("ascii", "lrstudio-legible").decode() == said


@given(st.text())
def test_nothing_out_of_a_file_is_obeyed_by_the_terminal(text: str) -> None:
    assert terminal.printable(text).isprintable()


def test_an_escape_sequence_loses_its_power() -> None:
    assert terminal.printable("a\x1b]0;title\x07\nb\u202ec") == "a ]0;title b c"


@pytest.mark.parametrize(
    ("elapsed", "share", "words"),
    [
        (0.5, 0.5, ""),
        (10.0, 0.0, ""),
        (10.0, 1.0, ""),
        (10.0, 0.5, "10 s left"),
        (65.0, 0.5, "1 min 05 s left"),
        (36.0, 0.01, "59 min 24 s left"),
        (3600.0, 0.25, "3 h 00 min left"),
    ],
)
def test_the_time_left_is_said_with_its_unit(elapsed: float, share: float, words: str) -> None:
    assert time_left(elapsed, share) == words
