"""Functions of Optax 0.2.8 that put something around another optimizer: our modifiers.

The optimizer inside is given as `[name, arguments]`, or as a rule of ours.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec.structs import replace

from lrstudio.core.frameworks.framework import Inner, Reader
from lrstudio.core.frameworks.table import REQUIRED, Argument, Call, Values, read
from lrstudio.core.modifier import Modifier
from lrstudio.core.modifiers.ascent import Ascent
from lrstudio.core.modifiers.averages import Lookahead, ScheduleFree
from lrstudio.core.modifiers.mechanic import Mechanic
from lrstudio.core.modifiers.sharpness import SAM, OpaqueSAM
from lrstudio.core.optimizer import Optimizer
from lrstudio.core.optimizers.distance import DoG
from lrstudio.core.validation import Refused, shown, validated


class Wrapper(msgspec.Struct, frozen=True, kw_only=True):
    """A function that puts one of our modifiers around another optimizer."""

    name: str
    inside: str
    """Its argument for the optimizer inside, which may be called `inner` as well."""
    modifier: type[Modifier]
    arguments: tuple[Argument, ...]
    fixed: Values = {}
    note: str = ""
    """Where Optax departs from the publication, in one sentence."""
    prepare: Callable[[Values], Values] | None = None
    """Rewrites the given arguments first."""

    def __call__(self, given: Mapping[str, Any], inner: Inner) -> Optimizer:
        """The rule inside with the modifier around it; raises `Refused`."""
        values = dict(given)
        if self.prepare:
            values = self.prepare(values)
        optimizer = inner(self._taken(values))
        # A modifier is declared like a rule, and so are its fields filled.
        call: Any = Call(
            name=self.name,
            rule=self.modifier,  # type: ignore[arg-type]
            arguments=self.arguments,
            fixed=self.fixed,
        )
        around: Any = read([call], f"optax.{self.name}", values)
        return replace(optimizer, modifiers=(validated(around), *optimizer.modifiers))

    def _taken(self, values: Values) -> Any:
        for name in (self.inside, "inner"):
            if name in values:
                return values.pop(name)
        raise Refused(f"optax.{self.name} needs the argument {self.inside!r}")


def with_rate_inside(values: Values) -> Values:
    """The learning rate of `schedule_free`, which only weights, is that of the optimizer inside."""
    rate = values.pop("learning_rate", None)
    name = "base_optimizer" if "base_optimizer" in values else "inner"
    match values.get(name):
        case [str() as called, Mapping() as arguments] if rate is not None:
            return {**values, name: [called, {"learning_rate": rate, **arguments}]}
    return values


def with_radius(values: Values) -> Values:
    """The radius of `sam` is the rate of gradient descent along the normalized gradient."""
    uphill = values.pop("adv_optimizer", None)
    if uphill is None:
        return values
    match uphill:
        case ["chain", {"parts": [["normalize" | "contrib.normalize", {}], ["sgd", arguments]]}]:
            if set(arguments) == {"learning_rate"}:
                return {**values, "rho": arguments["learning_rate"]}
    raise Refused(
        "optax.contrib.sam: adv_optimizer: only chain(normalize(), sgd(rho)) is supported here"
    )


LOOKAHEAD = Wrapper(
    name="lookahead",
    inside="fast_optimizer",
    modifier=Lookahead,
    arguments=(
        Argument("sync_period", REQUIRED, "sync_period", ">= 1"),
        Argument("slow_step_size", REQUIRED, "slow_step_size"),
        Argument("reset_state", False, "reset_state"),
    ),
)
SCHEDULE_FREE = Wrapper(
    name="contrib.schedule_free",
    inside="base_optimizer",
    modifier=ScheduleFree,
    arguments=(
        Argument("b1", 0.9, "beta1"),
        Argument("weight_lr_power", 2.0, "weight_power"),
        Argument("state_dtype", None),
    ),
    fixed={"weight_rate": "next"},
    note="Weights come from the rate of the next step, and b1 = 0 divides by zero.",
    prepare=with_rate_inside,
)
MECHANIZE = Wrapper(
    name="contrib.mechanize",
    inside="base_optimizer",
    modifier=Mechanic,
    arguments=(
        Argument("weight_decay", 0.01, "weight_decay"),
        Argument("eps", 1e-8, "eps"),
        Argument("s_init", 1e-6, "s_init"),
        Argument("num_betas", 6, "num_betas"),
    ),
)
SAM_ARGUMENTS = (
    Argument("rho", REQUIRED, "rho"),
    Argument("sync_period", 2, "sync_period", ">= 1"),
    Argument("batch_axis_name", None),
    # Normalized descent remembers nothing.
    Argument("reset_state", True, is_irrelevant=True),
)
SAM_BY_STEPS = Wrapper(
    name="contrib.sam",
    inside="optimizer",
    modifier=SAM,
    arguments=SAM_ARGUMENTS,
    note="A gradient of zero gives 0/0, and with sync_period = 1 steps start one point too early.",
    prepare=with_radius,
)
SAM_AT_ONCE = Wrapper(
    name="contrib.sam",
    inside="optimizer",
    modifier=OpaqueSAM,
    arguments=SAM_ARGUMENTS,
    prepare=with_radius,
)


def sam(given: Mapping[str, Any], inner: Inner) -> Optimizer:
    """`optax.contrib.sam`, whose steps uphill are seen or not."""
    values = dict(given)
    is_opaque = values.pop("opaque_mode", False)
    if not isinstance(is_opaque, bool):
        raise Refused(
            f"optax.contrib.sam: opaque_mode: expected True or False, got {shown(is_opaque)}"
        )
    return (SAM_AT_ONCE if is_opaque else SAM_BY_STEPS)(values, inner)


BARE_DOG = Call(
    name="scale_by_distance_over_gradients",
    rule=DoG,
    arguments=(
        Argument("reps_rel", 1e-6, "initial"),
        Argument("eps", 1e-8, "eps"),
        # The start is kept in float64 whatever is asked for.
        Argument("param_dtype", "float32", is_irrelevant=True),
        Argument("global_scale", 1.0, "lr"),
    ),
    fixed={"initial_kind": "heuristic", "weight_decay": 0.0},
)


def bare_dog(given: Mapping[str, Any], inner: Inner) -> Optimizer:
    """A bare transformation: it climbs, unless its scale is negative."""
    found = read([BARE_DOG], f"optax.{BARE_DOG.name}", given)
    climbs = found.lr > 0
    return replace(found, lr=abs(found.lr), modifiers=(Ascent(),) if climbs else ())


WRAPPERS: Mapping[str, Reader] = MappingProxyType(
    {
        **{w.name: w for w in (LOOKAHEAD, SCHEDULE_FREE, MECHANIZE)},
        "contrib.sam": sam,
        BARE_DOG.name: bare_dog,
    }
)
