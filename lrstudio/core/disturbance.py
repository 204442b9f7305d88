"""What a disturbance is: noise in what the rules meet, or a function that moves while they run.

A disturbance is declared like an optimizer. Its `draw` makes up values for some steps, and `target`
says what they do to the function f that is met at step t:

* `"offset"` `(dim,)`: the function moves, f(x − c); several movements add up;
* `"residual"` `(1,)`: with r = √(2(f − f*)) the loss is f* + ½(r + ρ)², the gradient (1 + ρ/r) ∇f;
* `"scale"` `(1,)`: the loss is f* + s (f − f*), the gradient s ∇f; several scales multiply;
* `"factor"` `(dim,)`: the gradient is multiplied coordinate by coordinate; several multiply;
* `"loss"` `(1,)`: added to the loss that rules and schedules see, not to the gradient;
* `"gradient"` `(dim,)`: added to the gradient, as the noise of the experiment is.

This is also their order, whatever the order in which disturbances are listed. What is recorded as
the loss is f(x − c), without noise; the gradient is recorded as the rules meet it.
"""

import zlib
from collections.abc import Sequence
from typing import ClassVar, Literal, NamedTuple

import msgspec
import numpy as np

from lrstudio.core.arrays import Array, ArrayLike, Places

Target = Literal["offset", "residual", "scale", "factor", "loss", "gradient"]

STREAM = 3
"""Where disturbances stand among the streams of a seed: the noise of the experiment has the seed
alone, drawn starts 1, mini-batches 2, curvature 4."""
MOST_DISTURBANCES = 20
"""Disturbances of one experiment."""


class Disturbance(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="disturbance"
):
    """Base of all disturbances."""

    is_random: ClassVar[bool] = True
    """Whether it depends on the seed."""

    @property
    def target(self) -> Target:
        """What its values do."""
        raise TypeError(f"{type(self).__name__} declares no target")

    def draw(self, generator: "np.random.Generator", before: Array, steps: Places) -> Array:
        """Values `(n, width)` at consecutive steps `(n,)`.

        `before` `(width,)` are those at the step before, zeros at step 0. Numbers are taken from
        the generator step by step, so that it does not matter how many are asked for at once.
        """
        raise TypeError(f"{type(self).__name__} draws nothing")

    def width(self, dim: int) -> int:
        """How many values it has at a step."""
        return dim if self.target in ("offset", "factor", "gradient") else 1


class Effects(NamedTuple):
    """What all disturbances together do; None where they do nothing of a kind.

    Arrays of one step `(dim, lanes)` or `(lanes,)`, or of n steps `(n, dim, lanes)`, `(n, lanes)`.
    """

    offset: ArrayLike | None = None
    residual: ArrayLike | None = None
    scale: ArrayLike | None = None
    factor: ArrayLike | None = None
    loss: ArrayLike | None = None
    gradient: ArrayLike | None = None


def disturbed(
    loss: ArrayLike, gradient: ArrayLike, floor: float, effects: Effects
) -> tuple[ArrayLike, ArrayLike]:
    """Loss `(lanes,)` and gradient `(dim, lanes)` as they are met, but for added gradient noise.

    `floor` is f*; the loss and the gradient are those of the function that has been moved.
    """
    if effects.residual is not None:
        residual = np.sqrt(np.maximum(2.0 * (loss - floor), 0.0))
        noisy = residual + effects.residual
        loss = floor + 0.5 * np.square(noisy)
        # At a minimum the gradient is zero, and r has no direction.
        safe = np.where(residual > 0.0, residual, 1.0)
        gradient = gradient * np.where(residual > 0.0, noisy / safe, 1.0)
    if effects.scale is not None:
        loss = floor + effects.scale * (loss - floor)
        gradient = gradient * effects.scale
    if effects.factor is not None:
        gradient = gradient * effects.factor
    if effects.loss is not None:
        loss = loss + effects.loss
    return loss, gradient


def streams(disturbances: Sequence[Disturbance]) -> list[tuple[int, ...]]:
    """What is added to a seed for the generator of each, all different.

    It is made of the kind and of the place among those of the same kind, so that one kind's draws
    do not depend on which others are listed, or in what order.
    """
    found: list[tuple[int, ...]] = []
    for disturbance in disturbances:
        kind = zlib.crc32(str(disturbance.__struct_config__.tag).encode())
        earlier = sum(known[1] == kind for known in found)
        found.append((STREAM, kind, earlier))
    return found
