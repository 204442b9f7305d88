"""What is chosen of a sheet, and how it is stored as text."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrstudio.core import PROBLEMS, Refused
from lrstudio.core.datasets.own import OwnTable
from lrstudio.core.sheet import Choice, Column, Sheet, chosen, is_probably_class, unlike
from lrstudio.core.sheet_text import parsed, written

NAN = float("nan")


def sheet(**columns: list) -> Sheet:
    made = []
    for name, cells in columns.items():
        if any(isinstance(cell, str) for cell in cells):
            known = sorted({cell for cell in cells if isinstance(cell, str)})
            places = [known.index(c) if isinstance(c, str) else NAN for c in cells]
            made.append(Column(name, "category", np.array(places, float), tuple(known)))
        else:
            made.append(Column(name, "number", np.array(cells, float)))
    return Sheet(tuple(made), np.arange(2, 2 + len(cells)))


def test_the_table_that_a_new_own_table_holds_can_be_learnt_from():
    table = OwnTable().table()
    assert (table.examples, table.columns, table.classes) == (12, 2, ("no", "yes"))
    for name in ("softmax_regression", "linear_regression", "logistic_regression", "perceptron"):
        problem = PROBLEMS[name](data=OwnTable())
        assert np.isfinite(problem.loss(np.zeros(problem.dim)))


def test_classes_of_numbers_are_sorted_as_numbers():
    table = chosen(sheet(x=[1, 2, 3, 4], y=[10, 2, 10, -1]), Choice(("x",), "y", True)).table
    assert table.classes == ("-1", "2", "10")
    assert table.target.tolist() == [2, 1, 2, 0]


def test_a_category_is_one_feature_for_each_text_that_is_left():
    made = sheet(x=["b", "a", "c", "b"], y=[1.5, 2.5, NAN, 3.5])
    result = chosen(made, Choice(("x",), "y", False, "drop"))
    assert result.dropped == 1
    assert result.table.feature_names == ("x=a", "x=b")
    assert result.table.features.tolist() == [[0, 1], [1, 0], [0, 1]]


def test_only_gaps_in_chosen_columns_matter():
    made = sheet(x=[1, 2, 3], z=[NAN, 1, 2], y=[0, 1, 0])
    assert chosen(made, Choice(("x",), "y", True)).dropped == 0
    told = r"line 2, column 'z': the value is missing \(1 in this column\)"
    with pytest.raises(Refused, match=told):
        chosen(made, Choice(("x", "z"), "y", True))


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice(("x",), "y", True), "same value in all rows"),
        (Choice(("x",), "z", True), "at most 100 different whole numbers"),
        (Choice(("x",), "k", False), "holds texts"),
        (Choice(("g",), "k", True, "drop"), "no row is left"),
    ],
)
def test_a_target_that_cannot_be_told_is_refused(choice, words):
    made = sheet(x=[1, 2], y=[1, 1], z=[0.5, 1], k=["a", "b"], g=[NAN, NAN])
    with pytest.raises(Refused, match=words):
        chosen(made, choice)


def test_a_table_of_too_many_numbers_is_refused(monkeypatch):
    monkeypatch.setattr("lrstudio.core.sheet.MOST_NUMBERS", 5)
    made = sheet(x=["a", "b"], z=[1, 2], y=[0, 1])
    with pytest.raises(Refused, match="2 examples with 3 features"):
        chosen(made, Choice(("x", "z"), "y", True))


@pytest.mark.parametrize(
    ("cells", "is_class"),
    [
        (["a", "b"], True),
        ([0, 1, NAN], True),
        (list(range(20)), True),
        (list(range(21)), False),
        ([0.5, 1], False),
        ([1, 1], False),
    ],
)
def test_few_whole_numbers_are_probably_classes(cells, is_class):
    assert is_probably_class(sheet(y=cells).columns[0]) == is_class


def test_names_that_stand_twice_are_numbered_past_those_that_are_taken():
    assert unlike(["a", "a", "a_2", "a"]) == ["a", "a_3", "a_2", "a_4"]


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=10)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(NUMBERS, TEXTS, NUMBERS), min_size=1, max_size=20), TEXTS)
def test_a_stored_sheet_is_read_exactly(rows, name):
    numbers, texts, target = zip(*rows, strict=True)
    names = unlike([name, "k", "y"])
    made = sheet(**dict(zip(names, map(list, (numbers, texts, target)), strict=True)))
    text = written(made, Choice((names[0], names[1]), names[2], False))
    again = parsed(text)
    assert again.names == tuple(names)
    for old, new in zip(made.columns, again.columns, strict=True):
        assert new.categories == old.categories
        assert new.values.tobytes() == old.values.tobytes()


@pytest.mark.parametrize(
    ("different", "rows", "is_name"),
    [(20, 20, True), (12, 20, True), (9, 20, False), (90, 150, True), (9, 9, False)],
)
def test_a_text_for_every_other_row_names_rows_and_tells_nothing(different, rows, is_name) -> None:
    places = np.arange(rows, dtype=np.float64) % different
    names = tuple(f"{day:03}" for day in range(different))
    assert Column("day", "category", places, names).names_rows is is_name
