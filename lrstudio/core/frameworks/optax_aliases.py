"""The aliases of Optax 0.2.8 (`optax.adam`, ...): which function is which rule of ours.

What Optax keeps in `optax.contrib` stands in `optax_contrib`, what puts rules together in
`optax_chains`.
"""

from typing import Any

import msgspec

from lrstudio.core.frameworks.table import REQUIRED, Argument, Call, Values, whole
from lrstudio.core.optimizers.adafactor import SM3, Adafactor
from lrstudio.core.optimizers.adam import Adam, AdamW, AMSGrad
from lrstudio.core.optimizers.adam_descendants import Adan
from lrstudio.core.optimizers.adam_nesterov import NAdam, OptimisticAdam
from lrstudio.core.optimizers.adam_spread import AdaBelief, Adamax, RAdam, Yogi
from lrstudio.core.optimizers.adaptive import Adadelta, Adagrad, RMSProp
from lrstudio.core.optimizers.lars import LARS, Fromage
from lrstudio.core.optimizers.layerwise import LAMB, NovoGrad
from lrstudio.core.optimizers.lion import Lion
from lrstudio.core.optimizers.momentum import SGD, HeavyBall, Nesterov, OptimisticGradient
from lrstudio.core.optimizers.polyak import PolyakStep
from lrstudio.core.optimizers.second_order import LBFGS
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
PRECISION = Argument("mu_dtype", None)
MASK = Argument("mask", None)
ROOT = Argument("eps_root", 0.0, "eps_root")
ADAM = (LEARNING_RATE, *BETAS, EPSILON, ROOT, PRECISION)
PLAIN: Values = {"eps_form": "outside", "amsgrad": False}
AHEAD: Values = {"momentum_form": "constant"}


def nesterov(*, default: bool) -> Argument:
    """The argument `nesterov`."""
    return Argument("nesterov", default, "nesterov")


def weight_decay(default: float = 0.0) -> Argument:
    """The argument `weight_decay`."""
    return Argument("weight_decay", default, "weight_decay")


def adam_calls(name: str, *, is_nesterov: bool) -> tuple[Call, Call]:
    """`optax.adam` or `optax.nadam`, which differ in what `nesterov` is by default."""
    arguments = (*ADAM, Argument("nesterov", is_nesterov))
    return (
        Call(
            name=name,
            rule=Adam,
            arguments=arguments,
            when={"nesterov": (False,)},
            fixed={**PLAIN, "lazy": False},
            is_flavour=not is_nesterov,
        ),
        Call(
            name=name,
            rule=NAdam,
            arguments=arguments,
            when={"nesterov": (True,)},
            fixed=AHEAD,
            is_flavour=is_nesterov,
        ),
    )


def adamw_calls(name: str, *, is_nesterov: bool) -> tuple[Call, Call]:
    """`optax.adamw` or `optax.nadamw`."""
    arguments = (*ADAM, weight_decay(1e-4), MASK, Argument("nesterov", is_nesterov))
    return (
        Call(
            name=name,
            rule=AdamW,
            arguments=arguments,
            when={"nesterov": (False,)},
            fixed=PLAIN,
            is_flavour=not is_nesterov,
        ),
        Call(
            name=name,
            rule=NAdam,
            arguments=arguments,
            when={"nesterov": (True,)},
            fixed={**AHEAD, "decay": "decoupled"},
            is_flavour=False,
        ),
    )


def relative_optimism(values: Values) -> Values:
    """Optimism is counted in learning rates here."""
    rate, optimism = values["learning_rate"], values["optimism"]
    return {"alpha": 1.0, "optimism": 1.0 if optimism is None else optimism / rate}


def absolute_optimism(rule: OptimisticAdam) -> Values:
    """The way back."""
    return {"optimism": None if rule.optimism == 1 else rule.optimism * rule.lr}


def optimism_complaint(values: Values) -> str | None:
    """Why optimism cannot be counted in learning rates."""
    if values["optimism"] is not None and not values["learning_rate"]:
        return "a learning_rate of 0 together with optimism is not supported here"
    return None


ADAM_FAMILY = (
    *adam_calls("adam", is_nesterov=False),
    *adam_calls("nadam", is_nesterov=True),
    *adamw_calls("adamw", is_nesterov=False),
    *adamw_calls("nadamw", is_nesterov=True),
    Call(
        name="amsgrad",
        rule=AMSGrad,
        arguments=(
            *ADAM,
            Argument("bias_correction_mu", True, "corrects_mean"),
            Argument("bias_correction_nu", True, "corrects_spread"),
        ),
    ),
    Call(
        name="adamax",
        rule=Adamax,
        arguments=(LEARNING_RATE, *BETAS, EPSILON),
        fixed={"eps_position": "inside", "decay": "coupled"},
    ),
    Call(
        name="adamaxw",
        rule=Adamax,
        arguments=(LEARNING_RATE, *BETAS, EPSILON, weight_decay(1e-4), MASK),
        fixed={"eps_position": "inside", "decay": "decoupled"},
        is_flavour=False,
    ),
    Call(
        name="radam",
        rule=RAdam,
        arguments=(
            LEARNING_RATE,
            *BETAS,
            EPSILON,
            ROOT,
            Argument("threshold", 5.0, "threshold"),
            nesterov(default=False),
        ),
        fixed={"eps_form": "outside"},
    ),
    Call(
        name="adabelief",
        rule=AdaBelief,
        arguments=(
            LEARNING_RATE,
            *BETAS,
            Argument("eps", 1e-16, "eps"),
            Argument("eps_root", 1e-16, "eps_root"),
            nesterov(default=False),
        ),
    ),
    Call(
        name="yogi",
        rule=Yogi,
        arguments=(LEARNING_RATE, *BETAS, Argument("eps", 1e-3, "eps")),
        fixed={"initial_mean": 1e-6, "initial_spread": 1e-6},
        note="The mean of the gradient starts at 1e-6 too, so that zero gradients move it.",
    ),
    Call(
        name="adan",
        rule=Adan,
        arguments=(
            LEARNING_RATE,
            Argument("b1", 0.98, "beta1"),
            Argument("b2", 0.92, "beta2"),
            Argument("b3", 0.99, "beta3"),
            EPSILON,
            Argument("eps_root", 1e-8, "eps_root"),
            weight_decay(),
            MASK,
        ),
        fixed={"decay": "decoupled"},
        note="Weight decay is subtracted; in the paper it divides the parameters.",
    ),
    Call(
        name="lion",
        rule=Lion,
        arguments=(
            LEARNING_RATE,
            Argument("b1", 0.9, "beta1"),
            Argument("b2", 0.99, "beta2"),
            PRECISION,
            weight_decay(1e-3),
            MASK,
        ),
        fixed={"decay": "decoupled"},
    ),
    Call(
        name="lamb",
        rule=LAMB,
        arguments=(
            LEARNING_RATE,
            *BETAS,
            Argument("eps", 1e-6, "eps"),
            ROOT,
            weight_decay(),
            MASK,
        ),
        fixed={"decay": "inside"},
    ),
    Call(
        name="novograd",
        rule=NovoGrad,
        arguments=(
            LEARNING_RATE,
            Argument("b1", 0.9, "beta1"),
            Argument("b2", 0.25, "beta2"),
            Argument("eps", 1e-6, "eps"),
            ROOT,
            weight_decay(),
        ),
    ),
    Call(
        name="optimistic_adam_v2",
        rule=OptimisticAdam,
        arguments=(
            *ADAM,
            Argument("alpha", 1.0, "alpha"),
            Argument("beta", 1.0, "optimism"),
            nesterov(default=True),
        ),
    ),
    Call(
        name="optimistic_adam",
        rule=OptimisticAdam,
        arguments=(*ADAM, Argument("optimism", None, "optimism"), nesterov(default=True)),
        complaint=optimism_complaint,
        to_fields=relative_optimism,
        to_arguments=absolute_optimism,
        is_flavour=False,
        note="Optimism is a rate of its own there, which no schedule moves.",
    ),
)

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
