"""Annotated types of parameters that only schedules have, and more than one of them."""

from typing import Annotated, Literal

from lrstudio.core.declaration import meta

LONGEST = 100_000_000
"""Largest number of steps that anything may take."""
HIGHEST = 1e6
"""Largest factor that anything may be given."""
FINITE = 1e300
"""Largest number in a table: what is computed elsewhere may be anything."""

StartFactor = Annotated[
    float,
    meta("s", "Start factor", "Factor at the first step.", low=0.0, high=1.0, ge=0, le=HIGHEST),
]
EndFactor = Annotated[
    float,
    meta("e", "End factor", "Factor at the end and after it.", low=0.0, high=1.0, ge=0, le=HIGHEST),
]
Begin = Annotated[
    int,
    meta(
        "b",
        "Begin",
        "Number of steps at the start rate before the decay begins.",
        unit="steps",
        low=0,
        high=1000,
        ge=0,
        le=LONGEST,
    ),
]
AfterEnd = Annotated[
    Literal["hold", "continue"],
    meta(
        "",
        "After the end",
        "Hold the last value, or let the formula go on, as PyTorch does.",
    ),
]
Shape = Annotated[
    Literal["cosine", "linear"],
    meta("", "Shape", "How the rate goes from one value to the next."),
]
CycleMomentum = Annotated[
    bool,
    meta(
        "",
        "Cycle momentum",
        "Also drive the optimizer's momentum (or β₁): low where the rate is high.",
    ),
]
BaseMomentum = Annotated[
    float,
    meta(
        "m₀",
        "Base momentum",
        "Momentum where the rate is highest, if it is cycled.",
        low=0.0,
        high=0.999,
        ge=0.0,
        lt=1.0,
    ),
]
MaxMomentum = Annotated[
    float,
    meta(
        "m₁",
        "Max momentum",
        "Momentum where the rate is lowest, if it is cycled.",
        low=0.0,
        high=0.999,
        ge=0.0,
        lt=1.0,
    ),
]
FirstCycle = Annotated[
    int,
    meta(
        "T₀",
        "First cycle",
        "Number of steps to the first restart.",
        unit="steps",
        scale="log",
        low=1,
        high=10_000,
        ge=1,
        le=LONGEST,
    ),
]
Growth = Annotated[
    float,
    meta("M", "Cycle growth", "Each cycle is this much longer.", low=1.0, high=4.0, ge=1, le=100),
]
PeakDecay = Annotated[
    float,
    meta(
        "δ",
        "Peak decay",
        "Each cycle starts at this share of the one before.",
        low=0.0,
        high=1.0,
        ge=0,
        le=10,
    ),
]
Factors = Annotated[
    tuple[
        Annotated[float, meta("", "Factor", "A factor on the rate.", ge=-FINITE, le=FINITE)], ...
    ],
    meta(
        "",
        "Factors",
        "One factor for each step; the last one is held.",
        max_length=100_000,
    ),
]
