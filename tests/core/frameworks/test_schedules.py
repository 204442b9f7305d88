"""Schedules by the names that PyTorch, Optax and Keras give them.

The rates in `tests/golden/framework_schedules.json` are those of the frameworks themselves; random
settings are compared with them live in `test_schedules_live`.
"""

import inspect
import json
import math
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lrstudio.core import SCHEDULES, Refused, Schedule, validated
from lrstudio.core.frameworks.schedules import (
    TABLES,
    framework_rate,
    schedule_from_framework,
)
from tests.golden import framework_cases

GOLDEN = Path(__file__).parents[2] / "golden"
TOLERANCE = 1e-12
"""Rounding, and what PyTorch's rates drift in 300 steps, each made from the one before."""
KEPT = [*range(12), *range(12, 301, 13), 149, 150, 199, 200, 299, 300]


def cases(name: str) -> list[dict[str, Any]]:
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))["cases"]


CALLS = cases("framework_schedules.json")
PLATEAUS = cases("framework_plateaus.json")
MADE = [c for c in CALLS if c["rates"] and not (c["fails"] and c["steps"] == 8)]
FAILING = [c for c in CALLS if c not in MADE]


def named(case: dict[str, Any]) -> str:
    return f"{case['framework']}.{case.get('name', 'plateau')}({case['arguments']})"


def made(case: dict[str, Any], **setting: Any) -> Schedule:
    arguments = framework_cases.with_functions(case["arguments"])
    return schedule_from_framework(case["framework"], case["name"], arguments, **setting)


def relative_error(got: Any, expected: Any) -> float:
    """Largest error, against the value itself or a thousandth of the largest value."""
    got, expected = np.asarray(got), np.asarray(expected)
    assert got.shape == expected.shape
    size = np.maximum(np.abs(expected), 1e-3 * np.abs(expected).max(initial=0.0))
    return float((np.abs(got - expected) / np.where(size > 0, size, 1.0)).max(initial=0.0))


@pytest.mark.parametrize("case", MADE, ids=named)
def test_factors_times_the_base_rate_are_the_frameworks_rates(case: dict[str, Any]) -> None:
    steps, kept = case["made"], [k for k in KEPT if k < case["made"]]
    arguments = framework_cases.with_functions(case["arguments"])
    bases = [case["base_lr"]] if case["base_lr"] else [None, 0.037]
    for base in bases:
        schedule = made(case, base_lr=base, steps=steps)
        assert validated(schedule) == schedule  # what a file can hold
        rate = base or framework_rate(case["framework"], case["name"], arguments)
        assert relative_error(schedule.factors(steps)[kept] * rate, case["rates"]) <= TOLERANCE
        momenta = schedule.momenta(steps)
        if momenta is not None:
            assert relative_error(momenta[kept], case["momenta"]) <= TOLERANCE
        elif case["framework"] == "torch":
            assert set(case["momenta"]) == {0.9}  # the optimizer's own


@pytest.mark.parametrize("case", FAILING, ids=named)
def test_what_the_framework_refuses_is_refused_in_a_sentence(case: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        made(case, base_lr=case["base_lr"], steps=case["steps"])
    sentence = str(caught.value)
    assert sentence.startswith(f"{case['framework']}.{case['name']}: ")
    assert len(sentence) < 250
    assert any(name in sentence for name in TABLES[case["framework"]][case["name"]].arguments) or (
        "PyTorch fails" in sentence
    )


def test_the_golden_file_has_both_outcomes_and_every_class() -> None:
    assert len(FAILING) > 40
    known = {(f, name) for f, table in TABLES.items() for name in table}
    missing = known - {(c["framework"], c["name"]) for c in CALLS}
    assert missing == {("torch", "ReduceLROnPlateau"), ("optax", "reduce_on_plateau")}
    assert {c["framework"] for c in PLATEAUS} == {"torch", "optax"}


@pytest.mark.parametrize("case", PLATEAUS, ids=named)
def test_plateaus_are_heard_like_in_the_frameworks(case: dict[str, Any]) -> None:
    name = {"torch": "ReduceLROnPlateau", "optax": "contrib.reduce_on_plateau"}
    framework, loss = case["framework"], framework_cases.LOSSES[case["losses"]]
    schedule = schedule_from_framework(framework, name[framework], case["arguments"], 0.1)
    factors = schedule.factors(301, np.array([loss(k) for k in range(301)]))
    changes = dict(case["changes"])
    rate, expected = math.nan, []
    for k in range(301):
        rate = changes.get(k, rate)
        expected.append(rate)
    assert relative_error(0.1 * factors, expected) <= TOLERANCE


@pytest.mark.frameworks
@pytest.mark.timeout(600)
def test_the_frameworks_still_say_the_same() -> None:
    if not all(map(find_spec, ("torch", "optax", "keras"))):
        pytest.skip("needs the `frameworks` extra")
    from tests.golden import make_goldens

    found = json.loads(json.dumps(make_goldens.framework_data()))
    for live, kept in zip(found, CALLS, strict=True):
        assert relative_error(live.pop("rates"), kept["rates"]) <= TOLERANCE
        assert {**live, "rates": kept["rates"]} == kept
    assert json.loads(json.dumps(make_goldens.plateau_data())) == PLATEAUS


# --- what the arguments are measured by ----------------------------------------------------------


def test_without_a_base_rate_the_rate_of_the_arguments_is_factor_one() -> None:
    call = ("optax", "cosine_decay_schedule", {"init_value": 0.3, "decay_steps": 50})
    assert framework_rate(*call) == 0.3
    assert schedule_from_framework(*call) == SCHEDULES["cosine"](length=50)
    warm = {"init_value": 0.0, "peak_value": 0.2, "warmup_steps": 5, "decay_steps": 20}
    assert framework_rate("optax", "warmup_cosine_decay_schedule", warm) == 0.2
    assert (
        framework_rate("keras", "PiecewiseConstantDecay", {"boundaries": [3], "values": [2, 1]})
        == 2
    )
    assert framework_rate("torch", "OneCycleLR", {"max_lr": 0.5, "total_steps": 10}) == 0.5
    assert framework_rate("torch", "StepLR", {"step_size": 3}) == 1.0


def test_a_rate_beside_the_optimizers_own_needs_it() -> None:
    arguments = {"T_max": 10, "eta_min": 0.01}
    with pytest.raises(Refused, match=r"^torch\.CosineAnnealingLR: eta_min .*base_lr"):
        schedule_from_framework("torch", "CosineAnnealingLR", arguments)
    node = {"cls": "CosineAnnealingLR", "kwargs": arguments}
    with pytest.raises(Refused, match="eta_min"):
        schedule_from_framework("torch", "ChainedScheduler", {"schedulers": [node]})
    with pytest.raises(Refused, match="min_lr"):
        schedule_from_framework("torch", "ReduceLROnPlateau", {"min_lr": 0.1})
    cosine = schedule_from_framework("torch", "CosineAnnealingLR", {"T_max": 10})
    assert cosine == SCHEDULES["cosine"](length=10, after="continue")


@pytest.mark.parametrize("base_lr", [0, -1.0, math.nan, math.inf, "0.1"])
def test_a_base_rate_is_a_number_above_zero(base_lr: Any) -> None:
    with pytest.raises(Refused, match="base_lr"):
        schedule_from_framework("torch", "StepLR", {"step_size": 3}, base_lr)


def test_all_rates_zero_are_factors_of_zero() -> None:
    for arguments in ({"value": 0.0}, {"value": 0}):
        schedule = schedule_from_framework("optax", "constant_schedule", arguments)
        assert (schedule.factors(5) == 0).all()


# --- functions, and what can only be tabulated ---------------------------------------------------


def test_a_function_becomes_a_table_of_the_run() -> None:
    schedule = schedule_from_framework(
        "torch", "LambdaLR", {"lr_lambda": lambda k: 1 / (k + 1)}, steps=4
    )
    assert schedule == SCHEDULES["table"](values=(1.0, 1 / 2, 1 / 3, 1 / 4))
    many = schedule_from_framework(
        "torch", "MultiplicativeLR", {"lr_lambda": [lambda k: 0.5]}, steps=3
    )
    assert many.factors(3).tolist() == [1, 0.5, 0.25]


def test_a_table_needs_to_know_how_long_it_is() -> None:
    for name in ("LambdaLR", "MultiplicativeLR"):
        with pytest.raises(Refused, match=rf"^torch\.{name}: .*number of steps"):
            schedule_from_framework("torch", name, {"lr_lambda": lambda k: 1.0})
    with pytest.raises(Refused, match="100,000"):
        schedule_from_framework("torch", "LambdaLR", {"lr_lambda": lambda k: 1.0}, steps=10**6)
    with pytest.raises(Refused, match="steps"):
        schedule_from_framework("torch", "StepLR", {"step_size": 3}, steps=-1)


def test_lengths_that_are_not_whole_are_tabulated() -> None:
    schedule = schedule_from_framework(
        "keras",
        "CosineDecay",
        {"initial_learning_rate": 1.0, "decay_steps": 7.5},
        steps=10,
    )
    expected = [math.cos(math.pi * min(k / 7.5, 1) / 2) ** 2 for k in range(10)]
    assert schedule.factors(10) == pytest.approx(expected, abs=1e-15)


# --- schedules inside schedules ------------------------------------------------------------------


def test_parts_may_be_schedules_of_ours() -> None:
    own = SCHEDULES["rex"](length=30)
    sequence = schedule_from_framework(
        "torch",
        "SequentialLR",
        {"schedulers": [own, {"cls": "StepLR", "kwargs": {"step_size": 5}}], "milestones": [20]},
    )
    step = SCHEDULES["step"](step_size=5, gamma=0.1)
    assert sequence == SCHEDULES["sequence"](parts=(own, step), boundaries=(20,))
    joined = schedule_from_framework(
        "optax",
        "join_schedules",
        {
            "schedules": [own, {"cls": "constant_schedule", "kwargs": {"value": 0.5}}],
            "boundaries": [9],
        },
        base_lr=1.0,
    )
    assert joined.factors(20)[9:].tolist() == [0.5] * 11


def test_what_is_wrong_inside_is_said_with_its_place() -> None:
    node = {"cls": "StepLR", "kwargs": {"stepsize": 5}}
    with pytest.raises(Refused, match=r"^torch\.ChainedScheduler: schedulers\[0\]\.stepsize"):
        schedule_from_framework("torch", "ChainedScheduler", {"schedulers": [node]})
    with pytest.raises(Refused, match=r"schedules\[0\].*'sgd'"):
        schedule_from_framework(
            "optax", "join_schedules", {"schedules": [{"cls": "sgd"}], "boundaries": []}
        )
    listening = SCHEDULES["reduce_on_plateau"]()
    with pytest.raises(Refused, match="listens"):
        schedule_from_framework("torch", "ChainedScheduler", {"schedulers": [listening]})


def test_a_chain_with_a_minimum_adds_it_after_the_product() -> None:
    nodes = [
        {"cls": "LinearLR", "kwargs": {"start_factor": 0.25, "total_iters": 30}},
        {"cls": "CosineAnnealingLR", "kwargs": {"T_max": 300, "eta_min": 0.001}},
    ]
    chain = schedule_from_framework(
        "torch", "ChainedScheduler", {"schedulers": nodes}, base_lr=0.1, steps=300
    )
    product = SCHEDULES["product"](
        parts=(
            SCHEDULES["linear"](start=0.25, end=1.0, length=30),
            SCHEDULES["cosine"](length=300, floor=0.01),
        )
    )
    assert abs(chain.factors(300) - product.factors(300)).max() > 1e-5


def test_warm_restarts_may_be_asked_for_fractions_of_an_epoch() -> None:
    schedule = schedule_from_framework(
        "torch",
        "CosineAnnealingWarmRestarts",
        {"T_0": 10, "T_mult": 2, "eta_min": 0.001},
        base_lr=0.1,
    )
    epochs = np.arange(299) / 10  # scheduler.step(epoch + i / iterations)
    share = np.where(epochs < 10, epochs / 10, (epochs - 10) / 20)
    expected = 0.001 + 0.099 * (1 + np.cos(np.pi * share)) / 2
    assert 0.1 * schedule.at(epochs, 300) == pytest.approx(expected, rel=1e-12)


# --- names ---------------------------------------------------------------------------------------


def test_unknown_names_are_refused_with_the_nearest() -> None:
    with pytest.raises(Refused, match=r"framework 'pytorch'.*'torch'"):
        schedule_from_framework("pytorch", "StepLR", {})
    with pytest.raises(Refused, match=r"^torch: schedule 'StepLr'.*'StepLR'"):
        schedule_from_framework("torch", "StepLr", {})
    with pytest.raises(Refused, match=r"^torch\.StepLR: stepsize"):
        schedule_from_framework("torch", "StepLR", {"stepsize": 3})
    with pytest.raises(Refused, match=r"^torch\.StepLR: last_epoch"):
        schedule_from_framework("torch", "StepLR", {"step_size": 3, "last_epoch": 5})


def test_full_names_are_known() -> None:
    for name in ("StepLR", "lr_scheduler.StepLR", "torch.optim.lr_scheduler.StepLR"):
        assert schedule_from_framework("torch", name, {"step_size": 3})


@pytest.mark.frameworks
def test_arguments_and_defaults_are_those_of_the_frameworks() -> None:
    if not all(map(find_spec, ("torch", "optax", "keras"))):
        pytest.skip("needs the `frameworks` extra")
    from tests.golden import make_goldens  # chooses Keras' backend

    keras, optax, torch = make_goldens.keras, make_goldens.optax, make_goldens.torch
    places = {
        "torch": (torch.optim.lr_scheduler, torch.optim.swa_utils),
        "optax": (optax.schedules, optax.contrib),
        "keras": (keras.optimizers.schedules,),
    }
    for framework, table in TABLES.items():
        for name, entry in table.items():
            cls = next(getattr(m, name) for m in places[framework] if hasattr(m, name))
            known = inspect.signature(cls).parameters
            left_out = {"self", "optimizer", "params", "args", "kwargs"}
            theirs = {n: p.default for n, p in known.items() if n not in left_out}
            assert set(entry.arguments) == set(theirs), name
            for argument, default in entry.arguments.items():
                if argument == "name":
                    continue
                is_required = isinstance(default, type)
                assert is_required == (theirs[argument] is inspect.Parameter.empty), argument
                assert is_required or default == theirs[argument], (name, argument)
