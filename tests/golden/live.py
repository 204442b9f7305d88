"""PyTorch, Optax and Keras at work, called by their own names, in double precision throughout."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lrstudio.core.arrays import Array
from tests.golden.precision import in_double, jax, jnp, keras, optax, torch, with_long_counts

Arguments = Mapping[str, Any]
Told = Mapping[str, Any]
"""What a rule of Optax may be told: `value`, `grad`, `row` (a Hessian's diagonal)."""

Update = Callable[[Array, float | None, Told], Array]
"""From gradient, rate (None: as it is) and what else is told to the position after the update."""

Function = Callable[[Any], Any]
"""For rules that ask: in PyTorch loss and gradient at an array, in Optax the loss, by JAX."""

NOTHING: Told = {}


def course(lib: str, name: str, arguments: Arguments, inputs: Mapping[str, Array]) -> Array:
    """Positions `(steps+1, ...)` for `gradients`, `start` and the `rates` in force."""
    start, rates = inputs["start"], inputs["rates"]
    # A table of equal rates is left out: a few rules of Optax take none.
    table = rates if len(set(rates.tolist())) > 1 else None
    steps = zip(inputs["gradients"], rates, strict=True)
    with in_double(), jax.disable_jit():  # compiling would take much longer than a few steps
        update = begin(lib, name, arguments, start, rates=table)
        return np.array([start, *(update(g, float(r), NOTHING) for g, r in steps)])


def begin(
    lib: str,
    name: str,
    arguments: Arguments,
    start: Array,
    *,
    rates: Array | None = None,
    function: Function | None = None,
) -> Update:
    """The updates of a class; one of Optax is given a table of rates, if they change."""
    match lib:
        case "torch":
            parameter = torch.nn.Parameter(torch.tensor(start))
            optimizer = getattr(torch.optim, name)([parameter], **arguments)
            return torch_update(optimizer, parameter, function)
        case "keras":
            return keras_update(getattr(keras.optimizers, name)(**arguments), start)
    parameters = jnp.asarray(start)
    if name == "lookahead":
        parameters = optax.LookaheadParams.init_synced(parameters)
    return optax_update(optax_of(name, arguments, rates), parameters, function)


def torch_update(optimizer: Any, parameter: Any, function: Function | None = None) -> Update:
    """Updates of a parameter by an optimizer of PyTorch."""
    is_sparse = isinstance(optimizer, torch.optim.SparseAdam)
    closure = None if function is None else _closure(parameter, function)

    def update(gradient: Array, rate: float | None, told: Told) -> Array:
        if rate is not None:
            optimizer.param_groups[0]["lr"] = rate
        dense = torch.tensor(gradient)
        parameter.grad = dense.to_sparse() if is_sparse else dense
        optimizer.step(closure)
        return np.array(parameter.detach().numpy())

    return update


def _closure(parameter: Any, function: Function) -> Callable[[], Any]:
    """Loss at the parameter, which is given its gradient."""

    def closure() -> Any:
        loss, gradient = function(parameter.detach().numpy())
        parameter.grad = torch.tensor(gradient)
        return torch.tensor(loss)

    return closure


def keras_update(optimizer: Any, start: Array) -> Update:
    """Updates from a start by an optimizer of Keras."""
    parameter = keras.Variable(start, dtype="float64")
    optimizer.build([parameter])

    def update(gradient: Array, rate: float | None, told: Told) -> Array:
        if rate is not None:
            optimizer.learning_rate.assign(rate)
        optimizer.apply([jnp.asarray(gradient)], [parameter])
        return np.asarray(parameter.value)

    return update


def optax_update(optimizer: Any, parameters: Any, function: Function | None = None) -> Update:
    """Updates of parameters by a transformation, which knows its rates, and the function."""
    parts = inspect.signature(optimizer.update).parameters.values()
    takes_all = any(p.kind is p.VAR_KEYWORD for p in parts)
    taken = {p.name for p in parts}
    known = {} if function is None else {"value_fn": function}
    state = with_long_counts(optimizer.init(parameters))

    @jax.jit
    def advance(gradient: Any, state: Any, parameters: Any, told: Any) -> Any:
        step, state = optimizer.update(gradient, state, parameters, **told, **known)
        return optax.apply_updates(parameters, step), state

    def update(gradient: Array, rate: float | None, told: Told) -> Array:
        nonlocal parameters, state
        heard = {n: jnp.asarray(v) for n, v in told.items() if takes_all or n in taken}
        parameters, state = advance(jnp.asarray(gradient), state, parameters, heard)
        is_pair = isinstance(parameters, optax.LookaheadParams)
        return np.asarray(parameters.fast if is_pair else parameters)

    return update


def optax_of(name: str, arguments: Arguments, rates: Array | None = None) -> Any:
    """The transformation that a name and arguments are; its rate follows `rates`."""
    if name == "chain":
        return optax.chain(*(optax_of(*part) for part in arguments["parts"]))
    function: Any = optax
    for part in name.split("."):
        function = getattr(function, part)
    given = dict(arguments)
    inner = given.pop("inner", None) or given.pop("optimizer", None)
    if inner is not None:
        return _around(name, function, optax_of(*_with_rate(inner, given), rates), given, rates)
    return function(**_scheduled(function, given, rates))


def _around(name: str, function: Any, inner: Any, given: dict[str, Any], rates: Any) -> Any:
    """A transformation of another one."""
    if name == "MultiSteps":
        steps = function(inner, accumulator_dtype=jnp.float64, **given)
        return steps.gradient_transformation()
    if name == "contrib.sam":
        uphill = optax.chain(optax.contrib.normalize(), optax.sgd(given.pop("rho", 0.05)))
        return function(inner, uphill, **given)
    return function(inner, **_scheduled(function, given, rates))


def _with_rate(inner: tuple[str, Arguments], outer: Arguments) -> tuple[str, Arguments]:
    """Schedule-Free is told the rate of the optimizer inside it."""
    name, arguments = inner
    shared = {n: v for n, v in outer.items() if n == "learning_rate"}
    return name, {**shared, **arguments}


def _scheduled(function: Any, given: dict[str, Any], rates: Array | None) -> dict[str, Any]:
    """The arguments, with the table of rates for the rate and in double what can be told so."""
    takes = inspect.signature(function).parameters
    if rates is not None and "learning_rate" in takes:
        table = jnp.asarray(rates)
        given = {**given, "learning_rate": lambda count: table[count]}
    if "dtype_momentum" in takes:
        given = {**given, "dtype_momentum": jnp.float64}
    if "hessian_diagonal_fn" in takes:  # the recorded one instead of a random estimate
        recorded = optax.GradientTransformationExtraArgs(lambda params: (), _told_row)
        given = {**given, "hessian_diagonal_fn": recorded}
    return given


def _told_row(updates: Any, state: Any, params: Any = None, *, row: Any, **_: Any) -> Any:
    return row, state
