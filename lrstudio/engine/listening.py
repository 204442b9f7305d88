"""Schedules that listen to the loss: their factors are worked out step by step."""

import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.engine.plan import Plan


class Listeners:
    """The listening schedules of a plan, each with the lanes it steers."""

    def __init__(self, plan: Plan) -> None:
        self._factor = np.ones(len(plan.lanes))
        places: dict[int, list[int]] = {}
        for lane, row in enumerate(plan.rates.row_of):
            if plan.rates.schedules[row].listens:
                places.setdefault(int(row), []).append(lane)
        self._listeners = [
            (np.array(lanes), plan.rates.schedules[row].listener(len(lanes)))
            for row, lanes in places.items()
        ]

    def factor(self, loss: Array) -> Array:
        """Factors `(lanes,)` of the update that follows the loss `(lanes,)`."""
        for lanes, listener in self._listeners:
            if listener.acts == "same":
                listener.hear(loss[lanes])
            self._factor[lanes] = listener.factor
            if listener.acts == "next":
                listener.hear(loss[lanes])
        return self._factor
