"""The frameworks people train with, and their classes as rules of ours.

One table for each framework: `torch_optim`, `keras_optimizers`, `optax_aliases`. Read from left to
right (`from_framework`) it takes a framework's name and arguments, from right to left it writes
code, and its defaults are the flavours.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from lrstudio.core.frameworks import (
    keras_common,
    keras_optimizers,
    optax_aliases,
    optax_chains,
    optax_contrib,
    torch_optim,
)
from lrstudio.core.frameworks.framework import Framework
from lrstudio.core.frameworks.schedules import TABLES, schedule_from_framework
from lrstudio.core.optimizer import Optimizer
from lrstudio.core.schedule import Schedule
from lrstudio.core.validation import Refused, unknown_id

TORCH = Framework(
    id="torch",
    title="PyTorch",
    version="2.13",
    prefix="torch.optim.",
    calls=torch_optim.CALLS,
    modifiers_of=torch_optim.modifiers_of,
    arguments_of=torch_optim.arguments_of,
)
KERAS = Framework(
    id="keras",
    title="Keras",
    version="3.15",
    prefix="keras.optimizers.",
    calls=keras_optimizers.CALLS,
    modifiers_of=keras_common.modifiers_of,
    arguments_of=keras_common.arguments_of,
)
OPTAX = Framework(
    id="optax",
    title="Optax",
    version="0.2.8",
    prefix="optax.",
    calls=(*optax_aliases.CALLS, *optax_contrib.CALLS),
    readers=optax_chains.READERS,
)
FRAMEWORKS: Mapping[str, Framework] = MappingProxyType({f.id: f for f in (TORCH, KERAS, OPTAX)})


def from_framework(
    framework: str,
    name: str,
    arguments: Mapping[str, Any] | None = None,
    base_lr: float | None = None,
    steps: int | None = None,
) -> Optimizer | Schedule:
    """The optimizer or schedule that a framework's class with some arguments is.

    `from_framework("torch", "RMSprop", {"lr": 0.01, "alpha": 0.9})` is an optimizer. A schedule is
    given the rate that it starts from, `base_lr`, and the `steps` of the run where the framework
    needs them; its factors times `base_lr` are the framework's rates. Raises `Refused` for unknown
    names and arguments and for what the framework itself refuses.
    """
    if framework not in FRAMEWORKS:
        raise Refused(f"the framework {unknown_id(framework, tuple(FRAMEWORKS))}")
    if name.rpartition(".")[2] in TABLES[framework]:
        return schedule_from_framework(framework, name, arguments or {}, base_lr, steps)
    return FRAMEWORKS[framework].read(name, arguments or {})
