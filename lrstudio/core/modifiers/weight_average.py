"""A running mean of the parameters."""

from types import SimpleNamespace
from typing import Annotated, Any

import msgspec
import numpy as np

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import Report
from lrstudio.core.modifier import Inner, Modifier

AverageShare = Annotated[
    float,
    meta(
        "β",
        "Averaging decay",
        "Share of the running mean that is kept at each count.",
        low=0.5,
        high=0.999,
        ge=0.0,
        le=1.0,
    ),
]
Overwrite = Annotated[
    Annotated[int, msgspec.Meta(ge=1, le=100_000_000)] | None,
    meta(
        "n",
        "Overwrite every",
        "Counts after which the parameters are set to the mean; left empty they never are.",
        scale="log",
        low=1,
        high=10_000,
        left_open="never",
    ),
]
Pace = Annotated[
    int,
    meta(
        "p",
        "Steps for a count",
        "Steps that count as one, where gradients are accumulated inside.",
        unit="steps",
        scale="log",
        low=1,
        high=100,
        ge=1,
        le=1_000_000,
    ),
]


class WeightAverage(Modifier, tag="weight_average", frozen=True, kw_only=True):
    """Weight average: what is handed over is a running mean of the parameters.

    a ← β a + (1−β) x              a ← x at the first count
    x ← a                          every n counts, if at all

    Symbols: a, mean of the parameters.

    `use_ema`, `ema_momentum` and `ema_overwrite_frequency` of Keras, 3.15. Polyak & Juditsky,
    "Acceleration of Stochastic Approximation by Averaging", 1992.
    """

    momentum: AverageShare = 0.99
    overwrite: Overwrite = None
    pace: Pace = 1
    report: Report = "average"

    slots = ("average",)

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.average = s.x

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        step = inner(g)
        count = (t - 1) // h.pace
        kept = np.where(count > 0, h.momentum, 0.0)
        s.average = kept * s.average + (1 - kept) * (x + step)
        if h.overwrite is None:
            return step
        return np.where((count + 1) % h.overwrite == 0, s.average - x, step)

    @staticmethod
    def kept(s: SimpleNamespace, h: Any, inside: ArrayLike) -> ArrayLike:
        return s.average if h.report == "average" else inside
