"""The schedulers of PyTorch, `torch.optim.lr_scheduler` and `SWALR`, 2.13, as schedules of ours.

Each has a schedule in closed form. It is compared with PyTorch's own steps (see
`schedules_torch_steps`); where they differ (chains with a minimum, a scheduler that starts from the
rate it finds, lengths that are not whole) the steps stand, as a table. So `ConstantLR` and
`LinearLR` with `total_iters=0` never let go of their first factor, as in PyTorch.

Without a base rate that of the arguments counts: `max_lr`. Rates that stand beside the base rate
(`eta_min`, `swa_lr`, `min_lr`) need one; the others are factors whatever the base rate. CyclicLR
and OneCycleLR overwrite the optimizer's rate, and so does the schedule: its factors are their rates
over the base rate. `OneCycleLR` refuses to step once more than it was made for; the schedule goes
on with the value that was there.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from lrstudio.core.frameworks import schedules_torch_checks as check
from lrstudio.core.frameworks import schedules_torch_forms as form
from lrstudio.core.frameworks import schedules_torch_steps as torch_steps
from lrstudio.core.frameworks.schedules_entry import (
    Arguments,
    Entry,
    Required,
    Unfit,
    given,
    listed,
    table,
    table_length,
    whole,
)
from lrstudio.core.schedule import Schedule
from lrstudio.core.schedules.composed import Product, Sequence
from lrstudio.core.validation import Refused, shown, validated

Closed = Callable[[Arguments, float], Schedule | None]
Check = Callable[[Arguments], None]

_COMPARED = 1000
_MOST_COMPARED = 20_000
_SAME = 1e-9
"""PyTorch's steps drift from its closed forms by some 1e-14 in a hundred steps."""


def _check_parts(a: Arguments) -> None:
    a.schedulers = listed(a.schedulers, "schedulers")
    if not a.schedulers:
        raise Unfit("schedulers: expected at least one scheduler, got none")
    a.schedulers = [_part(node, f"schedulers[{i}]") for i, node in enumerate(a.schedulers)]


def _check_sequence(a: Arguments) -> None:
    _check_parts(a)
    a.milestones = listed(a.milestones, "milestones")
    if len(a.milestones) != len(a.schedulers) - 1:
        raise Unfit(
            f"milestones: expected one fewer than there are schedulers, {len(a.schedulers) - 1}, "
            f"got {len(a.milestones)}"
        )


# --- chains and sequences ------------------------------------------------------------------------


def _sequence(a: Arguments, base: float) -> Schedule | None:
    parts = _closed_parts(a, base)
    return parts and Sequence(parts=parts, boundaries=tuple(whole(m) for m in a.milestones))


def _chain(a: Arguments, base: float) -> Schedule | None:
    parts = _closed_parts(a, base)
    return parts and Product(parts=parts)


def _closed_parts(a: Arguments, base: float) -> Any:
    """The parts in closed form, or None where one has none."""
    parts = [
        part if isinstance(part, Schedule) else KNOWN[part[0]].closed(part[1], base)
        for part in a.schedulers
    ]
    return tuple(parts) if all(parts) else None


def _none(a: Arguments, base: float) -> Schedule | None:
    return None


# --- from the arguments to a schedule ------------------------------------------------------------


def _part(node: Any, where: str) -> Any:
    """A scheduler inside another: its name and its checked arguments, or a schedule of ours."""
    if isinstance(node, Schedule):
        if node.listens:
            raise Unfit(f"{where} listens to the loss, which no scheduler inside another can")
        return node
    if not isinstance(node, Mapping) or not isinstance(node.get("cls"), str):
        raise Unfit(f"{where}: expected a scheduler, got {shown(node)}")
    name = node["cls"].rpartition(".")[2]
    if name == "ReduceLROnPlateau":
        raise Unfit(f"{where} is a ReduceLROnPlateau, which needs losses that it would not get")
    if name not in KNOWN:
        raise Unfit(f"{where}: {shown(name)} is no scheduler of PyTorch")
    try:
        return name, _checked(name, node.get("kwargs", {}))
    except Unfit as unfit:
        raise Unfit(f"{where}.{unfit}") from None


def _checked(name: str, arguments: Mapping[str, Any]) -> Arguments:
    a = given(KNOWN[name].arguments, arguments)
    TABLE[name].check(a)
    return a


def _from_the_beginning(check_arguments: Check) -> Check:
    """A check that also refuses schedulers which go on from a checkpoint."""

    def checked(a: Arguments) -> None:
        if getattr(a, "last_epoch", -1) != -1:
            raise Unfit("last_epoch: only a schedule from its beginning, -1, can be taken over")
        check_arguments(a)

    return checked


def _maker(part: Any, base: float) -> Callable[[torch_steps.Group], torch_steps.Scheduler]:
    """What makes PyTorch's scheduler for a parameter group."""
    if isinstance(part, Schedule):
        return lambda group: torch_steps.LambdaLR(group, Arguments(lr_lambda=_factor_of(part)))
    name, a = part

    def make(group: torch_steps.Group) -> torch_steps.Scheduler:
        if not hasattr(a, "schedulers"):
            return torch_steps.BY_NAME[name](group, a)
        children = [_maker(child, base)(group) for child in a.schedulers]
        return torch_steps.BY_NAME[name](group, Arguments(**{**vars(a), "schedulers": children}))

    return make


def _factor_of(schedule: Schedule) -> Callable[[int], float]:
    return lambda k: float(schedule.at(np.array([k]), k + 1)[0])


def _build(name: str) -> Callable[[Arguments, float, int | None], Schedule]:
    def build(a: Arguments, base: float, steps: int | None) -> Schedule:
        make = _maker((name, a), base)
        closed = _valid(KNOWN[name].closed, a, base)
        compared = min(steps or _COMPARED, _MOST_COMPARED)
        rates, momenta, error = torch_steps.followed(make, base, compared)
        _refuse(error, len(rates), may_end=name == "OneCycleLR" or steps is None)
        if closed is not None and _agree(closed, rates, momenta, base):
            return closed
        length = table_length(steps, "it has no closed form here")
        if length > len(rates) and error is None:
            rates, momenta, error = torch_steps.followed(make, base, length)
            _refuse(error, len(rates), may_end=False)
        return table(np.array(rates) / base, momenta)

    return build


def _valid(form: Closed, a: Arguments, base: float) -> Schedule | None:
    """The closed form, or None where there is none that a file could hold."""
    try:
        closed = form(a, base)
        return closed and validated(closed)
    except (Refused, ZeroDivisionError):
        return None


def _refuse(error: Exception | None, reached: int, *, may_end: bool) -> None:
    """Raise `Unfit` for what PyTorch fails at; a OneCycleLR alone may be stepped past its end."""
    if error is None or (may_end and isinstance(error, torch_steps.PastTheEnd)):
        return
    when = f"at step {reached}" if reached else "when it is made"
    raise Unfit(f"PyTorch fails {when} with these arguments: {_words(error)}")


def _words(error: Exception) -> str:
    if isinstance(error, torch_steps.PastTheEnd):
        return "OneCycleLR is past its end"
    if isinstance(error, NotImplementedError):
        return f"{error} cannot begin in the middle of a sequence"
    return "division by zero" if isinstance(error, ZeroDivisionError) else str(error)


def _agree(closed: Schedule, rates: list[float], momenta: list[float] | None, base: float) -> bool:
    count = len(rates)
    own = closed.momenta(count)
    if (own is None) != (momenta is None):
        return False
    if own is not None and not _close(own, np.array(momenta)):
        return False
    return _close(closed.factors(count) * base, np.array(rates))


def _close(got: Any, expected: Any) -> bool:
    size = np.abs(expected).max(initial=0.0)
    return bool((np.abs(got - expected) <= _SAME * np.maximum(np.abs(expected), 1e-3 * size)).all())


def _natural(name: str) -> Callable[[Arguments], float]:
    return lambda a: _rate_of(name, a, top=True)


def _rate_of(name: str, a: Arguments, *, top: bool) -> float:
    """The rate that arguments speak of; raises `Unfit` where it lies with the optimizer."""
    form = KNOWN[name]
    if form.peak and top:
        return float(getattr(a, form.peak)) or 1.0
    for argument in (*form.absolute, *([form.peak] if form.peak else ())):
        if getattr(a, argument) != 0:
            raise Unfit(f"{argument} is a rate: give the optimizer's own, base_lr, as well")
    for part in getattr(a, "schedulers", ()):
        if not isinstance(part, Schedule):
            _rate_of(*part, top=False)
    return 1.0


def _natural_of_plateau(a: Arguments) -> float:
    if a.min_lr != 0:
        raise Unfit("min_lr is a rate: give the optimizer's own, base_lr, as well")
    return 1.0


# --- the table -----------------------------------------------------------------------------------


class Form(NamedTuple):
    """A scheduler of PyTorch: its arguments, what it refuses, its closed form here."""

    arguments: Mapping[str, Any]
    check: Check
    closed: Closed
    absolute: tuple[str, ...] = ()
    """Arguments that are rates beside the base rate."""
    peak: str = ""
    """The argument that is a rate instead of the base rate."""


def _form(check: Check, closed: Closed, *absolute: str, peak: str = "", **arguments: Any) -> Form:
    return Form({**arguments, "last_epoch": -1}, check, closed, absolute, peak)


KNOWN: dict[str, Form] = {
    "LambdaLR": _form(check.function, _none, lr_lambda=Required),
    "MultiplicativeLR": _form(check.function, _none, lr_lambda=Required),
    "StepLR": _form(check.step, form.step, step_size=Required, gamma=0.1),
    "MultiStepLR": _form(check.milestones, form.multi_step, milestones=Required, gamma=0.1),
    "ConstantLR": _form(check.constant, form.constant, factor=1 / 3, total_iters=5),
    "LinearLR": _form(check.linear, form.linear, start_factor=1 / 3, end_factor=1.0, total_iters=5),
    "ExponentialLR": _form(check.exponential, form.exponential, gamma=Required),
    "PolynomialLR": _form(check.polynomial, form.polynomial, total_iters=5, power=1.0),
    "CosineAnnealingLR": _form(check.cosine, form.cosine, "eta_min", T_max=Required, eta_min=0.0),
    "CosineAnnealingWarmRestarts": _form(
        check.restarts, form.restarts, "eta_min", T_0=Required, T_mult=1, eta_min=0.0
    ),
    "CyclicLR": _form(
        check.cyclic,
        form.cyclic,
        peak="max_lr",
        base_lr=Required,
        max_lr=Required,
        step_size_up=2000,
        step_size_down=None,
        mode="triangular",
        gamma=1.0,
        scale_fn=None,
        scale_mode="cycle",
        cycle_momentum=True,
        base_momentum=0.8,
        max_momentum=0.9,
    ),
    "OneCycleLR": _form(
        check.one_cycle,
        form.one_cycle,
        peak="max_lr",
        max_lr=Required,
        total_steps=None,
        epochs=None,
        steps_per_epoch=None,
        pct_start=0.3,
        anneal_strategy="cos",
        cycle_momentum=True,
        base_momentum=0.85,
        max_momentum=0.95,
        div_factor=25.0,
        final_div_factor=1e4,
        three_phase=False,
    ),
    "SWALR": _form(
        check.swa, form.swa, "swa_lr", swa_lr=Required, anneal_epochs=10, anneal_strategy="cos"
    ),
    "SequentialLR": _form(_check_sequence, _sequence, schedulers=Required, milestones=Required),
    "ChainedScheduler": Form({"schedulers": Required}, _check_parts, _chain),
}

TABLE: dict[str, Entry] = {
    **{
        name: Entry(form.arguments, _build(name), _natural(name), _from_the_beginning(form.check))
        for name, form in KNOWN.items()
    },
    "ReduceLROnPlateau": Entry(
        {
            "mode": "min",
            "factor": 0.1,
            "patience": 10,
            "threshold": 1e-4,
            "threshold_mode": "rel",
            "cooldown": 0,
            "min_lr": 0.0,
            "eps": 1e-8,
        },
        form.plateau,
        _natural_of_plateau,
        check.plateau,
    ),
}
