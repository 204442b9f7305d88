"""A real window in a test, and hands to use it with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QMessageBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from lrstudio.gui import theme
from lrstudio.gui.main_window import MainWindow
from lrstudio.gui.settings import Settings
from lrstudio.gui.studio import Studio


class Driver:
    """Opens the window as the program does, and waits for what it does."""

    def __init__(self, qtbot: QtBot, sheet_for: QApplication | None = None) -> None:
        self.qtbot = qtbot
        self.window = MainWindow(Settings())
        self.window.resize(1280, 800)
        with qtbot.waitSignal(self.window.painted):
            self.window.show()
        self.window.furnish()
        if sheet_for is not None:
            theme.add_style_sheet(sheet_for)
        # The run may be over before.
        qtbot.waitUntil(lambda: self.studio.layout.is_restored)
        self.wait_for_run()

    @property
    def studio(self) -> Studio:
        assert self.window.studio is not None
        return self.window.studio

    @property
    def experiment(self):
        return self.studio.document.experiment

    def find(self, kind: type[QWidget], name: str):
        found = self.window.findChild(kind, name)
        assert found is not None, f"no {kind.__name__} named {name}"
        return found

    def trigger(self, action: str) -> None:
        self.studio.menus.actions[action].trigger()

    def add_contender(self, rule: str) -> None:
        """Choose a rule from the list of the Add button."""
        self.qtbot.mouseClick(self.find(QToolButton, "add_contender"), Qt.MouseButton.LeftButton)
        search = self.find(QLineEdit, "add_contender_search")
        self.qtbot.keyClicks(search, rule)
        self.qtbot.keyClick(search, Qt.Key.Key_Return)

    def wait_for_run(self) -> None:
        """Until the newest request has run and is on the screen."""
        self.qtbot.waitUntil(self.is_settled, timeout=20_000)

    def is_settled(self) -> bool:
        runner, display = self.studio.runner, self.studio.display
        if runner.is_busy or display.job is not runner.job:
            return False
        # The worker may have ended a run that is on the screen, and nobody has heard of it yet.
        job, shown = runner.job, self.studio.results.model.rows
        return job is None or bool(job.error) or shown == job.results

    def verdicts(self) -> list[str]:
        return [row.verdict.kind for row in self.studio.results.model.rows]

    def close(self) -> None:
        if self.window.studio is not None:
            self.studio.document.undo_stack.setClean()
        if shiboken6.isValid(self.window):
            self.window.close()
            self.window.deleteLater()


@contextmanager
def dialog_answered(answer: Callable[[QDialog], None]) -> Iterator[list[str]]:
    """Answer the next modal dialog; the list then holds the texts that it showed."""
    seen: list[str] = []
    timer = QTimer(interval=10)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog) and dialog.isVisible():
            timer.stop()
            seen.append(dialog.text() if isinstance(dialog, QMessageBox) else dialog.windowTitle())
            answer(dialog)

    timer.timeout.connect(look)
    timer.start()
    try:
        yield seen
    finally:
        timer.stop()


def press(button: QMessageBox.StandardButton) -> Callable[[QDialog], None]:
    def answer(dialog: QDialog) -> None:
        assert isinstance(dialog, QMessageBox)
        dialog.button(button).click()

    return answer
