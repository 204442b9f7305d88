"""Schedules of ours as calls of PyTorch, Optax and Keras: the way back of the tables.

    schedule_to_framework("torch", Step(step_size=30), base_lr=0.1, steps=90)

A class that may be a schedule has arguments for it (`WRITES`). Whether it gives the same rates is
found out by reading the call again, so that what is written is right or is not written at all.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from msgspec.structs import replace

from lrstudio.core.arrays import Array
from lrstudio.core.frameworks import (
    schedules_keras,
    schedules_optax_forms,
    schedules_torch_forms,
)
from lrstudio.core.frameworks.schedules import TABLES, schedule_from_framework
from lrstudio.core.frameworks.schedules_entry import Call, Inside, Unfit, Writes
from lrstudio.core.schedule import Schedule, Warmup
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
from lrstudio.core.schedules.restarts import CosineRestarts
from lrstudio.core.validation import Refused

WRITES: Mapping[str, Writes] = MappingProxyType(
    {
        "torch": schedules_torch_forms.WRITES,
        "optax": schedules_optax_forms.WRITES,
        "keras": schedules_keras.WRITES,
    }
)
"""By framework and name: the schedules that the framework's may be."""

NOTES: Mapping[tuple[str, type[Schedule]], str] = MappingProxyType(
    {
        ("ConstantLR", Constant): "With factor = 1.",
        ("ExponentialLR", Exponential): "A factor for each step.",
        ("StepLR", Exponential): "In stairs.",
        ("PolynomialLR", Polynomial): "From the full rate down to 0.",
        ("CosineAnnealingLR", Cosine): "Rises again after T_max.",
        ("CosineAnnealingWarmRestarts", CosineRestarts): "T_mult is whole, peaks stay as high.",
        ("exponential_decay", Step): "With staircase = True.",
        ("cosine_onecycle_schedule", OneCycle): "Two phases, half cosine waves.",
        ("linear_onecycle_schedule", OneCycle): "Three phases, straight lines.",
        ("warmup_cosine_decay_schedule", Cosine): "With a warm-up, which decay_steps include.",
        ("warmup_exponential_decay_schedule", Exponential): "With a warm-up.",
        ("ExponentialDecay", Step): "With staircase = True.",
        ("PiecewiseConstantDecay", MultiStep): "Changes one step after each of its boundaries.",
        ("PiecewiseConstantDecay", Piecewise): "Changes one step after each of its boundaries.",
        ("CosineDecay", Cosine): "With a warm-up where it has a warmup_target.",
        ("CosineDecayRestarts", CosineRestarts): (
            "May restart a step late unless t_mul is 1 or 2, and is written for these alone."
        ),
    }
)
"""What a class is of a schedule, where it is not the whole of it or another thing as well."""

_FIRST, _ALL = 300, 1500
"""Steps that are compared: the first ones, and as many over the whole run."""
_SAME = 1e-9


def schedule_to_framework(framework: str, schedule: Schedule, base_lr: float, steps: int) -> Call:
    """The framework's call for a schedule: its name and what differs from its defaults.

    It gives the rates of the schedule times `base_lr` in a run of `steps`. A schedule inside
    another is `{"cls": name, "kwargs": arguments}`. Raises `Refused` where the framework has no
    such schedule.
    """
    for same in _ways_to_say(schedule, steps):
        for call in _calls(framework, same, base_lr, steps):
            if _is_same(framework, call, schedule, base_lr, steps):
                return call
    name = type(schedule).__name__
    raise Refused(f"{framework} has no schedule of its own that gives these rates ({name})")


def names_of(framework: str, cls: type[Schedule]) -> tuple[str, ...]:
    """The framework's schedules that a schedule of ours may be."""
    return tuple(name for name, writes in WRITES[framework].items() if cls in writes)


def _ways_to_say(schedule: Schedule, steps: int) -> Iterator[Schedule]:
    """What gives the same factors in a run of some steps, the schedule itself included."""
    rise = schedule.warmup
    if rise and rise.shape == "linear" and not schedule.listens:
        yield from _after_a_line(schedule, rise, steps)
        return
    yield schedule
    if isinstance(schedule, Cosine) and schedule.length is not None and rise is None:
        parts = (replace(schedule, length=None), ConstantFactor(factor=schedule.floor))
        yield Sequence(parts=parts, boundaries=(schedule.length,))


def _after_a_line(schedule: Schedule, rise: Warmup, steps: int) -> Iterator[Schedule]:
    """A straight warm-up is a line of its own where no class draws it."""
    line, span = Linear(start=rise.start, end=1.0, length=rise.steps), steps - rise.steps
    if isinstance(schedule, Constant) or span <= 0:
        yield line
        return
    yield schedule
    for body in _ways_to_say(replace(schedule, warmup=None), span):
        inside = body.stretches(span) if isinstance(body, Sequence) else [(body, 0, span)]
        yield Sequence(
            parts=(line, *(part for part, _, _ in inside)),
            boundaries=tuple(rise.steps + start for _, start, _ in inside),
        )


def _calls(framework: str, schedule: Schedule, base: float, steps: int) -> Iterator[Call]:
    """The calls that come nearest, one for each class that the schedule may be."""
    span = steps - (schedule.warmup.steps if schedule.warmup else 0)
    for name in names_of(framework, type(schedule)):
        try:
            arguments = WRITES[framework][name][type(schedule)](schedule, base, span)
            told = {n: _told(framework, value, base) for n, value in arguments.items()}
        except (ArithmeticError, Refused, Unfit):
            continue
        defaults = TABLES[framework][name].arguments
        yield Call(name, {n: v for n, v in told.items() if n not in defaults or v != defaults[n]})


def _told(framework: str, value: Any, base: float) -> Any:
    """An argument: schedules in it as calls, numbers without what rounding adds to them."""
    match value:
        case float():
            return float(f"{value:.15g}")
        case dict():
            return {key: _told(framework, entry, base) for key, entry in value.items()}
        case Inside(schedule, steps):
            call = schedule_to_framework(framework, schedule, base, steps)
            return {"cls": call.name, "kwargs": call.arguments}
        case list():
            return [_told(framework, entry, base) for entry in value]
    return value


def _is_same(framework: str, call: Call, schedule: Schedule, base: float, steps: int) -> bool:
    try:
        read = schedule_from_framework(framework, call.name, call.arguments, base, steps)
    except (ArithmeticError, Refused):
        return False
    if schedule.listens:
        return _parameters(read) == _parameters(schedule)
    places = np.unique([*range(min(steps, _FIRST)), *np.linspace(0, steps - 1, _ALL).astype(int)])
    momenta = read.momentum_at(places, steps), schedule.momentum_at(places, steps)
    with np.errstate(all="ignore"):
        factors = read.at(places, steps), schedule.at(places, steps)
        return _are_close(*factors) and _are_close(*momenta)


def _are_close(one: Array | None, other: Array | None) -> bool:
    if one is None or other is None:
        return one is other
    size = max(float(np.max(np.abs(other), initial=0.0)), 1e-300)
    return bool(np.all(np.abs(one - other) <= _SAME * np.maximum(np.abs(other), 1e-3 * size)))


def _parameters(schedule: Schedule) -> list[Any]:
    """The numbers of a schedule, but for their last digits."""
    values = [getattr(schedule, name) for name in schedule.__struct_fields__]
    return [float(f"{v:.12g}") if isinstance(v, float) else v for v in values]
