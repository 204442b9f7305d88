"""The learning rate of a program for PyTorch: a scheduler, its own or one with a formula."""

import math
from typing import Any

from lrstudio.core import FRAMEWORKS, Schedule
from lrstudio.core.frameworks.schedules_entry import Call
from lrstudio.storage.snippets import comments
from lrstudio.storage.snippets.formulas import PYTHON, branches
from lrstudio.storage.snippets.layout import Code, assignment, call, laid_out
from lrstudio.storage.snippets.own_schedules import Proposals, own_call
from lrstudio.storage.snippets.parts import (
    Rate,
    Written,
    formula_of,
    has_plain_rise,
    is_plain,
    span_of,
)

TORCH = FRAMEWORKS["torch"]
_SCHEDULERS = "torch.optim.lr_scheduler."
_OPTIMIZER = Code("optimizer")


def rate(schedule: Schedule, steps: int, found: Written, every: int = 1) -> Rate:
    """The scheduler, as PyTorch's own class or as a formula."""
    if is_plain(schedule) and schedule.warmup is None:
        return Rate()
    if found.rate_name is None:
        return Rate(remarks=(comments.not_in(TORCH, "the schedule", "The rule has no rate"),))
    base = found.rate
    # A scheduler counts updates, ours every gradient; only losses are heard one by one in both.
    scheduler = _own(schedule, base, steps) if every == 1 or schedule.listens else None
    if scheduler is not None:
        made = assignment("scheduler", scheduler)
        return Rate((made,), "scheduler", is_told_losses=schedule.listens)
    formula, remarks = formula_of(schedule, steps, TORCH)
    if formula is None:
        return Rate(remarks=remarks)
    made = call(f"{_SCHEDULERS}LambdaLR", _OPTIMIZER, lr_lambda=Code("factor"))
    return Rate((function(formula, every), assignment("scheduler", made)), "scheduler", remarks)


def function(formula: str, every: int = 1) -> str:
    """A formula as a function of the step, one line for each of its branches."""
    argument, lines = "k", list[str]()
    if every > 1:
        argument = "update"
        lines.append(f"    k = {every} * update + {every - 1}  # every gradient counts")
    for condition, value in branches(formula, PYTHON):
        if condition is not None:
            lines.append(f"    if {condition}:")
        lines.append(laid_out("return ", value, indent=1 if condition is None else 2))
    doc = '    """What the learning rate is multiplied by."""'
    return "\n".join([f"\n\ndef factor({argument}):", doc, *lines, "\n"])


def _own(schedule: Schedule, base: float, steps: int) -> str | None:
    """A scheduler of PyTorch that gives exactly these factors."""
    if schedule.warmup is None:
        found = own_call(TORCH.id, schedule, base, steps, _PROPOSALS)
        return _scheduler(found) if found else None
    if not has_plain_rise(schedule, steps) or schedule.warmup.start == 0 or schedule.listens:
        return None
    start, rise = schedule.warmup.start, schedule.warmup.steps
    line = _scheduler(Call("LinearLR", {"start_factor": start, "total_iters": rise}))
    if is_plain(schedule):
        return line
    body = own_call(TORCH.id, schedule, base, span_of(schedule, steps), _PROPOSALS)
    if body is None or body.name in _STARTING_ANEW:
        return None
    parts = Code(f"[{line}, {_scheduler(body)}]")
    return _scheduler(Call("SequentialLR", {"schedulers": parts, "milestones": [rise]}))


_STARTING_ANEW = ("OneCycleLR", "CyclicLR")
"""These set the rate when they are made, and would take away that of the warm-up."""


def _scheduler(found: Call) -> str:
    return call(f"{_SCHEDULERS}{found.name}", _OPTIMIZER, **found.arguments)


# --- proposals; those that do not fit are dropped -------------------------------------------


def _length(schedule: Any, span: int) -> int:
    return int(schedule.length or max(span, 1))


def _step(schedule: Any, base: float, span: int) -> Call:
    return Call("StepLR", {"step_size": schedule.step_size, "gamma": schedule.gamma})


def _multi_step(schedule: Any, base: float, span: int) -> Call:
    turns = sorted(schedule.milestones)
    return Call("MultiStepLR", {"milestones": turns, "gamma": schedule.gamma})


def _gamma(schedule: Any) -> float:
    return float(schedule.gamma if schedule.form == "gamma" else math.exp(-schedule.rate))


def _exponential(schedule: Any, base: float, span: int) -> Call:
    return Call("ExponentialLR", {"gamma": _gamma(schedule)})


def _stairs(schedule: Any, base: float, span: int) -> Call:
    return Call("StepLR", {"step_size": schedule.decay_steps, "gamma": _gamma(schedule)})


def _constant_factor(schedule: Any, base: float, span: int) -> Call:
    total = _length(schedule, span + 1)
    return Call("ConstantLR", {"factor": schedule.factor, "total_iters": total})


def _linear(schedule: Any, base: float, span: int) -> Call:
    ends = {"start_factor": schedule.start, "end_factor": schedule.end}
    return Call("LinearLR", {**ends, "total_iters": _length(schedule, span)})


def _polynomial(schedule: Any, base: float, span: int) -> Call:
    total = _length(schedule, span)
    return Call("PolynomialLR", {"total_iters": total, "power": schedule.power})


def _cosine(schedule: Any, base: float, span: int) -> Call:
    floor = base * schedule.floor
    return Call("CosineAnnealingLR", {"T_max": _length(schedule, span), "eta_min": floor})


def _cosine_restarts(schedule: Any, base: float, span: int) -> Call:
    cycles = {"T_0": schedule.first_cycle, "T_mult": int(schedule.growth)}
    floor = base * schedule.floor
    return Call("CosineAnnealingWarmRestarts", {**cycles, "eta_min": floor})


def _momentum(schedule: Any) -> dict[str, Any]:
    names = ("cycle_momentum", "base_momentum", "max_momentum")
    own = {name: getattr(schedule, name) for name in names}
    return own if schedule.cycle_momentum else {"cycle_momentum": False}


def _one_cycle(schedule: Any, base: float, span: int) -> Call:
    return Call(
        "OneCycleLR",
        {
            "max_lr": base,
            "total_steps": _length(schedule, span),
            "pct_start": schedule.peak,
            "anneal_strategy": "cos" if schedule.shape == "cosine" else "linear",
            "div_factor": 1 / schedule.start,
            "final_div_factor": schedule.start / schedule.end,
            "three_phase": schedule.phases == "three",
            **_momentum(schedule),
        },
    )


def _cyclic(schedule: Any, base: float, span: int) -> Call:
    shrinking = {"gamma": schedule.gamma} if schedule.mode == "exp_range" else {}
    return Call(
        "CyclicLR",
        {
            "base_lr": base * schedule.low,
            "max_lr": base * schedule.high,
            "step_size_up": schedule.up,
            "step_size_down": schedule.down,
            "mode": schedule.mode,
            **shrinking,
            **_momentum(schedule),
        },
    )


def _plateau(schedule: Any, base: float, span: int) -> Call:
    is_relative = schedule.atol == 0
    return Call(
        "ReduceLROnPlateau",
        {
            "mode": schedule.mode,
            "factor": schedule.factor,
            "patience": schedule.patience,
            "threshold": schedule.rtol if is_relative else schedule.atol,
            "threshold_mode": "rel" if is_relative else "abs",
            "cooldown": schedule.cooldown,
            "min_lr": base * schedule.floor,
            "eps": base * schedule.least_change,
        },
    )


_PROPOSALS: Proposals = {
    "step": (_step,),
    "multi_step": (_multi_step,),
    "exponential": (_exponential, _stairs),
    "constant_factor": (_constant_factor,),
    "linear": (_linear,),
    "polynomial": (_polynomial,),
    "cosine": (_cosine,),
    "cosine_restarts": (_cosine_restarts,),
    "one_cycle": (_one_cycle,),
    "cyclic": (_cyclic,),
    "reduce_on_plateau": (_plateau,),
}
