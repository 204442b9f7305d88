"""Random settings of the frameworks' schedules, odd ones included."""

import math
from random import Random
from typing import Any

Arguments = dict[str, Any]


def halving(k: float) -> float:
    return 0.5 ** (k / 20)


def swinging(k: float) -> float:
    return 1.0 + 0.5 * math.sin(k)


def length(rng: Random) -> Any:
    """Mostly a whole number of steps; now and then none, one, or half a step too many."""
    return rng.choice([rng.randint(2, 150)] * 12 + [1, 0, -3, 7.5, 20.0])


def rate(rng: Random) -> float:
    return rng.choice([10 ** rng.uniform(-4, 0)] * 8 + [0.0])


def gamma(rng: Random) -> float:
    return rng.choice([rng.uniform(0.5, 1.05)] * 10 + [0.0, 1.0, -0.5, 1.5])


def some(rng: Random, **options: Any) -> Arguments:
    """The arguments that are there, each optional one in two of three cases."""
    return {name: value for name, value in options.items() if rng.random() < 2 / 3}


def momentum(rng: Random) -> Arguments:
    low = rng.uniform(0.5, 0.9)
    return some(
        rng,
        base_momentum=low,
        max_momentum=rng.uniform(low, 0.99),
        cycle_momentum=rng.random() < 0.7,
    )


def torch(  # noqa: C901, PLR0911, PLR0912 - one case for each class
    rng: Random, name: str, depth: int = 0
) -> Arguments:
    match name:
        case "LambdaLR" | "MultiplicativeLR":
            return {"lr_lambda": rng.choice([halving, swinging])}
        case "StepLR":
            return {"step_size": length(rng), **some(rng, gamma=gamma(rng))}
        case "MultiStepLR":
            marks = [
                rng.choice([rng.randint(0, 150)] * 5 + [7.5, -4]) for _ in range(rng.randint(0, 5))
            ]
            return {"milestones": marks, **some(rng, gamma=gamma(rng))}
        case "ConstantLR":
            factor = rng.choice([rng.random()] * 8 + [0.0, 1.0, 1.2, -0.1])
            return some(rng, factor=factor, total_iters=length(rng))
        case "LinearLR":
            start = rng.choice([rng.random()] * 8 + [0.0, 1.0, 1.2])
            end = rng.choice([rng.random()] * 8 + [0.0, 1.0, -0.1, 1.1])
            return some(rng, start_factor=start, end_factor=end, total_iters=length(rng))
        case "ExponentialLR":
            return {"gamma": gamma(rng)}
        case "PolynomialLR":
            power = rng.choice([0.0, 0.5, 1.0, 2.0, 3.5])
            return some(rng, total_iters=length(rng), power=power)
        case "CosineAnnealingLR":
            return {"T_max": length(rng), **some(rng, eta_min=rate(rng))}
        case "CosineAnnealingWarmRestarts":
            first = rng.choice([rng.randint(1, 60)] * 8 + [0, 7.5])
            growth = rng.choice([1, 1, 2, 2, 3, 0, 1.5])
            return {"T_0": first, **some(rng, T_mult=growth, eta_min=rate(rng))}
        case "CyclicLR":
            return {
                "base_lr": rate(rng),
                "max_lr": rate(rng),
                **momentum(rng),
                **some(
                    rng,
                    step_size_up=length(rng),
                    step_size_down=length(rng),
                    mode=rng.choice(
                        ["triangular", "triangular2", "exp_range", "exp_range", "cats"]
                    ),
                    gamma=gamma(rng),
                    scale_fn=rng.choice([None, None, None, halving]),
                    scale_mode=rng.choice(["cycle", "iterations"]),
                ),
            }
        case "OneCycleLR":
            share = rng.choice([rng.uniform(0.1, 0.5)] * 6 + [rng.random(), 0.0, 1.0, 0.5, 1])
            whole = rng.choice([rng.randint(3, 300)] * 8 + [1, 2, 0, 10.5])
            epochs = {"epochs": rng.randint(1, 10), "steps_per_epoch": rng.randint(1, 30)}
            return {
                "max_lr": 10 ** rng.uniform(-4, 0),
                **({"total_steps": whole} if rng.random() < 0.8 else epochs),
                **momentum(rng),
                **some(
                    rng,
                    pct_start=share,
                    anneal_strategy=rng.choice(["cos", "linear", "linear", "x"]),
                    div_factor=rng.choice([25.0, 10, 1.0, 3.7]),
                    final_div_factor=rng.choice([1e4, 100, 1.0]),
                    three_phase=rng.random() < 0.5,
                ),
            }
        case "SWALR":
            epochs = rng.choice([rng.randint(1, 60)] * 6 + [0, 1, -1, 2.5])
            how = rng.choice(["cos", "linear"])
            return {
                "swa_lr": rate(rng),
                **some(rng, anneal_epochs=epochs, anneal_strategy=how),
            }
        case "SequentialLR":
            marks = sorted(rng.randint(0, 120) for _ in range(rng.randint(0, 3)))
            return {"schedulers": nested(rng, len(marks) + 1, depth), "milestones": marks}
        case "ChainedScheduler":
            return {"schedulers": nested(rng, rng.randint(1, 3), depth)}
    raise KeyError(name)


TORCH = (
    "LambdaLR",
    "MultiplicativeLR",
    "StepLR",
    "MultiStepLR",
    "ConstantLR",
    "LinearLR",
    "ExponentialLR",
    "PolynomialLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "OneCycleLR",
    "SWALR",
    "SequentialLR",
    "ChainedScheduler",
)


def nested(rng: Random, count: int, depth: int) -> list[Arguments]:
    kinds = TORCH if depth < 2 else TORCH[:-2]
    names = [rng.choice(kinds) for _ in range(count)]
    return [{"cls": name, "kwargs": torch(rng, name, depth + 1)} for name in names]


def pieces(rng: Random) -> dict[int, float]:
    steps = [rng.choice([rng.randint(1, 150)] * 8 + [0, -5]) for _ in range(rng.randint(0, 5))]
    return {step: rng.choice([rng.uniform(0.1, 3)] * 8 + [0.0, -1.0]) for step in steps}


def exponential(rng: Random) -> Arguments:
    return {
        "transition_steps": length(rng),
        "decay_rate": rng.choice([rng.uniform(0.2, 1.5)] * 8 + [0.0, 1.0, 100.0]),
        **some(
            rng,
            transition_begin=rng.choice([0, 20, -5]),
            staircase=rng.random() < 0.5,
            end_value=rng.choice([None, rate(rng)]),
        ),
    }


def optax(  # noqa: C901, PLR0911 - one case for each function
    rng: Random, name: str, depth: int = 0
) -> Arguments:
    match name:
        case "constant_schedule":
            return {"value": rate(rng)}
        case "polynomial_schedule" | "linear_schedule":
            power = {"power": rng.choice([0.5, 1, 1.0, 2.0, 3.3])}
            return {
                "init_value": rate(rng),
                "end_value": rate(rng),
                "transition_steps": length(rng),
                **(power if name == "polynomial_schedule" else {}),
                **some(rng, transition_begin=rng.choice([0, 20, 33, -5])),
            }
        case "piecewise_constant_schedule":
            return {"init_value": rate(rng), **some(rng, boundaries_and_scales=pieces(rng))}
        case "piecewise_interpolate_schedule":
            kind = rng.choice(["linear", "cosine", "linear", "cosine", "spline"])
            return {
                "interpolate_type": kind,
                "init_value": rate(rng),
                "boundaries_and_scales": pieces(rng),
            }
        case "exponential_decay":
            return {"init_value": rate(rng), **exponential(rng)}
        case "cosine_decay_schedule":
            alpha, power = rng.choice([0.0, 0.1, 1.0, 2.0, -0.5]), rng.choice([1.0, 0.5, 2.0])
            return {
                "init_value": rate(rng),
                "decay_steps": length(rng),
                **some(rng, alpha=alpha, exponent=power),
            }
        case "linear_onecycle_schedule" | "cosine_onecycle_schedule":
            final = {"pct_final": rng.choice([0.85, rng.random()])}
            return {
                "transition_steps": rng.choice([length(rng), rng.randint(1, 9)]),
                "peak_value": rate(rng),
                **some(
                    rng,
                    pct_start=rng.choice([0.3, rng.random()]),
                    div_factor=rng.choice([25.0, 10.0, 3.7]),
                    final_div_factor=rng.choice([1e4, 100.0]),
                    **(final if name == "linear_onecycle_schedule" else {}),
                ),
            }
        case "warmup_constant_schedule":
            return {"init_value": rate(rng), "peak_value": rate(rng), "warmup_steps": length(rng)}
        case "warmup_cosine_decay_schedule":
            return warmup_cosine(rng)
        case "warmup_exponential_decay_schedule":
            return {
                "init_value": rate(rng),
                "peak_value": rate(rng),
                "warmup_steps": rng.choice([rng.randint(1, 60), 0]),
                **exponential(rng),
            }
        case "sgdr_schedule":
            return {"cosine_kwargs": [warmup_cosine(rng) for _ in range(rng.randint(1, 4))]}
        case "join_schedules":
            kinds = OPTAX if depth < 2 else OPTAX[:-1]
            names = [rng.choice(kinds) for _ in range(rng.randint(1, 4))]
            marks = sorted(
                rng.randint(0, 120) for _ in range(rng.choice([len(names) - 1] * 4 + [1]))
            )
            return {
                "schedules": [{"cls": n, "kwargs": optax(rng, n, depth + 1)} for n in names],
                "boundaries": marks,
            }
    raise KeyError(name)


OPTAX = (
    "constant_schedule",
    "polynomial_schedule",
    "linear_schedule",
    "piecewise_constant_schedule",
    "piecewise_interpolate_schedule",
    "exponential_decay",
    "cosine_decay_schedule",
    "linear_onecycle_schedule",
    "cosine_onecycle_schedule",
    "warmup_constant_schedule",
    "warmup_cosine_decay_schedule",
    "warmup_exponential_decay_schedule",
    "sgdr_schedule",
    "join_schedules",
)


def warmup_cosine(rng: Random) -> Arguments:
    rise = rng.choice([rng.randint(1, 40), 0])
    return {
        "init_value": rate(rng),
        "peak_value": rate(rng),
        "warmup_steps": rise,
        "decay_steps": rise + rng.choice([rng.randint(1, 80)] * 8 + [0]),
        **some(rng, end_value=rate(rng), exponent=rng.choice([1.0, 0.5, 2.0])),
    }


def keras(rng: Random, name: str) -> Arguments:
    start = {"initial_learning_rate": rate(rng)}
    match name:
        case "ExponentialDecay" | "InverseTimeDecay":
            decay = rng.choice([rng.uniform(0.2, 1.5)] * 8 + [0.0, 1.0, 20.0])
            stairs = some(rng, staircase=rng.random() < 0.5)
            return {**start, "decay_steps": length(rng), "decay_rate": decay, **stairs}
        case "PiecewiseConstantDecay":
            marks = [
                rng.choice([rng.randint(0, 150)] * 5 + [7.5]) for _ in range(rng.randint(0, 4))
            ]
            marks = sorted(marks) if rng.random() < 0.8 else marks
            count = len(marks) + rng.choice([1] * 8 + [0])
            return {"boundaries": marks, "values": [10 ** rng.uniform(-4, 0) for _ in range(count)]}
        case "PolynomialDecay":
            return {
                **start,
                "decay_steps": length(rng),
                **some(
                    rng,
                    end_learning_rate=rate(rng),
                    power=rng.choice([0.5, 1.0, 2.0]),
                    cycle=rng.random() < 0.5,
                ),
            }
        case "CosineDecay":
            return {
                **start,
                "decay_steps": length(rng),
                **some(
                    rng,
                    alpha=rng.choice([0.0, 0.1, 1.0, 2.0, -0.5]),
                    warmup_target=rate(rng),
                    warmup_steps=rng.choice([0, rng.randint(1, 60)]),
                ),
            }
        case "CosineDecayRestarts":
            return {
                **start,
                "first_decay_steps": length(rng),
                **some(
                    rng,
                    t_mul=rng.choice([1.0, 1.5, 2.0, 1.3]),
                    m_mul=rng.choice([1.0, 0.8, 0.5, 1.2]),
                    alpha=rng.choice([0.0, 0.1, 2.0]),
                ),
            }
    raise KeyError(name)


KERAS = (
    "ExponentialDecay",
    "InverseTimeDecay",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "CosineDecay",
    "CosineDecayRestarts",
)


def torch_plateau(rng: Random) -> Arguments:
    return some(
        rng,
        mode=rng.choice(["min", "max"]),
        factor=rng.choice([0.1, 0.5, 0.9, 0.0, -0.5]),
        patience=rng.choice([0, 1, 2, 3, 5, 10, -1, 2.5]),
        threshold=rng.choice([1e-4, 0.02, 0.3, 0.0, 1.0, -0.1]),
        threshold_mode=rng.choice(["rel", "abs"]),
        cooldown=rng.choice([0, 1, 3, 10]),
        min_lr=rng.choice([0, 1e-3, 0.02, 0.5]),
        eps=rng.choice([1e-8, 1e-3, 0.02, 0.0]),
    )


def optax_plateau(rng: Random) -> Arguments:
    return some(
        rng,
        factor=rng.choice([0.1, 0.5, 0.9]),
        patience=rng.choice([1, 2, 3, 5, 10, 0]),
        rtol=rng.choice([1e-4, 0.02, 0.3, 1.0]),
        atol=rng.choice([0.0, 0.05, 0.5]),
        cooldown=rng.choice([0, 1, 3, 10]),
        accumulation_size=rng.choice([1, 2, 5]),
        min_scale=rng.choice([0.0, 0.01, 0.3, 1.0]),
    )


def losses(rng: Random, count: int = 200) -> list[float]:
    """A decline with noise, stairs, gaps, or swings around zero."""
    noise = rng.choice([0.0, 0.05, 0.3])
    shape = rng.choice(["decline", "stairs", "swings", "level"])
    found = []
    for k in range(count):
        value = {
            "decline": 3 * math.exp(-k / 40),
            "stairs": 6.0 - k // 30,
            "swings": math.sin(k / 9) - k / 100,
            "level": 2.0,
        }[shape]
        found.append(value + noise * rng.gauss(0, 1))
    if rng.random() < 0.3:
        found[rng.randrange(count)] = rng.choice([math.nan, math.inf, -math.inf])
    return found
