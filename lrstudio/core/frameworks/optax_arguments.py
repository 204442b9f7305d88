"""Arguments that many functions of Optax 0.2.8 share."""

from lrstudio.core.frameworks.table import REQUIRED, Argument

LEARNING_RATE = Argument("learning_rate", REQUIRED, "lr")
EPSILON = Argument("eps", 1e-8, "eps")
BETAS = (Argument("b1", 0.9, "beta1"), Argument("b2", 0.999, "beta2"))
PRECISION = Argument("mu_dtype", None)
MASK = Argument("mask", None)
ROOT = Argument("eps_root", 0.0, "eps_root")


def weight_decay(default: float = 0.0) -> Argument:
    """The argument `weight_decay`."""
    return Argument("weight_decay", default, "weight_decay")


def nesterov(*, default: bool) -> Argument:
    """The argument `nesterov`."""
    return Argument("nesterov", default, "nesterov")
