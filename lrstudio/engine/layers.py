"""A rule with its modifiers around it, outermost first, as one step."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from lrstudio.core import Modifier, Optimizer
from lrstudio.core.arrays import Array, ArrayLike, Places, lined_up_copy
from lrstudio.core.problem import Layer

Slots = dict[str, Any]


class Part(NamedTuple):
    """Coordinates that a rule steps by themselves."""

    rows: Places
    """Which they are; those of a matrix output by output, as the frameworks hold it."""
    shape: tuple[int, int] | None
    """Outputs and inputs, of a matrix."""


def parts_of(layers: Sequence[Layer]) -> tuple[Part, ...]:
    """The layers of a model as a rule meets them; none where all coordinates are one layer."""
    if len(layers) < 2:
        return ()
    return tuple(_part(layer) for layer in layers)


def _part(layer: Layer) -> Part:
    rows = np.arange(layer.first, layer.first + layer.size)
    if len(layer.shape) != 2:
        return Part(rows, None)
    inputs, outputs = layer.shape
    return Part(rows.reshape(inputs, outputs).T.ravel(), (outputs, inputs))


class Layers:
    """The classes and hyper-parameters of one variant of a rule and its modifiers.

    A rule that looks at layers or matrices has a state for each of the `parts` of a model.
    """

    def __init__(self, optimizers: Sequence[Optimizer], parts: Sequence[Part] = ()) -> None:
        first = optimizers[0]
        self.rule = type(first)
        self.modifiers = [type(m) for m in first.modifiers]
        is_parted = {"layers", "matrix"} & set(self.rule.needs)
        self.parts = tuple(parts) if is_parted else ()
        count = max(1, len(self.parts))
        self._layers: list[type[Optimizer | Modifier]] = [*self.modifiers, *[self.rule] * count]
        own = hyperparameters(optimizers)
        # Lanes that advance together have equal modifiers.
        self.values = [*(hyperparameters([m]) for m in first.modifiers), *[own] * count]
        self.wants_oracle = first.wants("oracle")
        self.wants_matrix = first.wants("matrix")
        self.has_average = has_average(first)

    def initial_slots(self, x: Array, rate: Array) -> list[Slots]:
        """The states of all layers before the first step."""
        slots = []
        for layer, values, point in zip(self._layers, self.values, self._points(x), strict=True):
            begun = _begun(layer, point.copy(), SimpleNamespace(lr=rate, **values))
            slots.append({name: lined_up_copy(slot) for name, slot in begun.items()})
        return slots

    def step(
        self,
        x: ArrayLike,
        g: ArrayLike,
        states: Sequence[SimpleNamespace],
        h: Sequence[Any],
        t: ArrayLike,
    ) -> ArrayLike:
        """The step of the outermost layer; the states are changed."""

        def enter(
            i: int,
            g: ArrayLike,
            t: ArrayLike,
            x: ArrayLike,
            *,
            where: ArrayLike | None = None,
            renew: ArrayLike | None = None,
        ) -> ArrayLike:
            inside = states[i:]
            for state in inside:
                state.x = x
            before = [dict(vars(state)) for state in inside] if where is not None else []
            if i < len(self.modifiers):

                def inner(
                    g: ArrayLike,
                    t: ArrayLike = t,
                    where: ArrayLike | None = None,
                    at: ArrayLike = x,
                    renew: ArrayLike | None = None,
                ) -> ArrayLike:
                    return enter(i + 1, g, t, at, where=where, renew=renew)

                step = self.modifiers[i].step(inner, x, g, states[i], h[i], t)
            elif self.parts:
                step = self._step_by_parts(x, g, states[i:], h[i], t)
            else:
                step = self.rule.step(x, g, states[i], h[i], t)
            for state, old in zip(inside, before, strict=False):
                _keep(state, old, where)
            if renew is not None:
                points = self._points(x)[i:]
                for layer, state, values, point in zip(
                    self._layers[i:], inside, h[i:], points, strict=True
                ):
                    _keep(state, _begun(layer, point, values), np.logical_not(renew))
            return step

        return enter(0, g, t, x)

    def _step_by_parts(
        self, x: Array, g: Array, states: Sequence[SimpleNamespace], h: Any, t: ArrayLike
    ) -> Array:
        """The step of the rule, for each part of a model by itself."""
        step = np.empty_like(x)
        for part, state in zip(self.parts, states, strict=True):
            seen = state.x, state.shape
            state.x, state.shape = x[part.rows], part.shape
            step[part.rows] = self.rule.step(state.x, g[part.rows], state, h, t)
            state.x, state.shape = seen  # whoever is around looks at the whole
        return step

    def _points(self, x: ArrayLike) -> list[ArrayLike]:
        """What each of the layers has of a position: all, or its part."""
        return [x] * len(self.modifiers) + ([x[part.rows] for part in self.parts] or [x])

    def kept(self, states: Sequence[SimpleNamespace], h: Sequence[Any]) -> ArrayLike:
        """The point `(dim, lanes)` that the run would hand over now."""
        count = len(self.modifiers)
        point = self._kept_by_rule(states[count:], h[-1])
        for modifier, state, values in reversed(
            list(zip(self.modifiers, states[:count], h[:count], strict=True))
        ):
            point = modifier.kept(state, values, point)
        return point

    def _kept_by_rule(self, states: Sequence[SimpleNamespace], h: Any) -> ArrayLike:
        if not self.parts:
            return self.rule.kept(states[0], h)
        point = np.array(states[0].x)
        for part, state in zip(self.parts, states, strict=True):
            own = SimpleNamespace(**{**vars(state), "x": state.x[part.rows]})
            point[part.rows] = self.rule.kept(own, h)
        return point


def has_average(optimizer: Optimizer) -> bool:
    """Whether what is handed over may be another point than the one that steps."""
    is_default = type(optimizer).kept is Optimizer.kept
    modified = any(
        type(m).kept is not Modifier.kept and getattr(m, "report", "average") == "average"
        for m in optimizer.modifiers
    )
    return modified or (not is_default and getattr(optimizer, "report", "average") == "average")


def hyperparameters(configurations: Sequence[Optimizer] | Sequence[Modifier]) -> dict[str, Any]:
    """Values of all fields but the rate: arrays for numbers, `()` where all lanes agree.

    Zero stays the number 0.0 (then it is zero for all lanes), choices and flags as they are.
    """
    first = configurations[0]
    names = [n for n in first.__struct_fields__ if n not in ("lr", "modifiers")]
    values = {name: _combined([getattr(c, name) for c in configurations]) for name in names}
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


def _begun(layer: type[Optimizer | Modifier], x: ArrayLike, h: Any) -> Slots:
    """The state of a layer that starts at `x`."""
    state = SimpleNamespace(x=x)
    for name in layer.slots:
        setattr(state, name, np.zeros(x.shape))
    for name in layer.lane_slots:
        setattr(state, name, np.zeros(x.shape[1:]))
    layer.begin(state, h)
    return {name: getattr(state, name) for name in (*layer.slots, *layer.lane_slots)}


def _keep(state: SimpleNamespace, old: dict[str, Any], where: ArrayLike) -> None:
    """Where a layer was not asked, its state is what it was."""
    for name, value in old.items():
        new = getattr(state, name)
        if new is not value:
            setattr(state, name, np.where(where, new, value))
