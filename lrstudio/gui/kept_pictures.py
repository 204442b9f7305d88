"""Small pictures for a list, which are drawn when they are looked at and kept."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QPixmap

from lrstudio.gui import theme


class KeptPictures(QObject):
    """Pictures by id, in the colours of the theme."""

    def __init__(self, draw: Callable[[str], QPixmap], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draw = draw
        self._pictures: dict[str, QPixmap] = {}
        theme.notifier.changed.connect(self.on_theme_changed)

    def on_theme_changed(self) -> None:
        """Forget the pictures in the old colours."""
        self._pictures.clear()

    def picture(self, identifier: str) -> QPixmap:
        """The picture of that id."""
        if identifier not in self._pictures:
            self._pictures[identifier] = self._draw(identifier)
        return self._pictures[identifier]
