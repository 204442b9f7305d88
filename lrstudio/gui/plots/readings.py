"""What a plot reads at one step, per contender."""

from collections.abc import Collection, Sequence

import numpy as np

from lrstudio.engine import Plan
from lrstudio.gui.plots.crosshair import Reading
from lrstudio.gui.plots.decimation import Reals
from lrstudio.gui.plots.lane_looks import LaneLook
from lrstudio.gui.plots.numbers import NO_VALUE, readable


def readings(
    plan: Plan, looks: Sequence[LaneLook], values: Reals, highlighted: Collection[int]
) -> list[Reading]:
    """One reading per visible contender; several starts or seeds are told by their extent.

    Where lanes are highlighted, only they are read.
    """
    lanes_of: dict[int, list[int]] = {}
    for lane in plan.lanes:
        is_asked = not highlighted or lane.index in highlighted
        if looks[lane.index].is_visible and is_asked:
            lanes_of.setdefault(lane.contender, []).append(lane.index)
    contenders = plan.experiment.contenders
    return [
        Reading(looks[lanes[0]], contenders[index].name, _extent(values[lanes]))
        for index, lanes in sorted(lanes_of.items())
    ]


def _extent(values: Reals) -> str:
    finite = values[~np.isnan(values)]
    if not len(finite):
        return NO_VALUE
    low, high = readable(float(finite.min())), readable(float(finite.max()))
    return low if low == high else f"{low} … {high}"
