"""Whether a framework's own schedule is ours: what is written is read again and compared.

A framework's module proposes calls without asking whether they fit; a proposal that the framework
reads as another course of the rate is dropped here, so that none can be wrong.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from lrstudio.core import Refused, Schedule, identifier
from lrstudio.core.arrays import Array
from lrstudio.core.frameworks.schedules import TABLES, schedule_from_framework
from lrstudio.core.frameworks.schedules_entry import Call

Proposal = Callable[[Any, float, int], Call]
"""From a schedule without warm-up, the learning rate and the steps: a call that may be it."""
Proposals = Mapping[str, Sequence[Proposal]]
"""By id of the schedule."""

_FIRST, _ALL = 300, 1500
"""Steps that are compared: the first ones, and as many over the whole run."""
_SAME = 1e-9


def own_call(
    framework: str, schedule: Schedule, rate: float, steps: int, proposals: Proposals
) -> Call | None:
    """The framework's schedule that has exactly these rates, and those arguments it needs."""
    body = replace(schedule, warmup=None)
    for propose in proposals.get(identifier(type(body)), ()):
        try:
            call = propose(body, rate, steps)
            read = schedule_from_framework(framework, call.name, call.arguments, rate, steps)
        except (Refused, ArithmeticError):
            continue
        if _is_same(read, body, steps):
            return _told(framework, call)
    return None


def _told(framework: str, call: Call) -> Call:
    """The call without arguments that are the default."""
    defaults = TABLES[framework][call.name].arguments
    told = {n: v for n, v in call.arguments.items() if n not in defaults or v != defaults[n]}
    return Call(call.name, told)


def _is_same(one: Schedule, other: Schedule, steps: int) -> bool:
    if one.listens or other.listens:
        return one == other
    places = np.unique([*range(min(steps, _FIRST)), *np.linspace(0, steps - 1, _ALL).astype(int)])
    momenta = one.momentum_at(places, steps), other.momentum_at(places, steps)
    with np.errstate(all="ignore"):
        return _are_close(one.at(places, steps), other.at(places, steps)) and _are_close(*momenta)


def _are_close(one: Array | None, other: Array | None) -> bool:
    if one is None or other is None:
        return one is other
    size = max(float(np.max(np.abs(other), initial=0.0)), 1e-300)
    return bool(np.all(np.abs(one - other) <= _SAME * np.maximum(np.abs(other), 1e-3 * size)))
