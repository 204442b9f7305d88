"""From a command to a window."""

# ruff: noqa: E402 - PySide is loaded in a way of its own before anything else asks for it
import gc
import os
import sys
from pathlib import Path

from lrstudio.gui import pyside_loading

pyside_loading.load()

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from lrstudio import __version__
from lrstudio.gui.main_window import MainWindow
from lrstudio.gui.settings import Settings

SWITCH_SECONDS = 0.0005
"""How long one thread may keep the interpreter while another wants it; the usual 5 ms would let a
worker with few lanes hold up the painter for many frames."""

_application: QApplication | None = None  # must outlive everything else that is Qt's


def main(path: str | None = None) -> int:
    """Open the window, optionally with a file; returns the exit code."""
    # The matrices of a race are small: threads for large ones would gain next to nothing, and they
    # spin for a while, when NumPy is loaded, on the very cores that build the window.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()  # next to nothing of what starting makes is garbage; the collector takes over
    app = application()
    settings = Settings()
    if settings.ground:
        app.setPalette(QPalette(QColor(settings.ground)))
    window = MainWindow(settings)
    opener = _Opener(window, Path(path) if path else None)
    window.painted.connect(opener.on_window_painted)
    window.show()
    return app.exec()


def application() -> QApplication:
    """The application object, still undressed."""
    global _application  # noqa: PLW0603 - Qt allows one, and it must not be collected
    if _application is None:
        sys.setswitchinterval(SWITCH_SECONDS)
        QApplication.setApplicationName("LR Studio")
        QApplication.setOrganizationName("LR Studio")
        QApplication.setApplicationVersion(__version__)
        _application = QApplication(sys.argv[:1])
    return _application


class _Opener(QObject):
    """Furnishes the window once it has been seen."""

    def __init__(self, window: MainWindow, path: Path | None) -> None:
        super().__init__(window)
        self._window = window
        self._path = path

    def on_window_painted(self) -> None:
        """The empty window is on the screen: now for what takes time."""
        from lrstudio.gui import theme  # noqa: PLC0415
        from lrstudio.gui.crash import install_hooks  # noqa: PLC0415

        install_hooks()
        app, chosen = application(), self._window.settings.theme
        theme.apply(app, chosen, has_sheet=False)  # type: ignore[arg-type]
        self._window.furnish(self._path)
        theme.add_style_sheet(app)
        gc.freeze()  # all this stays: going through it again and again would cost frames
