"""What the programs of all frameworks have in common."""

from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace

from lrstudio.core import Modifier, Optimizer, Refused, Schedule, describe, identifier
from lrstudio.core.frameworks.framework import Framework
from lrstudio.core.frameworks.schedules import where
from lrstudio.core.frameworks.schedules_entry import Call as ScheduleCall
from lrstudio.core.frameworks.schedules_writing import schedule_to_framework
from lrstudio.core.frameworks.table import REQUIRED, Call, Values
from lrstudio.engine import Contender
from lrstudio.storage.snippets.comments import comment, not_in, without_schedule
from lrstudio.storage.snippets.layout import Code, call
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
    cls, values = found
    name = framework.where(cls.name)
    rate = next((a.name for a in cls.arguments if "lr" in a.targets), None)
    note = comment(f"{name}: {cls.note}") if cls.note else ""
    return Written(name, _telling(cls, values), rate, optimizer.lr, note)


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


def own_schedule(
    framework: Framework, schedule: Schedule, rate: float, steps: int, *first: Code
) -> str | None:
    """The framework's own schedule that gives exactly these rates, as code; None without one.

    What comes `first` is given to each class but to those that only hold others.
    """
    try:
        found = schedule_to_framework(framework.id, schedule, rate, steps)
    except Refused:
        return None
    return _schedule_code(framework, found, first)


def _schedule_code(framework: Framework, found: ScheduleCall, first: tuple[Code, ...]) -> str:
    told = {n: _with_code(framework, value, first) for n, value in found.arguments.items()}
    given = () if found.name == "ChainedScheduler" else first
    return call(where(framework.id, found.name), *given, **told)


def _with_code(framework: Framework, value: Any, first: tuple[Code, ...]) -> Any:
    """An argument with the schedules in it as code."""
    match value:
        case {"cls": str(name), "kwargs": dict(arguments)}:
            return Code(_schedule_code(framework, ScheduleCall(name, arguments), first))
        case list():
            return [_with_code(framework, entry, first) for entry in value]
    return value


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


def is_plain(schedule: Schedule) -> bool:
    """Whether the rate stays as it is, after a warm-up if there is one."""
    return identifier(type(schedule)) == "constant"


def title(config: Optimizer | Modifier | Schedule) -> str:
    """What a rule, a modifier or a schedule is called."""
    return describe(type(config)).title
