"""`torch.optim`, PyTorch 2.13: which class is which rule of ours."""

from typing import Any

from lrstudio.core.frameworks.table import Argument, Call
from lrstudio.core.optimizers.adam import Adam, AdamW
from lrstudio.core.optimizers.adaptive import RMSProp
from lrstudio.core.optimizers.averaging import ASGD
from lrstudio.core.optimizers.momentum import SGD, HeavyBall, Nesterov

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
        flavour={"momentum": 0.9},
    ),
    Call(
        name="SGD",
        rule=SGD,
        arguments=SGD_ARGUMENTS,
        when={"momentum": (0.0,)},
        fixed=COUPLED,
    ),
    Call(
        name="SGD",
        rule=HeavyBall,
        arguments=SGD_ARGUMENTS,
        fixed={**OUTSIDE, **COUPLED},
        flavour={"momentum": 0.9},
    ),
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

ADAPTIVE = (
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
    ),
)

AVERAGING: tuple[Call, ...] = (
    Call(
        name="ASGD",
        rule=ASGD,
        arguments=(
            Argument("lr", 1e-2, "lr", ">= 0"),
            Argument("lambd", 1e-4, "lambd"),
            Argument("alpha", 0.75, "alpha"),
            Argument("t0", 1e6, "t0"),
            weight_decay(),
            *(a for a in COMMON if a.name != "fused"),
        ),
        note="The rate of a step comes from the learning rate of the step before.",
    ),
)

SECOND_ORDER: tuple[Call, ...] = ()

CALLS = (*GRADIENT_DESCENT, *ADAM_FAMILY, *ADAPTIVE, *AVERAGING, *SECOND_ORDER)
