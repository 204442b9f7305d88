"""A problem whose loss the user types."""

from typing import Annotated

import msgspec
import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.problem import LARGEST_MATRIX, Interval, Point, Problem
from lrstudio.core.typed_formula import Formula, Survey, program, read, survey
from lrstudio.core.typed_formula.reading import MOST_CONSTANTS
from lrstudio.core.validation import Refused, refusal_of

LARGEST = 1e100
"""Of constants and ends of the domain."""
_FAR = Annotated[float, msgspec.Meta(ge=-LARGEST, le=LARGEST)]

Text = Annotated[
    str,
    meta(
        "",
        "Formula",
        "The loss, as f(x, y) = … or without the left side: + - * / ** and brackets, sin cos tan "
        "exp log sqrt abs min max and others, pi and e. Other names are constants. In N dimensions "
        "x is a vector: sum(x**2) adds up over its entries, x[1:] and x[:-1] are neighbours, i "
        "is the number of an entry.",
        kind="formula",
    ),
]
Constants = Annotated[
    tuple[tuple[str, _FAR], ...],
    meta(
        "",
        "Constants",
        "Values of the names in the formula that are neither variables nor functions; a new name "
        "begins with 1.",
        kind="constants",
        low=-10.0,
        high=10.0,
        max_length=MOST_CONSTANTS,
    ),
]
Entries = Annotated[
    int,
    meta(
        "N",
        "Dimensions",
        "Number of entries of x, where the formula sums over them.",
        scale="log",
        low=2,
        high=100,
        ge=2,
        le=10_000,
    ),
]
Limits = Annotated[
    tuple[tuple[_FAR, _FAR], ...],
    meta(
        "",
        "Domain",
        "From and to for each variable, as -5:5 0:10; the last one holds for all others. Empty: "
        "guessed from where the loss is finite and the minima are.",
        kind="intervals",
        left_open="guessed",
        max_length=100,
    ),
]


class OwnFormula(Problem, tag="formula", frozen=True, kw_only=True):
    """Your own formula: the loss is what you type, its gradient follows.

    f(x, y) = x² + a y² + sin(b x)

    Symbols: a, a constant; b, another constant.

    Typed as `f(x, y) = x**2 + a*y**2 + sin(b*x)`; the left side may be left out where the
    variables are x, y and z. Functions are sin, cos, tan, asin, acos, atan, atan2, sinh, cosh,
    tanh, exp, expm1, log, log1p, log2, log10, sqrt, cbrt, abs, sign, hypot, min and max; pi and e
    are numbers; every other name is a constant.

    In N dimensions x is a vector: `sum`, `mean`, `prod`, `min` and `max` make one number of its
    entries, `x[0]` is the first, `x[1:]` are all but the first, `x[:-1]` all but the last, `i` are
    the numbers 1 to N. Rosenbrock's valley is `sum(100*(x[1:] - x[:-1]**2)**2 + (1 - x[:-1])**2)`.

    Minima are found numerically, by descents from many points: there may be others. Where a slope
    does not exist (the kink of abs, the cusp of sqrt) it is taken as 0.

    Derivatives by going back through the operations: Linnainmaa, "Taylor Expansion of the
    Accumulated Rounding Error", 1976.
    """

    formula: Text = "f(x, y) = x**2 + a*y**2 + sin(b*x)"
    constants: Constants = (("a", 2.0), ("b", 3.0))
    dimensions: Entries = 2
    limits: Limits = ()

    family = "own"
    aliases = ("custom", "expression", "equation", "typed")
    minima_are_found = True

    def __post_init__(self) -> None:
        for name in ("formula", "constants", "limits"):
            sentence = refusal_of(type(self), name, getattr(self, name))
            if sentence:
                raise Refused(sentence, name)
        msgspec.structs.force_setattr(self, "constants", self._complete_constants())

    @property
    def dim(self) -> int:
        known = self._read
        if not known.is_vector:
            return len(known.variables)
        return max(self.dimensions, known.least_entries)

    @property
    def coordinates(self) -> tuple[str, ...]:
        known = self._read
        return super().coordinates if known.is_vector else known.variables

    @property
    def domain(self) -> tuple[Interval, ...]:
        return self._survey.domain

    @property
    def start(self) -> Point:
        return self._survey.start

    @property
    def minima(self) -> tuple[Point, ...]:
        return self._survey.found.minima

    @property
    def local_minima(self) -> tuple[Point, ...]:
        return self._survey.found.higher

    @property
    def minimum_value(self) -> float | None:  # type: ignore[override]
        return self._survey.found.lowest

    @property
    def is_smooth(self) -> bool:  # type: ignore[override]
        made = program(self.formula, self.constants, self.dim)
        return all(made.is_smooth_at(point) for point in self.minima)

    @property
    def idle_parameters(self) -> tuple[str, ...]:
        idle = () if self._read.is_vector else ("dimensions",)
        return idle if self.constants else (*idle, "constants")

    def loss_and_gradient(self, position: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
        return program(self.formula, self.constants, self.dim).loss_and_gradient(position)

    def loss(self, position: Array) -> Array:
        return np.asarray(program(self.formula, self.constants, self.dim).loss(position))

    def hessians(self, position: Array) -> tuple[Array, int]:
        matrices = program(self.formula, self.constants, self.dim).hessians(position)
        return super().hessians(position) if matrices is None else (matrices, self.dim)

    def curvature(self) -> tuple[float, float] | None:
        if not self.minima or self.dim > LARGEST_MATRIX or not self.is_smooth:
            return None
        matrix = self.hessian(self.minima[0])
        return super().curvature() if np.isfinite(matrix).all() else None

    @property
    def _read(self) -> Formula:
        return read(self.formula)

    @property
    def _survey(self) -> Survey:
        dim, limits = self.dim, self.limits
        each = [(float(low), float(high)) for low, high in limits]
        box = tuple(each[min(i, len(each) - 1)] for i in range(dim)) if each else ()
        return survey(self.formula, self.constants, dim, box)

    def _complete_constants(self) -> tuple[tuple[str, float], ...]:
        """A value for each name in the formula, in its order, and for no other."""
        given = dict(self.constants)
        return tuple((name, float(given.get(name, 1.0))) for name in self._read.constants)
