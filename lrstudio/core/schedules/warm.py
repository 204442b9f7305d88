"""Schedules whose rise, plateau and fall belong together."""

from typing import Annotated, Literal

import msgspec
import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import Floor
from lrstudio.core.schedule import Schedule
from lrstudio.core.schedule_parameters import LONGEST
from lrstudio.core.schedules.decays import half_cosine

StableSteps = Annotated[
    Annotated[int, msgspec.Meta(ge=0, le=LONGEST)] | None,
    meta(
        "S",
        "Stable steps",
        "Number of steps at the full rate; left empty it is what the decay leaves.",
        unit="steps",
        scale="log",
        low=1,
        high=10_000,
        left_open="what is left",
    ),
]
FallSteps = Annotated[
    Annotated[int, msgspec.Meta(ge=1, le=LONGEST)] | None,
    meta(
        "D",
        "Decay steps",
        "Number of steps of the decay; left empty the last fifth, or all that is left.",
        unit="steps",
        scale="log",
        low=1,
        high=10_000,
        left_open="last fifth",
    ),
]
FallShape = Annotated[
    Literal["1-sqrt", "linear", "cosine", "1-square"],
    meta("", "Decay shape", "How the rate falls: 1 − √p drops first, 1 − p² drops last."),
]
PeakStep = Annotated[
    int,
    meta(
        "P",
        "Peak step",
        "Number of steps to the full rate.",
        unit="steps",
        scale="log",
        low=1,
        high=10_000,
        ge=1,
        le=LONGEST,
    ),
]


class WarmupStableDecay(Schedule, tag="warmup_stable_decay", frozen=True, kw_only=True):
    """Warm-up-stable-decay: after the warm-up the full rate is held long, then falls quickly.

    factor = 1                                     while k < S
    factor = α + (1−α) f(p)                        p = (k−S)/D
    f(p) = 1 − √p                                  1-sqrt
    f(p) = 1 − p                                   linear
    f(p) = ½ (1 + cos πp)                          cosine
    f(p) = 1 − p²                                  1-square

    Symbols: f, the shape of the decay; p, the share of the decay that is over.

    The plateau may be extended at will, since its end need not be known at the start.

    Used for language models whose length of training is decided late: a run is continued from
    the plateau and only its last tenth or fifth decays.

    Hu et al., "MiniCPM", 2024, arXiv:2404.06395; Hägele et al., "Scaling Laws and Compute-Optimal
    Training Beyond Fixed Training Durations", 2024, arXiv:2405.18392;
    `transformers.get_wsd_schedule`, 5; `pytorch_optimizer.get_wsd_schedule`, 4.1 (which, but for
    the cosine, falls to 0 and only then jumps to α).
    """

    family = "warmup"

    stable: StableSteps = None
    decay: FallSteps = None
    shape: FallShape = "1-sqrt"
    floor: Floor = 0.0

    def body(self, k: Array, span: int) -> Array:
        hold = self._hold(span)
        fall = max(span - hold if self.decay is None else self.decay, 1)
        p = np.clip((k - hold) / fall, 0, 1)
        if self.shape == "cosine":
            return half_cosine(p, self.floor)
        power = {"1-sqrt": 0.5, "linear": 1.0, "1-square": 2.0}[self.shape]
        return self.floor + (1 - self.floor) * (1 - p**power)

    def _hold(self, span: int) -> int:
        if self.stable is not None:
            return self.stable
        return max(span - (span // 5 if self.decay is None else self.decay), 0)


class Noam(Schedule, tag="noam", frozen=True, kw_only=True):
    """Noam: a straight rise, then a fall like 1/√k, as for the first transformers.

    factor = min((k+1)/P, √(P/(k+1)))

    The paper's formula without its scale: with d the width of the model, the rate at the peak is
    1/√(dP). The same as an inverse square root decay with τ = P after a warm-up of P − 1 steps
    from 1/P.

    Used for transformers trained for an unknown number of steps: the fall has no end.

    Vaswani et al., "Attention Is All You Need", 2017, arXiv:1706.03762, equation 3.
    """

    family = "warmup"

    peak_step: PeakStep = 50

    def body(self, k: Array, span: int) -> Array:
        share = (k + 1) / self.peak_step
        return np.minimum(share, 1 / np.sqrt(share))
