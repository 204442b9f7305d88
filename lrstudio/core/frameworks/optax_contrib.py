"""The aliases of `optax.contrib`, Optax 0.2.8: which function is which rule of ours."""

from lrstudio.core.frameworks.table import Call

ADAM_FAMILY: tuple[Call, ...] = ()

ADAPTIVE: tuple[Call, ...] = ()

AVERAGING: tuple[Call, ...] = ()

WITHOUT_RATE: tuple[Call, ...] = ()

MATRICES: tuple[Call, ...] = ()

CALLS = (*ADAM_FAMILY, *ADAPTIVE, *AVERAGING, *WITHOUT_RATE, *MATRICES)
