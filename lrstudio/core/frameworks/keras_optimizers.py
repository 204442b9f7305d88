"""`keras.optimizers`, Keras 3.15: which class is which rule of ours."""

from lrstudio.core.frameworks.table import Argument, Call
from lrstudio.core.optimizers.averaging import ScheduleFreeAdamW

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

ADAM_FAMILY: tuple[Call, ...] = ()

ADAPTIVE: tuple[Call, ...] = ()

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
        note="With beta_1 = 0, Keras divides by zero; on its PyTorch backend, the step is another.",
    ),
)

MATRICES: tuple[Call, ...] = ()

CALLS = (*GRADIENT_DESCENT, *ADAM_FAMILY, *ADAPTIVE, *AVERAGING, *MATRICES)
