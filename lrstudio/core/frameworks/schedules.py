"""Schedules under the names of PyTorch, Optax and Keras.

    schedule_from_framework("torch", "StepLR", {"step_size": 30}, base_lr=0.1)

gives a schedule of ours with `schedule.factors(n) * base_lr` equal to the rates of the framework,
to rounding. What the framework refuses is refused here, in one sentence.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from lrstudio.core.frameworks import schedules_keras, schedules_optax, schedules_torch
from lrstudio.core.frameworks.schedules_entry import Arguments, Entry, Unfit, given
from lrstudio.core.schedule import Schedule
from lrstudio.core.validation import Refused, shown, unknown_id

TABLES: Mapping[str, Mapping[str, Entry]] = MappingProxyType(
    {
        "torch": schedules_torch.TABLE,
        "optax": schedules_optax.TABLE,
        "keras": schedules_keras.TABLE,
    }
)
"""By framework and name: what the framework's schedules are here."""

_MODULES = {
    "torch": "torch.optim.lr_scheduler.",
    "optax": "optax.",
    "keras": "keras.optimizers.schedules.",
}
_ELSEWHERE = {"SWALR": "torch.optim.swa_utils.", "reduce_on_plateau": "optax.contrib."}


def schedule_from_framework(
    framework: str,
    name: str,
    arguments: Mapping[str, Any],
    base_lr: float | None = None,
    steps: int | None = None,
) -> Schedule:
    """The schedule whose factors, times the base rate, are the framework's rates.

    `arguments` are those of the framework's class or function by name. A schedule inside another
    is `{"cls": name, "kwargs": arguments}` or a schedule of ours; a function (`lr_lambda`) is a
    Python callable, of which a table of `steps` values is made.

    `base_lr` is the rate that stands for factor 1, in PyTorch the optimizer's. Without one it is
    the rate that the arguments themselves speak of, see `framework_rate`. `steps` is the length of
    the run; it is needed where the rates can only be tabulated.

    Raises `Refused` with one sentence that names framework, class and argument.
    """
    entry, a = _found(framework, name, arguments)
    try:
        return entry.build(a, _base(entry, a, base_lr), _whole_steps(steps))
    except Unfit as unfit:
        raise _refused(framework, name, unfit) from None


def framework_rate(framework: str, name: str, arguments: Mapping[str, Any]) -> float:
    """The rate that arguments speak of: what is factor 1 where no `base_lr` is given.

    The peak of a cycle or a warm-up, else the initial rate (the last one where that is 0); 1 where
    the arguments hold no rate at all. Raises `Refused` like `schedule_from_framework`, and where
    a rate of the arguments stands beside the optimizer's own, which is not known then.
    """
    entry, a = _found(framework, name, arguments)
    try:
        return _base(entry, a, None)
    except Unfit as unfit:
        raise _refused(framework, name, unfit) from None


def where(framework: str, name: str) -> str:
    """How a schedule is called in a program: with its module."""
    return f"{_ELSEWHERE.get(name, _MODULES[framework])}{name}"


def _found(framework: str, name: str, arguments: Mapping[str, Any]) -> tuple[Entry, Arguments]:
    """The entry of a framework's class, and its arguments, checked."""
    if framework not in TABLES:
        raise Refused(f"framework {unknown_id(framework, tuple(TABLES))}")
    entry = TABLES[framework].get(str(name).rpartition(".")[2])
    if entry is None:
        raise Refused(f"{framework}: schedule {unknown_id(name, tuple(TABLES[framework]))}")
    try:
        a = given(entry.arguments, arguments)
        entry.check(a)
    except Unfit as unfit:
        raise _refused(framework, name, unfit) from None
    return entry, a


def _base(entry: Entry, a: Arguments, base_lr: float | None) -> float:
    if base_lr is None:
        return entry.natural(a) or 1.0
    is_number = isinstance(base_lr, int | float) and math.isfinite(base_lr)
    if not is_number or base_lr <= 0:
        raise Unfit(f"base_lr: expected a number above 0, got {shown(base_lr)}")
    return float(base_lr)


def _whole_steps(steps: int | None) -> int | None:
    if steps is not None and (not isinstance(steps, int) or steps < 0):
        raise Unfit(f"steps: expected a whole number of at least 0, got {shown(steps)}")
    return steps


def _refused(framework: str, name: str, unfit: Unfit) -> Refused:
    return Refused(f"{framework}.{name}: {unfit}")
