import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrstudio.gui.typed_numbers import (
    Unreadable,
    read_integer,
    read_integers,
    read_real,
    shortest,
)

READ = {
    "0.001": 0.001,
    "0,001": 0.001,
    "1e-3": 0.001,
    "1E-3": 0.001,
    "1,5e-3": 0.0015,
    ".5": 0.5,
    ",5": 0.5,
    "5.": 5.0,
    "5,": 5.0,
    "+3": 3.0,
    "-2.5": -2.5,
    "\N{MINUS SIGN}2.5": -2.5,
    "1e+06": 1e6,
    "1e-08": 1e-8,
    "  0.01 ": 0.01,
    "\N{NO-BREAK SPACE}0.01": 0.01,
    "007": 7.0,
    "1.000": 1.0,
    "0,125": 0.125,
    "1234,567": 1234.567,
    "1,5": 1.5,
    "1,50": 1.5,
    "1,5000": 1.5,
    "１．５": 1.5,
    "0": 0.0,
    "0e9": 0.0,
    "5e-324": 5e-324,
    "1e300": 1e300,
}
REFUSED = [
    *("1.000,5", "1,000.5", "1,000", "12,345", "-1,000", "1,000e3", "1,000,000", "1.000.000"),
    *("1 000", "1\N{NARROW NO-BREAK SPACE}000", "1'000", "1_000", "", "   ", "abc", "1e", "e5"),
    *("1e-", "1..2", "1,,2", "--1", "nan", "inf", "-inf", "infinity", "0x10", "1/3", "5%"),
    *("1e400", "-1e400", "1e-400", "\N{ARABIC-INDIC DIGIT THREE}", "10²", "1e3.5", "1e3,5", "1;2"),
]


@pytest.mark.parametrize(("text", "value"), READ.items())
def test_it_reads(text: str, value: float) -> None:
    assert read_real(text) == value


@pytest.mark.parametrize("text", REFUSED)
def test_it_refuses_what_is_not_one_clear_number(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_real(text)
    assert len(str(refused.value)) > 20


def test_what_could_be_two_numbers_names_both() -> None:
    with pytest.raises(Unreadable, match=r"1,000 could be 1\.000 or 1000"):
        read_real("1,000")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_shown_reads_back_exactly(value: float) -> None:
    again = read_real(shortest(value))
    assert again == value
    assert math.copysign(1.0, again) == math.copysign(1.0, value)


@given(st.floats(allow_nan=False, allow_infinity=False, width=16))
def test_a_decimal_comma_is_a_dot_or_refused(value: float) -> None:
    text = shortest(value).replace(".", ",")
    try:
        assert read_real(text) == value
    except Unreadable:
        assert text.partition(",")[2].partition("e")[0].isdigit()


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_real, read_integer, read_integers):
        with contextlib.suppress(Unreadable):
            read(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.001, "0.001"),
        (1e-8, "1e-08"),
        (1.0, "1"),
        (1e6, "1000000"),
        (1e16, "1e+16"),
        (500, "500"),
    ],
)
def test_the_shortest_text(value: float, text: str) -> None:
    assert shortest(value) == text


@pytest.mark.parametrize(
    ("text", "value"), [("500", 500), (" -3 ", -3), ("1e3", 1000), ("2E+2", 200), ("0", 0)]
)
def test_it_reads_whole_numbers(text: str, value: int) -> None:
    number = read_integer(text)
    assert number == value
    assert type(number) is int


@pytest.mark.parametrize(
    "text", ["", "1.5", "1.0", "1.000", "1,000", "1 000", "1e-3", "x", "1e999"]
)
def test_it_refuses_what_is_not_a_whole_number(text: str) -> None:
    with pytest.raises(Unreadable):
        read_integer(text)


def test_a_whole_number_with_separators_is_told_how_to_write_it() -> None:
    with pytest.raises(Unreadable, match="write 10,000 without separators: 10000"):
        read_integer("10,000")


@pytest.mark.parametrize(
    ("text", "values"),
    [("100, 200", (100, 200)), ("1;2 3", (1, 2, 3)), ("", ()), ("7,", (7,)), ("1e3 5", (1000, 5))],
)
def test_it_reads_several_whole_numbers(text: str, values: tuple[int, ...]) -> None:
    assert read_integers(text) == values
