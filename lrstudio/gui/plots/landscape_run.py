"""What a landscape shows of a run: its ways, and the signs that stand on them and around."""

from collections.abc import Callable, Collection

from msgspec.structs import replace
from PySide6.QtCore import QPointF

from lrstudio.engine import Trajectory
from lrstudio.engine.planes import Plane, Point, is_quick, shown_starts
from lrstudio.gui.plots.drifting import (
    NO_WAY,
    STILL,
    OptimumWay,
    followed_lane,
    shift_of,
    way_of_optimum,
)
from lrstudio.gui.plots.frame import Frame
from lrstudio.gui.plots.landscape_signs import (
    head_signs,
    minima_signs,
    pointed_signs,
    start_signs,
)
from lrstudio.gui.plots.lane_looks import LaneLook, lane_looks
from lrstudio.gui.plots.numbers import readable
from lrstudio.gui.plots.pointed import Pointed, at_step
from lrstudio.gui.plots.pyqtgraph_parts import ViewBox
from lrstudio.gui.plots.signs import Sign, SignsItem, set_apart
from lrstudio.gui.plots.tracks_item import TracksItem

_NEAR_A_WAY = 12.0


class LandscapeRun:
    """Draws a run over the ground of a view; knows nothing of the ground itself."""

    def __init__(self, view: ViewBox, frame: Callable[[], Frame]) -> None:
        """`frame` says what the view shows, in pixels."""
        self._frame = frame
        self._trajectory: Trajectory | None = None
        self._plane: Plane | None = None
        self._looks: list[LaneLook] = []
        self._highlighted: frozenset[int] = frozenset()
        self._step: int | None = None
        self.shift = STILL
        """How far the function has moved at the play-head, in the units of the axes."""
        self.moved_starts: dict[int, Point] = {}
        """Starts that are being dragged, where they are now."""
        self.optimum_way = OptimumWay(view)
        self.tracks = TracksItem(view)
        self.signs = SignsItem(view)

    def show_run(self, trajectory: Trajectory | None, plane: Plane | None) -> None:
        """Show another run, or another plane through it; dress the lanes first."""
        self._trajectory, self._plane = trajectory, plane
        self.tracks.show_run(trajectory, plane)

    def dress(
        self, trajectory: Trajectory, hidden: Collection[int], highlighted: frozenset[int]
    ) -> None:
        """Colours and visibility of the lanes of a run."""
        self._highlighted = highlighted
        self._looks = lane_looks(trajectory.plan, hidden, highlighted)
        self.tracks.set_looks(self._looks)

    def set_step(self, step: int | None) -> None:
        """Put the play-head on a step; None is the newest."""
        self._step = step

    def grow(self) -> None:
        """Draw what has been computed since."""
        if self._trajectory is not None:
            self.tracks.set_rows(self._trajectory.rows)

    def follow_step(self) -> None:
        """Draw the ways as far as the play-head."""
        trajectory = self._trajectory
        if trajectory is not None:
            row = self._row(trajectory)
            is_newest = row >= trajectory.rows - 1
            self.tracks.set_row(None if is_newest else row)

    def place_signs(self, pointed: Pointed | None, may_move: bool) -> None:
        """Put every sign where it belongs in the view as it is now."""
        frame, trajectory, plane = self._frame(), self._trajectory, self._plane
        self.follow_optimum()
        if trajectory is None or plane is None or frame.is_empty:
            self.signs.show_signs(())
            return
        starts = shown_starts(plane, trajectory)
        signs = [
            *minima_signs(plane, frame, self.shift),
            *start_signs(plane, frame, starts, self.moved_starts, may_move),
        ]
        if trajectory.rows and self._looks:
            signs += self._heads(plane, frame, trajectory)
            if pointed is not None:
                rows = pointed.rows(trajectory)
                signs += pointed_signs(plane, frame, trajectory, self._looks, rows)
        self.signs.show_signs(signs)

    def follow_optimum(self) -> None:
        """Take the function to where it is at the play-head, if it moves."""
        trajectory, plane = self._trajectory, self._plane
        if trajectory is None or plane is None or trajectory.offsets is None:
            self.shift, way = STILL, NO_WAY
        else:
            row, lane = self._row(trajectory), followed_lane(self._highlighted, self._looks)
            self.shift = shift_of(plane, trajectory, row, lane)
            way = way_of_optimum(plane, trajectory, row, lane)
        self.optimum_way.show_way(*way)

    def reading(self, position: QPointF) -> str:
        """The loss under the mouse."""
        frame, plane = self._frame(), self._plane
        if plane is None or frame.is_empty or not is_quick(plane.problem):
            return ""
        x, y = frame.value_at(position.x(), position.y())
        where = f"({readable(x)})" if plane.is_curve else f"({readable(x)}, {readable(y)})"
        loss = plane.loss_at(x - self.shift[0], y - self.shift[1])
        return f"f{where} = {readable(loss)}"

    def pointed_near(self, position: QPointF) -> Pointed | None:
        """The step of the visible way that passes nearest to the mouse."""
        row = self.tracks.nearest_row(position.x(), position.y(), _NEAR_A_WAY)
        if row is None or self._trajectory is None:
            return None
        return at_step(self._trajectory.step(row))

    def _row(self, trajectory: Trajectory) -> int:
        """Row of the play-head, or the newest one."""
        newest = max(trajectory.rows - 1, 0)
        return newest if self._step is None else min(trajectory.row_of(self._step), newest)

    def _heads(self, plane: Plane, frame: Frame, trajectory: Trajectory) -> list[Sign]:
        """Discs where the lanes are; arrows where they left, one beside the other."""
        signs: list[Sign] = []
        row = self._row(trajectory)
        for lane, sign in head_signs(plane, frame, trajectory, self._looks, row):
            if sign.kind != "arrow":
                signs.append(sign)
                continue
            left = self.tracks.departure(lane)
            arrow = replace(sign, x=left[0], y=left[1], angle=left[2]) if left else sign
            signs.append(set_apart(arrow, frame, [s for s in signs if s.kind == "arrow"]))
        return signs
