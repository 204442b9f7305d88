"""What the programs of all frameworks have in common."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from lrstudio.core import Modifier, Optimizer, Schedule, describe, identifier
from lrstudio.core.frameworks.framework import Framework
from lrstudio.core.frameworks.table import REQUIRED, Call, Values
from lrstudio.storage.snippets.comments import comment

OwnSchedule = Callable[[Any, float, int], str | None]
"""From a schedule, the learning rate and the steps it has: a call of the framework's class."""


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


def written(framework: Framework, optimizer: Optimizer) -> Written | None:
    """The class of a framework and its arguments for a rule of ours; None where there is none."""
    found = framework.write(optimizer)
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


def own_schedule(
    schedule: Schedule, rate: float, span: int, known: Mapping[str, OwnSchedule]
) -> str | None:
    """The framework's own class for the body of a schedule."""
    write = known.get(identifier(type(schedule)))
    return write(schedule, rate, span) if write else None


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


def without_warmup(schedule: Schedule) -> Schedule:
    """The body of a schedule alone."""
    return replace(schedule, warmup=None)


def title(config: Optimizer | Modifier | Schedule) -> str:
    """What a rule, a modifier or a schedule is called."""
    return describe(type(config)).title
