"""Modifiers that put something else in the place of the gradient."""

from types import SimpleNamespace
from typing import Annotated, Any, Literal

from lrstudio.core.arrays import ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import Momentum, WeightDecay
from lrstudio.core.modifier import Inner, Modifier

Factor = Annotated[
    float,
    meta(
        "f",
        "Factor",
        "What the gradient is multiplied by.",
        scale="log",
        low=1e-3,
        high=1e3,
        ge=-1e9,
        le=1e9,
    ),
]
FilterForm = Annotated[
    Literal["mean", "sum"],
    meta("", "Form", "A running mean, in which the new gradient has weight 1 − μ, or a sum."),
]
Debias = Annotated[
    bool,
    meta("", "Bias correction", "Divide a mean by 1 − μᵗ, for it starts at zero."),
]
Nesterov = Annotated[bool, meta("", "Nesterov", "Look ahead along the momentum.")]


class AverageGradient(Modifier, tag="average_gradient", frozen=True, kw_only=True):
    """Gradient average: the rule is given a running mean of gradients, or momentum.

    m ← μ m + (1−μ) g              mean, corrected: m/(1−μᵗ)
    m ← μ m + g                    sum
    with Nesterov momentum the rule sees one such step more from m, without keeping it

    `optax.ema` (mean) and `optax.trace` (sum), 0.2.8.
    """

    momentum: Momentum = 0.9
    form: FilterForm = "mean"
    debias: Debias = False
    nesterov: Nesterov = False

    slots = ("m",)

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        new = (1 - h.momentum) * g if h.form == "mean" else g
        s.m = h.momentum * s.m + new
        seen = h.momentum * s.m + new if h.nesterov else s.m
        is_corrected = h.debias and h.form == "mean"
        return inner(seen / (1 - h.momentum**t) if is_corrected else seen)


class ScaleGradient(Modifier, tag="scale_gradient", frozen=True, kw_only=True):
    """Scaling: the gradient is multiplied by a number.

    g ← f g

    `optax.scale`, 0.2.8; with 1/f in the place of f `loss_scale_factor` of Keras, 3.15.
    """

    factor: Factor = 1.0

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        return inner(h.factor * g)


class DecayGradient(Modifier, tag="decay_gradient", frozen=True, kw_only=True):
    """L2 penalty: a share of the parameters is added to the gradient.

    g ← g + λ x

    Around any rule what coupled weight decay is inside one. `optax.add_decayed_weights`, 0.2.8.
    """

    weight_decay: WeightDecay = 0.01

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        return inner(g + h.weight_decay * x)
