"""`lrstudio list`: what there is, in families for a person, in stable columns for a program."""

import sys
from collections.abc import Iterator, Mapping, Sequence

import click

from lrstudio.cli import layout, terminal
from lrstudio.cli.reference import KINDS, plain, unknown
from lrstudio.core.catalogue import REGISTRIES, entry
from lrstudio.core.families import OTHER, Family
from lrstudio.core.search import Entry, having, search
from lrstudio.core.traits import TRAITS

Found = Mapping[str, list[Entry]]


def print_list(
    kind: str | None,
    family: str | None = None,
    words: str | None = None,
    traits: Sequence[str] = (),
) -> None:
    """Print id, title and summary of one kind, or of all; raises `click.UsageError`.

    A person gets them by family, or with `words` the best match first; a program gets tabs and the
    order of the registry, which is that of publication for optimizers.
    """
    if kind not in (None, *KINDS):
        raise unknown(kind, tuple(KINDS))
    found: Found = {name: _entries(name) for name in KINDS if kind in (None, name)}
    if family is not None:
        found = _of_family(found, family)
    if traits:
        found = _with_traits(found, traits)
    if words is not None:
        found = _matching(found, words)
    if terminal.is_terminal(sys.stdout):
        terminal.out("\n".join(_for_a_person(found, is_ranked=words is not None)))
        return
    for name, entries in found.items():
        before = () if kind else (name,)
        for one in entries:
            terminal.out("\t".join((*before, one.id, one.title, one.summary)))


def _entries(kind: str) -> list[Entry]:
    if kind in REGISTRIES:
        return [entry(cls) for cls in REGISTRIES[kind].values()]
    return [Entry(one.id, one.title, one.summary, OTHER) for one in KINDS[kind]()]


def _of_family(found: Found, name: str) -> Found:
    known = [family for entries in found.values() for family in _families(entries)]
    if not known:
        raise click.UsageError(
            f"{' and '.join(found).capitalize()} have no families; drop --family."
        )
    wanted = {f for f in known if plain(name) in (plain(f.id), plain(f.title))}
    if not wanted:
        raise unknown(name, [family.id for family in known])
    chosen = {kind: [e for e in entries if e.family in wanted] for kind, entries in found.items()}
    return {kind: entries for kind, entries in chosen.items() if entries}


def _with_traits(found: Found, names: Sequence[str]) -> Found:
    known = {plain(name): t for t in TRAITS for name in (t.id, t.title)}
    for name in names:
        if plain(name) not in known:
            raise unknown(name, [trait.id for trait in TRAITS])
    if not any(one.traits for entries in found.values() for one in entries):
        raise click.UsageError(f"{' and '.join(found).capitalize()} have no traits; drop --trait.")
    wanted = [known[plain(name)] for name in names]
    chosen = {kind: having([t.id for t in wanted], entries) for kind, entries in found.items()}
    if not any(chosen.values()):
        titles = " and ".join(trait.id for trait in wanted)
        raise click.ClickException(f"No problem is {titles}; drop one --trait.")
    return {kind: entries for kind, entries in chosen.items() if entries}


def _families(entries: Sequence[Entry]) -> list[Family]:
    return list(dict.fromkeys(one.family for one in entries if one.family is not OTHER))


def _matching(found: Found, words: str) -> Found:
    matching = {kind: search(words, entries) for kind, entries in found.items()}
    if not any(matching.values()):
        where = " or ".join(found)
        raise click.ClickException(
            f"No {where} match {words!r}; try part of a name, a family, or one word of a summary."
        )
    return {kind: entries for kind, entries in matching.items() if entries}


def _for_a_person(found: Found, *, is_ranked: bool) -> Iterator[str]:
    """A heading for each kind, and below it one for each family where they are not ranked."""
    for kind, entries in found.items():
        families = [] if is_ranked else _in_order(kind, entries)
        yield ""
        yield terminal.heading(kind.capitalize())
        rows = _Rows(entries, indent=4 if families else 2)
        if not families:
            yield from rows.lines(entries)
        for number, family in enumerate(families):
            if number:
                yield ""
            yield f"  {family.title} ({family.id})"
            yield from rows.lines([one for one in entries if one.family == family])
    yield ""


def _in_order(kind: str, entries: Sequence[Entry]) -> list[Family]:
    """The families of a kind that have members here, as they are declared."""
    if kind not in REGISTRIES:
        return []
    declared = next(iter(REGISTRIES[kind].values())).families
    return [family for family in (*declared, OTHER) if family in {e.family for e in entries}]


class _Rows:
    """Rows whose columns agree over several lists."""

    def __init__(self, entries: Sequence[Entry], indent: int) -> None:
        self._indent = indent
        self._width = terminal.prose_width()
        cells = [(one.id, one.title, one.summary) for one in entries]
        self._columns = [
            max(map(layout.cells, column)) for column in list(zip(*cells, strict=True))[:2]
        ]
        self._is_beside = layout.has_room(cells, self._width, indent)

    def lines(self, entries: Sequence[Entry]) -> list[str]:
        """The lines of one list: the summary beside the title or, without room, below it."""
        rows: list[tuple[str, ...]] = []
        for one in entries:
            name, title = map(layout.padded, (one.id, one.title), self._columns)
            if self._is_beside:
                rows.append((name, title, one.summary))
            else:
                rows += [(name, one.title), (layout.padded("", self._columns[0]), one.summary)]
        return layout.aligned(rows, self._width, indent=self._indent)
