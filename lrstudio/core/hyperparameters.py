"""Annotated types of the hyper-parameters: bounds, scale, symbol and one sentence each.

A rule that says `beta1: Beta1 = 0.9` has thereby said everything that a form, a message, the
command line, the file schema and the tests need to know.
"""

from typing import Annotated, Literal

import msgspec

from lrstudio.core.declaration import meta

LearningRate = Annotated[
    float,
    meta(
        "η",
        "Learning rate",
        "Length of a step: the factor on the (scaled) negative gradient, before the schedule.",
        scale="log",
        low=1e-5,
        high=10.0,
        gt=0.0,
        le=1e6,
    ),
]
Momentum = Annotated[
    float,
    meta(
        "μ",
        "Momentum",
        "Share of the previous step that is kept; 0.9 carries about ten steps along.",
        low=0.0,
        high=0.999,
        ge=0.0,
        lt=1.0,
    ),
]
Dampening = Annotated[
    float,
    meta(
        "τ",
        "Dampening",
        "The new gradient enters the momentum buffer with weight 1 − τ (not at the first step).",
        ge=0.0,
        le=1.0,
    ),
]
Beta1 = Annotated[
    float,
    meta(
        "β₁",
        "First moment",
        "Share of the running mean of the gradient that is kept at each step.",
        low=0.0,
        high=0.999,
        ge=0.0,
        lt=1.0,
    ),
]
Beta2 = Annotated[
    float,
    meta(
        "β₂",
        "Second moment",
        "Share of the running mean of the squared gradient that is kept at each step.",
        low=0.5,
        high=0.9999,
        ge=0.0,
        lt=1.0,
    ),
]
Rho = Annotated[
    float,
    meta(
        "ρ",
        "Averaging decay",
        "Share of the running mean of the squared gradient that is kept at each step.",
        low=0.5,
        high=0.999,
        ge=0.0,
        lt=1.0,
    ),
]
Epsilon = Annotated[
    float,
    meta(
        "ε",
        "Epsilon",
        "Small number added to the denominator; it bounds the step where gradients vanish.",
        scale="log",
        low=1e-12,
        high=1e-1,
        ge=0.0,
        le=1e3,
    ),
]
WeightDecay = Annotated[
    float,
    meta(
        "λ",
        "Weight decay",
        "Pull of the parameters towards zero; 0 switches it off.",
        low=0.0,
        high=0.5,
        ge=0.0,
        le=1e3,
    ),
]
DecayKind = Annotated[
    Literal["coupled", "decoupled"],
    meta(
        "",
        "Decay form",
        "Coupled adds λx to the gradient (L2); decoupled subtracts ηλx from the parameters.",
    ),
]
RatePosition = Annotated[
    Literal["outside", "inside"],
    meta(
        "",
        "Rate in the buffer",
        "Learning rate outside the momentum buffer (textbook, PyTorch) or inside it (Keras): "
        "the same at a fixed rate, different under a schedule.",
    ),
]
EpsilonPosition = Annotated[
    Literal["outside", "inside"],
    meta(
        "",
        "ε in the root",
        "Epsilon added outside the square root or inside it; published variants differ.",
    ),
]
Accumulator = Annotated[
    float,
    meta(
        "s₀",
        "Initial accumulator",
        "Value that the sum of squared gradients starts with.",
        low=0.0,
        high=1.0,
        ge=0.0,
        le=1e6,
    ),
]
RateDecay = Annotated[
    float,
    meta(
        "δ",
        "Rate decay",
        "The rate is divided by 1 + δ(t−1), besides the schedule.",
        low=0.0,
        high=0.1,
        ge=0.0,
        le=1e3,
    ),
]
Centered = Annotated[
    bool,
    meta("", "Centred", "Divide by the spread of the gradient instead of its mean square."),
]
AmsGrad = Annotated[
    bool,
    meta(
        "",
        "AMSGrad",
        "Scale by the largest second moment so far, so that a large gradient is never forgotten.",
    ),
]
Report = Annotated[
    Literal["average", "iterate"],
    meta(
        "",
        "Point that counts",
        "Which point is recorded and judged: the average that is handed over, or the one that "
        "steps.",
    ),
]
AverageStart = Annotated[
    int,
    meta(
        "t₀",
        "Start of averaging",
        "Steps before the average begins.",
        unit="steps",
        low=0,
        high=1000,
        ge=0,
        le=100_000_000,
    ),
]
SyncPeriod = Annotated[
    int,
    meta(
        "K",
        "Steps of a round",
        "Number of steps after which a round ends.",
        unit="steps",
        scale="log",
        low=1,
        high=100,
        ge=1,
        le=100_000_000,
    ),
]
Interpolation = Annotated[
    float,
    meta(
        "β₁",
        "Interpolation",
        "Gradients are taken this far on the way from the newest point to the average.",
        low=0.0,
        high=0.999,
        ge=0.0,
        lt=1.0,
    ),
]
RatePower = Annotated[
    float,
    meta(
        "p",
        "Power of the rate",
        "Weights in the average grow with this power of the largest rate so far; 0 for equal ones.",
        low=0.0,
        high=4.0,
        ge=0.0,
        le=10.0,
    ),
]
WeightRate = Annotated[
    Literal["present", "next"],
    meta(
        "",
        "Rate in the weight",
        "A point is weighted by the rate of its own step (as published) or of the next (Optax).",
    ),
]

Length = Annotated[
    Annotated[int, msgspec.Meta(ge=1, le=100_000_000)] | None,
    meta(
        "T",
        "Length",
        "Number of steps the decay takes; left empty it spans the run.",
        unit="steps",
        scale="log",
        low=1,
        high=10_000,
    ),
]
Period = Annotated[
    int,
    meta(
        "T",
        "Period",
        "Number of steps between two changes of the rate.",
        unit="steps",
        scale="log",
        low=1,
        high=10_000,
        ge=1,
        le=100_000_000,
    ),
]
DecaySteps = Annotated[
    int,
    meta(
        "T",
        "Period",
        "Number of steps over which the decay factor applies once.",
        unit="steps",
        scale="log",
        low=1,
        high=10_000,
        ge=1,
        le=100_000_000,
    ),
]
Gamma = Annotated[
    float,
    meta(
        "γ", "Decay factor", "Factor on the rate at each change.", low=0.01, high=1.0, ge=0, le=1e6
    ),
]
Rate = Annotated[
    float,
    meta(
        "κ",
        "Decay rate",
        "Decay per T steps: after T steps the factor is e^(−κ), or 1/(1+κ).",
        scale="log",
        low=1e-5,
        high=10,
        ge=0,
        le=1e6,
    ),
]
Floor = Annotated[
    float,
    meta(
        "α",
        "Floor",
        "Share of the rate that is left at the end; above 1 the rate rises to it.",
        low=0.0,
        high=1.0,
        ge=0,
        le=1e6,
    ),
]
Power = Annotated[
    float,
    meta(
        "p",
        "Power",
        "1 is a straight line; above 1 drops early and flattens, below 1 holds and drops late.",
        low=0.1,
        high=6.0,
        ge=0.0,
        le=100.0,
    ),
]
Staircase = Annotated[
    bool,
    meta("", "Staircase", "Change the rate once per period instead of a little at every step."),
]
Milestones = Annotated[
    tuple[Annotated[int, meta("", "Milestone", "A step.", ge=0, le=100_000_000)], ...],
    meta(
        "",
        "Milestones",
        "Steps at which the rate is multiplied by γ.",
        unit="steps",
        max_length=1000,
    ),
]

Dimension = Annotated[
    int,
    meta(
        "N", "Dimensions", "Number of coordinates.", scale="log", low=2, high=100, ge=2, le=10_000
    ),
]
Condition = Annotated[
    float,
    meta(
        "κ",
        "Condition number",
        "Ratio of the steepest to the flattest curvature; gradient descent needs about κ steps.",
        scale="log",
        low=1.0,
        high=1000.0,
        ge=1.0,
        le=1e9,
    ),
]
