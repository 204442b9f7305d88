"""Opens the reference where somebody asks for it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from lrstudio.gui.settings import Settings

if TYPE_CHECKING:
    from lrstudio.gui.reference_window import ReferenceWindow

Declaration = type[msgspec.Struct]


class Subject(Protocol):
    """A panel that knows what its widgets are about."""

    def declaration_at(self, widget: QWidget | None) -> Declaration | None:
        """The rule, schedule or problem that a widget belongs to."""


class ReferenceDesk(QObject):
    """Keeps the one window of the reference, made when it is first asked for."""

    def __init__(self, window: QWidget, settings: Settings, subjects: Sequence[Subject]) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._subjects = subjects
        self._reference: ReferenceWindow | None = None

    def open(self, cls: Declaration) -> None:
        """Show the page of a declaration."""
        from lrstudio.gui.reference_window import ReferenceWindow  # noqa: PLC0415 - not at start

        if self._reference is None:
            self._reference = ReferenceWindow(self._settings, self._window)
        self._reference.show_class(cls)

    def open_at_focus(self) -> None:
        """Show the page of what has the focus; of the selected contender's rule elsewhere."""
        from lrstudio.core.reference import contents  # noqa: PLC0415 - not at start

        focus = QApplication.focusWidget()
        found = (
            subject.declaration_at(widget) for widget in (focus, None) for subject in self._subjects
        )
        self.open(
            next((cls for cls in found if cls is not None), next(iter(contents().values()))[0])
        )

    def close(self) -> None:
        """Close the window, before the program's own goes."""
        if self._reference is not None:
            self._reference.close()
