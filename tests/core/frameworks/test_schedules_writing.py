"""Schedules of ours as calls of PyTorch, Optax and Keras."""

import contextlib
import json
from typing import Any

import pytest

from lrstudio.core import SCHEDULES, Refused, Warmup
from lrstudio.core.frameworks.schedules import TABLES, schedule_from_framework
from lrstudio.core.frameworks.schedules_writing import NOTES, WRITES, schedule_to_framework
from lrstudio.core.schedule import Schedule

WRITTEN = {
    "torch": {
        "constant",
        "step",
        "multi_step",
        "exponential",
        "linear",
        "polynomial",
        "cosine",
        "cosine_restarts",
        "cyclic",
        "one_cycle",
        "constant_factor",
        "reduce_on_plateau",
        "sequence",
        "product",
    },
    "optax": {
        "constant",
        "step",
        "multi_step",
        "exponential",
        "linear",
        "polynomial",
        "cosine",
        "constant_factor",
        "piecewise",
        "sequence",
    },
    "keras": {
        "step",
        "multi_step",
        "exponential",
        "inverse_time",
        "linear",
        "polynomial",
        "cosine",
        "cosine_restarts",
        "piecewise",
    },
}
"""Schedules whose defaults a framework has a class for."""


@pytest.mark.parametrize("framework", TABLES)
@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_is_written_as_a_call_that_gives_its_rates(framework: str, name: str) -> None:
    schedule = SCHEDULES[name]()
    if name == "polynomial" and framework == "torch":
        schedule = SCHEDULES[name](power=1.5)
    if name not in WRITTEN[framework]:
        with pytest.raises(Refused, match=f"^{framework} has no schedule"):
            schedule_to_framework(framework, schedule, 0.1, 300)
        return
    call = schedule_to_framework(framework, schedule, 0.1, 300)
    read = schedule_from_framework(framework, call.name, call.arguments, 0.1, 300)
    if not schedule.listens:
        assert read.factors(300) == pytest.approx(schedule.factors(300), rel=1e-9, abs=1e-12)
    json.dumps(call.arguments)  # nothing but numbers, words and lists of them


def test_warm_ups_and_cycled_momentum_are_written() -> None:
    warm = SCHEDULES["cosine"](warmup=Warmup(steps=20, start=0.1), floor=0.1)
    for framework, name in (
        ("torch", "SequentialLR"),
        ("optax", "warmup_cosine_decay_schedule"),
        ("keras", "CosineDecay"),
    ):
        call = schedule_to_framework(framework, warm, 0.1, 200)
        assert call.name == name
        read = schedule_from_framework(framework, call.name, call.arguments, 0.1, 200)
        assert read.factors(200) == pytest.approx(warm.factors(200), rel=1e-9)
    cycle = SCHEDULES["one_cycle"](cycle_momentum=True, base_momentum=0.7)
    call = schedule_to_framework("torch", cycle, 0.1, 200)
    assert (call.name, call.arguments["base_momentum"]) == ("OneCycleLR", 0.7)


def made(name: str, **fields: Any) -> Schedule:
    return SCHEDULES[name](**fields)


RISE = Warmup(steps=20, start=0.1)
EXAMPLES = [
    *(cls() for cls in SCHEDULES.values()),
    made("exponential", staircase=True, decay_steps=20),
    made("exponential", warmup=RISE),
    made("cosine", warmup=RISE),
    made("one_cycle", ends="after"),
    made("one_cycle", ends="after", shape="linear", phases="three"),
    made("piecewise", points=((0.0, 1.0), (50.0, 0.5)), shape="linear"),
    made("reduce_on_plateau", patience_rule="at", acts="same"),
]
WAYS = [(f, name, cls) for f in WRITES for name in WRITES[f] for cls in WRITES[f][name]]


@pytest.mark.parametrize(("framework", "name", "cls"), WAYS)
def test_every_way_back_is_taken(framework: str, name: str, cls: type[Schedule]) -> None:
    assert name in TABLES[framework]
    found = set()
    for example in EXAMPLES:
        if type(example) is cls:
            with contextlib.suppress(Refused):
                found.add(schedule_to_framework(framework, example, 0.1, 300).name)
    assert name in found


def test_notes_are_of_classes_that_a_schedule_may_be() -> None:
    assert set(NOTES) <= {(name, cls) for _, name, cls in WAYS}


def test_arguments_are_those_that_differ_from_the_defaults() -> None:
    call = schedule_to_framework("torch", made("step", gamma=0.1), 0.1, 300)
    assert call == ("StepLR", {"step_size": 100})
    call = schedule_to_framework("torch", made("cosine", length=100, floor=0.1), 0.1, 300)
    assert call.arguments == {
        "schedulers": [
            {"cls": "CosineAnnealingLR", "kwargs": {"T_max": 100, "eta_min": 0.01}},
            {"cls": "ConstantLR", "kwargs": {"factor": 0.1, "total_iters": 201}},
        ],
        "milestones": [100],
    }


def test_a_warm_up_is_a_part_beside_the_other_parts() -> None:
    parts = (made("step"), made("cosine"))
    warm = made("sequence", parts=parts, boundaries=(150,), warmup=RISE)
    for framework, inside in (("torch", "schedulers"), ("optax", "schedules")):
        arguments = schedule_to_framework(framework, warm, 0.1, 300).arguments
        assert len(arguments[inside]) == 3
        assert [20, 170] in arguments.values()
    call = schedule_to_framework("torch", made("constant", warmup=RISE), 0.1, 300)
    assert call == ("LinearLR", {"start_factor": 0.1, "total_iters": 20})


def test_a_warm_up_that_a_framework_would_undo_is_not_written() -> None:
    """PyTorch's OneCycleLR sets the rate from which the others start when it is made."""
    assert schedule_to_framework("torch", made("cyclic", warmup=RISE), 0.1, 300)
    with pytest.raises(Refused):
        schedule_to_framework("torch", made("one_cycle", warmup=RISE), 0.1, 300)
    with pytest.raises(Refused):  # LinearLR cannot begin at 0
        schedule_to_framework("torch", made("cosine", warmup=Warmup(start=0.0)), 0.1, 300)


def test_restarts_are_written_for_keras_where_it_finds_them_in_time() -> None:
    """With a growth of 3 in double precision it is a step late at 121 times the first cycle."""
    for growth in (1.0, 2.0):
        assert schedule_to_framework("keras", made("cosine_restarts", growth=growth), 0.1, 300)
    with pytest.raises(Refused):
        schedule_to_framework("keras", made("cosine_restarts", growth=3.0), 0.1, 300)


def test_what_a_framework_does_not_have_is_not_written() -> None:
    gentle = SCHEDULES["cosine"](power=2.0)
    assert schedule_to_framework("optax", gentle, 0.1, 100).arguments["exponent"] == 2.0
    for framework in ("torch", "keras"):
        with pytest.raises(Refused, match=f"^{framework} has no schedule"):
            schedule_to_framework(framework, gentle, 0.1, 100)
    rising = SCHEDULES["cosine"](length=30, after="continue")
    with pytest.raises(Refused):
        schedule_to_framework("keras", rising, 0.1, 100)
