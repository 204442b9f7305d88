"""The window. It is shown empty first and furnished after its first paint."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QPaintEvent,
)
from PySide6.QtWidgets import QMainWindow

from lrstudio.gui.settings import Settings

if TYPE_CHECKING:
    from lrstudio.gui.studio import Studio

_SIZE = (1440, 900)
_FRAME = QSize(8, 40)
"""Room that the platform's title bar and borders take."""


class MainWindow(QMainWindow):
    """Frame of the program; `Studio` fills it once it has been painted for the first time.

    Importing NumPy, pyqtgraph and the engine takes longer than showing a window, so nothing here
    may import them. Nor may it name `Qt`: making its hundred enumerations takes a tenth of the
    time to the first paint.
    """

    painted = Signal()
    """The first paint is done."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.studio: Studio | None = None
        self._has_painted = False
        self.setObjectName("main_window")
        self.setWindowTitle("LR Studio")
        self.setAcceptDrops(True)
        room = QGuiApplication.primaryScreen().availableSize()
        self.resize(QSize(*_SIZE).boundedTo(room - _FRAME))
        geometry, _ = settings.window()
        if geometry != QByteArray():
            self.restoreGeometry(geometry)

    def furnish(self, path: Path | None = None) -> None:
        """Build everything and open a file, or the default experiment."""
        # Late on purpose: this is what takes long.
        from lrstudio.gui import icons  # noqa: PLC0415
        from lrstudio.gui.studio import Studio  # noqa: PLC0415

        self.setWindowIcon(icons.program_icon())
        self.studio = Studio(self, self.settings)
        if path is not None:
            self.studio.files.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.studio is not None and not self.studio.may_close():
            event.ignore()
            return
        if self.studio is not None:
            if self.studio.layout.is_restored:  # else the docks are not in their places yet
                self.settings.set_window(self.saveGeometry(), self.studio.layout.saved())
            self.settings.ground = self.palette().window().color().name()
            self.studio.shut_down()
            self.studio = None
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._has_painted:
            self._has_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_path(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        from PySide6.QtCore import Qt  # noqa: PLC0415

        path = _dropped_path(event)
        if path and self.studio is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.studio.files.open_path(path)


def _dropped_path(event: QDropEvent) -> Path | None:
    """The one local file that is dragged over the window."""
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
