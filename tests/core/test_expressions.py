"""Schedules written down as formulas, against the schedules themselves."""

import ast
import math

import msgspec
import numpy as np
import pytest

from lrstudio.core import SCHEDULES, Schedule, Warmup
from lrstudio.core.expressions import FUNCTIONS, expression
from tests.core.variants import SCHEDULE_VARIANTS, WARMUPS, name

NAMES = {name: getattr(np, name) for name in FUNCTIONS} | {"pi": math.pi}
WITHOUT = {"chebyshev": "its order is a permutation of bits"}
"""Ids of schedules that no line can say, each with the reason."""

each_variant = pytest.mark.parametrize("schedule", SCHEDULE_VARIANTS, ids=name)


def values(formula: str, steps: int) -> np.ndarray:
    with np.errstate(all="ignore"):
        found = eval(formula, NAMES | {"k": np.arange(float(steps))})  # our own formula
    return np.broadcast_to(np.asarray(found, dtype=float), (steps,))


@each_variant
@pytest.mark.parametrize("steps", [1, 7, 500])
def test_the_formula_gives_the_factors(schedule: Schedule, steps: int) -> None:
    for warmup in WARMUPS:
        warm = msgspec.structs.replace(schedule, warmup=warmup)
        formula = warm.expression(steps)
        if formula is None:
            assert schedule.listens or type(schedule).__struct_config__.tag in WITHOUT
            return
        got, expected = values(formula, steps), warm.factors(steps)
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12 * np.max(expected))


@each_variant
def test_the_formula_uses_known_names_only(schedule: Schedule) -> None:
    formula = msgspec.structs.replace(schedule, warmup=Warmup(shape="cosine")).expression(300)
    if formula is not None:
        used = {node.id for node in ast.walk(ast.parse(formula)) if isinstance(node, ast.Name)}
        assert used <= {*NAMES, "k"}


@pytest.mark.parametrize(
    ("tag", "fields", "expected"),
    [
        ("constant", {}, "1"),
        ("step", {}, "0.5 ** floor(k / 100)"),
        ("linear", {}, "1 - k / 500"),
        ("cosine", {}, "(1 + cos(pi * (k / 500))) / 2"),
        ("cosine", {"length": 100}, "(1 + cos(pi * (minimum(k, 100) / 100))) / 2"),
        ("inverse_sqrt", {}, "1 / sqrt(1 + k / 100)"),
        (
            "exponential",
            {"warmup": Warmup(steps=10)},
            "where(k < 10, 0.01 + 0.99 * (k / 10), 0.99 ** (k - 10))",
        ),
    ],
)
def test_the_formula_reads_like_a_persons(tag: str, fields: dict, expected: str) -> None:
    assert SCHEDULES[tag](**fields).expression(500) == expected


def test_waves_that_grow_are_written_one_by_one() -> None:
    waves = SCHEDULES["cosine_restarts"](first_cycle=10, growth=2.5, decay=0.5)
    assert str(waves.expression(100)).count("where") == 3
    assert SCHEDULES["cosine_restarts"](first_cycle=1, growth=1.01).expression(500) is None


def test_what_needs_the_numbers_has_no_formula() -> None:
    assert expression(lambda k: np.asarray(k) + 1, 10) is None
    assert expression(np.sort, 10) is None
    assert expression(lambda k: k * np.arange(3.0), 10) is None
    assert expression(lambda k: k + math.inf, 10) is None
    assert expression(lambda k: 1.0 if k < 3 else 2.0, 10) is None


def test_operations_are_tidied_where_the_steps_are_known() -> None:
    assert expression(lambda k: np.minimum(k, 20) + np.maximum(k, -1), 10) == "k + k"
    assert expression(lambda k: np.where(k < 20, k, 0), 10) == "k"
    assert expression(lambda k: np.clip((k - 3) / 4, 0, 1), 10) == (
        "minimum(maximum((k - 3) / 4, 0), 1)"
    )
    assert expression(lambda k: np.interp(k, [0.0, 4.0], [1.0, 0.0]), 10) == (
        "where(k < 4, 1 - 0.25 * k, 0)"
    )
