"""The aliases of `optax.contrib`, Optax 0.2.8: which function is which rule of ours."""

from typing import Any

from lrstudio.core.frameworks.table import Argument, Call, Values
from lrstudio.core.optimizers.averaging import ScheduleFreeAdamW, ScheduleFreeSGD
from lrstudio.core.optimizers.distance import DAdaptAdam, DoG, DoWG, Prodigy
from lrstudio.core.optimizers.polyak import Momo, MomoAdam


ADAM_FAMILY: tuple[Call, ...] = ()

ADAPTIVE: tuple[Call, ...] = ()

SMALL = Argument("eps", 1e-8, "eps")
PAIR_OF_BETAS = Argument("betas", (0.9, 0.999), ("beta1", "beta2"))
PULL = Argument("weight_decay", 0.0, "weight_decay")
PULL_OR_NONE = Argument("weight_decay", None, "weight_decay", values={None: 0.0})
NO_MASK = Argument("mask", None)
AVERAGED = (
    Argument("weight_lr_power", 2.0, "weight_power"),
    Argument("state_dtype", None),
)
WARMUP_STEPS = Argument("warmup_steps", None, "warmup_steps", values={None: 0})
WEIGHTED_BY_NEXT_RATE = {"weight_time": 0.0, "weight_rate": "next"}
SCHEDULE_FREE_NOTE = (
    "Weights come from the rate of the next step; b1 = 0 divides by zero, and warmup_steps = 0 "
    "keeps the rate at zero for ever."
)

AVERAGING: tuple[Call, ...] = (
    Call(
        name="contrib.schedule_free_sgd",
        rule=ScheduleFreeSGD,
        arguments=(
            Argument("learning_rate", 1.0, "lr"),
            WARMUP_STEPS,
            Argument("b1", 0.9, "beta1"),
            PULL_OR_NONE,
            *AVERAGED,
        ),
        fixed=WEIGHTED_BY_NEXT_RATE,
        note=SCHEDULE_FREE_NOTE,
    ),
    Call(
        name="contrib.schedule_free_adamw",
        rule=ScheduleFreeAdamW,
        arguments=(
            Argument("learning_rate", 0.0025, "lr"),
            WARMUP_STEPS,
            Argument("b1", 0.9, "beta1"),
            Argument("b2", 0.999, "beta2"),
            SMALL,
            PULL,
            *AVERAGED,
        ),
        fixed={**WEIGHTED_BY_NEXT_RATE, "decay_place": "in the step"},
        note=SCHEDULE_FREE_NOTE,
    ),
)


def prodigy_fields(values: Values) -> Values:
    """β₃ is the root of β₂ unless it is given."""
    beta3 = values["beta3"]
    return {"beta3": values["betas"][1] ** 0.5 if beta3 is None else beta3}


def prodigy_arguments(rule: Any) -> Values:
    """The way back."""
    return {"beta3": None if rule.beta3 == rule.beta2**0.5 else rule.beta3}


def dowg_fields(values: Values) -> Values:
    """The first estimate is ε unless it is given."""
    given = values["init_estim_sq_dist"]
    return {"initial": values["eps"] if given is None else given}


ESTIMATED = {"bias_correction": True, "decay": "decoupled"}
ZERO_NOTE = "While all gradients are zero, Optax computes 0/0; here the point stays."

WITHOUT_RATE: tuple[Call, ...] = (
    Call(
        name="contrib.prodigy",
        rule=Prodigy,
        arguments=(
            Argument("learning_rate", 1.0, "lr"),
            PAIR_OF_BETAS,
            Argument("beta3", None, "beta3"),
            SMALL,
            Argument("estim_lr0", 1e-6, "d0"),
            Argument("estim_lr_coef", 1.0, "d_coef"),
            PULL,
            Argument("safeguard_warmup", False, "safeguard_warmup"),
        ),
        fixed=ESTIMATED,
        to_fields=prodigy_fields,
        to_arguments=prodigy_arguments,
        note=ZERO_NOTE,
    ),
    Call(
        name="contrib.dadapt_adamw",
        rule=DAdaptAdam,
        arguments=(
            Argument("learning_rate", 1.0, "lr"),
            PAIR_OF_BETAS,
            SMALL,
            Argument("estim_lr0", 1e-6, "d0"),
            PULL,
        ),
        fixed=ESTIMATED,
        note=ZERO_NOTE,
    ),
    Call(
        name="contrib.dog",
        rule=DoG,
        arguments=(
            Argument("learning_rate", 1.0, "lr"),
            Argument(
                "init_step",
                ("heuristic", 1e-6),
                ("initial_kind", "initial"),
                values={kind: kind for kind in ("heuristic", "distance", "learning_rate")},
            ),
            SMALL,
            PULL_OR_NONE,
            NO_MASK,
        ),
    ),
    Call(
        name="contrib.dowg",
        rule=DoWG,
        arguments=(
            Argument("learning_rate", 1.0, "lr"),
            Argument("init_estim_sq_dist", None, "initial"),
            Argument("eps", 1e-4, "eps"),
            PULL_OR_NONE,
            NO_MASK,
        ),
        to_fields=dowg_fields,
    ),
    Call(
        name="contrib.momo",
        rule=Momo,
        arguments=(
            Argument("learning_rate", 1.0, "lr"),
            Argument("beta", 0.9, "momentum"),
            Argument("lower_bound", 0.0, "f_min"),
            PULL,
            Argument("adapt_lower_bound", False, "adapt_bound"),
        ),
    ),
    Call(
        name="contrib.momo_adam",
        rule=MomoAdam,
        arguments=(
            Argument("learning_rate", 0.01, "lr"),
            Argument("b1", 0.9, "beta1"),
            Argument("b2", 0.999, "beta2"),
            SMALL,
            Argument("lower_bound", 0.0, "f_min"),
            PULL,
            Argument("adapt_lower_bound", False, "adapt_bound"),
        ),
    ),
)

MATRICES: tuple[Call, ...] = ()

CALLS = (*ADAM_FAMILY, *ADAPTIVE, *AVERAGING, *WITHOUT_RATE, *MATRICES)
