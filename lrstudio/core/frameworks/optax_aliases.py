"""The aliases of Optax 0.2.8 (`optax.adam`, ...): which function is which rule of ours.

What Optax keeps in `optax.contrib` stands in `optax_contrib`, what puts rules together in
`optax_chains`.
"""

from typing import Any

import msgspec

from lrstudio.core.frameworks.table import REQUIRED, Argument, Call
from lrstudio.core.optimizers.adafactor import SM3, Adafactor
from lrstudio.core.optimizers.adaptive import Adadelta, Adagrad, RMSProp
from lrstudio.core.optimizers.lars import LARS, Fromage
from lrstudio.core.optimizers.momentum import SGD, HeavyBall, Nesterov, OptimisticGradient
from lrstudio.core.optimizers.signs import Rprop, SignSGD, Signum

LEARNING_RATE = Argument("learning_rate", REQUIRED, "lr")
EPSILON = Argument("eps", 1e-8, "eps")
BETAS = (Argument("b1", 0.9, "beta1"), Argument("b2", 0.999, "beta2"))

NO_MOMENTUM = {None: 0.0}
SGD_ARGUMENTS = (
    LEARNING_RATE,
    Argument("momentum", None, "momentum", values=NO_MOMENTUM),
    Argument("nesterov", False, values={True: True, False: False}),
    Argument("accumulator_dtype", None),
)
OUTSIDE = {"lr_position": "outside"}


def noise_complaint(values: dict[str, Any]) -> str | None:
    """Noise is drawn by an experiment, not by a rule."""
    if values["eta"] == 0:
        return None
    return "its noise comes from JAX's generator; only eta=0 is supported, add noise to the problem"


GRADIENT_DESCENT = (
    Call(name="sgd", rule=SGD, arguments=SGD_ARGUMENTS, when={"momentum": (None, 0.0)}),
    Call(
        name="sgd",
        rule=Nesterov,
        arguments=SGD_ARGUMENTS,
        when={"nesterov": (True,)},
        fixed=OUTSIDE,
        flavour={"momentum": 0.9},
    ),
    Call(
        name="sgd",
        rule=HeavyBall,
        arguments=SGD_ARGUMENTS,
        fixed=OUTSIDE,
        flavour={"momentum": 0.9},
    ),
    Call(
        name="noisy_sgd",
        rule=SGD,
        arguments=(
            LEARNING_RATE,
            Argument("eta", 0.01, "eta", ">= 0"),
            Argument("gamma", 0.55, is_irrelevant=True),
            Argument("key", None, is_irrelevant=True),
            Argument("seed", None, is_irrelevant=True),
        ),
        complaint=noise_complaint,
        to_arguments=lambda rule: {"eta": 0.0},
        is_flavour=False,
    ),
    Call(name="sign_sgd", rule=SignSGD, arguments=(LEARNING_RATE,)),
    Call(
        name="signum",
        rule=Signum,
        arguments=(
            LEARNING_RATE,
            Argument("beta", 0.9, "momentum"),
            Argument("accumulator_dtype", None),
        ),
    ),
    Call(
        name="optimistic_gradient_descent",
        rule=OptimisticGradient,
        arguments=(
            LEARNING_RATE,
            Argument("alpha", 1.0, "alpha"),
            Argument("beta", 1.0, "optimism"),
        ),
    ),
)

ADAM_FAMILY: tuple[Call, ...] = ()

ADAFACTOR_ARGUMENTS = (
    LEARNING_RATE,
    Argument("min_dim_size_to_factor", 128, "factor_from"),
    Argument("decay_rate", 0.8, "forgetting"),
    Argument("decay_offset", 0),
    Argument("multiply_by_parameter_scale", True, "parameter_scale"),
    Argument("clipping_threshold", 1.0, "clip", "> 0", values={None: 0.0}),
    Argument("momentum", None, "momentum", values=NO_MOMENTUM),
    Argument("dtype_momentum", None, is_irrelevant=True),
    Argument("weight_decay_rate", None, "weight_decay", values={None: 0.0}),
    Argument("eps", 1e-30, "eps1"),
    Argument("factored", True, values={True: True, False: False}),
    Argument("weight_decay_mask", None),
)
NEVER = 1_000_000
"""Rows and columns that no matrix here has."""


def factoring(values: dict[str, Any]) -> dict[str, Any]:
    """From which size on `optax.adafactor` factors."""
    least = max(1, int(values["min_dim_size_to_factor"]))
    return {"factor_from": least if values["factored"] else NEVER}


def factoring_back(rule: Any) -> dict[str, Any]:
    """The arguments that say so."""
    is_factored = rule.factor_from < NEVER
    return {
        "min_dim_size_to_factor": rule.factor_from if is_factored else 128,
        "factored": is_factored,
    }


ADAFACTOR = Call(
    name="adafactor",
    rule=Adafactor,
    arguments=ADAFACTOR_ARGUMENTS,
    fixed={"eps1_form": "added", "eps2": 1e-3, "relative_step": False, "decay": "unscaled"},
    note="Optax computes the decay of the squares, and keeps the mean of steps, in 32 bits.",
    to_fields=factoring,
    to_arguments=factoring_back,
)

ADAPTIVE = (
    Call(
        name="rprop",
        rule=Rprop,
        arguments=(
            LEARNING_RATE,
            Argument("eta_minus", 0.5, "shrinkage"),
            Argument("eta_plus", 1.2, "growth"),
            Argument("min_step_size", 1e-6, "smallest_step"),
            Argument("max_step_size", 50.0, "largest_step"),
        ),
        fixed={"bounded_start": False},
        note="Optax 0.2.8 takes the step of the update before; this is the rule as published.",
    ),
    Call(
        name="adagrad",
        rule=Adagrad,
        arguments=(
            LEARNING_RATE,
            Argument("initial_accumulator_value", 0.1, "initial_accumulator"),
            Argument("eps", 1e-7, "eps"),
        ),
        fixed={"eps_position": "inside"},
    ),
    Call(
        name="rmsprop",
        rule=RMSProp,
        arguments=(
            LEARNING_RATE,
            Argument("decay", 0.9, "rho"),
            EPSILON,
            Argument("initial_scale", 0.0, "initial_accumulator"),
            Argument(
                "eps_in_sqrt", True, "eps_position", values={True: "inside", False: "outside"}
            ),
            Argument("centered", False, "centered"),
            Argument("momentum", None, "momentum", values=NO_MOMENTUM),
            Argument("nesterov", False, "nesterov"),
            Argument("bias_correction", False, "bias_correction"),
        ),
        fixed={"lr_position": "inside"},
        note="Where a centred spread is zero or, by rounding, negative, Optax gives NaN.",
    ),
    Call(
        name="adadelta",
        rule=Adadelta,
        arguments=(
            LEARNING_RATE,
            Argument("rho", 0.9, "rho"),
            Argument("eps", 1e-6, "eps"),
            Argument("weight_decay", 0.0, "weight_decay"),
            Argument("weight_decay_mask", None),
        ),
        fixed={"eps_position": "inside", "decay": "coupled"},
        note="Without a learning rate, which is its default, Optax climbs.",
    ),
    ADAFACTOR,
    msgspec.structs.replace(ADAFACTOR, name="adafactor64", is_flavour=False),
    Call(
        name="sm3",
        rule=SM3,
        arguments=(LEARNING_RATE, Argument("momentum", 0.9, "momentum")),
        fixed={"eps": 1e-8},
    ),
    Call(
        name="fromage",
        rule=Fromage,
        arguments=(LEARNING_RATE, Argument("min_norm", 1e-6, "smallest_norm")),
    ),
    Call(
        name="lars",
        rule=LARS,
        arguments=(
            LEARNING_RATE,
            Argument("weight_decay", 0.0, "weight_decay"),
            Argument("weight_decay_mask", True),
            Argument("trust_coefficient", 0.001, "trust"),
            Argument("eps", 0.0, "eps"),
            Argument("trust_ratio_mask", True),
            Argument("momentum", 0.9, "momentum"),
            Argument("nesterov", False, "nesterov"),
        ),
        fixed={"decay": "coupled"},
    ),
)

WITHOUT_RATE: tuple[Call, ...] = ()

SECOND_ORDER: tuple[Call, ...] = ()

CALLS = (*GRADIENT_DESCENT, *ADAM_FAMILY, *ADAPTIVE, *WITHOUT_RATE, *SECOND_ORDER)
