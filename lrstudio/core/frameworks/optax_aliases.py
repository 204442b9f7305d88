"""The aliases of Optax 0.2.8 (`optax.adam`, ...): which function is which rule of ours.

What Optax keeps in `optax.contrib` stands in `optax_contrib`, what puts rules together in
`optax_chains`.
"""

from lrstudio.core.frameworks.table import REQUIRED, Argument, Call

LEARNING_RATE = Argument("learning_rate", REQUIRED, "lr")
EPSILON = Argument("eps", 1e-8, "eps")
BETAS = (Argument("b1", 0.9, "beta1"), Argument("b2", 0.999, "beta2"))

GRADIENT_DESCENT: tuple[Call, ...] = ()

ADAM_FAMILY: tuple[Call, ...] = ()

ADAPTIVE: tuple[Call, ...] = ()

WITHOUT_RATE: tuple[Call, ...] = ()

SECOND_ORDER: tuple[Call, ...] = ()

CALLS = (*GRADIENT_DESCENT, *ADAM_FAMILY, *ADAPTIVE, *WITHOUT_RATE, *SECOND_ORDER)
