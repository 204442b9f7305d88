"""Noise and change at work, drawn per seed: equal seeds meet the same, whatever their neighbours.

What is drawn for a stretch of steps comes as tables. Most of them are turned row by row, by a lens
between the function and the rules; the noise that is added to the gradient is left to the caller.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial, reduce
from typing import Any

import numpy as np

from lrstudio.core.arrays import Array, Places, in_company
from lrstudio.core.disturbance import Disturbance, Effects, Target, disturbed, streams
from lrstudio.engine.confining import Bounds, note_confinement, note_moved_confinement
from lrstudio.engine.peephole import Entry
from lrstudio.engine.plan import Plan
from lrstudio.engine.tape import Tape

_MULTIPLIED: tuple[Target, ...] = ("scale", "factor")
_OF_LANES: tuple[Target, ...] = ("residual", "scale", "loss")


class Disturbing:
    """What an experiment says about noise and change, for all its lanes, stretch after stretch."""

    def __init__(self, plan: Plan) -> None:
        experiment, dim = plan.experiment, plan.dim
        seeds = [lane.seed for lane in plan.lanes]
        different = tuple(dict.fromkeys(seeds))
        places = {seed: place for place, seed in enumerate(different)}
        self._place_of = np.array([places[seed] for seed in seeds], dtype=np.intp)
        self._sources: dict[Target, list[list[_Strand]]] = {}
        if experiment.noise > 0:
            draw = partial(_gaussian, experiment.noise)
            strands = [_Strand(draw, np.random.default_rng(seed), dim) for seed in different]
            self._sources["gradient"] = [strands]
        listed: Sequence[Disturbance] = experiment.disturbances
        # Sorted, so that sums and products come out the same in whatever order they are listed.
        for stream, known in sorted(zip(streams(listed), listed, strict=True), key=_first):
            width = known.width(dim)
            strands = [
                _Strand(known.draw, np.random.default_rng([seed, *stream]), width)
                for seed in different
            ]
            self._sources.setdefault(known.target, []).append(strands)

    @property
    def targets(self) -> frozenset[Target]:
        """What is disturbed at all."""
        return frozenset(self._sources)

    def draw(self, first_step: int, size: int) -> Effects:
        """What happens at the next steps; each stretch must follow on the one before."""
        steps = np.arange(first_step, first_step + size)
        return Effects(**{target: self._table(target, steps) for target in self._sources})

    def _table(self, target: Target, steps: Places) -> Array:
        """Values `(n, dim, lanes)`, or `(n, lanes)`, of all sources of a kind together."""
        tables = [
            np.stack([strand.after(steps) for strand in strands], axis=-1)
            for strands in self._sources[target]
        ]
        combine = np.multiply if target in _MULTIPLIED else np.add
        values = reduce(combine, tables)[:, :, self._place_of]
        return np.asarray(values[:, 0] if target in _OF_LANES else values)


class _Strand:
    """One disturbance for one seed: it remembers where it was."""

    def __init__(
        self,
        draw: Callable[["np.random.Generator", Array, Places], Array],
        generator: "np.random.Generator",
        width: int,
    ) -> None:
        self._draw = draw
        self._generator = generator
        self._before: Array = np.zeros(width)

    def after(self, steps: Places) -> Array:
        """Values `(n, width)` at the next steps."""
        values = self._draw(self._generator, self._before, steps)
        self._before = values[-1]
        return values


def _first(pair: tuple[tuple[int, ...], Disturbance]) -> tuple[int, ...]:
    return pair[0]


def _gaussian(
    scale: float, generator: "np.random.Generator", before: Array, steps: Places
) -> Array:
    return scale * generator.standard_normal((len(steps), len(before)))


def effects_at(effects: Effects, k: int, lanes: slice) -> Effects:
    """What happens to some lanes at the k-th step of a stretch."""
    return Effects(
        *(None if table is None else in_company(table[k][..., lanes]) for table in effects)
    )


class Lens:
    """What stands between the function and the rules, as operations on arrays.

    The function is to be evaluated at `place` `(dim, lanes)`, which is `position` itself where
    nothing moves. `clocks` are arrays that are to hold the values of a step; `within` is the domain
    that confines positions, which moves as well.
    """

    def __init__(
        self, targets: frozenset[Target], position: Array, within: Bounds | None = None
    ) -> None:
        self._position = position
        self._within = within
        self.clocks: Mapping[Target, Array] = {
            target: np.zeros(position.shape[1:] if target in _OF_LANES else position.shape)
            for target in Effects._fields
            if target in targets and target != "gradient"
        }
        self.place = position.copy() if "offset" in self.clocks else position

    def moved(self) -> Tape:
        """What is to be done before the function is evaluated."""
        tape = Tape()
        if "offset" not in self.clocks:
            return tape
        offset = self.clocks["offset"]
        if self._within is not None:
            note_moved_confinement(tape, self._position, self._within, offset)
        tape.note(np.subtract, [self._position, offset], self.place)
        if self._within is not None:  # what rounding may have left outside
            note_confinement(tape, self.place, self._within)
        return tape

    def tinted(self, loss: Array, gradient: Array, floor: float) -> tuple[Tape, Array]:
        """What is to be done after it, and where the loss that rules see stands then.

        The gradient is changed where it is; the loss stays what it is.
        """
        tape = Tape()
        clocks = {t: tape.variable(clock) for t, clock in self.clocks.items() if t != "offset"}
        if not clocks:
            return tape, loss
        before: tuple[Any, Any] = tape.variable(loss), tape.variable(gradient)
        seen, met = disturbed(*before, floor, Effects(**clocks))
        if met is not before[1]:
            tape.copy(gradient, met)
        return tape, loss if seen is before[0] else tape.result(seen, loss.shape)

    def tables(self, effects: Effects) -> list[Array]:
        """Values `(n, ...)` for each clock."""
        return [getattr(effects, target) for target in self.clocks]

    def turn(self, rows: Iterable[Array]) -> None:
        """Let the clocks hold the values of a step."""
        for clock, row in zip(self.clocks.values(), rows, strict=True):
            np.copyto(clock, row)


def noise_entry(gradient: Array) -> tuple[Entry, Array]:
    """The operation that adds noise to the gradient, and the clock that is to hold the noise."""
    clock = np.zeros(gradient.shape)
    return Entry(np.add, [gradient, clock], gradient), clock
