"""Finding a rule among many by what people type: parts of names, families, words of summaries.

Every word of the query must be found somewhere. How well it is found decides the order: a whole
word before the beginning of one, a name before its family, a family before a summary. Only where
nothing is found like that, names count that are nearly written so.

Words are compared in lower case and without accents. "one-cycle" is found as "one cycle" and as
"onecycle", and a class name by its parts: "warm" finds `CosineAnnealingWarmRestarts`.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from lrstudio.core.families import Family

NEAR = 0.75
"""Least likeness (difflib's ratio) of what was typed to the beginning of what was meant."""
_SHORTEST_INSIDE = 3
_SHORTEST_MISSPELT = 3
_SWAPPED = 0.95  # likeness of the same letters in another order, the commonest slip
_FAMILY_SHARE = 0.9  # of likeness to a family: a name comes first


class Entry(NamedTuple):
    """One rule as lists show it and as it is searched."""

    id: str
    title: str
    summary: str
    family: Family
    names: tuple[str, ...] = ()
    """Other names by which people look for it."""
    year: int | None = None
    traits: tuple[str, ...] = ()
    """Ids of what it has of `core.traits`."""


class Match(IntEnum):
    """How well a word is found, from not at all to best."""

    NONE = 0
    SUMMARY_START = 1
    SUMMARY = 2
    FAMILY_START = 3
    FAMILY = 4
    INSIDE_NAME = 5
    PART_OF_NAME = 6
    OTHER_NAME_START = 7
    TITLE_START = 8
    OTHER_NAME = 9
    TITLE = 10


_WHOLE_TITLE, _WHOLE_NAME, _TITLE_BEGINS = 30, 20, 5
"""What is added where the query is all of a title or name, or the beginning of a title (and up to
one more, the less of the title is left: AdamW before AdaMax for "adam")."""


class _Words(NamedTuple):
    """The words of an entry, as they are compared."""

    title: tuple[str, ...]
    others: tuple[str, ...]
    parts: tuple[str, ...]
    family: tuple[str, ...]
    summary: tuple[str, ...]
    joined_title: str
    joined_names: tuple[str, ...]


def search(query: str, entries: Iterable[Entry]) -> list[Entry]:
    """The entries that the query finds, the best one first; all, in their order, for no words."""
    known, words = list(entries), split(query)
    if not words:
        return known if not query.strip() else []
    scores = [_score(words, entry) for entry in known]
    if not any(scores):
        scores = [_likeness(words, entry) for entry in known]
    found = [(score, entry) for score, entry in zip(scores, known, strict=True) if score]
    return [entry for _, entry in sorted(found, key=_best_first)]


def having(traits: Iterable[str], entries: Iterable[Entry]) -> list[Entry]:
    """The entries that have all of these traits."""
    wanted = set(traits)
    return [entry for entry in entries if wanted <= set(entry.traits)]


def split(text: str) -> tuple[str, ...]:
    """The words of a text, in lower case and without accents."""
    return tuple(re.findall(r"\w+", _plain(text).replace("_", " ")))


def _best_first(scored: tuple[float, Entry]) -> float:
    return -scored[0]


def _score(words: tuple[str, ...], entry: Entry) -> float:
    """How well all words are found; 0 where one is not."""
    within = _words(entry)
    matches = [_match(word, within) for word in words]
    joined = "".join(words)
    total = 0.0 if Match.NONE in matches else sum(matches) / len(matches)
    if joined == within.joined_title:
        return total + _WHOLE_TITLE
    if joined in within.joined_names:
        return total + _WHOLE_NAME
    if within.joined_title.startswith(joined):
        return total + _TITLE_BEGINS + len(joined) / len(within.joined_title)
    return total


def _match(word: str, within: _Words) -> Match:
    for match, candidates, is_whole in (
        (Match.TITLE, within.title, True),
        (Match.OTHER_NAME, within.others, True),
        (Match.TITLE_START, within.title, False),
        (Match.OTHER_NAME_START, within.others, False),
        (Match.PART_OF_NAME, within.parts, False),
    ):
        if _is_in(word, candidates, is_whole):
            return match
    names = (*within.title, *within.others, *within.joined_names)
    if len(word) >= _SHORTEST_INSIDE and any(word in name for name in names):
        return Match.INSIDE_NAME
    if _is_in(word, within.family, is_whole=False):
        return Match.FAMILY if word in within.family else Match.FAMILY_START
    if _is_in(word, within.summary, is_whole=False):
        return Match.SUMMARY if word in within.summary else Match.SUMMARY_START
    return Match.NONE


def _is_in(word: str, candidates: tuple[str, ...], is_whole: bool) -> bool:
    return word in candidates if is_whole else any(c.startswith(word) for c in candidates)


def _likeness(words: tuple[str, ...], entry: Entry) -> float:
    """How like the words are to names; 0 where one is like none."""
    within = _words(entry)
    names = (within.joined_title, *within.title, *within.others, *within.joined_names)
    ratios = [
        1.0
        if _match(word, within)
        else max(_nearest(word, names), _FAMILY_SHARE * _nearest(word, within.family))
        for word in words
    ]
    return sum(ratios) if all(ratios) else 0.0


def _nearest(word: str, candidates: Iterable[str]) -> float:
    """Likeness to the best candidate; 0 where even the beginnings are not like what was typed."""
    if len(word) < _SHORTEST_MISSPELT:
        return 0.0
    return max((_ratio(word, candidate) for candidate in candidates), default=0.0)


def _ratio(word: str, candidate: str) -> float:
    """Half for a like beginning, half for a like length."""
    import difflib  # noqa: PLC0415 - for those who mistype

    compared = difflib.SequenceMatcher(b=word)
    ratios = [_SWAPPED if sorted(candidate[: len(word)]) == sorted(word) else 0.0]
    for end in (len(word), len(word) + 1):
        compared.set_seq1(candidate[:end])
        ratios.append(compared.ratio())
    lengths = sorted((len(word), len(candidate)))
    return (max(ratios) + lengths[0] / lengths[1]) / 2 if max(ratios) >= NEAR else 0.0


@lru_cache(maxsize=1024)
def _words(entry: Entry) -> _Words:
    names = (entry.id, *entry.names)
    title = split(entry.title)
    parts = [part for name in (entry.title, *names) for part in _parts(name)]
    return _Words(
        title=(*title, *_pairs(title)),
        others=tuple(word for name in names for word in (*split(name), *_pairs(split(name)))),
        parts=tuple(parts),
        family=split(entry.family.title),
        summary=split(entry.summary),
        joined_title="".join(title),
        joined_names=tuple("".join(split(name)) for name in names),
    )


def _pairs(words: tuple[str, ...]) -> list[str]:
    """Neighbours written as one word: "warm-up" is looked for as "warmup"."""
    return [first + second for first, second in pairwise(words)]


def _parts(name: str) -> list[str]:
    """What the capitals of a name set apart: Ada and Belief in AdaBelief."""
    return [part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
