"""The aliases of `optax.contrib`, Optax 0.2.8: which function is which rule of ours."""

from lrstudio.core.frameworks.optax_aliases import (
    BETAS,
    EPSILON,
    LEARNING_RATE,
    MASK,
    PRECISION,
    ROOT,
    nesterov,
    weight_decay,
)
from lrstudio.core.frameworks.table import Argument, Call, Values
from lrstudio.core.optimizers.adam_descendants import AdEMAMix, SimplifiedAdEMAMix
from lrstudio.core.optimizers.adam_lagged import ADOPT, ACProp
from lrstudio.core.optimizers.sophia import Sophia

DECOUPLED: Values = {"decay": "decoupled"}


def sophia_complaint(values: Values) -> str | None:
    """What has no meaning for the rule."""
    interval, limit = values["update_interval"], values["clip_threshold"]
    if not isinstance(interval, int) or interval < 1:
        return f"update_interval: expected a whole number of at least 1, got {interval!r}"
    if limit is not None and limit <= 0:
        return f"clip_threshold: expected a number > 0 or None, got {limit!r}"
    return None


ADAM_FAMILY = (
    Call(
        name="contrib.acprop",
        rule=ACProp,
        arguments=(
            LEARNING_RATE,
            *BETAS,
            Argument("eps", 1e-16, "eps"),
            Argument("eps_root", 1e-16, "eps_root"),
            weight_decay(),
            MASK,
        ),
        fixed=DECOUPLED,
    ),
    Call(
        name="contrib.ademamix",
        rule=AdEMAMix,
        arguments=(
            LEARNING_RATE,
            *BETAS,
            Argument("b3", 0.9999, "beta3"),
            Argument("alpha", 5.0, "alpha"),
            EPSILON,
            ROOT,
            PRECISION,
            weight_decay(),
            MASK,
        ),
        fixed=DECOUPLED,
    ),
    Call(
        name="contrib.simplified_ademamix",
        rule=SimplifiedAdEMAMix,
        arguments=(
            LEARNING_RATE,
            Argument("b1", 0.99, "beta1"),
            Argument("b2", 0.95, "beta2"),
            Argument("alpha", 0.0, "alpha"),
            EPSILON,
            ROOT,
            weight_decay(),
            MASK,
        ),
        fixed=DECOUPLED,
    ),
    Call(
        name="contrib.adopt",
        rule=ADOPT,
        arguments=(
            LEARNING_RATE,
            Argument("b1", 0.9, "beta1"),
            Argument("b2", 0.9999, "beta2"),
            Argument("eps", 1e-6, "eps"),
            PRECISION,
            nesterov(default=False),
            Argument("use_clipping", True, "clips"),
            # Any other function than the fourth root is refused.
            Argument("clip_value_fn", None),
        ),
        fixed=DECOUPLED,
    ),
    Call(
        name="contrib.sophia",
        rule=Sophia,
        arguments=(
            LEARNING_RATE,
            Argument("b1", 0.965, "beta1"),
            Argument("b2", 0.99, "beta2"),
            EPSILON,
            weight_decay(1e-4),
            Argument("weight_decay_mask", None),
            Argument("gamma", 0.01, "gamma"),
            Argument("clip_threshold", 1.0, "clip_threshold", values={None: 0.0}),
            Argument("update_interval", 10, "update_interval"),
            Argument("hessian_diagonal_fn", None),
            PRECISION,
            Argument("verbose", False, is_irrelevant=True),
            Argument("print_win_rate_every_n_steps", 0, is_irrelevant=True),
        ),
        fixed=DECOUPLED,
        complaint=sophia_complaint,
        note="Second derivatives are estimated from random directions there; here they are exact.",
    ),
)

ADAPTIVE: tuple[Call, ...] = ()

AVERAGING: tuple[Call, ...] = ()

WITHOUT_RATE: tuple[Call, ...] = ()

MATRICES: tuple[Call, ...] = ()

CALLS = (*ADAM_FAMILY, *ADAPTIVE, *AVERAGING, *WITHOUT_RATE, *MATRICES)
