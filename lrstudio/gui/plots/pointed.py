"""A place along a run: where the mouse points, or where the play-head stands."""

from msgspec import Struct

from lrstudio.core.arrays import Array
from lrstudio.engine import NEVER, STEPS, Trajectory, XAxis
from lrstudio.engine.trajectory import Integers


class Pointed(Struct, frozen=True):
    """A coordinate of an axis, and so a row of each lane."""

    axis: XAxis
    x: float

    def rows(self, trajectory: Trajectory) -> Integers:
        """The row `(lanes,)` in which each lane is there; -1 where it never was."""
        return self.axis.rows_at(trajectory, self.x)

    def on(self, axis: XAxis, trajectory: Trajectory) -> tuple[float | None, Array]:
        """The coordinate on an axis, None where the lanes are at several, and that of each lane."""
        rows = self.rows(trajectory)
        each = axis.at_lanes(trajectory, rows.clip(0))
        if axis is self.axis:
            return axis.snapped(trajectory, self.x), each
        here = each[rows != NEVER]
        is_one = len(here) > 0 and bool((here == here[0]).all())
        return (float(here[0]) if is_one else None), each


def at_step(step: int) -> Pointed:
    """Where all lanes have made so many steps."""
    return Pointed(STEPS, float(step))
