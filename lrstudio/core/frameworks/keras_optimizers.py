"""`keras.optimizers`, Keras 3.15: which class is which rule of ours."""

from typing import Any

from lrstudio.core.frameworks.table import Argument, Call, whole
from lrstudio.core.optimizers.accumulators import FTRL
from lrstudio.core.optimizers.adafactor import Adafactor
from lrstudio.core.optimizers.adam import Adam, AdamW
from lrstudio.core.optimizers.adam_nesterov import NAdam
from lrstudio.core.optimizers.adam_spread import Adamax
from lrstudio.core.optimizers.adaptive import Adadelta, Adagrad, RMSProp
from lrstudio.core.optimizers.averaging import ScheduleFreeAdamW
from lrstudio.core.optimizers.layerwise import LAMB
from lrstudio.core.optimizers.lion import Lion
from lrstudio.core.optimizers.matrices import Muon
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

AMSGRAD = Argument("amsgrad", False, "amsgrad")
DECAYED = tuple(argument for argument in COMMON if argument.name != "weight_decay")

ADAM_FAMILY = (
    Call(
        name="Adam",
        rule=Adam,
        arguments=(LEARNING_RATE, *BETAS, EPSILON, AMSGRAD, *COMMON),
        fixed={"eps_form": "hat", **DECOUPLED},
    ),
    Call(
        name="AdamW",
        rule=AdamW,
        arguments=(
            LEARNING_RATE,
            Argument("weight_decay", 0.004, "weight_decay"),
            *BETAS,
            EPSILON,
            AMSGRAD,
            *DECAYED,
        ),
        fixed={"eps_form": "hat"},
    ),
    Call(
        name="Adamax",
        rule=Adamax,
        arguments=(LEARNING_RATE, *BETAS, EPSILON, *COMMON),
        fixed={"eps_position": "outside", **DECOUPLED},
    ),
    Call(
        name="Nadam",
        rule=NAdam,
        arguments=(LEARNING_RATE, *BETAS, EPSILON, *COMMON),
        fixed={"momentum_form": "warming", "momentum_decay": 1.0, **DECOUPLED},
    ),
    Call(
        name="Lion",
        rule=Lion,
        arguments=(
            LEARNING_RATE,
            Argument("beta_1", 0.9, "beta1", "(0, 1]"),
            Argument("beta_2", 0.99, "beta2"),
            *COMMON,
        ),
        fixed=DECOUPLED,
    ),
    Call(
        name="Lamb",
        rule=LAMB,
        arguments=(LEARNING_RATE, *BETAS, EPSILON, *COMMON),
        fixed={"decay": "outside"},
    ),
)

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

AVERAGING: tuple[Call, ...] = (
    Call(
        name="ScheduleFreeAdamW",
        rule=ScheduleFreeAdamW,
        arguments=(
            Argument("learning_rate", 0.0025, "lr"),
            *BETAS,
            Argument("epsilon", 1e-8, "eps"),
            Argument("warmup_steps", 0, "warmup_steps"),
            *COMMON,
        ),
        fixed={
            "weight_power": 0.0,
            "weight_rate": "present",
            "decay_place": "beside the step",
        },
        complaint=whole("warmup_steps"),
        note="With beta_1 = 0, Keras divides by zero; on its PyTorch backend, the step is another.",
    ),
)


def muon_scale(values: dict[str, Any]) -> dict[str, Any]:
    """How `keras.optimizers.Muon` sizes its steps."""
    return {"scale": "none" if values["rms_rate"] is None else "rms"}


def muon_rate(optimizer: Muon) -> dict[str, Any]:
    """The argument that stands for the size of its steps."""
    return {"rms_rate": None if optimizer.scale == "none" else optimizer.rms_rate}


MATRICES = (
    Call(
        name="Muon",
        rule=Muon,
        arguments=(
            LEARNING_RATE,
            Argument("adam_beta_1", 0.9, "adam_beta1"),
            Argument("adam_beta_2", 0.999, "adam_beta2"),
            Argument("adam_weight_decay", 0.004, "adam_weight_decay", values={None: 0.0}),
            Argument("epsilon", 1e-7, "adam_eps"),
            Argument("weight_decay", 0.004, "weight_decay", values={None: 0.0}),
            Argument("exclude_layers", None),
            Argument("exclude_embeddings", True, is_irrelevant=True),
            Argument("muon_a", 3.4445, "ns_a"),
            Argument("muon_b", -4.775, "ns_b"),
            Argument("muon_c", 2.0315, "ns_c"),
            Argument("adam_lr_ratio", 1.0, "adam_lr_ratio"),
            Argument("momentum", 0.95, "momentum"),
            Argument("ns_steps", 5, "ns_steps", ">= 0"),
            Argument("nesterov", True, "nesterov"),
            Argument("rms_rate", 0.2, "rms_rate", values={None: 0.2}),
            Argument("name", None, is_irrelevant=True),
        ),
        fixed={
            "momentum_form": "sum",
            "polynomial": "fixed",
            "normalization": "frobenius",
            "eps": 1e-7,
            "adaptive": False,
            "vectors": "adam",
        },
        complaint=whole("ns_steps"),
        to_fields=muon_scale,
        to_arguments=muon_rate,
    ),
)

CALLS = (*GRADIENT_DESCENT, *ADAM_FAMILY, *ADAPTIVE, *AVERAGING, *MATRICES)
