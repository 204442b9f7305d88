"""Schedules of ours as calls of PyTorch, Optax and Keras: the way back of the tables.

A writer says which call comes nearest for schedules of its class; whether it gives the same rates
is then found out by reading it back, so that what is written is right or is not written at all.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from msgspec.structs import replace

from lrstudio.core.frameworks.schedules_entry import Call
from lrstudio.core.schedule import Schedule
from lrstudio.core.schedules.composed import Product, Sequence
from lrstudio.core.schedules.cycles import Cyclic, OneCycle
from lrstudio.core.schedules.decays import (
    Constant,
    Cosine,
    Exponential,
    InverseTime,
    Linear,
    MultiStep,
    Polynomial,
    Step,
)
from lrstudio.core.schedules.pieces import ConstantFactor, Piecewise
from lrstudio.core.schedules.plateau import ReduceOnPlateau
from lrstudio.core.schedules.restarts import CosineRestarts

Writer = Callable[[Any, float, int], Call | None]
"""A call for a schedule, the base rate and the number of steps; None where there is none."""


def written(framework: str, schedule: Schedule, base: float, steps: int) -> Call | None:
    """The call that comes nearest to a schedule, which may still differ from it."""
    writers = WRITERS[framework]
    if schedule.warmup is None:
        writer = writers.get(type(schedule))
        return writer(schedule, base, steps) if writer else None
    rise = schedule.warmup
    if rise.shape != "linear" or rise.steps >= steps or schedule.listens:
        return None
    line = Linear(start=rise.start, end=1.0, length=rise.steps)
    parts = (line, replace(schedule, warmup=None))
    return _sequence(framework, Sequence(parts=parts, boundaries=(rise.steps,)), base, steps)


def _nested(call: Call) -> dict[str, Any]:
    return {"cls": call.name, "kwargs": call.arguments}


def _length(length: int | None, steps: int) -> int:
    return max(steps, 1) if length is None else length


def _sequence(framework: str, schedule: Sequence, base: float, steps: int) -> Call | None:
    stretches = schedule.stretches(steps)
    calls = [written(framework, part, base, length) for part, _, length in stretches]
    if not calls or any(call is None for call in calls):
        return None
    parts = [_nested(call) for call in calls if call]
    starts = [start for _, start, _ in stretches[1:]]
    if framework == "torch":
        return Call("SequentialLR", {"schedulers": parts, "milestones": starts})
    if framework == "optax":
        return Call("join_schedules", {"schedules": parts, "boundaries": starts})
    return _keras_warm_cosine(schedule, base, steps)


def _keras_warm_cosine(schedule: Sequence, base: float, steps: int) -> Call | None:
    """The one sequence that Keras has."""
    match schedule.stretches(steps):
        case [(Linear() as line, _, rise), (Cosine() as wave, _, span)]:
            call = _keras_cosine(wave, base, span)
            rates = {"initial_learning_rate": line.start * base, "warmup_target": base}
            return Call(call.name, {**call.arguments, **rates, "warmup_steps": rise})
    return None


# --- PyTorch -------------------------------------------------------------------------------------


def _torch_exponential(s: Exponential, base: float, steps: int) -> Call:
    gamma = float(np.exp(-s.rate)) if s.form == "rate" else s.gamma
    if s.staircase:
        return Call("StepLR", {"step_size": s.decay_steps, "gamma": gamma})
    return Call("ExponentialLR", {"gamma": gamma ** (1 / s.decay_steps)})


def _torch_linear(s: Linear, base: float, steps: int) -> Call:
    ends = {"start_factor": s.start, "end_factor": s.end}
    return Call("LinearLR", {**ends, "total_iters": _length(s.length, steps)})


def _torch_polynomial(s: Polynomial, base: float, steps: int) -> Call:
    return Call("PolynomialLR", {"total_iters": _length(s.length, steps), "power": s.power})


def _torch_cosine(s: Cosine, base: float, steps: int) -> Call:
    length = _length(s.length, steps)
    wave = Call("CosineAnnealingLR", {"T_max": length, "eta_min": s.floor * base})
    if s.after == "continue" or length >= steps:
        return wave
    held = Call("ConstantLR", {"factor": s.floor, "total_iters": steps + 1})
    parts = [_nested(wave), _nested(held)]
    return Call("SequentialLR", {"schedulers": parts, "milestones": [length]})


def _torch_restarts(s: CosineRestarts, base: float, steps: int) -> Call:
    lengths = {"T_0": s.first_cycle, "T_mult": round(s.growth)}
    return Call("CosineAnnealingWarmRestarts", {**lengths, "eta_min": s.floor * base})


def _torch_cyclic(s: Cyclic, base: float, steps: int) -> Call:
    rates = {"base_lr": s.low * base, "max_lr": s.high * base}
    shape = {"step_size_up": s.up, "step_size_down": s.down, "mode": s.mode, "gamma": s.gamma}
    return Call("CyclicLR", {**rates, **shape, **_torch_momentum(s)})


def _torch_one_cycle(s: OneCycle, base: float, steps: int) -> Call | None:
    if s.ends != "last step" or not s.start or not s.end:
        return None
    arguments = {
        "max_lr": base,
        "total_steps": _length(s.length, steps),
        "pct_start": s.peak,
        "anneal_strategy": "cos" if s.shape == "cosine" else "linear",
        "div_factor": 1 / s.start,
        "final_div_factor": s.start / s.end,
        "three_phase": s.phases == "three",
    }
    return Call("OneCycleLR", {**arguments, **_torch_momentum(s)})


def _torch_momentum(s: Cyclic | OneCycle) -> dict[str, Any]:
    if not s.cycle_momentum:
        return {"cycle_momentum": False}
    ends = {"base_momentum": s.base_momentum, "max_momentum": s.max_momentum}
    return {"cycle_momentum": True, **ends}


def _torch_constant_factor(s: ConstantFactor, base: float, steps: int) -> Call:
    total = steps + 1 if s.length is None else s.length
    return Call("ConstantLR", {"factor": s.factor, "total_iters": total})


def _torch_plateau(s: ReduceOnPlateau, base: float, steps: int) -> Call:
    return Call(
        "ReduceLROnPlateau",
        {
            "mode": s.mode,
            "factor": s.factor,
            "patience": s.patience,
            "threshold": s.atol or s.rtol,
            "threshold_mode": "abs" if s.atol else "rel",
            "cooldown": s.cooldown,
            "min_lr": s.floor * base,
            "eps": s.least_change * base,
        },
    )


def _torch_product(s: Product, base: float, steps: int) -> Call | None:
    calls = [written("torch", part, base, steps) for part in s.parts]
    if not calls or any(call is None for call in calls):
        return None
    return Call("ChainedScheduler", {"schedulers": [_nested(call) for call in calls if call]})


# --- Optax ---------------------------------------------------------------------------------------


def _optax_polynomial(s: Polynomial, base: float, steps: int) -> Call:
    length = _length(s.length, steps - s.begin)
    rates = {"init_value": s.start * base, "end_value": s.floor * base, "power": s.power}
    times = {"transition_steps": length, "transition_begin": s.begin}
    return Call("polynomial_schedule", {**rates, **times})


def _optax_linear(s: Linear, base: float, steps: int) -> Call:
    rates = {"init_value": s.start * base, "end_value": s.end * base}
    return Call("linear_schedule", {**rates, "transition_steps": _length(s.length, steps)})


def _optax_exponential(s: Exponential, base: float, steps: int) -> Call:
    arguments = {
        "init_value": base,
        "transition_steps": s.decay_steps,
        "decay_rate": float(np.exp(-s.rate)) if s.form == "rate" else s.gamma,
        "transition_begin": s.begin,
        "staircase": s.staircase,
    }
    return Call("exponential_decay", arguments | ({"end_value": s.end * base} if s.end else {}))


def _optax_step(s: Step, base: float, steps: int) -> Call:
    decay = Exponential(gamma=s.gamma, decay_steps=s.step_size, staircase=True)
    return _optax_exponential(decay, base, steps)


def _optax_multi_step(s: MultiStep, base: float, steps: int) -> Call:
    scales = {m: s.gamma ** s.milestones.count(m) for m in sorted(s.milestones)}
    arguments = {"init_value": base, "boundaries_and_scales": scales}
    return Call("piecewise_constant_schedule", arguments)


def _optax_cosine(s: Cosine, base: float, steps: int) -> Call:
    arguments = {"init_value": base, "decay_steps": _length(s.length, steps), "alpha": s.floor}
    return Call("cosine_decay_schedule", {**arguments, "exponent": s.power})


def _optax_one_cycle(s: OneCycle, base: float, steps: int) -> Call | None:
    if not s.start or not s.end:
        return None
    arguments = {
        "transition_steps": _length(s.length, steps),
        "peak_value": base,
        "pct_start": s.peak,
        "div_factor": 1 / s.start,
        "final_div_factor": s.start / s.end,
    }
    if s.phases == "two":
        return Call("cosine_onecycle_schedule", arguments)
    return Call("linear_onecycle_schedule", {**arguments, "pct_final": s.back})


def _optax_piecewise(s: Piecewise, base: float, steps: int) -> Call | None:
    points = sorted(dict(s.points).items())
    if not points or any(y <= 0 for _, y in points) or any(x != int(x) for x, _ in points):
        return None
    scales = {int(x): y / before for (_, before), (x, y) in pairwise(points)}
    arguments = {"init_value": points[0][1] * base, "boundaries_and_scales": scales}
    if s.shape == "hold":
        return Call("piecewise_constant_schedule", arguments)
    return Call("piecewise_interpolate_schedule", {"interpolate_type": s.shape, **arguments})


def _optax_plateau(s: ReduceOnPlateau, base: float, steps: int) -> Call:
    return Call(
        "reduce_on_plateau",
        {
            "factor": s.factor,
            "patience": s.patience,
            "rtol": s.rtol,
            "atol": s.atol,
            "cooldown": s.cooldown,
            "accumulation_size": s.accumulation,
            "min_scale": s.floor,
        },
    )


# --- Keras ---------------------------------------------------------------------------------------


def _keras_exponential(s: Exponential, base: float, steps: int) -> Call:
    rate = float(np.exp(-s.rate)) if s.form == "rate" else s.gamma
    arguments = {"initial_learning_rate": base, "decay_steps": s.decay_steps, "decay_rate": rate}
    return Call("ExponentialDecay", {**arguments, "staircase": s.staircase})


def _keras_step(s: Step, base: float, steps: int) -> Call:
    decay = Exponential(gamma=s.gamma, decay_steps=s.step_size, staircase=True)
    return _keras_exponential(decay, base, steps)


def _keras_inverse_time(s: InverseTime, base: float, steps: int) -> Call:
    arguments = {"initial_learning_rate": base, "decay_steps": s.decay_steps, "decay_rate": s.rate}
    return Call("InverseTimeDecay", {**arguments, "staircase": s.staircase})


def _keras_polynomial(s: Polynomial, base: float, steps: int) -> Call:
    rates = {"initial_learning_rate": s.start * base, "end_learning_rate": s.floor * base}
    shape = {"decay_steps": _length(s.length, steps), "power": s.power, "cycle": s.cycle}
    return Call("PolynomialDecay", {**rates, **shape})


def _keras_linear(s: Linear, base: float, steps: int) -> Call:
    line = Polynomial(power=1.0, start=s.start, floor=s.end, length=s.length)
    return _keras_polynomial(line, base, steps)


def _keras_cosine(s: Cosine, base: float, steps: int) -> Call:
    arguments = {"initial_learning_rate": base, "decay_steps": _length(s.length, steps)}
    return Call("CosineDecay", {**arguments, "alpha": s.floor})


def _keras_restarts(s: CosineRestarts, base: float, steps: int) -> Call:
    arguments = {"initial_learning_rate": base, "first_decay_steps": s.first_cycle}
    shape = {"t_mul": s.growth, "m_mul": s.decay, "alpha": s.floor}
    return Call("CosineDecayRestarts", {**arguments, **shape})


def _keras_piecewise(s: Piecewise, base: float, steps: int) -> Call | None:
    points = sorted(dict(s.points).items())
    if len(points) < 2 or any(x != int(x) for x, _ in points):
        return None
    # Keras changes one step after its boundaries.
    edges, values = [int(x) - 1 for x, _ in points[1:]], [y * base for _, y in points]
    return Call("PiecewiseConstantDecay", {"boundaries": edges, "values": values})


WRITERS: Mapping[str, Mapping[type[Schedule], Writer]] = {
    "torch": {
        Constant: lambda s, base, steps: Call("ConstantLR", {"factor": 1.0}),
        Step: lambda s, base, steps: Call("StepLR", {"step_size": s.step_size, "gamma": s.gamma}),
        MultiStep: lambda s, base, steps: Call(
            "MultiStepLR", {"milestones": list(s.milestones), "gamma": s.gamma}
        ),
        Exponential: _torch_exponential,
        Linear: _torch_linear,
        Polynomial: _torch_polynomial,
        Cosine: _torch_cosine,
        CosineRestarts: _torch_restarts,
        Cyclic: _torch_cyclic,
        OneCycle: _torch_one_cycle,
        ConstantFactor: _torch_constant_factor,
        ReduceOnPlateau: _torch_plateau,
        Sequence: lambda s, base, steps: _sequence("torch", s, base, steps),
        Product: _torch_product,
    },
    "optax": {
        Constant: lambda s, base, steps: Call("constant_schedule", {"value": base}),
        ConstantFactor: lambda s, base, steps: Call(
            "constant_schedule", {"value": s.factor * base}
        ),
        Step: _optax_step,
        MultiStep: _optax_multi_step,
        Exponential: _optax_exponential,
        Linear: _optax_linear,
        Polynomial: _optax_polynomial,
        Cosine: _optax_cosine,
        OneCycle: _optax_one_cycle,
        Piecewise: _optax_piecewise,
        ReduceOnPlateau: _optax_plateau,
        Sequence: lambda s, base, steps: _sequence("optax", s, base, steps),
    },
    "keras": {
        Step: _keras_step,
        Exponential: _keras_exponential,
        InverseTime: _keras_inverse_time,
        Linear: _keras_linear,
        Polynomial: _keras_polynomial,
        Cosine: _keras_cosine,
        CosineRestarts: _keras_restarts,
        Piecewise: _keras_piecewise,
        Sequence: _keras_warm_cosine,
    },
}
