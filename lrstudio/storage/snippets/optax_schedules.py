"""The learning rate of a program for Optax: one of its schedules, or a function with a formula."""

import math
from collections.abc import Sequence
from typing import Any

from lrstudio.core import FRAMEWORKS, Modifier, Schedule, identifier
from lrstudio.core.frameworks.schedules_entry import Call
from lrstudio.storage.snippets import comments
from lrstudio.storage.snippets.formulas import Vocabulary, translated
from lrstudio.storage.snippets.layout import Code, assignment, call, indented, laid_out
from lrstudio.storage.snippets.own_schedules import Proposals, own_call
from lrstudio.storage.snippets.parts import (
    Rate,
    Written,
    formula_of,
    has_plain_rise,
    is_plain,
    span_of,
)

OPTAX = FRAMEWORKS["optax"]
_NAMES = ("cos", "exp", "sqrt", "floor", "log", "pi", "minimum", "maximum", "where")
_JAX = Vocabulary({name: f"jnp.{name}" for name in _NAMES}, has_arrays=True)


_WITHOUT_SCHEDULE = ("optax.rprop",)
"""For these the learning rate is the first step alone."""


def rate(
    schedule: Schedule, steps: int, found: Written, modifiers: Sequence[Modifier] = ()
) -> Rate:
    """The schedule, as one of Optax' own or as a function."""
    if is_plain(schedule) and schedule.warmup is None:
        return Rate()
    if found.rate_name != "learning_rate" or found.name in _WITHOUT_SCHEDULE:
        return Rate(remarks=(comments.not_in(OPTAX, "the schedule", "The rule takes none"),))
    base = found.rate
    every = _pace(modifiers)
    if schedule.listens and schedule.warmup is None:
        heard = own_call(OPTAX.id, schedule, base, steps, _PROPOSALS)
        if heard and every == 1:
            return Rate(behind=call(f"optax.contrib.{heard.name}", **heard.arguments))
    own = None
    if every == 1 and not schedule.listens:
        own = _own(schedule, base, steps)
    if own is not None:
        return Rate((assignment("schedule", own),), "schedule")
    formula, remarks = formula_of(schedule, steps, OPTAX)
    if formula is None:
        return Rate(remarks=remarks)
    return Rate((function(formula, base, every),), "schedule", remarks)


def _pace(modifiers: Sequence[Any]) -> int:
    """Gradients for one update; Optax' schedules count updates, ours gradients."""
    paces = {"accumulate": "every", "sam": "sync_period"}
    names = [(modifier, paces.get(identifier(type(modifier)))) for modifier in modifiers]
    return math.prod(int(getattr(modifier, name)) for modifier, name in names if name)


def function(formula: str, base: float, every: int = 1) -> str:
    """A formula as a function of the number of updates so far."""
    doc = '"""The learning rate of update k, from 0."""'
    argument, lines = "k", [doc]
    if every > 1:
        argument = "step"
        lines.append(f"k = {every} * step + {every - 1}  # every gradient counts")
    made = laid_out("return ", translated(f"{base!r} * ({formula})", _JAX), indent=1)
    return "\n".join([f"\n\ndef schedule({argument}):", *indented(lines), made, "\n"])


def _own(schedule: Schedule, base: float, steps: int) -> str | None:
    """A schedule of Optax that gives exactly these rates."""
    if schedule.warmup is None:
        found = own_call(OPTAX.id, schedule, base, steps, _PROPOSALS)
        return _schedule(found) if found else None
    if not has_plain_rise(schedule, steps):
        return None
    rise, start = schedule.warmup.steps, base * schedule.warmup.start
    ends = {"init_value": start, "end_value": base, "transition_steps": rise}
    line = _schedule(Call("linear_schedule", ends))
    if is_plain(schedule):
        return line
    body = own_call(OPTAX.id, schedule, base, span_of(schedule, steps), _PROPOSALS)
    if body is None:
        return None
    parts = Code(f"[{line}, {_schedule(body)}]")
    return call("optax.join_schedules", parts, boundaries=[rise])


def _schedule(found: Call) -> str:
    return call(f"optax.{found.name}", **found.arguments)


# --- proposals; those that do not fit are dropped -------------------------------------------


def _length(schedule: Any, span: int) -> int:
    return int(schedule.length or max(span, 1))


def _step(schedule: Any, base: float, span: int) -> Call:
    decay = {"transition_steps": schedule.step_size, "decay_rate": schedule.gamma}
    return Call("exponential_decay", {"init_value": base, **decay, "staircase": True})


def _exponential(schedule: Any, base: float, span: int) -> Call:
    gamma = schedule.gamma if schedule.form == "gamma" else math.exp(-schedule.rate)
    return Call(
        "exponential_decay",
        {
            "init_value": base,
            "transition_steps": schedule.decay_steps,
            "decay_rate": gamma,
            "transition_begin": schedule.begin,
            "staircase": schedule.staircase,
            "end_value": base * schedule.end or None,
        },
    )


def _multi_step(schedule: Any, base: float, span: int) -> Call:
    turns = sorted(schedule.milestones)
    scales = {turn: schedule.gamma ** turns.count(turn) for turn in turns}
    arguments = {"init_value": base, "boundaries_and_scales": scales}
    return Call("piecewise_constant_schedule", arguments)


def _linear(schedule: Any, base: float, span: int) -> Call:
    ends = {"init_value": base * schedule.start, "end_value": base * schedule.end}
    return Call("linear_schedule", {**ends, "transition_steps": _length(schedule, span)})


def _polynomial(schedule: Any, base: float, span: int) -> Call:
    return Call(
        "polynomial_schedule",
        {
            "init_value": base * schedule.start,
            "end_value": base * schedule.floor,
            "power": schedule.power,
            "transition_steps": _length(schedule, span - schedule.begin),
            "transition_begin": schedule.begin,
        },
    )


def _cosine(schedule: Any, base: float, span: int) -> Call:
    shape = {"alpha": schedule.floor, "exponent": schedule.power}
    arguments = {"init_value": base, "decay_steps": _length(schedule, span), **shape}
    return Call("cosine_decay_schedule", arguments)


def _one_cycle(schedule: Any, base: float, span: int) -> Call:
    kind = "cosine" if schedule.shape == "cosine" else "linear"
    back = {"pct_final": schedule.back} if kind == "linear" else {}
    return Call(
        f"{kind}_onecycle_schedule",
        {
            "transition_steps": _length(schedule, span),
            "peak_value": base,
            "pct_start": schedule.peak,
            **back,
            "div_factor": 1 / schedule.start,
            "final_div_factor": schedule.start / schedule.end,
        },
    )


def _plateau(schedule: Any, base: float, span: int) -> Call:
    return Call(
        "reduce_on_plateau",
        {
            "factor": schedule.factor,
            "patience": schedule.patience,
            "rtol": schedule.rtol,
            "atol": schedule.atol,
            "cooldown": schedule.cooldown,
            "accumulation_size": schedule.accumulation,
            "min_scale": schedule.floor,
        },
    )


_PROPOSALS: Proposals = {
    "step": (_step,),
    "multi_step": (_multi_step,),
    "exponential": (_exponential,),
    "linear": (_linear,),
    "polynomial": (_polynomial,),
    "cosine": (_cosine,),
    "one_cycle": (_one_cycle,),
    "reduce_on_plateau": (_plateau,),
}
