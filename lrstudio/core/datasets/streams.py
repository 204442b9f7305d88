"""Examples in an order that matters: what is told from them changes on the way."""

from typing import Annotated, Literal

import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.core.dataset import Dataset
from lrstudio.core.datasets.knobs import PLANE, Count, Distance, DrawSeed
from lrstudio.core.declaration import meta
from lrstudio.core.table import Table


class LabelShift(Dataset, tag="label_shift", frozen=True, kw_only=True):
    """Label shift: a stream in which now one class is rare and now the other.

    pᵢ = p, 1 − p, p, …         abrupt
    pᵢ = ½ − (½ − p) cos(2π i/T)         gradual
    x = ±Δ/2 · e₁ + ε

    Symbols: pᵢ, the share of the second class at example i; i, the number of the example, from 0;
    e₁, the direction of the first feature; ε, normal noise with spread 1.

    Abrupt shares jump every half period. The two clouds stay where they are; only how frequent they
    are changes. Take the examples in order, with small batches: the bias of the model must then
    follow the shares, and a learning rate that decays comes to rest too early.

    Lipton, Wang and Smola, Detecting and correcting for label shift with black box predictors,
    2018, arXiv:1802.03916, for the term; drawn by LR Studio, no licence is needed.
    """

    examples: Count = 2000
    shift: Annotated[
        Literal["abrupt", "gradual"],
        meta("", "Shift", "Whether the shares jump or swing."),
    ] = "abrupt"
    period: Annotated[
        int,
        meta(
            "T",
            "Period",
            "Examples after which the shares are what they were.",
            scale="log",
            low=20,
            high=5000,
            ge=2,
            le=1_000_000,
        ),
    ] = 1000
    share: Annotated[
        float,
        meta(
            "p",
            "Smallest share",
            "Share of the second class where it is rarest; at the other end it is 1 − p.",
            low=0.0,
            high=0.5,
            ge=0.0,
            le=0.5,
        ),
    ] = 0.1
    distance: Distance = 2.0
    seed: DrawSeed = 0

    family = "generated"
    aliases = ("stream", "drift", "prior shift", "non-stationary")

    def table(self) -> Table:
        random = np.random.default_rng(self.seed)
        labels = (random.random(self.examples) < self.shares).astype(np.float64)
        features = random.standard_normal((self.examples, 2))
        features[:, 0] += self.distance * (labels - 0.5)
        return Table(features, labels, PLANE, "class", ("first", "second"))

    @property
    def shares(self) -> Array:
        """Probability of the second class at each example `(examples,)`."""
        phase = np.arange(self.examples) % self.period / self.period
        if self.shift == "gradual":
            return np.asarray(0.5 - (0.5 - self.share) * np.cos(2 * np.pi * phase))
        return np.where(phase < 0.5, self.share, 1 - self.share)
