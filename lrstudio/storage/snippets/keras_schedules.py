"""The learning rate of a program for Keras: one of its schedules, or a class with a formula."""

import math
from typing import Any

from lrstudio.core import FRAMEWORKS, Schedule
from lrstudio.core.frameworks.schedules_entry import Call
from lrstudio.storage.snippets import comments
from lrstudio.storage.snippets.formulas import Vocabulary, translated
from lrstudio.storage.snippets.layout import assignment, call, indented, laid_out
from lrstudio.storage.snippets.own_schedules import Proposals, own_call
from lrstudio.storage.snippets.parts import (
    Rate,
    Written,
    formula_of,
    has_plain_rise,
    is_plain,
    span_of,
)

KERAS = FRAMEWORKS["keras"]
_SCHEDULES = "keras.optimizers.schedules."
_NAMES = ("cos", "exp", "sqrt", "floor", "log", "minimum", "maximum", "where")
_OPS = Vocabulary({**{name: f"ops.{name}" for name in _NAMES}, "pi": "math.pi"}, has_arrays=True)


def rate(schedule: Schedule, steps: int, found: Written) -> Rate:
    """The schedule, as one of Keras' own or as a class with a formula."""
    if is_plain(schedule) and schedule.warmup is None:
        return Rate()
    if found.rate_name is None:
        return Rate(remarks=(comments.not_in(KERAS, "the schedule", "The rule takes none"),))
    base = found.rate
    if schedule.listens:
        callback = _plateau(schedule, base)
        remark = comments.not_in(KERAS, "the schedule", _OTHER_PLATEAU)
        return Rate(callback=callback) if callback else Rate(remarks=(remark,))
    own = _own(schedule, base, steps)
    if own is not None:
        return Rate((assignment("schedule", own),), "schedule")
    formula, remarks = formula_of(schedule, steps, KERAS)
    if formula is None:
        return Rate(remarks=remarks)
    return Rate((_class(formula, base),), "Schedule()", remarks)


_OTHER_PLATEAU = (
    "keras.callbacks.ReduceLROnPlateau counts in another way: it reduces at so many bad losses, "
    "not beyond them, has an absolute threshold only, no warm-up, and a cooldown one shorter"
)


def _plateau(schedule: Any, base: float) -> str | None:
    """The callback, where it reduces the rate at the same steps."""
    same: dict[str, Any] = {"patience_rule": "at", "acts": "next", "rtol": 0, "warmup": None}
    same |= {"cooldown": 0, "accumulation": 1, "least_change": 0}
    is_same = all(getattr(schedule, name) == value for name, value in same.items())
    if not is_same or schedule.patience < 1:
        return None
    return call(
        "keras.callbacks.ReduceLROnPlateau",
        monitor="loss",
        factor=schedule.factor,
        patience=schedule.patience,
        **({} if schedule.mode == "min" else {"mode": "max"}),
        min_delta=schedule.atol,
        **({"min_lr": base * schedule.floor} if schedule.floor else {}),
    )


def _class(formula: str, base: float) -> str:
    """A formula as a schedule of Keras."""
    doc = '"""The learning rate of step k, from 0."""'
    cast = "k = ops.cast(step, keras.config.floatx())"
    lines = [doc, "", "def __call__(self, step):", f"    {cast}"]
    made = laid_out("return ", translated(f"{base!r} * ({formula})", _OPS), indent=2)
    ending = ["", "def get_config(self):", "    return {}"]
    head = f"class Schedule({_SCHEDULES}LearningRateSchedule):"
    return "\n".join([f"\n\n{head}", *indented(lines), made, *indented(ending), "\n"])


def _own(schedule: Schedule, base: float, steps: int) -> str | None:
    """A schedule of Keras that gives exactly these rates."""
    span = span_of(schedule, steps) if schedule.warmup else steps
    found = own_call(KERAS.id, schedule, base, max(span, 1), _PROPOSALS)
    if found is None:
        return None
    if schedule.warmup is None:
        return _schedule(found)
    if found.name != "CosineDecay" or not has_plain_rise(schedule, steps):
        return None
    rise = {"warmup_target": base, "warmup_steps": schedule.warmup.steps}
    start = {"initial_learning_rate": base * schedule.warmup.start}
    return _schedule(Call(found.name, found.arguments | start | rise))


def _schedule(found: Call) -> str:
    return call(f"{_SCHEDULES}{found.name}", **found.arguments)


# --- proposals; those that do not fit are dropped -------------------------------------------


def _length(schedule: Any, span: int) -> int:
    return int(schedule.length or max(span, 1))


def _step(schedule: Any, base: float, span: int) -> Call:
    decay = {"decay_steps": schedule.step_size, "decay_rate": schedule.gamma}
    return Call("ExponentialDecay", {**_from(base), **decay, "staircase": True})


def _exponential(schedule: Any, base: float, span: int) -> Call:
    gamma = schedule.gamma if schedule.form == "gamma" else math.exp(-schedule.rate)
    decay = {"decay_steps": schedule.decay_steps, "decay_rate": gamma}
    return Call("ExponentialDecay", {**_from(base), **decay, "staircase": schedule.staircase})


def _multi_step(schedule: Any, base: float, span: int) -> Call:
    turns = sorted(set(schedule.milestones))
    passed = [0, *(sum(m <= turn for m in schedule.milestones) for turn in turns)]
    values = [base * schedule.gamma**count for count in passed]
    # A boundary is the last step before the change.
    return Call(
        "PiecewiseConstantDecay", {"boundaries": [turn - 1 for turn in turns], "values": values}
    )


def _linear(schedule: Any, base: float, span: int) -> Call:
    end = {"end_learning_rate": base * schedule.end}
    start = _from(base * schedule.start)
    return Call("PolynomialDecay", {**start, "decay_steps": _length(schedule, span), **end})


def _polynomial(schedule: Any, base: float, span: int) -> Call:
    return Call(
        "PolynomialDecay",
        {
            **_from(base * schedule.start),
            "decay_steps": _length(schedule, span),
            "end_learning_rate": base * schedule.floor,
            "power": schedule.power,
            "cycle": schedule.cycle,
        },
    )


def _cosine(schedule: Any, base: float, span: int) -> Call:
    length = {"decay_steps": _length(schedule, span)}
    return Call("CosineDecay", {**_from(base), **length, "alpha": schedule.floor})


def _inverse_time(schedule: Any, base: float, span: int) -> Call:
    decay = {"decay_steps": schedule.decay_steps, "decay_rate": schedule.rate}
    return Call("InverseTimeDecay", {**_from(base), **decay, "staircase": schedule.staircase})


def _from(rate: float) -> dict[str, Any]:
    return {"initial_learning_rate": rate}


_PROPOSALS: Proposals = {
    "step": (_step,),
    "exponential": (_exponential,),
    "multi_step": (_multi_step,),
    "linear": (_linear,),
    "polynomial": (_polynomial,),
    "cosine": (_cosine,),
    "inverse_time": (_inverse_time,),
}
