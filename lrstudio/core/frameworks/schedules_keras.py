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
    Writes,
    after_rise,
    gamma_of,
    length_of,
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
from lrstudio.core.schedules.decays import (
    Cosine,
    Exponential,
    InverseTime,
    Linear,
    MultiStep,
    Polynomial,
    Step,
)
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


# --- the way back ---------------------------------------------------------------------------------


def _from_exponential(s: Exponential, base: float, span: int) -> dict[str, Any]:
    decay = {"decay_steps": s.decay_steps, "decay_rate": gamma_of(s), "staircase": s.staircase}
    return {"initial_learning_rate": base, **decay}


def _from_step(s: Step, base: float, span: int) -> dict[str, Any]:
    stairs = Exponential(gamma=s.gamma, decay_steps=s.step_size, staircase=True)
    return _from_exponential(stairs, base, span)


def _from_multi_step(s: MultiStep, base: float, span: int) -> dict[str, Any]:
    turns = sorted(set(s.milestones))
    factors = [s.gamma ** sum(m <= turn for m in s.milestones) for turn in (-1, *turns)]
    return _from_piecewise(
        Piecewise(points=tuple(zip((-1, *turns), factors, strict=True))), base, span
    )


def _from_piecewise(s: Piecewise, base: float, span: int) -> dict[str, Any]:
    """A boundary is the last step before the change."""
    points = sorted(dict(s.points).items())
    edges, values = [whole(x - 1) for x, _ in points[1:]], [base * y for _, y in points]
    return {"boundaries": edges, "values": values}


def _from_polynomial(s: Polynomial, base: float, span: int) -> dict[str, Any]:
    return {
        "initial_learning_rate": base * s.start,
        "decay_steps": length_of(s, span),
        "end_learning_rate": base * s.floor,
        "power": s.power,
        "cycle": s.cycle,
    }


def _from_linear(s: Linear, base: float, span: int) -> dict[str, Any]:
    line = Polynomial(power=1.0, start=s.start, floor=s.end, length=s.length)
    return _from_polynomial(line, base, span)


def _from_inverse_time(s: InverseTime, base: float, span: int) -> dict[str, Any]:
    decay = {"decay_steps": s.decay_steps, "decay_rate": s.rate, "staircase": s.staircase}
    return {"initial_learning_rate": base, **decay}


def _from_cosine(s: Cosine, base: float, span: int) -> dict[str, Any]:
    wave = {"initial_learning_rate": base, "decay_steps": length_of(s, span), "alpha": s.floor}
    if s.warmup is None:
        return wave
    start = {"initial_learning_rate": base * s.warmup.start}
    return wave | start | {"warmup_target": base, "warmup_steps": s.warmup.steps}


def _from_restarts(s: CosineRestarts, base: float, span: int) -> dict[str, Any]:
    if s.growth not in (1, 2):
        raise Unfit("t_mul: the logarithm that finds the cycle is exact for 1 and 2 alone")
    waves = {"t_mul": s.growth, "m_mul": s.decay, "alpha": s.floor}
    return {"initial_learning_rate": base, "first_decay_steps": s.first_cycle, **waves}


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

WRITES: Writes = {
    "ExponentialDecay": {Exponential: _from_exponential, Step: _from_step},
    "PiecewiseConstantDecay": {MultiStep: _from_multi_step, Piecewise: _from_piecewise},
    "PolynomialDecay": {Linear: _from_linear, Polynomial: _from_polynomial},
    "InverseTimeDecay": {InverseTime: _from_inverse_time},
    "CosineDecay": {Cosine: _from_cosine},
    "CosineDecayRestarts": {CosineRestarts: _from_restarts},
}
