"""L-BFGS and Muon against the frameworks themselves, with arguments drawn at random.

Run with the `frameworks` extra: `python -m pytest -m frameworks tests/golden`.
"""

import importlib
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import msgspec
import numpy as np
import pytest

from lrstudio.core import FRAMEWORKS, Optimizer, from_framework
from lrstudio.core.arrays import Array
from lrstudio.engine import replay
from tests.golden.courses import Loop, error

pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not all(map(find_spec, ("torch", "optax", "keras"))), reason="needs the `frameworks` extra"
    ),
]

Arguments = dict[str, Any]
each_seed = pytest.mark.parametrize("seed", range(12))

COEFFICIENTS = [(3.4445, -4.775, 2.0315), (2.0, -1.5, 0.5), (15 / 8, -10 / 8, 3 / 8)]


def known(name: str) -> Any:
    """A framework, after JAX and Keras have been told to compute in float64."""
    goldens = importlib.import_module("tests.golden.make_goldens")
    return importlib.import_module("jax") if name == "jax" else getattr(goldens, name)


def generator(*seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def pick(rng: np.random.Generator, *values: Any) -> Any:
    return values[rng.integers(len(values))]


def written_and_read(framework: str, name: str, arguments: Arguments) -> Optimizer:
    """The rule that a call is, and again what is written for it."""
    optimizer = from_framework(framework, name, arguments)
    found = FRAMEWORKS[framework].write(optimizer)
    assert found is not None
    assert FRAMEWORKS[framework].read(found[0].name, found[1]) == optimizer
    return optimizer


# --- L-BFGS ------------------------------------------------------------------------------------


def quadratic(seed: int) -> dict[str, Array]:
    """A quadratic of some dimensions, a little bent, as the closed loops of the cases have them."""
    rng = generator(seed, 1)
    dim = int(rng.integers(2, 7))
    axes = np.linalg.qr(rng.standard_normal((dim, dim)))[0]
    matrix = axes @ np.diag(np.exp(rng.uniform(0, 3, dim))) @ axes.T
    start = 3 * rng.standard_normal(dim)
    name = "problem|drawn|"
    return {f"{name}A": matrix, f"{name}b": rng.standard_normal(dim), f"{name}x0": start}


def loop(data: dict[str, Array] | None) -> Loop:
    """The drawn quadratic, or Rosenbrock's function."""
    if data is None:
        start = {"problem|drawn|x0": np.array([-1.2, 1.0])}
        return Loop({"kind": "rosen", "a": 1.0, "b": 100.0}, "drawn", start)
    return Loop({"kind": "quad"}, "drawn", data)


def torch_course(arguments: Arguments, data: dict[str, Array] | None, factors: Array) -> Any:
    """Positions after each call of `step`, with evaluations and iterations so far."""
    torch = known("torch")
    start = loop(data)._start
    x = torch.nn.Parameter(torch.tensor(start))
    optimizer = torch.optim.LBFGS([x], **arguments)

    def closure() -> Any:
        optimizer.zero_grad()
        if data is None:
            loss = (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
        else:
            matrix, b = (torch.tensor(data[f"problem|drawn|{n}"]) for n in "Ab")
            loss = x @ (matrix @ x) / 2 - b @ x
        loss.backward()
        return loss

    rows, counts = [], []
    for factor in factors:
        optimizer.param_groups[0]["lr"] = float(factor * arguments["lr"])
        optimizer.step(closure)
        rows.append(x.detach().numpy().copy())
        counts.append(optimizer.state[x]["func_evals"])
    return np.array(rows), counts


@each_seed
@pytest.mark.parametrize("is_quadratic", [True, False])
def test_lbfgs_goes_and_counts_like_torch(seed: int, is_quadratic: bool) -> None:
    rng = generator(seed, 2)
    arguments = {
        "lr": pick(rng, 1.0, 0.3, 0.05),
        "max_iter": int(rng.integers(1, 6)),
        "max_eval": pick(rng, None, 2, 7, 30),
        "history_size": pick(rng, 1, 3, 100),
        "tolerance_grad": pick(rng, 1e-7, 1e-3, 0.0),
        "tolerance_change": pick(rng, 1e-9, 1e-4, 0.0),
        "line_search_fn": pick(rng, None, "strong_wolfe", "strong_wolfe"),
    }
    data = quadratic(seed) if is_quadratic else None
    factors = pick(rng, np.ones(8), np.linspace(1, 0.2, 8))
    expected, counts = torch_course(arguments, data, factors)
    closed = loop(data)
    optimizer = written_and_read("torch", "LBFGS", arguments)
    got = closed.course(optimizer, factors)[1:]
    # Differences of gradients near a minimum are rounding; before that they are exact.
    gaps = np.array([closed.loss_and_gradient(np.stack([x, x], 1))[0][0] for x in expected])
    floor = closed.loss_and_gradient(np.ones((2, 2)))[0][0] if data is None else gaps.min()
    for k in np.flatnonzero(gaps - floor > 1e-8 * abs(gaps[0] - floor)):
        assert error(got[k], expected[k]) <= 1e-7
        assert closed.evaluations[k] == counts[k]


@each_seed
def test_lbfgs_meets_recorded_gradients_like_optax(seed: int) -> None:
    jax, jnp, optax = (known(name) for name in ("jax", "jnp", "optax"))

    rng = generator(seed, 3)
    arguments = {
        "learning_rate": float(np.exp(rng.uniform(-6, 0))),
        "memory_size": int(rng.integers(1, 6)),
        "scale_init_precond": bool(rng.random() < 0.5),
        "linesearch": None,
    }
    gradients = rng.standard_normal((12, 3)) + np.linspace(2, 0, 12)[:, None]
    gradients[rng.integers(12)] = 0.0
    rule = optax.lbfgs(**arguments)
    update = jax.jit(rule.update)
    x = jnp.asarray(np.array([1.0, -0.5, 2.0]))
    state, expected = rule.init(x), []
    for g in gradients:
        step, state = update(jnp.asarray(g), state, x)
        x = optax.apply_updates(x, step)
        expected.append(np.asarray(x))
    got = replay(written_and_read("optax", "lbfgs", arguments), gradients, [1.0, -0.5, 2.0])
    for k in range(12):
        assert error(got[k + 1], expected[k]) <= 1e-9 or not np.isfinite(expected[k]).all()


@each_seed
def test_lbfgs_zooms_like_optax(seed: int) -> None:
    jax, jnp, optax = (known(name) for name in ("jax", "jnp", "optax"))

    rng = generator(seed, 4)
    data = quadratic(seed)
    matrix, b, start = (data[f"problem|drawn|{n}"] for n in ("A", "b", "x0"))
    arguments: Arguments = {
        "memory_size": int(rng.integers(1, 6)),
        "scale_init_precond": bool(rng.random() < 0.7),
    }
    if rng.random() < 0.5:
        arguments["learning_rate"] = pick(rng, 0.1, 1.0, 3.0)
    rule = optax.lbfgs(**arguments)
    value = _value_of(jnp.asarray(matrix), jnp.asarray(b), jnp)
    x = jnp.asarray(start)
    state, expected = rule.init(x), []

    @jax.jit
    def update(state: Any, x: Any) -> Any:
        gradient = jnp.asarray(matrix) @ x - jnp.asarray(b)
        return rule.update(gradient, state, x, value=value(x), grad=gradient, value_fn=value)

    for _ in range(6):
        step, state = update(state, x)
        x = optax.apply_updates(x, step)
        expected.append(np.asarray(x))
    got = loop(data).course(written_and_read("optax", "lbfgs", arguments), np.ones(6))[1:]
    for k in range(6):
        assert error(got[k], expected[k]) <= 1e-8


def _value_of(matrix: Any, b: Any, jnp: Any) -> Callable[[Any], Any]:
    return lambda x: x @ (matrix @ x) / 2 - b @ x


# --- Muon --------------------------------------------------------------------------------------


def muon_arguments(framework: str, rng: np.random.Generator) -> Arguments:
    rate, decay = float(np.exp(rng.uniform(-6, -1))), pick(rng, 0.0, 0.1)
    momentum, nesterov = pick(rng, 0.0, 0.5, 0.95), bool(rng.random() < 0.5)
    steps = int(rng.integers(1, 7))
    triple = pick(rng, *COEFFICIENTS)
    match framework:
        case "torch":
            return {
                "lr": rate,
                "weight_decay": decay,
                "momentum": momentum,
                "nesterov": nesterov,
                "ns_coefficients": triple,
                "ns_steps": steps,
                "eps": pick(rng, 1e-7, 0.5, 3.0),
                "adjust_lr_fn": pick(rng, None, "original", "match_rms_adamw"),
            }
        case "keras":
            return {
                "learning_rate": rate,
                "weight_decay": pick(rng, None, 0.1),
                "adam_weight_decay": pick(rng, None, 0.2),
                "momentum": momentum,
                "nesterov": nesterov,
                "ns_steps": steps,
                **dict(zip(("muon_a", "muon_b", "muon_c"), triple, strict=True)),
                "rms_rate": pick(rng, None, 0.2, 0.7),
                "adam_lr_ratio": pick(rng, 1.0, 0.3),
                "adam_beta_1": 0.8,
                "adam_beta_2": 0.95,
                "epsilon": pick(rng, 1e-7, 1e-2),
            }
    return {
        "learning_rate": rate,
        "weight_decay": decay,
        "beta": momentum,
        "nesterov": nesterov,
        "ns_steps": 5 if rng.random() < 0.5 else steps,
        "ns_coeffs": pick(rng, triple, "standard"),
        "eps": pick(rng, 1e-8, 0.5),
        "adaptive": bool(rng.random() < 0.3),
        "preconditioning": pick(rng, "frobenius", "spectral", "aol", "schatten"),
        "consistent_rms": pick(rng, None, 0.2),
        "adam_b1": 0.8,
        "adam_b2": 0.95,
        "adam_eps_root": pick(rng, 0.0, 1e-3),
        "adam_weight_decay": pick(rng, 0.0, 0.2),
        "adam_learning_rate": pick(rng, None, 0.05),
    }


def muon_course(framework: str, arguments: Arguments, gradients: Array, start: Array) -> Array:
    """Positions that the framework's Muon reaches; PyTorch's with its iteration in float64."""
    jax, jnp, keras, optax = (known(name) for name in ("jax", "jnp", "keras", "optax"))

    if framework == "torch":
        return _torch_muon(known("torch"), arguments, gradients, start)
    reached = []
    if framework == "keras":
        variable = keras.Variable(start, dtype="float64")
        optimizer = keras.optimizers.Muon(**arguments)
        optimizer.build([variable])
        for g in gradients:
            optimizer.apply([jnp.asarray(g)], [variable])
            reached.append(np.asarray(variable.value))
        return np.array(reached)
    rule = optax.contrib.muon(**arguments)
    update = jax.jit(rule.update)
    x = jnp.asarray(start)
    state = rule.init(x)
    for g in gradients:
        step, state = update(jnp.asarray(g), state, x)
        x = optax.apply_updates(x, step)
        reached.append(np.asarray(x))
    return np.array(reached)


def _torch_muon(torch: Any, arguments: Arguments, gradients: Array, start: Array) -> Array:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.Tensor, "bfloat16", lambda tensor: tensor.clone())
        x = torch.nn.Parameter(torch.tensor(start))
        optimizer = torch.optim.Muon([x], **arguments)
        reached = []
        for g in gradients:
            x.grad = torch.tensor(g)
            optimizer.step()
            reached.append(x.detach().numpy().copy())
    return np.array(reached)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("framework", ["torch", "keras", "optax"])
@pytest.mark.parametrize("shape", [(4, 3), (2, 5), (3, 3), (6,)])
def test_muon_moves_like_the_frameworks(framework: str, shape: tuple[int, ...], seed: int) -> None:
    if framework == "torch" and len(shape) == 1:
        return  # refused by both
    rng = generator(seed, 5, len(shape))
    arguments = muon_arguments(framework, rng)
    gradients, start = rng.standard_normal((15, *shape)), rng.standard_normal(shape)
    gradients[4] = gradients[5] = 0.0
    expected = muon_course(framework, arguments, gradients, start)
    name = "contrib.muon" if framework == "optax" else "Muon"
    got = replay(written_and_read(framework, name, arguments), gradients, start)[1:]
    for k in range(15):
        assert error(got[k].ravel(), expected[k].ravel()) <= 1e-9, (k, arguments)


def test_the_preset_of_dion_is_the_one_of_optax() -> None:
    gradients, start = generator(1).standard_normal((3, 4, 3)), np.zeros((4, 3))
    arguments = {"learning_rate": 0.1, "ns_coeffs": "dion"}
    expected = muon_course("optax", arguments, gradients, start)
    got = replay(written_and_read("optax", "contrib.muon", arguments), gradients, start)[1:]
    assert got == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("broken", [0.0, 1e200, np.inf, np.nan])
@pytest.mark.parametrize("framework", ["torch", "keras", "optax"])
def test_muon_ends_as_the_frameworks_do(framework: str, broken: float) -> None:
    gradients, start = generator(2).standard_normal((6, 3, 2)), np.ones((3, 2))
    gradients[2, 1, 1] = broken
    rate = {"lr": 0.1} if framework == "torch" else {"learning_rate": 0.1}
    expected = muon_course(framework, rate, gradients, start)
    name = "contrib.muon" if framework == "optax" else "Muon"
    got = replay(from_framework(framework, name, rate), gradients, start)[1:]
    assert np.array_equal(np.isfinite(got), np.isfinite(expected))
    assert got[np.isfinite(got)] == pytest.approx(expected[np.isfinite(expected)], rel=1e-9)


def test_what_the_frameworks_refuse_is_refused() -> None:
    refused = [
        ("torch", "LBFGS", {"line_search_fn": "armijo"}),
        ("torch", "LBFGS", {"max_iter": 2.5}),
        ("torch", "Muon", {"adjust_lr_fn": "other"}),
        ("torch", "Muon", {"ns_steps": 100}),
        ("torch", "Muon", {"ns_coefficients": (1.0, 2.0)}),
        ("optax", "lbfgs", {"memory_size": 0}),
        ("optax", "contrib.muon", {"learning_rate": 0.1, "ns_coeffs": "dion", "ns_steps": 3}),
        ("optax", "contrib.muon", {"learning_rate": 0.1, "ns_coeffs": "polar"}),
        ("optax", "contrib.muon", {"learning_rate": 0.1, "preconditioning": "none"}),
        ("optax", "contrib.muon", {"learning_rate": None}),
    ]
    for framework, name, arguments in refused:
        with pytest.raises(ValueError, match=name):
            from_framework(framework, name, arguments)
    assert msgspec.structs.asdict(from_framework("torch", "LBFGS"))["max_eval"] == 25
