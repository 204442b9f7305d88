"""What can be found out about a formula by trying: where to look, its minima, a start."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.core.differences import central_hessians
from lrstudio.core.multistart import Box, Found, search
from lrstudio.core.typed_formula.program import Constants, Program, program

_GUESSES = (5.0, 50.0, 500.0, 1e4)
"""Half-widths of the boxes in which finite losses are looked for, one after the other."""
_SAMPLE = 2000
_ENOUGH = 0.05
"""Share of a box that must have finite losses."""
_AROUND = 5.0
"""What is shown around a minimum outside of the first guess."""
_AIR = 0.02
"""Share of the box beside its border in which a minimum is hardly seen."""
_STARTS_IN_A_PLANE = 144
_STARTS_ON_A_LINE = 48
_MOST_COORDINATES = 6_000
"""Coordinates of all descents together, in more dimensions."""
_FRACTIONS = ((0.12, 0.85), (0.2, 0.7), (0.9, 0.3), (0.4, 0.6), (0.65, 0.15))
"""Where in the domain a start is looked for, even and odd coordinates."""


class Survey(NamedTuple):
    """What was found."""

    domain: Box
    start: tuple[float, ...]
    found: Found


@lru_cache(maxsize=64)
def survey(text: str, constants: Constants, dim: int, limits: Box) -> Survey:
    """The survey of a formula; `limits` are the domain, none means that it is guessed."""
    made = program(text, constants, dim)
    box = limits or _guessed_box(made)
    found = search(made.loss_and_gradient, _Hessian(made), box, _count(dim))
    domain = limits or _with_minima(box, found)
    return Survey(domain, _start(made, domain, found), found)


class _Hessian:
    """Second derivatives `(dim, dim)` at one point `(dim,)`."""

    def __init__(self, made: Program) -> None:
        self._made = made

    def __call__(self, point: Array) -> Array:
        position = point[:, None]
        matrices = self._made.hessians(position)
        if matrices is None:
            matrices, _ = central_hessians(self._gradient, position)
        return np.asarray(matrices[:, :, 0])

    def _gradient(self, position: Array) -> Array:
        return np.asarray(self._made.loss_and_gradient(position)[1])


def _count(dim: int) -> int:
    if dim <= 2:
        return _STARTS_ON_A_LINE if dim == 1 else _STARTS_IN_A_PLANE
    return min(max(_MOST_COORDINATES // dim, 4), 64)


def _guessed_box(made: Program) -> Box:
    """The first of some boxes in which there are losses, drawn close around where they are."""
    shares = np.random.default_rng(0).uniform(-1, 1, (made.dim, _sample(made.dim)))
    for half in _GUESSES:
        loss, gradient = made.loss_and_gradient(half * shares)
        usable = np.isfinite(loss) & np.isfinite(gradient).all(axis=0)
        if usable.mean() >= _ENOUGH:
            there = half * shares[:, usable]
            return tuple(
                (_outward(low, half, -1), _outward(high, half, +1))
                for low, high in zip(there.min(axis=1), there.max(axis=1), strict=True)
            )
    return ((-_GUESSES[0], _GUESSES[0]),) * made.dim


def _sample(dim: int) -> int:
    return min(_SAMPLE, max(50, 200_000 // dim))


def _outward(end: float, half: float, side: int) -> float:
    """An end of the interval with losses as a round number, the box's own where it is near."""
    grid = half / 10
    rounded = grid * (math.ceil(abs(end) / grid) if end * side > 0 else math.floor(abs(end) / grid))
    return float(min(rounded, half) * (1 if end > 0 else -1)) + 0.0


def _with_minima(box: Box, found: Found) -> Box:
    """The box; widened to the first of the minima where none lies well within it."""
    if not found.minima or any(_is_well_within(box, point) for point in found.minima):
        return box
    ends = []
    for (low, high), place in zip(box, found.minima[0], strict=True):
        air = _AIR * (high - low)
        low_end = low if place > low + air else math.floor(place - _AROUND)
        high_end = high if place < high - air else math.ceil(place + _AROUND)
        ends.append((float(low_end), float(high_end)))
    return tuple(ends)


def _is_well_within(box: Box, point: tuple[float, ...]) -> bool:
    return all(
        low + _AIR * (high - low) < x < high - _AIR * (high - low)
        for x, (low, high) in zip(point, box, strict=True)
    )


def _start(made: Program, domain: Box, found: Found) -> tuple[float, ...]:
    """A point from which there is some way to go, with few digits."""
    for fractions in _FRACTIONS:
        point = tuple(
            _round(low + fractions[i % 2] * (high - low), high - low)
            for i, (low, high) in enumerate(domain)
        )
        loss, gradient = made.loss_and_gradient(np.array(point))
        is_usable = np.isfinite(loss) and np.isfinite(gradient).all() and np.any(gradient)
        if is_usable and point not in (*found.minima, *found.higher):
            return point
    return tuple(low + 0.3 * (high - low) for low, high in domain)


def _round(value: float, width: float) -> float:
    """A coordinate to about a hundredth of the domain."""
    return round(value, 2 - math.ceil(math.log10(width))) + 0.0
