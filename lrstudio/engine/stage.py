"""What a stretch of steps leaves behind, before each update."""

from collections.abc import Sequence
from typing import NamedTuple

from lrstudio.core.arrays import Array, Places


class Measures(NamedTuple):
    """What was measured of all lanes at one step."""

    step: int
    values: Array
    """`(metrics, lanes)`"""


class Stage(NamedTuple):
    """Arrays of n steps; they belong to whoever takes them and may be altered.

    Of bulky problems points and gradients are there for some steps only, those that are recorded.
    """

    position: Array
    """Points `(n, dim, lanes)` that would be handed over, or those of the `kept` steps."""
    loss: Array
    """Loss there `(n, lanes)`."""
    gradient: Array
    """Gradients `(n, dim, lanes)` that the rules meet, or those of the `kept` steps."""
    rate: Array | None = None
    """Learning rates `(n, lanes)`, where they depend on the course of the run."""
    extra: Array | None = None
    """Evaluations besides one gradient a step so far `(n, lanes)`, where a rule asks for any."""
    measures: Sequence[Measures] = ()
    offset: Array | None = None
    """How far the function has moved `(n, dim, lanes)`, where it does."""
    kept: Places | None = None
    """Which of the n steps have points and gradients; None for all."""
    curvature: Sequence[Measures] = ()
    """Largest eigenvalues of the Hessian, and the gradients that they took `(2, lanes)`."""
