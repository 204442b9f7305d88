"""Mechanic, which finds the learning rate of any rule."""

from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np

from lrstudio.core.arrays import ArrayLike, norm
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import Epsilon, WeightDecay
from lrstudio.core.modifier import Inner, Modifier

InitialScale = Annotated[
    float,
    meta(
        "s₀",
        "Initial scale",
        "Scale of the steps at the start; too small is better than too large.",
        scale="log",
        low=1e-8,
        high=1.0,
        gt=0.0,
        le=1e6,
    ),
]
Betas = Annotated[
    int,
    meta(
        "n",
        "Memories",
        "So many memories work side by side, with β = 0.9, 0.99, 0.999, ...",
        low=1,
        high=10,
        ge=1,
        le=15,
    ),
]


class Mechanic(Modifier, tag="mechanic", frozen=True, kw_only=True):
    """Mechanic: the scale of all steps is learnt while the rule goes on.

    Δ ← Δ + the step of the rule       x = x₀ + s Δ,  s = Σ sᵢ
    h = −⟨g + λ s ‖g‖/(‖x‖+ε) x, Δ⟩    with Δ before this step
    mᵢ ← max(βᵢ mᵢ, |h|+ε)             vᵢ ← βᵢ² vᵢ + h²
    rᵢ ← βᵢ rᵢ + sᵢ clip(h, ±mᵢ)       with mᵢ before this step
    sᵢ ← (s₀ mᵢ/n + max(rᵢ, 0)) / (√vᵢ + ε),  βᵢ = 1 − 0.1ⁱ

    Symbols: Δ, the sum of the steps of the rule; x₀, the start; s, the scale in force; i, the
    number of a memory; h, what a larger scale would have gained; β, the share that a memory keeps;
    m, the largest gain of late; v, the sum of squared gains; r, the gain earned so far.

    The rule inside keeps its learning rate, of which only the schedule matters much.
    `optax.contrib.mechanize`, 0.2.8. Cutkosky, Defazio & Mehta, "Mechanic: A Learning Rate Tuner",
    2023, arXiv:2306.00144.
    """

    weight_decay: WeightDecay = 0.01
    eps: Epsilon = 1e-8
    s_init: InitialScale = 1e-6
    num_betas: Betas = 6

    # The last four have one row for each memory.
    slots = ("x0", "r", "m", "v", "s")

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.x0 = s.x
        rows = np.zeros((int(float(h.num_betas)), *s.x.shape[1:]))
        s.r = s.m = s.v = rows
        s.s = rows + h.s_init

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        scale = np.add.reduce(s.s, axis=0)
        moved = (s.x0 - x) / (scale + h.eps)
        goal = moved - inner(g)
        pull = g + h.weight_decay * scale * norm(g) / (norm(x) + h.eps) * x
        gain = np.add.reduce(pull * moved, axis=0)
        learn(gain, s, h)
        return s.x0 - np.add.reduce(s.s, axis=0) * goal - x


def learn(gain: ArrayLike, s: SimpleNamespace, h: Any) -> None:
    """Take in what a larger scale would have gained `(lanes,)`."""
    count = len(s.m)
    beta = np.array([[1 - 0.1**i] for i in range(1, count + 1)])
    clipped = np.minimum(np.maximum(gain, -s.m), s.m)
    s.m = np.maximum(beta * s.m, np.abs(gain) + h.eps)
    s.v = np.square(beta) * s.v + np.square(gain)
    s.r = beta * s.r + clipped * s.s
    wealth = h.s_init / count * s.m + np.maximum(s.r, 0.0)
    s.s = wealth / (np.sqrt(s.v) + h.eps)
