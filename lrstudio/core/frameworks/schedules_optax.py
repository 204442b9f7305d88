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
from lrstudio.core.frameworks import schedules_optax_forms as form
from lrstudio.core.frameworks.schedules_entry import (
    Arguments,
    Entry,
    Required,
    Unfit,
    given,
    listed,
    table,
    table_length,
    tabulated,
    whole,
)
from lrstudio.core.schedule import Schedule
from lrstudio.core.schedules.composed import Sequence
from lrstudio.core.validation import shown

# --- sequences ----------------------------------------------------------------------------------


def _join(a: Arguments, base: float, steps: int | None) -> Schedule:
    # Optax pairs boundaries with the schedules after the first, and ignores what is left over.
    nodes = a.schedules[: len(a.boundaries) + 1]
    parts = [_built(node, f"schedules[{i}]", base, steps) for i, node in enumerate(nodes)]
    return Sequence(parts=tuple(parts), boundaries=tuple(a.boundaries[: len(parts) - 1]))


def _sgdr(a: Arguments, base: float, steps: int | None) -> Schedule:
    ends = np.cumsum([whole(cycle.decay_steps) for cycle in a.cosine_kwargs]).tolist()
    parts = tuple(form.warmup_cosine(cycle, base, steps) for cycle in a.cosine_kwargs)
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
    "constant_schedule": _entry(form.constant, _value, value=Required),
    "polynomial_schedule": _entry(
        form.polynomial,
        _first_or_last,
        power=Required,
        **_LINE,
    ),
    "linear_schedule": _entry(form.linear, _first_or_last, **_LINE),
    "piecewise_constant_schedule": _entry(
        form.piecewise,
        _first_or_last,
        check.pieces,
        init_value=Required,
        boundaries_and_scales=None,
    ),
    "piecewise_interpolate_schedule": _entry(
        form.interpolated,
        _first_or_last,
        check.pieces,
        interpolate_type=Required,
        init_value=Required,
        boundaries_and_scales=None,
    ),
    "exponential_decay": _entry(
        form.exponential,
        _first_or_last,
        check.exponential,
        init_value=Required,
        **_DECAY,
    ),
    "cosine_decay_schedule": _entry(
        form.cosine,
        _first_or_last,
        check.cosine,
        init_value=Required,
        decay_steps=Required,
        alpha=0.0,
        exponent=1.0,
    ),
    "linear_onecycle_schedule": _entry(
        form.one_cycle,
        _peak,
        check.one_cycle,
        **_CYCLE,
        pct_final=0.85,
    ),
    "cosine_onecycle_schedule": _entry(
        form.one_cycle,
        _peak,
        check.one_cycle,
        **_CYCLE,
    ),
    "warmup_constant_schedule": _entry(
        form.warmup_constant, _peak, init_value=Required, peak_value=Required, warmup_steps=Required
    ),
    "warmup_cosine_decay_schedule": _entry(
        form.warmup_cosine,
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
        form.warmup_exponential,
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
        form.plateau,
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
