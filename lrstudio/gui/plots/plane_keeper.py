"""Which plane a landscape shows of each run: the one that was chosen, and the same for a while.

A plane that follows from the runs would turn under the hand while a slider is dragged, and its
heights would have to be computed anew for every run. So it is kept, with the new runs projected
onto it, until `renewed` is asked for once nothing moves any more.
"""

from msgspec.structs import replace

from lrstudio.core import Problem
from lrstudio.engine import Trajectory
from lrstudio.engine.directions import Kind, default_kind, plane_of
from lrstudio.engine.planes import CoordinatePlane, DirectionPlane, Plane

_GROWN = 2
"""A plane of a run that still grows is renewed when there are so many times its rows."""


class PlaneKeeper:
    """Remembers the choice and the plane that was made of it."""

    def __init__(self) -> None:
        self._kind: Kind | None = None
        self._coordinates = (0, 1)
        self._seed = 0
        self._plane: Plane | None = None
        self._made_of: tuple[Trajectory, int] | None = None

    @property
    def kind(self) -> Kind:
        """The kind of the present plane."""
        if self._kind is not None or self._plane is None:
            return self._kind or "coordinates"
        return default_kind(self._plane.problem)

    @property
    def coordinates(self) -> tuple[int, int]:
        """The two coordinates that are, or would be, shown."""
        return self._coordinates

    def choose_kind(self, kind: Kind) -> None:
        """Another kind of plane."""
        self._kind, self._plane = kind, None

    def choose_coordinates(self, coordinates: tuple[int, int]) -> None:
        """Two other coordinates."""
        self._coordinates = coordinates
        self.choose_kind("coordinates")

    def draw_again(self) -> None:
        """Two other random directions."""
        self._seed += 1
        self.choose_kind("random")

    def plane(self, trajectory: Trajectory) -> Plane:
        """The plane on which a run is shown, the present one if it fits."""
        problem = trajectory.plan.experiment.problem
        if self._plane is None or not is_same_space(self._plane.problem, problem):
            self._forget_what_does_not_fit(problem)
            return self.renewed(trajectory)
        if self._plane.problem is not problem:
            # Equal planes of equal problems are equal: their picture is not drawn again.
            self._plane = replace(self._plane, problem=problem)
        return self._plane

    def renewed(self, trajectory: Trajectory) -> Plane:
        """The plane that the choice makes of a run as it is now."""
        problem = trajectory.plan.experiment.problem
        kind = self._kind or default_kind(problem)
        self._plane = plane_of(kind, trajectory, self._coordinates, self._seed)
        self._made_of = (trajectory, trajectory.rows)
        return self._plane

    def is_outdated(self, trajectory: Trajectory) -> bool:
        """Whether the plane would become another one if it was renewed."""
        if self._plane is None or not _follows_runs(self._plane) or self._made_of is None:
            return False
        of, rows = self._made_of
        return of is not trajectory or rows != trajectory.rows

    def has_outgrown(self, trajectory: Trajectory) -> bool:
        """Whether a run under way has become much longer than what the plane was made of."""
        if self._made_of is None or not self.is_outdated(trajectory):
            return False
        of, rows = self._made_of
        return of is trajectory and trajectory.rows >= _GROWN * max(rows, 8)

    def _forget_what_does_not_fit(self, problem: Problem) -> None:
        if self._plane is not None and type(self._plane.problem) is not type(problem):
            self._kind = None if problem.sampling or self._plane.problem.sampling else self._kind
        if max(self._coordinates) >= problem.dim:
            self._coordinates = (0, 1)


def _follows_runs(plane: Plane) -> bool:
    """Whether the plane, or the part of it that is worth looking at, depends on the runs."""
    return plane.is_slow or isinstance(plane, DirectionPlane) or plane.held is not None


def is_same_space(one: Problem, other: Problem) -> bool:
    """Whether the coordinates of two problems mean the same."""
    if one is other or one == other:
        return True
    if type(one) is not type(other) or one.layers != other.layers:
        return False
    return one.sampling is not None or one.view == other.view


def is_same_ground(one: Plane | None, other: Plane) -> bool:
    """Whether two planes go through the same space in the same way, whatever the heights are."""
    if isinstance(one, CoordinatePlane) and isinstance(other, CoordinatePlane):
        is_alike = is_same_space(one.problem, other.problem)
        return is_alike and (one.coordinates, one.held) == (other.coordinates, other.held)
    if isinstance(one, DirectionPlane) and isinstance(other, DirectionPlane):
        return one.directions is other.directions
    return False
