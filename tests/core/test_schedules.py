"""Schedules: what holds for all of them, and each against its formula written down anew."""

import math
import tracemalloc
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrstudio.core import SCHEDULES, Refused, Schedule, Warmup, identifier, parameters
from tests.core.variants import SCHEDULE_VARIANTS, WARMUPS, name

LISTENING = "reduce_on_plateau"
LOW_START = {"one_cycle", "cyclic", "constant_factor", "chebyshev", "warmup_restarts", "noam"}
"""Schedules whose first factor is not 1; their formulas say what it is."""


def losses(steps: int) -> Any:
    """Losses that get better, stand, and get worse."""
    return 2 + np.cos(np.arange(steps) / 40)


def factors_of(schedule: Schedule, steps: int) -> Any:
    return schedule.factors(steps, losses(steps) if schedule.listens else None)


def fixed(schedule: Schedule) -> Schedule:
    """The same schedule with a length of its own in everything that may span the run."""
    fields: dict[str, Any] = {
        "length": 80,
        "stable": 50,
        "decay": 30 if schedule.__struct_config__.tag == "warmup_stable_decay" else None,
        "boundaries": (40,),
        "parts": tuple(fixed(part) for part in getattr(schedule, "parts", ())),
    }
    known = set(schedule.__struct_fields__)
    given = {name: v for name, v in fields.items() if name in known and v is not None}
    return msgspec.structs.replace(schedule, **given)


def holds_its_end(schedule: Schedule) -> bool:
    """Whether there is a last value after a length, and it is held."""
    goes_on = getattr(schedule, "after", "") == "continue" or getattr(schedule, "cycle", False)
    return "length" in schedule.__struct_fields__ and not goes_on


each_variant = pytest.mark.parametrize("schedule", SCHEDULE_VARIANTS, ids=name)
each_warmup = pytest.mark.parametrize("warmup", WARMUPS[1:], ids=name)


@each_variant
@pytest.mark.parametrize("steps", [0, 1, 2, 3, 500])
def test_one_finite_factor_per_step_that_is_not_negative(schedule: Schedule, steps: int) -> None:
    for warmup in WARMUPS:
        factors = factors_of(msgspec.structs.replace(schedule, warmup=warmup), steps)
        assert factors.shape == (steps,)
        assert factors.dtype == np.float64
        assert np.isfinite(factors).all()
        assert (factors >= 0).all()


@pytest.mark.parametrize("steps", [-1, 1.5, "ten", None])
def test_what_is_no_number_of_steps_is_refused(steps: Any) -> None:
    with pytest.raises(Refused, match="expected a whole number of steps from 0 on, got "):
        SCHEDULES["cosine"]().factors(steps)


@each_variant
def test_a_schedule_starts_at_the_full_rate(schedule: Schedule) -> None:
    if identifier(type(schedule)) in LOW_START:
        return
    assert factors_of(schedule, 500)[0] == 1.0  # cosine included, which is often copied as 2


@each_variant
def test_factors_do_not_depend_on_how_they_are_cut(schedule: Schedule) -> None:
    if schedule.listens:
        return
    for warmup in WARMUPS:
        warm = msgspec.structs.replace(schedule, warmup=warmup)
        whole = warm.factors(1000)
        for first, last in ((0, 1), (1, 9), (9, 500), (500, 999), (999, 1000)):
            assert np.array_equal(warm.at(np.arange(first, last), 1000), whole[first:last])
        assert np.array_equal(warm.at(np.arange(0, 1000, 7), 1000), whole[::7])


@each_variant
def test_a_given_length_makes_the_run_unimportant(schedule: Schedule) -> None:
    schedule = fixed(schedule)
    whole = factors_of(schedule, 1000)
    assert np.array_equal(factors_of(schedule, 50), whole[:50])
    assert np.array_equal(factors_of(schedule, 120), whole[:120])


@each_variant
def test_no_length_means_the_rest_of_the_run(schedule: Schedule) -> None:
    if "length" not in schedule.__struct_fields__:
        return
    schedule = msgspec.structs.replace(schedule, length=None)
    if identifier(type(schedule)) == "constant_factor":
        assert (schedule.factors(300) == schedule.factor).all()
        return
    assert np.array_equal(
        schedule.factors(300), msgspec.structs.replace(schedule, length=300).factors(300)
    )
    warm = msgspec.structs.replace(schedule, warmup=Warmup(steps=40))
    assert np.array_equal(warm.factors(300)[40:], schedule.factors(260))


@each_variant
def test_the_last_value_is_held_after_the_length(schedule: Schedule) -> None:
    if not holds_its_end(schedule):
        return
    factors = msgspec.structs.replace(schedule, length=64).factors(200)
    assert (factors[64:] == factors[64]).all()
    assert factors[62] != factors[64]


@each_variant
@each_warmup
def test_the_schedule_follows_its_warm_up(schedule: Schedule, warmup: Warmup) -> None:
    heard = losses(500) if schedule.listens else None
    factors = msgspec.structs.replace(schedule, warmup=warmup).factors(500, heard)
    heard = losses(500)[warmup.steps :] if schedule.listens else None
    assert np.array_equal(factors[warmup.steps :], schedule.factors(500 - warmup.steps, heard))


def test_the_step_after_the_warm_up_is_the_schedules_first() -> None:
    halved = SCHEDULES["multi_step"](milestones=(0,), gamma=0.5, warmup=Warmup(steps=10))
    assert halved.factors(12)[9:].tolist() == [pytest.approx(0.901), 0.5, 0.5]


@each_warmup
def test_a_warm_up_rises_from_its_start_to_the_full_rate(warmup: Warmup) -> None:
    rise = warmup.factors(500)
    assert rise.shape == (warmup.steps,)
    assert rise[0] == pytest.approx(warmup.start, rel=1e-15)
    assert (np.diff([*rise, 1.0]) > 0).all()


@pytest.mark.parametrize("kind", [c for c in SCHEDULES.values() if "begin" in c.__struct_fields__])
@pytest.mark.parametrize("steps", [1, 2, 5])
def test_a_decay_that_begins_behind_the_run_holds_its_start(
    kind: type[Schedule], steps: int
) -> None:
    assert (kind(begin=7).factors(steps) == 1).all()


@each_warmup
def test_a_run_shorter_than_the_warm_up_sees_its_beginning(warmup: Warmup) -> None:
    schedule = SCHEDULES["cosine"](warmup=warmup)
    assert np.array_equal(schedule.factors(20), warmup.factors(500)[:20])


# --- closed forms, written independently ---------------------------------------------------------

Formula = Callable[[int], float]
SPAN = 400


def half_wave(share: float) -> float:
    return math.cos(math.pi * share / 2) ** 2  # = ½(1 + cos π share)


FORMULAS: list[tuple[Any, Formula]] = [
    (SCHEDULES["constant"](), lambda k: 1.0),
    (SCHEDULES["step"](step_size=30, gamma=0.5), lambda k: 0.5 ** (k // 30)),
    (
        SCHEDULES["multi_step"](milestones=(200, 0, 50, 50), gamma=0.5),
        lambda k: 0.5 ** sum(m <= k for m in (0, 50, 50, 200)),
    ),
    (SCHEDULES["exponential"](gamma=0.5, decay_steps=70), lambda k: 2 ** (-k / 70)),
    (
        SCHEDULES["exponential"](gamma=0.5, decay_steps=70, staircase=True),
        lambda k: 0.5 ** (k // 70),
    ),
    (SCHEDULES["exponential"](form="rate", rate=0.02), lambda k: math.exp(-k / 50)),
    (
        SCHEDULES["exponential"](form="rate", rate=0.5, decay_steps=70, staircase=True),
        lambda k: math.exp(-0.5 * (k // 70)),
    ),
    (SCHEDULES["linear"](), lambda k: 1 - k / SPAN),
    (
        SCHEDULES["linear"](start=0.2, end=0.8, length=100),
        lambda k: 0.2 + 0.6 * min(k / 100, 1),
    ),
    (
        SCHEDULES["polynomial"](power=3.0, floor=0.1, length=100),
        lambda k: 0.1 + 0.9 * max(1 - k / 100, 0) ** 3,
    ),
    (SCHEDULES["polynomial"](power=0.5), lambda k: math.sqrt(1 - k / SPAN)),
    (SCHEDULES["polynomial"](power=0.0, length=10), lambda k: 1.0),
    (SCHEDULES["cosine"](), lambda k: half_wave(k / SPAN)),
    (
        SCHEDULES["cosine"](floor=0.3, length=100),
        lambda k: 0.3 + 0.7 * half_wave(min(k / 100, 1)),
    ),
    (
        SCHEDULES["cosine_restarts"](first_cycle=30, growth=1.0, decay=0.5, floor=0.2),
        lambda k: 0.2 + 0.8 * 0.5 ** (k // 30) * half_wave(k % 30 / 30),
    ),
    (
        SCHEDULES["cosine_restarts"](first_cycle=50, growth=2.0),  # cycles at 0, 50, 150, 350
        lambda k: half_wave(
            k / 50
            if k < 50
            else (k - 50) / 100
            if k < 150
            else (k - 150) / 200
            if k < 350
            else (k - 350) / 400
        ),
    ),
    (SCHEDULES["inverse_time"](rate=0.5, decay_steps=20), lambda k: 40 / (40 + k)),
    (
        SCHEDULES["inverse_time"](rate=0.5, decay_steps=20, staircase=True),
        lambda k: 2 / (2 + k // 20),
    ),
    (SCHEDULES["inverse_sqrt"](timescale=25.0), lambda k: (1 + k / 25) ** -0.5),
    (
        SCHEDULES["exponential"](gamma=0.5, decay_steps=10, begin=30, end=0.1),
        lambda k: max(2 ** -max(k / 10 - 3, 0), 0.1),
    ),
    (SCHEDULES["exponential"](gamma=1.1, end=3.0), lambda k: min(1.1**k, 3)),
    (
        SCHEDULES["polynomial"](power=3.0, start=0.5, floor=0.1, length=70, begin=30),
        lambda k: 0.1 + 0.4 * (1 - min(max(k - 30, 0) / 70, 1)) ** 3,
    ),
    (
        SCHEDULES["polynomial"](power=2.0, length=50, cycle=True),
        lambda k: (1 - k / (50 * max(math.ceil(k / 50), 1))) ** 2,
    ),
    (SCHEDULES["cosine"](length=100, after="continue"), lambda k: half_wave(k / 100)),
    (
        SCHEDULES["cosine"](length=100, power=1.5, floor=0.1),
        lambda k: 0.1 + 0.9 * half_wave(min(k / 100, 1)) ** 1.5,
    ),
    (SCHEDULES["cosine"](half_waves=3.0, length=300), lambda k: half_wave(min(k, 300) / 100)),
    (
        SCHEDULES["cosine"](half_waves=3.0, length=300, restarts=True),
        lambda k: half_wave(k % 100 / 100) if k < 300 else 0.0,
    ),
    (
        SCHEDULES["rex"](floor=0.1, length=100),
        lambda k: 0.1 + 0.9 * (100 - min(k, 100)) / (100 - min(k, 100) / 2),
    ),
    (
        SCHEDULES["warmup_restarts"](first_cycle=50, growth=1.5, decay=0.5, cycle_warmup=10),
        lambda k: restarting(k, [(0, 50), (50, 70), (120, 100), (220, 145), (365, 212)]),
    ),
    (
        SCHEDULES["one_cycle"](length=301),  # phases end at 89.3 and 300
        lambda k: (
            1 - 0.96 * half_wave(k / 89.3)
            if k <= 89.3
            else 4e-6 + (1 - 4e-6) * half_wave(min((k - 89.3) / 210.7, 1))
        ),
    ),
    (
        SCHEDULES["one_cycle"](
            length=200, shape="linear", phases="three", peak=0.25, back=0.5, ends="after", end=0.0
        ),
        lambda k: float(np.interp(k, [0, 50, 100, 200], [0.04, 1, 0.04, 0])),
    ),
    (
        SCHEDULES["cyclic"](low=0.2, up=30, down=20),
        lambda k: 0.2 + 0.8 * (k % 50 / 30 if k % 50 < 30 else (50 - k % 50) / 20),
    ),
    (
        SCHEDULES["cyclic"](low=0.0, up=25, down=25, mode="triangular2"),
        lambda k: (1 - abs(k % 50 - 25) / 25) / 2 ** (k // 50),
    ),
    (
        SCHEDULES["cyclic"](low=0.0, up=25, down=25, mode="exp_range", gamma=0.99),
        lambda k: (1 - abs(k % 50 - 25) / 25) * 0.99**k,
    ),
    (SCHEDULES["cyclic"](low=0.0, up=50, down=0), lambda k: k % 50 / 50),  # a saw
    (SCHEDULES["constant_factor"](factor=0.3, length=100), lambda k: 0.3 if k < 100 else 1.0),
    (
        SCHEDULES["piecewise"](points=((100.0, 0.5), (30.0, 0.8), (100.0, 0.1))),
        lambda k: 0.8 if k < 100 else 0.1,
    ),
    (
        SCHEDULES["piecewise"](points=((30.0, 1.0), (70.0, 0.2), (200.0, 0.6)), shape="linear"),
        lambda k: float(np.interp(k, [30, 70, 200], [1, 0.2, 0.6])),
    ),
    (
        SCHEDULES["piecewise"](points=((0.0, 1.0), (100.0, 0.2)), shape="cosine"),
        lambda k: 0.2 + 0.8 * half_wave(min(k / 100, 1)),
    ),
    (SCHEDULES["chebyshev"](ratio=0.1, length=4), lambda k: chebyshev_steps(0.1)[k % 4]),
    (SCHEDULES["table"](values=(3.0, 0.0, 0.5)), lambda k: [3.0, 0.0, 0.5][min(k, 2)]),
    (  # a straight line stays one
        SCHEDULES["drawn"](points=((0.0, 1.0), (0.3, 0.7), (0.5, 0.5), (1.0, 0.0))),
        lambda k: 1 - k / SPAN,
    ),
    (
        SCHEDULES["warmup_stable_decay"](stable=70, decay=130, floor=0.1),
        lambda k: 0.1 + 0.9 * (1 - math.sqrt(min(max(k - 70, 0) / 130, 1))),
    ),
    (
        SCHEDULES["warmup_stable_decay"](shape="1-square"),
        lambda k: 1 - (max(k - 320, 0) / 80) ** 2,
    ),
    (
        SCHEDULES["warmup_stable_decay"](shape="cosine", stable=50),
        lambda k: half_wave(max(k - 50, 0) / 350),
    ),
    (
        SCHEDULES["warmup_stable_decay"](shape="linear", decay=100),
        lambda k: 1 - max(k - 300, 0) / 100,
    ),
    (SCHEDULES["noam"](peak_step=100), lambda k: min((k + 1) / 100, 10 / math.sqrt(k + 1))),
    (
        SCHEDULES["sequence"](
            parts=(
                SCHEDULES["linear"](start=0.1, end=1.0, length=30),
                SCHEDULES["constant"](),
                SCHEDULES["cosine"](),
            ),
            boundaries=(30, 200),
        ),
        lambda k: 0.1 + 0.9 * k / 30 if k < 30 else 1.0 if k < 200 else half_wave((k - 200) / 200),
    ),
    (
        SCHEDULES["sequence"](parts=(SCHEDULES["cosine"](),) * 4),
        lambda k: half_wave(k % 100 / 100),
    ),
    (
        SCHEDULES["product"](
            parts=(
                SCHEDULES["exponential"](gamma=0.99),
                SCHEDULES["constant"](warmup=Warmup(steps=50, start=0.0)),
            )
        ),
        lambda k: 0.99**k * min(k / 50, 1),
    ),
]


def restarting(k: int, cycles: list[tuple[int, int]]) -> float:
    """Warm-up restarts over cycles that are given by their starts and lengths."""
    number, (start, length) = max((n, c) for n, c in enumerate(cycles) if c[0] <= k)
    step, peak = k - start, 0.5**number
    return peak * (step / 10 if step < 10 else half_wave((step - 10) / (length - 10)))


def chebyshev_steps(ratio: float) -> list[float]:
    """The reciprocals of the nodes between the curvatures, in the order 0, 3, 1, 2."""
    angles = [math.pi * (j + 0.5) / 4 for j in (0, 3, 1, 2)]
    return [2 / (1 + ratio - (1 - ratio) * math.cos(a)) for a in angles]


@pytest.mark.parametrize(("schedule", "formula"), FORMULAS, ids=[name(s) for s, _ in FORMULAS])
def test_factors_follow_the_formula(schedule: Schedule, formula: Formula) -> None:
    factors = schedule.factors(SPAN)
    for k in (0, 1, 2, 29, 30, 31, 49, 50, 69, 70, 99, 100, 101, 149, 150, 199, 200, 349, 350, 399):
        # A hair of 1e-16 is added where the wave is near zero.
        assert factors[k] == pytest.approx(formula(k), rel=1e-13, abs=1e-15)


def test_every_schedule_has_its_formula_here() -> None:
    assert {identifier(type(s)) for s, _ in FORMULAS} == set(SCHEDULES) - {LISTENING}


RISES: dict[str, Formula] = {
    "linear": lambda k: 0.1 + 0.9 * k / 40,
    "cosine": lambda k: 1 - 0.9 * half_wave(k / 40),
    "exponential": lambda k: 10 ** (k / 40 - 1),
    "1-sqrt": lambda k: 0.1 + 0.9 * (1 - math.sqrt(1 - k / 40)),
}


@pytest.mark.parametrize("shape", RISES)
def test_warm_ups_follow_their_formulas(shape: Any) -> None:
    rise = Warmup(steps=40, start=0.1, shape=shape).factors(40)
    assert rise == pytest.approx([RISES[shape](k) for k in range(40)], rel=1e-14)


def test_every_warm_up_shape_has_its_formula_here() -> None:
    assert set(next(p for p in parameters(Warmup) if p.name == "shape").choices) == set(RISES)


# --- defects that schedules are known for --------------------------------------------------------


def test_cosine_ends_at_its_floor_and_stays() -> None:
    factors = SCHEDULES["cosine"](floor=0.25, length=100).factors(300)
    assert factors[50] == pytest.approx(0.625, rel=1e-15)
    assert (factors[100:] == 0.25).all()  # PyTorch's rises again


@given(
    first=st.integers(1, 60),
    growth=st.decimals("1.0", "4", places=2),
)
def test_restarts_fall_on_the_steps_that_exact_arithmetic_gives(first: int, growth: Any) -> None:
    restarts, start, length = set(), Fraction(0), Fraction(first)
    while start < 2000:
        restarts.add(math.ceil(start))
        start, length = start + length, length * Fraction(growth)
    schedule = SCHEDULES["cosine_restarts"](first_cycle=first, growth=float(growth), decay=1.0)
    factors = schedule.factors(2000)
    rises = {0, *(np.flatnonzero(np.diff(factors) > 0) + 1).tolist()}
    # Cycles of one step never fall, so that their restarts cannot be seen.
    assert rises == {r for r in restarts if r < 2000} or first == 1


@given(first=st.integers(2, 1000), growth=st.integers(2, 100))
def test_whole_cycles_restart_exactly_however_long_the_run(first: int, growth: int) -> None:
    starts = [first * (growth**i - 1) // (growth - 1) for i in range(30)]
    starts = [start for start in starts if 0 < start < 10**8]
    schedule = SCHEDULES["cosine_restarts"](first_cycle=first, growth=float(growth), decay=0.5)
    expected = [0.5 ** (i + 1) for i in range(len(starts))]
    assert schedule.at(np.array(starts), 10**8).tolist() == expected
    before = SCHEDULES["cosine_restarts"](first_cycle=first, growth=float(growth))
    assert (before.at(np.array(starts) - 1, 10**8) < 0.6).all()


def test_many_cycles_cost_no_table() -> None:
    schedule = SCHEDULES["cosine_restarts"](first_cycle=1, growth=1 + 1e-12)
    tracemalloc.start()
    (last,) = schedule.at(np.array([10**8 - 1]), 10**8)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 0 <= last <= 1
    assert peak < 100_000


def test_growing_cycles_of_one_step_start_at_the_full_rate() -> None:
    assert (SCHEDULES["cosine_restarts"](first_cycle=1, growth=1.0).factors(50) == 1).all()


def test_a_growth_hardly_above_one_is_as_good_as_none() -> None:
    even = SCHEDULES["cosine_restarts"](first_cycle=20, growth=1.0).factors(500)
    for excess in (1e-14, 1e-15, 2.3e-16):
        hardly = SCHEDULES["cosine_restarts"](first_cycle=20, growth=1 + excess).factors(500)
        assert hardly == pytest.approx(even, abs=1e-6)


@each_variant
def test_single_factors_of_an_endless_run_cost_nothing(schedule: Schedule) -> None:
    tracemalloc.start()
    factors = schedule.at(np.array([0, 10**8 - 1]), 10**8)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert np.isfinite(factors).all()
    assert peak < 1_000_000


@each_variant
def test_extreme_parameters_overflow_to_infinity_without_a_warning(schedule: Schedule) -> None:
    for parameter in parameters(type(schedule)):
        if parameter.kind not in ("real", "integer"):
            continue
        for value in (parameter.minimum, parameter.maximum):
            assert value is not None
            edge = np.nextafter(value, 1.0) if parameter.kind == "real" else int(value)
            extreme = msgspec.structs.replace(schedule, **{parameter.name: edge})
            factors = factors_of(extreme, 50 if extreme.listens else 2000)
            assert not np.isnan(factors).any()
            assert (factors >= 0).all()
