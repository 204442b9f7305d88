"""A model with its data: losses, gradients and measurements of many lanes."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lrstudio.core.arrays import Array, in_company
from lrstudio.core.network import Network
from lrstudio.core.passes import Passes
from lrstudio.core.preparation import Sample
from lrstudio.core.problem import Rows
from lrstudio.core.sampling import Metric
from lrstudio.core.table import Table

BLOCK_NUMBERS = 64_000
"""Outputs of a layer that are computed at once when everything is measured: a processor's cache
holds them."""
BLOCK_LANES = 8
"""Lanes that are looked at at once then, if examples are not so few that more can be."""


class Learner:
    """A network that learns from a sample; `l2` is the penalty on its weights."""

    def __init__(self, network: Network, sample: Sample, l2: float, *, is_sum: bool) -> None:
        self.network = network
        self.sample = sample
        self._is_sum = is_sum
        self._features = _with_one(sample.train.features)
        self._others = _with_one(sample.validation.features)
        self._target = network.head.targets(sample.train)
        self._by_example = np.ascontiguousarray(self._target.T)
        self._weights = sample.weights
        self._has_choice = bool(sample.train.classes)
        self._penalty = np.zeros((network.dim, 1))
        self._has_penalty = l2 > 0
        for layer in network.layers:
            if len(layer.shape) == 2:
                self._penalty[layer.places] = l2

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What is measured: losses, and for classes how many are right."""
        metrics = _metrics("train", "training", self)
        if self.sample.validation.examples:
            metrics += _metrics("validation", "validation", self)
        return tuple(metrics)

    @property
    def rare_class(self) -> str | None:
        """Name of the class with the fewest training examples; None for quantities."""
        rare, classes = self.sample.rare_class, self.sample.train.classes
        return None if rare is None or not classes else classes[rare]

    def on_examples(
        self,
        position: Array,
        rows: Rows,
        gradient: Array | None = None,
        passes: Passes | None = None,
    ) -> tuple[Array, Array]:
        """Loss `(lanes,)` and gradient `(dim, lanes)` of some of the training examples."""
        if gradient is None:
            gradient = np.empty_like(position)
        passes = passes or Passes(self.network)
        lanes = position.shape[1]
        if isinstance(rows, slice):
            features, target = self._features[rows], self._target[:, rows]
            run = passes.of(lanes, features.shape)
        else:
            run = passes.of(lanes, (*rows.shape, self._features.shape[1]))
            # Row numbers that are not checked, which would take longer than copying.
            features = self._features.take(rows, axis=0, out=run.features, mode="clip")
            target = self._by_example.take(rows, axis=0).swapaxes(-1, -2).copy()
        weights = None if self._weights is None else self._weights[rows]
        loss = run.loss_and_gradient(position, features, target, weights, gradient)
        if self._is_sum:
            count = features.shape[-2]
            loss, gradient[...] = loss * count, gradient * count
        if self._has_penalty:
            pull = self._penalty * position
            gradient += pull
            loss = loss + 0.5 * _sums(pull * position)
        return loss, gradient

    def loss(self, position: Array) -> Array:
        """Loss `(lanes,)` of all training examples."""
        passes = Passes(self.network)
        losses, _ = self._judged(position, self._features, self._target, passes)
        return self._training_loss(position, losses)

    def measure(self, position: Array, passes: Passes | None = None) -> Array:
        """Values of all metrics `(metrics, lanes)`."""
        sample = self.sample
        passes = passes or Passes(self.network)
        losses, said = self._judged(position, self._features, self._target, passes)
        rows = [self._training_loss(position, losses), *self._rated(said, sample.train)]
        if sample.validation.examples:
            target = self.network.head.targets(sample.validation)
            losses, said = self._judged(position, self._others, target, passes)
            rows.append(self._validation_loss(losses))
            rows += self._rated(said, sample.validation)
        return np.stack(rows)

    def _training_loss(self, position: Array, losses: Array) -> Array:
        loss = losses.sum(axis=1) if self._is_sum else _mean(losses, self._weights)
        if self._has_penalty:
            loss = loss + 0.5 * _sums(self._penalty * position * position)
        return np.asarray(loss)

    def _validation_loss(self, losses: Array) -> Array:
        """Beside a sum over the training examples, what as many of the others would sum up to."""
        mean = _mean(losses, self.sample.validation_weights)
        return mean * self.sample.train.examples if self._is_sum else mean

    def loss_title(self, name: str) -> str:
        """What the loss of the training or the validation examples is called, and of how many."""
        title = f"{name} loss".capitalize()
        if not self._is_sum:
            return title
        how = "sum of" if name == "training" else "scaled to"
        return f"{title}, {how} {self.sample.train.examples} examples"

    def _rated(self, said: Array, table: Table) -> list[Array]:
        """Of classes the accuracy and the recall of the rarest, of a quantity R²."""
        if not self._has_choice:
            spread = np.square(table.target - table.target.mean()).sum()
            rest = np.square(said - table.target).sum(axis=1)
            return [1 - rest / spread if spread > 0 else np.full(len(rest), np.nan)]
        is_right = said == table.target
        is_rare = table.labels == self.sample.rare_class
        recall = is_right[:, is_rare].mean(axis=1) if is_rare.any() else np.full(len(said), np.nan)
        return [is_right.mean(axis=1), recall]

    def _judged(
        self, position: Array, features: Array, target: Array, passes: Passes
    ) -> tuple[Array, Array]:
        """Losses `(lanes, N)`, and the class or the quantity that is said of each example."""
        shape = (position.shape[1], len(features))
        losses, said = np.empty(shape), np.empty(shape)
        for some, part in self._blocks(*shape):
            columns, rows = position[:, some], features[None, part]
            run = passes.of(columns.shape[1], rows.shape)
            if part.start == 0:
                run.load(columns)  # for the other examples as well
            z = run.outputs(rows)
            losses[some, part], said[some, part] = self.network.head.judged(z, target[:, part])
        return losses, said

    def _blocks(self, lanes: int, examples: int) -> Iterator[tuple[slice, slice]]:
        """Lanes and examples that are looked at together: these do not depend on the lanes."""
        most = BLOCK_NUMBERS // max(self.network.widths[1:])
        many = max(16, min(examples, most // BLOCK_LANES))
        several = max(1, most // many)
        for lane in range(0, lanes, several):
            for first in range(0, examples, many):
                yield slice(lane, lane + several), slice(first, first + many)

    def predicted(self, position: Array, features: Array) -> NDArray[np.float64]:
        """Outputs `(lanes, outputs, N)` for prepared features `(N, columns)`."""
        numbers = _with_one(features)[None]
        run = Passes(self.network).of(position.shape[1], numbers.shape)
        run.load(position)
        return run.outputs(numbers)


class Examiner:
    """A learner at work for one caller, who asks again and again, in one thread."""

    def __init__(self, learner: Learner) -> None:
        self._learner = learner
        self._passes = Passes(learner.network)

    def on_examples(
        self, position: Array, rows: Rows, gradient: Array | None = None
    ) -> tuple[Array, Array]:
        """As the learner says it."""
        return self._learner.on_examples(position, rows, gradient, self._passes)

    def measure(self, position: Array) -> Array:
        """As the learner says it."""
        return self._learner.measure(position, self._passes)


def _with_one(features: Array) -> Array:
    """Features `(N, d + 1)`, of which the last is 1; its weight is the bias."""
    return np.concatenate([features, np.ones((len(features), 1))], axis=1)


def _metrics(key: str, name: str, learner: Learner) -> list[Metric]:
    """What is measured on the training or the validation examples."""
    short = {"train": "train", "validation": "val."}[key]
    loss = Metric(f"{key}_loss", learner.loss_title(name), f"loss {short}", is_loss=True)
    if learner.rare_class is None:
        return [loss, Metric(f"{key}_r2", f"{name.capitalize()} R²", f"R² {short}")]
    recall = f"Recall of {learner.rare_class}, {name}"
    return [
        loss,
        Metric(f"{key}_accuracy", f"{name} accuracy".capitalize(), f"acc. {short}"),
        Metric(f"{key}_recall", recall, f"recall {short}"),
    ]


def _sums(columns: Array) -> Array:
    """Sums of the columns `(dim, lanes)`, each the same whatever stands beside it."""
    return np.asarray(np.add.reduce(in_company(columns), axis=0)[: columns.shape[1]])


def _mean(losses: Array, weights: Array | None) -> Array:
    if weights is None:
        return np.asarray(losses.mean(axis=1))
    return np.asarray((losses * (weights / weights.sum())).sum(axis=1))
