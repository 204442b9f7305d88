"""The aliases of Optax 0.2.8 (`optax.sgd`, ...): which function is which rule of ours.

Adam's family stands in `optax_adam`, what Optax keeps in `optax.contrib` in `optax_contrib`, and
what puts rules together in `optax_chains`.
"""

from typing import Any

import msgspec

from lrstudio.core.frameworks.optax_adam import ADAM_FAMILY
from lrstudio.core.frameworks.optax_arguments import EPSILON, LEARNING_RATE
from lrstudio.core.frameworks.table import Argument, Call, whole
from lrstudio.core.optimizers.adafactor import SM3, Adafactor
from lrstudio.core.optimizers.adaptive import Adadelta, Adagrad, RMSProp
from lrstudio.core.optimizers.lars import LARS, Fromage
from lrstudio.core.optimizers.momentum import SGD, HeavyBall, Nesterov, OptimisticGradient
from lrstudio.core.optimizers.polyak import PolyakStep
from lrstudio.core.optimizers.second_order import LBFGS
from lrstudio.core.optimizers.signs import Rprop, SignSGD, Signum

NO_MOMENTUM = {None: 0.0}
SGD_ARGUMENTS = (
    LEARNING_RATE,
    Argument("momentum", None, "momentum", values=NO_MOMENTUM),
    Argument("nesterov", False, values={True: True, False: False}),
    Argument("accumulator_dtype", None),
)
OUTSIDE = {"lr_position": "outside"}


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

# Another precision of the mean, parameters that are left out: neither has a place here.
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

WITHOUT_RATE: tuple[Call, ...] = (
    Call(
        name="polyak_sgd",
        rule=PolyakStep,
        arguments=(
            Argument("max_learning_rate", 1.0, "max_lr"),
            Argument("scaling", 1.0, "lr"),
            Argument("f_min", 0.0, "f_min"),
            Argument("eps", 0.0, "eps"),
            Argument("variant", "sps", "gap", values={"sps": "any", "sps+": "positive"}),
        ),
        fixed={"lr_position": "inside"},
        note="The norm is that of the scaled gradient, so that larger scaling makes shorter steps.",
    ),
)


def lbfgs_start(values: dict[str, Any]) -> dict[str, Any]:
    """How `optax.lbfgs` begins: both the first step and the estimate are scaled, or neither."""
    return {"first_scale": "l2" if values["scale_init_precond"] else "none"}


SECOND_ORDER = (
    Call(
        name="lbfgs",
        rule=LBFGS,
        arguments=(
            Argument("learning_rate", None, "lr", values={None: 1.0}),
            Argument("memory_size", 10, "history_size", ">= 1"),
            Argument("scale_init_precond", True, "scale_init"),
            Argument("linesearch", "zoom", "line_search", values={"zoom": "zoom", None: "none"}),
        ),
        fixed={
            "max_iter": 1,
            "max_eval": None,
            "tolerance_grad": 0.0,
            "tolerance_change": 0.0,
            "pairs": "all",
        },
        complaint=whole("memory_size"),
        to_fields=lbfgs_start,
        note="`zoom` stands for `scale_by_zoom_linesearch(max_linesearch_steps=20, "
        "initial_guess_strategy='one')`, the default.",
    ),
)

CALLS = (*GRADIENT_DESCENT, *ADAM_FAMILY, *ADAPTIVE, *WITHOUT_RATE, *SECOND_ORDER)
