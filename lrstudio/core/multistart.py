"""Minima of a function that nobody has solved: many descents at once, then a closer look.

Descents are L-BFGS with backtracking (Nocedal & Wright, "Numerical Optimization", algorithms 7.4
and 3.1), all in step with each other: each evaluation is one trial of every descent. Their ends are
sharpened by Newton's method, or where there are kinks by a pattern search (Hooke & Jeeves, 1961).
All is deterministic.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lrstudio.core.arrays import Array

Truths = npt.NDArray[np.bool_]
Function = Callable[[Array], tuple[Array, Array]]
Hessian = Callable[[Array], Array]
Point = tuple[float, ...]
Box = tuple[tuple[float, float], ...]

_MEMORY = 6
_TRIALS = 160
_MANY, _TRIALS_OF_MANY = 200, 60
"""Dimensions from which on a search is only as long as one can wait for."""
_ARMIJO = 1e-4
_SHORTEST = 1e-14
_FLAT = 1e-13
"""Slope across the box, as a share of the loss, at which a descent has ended."""
_LONGEST = 0.25
"""Longest step, as a share of the box's diagonal."""
_BEYOND = 3.0
"""Widths of the box beyond it within which a lower minimum is one."""
_LARGEST_MATRIX = 32
_MOST_AXES = 100
"""Coordinates along which it is tried whether the function rises; of more, an even selection."""
_SAME = 1e-4
"""Share of the box within which two ends are one minimum."""
_MOST_FOUND = 12
_MOST_SHARPENED = 24
_STILL_FALLING = 0.8
"""Share of the rise that is left at a hundredth of the distance, above which it is a logarithm."""
_MOST_PATTERNS = 5
"""Ends that are looked at closely where Newton's method does not help."""


class Found(NamedTuple):
    """What a search found."""

    minima: tuple[Point, ...]
    """The lowest ones, equal to each other."""
    higher: tuple[Point, ...]
    """Other ones, the lowest first."""
    lowest: float | None
    """The loss at the minima; None where there are none, or where the function falls further."""


NOTHING = Found((), (), None)


def search(function: Function, hessian: Hessian, box: Box, count: int) -> Found:
    """Minima in and around a box, from `count` points in it."""
    low, high = np.array(box).T[:, :, None]
    with np.errstate(all="ignore"):
        points = _starts(low, high, count)
        loss, gradient = function(points)
        usable = np.isfinite(loss) & np.isfinite(gradient).all(axis=0)
        if not usable.any():
            return NOTHING
        points, loss, gradient = _descended(function, points[:, usable], high - low)
        ends = _sharpened(function, hessian, points, loss, (low, high))
        return _sorted_out(ends, points, loss, (low, high))


def _starts(low: Array, high: Array, count: int) -> Array:
    """Points spread evenly over the box, its middle, and those that formulas often mean."""
    dim = len(low)
    fractions = (np.arange(count) + 0.5) / count
    # Each coordinate goes through a Weyl sequence: even in any number of dimensions.
    shifts = _generalised_golden(dim) ** -np.arange(1.0, dim + 1)
    spread = np.mod(0.5 + shifts[:, None] * (np.arange(count) + 1), 1.0)
    spread = fractions[None] if dim == 1 else spread
    known = np.array([[0.0, 1.0, -1.0]]).repeat(dim, axis=0)
    inside = ((known > low) & (known < high)).all(axis=0)
    middle = (low + high) / 2
    # A hair beside: exactly there the slope of a symmetric function vanishes.
    return np.concatenate(
        [low + spread * (high - low), middle + 1e-3 * (high - low), known[:, inside]], axis=1
    )


def _generalised_golden(dim: int) -> float:
    """The root of x^(d+1) = x + 1, whose powers are as badly approximable as can be."""
    root = 2.0
    for _ in range(30):
        root = (1 + root) ** (1 / (dim + 1))
    return root


def _descended(function: Function, points: Array, width: Array) -> tuple[Array, Array, Array]:
    """Where descents from `points` `(dim, n)` end, with loss and gradient there."""
    loss, gradient = function(points)
    memory = _Memory(points.shape)
    longest = _LONGEST * float(np.linalg.norm(width))
    direction, length = memory.direction(gradient, longest)
    for _ in range(_TRIALS if len(points) <= _MANY else _TRIALS_OF_MANY):
        trial = points + length * direction
        trial_loss, trial_gradient = function(trial)
        slope = np.add.reduce(direction * gradient, axis=0)
        accepted: Truths = trial_loss <= loss + _ARMIJO * length * slope
        accepted &= np.isfinite(trial_gradient).all(axis=0)
        memory.note(trial - points, trial_gradient - gradient, accepted)
        points = np.where(accepted, trial, points)
        gradient = np.where(accepted, trial_gradient, gradient)
        loss = np.where(accepted, trial_loss, loss)
        fresh, one = memory.direction(gradient, longest)
        direction = np.where(accepted, fresh, direction)
        length = np.where(accepted, one, 0.3 * length)
        moves = length * np.abs(direction).max(axis=0) > _SHORTEST * longest
        slopes = np.abs(gradient).max(axis=0) * longest > _FLAT * np.maximum(1.0, np.abs(loss))
        if not (moves & slopes).any():
            break
    return points, loss, gradient


class _Memory:
    """The last steps of all descents, and what they say about the curvature."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._steps: list[Array] = []
        self._changes: list[Array] = []
        self._inverse: list[Array] = []
        self._scale = np.ones(shape[1])
        self._is_new = np.ones(shape[1], dtype=bool)

    def note(self, step: Array, change: Array, accepted: Truths) -> None:
        """Remember the steps that were accepted, where the curvature along them is positive."""
        curvature = np.add.reduce(step * change, axis=0)
        square = np.add.reduce(np.square(change), axis=0)
        good = accepted & (curvature > 1e-12 * square) & np.isfinite(square) & (square > 0)
        self._steps.append(np.where(good, step, 0.0))
        self._changes.append(np.where(good, change, 0.0))
        self._inverse.append(np.where(good, 1 / np.where(good, curvature, 1.0), 0.0))
        self._scale = np.where(good, curvature / np.where(good, square, 1.0), self._scale)
        self._is_new &= ~good
        for kept in (self._steps, self._changes, self._inverse):
            del kept[:-_MEMORY]

    def direction(self, gradient: Array, longest: float) -> tuple[Array, Array]:
        """Where to go, and the share of the way to try first."""
        away, shares = gradient.copy(), []
        rows = list(zip(self._steps, self._changes, self._inverse, strict=True))
        for step, change, inverse in reversed(rows):
            shares.append(inverse * np.add.reduce(step * away, axis=0))
            away -= shares[-1] * change
        away *= self._scale
        for (step, change, inverse), share in zip(rows, reversed(shares), strict=True):
            away += step * (share - inverse * np.add.reduce(change * away, axis=0))
        uphill = np.add.reduce(away * gradient, axis=0) <= 0
        away = np.where(uphill, gradient * self._scale, away)
        length = np.sqrt(np.add.reduce(np.square(away), axis=0))
        most = np.where(self._is_new, 0.1 * longest, longest)
        shrink = np.minimum(1.0, most / np.where(length > 0, length, 1.0))
        return -away * np.where(np.isfinite(shrink), shrink, 0.0), np.ones(gradient.shape[1])


def _sharpened(
    function: Function, hessian: Hessian, points: Array, loss: Array, box: tuple[Array, Array]
) -> list[tuple[float, Point]]:
    """The minima among ends, each with its loss, as exactly as they can be known."""
    low, high = box
    width = high - low
    outside = np.maximum(low - points, points - high).max(axis=0, initial=-np.inf)
    is_near: Truths = np.less(outside, _BEYOND * width.max())
    minima: list[tuple[float, Point]] = []
    sharpen = _Sharpener(function, hessian, width)
    taken: list[Array] = []
    looked_at = 0
    for place in np.argsort(loss, kind="stable"):
        end = points[:, place]
        if not is_near[place] or any(_is_same(end, other, width) for other in taken):
            continue
        looked_at += 1
        if looked_at > _MOST_SHARPENED:
            break
        sharp = sharpen.minimum(end, is_inside=bool(outside[place] < 0))
        if sharp is not None or len(end) <= _LARGEST_MATRIX:
            taken.append(end)
        if sharp is not None and not any(_is_same(sharp, np.array(m), width) for _, m in minima):
            value, _ = sharpen.at(sharp)
            minima.append((value, tuple(sharp.tolist())))
    return minima


def _is_same(a: Array, b: Array, width: Array) -> bool:
    return bool((np.abs(a - b) <= _SAME * width[:, 0]).all())


class _Sharpener:
    """Looks closely at where a descent ended."""

    def __init__(self, function: Function, hessian: Hessian, width: Array) -> None:
        self._function = function
        self._hessian = hessian
        self._width = width
        self._patterns = 0

    def at(self, point: Array) -> tuple[float, float]:
        """Loss and steepest slope at a point `(dim,)`."""
        loss, gradient = self._function(point[:, None])
        return float(loss[0]), float(np.abs(gradient).max())

    def minimum(self, end: Array, *, is_inside: bool) -> Array | None:
        """The minimum beside an end; None where there is none, or outside of the box a plain."""
        point = self._by_newton(end) if len(end) <= _LARGEST_MATRIX else end
        is_minimum = self._tells_the_hessian(point)
        if is_minimum is None:
            if self._patterns == _MOST_PATTERNS and len(end) <= _LARGEST_MATRIX:
                return None
            self._patterns += 1
            point = self._by_pattern(point) if len(end) <= _LARGEST_MATRIX else point
            is_minimum = self._is_lowest_around(point)
            is_minimum = is_minimum and (is_inside or self._rises_along_axes(point))
        return self._tidied(point) if is_minimum else None

    def _by_newton(self, end: Array) -> Array:
        """Newton's steps from an end, as long as they lead down and make the slope smaller."""
        point, (loss, slope) = end, self.at(end)
        for _ in range(60):
            matrix = self._hessian(point)
            if not np.isfinite(matrix).all():
                break
            gradient = self._function(point[:, None])[1][:, 0]
            ahead = point + np.linalg.lstsq(matrix, -gradient, rcond=1e-12)[0]
            value, flatter = self.at(ahead)
            is_lower = value <= loss + 1e-12 * max(1.0, abs(loss))
            if not (is_lower and flatter < slope and _is_same(ahead, end, self._width)):
                break
            point, loss, slope = ahead, value, flatter
        return point

    def _tells_the_hessian(self, point: Array) -> bool | None:
        """Whether a point is a minimum, as far as second derivatives tell."""
        loss, slope = self.at(point)
        if len(point) > _LARGEST_MATRIX:
            return None if slope * self._width.max() < 1e-5 * max(1.0, abs(loss)) else False
        matrix = self._hessian(point)
        if slope * self._width.max() >= 1e-7 * max(1.0, abs(loss)) or not np.isfinite(matrix).all():
            return None
        curvatures = np.linalg.eigvalsh(matrix)
        if curvatures[0] > 1e-9 * curvatures[-1] > 0:
            gradient = self._function(point[:, None])[1][:, 0]
            missed = np.asarray(np.linalg.solve(matrix, gradient), dtype=np.float64)
            return True if _is_same(missed, np.zeros_like(point), 1e-2 * self._width) else None
        return False if curvatures[0] < -1e-7 * np.abs(curvatures).max() else None

    def _by_pattern(self, point: Array) -> Array:
        """The lowest point that steps along the coordinates lead to, shorter and shorter ones."""
        dim = len(point)
        star = self._width * np.concatenate([np.eye(dim), -np.eye(dim)], axis=1)
        scale, (loss, _) = 1e-3, self.at(point)
        for _ in range(150):
            around = point[:, None] + scale * star
            losses = self._function(around)[0]
            losses = np.where(np.isfinite(losses), losses, np.inf)
            best = int(losses.argmin())
            if losses[best] < loss:
                point, loss = around[:, best], float(losses[best])
            else:
                scale /= 2
            if scale < 1e-16:
                break
        return point

    def _is_lowest_around(self, point: Array) -> bool:
        """Whether nothing lower is near, something higher, and the fall comes to an end."""
        count = 64 if len(point) <= _LARGEST_MATRIX else 8
        directions = np.random.default_rng(0).standard_normal((len(point), count))
        loss, _ = self.at(point)
        rises = []
        for scale in (1e-3, 1e-5):
            around = self._function(point[:, None] + scale * self._width * directions)[0]
            around = around[np.isfinite(around)]
            if not len(around):
                return False
            rises.append(float(around.max()) - loss)
            rounding = 4 * np.finfo(float).eps * abs(loss)
            if loss - around.min() > 1e-3 * rises[-1] + rounding:
                return False
        far, near = rises
        return near > 0 and near < _STILL_FALLING * far

    def _rises_along_axes(self, point: Array) -> bool:
        """Whether it is higher at some distance in both directions of each coordinate."""
        dim = len(point)
        axes = np.linspace(0, dim - 1, min(dim, _MOST_AXES)).round().astype(np.intp)
        ahead = np.zeros((dim, len(axes)))
        ahead[axes, np.arange(len(axes))] = 0.1 * self._width[axes, 0]
        star = np.concatenate([ahead, -ahead], axis=1)
        around = self._function(point[:, None] + star)[0]
        return not (around - self.at(point)[0] <= 1e-9 * (np.abs(around) + 1e-300)).any()

    def _tidied(self, point: Array) -> Array:
        """The same with round coordinates, where the function is as low and as flat there."""
        loss, slope = self.at(point)
        fine = np.round(point, 6) + 0.0
        partly = np.where(np.abs(fine - point) < 1e-12 * self._width[:, 0], fine, point)
        for tidy in (*(np.round(point, digits) + 0.0 for digits in range(7)), partly):
            if _is_same(tidy, point, 1e-3 * self._width):
                value, steepest = self.at(tidy)
                if not np.isfinite(value):
                    continue
                is_lower = value < loss - 1e-12 * max(1.0, abs(loss))
                if is_lower or (value <= loss and steepest <= slope):
                    return np.asarray(tidy)
        return point


def _sorted_out(
    ends: list[tuple[float, Point]],
    points: Array,
    loss: Array,
    box: tuple[Array, Array],
) -> Found:
    """The lowest minima and the others; those outside of the box count where they are lower."""
    low, high = box[0][:, 0], box[1][:, 0]
    inside = [e for e in ends if (np.array(e[1]) > low).all() and (np.array(e[1]) < high).all()]
    least = min((value for value, _ in inside), default=np.inf)
    lower = [e for e in ends if e[0] < least - _tolerance(e[0])]
    known = sorted([*inside, *(e for e in lower if e not in inside)])
    if not known:
        return NOTHING
    lowest = known[0][0]
    higher = tuple(point for value, point in known if value > lowest + _tolerance(lowest))
    if float(np.min(loss[np.isfinite(loss)])) < lowest - 1e-6 * max(1.0, abs(lowest)):
        return Found((), tuple(point for _, point in known[:_MOST_FOUND]), None)
    equal = tuple(point for value, point in known if value <= lowest + _tolerance(lowest))
    return Found(equal[:_MOST_FOUND], higher[:_MOST_FOUND], lowest)


def _tolerance(value: float) -> float:
    return 1e-9 * max(1.0, abs(value))
