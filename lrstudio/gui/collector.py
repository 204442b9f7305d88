"""Garbage is collected in the window's thread only.

Python collects cycles in whichever thread happens to allocate. In the worker that would delete
widgets, timers and scenes outside their thread, which Qt forbids.
"""

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 500


class Collector(QObject):
    """Collects from a timer instead of whenever memory is allocated, until it is stopped."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.on_timer_timeout)
        self._timer.start()

    def stop(self) -> None:
        """Hand collecting back to Python."""
        self._timer.stop()
        gc.enable()

    def on_timer_timeout(self) -> None:
        """Collect the oldest generation that is full."""
        full = [g for g in range(3) if gc.get_count()[g] > self._thresholds[g]]
        if full:
            gc.collect(max(full))
