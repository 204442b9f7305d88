"""The learning rate of a program for PyTorch: a scheduler, its own or one with a formula."""

import math
from collections.abc import Mapping
from typing import Any

from lrstudio.core import FRAMEWORKS, Schedule, identifier
from lrstudio.storage.snippets import comments
from lrstudio.storage.snippets.formulas import PYTHON, branches
from lrstudio.storage.snippets.layout import Code, assignment, call, indented, laid_out
from lrstudio.storage.snippets.parts import (
    OwnSchedule,
    Rate,
    Written,
    has_plain_rise,
    own_schedule,
    span_of,
    without_warmup,
)

TORCH = FRAMEWORKS["torch"]
_SCHEDULERS = "torch.optim.lr_scheduler."
_OPTIMIZER = Code("optimizer")


def rate(schedule: Schedule, steps: int, found: Written) -> Rate:
    """The scheduler, as PyTorch's own class or as a formula."""
    if identifier(type(schedule)) == "constant" and schedule.warmup is None:
        return Rate()
    if found.rate_name is None:
        return Rate(remarks=(comments.not_in(TORCH, "the schedule", "The rule has no rate"),))
    base = found.rate
    scheduler = _own(schedule, base, steps)
    if scheduler is not None:
        return Rate((assignment("scheduler", scheduler),), "scheduler")
    formula = schedule.expression(steps)
    if formula is None:
        return Rate(remarks=(comments.not_in(TORCH, *comments.without_formula(schedule)),))
    made = call(f"{_SCHEDULERS}LambdaLR", _OPTIMIZER, lr_lambda=Code("factor"))
    return Rate((function(formula), assignment("scheduler", made)), "scheduler")


def function(formula: str) -> str:
    """A formula as a function of the step, one line for each of its branches."""
    lines = []
    for condition, value in branches(formula, PYTHON):
        if condition is not None:
            lines.append(f"if {condition}:")
        lines.append(laid_out("return ", value, indent=0 if condition is None else 1))
    doc = '"""What the learning rate is multiplied by at step k."""'
    return "\n".join(["\n\ndef factor(k):", *indented([doc, *lines]), "\n"])


def _own(schedule: Schedule, base: float, steps: int) -> str | None:
    """A scheduler of PyTorch that gives exactly these factors."""
    if schedule.warmup is None:
        return own_schedule(schedule, base, steps, _OWN)
    if not has_plain_rise(schedule, steps) or schedule.warmup.start == 0:
        return None
    rise = _scheduler(
        "LinearLR", start_factor=schedule.warmup.start, total_iters=schedule.warmup.steps
    )
    if identifier(type(schedule)) == "constant":
        return rise
    body = own_schedule(without_warmup(schedule), base, span_of(schedule, steps), _OWN)
    if body is None:
        return None
    parts = Code(f"[{rise}, {body}]")
    turns = Code(f"[{schedule.warmup.steps}]")
    return _scheduler("SequentialLR", schedulers=parts, milestones=turns)


def _scheduler(name: str, **arguments: Any) -> str:
    return call(f"{_SCHEDULERS}{name}", _OPTIMIZER, **arguments)


def _step(schedule: Any, base: float, span: int) -> str | None:
    return _scheduler("StepLR", step_size=schedule.step_size, gamma=schedule.gamma)


def _multi_step(schedule: Any, base: float, span: int) -> str | None:
    turns = Code(str(sorted(schedule.milestones)))
    return _scheduler("MultiStepLR", milestones=turns, gamma=schedule.gamma)


def _exponential(schedule: Any, base: float, span: int) -> str | None:
    gamma = schedule.gamma if schedule.form == "gamma" else math.exp(-schedule.rate)
    if schedule.staircase:
        return _scheduler("StepLR", step_size=schedule.decay_steps, gamma=gamma)
    return _scheduler("ExponentialLR", gamma=gamma) if schedule.decay_steps == 1 else None


def _linear(schedule: Any, base: float, span: int) -> str | None:
    if not 0 < schedule.start <= 1 or not 0 <= schedule.end <= 1:
        return None
    total = schedule.length or max(span, 1)
    return _scheduler(
        "LinearLR", start_factor=schedule.start, end_factor=schedule.end, total_iters=total
    )


def _polynomial(schedule: Any, base: float, span: int) -> str | None:
    if schedule.floor or schedule.power == 0:
        return None
    total = schedule.length or max(span, 1)
    return _scheduler("PolynomialLR", total_iters=total, power=schedule.power)


def _cosine(schedule: Any, base: float, span: int) -> str | None:
    total = schedule.length or max(span, 1)
    if total < span:  # PyTorch's rises again
        return None
    floor = {"eta_min": base * schedule.floor} if schedule.floor else {}
    return _scheduler("CosineAnnealingLR", T_max=total, **floor)


def _cosine_restarts(schedule: Any, base: float, span: int) -> str | None:
    if schedule.decay != 1 or not float(schedule.growth).is_integer():
        return None
    growth = {"T_mult": int(schedule.growth)} if schedule.growth != 1 else {}
    floor = {"eta_min": base * schedule.floor} if schedule.floor else {}
    return _scheduler("CosineAnnealingWarmRestarts", T_0=schedule.first_cycle, **growth, **floor)


_OWN: Mapping[str, OwnSchedule] = {
    "step": _step,
    "multi_step": _multi_step,
    "exponential": _exponential,
    "linear": _linear,
    "polynomial": _polynomial,
    "cosine": _cosine,
    "cosine_restarts": _cosine_restarts,
}
