"""The result table as a Qt model. A column is one entry of `COLUMNS`."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from lrstudio.core import describe
from lrstudio.engine import Result
from lrstudio.engine.edits import rule_title
from lrstudio.engine.significant import significant
from lrstudio.gui import theme
from lrstudio.gui.parameter_texts import wrapped

Index = QModelIndex | QPersistentModelIndex
_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


_MOST_COORDINATES = 20
"""Of a start that is written out in full; a model has thousands."""


class Column(NamedTuple):
    """A column: its title, the text of a cell, what it sorts by, the exact text."""

    title: str
    text: Callable[[Result], str]
    sort_key: Callable[[Result], Any]
    exact: Callable[[Result], str]
    is_number: bool = False
    tip: str = ""


def rounded(value: float) -> str:
    """Three significant digits; a dash where there is no number."""
    return significant(value, 3) if math.isfinite(value) else "–"


def point_text(point: tuple[float, ...]) -> str:
    """A point, at most four of its coordinates; one without any was drawn from the seed."""
    if not point:
        return "drawn"
    shown = ", ".join(significant(c, 3) for c in point[:4])
    return f"({shown}{', …' if len(point) > 4 else ''})"


def _number_column(title: str, value: Callable[[Result], float]) -> Column:
    def sort_key(row: Result) -> float:
        number = value(row)
        return math.inf if math.isnan(number) else number  # diverged runs sort last

    return Column(
        title, lambda r: rounded(value(r)), sort_key, lambda r: repr(value(r)), is_number=True
    )


def _count_column(title: str, value: Callable[[Result], int | None], tip: str = "") -> Column:
    def text(row: Result) -> str:
        count = value(row)
        return "–" if count is None else f"{count}"

    def sort_key(row: Result) -> float:
        count = value(row)
        return math.inf if count is None else float(count)

    return Column(title, text, sort_key, text, is_number=True, tip=tip)


def _metric_column(title: str, metric: str, tip: str) -> Column:
    """A metric of the validation examples, or of the training ones where none are kept."""

    def value(row: Result) -> float:
        known = row.metrics
        return known.get(f"validation_{metric}", known.get(f"train_{metric}", math.nan))

    return _number_column(title, value)._replace(tip=wrapped(tip))


def _validation_loss(row: Result) -> float:
    return row.metrics.get("validation_loss", math.nan)


def _text_column(title: str, value: Callable[[Result], str]) -> Column:
    return Column(title, value, lambda r: value(r).lower(), value)


def _exact_name(row: Result) -> str:
    return f"{row.contender.name}\n{rule_title(row.contender)}"


def _exact_start(row: Result) -> str:
    is_short = 0 < len(row.start) <= _MOST_COORDINATES
    return str(row.start) if is_short else point_text(row.start)


_ORDER = ("converged", "tracking", "descending", "stalled", "oscillating", "diverged")

_STEPS_TIP = "Step from which on the loss stayed within the tolerance of the smallest one."
_EVALUATIONS_TIP = wrapped(
    "Losses and gradients that were asked for up to the step from which on the loss stayed within "
    "the tolerance: one at each step, more for line searches and second derivatives."
)
_ALL_EVALUATIONS_TIP = "The same for the whole run."

COLUMNS = (
    _text_column("Contender", lambda r: r.contender.name)._replace(exact=_exact_name),
    _text_column("Optimizer", lambda r: rule_title(r.contender)),
    _text_column("Schedule", lambda r: describe(type(r.contender.schedule)).title),
    Column("Start", lambda r: point_text(r.start), lambda r: r.start, _exact_start),
    _count_column("Seed", lambda r: r.seed),
    _number_column("Best loss", lambda r: r.best_loss),
    _number_column("Final loss", lambda r: r.final_loss),
    _number_column("Val. loss", _validation_loss),
    _metric_column(
        "Accuracy",
        "accuracy",
        "Share of the examples kept for validation (or, if there are none, of those trained on) "
        "whose class was predicted correctly.",
    ),
    _metric_column("Recall", "recall", "The same among the examples of the rarest class."),
    _metric_column(
        "R²", "r2", "Share of the target's variance that is explained, of the same examples."
    ),
    _count_column("Steps to tol.", lambda r: r.steps_to_tolerance, _STEPS_TIP),
    _count_column("Evals to tol.", lambda r: r.evaluations_to_tolerance, _EVALUATIONS_TIP),
    _count_column("Evaluations", lambda r: r.evaluations, _ALL_EVALUATIONS_TIP),
    Column(
        "Verdict",
        lambda r: r.verdict.sentence,
        lambda r: (_ORDER.index(r.verdict.kind), r.verdict.sentence),
        lambda r: r.verdict.sentence,
    ),
)


class ResultsModel(QAbstractTableModel):
    """Rows of a result table."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Result, ...] = ()

    def show_results(self, rows: tuple[Result, ...]) -> bool:
        """Replace the rows; whether the runs are the same ones, so that a selection stays."""
        if [r.lane for r in rows] == [r.lane for r in self.rows] and rows:
            changed = [k for k, row in enumerate(rows) if row != self.rows[k]]
            self.rows = rows
            for k in changed:  # a drag changes one contender, and each cell takes long to paint
                self.dataChanged.emit(self.index(k, 0), self.index(k, len(COLUMNS) - 1))
            return True
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()
        return False

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        if role == Qt.ItemDataRole.ToolTipRole:
            return COLUMNS[section].tip or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _NUMBER if COLUMNS[section].is_number else _TEXT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.exact(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _NUMBER if column.is_number else _TEXT
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return theme.swatch_icon(row.contender.colour)
        if role == Qt.ItemDataRole.FontRole and column.is_number:
            return theme.tabular_font()
        return None
