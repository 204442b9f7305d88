"""How a run is to be shown: what the figure builders are told besides the trajectory."""

from collections import Counter
from collections.abc import Collection

from msgspec import Struct

from lrstudio.core import describe
from lrstudio.engine import STEPS, Result, Trajectory, XAxis, results
from lrstudio.engine.planes import Plane, Range
from lrstudio.storage.contours import Relief
from lrstudio.storage.figure import Entry
from lrstudio.storage.palette import colour, dash

_LONGEST_NAME = 40


class View(Struct, frozen=True):
    """The choices of the person who looks: which contenders, which part, which theme.

    What is None is chosen by the builder. `step` is where the play-head stands, `plane` is what a
    landscape shows and `relief` the heights that are known of it, `lane` is whose decisions are
    shown.
    """

    contenders: Collection[int] | None = None
    x_axis: XAxis = STEPS
    x_range: Range | None = None
    y_range: Range | None = None
    is_log: bool | None = None
    step: int | None = None
    plane: Plane | None = None
    relief: Relief | None = None
    lane: int | None = None
    is_dark: bool = False
    size: tuple[int, int] | None = None


class Drawn(Struct, frozen=True):
    """One lane that is shown: its column, its result, how it is drawn."""

    lane: int
    result: Result
    colour: str
    dash: tuple[float, ...]
    width: float
    opacity: float

    @property
    def has_diverged(self) -> bool:
        """Whether the lane left the finite numbers or exploded."""
        return self.result.verdict.kind == "diverged"


def drawn_lanes(trajectory: Trajectory, view: View) -> tuple[Drawn, ...]:
    """The lanes that a view shows, in the order of the contenders; many are drawn finer."""
    shown = [
        r
        for r in results(trajectory)
        if view.contenders is None or r.contender_index in view.contenders
    ]
    lanes_of = Counter(r.contender_index for r in shown)
    return tuple(
        Drawn(
            lane=r.lane,
            result=r,
            colour=colour(r.contender.colour, view.is_dark),
            dash=dash(r.contender.colour),
            width=2.0 if lanes_of[r.contender_index] <= 3 else 1.2,
            opacity=1.0 if lanes_of[r.contender_index] <= 3 else 0.5,
        )
        for r in shown
    )


def legend(lanes: tuple[Drawn, ...], with_outcome: bool) -> tuple[Entry, ...]:
    """One entry per contender; what became of it, if wanted."""
    groups: dict[int, list[Drawn]] = {}
    for lane in lanes:
        groups.setdefault(lane.result.contender_index, []).append(lane)
    return tuple(_entry(group, with_outcome) for group in groups.values())


def titles(trajectory: Trajectory, remark: str = "") -> tuple[str, str]:
    """Title and subtitle: the experiment's title, its problem, and a remark."""
    experiment = trajectory.plan.experiment
    problem = describe(type(experiment.problem)).title
    parts = [problem if experiment.title else "", remark]
    return experiment.title or problem, ", ".join(filter(None, parts))


def _entry(group: list[Drawn], with_outcome: bool) -> Entry:
    first = group[0]
    name = first.result.contender.name
    label = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
    return Entry(label, first.colour, first.dash, _outcome(group) if with_outcome else "")


def _outcome(group: list[Drawn]) -> str:
    verdicts = [lane.result.verdict for lane in group]
    if len(group) == 1 and verdicts[0].step is not None:
        return f"{verdicts[0].kind} at {verdicts[0].step}"
    if len(group) == 1:
        return verdicts[0].kind
    kind, count = Counter(v.kind for v in verdicts).most_common(1)[0]
    return f"{count} of {len(group)} {kind}"
