"""`keras.optimizers`, Keras 3.15: which class is which rule of ours."""

from typing import Any

from lrstudio.core.frameworks.table import Argument, Call
from lrstudio.core.optimizers.accumulators import FTRL
from lrstudio.core.optimizers.adafactor import Adafactor
from lrstudio.core.optimizers.adaptive import Adadelta, Adagrad, RMSProp
from lrstudio.core.optimizers.momentum import SGD, HeavyBall, Nesterov

# Keras' weight decay stands outside every rule.
DECOUPLED = {"decay": "decoupled"}
LEARNING_RATE = Argument("learning_rate", 1e-3, "lr")
EPSILON = Argument("epsilon", 1e-7, "eps")
BETAS = (Argument("beta_1", 0.9, "beta1"), Argument("beta_2", 0.999, "beta2"))
COMMON = (
    Argument("weight_decay", None, "weight_decay", values={None: 0.0}),
    Argument("name", None, is_irrelevant=True),
)

SGD_ARGUMENTS = (
    Argument("learning_rate", 0.01, "lr"),
    Argument("momentum", 0.0, "momentum", "[0, 1]"),
    Argument("nesterov", False, values={True: True, False: False}),
    *COMMON,
)


def momentum_complaint(values: dict[str, Any]) -> str | None:
    """Why `keras.optimizers.SGD` refuses its momentum."""
    momentum = values["momentum"]
    return None if isinstance(momentum, float) else f"momentum must be a float, got {momentum!r}"


GRADIENT_DESCENT = (
    Call(
        name="SGD",
        rule=SGD,
        arguments=SGD_ARGUMENTS,
        when={"momentum": (0.0,)},
        fixed=DECOUPLED,
        complaint=momentum_complaint,
    ),
    Call(
        name="SGD",
        rule=Nesterov,
        arguments=SGD_ARGUMENTS,
        when={"nesterov": (True,)},
        fixed={"lr_position": "inside", **DECOUPLED},
        complaint=momentum_complaint,
    ),
    Call(
        name="SGD",
        rule=HeavyBall,
        arguments=SGD_ARGUMENTS,
        fixed={"lr_position": "inside", **DECOUPLED},
        complaint=momentum_complaint,
    ),
)

ADAM_FAMILY: tuple[Call, ...] = ()

ACCUMULATOR = Argument("initial_accumulator_value", 0.1, "initial_accumulator")

ADAPTIVE = (
    Call(
        name="RMSprop",
        rule=RMSProp,
        arguments=(
            LEARNING_RATE,
            Argument("rho", 0.9, "rho"),
            Argument("momentum", 0.0, "momentum"),
            EPSILON,
            Argument("centered", False, "centered"),
            *COMMON,
        ),
        fixed={"eps_position": "inside", "lr_position": "inside", **DECOUPLED},
    ),
    Call(
        name="Adagrad",
        rule=Adagrad,
        arguments=(LEARNING_RATE, ACCUMULATOR, EPSILON, *COMMON),
        fixed={"eps_position": "inside", **DECOUPLED},
    ),
    Call(
        name="Adadelta",
        rule=Adadelta,
        arguments=(LEARNING_RATE, Argument("rho", 0.95, "rho"), EPSILON, *COMMON),
        fixed={"eps_position": "inside", **DECOUPLED},
    ),
    Call(
        name="Adafactor",
        rule=Adafactor,
        arguments=(
            LEARNING_RATE,
            Argument("beta_2_decay", -0.8, "forgetting"),
            Argument("epsilon_1", 1e-30, "eps1"),
            Argument("epsilon_2", 1e-3, "eps2"),
            Argument("clip_threshold", 1.0, "clip", "> 0"),
            Argument("relative_step", True, is_irrelevant=True),
            *COMMON,
        ),
        fixed={"eps1_form": "added", "decay": "beforehand"},
        note="relative_step=False changes nothing in Keras: the rate stays below 1/√t.",
        to_fields=lambda values: {"forgetting": -values["beta_2_decay"]},
        to_arguments=lambda rule: {"beta_2_decay": -rule.forgetting},
    ),
    Call(
        name="Ftrl",
        rule=FTRL,
        arguments=(
            LEARNING_RATE,
            Argument("learning_rate_power", -0.5, "power", "(-inf, 0]"),
            Argument("initial_accumulator_value", 0.1, "initial_accumulator", ">= 0"),
            Argument("l1_regularization_strength", 0.0, "l1", ">= 0"),
            Argument("l2_regularization_strength", 0.0, "l2", ">= 0"),
            Argument("l2_shrinkage_regularization_strength", 0.0, "l2_shrinkage", ">= 0"),
            Argument("beta", 0.0, "beta"),
            *COMMON,
        ),
        to_fields=lambda values: {"power": -values["learning_rate_power"]},
        to_arguments=lambda rule: {"learning_rate_power": -rule.power},
    ),
)

AVERAGING: tuple[Call, ...] = ()

MATRICES: tuple[Call, ...] = ()

CALLS = (*GRADIENT_DESCENT, *ADAM_FAMILY, *ADAPTIVE, *AVERAGING, *MATRICES)
