"""Formulas as docstrings write them become the mathematics that they mean."""

import re
from xml.etree.ElementTree import tostring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrstudio.core import Warmup, describe
from lrstudio.core.formula import Unreadable, letters, mathml, parse, read
from tests.core.variants import DECLARED, name


def markup(text: str) -> str:
    """MathML of an expression, with the tags of its letters left out to be legible."""
    code = tostring(mathml(parse(text)), encoding="unicode")
    code = re.sub("</?(?:mi|mn|mo|mtext)(?: [^>]*)?>", "", code)
    return code.replace("mrow", "r").replace("mfrac", "f").replace("msqrt", "q")


@pytest.mark.parametrize("cls", [*DECLARED, Warmup], ids=name)
def test_every_formula_is_read_in_full(cls: type) -> None:
    text = describe(cls).formula
    lines = read(text) if text else []  # what was measured has none
    assert bool(lines) == bool(text)
    assert not [cell.text for line in lines for cell in line.cells if cell.part == "plain"]


# --- the mathematics, against MathML written by hand ---------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x − η g", "<r>x−ηg</r>"),
        ("β₁ᵗ", "<msubsup>β1t</msubsup>"),
        ("xᵢ₊₁", "<msub>x<r>i+1</r></msub>"),
        ("v_t", "<msub>vt</msub>"),
        ("x_{t−1}", "<msub>x<r>t−1</r></msub>"),
        ("γ^p", "<msup>γp</msup>"),
        ("m̂", '<mover accent="true">m\u0302</mover>'),
        ("ĝ", '<mover accent="true">g\u0302</mover>'),
        ("½", "<f>12</f>"),
        ("1e-8", "<msup>10<r>−8</r></msup>"),
        ("a/b", "<f>ab</f>"),
        ("η g/√v", "<r>η<f>g<q>v</q></f></r>"),
        ("2πx/N", "<f><r>2πx</r>N</f>"),
        ("η m / (√v + ε)", "<f><r>ηm</r><r><q>v</q>+ε</r></f>"),
        ("x − η g / t", "<r>x−<f><r>ηg</r>t</f></r>"),
        ("√(s+ε) / √(v+ε) · g", "<r><f><q><r>s+ε</r></q><q><r>v+ε</r></q></f>·g</r>"),
        ("a · g / b", "<r>a·<f>gb</f></r>"),
        ("√v + ε", "<r><q>v</q>+ε</r>"),
        ("1 / √(1 + k/τ)", "<f>1<q><r>1+<r>k/τ</r></r></q></f>"),
        ("λmax", "<msub>λmax</msub>"),
        ("η_max²", "<msubsup>ηmax2</msubsup>"),
        ("∂f/∂x", "<f><r>∂f</r><r>∂x</r></f>"),
        ("∇²f", "<r><msup>∇2</msup>f</r>"),
        ("G^⊤", "<msup>G⊤</msup>"),
        ("s yᵀ", "<r>s<msup>y⊤</msup></r>"),
        ("(W − W*) A", "<r><r>(<r>W−<msup>W*</msup></r>)</r>A</r>"),
        ("2 ρ∞", "<r>2<msub>ρ∞</msub></r>"),
        ("‖g‖²", "<msup><r>‖g‖</r>2</msup>"),
        ("Σᵢ xᵢ²", "<r><munder>∑i</munder><msubsup>xi2</msubsup></r>"),
        ("Σ_{i=1}^N x", "<r><munderover>∑<r>i=1</r>N</munderover>x</r>"),
    ],
)
def test_constructs(text: str, expected: str) -> None:
    assert markup(text) == expected


def test_brackets_grow_only_around_what_is_stacked() -> None:
    low, high = (tostring(mathml(parse(t)), encoding="unicode") for t in ("(1−ρ)", "(1 + k/T)"))
    assert low.count('stretchy="false"') == 2
    assert high.count('stretchy="true"') == 2


def test_slashes_lie_down_where_there_is_no_room() -> None:
    for text in ("γ^(k/T)", "γ^⌊k/T⌋", "1 / (1 + κ k/T)"):
        code = markup(text)
        assert "k/T" in code
        assert code.count("<f>") == text.count(" / ")


def test_functions_stand_upright_and_apart() -> None:
    code = tostring(mathml(parse("x cos φ + max(a, b)")), encoding="unicode")
    assert '<mi>x</mi><mspace width="0.17em" /><mtext>cos</mtext><mspace width="0.17em" />' in code
    assert '<mtext>max</mtext><mo form="prefix" stretchy="false">(</mo>' in code


def test_a_sign_at_the_beginning_stands_tight() -> None:
    code = tostring(mathml(parse("−x − y")), encoding="unicode")
    assert code.index('form="prefix"') < code.index("<mi>x")
    assert code.count("form") == 1


def test_a_sign_behind_words_that_stands_tight_begins_a_number() -> None:
    tight, apart = (
        tostring(mathml(parse(f"clipped to ±{gap}m")), encoding="unicode") for gap in ("", " ")
    )
    assert '<mspace width="0.28em" /><mo form="prefix">±' in tight
    assert "form" not in apart


def test_words_are_words_and_letters_are_products() -> None:
    assert tostring(mathml(parse("xy"))) == b"<mrow><mi>x</mi><mi>y</mi></mrow>"
    code = tostring(mathml(parse("as a step of xy")), encoding="unicode")
    assert "<mtext>as a step of</mtext>" in code
    assert "mtext" not in tostring(mathml(parse("aT")), encoding="unicode")
    assert "<mi>a</mi>" in tostring(mathml(parse("a max(x, y)")), encoding="unicode")


@pytest.mark.parametrize("choice", ["exp_range", "triangular2", "1-sqrt"])
def test_the_names_of_choices_are_words(choice: str) -> None:
    assert tostring(mathml(parse(choice))) == f"<mtext>{choice}</mtext>".encode()
    assert shape(f"A = 1  {choice}")[0][1] == ("remark", choice)


@pytest.mark.parametrize(
    "text",
    ["1/2x", "a /b", "a/ b", "/ b", "a / b / c", "√", "(a", "a)", "x^", "x²³^4", "x ²", "a §", "m̂̄"],
)
def test_what_is_ambiguous_or_broken_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse(text)


# --- lines and columns ---------------------------------------------------------------------------


def shape(formula: str) -> list[list[tuple[str, str]]]:
    return [[(cell.part, cell.text) for cell in line.cells] for line in read(formula)]


def test_columns_are_parted_by_spaces_but_not_after_a_comma() -> None:
    assert shape("m ← g      v ← g²\nx = 1,  y = 2     ε outside, as printed") == [
        [("equation", "m ← g"), ("equation", "v ← g²")],
        [("equation", "x = 1,  y = 2"), ("remark", "ε outside, as printed")],
    ]


def test_a_label_becomes_the_remark_of_its_line() -> None:
    assert shape("AMSGrad: v = 1") == [[("equation", "v = 1"), ("remark", "AMSGrad")]]


def test_a_sentence_with_a_relation_is_a_remark() -> None:
    assert shape("x = 1   rate form, γ = e^(−κ)   centred: m ← m and v") == [
        [
            ("equation", "x = 1"),
            ("remark", "rate form, γ = e^(−κ)"),
            ("remark", "centred: m ← m and v"),
        ]
    ]


def test_a_relation_inside_brackets_does_not_part_an_equation() -> None:
    (line,) = read("factor = γ^#{milestones ≤ k}")
    assert len(line.cells[0].trees) == 3


def test_a_line_that_begins_with_spaces_goes_on() -> None:
    first, second = read("x ← x − a\n      − b")
    assert (first.goes_on, second.goes_on) == (False, True)
    assert "form" not in tostring(mathml(second.cells[0].trees[0]), encoding="unicode")


def test_a_line_that_cannot_be_read_is_kept_as_it_is() -> None:
    assert shape("x ← 1/2x      half\ny = 1") == [
        [("plain", "x ← 1/2x      half")],
        [("equation", "y = 1")],
    ]


def test_letters_are_listed_without_those_of_remarks() -> None:
    found = letters("factor = β₁ᵗ m̂ + π      q starts at 0\nT₀ Mⁱ")
    assert letters("H = s yᵀ") == ("H", "s", "y")
    assert found == ("factor", "β₁", "t", "m̂", "T₀", "M", "i")


@given(st.text(alphabet="xgβ₁ᵗ²ᵢ^_√/ ()[]|‖⌊⌋{}+−=←,:1.½eΣm\u0302abc…#'", max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    for line in read(text):
        for cell in line.cells:
            for tree in cell.trees:
                mathml(tree)


@given(st.text(max_size=30))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    read(text)
    letters(text)
