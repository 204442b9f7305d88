"""The table of results: aligned for a person, with tabs for a program."""

import sys

from lrstudio.cli import layout, terminal
from lrstudio.engine import Trajectory, headline, results
from lrstudio.storage.tables import Rows, results_table, tab_separated
from lrstudio.storage.view import titles

_NUMBERS = ("seed", "best", "final", "evaluations", "steps to", "train_", "validation_")
_EXPENDABLE = ("evaluations", "schedule", "optimizer")
"""Columns that a narrow terminal does without, the first one first."""
_VERDICT_ROOM = 40
_LONGEST_CELL = 36


def print_results(trajectory: Trajectory) -> None:
    """Print one row per run on stdout."""
    rows = [[terminal.printable(cell) for cell in row] for row in results_table(trajectory)]
    if terminal.is_terminal(sys.stdout):
        terminal.out("\n".join(_for_people(trajectory, rows)))
    else:
        terminal.out(tab_separated(rows).rstrip("\n"))


def _for_people(trajectory: Trajectory, rows: Rows) -> list[str]:
    title, subtitle = (terminal.printable(text) for text in titles(trajectory))
    winner = terminal.printable(headline(results(trajectory)))
    return [
        "",
        f"{terminal.heading(title)}   {subtitle}".rstrip(),
        "",
        *table(rows, terminal.width()),
        "",
        *layout.paragraph(winner, terminal.width()),
        "",
    ]


def table(rows: Rows, width: int) -> list[str]:
    """The rows in as many columns as there is room for, the verdict beside or below them."""
    shown = [[*map(_shortened, row[:-1]), row[-1]] for row in rows]
    beside = _narrowed(shown, width - _VERDICT_ROOM)
    if _numbers_width(beside) > width - _VERDICT_ROOM:
        beside = _narrowed(shown, width)
        beside[0][-1] = ""  # no heading for what stands below
    header = beside[0]
    right = [i for i, name in enumerate(header) if name.startswith(_NUMBERS)]
    lines = layout.aligned(beside, width, right)
    return [terminal.heading(lines[0]), *lines[1:]]


def _narrowed(rows: Rows, width: int) -> Rows:
    """The rows without as many expendable columns as it takes, if it can be done at all."""
    rows = [list(row) for row in rows]
    for name in _EXPENDABLE:
        if _numbers_width(rows) <= width:
            break
        place = rows[0].index(name)
        rows = [row[:place] + row[place + 1 :] for row in rows]
    return rows


def _numbers_width(rows: Rows) -> int:
    """Columns that all but the verdict take."""
    widths = [max(map(layout.cells, column)) for column in zip(*rows, strict=True)][:-1]
    return sum(widths) + len(layout.GAP) * len(widths)


def _shortened(cell: str) -> str:
    return cell if len(cell) <= _LONGEST_CELL else cell[: _LONGEST_CELL - 1] + "…"
