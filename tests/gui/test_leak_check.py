"""The checks for leaks in the two `conftest.py` can fail: every kind of leak, planted in a test."""

import shutil
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
PLANTED = """
    import threading
    import pytest
    from PySide6.QtCore import QThread, QTimer
    from PySide6.QtWidgets import QWidget

    kept, end = [], threading.Event()

    @pytest.fixture(scope="session", autouse=True)
    def ended_at_last():
        yield
        end.set()
        for thing in kept:
            if isinstance(thing, QThread):
                thing.quit()
                thing.wait()

    def test_window():
        kept.append(QWidget())
        kept[-1].show()

    def test_timer():
        kept.append(QTimer())
        kept[-1].start(10_000)

    def test_qthread():
        kept.append(QThread())
        kept[-1].start()

    def test_thread():
        threading.Thread(target=end.wait).start()

    def test_clean(qtbot):
        widget, timer, thread = QWidget(), QTimer(), QThread()
        qtbot.addWidget(widget)
        widget.show()
        widget.cycle = [widget]
        timer.start(10_000)
        timer.stop()
        thread.start()
        thread.quit()
        thread.wait()
"""


def test_planted_leaks_fail_and_nothing_else(tmp_path):
    (tmp_path / "gui").mkdir()
    for conftest in ("conftest.py", "gui/conftest.py"):
        impatient = (TESTS / conftest).read_text("utf-8").replace("SECONDS = 2.0", "SECONDS = 0.1")
        (tmp_path / conftest).write_text(impatient, encoding="utf-8")
    shutil.copy(TESTS / "gui/window_driver.py", tmp_path / "gui")
    lines = PLANTED.splitlines()
    (tmp_path / "gui" / "test_planted.py").write_text("\n".join(line[4:] for line in lines))
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "."]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    output = result.stdout
    failed = {line.split("::")[1].split()[0] for line in output.splitlines() if "ERROR gui" in line}
    assert failed == {"test_window", "test_timer", "test_qthread", "test_thread"}, output
    assert "5 passed, 4 errors" in output
