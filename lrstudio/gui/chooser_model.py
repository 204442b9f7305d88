"""What a chooser lists: favourites, recently used and families, or what a search finds."""

import textwrap
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from lrstudio.core.catalogue import Catalogue
from lrstudio.core.search import Entry, having, search
from lrstudio.core.traits import Trait
from lrstudio.gui.settings import Settings

Index = QModelIndex | QPersistentModelIndex
Row = Entry | str
"""A rule, or the heading of those below it."""

ENTRY_ROLE = Qt.ItemDataRole.UserRole
"""The `Entry` of a row, None for a heading."""
DETAIL_ROLE = Qt.ItemDataRole.UserRole + 1
"""What stands quietly at the right: the year, and the family where no heading says it."""
FAVOURITE_ROLE = Qt.ItemDataRole.UserRole + 2
CHOSEN_ROLE = Qt.ItemDataRole.UserRole + 3
"""Whether it is the rule that the field shows."""

_TIP_WIDTH = 56


class ChooserModel(QAbstractListModel):
    """The rows of a chooser.

    A rule that is marked changes its star at once but stands among the favourites from the next
    time on: rows that moved would be under the hand where others were.
    """

    def __init__(self, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._by_id = {entry.id: entry for entry in catalogue.entries}
        self._rows: tuple[Row, ...] = ()
        self._favourites: tuple[str, ...] = ()
        self._chosen = ""
        self._is_search = False
        self._traits: tuple[str, ...] = ()
        self._answers: dict[int, Callable[[Entry], Any]] = {
            Qt.ItemDataRole.DisplayRole: attrgetter("title"),
            Qt.ItemDataRole.ToolTipRole: _tip,
            Qt.ItemDataRole.AccessibleTextRole: self._spoken,
            ENTRY_ROLE: _itself,
            DETAIL_ROLE: self._detail,
            FAVOURITE_ROLE: self._is_favourite,
            CHOSEN_ROLE: self._is_chosen,
        }

    @property
    def kind(self) -> str:
        """What is listed: "optimizers"."""
        return self._catalogue.kind

    @property
    def traits(self) -> tuple[Trait, ...]:
        """What the list can be filtered by."""
        return self._catalogue.traits

    def show_all(self, chosen: str = "") -> None:
        """Everything in sections, with `chosen` as the present choice."""
        self._chosen = chosen
        self.show_found("")

    def show_found(self, query: str, traits: tuple[str, ...] = ()) -> None:
        """What the words find, best first; everything in sections for no words.

        Of all this only what has the traits.
        """
        self.beginResetModel()
        self._favourites = Settings().favourites(self.kind)
        self._is_search, self._traits = bool(query.strip()), traits
        entries = having(traits, self._catalogue.entries)
        self._rows = tuple(search(query, entries)) if self._is_search else self._sections()
        self.endResetModel()

    def row_of(self, identifier: str) -> int:
        """The first row with a rule, -1 where it is not listed."""
        return next((row for row in self.choosable() if self.identifier(row) == identifier), -1)

    def choosable(self) -> list[int]:
        """The rows that are no headings."""
        return [row for row, shown in enumerate(self._rows) if isinstance(shown, Entry)]

    def identifier(self, row: int) -> str:
        """Id of the rule in a row, "" for a heading or where there is no such row."""
        shown = self._rows[row] if 0 <= row < len(self._rows) else ""
        return shown.id if isinstance(shown, Entry) else ""

    def toggle_favourite(self, row: int) -> None:
        """Mark the rule in a row as a favourite, or no longer."""
        identifier = self.identifier(row)
        if not identifier:
            return
        settings = Settings()
        settings.set_favourite(self.kind, identifier, identifier not in self._favourites)
        self._favourites = settings.favourites(self.kind)
        last = self.index(self.rowCount() - 1)  # it may stand in several sections
        self.dataChanged.emit(self.index(0), last, [FAVOURITE_ROLE])

    def remember(self, identifier: str) -> None:
        """A rule was chosen."""
        Settings().add_recent_rule(self.kind, identifier)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        is_choosable = bool(self.identifier(index.row()))
        chosen = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return chosen if is_choosable else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        shown = self._rows[index.row()]
        if isinstance(shown, str):
            return shown if role == Qt.ItemDataRole.DisplayRole else None
        answer = self._answers.get(role)
        return answer(shown) if answer else None

    def _sections(self) -> tuple[Row, ...]:
        recent = Settings().recent_rules(self.kind)
        sections = {
            "Favourites": self._known(self._favourites),
            "Recently used": self._known(recent),
            **{family.title: own for family, own in self._catalogue.sections().items()},
        }
        kept = {title: having(self._traits, entries) for title, entries in sections.items()}
        return tuple(row for title, entries in kept.items() if entries for row in (title, *entries))

    def _known(self, identifiers: tuple[str, ...]) -> tuple[Entry, ...]:
        return tuple(self._by_id[known] for known in identifiers if known in self._by_id)

    def _is_favourite(self, entry: Entry) -> bool:
        return entry.id in self._favourites

    def _is_chosen(self, entry: Entry) -> bool:
        return entry.id == self._chosen

    def _detail(self, entry: Entry) -> str:
        family = entry.family.title if self._is_search else ""
        year = str(entry.year) if entry.year is not None else ""
        return " · ".join(part for part in (family, year) if part)

    def _spoken(self, entry: Entry) -> str:
        favourite = "favourite" if self._is_favourite(entry) else ""
        year = str(entry.year) if entry.year is not None else ""
        name = ", ".join(part for part in (entry.title, year, favourite) if part)
        return f"{name}: {entry.summary}"


def _itself(entry: Entry) -> Entry:
    return entry


def _tip(entry: Entry) -> str:
    return textwrap.fill(f"{entry.title}: {entry.summary}", _TIP_WIDTH)
