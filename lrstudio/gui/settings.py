"""What the program remembers between starts: window, theme, live mode, files, favourite rules."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

LAYOUT_VERSION = 2
"""To be raised when docks come or go: an older layout is then not restored."""
_MOST_RECENT = 10
_MOST_RECENT_RULES = 5
_MOST_FAVOURITES = 200


class Settings:
    """The user's settings, kept by the platform's usual means."""

    def __init__(self) -> None:
        self._store = QSettings("LR Studio", "LR Studio")

    @property
    def theme(self) -> str:
        """One of system, light, dark."""
        value = str(self._store.value("theme", "system"))
        return value if value in ("system", "light", "dark") else "system"

    @theme.setter
    def theme(self, value: str) -> None:
        self._store.setValue("theme", value)

    @property
    def ground(self) -> str:
        """Colour of the empty window as "#rrggbb", before the theme is loaded; "" at first."""
        return str(self._store.value("ground", ""))

    @ground.setter
    def ground(self, value: str) -> None:
        self._store.setValue("ground", value)

    @property
    def is_live(self) -> bool:
        """Whether every edit runs at once."""
        return str(self._store.value("live", "true")).lower() == "true"

    @is_live.setter
    def is_live(self, value: bool) -> None:
        self._store.setValue("live", value)

    @property
    def code_framework(self) -> str:
        """Id of the framework for which code was last shown; it may be one not known here."""
        return str(self._store.value("code_framework", ""))

    @code_framework.setter
    def code_framework(self, value: str) -> None:
        self._store.setValue("code_framework", value)

    @property
    def x_axis(self) -> str:
        """Id of what plots have along them; it may be one not known here."""
        return str(self._store.value("x_axis", ""))

    @x_axis.setter
    def x_axis(self, value: str) -> None:
        self._store.setValue("x_axis", value)

    @property
    def recent(self) -> tuple[Path, ...]:
        """Files opened or saved last, newest first."""
        return tuple(Path(name) for name in self._names("recent"))

    def add_recent(self, path: Path) -> None:
        """A file was opened or saved."""
        path = path.absolute()
        others = [str(p) for p in self.recent if p != path]
        self._store.setValue("recent", [str(path), *others][:_MOST_RECENT])

    def clear_recent(self) -> None:
        """Forget the files."""
        self._store.setValue("recent", [])

    def favourites(self, kind: str) -> tuple[str, ...]:
        """Ids of the favourite rules of a kind ("optimizers"), in the order of their marking.

        They may be ids that this version does not know.
        """
        return self._names(f"favourites/{kind}")

    def set_favourite(self, kind: str, identifier: str, is_favourite: bool) -> None:
        """Mark a rule as a favourite, or no longer."""
        others = [known for known in self.favourites(kind) if known != identifier]
        names = [*others, identifier] if is_favourite else others
        self._store.setValue(f"favourites/{kind}", names[-_MOST_FAVOURITES:])

    def recent_rules(self, kind: str) -> tuple[str, ...]:
        """Ids of the rules of a kind that were chosen last, newest first."""
        return self._names(f"recent_rules/{kind}")[:_MOST_RECENT_RULES]

    def add_recent_rule(self, kind: str, identifier: str) -> None:
        """A rule was chosen from a list."""
        others = [known for known in self.recent_rules(kind) if known != identifier]
        names = [identifier, *others][:_MOST_RECENT_RULES]
        self._store.setValue(f"recent_rules/{kind}", names)

    @property
    def folder(self) -> str:
        """Folder that file dialogs start in."""
        return str(self._store.value("folder", str(Path.home())))

    @folder.setter
    def folder(self, value: str) -> None:
        self._store.setValue("folder", value)

    def geometry(self, window: str) -> QByteArray:
        """Geometry of one of the other windows; empty before the first time."""
        geometry = self._store.value(f"{window}_geometry", QByteArray())
        return geometry if isinstance(geometry, QByteArray) else QByteArray()

    def set_geometry(self, window: str, geometry: QByteArray) -> None:
        """Remember the geometry of one of the other windows."""
        self._store.setValue(f"{window}_geometry", geometry)

    def window(self) -> tuple[QByteArray, QByteArray]:
        """Geometry and layout of the window; empty before the first time."""
        geometry = self._store.value("geometry", QByteArray())
        state = self._store.value("layout", QByteArray())
        return (
            geometry if isinstance(geometry, QByteArray) else QByteArray(),
            state if isinstance(state, QByteArray) else QByteArray(),
        )

    def set_window(self, geometry: QByteArray, state: QByteArray) -> None:
        """Remember geometry and layout of the window."""
        self._store.setValue("geometry", geometry)
        self._store.setValue("layout", state)

    def _names(self, key: str) -> tuple[str, ...]:
        """A stored list of texts, each once; what is damaged or of another type is left out."""
        stored = self._store.value(key)
        names = [stored] if isinstance(stored, str) else stored
        if not isinstance(names, list | tuple):
            return ()
        return tuple(dict.fromkeys(name for name in names if isinstance(name, str) and name))
