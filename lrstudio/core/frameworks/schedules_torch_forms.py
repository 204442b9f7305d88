"""PyTorch's schedulers in closed form, as schedules of ours, and the arguments for such schedules.

A form holds for checked arguments as they are meant; for odd ones it may be wrong, which is found
out by comparing it with PyTorch's own steps. The arguments `from_...` a schedule may be wrong too,
which is found out by reading them again.
"""

from typing import Any

import numpy as np

from lrstudio.core.frameworks.schedules_entry import (
    Arguments,
    Inside,
    Unfit,
    Writes,
    gamma_of,
    length_of,
    level,
    scaled,
    whole,
)
from lrstudio.core.schedule import Schedule
from lrstudio.core.schedules.composed import Product, Sequence
from lrstudio.core.schedules.cycles import Cyclic, OneCycle
from lrstudio.core.schedules.decays import (
    Constant,
    Cosine,
    Exponential,
    Linear,
    MultiStep,
    Polynomial,
    Step,
)
from lrstudio.core.schedules.pieces import ConstantFactor
from lrstudio.core.schedules.plateau import ReduceOnPlateau
from lrstudio.core.schedules.restarts import CosineRestarts
from lrstudio.core.validation import Refused, validated


def step(a: Arguments, base: float) -> Schedule | None:
    """Every S steps."""
    return Step(step_size=whole(a.step_size), gamma=float(a.gamma))


def _from_step(s: Step, base: float, span: int) -> dict[str, Any]:
    return {"step_size": s.step_size, "gamma": s.gamma}


def _from_stairs(s: Exponential, base: float, span: int) -> dict[str, Any]:
    return {"step_size": s.decay_steps, "gamma": gamma_of(s)}


def multi_step(a: Arguments, base: float) -> Schedule | None:
    """At milestones that a step number equals; the others are never met."""
    # A milestone that no step number equals is never met.
    met = tuple(int(m) for m in a.milestones if m >= 0 and float(m).is_integer())
    return MultiStep(milestones=met, gamma=float(a.gamma))


def _from_multi_step(s: MultiStep, base: float, span: int) -> dict[str, Any]:
    return {"milestones": sorted(s.milestones), "gamma": s.gamma}


def constant(a: Arguments, base: float) -> Schedule | None:
    """A factor, then 1."""
    return ConstantFactor(factor=float(a.factor), length=_length(a.total_iters))


def _from_factor(s: ConstantFactor, base: float, span: int) -> dict[str, Any]:
    """One factor throughout ends after the run."""
    return {"factor": s.factor, "total_iters": length_of(s, span + 1)}


def _from_constant(s: Constant, base: float, span: int) -> dict[str, Any]:
    return {"factor": 1.0}


def linear(a: Arguments, base: float) -> Schedule | None:
    """A line, or its start for ever."""
    if a.total_iters <= 0:
        return level(float(a.start_factor))
    start, end = float(a.start_factor), float(a.end_factor)
    return Linear(start=start, end=end, length=_length(a.total_iters))


def _from_linear(s: Linear, base: float, span: int) -> dict[str, Any]:
    ends = {"start_factor": s.start, "end_factor": s.end}
    return {**ends, "total_iters": length_of(s, span)}


def exponential(a: Arguments, base: float) -> Schedule | None:
    """A factor per step."""
    return Exponential(gamma=float(a.gamma), decay_steps=1)


def _from_exponential(s: Exponential, base: float, span: int) -> dict[str, Any]:
    return {"gamma": gamma_of(s) ** (1 / s.decay_steps)}


def polynomial(a: Arguments, base: float) -> Schedule | None:
    """A power of the remaining time, or nothing."""
    if a.total_iters <= 0:
        return Constant()
    return Polynomial(power=float(a.power), length=_length(a.total_iters))


def _from_polynomial(s: Polynomial, base: float, span: int) -> dict[str, Any]:
    return {"total_iters": length_of(s, span), "power": s.power}


def cosine(a: Arguments, base: float) -> Schedule | None:
    """Rises again after T; a negative T is as good."""
    length = whole(abs(a.T_max))
    return Cosine(floor=a.eta_min / base, length=length, after="continue")


def _from_cosine(s: Cosine, base: float, span: int) -> dict[str, Any]:
    return {"T_max": length_of(s, span), "eta_min": base * s.floor}


def restarts(a: Arguments, base: float) -> Schedule | None:
    """The whole number T_mult is a growth."""
    growth = float(a.T_mult)
    return CosineRestarts(first_cycle=a.T_0, growth=growth, floor=a.eta_min / base)


def _from_restarts(s: CosineRestarts, base: float, span: int) -> dict[str, Any]:
    return {"T_0": s.first_cycle, "T_mult": round(s.growth), "eta_min": base * s.floor}


def cyclic(a: Arguments, base: float) -> Schedule | None:
    """Absolute rates, hence over the base rate."""
    if a.scale_fn is not None:
        return None
    return Cyclic(
        low=a.base_lr / base,
        high=a.max_lr / base,
        up=whole(a.step_size_up),
        down=whole(a.step_size_up if a.step_size_down is None else a.step_size_down),
        mode=a.mode,
        gamma=float(a.gamma),
        cycle_momentum=bool(a.cycle_momentum),
        base_momentum=float(a.base_momentum),
        max_momentum=float(a.max_momentum),
    )


def _from_cyclic(s: Cyclic, base: float, span: int) -> dict[str, Any]:
    rates = {"base_lr": base * s.low, "max_lr": base * s.high}
    shape = {"step_size_up": s.up, "step_size_down": s.down, "mode": s.mode}
    shrinking = {"gamma": s.gamma} if s.mode == "exp_range" else {}
    return {**rates, **shape, **shrinking, **_momentum(s)}


def _momentum(s: Cyclic | OneCycle) -> dict[str, Any]:
    if not s.cycle_momentum:
        return {"cycle_momentum": False}
    return {"base_momentum": s.base_momentum, "max_momentum": s.max_momentum}


def one_cycle(a: Arguments, base: float) -> Schedule | None:
    """An absolute peak, hence over the base rate."""
    cycle = OneCycle(
        length=a.total_steps,
        peak=a.pct_start,
        shape="cosine" if a.anneal_strategy == "cos" else "linear",
        phases="three" if a.three_phase else "two",
        back=2 * a.pct_start,
        start=1 / a.div_factor,
        end=1 / a.div_factor / a.final_div_factor,
        after="continue",
        cycle_momentum=bool(a.cycle_momentum),
        base_momentum=float(a.base_momentum),
        max_momentum=float(a.max_momentum),
    )
    return scaled(cycle, a.max_lr / base)


def _from_one_cycle(s: OneCycle, base: float, span: int) -> dict[str, Any]:
    return {
        "max_lr": base,
        "total_steps": length_of(s, span),
        "pct_start": s.peak,
        "anneal_strategy": "cos" if s.shape == "cosine" else "linear",
        "div_factor": 1 / s.start,
        "final_div_factor": s.start / s.end,
        "three_phase": s.phases == "three",
        **_momentum(s),
    }


def swa(a: Arguments, base: float) -> Schedule | None:
    """From the full rate to `swa_lr`."""
    factor = a.swa_lr / base
    if a.anneal_epochs == 0:
        return level(factor)
    if a.anneal_strategy == "linear":
        return Linear(start=1.0, end=factor, length=a.anneal_epochs)
    return Cosine(floor=factor, length=a.anneal_epochs)


def _length(total: float) -> Any:
    """Steps until a scheduler lets go: those that no step number equals never come."""
    return whole(total) if total > 0 else None


def plateau(a: Arguments, base: float, steps: int | None) -> Schedule:
    """What listens to the loss."""
    is_relative = a.threshold_mode == "rel"
    made = ReduceOnPlateau(
        mode=a.mode,
        # A negative factor leads to the least rate, and so does 0.
        factor=max(float(a.factor), 0.0),
        # Whole numbers of bad losses are beyond 2.5 when they are beyond 2.
        patience=max(int(np.floor(a.patience)), -1),
        rtol=float(a.threshold) if is_relative else 0.0,
        atol=0.0 if is_relative else float(a.threshold),
        cooldown=max(int(np.ceil(a.cooldown)), 0),
        floor=max(a.min_lr / base, 0.0),
        least_change=max(a.eps / base, 0.0),
    )
    try:
        return validated(made)
    except Refused as refused:
        raise Unfit(str(refused)) from None


def _from_plateau(s: ReduceOnPlateau, base: float, span: int) -> dict[str, Any]:
    return {
        "mode": s.mode,
        "factor": s.factor,
        "patience": s.patience,
        "threshold": s.atol or s.rtol,
        "threshold_mode": "abs" if s.atol else "rel",
        "cooldown": s.cooldown,
        "min_lr": base * s.floor,
        "eps": base * s.least_change,
    }


def _from_sequence(s: Sequence, base: float, span: int) -> dict[str, Any]:
    stretches = s.stretches(span)
    parts = [Inside(part, length) for part, _, length in stretches]
    return {"schedulers": parts, "milestones": [start for _, start, _ in stretches[1:]]}


def _from_product(s: Product, base: float, span: int) -> dict[str, Any]:
    return {"schedulers": [Inside(part, span) for part in s.parts]}


WRITES: Writes = {
    "ExponentialLR": {Exponential: _from_exponential},
    "StepLR": {Step: _from_step, Exponential: _from_stairs},
    "MultiStepLR": {MultiStep: _from_multi_step},
    "ConstantLR": {Constant: _from_constant, ConstantFactor: _from_factor},
    "LinearLR": {Linear: _from_linear},
    "PolynomialLR": {Polynomial: _from_polynomial},
    "CosineAnnealingLR": {Cosine: _from_cosine},
    "CosineAnnealingWarmRestarts": {CosineRestarts: _from_restarts},
    "CyclicLR": {Cyclic: _from_cyclic},
    "OneCycleLR": {OneCycle: _from_one_cycle},
    "SequentialLR": {Sequence: _from_sequence},
    "ChainedScheduler": {Product: _from_product},
    "ReduceLROnPlateau": {ReduceOnPlateau: _from_plateau},
}
