"""`torch.optim`, PyTorch 2.13: which class is which rule of ours."""

import sys
from typing import Any

from lrstudio.core.frameworks.table import Argument, Call, Values, whole
from lrstudio.core.modifier import Modifier
from lrstudio.core.modifiers.filtering import ScaleGradient
from lrstudio.core.optimizers.adafactor import Adafactor
from lrstudio.core.optimizers.adam import Adam, AdamW
from lrstudio.core.optimizers.adam_nesterov import NAdam
from lrstudio.core.optimizers.adam_spread import Adamax, RAdam
from lrstudio.core.optimizers.adaptive import Adadelta, Adagrad, RMSProp
from lrstudio.core.optimizers.averaging import ASGD
from lrstudio.core.optimizers.matrices import Muon
from lrstudio.core.optimizers.momentum import SGD, HeavyBall, Nesterov
from lrstudio.core.optimizers.second_order import LBFGS
from lrstudio.core.optimizers.signs import Rprop

# Arguments that choose between equal ways of computing.
IMPLEMENTATION = tuple(
    Argument(name, None, is_irrelevant=True)
    for name in ("foreach", "fused", "capturable", "differentiable")
)
COMMON = (Argument("maximize", False), *IMPLEMENTATION)
# Most classes have no fused form.
COMMON_UNFUSED = tuple(argument for argument in COMMON if argument.name != "fused")
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


def betas_complaint(values: dict[str, Any]) -> str | None:
    """Why `torch.optim.Adam` refuses whole numbers as betas."""
    if not all(isinstance(beta, float) for beta in values["betas"]):
        return "betas must be both floats"
    return None


# Of the common arguments, SparseAdam has `maximize` alone.
POSITIVE_RATE = Argument("lr", 1e-3, "lr", "> 0")
FASTER_RATE = Argument("lr", 2e-3, "lr", ">= 0")
ADAM = (LEARNING_RATE, BETAS, EPSILON)
AMSGRAD = Argument("amsgrad", False, "amsgrad")

ADAM_FAMILY = (
    Call(
        name="Adam",
        rule=Adam,
        arguments=(*ADAM, weight_decay(), AMSGRAD, DECAY_FORM, *COMMON),
        complaint=betas_complaint,
    ),
    Call(
        name="AdamW",
        rule=AdamW,
        arguments=(*ADAM, weight_decay(0.01), AMSGRAD, *COMMON),
        complaint=betas_complaint,
    ),
    Call(
        name="Adamax",
        rule=Adamax,
        arguments=(FASTER_RATE, BETAS, EPSILON, weight_decay(), *COMMON_UNFUSED),
        fixed={"eps_position": "inside", **COUPLED},
    ),
    Call(
        name="NAdam",
        rule=NAdam,
        arguments=(
            FASTER_RATE,
            BETAS,
            EPSILON,
            weight_decay(),
            Argument("momentum_decay", 4e-3, "momentum_decay", ">= 0"),
            DECAY_FORM,
            *COMMON_UNFUSED,
        ),
        fixed={"momentum_form": "warming"},
    ),
    Call(
        name="RAdam",
        rule=RAdam,
        arguments=(*ADAM, weight_decay(), DECAY_FORM, *COMMON_UNFUSED),
        fixed={"eps_form": "hat", "threshold": 5.0},
    ),
    Call(
        name="SparseAdam",
        rule=Adam,
        arguments=(
            POSITIVE_RATE,
            BETAS,
            Argument("eps", 1e-8, "eps", "> 0"),
            Argument("maximize", False),
        ),
        fixed={"eps_form": "hat", "lazy": True, **COUPLED},
        is_flavour=False,
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


def lbfgs_evaluations(values: dict[str, Any]) -> dict[str, Any]:
    """The number of evaluations that PyTorch derives from that of iterations."""
    most = values["max_eval"]
    return {"max_eval": values["max_iter"] * 5 // 4 if most is None else most}


def lbfgs_most_evaluations(optimizer: LBFGS) -> dict[str, Any]:
    """The argument that stands for a number of evaluations."""
    is_derived = optimizer.max_eval == optimizer.max_iter * 5 // 4
    return {"max_eval": None if is_derived else optimizer.max_eval}


SECOND_ORDER = (
    Call(
        name="LBFGS",
        rule=LBFGS,
        arguments=(
            Argument("lr", 1.0, "lr", ">= 0"),
            Argument("max_iter", 20, "max_iter", ">= 1"),
            Argument("max_eval", None, "max_eval", ">= 1"),
            Argument("tolerance_grad", 1e-7, "tolerance_grad", ">= 0"),
            Argument("tolerance_change", 1e-9, "tolerance_change", ">= 0"),
            Argument("history_size", 100, "history_size", ">= 1"),
            Argument(
                "line_search_fn",
                None,
                "line_search",
                values={None: "none", "strong_wolfe": "strong_wolfe"},
            ),
        ),
        fixed={"pairs": "positive", "first_scale": "l1", "scale_init": True},
        complaint=whole("max_iter", "max_eval", "history_size"),
        to_fields=lbfgs_evaluations,
        to_arguments=lbfgs_most_evaluations,
        note="A trial whose loss is infinite or no number spoils the search instead of being too "
        "long, here as in PyTorch.",
    ),
)

MATRICES = (
    Call(
        name="Muon",
        rule=Muon,
        arguments=(
            LEARNING_RATE,
            weight_decay(0.1),
            Argument("momentum", 0.95, "momentum", ">= 0"),
            Argument("nesterov", True, "nesterov"),
            Argument("ns_coefficients", (3.4445, -4.775, 2.0315), ("ns_a", "ns_b", "ns_c")),
            Argument("eps", 1e-7, "eps"),
            Argument("ns_steps", 5, "ns_steps", "[0, 99]"),
            Argument(
                "adjust_lr_fn",
                None,
                "scale",
                values={None: "rows", "original": "rows", "match_rms_adamw": "rms"},
            ),
        ),
        fixed={
            "momentum_form": "mean",
            "polynomial": "fixed",
            "normalization": "clamp",
            "adaptive": False,
            "vectors": "refuse",
            "rms_rate": 0.2,
        },
        complaint=whole("ns_steps"),
        note="PyTorch iterates in bfloat16, with three digits; here it is float64.",
    ),
)

CALLS = (*GRADIENT_DESCENT, *ADAM_FAMILY, *ADAPTIVE, *AVERAGING, *SECOND_ORDER, *MATRICES)

UPHILL = ScaleGradient(factor=-1.0)
"""What `maximize=True` does: it turns the gradient before anything else is done to it."""


def modifiers_of(where: str, values: Values) -> tuple[Values, tuple[Modifier, ...]]:
    """The other arguments, and the modifier that `maximize` is."""
    name = where.rpartition(".")[2]
    calls = [call for call in CALLS if call.name == name]
    may_climb = any(a.name == "maximize" for call in calls for a in call.arguments)
    if values.get("maximize") is not True or not may_climb:
        return values, ()
    return values | {"maximize": False}, (UPHILL,)


def arguments_of(modifiers: tuple[Modifier, ...]) -> Values:
    """The way back; other modifiers are functions of PyTorch beside the optimizer."""
    return {"maximize": True} if modifiers[-1:] == (UPHILL,) else {}
