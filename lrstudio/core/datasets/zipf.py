"""Many classes, of which most are rare, as words are."""

from typing import Annotated

import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.core.dataset import Dataset
from lrstudio.core.datasets.knobs import Columns, Count, DrawSeed, apportioned
from lrstudio.core.declaration import meta
from lrstudio.core.table import Table


class ZipfClasses(Dataset, tag="zipf_classes", frozen=True, kw_only=True):
    """Zipf classes: many classes, of which a few are frequent and most are rare.

    pₖ = k^(−s) / (Σⱼ j^(−s))
    x = m + Δ μₖ + ε

    Symbols: k, the number of a class, from 1; pₖ, the share of class k; j, the number of any class;
    μₖ, the centre of class k, drawn from a normal distribution with spread 1/√d; ε, normal noise
    with spread 1.

    Gradient descent learns the rare classes late: the frequent ones limit its rate, and the
    gradients of the rare ones are as small as their shares. Adam learns all of them at the same
    pace. With s = 0 all classes are equally frequent and there is no such difference. Where Δ is 0
    the features tell nothing and each example must be learned by heart.

    Take all examples at each step, and leave the features unscaled: it is their common mean m, as
    that of counts or of brightness, that binds the classes together.

    Kunstner et al., Heavy-tailed class imbalance and why Adam outperforms gradient descent on
    language models, 2024, arXiv:2402.19449, whose features are even between 0 and 1; drawn by LR
    Studio, no licence is needed.
    """

    examples: Count = 1000
    classes: Annotated[
        int,
        meta(
            "c",
            "Classes",
            "How many classes there are.",
            scale="log",
            low=2,
            high=200,
            ge=2,
            le=1000,
        ),
    ] = 200
    exponent: Annotated[
        float,
        meta(
            "s",
            "Exponent",
            "How fast shares fall from class to class: 1 as with words, 0 not at all.",
            low=0.0,
            high=2.0,
            ge=0.0,
            le=10.0,
        ),
    ] = 1.0
    features: Columns = 20
    distance: Annotated[
        float,
        meta(
            "Δ",
            "Distance",
            "How far the centres of the classes lie from the middle.",
            low=0.0,
            high=10.0,
            ge=0.0,
            le=1e3,
        ),
    ] = 2.0
    mean: Annotated[
        float,
        meta(
            "m",
            "Common mean",
            "Mean of every feature, in spreads of its noise.",
            low=0.0,
            high=5.0,
            ge=-1e3,
            le=1e3,
        ),
    ] = 2.0
    seed: DrawSeed = 0

    family = "generated"
    aliases = ("heavy-tailed classes", "long tail", "power law")

    def table(self) -> Table:
        random = np.random.default_rng(self.seed)
        counts = apportioned(self.examples, self.shares)
        labels = random.permutation(np.repeat(np.arange(self.classes), counts))
        centres = random.standard_normal((self.classes, self.features)) / np.sqrt(self.features)
        features = random.standard_normal((self.examples, self.features))
        features += self.mean + self.distance * centres[labels]
        names = tuple(f"x{number + 1}" for number in range(self.features))
        classes = tuple(str(number + 1) for number in range(self.classes))
        return Table(features, labels.astype(np.float64), names, "class", classes)

    @property
    def shares(self) -> Array:
        """The share of each class `(classes,)`, the most frequent one first."""
        weights = np.arange(1.0, self.classes + 1) ** -self.exponent
        return np.asarray(weights / weights.sum())
