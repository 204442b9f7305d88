"""Modifiers that gather several gradients before the rule sees them."""

from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.modifier import Inner, Modifier

Every = Annotated[
    int,
    meta(
        "n",
        "Gradients",
        "Number of gradients that are gathered for one update.",
        unit="steps",
        scale="log",
        low=1,
        high=100,
        ge=1,
        le=1_000_000,
    ),
]
Mean = Annotated[bool, meta("", "Mean", "Give the rule their mean instead of their sum.")]


class Accumulate(Modifier, tag="accumulate", frozen=True, kw_only=True):
    """Gradient accumulation: the rule waits for several gradients and is given their mean.

    a ← a + g                      every n steps the rule sees a/n, or a, and a ← 0

    Symbols: a, gradients gathered so far.

    In between the rule stands still; it counts its own updates, a schedule counts all steps.
    `gradient_accumulation_steps` of Keras, 3.15; `optax.MultiSteps`, 0.2.8, whose schedules count
    updates too.
    """

    every: Every = 4
    mean: Mean = True

    slots = ("a",)

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        is_due = t % h.every == 0
        total = s.a + g
        gathered = total / h.every if h.mean else total
        step = inner(gathered, (t + (h.every - 1)) // h.every, is_due)
        s.a = np.where(is_due, 0.0, total)
        return np.where(is_due, step, 0.0)


class ApplyEvery(Modifier, tag="apply_every", frozen=True, kw_only=True):
    """Gathered gradients: the rule is given the sum of several gradients, and zero in between.

    a ← a + g                      every n steps the rule sees a, else 0, and a ← 0

    Symbols: a, gradients gathered so far.

    Momentum goes on in between, unlike with accumulation. `optax.apply_every`, 0.2.8.
    """

    every: Every = 4

    slots = ("a",)

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        place = t % h.every
        s.a = np.where(np.equal(place, 1 % h.every), g, s.a + g)
        return inner(np.where(np.equal(place, 0), s.a, 0.0))
