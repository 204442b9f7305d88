"""Data sets whose target is a quantity, and on which a regression can be worked out by hand."""

from typing import Annotated

import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.core.dataset import Dataset
from lrstudio.core.datasets.knobs import Columns, Count, DrawSeed
from lrstudio.core.declaration import meta
from lrstudio.core.hyperparameters import Condition
from lrstudio.core.table import Table

Spread = Annotated[
    float,
    meta(
        "σ",
        "Noise",
        "Spread of what is added to the target.",
        low=0.0,
        high=2.0,
        ge=0.0,
        le=1e3,
    ),
]


class Line(Dataset, tag="line", frozen=True, kw_only=True):
    """Line: points about a straight line, the smallest regression there is.

    y = a x + b + σ ε

    Symbols: x, a feature, drawn evenly between m − 1 and m + 1; y, the target; ε, normal noise
    with spread 1.

    A linear regression has two parameters here, so its whole landscape can be seen. Without
    feature scaling, a middle m far from 0 makes it a narrow valley across both axes: slope and
    intercept then stand in for each other.

    Closed form; drawn by LR Studio, no licence is needed.
    """

    examples: Count = 50
    slope: Annotated[
        float, meta("a", "Slope", "Slope of the line.", low=-5.0, high=5.0, ge=-1e3, le=1e3)
    ] = 2.0
    intercept: Annotated[
        float,
        meta("b", "Intercept", "Its height at x = 0.", low=-5.0, high=5.0, ge=-1e3, le=1e3),
    ] = -1.0
    middle: Annotated[
        float,
        meta(
            "m",
            "Middle of the feature",
            "Mean of the feature.",
            low=-10.0,
            high=10.0,
            ge=-1e3,
            le=1e3,
        ),
    ] = 0.0
    noise: Spread = 0.3
    seed: DrawSeed = 0

    family = "generated"
    aliases = ("simple regression", "straight line")
    has_classes = False

    def table(self) -> Table:
        random = np.random.default_rng(self.seed)
        x = self.middle + random.uniform(-1, 1, self.examples)
        noise = self.noise * random.standard_normal(self.examples)
        target = self.slope * x + self.intercept + noise
        return Table(x[:, None], target, ("x",), "y")


class LinearTargets(Dataset, tag="linear_targets", frozen=True, kw_only=True):
    """Linear targets: a weighted sum of many features of known condition, with noise.

    y = w · x + σ ε
    λₖ = κ^(−(k−1)/(d−1))

    Symbols: w, the weights, drawn from a normal distribution with spread 1/√d; λₖ, the k-th
    eigenvalue of the covariance of the features, from 1 down to 1/κ; k, the number of an
    eigenvalue, from 1; ε, normal noise with spread 1.

    Of infinitely many examples the largest curvature of the mean loss is 1 and gradient descent is
    stable while η < 2; of few examples it is larger, because the drawn covariance is not the true
    one. The axes of the features are turned at random, so that scaling each of them does not undo
    the condition; unturned, it does.

    Closed form; drawn by LR Studio, no licence is needed.
    """

    examples: Count = 400
    features: Columns = 20
    kappa: Condition = 10.0
    turned: Annotated[
        bool, meta("", "Turned", "Whether the axes of the features are turned at random.")
    ] = True
    noise: Spread = 0.5
    seed: DrawSeed = 0

    family = "generated"
    aliases = ("linear regression data", "ill-conditioned features")
    has_classes = False

    def table(self) -> Table:
        random = np.random.default_rng(self.seed)
        weights = random.standard_normal(self.features) / np.sqrt(self.features)
        axes = _turned(self.features, random) if self.turned else np.eye(self.features)
        features = random.standard_normal((self.examples, self.features))
        features = features * np.sqrt(self.eigenvalues) @ axes.T
        noise = self.noise * random.standard_normal(self.examples)
        names = tuple(f"x{number + 1}" for number in range(self.features))
        return Table(features, features @ weights + noise, names, "y")

    @property
    def eigenvalues(self) -> Array:
        """Of the covariance of the features `(features,)`, the largest first."""
        return np.geomspace(1.0, 1 / self.kappa, self.features)


def _turned(dim: int, random: "np.random.Generator") -> Array:
    """Axes `(dim, dim)`, as columns, in directions of which none is preferred.

    Mezzadri, How to generate random matrices from the classical compact groups, 2007,
    arXiv:math-ph/0609050.
    """
    q, r = np.linalg.qr(random.standard_normal((dim, dim)))
    return np.asarray(q * np.sign(np.diag(r)))
