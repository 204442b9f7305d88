"""`torch.optim`, PyTorch 2.13: which class is which rule of ours."""

import sys
from typing import Any

from lrstudio.core.frameworks.table import Argument, Call
from lrstudio.core.optimizers.adafactor import Adafactor
from lrstudio.core.optimizers.adam import Adam, AdamW
from lrstudio.core.optimizers.adaptive import Adadelta, Adagrad, RMSProp
from lrstudio.core.optimizers.momentum import SGD, HeavyBall, Nesterov
from lrstudio.core.optimizers.signs import Rprop

# Arguments that choose between equal ways of computing.
IMPLEMENTATION = tuple(
    Argument(name, None, is_irrelevant=True)
    for name in ("foreach", "fused", "capturable", "differentiable")
)
COMMON = (Argument("maximize", False), *IMPLEMENTATION)
LEARNING_RATE = Argument("lr", 1e-3, "lr", ">= 0")
EPSILON = Argument("eps", 1e-8, "eps", ">= 0")
BETAS = Argument("betas", (0.9, 0.999), ("beta1", "beta2"), "[0, 1)")
COUPLED = {"decay": "coupled"}
DECAY_FORM = Argument(
    "decoupled_weight_decay", False, "decay", values={False: "coupled", True: "decoupled"}
)


def weight_decay(default: float = 0.0) -> Argument:
    """The argument `weight_decay`."""
    return Argument("weight_decay", default, "weight_decay", ">= 0")


def nesterov_complaint(values: dict[str, Any]) -> str | None:
    """Why `torch.optim.SGD` refuses to be Nesterov's rule."""
    if values["momentum"] <= 0 or values["dampening"] != 0:
        return "nesterov needs momentum above 0 and dampening 0"
    return None


SGD_ARGUMENTS = (
    LEARNING_RATE,
    Argument("momentum", 0.0, "momentum", ">= 0"),
    Argument("dampening", 0.0, "dampening"),
    weight_decay(),
    Argument("nesterov", False),
    *COMMON,
)
OUTSIDE = {"lr_position": "outside"}

GRADIENT_DESCENT = (
    Call(
        name="SGD",
        rule=Nesterov,
        arguments=SGD_ARGUMENTS,
        when={"nesterov": (True,)},
        fixed={**OUTSIDE, **COUPLED},
        complaint=nesterov_complaint,
    ),
    Call(
        name="SGD",
        rule=SGD,
        arguments=SGD_ARGUMENTS,
        when={"momentum": (0.0,)},
        fixed=COUPLED,
    ),
    Call(name="SGD", rule=HeavyBall, arguments=SGD_ARGUMENTS, fixed={**OUTSIDE, **COUPLED}),
)

ADAM_FAMILY = (
    Call(
        name="Adam",
        rule=Adam,
        arguments=(
            LEARNING_RATE,
            BETAS,
            EPSILON,
            weight_decay(),
            Argument("amsgrad", False, "amsgrad"),
            DECAY_FORM,
            *COMMON,
        ),
    ),
    Call(
        name="AdamW",
        rule=AdamW,
        arguments=(
            LEARNING_RATE,
            BETAS,
            EPSILON,
            weight_decay(0.01),
            Argument("amsgrad", False, "amsgrad"),
            *COMMON,
        ),
    ),
)


def rprop_complaint(values: dict[str, Any]) -> str | None:
    """Why `torch.optim.Rprop` refuses its factors."""
    shrinkage, growth = values["etas"]
    if not 0 < shrinkage < 1 < growth:
        return f"expected factors below and above 1, got {shrinkage} and {growth}"
    return None


ADAPTIVE = (
    Call(
        name="Rprop",
        rule=Rprop,
        arguments=(
            Argument("lr", 1e-2, "lr", ">= 0"),
            Argument("etas", (0.5, 1.2), ("shrinkage", "growth")),
            Argument("step_sizes", (1e-6, 50.0), ("smallest_step", "largest_step")),
            *COMMON,
        ),
        fixed={"bounded_start": True},
        complaint=rprop_complaint,
    ),
    Call(
        name="Adagrad",
        rule=Adagrad,
        arguments=(
            Argument("lr", 1e-2, "lr", ">= 0"),
            Argument("lr_decay", 0.0, "lr_decay", ">= 0"),
            weight_decay(),
            Argument("initial_accumulator_value", 0.0, "initial_accumulator", ">= 0"),
            Argument("eps", 1e-10, "eps", ">= 0"),
            *COMMON,
        ),
        fixed={"eps_position": "outside", **COUPLED},
    ),
    Call(
        name="Adadelta",
        rule=Adadelta,
        arguments=(
            Argument("lr", 1.0, "lr", ">= 0"),
            Argument("rho", 0.9, "rho", "[0, 1]"),
            Argument("eps", 1e-6, "eps", ">= 0"),
            weight_decay(),
            *COMMON,
        ),
        fixed={"eps_position": "inside", **COUPLED},
    ),
    Call(
        name="RMSprop",
        rule=RMSProp,
        arguments=(
            Argument("lr", 1e-2, "lr", ">= 0"),
            Argument("alpha", 0.99, "rho", ">= 0"),
            EPSILON,
            weight_decay(),
            Argument("momentum", 0.0, "momentum", ">= 0"),
            Argument("centered", False, "centered"),
            *COMMON,
        ),
        fixed={"eps_position": "outside", **OUTSIDE, **COUPLED},
        note="Where rounding makes a centred spread negative, PyTorch gives NaN; here it is zero.",
    ),
    Call(
        name="Adafactor",
        rule=Adafactor,
        arguments=(
            Argument("lr", 1e-2, "lr", ">= 0"),
            Argument("beta2_decay", -0.8, "forgetting", "(-inf, 0]"),
            Argument(
                "eps", (None, 1e-3), ("eps1", "eps2"), ">= 0", values={None: sys.float_info.epsilon}
            ),
            Argument("d", 1.0, "clip", ">= 1"),
            weight_decay(),
            *COMMON,
        ),
        fixed={"eps1_form": "floor", "decay": "decoupled"},
        to_fields=lambda values: {"forgetting": -values["beta2_decay"]},
        to_arguments=lambda rule: {"beta2_decay": -rule.forgetting},
    ),
)

AVERAGING: tuple[Call, ...] = ()

SECOND_ORDER: tuple[Call, ...] = ()

CALLS = (*GRADIENT_DESCENT, *ADAM_FAMILY, *ADAPTIVE, *AVERAGING, *SECOND_ORDER)
