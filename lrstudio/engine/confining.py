"""Problems that confine their runs: positions are projected into the domain, by cutting them off.

For a box that is the nearest point of it.
"""

import numpy as np

from lrstudio.core import Problem
from lrstudio.core.arrays import Array
from lrstudio.engine.tape import Tape

Bounds = tuple[Array, Array]


def bounds(problem: Problem) -> Bounds | None:
    """Lowest and highest coordinates `(dim, 1)`; None where runs may go anywhere."""
    if not problem.is_confined:
        return None
    low, high = np.array(problem.domain, dtype=np.float64).T
    return low[:, None].copy(), high[:, None].copy()


def confined(position: Array, within: Bounds | None) -> Array:
    """Positions `(dim, ...)` in the domain."""
    return position if within is None else np.minimum(np.maximum(position, within[0]), within[1])


def confinement(position: Array, within: Bounds | None) -> Tape:
    """The same in place, as operations."""
    tape = Tape()
    if within is not None:
        tape.note(np.maximum, [position, within[0]], position)
        tape.note(np.minimum, [position, within[1]], position)
    return tape
