"""The contenders dock: who races, and below the list the editor of the selected one."""

import msgspec
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lrstudio.engine import Contender, Experiment, edits
from lrstudio.gui import icons, theme
from lrstudio.gui.contender_actions import ContenderActions
from lrstudio.gui.contender_editor import ContenderEditor
from lrstudio.gui.contender_list import ROW_HEIGHT, ContenderList
from lrstudio.gui.contender_model import ContenderModel
from lrstudio.gui.document import Document
from lrstudio.gui.list_changes import Change, Inserted, Replaced, Reset
from lrstudio.gui.panel_parts import column, note, scrolled, small_button

_SELECT = QItemSelectionModel.SelectionFlag.ClearAndSelect
_CLEAR = QItemSelectionModel.SelectionFlag.Clear
_FEWEST_ROWS, _MOST_ROWS = 3, 7  # that the list has room for when it is first shown
_TOOLS_HEIGHT = 42  # of the buttons above the list, with margins and frame
_EDITOR_HEIGHT = 600


class ContendersPanel(QWidget):
    """Shows and edits the contenders of the document."""

    selection_changed = Signal(int)
    """Index of the selected contender, -1 where none is."""
    code_requested = Signal()
    """The selected contender is wanted as a program."""
    reference_requested = Signal(object)
    """The class whose page of the reference is wanted."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._index = -1
        self._is_following = False
        self._model = ContenderModel(document, self)
        self._list = ContenderList(self._model)
        self._actions = ContenderActions(self._list)
        self._editor = ContenderEditor(document)
        self._top = QStackedWidget()
        self._bottom = QStackedWidget()
        self._arrange()
        self._connect()
        self._show_selection(None)
        self.select(0)

    def selected(self) -> int:
        """Index of the selected contender, -1 where none is."""
        return self._index

    def select(self, index: int) -> None:
        """Select a contender; -1 (or one that is not there) selects none."""
        if index == self._selected_row():
            return
        row = self._model.index(index)
        self._list.selectionModel().setCurrentIndex(row, _SELECT if row.isValid() else _CLEAR)

    def declaration_at(self, widget: QWidget | None) -> type[msgspec.Struct] | None:
        """What a widget of the panel is about; without one, the selected contender's rule."""
        is_here = widget is None or self.isAncestorOf(widget)
        return self._editor.declaration_at(widget) if is_here and self._index >= 0 else None

    def set_step(self, step: int | None) -> None:
        """Mark the play-head's step in the picture of the learning rate."""
        self._editor.preview.set_step(step)

    def on_document_changed(self, old: Experiment, new: Experiment) -> None:
        """Follow the list, keep or find a sensible selection, show what changed."""
        self._is_following = True
        change = self._model.show_contenders(new.contenders)
        self._select_what_changed(change)
        self._is_following = False
        self._show_selection(change)

    def on_selection_changed(self, chosen: QItemSelection, left: QItemSelection) -> None:
        """Another row was selected, or none."""
        if not self._is_following:
            self._show_selection(None)

    def add(self, rule: str) -> None:
        """Add a contender with a rule's defaults below the selected one."""
        experiment = self._document.experiment
        self._insert("Add", edits.new_contender(experiment, rule))

    def duplicate(self) -> None:
        """Add a copy of the selected contender below it."""
        self._insert("Duplicate", edits.duplicate(self._document.experiment, self._index))

    def remove(self) -> None:
        """Remove the selected contender."""
        experiment = self._document.experiment
        name = experiment.contenders[self._index].name
        self._document.edit(f"Remove {name}", edits.without(experiment, self._index))
        self._go_to_list()

    def move_up(self) -> None:
        """Move the selected contender before the one above it."""
        self._model.moveRow(QModelIndex(), self._index, QModelIndex(), self._index - 1)
        self._go_to_list()

    def move_down(self) -> None:
        """Move the selected contender behind the one below it."""
        self._model.moveRow(QModelIndex(), self._index, QModelIndex(), self._index + 2)
        self._go_to_list()

    def rename(self) -> None:
        """Type another name for the selected contender, in the list."""
        self._list.edit(self._list.currentIndex())

    def set_colour(self, slot: int) -> None:
        """Draw the selected contender in another colour and dash pattern."""
        self._model.set_colour(self._index, slot)

    def on_add_clicked(self) -> None:
        """Let the rule of a new contender be chosen, below the button that is shown."""
        self._actions.ask_for_rule(self._add if self._model.rowCount() else self._add_first)

    def on_context_menu_requested(self, place: QPoint) -> None:
        """Offer what can be done with the row below the pointer."""
        self._actions.context_menu.popup(self._list.viewport().mapToGlobal(place))

    def _selected_row(self) -> int:
        return next((chosen.row() for chosen in self._list.selectedIndexes()), -1)

    def _insert(self, verb: str, contender: Contender) -> None:
        experiment = self._document.experiment
        place = self._index + 1 if self._index >= 0 else len(experiment.contenders)
        new = edits.with_added(experiment, contender, place)
        self._document.edit(f"{verb} {contender.name}", new)
        self._go_to_list()

    def _go_to_list(self) -> None:
        """Keys go on with the selected row; a button that is switched off would pass them on."""
        if self._model.rowCount():
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._add_first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _select_what_changed(self, change: Change | None) -> None:
        """So that undo, too, shows what it did; the list itself follows moves and removals."""
        match change:
            case Inserted(row) | Replaced((row,)):
                self.select(row)
            case Reset():
                self.select(min(max(self._index, 0), self._model.rowCount() - 1))

    def _show_selection(self, change: Change | None) -> None:
        index = self._selected_row()
        is_same = change is None or (isinstance(change, Replaced) and len(change.rows) <= 1)
        is_other = index != self._index or not is_same
        experiment = self._document.experiment
        count = len(experiment.contenders)
        if index >= 0:
            self._editor.show_contender(index, experiment, is_other)
            self._actions.show_colour(experiment.contenders[index].colour)
        else:
            self._editor.show_nothing()
        self._top.setCurrentIndex(0 if count else 1)
        self._bottom.setCurrentIndex(0 if index >= 0 else 1)
        self._bottom.setHidden(not count)
        self._actions.show_selection(index, count)
        if index != self._index:
            self._index = index
            self.selection_changed.emit(index)

    def _connect(self) -> None:
        self._editor.reference_requested.connect(self.reference_requested)
        self._editor.code_requested.connect(self.code_requested)
        actions = self._actions
        actions.add_asked.connect(self.add)
        actions.add.triggered.connect(self.on_add_clicked)
        self._add.clicked.connect(self.on_add_clicked)
        self._add_first.clicked.connect(self.on_add_clicked)
        actions.colour_asked.connect(self.set_colour)
        actions.duplicate.triggered.connect(self.duplicate)
        actions.remove.triggered.connect(self.remove)
        actions.move_up.triggered.connect(self.move_up)
        actions.move_down.triggered.connect(self.move_down)
        actions.rename.triggered.connect(self.rename)
        for action in (
            *(actions.add, actions.duplicate, actions.remove),
            *(actions.move_up, actions.move_down),
        ):
            self._list.addAction(action)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self.on_context_menu_requested)
        self._list.selectionModel().selectionChanged.connect(self.on_selection_changed)
        self._document.changed.connect(self.on_document_changed)

    def _arrange(self) -> None:
        self._top.addWidget(self._make_list_page())
        self._top.addWidget(self._make_empty_page())
        self._bottom.addWidget(scrolled(self._editor, "contender_scroll_area"))
        hint = note("Select a contender to edit it.")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bottom.addWidget(hint)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setObjectName("contenders_splitter")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._top)
        splitter.addWidget(self._bottom)
        splitter.setStretchFactor(1, 1)
        rows = min(max(self._model.rowCount(), _FEWEST_ROWS), _MOST_ROWS)
        splitter.setSizes([rows * ROW_HEIGHT + _TOOLS_HEIGHT, _EDITOR_HEIGHT])
        column(self, 0).addWidget(splitter)

    def _make_list_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(theme.SPACING, 0, theme.SPACING, 4)
        layout.setSpacing(4)
        layout.addLayout(self._make_tools())
        layout.addWidget(self._list, 1)
        page.setMinimumHeight(2 * ROW_HEIGHT + _TOOLS_HEIGHT)
        return page

    def _make_tools(self) -> QHBoxLayout:
        self._add = small_button("add_contender", "Add", "plus", self._actions.add.toolTip())
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self._add)
        row.addStretch(1)
        actions = self._actions
        for action in (actions.duplicate, actions.remove, actions.move_up, actions.move_down):
            row.addWidget(_tool(action))
        return row

    def _make_empty_page(self) -> QWidget:
        page = QWidget()
        words = note("No contenders yet. Add an optimizer to see how it does.")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._add_first = button = QPushButton(icons.icon("plus"), "Add contender")
        button.setObjectName("add_first_contender")
        layout = QVBoxLayout(page)
        layout.addStretch(1)
        layout.addWidget(words)
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        return page


def _tool(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setObjectName(f"{action.objectName()}_button")
    button.setIconSize(QSize(icons.SMALL, icons.SMALL))
    return button
