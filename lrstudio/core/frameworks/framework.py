"""A framework that people train with: its name, its tables, and how they are read."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from lrstudio.core.frameworks.table import REQUIRED, Call, Values, fields_of, read, written
from lrstudio.core.modifier import Modifier
from lrstudio.core.optimizer import Optimizer
from lrstudio.core.validation import Refused, shown, unknown_id

Inner = Callable[[Any], Optimizer]
"""Reads what stands inside another call: `[name, arguments]`, or a rule of ours."""
Reader = Callable[[Mapping[str, Any], Inner], Optimizer]
"""Reads the arguments of a function that puts others together."""


class Framework(msgspec.Struct, frozen=True, kw_only=True):
    """One framework, as its tables describe it."""

    id: str
    title: str
    version: str
    prefix: str
    """What stands before a class in a program: `torch.optim.`."""
    calls: tuple[Call, ...]
    readers: Mapping[str, Reader] = {}
    """Names that are not one rule but put others together (`optax.chain`, ...)."""
    modifiers_of: Callable[[str, Values], tuple[Values, tuple[Modifier, ...]]] | None = None
    """Takes arguments that every class has and that are modifiers here out of the others."""
    arguments_of: Callable[[tuple[Modifier, ...]], Values | None] | None = None
    """The way back: such arguments for modifiers; None where they cannot be written so."""

    @property
    def names(self) -> tuple[str, ...]:
        """All names that can be read."""
        return (*dict.fromkeys(call.name for call in self.calls), *self.readers)

    def where(self, name: str) -> str:
        """How a class is called in sentences."""
        return f"{self.prefix}{name}"

    def read(self, name: str, given: Mapping[str, Any]) -> Optimizer:
        """The rule of ours that a class with some arguments is; raises `Refused`."""
        if name in self.readers:
            return self.readers[name](given, self.inside)
        calls = [call for call in self.calls if call.name == name]
        if not calls:
            raise Refused(
                f"{self.title} has no optimizer here that is called so: "
                f"{unknown_id(name, self.names)}"
            )
        values: Values = dict(given)
        modifiers: tuple[Modifier, ...] = ()
        if self.modifiers_of:
            values, modifiers = self.modifiers_of(self.where(name), values)
        return replace(read(calls, self.where(name), values), modifiers=modifiers)

    def inside(self, given: Any) -> Optimizer:
        """The rule that stands inside another call; raises `Refused`."""
        if isinstance(given, Optimizer):
            return given
        if isinstance(given, str):
            return self.read(given, {})
        match given:
            case [str() as name, Mapping() as arguments]:
                return self.read(name, arguments)
        raise Refused(
            f"{self.title}: expected an optimizer as [name, arguments], got {shown(given)}"
        )

    def calls_of(self, rule: type[Optimizer]) -> tuple[Call, ...]:
        """All calls that are this rule, the one whose defaults count as its flavour first."""
        found = [call for call in self.calls if call.rule is rule]
        return tuple(sorted(found, key=lambda call: not call.is_flavour))

    def defaults(self, rule: type[Optimizer]) -> Optimizer | None:
        """The rule with this framework's defaults and switches; None where it has no such rule."""
        calls = self.calls_of(rule)
        if not calls:
            return None
        values = {a.name: a.default for a in calls[0].arguments}
        values |= {name: allowed[0] for name, allowed in calls[0].when.items()} | calls[0].flavour
        fields = fields_of(calls[0], values)
        return rule(**{f: v for f, v in fields.items() if v is not REQUIRED and v is not None})

    def write(self, optimizer: Optimizer) -> tuple[Call, Values] | None:
        """The call, and its arguments, that a rule of ours is; None where there is none."""
        around = self.arguments_of(optimizer.modifiers) if self.arguments_of else {}
        if around is None:
            return None
        for call in self.calls_of(type(optimizer)):
            values = written(call, optimizer)
            if values is not None:
                return call, values | around
        return None
