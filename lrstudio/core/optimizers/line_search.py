"""Rules that find the length of their steps: by searching along a line, or from two gradients."""

from types import SimpleNamespace
from typing import Annotated, Any, Literal

import numpy as np

from lrstudio.core.arrays import Array, ArrayLike
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import LearningRate
from lrstudio.core.optimizer import Optimizer
from lrstudio.core.searches.backtracking import backtracking
from lrstudio.core.searches.line import Line, dot, largest
from lrstudio.core.searches.wolfe import Conditions, strong_wolfe

FirstTrial = Annotated[
    float,
    meta(
        "η",
        "First trial",
        "Length of the first trial of a search: the factor on the direction, before the schedule.",
        scale="log",
        low=1e-5,
        high=10.0,
        gt=0.0,
        le=1e6,
    ),
]
Shrink = Annotated[
    float,
    meta(
        "ρ",
        "Shortening",
        "Factor on a step that did not lower the loss enough.",
        low=0.1,
        high=0.9,
        gt=0.0,
        lt=1.0,
    ),
]
Decrease = Annotated[
    float,
    meta(
        "c₁",
        "Decrease",
        "Share of the decrease that the slope promises which a step has to bring.",
        scale="log",
        low=1e-6,
        high=0.5,
        gt=0.0,
        lt=1.0,
    ),
]
Curvature = Annotated[
    float,
    meta(
        "c₂",
        "Curvature",
        "Share of the slope that may be left where a step ends; a small share searches long.",
        low=0.01,
        high=0.9,
        gt=0.0,
        lt=1.0,
    ),
]
Trial = Annotated[
    Literal["fixed", "previous"],
    meta(
        "",
        "Start of a search",
        "Each search begins at η, or at twice the step found before, if that is shorter.",
    ),
]


class Armijo(Optimizer, tag="armijo", frozen=True, kw_only=True):
    """Backtracking descent: a step along the gradient, shortened until the loss really falls.

    f(x − α g) ≤ f(x) − c₁ α ‖g‖²         Armijo's condition
    x ← x − α g                    α is the first of η, ρη, ρ²η, … that meets it

    Symbols: f, the loss; α, the factor on the gradient.

    A trial whose loss is not a finite number is too long like any other; after 60 trials the run
    stays where it is. Started at twice the previous step it saves most of the trials that are in
    vain; `optax.scale_by_backtracking_linesearch` (0.2.8) is of that kind, with 1.5 for twice and
    ρ = 0.8.

    Each trial is one evaluation, counted besides the gradient of the step: by its mathematics a
    step costs as much as several of a rule that trusts its rate.

    Used where no learning rate is known: whatever η is, the loss never rises.

    Armijo, "Minimization of functions having Lipschitz continuous first partial derivatives", 1966.
    """

    lr: FirstTrial = 1.0
    shrink: Shrink = 0.5
    decrease: Decrease = 1e-4
    trial: Trial = "fixed"

    family = "line_search"
    needs = ("oracle",)
    year = 1966
    lane_slots = ("a",)

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        line = Line(s.oracle, s.x, -g)
        start = line.start(s.loss, g)
        first = np.broadcast_to(h.lr, start.loss.shape)
        if h.trial == "previous":
            first = np.where(s.a > 0, np.minimum(first, 2 * s.a), first)
        is_known = are_numbers(s.loss, g)
        found = backtracking(line, start, first, shrink=h.shrink, share=h.decrease, where=is_known)
        s.a = found
        return np.where(is_known, -found * g, np.nan)


def are_numbers(loss: Array, gradient: Array) -> Any:
    """Lanes `(lanes,)` that have not left the finite numbers; the others search nothing."""
    return np.isfinite(loss) & np.isfinite(gradient).all(axis=0)


FlatGradient = Annotated[
    float,
    meta(
        "ε",
        "Flat gradient",
        "No step where no coordinate of the gradient is larger.",
        scale="log",
        low=1e-12,
        high=1e-3,
        ge=0.0,
        le=1e3,
    ),
]
Beta = Annotated[
    Literal["fletcher", "polak", "hestenes"],
    meta(
        "",
        "Conjugation",
        "How much of the previous direction is kept: Fletcher–Reeves, Polak–Ribière cut off at 0, "
        "or Hestenes–Stiefel.",
    ),
]


class ConjugateGradient(Optimizer, tag="conjugate_gradient", frozen=True, kw_only=True):
    """Nonlinear conjugate gradient: each direction corrects the gradient by the one before.

    d ← −g + β d                   y = g − g₋
    β = ‖g‖² / ‖g₋‖²               fletcher
    β = max(0, ⟨g, y⟩/‖g₋‖²)       polak
    β = ⟨g, y⟩ / ⟨d, y⟩            hestenes
    x ← x + α d                    α by the strong Wolfe conditions

    Symbols: d, the direction, −g at first; β, the share of the direction before that is kept; y,
    what the last step changed in the gradient; g₋, the gradient before that step; α, the length of
    the step along the direction, found by a line search.

    Polak is cut off at 0. With an exact search on a quadratic in N dimensions all three reach the
    minimum in N steps. A direction that does not lead down is replaced by −g. The first trial is η
    min(1, 1/‖g‖₁), later ones η times the previous step scaled by the ratio of the slopes (Nocedal
    & Wright, page 59).

    Each trial of the search is one evaluation, counted besides the gradient of the step: by its
    mathematics a step costs as much as several of a rule that trusts its rate.

    Used for smooth problems of many dimensions, where no matrix can be kept.

    Fletcher & Reeves, "Function Minimization by Conjugate Gradients", 1964; Polak & Ribière, 1969;
    Hestenes & Stiefel, "Methods of Conjugate Gradients for Solving Linear Systems", 1952; in the
    form of Nocedal & Wright, "Numerical Optimization", 2006, Algorithm 5.4.
    """

    lr: FirstTrial = 1.0
    beta: Beta = "polak"
    decrease: Decrease = 1e-4
    curvature: Curvature = 0.1
    tolerance_grad: FlatGradient = 1e-10

    family = "line_search"
    needs = ("oracle",)
    year = 1964
    slots = ("d", "g_old")
    lane_slots = ("a", "slope")

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        d = -g if t == 1 else _conjugate(g, s, h)
        line = Line(s.oracle, s.x, d)
        start = line.start(s.loss, g)
        first = np.minimum(1.0, 1.0 / np.add.reduce(np.abs(g), axis=0))
        if t > 1:
            carried = s.a * s.slope / start.slope
            first = np.where(np.isfinite(carried) & (carried > 0), carried, first)
        is_known = are_numbers(s.loss, g)
        most = np.full(first.shape, float(MOST_TRIALS))
        conditions = Conditions(h.decrease, h.curvature, most, np.asarray(0.0), is_careful=True)
        leads_down = is_known & (start.slope < 0) & (largest(g) > h.tolerance_grad)
        found = strong_wolfe(line, start, h.lr * first, conditions, leads_down)
        s.d, s.g_old, s.a, s.slope = d, g, found.sample.t, start.slope
        return np.where(is_known, found.sample.t * d, np.nan)


MOST_TRIALS = 25
"""Trials of one search for the strong Wolfe conditions, as many as in PyTorch."""


def _conjugate(g: ArrayLike, s: SimpleNamespace, h: Any) -> ArrayLike:
    """The next direction; −g where the conjugate one does not lead down."""
    y = g - s.g_old
    if h.beta == "fletcher":
        beta = dot(g, g) / dot(s.g_old, s.g_old)
    elif h.beta == "polak":
        beta = np.maximum(dot(g, y) / dot(s.g_old, s.g_old), 0.0)
    else:
        beta = dot(g, y) / dot(s.d, y)
    d = beta * s.d - g
    return np.where(dot(g, d) < 0, d, -g)


StepForm = Annotated[
    Literal["long", "short"],
    meta(
        "",
        "Step",
        "The longer of the two steps that fit the curvature between two points, or the shorter.",
    ),
]
FirstStep = Annotated[
    float,
    meta(
        "α₁",
        "First step",
        "Length of the first step, at which no curvature is known.",
        scale="log",
        low=1e-5,
        high=1.0,
        gt=0.0,
        le=1e6,
    ),
]


class BarzilaiBorwein(Optimizer, tag="barzilai_borwein", frozen=True, kw_only=True):
    """Barzilai–Borwein: gradient descent whose rate is measured between the last two points.

    x ← x − η α g                  s = x − x₋,  y = g − g₋
    α = ⟨s, s⟩ / ⟨s, y⟩            long
    α = ⟨s, y⟩ / ⟨y, y⟩            short

    Symbols: α, the rate that fits the curvature between the last two points, α₁ at first; s, the
    last step, from the point x₋; y, what it changed in the gradient, which was g₋ there.

    Where the function bends downwards, ⟨s, y⟩ ≤ 0, the rate before is kept, as it is where nothing
    moved. The loss does not fall at every step; on a quadratic it reaches the minimum all the same,
    often much sooner than the best fixed rate. No framework has it.

    Used where gradients are exact and a line search is too dear.

    Barzilai & Borwein, "Two-Point Step Size Gradient Methods", 1988; steps kept where the curvature
    is negative as in Raydan, "The Barzilai and Borwein Gradient Method for the Large Scale
    Unconstrained Minimization Problem", 1997.
    """

    lr: LearningRate = 1.0
    first_step: FirstStep = 1e-3
    form: StepForm = "long"

    family = "line_search"
    year = 1988
    slots = ("x_old", "g_old")
    lane_slots = ("a",)

    @staticmethod
    def begin(s: SimpleNamespace, h: Any) -> None:
        s.a = s.a + h.first_step

    @staticmethod
    def update(g: ArrayLike, s: SimpleNamespace, h: Any, t: ArrayLike) -> ArrayLike:
        moved, bent = s.x - s.x_old, g - s.g_old
        along = dot(moved, bent)
        a = dot(moved, moved) / along if h.form == "long" else along / dot(bent, bent)
        s.a = np.where((t > 1) & (along > 0), a, s.a)
        s.x_old, s.g_old = s.x, g
        return -h.lr * s.a * g
