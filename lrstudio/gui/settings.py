"""What the program remembers between starts: window, theme, live mode, recent files."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

LAYOUT_VERSION = 1
"""To be raised when docks come or go: an older layout is then not restored."""
_MOST_RECENT = 10


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
    def recent(self) -> tuple[Path, ...]:
        """Files opened or saved last, newest first."""
        stored = self._store.value("recent", [])
        names = [stored] if isinstance(stored, str) else list(stored or [])
        return tuple(Path(name) for name in names if isinstance(name, str))

    def add_recent(self, path: Path) -> None:
        """A file was opened or saved."""
        path = path.absolute()
        others = [str(p) for p in self.recent if p != path]
        self._store.setValue("recent", [str(path), *others][:_MOST_RECENT])

    def clear_recent(self) -> None:
        """Forget the files."""
        self._store.setValue("recent", [])

    @property
    def folder(self) -> str:
        """Folder that file dialogs start in."""
        return str(self._store.value("folder", str(Path.home())))

    @folder.setter
    def folder(self, value: str) -> None:
        self._store.setValue("folder", value)

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
