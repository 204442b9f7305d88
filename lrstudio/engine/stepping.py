"""A rule at work: lanes of one variant of an optimizer, advanced together."""

import functools
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np

from lrstudio.core import Optimizer
from lrstudio.core.arrays import Array
from lrstudio.core.oracle import Oracle
from lrstudio.core.problem import Layer
from lrstudio.engine.layers import Layers, parts_of
from lrstudio.engine.peephole import Entry
from lrstudio.engine.tape import UNTRACEABLE, Tape, Traced, Untraceable, replay_of


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule may look at besides the gradient; the caller keeps it up to date."""

    loss: Array | None = None
    """Loss `(lanes,)` at the present position."""
    oracle: Oracle | None = None
    shape: tuple[int, ...] | None = None
    """Rows and columns, where the parameters are a matrix."""
    layers: tuple[Layer, ...] = ()
    """The layers of a model."""
    is_momentum_cycled: bool = False
    """Whether the caller fills `Stepper.momentum` before each step."""
    is_rate_foreseen: bool = False
    """Whether the caller fills `Stepper.next_rate` before each step."""


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
        surroundings: Surroundings | None = None,
    ) -> None:
        self.position = position
        self.gradient = gradient
        self.rate = np.zeros(() if is_rate_shared else position.shape[1:])
        self.time = np.zeros(())
        """Number of the step, from 1."""
        self._around = surroundings or Surroundings()
        self.next_rate = np.zeros_like(self.rate) if self._around.is_rate_foreseen else None
        """Rate of the step after the next one, where it is known."""
        self._layers = Layers(optimizers, parts_of(self._around.layers))
        self.momentum = self._cycled_momentum()
        """Momentum in force `(lanes,)`, where a schedule cycles it."""
        self._slots = self._layers.initial_slots(position, self.rate)
        self._states = [SimpleNamespace(**slots) for slots in self._slots]
        self._tape = self._recorded()
        self.has_average = self._layers.has_average
        self.advance: Callable[[], None] = self._plain
        if self._tape:
            tick = functools.partial(np.add, self.time, 1.0, self.time)
            self.advance = replay_of([tick, *self._tape.operations()])

    @property
    def kept(self) -> Array:
        """The point `(dim, lanes)` that the run would hand over now: an average, or `position`."""
        if not self.has_average:
            return self.position
        states = [SimpleNamespace(x=self.position, **slots) for slots in self._slots]
        return np.asarray(self._layers.kept(states, self._plain_values()))

    def entries(self) -> list[Entry]:
        """The operations of a step; raises `Untraceable` where they are not known."""
        if self._tape is None or self.has_average:
            raise Untraceable("the rule cannot be recorded")
        return self._tape.entries()

    def _cycled_momentum(self) -> Array | None:
        name = self._layers.rule.momentum_name
        if name is None or not self._around.is_momentum_cycled:
            return None
        momentum = self._layers.values[-1][name] = np.zeros(self.position.shape[1:])
        return momentum

    def _plain_values(self) -> list[SimpleNamespace]:
        next_lr = self.rate if self.next_rate is None else self.next_rate
        return [
            SimpleNamespace(lr=self.rate, next_lr=next_lr, **values)
            for values in self._layers.values
        ]

    def _plain(self) -> None:
        """The step as the rule writes it, for rules that cannot be recorded."""
        self.time += 1.0
        # Copies, because the rule may keep what it is given, and two slots the same array.
        x, g = self.position.copy(), self.gradient.copy()
        for state, slots in zip(self._states, self._slots, strict=True):
            self._show(state, x, self._around.loss)
            vars(state).update(slots)
        step = self._layers.step(x, g, self._states, self._plain_values(), float(self.time))
        self.position += step
        for state, slots in zip(self._states, self._slots, strict=True):
            for name, slot in slots.items():
                slots[name] = np.array(np.broadcast_to(getattr(state, name), slot.shape))

    def _show(self, state: SimpleNamespace, x: Any, loss: Any) -> None:
        """Let a rule see what is not its own."""
        state.x, state.loss = x, loss
        state.oracle, state.shape = self._around.oracle, self._around.shape
        state.layers = self._around.layers

    def _recorded(self) -> Tape | None:
        is_matrix = self._layers.wants_matrix and self._around.shape is not None
        if self._layers.wants_oracle or is_matrix or self._layers.parts:
            return None  # which no list of array operations can express
        tape = Tape()
        x = tape.variable(self.position)
        g = tape.variable(self.gradient)
        before = [{n: tape.variable(slot) for n, slot in slots.items()} for slots in self._slots]
        loss = None if self._around.loss is None else tape.variable(self._around.loss)
        states = [SimpleNamespace(**variables) for variables in before]
        for state in states:
            self._show(state, x, loss)
        h = [self._traced_values(tape, values) for values in self._layers.values]
        try:
            # Any step but the first will do to see what the rule does; no buffer is changed.
            step = self._layers.step(x, g, states, h, tape.variable(self.time))
            kept = self._kept_state(states, before)
        except UNTRACEABLE:
            return None
        tape.note(np.add, [self.position, _as_array(step)], self.position)
        for slot, value in kept:
            tape.copy(slot, value)
        return tape

    def _traced_values(self, tape: Tape, values: dict[str, Any]) -> SimpleNamespace:
        known = {
            name: tape.constant(value) if isinstance(value, np.ndarray) else value
            for name, value in values.items()
        }
        if self.momentum is not None and values is self._layers.values[-1]:
            known[str(self._layers.rule.momentum_name)] = tape.variable(self.momentum)
        rate = tape.variable(self.rate)
        next_lr = rate if self.next_rate is None else tape.variable(self.next_rate)
        return SimpleNamespace(lr=rate, next_lr=next_lr, **known)

    def _kept_state(
        self, states: Sequence[SimpleNamespace], before: Sequence[dict[str, Traced]]
    ) -> list[tuple[Array, Any]]:
        """What the rules left in their states, safe from the changes that end the step.

        A slot that takes over the position, or the old value of another slot, needs it as it was.
        """
        changing = [self.position, *(slot for slots in self._slots for slot in slots.values())]
        kept = []
        for state, slots, olds in zip(states, self._slots, before, strict=True):
            for name, old in olds.items():
                new = getattr(state, name)
                if new is not old:
                    is_safe = not any(np.may_share_memory(_as_array(new), a) for a in changing)
                    kept.append((slots[name], new if is_safe else np.positive(new)))
        return kept


def _as_array(value: Any) -> Array:
    return value.array if isinstance(value, Traced) else np.asarray(value, dtype=np.float64)
