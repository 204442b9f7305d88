"""The results dock: who won and why, and the table behind it."""

from PySide6.QtCore import QItemSelection, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from lrstudio.engine import Result, headline
from lrstudio.gui import icons, theme
from lrstudio.gui.results_model import COLUMNS, Index, ResultsModel

_WIDTHS = {
    "Contender": 96,
    "Optimizer": 84,
    "Schedule": 76,
    "Start": 72,
    "Seed": 48,
    "Best loss": 80,
    "Final loss": 80,
    "Steps to tol.": 92,
    "Evals to tol.": 92,
    "Evaluations": 86,
}
"""Least widths in pixels: those of the titles."""
_WIDEST = 180

_PLACES = {column.title: place for place, column in enumerate(COLUMNS)}
_NEEDLESS = ("Start", "Seed")
"""Columns that are left out where they would say the same in every row."""
_NAMES = ("Contender", "Optimizer", "Schedule")
_YIELDING = ("Evaluations", "Schedule")
"""Columns that are left out in that case if the verdicts need their room."""


class ResultsPanel(QWidget):
    """Sortable results; selected rows are the highlighted runs."""

    selection_changed = Signal(object)
    """Set of the lanes whose rows are selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ResultsModel(self)
        self._fitted: tuple[tuple[str, ...], ...] = ()
        self._sorted = _ByKey(self)
        self._sorted.setSourceModel(self.model)
        self._headline = QLabel(textFormat=Qt.TextFormat.PlainText, objectName="results_headline")
        self._headline.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.header = self._make_header()
        self._table = self._make_table()
        self._empty = QLabel(
            "Results appear here when a run has ended.", alignment=Qt.AlignmentFlag.AlignCenter
        )
        self._empty.setProperty("role", "muted")
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACING, 0, theme.SPACING, theme.SPACING)
        layout.setSpacing(theme.SPACING // 2)
        layout.addWidget(self._stack)
        theme.notifier.changed.connect(self.on_theme_changed)

    def show_results(self, rows: tuple[Result, ...]) -> None:
        """Show the results of a run; keeps sorting and selection."""
        self._table.setEnabled(True)
        is_same = self.model.show_results(rows)
        if self._names() != self._fitted:  # other ones than numbers that a drag lets run past
            self._fit_columns()
        if not is_same:
            # A reset drops the selection without a word.
            self.selection_changed.emit(set())
        if self._headline.property("role"):
            self._headline.setProperty("role", None)
            self._headline.style().polish(self._headline)
        self._show_headline(headline(rows))
        self._stack.setCurrentIndex(1 if rows else 0)
        self._choose_columns()

    def show_running(self) -> None:
        """The table is that of the run before: dim it, and say that another is under way."""
        if self._table.isEnabled():
            self._table.setEnabled(False)
            self._show_headline("Running …")

    def show_failure(self, sentence: str) -> None:
        """Say above the table, which is that of the run before, why there are no new results."""
        self._table.setEnabled(False)
        self._headline.setProperty("role", "error")
        self._headline.style().polish(self._headline)
        self._show_headline(sentence)

    def copy(self) -> None:
        """Copy the selected rows (all, if none is) as text with tabs, as shown."""
        chosen = [i.row() for i in self._table.selectionModel().selectedRows()]
        rows = sorted(chosen) or range(self._sorted.rowCount())
        lines = ["\t".join(column.title for column in COLUMNS)]
        for row in rows:
            cells = (self._sorted.index(row, c).data() for c in range(len(COLUMNS)))
            lines.append("\t".join(cells))
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    def on_selection_changed(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Rows were selected or deselected."""
        indexes = self._table.selectionModel().selectedRows()
        lanes = {self.model.rows[self._sorted.mapToSource(i).row()].lane for i in indexes}
        self.selection_changed.emit(lanes)

    def on_theme_changed(self) -> None:
        """Swatches are drawn in the new colours."""
        self._table.viewport().update()

    def _fit_columns(self) -> None:
        """Columns as wide as what is in them, within limits; the verdict takes the rest."""
        self._fitted = self._names()
        for i, column in enumerate(COLUMNS[:-1]):
            least = _WIDTHS[column.title]
            wanted = self._table.sizeHintForColumn(i) + theme.SPACING
            self._table.setColumnWidth(i, max(min(wanted, _WIDEST), least))

    def _names(self) -> tuple[tuple[str, ...], ...]:
        """What the columns of names show, row by row."""
        shown = [COLUMNS[_PLACES[title]] for title in _NAMES]
        return tuple(tuple(column.text(row) for column in shown) for row in self.model.rows)

    def _choose_columns(self) -> None:
        """Leave out what says the same in every row: it stands in the experiment anyway."""
        for title in _NEEDLESS:
            self._table.setColumnHidden(_PLACES[title], self._is_dull(title))
        # Where every step costs one evaluation, the steps say it already.
        is_counted = any(
            r.evaluations_to_tolerance != r.steps_to_tolerance for r in self.model.rows
        )
        self._table.setColumnHidden(_PLACES["Evals to tol."], not is_counted)
        for title in _YIELDING:
            self._table.setColumnHidden(_PLACES[title], False)
        for title in _YIELDING:
            if self._is_dull(title) and self._missing_width() > 0:
                self._table.setColumnHidden(_PLACES[title], True)

    def _is_dull(self, title: str) -> bool:
        text = COLUMNS[_PLACES[title]].exact
        return len({text(row) for row in self.model.rows}) < 2

    def _missing_width(self) -> int:
        """By how many pixels the longest verdict is wider than its column."""
        verdict = len(COLUMNS) - 1
        before = sum(self._table.columnWidth(i) for i in range(verdict))  # 0 where hidden
        room = self._table.viewport().width() - before
        return self._table.sizeHintForColumn(verdict) - room

    def _show_headline(self, sentence: str) -> None:
        self._headline.setText(sentence)
        self._headline.setToolTip(sentence)

    def _make_header(self) -> QWidget:
        """Title and headline, for the title bar of the dock: the table needs the height."""
        header = QWidget()
        row = QHBoxLayout(header)
        row.setContentsMargins(theme.SPACING, 2, 0, 2)
        row.setSpacing(2 * theme.SPACING)
        title = QLabel("Results")
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        row.addWidget(title)
        row.addWidget(self._headline, 1)
        return header

    def _make_table(self) -> QTableView:
        table = QTableView(self, objectName="results_table")
        table.setAccessibleName("Results")
        table.setModel(self._sorted)
        table.setSortingEnabled(True)
        table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setAlternatingRowColors(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setMinimumSectionSize(20)
        table.verticalHeader().setDefaultSectionSize(22)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for i, column in enumerate(COLUMNS):
            if column.title in _WIDTHS:
                table.setColumnWidth(i, _WIDTHS[column.title])
        table.selectionModel().selectionChanged.connect(self.on_selection_changed)
        self._add_copy_action(table)
        return table

    def _add_copy_action(self, table: QTableView) -> None:
        action = QAction(icons.icon("clipboard-copy"), "Copy as Text", table)
        action.setObjectName("copy_results")
        action.setShortcut(QKeySequence.StandardKey.Copy)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(self.copy)
        table.addAction(action)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_columns()


class _ByKey(QSortFilterProxyModel):
    """Sorts by the columns' keys; diverged runs and dashes come last."""

    def lessThan(self, left: Index, right: Index) -> bool:
        model = self.sourceModel()
        assert isinstance(model, ResultsModel)
        key = COLUMNS[left.column()].sort_key
        return bool(key(model.rows[left.row()]) < key(model.rows[right.row()]))
