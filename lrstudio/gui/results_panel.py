"""The results dock: who won and why, and the table behind it."""

from typing import Any

from PySide6.QtCore import QItemSelection, QRect, QSortFilterProxyModel, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QFontMetrics,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
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
from lrstudio.gui.plots.header import ElidedLabel
from lrstudio.gui.results_model import COLUMNS, Index, ResultsModel

_WIDEST = 180
"""Pixels that a column of names takes at most; longer ones are broken."""
_AROUND_TITLES = 28
"""Pixels of a column that its title leaves free: margins, and the arrow of the sorted one."""
_ROW_HEIGHT = 22
_ROUNDING = 2
"""Pixels by which widths that are measured in two ways may differ."""
_BETWEEN_ROWS = 6
"""Pixels of a row that its lines of text leave free."""

_PLACES = {column.title: place for place, column in enumerate(COLUMNS)}
_NEEDLESS = ("Start", "Seed")
"""Columns that are left out where they would say the same in every row."""
_MEASURED = ("Val. loss", "Accuracy", "Recall", "R²")
"""Columns that are there where the problem measures them."""
_NAMES = ("Contender", "Optimizer", "Schedule")
_BROKEN = (*_NAMES, "Verdict")
"""Columns whose text goes on in another line where it does not fit into one."""
_OPTIMIZER = "Optimizer"
"""Is left out beside metrics that need its room, too: it stands in the tip of the contender."""
_YIELDING = ("Evaluations", "Schedule", _OPTIMIZER)
"""Columns that are left out in that case if the verdicts need their room."""
_STEPS_TO_TOLERANCE = "Steps to tol."
"""Is left out if they need its room and nobody reached it."""


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
        self._headline = ElidedLabel()
        self._headline.setObjectName("results_headline")
        self._headline.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.header = self._make_header()
        self._table = self._make_table()
        self._sorted.layoutChanged.connect(self.on_sorted)
        self._refit = QTimer(self, singleShot=True, interval=0)
        self._refit.timeout.connect(self.on_refit_timeout)
        self._table.horizontalHeader().sectionResized.connect(self.on_column_resized)
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
        if not self.model.show_results(rows):
            # A reset drops the selection without a word.
            self.selection_changed.emit(set())
        if self._headline.property("role"):
            self._headline.setProperty("role", None)
            self._headline.style().polish(self._headline)
        self._show_headline(headline(rows))
        self._stack.setCurrentIndex(1 if rows else 0)
        if self.isVisible():
            self._fit()

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

    def on_sorted(self) -> None:
        """Other rows are the long ones now."""
        self._fit_rows()

    def on_column_resized(self, section: int, before: int, now: int) -> None:
        """A column was dragged wider or narrower, perhaps not for the last time."""
        self._refit.start()

    def on_refit_timeout(self) -> None:
        """Columns have other widths."""
        self._fit_rows()

    def on_theme_changed(self) -> None:
        """Swatches are drawn in the new colours."""
        self._table.viewport().update()

    def _fit(self) -> None:
        """Columns and rows for what is in the table, which is measured where it is seen."""
        is_other = self._names() != self._fitted  # not only numbers that a drag lets run past
        if is_other:
            self._fit_columns()
        self._widen_numbers()
        self._choose_columns()
        if is_other:
            self._give_names_room()
        self._fit_rows()

    def _fit_columns(self) -> None:
        """Columns as wide as what is in them, within limits; the verdict takes the rest."""
        self._fitted = self._names()
        for i, column in enumerate(COLUMNS[:-1]):
            width = self._title_width(i) if column.is_number else self._fitting_width(i)
            self._table.setColumnWidth(i, width)  # numbers widen theirs

    def _fitting_width(self, place: int) -> int:
        """Pixels for the title and what is in a column, within limits."""
        return max(min(self._table.sizeHintForColumn(place), _WIDEST), self._title_width(place))

    def _title_width(self, place: int) -> int:
        metrics = self._table.horizontalHeader().fontMetrics()
        return metrics.horizontalAdvance(COLUMNS[place].title) + _AROUND_TITLES

    def _widen_numbers(self) -> None:
        """Numbers are never cut: their columns grow, and do not shrink while a drag goes on."""
        if not self.model.rows:
            return
        font = QFontMetrics(theme.tabular_font())
        for i, column in enumerate(COLUMNS):
            if not column.is_number:
                continue
            widest = self._widest(i, [column.text(row) for row in self.model.rows], font)
            wanted = max(min(widest, _WIDEST), self._title_width(i))
            if wanted > self._table.columnWidth(i):  # 0 where hidden
                self._table.setColumnWidth(i, wanted)

    def _give_names_room(self) -> None:
        """No name is broken as long as the verdicts leave room."""
        if not self.model.rows:
            return
        wanted = self._verdict_width()
        for title in _NAMES:
            place = _PLACES[title]
            more = self._table.sizeHintForColumn(place) - self._table.columnWidth(place)
            if not self._table.isColumnHidden(place) and 0 < more <= self._room() - wanted:
                self._table.setColumnWidth(place, self._table.columnWidth(place) + more)

    def _fit_rows(self) -> None:
        """Rows as high as their longest text needs, broken to the width of its column."""
        self._refit.stop()
        lines = [_Lines(self._table, _PLACES[title]) for title in _BROKEN]
        rows = self._table.verticalHeader()
        for row in range(self._sorted.rowCount()):
            height = max(column.height(self._sorted.index(row, column.place)) for column in lines)
            wanted = max(height + _BETWEEN_ROWS, _ROW_HEIGHT)
            if rows.sectionSize(row) != wanted:
                rows.resizeSection(row, wanted)

    def _names(self) -> tuple[tuple[str, ...], ...]:
        """What the columns of names show, row by row."""
        shown = [COLUMNS[_PLACES[title]] for title in _NAMES]
        return tuple(tuple(column.text(row) for column in shown) for row in self.model.rows)

    def _choose_columns(self) -> None:
        """Leave out what says the same in every row: it stands in the experiment anyway."""
        if not self.model.rows:
            return
        for title in _NEEDLESS:
            self._table.setColumnHidden(_PLACES[title], self._is_dull(title))
        for title in _MEASURED:
            text = COLUMNS[_PLACES[title]].text
            is_known = any(text(row) != "–" for row in self.model.rows)
            self._table.setColumnHidden(_PLACES[title], not is_known)
        is_measured = any(row.metrics for row in self.model.rows)
        is_reached = any(row.steps_to_tolerance is not None for row in self.model.rows)
        self._table.setColumnHidden(_PLACES[_STEPS_TO_TOLERANCE], is_measured and not is_reached)
        # Where every step costs one evaluation, the steps say it already.
        is_counted = any(
            r.evaluations_to_tolerance != r.steps_to_tolerance for r in self.model.rows
        )
        self._table.setColumnHidden(_PLACES["Evals to tol."], not is_counted)
        for title in _YIELDING:
            self._table.setColumnHidden(_PLACES[title], False)
        may_yield = {title: self._is_dull(title) for title in _YIELDING}
        may_yield[_OPTIMIZER] |= is_measured
        may_yield[_STEPS_TO_TOLERANCE] = not is_reached
        wanted = self._verdict_width()
        for title, may in may_yield.items():
            if may and self._room() < wanted:
                self._table.setColumnHidden(_PLACES[title], True)

    def _is_dull(self, title: str) -> bool:
        text, rows = COLUMNS[_PLACES[title]].exact, self.model.rows
        if title == "Start":  # not by its text: a model has thousands of numbers
            return len({id(row.start) for row in rows}) < 2
        if title == "Evaluations":  # of a run that broke off its verdict tells how far it came
            rows = tuple(row for row in rows if row.verdict.kind != "diverged")
        return len({text(row) for row in rows}) < 2

    def _room(self) -> int:
        """Pixels that the other columns leave the verdicts."""
        others = range(len(COLUMNS) - 1)
        taken = sum(self._table.columnWidth(i) for i in others)  # 0 where hidden
        return self._table.horizontalHeader().width() - taken

    def _verdict_width(self) -> int:
        """Pixels of the longest verdict."""
        texts = [row.verdict.sentence for row in self.model.rows]
        return self._widest(_PLACES["Verdict"], texts, self._table.fontMetrics())

    def _widest(self, place: int, texts: list[str], metrics: QFontMetrics) -> int:
        """Pixels of the longest of the texts of a column.

        Measured here: the table would ask for everything that there is of each cell.
        """
        first = self._sorted.index(0, place)
        margins = self._table.sizeHintForIndex(first).width()
        margins -= metrics.horizontalAdvance(first.data())
        return max(map(metrics.horizontalAdvance, texts)) + margins

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
        table.setTabKeyNavigation(False)  # Tab leads on, arrows move in the table
        table.setWordWrap(True)
        table.verticalHeader().hide()
        table.verticalHeader().setMinimumSectionSize(20)
        table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
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
        if self.isVisible():
            self._choose_columns()
            self._fit_rows()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()


class _Lines:
    """Measures how high the broken texts of a column are."""

    def __init__(self, table: QTableView, place: int) -> None:
        self.place = place
        self._table = table
        self._metrics = table.fontMetrics()
        first = table.model().index(0, place)
        taken = table.sizeHintForIndex(first).width() - self._advance(first)  # margins and swatch
        self._room = 0 if table.isColumnHidden(place) else table.columnWidth(place) - taken

    def height(self, index: Index) -> int:
        """Pixels that the text of a cell needs; 0 where one line is enough."""
        if self._room <= 0 or self._fits(index):
            return 0
        room = QRect(0, 0, self._room, 0)
        return self._metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, index.data()).height()

    def _fits(self, index: Index) -> bool:
        over = self._advance(index) - self._room
        if abs(over) > _ROUNDING:
            return over < 0
        # A column that is as wide as its longest text needs: the table, which asks, knows.
        return self._table.sizeHintForIndex(index).width() <= self._table.columnWidth(self.place)

    def _advance(self, index: Index) -> int:
        return self._metrics.horizontalAdvance(index.data() or "")


class _ByKey(QSortFilterProxyModel):
    """Sorts by the columns' keys; diverged runs and dashes come last."""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles; that of the sorted column with an arrow, which Qt would draw across the text."""
        told = super().headerData(section, orientation, role)
        is_title = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        if not is_title or section != self.sortColumn():
            return told
        arrow = "▴" if self.sortOrder() == Qt.SortOrder.AscendingOrder else "▾"
        return f"{arrow} {told}" if COLUMNS[section].is_number else f"{told} {arrow}"

    def lessThan(self, left: Index, right: Index) -> bool:
        model = self.sourceModel()
        assert isinstance(model, ResultsModel)
        key = COLUMNS[left.column()].sort_key
        return bool(key(model.rows[left.row()]) < key(model.rows[right.row()]))
