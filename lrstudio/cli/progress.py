"""A progress bar with the time that is left, on stderr."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Show = Callable[[float], None]

_PARTS = 10_000
_SECONDS_BEFORE_AN_ESTIMATE = 1.0


@contextmanager
def progress(label: str, is_shown: bool) -> Iterator[Show]:
    """A function to be told the share that is done; it shows it where somebody is watching."""
    if not is_shown:
        yield _ignored
        return
    started = time.monotonic()
    with click.progressbar(
        length=_PARTS,
        label=f"{label:<7}",
        file=sys.stderr,
        show_eta=False,  # ours says what the number means
        item_show_func=_shown_item,
    ) as bar:

        def show(share: float) -> None:
            left = time_left(time.monotonic() - started, share)
            bar.update(int(share * _PARTS) - bar.pos, left)

        yield show


def time_left(elapsed: float, share: float) -> str:
    """The time left in words, empty before there is a sensible estimate and at the end."""
    if elapsed < _SECONDS_BEFORE_AN_ESTIMATE or not 0 < share < 1:
        return ""
    seconds = round(elapsed * (1 - share) / share)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min left"
    return f"{minutes} min {seconds:02} s left" if minutes else f"{seconds} s left"


def _shown_item(item: str | None) -> str:
    return item or ""


def _ignored(share: float) -> None:
    """Nobody is watching."""
