"""The contents of the reference: all rules, schedules and problems, with a search."""

import msgspec
from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QTreeView, QVBoxLayout, QWidget

from lrstudio.core import identifier, reference
from lrstudio.core.catalogue import entry
from lrstudio.core.search import search
from lrstudio.gui import icons, theme
from lrstudio.gui.panel_parts import described, note

_CLASS = Qt.ItemDataRole.UserRole
_FITS = Qt.ItemDataRole.UserRole + 1
_FITTING = "fits"
_SECTION_HEIGHT = 30


class ReferenceList(QWidget):
    """Titles under their sections; typing leaves those that fit."""

    chosen = Signal(object)
    """The class whose page is to be shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _contents(self)
        self._fitting = QSortFilterProxyModel(self)
        self._fitting.setSourceModel(self._model)
        self._fitting.setFilterRole(_FITS)
        self._fitting.setRecursiveFilteringEnabled(True)
        self.search = self._make_search()
        self._view = self._make_view()
        self._nothing = note("Nothing fits. Try a part of a name.")
        self._nothing.setObjectName("reference_nothing")
        self._nothing.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACING, theme.SPACING, 0, theme.SPACING)
        layout.setSpacing(theme.SPACING)
        for widget in (self.search, self._nothing, self._view):
            layout.addWidget(widget)

    def show_class(self, cls: type[msgspec.Struct]) -> None:
        """Mark the title of the page that is shown; a search that hides it is given up."""
        index = self._index_of(cls)
        if not index.isValid():
            self.search.clear()
            index = self._index_of(cls)
        self._view.setCurrentIndex(index)

    def on_search_changed(self, text: str) -> None:
        """Leave what fits, and show the best of it."""
        items, words = self._items(), text.strip()
        self._fitting.setFilterFixedString("")  # or titles would go one by one, the marked one too
        found = [one.id for one in search(words, [entry(c) for c in items])] if words else []
        for cls, item in items.items():
            item.setData(_FITTING if identifier(cls) in found else "", _FITS)
        self._fitting.setFilterFixedString(_FITTING if words else "")
        self._view.expandAll()
        self._nothing.setHidden(bool(found) or not words)
        best = next((c for c in items if found and identifier(c) == found[0]), None)
        if best is not None:
            self._view.setCurrentIndex(self._index_of(best))

    def on_current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Another title is marked."""
        cls = current.data(_CLASS)
        if cls is not None:
            self.chosen.emit(cls)

    def _go(self, by: int) -> None:
        """Mark the next or the previous title; at an end, stay."""
        indices, current = self._indices(), self._view.currentIndex()
        if indices:
            place = indices.index(current) + by if current in indices else 0
            self._view.setCurrentIndex(indices[min(max(place, 0), len(indices) - 1)])

    def _items(self) -> dict[type[msgspec.Struct], QStandardItem]:
        """The titles, by what they are titles of."""
        sections = [self._model.item(row) for row in range(self._model.rowCount())]
        items = [s.child(row) for s in sections for row in range(s.rowCount())]
        return {item.data(_CLASS): item for item in items}

    def _index_of(self, cls: type[msgspec.Struct]) -> QModelIndex:
        return next((i for i in self._indices() if i.data(_CLASS) is cls), QModelIndex())

    def _indices(self) -> list[QModelIndex]:
        sections = [self._fitting.index(row, 0) for row in range(self._fitting.rowCount())]
        return [
            self._fitting.index(row, 0, section)
            for section in sections
            for row in range(self._fitting.rowCount(section))
        ]

    def _make_search(self) -> QLineEdit:
        search = QLineEdit()
        search.setObjectName("reference_search")
        search.setPlaceholderText("Search")
        search.setAccessibleName("Search the reference")
        search.setClearButtonEnabled(True)
        search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        search.textChanged.connect(self.on_search_changed)
        search.installEventFilter(self)
        return search

    def _make_view(self) -> QTreeView:
        view = QTreeView()
        view.setObjectName("reference_list")
        view.setAccessibleName("Contents of the reference")
        view.setModel(self._fitting)
        view.setHeaderHidden(True)
        view.setRootIsDecorated(False)
        view.setItemsExpandable(False)
        view.setIndentation(theme.SPACING)
        view.setEditTriggers(view.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.expandAll()
        view.selectionModel().currentChanged.connect(self.on_current_changed)
        return view

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys in the search move through the titles; Esc empties it before it closes."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
            if event.key() in steps:
                self._go(steps[Qt.Key(event.key())])
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)


def _contents(parent: QObject) -> QStandardItemModel:
    model = QStandardItemModel(parent)
    for title, declared in reference.contents().items():
        section = QStandardItem(title)
        section.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = theme.small_font()
        font.setBold(True)
        section.setFont(font)
        section.setSizeHint(QSize(0, _SECTION_HEIGHT))
        section.setTextAlignment(Qt.AlignmentFlag.AlignBottom)
        for cls in declared:
            told = described(cls)
            item = QStandardItem(told.title)
            item.setData(cls, _CLASS)
            item.setToolTip(told.summary[:1].upper() + told.summary[1:])
            section.appendRow(item)
        model.appendRow(section)
    return model
