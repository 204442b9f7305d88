"""Whatever is handed in as an experiment is one exactly, or is refused in one sentence."""

import copy
import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrstudio.core import OPTIMIZERS, PROBLEMS, SCHEDULES, Refused, validated
from lrstudio.engine import Experiment, experiment_from, plan, run
from tests.engine.races import contender, experiment, line_up, run_in_chunks

GOOD: dict[str, Any] = {
    "title": "A race",
    "problem": {"function": "rosenbrock", "dim": 3},
    "contenders": [
        {
            "name": "Adam",
            "optimizer": {"rule": "adam", "lr": 0.01, "beta1": 0.8},
            "schedule": {
                "rule": "cosine",
                "floor": 0.1,
                "warmup": {"steps": 10, "shape": "cosine", "start": 0.0},
            },
            "colour": 3,
        },
        {"name": "", "optimizer": {"rule": "sgd"}, "enabled": False},
        {
            "name": "Steps",
            "optimizer": {"rule": "momentum", "lr_position": "inside"},
            "schedule": {"rule": "multi_step", "milestones": [5, 9]},
        },
    ],
    "steps": 100,
    "starts": [[1, 2.5, -3], [0, 0, 0]],
    "seeds": [1, 2],
    "noise": 0.5,
    "tolerance": 1e-9,
}

FIRST = ", ".join(list(OPTIMIZERS)[:12])
STEPS_EXPECTED = "expected a whole number at least 1 and at most 100,000,000"


def test_builtins_become_the_experiment_that_they_say() -> None:
    race = experiment_from(GOOD)
    assert race.problem == PROBLEMS["rosenbrock"](dim=3)
    assert race.contenders[0].optimizer == OPTIMIZERS["adam"](lr=0.01, beta1=0.8)
    assert race.contenders[1].schedule == SCHEDULES["constant"]()
    assert race.contenders[2].schedule.milestones == (5, 9)  # type: ignore[attr-defined]
    assert race.starts == ((1.0, 2.5, -3.0), (0.0, 0.0, 0.0))
    assert experiment_from(msgspec.to_builtins(race)) == race
    assert validated(race) == race
    assert hash(race) == hash(experiment_from(GOOD))


def test_what_is_left_out_has_its_default() -> None:
    race = experiment_from({"problem": {"function": "beale"}})
    assert race == Experiment(problem=PROBLEMS["beale"]())
    assert (race.steps, race.seeds, race.noise, race.contenders) == (500, (0,), 0.0, ())


def test_contenders_that_name_no_colour_have_that_of_their_place() -> None:
    assert [c.colour for c in experiment_from(GOOD).contenders] == [3, 1, 2]


def test_a_seed_is_given_once() -> None:
    sentence = re.escape("seeds[1] repeats 3; give each seed once")
    with pytest.raises(ValueError, match=sentence):
        experiment("beale", seeds=(3, 3, 4))
    with pytest.raises(Refused, match=sentence):
        experiment_from({**GOOD, "seeds": [3, 3]})


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"steps": -3},
            "steps: expected a whole number at least 1 and at most 100,000,000, got -3",
        ),
        (
            {"steps": 5.0},
            "steps: expected a whole number at least 1 and at most 100,000,000, got 5",
        ),
        ({"noise": math.nan}, "noise: expected a number at least 0 and at most 1e+06, got nan"),
        ({"seeds": ()}, "seeds: expected a list with at least 1 in it, got 0"),
    ],
)
def test_a_notebook_gets_the_words_of_a_file(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=re.escape(sentence)):
        run(experiment("beale", **fields))


@pytest.mark.parametrize("rate", [-1.0, 0.0, math.nan, math.inf])
def test_a_notebook_gets_the_words_of_a_file_for_a_rate(rate: float) -> None:
    with pytest.raises(Refused) as caught:
        run(experiment("beale", contender(lr=rate)))
    assert caught.value.path == "contenders[0].optimizer.lr"
    assert caught.value.sentence == f"expected a number above 0 and at most 1e+06, got {rate:g}"


def test_a_rate_of_zero_stands_still_step_by_step() -> None:
    trajectory = run_in_chunks(plan(experiment("beale", contender(lr=0.0), steps=5)), 1.0)
    assert (trajectory.position == trajectory.position[0]).all()


def test_a_notebook_may_give_lists_and_numbers_of_numpy() -> None:
    schedule = SCHEDULES["multi_step"](milestones=[2, 4])
    loose = experiment(
        "beale", contender(lr=np.float64(0.01), schedule=schedule), steps=np.int64(6)
    )
    strict = contender(lr=0.01, schedule=SCHEDULES["multi_step"](milestones=(2, 4)))
    assert run(loose).plan.experiment == experiment("beale", strict, steps=6)


def test_any_mixture_of_rules_survives_builtins() -> None:
    race = experiment("himmelblau", *line_up(), seeds=(1, 2))
    assert experiment_from(msgspec.to_builtins(race)) == race


# --- refusals ----------------------------------------------------------------------------------

LEARNING_RATE = "expected a number above 0 and at most 1e+06, got "
Place = tuple[Any, ...]
REFUSALS: list[tuple[Place, Any, str, str]] = [
    # unknown ids, with the nearest one that is known
    (
        ("problem", "function"),
        "rosenbrok",
        "problem.function",
        "'rosenbrok' is not known; did you mean 'rosenbrock'?",
    ),
    (
        ("contenders", 0, "optimizer", "rule"),
        "Adam",
        "contenders[0].optimizer.rule",
        "'Adam' is not known; did you mean 'adam'?",
    ),
    (
        ("contenders", 2, "schedule", "rule"),
        "cosin",
        "contenders[2].schedule.rule",
        "'cosin' is not known; did you mean 'cosine'?",
    ),
    (
        ("contenders", 0, "optimizer", "rule"),
        "zzz",
        "contenders[0].optimizer.rule",
        f"'zzz' is not known; known are {FIRST} and {len(OPTIMIZERS) - 12} more",
    ),
    (
        ("contenders", 0, "optimizer", "modifiers"),
        [{"rule": "clip_value"}, {"rule": "clipnorm"}],
        "contenders[0].optimizer.modifiers[1].rule",
        "'clipnorm' is not known; did you mean 'clip_norm'?",
    ),
    (
        ("disturbances",),
        [{"disturbance": "loss_noise"}, {"disturbance": "circle"}],
        "disturbances[1].disturbance",
        "'circle' is not known; did you mean 'circle_drift'?",
    ),
    # numbers out of their bounds
    (
        ("disturbances",),
        [{"disturbance": "circle_drift", "period": 1.5}],
        "disturbances[0].period",
        "expected a number at least 2 and at most 1e+09, got 1.5",
    ),
    (
        ("contenders", 0, "optimizer", "modifiers"),
        [{"rule": "clip_norm", "limit": -1}],
        "contenders[0].optimizer.modifiers[0].limit",
        "expected a number above 0 and at most 1e+09, got -1",
    ),
    (("contenders", 0, "optimizer", "lr"), 0, "contenders[0].optimizer.lr", LEARNING_RATE + "0"),
    (("contenders", 0, "optimizer", "lr"), -1.5, "…", LEARNING_RATE + "-1.5"),
    (("contenders", 0, "optimizer", "lr"), float("nan"), "…", LEARNING_RATE + "nan"),
    (("contenders", 0, "optimizer", "lr"), float("inf"), "…", LEARNING_RATE + "inf"),
    (("contenders", 0, "optimizer", "lr"), 1e300, "…", LEARNING_RATE + "1e+300"),
    (("contenders", 0, "optimizer", "lr"), "0.1", "…", LEARNING_RATE + "'0.1'"),
    (("contenders", 0, "optimizer", "lr"), None, "…", LEARNING_RATE + "None"),
    (
        ("contenders", 0, "optimizer", "beta1"),
        1.0,
        "…",
        "expected a number at least 0 and below 1, got 1",
    ),
    (
        ("contenders", 0, "schedule", "floor"),
        -1.5,
        "…",
        "expected a number at least 0 and at most 1e+06, got -1.5",
    ),
    (
        ("contenders", 0, "schedule", "warmup", "steps"),
        0,
        "…",
        "expected a whole number at least 1 and at most 100,000,000, got 0",
    ),
    (
        ("contenders", 0, "schedule", "warmup", "shape"),
        "lineer",
        "…",
        "'lineer' is not known; did you mean 'linear'?",
    ),
    (
        ("contenders", 2, "optimizer", "lr_position"),
        "out",
        "…",
        "'out' is not known; did you mean 'outside'?",
    ),
    (
        ("contenders", 2, "schedule", "milestones", 1),
        -9,
        "contenders[2].schedule.milestones[1]",
        "expected a whole number at least 0 and at most 100,000,000, got -9",
    ),
    (
        ("problem", "dim"),
        1,
        "problem.dim",
        "expected a whole number at least 2 and at most 10,000, got 1",
    ),
    (
        ("problem", "dim"),
        2.5,
        "problem.dim",
        "expected a whole number at least 2 and at most 10,000, got 2.5",
    ),
    (("steps",), 0, "steps", "expected a whole number at least 1 and at most 100,000,000, got 0"),
    (
        ("steps",),
        True,
        "steps",
        "expected a whole number at least 1 and at most 100,000,000, got True",
    ),
    (
        ("steps",),
        10**400,
        "steps",
        f"{STEPS_EXPECTED}, got a number of far too many digits",
    ),
    (
        ("steps",),
        10**25 + 7,
        "steps",
        "expected a whole number at least 1 and at most 100,000,000, got 10000000…0007",
    ),
    (("noise",), -0.1, "noise", "expected a number at least 0 and at most 1e+06, got -0.1"),
    (("tolerance",), 0.0, "tolerance", "expected a number above 0 and at most 1e+12, got 0"),
    (("seeds", 1), -1, "seeds[1]", "expected a whole number at least 0, got -1"),
    (("seeds", 1), 0.5, "seeds[1]", "expected a whole number, got 0.5"),
    (("starts", 1, 2), "x", "starts[1][2]", "expected a number, got 'x'"),
    (("starts", 1, 2), float("nan"), "starts[1][2]", "expected a number at least -1e+300, got nan"),
    (
        ("starts", 1, 2),
        10**400,
        "starts[1][2]",
        "expected a number of ordinary size, got a number of far too many digits",
    ),
    # the wrong kind of thing
    (("title",), 5, "title", "expected text, got 5"),
    (("title",), "x" * 201, "title", "expected text with at most 200 in it, got 201"),
    (
        ("steps",),
        "many",
        "steps",
        "expected a whole number at least 1 and at most 100,000,000, got 'many'",
    ),
    (("contenders",), {"a": 1}, "contenders", "expected a list, got an object"),
    (("contenders", 1), 7, "contenders[1]", "expected an object, got 7"),
    (("contenders", 1, "enabled"), 1, "contenders[1].enabled", "expected true or false, got 1"),
    (
        ("contenders", 1, "optimizer"),
        "sgd",
        "contenders[1].optimizer",
        "expected an object, got 'sgd'",
    ),
    (("problem",), None, "problem", "expected an object, got None"),
    (
        ("contenders", 0, "optimizer", "modifiers"),
        [{"rule": "clip_norm"}] * 21,
        "contenders[0].optimizer.modifiers",
        "expected at most 20 modifiers, got 21",
    ),
    (
        ("disturbances",),
        [{"disturbance": "loss_noise"}] * 21,
        "disturbances",
        "expected at most 20 disturbances, got 21",
    ),
    (("disturbances",), {}, "disturbances", "expected a list, got an object"),
    (("seeds",), [], "seeds", "expected a list with at least 1 in it, got 0"),
    (
        ("contenders", 0, "schedule", "warmup"),
        [],
        "contenders[0].schedule.warmup",
        "expected an object or nothing, got a list",
    ),
    # too little, too much
    (
        ("contenders", 0, "optimizer", "betta"),
        1,
        "contenders[0].optimizer",
        "unknown key 'betta'; remove it or check its spelling",
    ),
    (
        ("a\nb`c",),
        1,
        "",
        "unknown key 'a\\nb`c'; remove it or check its spelling",
    ),
    (("x" * 5000,), 1, "", f"unknown key '{'x' * 56}...; remove it or check its spelling"),
    (("nonsense",), 1, "", "unknown key 'nonsense'; remove it or check its spelling"),
    (
        ("starts", 1),
        [1.0, 2.0],
        "",
        "starts[1] has 2 coordinates, the problem has 3; give each start one number per coordinate",
    ),
]


def changed(place: Place, value: Any) -> dict[str, Any]:
    """`GOOD` with another value at a place."""
    data = copy.deepcopy(GOOD)
    node: Any = data
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = value
    return data


def path_of(place: Place) -> str:
    """A place as a message writes it."""
    return "".join(f"[{k}]" if isinstance(k, int) else f".{k}" for k in place).removeprefix(".")


@pytest.mark.parametrize(("place", "value", "path", "sentence"), REFUSALS)
def test_a_refusal_names_the_place_and_says_what_is_wrong(
    place: Place, value: Any, path: str, sentence: str
) -> None:
    path = path_of(place) if path == "…" else path
    with pytest.raises(Refused) as caught:
        experiment_from(changed(place, value))
    assert (caught.value.path, caught.value.sentence) == (path, sentence)
    assert str(caught.value) == (f"{path}: {sentence}" if path else sentence)


@pytest.mark.parametrize(
    ("place", "path", "key"),
    [
        (("problem",), "", "problem"),
        (("problem", "function"), "problem", "function"),
        (("contenders", 0, "optimizer"), "contenders[0]", "optimizer"),
        (("contenders", 0, "name"), "contenders[0]", "name"),
        (("contenders", 0, "optimizer", "rule"), "contenders[0].optimizer", "rule"),
    ],
)
def test_what_is_missing_is_named(place: Place, path: str, key: str) -> None:
    data = changed(place, None)
    node: Any = data
    for k in place[:-1]:
        node = node[k]
    del node[place[-1]]
    with pytest.raises(Refused) as caught:
        experiment_from(data)
    assert (caught.value.path, caught.value.sentence) == (path, f"the key {key!r} is missing")


@pytest.mark.parametrize("data", [None, 5, "text", [], [GOOD], True, np.zeros(3)])
def test_what_is_no_object_at_all_is_refused(data: Any) -> None:
    with pytest.raises(Refused, match="expected an object"):
        experiment_from(data)


@pytest.mark.parametrize(
    ("field", "value"), [("problem", {"function": 5}), ("problem", {"function": ["beale"]})]
)
def test_an_id_that_is_no_text_is_refused(field: str, value: Any) -> None:
    with pytest.raises(Refused) as caught:
        experiment_from({**GOOD, field: value})
    assert caught.value.path.startswith(field)


def test_more_lanes_than_memory_has_room_for_are_refused_at_once() -> None:
    crowd = {**GOOD, "seeds": list(range(10_000)), "starts": [[0, 0, 0]] * 10_000}
    with pytest.raises(Refused, match="runs"):
        experiment_from(crowd)


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["adam", "beale", "rule", "cosine"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def places(node: Any, here: Place = ()) -> Iterator[Place]:
    """Every place in a tree of builtins."""
    if here:
        yield here
    if isinstance(node, dict | list):
        for key, child in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(child, (*here, key))


@settings(max_examples=300)
@given(place=st.sampled_from(list(places(GOOD))), value=JUNK)
def test_junk_anywhere_is_an_experiment_or_one_sentence(place: Place, value: Any) -> None:
    refusal, race = outcome(changed(place, value))
    if race:
        assert experiment_from(msgspec.to_builtins(race)) == race
    else:
        assert "\n" not in refusal
        assert len(refusal) < 400
        assert not re.search("`(int|float|str|bool|array|object|null)", refusal)


def outcome(data: Any) -> tuple[str, Experiment | None]:
    try:
        return "", experiment_from(data)
    except Refused as refused:
        return str(refused), None


def test_a_model_that_is_too_large_is_refused_for_its_size() -> None:
    """20 layers of 1000 units: no number of runs would do."""
    large = PROBLEMS["perceptron"](hidden_layers=20, width=1000)
    asked = msgspec.structs.replace(experiment(contender("sgd", lr=0.1)), problem=large, starts=())
    with pytest.raises(Refused, match=r"19,024,002 coordinates .* make it smaller"):
        plan(asked)
