"""The largest eigenvalues of the Hessian that were measured along a run."""

from collections.abc import Sequence

import numpy as np

from lrstudio.core.arrays import Array, Places
from lrstudio.engine.plan import Plan
from lrstudio.engine.stage import Measures


class CurvatureRecord:
    """Append-only, like the trajectory that it belongs to."""

    def __init__(self, plan: Plan) -> None:
        lanes = len(plan.lanes)
        self.rows = 0
        """How many rows of `values` are complete."""
        self.values: Array = np.empty((plan.curvature_rows, lanes))
        """Largest eigenvalues of the Hessian `(rows, lanes)`; NaN once a lane has diverged."""
        self.evaluations: Array = np.zeros(lanes)
        """Gradients that they took `(lanes,)`, which no rule has used."""
        self._every = plan.experiment.curvature_every or 1
        self._last_step = plan.experiment.steps

    def steps(self) -> Array:
        """Steps of the published rows."""
        return np.minimum(np.arange(self.rows) * self._every, self._last_step)

    def append(self, measures: Sequence[Measures], diverged_at: Places) -> None:
        """Take over what was measured; -1 stands for lanes that have not diverged."""
        for step, (values, evaluations) in measures:
            has_ended = (diverged_at >= 0) & (diverged_at <= step)
            self.values[self.rows] = np.where(has_ended, np.nan, values)
            self.evaluations += np.where(has_ended, 0, evaluations)
            self.rows += 1
