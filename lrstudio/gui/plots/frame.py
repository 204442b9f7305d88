"""The mapping between the coordinates of a view and its pixels."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Reals = NDArray[np.float64]


class Frame(Struct, frozen=True):
    """A rectangle of pixels, x to the right and y down, and the stretch of both axes it shows."""

    width: int
    height: int
    left: float
    right: float
    bottom: float
    top: float

    def x(self, values: Reals) -> Reals:
        """Horizontal pixels of values."""
        return (values - self.left) * (self.width / (self.right - self.left))

    def y(self, values: Reals) -> Reals:
        """Vertical pixels of values; larger values are further up."""
        return (self.top - values) * (self.height / (self.top - self.bottom))

    def value_at(self, x: float, y: float) -> tuple[float, float]:
        """The values at a pixel."""
        across = (self.right - self.left) / self.width
        down = (self.top - self.bottom) / self.height
        return self.left + x * across, self.top - y * down

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw on."""
        return self.width < 2 or self.height < 2

    def is_like(self, other: "Frame") -> bool:
        """Whether the same stretch of both axes is shown, in however many pixels."""
        ends = (self.left, self.right, self.bottom, self.top)
        return ends == (other.left, other.right, other.bottom, other.top)
