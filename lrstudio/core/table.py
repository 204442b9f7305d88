"""Examples to learn from: numbers in columns, and what is to be predicted from them."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from lrstudio.core.arrays import Array


class Table(Struct, frozen=True, eq=False):
    """N examples with d features each, and one target each; its arrays cannot be written to.

    Where `classes` are named, the target of an example is the number of its class.
    """

    features: Array
    """`(N, d)`"""
    target: Array
    """`(N,)`"""
    feature_names: tuple[str, ...]
    target_name: str = "y"
    classes: tuple[str, ...] = ()
    """Names of the classes; none where the target is a quantity."""

    def __post_init__(self) -> None:
        for array in (self.features, self.target):
            array.setflags(write=False)
        assert self.features.shape == (len(self.target), len(self.feature_names))

    @property
    def examples(self) -> int:
        """How many examples there are."""
        return len(self.target)

    @property
    def columns(self) -> int:
        """How many features an example has."""
        return len(self.feature_names)

    @property
    def labels(self) -> NDArray[np.intp]:
        """Classes of the examples `(N,)` as whole numbers."""
        return self.target.astype(np.intp)

    def taken(self, rows: NDArray[np.intp]) -> "Table":
        """The same of these examples only, in this order."""
        return Table(
            self.features[rows],
            self.target[rows],
            self.feature_names,
            self.target_name,
            self.classes,
        )
