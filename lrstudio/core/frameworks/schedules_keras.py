"""The schedules of Keras, `keras.optimizers.schedules`, 3.15.1, as schedules of ours.

Rates are absolute there. Without a base rate `warmup_target`, `initial_learning_rate` or the first
of the `values` counts as factor 1, whichever there is and is not 0.

Keras finds the cycle of `CosineDecayRestarts` by a logarithm that may round to the wrong side:
where a restart falls exactly on a step it may come one step late. Here it never does.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from lrstudio.core.frameworks.schedules_entry import (
    Arguments,
    Entry,
    Required,
    Unfit,
    after_rise,
    level,
    listed,
    numbers,
    positive,
    scaled,
    tabulated,
    whole,
)
from lrstudio.core.schedule import Schedule
from lrstudio.core.schedules.composed import Sequence
from lrstudio.core.schedules.decays import Cosine, Exponential, InverseTime, Linear, Polynomial
from lrstudio.core.schedules.pieces import Piecewise
from lrstudio.core.schedules.restarts import CosineRestarts
from lrstudio.core.validation import shown


def _exponential(a: Arguments, base: float) -> Schedule:
    decay = Exponential(
        gamma=float(a.decay_rate), decay_steps=whole(a.decay_steps), staircase=bool(a.staircase)
    )
    return scaled(decay, a.initial_learning_rate / base)


def _piecewise(a: Arguments, base: float) -> Schedule:
    """Keras adds up the values of all intervals that a step lies in; sorted, that is one."""
    turns = [-1.0, *(np.floor(b) + 1 for b in sorted(a.boundaries))]
    return Piecewise(points=tuple((x, _value_at(a, x) / base) for x in turns))


def _value_at(a: Arguments, k: float) -> float:
    edges, values = a.boundaries, a.values
    value = (k <= edges[0]) * values[0] + (k > edges[-1]) * values[-1]
    between = zip(edges[:-1], edges[1:], values[1:-1], strict=True)
    return float(value + sum(v for low, high, v in between if low < k <= high))


def _polynomial(a: Arguments, base: float) -> Schedule:
    return Polynomial(
        power=float(a.power),
        floor=a.end_learning_rate / base,
        length=whole(a.decay_steps),
        start=a.initial_learning_rate / base,
        cycle=bool(a.cycle),
    )


def _inverse_time(a: Arguments, base: float) -> Schedule:
    decay = InverseTime(
        rate=float(a.decay_rate), decay_steps=whole(a.decay_steps), staircase=bool(a.staircase)
    )
    return scaled(decay, a.initial_learning_rate / base)


def _cosine(a: Arguments, base: float) -> Schedule:
    wave, target = Cosine(floor=float(a.alpha), length=whole(a.decay_steps)), a.warmup_target
    if target is None:
        return scaled(wave, a.initial_learning_rate / base)
    rise = whole(max(a.warmup_steps, 0))
    if target == 0:
        line = Linear(start=a.initial_learning_rate / base, end=0.0, length=max(rise, 1))
        return Sequence(parts=(line, level(0.0)), boundaries=(rise,))
    return scaled(after_rise(wave, a.initial_learning_rate / target, rise), target / base)


def _cosine_restarts(a: Arguments, base: float) -> Schedule:
    waves = CosineRestarts(
        first_cycle=whole(a.first_decay_steps),
        growth=float(a.t_mul),
        decay=float(a.m_mul),
        floor=float(a.alpha),
    )
    return scaled(waves, a.initial_learning_rate / base)


# --- checks: what Keras refuses, when a schedule is made or called -------------------------------


def _check_decay(a: Arguments) -> None:
    numbers(a, "initial_learning_rate", "decay_rate")
    positive(a, "decay_steps")


def _check_polynomial(a: Arguments) -> None:
    numbers(a, "initial_learning_rate", "end_learning_rate", "power")
    positive(a, "decay_steps")


def _check_cosine(a: Arguments) -> None:
    numbers(a, "initial_learning_rate", "alpha", "warmup_steps")
    positive(a, "decay_steps")
    if a.warmup_target is not None:
        numbers(a, "warmup_target")


def _check_restarts(a: Arguments) -> None:
    numbers(a, "initial_learning_rate", "t_mul", "m_mul", "alpha")
    positive(a, "first_decay_steps")


def _check_piecewise(a: Arguments) -> None:
    a.boundaries, a.values = listed(a.boundaries, "boundaries"), listed(a.values, "values")
    for name in ("boundaries", "values"):
        for number in getattr(a, name):
            if not isinstance(number, int | float):
                raise Unfit(f"{name}: expected numbers, got {shown(number)}")
    if len(a.boundaries) != len(a.values) - 1:
        raise Unfit(
            f"boundaries: expected one fewer than there are values, {len(a.values) - 1}, "
            f"got {len(a.boundaries)}"
        )
    if not a.boundaries:
        raise Unfit("boundaries: expected at least one, got none")


# --- the rate that the arguments speak of --------------------------------------------------------


def _initial(a: Arguments) -> float:
    return float(
        getattr(a, "warmup_target", None)
        or a.initial_learning_rate
        or getattr(a, "end_learning_rate", 0.0)
    )


def _first_value(a: Arguments) -> float:
    return next((float(value) for value in a.values if value), 0.0)


# --- the table -----------------------------------------------------------------------------------


def _entry(
    build: Callable[[Arguments, float], Schedule],
    natural: Callable[[Arguments], float],
    check: Callable[[Arguments], None],
    **arguments: Any,
) -> Entry:
    def savable(a: Arguments, base: float, steps: int | None) -> Schedule:
        return tabulated(build(a, base), steps)

    return Entry({**arguments, "name": None}, savable, natural, check)


TABLE: dict[str, Entry] = {
    "ExponentialDecay": _entry(
        _exponential,
        _initial,
        _check_decay,
        initial_learning_rate=Required,
        decay_steps=Required,
        decay_rate=Required,
        staircase=False,
    ),
    "PiecewiseConstantDecay": _entry(
        _piecewise, _first_value, _check_piecewise, boundaries=Required, values=Required
    ),
    "PolynomialDecay": _entry(
        _polynomial,
        _initial,
        _check_polynomial,
        initial_learning_rate=Required,
        decay_steps=Required,
        end_learning_rate=1e-4,
        power=1.0,
        cycle=False,
    ),
    "InverseTimeDecay": _entry(
        _inverse_time,
        _initial,
        _check_decay,
        initial_learning_rate=Required,
        decay_steps=Required,
        decay_rate=Required,
        staircase=False,
    ),
    "CosineDecay": _entry(
        _cosine,
        _initial,
        _check_cosine,
        initial_learning_rate=Required,
        decay_steps=Required,
        alpha=0.0,
        warmup_target=None,
        warmup_steps=0,
    ),
    "CosineDecayRestarts": _entry(
        _cosine_restarts,
        _initial,
        _check_restarts,
        initial_learning_rate=Required,
        first_decay_steps=Required,
        t_mul=2.0,
        m_mul=1.0,
        alpha=0.0,
    ),
}
