"""`lrstudio list` and `lrstudio show`: what the declarations say about themselves."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import click

from lrstudio.cli import layout, terminal
from lrstudio.cli.entry import declaration_text, experiment_text
from lrstudio.core import OPTIMIZERS, PROBLEMS, SCHEDULES, describe
from lrstudio.core.validation import unknown_id
from lrstudio.storage import experiments


class Entry(NamedTuple):
    """One thing that can be listed and shown; `text(width)` explains it in lines."""

    id: str
    title: str
    summary: str
    text: Callable[[int], Iterator[str]]


def print_list(kind: str | None) -> None:
    """Print id, title and summary of one kind, or of all; raises `click.UsageError`."""
    if kind not in (None, *KINDS):
        raise _unknown(kind, tuple(KINDS))
    found = {name: entries() for name, entries in KINDS.items() if kind in (None, name)}
    if terminal.is_terminal(sys.stdout):
        terminal.out("\n".join(_aligned(found)))
        return
    for name, entries in found.items():
        before = () if kind else (name,)
        for entry in entries:
            terminal.out("\t".join((*before, entry.id, entry.title, entry.summary)))


def print_entry(name: str) -> None:
    """Explain what has this id; raises `click.UsageError` with the nearest one."""
    known: list[str] = []
    for entries in KINDS.values():
        for entry in entries():
            if _plain(entry.id) == _plain(name):
                lines = entry.text(terminal.prose_width())
                margin = [""] if terminal.is_terminal(sys.stdout) else []
                terminal.out("\n".join([*margin, *lines, *margin]))
                return
            known.append(entry.id)
    raise _unknown(name, known)


def _unknown(name: str | None, known: Sequence[str]) -> click.UsageError:
    return click.UsageError(unknown_id(name, known), click.get_current_context(silent=True))


def _aligned(found: Mapping[str, list[Entry]]) -> Iterator[str]:
    """A list for a person, with a heading for each kind."""
    for kind, entries in found.items():
        yield ""
        yield terminal.heading(kind.capitalize())
        yield from _rows(entries, terminal.prose_width())
    yield ""


def _rows(entries: list[Entry], width: int) -> list[str]:
    beside = [(entry.id, entry.title, entry.summary) for entry in entries]
    if layout.has_room(beside, width, indent=2):
        return layout.aligned(beside, width, indent=2)
    below = [row for entry in entries for row in ((entry.id, entry.title), ("", entry.summary))]
    return layout.aligned(below, width, indent=2)


def _plain(name: str) -> str:
    """An id as it is compared: AdamW is adamw, multi-step is multi_step."""
    return "_".join(name.lower().replace("-", " ").replace("_", " ").split())


def _declared(known: Mapping[str, type[Any]]) -> list[Entry]:
    entries = []
    for cls in known.values():
        told = describe(cls)
        summary = told.summary[:1].upper() + told.summary[1:]
        entries.append(Entry(told.id, told.title, summary, partial(declaration_text, cls)))
    return entries


def _examples() -> list[Entry]:
    entries = []
    for found in experiments.examples():
        experiment = experiments.load(found.path)
        summary = terminal.printable(experiment.notes).partition(". ")[0].rstrip(".") + "."
        text = partial(experiment_text, found.id, experiment)
        entries.append(Entry(found.id, terminal.printable(found.title), summary, text))
    return entries


KINDS: Mapping[str, Callable[[], list[Entry]]] = {
    "optimizers": partial(_declared, OPTIMIZERS),
    "schedules": partial(_declared, SCHEDULES),
    "problems": partial(_declared, PROBLEMS),
    "examples": _examples,
}
