"""The learning rate of a program for Optax: one of its schedules, or a function with a formula."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from lrstudio.core import FRAMEWORKS, Modifier, Schedule, identifier
from lrstudio.storage.snippets import comments
from lrstudio.storage.snippets.formulas import Vocabulary, translated
from lrstudio.storage.snippets.layout import Code, assignment, call, indented, laid_out, literal
from lrstudio.storage.snippets.parts import (
    OwnSchedule,
    Rate,
    Written,
    has_plain_rise,
    own_schedule,
    span_of,
    without_warmup,
)

OPTAX = FRAMEWORKS["optax"]
_NAMES = ("cos", "exp", "sqrt", "floor", "log", "pi", "minimum", "maximum", "where")
_JAX = Vocabulary({name: f"jnp.{name}" for name in _NAMES}, has_arrays=True)


def rate(
    schedule: Schedule, steps: int, found: Written, modifiers: Sequence[Modifier] = ()
) -> Rate:
    """The schedule, as one of Optax' own or as a function."""
    if identifier(type(schedule)) == "constant" and schedule.warmup is None:
        return Rate()
    if found.rate_name is None or not found.rate_name.endswith("learning_rate"):
        return Rate(remarks=(comments.not_in(OPTAX, "the schedule", "The rule takes none"),))
    base = found.rate
    every = _pace(modifiers)
    own = _own(schedule, base, steps) if every == 1 else None
    if own is not None:
        return Rate((assignment("schedule", own),), "schedule")
    formula = schedule.expression(steps)
    if formula is None:
        return Rate(remarks=(comments.not_in(OPTAX, *comments.without_formula(schedule)),))
    return Rate((function(formula, base, every),), "schedule")


def _pace(modifiers: Sequence[Any]) -> int:
    """Steps for one update, where gradients are gathered; Optax' schedules count updates."""
    every = 1
    for modifier in modifiers:
        every *= modifier.every if identifier(type(modifier)) == "accumulate" else 1
    return every


def function(formula: str, base: float, every: int = 1) -> str:
    """A formula as a function of the number of updates so far."""
    doc = '"""The learning rate of update k, from 0."""'
    argument, lines = "k", [doc]
    if every > 1:
        argument = "step"
        lines.append(f"k = {every} * step + {every - 1}  # the schedule counts every gradient")
    lines.append(laid_out(f"return {literal(base)} * ", translated(formula, _JAX)))
    return "\n".join([f"\n\ndef schedule({argument}):", *indented(lines), "\n"])


def _own(schedule: Schedule, base: float, steps: int) -> str | None:
    """A schedule of Optax that gives exactly these rates."""
    if schedule.warmup is None:
        return own_schedule(schedule, base, steps, _OWN)
    if not has_plain_rise(schedule, steps):
        return None
    rise, start = schedule.warmup.steps, base * schedule.warmup.start
    line = call("optax.linear_schedule", start, base, transition_steps=rise)
    if identifier(type(schedule)) == "constant":
        return line
    body = own_schedule(without_warmup(schedule), base, span_of(schedule, steps), _OWN)
    if body is None:
        return None
    return call("optax.join_schedules", Code(f"[{line}, {body}]"), boundaries=Code(f"[{rise}]"))


def _length(schedule: Any, span: int) -> int:
    return int(schedule.length or max(span, 1))


def _step(schedule: Any, base: float, span: int) -> str | None:
    return _decay(base, schedule.step_size, schedule.gamma, is_staircase=True)


def _exponential(schedule: Any, base: float, span: int) -> str | None:
    gamma = schedule.gamma if schedule.form == "gamma" else math.exp(-schedule.rate)
    return _decay(base, schedule.decay_steps, gamma, is_staircase=schedule.staircase)


def _decay(base: float, period: int, gamma: float, *, is_staircase: bool) -> str:
    stairs = {"staircase": True} if is_staircase else {}
    return call(
        "optax.exponential_decay", base, transition_steps=period, decay_rate=gamma, **stairs
    )


def _multi_step(schedule: Any, base: float, span: int) -> str | None:
    turns = sorted(schedule.milestones)
    scales = {turn: schedule.gamma ** turns.count(turn) for turn in turns}
    return call("optax.piecewise_constant_schedule", base, scales)


def _linear(schedule: Any, base: float, span: int) -> str | None:
    ends = (base * schedule.start, base * schedule.end)
    return call("optax.linear_schedule", *ends, transition_steps=_length(schedule, span))


def _polynomial(schedule: Any, base: float, span: int) -> str | None:
    return call(
        "optax.polynomial_schedule",
        base,
        base * schedule.floor,
        power=schedule.power,
        transition_steps=_length(schedule, span),
    )


def _cosine(schedule: Any, base: float, span: int) -> str | None:
    floor = {"alpha": schedule.floor} if schedule.floor else {}
    length = _length(schedule, span)
    return call("optax.cosine_decay_schedule", base, decay_steps=length, **floor)


_OWN: Mapping[str, OwnSchedule] = {
    "step": _step,
    "multi_step": _multi_step,
    "exponential": _exponential,
    "linear": _linear,
    "polynomial": _polynomial,
    "cosine": _cosine,
}
