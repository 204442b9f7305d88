"""From a data set to what is trained on: a subset, a split, noise, scaling, weights."""

from functools import lru_cache
from typing import Any, Literal

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from lrstudio.core.arrays import Array
from lrstudio.core.dataset import Dataset
from lrstudio.core.table import Table
from lrstudio.core.validation import Refused

Places = NDArray[np.intp]
Task = Literal["quantity", "two_classes", "classes", "any"]
"""What a model can tell; data that have something else are turned into it."""


class Preparation(msgspec.Struct, frozen=True):
    """All that decides which numbers a model sees."""

    data: Dataset
    task: Task = "any"
    examples_used: int | None = None
    label_noise: float = 0.0
    rare_share: float = 0.0
    scale_features: bool = True
    scale_target: bool = False
    validation_share: float = 0.2
    class_weights: Literal["none", "balanced"] = "none"
    seed: int = 0


class Sample(Struct, frozen=True, eq=False):
    """Training and validation examples, ready for use."""

    train: Table
    validation: Table
    """May have no examples."""
    weights: Array | None
    """How much each training example counts `(N,)`; None where all count the same."""
    validation_weights: Array | None
    rare_class: int | None
    """The class with the fewest training examples."""
    shift: Array
    scale: Array
    """The features `(N, d)` that a model sees are (x − shift) / scale of those in the data set."""

    def original(self, features: Array) -> Array:
        """Features `(N, d)` in the units of the data set."""
        return features * self.scale + self.shift

    def scaled(self, features: Array) -> Array:
        """Features `(N, d)` as the model sees them, from those of the data set."""
        return (features - self.shift) / self.scale


@lru_cache(maxsize=16)
def prepared(preparation: Preparation) -> Sample:
    """Draw, split and scale; the same for equal preparations.

    Raises `Refused` where nothing would be left to train on, or where the rare class is to have a
    share and there is no other.
    """
    table = for_task(preparation.data.table(), preparation.task)
    random = np.random.default_rng(preparation.seed)
    rows = _drawn(table, preparation, random)
    held = _held_out(table, rows, preparation.validation_share, random)
    train, validation = table.taken(rows[~held]), table.taken(rows[held])
    _refuse_too_few(train)
    train = _with_noise(train, preparation.label_noise, random)
    shift, scale = np.zeros(table.columns), np.ones(table.columns)
    if preparation.scale_features:
        train, validation, shift, scale = _scaled(train, validation)
    if preparation.scale_target and not table.classes:
        train, validation = _with_scaled_target(train, validation)
    counts = np.bincount(train.labels, minlength=len(table.classes)) if table.classes else None
    weights = validation_weights = None
    if counts is not None and preparation.class_weights == "balanced":
        known = np.maximum(counts, 1)
        per_class = train.examples / (len(counts) * known)
        weights, validation_weights = per_class[train.labels], per_class[validation.labels]
    rare = None if counts is None else int(np.where(counts > 0, counts, np.inf).argmin())
    return Sample(train, validation, weights, validation_weights, rare, shift, scale)


def for_task(table: Table, task: Task) -> Table:
    """The same examples with a target of the wanted kind.

    Classes as a quantity are their number. Two classes of more are the rarest one and the rest. A
    quantity as classes is cut into parts of equal size, at the median or into thirds, or as near to
    it as equal values that stay together allow.
    """
    if task == "any" or (task == "quantity") == (not table.classes):
        is_fine = task != "two_classes" or len(table.classes) <= 2
        return table if is_fine else _rarest_and_rest(table)
    if task == "quantity":
        return _with_target(table, table.target, ())
    names = ("low", "high") if task == "two_classes" else ("low", "middle", "high")
    return _with_target(table, _parts(table.target, len(names)), names)


def _parts(values: Array, count: int) -> Places:
    """Which of some parts each of the values `(N,)` is in, the lowest in part 0."""
    ordered = np.sort(values)
    steps = np.flatnonzero(np.diff(ordered)) + 1
    if not len(steps):
        return np.zeros(len(values), dtype=np.intp)
    wanted = -(-np.arange(1, count) * len(values) // count)
    begins = steps[np.abs(steps[:, None] - wanted).argmin(axis=0)]
    return np.asarray(np.searchsorted(ordered[begins], values, side="right"))


def _rarest_and_rest(table: Table) -> Table:
    counts = np.bincount(table.labels, minlength=len(table.classes))
    rare = int(np.where(counts > 0, counts, np.inf).argmin())
    return _with_target(table, table.labels == rare, ("others", table.classes[rare]))


def _with_target(table: Table, target: NDArray[Any], classes: tuple[str, ...]) -> Table:
    numbers = target.astype(np.float64)
    return Table(table.features, numbers, table.feature_names, table.target_name, classes)


def _drawn(table: Table, preparation: Preparation, random: "np.random.Generator") -> Places:
    """Numbers of the examples that are used, in the order of the table."""
    rows = np.arange(table.examples)
    if preparation.rare_share > 0 and table.classes:
        rows = _resampled(table, preparation.rare_share, random)
    if preparation.examples_used is not None and preparation.examples_used < len(rows):
        rows = np.sort(random.choice(rows, preparation.examples_used, replace=False))
    return rows


def _resampled(table: Table, share: float, random: "np.random.Generator") -> Places:
    """As many examples as can be had with this share of the rarest class."""
    counts = np.bincount(table.labels, minlength=len(table.classes))
    rare = int(np.where(counts > 0, counts, counts.max() + 1).argmin())
    is_rare = table.labels == rare
    few, many = np.flatnonzero(is_rare), np.flatnonzero(~is_rare)
    if not len(many):
        raise Refused(
            "expected examples of two classes, the rarer of which gets a share, got "
            f"{len(few)} of {table.classes[rare]!r} alone; leave the share at 0"
        )
    wanted_few = max(1, round(min(len(few), len(many) * share / (1 - share))))
    wanted_many = max(1, round(min(len(many), wanted_few * (1 - share) / share)))
    few = random.choice(few, wanted_few, replace=False)
    many = random.choice(many, wanted_many, replace=False)
    return np.sort(np.concatenate([few, many]))


def _held_out(
    table: Table, rows: Places, share: float, random: "np.random.Generator"
) -> NDArray[np.bool_]:
    """Which of the rows are kept for validation; of each class the same share."""
    held = np.zeros(len(rows), dtype=bool)
    labels = table.labels[rows] if table.classes else np.zeros(len(rows), dtype=np.intp)
    for label in range(int(labels.max(initial=0)) + 1):
        members = np.flatnonzero(labels == label)
        held[random.permutation(members)[: round(share * len(members))]] = True
    return held


def _refuse_too_few(train: Table) -> None:
    if train.examples < 2:
        raise Refused(
            f"expected at least 2 examples to train on, got {train.examples}; "
            "use more of the data set"
        )


def _with_noise(train: Table, noise: float, random: "np.random.Generator") -> Table:
    """Some labels exchanged for another class, or noise added to quantities."""
    if noise == 0:
        return train
    target = train.target.copy()
    if not train.classes:
        target += noise * target.std() * random.standard_normal(len(target))
    elif len(train.classes) > 1:
        wrong = random.choice(len(target), round(noise * len(target)), replace=False)
        shift = random.integers(1, len(train.classes), len(wrong))
        target[wrong] = (target[wrong] + shift) % len(train.classes)
    return _with_target(train, target, train.classes)


def _scaled(train: Table, validation: Table) -> tuple[Table, Table, Array, Array]:
    """Mean 0 and spread 1 over the training examples; a constant feature becomes 0."""
    middle, spread = train.features.mean(axis=0), train.features.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    scaled = (
        Table((t.features - middle) / spread, t.target, t.feature_names, t.target_name, t.classes)
        for t in (train, validation)
    )
    first, second = scaled
    return first, second, middle, spread


def _with_scaled_target(train: Table, validation: Table) -> tuple[Table, Table]:
    """The same for a quantity that is to be told."""
    middle, spread = train.target.mean(), train.target.std() or 1.0
    return (
        _with_target(train, (train.target - middle) / spread, ()),
        _with_target(validation, (validation.target - middle) / spread, ()),
    )
