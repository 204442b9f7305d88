"""The aliases of Optax 0.2.8 (`optax.adam`, ...): which function is which rule of ours.

What Optax keeps in `optax.contrib` stands in `optax_contrib`, what puts rules together in
`optax_chains`.
"""

from typing import Any

from lrstudio.core.frameworks.table import REQUIRED, Argument, Call, whole
from lrstudio.core.optimizers.second_order import LBFGS

LEARNING_RATE = Argument("learning_rate", REQUIRED, "lr")
EPSILON = Argument("eps", 1e-8, "eps")
BETAS = (Argument("b1", 0.9, "beta1"), Argument("b2", 0.999, "beta2"))

GRADIENT_DESCENT: tuple[Call, ...] = ()

ADAM_FAMILY: tuple[Call, ...] = ()

ADAPTIVE: tuple[Call, ...] = ()

WITHOUT_RATE: tuple[Call, ...] = ()


def lbfgs_start(values: dict[str, Any]) -> dict[str, Any]:
    """How `optax.lbfgs` begins: both the first step and the estimate are scaled, or neither."""
    return {"first_scale": "l2" if values["scale_init_precond"] else "none"}


SECOND_ORDER = (
    Call(
        name="lbfgs",
        rule=LBFGS,
        arguments=(
            Argument("learning_rate", None, "lr", values={None: 1.0}),
            Argument("memory_size", 10, "history_size", ">= 1"),
            Argument("scale_init_precond", True, "scale_init"),
            Argument("linesearch", "zoom", "line_search", values={"zoom": "zoom", None: "none"}),
        ),
        fixed={
            "max_iter": 1,
            "max_eval": None,
            "tolerance_grad": 0.0,
            "tolerance_change": 0.0,
            "pairs": "all",
        },
        complaint=whole("memory_size"),
        to_fields=lbfgs_start,
        note="`zoom` stands for `scale_by_zoom_linesearch(max_linesearch_steps=20, "
        "initial_guess_strategy='one')`, the default.",
    ),
)

CALLS = (*GRADIENT_DESCENT, *ADAM_FAMILY, *ADAPTIVE, *WITHOUT_RATE, *SECOND_ORDER)
