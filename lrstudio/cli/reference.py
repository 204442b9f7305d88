"""`lrstudio show`: what the declarations say about themselves, and all that can be shown."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import click

from lrstudio.cli import terminal
from lrstudio.cli.entry import declaration_text, experiment_text
from lrstudio.core import (
    DATASETS,
    DISTURBANCES,
    MODIFIERS,
    OPTIMIZERS,
    PROBLEMS,
    SCHEDULES,
    describe,
)
from lrstudio.core.validation import unknown_id
from lrstudio.storage import experiments


class Entry(NamedTuple):
    """One thing that can be listed and shown; `text(width)` explains it in lines."""

    id: str
    title: str
    summary: str
    text: Callable[[int], Iterator[str]]


def print_entry(name: str) -> None:
    """Explain what has this id, one after the other if things of several kinds have it.

    Raises `click.UsageError` with the nearest one.
    """
    entries = [entry for known in KINDS.values() for entry in known()]
    found = [entry for entry in entries if plain(entry.id) == plain(name)]
    if not found:
        raise unknown(name, [entry.id for entry in entries])
    margin = [""] if terminal.is_terminal(sys.stdout) else []
    pages = ["\n".join(entry.text(terminal.prose_width())) for entry in found]
    terminal.out("\n".join([*margin, "\n\n\n".join(pages), *margin]))


def unknown(name: str | None, known: Sequence[str]) -> click.UsageError:
    """The complaint about an id that is not known, with the nearest one."""
    return click.UsageError(unknown_id(name, known), click.get_current_context(silent=True))


def plain(name: str) -> str:
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
    "modifiers": partial(_declared, MODIFIERS),
    "schedules": partial(_declared, SCHEDULES),
    "problems": partial(_declared, PROBLEMS),
    "datasets": partial(_declared, DATASETS),
    "disturbances": partial(_declared, DISTURBANCES),
    "examples": _examples,
}
