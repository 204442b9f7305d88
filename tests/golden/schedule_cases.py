"""Which call of which framework each schedule of ours stands for, at a base rate of 1.

A call is evaluated as it stands by `make_goldens`. PyTorch's takes `optimizer`, whose rate is 1.
`until` cuts a sequence where a framework goes on differently from us, as our docstring says.
"""

from typing import Any, NamedTuple

STEPS = 121


class Case(NamedTuple):
    """A configuration of ours as it stands in a file, and the framework's call for the same."""

    config: dict[str, Any]
    call: str
    until: int


def case(rule: str, call: str, *, until: int = STEPS, **fields: Any) -> Case:
    return Case({"rule": rule, **fields}, call, until)


def warmup(steps: int, start: float, shape: str = "linear") -> dict[str, Any]:
    return {"steps": steps, "start": start, "shape": shape}


CONSTANT = (
    case("constant", "optax.constant_schedule(1.0)"),
    case("constant", "torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)"),
)

STEP = (
    case(
        "step",
        "torch.optim.lr_scheduler.StepLR(optimizer, 30, gamma=0.5)",
        step_size=30,
        gamma=0.5,
    ),
    case(
        "step", "torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.9)", step_size=1, gamma=0.9
    ),
    case(
        "multi_step",
        "torch.optim.lr_scheduler.MultiStepLR(optimizer, [20, 50, 51], gamma=0.3)",
        milestones=[20, 50, 51],
        gamma=0.3,
    ),
    case(  # a milestone at the start, one twice, none in order
        "multi_step",
        "torch.optim.lr_scheduler.MultiStepLR(optimizer, [70, 0, 30, 30], gamma=0.3)",
        milestones=[70, 0, 30, 30],
        gamma=0.3,
    ),
    case(
        "multi_step",
        "optax.piecewise_constant_schedule(1.0, {40: 0.1, 100: 0.1})",
        milestones=[40, 100],
        gamma=0.1,
    ),
)

EXPONENTIAL = (
    case(
        "exponential", "torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.97)", gamma=0.97
    ),
    case(
        "exponential",
        "keras.optimizers.schedules.ExponentialDecay(1.0, 25, 0.5)",
        gamma=0.5,
        decay_steps=25,
    ),
    case(
        "exponential",
        "keras.optimizers.schedules.ExponentialDecay(1.0, 25, 0.5, staircase=True)",
        gamma=0.5,
        decay_steps=25,
        staircase=True,
    ),
    case(
        "exponential",
        "optax.exponential_decay(1.0, 7, 0.8, staircase=True)",
        gamma=0.8,
        decay_steps=7,
        staircase=True,
    ),
    case(
        "exponential",
        "optax.exponential_decay(1.0, 10, np.exp(-0.3))",
        form="rate",
        rate=0.3,
        decay_steps=10,
    ),
)

STRAIGHT = (
    case(
        "linear",
        "torch.optim.lr_scheduler.LinearLR(optimizer, 1/3, 1.0, total_iters=5)",
        start=1 / 3,
        end=1.0,
        length=5,
    ),
    case(
        "linear",
        "torch.optim.lr_scheduler.LinearLR(optimizer, 0.9, 0.1, total_iters=80)",
        start=0.9,
        end=0.1,
        length=80,
    ),
    case("linear", "optax.linear_schedule(1.0, 0.0, 120)", length=120),
    case("linear", "optax.linear_schedule(1.0, 0.0, 121)", length=None),
    case(
        "polynomial",
        "torch.optim.lr_scheduler.PolynomialLR(optimizer, total_iters=90, power=2.5)",
        power=2.5,
        length=90,
    ),
    case(
        "polynomial",
        "keras.optimizers.schedules.PolynomialDecay(1.0, 90, 0.05, power=0.5)",
        power=0.5,
        floor=0.05,
        length=90,
    ),
    case(
        "polynomial",
        "optax.polynomial_schedule(1.0, 0.2, power=3.0, transition_steps=121)",
        power=3.0,
        floor=0.2,
    ),
)

COSINE = (
    case(  # PyTorch's rises again after T
        "cosine",
        "torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 90, eta_min=0.1)",
        floor=0.1,
        length=90,
        until=91,
    ),
    case("cosine", "optax.cosine_decay_schedule(1.0, 60, alpha=0.05)", floor=0.05, length=60),
    case("cosine", "keras.optimizers.schedules.CosineDecay(1.0, 100)", length=100),
    case("cosine", "keras.optimizers.schedules.CosineDecay(1.0, 121)"),
    case(
        "cosine_restarts",
        "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 25, eta_min=0.1)",
        first_cycle=25,
        growth=1.0,
        floor=0.1,
    ),
    case(
        "cosine_restarts",
        "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 15, T_mult=2)",
        first_cycle=15,
        growth=2.0,
    ),
    case(
        "cosine_restarts",
        "keras.optimizers.schedules.CosineDecayRestarts(1.0, 16, t_mul=2.0, m_mul=0.7, alpha=0.1)",
        first_cycle=16,
        growth=2.0,
        decay=0.7,
        floor=0.1,
    ),
    case(
        "cosine_restarts",
        "keras.optimizers.schedules.CosineDecayRestarts(1.0, 20, t_mul=1.5, m_mul=0.5)",
        first_cycle=20,
        growth=1.5,
        decay=0.5,
    ),
    case(
        "cosine_restarts",
        "keras.optimizers.schedules.CosineDecayRestarts(1.0, 30, t_mul=1.0, m_mul=0.5)",
        first_cycle=30,
        growth=1.0,
        decay=0.5,
    ),
)

INVERSE = (
    case(
        "inverse_time",
        "keras.optimizers.schedules.InverseTimeDecay(1.0, 20, 0.5)",
        rate=0.5,
        decay_steps=20,
    ),
    case(
        "inverse_time",
        "keras.optimizers.schedules.InverseTimeDecay(1.0, 20, 2.0, staircase=True)",
        rate=2.0,
        decay_steps=20,
        staircase=True,
    ),
)

WARM = (
    case(
        "constant",
        "torch.optim.lr_scheduler.LinearLR(optimizer, 0.01, 1.0, total_iters=40)",
        warmup=warmup(40, 0.01),
    ),
    case(
        "constant",
        "optax.piecewise_interpolate_schedule('cosine', 0.1, {40: 10.0})",
        warmup=warmup(40, 0.1, "cosine"),
    ),
    case(
        "constant",
        "optax.exponential_decay(0.01, 40, 100.0, end_value=1.0)",
        warmup=warmup(40, 0.01, "exponential"),
    ),
    case(
        "cosine",
        "optax.warmup_cosine_decay_schedule(0.0, 1.0, 20, 100, end_value=0.1)",
        floor=0.1,
        length=80,
        warmup=warmup(20, 0.0),
    ),
    case(
        "cosine",
        "keras.optimizers.schedules.CosineDecay("
        "0.05, 101, alpha=0.02, warmup_target=1.0, warmup_steps=20)",
        floor=0.02,
        warmup=warmup(20, 0.05),
    ),
    case(
        "exponential",
        "optax.warmup_exponential_decay_schedule(0.1, 1.0, 30, 10, 0.8)",
        gamma=0.8,
        decay_steps=10,
        warmup=warmup(30, 0.1),
    ),
    case(
        "step",
        "torch.optim.lr_scheduler.SequentialLR(optimizer, ["
        "torch.optim.lr_scheduler.LinearLR(optimizer, 0.2, 1.0, total_iters=15), "
        "torch.optim.lr_scheduler.StepLR(optimizer, 30, gamma=0.5)], milestones=[15])",
        step_size=30,
        gamma=0.5,
        warmup=warmup(15, 0.2),
    ),
    case(
        "cosine_restarts",
        "optax.join_schedules([optax.linear_schedule(0.5, 1.0, 21)] + ["
        "optax.cosine_decay_schedule(1.0, t) for t in (20, 40, 80)], [21, 41, 81])",
        first_cycle=20,
        warmup=warmup(21, 0.5),
    ),
)

CYCLES = (
    case(
        "one_cycle",
        "torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps=121)",
    ),
    case(
        "one_cycle",
        "torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps=100, pct_start=0.2, "
        "anneal_strategy='linear', div_factor=10.0, final_div_factor=10.0, three_phase=True)",
        until=101,
        length=100,
        peak=0.2,
        shape="linear",
        phases="three",
        back=0.4,
        start=0.1,
        end=0.01,
        after="continue",
    ),
    case("one_cycle", "optax.cosine_onecycle_schedule(100, 1.0)", length=100, ends="after"),
    case(
        "one_cycle",
        "optax.linear_onecycle_schedule(110, 1.0, 0.25, 0.75, 10.0, 100.0)",
        length=110,
        peak=0.25,
        shape="linear",
        phases="three",
        back=0.75,
        start=0.1,
        end=0.001,
        ends="after",
    ),
    case(
        "cyclic",
        "torch.optim.lr_scheduler.CyclicLR(optimizer, 0.1, 1.0, step_size_up=15)",
        low=0.1,
        up=15,
        down=15,
    ),
    case(
        "cyclic",
        "torch.optim.lr_scheduler.CyclicLR(optimizer, 0.5, 2.0, 10, 25, mode='triangular2')",
        low=0.5,
        high=2.0,
        up=10,
        down=25,
        mode="triangular2",
    ),
    case(
        "cyclic",
        "torch.optim.lr_scheduler.CyclicLR(optimizer, 0.1, 1.0, 20, mode='exp_range', gamma=0.98)",
        low=0.1,
        up=20,
        down=20,
        mode="exp_range",
        gamma=0.98,
    ),
    case(
        "cosine",
        "torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 30, eta_min=0.1)",
        floor=0.1,
        length=30,
        after="continue",
    ),
    case(
        "cosine",
        "optax.cosine_decay_schedule(1.0, 60, alpha=0.05, exponent=1.5)",
        floor=0.05,
        length=60,
        power=1.5,
    ),
    case(
        "polynomial",
        "keras.optimizers.schedules.PolynomialDecay(1.0, 25, 0.1, power=2.0, cycle=True)",
        power=2.0,
        floor=0.1,
        length=25,
        cycle=True,
    ),
    case(
        "polynomial",
        "optax.polynomial_schedule(0.5, 1.5, power=2.0, transition_steps=70, transition_begin=20)",
        power=2.0,
        start=0.5,
        floor=1.5,
        length=70,
        begin=20,
    ),
    case(
        "exponential",
        "optax.exponential_decay(1.0, 7, 0.8, transition_begin=15, end_value=0.2)",
        gamma=0.8,
        decay_steps=7,
        begin=15,
        end=0.2,
    ),
)

PIECES = (
    case(
        "constant_factor",
        "torch.optim.lr_scheduler.ConstantLR(optimizer, factor=0.3, total_iters=40)",
        factor=0.3,
        length=40,
    ),
    case("constant_factor", "optax.constant_schedule(0.3)", factor=0.3),
    case(
        "piecewise",
        "optax.piecewise_constant_schedule(1.0, {40: 0.5, 90: 3.0})",
        points=[[0, 1.0], [40, 0.5], [90, 1.5]],
    ),
    case(  # Keras keeps the old value at the boundary
        "piecewise",
        "keras.optimizers.schedules.PiecewiseConstantDecay([40, 90], [1.0, 0.5, 1.5])",
        points=[[0, 1.0], [41, 0.5], [91, 1.5]],
    ),
    case(
        "piecewise",
        "optax.piecewise_interpolate_schedule('linear', 1.0, {40: 0.5, 90: 3.0})",
        points=[[0, 1.0], [40, 0.5], [90, 1.5]],
        shape="linear",
    ),
    case(
        "piecewise",
        "optax.piecewise_interpolate_schedule('cosine', 1.0, {40: 0.5, 90: 3.0})",
        points=[[0, 1.0], [40, 0.5], [90, 1.5]],
        shape="cosine",
    ),
    case(
        "table",
        "torch.optim.lr_scheduler.LambdaLR(optimizer, lambda e: [1.0, 0.7, 0.2][min(e, 2)])",
        values=[1.0, 0.7, 0.2],
    ),
)

COMPOSED = (
    case(
        "sequence",
        "torch.optim.lr_scheduler.SequentialLR(optimizer, ["
        "torch.optim.lr_scheduler.ConstantLR(optimizer, 0.1, total_iters=200), "
        "torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9), "
        "torch.optim.lr_scheduler.StepLR(optimizer, 10, gamma=0.5)], milestones=[20, 60])",
        parts=[
            {"rule": "constant_factor", "factor": 0.1},
            {"rule": "exponential", "gamma": 0.9},
            {"rule": "step", "step_size": 10, "gamma": 0.5},
        ],
        boundaries=[20, 60],
    ),
    case(
        "sequence",
        "optax.join_schedules([optax.linear_schedule(0.2, 1.0, 30), "
        "optax.cosine_decay_schedule(1.0, 91)], [30])",
        parts=[{"rule": "linear", "start": 0.2, "end": 1.0}, {"rule": "cosine"}],
        boundaries=[30],
    ),
    case(
        "product",
        "torch.optim.lr_scheduler.ChainedScheduler(["
        "torch.optim.lr_scheduler.LinearLR(optimizer, 0.25, total_iters=30), "
        "torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.98)], optimizer)",
        parts=[
            {"rule": "linear", "start": 0.25, "end": 1.0, "length": 30},
            {"rule": "exponential", "gamma": 0.98},
        ],
    ),
)

CASES = (
    *CONSTANT,
    *STEP,
    *EXPONENTIAL,
    *STRAIGHT,
    *COSINE,
    *INVERSE,
    *WARM,
    *CYCLES,
    *PIECES,
    *COMPOSED,
)
