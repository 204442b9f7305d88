"""A rule fed with recorded gradients."""

import numpy as np
import numpy.typing as npt

from lrstudio.core import Optimizer
from lrstudio.core.arrays import Array, in_company
from lrstudio.engine.stepping import Stepper


def replay(
    optimizer: Optimizer,
    gradients: npt.ArrayLike,
    start: npt.ArrayLike,
    factors: npt.ArrayLike | None = None,
) -> Array:
    """Positions `(steps+1, dim)` of a rule that meets `gradients` `(steps, dim)` from `start`.

    `factors` `(steps,)` multiply the learning rate, update by update; None leaves it as it is.
    Raises `ValueError` where the shapes do not fit.
    """
    sequence = np.asarray(gradients, dtype=np.float64)
    origin = np.asarray(start, dtype=np.float64)
    if sequence.ndim != 2 or origin.shape != sequence.shape[1:]:
        raise ValueError(
            "expected gradients (steps, dim) and a start (dim,), "
            f"got {sequence.shape} and {origin.shape}"
        )
    steps = len(sequence)
    scale = np.ones(steps) if factors is None else np.asarray(factors, dtype=np.float64)
    if scale.shape != (steps,):
        raise ValueError(f"expected {steps} factors, one per gradient, got shape {scale.shape}")
    positions = np.empty((steps + 1, len(origin)))
    positions[0] = origin
    with np.errstate(all="ignore"):
        column = in_company(origin[:, None])
        stepper = Stepper([optimizer], column, np.zeros_like(column), is_rate_shared=True)
        rates = scale * optimizer.lr
        for k in range(steps):
            stepper.gradient[...] = sequence[k][:, None]
            stepper.rate[...] = rates[k]
            stepper.advance()
            positions[k + 1] = stepper.position[:, 0]
    return positions
