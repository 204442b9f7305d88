"""PyTorch, Optax and Keras at work on recorded gradients, in double precision throughout.

What `make_goldens` says about precision holds here too; it is imported for its settings.
"""

from collections.abc import Callable, Mapping
from typing import Any

import jax

from lrstudio.core.arrays import Array

# From there, because it has to set up JAX and Keras before they are imported.
from tests.golden.make_goldens import jnp, keras, np, optax, torch

jax.config.update("jax_enable_x64", True)

Arguments = Mapping[str, Any]


def _decay_in_double(step: Any, exponent: Any) -> Any:
    return 1.0 - (jnp.asarray(step, jnp.float64) + 1) ** (-exponent)


factorized = optax._src.factorized
*_others, _ = factorized.scale_by_factored_rms.__defaults__
factorized.scale_by_factored_rms.__defaults__ = (*_others, _decay_in_double)


def course(lib: str, name: str, arguments: Arguments, inputs: Mapping[str, Array]) -> Array:
    """Positions `(steps+1, ...)` for `gradients`, `start` and the `rates` in force."""
    begin = {"torch": _torch, "optax": _optax, "keras": _keras}[lib]
    update = begin(name, arguments, inputs["start"], inputs["rates"])
    steps = zip(inputs["gradients"], inputs["rates"], strict=True)
    with jax.disable_jit():  # compiling would take much longer than a few steps
        return np.array([inputs["start"], *(update(g, float(r)) for g, r in steps)])


Update = Callable[[Array, float], Array]


def _torch(name: str, arguments: Arguments, start: Array, rates: Array) -> Update:
    parameter = torch.nn.Parameter(torch.tensor(start))
    optimizer = getattr(torch.optim, name)([parameter], **arguments)

    def update(gradient: Array, rate: float) -> Array:
        optimizer.param_groups[0]["lr"] = rate
        parameter.grad = torch.tensor(gradient)
        optimizer.step()
        return parameter.detach().numpy().copy()

    return update


def optax_of(name: str, arguments: Arguments, rates: Array | None = None) -> Any:
    """The transformation that a name and arguments are; its rate follows `rates`."""
    if name == "chain":
        return optax.chain(*(optax_of(*part) for part in arguments["parts"]))
    if name == "MultiSteps":
        others = {n: v for n, v in arguments.items() if n != "inner"}
        inner = optax_of(*arguments["inner"])
        return optax.MultiSteps(inner, accumulator_dtype=jnp.float64, **others)
    function: Any = optax
    for part in name.split("."):
        function = getattr(function, part)
    given = dict(arguments)
    is_scheduled = rates is not None and len(set(rates.tolist())) > 1
    if is_scheduled:
        table = jnp.asarray(rates)
        given["learning_rate"] = lambda count: table[jnp.asarray(count, int)]
    return function(**given)


def _optax(name: str, arguments: Arguments, start: Array, rates: Array) -> Update:
    optimizer = optax_of(name, arguments, rates)
    parameter = jnp.asarray(start)
    state = optimizer.init(parameter)
    if name.startswith("contrib."):  # which take the root of an int32 in single precision
        state = jax.tree.map(lambda leaf: jnp.asarray(leaf, jnp.float64), state)

    def update(gradient: Array, rate: float) -> Array:
        nonlocal parameter, state
        step, state = optimizer.update(jnp.asarray(gradient), state, parameter)
        parameter = parameter + step
        return np.asarray(parameter)

    return update


def _keras(name: str, arguments: Arguments, start: Array, rates: Array) -> Update:
    parameter = keras.Variable(start, dtype="float64")
    optimizer = getattr(keras.optimizers, name)(**arguments)
    optimizer.build([parameter])

    def update(gradient: Array, rate: float) -> Array:
        optimizer.learning_rate.assign(rate)
        optimizer.apply([jnp.asarray(gradient)], [parameter])
        return np.asarray(parameter.value)

    return update
