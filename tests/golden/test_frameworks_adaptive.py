"""Gradient descent, sign methods and adaptive rules against the frameworks, in random settings.

Run with `-m frameworks` where PyTorch, Optax and Keras are installed.
"""

import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from lrstudio.core import FRAMEWORKS, Optimizer, from_framework
from lrstudio.core.arrays import Array
from lrstudio.engine import replay

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(900)]

Draw = Callable[[np.random.Generator], Any]
STEPS = 48
SETTINGS = 10
TOLERANCE = 1e-10
"""Rounding in another order; centred spreads and cube roots make more of it than others."""


def between(low: float, high: float) -> Draw:
    return lambda rng: float(rng.uniform(low, high))


def power(low: float, high: float) -> Draw:
    return lambda rng: float(10 ** rng.uniform(low, high))


def among(*values: Any) -> Draw:
    return lambda rng: values[rng.integers(len(values))]


FLAG = among(False, True)
SHARE = among(0.0, 0.5, 0.9, 0.95)
DECAY = among(0.0, 0.01, 0.3)
EPSILON = power(-10, -1)
RATE = power(-3, -0.5)

Case = tuple[str, str, dict[str, Draw]]

CASES: list[Case] = [
    ("torch", "SGD", {"momentum": SHARE, "dampening": SHARE, "weight_decay": DECAY}),
    ("torch", "SGD", {"momentum": among(0.5, 0.9), "nesterov": FLAG, "weight_decay": DECAY}),
    (
        "torch",
        "Rprop",
        {
            "etas": lambda rng: (rng.uniform(0.1, 0.9), rng.uniform(1.01, 2)),
            "step_sizes": lambda rng: (10 ** rng.uniform(-6, -2), 10 ** rng.uniform(-1.5, 2)),
        },
    ),
    (
        "torch",
        "Adagrad",
        {
            "lr_decay": DECAY,
            "weight_decay": DECAY,
            "initial_accumulator_value": SHARE,
            "eps": EPSILON,
        },
    ),
    ("torch", "Adadelta", {"rho": SHARE, "eps": EPSILON, "weight_decay": DECAY}),
    (
        "torch",
        "RMSprop",
        {
            "alpha": among(0.5, 0.9, 0.99),
            "eps": EPSILON,
            "weight_decay": DECAY,
            "momentum": SHARE,
            "centered": FLAG,
        },
    ),
    (
        "torch",
        "Adafactor",
        {
            "beta2_decay": between(-1, -0.2),
            "eps": lambda rng: (among(None, 1e-3, 1e-8)(rng), 10 ** rng.uniform(-4, 0.5)),
            "d": between(1, 3),
            "weight_decay": DECAY,
        },
    ),
    ("keras", "SGD", {"momentum": SHARE, "nesterov": FLAG, "weight_decay": DECAY}),
    (
        "keras",
        "RMSprop",
        {
            "rho": SHARE,
            "momentum": SHARE,
            "epsilon": EPSILON,
            "centered": FLAG,
            "weight_decay": DECAY,
        },
    ),
    (
        "keras",
        "Adagrad",
        {"initial_accumulator_value": SHARE, "epsilon": EPSILON, "weight_decay": DECAY},
    ),
    ("keras", "Adadelta", {"rho": SHARE, "epsilon": EPSILON, "weight_decay": DECAY}),
    (
        "keras",
        "Adafactor",
        {
            "beta_2_decay": between(-1, -0.2),
            "epsilon_1": among(1e-30, 1e-6, 1e-2),
            "epsilon_2": power(-4, 0.5),
            "clip_threshold": between(0.5, 3),
            "relative_step": FLAG,
            "weight_decay": DECAY,
        },
    ),
    (
        "keras",
        "Ftrl",
        {
            "learning_rate_power": among(-0.5, -0.7, -1.0, 0.0),
            "initial_accumulator_value": among(0.1, 1.0),
            "l1_regularization_strength": among(0.0, 0.2),
            "l2_regularization_strength": DECAY,
            "l2_shrinkage_regularization_strength": DECAY,
            "beta": among(0.0, 0.5),
            "weight_decay": DECAY,
        },
    ),
    ("optax", "sgd", {"momentum": among(None, 0.0, 0.9), "nesterov": FLAG}),
    ("optax", "sign_sgd", {}),
    ("optax", "signum", {"beta": SHARE}),
    (
        "optax",
        "optimistic_gradient_descent",
        {"alpha": between(0, 2), "beta": between(0, 2)},
    ),
    ("optax", "adagrad", {"initial_accumulator_value": SHARE, "eps": EPSILON}),
    (
        "optax",
        "rmsprop",
        {
            "decay": SHARE,
            "eps": EPSILON,
            "initial_scale": SHARE,
            "eps_in_sqrt": FLAG,
            "momentum": among(None, 0.0, 0.5, 0.9),
            "nesterov": FLAG,
            "bias_correction": FLAG,
        },
    ),
    # With eps_in_sqrt=False and at a first step of its own, Optax divides by the root of zero.
    (
        "optax",
        "rmsprop",
        {
            "centered": among(True),
            "decay": among(0.5, 0.9, 0.99),
            "eps": power(-6, -1),
            "initial_scale": SHARE,
            "momentum": among(None, 0.5, 0.9),
            "nesterov": FLAG,
            "bias_correction": FLAG,
        },
    ),
    ("optax", "adadelta", {"rho": SHARE, "eps": EPSILON, "weight_decay": DECAY}),
    (
        "optax",
        "adafactor",
        {
            "min_dim_size_to_factor": among(2, 4, 128),
            "decay_rate": between(0.2, 1),
            "multiply_by_parameter_scale": FLAG,
            "clipping_threshold": among(None, 0.5, 1.0, 2.0),
            "momentum": among(None, 0.5, 0.9),
            "dtype_momentum": among("float64"),
            "weight_decay_rate": among(None, 0.01),
            "eps": among(1e-30, 1e-6),
            "factored": FLAG,
        },
    ),
    ("optax", "sm3", {"momentum": SHARE}),
    ("optax", "fromage", {"min_norm": power(-6, 0.5)}),
    (
        "optax",
        "lars",
        {
            "weight_decay": DECAY,
            "trust_coefficient": power(-3, 0),
            "eps": among(0.0, 1e-3),
            "momentum": SHARE,
            "nesterov": FLAG,
        },
    ),
    (
        "optax",
        "contrib.madgrad",
        {"momentum": SHARE, "weight_decay": DECAY, "eps": power(-8, -2)},
    ),
    ("optax", "contrib.cocob", {"alpha": power(0, 3), "eps": EPSILON, "weight_decay": DECAY}),
]
CASES = [(n, c, d | {"maximize": FLAG} if n == "torch" else d) for n, c, d in CASES]
ALWAYS = {"momentum", "centered", "dtype_momentum"}
"""Arguments that are always given, or the case would be another."""
MATRIX_RULES = {"Adafactor", "adafactor", "sm3"}
COUPLED = {"Adafactor", "adafactor", "lars", "fromage"}
UNSCHEDULED = {"sm3"}
"""What takes no schedule in its framework."""
RATES = {"torch": "lr", "keras": "learning_rate", "optax": "learning_rate"}
COMMON: dict[str, Draw] = {
    "use_ema": FLAG,
    "ema_momentum": between(0, 1),
    "ema_overwrite_frequency": among(None, 1, 3, 7),
    "loss_scale_factor": among(None, 2.0, 1024.0),
    "gradient_accumulation_steps": among(None, 2, 3, 5),
}
CLIPPING: dict[str, Draw] = {
    "clipnorm": power(-1, 1),
    "clipvalue": power(-1, 1),
    "global_clipnorm": power(-1, 1),
}

each_case = pytest.mark.parametrize(
    "case", CASES, ids=[f"{lib}-{name}-{i}" for i, (lib, name, _) in enumerate(CASES)]
)


@pytest.fixture(scope="module")
def live() -> Any:
    if not all(map(find_spec, ("torch", "optax", "keras"))):
        pytest.skip("needs the `frameworks` extra")
    from tests.golden import live

    return live


def drawn(case: Case, number: int) -> tuple[dict[str, Any], np.random.Generator]:
    """Arguments of a case, each given or left at its default."""
    lib, name, draws = case
    rng = np.random.default_rng([number, crc32(f"{lib}{name}{sorted(draws)}".encode())])
    arguments = {
        n: draw(rng)
        for n, draw in draws.items()
        if n in ALWAYS or rng.uniform() < 0.7 or not number
    }
    return {RATES[lib]: RATE(rng), **arguments}, rng


def noisy(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Gradients of several sizes, some of them zero, some repeated."""
    gradients = rng.standard_normal((STEPS, *shape)) * 10 ** rng.uniform(-2, 1.5, shape)
    gradients[rng.uniform(size=gradients.shape) < 0.1] = 0.0
    gradients[7:10] = gradients[6]
    return gradients


def rates_of(arguments: Mapping[str, Any], lib: str, rng: np.random.Generator) -> Array:
    """The rate in force at each step, half the time a schedule's."""
    rate = arguments[RATES[lib]]
    factors = rng.uniform(0.1, 1.5, STEPS) if rng.uniform() < 0.6 else np.ones(STEPS)
    return np.asarray(rate * factors)


def ours(rule: Optimizer, inputs: Mapping[str, Array]) -> Array:
    return replay(rule, inputs["gradients"], inputs["start"], inputs["rates"] / rule.lr)


def assert_close(got: Array, expected: Array, what: Any) -> None:
    """Row by row, where the framework itself has numbers."""
    for k, (row, wanted) in enumerate(zip(got, expected, strict=True)):
        known = np.isfinite(wanted)
        least = max(1e-3 * np.abs(wanted[known]).max(initial=0.0), sys.float_info.min)
        error = np.abs(row[known] - wanted[known]) / np.maximum(np.abs(wanted[known]), least)
        assert np.isfinite(row[known]).all(), (k, what)
        assert error.max(initial=0.0) <= TOLERANCE, (k, error.max(), what)


def check(live: Any, case: Case, arguments: dict[str, Any], rng: np.random.Generator) -> None:
    lib, name, _ = case
    shapes = [(4,), (4, 3), (3, 6)] if name in MATRIX_RULES else [(4,)]
    for shape in shapes:
        rates = rates_of(arguments, lib, rng)
        if name in UNSCHEDULED:
            rates[:] = arguments[RATES[lib]]
        inputs = {"gradients": noisy(rng, shape), "start": rng.normal(size=shape), "rates": rates}
        rule = from_framework(lib, name, arguments)
        assert isinstance(rule, Optimizer)
        expected = live.course(lib, name, arguments, inputs)
        assert_close(ours(rule, inputs), expected, (name, arguments, shape))


@each_case
def test_random_settings(live: Any, case: Case) -> None:
    for number in range(SETTINGS):
        arguments, rng = drawn(case, number)
        check(live, case, arguments, rng)


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adafactor", "Ftrl"])
def test_arguments_that_every_class_of_keras_has(live: Any, name: str) -> None:
    case = next(c for c in CASES if c[:2] == ("keras", name))
    for number in range(2 * SETTINGS):
        arguments, rng = drawn(case, number)
        arguments |= {n: draw(rng) for n, draw in COMMON.items() if rng.uniform() < 0.7}
        clipping = among(None, *CLIPPING)(rng)
        if clipping:
            arguments[clipping] = CLIPPING[clipping](rng)
        check(live, case, arguments, rng)


@each_case
def test_broken_gradients_end_as_with_the_framework(live: Any, case: Case) -> None:
    lib, name, _ = case
    for number, broken in enumerate([1e200, -1e160, np.inf, np.nan, 0.0, 1e-200]):
        arguments, rng = drawn(case, number)
        gradients = noisy(rng, (4,))[:20]
        gradients[5:, 1] = broken
        gradients[12, 2] = broken
        rates = np.full(len(gradients), arguments[RATES[lib]])
        inputs = {"gradients": gradients, "start": rng.normal(size=4), "rates": rates}
        rule = from_framework(lib, name, arguments)
        assert isinstance(rule, Optimizer)
        expected = live.course(lib, name, arguments, inputs)
        # Where all coordinates meet, one that is no number leaves nothing to be compared.
        is_lost = name in COUPLED and not np.isfinite(expected).all()
        rows = int(np.argmin(np.isfinite(expected).all(axis=1))) if is_lost else len(expected)
        assert_close(ours(rule, inputs)[:rows], expected[:rows], (name, arguments, broken))


@each_case
def test_what_is_read_is_written_again(case: Case) -> None:
    lib, name, _ = case
    for number in range(SETTINGS):
        arguments, _ = drawn(case, number)
        rule = from_framework(lib, name, arguments)
        assert isinstance(rule, Optimizer)
        written = FRAMEWORKS[lib].write(rule)
        assert written is not None, arguments
        call, values = written
        assert call.name == name
        assert from_framework(lib, call.name, values) == rule


TRANSFORMS: dict[str, dict[str, Draw]] = {
    "clip": {"max_delta": power(-1, 1)},
    "clip_by_global_norm": {"max_norm": power(-1, 1)},
    "clip_by_block_rms": {"threshold": power(-1, 1)},
    "adaptive_grad_clip": {"clipping": power(-2, 0), "eps": power(-4, 0)},
    "normalize_by_update_norm": {"scale_factor": power(-1, 1), "eps": EPSILON},
    "ema": {"decay": SHARE, "debias": FLAG},
    "trace": {"decay": SHARE, "nesterov": FLAG},
    "apply_every": {"k": among(1, 2, 3, 5)},
    "scale": {"step_size": power(-1, 1)},
    "add_decayed_weights": {"weight_decay": DECAY},
}
RULES: list[list[list[Any]]] = [
    [["sgd", {"learning_rate": 0.03, "momentum": 0.9}]],
    [["rmsprop", {"learning_rate": 0.03, "momentum": 0.5}]],
    [["scale", {"step_size": -0.05}]],
    [["scale_by_learning_rate", {"learning_rate": 0.05}]],
    [["scale_by_learning_rate", {"learning_rate": 0.05}], ["trace", {"decay": 0.8}]],
    [["scale_by_rms", {"decay": 0.8}], ["scale_by_learning_rate", {"learning_rate": 0.05}]],
    [
        ["scale_by_rss", {}],
        ["add_decayed_weights", {"weight_decay": 0.1}],
        ["scale", {"step_size": -0.1}],
    ],
    [
        ["scale_by_stddev", {"eps": 1e-4}],
        ["scale", {"step_size": 0.5}],
        ["scale", {"step_size": -0.1}],
    ],
    [["scale_by_adam", {"b2": 0.9}], ["scale_by_learning_rate", {"learning_rate": 0.05}]],
    [
        ["scale_by_adam", {"eps_root": 1e-3}],
        ["add_decayed_weights", {"weight_decay": 0.1}],
        ["scale", {"step_size": -0.1}],
    ],
    [["scale_by_adamax", {}], ["scale", {"step_size": -0.1}]],
    [["scale_by_amsgrad", {}], ["scale", {"step_size": -0.1}]],
    [["scale_by_belief", {"eps": 1e-4}], ["scale", {"step_size": -0.1}]],
    [["scale_by_yogi", {}], ["scale", {"step_size": -0.1}]],
    [["scale_by_radam", {"b2": 0.9}], ["scale", {"step_size": -0.1}]],
    [["scale_by_adan", {"eps_root": 1e-3}], ["scale", {"step_size": -0.1}]],
    [
        ["scale_by_lion", {}],
        ["add_decayed_weights", {"weight_decay": 0.1}],
        ["scale", {"step_size": -0.1}],
    ],
    [["scale_by_sign", {}], ["scale", {"step_size": -0.1}]],
    [["scale_by_adadelta", {}], ["scale", {"step_size": -0.1}]],
    [["scale_by_optimistic_gradient", {"alpha": 0.5}], ["scale", {"step_size": -0.1}]],
    [["scale_by_sm3", {"b1": 0.5}], ["scale_by_learning_rate", {"learning_rate": 0.05}]],
]


def drawn_parts(number: int) -> tuple[list[list[Any]], np.random.Generator]:
    rng = np.random.default_rng([7, number])
    names = rng.choice(list(TRANSFORMS), rng.integers(0, 4), replace=True)
    parts = [[str(n), {a: draw(rng) for a, draw in TRANSFORMS[n].items()}] for n in names]
    return [*parts, *RULES[number % len(RULES)]], rng


@pytest.mark.parametrize("number", range(3 * len(RULES)))
def test_chains(live: Any, number: int) -> None:
    parts, rng = drawn_parts(number)
    for shape in ((4,), (4, 3)):
        inputs = {"gradients": noisy(rng, shape), "start": rng.normal(size=shape)}
        inputs["rates"] = np.ones(STEPS)
        rule = from_framework("optax", "chain", {"parts": parts})
        assert isinstance(rule, Optimizer)
        got = replay(rule, inputs["gradients"], inputs["start"])
        assert_close(got, live.course("optax", "chain", {"parts": parts}, inputs), (parts, shape))


@pytest.mark.parametrize("number", range(9))
def test_multi_steps(live: Any, number: int) -> None:
    parts, rng = drawn_parts(number)
    arguments = {
        "inner": ["chain", {"parts": parts}],
        "every_k_schedule": int(rng.integers(1, 6)),
        "use_grad_mean": bool(number % 2),
    }
    inputs = {"gradients": noisy(rng, (4,)), "start": rng.normal(size=4), "rates": np.ones(STEPS)}
    rule = from_framework("optax", "MultiSteps", arguments)
    assert isinstance(rule, Optimizer)
    got = replay(rule, inputs["gradients"], inputs["start"])
    assert_close(got, live.course("optax", "MultiSteps", arguments, inputs), arguments)
