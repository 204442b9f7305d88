"""All rules of a kind as lists and choosers show them: family by family, with words to search."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import msgspec

from lrstudio.core import (
    DATASETS,
    FRAMEWORKS,
    OPTIMIZERS,
    PROBLEMS,
    SCHEDULES,
    Dataset,
    Optimizer,
    Problem,
    Schedule,
    describe,
)
from lrstudio.core.families import OTHER, Family, family
from lrstudio.core.frameworks.schedules_writing import names_of
from lrstudio.core.search import Entry, having
from lrstudio.core.traits import TRAITS, Trait

Declaration = type[msgspec.Struct]
Declared = type[Optimizer] | type[Schedule] | type[Problem] | type[Dataset]

REGISTRIES: Mapping[str, Mapping[str, Declared]] = {
    "optimizers": OPTIMIZERS,
    "schedules": SCHEDULES,
    "problems": PROBLEMS,
    "datasets": DATASETS,
}
"""The kinds, by the word that settings and the command line use."""


class Catalogue(NamedTuple):
    """One kind of rules, family by family and within one as they are registered."""

    kind: str
    entries: tuple[Entry, ...]

    @property
    def traits(self) -> tuple[Trait, ...]:
        """What it can be filtered by: the traits that some of it have and some have not."""
        entries = self.entries
        return tuple(t for t in TRAITS if 0 < len(having([t.id], entries)) < len(entries))

    def sections(self) -> Mapping[Family, tuple[Entry, ...]]:
        """Every family that has members, with them."""
        return {
            family: tuple(e for e in self.entries if e.family == family)
            for family in dict.fromkeys(entry.family for entry in self.entries)
        }


@cache
def catalogue(kind: str) -> Catalogue:
    """The catalogue of a kind; reading all its docstrings costs, so it is kept."""
    known = [entry(cls) for cls in REGISTRIES[kind].values()]
    order = [*(f for cls in REGISTRIES[kind].values() for f in cls.families), OTHER]
    return Catalogue(kind, tuple(sorted(known, key=lambda found: order.index(found.family))))


def entry(cls: Declaration) -> Entry:
    """One declaration as it is listed and searched; what has no families stands in none."""
    told = describe(cls)
    return Entry(
        id=told.id,
        title=told.title,
        summary=told.summary[:1].upper() + told.summary[1:],
        family=_family(cls),
        names=other_names(cls),
        year=cls.year if issubclass(cls, Optimizer) else None,
        traits=cls.traits if issubclass(cls, Problem) else (),
    )


def _family(cls: Declaration) -> Family:
    if issubclass(cls, Optimizer | Schedule | Problem | Dataset):
        return family(cls.family, cls.families)
    return OTHER


def other_names(cls: Declaration) -> tuple[str, ...]:
    """Everything by which people may look for a rule besides id and title."""
    if issubclass(cls, Schedule):
        names = [name for framework in FRAMEWORKS for name in names_of(framework, cls)]
    else:
        names = [c.name for f in FRAMEWORKS.values() for c in f.calls if c.rule is cls]
    return tuple(dict.fromkeys((*getattr(cls, "aliases", ()), *names)))
