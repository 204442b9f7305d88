"""A rule at work: lanes of one variant of an optimizer, advanced together."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from lrstudio.core import Optimizer
from lrstudio.core.arrays import Array
from lrstudio.engine.tape import UNTRACEABLE, Operation, Tape, Traced


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
        self._time = np.zeros(())
        self._slots = {name: np.zeros(position.shape) for name in self.rule.slots}
        self._values = hyperparameters(optimizers)
        self.advance = self._begin()

    def _begin(self) -> Callable[[], None]:
        state = SimpleNamespace(**self._slots)
        self.rule.begin(state, SimpleNamespace(lr=self.rate, **self._values))
        self._slots = {name: np.array(getattr(state, name)) for name in self.rule.slots}
        try:
            operations = self._recorded()
        except UNTRACEABLE:
            self._state = SimpleNamespace(**self._slots)
            return self._plain
        time = self._time

        def replay() -> None:
            np.add(time, 1.0, time)
            for operation in operations:
                operation()

        return replay

    def _plain(self) -> None:
        """The step as the rule writes it, for rules that cannot be recorded."""
        self._time += 1.0
        h = SimpleNamespace(lr=self.rate, **self._values)
        # Copies, because the rule may keep what it is given, and two slots the same array.
        x, g, state = self.position.copy(), self.gradient.copy(), self._state
        self.position += self.rule.step(x, g, state, h, float(self._time))
        for name, slot in self._slots.items():
            setattr(state, name, np.array(np.broadcast_to(getattr(state, name), slot.shape)))

    def _recorded(self) -> list[Operation]:
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
        # Any step but the first will do to see what the rule does; the buffers are not changed.
        step = self.rule.step(x, g, state, h, tape.variable(self._time))
        kept = self._kept_state(state, before)
        tape.note(np.add, [self.position, _as_array(step)], self.position)
        for name, value in kept.items():
            tape.copy(self._slots[name], value)
        return tape.operations()

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
