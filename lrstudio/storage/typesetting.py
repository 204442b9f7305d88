"""Formulas as pictures: MathML becomes SVG, cells become aligned columns.

ziamath draws MathML in STIX Two, the typeface of scientific journals, without TeX or a browser. It
is imported when the first formula is drawn, which takes a fifth of a second.
"""

from functools import cache
from typing import Any
from xml.etree.ElementTree import Element, tostring

from msgspec import Struct

from lrstudio.core.formula import Cell, Formula, Line, mathml
from lrstudio.core.formula.tree import Node

_REMARK_SIZE = 0.84  # of the formula's
_COLUMN_GAP, _RELATION_GAP, _LINE_GAP = 2.2, 0.28, 0.5  # ems
_ASCENT, _DESCENT = 0.72, 0.22  # ems that every line has, so that low ones do not crowd


class Picture(Struct, frozen=True):
    """An SVG and its size in pixels."""

    svg: str
    width: float
    height: float


class _Piece(Struct):
    """A tree that has been set; `x` is where it stands once the columns are known."""

    drawing: Any  # ziamath's, which has no types of its own
    x: float = 0.0

    @property
    def width(self) -> float:
        return float(self.drawing.node.xadvance())

    @property
    def above(self) -> float:
        return float(self.drawing.node.bbox.ymax)

    @property
    def below(self) -> float:
        return float(-self.drawing.node.bbox.ymin)


def formula_picture(formula: Formula, size: float, colour: str, quiet: str) -> Picture:
    """Lines that could be read, `size` pixels to the em; remarks are smaller and `quiet`."""
    setter = _Setter(size, colour, quiet)
    rows = [[setter.cell(cell) for cell in line.cells] for line in formula]
    _place(rows, formula, size)
    svg, y = Element("svg", xmlns="http://www.w3.org/2000/svg"), 0.0
    for number, row in enumerate(rows):
        pieces = [piece for cell in row for piece in cell]
        y += max([_ASCENT * size, *(p.above for p in pieces)])
        for piece in pieces:
            piece.drawing.drawon(svg, piece.x, y)
        y += max([_DESCENT * size, *(p.below for p in pieces)])
        y += _LINE_GAP * size if number < len(rows) - 1 else 0
    width = max(piece.x + piece.width for row in rows for cell in row for piece in cell)
    return _picture(svg, width, y)


def symbol_picture(tree: Node, size: float, colour: str, above: float, below: float) -> Picture:
    """One symbol in a box that reaches at least `above` and exactly `below` its baseline."""
    piece = _Setter(size, colour, colour).piece(tree)
    above = max(above, piece.above)
    svg = Element("svg", xmlns="http://www.w3.org/2000/svg")
    piece.drawing.drawon(svg, 0, above)
    return _picture(svg, piece.width, above + below)


class _Setter:
    """Sets trees in one size and two colours."""

    def __init__(self, size: float, colour: str, quiet: str) -> None:
        self._size, self._colour, self._quiet = size, colour, quiet

    def cell(self, cell: Cell) -> list[_Piece]:
        return [self.piece(tree, cell.part == "remark") for tree in cell.trees]

    def piece(self, tree: Node, is_quiet: bool = False) -> _Piece:
        colour = self._quiet if is_quiet else self._colour
        root = Element("math", display="block", mathcolor=colour)
        root.append(mathml(tree, is_quiet))
        size = self._size * (_REMARK_SIZE if is_quiet else 1)
        return _Piece(_library().Math(root, size=size))


def _place(rows: list[list[list[_Piece]]], formula: Formula, size: float) -> None:
    """Give every piece its x: relations of a column stand below each other."""
    start, gap = 0.0, _RELATION_GAP * size
    for column in range(max(map(len, rows))):
        cells = [
            (line, row[column]) for line, row in zip(formula, rows, strict=True) if row[column:]
        ]
        equations = [cell for _, cell in cells if len(cell) == 3]
        left = max((cell[0].width for cell in equations), default=0.0)
        sign = max((cell[1].width for cell in equations), default=0.0)
        for line, cell in cells:
            if len(cell) == 3:
                cell[0].x = start + left - cell[0].width
                cell[1].x = start + left + gap + (sign - cell[1].width) / 2
                cell[2].x = start + left + sign + 2 * gap
            else:
                goes_on = line.goes_on and column == 0
                cell[0].x = start + (left + sign + 2 * gap if goes_on else 0.0)
        start = max((_end(line, cell, column) for line, cell in cells), default=start)
        start += _COLUMN_GAP * size


def _end(line: Line, cell: list[_Piece], column: int) -> float:
    """Where a cell ends; the last one of a line keeps nothing away."""
    return cell[-1].x + cell[-1].width if column < len(line.cells) - 1 else 0.0


def _picture(svg: Element, width: float, height: float) -> Picture:
    for name, value in (("width", width), ("height", height)):
        svg.set(name, f"{value:.2f}")
    svg.set("viewBox", f"0 0 {width:.2f} {height:.2f}")
    return Picture(tostring(svg, encoding="unicode"), width, height)


@cache
def _library() -> Any:
    import ziamath  # noqa: PLC0415 - only who opens the reference waits for it

    ziamath.config.svg2 = False  # QtSvg draws paths, and not every `use` of a `symbol`
    return ziamath
