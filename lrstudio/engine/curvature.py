"""The largest eigenvalue of the Hessian, for all lanes at once, without the matrix.

Power iteration on Hessian-vector products, accelerated: each step finds the highest Rayleigh
quotient among the present vector x, the residual Hx − λx and the direction of the step before
(Knyazev, "Toward the Optimal Preconditioned Eigensolver: Locally Optimal Block Preconditioned
Conjugate Gradient Method", 2001, for one vector without preconditioner). What it climbs to is the
largest eigenvalue, whatever the most negative one is: no shift is needed.

Products are differences of the full gradient along the vector. Of more than 2000 training examples
a fixed, even selection is looked at, unless the loss is their sum, which a part of them does not
have.
"""

from collections.abc import Callable

import numpy as np

from lrstudio.core import Problem
from lrstudio.core.arrays import Array, in_company
from lrstudio.core.differences import SHORT_WIDTH, WIDTH, among_kinks
from lrstudio.core.problem import Rows
from lrstudio.engine.plan import Plan

TOLERANCE = 1e-4
"""An iteration ends when ‖Hx − λx‖ is no larger than this share of |λ|: the error of λ is at most
that, and mostly its square."""
LEAST_ITERATIONS, MOST_ITERATIONS = 5, 100
MOST_EXAMPLES = 2000
STREAM = 4
"""Of the random numbers of a lane: first vectors have a stream of their own."""
_FRESH = 0.1
"""Share of a random vector in the vector that an iteration begins with. Without it, one that begins
where the last has ended would never see that another eigenvalue has become the largest."""
_NOTHING = 1e-10


Product = Callable[[Array, Array], Array]
"""Hessians times vectors, of positions and vectors `(dim, lanes)`."""


def never() -> bool:
    """Whoever asked wants the result, however long it takes."""
    return False


class GivenUp(Exception):
    """Nobody waits for the result any more."""


class CurvatureMeter:
    """Measures lanes again and again, each time from the vector of the time before."""

    def __init__(self, plan: Plan, is_over: Callable[[], bool] = never) -> None:
        self._is_over = is_over
        self._problem = plan.experiment.problem
        self._rows = fixed_rows(self._problem)
        self._random = [np.random.default_rng([lane.seed, STREAM]) for lane in plan.lanes]
        self._vector: Array | None = None
        self._here: Array | None = None
        """Gradients at the positions that are measured, where units have kinks."""

    def measure(self, position: Array) -> tuple[Array, Array] | None:
        """Largest eigenvalues `(lanes,)` at `position` `(dim, lanes)`, NaN where there are none,
        and how many gradients each took `(lanes,)`; None if that was given up on the way.
        """
        dim = len(position)
        fresh = np.stack([random.standard_normal(dim) for random in self._random], axis=1)
        begin = _unit(fresh)
        if self._vector is not None:
            begin = _unit(self._vector + _FRESH * begin)
        with np.errstate(all="ignore"):
            try:
                self._here = self._gradient(position) if self._problem.has_kinks else None
                value, vector, products = largest(self._product, position, begin)
            except GivenUp:
                return None
        is_known = np.isfinite(vector).all(axis=0)
        self._vector = np.where(is_known, vector, begin)
        return value, 2 * products + self._problem.has_kinks

    def _product(self, position: Array, vector: Array) -> Array:
        """Hessian times unit vectors, both `(dim, lanes)`."""
        if self._is_over():
            raise GivenUp
        width = (WIDTH if self._here is None else SHORT_WIDTH) * (1 + _length(position))
        ahead = self._gradient(position + width * vector)
        behind = self._gradient(position - width * vector)
        if self._here is None:
            return np.asarray((ahead - behind) / (2 * width))
        return among_kinks(behind, self._here, ahead, width)

    def _gradient(self, position: Array) -> Array:
        return gradient_on(self._problem, position, self._rows)


def gradient_on(problem: Problem, position: Array, rows: Rows | None) -> Array:
    """Gradients `(dim, lanes)` at `position` `(dim, lanes)`, on these examples if there are any."""
    lanes = position.shape[1]
    columns = in_company(position)
    if rows is None:
        _, gradient = problem.loss_and_gradient(columns)
    else:
        _, gradient = problem.on_examples(columns, rows)
    return np.asarray(gradient)[:, :lanes]


def looked_at(problem: Problem) -> int:
    """How many examples a gradient looks at; 1 for a problem that is one function."""
    rows = fixed_rows(problem)
    if rows is None or problem.sampling is None:
        return 1
    return problem.sampling.examples if isinstance(rows, slice) else len(rows)


def fixed_rows(problem: Problem) -> Rows | None:
    """The examples that curvature is measured on; None for a problem that is one function."""
    if problem.sampling is None:
        return None
    count = problem.sampling.examples
    if count <= MOST_EXAMPLES or problem.is_sum:
        return slice(None)
    return np.linspace(0, count - 1, MOST_EXAMPLES).round().astype(np.intp)


def largest(product: Product, position: Array, begin: Array) -> tuple[Array, Array, Array]:
    """Largest eigenvalue `(lanes,)`, its vector `(dim, lanes)`, and products taken `(lanes,)`.

    `product(position, vector)` are Hessians times unit vectors; `begin` are unit vectors. A lane
    that has come to its end keeps its result while others go on.
    """
    lanes = position.shape[1]
    value, vector = np.full(lanes, np.nan), begin
    products, is_done = np.full(lanes, 1), np.zeros(lanes, dtype=bool)
    x, hx = begin, product(position, begin)
    p = hp = np.zeros_like(x)
    for iteration in range(MOST_ITERATIONS):
        quotient = _dot(x, hx)
        residual = hx - quotient * x
        value = np.where(is_done, value, quotient)
        vector = np.where(is_done, vector, x)
        off = _length(residual)
        is_done |= ~np.isfinite(off) | (off <= _NOTHING * (np.abs(quotient) + _length(hx)))
        if iteration >= LEAST_ITERATIONS:
            is_done |= off <= TOLERANCE * np.abs(quotient)
        if is_done.all():
            break
        w = _unit(residual - _dot(x, residual) * x)
        hw = product(position, w)
        products += ~is_done
        p, hp = _orthogonal((p, hp), (x, hx), (w, hw))
        x, hx, p, hp = _best((x, hx), (w, hw), (p, hp))
    return np.where(np.isfinite(value), value, np.nan), vector, products


Pair = tuple[Array, Array]
"""Vectors `(dim, lanes)` and the Hessians times them."""


def _best(x: Pair, w: Pair, p: Pair) -> tuple[Array, Array, Array, Array]:
    """The highest Rayleigh quotient in the span of three orthonormal vectors, of which the last may
    be 0, and the part of it that is not x: where the next step may go on.
    """
    basis = (x, w, p)
    matrix = np.array([[_dot(one[0], other[1]) for other in basis] for one in basis])
    matrix = (matrix + matrix.swapaxes(0, 1)) / 2
    is_missing = _length(p[0]) < 0.5
    lowest = -np.abs(matrix).sum(axis=(0, 1)) - 1.0
    matrix[2, 2] = np.where(is_missing, lowest, matrix[2, 2])
    is_known = np.isfinite(matrix).all(axis=(0, 1))
    _, vectors = np.linalg.eigh(np.where(is_known, matrix, 0.0).transpose(2, 0, 1))
    a, b, c = vectors[:, :, -1].T
    step, h_step = b * w[0] + c * p[0], b * w[1] + c * p[1]
    new, h_new = a * x[0] + step, a * x[1] + h_step
    length = _length(new)
    return new / length, h_new / length, step, h_step


def _orthogonal(pair: Pair, *others: Pair) -> Pair:
    """The unit vector at right angles to others, made twice for the sake of rounding; else 0."""
    v, hv = pair
    before = _length(v)
    for _ in range(2):
        for other, h_other in others:
            along = _dot(other, v)
            v, hv = v - along * other, hv - along * h_other
    length = _length(v)
    is_left = length > _NOTHING * before
    scale = np.where(is_left, 1 / np.where(is_left, length, 1.0), 0.0)
    return v * scale, hv * scale


def _dot(a: Array, b: Array) -> Array:
    return np.asarray(np.add.reduce(in_company(a * b), axis=0)[: a.shape[1]])


def _length(a: Array) -> Array:
    return np.asarray(np.sqrt(_dot(a, a)))


def _unit(a: Array) -> Array:
    length = _length(a)
    return np.asarray(a / np.where(length > 0, length, 1.0))
