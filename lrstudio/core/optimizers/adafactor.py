"""Rules that keep rows and columns of a matrix of second moments instead of all of it."""

from types import SimpleNamespace
from typing import Annotated, Any, Literal

import numpy as np

from lrstudio.core.arrays import ArrayLike, norm
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import DecayKind, LearningRate, Momentum, WeightDecay
from lrstudio.core.optimizer import Optimizer

Forgetting = Annotated[
    float,
    meta(
        "κ",
        "Decay exponent",
        "The newest squared gradient enters with weight t^(−κ), at first with all of it.",
        low=0.1,
        high=1.0,
        ge=0.0,
        le=10.0,
    ),
]
Epsilon1 = Annotated[
    float,
    meta(
        "ε₁",
        "Epsilon of squares",
        "Keeps squared gradients away from zero.",
        scale="log",
        low=1e-40,
        high=1e-3,
        ge=0.0,
        le=1e3,
    ),
]
Epsilon2 = Annotated[
    float,
    meta(
        "ε₂",
        "Smallest size",
        "Parameters count as at least so large, so that they can leave zero.",
        scale="log",
        low=1e-6,
        high=1.0,
        ge=0.0,
        le=1e3,
    ),
]
Epsilon1Form = Annotated[
    Literal["added", "floor"],
    meta(
        "",
        "Form of ε₁",
        "Added to every squared gradient, or a floor: ε₁² for their mean, ε₁ for the mean of rows.",
    ),
]
ClipThreshold = Annotated[
    float,
    meta(
        "d",
        "Largest update",
        "Root mean square above which the update is scaled down; 0 leaves it as it is.",
        low=0.0,
        high=10.0,
        ge=0.0,
        le=1e6,
    ),
]
RelativeStep = Annotated[
    bool,
    meta("", "At most 1/√t", "The rate in force is the smaller of the learning rate and 1/√t."),
]
ParameterScale = Annotated[
    bool,
    meta("", "In units of x", "Multiply the step by the root mean square of the parameters."),
]
AdafactorDecay = Annotated[
    Literal["decoupled", "beforehand", "unscaled"],
    meta(
        "",
        "Decay form",
        "Subtract ηλx at the end, ηλx before all else, or λx whatever the rate.",
    ),
]
FactorFrom = Annotated[
    int,
    meta(
        "n",
        "Factored from",
        "Matrices are factored whose shorter side has at least so many rows or columns.",
        scale="log",
        low=1,
        high=1000,
        ge=1,
        le=1_000_000,
    ),
]
SquareEpsilon = Annotated[
    float,
    meta(
        "ε",
        "Epsilon",
        "Added to the accumulated squares.",
        scale="log",
        low=1e-12,
        high=1e-1,
        ge=0.0,
        le=1e3,
    ),
]


class Adafactor(Optimizer, tag="adafactor", frozen=True, kw_only=True):
    """Adafactor: steps in units of the parameters, scaled by rows and columns of squares.

    V ← V + w (g² + ε₁ − V)        w = t^(−κ)
    V = R C / mean(R)              for a matrix
    u = g/√V
    x ← x − α u / max(1, rms(u)/d)
    α = max(ε₂, rms(x)) min(η, 1/√t)

    Symbols: V, running mean of squared gradients; w, weight of the newest; R, its means of rows; C,
    its means of columns, which for a matrix are all that is kept; u, scaled gradient; α, length of
    the step.

    The published rule without a floor is `keras.optimizers.Adafactor` (3.15), whose weight decay
    comes beforehand, and whose `relative_step=False` changes nothing. `torch.optim.Adafactor`
    (2.13) has ε₁ as a floor. `optax.adafactor` (0.2.8) leaves out 1/√t and factors from 128 on; its
    weight decay is not multiplied by the rate, and momentum is a mean of steps. Optax keeps the
    decay of V and that mean in single precision, this rule in double precision.

    Used for large language models, where there is no memory for two moments.

    Shazeer & Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", 2018,
    arXiv:1804.04235, Algorithms 4 and 5.
    """

    lr: LearningRate = 0.01
    forgetting: Forgetting = 0.8
    eps1: Epsilon1 = 1e-30
    eps1_form: Epsilon1Form = "added"
    eps2: Epsilon2 = 1e-3
    clip: ClipThreshold = 1.0
    relative_step: RelativeStep = True
    parameter_scale: ParameterScale = True
    momentum: Momentum = 0.0
    factor_from: FactorFrom = 1
    weight_decay: WeightDecay = 0.0
    decay: AdafactorDecay = "decoupled"

    year = 2018
    family = "adaptive"
    momentum_name = "momentum"
    slots = ("v", "columns", "m")
    needs = ("matrix",)

    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        if not np.any(h.weight_decay):
            return cls.update(g, s, h, t)
        pull = h.weight_decay * x if h.decay == "unscaled" else h.lr * h.weight_decay * x
        if h.decay == "beforehand":
            s.x = x - pull
        return cls.update(g, s, h, t) - pull

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        u = g / np.sqrt(_squares(g, s, h, t))
        if np.any(h.clip):
            u = u / _larger(_rms(u) / h.clip, 1.0)
        rate = np.minimum(h.lr, 1 / np.sqrt(t)) if h.relative_step else h.lr
        if h.parameter_scale:
            rate = rate * _larger(_rms(s.x), h.eps2)
        if not np.any(h.momentum):
            return -rate * u
        s.m = h.momentum * s.m + (1 - h.momentum) * (rate * u)
        return -s.m


def _squares(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
    """Running mean of the squared gradient, of a matrix from its rows and columns."""
    share = np.power(t, -h.forgetting)
    squares = np.square(g)
    is_floor = h.eps1_form == "floor"
    if not is_floor:
        squares = squares + h.eps1
    if s.shape is None or len(s.shape) != 2 or min(s.shape) < h.factor_from:
        s.v = (1 - share) * s.v + share * squares
        return np.maximum(s.v, np.square(h.eps1)) if is_floor else s.v
    matrix = squares.reshape(*s.shape, -1)
    rows, columns = (_spread(np.mean(matrix, axis=a, keepdims=True), matrix) for a in (1, 0))
    s.v = (1 - share) * s.v + share * rows
    s.columns = (1 - share) * s.columns + share * columns
    mean = np.mean(s.v, axis=0)
    if not is_floor:
        return s.v / mean * s.columns
    return np.maximum(s.v * s.columns / np.maximum(mean, h.eps1), np.square(h.eps1))


def _rms(columns: ArrayLike) -> ArrayLike:
    """Root mean square `(lanes,)` of each column."""
    return norm(columns) / np.sqrt(float(len(columns)))


def _larger(size: ArrayLike, least: ArrayLike) -> ArrayLike:
    """A size, or the least where it is no number: other coordinates are to go on, as in PyTorch."""
    return np.where(size > least, size, least)


def _spread(part: ArrayLike, matrix: ArrayLike) -> ArrayLike:
    """Rows or columns `(rows or 1, columns or 1, lanes)` repeated to `(rows · columns, lanes)`."""
    return np.broadcast_to(part, matrix.shape).reshape(-1, matrix.shape[-1])


class SM3(Optimizer, tag="sm3", frozen=True, kw_only=True):
    """SM3: Adagrad that keeps the largest sum of each row and column of a matrix.

    V = min(R, C) + g²             for a vector V ← V + g²
    m ← μ m + (1−μ) g/√(V + ε)
    x ← x − η m

    Symbols: V, sums of squared gradients; R, the largest V of each row; C, the largest V of each
    column, which for a matrix are all that is kept.

    What has seen no gradient stands still. This is `optax.sm3` (0.2.8), with ε = 10⁻⁸.

    Used where Adagrad is wanted and memory is short.

    Anil, Gupta, Koren & Singer, "Memory-Efficient Adaptive Optimization", 2019, arXiv:1901.11150,
    Algorithm SM3-II.
    """

    lr: LearningRate = 0.1
    momentum: Momentum = 0.9
    eps: SquareEpsilon = 1e-8
    weight_decay: WeightDecay = 0.0
    decay: DecayKind = "coupled"

    year = 2019
    family = "adaptive"
    aliases = ("square-root of minima of sums of maxima of squared gradients",)
    momentum_name = "momentum"
    slots = ("rows", "columns", "m")
    needs = ("matrix",)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        is_matrix = s.shape is not None and len(s.shape) == 2
        squares = np.square(g) + (np.minimum(s.rows, s.columns) if is_matrix else s.rows)
        scaled = g * np.where(squares > 0, 1 / np.sqrt(squares + h.eps), 0.0)
        s.m = h.momentum * s.m + (1 - h.momentum) * scaled
        s.rows = squares
        if is_matrix:
            matrix = squares.reshape(*s.shape, -1)
            s.rows, s.columns = (
                _spread(np.max(matrix, axis=a, keepdims=True), matrix) for a in (1, 0)
            )
        return -h.lr * s.m
