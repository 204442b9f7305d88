"""Averages and rules without a learning rate against the frameworks, with random arguments.

Needs the `frameworks` extra: `python -m pytest -m frameworks tests/golden`.
"""

import os
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS, Optimizer, from_framework
from lrstudio.core.arrays import Array
from lrstudio.engine import replay
from tests.golden.courses import error

pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        not all(map(find_spec, ("torch", "optax", "keras"))), reason="needs the `frameworks` extra"
    ),
]

STEPS = 40
TOLERANCE = 1e-9
"""Rates that are estimated from differences of near points lose some digits, and say so soon."""

Values = dict[str, Any]
Draw = Callable[[np.random.Generator], Values]


class Course(NamedTuple):
    """What a framework made of some gradients."""

    positions: Array
    kept: Array | None = None


class Inputs(NamedTuple):
    """Gradients `(steps, dim)`, losses `(steps,)`, start and factors of the rate."""

    gradients: Array
    losses: Array
    start: Array
    factors: Array


def inputs(kind: str, seed: int) -> Inputs:
    rng = np.random.default_rng(seed)
    gradients = rng.normal([0.5, 0.0, -1.0], 1.0, (STEPS, 3))
    if kind == "with zeros":
        gradients[rng.random(STEPS) < 0.3] = 0.0
        gradients[:, 1] *= rng.random(STEPS) < 0.5
        gradients[0] += 0.1
    if kind == "repeated":
        gradients = np.tile([0.3, -0.1, 0.7], (STEPS, 1))
    if kind == "huge":
        gradients[:, 0] = 1e200
    if kind == "infinite":
        gradients[3, 0] = np.inf
    if kind == "nan":
        gradients[3, 0] = np.nan
    losses = np.abs(gradients).sum(axis=1) + rng.random(STEPS)
    factors = np.ones(STEPS) if seed % 2 else 0.2 + rng.random(STEPS)
    return Inputs(gradients, losses, rng.standard_normal(3), factors)


# --- the frameworks ----------------------------------------------------------------------------


def optax_modules() -> tuple[Any, Any]:
    os.environ["JAX_ENABLE_X64"] = "1"
    import jax

    jax.config.update("jax_enable_x64", True)
    import optax
    from optax.schedules import _schedule

    # From steps counted in 32 bits it would make rates of 32 bits.
    _schedule.warmup_constant_schedule = lambda init_value, peak_value, warmup_steps: (
        lambda count: peak_value * jax.numpy.minimum(count.astype(float) / warmup_steps, 1.0)
    )
    return optax, jax


def optax_course(make: Callable[[Any, Any], Any], given: Inputs, kept: Any = None) -> Course:
    """The course of `make(optax, schedule of factors)`, with what it keeps."""
    optax, jax = optax_modules()
    jnp = jax.numpy
    table = jnp.asarray(given.factors)
    solver = optax.with_extra_args_support(make(optax, lambda count: table[count]))
    parameter = jnp.asarray(given.start)
    if kept == "slow":
        parameter = optax.LookaheadParams.init_synced(parameter)
    state = solver.init(parameter)

    @jax.jit
    def update(g: Any, loss: Any, state: Any, parameter: Any) -> Any:
        step, state = solver.update(g, state, parameter, value=loss)
        return optax.apply_updates(parameter, step), state

    course, averages = [], []
    for g, loss in zip(given.gradients, given.losses, strict=True):
        parameter, state = update(g, loss, state, parameter)
        course.append(parameter.fast if kept == "slow" else parameter)
        if kept == "slow":
            averages.append(parameter.slow)
        elif kept == "average":
            averages.append(optax.contrib.schedule_free_eval_params(state, parameter))
    return Course(np.array(course), np.array(averages) if kept else None)


def torch_course(arguments: Values, given: Inputs) -> Course:
    import torch

    kind = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)  # η and μ are kept in it
    try:
        parameter = torch.nn.Parameter(torch.tensor(given.start))
        solver = torch.optim.ASGD([parameter], **arguments)
        course, averages = [], []
        for g, factor in zip(given.gradients, given.factors, strict=True):
            solver.param_groups[0]["lr"] = float(factor * arguments["lr"])
            parameter.grad = torch.tensor(g)
            solver.step()
            course.append(parameter.detach().numpy().copy())
            averages.append(solver.state[parameter]["ax"].numpy().copy())
    finally:
        torch.set_default_dtype(kind)
    return Course(np.array(course), np.array(averages))


def keras_course(arguments: Values, given: Inputs) -> Course:
    from tests.golden import make_goldens

    keras, jnp = make_goldens.keras, make_goldens.jnp
    parameter = keras.Variable(given.start, dtype="float64")
    solver = keras.optimizers.ScheduleFreeAdamW(**arguments)
    solver.build([parameter])
    course = []
    for g, factor in zip(given.gradients, given.factors, strict=True):
        solver.learning_rate.assign(float(factor * arguments["learning_rate"]))
        solver.apply([jnp.asarray(g)], [parameter])
        course.append(np.asarray(parameter.value))
    return Course(np.array(course))


# --- random arguments --------------------------------------------------------------------------


def log(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def one_of(rng: np.random.Generator, *values: Any) -> Any:
    return values[rng.integers(len(values))]


def beta(rng: np.random.Generator) -> float:
    return float(one_of(rng, 0.0, 0.5, 0.9, 0.99, rng.uniform(0, 0.999)))


def asgd(rng: np.random.Generator) -> Values:
    return {
        "lr": log(rng, 1e-3, 1),
        "lambd": one_of(rng, 0.0, 1e-4, 0.3),
        "alpha": one_of(rng, 0.0, 0.5, 0.75, 1.0, 2.0),
        "t0": one_of(rng, 0, 5, 17.5, 1e6),
        "weight_decay": one_of(rng, 0.0, 0.2),
    }


def keras_schedule_free(rng: np.random.Generator) -> Values:
    return {
        "learning_rate": log(rng, 1e-3, 0.3),
        "beta_1": float(rng.uniform(0.3, 0.98)),
        "beta_2": beta(rng),
        "epsilon": log(rng, 1e-8, 1e-2),
        "warmup_steps": one_of(rng, 0, 1, 13),
        "weight_decay": one_of(rng, None, 0.0, 0.2),
    }


def polyak(rng: np.random.Generator) -> Values:
    return {
        "max_learning_rate": log(rng, 1e-2, 10),
        "scaling": log(rng, 0.1, 3),
        "f_min": one_of(rng, 0.0, -1.0, 1.5),
        "eps": one_of(rng, 0.0, 0.1),
        "variant": one_of(rng, "sps", "sps+"),
    }


def prodigy(rng: np.random.Generator) -> Values:
    return {
        "learning_rate": log(rng, 0.3, 3),
        "betas": (beta(rng), one_of(rng, 0.9, 0.99, 0.999)),
        "beta3": one_of(rng, None, 0.5, 0.99),
        "eps": log(rng, 1e-8, 1e-3),
        "estim_lr0": log(rng, 1e-3, 0.1),
        "estim_lr_coef": log(rng, 0.3, 3),
        "weight_decay": one_of(rng, 0.0, 0.3),
        "safeguard_warmup": one_of(rng, False, True),
    }


def dadapt(rng: np.random.Generator) -> Values:
    names = ("learning_rate", "betas", "eps", "estim_lr0", "weight_decay")
    return {name: value for name, value in prodigy(rng).items() if name in names}


def dog(rng: np.random.Generator) -> Values:
    kind = one_of(rng, "heuristic", "distance", "learning_rate")
    return {
        "learning_rate": log(rng, 0.3, 3),
        "init_step": (kind, log(rng, 1e-4, 0.1)),
        "eps": one_of(rng, 1e-8, 0.1),
        "weight_decay": one_of(rng, None, 0.0, 0.3),
    }


def dowg(rng: np.random.Generator) -> Values:
    return {
        "learning_rate": log(rng, 0.3, 2),
        "init_estim_sq_dist": one_of(rng, None, 0.01, 1.0),
        "eps": one_of(rng, 1e-4, 0.1),
        "weight_decay": one_of(rng, None, 0.0, 0.3),
    }


def momo(rng: np.random.Generator) -> Values:
    return {
        "learning_rate": log(rng, 0.01, 3),
        "beta": beta(rng),
        "lower_bound": one_of(rng, 0.0, -2.0, 1.5),
        "weight_decay": one_of(rng, 0.0, 0.3),
        "adapt_lower_bound": one_of(rng, False, True),
    }


def momo_adam(rng: np.random.Generator) -> Values:
    fields = momo(rng)
    b1 = fields.pop("beta")
    return {**fields, "b1": b1, "b2": one_of(rng, 0.9, 0.999), "eps": log(rng, 1e-8, 0.1)}


def schedule_free_sgd(rng: np.random.Generator) -> Values:
    return {
        "learning_rate": log(rng, 0.01, 1),
        "warmup_steps": one_of(rng, None, 1, 13),
        "b1": float(rng.uniform(0.3, 0.98)),
        "weight_decay": one_of(rng, None, 0.0, 0.2),
        "weight_lr_power": one_of(rng, 0.0, 1.0, 2.0, 3.3),
    }


def schedule_free_adamw(rng: np.random.Generator) -> Values:
    decay = {"weight_decay": one_of(rng, 0.0, 0.2)}
    return {**schedule_free_sgd(rng), **decay, "b2": beta(rng), "eps": log(rng, 1e-8, 0.1)}


CONTRIB: Mapping[str, Draw] = {
    "prodigy": prodigy,
    "dadapt_adamw": dadapt,
    "dog": dog,
    "dowg": dowg,
    "momo": momo,
    "momo_adam": momo_adam,
    "schedule_free_sgd": schedule_free_sgd,
    "schedule_free_adamw": schedule_free_adamw,
}


def scheduled(arguments: Values, factor: Any) -> Values:
    """The arguments with a schedule for the rate, unless there is a warm-up (Optax: TypeError)."""
    if arguments.get("warmup_steps") is not None:
        return arguments
    rate = arguments["learning_rate"]
    return {**arguments, "learning_rate": lambda count: rate * factor(count)}


def unscheduled(arguments: Values, given: Inputs) -> Inputs:
    is_fixed = arguments.get("warmup_steps") is not None
    return given._replace(factors=np.ones(STEPS)) if is_fixed else given


# --- comparison --------------------------------------------------------------------------------


def compare(optimizer: Optimizer, given: Inputs, course: Course, what: object) -> None:
    """All positions and kept points, as far as the framework's are moderate numbers."""
    ours = [replay(optimizer, *given[:1], given.start, given.factors, values=given.losses)]
    if course.kept is not None:
        ours.append(
            replay(
                optimizer,
                given.gradients,
                given.start,
                given.factors,
                values=given.losses,
                kept=True,
            )
        )
    for got, expected in zip(ours, course, strict=False):
        assert expected is not None
        for row, wanted in zip(got[1:], expected, strict=True):
            if not np.abs(wanted).max() < 1e12:
                break
            assert error(row, wanted) <= TOLERANCE, what


def finite_as_theirs(optimizer: Optimizer, given: Inputs, course: Course, what: object) -> None:
    """Where the framework's numbers are finite, so are ours."""
    ours = replay(optimizer, given.gradients, given.start, given.factors, values=given.losses)
    theirs = np.isfinite(course.positions)
    assert (np.isfinite(ours[1:]) | ~theirs).all(), what


def check(optimizer: Optimizer, kind: str, given: Inputs, course: Course, what: object) -> None:
    verify = compare if kind in ("noise", "with zeros", "repeated") else finite_as_theirs
    verify(optimizer, given, course, (what, kind))


KINDS = ("noise", "with zeros", "repeated", "huge", "infinite", "nan")
each_kind = pytest.mark.parametrize("kind", KINDS)
DRAWS = {"noise": 8, "with zeros": 4, "repeated": 3}
AROUND = {"noise": 5, "with zeros": 3, "repeated": 2}


@each_kind
@pytest.mark.parametrize("name", CONTRIB)
def test_optax_contrib(name: str, kind: str) -> None:
    for seed in range(DRAWS.get(kind, 2)):
        arguments = CONTRIB[name](np.random.default_rng(seed))
        given = unscheduled(arguments, inputs(kind, seed))
        kept = "average" if name.startswith("schedule_free") else None
        course = optax_course(
            lambda optax, factor, a=arguments: getattr(optax.contrib, name)(**scheduled(a, factor)),
            given,
            kept,
        )
        optimizer = from_framework("optax", f"contrib.{name}", arguments)
        check(optimizer, kind, given, course, arguments)


@each_kind
def test_optax_polyak_sgd(kind: str) -> None:
    for seed in range(DRAWS.get(kind, 2)):
        arguments = polyak(np.random.default_rng(seed))
        given = inputs(kind, seed)
        scaling = arguments["scaling"]
        course = optax_course(
            lambda optax, factor, a=arguments, s=scaling: optax.polyak_sgd(
                **{**a, "scaling": lambda count: s * factor(count)}
            ),
            given,
        )
        optimizer = from_framework("optax", "polyak_sgd", arguments)
        check(optimizer, kind, given, course, arguments)


@each_kind
def test_optax_distance_over_gradients(kind: str) -> None:
    for seed in range(DRAWS.get(kind, 2)):
        rng = np.random.default_rng(seed)
        arguments = {
            "reps_rel": log(rng, 1e-4, 0.1),
            "eps": one_of(rng, 1e-8, 0.1),
            "global_scale": one_of(rng, 1.0, -1.0, 0.5),
        }
        given = inputs(kind, seed)._replace(factors=np.ones(STEPS))
        course = optax_course(
            lambda optax, _, a=arguments: optax.scale_by_distance_over_gradients(
                **a, param_dtype=np.float64
            ),
            given,
        )
        name = "scale_by_distance_over_gradients"
        optimizer = from_framework("optax", name, {**arguments, "param_dtype": "float64"})
        check(optimizer, kind, given, course, arguments)


@each_kind
def test_torch_asgd(kind: str) -> None:
    for seed in range(DRAWS.get(kind, 2)):
        arguments, given = asgd(np.random.default_rng(seed)), inputs(kind, seed)
        optimizer = from_framework("torch", "ASGD", arguments)
        check(optimizer, kind, given, torch_course(arguments, given), arguments)


@each_kind
def test_keras_schedule_free_adamw(kind: str) -> None:
    for seed in range(DRAWS.get(kind, 2)):
        arguments, given = keras_schedule_free(np.random.default_rng(seed)), inputs(kind, seed)
        optimizer = from_framework("keras", "ScheduleFreeAdamW", arguments)
        check(optimizer, kind, given, keras_course(arguments, given), arguments)


# --- around other rules ------------------------------------------------------------------------

# Ours, and the same of Optax at a rate.
INSIDE: Mapping[str, tuple[Optimizer, Callable[[Any, Any], Any]]] = {
    "sgd": (OPTIMIZERS["sgd"](lr=0.1), lambda optax, rate: optax.sgd(rate)),
    "momentum": (
        OPTIMIZERS["momentum"](lr=0.1),
        lambda optax, rate: optax.sgd(rate, momentum=0.9),
    ),
    "adamw": (
        OPTIMIZERS["adamw"](lr=0.1),
        lambda optax, rate: optax.adamw(rate, weight_decay=0.01),
    ),
    "dog": (OPTIMIZERS["dog"](lr=0.1), lambda optax, rate: optax.contrib.dog(rate)),
}


@each_kind
@pytest.mark.parametrize("rule", INSIDE)
def test_optax_lookahead(rule: str, kind: str) -> None:
    ours, theirs = INSIDE[rule]
    for seed in range(AROUND.get(kind, 1)):
        rng = np.random.default_rng(seed)
        arguments = {
            "sync_period": one_of(rng, 1, 2, 5),
            "slow_step_size": one_of(rng, 0.5, 0.8, 1.0, 0.0),
            "reset_state": one_of(rng, False, True),
        }
        given = inputs(kind, seed)
        if arguments["reset_state"]:  # which begins the schedule anew as well
            given = given._replace(factors=np.ones(STEPS))
        course = optax_course(
            lambda optax, factor, a=arguments: optax.lookahead(
                theirs(optax, lambda count: 0.1 * factor(count)), **a
            ),
            given,
            "slow",
        )
        optimizer = from_framework("optax", "lookahead", {"fast_optimizer": ours, **arguments})
        check(optimizer, kind, given, course, arguments)


@each_kind
@pytest.mark.parametrize("rule", INSIDE)
def test_optax_schedule_free(rule: str, kind: str) -> None:
    ours, theirs = INSIDE[rule]
    for seed in range(AROUND.get(kind, 1)):
        rng = np.random.default_rng(seed)
        arguments = {
            "b1": float(rng.uniform(0.3, 0.98)),
            "weight_lr_power": one_of(rng, 0.0, 1.0, 2.0, 3.3),
        }
        given = inputs(kind, seed)

        def make(optax: Any, factor: Any, a: Values = arguments) -> Any:
            rate = lambda count: 0.1 * factor(count)  # noqa: E731
            return optax.contrib.schedule_free(theirs(optax, rate), rate, **a)

        course = optax_course(make, given, "average")
        asked = {"base_optimizer": ours, "learning_rate": 0.1, **arguments}
        optimizer = from_framework("optax", "contrib.schedule_free", asked)
        check(optimizer, kind, given, course, arguments)


@each_kind
@pytest.mark.parametrize("rule", INSIDE)
def test_optax_mechanize(rule: str, kind: str) -> None:
    ours, theirs = INSIDE[rule]
    for seed in range(AROUND.get(kind, 1)):
        rng = np.random.default_rng(seed)
        arguments = {
            "weight_decay": one_of(rng, 0.0, 0.01, 0.3),
            "eps": one_of(rng, 1e-8, 1e-3),
            "s_init": log(rng, 1e-4, 0.1),
            "num_betas": one_of(rng, 1, 4, 6),
        }
        given = inputs(kind, seed)
        course = optax_course(
            lambda optax, factor, a=arguments: optax.contrib.mechanize(
                theirs(optax, lambda count: 0.1 * factor(count)), **a
            ),
            given,
        )
        asked = {"base_optimizer": ours, **arguments}
        optimizer = from_framework("optax", "contrib.mechanize", asked)
        check(optimizer, kind, given, course, arguments)


@each_kind
@pytest.mark.parametrize("rule", INSIDE)
def test_optax_sam(rule: str, kind: str) -> None:
    ours, theirs = INSIDE[rule]
    for seed in range(AROUND.get(kind, 1)):
        rng = np.random.default_rng(seed)
        rho, period = log(rng, 0.01, 0.3), one_of(rng, 2, 3, 5)
        given = inputs(kind, seed)._replace(factors=np.ones(STEPS))
        # Optax computes 0/0 for gradients that are zero.
        given.gradients[(given.gradients == 0).all(axis=1)] = 0.01

        def make(optax: Any, _: Any, rho: float = rho, period: int = period) -> Any:
            uphill = optax.chain(optax.contrib.normalize(), optax.sgd(rho))
            sam = optax.contrib.sam(theirs(optax, 0.1), uphill, sync_period=period)
            return type(sam)(sam.init, lambda g, state, x, value: sam.update(g, state, x))

        course = optax_course(make, given)
        asked = {"optimizer": ours, "rho": rho, "sync_period": period}
        optimizer = from_framework("optax", "contrib.sam", asked)
        check(optimizer, kind, given, course, asked)
