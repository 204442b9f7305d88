"""Make `frameworks.npz`: `python -m tests.golden.make_framework_goldens [--check]`, from the root.

`frameworks.json` lists calls of PyTorch, Keras and Optax by their own names and arguments; this
script runs each on its gradients and stores the positions after some updates. With `--check` it
compares with what is stored instead. Needs the `frameworks` extra. Hessian diagonals are recorded
ones, in place of the random estimate that Optax's Sophia would make.

Gradients are recorded (`replay:`) or those of a small function (`loop:`). Closed loops of adaptive
rules are chaotic: `steps` holds only those up to which a perturbation of 1e-15 in every input stays
within the tolerance `rtol` of the case; a `note` says where that is unusually few.
"""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from lrstudio.core.arrays import Array
from tests.golden import live
from tests.golden.courses import FOLDER, Data, Loop, error, load, loop_of
from tests.golden.precision import in_double, jnp

NAMES = {"adafactor64": "adafactor"}
"""Cases that state that a rule is computed in double, which the driver sees to."""

Moment = Callable[[int, Array], tuple[Array, live.Told]]
"""The gradient of an update, counted from 0, at a position, and what else is told."""


def course(case: dict[str, Any], index: dict[str, Any], data: Data) -> Array:
    """Positions after the updates that a case names."""
    kind, _, name = case["source"].partition(":")
    x = data[f"{'seq' if kind == 'replay' else 'problem'}|{name}|x0"].astype(float)
    told = recorded(name, data) if kind == "replay" else evaluated(loop_of(case, index, data))
    rates = case["lr_base"] * data[f"lrmult|{case['lr_mult']}"] if case["lr_mult"] else None
    found = []
    with in_double():
        update = begin(case, index, data, x, rates)
        for k in range(max(case["steps"])):
            gradient, others = told(k, x)
            x = update(gradient, None if rates is None else float(rates[k]), others)
            if k + 1 in case["steps"]:
                found.append(x)
    return np.array(found)


def begin(
    case: dict[str, Any], index: dict[str, Any], data: Data, x: Array, rates: Array | None
) -> live.Update:
    """The updates of the class that a case names, by the library's own types of arguments."""
    kwargs = {n: tuple(v) if isinstance(v, list) else v for n, v in case["kwargs"].items()}
    name = NAMES.get(case["cls"], case["cls"])
    function: live.Function | None = None
    if name == "LBFGS":
        function = partial(at_once, loop_of(case, index, data))
    elif name == "lbfgs":
        function = value_of(index, case["source"].partition(":")[2], data)
    return live.begin(case["lib"], name, kwargs, x, rates=rates, function=function)


def recorded(name: str, data: Data) -> Moment:
    """Gradients, values and Hessian diagonals of a recorded sequence."""
    keys = {"g": "g", "value": "values", "row": "hess"}
    rows = {n: data[f"seq|{name}|{key}"] for n, key in keys.items()}

    def told(k: int, x: Array) -> tuple[Array, live.Told]:
        return rows["g"][k], {"value": rows["value"][k], "row": rows["row"][k]}

    return told


def evaluated(loop: Loop) -> Moment:
    """Those of a function at the position."""

    def told(k: int, x: Array) -> tuple[Array, live.Told]:
        loop.turn_to(k)
        loss, gradient = at_once(loop, x)
        return gradient, {"value": loss, "grad": gradient}

    return told


def at_once(loop: Loop, x: Array) -> tuple[float, Array]:
    """Loss and gradient of one position."""
    losses, gradients = loop.loss_and_gradient(x[:, None])
    return float(losses[0]), gradients[:, 0]


def value_of(index: dict[str, Any], name: str, data: Data) -> Callable[[Any], Any]:
    """A function without noise, for JAX to differentiate."""
    problem = index["problems"][name]
    if problem["kind"] == "rosen":
        a, b = problem["a"], problem["b"]
        return lambda x: (a - x[0]) ** 2 + b * (x[1] - x[0] ** 2) ** 2
    matrix, vector = (jnp.asarray(data[f"problem|{name}|{n}"]) for n in "Ab")
    return lambda x: x @ (matrix @ x) / 2 - vector @ x


def main(*, is_check: bool) -> int:
    """Run all cases; the number of those that differ from what is stored, when checking."""
    index, data = load()
    positions = data["positions"].copy()
    failures = 0
    for case in index["cases"]:
        found = course(case, index, data)
        if is_check and not (worst := difference(found, case, data)) <= case["rtol"]:
            failures += 1
            sys.stdout.write(f"{case['id']} {case['lib']} {case['cls']} {worst:.2e}\n")
        positions[case["at"] : case["at"] + found.size] = found.ravel()
    if not is_check:
        np.savez_compressed(FOLDER / "frameworks.npz", **{**data, "positions": positions})
    sys.stdout.write(f"{len(index['cases'])} cases, {failures} different\n")
    return failures


def difference(found: Array, case: dict[str, Any], data: Data) -> float:
    """Largest error of positions against those that are stored."""
    stored = data["positions"][case["at"] : case["at"] + found.size].reshape(found.shape)
    errors = [error(f, s) for f, s in zip(found, stored, strict=True)]
    return float(np.max(errors))  # which keeps NaN


if __name__ == "__main__":
    sys.exit(main(is_check="--check" in sys.argv) > 0)
