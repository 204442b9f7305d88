"""Rules for parameters that are a matrix, written out row by row."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Annotated, Any, Literal

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import Epsilon, LearningRate, Momentum, WeightDecay
from lrstudio.core.optimizer import Optimizer

NesterovForm = Annotated[
    bool, meta("", "Nesterov", "Orthogonalise the momentum as it will be at the next gradient.")
]
MomentumForm = Annotated[
    Literal["mean", "sum", "corrected"],
    meta(
        "",
        "Momentum form",
        "A running mean of gradients (PyTorch), their fading sum (Keras) or the mean corrected for "
        "its start at zero (Optax).",
    ),
]
Steps = Annotated[
    int,
    meta(
        "K",
        "Iterations",
        "Newton–Schulz iterations; five bring all singular values near 1.",
        low=1,
        high=12,
        ge=0,
        le=99,
    ),
]
Polynomial = Annotated[
    Literal["fixed", "dion"],
    meta(
        "",
        "Polynomial",
        "The same coefficients a, b, c at each iteration, or the five triples of Dion.",
    ),
]
A = Annotated[
    float,
    meta("a", "Coefficient a", "Factor on X.", low=1.0, high=5.0, ge=-100.0, le=100.0),
]
B = Annotated[
    float,
    meta("b", "Coefficient b", "Factor on (XXᵀ)X.", low=-10.0, high=1.0, ge=-100.0, le=100.0),
]
C = Annotated[
    float,
    meta("c", "Coefficient c", "Factor on (XXᵀ)²X.", low=0.0, high=5.0, ge=-100.0, le=100.0),
]
Norm = Annotated[
    Literal["clamp", "frobenius", "spectral", "aol", "schatten"],
    meta(
        "",
        "First scaling",
        "Divide by max(‖X‖, ε) (PyTorch), by ‖X‖ + ε, by the largest singular value + ε, by the "
        "rows of XXᵀ (AOL) or by √‖XXᵀ‖ (Schatten).",
    ),
]
Scale = Annotated[
    Literal["rows", "columns", "rms", "none"],
    meta(
        "",
        "Size of the step",
        "Times √max(1, rows/columns), √max(1, columns/rows), ω √max(rows, columns), or 1.",
    ),
]
RmsRate = Annotated[
    float,
    meta(
        "ω",
        "RMS of a step",
        "Root mean square of a step for η = 1; 0.2 is about that of Adam.",
        low=0.05,
        high=1.0,
        ge=0.0,
        le=100.0,
    ),
]
Adaptive = Annotated[
    bool, meta("", "Adaptive", "Multiply the step by its scalar product with the momentum.")
]
Vectors = Annotated[
    Literal["refuse", "adam", "nadamw"],
    meta(
        "",
        "On vectors",
        "What happens where the parameters are no matrix: refused (PyTorch), Adam as in Keras or "
        "NAdamW as in Optax.",
    ),
]
AdamBeta1 = Annotated[
    float,
    meta(
        "β₁",
        "Adam's β₁",
        "On vectors: share of the first moment that is kept.",
        low=0.0,
        high=0.999,
        ge=0.0,
        lt=1.0,
    ),
]
AdamBeta2 = Annotated[
    float,
    meta(
        "β₂",
        "Adam's β₂",
        "On vectors: share of the second moment that is kept.",
        low=0.5,
        high=0.9999,
        ge=0.0,
        lt=1.0,
    ),
]
AdamEpsilon = Annotated[
    float,
    meta(
        "ε₂",
        "Adam's ε",
        "On vectors: small number added to the denominator.",
        scale="log",
        low=1e-12,
        high=1e-1,
        ge=0.0,
        le=1e3,
    ),
]
RootEpsilon = Annotated[
    float,
    meta(
        "ε₃",
        "Adam's inner ε",
        "On vectors: small number added inside the square root.",
        low=0.0,
        high=1e-3,
        ge=0.0,
        le=1e3,
    ),
]
AdamDecay = Annotated[
    float,
    meta(
        "λ₂",
        "Adam's decay",
        "On vectors: pull of the parameters towards zero.",
        low=0.0,
        high=0.5,
        ge=0.0,
        le=1e3,
    ),
]
AdamRatio = Annotated[
    float,
    meta("ϱ", "Adam's rate ratio", "On vectors: factor on η.", low=0.1, high=10.0, ge=0, le=1e3),
]
AdamRate = Annotated[
    float,
    meta(
        "η₂",
        "Adam's own rate",
        "On vectors: the rate itself, which no schedule changes; 0 takes that of the matrices.",
        low=0.0,
        high=1.0,
        ge=0.0,
        le=1e6,
    ),
]

DION = (
    (4.0848, -6.8946, 2.9270),
    (3.9505, -6.3029, 2.6377),
    (3.7418, -5.5913, 2.3037),
    (2.8769, -3.1427, 1.2046),
    (2.8366, -3.0525, 1.2012),
)
"""Coefficients of Ahn et al., "Dion: Distributed Orthonormalized Updates", 2025."""


class Muon(Optimizer, tag="muon", frozen=True, kw_only=True):
    """Muon: the momentum of a matrix, made nearly orthogonal.

    M ← μ M + (1−μ) G              mean;  sum: M ← μ M + G
    X = (1−μ) G + μ M              mean;  sum: G + μ M;  without Nesterov: M
    X ← X/‖X‖
    X ← a X + (b A + c A²) X       K times, A = X Xᵀ
    W ← W − η s X − η λ W          s by the shape of W

    Symbols: M, the momentum, 0 at the start; G, the gradient as a matrix; X, the direction, which
    is made orthogonal; A, the scalar products of the rows of X; W, the parameters as a matrix; s,
    the scale of a step, √max(1, rows/columns), √max(1, columns/rows), ω √max(rows, columns) or 1.

    The corrected mean divides M and G by 1−μᵗ before they are added (M by the next one).
    All singular values of a step are near 1, so that no direction is left behind.
    `torch.optim.Muon` (2.13) takes the mean, divides by max(‖X‖, ε) and scales by
    √max(1, rows/columns) or 0.2 √max(rows, columns). It iterates in bfloat16, with three digits;
    here as elsewhere all is float64. `keras.optimizers.Muon` (3.15) takes the sum, divides by
    ‖X‖ + 10⁻⁷ and scales by 0.2 √max(rows, columns); `optax.contrib.muon` (0.2.8) takes the
    corrected mean and scales by √max(1, columns/rows), because its matrices stand the other way.

    Parameters that are a vector are refused by PyTorch, stepped by Adam (ε without bias correction)
    in Keras and by NAdamW in Optax. Products of matrices at each step make it several times as dear
    as Adam, by its mathematics.

    Used for the hidden layers of large networks, with Adam for everything that is no matrix.

    Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024; step sizes: Liu
    et al., "Muon is Scalable for LLM Training", 2025, arXiv:2502.16982.
    """

    lr: LearningRate = 0.02
    momentum: Momentum = 0.95
    nesterov: NesterovForm = True
    momentum_form: MomentumForm = "mean"
    ns_steps: Steps = 5
    polynomial: Polynomial = "fixed"
    ns_a: A = 3.4445
    ns_b: B = -4.7750
    ns_c: C = 2.0315
    normalization: Norm = "clamp"
    eps: Epsilon = 1e-7
    scale: Scale = "rows"
    rms_rate: RmsRate = 0.2
    adaptive: Adaptive = False
    weight_decay: WeightDecay = 0.0
    vectors: Vectors = "refuse"
    adam_beta1: AdamBeta1 = 0.9
    adam_beta2: AdamBeta2 = 0.999
    adam_eps: AdamEpsilon = 1e-8
    adam_eps_root: RootEpsilon = 0.0
    adam_weight_decay: AdamDecay = 0.0
    adam_lr_ratio: AdamRatio = 1.0
    adam_lr: AdamRate = 0.0

    family = "trust"
    needs = ("matrix",)
    momentum_name = "momentum"
    year = 2024
    slots = ("m", "v")

    def unsuited(self, shape: tuple[int, int] | None) -> str | None:
        """Vectors, unless Adam or NAdamW is to take them."""
        if shape is not None or self.vectors != "refuse":
            return None
        return (
            "Muon orthogonalises a matrix, and this problem's parameters are a vector; choose a "
            "problem with matrices (a model, linear layer), or what to do on vectors"
        )

    @classmethod
    def step(
        cls, x: ArrayLike, g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike
    ) -> ArrayLike:
        """The step with its decay, which is another one for vectors."""
        if s.shape is not None:
            return cls.update(g, s, h, t) - h.lr * h.weight_decay * x
        rate = h.adam_lr if np.any(h.adam_lr) else h.lr * h.adam_lr_ratio
        decay = (h.lr if h.vectors == "adam" else rate) * h.adam_weight_decay
        return -rate * _adam(g, s, h, t) - decay * x

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        momentum = _momentum(g, s, h, t)
        matrices = stacked(momentum, s.shape)
        step = orthogonal(matrices, h)
        if h.adaptive:
            step = np.sum(matrices * step, axis=(1, 2), keepdims=True) * step
        return -h.lr * size(s.shape, h) * flat(step)


def _momentum(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
    """What is to be orthogonalised `(dim, lanes)`."""
    mu = h.momentum
    if h.momentum_form == "sum":
        s.m = mu * s.m + g
        return g + mu * s.m if h.nesterov else s.m
    s.m = mu * s.m + (1 - mu) * g
    if h.momentum_form == "mean":
        return mu * s.m + (1 - mu) * g if h.nesterov else s.m
    if not h.nesterov:
        return s.m / (1 - mu**t)
    return mu * s.m / (1 - mu ** (t + 1)) + (1 - mu) * g / (1 - mu**t)


def _adam(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
    """The direction for vectors: Adam as Keras writes it, or NAdamW as Optax does."""
    beta1, beta2 = h.adam_beta1, h.adam_beta2
    s.m = beta1 * s.m + (1 - beta1) * g
    s.v = beta2 * s.v + (1 - beta2) * np.square(g)
    if h.vectors == "adam":
        alpha = np.sqrt(1 - beta2**t) / (1 - beta1**t)
        return alpha * s.m / (np.sqrt(s.v) + h.adam_eps)
    m_hat = s.m / (1 - beta1**t)
    if h.nesterov:
        m_hat = beta1 * s.m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
    return m_hat / (np.sqrt(s.v / (1 - beta2**t) + h.adam_eps_root) + h.adam_eps)


def size(shape: tuple[int, int], h: Any) -> Any:
    """Factor on an orthogonal step, by the shape of its matrix."""
    rows, columns = shape
    match h.scale:
        case "rows":
            return np.sqrt(max(1.0, rows / columns))
        case "columns":
            return np.sqrt(max(1.0, columns / rows))
        case "rms":
            return h.rms_rate * np.sqrt(max(rows, columns))
    return 1.0


def stacked(columns: Array, shape: tuple[int, int]) -> Array:
    """Columns `(dim, lanes)` as matrices `(lanes, rows, columns)`."""
    return np.ascontiguousarray(columns.T).reshape(-1, *shape)


def flat(matrices: Array) -> Array:
    """Matrices `(lanes, rows, columns)` as columns `(dim, lanes)`."""
    return matrices.reshape(len(matrices), -1).T


def orthogonal(matrices: Array, h: Any) -> Array:
    """UVᵀ of UΣVᵀ, nearly, for each of `(lanes, rows, columns)`: the iteration of Newton–Schulz."""
    is_tall = matrices.shape[1] > matrices.shape[2]
    x = transposed(matrices) if is_tall else matrices
    x = scaled(x, h)
    for a, b, c in coefficients(h):
        gram = x @ transposed(x)
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return transposed(x) if is_tall else x


def coefficients(h: Any) -> Iterator[tuple[Any, Any, Any]]:
    """The polynomial of each iteration."""
    if h.polynomial == "dion":
        yield from DION
        return
    for _ in range(int(h.ns_steps)):
        # Numbers, or one for each lane.
        a, b, c = (np.reshape(v, (-1, 1, 1)) for v in (h.ns_a, h.ns_b, h.ns_c))
        yield a, b, c


def scaled(x: Array, h: Any) -> Array:
    """Wide matrices whose singular values are at most 1."""
    eps = np.reshape(h.eps, (-1, 1, 1))
    if h.normalization == "spectral":
        return x / (largest_singular_value(x) + eps)
    if h.normalization in ("aol", "schatten"):
        return x * balanced(x, is_by_rows=h.normalization == "aol")
    size = frobenius(x)
    return x / (np.maximum(size, eps) if h.normalization == "clamp" else size + eps)


def balanced(x: Array, *, is_by_rows: bool) -> Array:
    """The factor on rows of AOL, or on the whole of Schatten; not below 10⁻⁸, as in Optax."""
    gram = x @ transposed(x)
    sums = np.abs(gram).sum(axis=2, keepdims=True) if is_by_rows else frobenius(gram)
    return np.asarray(1 / np.sqrt(np.maximum(sums, 1e-8)))


def frobenius(x: Array) -> Array:
    """Root of the sum of squares `(lanes, 1, 1)`."""
    return np.asarray(np.sqrt(np.sum(np.square(x), axis=(1, 2), keepdims=True)))


def largest_singular_value(x: Array) -> Array:
    """Of each matrix `(lanes, 1, 1)`; NaN where one is not of finite numbers."""
    is_finite = np.isfinite(x).all(axis=(1, 2), keepdims=True)
    # LAPACK refuses all of them because of one.
    values = np.linalg.svd(np.where(is_finite, x, 0.0), compute_uv=False)
    return np.where(is_finite, values[:, :1, None], np.nan)


def transposed(matrices: Array) -> Array:
    """Each matrix of a stack with rows and columns exchanged."""
    return matrices.swapaxes(1, 2)
