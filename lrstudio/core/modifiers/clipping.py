"""Modifiers that change the gradient before the rule sees it."""

from collections.abc import Callable
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
Scope = Annotated[
    Literal["all", "layer"],
    meta(
        "",
        "Scope",
        "Length of all parameters together, or of each layer of a model by itself. Where there are "
        "no layers both are the same.",
    ),
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


Shape = tuple[int, ...] | None
"""Of a matrix, whose numbers are written out row by row; None where there is none."""


def by_layer(
    s: SimpleNamespace, change: Callable[..., ArrayLike], g: ArrayLike, *others: ArrayLike
) -> ArrayLike:
    """`change(g, shape, *others)` of each layer of a model by itself, or of the whole."""
    if len(s.layers) < 2:
        return change(g, s.shape, *others)
    changed = np.zeros_like(g)
    for layer in s.layers:
        own = layer.places
        changed[own] = change(g[own], layer.shape, *(columns[own] for columns in others))
    return changed


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
    ‖g‖: of all parameters, or of each layer

    `global_clipnorm` of Keras, 3.15, and `optax.clip_by_global_norm`, 0.2.8; of each layer
    `clipnorm` of Keras; in PyTorch's form `torch.nn.utils.clip_grad_norm_`, 2.13. Pascanu, Mikolov
    & Bengio, "On the difficulty of training recurrent neural networks", 2013, arXiv:1211.5063.
    """

    limit: Limit = 1.0
    form: NormForm = "exact"
    scope: Scope = "all"

    needs = ("layers",)

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        def cut(g: ArrayLike, shape: Shape) -> ArrayLike:
            length = norm(g) + 1e-6 if h.form == "torch" else norm(g)
            return np.minimum(h.limit / length, 1.0) * g  # which is 1 at length 0

        return inner(by_layer(s, cut, g) if h.scope == "layer" else cut(g, s.shape))


class ClipRMS(Modifier, tag="clip_rms", frozen=True, kw_only=True):
    """Clipping by root mean square: a gradient that is too large on average is scaled down.

    g ← g / max(1, rms(g)/c)

    Each layer of a model has a mean of its own.

    `optax.clip_by_block_rms`, 0.2.8; inside Adafactor as Shazeer & Stern, "Adafactor: Adaptive
    Learning Rates with Sublinear Memory Cost", 2018, arXiv:1804.04235, have it.
    """

    limit: Limit = 1.0

    needs = ("layers",)

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        def cut(g: ArrayLike, shape: Shape) -> ArrayLike:
            size = norm(g) / np.sqrt(float(len(g)))
            return g / np.maximum(1.0, size / h.limit)

        return inner(by_layer(s, cut, g))


class ClipAdaptively(Modifier, tag="clip_adaptively", frozen=True, kw_only=True):
    """Adaptive clipping: the gradient is at most a share of the parameters long.

    g ← g min(1, a max(‖x‖, ε)/‖g‖)

    Each layer of a model has a length of its own, and of a matrix every column, the weights into
    one unit. `optax.adaptive_grad_clip`, 0.2.8. Brock, De,
    Smith & Simonyan, "High-Performance Large-Scale Image Recognition Without Normalization", 2021,
    arXiv:2102.06171.
    """

    share: Share = 0.01
    smallest_norm: SmallestNorm = 1e-3

    needs = ("layers", "matrix")

    @staticmethod
    def step(
        inner: Inner, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        def cut(g: ArrayLike, shape: Shape, x: ArrayLike) -> ArrayLike:
            allowed = h.share * np.maximum(_lengths(x, shape), h.smallest_norm)
            length = _lengths(g, shape)
            factor = allowed / np.maximum(length, 1e-6)
            return np.where(length < allowed, g, g * factor)

        return inner(by_layer(s, cut, g, x))


def _lengths(columns: ArrayLike, shape: Shape) -> ArrayLike:
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
