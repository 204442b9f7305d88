"""A handful of lanes in plain floats: the numbers of the arrays, bit for bit, only faster."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pytest

from lrstudio.core import (
    MODIFIERS,
    OPTIMIZERS,
    PROBLEMS,
    SCHEDULES,
    Modifier,
    Optimizer,
    Problem,
    identifier,
)
from lrstudio.core.arrays import Array
from lrstudio.engine import Experiment, Recording, plan, run
from lrstudio.engine import float_race as module
from lrstudio.engine.array_race import ArrayRace
from lrstudio.engine.float_race import FloatRace
from lrstudio.engine.layers import has_average
from lrstudio.engine.peephole import Entry
from lrstudio.engine.simulate import begin
from lrstudio.engine.tape import Untraceable
from lrstudio.engine.unrolled import LINES, LOGICAL, Unrolled
from lrstudio.engine.unrolled import can_be_written_out as can_be_written
from tests.core.variants import name, variants
from tests.engine.hazards import RECORDED
from tests.engine.races import assert_equal, columns, contender, experiment, line_up
from tests.engine.rules import make_stepper, noise, plain

# What evaluates the function itself is left to arrays.
UNROLLED = [cls for cls in OPTIMIZERS.values() if not {"oracle", "matrix"} & set(cls.needs)]

# What people look at most; others may be left to arrays.
WRITTEN_OUT = {"quadratic", "ellipse", "rosenbrock", "beale", "himmelblau", "rastrigin"}

GRADIENT_MODIFIERS = [
    MODIFIERS[key]
    for key in (
        "accumulate",
        "apply_every",
        "average_gradient",
        "clip_adaptively",
        "clip_norm",
        "clip_rms",
        "clip_value",
        "decay_gradient",
        "normalize",
        "scale_gradient",
    )
]
WRITTEN_FUNCTIONS = [function for function in LINES if isinstance(function, np.ufunc)]


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Floats also where arrays would be faster."""
    monkeypatch.setattr(module, "is_worth_it", lambda entries, steps: True)


def staged(race: Any, sizes: Sequence[int]) -> list[Array]:
    """Position, loss and gradient of all steps, in chunks of the given sizes."""
    first, chunks = 0, []
    with np.errstate(all="ignore"):
        for size in sizes:
            chunks.append(
                [part.copy() for part in race.run(first, size) if isinstance(part, np.ndarray)]
            )
            first += size
    return [np.concatenate(parts) for parts in zip(*chunks, strict=True)]


def check(race: Experiment) -> None:
    """Both ways give the same, whatever the chunks."""
    planned = plan(race)
    with np.errstate(all="ignore"):
        floats, arrays = FloatRace(planned), ArrayRace(planned)
    for got, expected in zip(staged(floats, (1, 7, 40)), staged(arrays, (32, 16)), strict=True):
        assert np.array_equal(got, expected, equal_nan=True)


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("cls", UNROLLED, ids=name)
def test_every_variant_of_every_rule(cls: type[Optimizer]) -> None:
    schedule = SCHEDULES["cosine"](floor=0.1)
    # Averages are worked out beside the recorded operations.
    for optimizer in (v for v in variants(cls) if not has_average(v)):
        racer = msgspec.structs.replace(contender(), optimizer=optimizer, schedule=schedule)
        check(experiment("himmelblau", racer, steps=100))


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("cls", GRADIENT_MODIFIERS, ids=name)
def test_every_variant_of_the_modifiers_of_a_gradient(cls: type[Modifier]) -> None:
    for modifier in variants(cls):
        racers = [
            contender(rule, lr=0.01, modifiers=(modifier,))
            for rule in ("momentum", "adam", "rprop")
        ]
        check(experiment("himmelblau", *racers, steps=100))


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("cls", PROBLEMS.values(), ids=name)
def test_every_problem(cls: type[Problem]) -> None:
    for dim in (2, 3, 4) if "dim" in cls.__struct_fields__ else (None,):
        problem = cls(dim=dim) if dim else cls()
        race = experiment(problem, contender("adam", lr=0.1), contender(lr=1e-3), steps=100)
        if can_be_written_out(race):
            check(race)
        else:
            assert cls.__struct_config__.tag not in WRITTEN_OUT


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize(
    "text",
    [
        "x**2 + 2*y**2 + sin(3*x)",
        "tan(x/9) + asin(y/9) + acos(x/9) + atan(y)",
        "sinh(x) + cosh(y) + tanh(x) + expm1(y)",
        "log(1 + x**2) + log1p(y**2) + log2(9 + y) + log10(9 + x)",
        "hypot(x, y) + atan2(x, y) + cbrt(x*y) + abs(x)**1.5 + sqrt(x**2)",
        "max(x, y) - min(x, 2*y) + sign(x)*y + x**1.3",
        "sum((x[1:] - x[:-1])**2) + sum(x**4)",
    ],
)
def test_typed_formulas(text: str) -> None:
    problem = PROBLEMS["formula"](formula=text, dimensions=3)
    race = experiment(problem, contender("adam", lr=0.01), contender(lr=1e-3), steps=100)
    assert can_be_written_out(race)
    check(race)


def can_be_written_out(race: Experiment) -> bool:
    try:
        with np.errstate(all="ignore"):
            FloatRace(plan(race))
    except Untraceable:
        return False
    return True


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("sigma", [0.0, 0.5])
def test_mixed_contenders_starts_and_seeds(sigma: float) -> None:
    starts = ((-1.2, 1.0), (0.3, 0.4))
    check(experiment("beale", *line_up(), starts=starts, seeds=(3, 4), noise=sigma, steps=90))


@pytest.mark.usefixtures("always")
def test_squares_of_momenta_whose_power_by_two_is_rounded_otherwise() -> None:
    shares = np.random.default_rng(3).random(2000)
    odd = shares[np.power(shares, np.full(2000, 2.0)) != np.square(shares)][:20]
    for one, two in zip(odd, odd[::-1], strict=True):
        racer = contender("adam", lr=0.3, beta1=float(one), beta2=float(two))
        for racers in ((racer,), (racer, contender("adam", lr=0.1, beta1=0.5))):
            check(experiment("himmelblau", *racers, noise=0.1, steps=100))


@pytest.mark.usefixtures("always")
def test_lanes_that_leave_the_numbers() -> None:
    steady = [rule for rule in UNROLLED if not has_average(rule())]
    wild = [contender(identifier(rule), lr=1e5) for rule in steady]
    check(experiment("rosenbrock", *wild, contender(lr=1e-3), steps=100))
    check(experiment("rosenbrock", *wild, starts=((1e200, -1e200),), steps=100))


@pytest.mark.usefixtures("always")
def test_division_by_zero_and_roots_of_negative_numbers_are_no_error() -> None:
    # Along the second coordinate the gradient is 0, and so is everything that divides it.
    dividing = [contender(rule, lr=0.1, eps=0.0) for rule in ("adagrad", "rmsprop", "adam")]
    check(experiment("sphere", *dividing, starts=((1.0, 0.0),), steps=100))


@pytest.mark.usefixtures("always")
def test_a_run_in_floats_is_the_run_in_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    race = experiment("rosenbrock", *line_up(), contender(lr=1.0), steps=3000, noise=0.1)
    floats = run(race, Recording(every=7))
    monkeypatch.setattr(module, "is_worth_it", lambda entries, steps: False)
    assert_equal(columns(floats, slice(None)), columns(run(race, Recording(every=7)), slice(None)))


# --- which way is taken ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "seeds", "expected"),
    [(1000, 1, FloatRace), (10, 1, ArrayRace), (10_000, 30, ArrayRace), (1000, 500, ArrayRace)],
)
def test_few_lanes_and_many_steps_are_worth_writing_out(
    steps: int, seeds: int, expected: type[Any]
) -> None:
    race = experiment("rosenbrock", contender("adam"), steps=steps, seeds=tuple(range(seeds)))
    with np.errstate(all="ignore"):
        assert isinstance(begin(plan(race)), expected)


def test_several_rules_are_worth_it_sooner() -> None:
    race = experiment("rosenbrock", *line_up(), steps=500, seeds=(0, 1))
    with np.errstate(all="ignore"):
        assert isinstance(begin(plan(race)), FloatRace)


# --- hazards -------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RECORDED, ids=lambda c: c.__name__)
def test_an_unrolled_rule_does_what_it_says(rule: type[Optimizer]) -> None:
    start = np.random.default_rng(5).uniform(-2, 2, (3, 2))
    gradients = noise(12, 3, 2)
    rates = 0.1 * (1 + np.cos(np.arange(12)))
    stepper = make_stepper([rule(), rule()], start, is_rate_shared=True)
    steps = Unrolled(
        [], stepper.entries(), [stepper.gradient, stepper.rate, stepper.time], [stepper.position]
    )
    times = np.arange(1.0, 13.0)
    noted = [
        steps.run([gradients[part], rates[part], times[part]])
        for part in (slice(0, 5), slice(5, 12))
    ]
    before_each_step = np.concatenate(noted).reshape(12, 3, 2)
    expected = plain([rule(), rule()], gradients, start, rates)
    assert np.array_equal(before_each_step[0], start)
    for got, after in zip(before_each_step[1:], expected, strict=False):
        assert np.array_equal(got, after["position"])


def test_what_cannot_be_written_out_is_refused() -> None:
    x, out = np.ones(3), np.ones(3)
    with pytest.raises(Untraceable):
        Unrolled([Entry(np.nextafter, [x, x], out)], [], [], [out])


NUMBERS = np.array([1.0, -1.0, 0.0, 0.7, -2.5, 1e-310, 1e200, -1e200, np.nan, np.inf, -np.inf])


@pytest.mark.parametrize("function", WRITTEN_FUNCTIONS, ids=lambda f: f.__name__)
def test_written_out_functions_are_numpys(function: np.ufunc) -> None:
    operands = [grid.ravel().copy() for grid in np.meshgrid(*[NUMBERS] * function.nin)]
    if function in LOGICAL:
        operands = [operand > 0 for operand in operands]
    with np.errstate(all="ignore"):
        expected = function(*operands)
        out = np.empty_like(expected)
        entry = Entry(function, operands, out)
        clock = np.zeros(())  # of which nothing depends, or NumPy would work it out beforehand
        (noted,) = Unrolled([entry], [], [clock], [out]).run([np.zeros(1)])
    assert np.array_equal(noted, expected, equal_nan=True)


def test_sums_of_truth_values_are_not_written_out() -> None:
    yes, out = np.array([True]), np.array([False])
    assert not can_be_written(Entry(np.add, [yes, yes], out))
    assert not can_be_written(Entry(np.logical_and, [np.ones(1), yes], out))
