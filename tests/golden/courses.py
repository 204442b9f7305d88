"""Courses of a rule on recorded gradients or in a closed loop, as the golden cases ask for them.

A case names a framework's class with arguments (`lib`, `cls`, `kwargs`), where its gradients come
from (`source`), a rate per update (`lr_mult` times `lr_base`), how many of its rows rounding leaves
comparable (`valid_rows`) and how closely (`rtol`).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lrstudio.core import Optimizer, from_framework
from lrstudio.core.arrays import Array
from lrstudio.engine import replay
from lrstudio.engine.stepping import Stepper, Surroundings

Case = dict[str, Any]
Data = Mapping[str, Array]

FOLDER = Path(__file__).parent


def load(
    index: Path = FOLDER / "frameworks.json", arrays: Path = FOLDER / "frameworks.npz"
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Index and arrays of a collection of cases."""
    with np.load(arrays) as file:
        return json.loads(index.read_text(encoding="utf-8")), dict(file)


def optimizer_of(case: Case) -> Optimizer:
    """The rule of ours that a case names."""
    return from_framework(case["lib"], case["cls"], case["kwargs"])


def errors(case: Case, index: Mapping[str, Any], data: Data) -> tuple[Array, float]:
    """Error of each comparable row, and the tolerance."""
    rows = index["recorded_steps"]
    if case.get("all_rows"):
        rows = range(1, len(data[case["id"]]) + 1)
    expected = data[case["id"]][: case["valid_rows"]]
    # One more, because a rule may look at the next rate.
    steps = min(list(rows)[len(expected) - 1] + 1, list(rows)[-1]) if len(expected) else 0
    course = positions(optimizer_of(case), case, index, data, steps)
    got = course[list(rows)[: len(expected)]]
    return np.array([error(g, e) for g, e in zip(got, expected, strict=True)]), case["rtol"]


def stored_errors(case: Case, index: Mapping[str, Any], data: Data) -> Array:
    """Error of each stored position of a case in the collection of this folder."""
    course = positions(optimizer_of(case), case, index, data, max(case["steps"]))
    got = course[case["steps"]]
    expected = data["positions"][case["at"] : case["at"] + got.size].reshape(got.shape)
    return np.array([error(g, e) for g, e in zip(got, expected, strict=True)])


def error(got: Array, expected: Array) -> float:
    """Largest error, against the value itself or a thousandth of the largest."""
    size = np.maximum(np.abs(expected), 1e-3 * np.abs(expected).max())
    with np.errstate(all="ignore"):
        worst = np.where(got == expected, 0.0, np.abs(got - expected) / size)
    return float(np.max(np.where(np.isnan(got) & np.isnan(expected), 0.0, worst)))


def positions(
    optimizer: Optimizer, case: Case, index: Mapping[str, Any], data: Data, steps: int
) -> Array:
    """Positions `(steps+1, ...)` of a rule under the conditions of a case."""
    factors = np.ones(steps)
    if case["lr_mult"]:
        factors = data[f"lrmult|{case['lr_mult']}"][:steps]
    kind, _, name = case["source"].partition(":")
    if kind == "replay":
        sequence = {key: data[f"seq|{name}|{key}"][:steps] for key in ("g", "values", "hess")}
        return replay(
            optimizer,
            sequence["g"],
            data[f"seq|{name}|x0"],
            factors,
            values=sequence["values"],
            hessian=sequence["hess"],
        )
    return loop_of(case, index, data).course(optimizer, factors)


def loop_of(case: Case, index: Mapping[str, Any], data: Data) -> "Loop":
    """The closed loop of a case."""
    name = case["source"].partition(":")[2]
    return Loop(index["problems"][name], name, data, is_contracted=case["cls"] == "lbfgs")


class Loop:
    """A closed loop on one of the functions of the cases; also the oracle of rules that ask.

    `is_contracted`: y − x² with a single rounding, as JAX compiles it, which contracts products and
    sums. Optax's L-BFGS was given gradients of JAX and tells them apart by its small differences.
    """

    def __init__(
        self, problem: Mapping[str, Any], name: str, data: Data, *, is_contracted: bool = False
    ) -> None:
        self._problem = problem
        self._is_contracted = is_contracted
        self._matrix = data.get(f"problem|{name}|A")
        self._vector = data.get(f"problem|{name}|b")
        self._noise = data.get(f"problem|{name}|noise")
        self._start = data[f"problem|{name}|x0"]
        self._step = 0
        self.evaluations: list[int] = []
        """What had been evaluated after each step, the gradient of the step itself included."""
        self.count = 0

    def course(self, optimizer: Optimizer, factors: Array) -> Array:
        """Positions `(steps+1, dim)`."""
        x = np.repeat(self._start[:, None], 2, axis=1)
        loss, gradient = np.zeros(2), np.zeros_like(x)
        is_foreseen = optimizer.wants("next_rate")
        around = Surroundings(loss=loss, oracle=self, is_rate_foreseen=is_foreseen)
        found = [self._start.copy()]
        with np.errstate(all="ignore"):
            stepper = Stepper([optimizer], x, gradient, is_rate_shared=True, surroundings=around)
            for k, factor in enumerate(factors):
                self.turn_to(k)
                loss[...], gradient[...] = self.loss_and_gradient(x)
                stepper.rate[...] = factor * optimizer.lr
                if stepper.next_rate is not None:
                    following = min(self._step + 1, len(factors) - 1)
                    stepper.next_rate[...] = factors[following] * optimizer.lr
                stepper.advance()
                found.append(x[:, 0].copy())
                self.evaluations.append(self.count)
        return np.array(found)

    def turn_to(self, step: int) -> None:
        """Answer with the noise of an update, counted from 0."""
        self._step = step

    def loss_and_gradient(self, points: Array, where: Any = True) -> tuple[Array, Array]:
        """Loss and gradient of the function at the noise of this step."""
        self.count += int(np.broadcast_to(where, points.shape[1:])[0])
        if self._problem["kind"] == "rosen":
            a, b = self._problem["a"], self._problem["b"]
            x, y = points
            hill = contracted(x, y) if self._is_contracted else y - x**2
            gradient = np.stack([-2 * (a - x) - 4 * b * x * hill, 2 * b * hill])
            return (a - x) ** 2 + b * hill**2, gradient
        assert self._matrix is not None
        assert self._vector is not None
        tilt = self._vector if self._noise is None else self._vector - self._noise[self._step]
        # Column by column, because a matrix times a matrix is added up in another order.
        product = np.stack([self._matrix @ column for column in points.T.copy()], axis=1)
        loss = np.sum(points * product, axis=0) / 2 - tilt @ points
        return loss, product - tilt[:, None]

    def hessian(self) -> Array:
        """Second derivatives of the quadratic ones."""
        assert self._matrix is not None
        return np.repeat(self._matrix[:, :, None], 2, axis=2)

    def hessian_diagonal(self) -> Array:
        """Their diagonal."""
        return np.einsum("iil->il", self.hessian())


def contracted(x: Array, y: Array) -> Array:
    """y − x², rounded once (Dekker's product and Knuth's sum)."""
    square = x * x
    large = 134217729.0 * x
    head = large - (large - x)
    tail = x - head
    lost = ((head * head - square) + 2 * head * tail) + tail * tail
    difference = y - square
    virtual = difference - y
    error = (y - (difference - virtual)) + (-square - virtual)
    return difference + (error - lost)
