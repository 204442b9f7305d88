"""A rule at work without the engine's devices: fresh arrays at each step, nothing in place."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from lrstudio.core import Optimizer
from lrstudio.core.arrays import Array
from lrstudio.engine import replay
from lrstudio.engine.layers import hyperparameters
from lrstudio.engine.stepping import Stepper, Surroundings


def frozen(array: Any) -> Array:
    """A copy that raises when something is written to it."""
    copy = np.array(array, dtype=np.float64)
    copy.setflags(write=False)
    return copy


Course = list[dict[str, Array]]
"""Position `(dim, lanes)` and slots after each step."""


def plain(optimizers: Sequence[Optimizer], gradients: Array, start: Array, rates: Array) -> Course:
    """What the rule says, fed with `gradients` `(steps, dim, lanes)`."""
    rule = type(optimizers[0])
    values = hyperparameters(optimizers)
    slots = {slot: np.zeros(start.shape) for slot in rule.slots}
    lane_slots = {slot: np.zeros(start.shape[1:]) for slot in rule.lane_slots}
    state = SimpleNamespace(x=frozen(start), **slots, **lane_slots)
    rule.begin(state, SimpleNamespace(lr=rates[0], **values))
    names = (*rule.slots, *rule.lane_slots)
    shapes = {name: np.shape(getattr(state, name)) for name in names}
    x, course = start, []
    with np.errstate(all="ignore"):
        for k, g in enumerate(gradients):
            h = SimpleNamespace(lr=frozen(rates[k]), next_lr=frozen(rates[k]), **values)
            state.x, state.loss = frozen(x), frozen(made_up_loss(g))
            x = x + rule.step(frozen(x), frozen(g), state, h, float(k + 1))
            for slot in names:
                kept = np.broadcast_to(getattr(state, slot), shapes[slot])
                setattr(state, slot, kept.copy())
            course.append({"position": x, **{s: getattr(state, s).copy() for s in names}})
    return course


def stepped(
    optimizers: Sequence[Optimizer], gradients: Array, start: Array, rates: Array
) -> Course:
    """What the engine's stepper makes of it."""
    course = []
    with np.errstate(all="ignore"):
        loss = np.zeros(start.shape[1:])
        stepper = make_stepper(optimizers, start, is_rate_shared=np.ndim(rates[0]) == 0, loss=loss)
        for k, g in enumerate(gradients):
            stepper.gradient[...] = g
            loss[...] = made_up_loss(g)
            stepper.rate[...] = rates[k]
            stepper.advance()
            slots = {slot: array.copy() for slot, array in slots_of(stepper).items()}
            course.append({"position": stepper.position.copy(), **slots})
    return course


def slots_of(stepper: Stepper) -> dict[str, Array]:
    """The state that a stepper keeps."""
    return stepper._slots[-1]


def assert_same(got: Course, expected: Course, of: str = "") -> None:
    """Bit for bit, NaN included."""
    assert len(got) == len(expected)
    for k, (one, other) in enumerate(zip(got, expected, strict=True)):
        for name, array in other.items():
            assert np.array_equal(one[name], array, equal_nan=True), f"{name} at step {k + 1} {of}"


def made_up_loss(gradient: Array) -> Array:
    """Losses `(lanes,)` for gradients that belong to no function, `(dim, lanes)`."""
    return np.add.reduce(np.abs(gradient), axis=0)


def fed(optimizer: Optimizer, gradients: Array, start: Any, factors: Array | None = None) -> Array:
    """Positions `(steps+1, dim)` of a rule fed with `gradients` `(steps, dim)` and some losses."""
    return replay(optimizer, gradients, start, factors, values=made_up_loss(gradients.T))


def make_stepper(
    optimizers: Sequence[Optimizer],
    start: Array,
    *,
    is_rate_shared: bool = False,
    loss: Array | None = None,
) -> Stepper:
    """A stepper that starts from a copy of `start` `(dim, lanes)`."""
    with np.errstate(all="ignore"):
        return Stepper(
            optimizers,
            start.copy(),
            np.zeros(start.shape),
            is_rate_shared=is_rate_shared,
            surroundings=Surroundings(loss=np.zeros(start.shape[1:]) if loss is None else loss),
        )


def is_recorded(stepper: Stepper) -> bool:
    """Whether the rule runs from a tape."""
    return stepper.advance != stepper._plain


def noise(steps: int, dim: int, lanes: int, seed: int = 3) -> Array:
    """Gradients `(steps, dim, lanes)`."""
    return np.random.default_rng(seed).standard_normal((steps, dim, lanes))
