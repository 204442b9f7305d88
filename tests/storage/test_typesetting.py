"""Formulas become pictures whose columns and baselines stand where they should."""

import re
import subprocess
import sys
from xml.etree.ElementTree import Element, fromstring

import pytest

from lrstudio.core import Warmup, describe
from lrstudio.core.formula import parse, read
from lrstudio.storage.typesetting import Picture, formula_picture, symbol_picture
from tests.core.variants import DECLARED, name

SVG = "{http://www.w3.org/2000/svg}"
BLACK, GREY = "#000001", "#808080"


def picture(formula: str, size: float = 20.0) -> Picture:
    return formula_picture(read(formula), size, BLACK, GREY)


def drawn(svg: str) -> list[Element]:
    """Everything with a shape."""
    return [node for node in fromstring(svg).iter() if node.tag in (f"{SVG}path", f"{SVG}rect")]


def pieces(svg: str) -> list[list[float]]:
    """Left ends of the shapes of each piece, in the order in which they were placed."""
    groups = fromstring(svg).iter(f"{SVG}g")  # one between bars holds another
    return [[left(shape) for shape in group if shape.tag != f"{SVG}g"] for group in groups]


def left(shape: Element) -> float:
    if shape.tag == f"{SVG}rect":
        return float(shape.attrib["x"])
    numbers = re.findall(r"-?\d+(?:\.\d+)?", shape.attrib["d"])
    return min(float(x) for x in numbers[::2])


def lowest(shape: Element) -> float:
    if shape.tag == f"{SVG}rect":
        return float(shape.attrib["y"]) + float(shape.attrib["height"])
    numbers = re.findall(r"-?\d+(?:\.\d+)?", shape.attrib["d"])
    return max(float(y) for y in numbers[1::2])


WITH_FORMULA = [cls for cls in (*DECLARED, Warmup) if describe(cls).formula]


@pytest.mark.parametrize("cls", WITH_FORMULA, ids=name)
def test_every_formula_fits_its_picture(cls: type) -> None:
    made = picture(describe(cls).formula)
    assert drawn(made.svg)
    assert made.width < 740, "too wide for the page at 1280 x 800; part the line in two"
    assert min(x for piece in pieces(made.svg) for x in piece) > -2
    assert "nan" not in made.svg


def test_relations_of_a_column_stand_below_each_other() -> None:
    lefts = pieces(picture("m = g\nx + x + x = g").svg)
    assert lefts[1] == pytest.approx(lefts[4], abs=0.01)
    assert lefts[2] == pytest.approx(lefts[5], abs=0.01)
    assert lefts[0][0] > lefts[3][0]  # the left side is moved to its relation


def test_a_second_column_begins_behind_the_widest_first_one() -> None:
    lefts = pieces(picture("m = g      v = 1\nx = g + g + g + g      x = 2").svg)
    assert lefts[4] == pytest.approx(lefts[10], abs=0.01)
    assert lefts[3][0] > max(lefts[8])


def test_the_last_cell_of_a_line_keeps_no_column_away() -> None:
    short, long = (
        pieces(picture(f"m = 1      half\n{line}").svg)[3]
        for line in ("x = 1", "x = g" + " + g" * 20)
    )
    assert short == pytest.approx(long, abs=0.01)


def test_a_continued_line_stands_below_the_right_side() -> None:
    lefts = pieces(picture("x = g\n      g").svg)
    assert lefts[2] == pytest.approx(lefts[3], abs=0.01)


def test_remarks_are_smaller_and_quiet() -> None:
    svg = fromstring(picture("x = g      outside").svg)
    *equation, remark = svg.iter(f"{SVG}g")
    assert {shape.get("fill") for group in equation for shape in group} == {BLACK}
    assert {shape.get("fill") for shape in remark} == {GREY}


def test_a_symbol_keeps_the_baseline_of_the_text_beside_it() -> None:
    for symbol in ("x", "T₀", "N", "β₁"):
        made = symbol_picture(parse(symbol), 16, BLACK, above=20, below=4)
        letter = drawn(made.svg)[0]
        assert made.height == 24
        assert lowest(letter) == pytest.approx(20, abs=0.3) or symbol == "β₁"
    tall = symbol_picture(parse("m̂"), 16, BLACK, above=1, below=4)
    assert 12 < tall.height < 20
    assert min(lowest(shape) for shape in drawn(tall.svg)) > 0


def test_the_library_is_loaded_with_the_first_picture_only() -> None:
    code = (
        "import sys; import lrstudio.storage.typesetting as t; before = 'ziamath' in sys.modules;"
        "from lrstudio.core.formula import read; t.formula_picture(read('x = 1'), 9, 'red', 'red');"
        "print(before, 'ziamath' in sys.modules)"
    )
    done = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert done.split() == ["False", "True"]
