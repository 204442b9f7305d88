"""Make `frameworks.npz`: `python -m tests.golden.make_framework_goldens [--check]`, from the root.

`frameworks.json` lists calls of PyTorch, Keras and Optax by their own names and arguments; this
script runs each on its gradients and stores the positions after some updates. With `--check` it
compares with what is stored instead. Needs the `frameworks` extra.

Gradients are recorded (`replay:`) or those of a small function (`loop:`). Closed loops of adaptive
rules are chaotic: `steps` holds only those up to which a perturbation of 1e-15 in every input stays
within the tolerance `rtol` of the case.
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.golden import make_goldens  # makes JAX and Keras compute in float64
from tests.golden.courses import FOLDER, Loop, error, load

jnp, keras = make_goldens.jnp, make_goldens.keras
optax, torch = make_goldens.optax, make_goldens.torch

Array = np.ndarray[Any, Any]
Update = Callable[[Array, float, float, Array | None], Array]
"""From gradient, loss, rate and Hessian diagonal to the position after the update."""

NOT_RUN = {
    "contrib.sophia": "its Hessian estimate is random; the recorded ones were put in its place",
    "adafactor64": "assembled from Optax's parts, with the decay rate in float64",
    "lbfgs": "asks for the function inside an update; see its own tests",
    "LBFGS": "asks for the function inside an update; see its own tests",
    "Muon64": "PyTorch's with its Newton-Schulz iteration in float64 instead of bfloat16",
    "scale_by_distance_over_gradients": "no optimizer, a part of one",
}


def torch_update(case: dict[str, Any], start: Array) -> Update:
    """The class of PyTorch that a case names."""
    parameter = torch.nn.Parameter(torch.tensor(start))
    kwargs = {k: tuple(v) if isinstance(v, list) else v for k, v in case["kwargs"].items()}
    optimizer = getattr(torch.optim, case["cls"])([parameter], **kwargs)

    def update(g: Array, loss: float, rate: float, hessian: Array | None) -> Array:
        if case["lr_mult"]:
            optimizer.param_groups[0]["lr"] = rate
        gradient = torch.tensor(g)
        parameter.grad = gradient.to_sparse() if case["cls"] == "SparseAdam" else gradient
        optimizer.step()
        return np.array(parameter.detach().numpy())

    return update


def keras_update(case: dict[str, Any], start: Array) -> Update:
    """The class of Keras that a case names."""
    parameter = keras.Variable(start, dtype="float64")
    optimizer = getattr(keras.optimizers, case["cls"])(**case["kwargs"])
    optimizer.build([parameter])

    def update(g: Array, loss: float, rate: float, hessian: Array | None) -> Array:
        if case["lr_mult"]:
            optimizer.learning_rate.assign(rate)
        optimizer.apply([jnp.asarray(g)], [parameter])
        return np.asarray(parameter.value)

    return update


def optax_update(case: dict[str, Any], start: Array) -> Update:
    """The function of Optax that a case names."""
    table = None
    if case["lr_mult"]:
        _, data = load()
        table = jnp.asarray(case["lr_base"] * data[f"lrmult|{case['lr_mult']}"])
    optimizer = built(case["cls"], dict(case["kwargs"]), table)
    parameter = jnp.asarray(start)
    state = optimizer.init(parameter)

    def update(g: Array, loss: float, rate: float, hessian: Array | None) -> Array:
        nonlocal parameter, state
        extra = {"value": jnp.asarray(loss)}
        step, state = optax.with_extra_args_support(optimizer).update(
            jnp.asarray(g), state, parameter, **extra
        )
        parameter = optax.apply_updates(parameter, step)
        return np.asarray(parameter)

    return update


def built(name: str, kwargs: dict[str, Any], table: Any) -> Any:
    """An optimizer of Optax; `table` holds the rate of every update, if they change."""
    if name == "chain":
        return optax.chain(*(built(part, dict(given), table) for part, given in kwargs["parts"]))
    function: Any = optax
    for part in name.split("."):
        function = getattr(function, part)
    inner = kwargs.pop("inner", None) or kwargs.pop("optimizer", None)
    if table is not None and "learning_rate" in kwargs:
        kwargs["learning_rate"] = lambda count: table[jnp.asarray(count, int)]
    if inner is None:
        return function(**kwargs)
    made = built(inner[0], _with_rate(inner[1], kwargs), table)
    if name == "MultiSteps":
        return function(made, **kwargs).gradient_transformation()
    if name == "contrib.sam":
        ascent = optax.chain(optax.contrib.normalize(), optax.sgd(kwargs.pop("rho", 0.05)))
        return function(made, ascent, **kwargs)
    return function(made, **kwargs)


def _with_rate(inner: dict[str, Any], outer: dict[str, Any]) -> dict[str, Any]:
    """Schedule-Free is told the rate of the optimizer inside it."""
    return {
        **({"learning_rate": outer["learning_rate"]} if "learning_rate" in outer else {}),
        **inner,
    }


BEGIN = {"torch": torch_update, "keras": keras_update, "optax": optax_update}


def course(case: dict[str, Any], index: dict[str, Any], data: dict[str, Array]) -> Array:
    """Positions after the updates that a case names."""
    kind, _, name = case["source"].partition(":")
    factors = data[f"lrmult|{case['lr_mult']}"] if case["lr_mult"] else np.ones(200)
    x = data[f"{'seq' if kind == 'replay' else 'problem'}|{name}|x0"].astype(float)
    update = BEGIN[case["lib"]](case, x)
    loop = Loop(index["problems"][name], name, data) if kind == "loop" else None
    found = []
    for k in range(max(case["steps"])):
        if loop is None:
            g, loss = data[f"seq|{name}|g"][k], float(data[f"seq|{name}|values"][k])
        else:
            loop.turn_to(k)
            losses, gradients = loop.loss_and_gradient(x[:, None])
            g, loss = gradients[:, 0], float(losses[0])
        x = update(g, loss, (case["lr_base"] or 0.0) * factors[k], None)
        if k + 1 in case["steps"]:
            found.append(x)
    return np.array(found)


def main(*, is_check: bool) -> int:
    """Run all cases; the number of those that differ from what is stored, when checking."""
    index, data = load()
    positions = data["positions"].copy()
    failures = 0
    for case in index["cases"]:
        if case.get("key", case["cls"]) in NOT_RUN:
            continue
        found = course(case, index, data)
        place = slice(case["at"], case["at"] + found.size)
        if is_check:
            stored = positions[place].reshape(found.shape)
            worst = max(error(f, s) for f, s in zip(found, stored, strict=True))
            if not worst <= case["rtol"]:
                failures += 1
                sys.stdout.write(f"{case['id']} {case['lib']} {case['cls']} {worst:.2e}\n")
        positions[place] = found.ravel()
    if not is_check:
        np.savez_compressed(FOLDER / "frameworks.npz", **{**data, "positions": positions})
    sys.stdout.write(f"{len(index['cases'])} cases, {failures} different\n")
    return failures


if __name__ == "__main__":
    sys.exit(main(is_check="--check" in sys.argv) > 0)
