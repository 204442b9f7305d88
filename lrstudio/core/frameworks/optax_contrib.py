"""The aliases of `optax.contrib`, Optax 0.2.8: which function is which rule of ours."""

from lrstudio.core.frameworks.table import REQUIRED, Argument, Call
from lrstudio.core.optimizers.accumulators import COCOB, MADGRAD

ADAM_FAMILY: tuple[Call, ...] = ()

ADAPTIVE = (
    Call(
        name="contrib.madgrad",
        rule=MADGRAD,
        arguments=(
            Argument("learning_rate", REQUIRED, "lr"),
            Argument("momentum", 0.9, "momentum"),
            Argument("weight_decay", 0.0, "weight_decay"),
            Argument("eps", 1e-6, "eps"),
        ),
        fixed={"decay": "coupled"},
    ),
    Call(
        name="contrib.cocob",
        rule=COCOB,
        arguments=(
            Argument("learning_rate", 1.0, "lr"),
            Argument("alpha", 100.0, "alpha"),
            Argument("eps", 1e-8, "eps"),
            Argument("weight_decay", 0.0, "weight_decay"),
            Argument("mask", None),
        ),
        fixed={"decay": "coupled"},
    ),
)

AVERAGING: tuple[Call, ...] = ()

WITHOUT_RATE: tuple[Call, ...] = ()

MATRICES: tuple[Call, ...] = ()

CALLS = (*ADAM_FAMILY, *ADAPTIVE, *AVERAGING, *WITHOUT_RATE, *MATRICES)
