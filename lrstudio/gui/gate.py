"""The gate between the worker and the painter: while the window draws, the worker waits.

Both threads want the interpreter. A worker with few lanes never lets go of it for long, and a
frame then takes many times its own time; held off for the few milliseconds of a frame it costs
next to no throughput.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Open unless somebody draws."""

    def __init__(self) -> None:
        self._is_open = threading.Event()
        self._is_open.set()

    def wait(self) -> None:
        """Called by the worker before each chunk: returns when nobody draws."""
        self._is_open.wait()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Hold the worker off while drawing."""
        self._is_open.clear()
        try:
            yield
        finally:
            self._is_open.set()
