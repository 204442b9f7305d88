"""Modifiers that change the gradient before the rule sees it."""

from types import SimpleNamespace
from typing import Annotated, Any, Literal

import numpy as np

from lrstudio.core.arrays import ArrayLike, norm
from lrstudio.core.declaration import meta
from lrstudio.core.modifier import Inner, Modifier

Limit = Annotated[
    float,
    meta(
        "c",
        "Largest size",
        "What is larger is cut to this size.",
        scale="log",
        low=1e-3,
        high=100.0,
        gt=0.0,
        le=1e9,
    ),
]
NormForm = Annotated[
    Literal["exact", "torch"],
    meta("", "Form", "Divide by the norm itself, or by the norm + 1e-6 as PyTorch does."),
]


class ClipValue(Modifier, tag="clip_value", frozen=True, kw_only=True):
    """Clipping by value: no coordinate of the gradient is larger than a limit.

    g ← max(−c, min(g, c))

    `torch.nn.utils.clip_grad_value_`, 2.13; `clipvalue` of Keras, 3.15; `optax.clip`, 0.2.8.
    """

    limit: Limit = 1.0

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        return inner(np.minimum(np.maximum(g, -h.limit), h.limit))


class ClipNorm(Modifier, tag="clip_norm", frozen=True, kw_only=True):
    """Clipping by norm: a gradient that is too long is shortened and keeps its direction.

    g ← g min(1, c/‖g‖)            exact
    g ← g min(1, c/(‖g‖ + 10⁻⁶))         as PyTorch does

    `clipnorm` of Keras, 3.15; `optax.clip_by_global_norm`, 0.2.8; in PyTorch's form
    `torch.nn.utils.clip_grad_norm_`, 2.13. Pascanu, Mikolov & Bengio, "On the difficulty of
    training recurrent neural networks", 2013, arXiv:1211.5063.
    """

    limit: Limit = 1.0
    form: NormForm = "exact"

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        length = norm(g) + 1e-6 if h.form == "torch" else norm(g)
        return inner(np.where(length > h.limit, h.limit / length, 1.0) * g)
