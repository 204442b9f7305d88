"""Rates and momenta that the frameworks' schedules really give; needs the `frameworks` extra.

Import `tests.golden.make_goldens` first: it makes JAX and Keras compute in float64.
"""

import warnings
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras
import numpy as np
import optax
import torch

ERRORS = (ValueError, TypeError, ArithmeticError, KeyError, IndexError, NotImplementedError)


class Outcome(NamedTuple):
    """Rates and momenta until the framework failed, and with what."""

    rates: list[float]
    momenta: list[float]
    error: Exception | None


def rates_of(
    framework: str, name: str, arguments: dict[str, Any], base_lr: float, steps: int
) -> Outcome:
    """What the framework makes of a schedule in a run of `steps`."""
    if framework == "torch":
        return _torch(name, arguments, base_lr, steps)
    try:
        schedule = (_optax if framework == "optax" else _keras)(name, arguments)
        # A constant schedule answers with a Python number.
        mapped = jax.vmap(lambda k: jnp.asarray(1.0) * schedule(k))
        found = np.asarray(mapped(jnp.arange(steps, dtype=jnp.float64)))
    except ERRORS as error:
        return Outcome([], [], error)
    assert found.dtype == np.float64
    return Outcome(found.tolist(), [], None)


def rate_at(framework: str, name: str, arguments: dict[str, Any], k: int) -> float:
    """One rate of Optax or Keras, asked for by itself.

    On arrays XLA divides by multiplying with a reciprocal, and rounds logarithms differently, so
    that a step on a boundary may fall on the wrong side.
    """
    schedule = (_optax if framework == "optax" else _keras)(name, arguments)
    return float(schedule(jnp.asarray(float(k))))


def plateau_rates(framework: str, arguments: dict[str, Any], losses: list[float]) -> list[float]:
    """Rates `(steps,)`, from 0.1, of the updates that the losses belong to."""
    if framework == "torch":
        optimizer = _sgd(0.1)
        scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **arguments)
        rates = []
        for loss in losses:
            rates.append(float(optimizer.param_groups[0]["lr"]))
            scheduler.step(loss)
        return rates
    plateau = optax.contrib.reduce_on_plateau(**arguments)

    def after(state: Any, loss: Any) -> Any:
        update, state = plateau.update(jnp.ones(1), state, value=loss)
        return state, update[0]

    _, scales = jax.lax.scan(after, plateau.init(jnp.zeros(1)), jnp.asarray(losses))
    return [0.1 * float(scale) for scale in scales]


def _optax(name: str, arguments: dict[str, Any]) -> Any:
    if name == "join_schedules":
        nested = [_optax(node["cls"], node["kwargs"]) for node in arguments["schedules"]]
        return optax.join_schedules(nested, arguments["boundaries"])
    return getattr(optax.schedules, name)(**arguments)


def _keras(name: str, arguments: dict[str, Any]) -> Any:
    return getattr(keras.optimizers.schedules, name)(**arguments)


def _sgd(rate: float) -> torch.optim.SGD:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate, momentum=0.9)


def _torch(name: str, arguments: dict[str, Any], base_lr: float, steps: int) -> Outcome:
    optimizer, rates, momenta = _sgd(base_lr), [], []
    with warnings.catch_warnings():
        # SequentialLR calls its children in a way that PyTorch itself has deprecated.
        warnings.simplefilter("ignore", UserWarning)
        try:
            scheduler = _torch_scheduler(optimizer, name, arguments)
            for update in range(steps):
                if update:
                    optimizer.step()
                    scheduler.step()
                rates.append(float(optimizer.param_groups[0]["lr"]))
                momenta.append(float(optimizer.param_groups[0]["momentum"]))
        except ERRORS as error:
            return Outcome(rates, momenta, error)
    return Outcome(rates, momenta, None)


def _torch_scheduler(optimizer: Any, name: str, arguments: dict[str, Any]) -> Any:
    module = torch.optim.swa_utils if name == "SWALR" else torch.optim.lr_scheduler
    cls = getattr(module, name)
    if "schedulers" not in arguments:
        return cls(optimizer, **arguments)
    nested = [
        _torch_scheduler(optimizer, node["cls"], node["kwargs"]) for node in arguments["schedulers"]
    ]
    if name == "ChainedScheduler":
        return cls(nested, optimizer=optimizer)
    return cls(optimizer, nested, arguments["milestones"])
