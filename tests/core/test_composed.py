"""Schedules of schedules, momentum, and curves: what the formulas alone do not say."""

import itertools
from importlib.util import find_spec
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrstudio.core import SCHEDULES, Refused, Schedule, Warmup, validated
from lrstudio.core.schedules.composed import MOST_LEVELS, MOST_PARTS
from lrstudio.core.schedules.drawn import monotone_cubic
from lrstudio.engine import experiment_from

Sequence, Product = SCHEDULES["sequence"], SCHEDULES["product"]
step, cosine = SCHEDULES["step"](step_size=5), SCHEDULES["cosine"]()


def nested(levels: int) -> Schedule:
    schedule: Schedule = step
    for _ in range(levels):
        schedule = Product(parts=(schedule,))
    return schedule


def race(schedule: Any) -> Any:
    return {
        "problem": {"function": "beale"},
        "contenders": [{"name": "", "optimizer": {"rule": "sgd"}, "schedule": schedule}],
    }


def refused(schedule: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        experiment_from(race(schedule))
    return caught.value


# --- files ---------------------------------------------------------------------------------------


def test_schedules_of_schedules_survive_a_file() -> None:
    whole = Sequence(parts=(Product(parts=(step, cosine)), nested(3)), boundaries=(7,))
    assert validated(whole) == whole
    assert msgspec.json.decode(msgspec.json.encode(whole), type=Sequence) == whole
    found = experiment_from(race(msgspec.to_builtins(whole))).contenders[0].schedule
    assert found == whole
    assert hash(found) == hash(whole)


@pytest.mark.parametrize(
    ("schedule", "path", "sentence"),
    [
        ({"rule": "step", "gamma": -1}, ".gamma", "expected a number at least 0"),
        ({"rule": "stpe"}, ".rule", "did you mean 'step'"),
        ({"rule": "step", "gama": 1}, "", "unknown key 'gama'"),
        ({"gamma": 1}, "", "'rule' is missing"),
        (5, "", "expected a schedule, got 5"),
    ],
)
def test_a_mistake_in_a_part_is_named_by_its_place(schedule: Any, path: str, sentence: str) -> None:
    found = refused({"rule": "sequence", "parts": [{"rule": "constant"}, schedule]})
    assert found.path == f"contenders[0].schedule.parts[1]{path}"
    assert sentence in found.sentence
    deep = {"rule": "product", "parts": [{"rule": "sequence", "parts": [schedule]}]}
    assert refused(deep).path == f"contenders[0].schedule.parts[0].parts[0]{path}"


def test_there_is_an_end_to_nesting() -> None:
    assert validated(nested(MOST_LEVELS)) == nested(MOST_LEVELS)
    with pytest.raises(Refused, match="8 levels"):
        nested(MOST_LEVELS + 1)
    deep: Any = {"rule": "step"}
    for _ in range(2000):
        deep = {"rule": "product", "parts": [deep]}
    assert "8 levels" in refused(deep).sentence


def test_there_is_an_end_to_parts() -> None:
    assert Product(parts=(step,) * MOST_PARTS).factors(3).tolist() == [1, 1, 1]
    half = Product(parts=(step,) * (MOST_PARTS // 2))
    with pytest.raises(Refused, match="100 parts"):
        Sequence(parts=(half, half))


def test_what_listens_is_no_part() -> None:
    with pytest.raises(Refused, match=r"parts\[1\] listens"):
        Product(parts=(step, SCHEDULES["reduce_on_plateau"]()))
    found = refused({"rule": "sequence", "parts": [{"rule": "reduce_on_plateau"}]})
    assert found.path == "contenders[0].schedule"


# --- sequences -----------------------------------------------------------------------------------


def test_parts_have_clocks_warm_ups_and_lengths_of_their_own() -> None:
    warm = SCHEDULES["linear"](warmup=Warmup(steps=2, start=0.0))
    factors = Sequence(parts=(step, warm), boundaries=(4,)).factors(10)
    assert factors.tolist() == [1, 1, 1, 1, 0, 0.5, 1, 0.75, 0.5, 0.25]


def test_parts_without_a_boundary_share_what_is_left() -> None:
    line = SCHEDULES["linear"]()
    factors = Sequence(parts=(line,) * 3, boundaries=(2,)).factors(10)
    assert factors.tolist() == [1, 0.5, 1, 0.75, 0.5, 0.25, 1, 0.75, 0.5, 0.25]


def test_boundaries_beyond_the_parts_and_beyond_the_run_do_nothing() -> None:
    assert (
        Sequence(parts=(step,), boundaries=(3, 4)).factors(6).tolist() == step.factors(6).tolist()
    )
    late = Sequence(parts=(step, cosine), boundaries=(50,))
    assert late.factors(10).tolist() == step.factors(10).tolist()


def test_no_parts_are_the_full_rate() -> None:
    assert Sequence(parts=()).factors(3).tolist() == [1, 1, 1]
    assert Product(parts=()).factors(3).tolist() == [1, 1, 1]
    assert Sequence(parts=()).momenta(3) is None


def test_zero_wins_over_infinity() -> None:
    growing = SCHEDULES["exponential"](gamma=1e6)
    gone = SCHEDULES["constant_factor"](factor=0.0)
    assert Product(parts=(growing, gone)).factors(2000).tolist() == [0.0] * 2000


# --- momentum ------------------------------------------------------------------------------------


def test_momentum_is_left_alone_unless_the_schedule_says_so() -> None:
    for cls in SCHEDULES.values():
        assert cls().momenta(10) is None


def test_momentum_goes_against_the_rate() -> None:
    cycle = SCHEDULES["one_cycle"](cycle_momentum=True)
    factors, momenta = cycle.factors(200), cycle.momenta(200)
    assert momenta is not None
    share = (factors[:60] - 0.04) / 0.96
    assert momenta[:60] == pytest.approx(0.95 - 0.1 * share, rel=1e-12)
    assert momenta[-1] == pytest.approx(0.95)
    three = SCHEDULES["one_cycle"](cycle_momentum=True, phases="three").momenta(200)
    assert three is not None
    assert (three[120:] == 0.95).all()
    cyclic = SCHEDULES["cyclic"](low=0.0, cycle_momentum=True, mode="triangular2")
    expected = 0.9 - 0.1 * cyclic.factors(300)
    assert cyclic.momenta(300) == pytest.approx(expected, rel=1e-12)


def test_a_warm_up_holds_the_first_momentum() -> None:
    cycle = SCHEDULES["one_cycle"](cycle_momentum=True, warmup=Warmup(steps=20))
    momenta = cycle.momenta(100)
    assert momenta is not None
    assert (momenta[:21] == 0.95).all()
    assert np.array_equal(cycle.momentum_at(np.arange(50, 60), 100), momenta[50:60])


def test_momentum_in_a_sequence_stays_as_it_is_left() -> None:
    cycle = SCHEDULES["cyclic"](up=4, down=4, cycle_momentum=True)
    momenta = Sequence(parts=(step, cycle, step), boundaries=(5, 10)).momenta(15)
    own = cycle.momenta(5)
    assert own is not None
    assert momenta.tolist() == [own[0]] * 5 + own.tolist() + [own[-1]] * 5


def test_the_last_part_that_cycles_momentum_counts_in_a_product() -> None:
    first = SCHEDULES["cyclic"](cycle_momentum=True)
    second = SCHEDULES["table"](momentum_values=(0.5, 0.6))
    assert Product(parts=(first, second, step)).momenta(4).tolist() == [0.5, 0.6, 0.6, 0.6]


# --- curves --------------------------------------------------------------------------------------

HEIGHTS = st.lists(st.floats(0, 10), min_size=2, max_size=8)


@given(HEIGHTS)
def test_a_drawn_curve_goes_through_its_points_and_swings_no_further(heights: list[float]) -> None:
    x = np.linspace(0, 1, len(heights))
    points = tuple(zip(x.tolist(), heights, strict=True))
    pieces = 40
    steps = pieces * (len(heights) - 1) + 1
    curve = SCHEDULES["drawn"](points=points, length=steps - 1).factors(steps)
    assert curve[::pieces] == pytest.approx(heights, abs=1e-12)
    for i, (low, high) in enumerate(itertools.pairwise(heights)):
        piece = curve[i * pieces : (i + 1) * pieces + 1]
        rise = np.diff(piece) * (1 if high >= low else -1)
        assert (rise >= -1e-9).all()


def test_a_curve_of_one_point_is_flat_and_of_none_the_full_rate() -> None:
    assert SCHEDULES["drawn"](points=((0.3, 0.5),)).factors(4).tolist() == [0.5] * 4
    assert SCHEDULES["drawn"](points=()).factors(4).tolist() == [1.0] * 4
    assert SCHEDULES["piecewise"](points=()).factors(4).tolist() == [1.0] * 4


@pytest.mark.frameworks
@given(HEIGHTS, st.randoms(use_true_random=False))
def test_the_curve_is_scipys(heights: list[float], rng: Any) -> None:
    if not find_spec("scipy"):
        pytest.skip("needs SciPy, which JAX brings")
    from scipy.interpolate import PchipInterpolator

    x = np.sort([rng.uniform(0, 1) for _ in heights])
    if (np.diff(x) < 1e-3).any():
        return
    y = np.round(heights, 3)
    at = np.linspace(x[0], x[-1], 101)
    assert monotone_cubic(x, y, at) == pytest.approx(PchipInterpolator(x, y)(at), abs=1e-10)


# --- by other names ------------------------------------------------------------------------------


def test_noam_is_an_inverse_square_root_after_a_warm_up() -> None:
    noam = SCHEDULES["noam"](peak_step=40)
    same = SCHEDULES["inverse_sqrt"](timescale=40.0, warmup=Warmup(steps=39, start=1 / 40))
    assert noam.factors(300) == pytest.approx(same.factors(300), rel=1e-13)


PYTORCH_OPTIMIZER = [
    (  # its first update is made with the floor
        SCHEDULES["rex"](length=200),
        {
            1: 0.09974937343358396,
            2: 0.09949748743718594,
            50: 0.08571428571428572,
            150: 0.04000000000000001,
            199: 0.0009950248756218916,
            200: 0.0,
            300: 0.0,
        },
    ),
    (
        SCHEDULES["warmup_restarts"](
            first_cycle=60, growth=1.5, decay=0.8, floor=0.01, cycle_warmup=10
        ),
        {
            0: 0.001,
            1: 0.0109,
            9: 0.0901,
            10: 0.1,
            35: 0.0505,
            59: 0.0010976769428005578,
            60: 0.001,
            65: 0.04050000000000001,
            70: 0.08000000000000002,
            100: 0.05270617127781044,
            144: 0.0010346482110950939,
            145: 0.001,
            200: 0.04206581747095287,
            262: 0.0013092945519019659,
            263: 0.001198065388362858,
            300: 0.04891400438304651,
        },
    ),
    (
        SCHEDULES["warmup_stable_decay"](
            stable=120, decay=100, shape="1-sqrt", floor=0.0, warmup=Warmup(steps=30, start=0.0)
        ),
        {
            0: 0.0,
            1: 0.0033333333333333335,
            29: 0.09666666666666668,
            30: 0.1,
            149: 0.1,
            150: 0.1,
            151: 0.09000000000000001,
            200: 0.029289321881345243,
            249: 0.0005012562893380035,
            250: 0.0,
            300: 0.0,
        },
    ),
    (
        SCHEDULES["warmup_stable_decay"](
            stable=120, decay=100, shape="cosine", floor=0.1, warmup=Warmup(steps=30, start=0.0)
        ),
        {
            0: 0.0,
            1: 0.0033333333333333335,
            29: 0.09666666666666668,
            30: 0.1,
            149: 0.1,
            150: 0.1,
            151: 0.09997779521645793,
            200: 0.05500000000000001,
            249: 0.010022204783542078,
            250: 0.010000000000000002,
            300: 0.010000000000000002,
        },
    ),
    (
        SCHEDULES["warmup_stable_decay"](
            stable=120, decay=100, shape="linear", floor=0.0, warmup=Warmup(steps=30, start=0.0)
        ),
        {
            0: 0.0,
            1: 0.0033333333333333335,
            29: 0.09666666666666668,
            30: 0.1,
            149: 0.1,
            150: 0.1,
            151: 0.099,
            200: 0.05,
            249: 0.0010000000000000009,
            250: 0.0,
            300: 0.0,
        },
    ),
    (  # its first step is made three times, and the last one is held
        SCHEDULES["chebyshev"](length=64, after="hold"),
        {
            0: 1.9942938817012938,
            1: 0.10001430815887152,
            2: 0.19480155816940187,
            3: 0.18633873112938112,
            4: 0.5525391962027305,
            7: 0.11729768301723982,
            20: 0.7318114819432695,
            50: 0.21419930202759938,
            62: 0.34379222782751473,
            63: 0.13173032608570498,
            100: 0.13173032608570498,
        },
    ),
]


@pytest.mark.parametrize(("schedule", "rates"), PYTORCH_OPTIMIZER)
def test_rates_of_pytorch_optimizer(schedule: Schedule, rates: dict[int, float]) -> None:
    """Numbers of pytorch_optimizer 4.1.0 at a rate of 0.1."""
    factors = schedule.factors(301)
    for k, rate in rates.items():
        assert 0.1 * factors[k] == pytest.approx(rate, rel=1e-12, abs=1e-18)
