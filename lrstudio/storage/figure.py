"""A picture as data: axes and what is drawn in their coordinates, without saying how.

Builders make figures from a trajectory, writers turn them into files. A figure holds finished
arrays and no reference to the run, so it can be written while the run goes on.
"""

from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from lrstudio.storage.ticks import Ticks, linear_ticks, log_ticks

Array = NDArray[np.float64]
Shape = Literal["dot", "ring", "star", "cross", "arrow"]
Thinning = Literal["none", "columns", "repetition"]

LARGEST = 1e100
"""Values are drawn as if they were never larger than this; differences stay finite."""


class Axis(Struct, frozen=True):
    """One axis: what stands beside it, its range, its scale."""

    label: str
    low: float
    high: float
    is_log: bool = False

    def place(self, values: Array) -> Array:
        """Share of the way from `low` to `high`; NaN stays NaN, and so becomes log of ≤ 0."""
        low, high = self.ends()
        with np.errstate(all="ignore"):
            scaled = np.log10(values) if self.is_log else np.clip(values, -LARGEST, LARGEST)
            return np.clip((scaled - low) / (high - low), -LARGEST, LARGEST)

    def ends(self) -> tuple[float, float]:
        """The range as it is drawn: the exponents on a logarithmic axis."""
        ends = np.array([self.low, self.high])
        low, high = np.log10(ends) if self.is_log else ends
        return float(low), float(high)

    def ticks(self, most: int) -> Ticks:
        """Ticks for an axis with room for about `most` labels."""
        return (log_ticks if self.is_log else linear_ticks)(self.low, self.high, most)


class Line(Struct, frozen=True):
    """A polyline through `points` `(n, 2)`; a row with NaN lifts the pen.

    `thinning` says what makes it smaller: "columns" for curves along x, "repetition" for paths
    that may cross themselves.
    """

    points: Array
    colour: str
    width: float = 1.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    thinning: Thinning = "none"


class Area(Struct, frozen=True):
    """Closed rings `(n, 2)` filled by the even-odd rule, so that a ring in a ring is a hole."""

    rings: tuple[Array, ...]
    colour: str


class Marker(Struct, frozen=True):
    """A sign at one point; an arrow points along `angle`, in degrees from the right upwards."""

    x: float
    y: float
    shape: Shape
    colour: str
    size: float = 8.0
    halo: str = ""
    angle: float = 0.0


class Dots(Struct, frozen=True):
    """Many small dots of one kind at `points` `(n, 2)`."""

    points: Array
    colour: str
    size: float = 3.0


class Symbols(Struct, frozen=True, eq=False):
    """Examples of one class at `points` `(n, 2)`: an outline `(m, 2)` about each, y down, in units
    of `size` pixels; a rim of the `halo` sets them off from what is below.
    """

    points: Array
    outline: Array
    colour: str
    size: float = 4.0
    is_hollow: bool = False
    halo: str = ""


class Note(Struct, frozen=True):
    """A few words beside a point, above it and to the right of it, or to the left."""

    x: float
    y: float
    text: str
    colour: str
    anchor: Literal["start", "middle", "end"] = "start"


Mark = Line | Area | Marker | Dots | Symbols | Note


class Entry(Struct, frozen=True):
    """One line of the legend: how a contender, or a class, is drawn and what it is called."""

    label: str
    colour: str
    dash: tuple[float, ...] = ()
    note: str = ""
    symbol: Array | None = None
    """An outline `(m, 2)` in place of a line."""


class Figure(Struct, frozen=True):
    """A whole picture; marks are drawn in their order and cut at the edge of the plot."""

    title: str
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    legend: tuple[Entry, ...] = ()
    subtitle: str = ""
    size: tuple[int, int] = (900, 600)
    is_dark: bool = False
    has_grid: bool = True
