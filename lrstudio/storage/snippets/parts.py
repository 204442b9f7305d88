"""What the programs of all frameworks have in common."""

from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from lrstudio.core import Modifier, Optimizer, Schedule, describe, identifier
from lrstudio.core.frameworks.framework import Framework
from lrstudio.core.frameworks.table import REQUIRED, Call, Values
from lrstudio.engine import Contender
from lrstudio.storage.snippets.comments import comment, not_in, without_schedule
from lrstudio.storage.snippets.rules import suited


class Written(NamedTuple):
    """A rule as a framework calls it."""

    name: str
    arguments: Values
    """Those that differ from the framework's defaults, and the learning rate."""
    rate_name: str | None
    """The argument that a schedule takes the place of."""
    rate: float
    note: str


class Rate(NamedTuple):
    """How a program moves its learning rate."""

    definitions: tuple[str, ...] = ()
    """What stands before the optimizer."""
    value: str | None = None
    """What stands for the learning rate; None where it stays a number."""
    remarks: tuple[str, ...] = ()
    is_told_losses: bool = False
    """Whether it has to be told the loss of each step."""
    callback: str = ""
    """What a framework that trains by itself calls after each step."""
    behind: str = ""
    """What stands behind the rule and scales its steps, where a framework does it so."""


def written(
    framework: Framework, contender: Contender, modifiers: tuple[Modifier, ...] = ()
) -> Written | None:
    """The class of a framework and its arguments for a contender's rule; None without one.

    With it those `modifiers` are written that are arguments of the class.
    """
    optimizer = replace(contender.optimizer, modifiers=modifiers)
    found = framework.write(suited(framework, contender, optimizer))
    if found is None:
        return None
    call, values = found
    rate = next((a.name for a in call.arguments if "lr" in a.targets), None)
    note = comment(f"{framework.where(call.name)}: {call.note}") if call.note else ""
    return Written(framework.where(call.name), _telling(call, values), rate, optimizer.lr, note)


def _telling(call: Call, values: Values) -> Values:
    defaults = {a.name: a.default for a in call.arguments}
    rates = {a.name for a in call.arguments if "lr" in a.targets}
    return {
        name: value
        for name, value in values.items()
        if (name in rates and value is not None) or value != defaults.get(name, REQUIRED)
    }


def schedule_of(contender: Contender) -> Schedule:
    """The schedule without what the rule does not hear: a cycle of momentum that it has not."""
    schedule = contender.schedule
    is_cycling = getattr(schedule, "cycle_momentum", False)
    if is_cycling and contender.optimizer.momentum_name is None:
        return replace(schedule, cycle_momentum=False)
    return schedule


def formula_of(
    schedule: Schedule, steps: int, framework: Framework
) -> tuple[str | None, tuple[str, ...]]:
    """The formula of the factors, and remarks on what it does not say."""
    formula = schedule.expression(steps)
    if formula is None:
        return None, (without_schedule(framework, schedule),)
    if schedule.momentum_at(np.zeros(1), steps) is not None:
        return formula, (not_in(framework, "the cycle of momentum", "Its schedules move rates"),)
    return formula, ()


def span_of(schedule: Schedule, steps: int) -> int:
    """The steps that are left after the warm-up."""
    return max(steps - schedule.warmup.steps, 0) if schedule.warmup else steps


def has_plain_rise(schedule: Schedule, steps: int) -> bool:
    """Whether there is a straight warm-up that ends within the run."""
    return (
        schedule.warmup is not None
        and schedule.warmup.shape == "linear"
        and schedule.warmup.steps < steps
    )


def is_plain(schedule: Schedule) -> bool:
    """Whether the rate stays as it is, after a warm-up if there is one."""
    return identifier(type(schedule)) == "constant"


def title(config: Optimizer | Modifier | Schedule) -> str:
    """What a rule, a modifier or a schedule is called."""
    return describe(type(config)).title
