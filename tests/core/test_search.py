"""What is typed, and what is found first; among as many rules as people get lost in."""

import pytest

from lrstudio.core.catalogue import REGISTRIES, catalogue
from lrstudio.core.families import Family
from lrstudio.core.search import Entry, search, split
from tests.core.many_rules import OPTIMIZERS, SCHEDULES


def ids(query, entries=OPTIMIZERS):
    return [entry.id for entry in search(query, entries)]


def test_there_are_many():
    assert len(OPTIMIZERS) >= 60
    assert len(SCHEDULES) >= 25


@pytest.mark.parametrize("query", ["", " ", "\t\n"])
def test_no_words_find_everything_in_its_order(query):
    assert search(query, OPTIMIZERS) == list(OPTIMIZERS)


@pytest.mark.parametrize("query", ["zzz", "adam zzz", "!!", "x" * 10_000, "лион"])
def test_what_is_nowhere_finds_nothing(query):
    assert search(query, OPTIMIZERS) == []


@pytest.mark.parametrize("known", [OPTIMIZERS, SCHEDULES], ids=["optimizers", "schedules"])
def test_a_title_finds_itself_first(known):
    for entry in known:
        for query in (entry.title, entry.title.upper(), entry.id, entry.id.replace("_", "-")):
            assert ids(query, known)[0] == entry.id, query


@pytest.mark.parametrize("kind", REGISTRIES)
def test_every_registered_rule_is_found_by_all_its_names(kind):
    for entry in catalogue(kind).entries:
        for query in (entry.title, entry.id, *entry.names):
            assert entry in search(query, catalogue(kind).entries)[:3], query


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("sgd", "sgd"),  # the id before names that only begin with it
        ("ada", "adam"),  # the shortest that begins so
        ("adamw", "adamw"),
        ("adam w", "adamw"),
        ("amsgrad", "adam"),  # an alias
        ("nag", "nesterov"),
        ("rms prop", "rmsprop"),
        ("belief", "adabelief"),  # set apart by a capital
        ("layer wise", "lars"),  # words of the summary
        ("shampoo second order", "shampoo"),
        ("momentum", "momentum"),
        ("nesterov adam", "nadam"),
    ],
)
def test_what_is_meant_comes_first(query, first):
    assert ids(query)[0] == first


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("cosine warm", "cosine_restarts"),
        ("warm cosine", "cosine_restarts"),
        ("CosineAnnealingWarmRestarts", "cosine_restarts"),
        ("restart", "cosine_restarts"),
        ("sgdr", "cosine_restarts"),
        ("onecycle", "one_cycle"),
        ("one-cycle", "one_cycle"),
        ("warmup", "warmup_stable_decay"),
        ("warm up", "warmup_stable_decay"),
        ("plateau", "plateau"),
    ],
)
def test_schedules_are_found_by_parts_of_their_names(query, first):
    assert ids(query, SCHEDULES)[0] == first


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("OneCycleLR", "one_cycle"),
        ("join_schedules", "sequence"),
        ("InverseTimeDecay", "inverse_time"),
        ("CosineAnnealingWarmRestarts", "cosine_restarts"),
        ("ReduceLROnPlateau", "reduce_on_plateau"),
    ],
)
def test_schedules_are_found_by_their_names_in_the_frameworks(query, first):
    assert ids(query, catalogue("schedules").entries)[0] == first


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("bowl", "sphere"),
        ("elliptic bowl", "ellipse"),
        ("saddle point", "saddle"),
        ("plateau", "plateau"),
        ("hills", "hills"),
        ("local minimum", "two_pits"),
    ],
)
def test_the_terrains_of_courses_are_found_by_what_they_are_called_there(query, first):
    assert ids(query, catalogue("problems").entries)[0] == first


def test_names_come_before_families_and_families_before_summaries():
    found = ids("adam")
    assert found[0] == "adam"
    assert found[1] == "adamw"  # begins with it
    assert found.index("nadam") < found.index("radam_free") < found.index("lion")
    family = [entry.id for entry in OPTIMIZERS if entry.family.id == "adam"]
    mentioned = [e.id for e in OPTIMIZERS if "Adam" in e.summary and e.id not in family]
    assert mentioned
    assert max(found.index(i) for i in family) < min(found.index(i) for i in mentioned)


def test_a_family_finds_its_members():
    members = [entry.id for entry in OPTIMIZERS if entry.family.title == "Sign methods"]
    assert sorted(ids("sign methods")) == sorted(members)
    assert ids("sign methods")[0] == "sign_sgd"  # the word is in its name as well


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("adm", "adam"),
        ("adma", "adam"),
        ("nestrov", "nesterov"),
        ("shampo", "shampoo"),
        ("shmapoo", "shampoo"),
        ("rmsporp", "rmsprop"),
        ("prodgy", "prodigy"),
        ("nesterov moment", "nesterov"),
        ("nestrov momentum", "nesterov"),
    ],
)
def test_a_slip_of_the_fingers_is_forgiven(query, meant):
    assert ids(query)[0] == meant


def test_likeness_counts_only_where_nothing_is_found_as_written():
    assert "lars" not in ids("lamb")
    assert ids("lamb") == ["lamb"]


def test_two_letters_are_never_a_slip():
    assert ids("qz") == []


def test_every_letter_typed_keeps_the_rule_that_is_meant():
    for entry in OPTIMIZERS:
        for end in range(1, len(entry.title) + 1):
            assert entry.id in ids(entry.title[:end]), entry.title[:end]


def test_equally_good_ones_stay_in_their_order():
    twins = [Entry(f"twin_{n}", f"Twin {n}", "One of many.", Family("a", "A")) for n in range(9)]
    assert search("twin", twins) == twins


def test_words_are_compared_without_case_accents_and_signs():
    assert split("Styblinski–Tang, ROSÉNBROCK_2") == ("styblinski", "tang", "rosenbrock", "2")
