"""What a schedule is: a factor on the contender's learning rate.

Most are known for all steps at once, in closed form. A schedule that listens to the loss is known
only as far as the losses are: it has a `Listener`, which hears one loss after the other.
"""

from typing import Annotated, ClassVar, Literal, Protocol

import msgspec
import numpy as np

from lrstudio.core.arrays import Array, ArrayLike, Places
from lrstudio.core.declaration import meta
from lrstudio.core.expressions import Symbol, expression
from lrstudio.core.families import OTHER, SCHEDULE_FAMILIES, Family
from lrstudio.core.validation import Refused, shown

WarmupSteps = Annotated[
    int,
    meta(
        "W",
        "Warm-up steps",
        "Number of steps before the full rate is reached.",
        unit="steps",
        scale="log",
        low=1,
        high=10_000,
        ge=1,
        le=100_000_000,
    ),
]
WarmupShape = Annotated[
    Literal["linear", "cosine", "exponential", "1-sqrt"],
    meta("", "Warm-up shape", "How the rate rises."),
]
WarmupStart = Annotated[
    float,
    meta(
        "w₀",
        "Warm-up start",
        "Factor at the very first step; 0 wastes that step.",
        low=0.0,
        high=1.0,
        ge=0.0,
        le=1.0,
    ),
]


class Warmup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Warm-up: the rate rises from a small start before the schedule takes over.

    linear       w₀ + (1−w₀) k/W
    cosine       w₀ + (1−w₀) ½(1 − cos πk/W)
    exponential  w₀^(1 − k/W)
    1-sqrt       w₀ + (1−w₀) (1 − √(1 − k/W))            k = 0, 1, …, W−1

    Step W is the first one of the schedule that follows. An exponential rise needs w₀ > 0. A rise
    from 0 and one that gives (k+1)/W (W − 1 steps from w₀ = 1/W) are those of Hugging Face.

    Linear: `optax.linear_schedule(w₀, 1, W)`, 0.2.8; Goyal et al., "Accurate, Large Minibatch
    SGD", 2017, arXiv:1706.02677.
    """

    steps: WarmupSteps = 50
    shape: WarmupShape = "linear"
    start: WarmupStart = 0.01

    def factors(self, steps: int) -> Array:
        """Factors `(min(steps, W),)` of the rise."""
        return self.at(np.arange(min(steps, self.steps), dtype=np.float64))

    def at(self, k: Array) -> Array:
        """Factors `(n,)` at steps `k` `(n,)`; 1 from step W on."""
        return np.asarray(self.rise(k))

    def rise(self, k: ArrayLike) -> ArrayLike:
        """The formula of the rise."""
        progress = np.minimum(k, self.steps) / self.steps
        if self.shape == "exponential":
            return np.float64(self.start) ** (1 - progress)
        if self.shape == "cosine":
            progress = (1 - np.cos(np.pi * progress)) / 2
        elif self.shape == "1-sqrt":
            progress = 1 - np.sqrt(1 - progress)
        return self.start + (1 - self.start) * progress


class Listener(Protocol):
    """A listening schedule at work on `lanes` runs, each with its own losses.

    `hear` is told the loss of every update, one after the other from the first one. `acts` says
    which update a loss changes: "next", it is told after update k and `factor` is then that of
    update k + 1; or "same", it is told before update k is made and `factor` is then that of
    update k itself.
    """

    acts: Literal["next", "same"]
    factor: Array
    """Factors `(lanes,)` of the next update to be made."""

    def hear(self, loss: Array) -> None:
        """Take the losses `(lanes,)` at the positions before an update; NaN is a bad loss."""


class Schedule(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="rule"
):
    """Base of all schedules: an optional warm-up, then the body that a subclass declares."""

    families: ClassVar[tuple[Family, ...]] = SCHEDULE_FAMILIES
    family: ClassVar[str] = OTHER.id
    """Id of one of `families`."""
    aliases: ClassVar[tuple[str, ...]] = ()
    """Other names by which people look for the schedule."""

    listens: ClassVar[bool] = False
    """Whether the factors depend on the losses."""

    warmup: Warmup | None = None

    def factors(self, steps: int, values: Array | None = None) -> Array:
        """Factors `(steps,)` on the learning rate; `factors[0]` applies to the first update.

        `values` `(steps,)` are the losses before each update, which a listening schedule needs and
        the others ignore; raises `Refused` where they are missing, or `steps` are no number.
        """
        if not isinstance(steps, int | np.integer) or steps < 0:
            raise Refused(f"expected a whole number of steps from 0 on, got {shown(steps)}")
        return self._heard(steps, values) if self.listens else self.at(np.arange(steps), steps)

    def at(self, updates: Places, steps: int) -> Array:
        """Factors `(n,)` of some updates `(n,)`, counted from 0, in a run of `steps`.

        Those of a listening schedule are what they are as long as no loss changes anything.
        """
        rise = min(self.warmup.steps, steps) if self.warmup else 0
        k = np.asarray(updates, dtype=np.float64)
        with np.errstate(over="ignore"):  # a factor that grows for long ends at infinity
            body = self.body(np.maximum(k - rise, 0), steps - rise)
            return np.where(k < rise, self.warmup.at(k), body) if self.warmup else body

    def body(self, k: Array, span: int) -> Array:
        """Factors `(n,)` at steps `k` `(n,)` after the warm-up; `span` steps are left in all."""
        return np.ones_like(k)

    def expression(self, steps: int) -> str | None:
        """The factor of update `k`, from 0, in a run of `steps`, as a line of Python.

        None where it depends on losses or no line can say it; see `core.expressions`.
        """
        return None if self.listens else expression(lambda k: self.formula(k, steps), steps - 1)

    def body_formula(self, k: ArrayLike, span: int) -> ArrayLike:
        """The body once more, where it needs other operations to be written down."""
        return self.body(k, span)

    def formula(self, k: Symbol, steps: int) -> ArrayLike:
        """The factor of update `k`, as `at`, for a stand-in of the update's number."""
        rise = min(self.warmup.steps, steps) if self.warmup else 0
        if self.warmup is None or rise == 0:
            return self.body_formula(k, steps)
        risen = self.warmup.rise(k.up_to(rise - 1))
        if rise == steps:
            return risen
        rest = self.body_formula(k.after(rise), steps - rise)
        return np.where(k < rise, risen, rest)

    def momenta(self, steps: int) -> Array | None:
        """Momenta `(steps,)` of all updates, or None where the schedule leaves momentum alone."""
        return self.momentum_at(np.arange(steps), steps)

    def momentum_at(self, updates: Places, steps: int) -> Array | None:
        """Momenta (or β₁) `(n,)` in force at some updates `(n,)` in a run of `steps`.

        None where the schedule does not cycle momentum. A warm-up holds the first value.
        """
        rise = min(self.warmup.steps, steps) if self.warmup else 0
        k = np.asarray(updates, dtype=np.float64)
        return self.momentum(np.maximum(k - rise, 0), steps - rise)

    def momentum(self, k: Array, span: int) -> Array | None:
        """Momenta `(n,)` at steps `k` `(n,)` after the warm-up, as of `body`."""
        return None

    def listener(self, lanes: int) -> Listener:
        """What hears the losses of `lanes` runs; only where the schedule listens."""
        raise TypeError(f"{type(self).__name__} does not listen to the loss")

    def _heard(self, steps: int, values: Array | None) -> Array:
        if values is None or np.shape(values) != (steps,):
            raise Refused(
                f"this schedule listens to the loss: give it {steps} losses, one for each step"
            )
        listener, factors = self.listener(1), np.empty(steps)
        for k, loss in enumerate(np.asarray(values, dtype=np.float64)):
            if listener.acts == "next":
                factors[k] = listener.factor[0]
                listener.hear(loss[None])
            else:
                listener.hear(loss[None])
                factors[k] = listener.factor[0]
        return factors
