"""How each lane is drawn: the look of its contender, and whether it is shown or highlighted."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct
from PySide6.QtGui import QColor

from lrstudio.engine import Plan
from lrstudio.gui import theme
from lrstudio.gui.plots.strokes import Stroke
from lrstudio.storage import palette
from lrstudio.storage.palette import mixed

LINE_WIDTH = 1.7
HIGHLIGHTED_WIDTH = 2.8
_FEW_RUNS = 3
_FINER = 0.6
_HINTED = 0.45
_FADED = 0.3
"""How much of its colour a lane keeps while others are highlighted."""


class LaneLook(Struct, frozen=True):
    """Colour "#rrggbb" and dash pattern (in line widths) of one lane, and how it stands out."""

    colour: str
    dash: tuple[float, ...]
    is_visible: bool = True
    is_highlighted: bool = False
    is_faded: bool = False
    is_one_of_many: bool = False
    """Whether the contender has so many runs that each is drawn finer."""

    @property
    def faint_colour(self) -> str:
        """The colour of what is only hinted at: a way that is still to come."""
        return mixed(self.colour, theme.current().background, _HINTED)

    def stroke(self, ratio: float = 1.0) -> Stroke:
        """The line to draw on a screen with `ratio` device pixels per pixel."""
        width = HIGHLIGHTED_WIDTH if self.is_highlighted else LINE_WIDTH
        if self.is_one_of_many:
            width *= _FINER
        # Dashes keep their length when a line is highlighted: nothing else should move.
        dash = tuple(length * LINE_WIDTH / width for length in self.dash)
        return Stroke(QColor(self.colour), width * ratio, dash)


def lane_looks(
    plan: Plan, hidden_contenders: Iterable[int] = (), highlighted: Iterable[int] = ()
) -> list[LaneLook]:
    """Looks of all lanes of a plan in the current theme; `highlighted` are lanes.

    Those that are hidden do not make the others fade.
    """
    hidden = set(hidden_contenders)
    shown = {lane.index for lane in plan.lanes if lane.contender not in hidden}
    standing_out = shown.intersection(highlighted)
    runs = Counter(lane.contender for lane in plan.lanes)
    return [
        LaneLook(
            colour=_colour(plan.contender(lane).colour, lane.index, standing_out),
            dash=palette.dash(plan.contender(lane).colour),
            is_visible=lane.contender not in hidden,
            is_highlighted=lane.index in standing_out,
            is_faded=bool(standing_out) and lane.index not in standing_out,
            is_one_of_many=runs[lane.contender] > _FEW_RUNS,
        )
        for lane in plan.lanes
    ]


def _colour(slot: int, lane: int, standing_out: set[int]) -> str:
    colour = theme.colour_for(slot)
    if not standing_out or lane in standing_out:
        return colour
    return mixed(colour, theme.current().background, _FADED)
