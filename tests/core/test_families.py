"""Every rule has a family, and lists show them in the declared order."""

import pytest

from lrstudio.core import identifier
from lrstudio.core.catalogue import REGISTRIES, catalogue, entry
from lrstudio.core.families import (
    DATASET_FAMILIES,
    OPTIMIZER_FAMILIES,
    OTHER,
    PROBLEM_FAMILIES,
    SCHEDULE_FAMILIES,
    Family,
    family,
)
from tests.core.variants import DECLARED, name

FAMILIES = {
    "optimizers": OPTIMIZER_FAMILIES,
    "schedules": SCHEDULE_FAMILIES,
    "problems": PROBLEM_FAMILIES,
    "datasets": DATASET_FAMILIES,
}
CHOSEN = [cls for cls in DECLARED if hasattr(cls, "families")]  # all but modifiers
each_kind = pytest.mark.parametrize("kind", REGISTRIES)


@pytest.mark.parametrize("cls", CHOSEN, ids=name)
def test_every_rule_has_a_family_of_its_kind(cls):
    assert cls.family in [known.id for known in cls.families], (
        f"{cls.__name__} names the family {cls.family!r}; "
        f"known are {', '.join(known.id for known in cls.families)}"
    )


@pytest.mark.parametrize("cls", CHOSEN, ids=name)
def test_aliases_are_further_names(cls):
    title, key = entry(cls).title, identifier(cls)
    plain = [alias.lower() for alias in cls.aliases]
    assert len(set(plain)) == len(plain)
    assert all(alias == alias.strip() != "" for alias in cls.aliases)
    assert title.lower() not in plain
    assert key not in plain


@each_kind
def test_families_are_declared_once_for_each_kind(kind):
    assert {cls.families for cls in REGISTRIES[kind].values()} == {FAMILIES[kind]}
    ids, titles = zip(*FAMILIES[kind], strict=True)
    assert len(set(ids)) == len(ids)
    assert len(set(titles)) == len(titles)
    assert OTHER.id not in ids


@each_kind
def test_a_catalogue_holds_every_rule_once_family_by_family(kind):
    found = catalogue(kind)
    assert sorted(e.id for e in found.entries) == sorted(REGISTRIES[kind])
    places = [FAMILIES[kind].index(e.family) for e in found.entries]
    assert places == sorted(places)
    sections = found.sections()
    assert list(sections) == [f for f in FAMILIES[kind] if f in sections]
    assert [e for members in sections.values() for e in members] == list(found.entries)


@each_kind
def test_within_a_family_the_order_is_the_registry_s(kind):
    for members in catalogue(kind).sections().values():
        places = [list(REGISTRIES[kind]).index(e.id) for e in members]
        assert places == sorted(places)


@each_kind
def test_a_summary_is_one_sentence_that_begins_with_a_capital(kind):
    for found in catalogue(kind).entries:
        assert found.summary[0] == found.summary[0].upper()
        assert found.summary.endswith(".")


def test_only_optimizers_have_a_year():
    assert all(e.year for e in catalogue("optimizers").entries)
    assert not any(e.year for e in catalogue("schedules").entries)


def test_a_rule_without_a_known_family_is_still_listed():
    assert family("nonsense", OPTIMIZER_FAMILIES) is OTHER
    assert family("sign", OPTIMIZER_FAMILIES) == Family("sign", "Sign methods")
