"""The schedules of Optax, `optax.schedules` and `optax.contrib.reduce_on_plateau`, 0.2.8.

Rates are absolute there. Without a base rate that of the arguments counts as factor 1: the peak
where there is a warm-up or a cycle, else `init_value` (`value`), or `end_value` where that is 0; of
joined schedules that of the first one that has any.

Optax counts steps in int32 and then computes schedules in float32, some 1e-7 off; these here are
what its formulas give in float64.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lrstudio.core.frameworks import schedules_optax_checks as check
from lrstudio.core.frameworks.schedules_entry import (
    Arguments,
    Entry,
    Required,
    Unfit,
    after_rise,
    given,
    level,
    listed,
    scaled,
    table,
    table_length,
    tabulated,
    whole,
)
from lrstudio.core.schedule import Schedule
from lrstudio.core.schedules.composed import Sequence
from lrstudio.core.schedules.cycles import OneCycle
from lrstudio.core.schedules.decays import Cosine, Exponential, Linear, Polynomial
from lrstudio.core.schedules.pieces import Piecewise
from lrstudio.core.schedules.plateau import ReduceOnPlateau
from lrstudio.core.validation import Refused, shown, validated

# --- decays --------------------------------------------------------------------------------------


def _constant(a: Arguments, base: float, steps: int | None) -> Schedule:
    return level(a.value / base)


def _polynomial(a: Arguments, base: float, steps: int | None) -> Schedule:
    if a.transition_steps <= 0:
        return level(a.init_value / base)
    start, end, length = a.init_value / base, a.end_value / base, whole(a.transition_steps)
    begin = whole(max(a.transition_begin, 0))
    if a.power == 1 and begin == 0:
        return Linear(start=start, end=end, length=length)
    power = float(a.power)
    return Polynomial(power=power, floor=end, length=length, start=start, begin=begin)


def _linear(a: Arguments, base: float, steps: int | None) -> Schedule:
    return _polynomial(Arguments(**vars(a), power=1), base, steps)


def _exponential(a: Arguments, base: float, steps: int | None) -> Schedule:
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


def _cosine(a: Arguments, base: float, steps: int | None) -> Schedule:
    wave = Cosine(floor=float(a.alpha), length=whole(a.decay_steps), power=float(a.exponent))
    return scaled(wave, a.init_value / base)


# --- pieces --------------------------------------------------------------------------------------


def _piecewise(a: Arguments, base: float, steps: int | None) -> Schedule:
    if not a.boundaries_and_scales:
        return level(a.init_value / base)
    x, scales = zip(*a.boundaries_and_scales, strict=True)
    y = np.cumprod([a.init_value / base, *scales]).tolist()
    # A boundary at 0 applies at once: the initial value stands before it.
    return Piecewise(points=tuple(zip((min(x[0], 0) - 1, *x), y, strict=True)))


def _interpolated(a: Arguments, base: float, steps: int | None) -> Schedule:
    if not a.boundaries_and_scales:
        return level(a.init_value / base)
    x, scales = zip(*a.boundaries_and_scales, strict=True)
    y = np.cumprod([a.init_value / base, *scales]).tolist()
    points = list(zip((0, *x), y, strict=True))
    # Of boundaries before the first step only the way from the last of them is seen.
    return Piecewise(points=tuple(points[1:] if x[0] <= 0 else points), shape=a.interpolate_type)


def _one_cycle(a: Arguments, base: float, steps: int | None) -> Schedule:
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
        return _interpolated(pieces, base, steps)
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


# --- warm-ups and sequences ----------------------------------------------------------------------


def _warmup_constant(a: Arguments, base: float, steps: int | None) -> Schedule:
    start, end = a.init_value / base, a.peak_value / base
    if a.warmup_steps <= 0:
        return level(start)
    return Linear(start=start, end=end, length=whole(a.warmup_steps))


def _warmup_cosine(a: Arguments, base: float, steps: int | None) -> Schedule:
    alpha = 0.0 if a.peak_value == 0 else a.end_value / a.peak_value
    length = a.decay_steps - a.warmup_steps
    body = Cosine(floor=alpha, length=whole(length), power=float(a.exponent))
    return _risen(a, body, base) if a.peak_value else _sunk(a, level(0.0), base)


def _warmup_exponential(a: Arguments, base: float, steps: int | None) -> Schedule:
    body = Arguments(**vars(a) | {"init_value": a.peak_value})
    if a.peak_value == 0:
        return _sunk(a, _exponential(body, base, steps), base)
    return _risen(a, _exponential(body, a.peak_value, steps), base)


def _risen(a: Arguments, body: Schedule, base: float) -> Schedule:
    """The body, which begins at the peak, after the rise to it."""
    rise = after_rise(body, a.init_value / a.peak_value, whole(a.warmup_steps))
    return scaled(rise, a.peak_value / base)


def _sunk(a: Arguments, body: Schedule, base: float) -> Schedule:
    """The same where the peak is 0, so that the warm-up goes down to it."""
    steps = whole(a.warmup_steps)
    line = Linear(start=a.init_value / base, end=0.0, length=max(steps, 1))
    return Sequence(parts=(line, body), boundaries=(steps,))


def _join(a: Arguments, base: float, steps: int | None) -> Schedule:
    # Optax pairs boundaries with the schedules after the first, and ignores what is left over.
    nodes = a.schedules[: len(a.boundaries) + 1]
    parts = [_built(node, f"schedules[{i}]", base, steps) for i, node in enumerate(nodes)]
    return Sequence(parts=tuple(parts), boundaries=tuple(a.boundaries[: len(parts) - 1]))


def _sgdr(a: Arguments, base: float, steps: int | None) -> Schedule:
    ends = np.cumsum([whole(cycle.decay_steps) for cycle in a.cosine_kwargs]).tolist()
    parts = tuple(_warmup_cosine(cycle, base, steps) for cycle in a.cosine_kwargs)
    return Sequence(parts=parts, boundaries=tuple(ends[:-1]))


def _built(node: Any, where: str, base: float, steps: int | None) -> Schedule:
    """A schedule inside another: a schedule of ours, a function of the step, or a call."""
    if isinstance(node, Schedule):
        return node
    if callable(node):
        count = table_length(steps, f"{where} is a function")
        return table([float(node(k)) / base for k in range(count)])
    name, arguments = node
    return TABLE[name].build(arguments, base, steps)


def _node(node: Any, where: str) -> Any:
    """The same with its arguments checked."""
    if isinstance(node, Schedule) or callable(node):
        return node
    if not isinstance(node, Mapping) or not isinstance(node.get("cls"), str):
        raise Unfit(f"{where}: expected a schedule, got {shown(node)}")
    name = node["cls"].rpartition(".")[2]
    if name not in TABLE or name == "reduce_on_plateau":
        raise Unfit(f"{where}: {shown(name)} is no schedule of Optax")
    try:
        arguments = given(TABLE[name].arguments, node.get("kwargs", {}))
        TABLE[name].check(arguments)
    except Unfit as unfit:
        raise Unfit(f"{where}.{unfit}") from None
    return name, arguments


def _plateau(a: Arguments, base: float, steps: int | None) -> Schedule:
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


def _check_join(a: Arguments) -> None:
    a.schedules = listed(a.schedules, "schedules")
    if not a.schedules:
        raise Unfit("schedules: expected at least one schedule, got none")
    a.schedules = [_node(node, f"schedules[{i}]") for i, node in enumerate(a.schedules)]
    a.boundaries = [whole(b) for b in listed(a.boundaries, "boundaries")]


def _check_sgdr(a: Arguments) -> None:
    cycles = check.listed_calls(a.cosine_kwargs)
    a.cosine_kwargs = []
    for i, arguments in enumerate(cycles):
        try:
            cycle = given(TABLE["warmup_cosine_decay_schedule"].arguments, arguments)
            check.warmup_cosine(cycle)
        except Unfit as unfit:
            raise Unfit(f"cosine_kwargs[{i}].{unfit}") from None
        a.cosine_kwargs.append(cycle)


# --- the rate that the arguments speak of --------------------------------------------------------


def _value(a: Arguments) -> float:
    return float(a.value)


def _first_or_last(a: Arguments) -> float:
    return float(a.init_value or getattr(a, "end_value", 0.0) or 0.0)


def _peak(a: Arguments) -> float:
    names = ("peak_value", "init_value", "end_value")
    return next((float(rate) for rate in (getattr(a, n, 0.0) for n in names) if rate), 0.0)


def _of_parts(a: Arguments) -> float:
    rates = (TABLE[node[0]].natural(node[1]) for node in a.schedules if isinstance(node, tuple))
    return next((rate for rate in rates if rate), 0.0)


def _of_cycles(a: Arguments) -> float:
    return next((rate for rate in map(_peak, a.cosine_kwargs) if rate), 0.0)


def _one(a: Arguments) -> float:
    return 1.0


# --- the table -----------------------------------------------------------------------------------

Build = Callable[[Arguments, float, int | None], Schedule]


def _entry(
    build: Build,
    natural: Callable[[Arguments], float],
    refuse: Callable[[Arguments], None] | None = None,
    **arguments: Any,
) -> Entry:
    def savable(a: Arguments, base: float, steps: int | None) -> Schedule:
        return tabulated(build(a, base, steps), steps)

    return Entry(arguments, savable, natural, refuse or check.are_numbers(*arguments))


_LINE: dict[str, Any] = {
    "init_value": Required,
    "end_value": Required,
    "transition_steps": Required,
    "transition_begin": 0,
}
_DECAY: dict[str, Any] = {
    "transition_steps": Required,
    "decay_rate": Required,
    "transition_begin": 0,
    "staircase": False,
    "end_value": None,
}
_CYCLE: dict[str, Any] = {
    "transition_steps": Required,
    "peak_value": Required,
    "pct_start": 0.3,
    "div_factor": 25.0,
    "final_div_factor": 1e4,
}

TABLE: dict[str, Entry] = {
    "constant_schedule": _entry(_constant, _value, value=Required),
    "polynomial_schedule": _entry(
        _polynomial,
        _first_or_last,
        power=Required,
        **_LINE,
    ),
    "linear_schedule": _entry(_linear, _first_or_last, **_LINE),
    "piecewise_constant_schedule": _entry(
        _piecewise,
        _first_or_last,
        check.pieces,
        init_value=Required,
        boundaries_and_scales=None,
    ),
    "piecewise_interpolate_schedule": _entry(
        _interpolated,
        _first_or_last,
        check.pieces,
        interpolate_type=Required,
        init_value=Required,
        boundaries_and_scales=None,
    ),
    "exponential_decay": _entry(
        _exponential,
        _first_or_last,
        check.exponential,
        init_value=Required,
        **_DECAY,
    ),
    "cosine_decay_schedule": _entry(
        _cosine,
        _first_or_last,
        check.cosine,
        init_value=Required,
        decay_steps=Required,
        alpha=0.0,
        exponent=1.0,
    ),
    "linear_onecycle_schedule": _entry(
        _one_cycle,
        _peak,
        check.one_cycle,
        pct_final=0.85,
        **_CYCLE,
    ),
    "cosine_onecycle_schedule": _entry(
        _one_cycle,
        _peak,
        check.one_cycle,
        **_CYCLE,
    ),
    "warmup_constant_schedule": _entry(
        _warmup_constant, _peak, init_value=Required, peak_value=Required, warmup_steps=Required
    ),
    "warmup_cosine_decay_schedule": _entry(
        _warmup_cosine,
        _peak,
        check.warmup_cosine,
        init_value=Required,
        peak_value=Required,
        warmup_steps=Required,
        decay_steps=Required,
        end_value=0.0,
        exponent=1.0,
    ),
    "warmup_exponential_decay_schedule": _entry(
        _warmup_exponential,
        _peak,
        check.exponential,
        init_value=Required,
        peak_value=Required,
        warmup_steps=Required,
        **_DECAY,
    ),
    "sgdr_schedule": _entry(_sgdr, _of_cycles, _check_sgdr, cosine_kwargs=Required),
    "join_schedules": _entry(
        _join, _of_parts, _check_join, schedules=Required, boundaries=Required
    ),
    "reduce_on_plateau": _entry(
        _plateau,
        _one,
        check.plateau,
        factor=0.1,
        patience=10,
        rtol=1e-4,
        atol=0.0,
        cooldown=0,
        accumulation_size=1,
        min_scale=0.0,
    ),
}
