"""Whatever is typed or stands in a file: a formula, or a sentence and the place of the mistake."""

import ast
import builtins
import gc
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lrstudio.core.typed_formula
from lrstudio.core import PROBLEMS, Refused
from lrstudio.core.typed_formula import Formula, FormulaError, program, read
from lrstudio.engine import experiment_from
from tests.core.typed_formula.hostile import HOSTILE, fuzzed

SLOWEST = 0.05
FEW, MANY = 4_000, 100_000


def named(text: str) -> str:
    return ascii(text[:30])


@pytest.mark.parametrize(("text", "position"), HOSTILE, ids=[named(text) for text, _ in HOSTILE])
def test_it_is_refused_with_a_sentence_and_the_place(text: str, position: int) -> None:
    with pytest.raises(FormulaError) as caught:
        read(text)
    error = caught.value
    assert error.position == position, error.sentence
    assert error.position + error.length <= max(len(text), error.position + 1)
    for sentence in (error.sentence, error.located(text)):
        assert "expected" in sentence or "known" in sentence
        assert sentence.isprintable()
        assert len(sentence) < 250


@pytest.mark.parametrize("text", [text for text, _ in HOSTILE][::7], ids=named)
def test_a_file_with_it_is_refused_and_says_where(text: str) -> None:
    with pytest.raises(Refused) as caught:
        experiment_from({"problem": {"function": "formula", "formula": text}})
    assert caught.value.path == "problem.formula"
    assert str(caught.value).isprintable()


def test_it_is_never_handed_to_python(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    texts = [fuzzed(number) for number in range(200)]
    look_at("x + exp(y)")  # what is imported late is imported now
    imported = builtins.__import__

    def asked_to_import(name: str, *others: Any, **more: Any) -> Any:
        if name != "difflib":  # which finds the nearest name for a sentence
            asked.append((name, *others))
        return imported(name, *others, **more)

    with monkeypatch.context() as patch:  # only here: pytest itself compiles
        for name in ("eval", "exec", "compile"):
            patch.setattr(builtins, name, lambda *a, **o: asked.append(a))
        patch.setattr(builtins, "__import__", asked_to_import)
        for text in texts:
            look_at(text)
    assert not asked


def test_the_package_names_nothing_that_evaluates() -> None:
    for path in Path(lrstudio.core.typed_formula.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not names & {"eval", "exec", "compile", "getattr", "__import__", "ast", "globals"}


def look_at(text: str) -> tuple[float, bool]:
    """Read a text, use it where it is a formula; seconds that it took, whether it was one."""
    started = time.process_time()
    try:
        formula = read(text)
    except FormulaError as error:
        refused = error
    else:
        use(formula, text)
        return time.process_time() - started, True
    assert 0 <= refused.position <= len(text)
    assert refused.located(text).isprintable()
    return time.process_time() - started, False


def use(formula: Formula, text: str) -> None:
    dim = formula.least_entries if formula.is_vector else len(formula.variables)
    constants = tuple((name, 1.5) for name in formula.constants)
    loss, gradient = program(text, constants, dim).loss_and_gradient(np.full((dim, 3), 0.7))
    assert loss.shape == (3,)
    assert gradient.shape == (dim, 3)


def slowest(count: int) -> float:
    limit = sys.getrecursionlimit()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gc.disable()  # a collection of all that these tests hold is no part of a reading
        try:
            looks = [look_at(fuzzed(number)) for number in range(count)]
        finally:
            gc.enable()
    assert sys.getrecursionlimit() == limit
    assert 0.1 < np.mean([is_formula for _, is_formula in looks]) < 0.8  # it tries both
    return max(taken for taken, _ in looks)


def test_a_few_thousand_fuzzed_texts() -> None:
    assert slowest(FEW) < SLOWEST


@pytest.mark.benchmark
@pytest.mark.timeout(900)
def test_a_hundred_thousand_fuzzed_texts() -> None:
    worst = slowest(MANY)
    sys.stdout.write(f"{MANY:,} fuzzed texts, the slowest took {worst * 1e3:.1f} ms\n")
    assert worst < SLOWEST


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2x", "write 2*x"),
        ("x y", "write x*y"),
        ("2(x + 1)", "write 2*(…)"),
        ("(x + 1)x", "write …)*x"),
        ("xy", "write x*y"),
        ("x²", "write **2"),
        ("0,5*x", "write 0.5"),
        ("x·y", "write *"),
        ("x − y", "write -"),
        ("α*x", "write alpha"),
        ("sine(x)", "did you mean sin"),
        ("Sin(x)", "did you mean sin"),
        ("PI*x", "write pi"),
        ("|x|", "write abs(x)"),
        ("sin + x", "sin is a function"),
        ("f(x, y)", "f(x, y) = "),
        ("f(x) = sum(x[1:] + x)", "N and N - 1 entries"),
        ("f(x) = x + sum(x)", "put sum(…) around it"),
    ],
)
def test_people_are_told_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(FormulaError) as caught:
        read(text)
    assert hint in caught.value.sentence


@pytest.mark.parametrize("character", "²×−")
def test_a_character_is_named_as_it_was_typed(character: str) -> None:
    with pytest.raises(FormulaError, match=f"'{character}' is not known here"):
        read(f"x{character} + 1")


def test_an_ill_formed_constant_or_domain_is_refused_with_its_path() -> None:
    bad: list[tuple[str, Any]] = [
        ("constants", [["__class__", 1.0]]),
        ("constants", [["sin", 1.0]]),
        ("constants", [["a", 1.0], ["a", 2.0]]),
        ("limits", [[1.0, 1.0]]),
    ]
    for name, value in bad:
        with pytest.raises(Refused) as caught:
            experiment_from({"problem": {"function": "formula", name: value}})
        assert caught.value.path == f"problem.{name}"


def test_a_constructor_refuses_as_well() -> None:
    with pytest.raises(Refused, match="expected"):
        PROBLEMS["formula"](formula="x +")
