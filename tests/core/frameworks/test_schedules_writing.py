"""Schedules of ours as calls of PyTorch, Optax and Keras."""

import json

import pytest

from lrstudio.core import SCHEDULES, Refused, Warmup
from lrstudio.core.frameworks.schedules import TABLES, schedule_from_framework
from lrstudio.core.frameworks.schedules_writing import schedule_to_framework

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
        ("optax", "join_schedules"),
        ("keras", "CosineDecay"),
    ):
        call = schedule_to_framework(framework, warm, 0.1, 200)
        assert call.name == name
        read = schedule_from_framework(framework, call.name, call.arguments, 0.1, 200)
        assert read.factors(200) == pytest.approx(warm.factors(200), rel=1e-9)
    cycle = SCHEDULES["one_cycle"](cycle_momentum=True, base_momentum=0.7)
    call = schedule_to_framework("torch", cycle, 0.1, 200)
    assert (call.name, call.arguments["base_momentum"]) == ("OneCycleLR", 0.7)


def test_what_a_framework_does_not_have_is_not_written() -> None:
    gentle = SCHEDULES["cosine"](power=2.0)
    assert schedule_to_framework("optax", gentle, 0.1, 100).arguments["exponent"] == 2.0
    for framework in ("torch", "keras"):
        with pytest.raises(Refused, match=f"^{framework} has no schedule"):
            schedule_to_framework(framework, gentle, 0.1, 100)
    rising = SCHEDULES["cosine"](length=30, after="continue")
    with pytest.raises(Refused):
        schedule_to_framework("keras", rising, 0.1, 100)
