"""`keras.optimizers`, Keras 3.15: which class is which rule of ours."""

from lrstudio.core.frameworks.table import Argument, Call
from lrstudio.core.optimizers.adam import Adam, AdamW
from lrstudio.core.optimizers.adam_nesterov import NAdam
from lrstudio.core.optimizers.adam_spread import Adamax
from lrstudio.core.optimizers.layerwise import LAMB
from lrstudio.core.optimizers.lion import Lion

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

MATRICES: tuple[Call, ...] = ()

CALLS = (*GRADIENT_DESCENT, *ADAM_FAMILY, *ADAPTIVE, *AVERAGING, *MATRICES)
