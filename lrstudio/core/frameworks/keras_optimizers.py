"""`keras.optimizers`, Keras 3.15: which class is which rule of ours."""

from typing import Any

from lrstudio.core.frameworks.table import Argument, Call, whole
from lrstudio.core.optimizers.adam import Adam, AdamW
from lrstudio.core.optimizers.adam_nesterov import NAdam
from lrstudio.core.optimizers.adam_spread import Adamax
from lrstudio.core.optimizers.layerwise import LAMB
from lrstudio.core.optimizers.lion import Lion
from lrstudio.core.optimizers.matrices import Muon

# Keras' weight decay stands outside every rule.
DECOUPLED = {"decay": "decoupled"}
LEARNING_RATE = Argument("learning_rate", 1e-3, "lr")
EPSILON = Argument("epsilon", 1e-7, "eps")
BETAS = (Argument("beta_1", 0.9, "beta1"), Argument("beta_2", 0.999, "beta2"))
COMMON = (
    Argument("weight_decay", None, "weight_decay", values={None: 0.0}),
    Argument("name", None, is_irrelevant=True),
)

GRADIENT_DESCENT: tuple[Call, ...] = ()

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

ADAPTIVE: tuple[Call, ...] = ()

AVERAGING: tuple[Call, ...] = ()


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
