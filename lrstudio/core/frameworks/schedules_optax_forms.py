"""Optax' schedules as schedules of ours, and the arguments for such schedules.

The arguments `from_...` a schedule may be wrong, which is found out by reading them again.
"""

from itertools import pairwise
from typing import Any

import numpy as np

from lrstudio.core.frameworks.schedules_entry import (
    Arguments,
    Inside,
    Unfit,
    Writes,
    after_rise,
    gamma_of,
    length_of,
    level,
    scaled,
    whole,
)
from lrstudio.core.schedule import Schedule
from lrstudio.core.schedules.composed import Sequence
from lrstudio.core.schedules.cycles import OneCycle
from lrstudio.core.schedules.decays import (
    Constant,
    Cosine,
    Exponential,
    Linear,
    MultiStep,
    Polynomial,
    Step,
)
from lrstudio.core.schedules.pieces import ConstantFactor, Piecewise
from lrstudio.core.schedules.plateau import ReduceOnPlateau
from lrstudio.core.validation import Refused, validated

# --- decays --------------------------------------------------------------------------------------


def constant(a: Arguments, base: float, steps: int | None) -> Schedule:
    """One rate."""
    return level(a.value / base)


def polynomial(a: Arguments, base: float, steps: int | None) -> Schedule:
    """A power of the remaining time; a line where it is 1."""
    if a.transition_steps <= 0:
        return level(a.init_value / base)
    start, end, length = a.init_value / base, a.end_value / base, whole(a.transition_steps)
    begin = whole(max(a.transition_begin, 0))
    if a.power == 1 and begin == 0:
        return Linear(start=start, end=end, length=length)
    power = float(a.power)
    return Polynomial(power=power, floor=end, length=length, start=start, begin=begin)


def linear(a: Arguments, base: float, steps: int | None) -> Schedule:
    """A straight line."""
    return polynomial(Arguments(**vars(a), power=1), base, steps)


def exponential(a: Arguments, base: float, steps: int | None) -> Schedule:
    """With the bounds that it may have."""
    start, end = a.init_value, a.end_value
    if a.transition_steps <= 0 or a.decay_rate == 0:
        return level(start / base)
    is_decay = a.decay_rate < 1
    if end is not None and (start <= 0 or (end <= 0 and not is_decay)):
        # All bounded, or nothing to multiply.
        return level((max(start, end) if is_decay else min(start, end)) / base)
    return scaled(
        Exponential(
            gamma=float(a.decay_rate),
            decay_steps=whole(a.transition_steps),
            staircase=bool(a.staircase),
            begin=whole(max(a.transition_begin, 0)),
            end=max(end / start, 0.0) if end is not None else 0.0,
        ),
        start / base,
    )


def cosine(a: Arguments, base: float, steps: int | None) -> Schedule:
    """With its exponent."""
    wave = Cosine(floor=float(a.alpha), length=whole(a.decay_steps), power=float(a.exponent))
    return scaled(wave, a.init_value / base)


# --- pieces --------------------------------------------------------------------------------------


def piecewise(a: Arguments, base: float, steps: int | None) -> Schedule:
    """Held between boundaries."""
    if not a.boundaries_and_scales:
        return level(a.init_value / base)
    x, scales = zip(*a.boundaries_and_scales, strict=True)
    y = np.cumprod([a.init_value / base, *scales]).tolist()
    # A boundary at 0 applies at once: the initial value stands before it.
    return Piecewise(points=tuple(zip((min(x[0], 0) - 1, *x), y, strict=True)))


def interpolated(a: Arguments, base: float, steps: int | None) -> Schedule:
    """Joined between boundaries."""
    if not a.boundaries_and_scales:
        return level(a.init_value / base)
    x, scales = zip(*a.boundaries_and_scales, strict=True)
    y = np.cumprod([a.init_value / base, *scales]).tolist()
    points = list(zip((0, *x), y, strict=True))
    # Of boundaries before the first step only the way from the last of them is seen.
    return Piecewise(points=tuple(points[1:] if x[0] <= 0 else points), shape=a.interpolate_type)


def one_cycle(a: Arguments, base: float, steps: int | None) -> Schedule:
    """Optax makes it of pieces; where they lie in order it is a one-cycle."""
    total, is_linear = a.transition_steps, hasattr(a, "pct_final")
    peak, back = int(a.pct_start * total), int(a.pct_final * total) if is_linear else 0
    ends = {peak: a.div_factor}
    if is_linear:
        ends[back] = 1 / a.div_factor
        ends[total] = 1 / a.final_div_factor
    else:
        ends[int(total)] = 1 / (a.div_factor * a.final_div_factor)
    middle = [peak, back] if is_linear else [peak]
    if not isinstance(total, int) or [0, *middle, total] != sorted({0, *middle, total}):
        pieces = Arguments(
            interpolate_type="linear" if is_linear else "cosine",
            init_value=a.peak_value / a.div_factor,
            boundaries_and_scales=sorted(ends.items()),
        )
        return interpolated(pieces, base, steps)
    cycle = OneCycle(
        length=total,
        peak=float(a.pct_start),
        shape="linear" if is_linear else "cosine",
        phases="three" if is_linear else "two",
        back=float(a.pct_final) if is_linear else 0.6,
        start=1 / a.div_factor,
        end=1 / a.div_factor / a.final_div_factor,
        ends="after",
    )
    return scaled(cycle, a.peak_value / base)


def warmup_constant(a: Arguments, base: float, steps: int | None) -> Schedule:
    """A rise, then its end."""
    start, end = a.init_value / base, a.peak_value / base
    if a.warmup_steps <= 0:
        return level(start)
    return Linear(start=start, end=end, length=whole(a.warmup_steps))


def warmup_cosine(a: Arguments, base: float, steps: int | None) -> Schedule:
    """A cosine after a rise."""
    alpha = 0.0 if a.peak_value == 0 else a.end_value / a.peak_value
    length = a.decay_steps - a.warmup_steps
    body = Cosine(floor=alpha, length=whole(length), power=float(a.exponent))
    return _risen(a, body, base) if a.peak_value else _sunk(a, level(0.0), base)


def warmup_exponential(a: Arguments, base: float, steps: int | None) -> Schedule:
    """An exponential decay after a rise."""
    body = Arguments(**vars(a) | {"init_value": a.peak_value})
    if a.peak_value == 0:
        return _sunk(a, exponential(body, base, steps), base)
    return _risen(a, exponential(body, a.peak_value, steps), base)


def _risen(a: Arguments, body: Schedule, base: float) -> Schedule:
    """The body, which begins at the peak, after the rise to it."""
    rise = after_rise(body, a.init_value / a.peak_value, whole(a.warmup_steps))
    return scaled(rise, a.peak_value / base)


def _sunk(a: Arguments, body: Schedule, base: float) -> Schedule:
    """The same where the peak is 0, so that the warm-up goes down to it."""
    steps = whole(a.warmup_steps)
    line = Linear(start=a.init_value / base, end=0.0, length=max(steps, 1))
    return Sequence(parts=(line, body), boundaries=(steps,))


def plateau(a: Arguments, base: float, steps: int | None) -> Schedule:
    """What listens to the loss."""
    made = ReduceOnPlateau(
        factor=float(a.factor),
        patience=max(a.patience, -1),
        patience_rule="at",
        rtol=float(a.rtol),
        atol=float(a.atol),
        cooldown=max(a.cooldown, 0),
        accumulation=a.accumulation_size,
        floor=float(a.min_scale),
        acts="same",
    )
    try:
        return validated(made)
    except Refused as refused:
        raise Unfit(str(refused)) from None


# --- the way back --------------------------------------------------------------------------------


def _from_constant(s: Constant, base: float, span: int) -> dict[str, Any]:
    return {"value": base}


def _from_factor(s: ConstantFactor, base: float, span: int) -> dict[str, Any]:
    return {"value": base * s.factor}


def _from_polynomial(s: Polynomial, base: float, span: int) -> dict[str, Any]:
    return {
        "init_value": base * s.start,
        "end_value": base * s.floor,
        "power": s.power,
        "transition_steps": length_of(s, span - s.begin),
        "transition_begin": s.begin,
    }


def _from_linear(s: Linear, base: float, span: int) -> dict[str, Any]:
    ends = {"init_value": base * s.start, "end_value": base * s.end}
    return {**ends, "transition_steps": length_of(s, span)}


def _from_exponential(s: Exponential, base: float, span: int) -> dict[str, Any]:
    """The same, begin and end included; a decay that ends at 0 has no end."""
    return {
        "init_value": base,
        "transition_steps": s.decay_steps,
        "decay_rate": gamma_of(s),
        "transition_begin": s.begin,
        "staircase": s.staircase,
        "end_value": base * s.end or None,
    }


def _from_step(s: Step, base: float, span: int) -> dict[str, Any]:
    stairs = Exponential(gamma=s.gamma, decay_steps=s.step_size, staircase=True)
    return _from_exponential(stairs, base, span)


def _from_multi_step(s: MultiStep, base: float, span: int) -> dict[str, Any]:
    """A milestone named twice scales twice."""
    scales = {turn: s.gamma ** s.milestones.count(turn) for turn in sorted(s.milestones)}
    return {"init_value": base, "boundaries_and_scales": scales}


def _from_cosine(s: Cosine, base: float, span: int) -> dict[str, Any]:
    wave = {"decay_steps": length_of(s, span), "alpha": s.floor, "exponent": s.power}
    return {"init_value": base, **wave}


def _from_warm_cosine(s: Cosine, base: float, span: int) -> dict[str, Any]:
    """The steps of the decay include those of the warm-up."""
    rise = _rise(s, base)
    ends = {"decay_steps": rise["warmup_steps"] + length_of(s, span), "end_value": base * s.floor}
    return {**rise, **ends, "exponent": s.power}


def _from_warm_exponential(s: Exponential, base: float, span: int) -> dict[str, Any]:
    decay = _from_exponential(s, base, span)
    del decay["init_value"]
    return {**_rise(s, base), **decay}


def _rise(s: Schedule, base: float) -> dict[str, Any]:
    if s.warmup is None:
        raise Unfit("warmup_steps: there is no warm-up")
    start = base * s.warmup.start
    return {"init_value": start, "peak_value": base, "warmup_steps": s.warmup.steps}


def _from_one_cycle(s: OneCycle, base: float, span: int) -> dict[str, Any]:
    return {
        "transition_steps": length_of(s, span),
        "peak_value": base,
        "pct_start": s.peak,
        "div_factor": 1 / s.start,
        "final_div_factor": s.start / s.end,
    }


def _from_linear_one_cycle(s: OneCycle, base: float, span: int) -> dict[str, Any]:
    return {**_from_one_cycle(s, base, span), "pct_final": s.back}


def _from_held(s: Piecewise, base: float, span: int) -> dict[str, Any]:
    """The rate at the first point, and how it is scaled at the others."""
    points = sorted(dict(s.points).items()) or [(0.0, 1.0)]
    scales = {whole(x): y / before for (_, before), (x, y) in pairwise(points)}
    return {"init_value": base * points[0][1], "boundaries_and_scales": scales}


def _from_joined(s: Piecewise, base: float, span: int) -> dict[str, Any]:
    return {"interpolate_type": s.shape, **_from_held(s, base, span)}


def _from_sequence(s: Sequence, base: float, span: int) -> dict[str, Any]:
    stretches = s.stretches(span)
    parts = [Inside(part, length) for part, _, length in stretches]
    return {"schedules": parts, "boundaries": [start for _, start, _ in stretches[1:]]}


def _from_plateau(s: ReduceOnPlateau, base: float, span: int) -> dict[str, Any]:
    return {
        "factor": s.factor,
        "patience": s.patience,
        "rtol": s.rtol,
        "atol": s.atol,
        "cooldown": s.cooldown,
        "accumulation_size": s.accumulation,
        "min_scale": s.floor,
    }


WRITES: Writes = {
    "constant_schedule": {Constant: _from_constant, ConstantFactor: _from_factor},
    "polynomial_schedule": {Polynomial: _from_polynomial},
    "linear_schedule": {Linear: _from_linear},
    "piecewise_constant_schedule": {MultiStep: _from_multi_step, Piecewise: _from_held},
    "piecewise_interpolate_schedule": {Piecewise: _from_joined},
    "exponential_decay": {Exponential: _from_exponential, Step: _from_step},
    "cosine_decay_schedule": {Cosine: _from_cosine},
    "cosine_onecycle_schedule": {OneCycle: _from_one_cycle},
    "linear_onecycle_schedule": {OneCycle: _from_linear_one_cycle},
    "warmup_cosine_decay_schedule": {Cosine: _from_warm_cosine},
    "warmup_exponential_decay_schedule": {Exponential: _from_warm_exponential},
    "join_schedules": {Sequence: _from_sequence},
    "reduce_on_plateau": {ReduceOnPlateau: _from_plateau},
}
