"""The aliases of `optax.contrib`, Optax 0.2.8: which function is which rule of ours."""

from collections.abc import Sequence
from typing import Any

from lrstudio.core.frameworks.optax_arguments import (
    BETAS,
    EPSILON,
    LEARNING_RATE,
    MASK,
    PRECISION,
    ROOT,
    nesterov,
    weight_decay,
)
from lrstudio.core.frameworks.table import REQUIRED, Argument, Call, Values, whole
from lrstudio.core.optimizers.accumulators import COCOB, MADGRAD
from lrstudio.core.optimizers.adam_descendants import AdEMAMix, SimplifiedAdEMAMix
from lrstudio.core.optimizers.adam_lagged import ADOPT, ACProp
from lrstudio.core.optimizers.averaging import ScheduleFreeAdamW, ScheduleFreeSGD
from lrstudio.core.optimizers.distance import DAdaptAdam, DoG, DoWG, Prodigy
from lrstudio.core.optimizers.matrices import DION, Muon
from lrstudio.core.optimizers.polyak import Momo, MomoAdam
from lrstudio.core.optimizers.sophia import Sophia

DECOUPLED: Values = {"decay": "decoupled"}


def sophia_complaint(values: Values) -> str | None:
    """What has no meaning for the rule."""
    interval, limit = values["update_interval"], values["clip_threshold"]
    if not isinstance(interval, int) or interval < 1:
        return f"update_interval: expected a whole number of at least 1, got {interval!r}"
    if limit is not None and limit <= 0:
        return f"clip_threshold: expected a number > 0 or None, got {limit!r}"
    return None


ADAM_FAMILY = (
    Call(
        name="contrib.acprop",
        rule=ACProp,
        arguments=(
            LEARNING_RATE,
            *BETAS,
            Argument("eps", 1e-16, "eps"),
            Argument("eps_root", 1e-16, "eps_root"),
            weight_decay(),
            MASK,
        ),
        fixed=DECOUPLED,
    ),
    Call(
        name="contrib.ademamix",
        rule=AdEMAMix,
        arguments=(
            LEARNING_RATE,
            *BETAS,
            Argument("b3", 0.9999, "beta3"),
            Argument("alpha", 5.0, "alpha"),
            EPSILON,
            ROOT,
            PRECISION,
            weight_decay(),
            MASK,
        ),
        fixed=DECOUPLED,
    ),
    Call(
        name="contrib.simplified_ademamix",
        rule=SimplifiedAdEMAMix,
        arguments=(
            LEARNING_RATE,
            Argument("b1", 0.99, "beta1"),
            Argument("b2", 0.95, "beta2"),
            Argument("alpha", 0.0, "alpha"),
            EPSILON,
            ROOT,
            weight_decay(),
            MASK,
        ),
        fixed=DECOUPLED,
    ),
    Call(
        name="contrib.adopt",
        rule=ADOPT,
        arguments=(
            LEARNING_RATE,
            Argument("b1", 0.9, "beta1"),
            Argument("b2", 0.9999, "beta2"),
            Argument("eps", 1e-6, "eps"),
            PRECISION,
            nesterov(default=False),
            Argument("use_clipping", True, "clips"),
            # Any other function than the fourth root is refused.
            Argument("clip_value_fn", None),
        ),
        fixed=DECOUPLED,
    ),
    Call(
        name="contrib.sophia",
        rule=Sophia,
        arguments=(
            LEARNING_RATE,
            Argument("b1", 0.965, "beta1"),
            Argument("b2", 0.99, "beta2"),
            EPSILON,
            weight_decay(1e-4),
            Argument("weight_decay_mask", None),
            Argument("gamma", 0.01, "gamma"),
            Argument("clip_threshold", 1.0, "clip_threshold", values={None: 0.0}),
            Argument("update_interval", 10, "update_interval"),
            Argument("hessian_diagonal_fn", None),
            PRECISION,
            Argument("verbose", False, is_irrelevant=True),
            Argument("print_win_rate_every_n_steps", 0, is_irrelevant=True),
        ),
        fixed=DECOUPLED,
        complaint=sophia_complaint,
        note="Second derivatives are estimated from random directions there; here they are exact.",
    ),
)

ADAPTIVE = (
    Call(
        name="contrib.madgrad",
        rule=MADGRAD,
        arguments=(
            Argument("learning_rate", REQUIRED, "lr"),
            Argument("momentum", 0.9, "momentum"),
            Argument("weight_decay", 0.0, "weight_decay"),
            Argument("eps", 1e-6, "eps"),
        ),
        fixed={"decay": "coupled"},
    ),
    Call(
        name="contrib.cocob",
        rule=COCOB,
        arguments=(
            Argument("learning_rate", 1.0, "lr"),
            Argument("alpha", 100.0, "alpha"),
            Argument("eps", 1e-8, "eps"),
            Argument("weight_decay", 0.0, "weight_decay"),
            Argument("mask", None),
        ),
        fixed={"decay": "coupled"},
    ),
)

PAIR_OF_BETAS = Argument("betas", (0.9, 0.999), ("beta1", "beta2"))
DECAY_OR_NONE = Argument("weight_decay", None, "weight_decay", values={None: 0.0})
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
            DECAY_OR_NONE,
            *AVERAGED,
        ),
        fixed=WEIGHTED_BY_NEXT_RATE,
        complaint=whole("warmup_steps"),
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
            EPSILON,
            weight_decay(),
            *AVERAGED,
        ),
        fixed={**WEIGHTED_BY_NEXT_RATE, "decay_place": "in the step"},
        complaint=whole("warmup_steps"),
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
            EPSILON,
            Argument("estim_lr0", 1e-6, "d0"),
            Argument("estim_lr_coef", 1.0, "d_coef"),
            weight_decay(),
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
            EPSILON,
            Argument("estim_lr0", 1e-6, "d0"),
            weight_decay(),
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
            EPSILON,
            DECAY_OR_NONE,
            MASK,
        ),
    ),
    Call(
        name="contrib.dowg",
        rule=DoWG,
        arguments=(
            Argument("learning_rate", 1.0, "lr"),
            Argument("init_estim_sq_dist", None, "initial"),
            Argument("eps", 1e-4, "eps"),
            DECAY_OR_NONE,
            MASK,
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
            weight_decay(),
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
            EPSILON,
            Argument("lower_bound", 0.0, "f_min"),
            weight_decay(),
            Argument("adapt_lower_bound", False, "adapt_bound"),
        ),
    ),
)

STANDARD = (3.4445, -4.775, 2.0315)


def muon_complaint(values: dict[str, Any]) -> str | None:
    """Why coefficients or their number are refused."""
    found = muon_coefficients(values)
    if not found:
        return "ns_coeffs: only three numbers, 'standard' or 'dion' are supported here"
    if found["polynomial"] == "dion" and values["ns_steps"] < len(DION):
        return f"ns_steps: dion has {len(DION)} iterations and needs as many steps"
    return whole("ns_steps")(values)


def muon_coefficients(values: dict[str, Any]) -> dict[str, Any]:
    """Fields for the argument `ns_coeffs`; none where it is not understood."""
    given = values["ns_coeffs"]
    if given in ("dion", DION, list(map(list, DION))):
        return {"polynomial": "dion"}
    numbers = STANDARD if given == "standard" else given
    is_triple = isinstance(numbers, Sequence) and len(numbers) == len(STANDARD)
    if not is_triple or not all(type(n) in (int, float) for n in numbers):
        return {}
    return dict(zip(("ns_a", "ns_b", "ns_c"), numbers, strict=True)) | {"polynomial": "fixed"}


def muon_fields(values: dict[str, Any]) -> dict[str, Any]:
    """Fields of `optax.contrib.muon` that stand in no argument alone."""
    scale = "columns" if values["consistent_rms"] is None else "rms"
    return {**muon_coefficients(values), "scale": scale, "adam_eps": values["eps"]}


def muon_arguments(optimizer: Muon) -> dict[str, Any]:
    """The arguments that stand for these fields."""
    triple = (optimizer.ns_a, optimizer.ns_b, optimizer.ns_c)
    return {
        "ns_coeffs": "dion" if optimizer.polynomial == "dion" else triple,
        "consistent_rms": None if optimizer.scale == "columns" else optimizer.rms_rate,
    }


NORMALIZATIONS = {name: name for name in ("frobenius", "spectral", "aol", "schatten")}

MATRICES = (
    Call(
        name="contrib.muon",
        rule=Muon,
        arguments=(
            Argument("learning_rate", REQUIRED, "lr"),
            Argument("ns_coeffs", STANDARD, is_irrelevant=True),
            Argument("ns_steps", 5, "ns_steps", ">= 0"),
            Argument("beta", 0.95, "momentum"),
            Argument("eps", 1e-8, "eps"),
            Argument("weight_decay", 0.0, "weight_decay"),
            Argument("weight_decay_mask", None),
            Argument("mu_dtype", None),
            Argument("nesterov", True, "nesterov"),
            Argument("adaptive", False, "adaptive"),
            Argument("preconditioning", "frobenius", "normalization", values=NORMALIZATIONS),
            Argument("adam_b1", 0.9, "adam_beta1"),
            Argument("adam_b2", 0.999, "adam_beta2"),
            Argument("adam_eps_root", 0.0, "adam_eps_root"),
            Argument("adam_weight_decay", 0.0, "adam_weight_decay"),
            Argument("adam_learning_rate", None, "adam_lr", values={None: 0.0}),
            Argument("muon_weight_dimension_numbers", None),
            Argument("consistent_rms", None, "rms_rate", values={None: 0.2}),
        ),
        fixed={"momentum_form": "corrected", "vectors": "nadamw"},
        complaint=muon_complaint,
        to_fields=muon_fields,
        to_arguments=muon_arguments,
    ),
)

CALLS = (*ADAM_FAMILY, *ADAPTIVE, *AVERAGING, *WITHOUT_RATE, *MATRICES)
