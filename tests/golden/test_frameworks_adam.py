"""Adam's family against the frameworks themselves, with arguments drawn at random.

Run with the `frameworks` extra: `python -m pytest -m frameworks tests/golden`.
"""

import functools
import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
import pytest

from lrstudio.core import FRAMEWORKS, from_framework
from lrstudio.core.arrays import Array
from lrstudio.core.frameworks.table import REQUIRED
from lrstudio.engine import replay
from tests.golden.courses import error

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(600)]

STEPS = 60
DRAWS = 8
TOLERANCE = 1e-11
"""Corrections such as 1/(1−βᵗ) with β near 1 make 1e-13 of the last digit."""

Arguments = dict[str, Any]
Draw = Callable[[np.random.Generator], Any]


# --- arguments ---------------------------------------------------------------------------------


def log_uniform(low: float, high: float) -> Draw:
    return lambda rng: float(np.exp(rng.uniform(np.log(low), np.log(high))))


def share(rng: np.random.Generator) -> float:
    """A β: far from 1, near 1, now and then 0."""
    return 0.0 if rng.random() < 0.1 else float(1 - np.exp(rng.uniform(np.log(2e-4), 0.0)))


def pair(rng: np.random.Generator) -> tuple[float, float]:
    return share(rng), share(rng)


def flag(rng: np.random.Generator) -> bool:
    return bool(rng.random() < 0.5)


def often_zero(draw: Draw) -> Draw:
    return lambda rng: 0.0 if rng.random() < 0.4 else draw(rng)


def often_none(draw: Draw) -> Draw:
    return lambda rng: None if rng.random() < 0.3 else draw(rng)


RATE = log_uniform(1e-4, 0.3)
EPSILON = log_uniform(1e-12, 1e-1)
ROOT = often_zero(log_uniform(1e-10, 1e-1))
DECAY = often_zero(log_uniform(1e-3, 0.5))
BETAS_1_2 = {"b1": share, "b2": share}
TORCH: Mapping[str, Draw] = {"lr": RATE, "betas": pair, "eps": EPSILON, "weight_decay": DECAY}
KERAS: Mapping[str, Draw] = {
    "learning_rate": RATE,
    "beta_1": share,
    "beta_2": share,
    "epsilon": EPSILON,
    "weight_decay": often_none(DECAY),
}
OPTAX: Mapping[str, Draw] = {"learning_rate": RATE, **BETAS_1_2, "eps": EPSILON, "eps_root": ROOT}
DECAYED: Mapping[str, Draw] = {**OPTAX, "weight_decay": DECAY}
AHEAD: Mapping[str, Draw] = {"nesterov": flag}


def positive_share(rng: np.random.Generator) -> float:
    return max(share(rng), 0.05)


DRAWN: Mapping[str, Mapping[str, Mapping[str, Draw]]] = {
    "torch": {
        "Adam": {**TORCH, "amsgrad": flag, "decoupled_weight_decay": flag},
        "AdamW": {**TORCH, "amsgrad": flag},
        "Adamax": TORCH,
        "NAdam": {
            **TORCH,
            "momentum_decay": often_zero(log_uniform(1e-4, 1.0)),
            "decoupled_weight_decay": flag,
        },
        "RAdam": {**TORCH, "decoupled_weight_decay": flag},
        "SparseAdam": {"lr": RATE, "betas": pair, "eps": EPSILON},
    },
    "keras": {
        "Adam": {**KERAS, "amsgrad": flag},
        "AdamW": {**KERAS, "weight_decay": DECAY, "amsgrad": flag},
        "Adamax": KERAS,
        "Nadam": KERAS,
        "Lion": {
            "learning_rate": RATE,
            "beta_1": positive_share,
            "beta_2": share,
            "weight_decay": often_none(DECAY),
        },
        "Lamb": KERAS,
    },
    "optax": {
        "adam": {**OPTAX, **AHEAD},
        "nadam": {**OPTAX, **AHEAD},
        "adamw": {**DECAYED, **AHEAD},
        "nadamw": {**DECAYED, **AHEAD},
        "amsgrad": {**OPTAX, "bias_correction_mu": flag, "bias_correction_nu": flag},
        "adamax": {"learning_rate": RATE, **BETAS_1_2, "eps": EPSILON},
        "adamaxw": {"learning_rate": RATE, **BETAS_1_2, "eps": EPSILON, "weight_decay": DECAY},
        "radam": {**OPTAX, "threshold": log_uniform(4.1, 12.0), **AHEAD},
        "adabelief": {**OPTAX, "eps_root": log_uniform(1e-12, 1e-3), **AHEAD},
        "yogi": {"learning_rate": RATE, **BETAS_1_2, "eps": EPSILON},
        "adan": {**DECAYED, "b3": share},
        "lion": {"learning_rate": RATE, **BETAS_1_2, "weight_decay": DECAY},
        "lamb": DECAYED,
        "novograd": DECAYED,
        "optimistic_adam": {**OPTAX, "optimism": often_none(RATE), **AHEAD},
        "optimistic_adam_v2": {
            **OPTAX,
            "alpha": often_zero(log_uniform(0.1, 3.0)),
            "beta": often_zero(log_uniform(0.1, 3.0)),
            **AHEAD,
        },
        "contrib.acprop": {**DECAYED, "eps_root": log_uniform(1e-12, 1e-3)},
        "contrib.ademamix": {**DECAYED, "b3": share, "alpha": often_zero(log_uniform(0.1, 10.0))},
        "contrib.simplified_ademamix": {**DECAYED, "alpha": often_zero(log_uniform(0.1, 100.0))},
        "contrib.adopt": {
            "learning_rate": RATE,
            **BETAS_1_2,
            "eps": log_uniform(1e-6, 1e-1),
            "nesterov": flag,
            "use_clipping": flag,
        },
        "contrib.sophia": {
            "learning_rate": RATE,
            **BETAS_1_2,
            "eps": EPSILON,
            "weight_decay": DECAY,
            "gamma": log_uniform(1e-3, 1.0),
            "clip_threshold": often_none(log_uniform(0.05, 3.0)),
            "update_interval": lambda rng: int(rng.integers(1, 13)),
        },
    },
}
NAMES = [(library, name) for library, known in DRAWN.items() for name in known]
WITHOUT_SCHEDULE = {"optimistic_adam"}
RATE_NAMES = {"torch": "lr", "keras": "learning_rate", "optax": "learning_rate"}

each_class = pytest.mark.parametrize(("library", "name"), NAMES, ids=map(".".join, NAMES))


class Course(NamedTuple):
    """What a rule is fed with: gradients and curvatures `(steps, dim)`, factors on the rate."""

    gradients: Array
    hessian: Array
    factors: Array


def draws(library: str, name: str, count: int = DRAWS) -> Iterator[tuple[Arguments, Array]]:
    """Arguments with factors on the rate; some arguments stay at the framework's default."""
    rng = np.random.default_rng(sum(map(ord, library + name)))
    rate = RATE_NAMES[library]
    for number in range(count):
        known = DRAWN[library][name]
        given = {key: draw(rng) for key, draw in known.items()}
        given = {k: v for k, v in given.items() if k == rate or rng.random() < 0.7}
        is_scheduled = number % 2 == 1 and name not in WITHOUT_SCHEDULE
        factors = rng.uniform(0.0, 2.0, STEPS) if is_scheduled else np.ones(STEPS)
        yield given, factors


def gradients(seed: int) -> Array:
    """Noise on very different scales, with zeros, repetitions and outliers."""
    rng = np.random.default_rng(seed)
    g = rng.standard_normal((STEPS, 5)) * [1.0, 1e-3, 30.0, 1.0, 1.0] + [0.3, 0.0, 0.0, 0.0, 0.0]
    g[20:, 0] = g[20, 0]
    g[:, 3] *= rng.random(STEPS) < 0.4
    g[:, 4] *= np.exp(rng.normal(0, 2, STEPS))
    return np.asarray(g)


START = np.array([1.0, -0.5, 2.0, 3.0, -0.1])


# --- the frameworks ----------------------------------------------------------------------------


@functools.cache
def frameworks() -> Any:
    """The generator of the golden numbers, which sets Keras and JAX to float64 as it is loaded."""
    # Not by importing them: the generator has to choose Keras' backend before that.
    if not all(map(find_spec, ("torch", "optax", "keras"))):
        pytest.skip("needs the `frameworks` extra")
    from tests.golden import make_goldens

    return make_goldens


def positions(library: str, name: str, given: Arguments, course: Course) -> Array:
    """Positions `(steps, dim)` that a framework's class reaches."""
    reach = {"torch": _torch, "keras": _keras, "optax": _optax}[library]
    return np.array(list(reach(name, given, course)))


def _torch(name: str, given: Arguments, course: Course) -> Iterator[Array]:
    torch = frameworks().torch
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)  # NAdam keeps its product in this type
    try:
        parameter = torch.nn.Parameter(torch.tensor(START))
        optimizer = getattr(torch.optim, name)([parameter], **given)
        for gradient, factor in zip(course.gradients, course.factors, strict=True):
            optimizer.param_groups[0]["lr"] = given["lr"] * factor
            parameter.grad = torch.tensor(gradient)
            if name == "SparseAdam":
                parameter.grad = parameter.grad.to_sparse()
            optimizer.step()
            yield parameter.detach().numpy().copy()
    finally:
        torch.set_default_dtype(before)


def _keras(name: str, given: Arguments, course: Course) -> Iterator[Array]:
    keras, jnp = frameworks().keras, frameworks().jnp
    parameter = keras.Variable(START, dtype="float64")
    optimizer = getattr(keras.optimizers, name)(**given)
    optimizer.build([parameter])
    for gradient, factor in zip(course.gradients, course.factors, strict=True):
        optimizer.learning_rate.assign(given["learning_rate"] * factor)
        optimizer.apply([jnp.asarray(gradient)], [parameter])
        yield np.asarray(parameter.value)


def _optax(name: str, given: Arguments, course: Course) -> Iterator[Array]:
    optax, jnp = frameworks().optax, frameworks().jnp
    arguments = dict(given)
    table = jnp.asarray(given["learning_rate"] * course.factors)
    if name not in WITHOUT_SCHEDULE:
        arguments["learning_rate"] = lambda count: table[count]
    if name == "contrib.sophia":
        arguments["hessian_diagonal_fn"] = optax.GradientTransformationExtraArgs(
            lambda params: (), lambda updates, state, params=None, *, row: (row, state)
        )
    module = optax.contrib if "." in name else optax
    rule = getattr(module, name.rpartition(".")[2])(**arguments)
    optimizer = optax.with_extra_args_support(rule)
    parameter = jnp.asarray(START)
    state = optimizer.init(parameter)
    for gradient, row in zip(course.gradients, course.hessian, strict=True):
        extra = {"row": jnp.asarray(row)} if name == "contrib.sophia" else {}
        step, state = optimizer.update(jnp.asarray(gradient), state, parameter, **extra)
        parameter = optax.apply_updates(parameter, step)
        yield np.asarray(parameter)


# --- tests -------------------------------------------------------------------------------------


@each_class
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of `optax.optimistic_adam`
def test_a_rule_moves_like_the_framework(library: str, name: str) -> None:
    sequence = gradients(7)
    hessian = np.random.default_rng(8).normal(0.5, 1.0, sequence.shape)
    for given, factors in draws(library, name):
        optimizer = from_framework(library, name, given)
        got = replay(optimizer, sequence, START, factors, hessian=hessian)[1:]
        expected = positions(library, name, given, Course(sequence, hessian, factors))
        assert expected.dtype == np.float64
        worst = max(error(g, e) for g, e in zip(got, expected, strict=True))
        assert worst <= TOLERANCE, (given, worst)


@each_class
@pytest.mark.parametrize("broken", [0.0, 1e200, 1e-200, np.inf, np.nan])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_broken_gradient_does_no_more_harm_than_in_the_framework(
    library: str, name: str, broken: float
) -> None:
    sequence = np.ones((8, 5))
    sequence[:, 1] = 0.0
    sequence[1, 0] = broken
    hessian = np.ones_like(sequence)
    given = {RATE_NAMES[library]: 0.1}
    got = replay(from_framework(library, name, given), sequence, START, hessian=hessian)[1:]
    expected = positions(library, name, given, Course(sequence, hessian, np.ones(8)))
    assert np.isfinite(got)[np.isfinite(expected)].all()


@each_class
def test_a_call_is_written_as_it_was_read(library: str, name: str) -> None:
    framework = FRAMEWORKS[library]
    for given, _ in draws(library, name, 40):
        optimizer = framework.read(name, given)
        written = framework.write(optimizer)
        assert written is not None, given
        call, values = written
        assert framework.read(call.name, values) == optimizer, (given, call.name, values)


@each_class
def test_defaults_are_the_frameworks(library: str, name: str) -> None:
    module = {"torch": "torch.optim", "keras": "keras.optimizers", "optax": "optax"}[library]
    frameworks()
    known = functools.reduce(getattr, name.split("."), importlib.import_module(module))
    signature = inspect.signature(known).parameters
    for call in (c for c in FRAMEWORKS[library].calls if c.name == name):
        for argument in call.arguments:
            given = signature[argument.name].default
            if argument.default is REQUIRED:
                assert given is inspect.Parameter.empty
            elif not argument.is_irrelevant and not argument.name.endswith("_fn"):
                assert argument.default == given, argument.name
                assert (argument.default is None) == (given is None), argument.name
