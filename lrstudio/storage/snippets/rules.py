"""A rule of ours as a framework can write it: the same, without what decides nothing."""

from msgspec.structs import replace

from lrstudio.core import Modifier, Optimizer, flavoured, identifier
from lrstudio.core.frameworks.framework import Framework
from lrstudio.engine import Contender


def suited(framework: Framework, contender: Contender, optimizer: Optimizer) -> Optimizer:
    """The rule with the framework's choice wherever the choice makes no difference.

    How weight decay enters, where there is none; whether the rate stands in the momentum buffer,
    where it stays as it is; which point is shown here.
    """
    if not framework.calls_of(type(optimizer)):
        return optimizer
    own = flavoured(type(optimizer), framework.id)
    fields = {name: getattr(own, name) for name in _idle(contender, optimizer)}
    return replace(optimizer, **fields)


def _idle(contender: Contender, optimizer: Optimizer) -> set[str]:
    """Names of the fields that decide nothing."""
    names = {"report"}
    if not getattr(optimizer, "weight_decay", 0.0):
        names |= {"decay", "decay_place"}
    has_momentum = bool(getattr(optimizer, "momentum", 0.0))
    is_moved = has_momentum and not is_rate_fixed(contender)
    if identifier(type(optimizer)) in _WITH_A_BUFFER and not is_moved:
        names.add("lr_position")
    return names & set(optimizer.__struct_fields__)


_WITH_A_BUFFER = ("momentum", "nesterov", "rmsprop")


def is_rate_fixed(contender: Contender) -> bool:
    """Whether the learning rate of a contender stays as it is."""
    schedule = contender.schedule
    return identifier(type(schedule)) == "constant" and schedule.warmup is None


def as_it_moves(modifier: Modifier) -> Modifier:
    """A modifier without the choice which point is shown here, which moves none."""
    if "report" not in modifier.__struct_fields__:
        return modifier
    return replace(modifier, report="average")
