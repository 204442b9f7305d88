"""The learning rate of a program for Keras: one of its schedules, or a class with a formula."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from lrstudio.core import FRAMEWORKS, Modifier, Schedule, identifier
from lrstudio.storage.snippets import comments
from lrstudio.storage.snippets.formulas import Vocabulary, translated
from lrstudio.storage.snippets.layout import assignment, call, indented, laid_out, literal
from lrstudio.storage.snippets.parts import (
    OwnSchedule,
    Rate,
    Written,
    has_plain_rise,
    own_schedule,
    span_of,
    without_warmup,
)

KERAS = FRAMEWORKS["keras"]
_SCHEDULES = "keras.optimizers.schedules."
_NAMES = ("cos", "exp", "sqrt", "floor", "log", "minimum", "maximum", "where")
_OPS = Vocabulary({**{name: f"ops.{name}" for name in _NAMES}, "pi": "math.pi"}, has_arrays=True)


def rate(
    schedule: Schedule, steps: int, found: Written, modifiers: Sequence[Modifier] = ()
) -> Rate:
    """The schedule, as one of Keras' own or as a class with a formula."""
    if identifier(type(schedule)) == "constant" and schedule.warmup is None:
        return Rate()
    if found.rate_name is None:
        return Rate(remarks=(comments.not_in(KERAS, "the schedule", "The rule takes none"),))
    base, every = found.rate, _pace(modifiers)
    own = _own(schedule, base, steps) if every == 1 else None
    if own is not None:
        return Rate((assignment("schedule", own),), "schedule")
    formula = schedule.expression(steps)
    if formula is None:
        return Rate(remarks=(comments.not_in(KERAS, *comments.without_formula(schedule)),))
    return Rate((_class(formula, base, every),), "Schedule()")


def _pace(modifiers: Sequence[Any]) -> int:
    """Steps for one update, where gradients are gathered; Keras' schedules count updates."""
    gathering = [m.every for m in modifiers if identifier(type(m)) == "accumulate"]
    return int(math.prod(gathering))


def _class(formula: str, base: float, every: int) -> str:
    """A formula as a schedule of Keras."""
    doc = '"""The learning rate of step k, from 0."""'
    cast = "k = ops.cast(step, keras.config.floatx())"
    lines = [doc, "", "def __call__(self, step):", f"    {cast}"]
    if every > 1:
        lines.append(f"    k = {every} * k + {every - 1}  # the schedule counts every gradient")
    lines += indented([laid_out(f"return {literal(base)} * ", translated(formula, _OPS))])
    lines += ["", "def get_config(self):", "    return {}"]
    head = f"class Schedule({_SCHEDULES}LearningRateSchedule):"
    return "\n".join([f"\n\n{head}", *indented(lines), "\n"])


def _own(schedule: Schedule, base: float, steps: int) -> str | None:
    """A schedule of Keras that gives exactly these rates."""
    if schedule.warmup is None:
        return own_schedule(schedule, base, steps, _OWN)
    if not has_plain_rise(schedule, steps) or identifier(type(schedule)) != "cosine":
        return None
    body: Any = without_warmup(schedule)
    rise = {"warmup_target": base, "warmup_steps": schedule.warmup.steps}
    start = base * schedule.warmup.start
    return _cosine_from(start, body, span_of(schedule, steps), rise)


def _length(schedule: Any, span: int) -> int:
    return int(schedule.length or max(span, 1))


def _step(schedule: Any, base: float, span: int) -> str | None:
    return _decay(base, schedule.step_size, schedule.gamma, is_staircase=True)


def _exponential(schedule: Any, base: float, span: int) -> str | None:
    gamma = schedule.gamma if schedule.form == "gamma" else math.exp(-schedule.rate)
    return _decay(base, schedule.decay_steps, gamma, is_staircase=schedule.staircase)


def _decay(base: float, period: int, gamma: float, *, is_staircase: bool) -> str:
    stairs = {"staircase": True} if is_staircase else {}
    name = f"{_SCHEDULES}ExponentialDecay"
    return call(name, base, decay_steps=period, decay_rate=gamma, **stairs)


def _linear(schedule: Any, base: float, span: int) -> str | None:
    name = f"{_SCHEDULES}PolynomialDecay"
    ends = {"end_learning_rate": base * schedule.end}
    return call(name, base * schedule.start, decay_steps=_length(schedule, span), **ends)


def _polynomial(schedule: Any, base: float, span: int) -> str | None:
    return call(
        f"{_SCHEDULES}PolynomialDecay",
        base,
        decay_steps=_length(schedule, span),
        end_learning_rate=base * schedule.floor,
        power=schedule.power,
    )


def _cosine(schedule: Any, base: float, span: int) -> str | None:
    return _cosine_from(base, schedule, span, {})


def _cosine_from(start: float, schedule: Any, span: int, rise: Mapping[str, Any]) -> str:
    floor = {"alpha": schedule.floor} if schedule.floor else {}
    length = _length(schedule, span)
    return call(f"{_SCHEDULES}CosineDecay", start, decay_steps=length, **floor, **rise)


def _inverse_time(schedule: Any, base: float, span: int) -> str | None:
    stairs = {"staircase": True} if schedule.staircase else {}
    name = f"{_SCHEDULES}InverseTimeDecay"
    return call(name, base, schedule.decay_steps, schedule.rate, **stairs)


_OWN: Mapping[str, OwnSchedule] = {
    "step": _step,
    "exponential": _exponential,
    "linear": _linear,
    "polynomial": _polynomial,
    "cosine": _cosine,
    "inverse_time": _inverse_time,
}
