"""A rule at work: lanes of one variant of an optimizer, advanced together."""

import functools
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from lrstudio.core import Optimizer
from lrstudio.core.arrays import Array
from lrstudio.engine.peephole import Entry
from lrstudio.engine.tape import UNTRACEABLE, Tape, Traced, Untraceable, replay_of


class Stepper:
    """Moves `position` `(dim, lanes)` one step at each `advance()`.

    The caller fills `gradient` `(dim, lanes)` and `rate` (the learning rate in force, `()` where
    all lanes share it, else `(lanes,)`) before each step.
    """

    def __init__(
        self,
        optimizers: Sequence[Optimizer],
        position: Array,
        gradient: Array,
        *,
        is_rate_shared: bool = False,
    ) -> None:
        self.rule = type(optimizers[0])
        self.position = position
        self.gradient = gradient
        self.rate = np.zeros(() if is_rate_shared else position.shape[1:])
        self.time = np.zeros(())
        """Number of the step, from 1."""
        self._values = hyperparameters(optimizers)
        self._slots = self._initial_slots()
        self._state = SimpleNamespace(**self._slots)
        self._tape = self._recorded()
        self.advance: Callable[[], None] = self._plain
        if self._tape:
            tick = functools.partial(np.add, self.time, 1.0, self.time)
            self.advance = replay_of([tick, *self._tape.operations()])

    def entries(self) -> list[Entry]:
        """The operations of a step; raises `Untraceable` where they are not known."""
        if self._tape is None:
            raise Untraceable("the rule cannot be recorded")
        return self._tape.entries()

    def _initial_slots(self) -> dict[str, Array]:
        state = SimpleNamespace(**{name: np.zeros(self.position.shape) for name in self.rule.slots})
        self.rule.begin(state, SimpleNamespace(lr=self.rate, **self._values))
        return {name: np.array(getattr(state, name)) for name in self.rule.slots}

    def _plain(self) -> None:
        """The step as the rule writes it, for rules that cannot be recorded."""
        self.time += 1.0
        h = SimpleNamespace(lr=self.rate, **self._values)
        # Copies, because the rule may keep what it is given, and two slots the same array.
        x, g, state = self.position.copy(), self.gradient.copy(), self._state
        self.position += self.rule.step(x, g, state, h, float(self.time))
        for name, slot in self._slots.items():
            setattr(state, name, np.array(np.broadcast_to(getattr(state, name), slot.shape)))

    def _recorded(self) -> Tape | None:
        tape = Tape()
        x = tape.variable(self.position)
        g = tape.variable(self.gradient)
        before = {name: tape.variable(slot) for name, slot in self._slots.items()}
        state = SimpleNamespace(**before)
        constants = {
            name: tape.constant(value) if isinstance(value, np.ndarray) else value
            for name, value in self._values.items()
        }
        h = SimpleNamespace(lr=tape.variable(self.rate), **constants)
        try:
            # Any step but the first will do to see what the rule does; no buffer is changed.
            step = self.rule.step(x, g, state, h, tape.variable(self.time))
            kept = self._kept_state(state, before)
        except UNTRACEABLE:
            return None
        tape.note(np.add, [self.position, _as_array(step)], self.position)
        for name, value in kept.items():
            tape.copy(self._slots[name], value)
        return tape

    def _kept_state(self, state: SimpleNamespace, before: dict[str, Traced]) -> dict[str, Any]:
        """What the rule left in its state, safe from the changes that end the step.

        A slot that takes over the position, or the old value of another slot, needs it as it was.
        """
        changing = [self.position, *self._slots.values()]
        kept = {}
        for name, old in before.items():
            new = getattr(state, name)
            if new is not old:
                is_safe = not any(np.may_share_memory(_as_array(new), a) for a in changing)
                kept[name] = new if is_safe else np.positive(new)
        return kept


def hyperparameters(optimizers: Sequence[Optimizer]) -> dict[str, Any]:
    """Values of all fields but the rate: arrays for numbers, `()` where all lanes agree.

    Zero stays the number 0.0 (then it is zero for all lanes), choices and flags as they are.
    """
    first = optimizers[0]
    names = [n for n in first.__struct_fields__ if n != "lr"]
    values = {name: _combined([getattr(o, name) for o in optimizers]) for name in names}
    if "decay" not in values and hasattr(first, "decay"):
        values["decay"] = first.decay
    return values


def _combined(values: list[Any]) -> Any:
    if not isinstance(values[0], float | int) or isinstance(values[0], bool):
        return values[0]
    if not any(values):
        return 0.0
    is_shared = all(v == values[0] for v in values)
    return np.asarray(values[0] if is_shared else values, dtype=np.float64)


def _as_array(value: Any) -> Array:
    return value.array if isinstance(value, Traced) else np.asarray(value, dtype=np.float64)
