"""Sharpness-aware minimization: the gradient is felt where the function is worst nearby."""

from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np

from lrstudio.core.arrays import ArrayLike, norm
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import Report, SyncPeriod
from lrstudio.core.modifier import Inner, Modifier

Radius = Annotated[
    float,
    meta(
        "ρ",
        "Radius",
        "Length of a step uphill.",
        scale="log",
        low=1e-3,
        high=1.0,
        gt=0.0,
        le=1e6,
    ),
]


class SAM(Modifier, tag="sam", frozen=True, kw_only=True):
    """SAM: steps uphill, then the rule's step from where they began.

    e = ρ g/‖g‖                    0 where g is 0
    x ← x + e                      K − 1 times
    x ← x₀ + the step of the rule for the gradient at x, then x₀ ← x

    Symbols: e, the step uphill; x₀, the point that the climb began at.

    Each step is one gradient; a step of the rule takes K of them. x₀ is what is kept.
    `optax.contrib.sam`, 0.2.8, with a normalized gradient, not opaque; it computes 0/0 where g
    is 0, and with K = 1 starts each step from the point before the last. Foret, Kleiner, Mobahi &
    Neyshabur, "Sharpness-Aware Minimization for Efficiently Improving Generalization", 2021,
    arXiv:2010.01412.
    """

    rho: Radius = 0.05
    sync_period: SyncPeriod = 2
    report: Report = "average"

    slots = ("begun",)

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.begun = s.x

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        is_last = np.remainder(t, h.sync_period) == 0
        uphill = h.rho * direction(g)
        count = np.maximum(np.floor(t / h.sync_period), 1)
        goal = s.begun + inner(g, count, is_last, at=s.begun)
        s.begun = np.where(is_last, goal, s.begun)
        return np.where(is_last, goal - x, uphill)

    @staticmethod
    def kept(s: SimpleNamespace, h: Any, inside: ArrayLike) -> ArrayLike:
        return s.begun if h.report == "average" else inside


class OpaqueSAM(Modifier, tag="sam_opaque", frozen=True, kw_only=True):
    """SAM within one step: the rule is given the gradient from a little uphill.

    e = ρ g/‖g‖                    0 where g is 0
    g ← gradient at x + e          K − 1 times, each further uphill

    Symbols: e, the step uphill.

    The function is evaluated K times in each step, which is counted. `optax.contrib.sam` in opaque
    mode with a normalized gradient, 0.2.8. Foret, Kleiner, Mobahi & Neyshabur,
    "Sharpness-Aware Minimization for Efficiently Improving Generalization", 2021,
    arXiv:2010.01412.
    """

    rho: Radius = 0.05
    sync_period: SyncPeriod = 2

    needs = ("oracle",)

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        point = x
        for _ in range(int(h.sync_period) - 1):
            point = point + h.rho * direction(g)
            _, g = s.oracle.loss_and_gradient(point)
        return inner(g)


def direction(g: ArrayLike) -> ArrayLike:
    """g/‖g‖, or 0 where there is no slope."""
    length = norm(g)
    return g / np.where(length == 0, 1.0, length)
