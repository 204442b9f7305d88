"""What was not foreseen: written down and told once, and the program goes on.

An exception in a slot, a timer or a paint event reaches `sys.excepthook` and would otherwise only
be printed, where nobody sees it.
"""

import logging
import sys
import threading
import traceback
from types import TracebackType

from PySide6 import QtWidgets  # which makes the type of a dialog when it is named: not at start
from PySide6.QtCore import QObject, Qt, Signal

_log = logging.getLogger("lrstudio")


class CrashReporter(QObject):
    """Shows a defect once, in the window's thread, whichever thread it happened in."""

    happened = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._told: set[str] = set()
        self.happened.connect(self.on_happened, Qt.ConnectionType.QueuedConnection)

    def report(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """Log an exception and have it shown, unless the same one was shown before."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        _log.error("unexpected error\n%s", text)
        where = traceback.extract_tb(trace)[-1:] if trace else []
        place = f"{kind.__name__} {where}"
        if place not in self._told:  # a failing paint event fails again at every frame
            self._told.add(place)
            self.happened.emit(f"{kind.__name__}: {error}", text)

    def on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        """An exception in a Python thread."""
        if arguments.exc_value is not None:
            self.report(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def on_happened(self, summary: str, details: str) -> None:
        """Tell the user; the experiment is untouched."""
        box = QtWidgets.QMessageBox(QtWidgets.QMessageBox.Icon.Warning, "Unexpected Error", summary)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(
            "This is a defect of LR Studio. Your experiment is untouched; save it, and send the "
            "details to whoever gave you the program."
        )
        box.setDetailedText(details)
        box.exec()
        box.deleteLater()


def install_hooks() -> None:
    """Let every unforeseen exception reach the reporter."""
    reporter = CrashReporter()
    sys.excepthook = reporter.report
    threading.excepthook = reporter.on_thread_exception
