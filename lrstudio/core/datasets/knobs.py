"""What data sets that are drawn at random have in common."""

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from lrstudio.core.arrays import Array
from lrstudio.core.declaration import meta

Count = Annotated[
    int,
    meta(
        "n",
        "Examples",
        "How many examples are drawn.",
        scale="log",
        low=20,
        high=5000,
        ge=4,
        le=100_000,
    ),
]
DrawSeed = Annotated[
    int,
    meta("#", "Draw", "Another number draws other examples.", low=0, high=100, ge=0, le=2**53),
]
Spread = Annotated[
    float,
    meta(
        "σ",
        "Noise",
        "Spread of what is added to each feature.",
        low=0.0,
        high=0.5,
        ge=0.0,
        le=1e3,
    ),
]
Distance = Annotated[
    float,
    meta("Δ", "Distance", "Distance of the centres.", low=0.0, high=10.0, ge=0.0, le=1e3),
]
Columns = Annotated[
    int,
    meta("d", "Features", "Features of each example.", scale="log", low=1, high=100, ge=1, le=200),
]
PLANE = ("x₁", "x₂")


def apportioned(count: int, shares: Array) -> NDArray[np.intp]:
    """Whole numbers that add up to `count`, as near to the shares as can be.

    By largest remainders: each gets its quota rounded down, and those that lose most one more.
    """
    quotas = count * shares / shares.sum()
    whole: NDArray[np.intp] = np.floor(quotas).astype(np.intp)
    losers = np.argsort(whole - quotas, kind="stable")
    whole[losers[: count - whole.sum()]] += 1
    return whole


def halves(count: int) -> tuple[int, int]:
    """Examples of two classes; an odd one belongs to the second."""
    return count // 2, count - count // 2
