"""Taking turns, so that a busy machine is unkind to all alike."""

import statistics
import sys
import time
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    """Processor time that a piece of work takes; other programs' does not count."""
    started = time.process_time()
    work()
    return time.process_time() - started


def in_turns(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Median seconds of each piece of work, done in turns after one round that does not count."""
    for work in works:
        work()
    taken = [[seconds(work) for work in works] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def say(text: str) -> None:
    """Print a line, also under pytest with -s."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
