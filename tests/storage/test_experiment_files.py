"""Whatever is in a file, it opens exactly or is refused in one sentence."""

import functools
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrstudio.core import (
    DATASETS,
    DISTURBANCES,
    OPTIMIZERS,
    PROBLEMS,
    SCHEDULES,
    Parameter,
    Problem,
    Refused,
    Warmup,
    parameters,
)
from lrstudio.engine import Contender, Experiment
from lrstudio.storage import experiments, migrations
from lrstudio.storage.errors import StorageError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def _pairs(known: dict[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(known.items())


def values(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Everything that a declaration allows."""
    whole = st.integers(int(parameter.minimum or 0), int(min(parameter.maximum or 0, 10**8)))
    reals = st.floats(
        parameter.minimum,
        parameter.maximum,
        exclude_min=parameter.exclusive_minimum,
        exclude_max=parameter.exclusive_maximum,
        allow_nan=False,
    )
    if parameter.name in ("hidden_layers", "width"):
        return st.integers(1, 5)
    return {
        "dataset": st.sampled_from([cls() for cls in DATASETS.values()]),
        "real": reals,
        "integer": whole,
        "length": st.none() | whole,
        "integers": st.lists(st.integers(0, 100), max_size=4).map(tuple),
        "numbers": st.lists(reals, max_size=4).map(tuple),
        "points": st.lists(st.tuples(st.floats(0, 1), reals), max_size=4).map(tuple),
        "schedules": st.deferred(lambda: st.lists(any_of(PARTS), max_size=3).map(tuple)),
        "formula": st.sampled_from(("x + b*y", "f(u) = u^4 - a", "sum(c*x**2)/d")),
        "constants": st.dictionaries(st.sampled_from("abcd"), reals).map(_pairs),
        "intervals": st.lists(st.tuples(st.floats(-1e9, 0), st.floats(1, 1e9))).map(tuple),
        "flag": st.booleans(),
        "choice": st.sampled_from(parameter.choices or ("",)),
    }[parameter.kind]


PARTS = {name: cls for name, cls in SCHEDULES.items() if not cls.listens}


@functools.cache
def configurations(cls: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    fields = {p.name: values(p) for p in parameters(cls)}
    if cls in SCHEDULES.values():
        fields["warmup"] = st.none() | configurations(Warmup)
    return st.builds(cls, **fields)


def any_of(registry: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(list(registry.values())).flatmap(configurations)


CONTENDERS = st.builds(
    Contender,
    name=TEXTS,
    optimizer=any_of(OPTIMIZERS),
    schedule=any_of(SCHEDULES),
    enabled=st.booleans(),
    colour=st.integers(0, 99),
)


def is_small(problem: Problem) -> bool:
    try:
        return problem.dim <= 5
    except Refused:  # nothing is left to train on
        return False


@st.composite
def any_experiment(draw: st.DrawFn) -> Experiment:
    problem = draw(any_of(PROBLEMS).filter(is_small))
    coordinate = st.floats(-1e300, 1e300)
    point = st.tuples(*[coordinate] * problem.dim)
    suited = CONTENDERS.filter(lambda c: c.optimizer.unsuited(problem.matrix_shape) is None)
    return Experiment(
        title=draw(TEXTS),
        notes=draw(TEXTS),
        problem=problem,
        contenders=tuple(draw(st.lists(suited, max_size=3))),
        steps=draw(st.integers(1, 10**8)),
        starts=tuple(draw(st.lists(point, max_size=3))),
        seeds=tuple(draw(st.lists(st.integers(0, 2**53), min_size=1, max_size=3, unique=True))),
        noise=draw(st.floats(0, 1e6)),
        disturbances=tuple(draw(st.lists(any_of(DISTURBANCES), max_size=2))),
        tolerance=draw(st.floats(0, 1e12, exclude_min=True)),
        metrics_every=draw(st.none() | st.integers(10**6, 10**8)),
        curvature_every=draw(st.none() | st.integers(10**6, 10**8)),
    )


def small() -> Experiment:
    return Experiment(
        title='A [small] "one"\n',
        problem=PROBLEMS["rosenbrock"](),
        contenders=(
            Contender(name="Adam", optimizer=OPTIMIZERS["adam"](lr=0.01)),
            Contender(
                name="SGD",
                optimizer=OPTIMIZERS["sgd"](),
                schedule=SCHEDULES["cosine"](warmup=Warmup(steps=7)),
            ),
        ),
        starts=((-1.5, 2.0), (0.1, 1e-300)),
        seeds=(0, 1, 2),
    )


TEXT = experiments.encode(small()).decode()


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(any_experiment())
def test_every_experiment_survives_the_file_exactly(experiment: Experiment) -> None:
    data = experiments.encode(experiment)
    found = experiments.decode(data)
    assert found == experiment
    # == takes -0.0 for 0.0; the bytes do not
    assert experiments.encode(found) == data


def test_save_and_load(tmp_path: Path) -> None:
    file = tmp_path / "a.lrx"
    experiments.save(file, small())
    assert experiments.load(file) == small()


def test_the_file_is_json_that_diffs_well() -> None:
    assert json.loads(TEXT)["contenders"][1]["schedule"]["warmup"]["steps"] == 7
    assert list(json.loads(TEXT))[:3] == ["format", "schema", "title"]
    assert TEXT.endswith("}\n")
    assert '\n  "starts": [\n    [-1.5, 2.0],\n    [0.1, 1e-300]\n  ],\n' in TEXT
    assert '\n  "seeds": [0, 1, 2],\n' in TEXT


def test_disturbances_stand_in_the_file_only_where_there_are_any() -> None:
    assert '"disturbances"' not in TEXT
    listed = (DISTURBANCES["circle_drift"](radius=2.0), DISTURBANCES["loss_noise"]())
    disturbed = msgspec.structs.replace(small(), disturbances=listed)
    text = experiments.encode(disturbed).decode()
    assert text.index('"noise"') < text.index('"disturbances"') < text.index('"tolerance"')
    assert experiments.decode(text.encode()) == disturbed


def test_a_byte_order_mark_is_forgiven() -> None:
    assert experiments.decode(b"\xef\xbb\xbf" + TEXT.encode()) == small()


def test_the_experiment_of_a_sidecar_opens() -> None:
    sidecar = {"format": "lrstudio-run", "experiment": json.loads(TEXT)}
    assert experiments.decode(json.dumps(sidecar).encode()) == small()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (TEXT, "", "it is empty"),
        (TEXT, "{", "it is not valid JSON: Expecting .* at line 1, column 2"),
        (TEXT, '"half', "it is not valid JSON: Unterminated string starting at line 1, column 1"),
        (TEXT, "[1, 2]", "no experiment of LR Studio"),
        (TEXT, "{}", "no experiment of LR Studio"),
        (TEXT, "[" * 100_000, "nested more than 64 deep at line 1, column 65"),
        (TEXT, " " * 12_000_001, "larger than 12 MB"),
        ("lrstudio-experiment", "other", "no experiment of LR Studio"),
        ('"schema": 1', '"schema": 2', "schema: this file needs a newer LR Studio"),
        ('"schema": 1', '"schema": true', "schema: expected a whole number"),
        ('"schema": 1', '"schema": 0', "schema: expected a whole number"),
        ('  "schema": 1,\n', "", "schema: expected a whole number"),
        ("0.9,", "NaN,", "NaN is not a number that a file may hold at line 17, column 18"),
        ("0.9,", "-Infinity,", "-Infinity is not a number that a file may hold"),
        ("0.9,", "1e400,", "the number 1e400 is too large at line 17, column 18"),
        ("0.9,", "9" * 5000 + ",", "a whole number has too many digits"),
        ('"steps": 500', '"steps": 1, "steps": 2', "the key 'steps' stands twice"),
        ('"Adam"', '"\\ud800"', r"contenders\[0\]\.name holds half of a character"),
        ('"title"', '"\\ud800"', "a key of the file holds half of a character"),
        ('"beta1"', '"beta"', r"contenders\[0\]\.optimizer: unknown key 'beta'"),
        ('"steps"', '"step"', "unknown key 'step'"),
        ('"adam"', '"adm"', r"contenders\[0\]\.optimizer\.rule: 'adm' .* did you mean 'adam'\?$"),
        ('"cosine"', '"cosin"', r"contenders\[1\]\.schedule\.rule: .* did you mean 'cosine'\?$"),
        ('"rosenbrock"', '"rosen"', r"problem\.function: 'rosen' is not known"),
        ('"beta1": 0.9', '"beta1": 1.5', r"optimizer\.beta1: expected a number .* got 1\.5"),
        ('"lr": 0.01', '"lr": -1', r"optimizer\.lr: expected a number above 0 .* got -1"),
        ('"lr": 0.01', '"lr": 1e300', r"optimizer\.lr: expected a number .* got 1e\+300"),
        ('"lr": 0.01', '"lr": "0.01"', r"optimizer\.lr: expected a number .* got '0\.01'"),
        ("[-1.5, 2.0]", "[-1.5]", r"starts\[0\] has 1 coordinate, the problem has 2"),
        ("[0, 1, 2]", "7", "seeds: expected a list, got 7"),
        ('"contenders": [', '"contenders": [3,', r"contenders\[0\]: expected an object, got 3"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, sentence: str) -> None:
    assert old in TEXT
    with pytest.raises(StorageError, match=sentence) as caught:
        experiments.decode(TEXT.replace(old, new, 1).encode(), "race.lrx")
    said = str(caught.value)
    assert said.startswith("Cannot open race.lrx: ")
    assert "\n" not in said
    assert said[-1] in ".?"


@pytest.mark.parametrize("data", [b"\xff\xfe{\0}\0", b"\x89PNG\r\n", "ü".encode("latin-1")])
def test_not_utf8(data: bytes) -> None:
    with pytest.raises(StorageError, match=r"not text in UTF-8 \(byte 0\)"):
        experiments.decode(data)


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")))
def test_arbitrary_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(StorageError):
        experiments.decode(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300)
@given(st.data())
def test_a_value_replaced_by_another_opens_or_is_refused(data: st.DataObject) -> None:
    document = json.loads(TEXT)
    node: Any = document
    while True:
        key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
        if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
            break
        node = node[key]
    if data.draw(st.booleans()):
        node[key] = data.draw(JSON)
    else:
        del node[key]
    opens_or_is_refused(json.dumps(document).encode())


@settings(max_examples=300)
@given(st.data())
def test_bytes_replaced_by_others_open_or_are_refused(data: st.DataObject) -> None:
    changed = bytearray(TEXT.encode())
    first = data.draw(st.integers(0, len(changed)))
    length = data.draw(st.integers(0, 12))
    changed[first : first + length] = data.draw(st.binary(max_size=12))
    opens_or_is_refused(bytes(changed))


def opens_or_is_refused(data: bytes) -> None:
    try:
        experiment = experiments.decode(data)
    except StorageError:
        return
    assert experiments.decode(experiments.encode(experiment)) == experiment


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"noise": float("nan")}, "NaN is not a number"),
        ({"steps": 0}, "steps: expected a whole number at least 1"),
        ({"title": "\ud800"}, "title holds half of a character"),
        ({"title": "x" * 13_000_000}, "larger than 12 MB"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(
    tmp_path: Path, change: dict[str, Any], sentence: str
) -> None:
    file = tmp_path / "a.lrx"
    experiments.save(file, small())
    with pytest.raises(StorageError, match=f"Cannot save .*: .*{sentence}"):
        experiments.save(file, msgspec.structs.replace(small(), **change))
    assert experiments.load(file) == small()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing.lrx", "Cannot open .*missing.lrx: it does not exist"),
        (".", "this is a folder"),
        ("a\0", "no file can have this name"),
        ("n" * 300, "the name is too long"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, sentence: str) -> None:
    with pytest.raises(StorageError, match=sentence):
        experiments.load(f"{tmp_path}/{name}")


def test_older_documents_walk_through_all_migrations_after_their_own() -> None:
    steps = tuple((lambda d, n=n: {**d, "seen": [*d["seen"], n]}) for n in (2, 3, 4))
    assert migrations.migrated({"seen": []}, 1, steps) == {"seen": [2, 3, 4]}
    assert migrations.migrated({"seen": []}, 3, steps) == {"seen": [4]}
    assert migrations.migrated({"seen": []}, 4, steps) == {"seen": []}


def test_this_version_reads_what_it_writes() -> None:
    assert json.loads(TEXT)["schema"] == migrations.SCHEMA == len(migrations.MIGRATIONS) + 1
