"""The aliases of Optax 0.2.8 (`optax.adam`, ...): which function is which rule of ours.

What Optax keeps in `optax.contrib` stands in `optax_contrib`, what puts rules together in
`optax_chains`.
"""

from lrstudio.core.frameworks.table import REQUIRED, Argument, Call
from lrstudio.core.optimizers.polyak import PolyakStep

LEARNING_RATE = Argument("learning_rate", REQUIRED, "lr")
EPSILON = Argument("eps", 1e-8, "eps")
BETAS = (Argument("b1", 0.9, "beta1"), Argument("b2", 0.999, "beta2"))

GRADIENT_DESCENT: tuple[Call, ...] = ()

ADAM_FAMILY: tuple[Call, ...] = ()

ADAPTIVE: tuple[Call, ...] = ()

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

SECOND_ORDER: tuple[Call, ...] = ()

CALLS = (*GRADIENT_DESCENT, *ADAM_FAMILY, *ADAPTIVE, *WITHOUT_RATE, *SECOND_ORDER)
