"""Data sets that are drawn at random, the same ones for the same seed."""

from typing import Annotated

import numpy as np

from lrstudio.core.dataset import Dataset
from lrstudio.core.declaration import meta
from lrstudio.core.table import Table

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
        le=1_000_000,
    ),
]
DrawSeed = Annotated[
    int,
    meta("#", "Draw", "Another number draws other examples.", low=0, high=100, ge=0, le=2**53),
]


class TwoGaussians(Dataset, tag="two_gaussians", frozen=True, kw_only=True):
    """Two Gaussians: two round clouds in the plane.

    x ∼ N(±μ, I) with μ = (distance/2, 0)

    The distance says how much the clouds overlap, the share how rare the second one is.

    Closed form; drawn by the program, no licence is needed.
    """

    examples: Count = 400
    distance: Annotated[
        float,
        meta("Δ", "Distance", "Distance of the centres.", low=0.0, high=10.0, ge=0.0, le=1e3),
    ] = 3.0
    share: Annotated[
        float,
        meta(
            "p",
            "Second class",
            "How rare the second class is.",
            scale="log",
            low=0.01,
            high=0.5,
            gt=0.0,
            lt=1.0,
        ),
    ] = 0.5
    seed: DrawSeed = 0

    family = "generated"

    def table(self) -> Table:
        random = np.random.default_rng(self.seed)
        rare = min(max(1, round(self.share * self.examples)), self.examples - 1)
        labels = np.zeros(self.examples)
        labels[:rare] = 1
        random.shuffle(labels)
        features = random.standard_normal((self.examples, 2))
        features[:, 0] += self.distance * (labels - 0.5)
        return Table(features, labels, ("x", "y"), "class", ("first", "second"))
