"""Modifiers that change the gradient before the rule sees it."""

from types import SimpleNamespace
from typing import Annotated, Any, Literal

import numpy as np

from lrstudio.core.arrays import ArrayLike, norm
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import Epsilon
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


Share = Annotated[
    float,
    meta(
        "a",
        "Largest share",
        "Length of the gradient, in lengths of the parameters, above which it is cut.",
        scale="log",
        low=1e-4,
        high=1.0,
        gt=0.0,
        le=1e6,
    ),
]
SmallestNorm = Annotated[
    float,
    meta(
        "ε",
        "Smallest norm",
        "Parameters count as at least so long.",
        scale="log",
        low=1e-9,
        high=1.0,
        ge=0.0,
        le=1e6,
    ),
]
Length = Annotated[
    float,
    meta(
        "c",
        "Length",
        "Length that every gradient is brought to.",
        scale="log",
        low=1e-3,
        high=100.0,
        gt=0.0,
        le=1e9,
    ),
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
        return inner(np.minimum(h.limit / length, 1.0) * g)  # which is 1 at length 0


class ClipRMS(Modifier, tag="clip_rms", frozen=True, kw_only=True):
    """Clipping by root mean square: a gradient that is too large on average is scaled down.

    g ← g / max(1, rms(g)/c)

    `optax.clip_by_block_rms`, 0.2.8; inside Adafactor as Shazeer & Stern, "Adafactor: Adaptive
    Learning Rates with Sublinear Memory Cost", 2018, arXiv:1804.04235, have it.
    """

    limit: Limit = 1.0

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        size = norm(g) / np.sqrt(float(len(g)))
        return inner(g / np.maximum(1.0, size / h.limit))


class ClipAdaptively(Modifier, tag="clip_adaptively", frozen=True, kw_only=True):
    """Adaptive clipping: the gradient is at most a share of the parameters long.

    g ← g min(1, a max(‖x‖, ε)/‖g‖)

    Of a matrix every column has a length of its own. `optax.adaptive_grad_clip`, 0.2.8. Brock, De,
    Smith & Simonyan, "High-Performance Large-Scale Image Recognition Without Normalization", 2021,
    arXiv:2102.06171.
    """

    share: Share = 0.01
    smallest_norm: SmallestNorm = 1e-3

    needs = ("matrix",)

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        allowed = h.share * np.maximum(_lengths(x, s.shape), h.smallest_norm)
        length = _lengths(g, s.shape)
        factor = allowed / np.maximum(length, 1e-6)
        return inner(np.where(length < allowed, g, g * factor))


def _lengths(columns: ArrayLike, shape: tuple[int, ...] | None) -> ArrayLike:
    """Length of the vector `(lanes,)`, or of each column of a matrix `(dim, lanes)`."""
    if shape is None or len(shape) != 2 or 1 in shape:
        return norm(columns)
    matrix = columns.reshape(*shape, -1)
    return np.broadcast_to(norm(matrix), matrix.shape).reshape(columns.shape)


class NormalizeGradient(Modifier, tag="normalize", frozen=True, kw_only=True):
    """Normalization: every gradient is brought to the same length.

    g ← c g / (‖g‖ + ε)

    `optax.normalize_by_update_norm`, 0.2.8. Hazan, Levy & Shalev-Shwartz, "Beyond Convexity:
    Stochastic Quasi-Convex Optimization", 2015, arXiv:1507.02030.
    """

    length: Length = 1.0
    eps: Epsilon = 1e-6

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        return inner(g / ((norm(g) + h.eps) / h.length))
