"""Schedules that are written down as numbers or drawn by hand."""

from typing import Annotated

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.expressions import in_turn
from lrstudio.core.hyperparameters import Length
from lrstudio.core.schedule import Schedule
from lrstudio.core.schedule_parameters import FINITE, HIGHEST, Factors
from lrstudio.core.schedules.pieces import in_order

Momenta = Annotated[
    tuple[Annotated[float, meta("", "Momentum", "A momentum.", ge=-FINITE, le=FINITE)], ...],
    meta(
        "",
        "Momenta",
        "One momentum (or β₁) for each step, or none to leave momentum alone; the last is held.",
        max_length=100_000,
    ),
]
CurvePoints = Annotated[
    tuple[
        tuple[
            Annotated[float, meta("", "Share", "A share of the run.", ge=0.0, le=1.0)],
            Annotated[float, meta("", "Factor", "The factor there.", ge=0.0, le=HIGHEST)],
        ],
        ...,
    ],
    meta("", "Points", "Pairs of a share of the length and the factor there.", max_length=1000),
]


class Table(Schedule, tag="table", frozen=True, kw_only=True):
    """Table: one factor for each step, written down.

    factor = fₖ                    the last one is held

    Used for schedules that are computed elsewhere, say with `LambdaLR` and a function of one's own;
    with momenta beside them also for what that schedule does to momentum.

    `torch.optim.lr_scheduler.LambdaLR`, 2.13.
    """

    family = "composed"

    values: Factors = (1.0, 0.5, 0.25, 0.125)
    momentum_values: Momenta = ()

    def body(self, k: Array, span: int) -> Array:
        return looked_up(self.values, k) if self.values else np.ones_like(k)

    def body_formula(self, k: ArrayLike, span: int) -> ArrayLike:
        """Value by value, where they are few."""
        return in_turn(k, range(1, len(self.values)), self.values or (1.0,))

    def momentum(self, k: Array, span: int) -> Array | None:
        return looked_up(self.momentum_values, k) if self.momentum_values else None


class Drawn(Schedule, tag="drawn", frozen=True, kw_only=True):
    """Drawn curve: a smooth line through points, without swinging beyond them.

    factor = yᵢ + (yᵢ₊₁ − yᵢ) p² (3 − 2p) + d p (1−p) ((1−p) mᵢ − p mᵢ₊₁)
    p = (x − xᵢ)/d,  d = xᵢ₊₁ − xᵢ,  x = min(k, T)/T

    Symbols: y, the factor of a point; i, the number of the last point that is not after x; p, the
    share of the way from one point to the next; d, the distance between the two; m, the slope at a
    point; x, the share of the length that is over, with an index that of a point.

    Cubic Hermite pieces whose slopes are weighted harmonic means of the slopes of the chords
    beside them, and 0 at peaks and valleys: where the points only fall, so does the curve. Before
    the first point and after the last their factors stand; of points at one place the last counts.

    Used to try a shape that has no name, or to copy one that is printed as a picture.

    Fritsch & Butland, "A Method for Constructing Local Monotone Piecewise Cubic Interpolants",
    1984; `scipy.interpolate.PchipInterpolator`, 1.17.
    """

    family = "composed"

    points: CurvePoints = ((0.0, 1.0), (0.5, 0.8), (0.8, 0.2), (1.0, 0.0))
    length: Length = None

    def body(self, k: Array, span: int) -> Array:
        x, y = in_order(self.points)
        if len(x) == 0:
            return np.ones_like(k)
        total = span if self.length is None else self.length
        return monotone_cubic(x, y, np.clip(np.minimum(k, total) / max(total, 1), x[0], x[-1]))

    def body_formula(self, k: ArrayLike, span: int) -> ArrayLike:
        """Cubic by cubic, each in powers of the way from its first point."""
        x, y = in_order(self.points)
        if len(x) < 2:
            return float(y[0]) if len(y) else 1.0
        total = span if self.length is None else self.length
        place = np.clip(np.minimum(k, total) / max(total, 1), x[0], x[-1])
        width, chord = np.diff(x), np.diff(y) / np.diff(x)
        slope = slopes(width, chord)
        pieces = []
        for i in range(len(width)):
            way = place - float(x[i])
            bend = (3 * chord[i] - 2 * slope[i] - slope[i + 1]) / width[i]
            twist = (slope[i] + slope[i + 1] - 2 * chord[i]) / width[i] ** 2
            pieces.append(y[i] + way * (slope[i] + way * (bend + way * twist)))
        return in_turn(place, x[1:-1].tolist(), pieces)


def looked_up(values: tuple[float, ...], k: Array) -> Array:
    """The values of steps `k`, the last one held."""
    places = np.minimum(k, len(values) - 1).astype(np.intp)
    return np.asarray(values, dtype=np.float64)[places]


def monotone_cubic(x: Array, y: Array, at: Array) -> Array:
    """The curve through the points `x`, `y` `(m,)`, at places `(n,)` between their ends."""
    if len(x) == 1:
        return np.full_like(at, y[0])
    width, chord = np.diff(x), np.diff(y) / np.diff(x)
    slope = slopes(width, chord)
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(width) - 1)
    p, d = (at - x[i]) / width[i], width[i]
    rise = p * p * (3 - 2 * p)
    bends = slope[i] * (1 - p) - slope[i + 1] * p
    curve = y[i] + (y[i + 1] - y[i]) * rise + d * p * (1 - p) * bends
    return np.clip(curve, y.min(), y.max())  # rounding must not go below a floor of 0


def slopes(width: Array, chord: Array) -> Array:
    """Slopes of the curve at its points `(m,)`."""
    if len(width) == 1:
        return np.repeat(chord, 2)
    before, after = 2 * width[1:] + width[:-1], width[1:] + 2 * width[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (before + after) / (before / chord[:-1] + after / chord[1:])
    inner = np.where(chord[:-1] * chord[1:] > 0, mean, 0.0)
    first = _end_slope(width[0], width[1], chord[0], chord[1])
    last = _end_slope(width[-1], width[-2], chord[-1], chord[-2])
    return np.array([first, *inner, last])


def _end_slope(near: float, far: float, chord: float, next_chord: float) -> float:
    """Slope of the parabola through the last three points, as far as the curve stays monotone."""
    slope = ((2 * near + far) * chord - near * next_chord) / (near + far)
    if slope * chord <= 0:
        return 0.0
    is_steep = chord * next_chord <= 0 and abs(slope) > 3 * abs(chord)
    return 3 * chord if is_steep else slope
