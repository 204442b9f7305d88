"""Rules that use second derivatives, or estimate them from gradients."""

from types import SimpleNamespace
from typing import Annotated, Any, Literal

import msgspec
import numpy as np

from lrstudio.core.arrays import Array, ArrayLike, norm
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import LearningRate
from lrstudio.core.optimizer import Need, Optimizer
from lrstudio.core.optimizers.line_search import FlatGradient, are_numbers
from lrstudio.core.searches.line import Flags, Line, dot, largest
from lrstudio.core.searches.wolfe import Conditions, strong_wolfe
from lrstudio.core.searches.zoom import zoom

Damping = Annotated[
    float,
    meta(
        "λ",
        "Damping",
        "Added to every curvature: shorter steps, and defined ones where a curvature is 0.",
        low=0.0,
        high=10.0,
        ge=0.0,
        le=1e9,
    ),
]
Saddles = Annotated[
    Literal["plain", "saddle_free"],
    meta(
        "",
        "Negative curvature",
        "Plain steps towards any point of zero slope, saddles and maxima too; saddle-free takes "
        "the size of each curvature and so leads away from them.",
    ),
]


class Newton(Optimizer, tag="newton", frozen=True, kw_only=True):
    """Newton: the step to the minimum of the parabola that fits the function here.

    x ← x − η (H + λI)⁻¹ g         plain
    x ← x − η (|H| + λI)⁻¹ g       saddle-free

    Symbols: H, the matrix of second derivatives (Hessian), whose eigenvalues are the curvatures;
    |H|, H with the absolute values of its eigenvalues; I, the identity matrix.

    One step is enough on a quadratic. Plain, it is drawn to saddles and maxima as much as to
    minima, for there too the slope is zero; saddle-free it goes down every direction. With λ = 0 a
    curvature of zero has no step: the run ends there as diverged, as any other whose numbers are
    no numbers any more. Levenberg's damping λ prevents that.

    The second derivatives are counted as N gradients where the problem has a formula for them, as
    2N where they are differences: by its mathematics a step costs many times that of a rule which
    looks at the gradient alone. No framework has it.

    Used where the second derivatives can be had and N is small.

    Newton & Raphson, 1690; damping: Levenberg, "A Method for the Solution of Certain Non-Linear
    Problems in Least Squares", 1944; saddle-free: Dauphin et al., "Identifying and attacking the
    saddle point problem in high-dimensional non-convex optimization", 2014, arXiv:1406.2572.
    """

    lr: LearningRate = 1.0
    damping: Damping = 0.0
    saddles: Saddles = "plain"

    family = "line_search"
    needs = ("oracle", "hessian")
    year = 1944

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        curvatures, axes = eigen(s.oracle.hessian())
        if h.saddles == "saddle_free":
            curvatures = np.abs(curvatures)
        along = np.add.reduce(axes * g, axis=1)
        parts = axes * (along / (curvatures + h.damping))[:, None]
        return -h.lr * np.add.reduce(parts, axis=0)


def eigen(matrices: Array) -> tuple[Array, Array]:
    """Eigenvalues `(dim, lanes)` and eigenvectors `(number, dim, lanes)` of `(dim, dim, lanes)`.

    NaN where a matrix is not of finite numbers.
    """
    is_finite = np.isfinite(matrices).all(axis=(0, 1))
    # LAPACK refuses all of them because of one.
    values, vectors = np.linalg.eigh(np.moveaxis(np.where(is_finite, matrices, 0.0), -1, 0))
    values = np.where(is_finite, values.T, np.nan)
    return values, np.moveaxis(vectors, 0, -1).swapaxes(0, 1)


Memory = Annotated[
    int,
    meta(
        "m",
        "Memory",
        "Number of past steps from which the curvature is estimated.",
        low=1,
        high=100,
        ge=1,
        le=1000,
    ),
]
Iterations = Annotated[
    int,
    meta(
        "i",
        "Iterations",
        "Iterations of the method within one step of the run, at most.",
        low=1,
        high=20,
        ge=1,
        le=1000,
    ),
]
MostEvaluations = Annotated[
    Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None,
    meta(
        "e",
        "Evaluations",
        "Evaluations within one step of the run, at most; left empty, 25 for each iteration.",
        scale="log",
        low=1,
        high=1000,
        left_open="25 each",
    ),
]
SmallChange = Annotated[
    float,
    meta(
        "δ",
        "Small change",
        "No further iteration where loss, position or slope change less; 0 switches it off.",
        scale="log",
        low=1e-15,
        high=1e-3,
        ge=0.0,
        le=1e3,
    ),
]
Search = Annotated[
    Literal["none", "strong_wolfe", "zoom"],
    meta(
        "",
        "Line search",
        "None steps by η; strong_wolfe is PyTorch's search with cubic interpolation, zoom Optax'.",
    ),
]
Pairs = Annotated[
    Literal["positive", "all"],
    meta(
        "",
        "Remembered steps",
        "Only steps along which the function bends upwards, y·s > 10⁻¹⁰ (PyTorch), or all (Optax).",
    ),
]
FirstScale = Annotated[
    Literal["none", "l1", "l2"],
    meta(
        "",
        "First step",
        "The first step is scaled by min(1, 1/‖g‖₁) (PyTorch), by min(1, 1/‖g‖₂) (Optax), or not.",
    ),
]
ScaledStart = Annotated[
    bool,
    meta("", "Scaled start", "Begin the estimate at γI, γ = ⟨s, y⟩/⟨y, y⟩, instead of at I."),
]

TRIALS = 25
"""Evaluations of one search, where nothing else is said."""


class LBFGS(Optimizer, tag="lbfgs", frozen=True, kw_only=True):
    """L-BFGS: Newton's step, with second derivatives estimated from the last m steps.

    s = x − x₋,  y = g − g₋,  r = 1/⟨y, s⟩          remembered for the last m steps
    H ← γ I,  γ = ⟨s, y⟩/⟨y, y⟩                    first, with γ of the last step
    H ← (I − r s yᵀ) H (I − r y sᵀ) + r s sᵀ      then for each step, the oldest first
    x ← x − α H g                                 α is η, or found by a line search from η on

    Symbols: s, a step, from the point x₋; y, what it changed in the gradient, which was g₋ there;
    r, the weight of the step; γ, one over the curvature along the step; H, the estimate of the
    inverse matrix of second derivatives; I, the identity matrix; α, the length of the step along −H
    g.

    `torch.optim.LBFGS` (2.13) remembers steps with y·s > 10⁻¹⁰, scales the first by 1/‖g‖₁ and
    makes up to 20 iterations within one step; its search is strong_wolfe, or none. `optax.lbfgs`
    (0.2.8) remembers all steps, scales the first by 1/‖g‖₂ and searches by zoom, from α = 1 along
    η d; or not at all.

    Each trial of a search and each iteration after the first is one evaluation, counted besides
    the gradient of the step: by its mathematics a step costs as much as several of a rule that
    trusts its rate. Without a search and with a single iteration it asks for nothing.

    Used for smooth problems with exact gradients, where it is hard to beat.

    Liu & Nocedal, "On the Limited Memory BFGS Method for Large Scale Optimization", 1989; Nocedal &
    Wright, "Numerical Optimization", 2006, Algorithms 7.4 and 7.5.
    """

    lr: LearningRate = 1.0
    history_size: Memory = 10
    line_search: Search = "strong_wolfe"
    max_iter: Iterations = 1
    max_eval: MostEvaluations = None
    tolerance_grad: FlatGradient = 1e-10
    tolerance_change: SmallChange = 0.0
    pairs: Pairs = "positive"
    first_scale: FirstScale = "l1"
    scale_init: ScaledStart = True

    family = "line_search"
    aliases = ("limited-memory BFGS", "quasi-Newton")
    needs = ("oracle",)
    year = 1989
    slots = ("d", "x_old", "g_old", "steps", "bends")
    lane_slots = ("a", "gamma", "count", "kept", "weights")

    def wants(self, need: Need) -> bool:
        """Without a search and with one iteration it evaluates nothing."""
        is_plain = self.line_search == "none" and self.max_iter == 1
        if need == "oracle" and is_plain:
            return any(need in modifier.needs for modifier in self.modifiers)
        return super().wants(need)

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        memory = (int(h.history_size),)
        s.steps, s.bends = np.zeros(memory + s.steps.shape), np.zeros(memory + s.bends.shape)
        s.weights = np.zeros(memory + s.weights.shape)
        s.gamma = s.gamma + 1.0

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        course = _Course(g, s, h)
        for i in range(int(h.max_iter)):
            if not course.is_active.any():
                break
            course.iterate(is_last=i + 1 == h.max_iter)
        return course.step


class _Course:
    """The iterations within one step; lanes leave when they have reached an end."""

    def __init__(self, g: Array, s: SimpleNamespace, h: Any) -> None:
        self._s, self._h = s, h
        self._x, self._g = s.x, g
        self._loss = np.zeros(g.shape[1:]) if s.loss is None else s.loss
        self._evaluations = np.ones(g.shape[1:])
        self._has_oracle = h.line_search != "none" or h.max_iter > 1
        self.step: Array = np.zeros(g.shape)
        self.is_active: Flags = ~self._is_flat()
        if self._has_oracle:
            is_known = are_numbers(self._loss, g)
            self.is_active &= is_known
            self.step = np.where(is_known, self.step, np.nan)

    def iterate(self, *, is_last: bool) -> None:
        """One iteration in the lanes that are still active."""
        s, h = self._s, self._h
        self._remember()
        d, a = -estimated(s, self._g), self._first_length()
        active = self.is_active
        s.d, s.a = np.where(active, d, s.d), np.where(active, a, s.a)
        slope = dot(self._g, d)
        if np.any(h.tolerance_change):
            active = active & ~(slope > -h.tolerance_change)
        before = self._loss
        self._move(active, is_last=is_last)
        active = active & (self._evaluations < self._most()) & ~self._is_flat()
        self.is_active = active & ~self._is_standing(before)

    def _remember(self) -> None:
        """Take the last step into the memory."""
        s, h, active, g = self._s, self._h, self.is_active, self._g
        is_first = s.count == 0
        bend = g - s.g_old
        moved = s.d * s.a if h.pairs == "positive" else self._x - s.x_old
        along, squared = dot(bend, moved), dot(bend, bend)
        if h.pairs == "positive":
            is_new, weight, gamma = along > 1e-10, 1 / along, along / squared
        else:
            is_new, weight = np.ones_like(is_first), np.where(along == 0, 0.0, 1 / along)
            gamma = np.where(squared > 0, along / squared, 1.0)
        is_new = active & ~is_first & is_new
        if h.scale_init:
            s.gamma = np.where(is_new, gamma, s.gamma)
        if h.first_scale == "l2":
            s.gamma = np.where(active & is_first, np.minimum(1.0, 1.0 / norm(g)), s.gamma)
        s.steps = np.where(is_new, pushed(s.steps, moved), s.steps)
        s.bends = np.where(is_new, pushed(s.bends, bend), s.bends)
        s.weights = np.where(is_new, pushed(s.weights, weight), s.weights)
        s.kept = np.minimum(s.kept + is_new, h.history_size)
        s.x_old, s.g_old = np.where(active, self._x, s.x_old), np.where(active, g, s.g_old)
        s.count = s.count + active

    def _first_length(self) -> Array:
        """Where the search begins, or the step where there is none."""
        s, h = self._s, self._h
        if h.first_scale != "l1":
            return np.array(np.broadcast_to(h.lr, s.count.shape))
        inverse = 1.0 / np.add.reduce(np.abs(self._g), axis=0)
        first = np.where(inverse < 1.0, inverse, 1.0) * h.lr
        return np.asarray(np.where(s.count == 1, first, h.lr))

    def _move(self, where: Flags, *, is_last: bool) -> None:
        s, h = self._s, self._h
        if h.line_search == "none":
            self._go(where, s.a)
            if not is_last:
                self._evaluations += where
                loss, g = s.oracle.loss_and_gradient(self._x, where)
                self._take(where, loss, g)
            return
        line = Line(s.oracle, self._x, s.d * h.lr if h.line_search == "zoom" else s.d)
        start = line.start(self._loss, self._g)
        if h.line_search == "zoom":
            sample = zoom(line, start, where)
            sample = sample._replace(t=sample.t * h.lr)
        else:
            most = self._most() - self._evaluations
            conditions = Conditions(
                np.asarray(1e-4), np.asarray(0.9), most, np.asarray(h.tolerance_change)
            )
            sample, evaluations = strong_wolfe(line, start, s.a, conditions, where)
            self._evaluations += evaluations
        s.a = np.where(where, sample.t, s.a)
        self._go(where, s.a)
        self._take(where, sample.loss, sample.gradient)

    def _go(self, where: Flags, a: Array) -> None:
        step = np.where(where, a * self._s.d, 0.0)
        self._x, self.step = self._x + step, self.step + step

    def _take(self, where: Flags, loss: Array, g: Array) -> None:
        self._loss, self._g = np.where(where, loss, self._loss), np.where(where, g, self._g)

    def _most(self) -> Any:
        return TRIALS * self._h.max_iter if self._h.max_eval is None else self._h.max_eval

    def _is_flat(self) -> Flags:
        tolerance = self._h.tolerance_grad
        if self._h.pairs == "all" and not np.any(tolerance):  # Optax remembers even such a step
            return np.zeros(self._g.shape[1:], dtype=bool)
        return np.asarray(largest(self._g) <= tolerance)

    def _is_standing(self, before: Array) -> Flags:
        """Whether an iteration has changed next to nothing."""
        s, tolerance = self._s, self._h.tolerance_change
        is_still = largest(s.d * s.a) <= tolerance
        return np.asarray(is_still | (np.abs(self._loss - before) < tolerance))


def estimated(s: SimpleNamespace, g: Array) -> Array:
    """H g, by the two loops over the remembered steps (Algorithm 7.4)."""
    memory = len(s.weights)
    rows = range(memory - int(s.kept.max()), memory)
    shares = {}
    q = g
    for i in reversed(rows):
        is_kept = memory - i <= s.kept
        shares[i] = np.where(is_kept, s.weights[i] * dot(s.steps[i], q), 0.0)
        q = q - shares[i] * s.bends[i]
    r = s.gamma * q
    for i in rows:
        is_kept = memory - i <= s.kept
        share = np.where(is_kept, s.weights[i] * dot(s.bends[i], r), 0.0)
        r = r + (shares[i] - share) * s.steps[i]
    return np.asarray(r)


def pushed(memory: Array, newest: Array) -> Array:
    """A memory with its oldest entry replaced by the newest, which stands last."""
    return np.concatenate([memory[1:], newest[None]])
