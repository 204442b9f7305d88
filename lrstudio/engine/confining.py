"""Problems that confine their runs: positions are projected into the domain, by cutting them off.

For a box that is the nearest point of it. A function that moves takes its domain along, because
only there f* is what it is said to be; then positions are projected at the beginning of each step,
when it is known where the domain is.
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


def confined(position: Array, within: Bounds | None, offset: Array | None = None) -> Array:
    """Positions `(dim, lanes)` in the domain, which has moved by `offset` `(dim, lanes)`."""
    if within is None:
        return position
    low, high = within if offset is None else (bound + offset for bound in within)
    return np.minimum(np.maximum(position, low), high)


def confinement(position: Array, within: Bounds | None) -> Tape:
    """The same in place, as operations, where the domain stays where it is."""
    tape = Tape()
    if within is not None:
        note_confinement(tape, position, within)
    return tape


def note_confinement(tape: Tape, position: Array, within: Bounds) -> None:
    """Append what brings positions `(dim, lanes)` between the bounds."""
    tape.note(np.maximum, [position, within[0]], position)
    tape.note(np.minimum, [position, within[1]], position)


def note_moved_confinement(tape: Tape, position: Array, within: Bounds, offset: Array) -> None:
    """The same for bounds that have moved by `offset` `(dim, lanes)`."""
    low, high = np.zeros(position.shape), np.zeros(position.shape)
    for bound, moved in zip(within, (low, high), strict=True):
        tape.note(np.add, [bound, offset], moved)
    note_confinement(tape, position, (low, high))
