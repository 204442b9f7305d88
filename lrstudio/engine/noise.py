"""Gradient noise, drawn per seed: equal seeds meet equal noise, whatever their neighbours."""

import numpy as np

from lrstudio.core.arrays import Array
from lrstudio.engine.plan import Plan


class Noise:
    """Gaussian noise for the gradients of all lanes, step after step."""

    def __init__(self, plan: Plan) -> None:
        self._scale = plan.experiment.noise
        self._dim = plan.dim
        seeds = [lane.seed for lane in plan.lanes]
        self._generators = {seed: np.random.default_rng(seed) for seed in dict.fromkeys(seeds)}
        places = {seed: place for place, seed in enumerate(self._generators)}
        self._place_of = np.array([places[seed] for seed in seeds])

    def draw(self, size: int) -> Array:
        """Noise `(size, dim, lanes)` of the next steps."""
        draws = [g.standard_normal((size, self._dim)) for g in self._generators.values()]
        return np.asarray(self._scale * np.stack(draws, axis=-1)[:, :, self._place_of])
