"""A rule fed with recorded gradients."""

from typing import Any

import numpy as np
import numpy.typing as npt

from lrstudio.core import Optimizer, Refused, describe
from lrstudio.core.arrays import Array, Places, in_company
from lrstudio.core.validation import shown
from lrstudio.engine.stepping import Stepper, Surroundings


def replay(
    optimizer: Optimizer,
    gradients: npt.ArrayLike,
    start: npt.ArrayLike,
    factors: npt.ArrayLike | None = None,
    *,
    values: npt.ArrayLike | None = None,
    hessian: npt.ArrayLike | None = None,
    momenta: npt.ArrayLike | None = None,
    kept: bool = False,
) -> Array:
    """Positions `(steps+1, dim)` of a rule that meets `gradients` `(steps, dim)` from `start`.

    `factors` `(steps,)` multiply the learning rate, update by update; None leaves it as it is.
    `momenta` `(steps,)` replace the momentum (or β₁) in the same way. A rule that needs the loss
    is given it in `values` `(steps,)`; one that needs second derivatives in `hessian`, their
    diagonals `(steps, dim)` or whole matrices `(steps, dim, dim)`. With `kept` the result holds
    the points that the run would hand over (averages, for rules that average) instead of those at
    which the gradients were taken.

    Parameters that are a matrix have gradients `(steps, rows, columns)` and a start of that shape;
    so has the result. Raises `ValueError` where shapes do not fit or something needed is missing.
    """
    if not isinstance(optimizer, Optimizer):
        raise Refused(f"expected an optimizer such as OPTIMIZERS['adam'](), got {shown(optimizer)}")
    sequence = np.asarray(gradients, dtype=np.float64)
    origin = np.asarray(start, dtype=np.float64)
    if sequence.ndim < 2 or origin.shape != sequence.shape[1:]:
        raise ValueError(
            "expected gradients (steps, dim) and a start (dim,), "
            f"got {sequence.shape} and {origin.shape}"
        )
    steps = len(sequence)
    flat = sequence.reshape(steps, origin.size)
    scale = np.ones(steps) if factors is None else _per_step("factors", factors, steps)
    cycled = None if momenta is None else _per_step("momenta", momenta, steps)
    shape = (origin.shape[0], origin.shape[1]) if origin.ndim == 2 else None
    complaint = optimizer.unsuited(shape)
    if complaint:
        raise Refused(complaint)
    oracle = _Recorded(optimizer, values, hessian, flat.shape)
    positions = np.empty((steps + 1, flat.shape[1]))
    positions[0] = origin.ravel()
    with np.errstate(all="ignore"):
        column = in_company(positions[0][:, None])
        around = Surroundings(
            loss=oracle.loss,
            oracle=oracle,
            shape=shape,
            is_momentum_cycled=cycled is not None,
            is_rate_foreseen=optimizer.wants("next_rate"),
        )
        stepper = Stepper(
            [optimizer], column, np.zeros_like(column), is_rate_shared=True, surroundings=around
        )
        rates = scale * optimizer.lr
        for k in range(steps):
            oracle.turn_to(k)
            stepper.gradient[...] = flat[k][:, None]
            stepper.rate[...] = rates[k]
            if stepper.next_rate is not None:
                stepper.next_rate[...] = rates[min(k + 1, steps - 1)]
            if cycled is not None and stepper.momentum is not None:
                stepper.momentum[...] = cycled[k]
            stepper.advance()
            positions[k + 1] = (stepper.kept if kept else stepper.position)[:, 0]
    return positions.reshape(steps + 1, *origin.shape)


class _Recorded:
    """What a rule asks besides the gradient, answered from recorded sequences."""

    def __init__(
        self, optimizer: Optimizer, values: Any, hessian: Any, shape: tuple[int, ...]
    ) -> None:
        self._title = describe(type(optimizer)).title
        steps, self._dim = shape
        self._values = None if values is None else _per_step("values", values, steps)
        self._hessian = None if hessian is None else np.asarray(hessian, dtype=np.float64)
        if self._hessian is not None and len(self._hessian) != steps:
            raise ValueError(f"expected {steps} rows of hessian, got {len(self._hessian)}")
        if optimizer.wants("loss") and self._values is None:
            raise Refused(f"{self._title} needs the loss at every step; give values (steps,)")
        self.loss = np.zeros(2)
        self._step = 0

    def turn_to(self, step: int) -> None:
        """Answer for an update, counted from 0."""
        self._step = step
        if self._values is not None:
            self.loss[...] = self._values[step]

    def loss_and_gradient(self, points: Array, where: Places | bool = True) -> tuple[Array, Array]:
        raise Refused(
            f"{self._title} evaluates the function at points of its own, which recorded gradients "
            "do not tell; run it on a problem"
        )

    def hessian(self) -> Array:
        matrix = self._row().reshape(-1)
        if matrix.size != self._dim**2:
            raise Refused(f"{self._title} needs second derivatives; give hessian (steps, dim, dim)")
        return np.repeat(matrix.reshape(self._dim, self._dim, 1), 2, axis=-1)

    def hessian_diagonal(self) -> Array:
        row = self._row()
        is_matrix = row.ndim == 2 and row.size == self._dim**2 != self._dim
        diagonal = np.diagonal(row) if is_matrix else row
        return np.repeat(diagonal.reshape(self._dim, 1), 2, axis=-1)

    def _row(self) -> Array:
        if self._hessian is None:
            raise Refused(f"{self._title} needs second derivatives; give hessian (steps, dim)")
        return np.asarray(self._hessian[self._step])


def _per_step(name: str, numbers: Any, steps: int) -> Array:
    sequence = np.asarray(numbers, dtype=np.float64)
    if sequence.shape != (steps,):
        raise ValueError(f"expected {steps} {name}, one per gradient, got shape {sequence.shape}")
    return sequence
