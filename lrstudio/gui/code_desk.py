"""Opens the window with code, and lets it follow the contender that is selected."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from lrstudio.engine import Contender
from lrstudio.gui.contenders_panel import ContendersPanel
from lrstudio.gui.document import Document
from lrstudio.gui.settings import Settings

if TYPE_CHECKING:
    from lrstudio.gui.code_window import CodeWindow


class CodeDesk(QObject):
    """Keeps the one window with code, made when it is first asked for."""

    def __init__(
        self, window: QWidget, settings: Settings, document: Document, panel: ContendersPanel
    ) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._document = document
        self._panel = panel
        self._code: CodeWindow | None = None
        panel.code_requested.connect(self.open)
        panel.selection_changed.connect(self.follow)
        document.changed.connect(self.follow)

    def open(self) -> None:
        """Show the selected contender as a program, in its own flavour, and come to the front."""
        from lrstudio.gui.code_window import CodeWindow  # noqa: PLC0415 - not needed at start

        if self._code is None:
            self._code = CodeWindow(self._settings, self._window)
        self._code.show()
        contender = self._selected()
        if contender is not None:
            self._code.show_framework(contender.flavour)
        self.follow()
        self._code.raise_()
        self._code.activateWindow()

    def follow(self) -> None:
        """Show what is selected now, where anybody looks."""
        if self._code is None or not self._code.isVisible():
            return
        self._code.show_contender(self._selected(), self._document.experiment.steps)

    def close(self) -> None:
        """Close the window, before the program's own goes."""
        if self._code is not None:
            self._code.close()

    def _selected(self) -> Contender | None:
        contenders, index = self._document.experiment.contenders, self._panel.selected()
        return contenders[index] if 0 <= index < len(contenders) else None
