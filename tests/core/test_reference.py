"""Every declaration has a whole page, and every letter of its formula is explained on it."""

import inspect
import re

import msgspec
import pytest

from lrstudio.core import (
    DATASETS,
    DISTURBANCES,
    MODIFIERS,
    OPTIMIZERS,
    PROBLEMS,
    SCHEDULES,
    Optimizer,
    Warmup,
    describe,
    parameters,
)
from lrstudio.core.reference import contents, framework_rows, page, unexplained
from tests.core.variants import DECLARED, name

each_page = pytest.mark.parametrize("cls", [*DECLARED, Warmup], ids=name)


def test_the_contents_name_everything_once() -> None:
    listed = [cls for section in contents().values() for cls in section]
    declared = (OPTIMIZERS, MODIFIERS, SCHEDULES, PROBLEMS, DATASETS, DISTURBANCES)
    assert set(listed) == {cls for known in declared for cls in known.values()} | {Warmup}
    assert len(listed) == len(set(listed))


@each_page
def test_a_page_has_every_section(cls: type) -> None:
    made = page(cls)
    assert made.title
    assert re.fullmatch(r"[A-Z].*\.", made.summary)
    assert made.formula or made.notes
    assert made.source
    assert [row.name for row in made.parameters] == [p.name for p in parameters(cls)]
    assert bool(made.facts) == (cls in (*PROBLEMS.values(), *DATASETS.values()))
    assert bool(made.warmup) == (cls in SCHEDULES.values())


@each_page
def test_every_letter_of_a_formula_is_explained(cls: type) -> None:
    assert unexplained(cls) == (), "explain them in a paragraph `Symbols: a, what it is; b, ...`"


@each_page
def test_explanations_are_sentences_and_nothing_is_explained_twice(cls: type) -> None:
    made = page(cls)
    assert all(re.fullmatch(r"[A-Zmv].*[^.]\.", meaning) for _, meaning in made.letters)
    symbols = [row.symbol for row in made.parameters if row.symbol]
    explained = [*symbols, *(letter for letter, _ in made.letters)]
    assert len(set(explained)) == len(explained)
    assert not [letter for letter in explained if " " in letter], "one symbol, one explanation"


@pytest.mark.parametrize("cls", [*OPTIMIZERS.values(), *SCHEDULES.values()], ids=name)
def test_rules_and_schedules_say_when_they_are_used(cls: type) -> None:
    use = page(cls).use
    assert re.fullmatch(r"Used [a-z].{40,400}\.", use), "a paragraph that begins with `Used `"
    assert use not in page(cls).notes


@each_page
def test_every_paper_of_the_source_is_found(cls: type) -> None:
    made = page(cls)
    assert len(made.papers) == made.source.count("arXiv:")
    assert all(f"arXiv:{paper}" in made.source for paper in made.papers)


@each_page
def test_frameworks_are_rows_of_text(cls: type) -> None:
    for row in framework_rows(cls):
        assert row.framework
        assert "." in row.call
        assert row.defaults


def test_schedules_are_shown_under_the_names_of_the_frameworks() -> None:
    rows = {row.call: row for row in framework_rows(SCHEDULES["cosine"])}
    assert rows["torch.optim.lr_scheduler.CosineAnnealingLR"].defaults == "T_max, eta_min 0"
    assert rows["keras.optimizers.schedules.CosineDecay"].framework == "Keras"
    assert "optax.warmup_cosine_decay_schedule" in rows
    assert framework_rows(SCHEDULES["chebyshev"]) == ()
    plateau = [row.call for row in framework_rows(SCHEDULES["reduce_on_plateau"])]
    assert "optax.contrib.reduce_on_plateau" in plateau


class Example(Optimizer, tag="example_of_a_page"):
    """Example: a docstring with everything.

    x ← x − u · s

    A first note, which
    takes two lines.

    Symbols: s, a sum; u, the L2 norm; q, a quantity.

    A second note.

    Used in a test, and
    nowhere else.

    Nobody, 1999, arXiv:1234.56789; nobody else, 2000, arXiv:0101.0001.
    """


def test_a_docstring_is_taken_apart() -> None:
    told = describe(Example)
    assert told.notes == "A first note, which takes two lines.\n\nA second note."
    assert told.symbols == (("s", "a sum"), ("u", "the L2 norm"), ("q", "a quantity"))
    assert told.use == "Used in a test, and nowhere else."
    made = page(Example)
    assert made.notes == ("A first note, which takes two lines.", "A second note.")
    assert dict(made.letters)["x"].startswith("The parameters")
    assert made.letters[1:] == (("u", "The L2 norm."), ("s", "A sum."), ("q", "A quantity."))
    assert made.papers == ("1234.56789", "0101.0001")


def test_a_letter_that_nobody_explains_is_found() -> None:
    class Mystery(msgspec.Struct):
        """Mystery: a formula that says too little.

        z = w₀ + 1

        Nobody, 1999.
        """

    assert unexplained(Mystery) == ("z", "w₀")


@each_page
def test_the_use_is_told_once(cls: type) -> None:
    paragraphs = re.split(r"\n\s*\n", inspect.getdoc(cls) or "")
    assert sum(paragraph.startswith("Used ") for paragraph in paragraphs) <= 1
