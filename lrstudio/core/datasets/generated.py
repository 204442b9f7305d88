"""Data sets in the plane that are drawn at random, the same ones for the same seed."""

from typing import Annotated

import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.core.dataset import Dataset
from lrstudio.core.datasets.knobs import PLANE, Count, Distance, DrawSeed, Spread, halves
from lrstudio.core.declaration import meta
from lrstudio.core.table import Table


class TwoGaussians(Dataset, tag="two_gaussians", frozen=True, kw_only=True):
    """Two Gaussians: two round clouds in the plane.

    x = ±Δ/2 · e₁ + ε

    Symbols: e₁, the direction of the first feature; ε, normal noise with spread 1.

    The distance says how much the clouds overlap, the share how rare the second one is. The border
    with the fewest errors is straight where the shares are equal and where they are not; it only
    moves towards the rare cloud.

    Closed form; drawn by LR Studio, no licence is needed.
    """

    examples: Count = 400
    distance: Distance = 3.0
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
    aliases = ("blobs", "imbalance")

    def table(self) -> Table:
        random = np.random.default_rng(self.seed)
        rare = min(max(1, round(self.share * self.examples)), self.examples - 1)
        labels = np.zeros(self.examples)
        labels[:rare] = 1
        random.shuffle(labels)
        features = random.standard_normal((self.examples, 2))
        features[:, 0] += self.distance * (labels - 0.5)
        return Table(features, labels, PLANE, "class", ("first", "second"))


class Moons(Dataset, tag="moons", frozen=True, kw_only=True):
    """Moons: two half circles, each with an end inside the other.

    x = (cos t, sin t) + σ ε         y = 0
    x = (1 − cos t, ½ − sin t) + σ ε         y = 1

    Symbols: t, an angle between 0 and π, evenly spaced; ε, normal noise with spread 1.

    No straight border parts them; a perceptron with a few units does.

    `sklearn.datasets.make_moons`, scikit-learn 1.9; drawn by LR Studio, no licence is needed.
    """

    examples: Count = 400
    noise: Spread = 0.15
    seed: DrawSeed = 0

    family = "generated"
    aliases = ("two moons", "half moons")

    def table(self) -> Table:
        upper, lower = (np.linspace(0, np.pi, count) for count in halves(self.examples))
        places = np.concatenate(
            [
                np.column_stack([np.cos(upper), np.sin(upper)]),
                np.column_stack([1 - np.cos(lower), 0.5 - np.sin(lower)]),
            ]
        )
        return _two_classes(places, ("upper", "lower"), self.noise, self.seed)


class Circles(Dataset, tag="circles", frozen=True, kw_only=True):
    """Circles: a small circle inside a large one.

    x = (cos t, sin t) + σ ε         y = 0
    x = ρ (cos t, sin t) + σ ε         y = 1

    Symbols: t, an angle between 0 and 2π, evenly spaced; ε, normal noise with spread 1.

    A straight border is right for little more than half of the examples.

    `sklearn.datasets.make_circles`, scikit-learn 1.9; drawn by LR Studio, no licence is needed.
    """

    examples: Count = 400
    noise: Spread = 0.08
    inner_radius: Annotated[
        float,
        meta(
            "ρ",
            "Inner radius",
            "Radius of the inner circle; that of the outer one is 1.",
            low=0.0,
            high=0.9,
            ge=0.0,
            le=1.0,
        ),
    ] = 0.5
    seed: DrawSeed = 0

    family = "generated"
    aliases = ("rings",)

    def table(self) -> Table:
        angles = [
            np.linspace(0, 2 * np.pi, count, endpoint=False) for count in halves(self.examples)
        ]
        outer, inner = (np.column_stack([np.cos(t), np.sin(t)]) for t in angles)
        places = np.concatenate([outer, self.inner_radius * inner])
        return _two_classes(places, ("outer", "inner"), self.noise, self.seed)


class Xor(Dataset, tag="xor", frozen=True, kw_only=True):
    """Xor: a square of four fields, of which opposite ones are of one class.

    y = [u₁ · u₂ < 0]
    x = u + σ ε

    Symbols: u, a point of the square, drawn evenly; ε, normal noise with spread 1.

    The class y is 1 where the bracket holds, else 0. Neither feature tells anything alone, and no
    straight border is better than chance.

    After TensorFlow Playground, 2016; drawn by LR Studio, no licence is needed.
    """

    examples: Count = 400
    noise: Spread = 0.0
    gap: Annotated[
        float,
        meta(
            "δ",
            "Gap",
            "Half the width of the gap between the fields; the square reaches from −1 to 1.",
            low=0.0,
            high=0.5,
            ge=0.0,
            le=1.0,
        ),
    ] = 0.1
    seed: DrawSeed = 0

    family = "generated"
    aliases = ("exclusive or", "checkerboard")

    def table(self) -> Table:
        random = np.random.default_rng(self.seed)
        signs = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]])  # classes take turns
        fields = random.permutation(self.examples) % 4
        depths = self.gap + (1 - self.gap) * random.random((self.examples, 2))
        noise = self.noise * random.standard_normal((self.examples, 2))
        labels = (fields % 2).astype(np.float64)
        return Table(signs[fields] * depths + noise, labels, PLANE, "class", ("equal", "unequal"))


class Spirals(Dataset, tag="spirals", frozen=True, kw_only=True):
    """Spirals: arms that wind around each other.

    x = r (sin φ, cos φ) + σ ε         φ = 2π (w r + y/c)

    Symbols: r, the distance from the centre, between 0 and 1, evenly spaced; φ, the angle; y, the
    number of the arm, from 0; ε, normal noise with spread 1.

    The hardest of the plane: it takes width, depth and some hundred epochs.

    After TensorFlow Playground, 2016, which draws two arms of 1.75 turns; drawn by LR Studio, no
    licence is needed.
    """

    examples: Count = 400
    noise: Spread = 0.02
    turns: Annotated[
        float,
        meta(
            "w",
            "Turns",
            "How often each arm goes round the centre.",
            low=0.5,
            high=4.0,
            ge=0.0,
            le=20.0,
        ),
    ] = 1.75
    arms: Annotated[int, meta("c", "Arms", "One class each.", low=2, high=5, ge=2, le=10)] = 2
    seed: DrawSeed = 0

    family = "generated"
    aliases = ("two spirals", "swirl")

    def table(self) -> Table:
        random = np.random.default_rng(self.seed)
        places = random.permutation(self.examples)
        labels = places % self.arms
        # 1 is reached by the last example of each arm, and 0 by none: there they would meet.
        lengths = -(-(self.examples - labels) // self.arms)
        r = (places // self.arms + 1) / lengths
        angles = 2 * np.pi * (self.turns * r + labels / self.arms)
        features = np.column_stack([r * np.sin(angles), r * np.cos(angles)])
        features += self.noise * random.standard_normal(features.shape)
        names = tuple(f"arm {number}" for number in range(1, self.arms + 1))
        return Table(features, labels.astype(np.float64), PLANE, "class", names)


def _two_classes(places: Array, classes: tuple[str, str], noise: float, seed: int) -> Table:
    """Places `(N, 2)`, the first half of which is of the first class, moved and shuffled."""
    random = np.random.default_rng(seed)
    first, second = halves(len(places))
    labels = np.repeat([0.0, 1.0], [first, second])
    order = random.permutation(len(places))
    features = places[order] + noise * random.standard_normal(places.shape)
    return Table(features, labels[order], PLANE, "class", classes)
