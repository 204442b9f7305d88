"""What a problem is: a loss with its exact gradient, and what is known about it.

A position is an array `(dim, ...)`: coordinates first, whatever else (lanes, a grid) after them.
"""

import functools
import math
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from lrstudio.core.arrays import Array, ArrayLike, floats
from lrstudio.core.differences import central_hessians
from lrstudio.core.families import OTHER, PROBLEM_FAMILIES, Family
from lrstudio.core.sampling import Metric, Sampling

Point = tuple[float, ...]
Interval = tuple[float, float]
Rows = NDArray[np.intp] | slice

FULL_LOSS = Metric("full_loss", "Loss of all examples", "f", is_loss=True)
LARGEST_MATRIX = 200
"""Dimensions up to which second derivatives take milliseconds."""


class Layer(NamedTuple):
    """Coordinates that belong together, such as the weights of a layer or its biases."""

    name: str
    first: int
    shape: tuple[int, ...]
    """`(inputs, outputs)` for weights, which are written out input by input; `(size,)` else."""

    @property
    def size(self) -> int:
        """How many coordinates it has."""
        return math.prod(self.shape)

    @property
    def places(self) -> slice:
        """Which coordinates they are."""
        return slice(self.first, self.first + self.size)


class Examiner(Protocol):
    """Who answers for a problem with examples; may keep arrays from one question to the next."""

    def on_examples(
        self, position: Array, rows: Rows, gradient: Array | None = None
    ) -> tuple[Array, Array]:
        """See `Problem.on_examples`."""

    def measure(self, position: Array) -> Array:
        """See `Problem.measure`."""


class Problem(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="function"
):
    """Base of all problems.

    A subclass declares `loss_and_gradient`, `domain`, `start`, `minima` and `minimum_value`; all
    else follows.
    """

    families: ClassVar[tuple[Family, ...]] = PROBLEM_FAMILIES
    family: ClassVar[str] = OTHER.id
    """Id of one of `families`."""
    aliases: ClassVar[tuple[str, ...]] = ()
    """Other names by which people look for the function."""
    traits: ClassVar[tuple[str, ...]] = ()
    """Ids of `core.traits`: what kind of landscape it is."""
    minimum_value: ClassVar[float | None] = 0.0
    """Loss at the global minima, f*; None where it is not known, or there is none."""
    is_bounded_below: ClassVar[bool] = True
    """Whether the loss cannot fall for ever; else there is no minimum to be found."""
    minima_are_examples: ClassVar[bool] = False
    """Whether there are more global minima than `minima` names, as along a curve."""
    minima_are_found: ClassVar[bool] = False
    """Whether the minima were found by a search, so that there may be others."""
    is_smooth: ClassVar[bool] = True
    """Whether the second derivative exists at the minima."""
    has_kinks: ClassVar[bool] = False
    """Whether slopes jump in so many places that a difference of them may span a jump anywhere."""
    is_confined: ClassVar[bool] = False
    """Whether positions are projected back into the domain after each update."""

    def __init_subclass__(cls) -> None:
        """Let what is declared meet floats: whole numbers overflow, and divide otherwise."""
        super().__init_subclass__()
        for name in ("loss_and_gradient", "loss", "hessians"):
            if name in cls.__dict__:
                setattr(cls, name, _of_floats(cls.__dict__[name]))

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        """Loss `(...)` and gradient `(dim, ...)` at `position` `(dim, ...)`."""
        raise TypeError(f"{type(self).__name__} declares no loss")

    def loss(self, position: Array) -> Array:
        """Loss `(...)` at `position` `(dim, ...)`."""
        loss, _ = self.loss_and_gradient(position)
        return np.asarray(loss)

    @property
    def domain(self) -> tuple[Interval, ...]:
        """The interval of each coordinate that is worth looking at."""
        return ()

    @property
    def view(self) -> tuple[Interval, ...]:
        """The part of the domain that pictures show at first; all of it, by default."""
        return self.domain

    @property
    def start(self) -> Point:
        """A point from which the descent is instructive."""
        return ()

    @property
    def minima(self) -> tuple[Point, ...]:
        """All known global minima, or examples of them (`minima_are_examples`)."""
        return ()

    @property
    def local_minima(self) -> tuple[Point, ...]:
        """Minima that are not global and known in closed form; there may be others."""
        return ()

    @property
    def dim(self) -> int:
        """Number of coordinates."""
        return len(self.domain)

    @property
    def floor(self) -> float:
        """What losses are measured from: f* where it is known, else 0."""
        return 0.0 if self.minimum_value is None else self.minimum_value

    @property
    def may_fall_forever(self) -> bool:
        """Whether there is no minimum, or a search found none, so that no loss is low enough."""
        is_found_missing = self.minima_are_found and self.minimum_value is None
        return is_found_missing or not self.is_bounded_below

    @property
    def sampling(self) -> Sampling | None:
        """How steps draw from the examples; None for a function that is known as a whole."""
        return None

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What is measured now and then; where there are examples, first the loss of all."""
        return (FULL_LOSS,) if self.sampling else ()

    @property
    def numbers_per_example(self) -> int:
        """Numbers that are held for each example that a lane looks at."""
        return 1

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The arrays that the coordinates are made of; one that holds all, by default."""
        return (Layer("x", 0, (self.dim,)),)

    @property
    def is_sum(self) -> bool:
        """Whether losses are summed over the examples; else their mean is taken."""
        return False

    @property
    def is_start_drawn(self) -> bool:
        """Whether the start depends on the seed."""
        return False

    def drawn_start(self, seed: int) -> Array:
        """Where a lane with this seed starts `(dim,)`, if the user says nothing else."""
        return np.array(self.start)

    def on_examples(
        self, position: Array, rows: Rows, gradient: Array | None = None
    ) -> tuple[Array, Array]:
        """Loss `(lanes,)` and gradient `(dim, lanes)` of some of the examples.

        `rows` are their numbers, `(batch,)` for all lanes or `(lanes, batch)` for each its own; or
        a slice of all. The gradient is written into the array that is given; that of a lone lane
        into all its columns.
        """
        raise TypeError(f"{type(self).__name__} has no examples")

    def measure(self, position: Array) -> Array:
        """The values of all `metrics` `(metrics, lanes)` at `position` `(dim, lanes)`."""
        return self.loss(position)[None] if self.sampling else np.empty((0, *position.shape[1:]))

    def examiner(self) -> Examiner:
        """Who answers one caller that asks again and again, in one thread."""
        return self

    @property
    def matrix_shape(self) -> tuple[int, int] | None:
        """Rows and columns, where the parameters are a matrix written out row by row."""
        return None

    @property
    def idle_parameters(self) -> tuple[str, ...]:
        """Names of parameters that change nothing, as the others are now."""
        return ()

    @property
    def coordinates(self) -> tuple[str, ...]:
        """Names of the coordinates: x, y, or x₁, x₂, … from three on."""
        if self.dim <= 2:
            return ("x", "y")[: self.dim]
        return tuple("x" + str(i + 1).translate(SUBSCRIPTS) for i in range(self.dim))

    def hessian(self, point: Point) -> Array:
        """Second derivatives `(dim, dim)` at `point`."""
        matrix, _ = self.hessians(np.asarray(point, dtype=np.float64)[:, None])
        return matrix[:, :, 0]

    def hessians(self, position: Array) -> tuple[Array, int]:
        """Second derivatives `(dim, dim, lanes)` at `position` `(dim, lanes)`, and their cost.

        By differences, which cost two gradients for each coordinate; a problem that knows its
        Hessian says so here and counts one for each.
        """
        return central_hessians(
            lambda point: self.loss_and_gradient(point)[1],
            floats(position),
            has_kinks=self.has_kinks,
        )

    def is_free(self, point: Point) -> NDArray[np.bool_]:
        """Which coordinates `(dim,)` of `point` may move both ways.

        All, but where positions are kept within the domain and the point lies on its edge.
        """
        if not self.is_confined:
            return np.ones(self.dim, dtype=bool)
        low, high = np.array(self.domain).T
        return np.asarray((low < point) & (np.array(point) < high))

    def curvature(self) -> tuple[float, float] | None:
        """Smallest and largest eigenvalue of the Hessian at the first minimum.

        Their ratio is the condition number; gradient descent is stable there while η < 2/largest.
        None where the problem is not smooth, or too large for its matrix to be made in passing.
        """
        return self.curvature_at(self.minima[0]) if self.minima else None

    def curvature_at(self, point: Point) -> tuple[float, float] | None:
        """Smallest and largest eigenvalue of the Hessian at a minimum, in its free coordinates.

        What is no more than rounding, or than central differences leave, is 0.
        """
        if not self.is_smooth or self.dim > LARGEST_MATRIX:
            return None
        free = self.is_free(point)
        eigenvalues = np.linalg.eigvalsh(self.hessian(point)[np.ix_(free, free)])
        is_exact = type(self).hessians is not Problem.hessians
        noise = (1e-12 if is_exact else 1e-7) * np.abs(eigenvalues).max(initial=0.0)
        eigenvalues[np.abs(eigenvalues) <= noise] = 0.0
        return float(eigenvalues[0]), float(eigenvalues[-1])


def _of_floats(declared: Callable[[Problem, ArrayLike], Any]) -> Callable[..., Any]:
    @functools.wraps(declared)
    def method(self: Problem, position: ArrayLike) -> Any:
        return declared(self, floats(position))

    return method


def column(values: Array, position: ArrayLike) -> Array:
    """`values` `(n,)` as a column that broadcasts against `position` `(n, ...)`."""
    return values.reshape(-1, *(1,) * (len(position.shape) - 1))


def numbered(position: ArrayLike) -> Array:
    """1, 2, …, N as a column that broadcasts against `position` `(N, ...)`."""
    return column(np.arange(1.0, len(position) + 1), position)


def diagonal_matrices(curvatures: Array) -> Array:
    """Matrices `(dim, dim, lanes)` with `curvatures` `(dim, lanes)` on their diagonals."""
    matrices = np.zeros((len(curvatures), *curvatures.shape))
    places = np.arange(len(curvatures))
    matrices[places, places] = curvatures
    return matrices


def plane_matrices(xx: ArrayLike, xy: ArrayLike, yy: ArrayLike, lanes: int) -> Array:
    """Symmetric matrices `(2, 2, lanes)` of their entries, numbers or `(lanes,)`."""
    matrices = np.empty((2, 2, lanes))
    matrices[0, 0], matrices[1, 1] = xx, yy
    matrices[0, 1] = matrices[1, 0] = xy
    return matrices


SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
